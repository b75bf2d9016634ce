// What contacts mean to buy, with how long they have not touched it.

import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, api, type Schemas } from '@/api/client';
import { statusColumn, timeColumn } from '@/components/columns';
import { ContactName } from '@/components/contact-name';
import { DataTable, type Column } from '@/components/data-table';
import { useFormat } from '@/lib/format';
import { useWorkspaceId } from '@/lib/queries';

type Cart = Schemas['Cart'];

const STATES = ['open', 'abandoned', 'ordered'] as const;
/** From here on an age is told in days. */
const HOURS = 48;
const HOUR_MS = 3_600_000;

export function Carts() {
  const { t, i18n } = useTranslation();
  const workspace = useWorkspaceId();
  const format = useFormat();
  const columns = useMemo<Column<Cart>[]>(() => {
    const ago = new Intl.RelativeTimeFormat(i18n.language, { numeric: 'auto' });
    const age = (at: string) => {
      const hours = Math.floor((Date.now() - Date.parse(at)) / HOUR_MS);
      return hours < HOURS ? ago.format(-hours, 'hour') : ago.format(-Math.floor(hours / 24), 'day');
    };
    const words = (one: Cart) => one.items.map((item) => `${item.quantity} × ${item.name || '–'}`).join(', ');
    return [
      { id: 'contact', header: t('orders.contact'), cell: (one) => <ContactName id={one.contact_id} /> },
      statusColumn<Cart>(t, t('orders.state'), t('carts.all'), STATES),
      {
        id: 'items',
        header: t('orders.items'),
        value: words,
        filter: { kind: 'text' },
        cell: (one) => <span className="line-clamp-1 max-w-xs">{words(one) || t('carts.empty')}</span>,
      },
      {
        id: 'value',
        header: t('carts.value'),
        align: 'end',
        value: (one) => format.units(one.total_minor, one.currency),
        filter: { kind: 'number' },
        cell: (one) => <span className="tabular-nums">{format.money(one.total_minor, one.currency)}</span>,
      },
      {
        id: 'changed',
        header: t('carts.changed'),
        value: (one) => one.updated_at,
        filter: { kind: 'day' },
        cell: (one) => <span title={format.moment(one.updated_at)}>{age(one.updated_at)}</span>,
      },
      timeColumn('begun', t('carts.begun'), format.moment, (one) => one.created_at, true),
    ];
  }, [t, i18n.language, format]);
  return (
    <DataTable
      name="carts"
      label={t('carts.title')}
      columns={columns}
      source={{
        key: [workspace, 'carts'],
        load: ({ filters, limit, cursor }) => {
          const status = STATES.find((one) => one === filters.status);
          return answer(api.GET('/api/v1/carts', { params: { query: { status, limit, cursor } } }));
        },
      }}
      rowId={(one) => one.id}
      href={(one) => `/orders/carts/${one.id}`}
      empty={{ title: t('carts.none'), hint: t('carts.noneHint') }}
    />
  );
}
