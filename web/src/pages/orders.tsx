import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, api, type Schemas } from '@/api/client';
import { ContactName } from '@/components/contact-name';
import { DataTable, Filter, type Column } from '@/components/data-table';
import { PageHead } from '@/components/page';
import { StateBadge } from '@/components/state-badge';
import { useFormat } from '@/lib/format';
import { useListState } from '@/lib/list-state';
import { useWorkspaceId } from '@/lib/queries';

type Order = Schemas['Order'];

const STATES = [
  'pending_payment',
  'paid',
  'fulfilled',
  'shipped',
  'delivered',
  'cancelled',
  'expired',
  'refunded',
] as const;

export function Orders() {
  const { t } = useTranslation();
  const workspace = useWorkspaceId();
  const format = useFormat();
  const { search, size } = useListState();
  const status = STATES.find((one) => one === search.status);
  const number = search.q && /^#?\d{1,15}$/.test(search.q) ? Number(search.q.replace('#', '')) : undefined;
  const query = useQuery({
    queryKey: [workspace, 'orders', search, size],
    queryFn: () =>
      answer(api.GET('/api/v1/orders', { params: { query: { status, number, limit: size, cursor: search.cursor } } })),
    placeholderData: keepPreviousData,
  });
  const columns = useMemo<Column<Order>[]>(
    () => [
      { id: 'number', header: t('orders.number'), cell: (one) => <span className="font-medium">#{one.number}</span> },
      { id: 'contact', header: t('orders.contact'), cell: (one) => <ContactName id={one.contact_id} /> },
      { id: 'created', header: t('orders.date'), cell: (one) => format.moment(one.created_at) },
      { id: 'status', header: t('orders.state'), cell: (one) => <StateBadge state={one.status} /> },
      {
        id: 'items',
        header: t('orders.items'),
        cell: (one) => (
          <span className="line-clamp-1 max-w-xs">
            {one.items.map((item) => `${item.quantity} × ${item.name}`).join(', ')}
          </span>
        ),
      },
      {
        id: 'total',
        header: t('orders.total'),
        align: 'end',
        cell: (one) => format.money(one.total_minor, one.currency),
      },
    ],
    [t, format],
  );
  return (
    <>
      <PageHead title={t('nav.orders')} />
      <DataTable
        name="orders"
        label={t('nav.orders')}
        columns={columns}
        query={query}
        rowId={(one) => one.id}
        href={(one) => `/orders/${one.id}`}
        searchLabel={t('orders.search')}
        filters={
          <Filter
            by="status"
            label={t('orders.state')}
            all={t('orders.all')}
            options={STATES.map((one) => ({ value: one, label: t(`state.${one}`) }))}
          />
        }
        empty={{ title: t('orders.none'), hint: t('orders.noneHint') }}
      />
    </>
  );
}
