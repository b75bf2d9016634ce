import { Link } from '@tanstack/react-router';
import { RefreshCwIcon } from 'lucide-react';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, api, type Schemas } from '@/api/client';
import { statusColumn, timeColumn } from '@/components/columns';
import { ContactName } from '@/components/contact-name';
import { DataTable, type Column } from '@/components/data-table';
import { ExportButton } from '@/components/export-button';
import { Fact, Facts, PageHead } from '@/components/page';
import { Tabs, useTab } from '@/components/tabs';
import { Badge } from '@/components/ui/badge';
import { Button } from '@/components/ui/button';
import { Dialog, DialogContent, DialogDescription, DialogTitle } from '@/components/ui/dialog';
import { useAct } from '@/lib/act';
import { useFormat } from '@/lib/format';
import { useIs, useWorkspaceId } from '@/lib/queries';
import { Books } from './payments-books';
import { Reconciliations } from './payments-compared';

type Payment = Schemas['Payment'];
type Difference = Schemas['PaymentDifference'];

const STATES = [
  'requested',
  'open',
  'processing',
  'paid',
  'refunded',
  'mismatched',
  'expired',
  'failed',
  'withdrawn',
] as const;

const CAUSES = [
  'webhook_lost',
  'behind',
  'amount_differs',
  'currency_differs',
  'unknown_session',
  'paid_after_end',
  'paid_twice',
  'missing_at_stripe',
  'charge_without_payment',
  'ledger_differs',
  'refund_elsewhere',
  'refund_failed',
  'disputed',
] as const;

const LIVE_MS = 10_000;

function Received() {
  const { t } = useTranslation();
  const workspace = useWorkspaceId();
  const format = useFormat();
  const columns = useMemo<Column<Payment>[]>(
    () => [
      timeColumn('created', t('payments.created'), format.moment, (one) => one.created_at),
      {
        id: 'contact',
        header: t('payments.contact'),
        cell: (one) => <ContactName id={one.contact_id} />,
      },
      {
        id: 'description',
        header: t('payments.description'),
        value: (one) => one.description,
        filter: { kind: 'text' },
        cell: (one) => <span className="line-clamp-1 max-w-xs">{one.description}</span>,
      },
      {
        id: 'kind',
        header: t('payments.kind'),
        hidden: true,
        value: (one) => one.subject_kind,
        filter: {
          kind: 'choice',
          options: ['order', 'subscription'].map((one) => ({ value: one, label: t(`payments.kinds.${one}`) })),
        },
        cell: (one) => t(`payments.kinds.${one.subject_kind}`, { defaultValue: one.subject_kind }),
      },
      statusColumn(t, t('common.state'), t('payments.all'), STATES),
      {
        id: 'amount',
        header: t('payments.amount'),
        align: 'end',
        value: (one) => format.units(one.amount_minor, one.currency),
        filter: { kind: 'number' },
        cell: (one) => format.money(one.amount_minor, one.currency),
      },
      {
        id: 'received',
        header: t('payments.received'),
        align: 'end',
        hidden: true,
        value: (one) => format.units(one.received_minor, one.received_currency ?? one.currency),
        cell: (one) => format.money(one.received_minor, one.received_currency ?? one.currency),
      },
      {
        id: 'refunded',
        header: t('payments.refunded'),
        align: 'end',
        hidden: true,
        value: (one) => format.units(one.refunded_minor, one.currency),
        cell: (one) => format.money(one.refunded_minor, one.currency),
      },
      timeColumn('paid', t('payments.paidAt'), format.moment, (one) => one.paid_at, true),
    ],
    [t, format],
  );
  return (
    <DataTable
      name="payments"
      label={t('nav.payments')}
      columns={columns}
      source={{
        key: [workspace, 'payments'],
        load: ({ filters, limit, cursor }) => {
          const status = STATES.find((one) => one === filters.status);
          return answer(api.GET('/api/v1/payments', { params: { query: { status, limit, cursor } } }));
        },
      }}
      rowId={(one) => one.id}
      href={(one) => `/payments/${one.id}`}
      empty={{ title: t('payments.none'), hint: t('payments.noneHint') }}
    />
  );
}

