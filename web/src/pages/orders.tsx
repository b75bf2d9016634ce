import { Link } from '@tanstack/react-router';
import { PlusIcon } from 'lucide-react';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, api, type Schemas } from '@/api/client';
import { statusColumn, timeColumn } from '@/components/columns';
import { ContactName } from '@/components/contact-name';
import { DataTable, type Column } from '@/components/data-table';
import { ExportButton } from '@/components/export-button';
import { PageHead } from '@/components/page';
import { Tabs, useTab } from '@/components/tabs';
import { Button } from '@/components/ui/button';
import { useFormat } from '@/lib/format';
import { useIs, useWorkspaceId } from '@/lib/queries';
import { Carts } from './carts';

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

function List() {
  const { t } = useTranslation();
  const workspace = useWorkspaceId();
  const format = useFormat();
  const columns = useMemo<Column<Order>[]>(
    () => [
      {
        id: 'number',
        header: t('orders.number'),
        value: (one) => one.number,
        filter: { kind: 'number' },
        cell: (one) => <span className="font-medium">#{one.number}</span>,
      },
      { id: 'contact', header: t('orders.contact'), cell: (one) => <ContactName id={one.contact_id} /> },
      timeColumn('created', t('orders.date'), format.moment, (one) => one.created_at),
      statusColumn(t, t('orders.state'), t('orders.all'), STATES),
      {
        id: 'items',
        header: t('orders.items'),
        value: (one) => one.items.map((item) => `${item.quantity} × ${item.name}`).join(', '),
        filter: { kind: 'text' },
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
        value: (one) => format.units(one.total_minor, one.currency),
        filter: { kind: 'number' },
        cell: (one) => format.money(one.total_minor, one.currency),
      },
    ],
    [t, format],
  );
  return (
    <DataTable
      name="orders"
      label={t('nav.orders')}
      columns={columns}
      source={{
        key: [workspace, 'orders'],
        load: ({ q, filters, limit, cursor }) => {
          const status = STATES.find((one) => one === filters.status);
          const number = q && /^#?\d{1,15}$/.test(q) ? Number(q.replace('#', '')) : undefined;
          return answer(api.GET('/api/v1/orders', { params: { query: { status, number, limit, cursor } } }));
        },
      }}
      rowId={(one) => one.id}
      href={(one) => `/orders/${one.id}`}
      searchLabel={t('orders.search')}
      empty={{ title: t('orders.none'), hint: t('orders.noneHint') }}
    />
  );
}

export function Orders() {
  const { t } = useTranslation();
  const tab = useTab(['orders', 'carts']);
  const maySave = useIs('agent');
  return (
    <>
      <PageHead title={t('nav.orders')}>
        {tab === 'orders' && (
          <ExportButton
            rows={(filters) => ({ kind: 'orders', status: STATES.find((one) => one === filters.status) })}
          />
        )}
        {maySave && (
          <Button asChild>
            <Link to="/orders/new">
              <PlusIcon aria-hidden />
              {t('orders.new')}
            </Link>
          </Button>
        )}
      </PageHead>
      <Tabs
        label={t('nav.orders')}
        tabs={[
          { id: 'orders', label: t('nav.orders') },
          { id: 'carts', label: t('carts.title') },
        ]}
      />
      {tab === 'carts' ? <Carts /> : <List />}
    </>
  );
}
