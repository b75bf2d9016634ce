import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, api } from '@/api/client';
import { timeColumn } from '@/components/columns';
import { ContactName } from '@/components/contact-name';
import { DataTable, type Column } from '@/components/data-table';
import { ExpiringPoints } from '@/components/points';
import { Badge } from '@/components/ui/badge';
import { useFormat } from '@/lib/format';
import { tiersQuery, type PointsAccount } from '@/lib/loyalty';
import { useWorkspaceId } from '@/lib/queries';

const SORTS = ['balance', '-balance', 'lifetime', '-lifetime', 'changed_at', '-changed_at'] as const;

export function Accounts() {
  const { t } = useTranslation();
  const workspace = useWorkspaceId();
  const format = useFormat();
  const tiers = useQuery(tiersQuery(workspace)).data?.items;
  const columns = useMemo<Column<PointsAccount>[]>(
    () => [
      {
        id: 'contact',
        header: t('loyalty.contact'),
        cell: (one) => <ContactName id={one.contact_id} />,
      },
      {
        id: 'balance',
        header: t('loyalty.balance'),
        align: 'end',
        sort: 'balance',
        value: (one) => one.balance,
        cell: (one) => format.number(one.balance),
      },
      {
        id: 'tier',
        header: t('loyalty.tier'),
        value: (one) => one.tier?.name,
        filter: {
          kind: 'choice',
          server: true,
          quick: true,
          all: t('loyalty.allTiers'),
          of: (one) => (one.tier ? [one.tier.id] : []),
          options: (tiers ?? []).map((tier) => ({ value: tier.id, label: tier.name })),
        },
        cell: (one) => (one.tier ? <Badge>{one.tier.name}</Badge> : '–'),
      },
      {
        id: 'earned',
        header: t('loyalty.earned'),
        align: 'end',
        value: (one) => one.earned,
        cell: (one) => format.number(one.earned),
      },
      {
        id: 'lifetime',
        header: t('loyalty.lifetime'),
        align: 'end',
        sort: 'lifetime',
        value: (one) => one.lifetime,
        cell: (one) => format.number(one.lifetime),
      },
      {
        id: 'expiring',
        header: t('loyalty.expires'),
        hidden: true,
        value: (one) => one.expiring?.at,
        cell: (one) => (one.expiring ? <ExpiringPoints of={one.expiring} /> : '–'),
      },
      { ...timeColumn('changed', t('loyalty.changed'), format.moment, (one) => one.changed_at), sort: 'changed_at' },
    ],
    [t, format, tiers],
  );
  return (
    <DataTable
      name="loyalty-accounts"
      label={t('loyalty.accounts')}
      columns={columns}
      source={{
        key: [workspace, 'loyalty', 'accounts'],
        load: ({ q, sort: wanted, filters, limit, cursor }) => {
          const sort = SORTS.find((one) => one === wanted);
          const query = { q, sort, tier_id: filters.tier, limit, cursor };
          return answer(api.GET('/api/v1/loyalty/accounts', { params: { query } }));
        },
      }}
      rowId={(one) => one.contact_id}
      href={(one) => `/loyalty/accounts/${one.contact_id}`}
      searchLabel={t('loyalty.search')}
      empty={{ title: t('loyalty.accountsNone'), hint: t('loyalty.accountsNoneHint') }}
    />
  );
}
