// The comparisons with Stripe, and what each of them has found.

import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, api, LARGEST, type Schemas } from '@/api/client';
import { timeColumn } from '@/components/columns';
import { DataTable, type Column } from '@/components/data-table';
import { Fact, Facts } from '@/components/page';
import { StateBadge } from '@/components/state-badge';
import { Failed } from '@/components/states';
import { Badge } from '@/components/ui/badge';
import { Dialog, DialogContent, DialogTitle } from '@/components/ui/dialog';
import { Skeleton } from '@/components/ui/skeleton';
import { useFormat } from '@/lib/format';
import { useWorkspaceId } from '@/lib/queries';

type Reconciliation = Schemas['Reconciliation'];

const LIVE_MS = 10_000;
const COUNTED = ['events', 'sessions', 'transactions', 'differences', 'repaired'] as const;

function One({ id }: { id: string }) {
  const { t } = useTranslation();
  const workspace = useWorkspaceId();
  const format = useFormat();
  const query = useQuery({
    queryKey: [workspace, 'reconciliation', id],
    queryFn: async () => {
      const [one, found] = await Promise.all([
        answer(api.GET('/api/v1/reconciliations/{id}', { params: { path: { id } } })),
        answer(
          api.GET('/api/v1/payment-differences', { params: { query: { reconciliation_id: id, limit: LARGEST } } }),
        ),
      ]);
      return { one, found };
    },
    refetchInterval: ({ state: { data } }) => (data?.one.status === 'running' ? LIVE_MS : false),
  });
  if (query.isError)
    return (
      <>
        <DialogTitle>{t('payments.comparison')}</DialogTitle>
        <Failed error={query.error} retry={() => void query.refetch()} />
      </>
    );
  if (query.isPending)
    return (
      <>
        <DialogTitle>{t('payments.comparison')}</DialogTitle>
        <Skeleton className="h-40" />
      </>
    );
  const { one, found } = query.data;
  return (
    <>
      <DialogTitle className="flex flex-wrap items-center gap-3">
        {t('payments.comparison')} <StateBadge state={one.status} />
      </DialogTitle>
      {one.error && (
        <p role="alert" className="text-sm text-destructive-text">
          {one.error}
        </p>
      )}
      <Facts>
        <Fact label={t('payments.started')}>{format.precise(one.started_at)}</Fact>
        <Fact label={t('payments.finished')}>{format.precise(one.finished_at)}</Fact>
        <Fact label={t('payments.span')}>
          {format.moment(one.from_at)} – {format.moment(one.until_at)}
        </Fact>
        {COUNTED.map((name) => (
          <Fact key={name} label={t(`payments.${name}Read`)}>
            {format.number(one[name])}
          </Fact>
        ))}
      </Facts>
      <h3 className="text-sm font-semibold">{t('payments.firstFound')}</h3>
      {found.items.length === 0 ? (
        <p className="text-sm text-muted-foreground">{t('payments.differencesNone')}</p>
      ) : (
        <ul className="divide-y">
          {found.items.map((each) => (
            <li key={each.id} className="flex flex-wrap items-center justify-between gap-2 py-2 text-sm">
              <span className="min-w-0">
                <span className="font-medium">
                  {t(`payments.causes.${each.cause}`, { defaultValue: each.cause.replaceAll('_', ' ') })}
                </span>{' '}
                {each.payment_id ? (
                  <Link to="/payments/$id" params={{ id: each.payment_id }} className="text-primary-text underline">
                    <bdi dir="ltr" className="break-all">
                      {each.reference}
                    </bdi>
                  </Link>
                ) : (
                  <bdi dir="ltr" className="break-all">
                    {each.reference}
                  </bdi>
                )}
              </span>
              <Badge tone={each.repaired ? 'good' : 'bad'}>
                {each.repaired ? t('payments.repaired') : t('payments.needsYou')}
              </Badge>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

export function Reconciliations() {
  const { t } = useTranslation();
  const workspace = useWorkspaceId();
  const format = useFormat();
  const [shown, setShown] = useState<string | null>(null);
  const columns = useMemo<Column<Reconciliation>[]>(() => {
    const count = (id: (typeof COUNTED)[number]) => ({
      id,
      header: t(`payments.${id}Read`),
      align: 'end' as const,
      value: (one: Reconciliation) => one[id],
      cell: (one: Reconciliation) => format.number(one[id]),
    });
    return [
      timeColumn('started', t('payments.started'), format.moment, (one) => one.started_at),
      {
        id: 'status',
        header: t('common.state'),
        value: (one) => one.status,
        cell: (one) => <StateBadge state={one.status} />,
      },
      {
        id: 'span',
        header: t('payments.span'),
        cell: (one) => `${format.moment(one.from_at)} – ${format.moment(one.until_at)}`,
      },
      count('differences'),
      count('repaired'),
      { ...count('events'), hidden: true },
      { ...count('sessions'), hidden: true },
      { ...count('transactions'), hidden: true },
      {
        id: 'error',
        header: t('payments.error'),
        hidden: true,
        value: (one) => one.error,
        cell: (one) => one.error ?? '–',
      },
    ];
  }, [t, format]);
  return (
    <>
      <DataTable
        name="reconciliations"
        label={t('payments.reconciliations')}
        columns={columns}
        source={{
          key: [workspace, 'reconciliations'],
          every: LIVE_MS,
          load: ({ limit, cursor }) =>
            answer(api.GET('/api/v1/reconciliations', { params: { query: { limit, cursor } } })),
        }}
        rowId={(one) => one.id}
        onRow={(one) => setShown(one.id)}
        empty={{ title: t('payments.reconciliationsNone'), hint: t('payments.reconciliationsHint') }}
      />
      <Dialog open={shown !== null} onOpenChange={(open) => !open && setShown(null)}>
        {shown && (
          <DialogContent aria-describedby={undefined}>
            <One id={shown} />
          </DialogContent>
        )}
      </Dialog>
    </>
  );
}
