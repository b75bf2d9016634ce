// The books: each movement of money at Stripe has entries that add up to nothing.

import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, api, type Schemas } from '@/api/client';
import { timeColumn } from '@/components/columns';
import { DataTable, type Column } from '@/components/data-table';
import { Fact, Facts } from '@/components/page';
import { Failed } from '@/components/states';
import { Card, CardTitle } from '@/components/ui/card';
import { Skeleton } from '@/components/ui/skeleton';
import { useFormat } from '@/lib/format';
import { useWorkspaceId } from '@/lib/queries';

type Entry = Schemas['LedgerEntry'];

const ACCOUNTS = ['stripe', 'sales', 'refunds', 'fees', 'unmatched', 'bank', 'adjustments', 'exchange'] as const;

function Balances() {
  const { t } = useTranslation();
  const workspace = useWorkspaceId();
  const format = useFormat();
  const balances = useQuery({
    queryKey: [workspace, 'ledger-balances'],
    queryFn: () => answer(api.GET('/api/v1/ledger-balances')),
  });
  if (balances.data?.items.length === 0) return null;
  return (
    <Card className="mb-6">
      <CardTitle>{t('payments.balances')}</CardTitle>
      {balances.isError ? (
        <Failed error={balances.error} retry={() => void balances.refetch()} />
      ) : balances.isPending ? (
        <Skeleton className="h-16" />
      ) : (
        <>
          <Facts>
            {balances.data.items.map((one) => (
              <Fact
                key={`${one.account} ${one.currency}`}
                label={t(`payments.accounts.${one.account}`, { defaultValue: one.account })}
              >
                <bdi className="tabular-nums">{format.money(one.amount_minor, one.currency)}</bdi>
              </Fact>
            ))}
          </Facts>
          <p className="mt-4 text-xs text-muted-foreground">{t('payments.balancesHint')}</p>
        </>
      )}
    </Card>
  );
}

export function Books() {
  const { t } = useTranslation();
  const workspace = useWorkspaceId();
  const format = useFormat();
  const columns = useMemo<Column<Entry>[]>(
    () => [
      timeColumn('happened', t('payments.happened'), format.moment, (one) => one.happened_at),
      {
        id: 'account',
        header: t('payments.account'),
        value: (one) => one.account,
        filter: {
          kind: 'choice',
          server: true,
          quick: true,
          all: t('payments.accountsAll'),
          options: ACCOUNTS.map((value) => ({ value, label: t(`payments.accounts.${value}`) })),
        },
        cell: (one) => t(`payments.accounts.${one.account}`, { defaultValue: one.account }),
      },
      {
        id: 'kind',
        header: t('payments.kind'),
        value: (one) => one.kind,
        cell: (one) => t(`payments.movements.${one.kind}`, { defaultValue: one.kind.replaceAll('_', ' ') }),
      },
      {
        id: 'amount',
        header: t('payments.amount'),
        align: 'end',
        value: (one) => format.units(one.amount_minor, one.currency),
        filter: { kind: 'number' },
        cell: (one) => <bdi className="tabular-nums">{format.money(one.amount_minor, one.currency)}</bdi>,
      },
      {
        id: 'reference',
        header: t('payments.reference'),
        value: (one) => one.reference,
        filter: { kind: 'text' },
        cell: (one) =>
          one.payment_id ? (
            <Link to="/payments/$id" params={{ id: one.payment_id }} className="text-primary-text underline">
              <bdi dir="ltr">{one.reference}</bdi>
            </Link>
          ) : (
            <bdi dir="ltr">{one.reference}</bdi>
          ),
      },
    ],
    [t, format],
  );
  return (
    <>
      <Balances />
      <DataTable
        name="ledger-entries"
        label={t('payments.entries')}
        columns={columns}
        source={{
          key: [workspace, 'ledger-entries'],
          load: ({ filters, limit, cursor }) =>
            answer(
              api.GET('/api/v1/ledger-entries', { params: { query: { account: filters.account, limit, cursor } } }),
            ),
        }}
        rowId={(one) => `${one.transaction_id} ${one.account} ${one.currency}`}
        empty={{ title: t('payments.entriesNone'), hint: t('payments.entriesHint') }}
      />
    </>
  );
}
