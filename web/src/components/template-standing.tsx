import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { answer, api, type Schemas } from '@/api/client';
import { useFormat } from '@/lib/format';
import { membersQuery, sameId, useIs, useWorkspaceId } from '@/lib/queries';
import { Fact, Facts } from './page';
import { StateBadge } from './state-badge';
import { Failed } from './states';
import { Card, CardTitle } from './ui/card';
import { Skeleton } from './ui/skeleton';

type Template = Schemas['Template'];

/** Where a template stands with Meta, and what that means. */
export function TemplateStanding({ template }: { template: Template }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { status, reason, paused_until: until, quality, edit, next_category: next } = template;
  const isOnItsWay = status === 'submitted' && template.external_id == null;
  return (
    <Card aria-label={t('templates.state')}>
      <div role="status" className="grid gap-2">
        <StateBadge state={status} />
        <p className="text-sm">{t(`templates.standing.${isOnItsWay ? 'sending' : status}`)}</p>
        {edit && <p className="text-sm">{t(`templates.edits.${edit}`)}</p>}
      </div>
      <div className="mt-4">
        <Facts>
          {reason && (
            <Fact label={t('templates.reason')}>
              <bdi>{t(`templates.reasons.${reason}`, { defaultValue: reason })}</bdi>
            </Fact>
          )}
          {until && <Fact label={t('templates.pausedUntil')}>{format.moment(until)}</Fact>}
          {template.external_id != null && (
            <Fact label={t('templates.quality')}>{t(`templates.qualities.${quality}`, { defaultValue: quality })}</Fact>
          )}
          {next && <Fact label={t('templates.nextCategory')}>{t(`templates.categories.${next}`)}</Fact>}
          <Fact label={t('common.created')}>{format.moment(template.created_at)}</Fact>
          <Fact label={t('templates.updated')}>{format.moment(template.updated_at)}</Fact>
        </Facts>
      </div>
    </Card>
  );
}

const statusOf = (fields: unknown) => (fields as { status?: string } | null)?.status;
const reasonOf = (fields: unknown) => (fields as { reason?: string | null } | null)?.reason;

/** How a template came to its status, for those who may read the audit log. */
export function TemplateHistory({ id }: { id: string }) {
  const { t } = useTranslation();
  const workspace = useWorkspaceId();
  const format = useFormat();
  const isAdmin = useIs('admin');
  const members = useQuery(membersQuery(workspace)).data?.items;
  const history = useQuery({
    queryKey: [workspace, 'template', id, 'history'],
    queryFn: () => answer(api.GET('/api/v1/audit-log', { params: { query: { subject_id: id, limit: 50 } } })),
    enabled: isAdmin,
  });
  if (!isAdmin) return null;
  return (
    <Card>
      <CardTitle>{t('templates.history')}</CardTitle>
      {history.isPending ? (
        <Skeleton className="h-20" />
      ) : history.isError ? (
        <Failed error={history.error} retry={() => void history.refetch()} />
      ) : (
        <ol className="grid gap-3">
          {history.data.items.map((one) => {
            const status = statusOf(one.after);
            const reason = reasonOf(one.after);
            const member = members?.find((each) => sameId(each.id, one.actor_id))?.name;
            return (
              <li key={one.id} className="grid gap-1 border-s-2 ps-3 text-sm">
                <span className="flex flex-wrap items-center gap-2">
                  {status ? <StateBadge state={status} /> : t('templates.changed')}
                  {reason && <bdi>{t(`templates.reasons.${reason}`, { defaultValue: reason })}</bdi>}
                </span>
                <span className="text-xs text-muted-foreground">
                  {format.moment(one.at)} ·{' '}
                  <bdi>{member ?? (one.actor_kind === 'system' ? 'Meta' : t(`audit.actors.${one.actor_kind}`))}</bdi>
                </span>
              </li>
            );
          })}
        </ol>
      )}
    </Card>
  );
}
