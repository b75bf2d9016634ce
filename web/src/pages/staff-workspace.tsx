import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { WalletIcon } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '@/api/client';
import { BudgetBadge } from '@/components/budget-badge';
import { Confirm } from '@/components/confirm';
import { Fact, Facts, PageHead } from '@/components/page';
import { RecordDialog } from '@/components/record-form';
import { StateBadge } from '@/components/state-badge';
import { Failed, Loading } from '@/components/states';
import { Button } from '@/components/ui/button';
import { Card, CardTitle } from '@/components/ui/card';
import { useAct } from '@/lib/act';
import { dayNames } from '@/lib/days';
import { useFormat } from '@/lib/format';
import { USD } from '@/lib/money';
import { platformWorkspaceQuery } from '@/lib/platform';
import { useWorkspaceId } from '@/lib/queries';

export function StaffWorkspace() {
  const { t, i18n } = useTranslation();
  const { id } = useParams({ from: '/app/staff/workspaces/$id' });
  const workspace = useWorkspaceId();
  const format = useFormat();
  const [isAsking, setAsking] = useState(false);
  const query = useQuery(platformWorkspaceQuery(workspace, id));
  const params = { path: { id } };
  const reactivate = useAct(() => api.POST('/api/v1/admin/workspaces/{id}/reactivate', { params }), t('common.done'));
  if (query.isPending) return <Loading />;
  if (query.isError) return <Failed error={query.error} retry={() => void query.refetch()} />;
  const one = query.data;
  const budget = one.ai_budget;
  const month = dayNames(i18n.language, { month: 'long', year: 'numeric' });
  return (
    <>
      <PageHead
        title={one.name}
        back={{ to: '/staff/workspaces', label: t('nav.staffWorkspaces') }}
        badge={<StateBadge state={one.status} />}
      >
        <Button asChild variant="outline">
          <Link to="/staff/workspaces/$id/credits" params={{ id }}>
            <WalletIcon aria-hidden />
            {t('platform.credits')}
          </Link>
        </Button>
        {one.status === 'active' && (
          <Button variant="outline" onClick={() => setAsking(true)}>
            {t('platform.suspend')}
          </Button>
        )}
        {one.status === 'suspended' && (
          <Confirm
            trigger={<Button>{t('platform.reactivate')}</Button>}
            title={t('platform.reactivateTitle', { name: one.name })}
            text={t('platform.reactivateText')}
            action={t('platform.reactivate')}
            onConfirm={() => reactivate.mutateAsync(undefined)}
          />
        )}
      </PageHead>
      <div className="grid items-start gap-6 xl:grid-cols-2">
        <Card aria-label={t('nav.workspace')}>
          <CardTitle>{t('nav.workspace')}</CardTitle>
          <Facts>
            <Fact label={t('nav.members')}>{format.number(one.members)}</Fact>
            <Fact label={t('settings.country')}>{format.country(one.country)}</Fact>
            <Fact label={t('settings.zone')}>{one.time_zone}</Fact>
            <Fact label={t('settings.currency')}>{one.currency}</Fact>
            <Fact label={t('platform.since')}>{format.moment(one.created_at)}</Fact>
            <Fact label={t('platform.channels')}>
              {t('platform.channelsAre', {
                active: format.number(one.channels_active),
                paused: format.number(one.channels_paused),
              })}
            </Fact>
            {one.suspended_at && (
              <>
                <Fact label={t('platform.suspendedSince')}>{format.moment(one.suspended_at)}</Fact>
                <Fact label={t('platform.reason')}>
                  <bdi>{one.suspended_reason}</bdi>
                </Fact>
              </>
            )}
            {one.deleted_at && <Fact label={t('platform.deletedAt')}>{format.moment(one.deleted_at)}</Fact>}
          </Facts>
        </Card>
        <Card aria-label={t('nav.usage')}>
          <CardTitle>
            {t('nav.usage')} · {month(one.usage.month)}
          </CardTitle>
          <Facts>
            <Fact label={t('usage.kinds.question')}>{format.number(one.usage.questions)}</Fact>
            <Fact label={t('usage.kinds.push')}>{format.number(one.usage.pushes)}</Fact>
            <Fact label={t('usage.amount')}>{format.exact(one.usage.amount_micro, USD)}</Fact>
            <Fact label={t('platform.spent')}>{format.exact(budget.spent_micro, USD)}</Fact>
            <Fact label={t('platform.limit')}>
              {budget.limit_micro == null ? (
                t('aiCosts.noLimit')
              ) : (
                <>
                  {format.micros(budget.limit_micro, USD)} <BudgetBadge state={budget.state} />
                </>
              )}
            </Fact>
          </Facts>
        </Card>
      </div>
      <RecordDialog
        open={isAsking}
        onOpenChange={setAsking}
        title={t('platform.suspendTitle', { name: one.name })}
        hint={t('platform.suspendText')}
        action={t('platform.suspend')}
        done={t('common.done')}
        groups={[
          {
            fields: [
              {
                name: 'reason',
                label: t('platform.reason'),
                hint: t('platform.reasonHint'),
                kind: 'area',
                required: true,
              },
            ],
          },
        ]}
        save={({ reason }) =>
          api.POST('/api/v1/admin/workspaces/{id}/suspend', { params, body: { reason: reason?.trim() ?? '' } })
        }
      />
    </>
  );
}
