import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { api } from '@/api/client';
import { Confirm } from '@/components/confirm';
import { Fact, Facts, PageHead } from '@/components/page';
import { StateBadge } from '@/components/state-badge';
import { Failed, Loading } from '@/components/states';
import { Badge } from '@/components/ui/badge';
import { Button } from '@/components/ui/button';
import { Card, CardTitle } from '@/components/ui/card';
import { useAct } from '@/lib/act';
import { useFormat } from '@/lib/format';
import { platformUserQuery } from '@/lib/platform';
import { useWorkspaceId } from '@/lib/queries';
import { languageName } from '@/lib/texts';
import { stateOf } from './staff-users';

export function StaffUser() {
  const { t } = useTranslation();
  const { id } = useParams({ from: '/app/staff/users/$id' });
  const workspace = useWorkspaceId();
  const format = useFormat();
  const query = useQuery(platformUserQuery(workspace, id));
  const params = { path: { id } };
  const disable = useAct(() => api.POST('/api/v1/admin/users/{id}/disable', { params }), t('common.done'));
  const enable = useAct(() => api.POST('/api/v1/admin/users/{id}/enable', { params }), t('common.done'));
  if (query.isPending) return <Loading />;
  if (query.isError) return <Failed error={query.error} retry={() => void query.refetch()} />;
  const user = query.data;
  const isOut = Boolean(user.disabled_at);
  return (
    <>
      <PageHead
        title={user.name || user.email}
        back={{ to: '/staff/users', label: t('nav.staffUsers') }}
        badge={<StateBadge state={stateOf(user)} />}
      >
        {/* Only the command line changes the staff. */}
        {!user.is_staff && (
          <Confirm
            trigger={
              <Button variant={isOut ? 'default' : 'outline'}>
                {t(isOut ? 'platform.enable' : 'platform.disable')}
              </Button>
            }
            title={t(isOut ? 'platform.enableTitle' : 'platform.disableTitle', { name: user.email })}
            text={t(isOut ? 'platform.enableText' : 'platform.disableText')}
            action={t(isOut ? 'platform.enable' : 'platform.disable')}
            destructive={!isOut}
            onConfirm={() => (isOut ? enable : disable).mutateAsync(undefined)}
          />
        )}
      </PageHead>
      <div className="grid items-start gap-6 xl:grid-cols-2">
        <Card aria-label={t('platform.account')}>
          <CardTitle className="flex items-center gap-2">
            {t('platform.account')}
            {user.is_staff && <Badge tone="busy">{t('platform.staff')}</Badge>}
          </CardTitle>
          <Facts>
            <Fact label={t('platform.email')}>
              <bdi dir="ltr" className="break-all">
                {user.email}
              </bdi>
            </Fact>
            <Fact label={t('platform.emailProven')}>{format.moment(user.email_verified_at)}</Fact>
            <Fact label={t('platform.phone')}>
              <bdi dir="ltr">{user.phone ?? '–'}</bdi>
            </Fact>
            <Fact label={t('common.language')}>{languageName(user.locale)}</Fact>
            <Fact label={t('platform.secondFactor')}>{t(user.totp ? 'common.yes' : 'common.no')}</Fact>
            <Fact label={t('platform.since')}>{format.moment(user.created_at)}</Fact>
            {isOut && <Fact label={t('platform.outSince')}>{format.moment(user.disabled_at)}</Fact>}
          </Facts>
        </Card>
        <Card aria-label={t('nav.staffWorkspaces')}>
          <CardTitle>{t('nav.staffWorkspaces')}</CardTitle>
          {user.workspaces.length === 0 ? (
            <p className="text-sm text-muted-foreground">{t('platform.inNone')}</p>
          ) : (
            <ul className="divide-y">
              {user.workspaces.map((one) => (
                <li key={one.workspace_id} className="flex flex-wrap items-center gap-3 py-2.5 text-sm">
                  <Link
                    to="/staff/workspaces/$id"
                    params={{ id: one.workspace_id }}
                    className="min-w-0 grow font-medium text-primary-text hover:underline"
                  >
                    <bdi>{one.name}</bdi>
                  </Link>
                  {one.deleted_at && <StateBadge state="deleted" />}
                  <Badge>{t(`role.${one.role}`)}</Badge>
                </li>
              ))}
            </ul>
          )}
        </Card>
      </div>
    </>
  );
}
