import { lazy, Suspense, useMemo } from 'react';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { answer, api, type Schemas } from '@/api/client';
import { timeColumn } from '@/components/columns';
import { DataTable, type Column } from '@/components/data-table';
import { InvoiceActions, Reached } from '@/components/invoices';
import { PageHead } from '@/components/page';
import { Loading } from '@/components/states';
import { Tabs, useTab } from '@/components/tabs';
import { useFormat } from '@/lib/format';
import { useWorkspaceId } from '@/lib/queries';

const InvoiceSettings = lazy(() =>
  import('./invoices-settings').then((module) => ({ default: module.InvoiceSettings })),
);

type Invoice = Schemas['Invoice'];

const KINDS = ['invoice', 'receipt', 'credit_note'] as const;

function Documents() {
  const { t } = useTranslation();
  const workspace = useWorkspaceId();
  const format = useFormat();
  const columns = useMemo<Column<Invoice>[]>(
    () => [
      {
        id: 'number',
        header: t('invoices.number'),
        value: (one) => one.number,
        cell: (one) => <bdi className="font-medium whitespace-nowrap">{one.number}</bdi>,
      },
      {
        id: 'kind',
        header: t('invoices.kind'),
        value: (one) => one.kind,
        filter: {
          kind: 'choice',
          server: true,
          quick: true,
          all: t('invoices.allKinds'),
          options: KINDS.map((value) => ({ value, label: t(`invoices.kinds.${value}`) })),
        },
        cell: (one) => t(`invoices.kinds.${one.kind}`),
      },
      {
        id: 'contact',
        header: t('invoices.contact'),
        value: (one) => one.buyer_name,
        cell: (one) => (
          <Link to="/contacts/$id" params={{ id: one.contact_id }} className="text-primary-text hover:underline">
            <bdi>{one.buyer_name || t('invoices.nameless')}</bdi>
          </Link>
        ),
      },
      {
        id: 'total',
        header: t('invoices.total'),
        align: 'end',
        value: (one) => format.units(one.total_minor, one.currency),
        filter: { kind: 'number' },
        cell: (one) => format.money(one.total_minor, one.currency),
      },
      {
        id: 'reached',
        header: t('invoices.reached'),
        value: (one) => one.sent_at ?? one.unreachable,
        cell: (one) => <Reached invoice={one} />,
      },
      timeColumn('created', t('invoices.issuedAt'), format.moment, (one) => one.created_at),
      {
        id: 'actions',
        header: '',
        align: 'end',
        cell: (one) => (
          <span className="inline-flex">
            <InvoiceActions invoice={one} />
          </span>
        ),
      },
    ],
    [t, format],
  );
  return (
    <DataTable
      name="invoices"
      label={t('nav.invoices')}
      columns={columns}
      source={{
        key: [workspace, 'invoices', 'list'],
        load: ({ filters, q, limit, cursor }) => {
          const kind = KINDS.find((one) => one === filters.kind);
          return answer(api.GET('/api/v1/invoices', { params: { query: { kind, q: q || undefined, limit, cursor } } }));
        },
      }}
      rowId={(one) => one.id}
      searchLabel={t('invoices.search')}
      empty={{ title: t('invoices.none'), hint: t('invoices.noneHint') }}
    />
  );
}

const PARTS = { documents: <Documents />, settings: <InvoiceSettings /> };

export function Invoices() {
  const { t } = useTranslation();
  const tab = useTab(Object.keys(PARTS)) as keyof typeof PARTS;
  return (
    <>
      <PageHead title={t('nav.invoices')} />
      <Tabs label={t('nav.invoices')} tabs={Object.keys(PARTS).map((id) => ({ id, label: t(`invoices.${id}`) }))} />
      <Suspense fallback={<Loading />}>{PARTS[tab]}</Suspense>
    </>
  );
}