function Differences() {
  const { t } = useTranslation();
  const workspace = useWorkspaceId();
  const format = useFormat();
  const [shown, setShown] = useState<Difference | null>(null);
  const causeOf = (cause: string) => t(`payments.causes.${cause}`, { defaultValue: cause.replaceAll('_', ' ') });
  const columns = useMemo<Column<Difference>[]>(
    () => [
      timeColumn('found', t('payments.found'), format.moment, (one) => one.found_at),
      {
        id: 'cause',
        header: t('payments.cause'),
        value: (one) => one.cause,
        filter: {
          kind: 'choice',
          quick: true,
          all: t('payments.causesAll'),
          options: CAUSES.map((one) => ({ value: one, label: t(`payments.causes.${one}`) })),
        },
        cell: (one) => <span className="font-medium">{causeOf(one.cause)}</span>,
      },
      {
        id: 'state',
        header: t('common.state'),
        value: (one) => (one.repaired ? 'repaired' : 'open'),
        filter: {
          kind: 'choice',
          server: true,
          quick: true,
          all: t('payments.differencesAll'),
          options: [{ value: 'open', label: t('payments.needsYou') }],
        },
        cell: (one) =>
          one.repaired ? (
            <Badge tone="good">{t('payments.repaired')}</Badge>
          ) : (
            <Badge tone="bad">{t('payments.needsYou')}</Badge>
          ),
      },
      {
        id: 'reference',
        header: t('payments.reference'),
        value: (one) => one.reference,
        filter: { kind: 'text' },
        cell: (one) => (
          <bdi dir="ltr" className="font-mono text-xs break-all">
            {one.reference}
          </bdi>
        ),
      },
      {
        id: 'seen',
        header: t('payments.seen'),
        hidden: true,
        value: (one) => one.seen_at,
        cell: (one) => format.moment(one.seen_at),
      },
    ],
    [t, format],
  );
  return (
    <>
      <DataTable
        name="differences"
        label={t('payments.differences')}
        columns={columns}
        source={{
          key: [workspace, 'differences'],
          every: LIVE_MS,
          load: ({ filters, limit, cursor }) =>
            answer(
              api.GET('/api/v1/payment-differences', {
                params: { query: { open: filters.state === 'open' || undefined, limit, cursor } },
              }),
            ),
        }}
        rowId={(one) => one.id}
        onRow={setShown}
        empty={{ title: t('payments.differencesNone'), hint: t('payments.differencesHint') }}
      />
      <Dialog open={shown !== null} onOpenChange={(open) => !open && setShown(null)}>
        {shown && (
          <DialogContent>
            <DialogTitle>{causeOf(shown.cause)}</DialogTitle>
            <DialogDescription>
              {shown.repaired ? t('payments.repairedText') : t('payments.needsYouText')}
            </DialogDescription>
            <Facts>
              <Fact label={t('payments.reference')}>
                <bdi dir="ltr" className="break-all">
                  {shown.reference}
                </bdi>
              </Fact>
              <Fact label={t('payments.found')}>{format.moment(shown.found_at)}</Fact>
              <Fact label={t('payments.seen')}>{format.moment(shown.seen_at)}</Fact>
              {Object.entries(shown.detail).map(([key, value]) => (
                <Fact key={key} label={key.replaceAll('_', ' ')}>
                  <bdi className="break-all">{typeof value === 'object' ? JSON.stringify(value) : String(value)}</bdi>
                </Fact>
              ))}
            </Facts>
            {shown.payment_id && (
              <Button asChild variant="outline">
                <Link to="/payments/$id" params={{ id: shown.payment_id }}>
                  {t('payments.open')}
                </Link>
              </Button>
            )}
          </DialogContent>
        )}
      </Dialog>
    </>
  );
}

export function Payments() {
  const { t } = useTranslation();
  const tab = useTab(['payments', 'differences', 'reconciliations', 'books']);
  const mayCompare = useIs('admin');
  const compare = useAct(() => api.POST('/api/v1/reconciliations'), t('payments.comparing'));
  return (
    <>
      <PageHead title={t('nav.payments')}>
        {tab === 'payments' && (
          <ExportButton
            rows={(filters) => ({ kind: 'payments', status: STATES.find((one) => one === filters.status) })}
          />
        )}
        {mayCompare && (
          <Button variant="outline" disabled={compare.isPending} onClick={() => compare.mutate(undefined)}>
            <RefreshCwIcon aria-hidden />
            {t('payments.compare')}
          </Button>
        )}
      </PageHead>
      <Tabs
        label={t('nav.payments')}
        tabs={[
          { id: 'payments', label: t('nav.payments') },
          { id: 'differences', label: t('payments.differences') },
          { id: 'reconciliations', label: t('payments.reconciliations') },
          { id: 'books', label: t('payments.books') },
        ]}
      />
      {tab === 'payments' && <Received />}
      {tab === 'differences' && <Differences />}
      {tab === 'reconciliations' && <Reconciliations />}
      {tab === 'books' && <Books />}
    </>
  );
}
