// The money that goes back, on the page of a payment and on that of its order.

import { queryOptions } from '@tanstack/react-query';
import { Undo2Icon } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, api, type Schemas } from '@/api/client';
import { useFormat } from '@/lib/format';
import { RecordDialog } from './record-form';
import { StateBadge } from './state-badge';
import { Button } from './ui/button';

type Payment = Schemas['Payment'];
type Refund = Schemas['Refund'];

/** The stream of events tells how a payment stands, but not how far a refund is. */
const REFUND_MS = 3_000;
const isMoving = ({ status }: Refund) => status === 'requested' || status === 'pending';

const refundsOf = (id: string) =>
  answer(api.GET('/api/v1/payments/{id}/refunds', { params: { path: { id } } })).then(({ items }) => items);
const whileMoving = (refunds: Refund[] | undefined) => (refunds?.some(isMoving) ? REFUND_MS : false);

/** A payment with its refunds, which is read again until they have ended. */
export const paymentQuery = (workspace: string, id: string) =>
  queryOptions({
    queryKey: [workspace, 'payment', id],
    queryFn: async () => {
      const [payment, refunds] = await Promise.all([
        answer(api.GET('/api/v1/payments/{id}', { params: { path: { id } } })),
        refundsOf(id),
      ]);
      return { payment, refunds };
    },
    refetchInterval: ({ state: { data } }) => whileMoving(data?.refunds),
  });

/** What an order was paid by, the newest first. */
export const orderPaymentsQuery = (workspace: string, order: string) =>
  queryOptions({
    queryKey: [workspace, 'payments', 'of-order', order],
    queryFn: async () => {
      const { items } = await answer(api.GET('/api/v1/payments', { params: { query: { order_id: order } } }));
      return Promise.all(items.map(async (payment) => ({ payment, refunds: await refundsOf(payment.id) })));
    },
    refetchInterval: ({ state: { data } }) => whileMoving(data?.flatMap(({ refunds }) => refunds)),
  });

export const currencyOf = (payment: Payment) => payment.received_currency ?? payment.currency;
export const leftOf = (payment: Payment) => payment.received_minor - payment.refunded_minor;

/** Gives all of the money back, or a part. */
export function RefundButton({ payment }: { payment: Payment }) {
  const { t } = useTranslation();
  const format = useFormat();
  const [isOpen, setOpen] = useState(false);
  const currency = currencyOf(payment);
  const left = leftOf(payment);
  if (left <= 0) return null;
  return (
    <>
      <Button variant="outline" onClick={() => setOpen(true)}>
        <Undo2Icon className="rtl:-scale-x-100" aria-hidden />
        {t('payments.refund')}
      </Button>
      <RecordDialog
        open={isOpen}
        onOpenChange={setOpen}
        title={t('payments.refundTitle')}
        hint={t('payments.refundText', { left: format.money(left, currency) })}
        action={t('payments.refund')}
        done={t('payments.refundAsked')}
        initial={{ amount: format.amount(left, currency) }}
        groups={[
          {
            fields: [
              {
                name: 'amount',
                label: `${t('payments.amount')} (${currency})`,
                kind: 'number',
                step: 'any',
                required: true,
                pointer: 'amount_minor',
              },
              { name: 'reason', label: t('payments.reason'), required: true },
              { name: 'sure', label: t('payments.sure'), kind: 'check' },
            ],
          },
        ]}
        check={(values) => {
          const minor = format.minor(values.amount ?? '', currency);
          if (!(minor > 0 && minor <= left))
            return { amount: t('payments.refundRule', { left: format.money(left, currency) }) };
          return values.sure ? undefined : { sure: t('payments.sureMissing') };
        }}
        save={(values) =>
          api.POST('/api/v1/payments/{id}/refunds', {
            params: { path: { id: payment.id } },
            body: { amount_minor: format.minor(values.amount ?? '', currency), reason: values.reason?.trim() ?? '' },
          })
        }
      />
    </>
  );
}

export function RefundList({ refunds }: { refunds: Refund[] }) {
  const format = useFormat();
  return (
    <ol className="grid gap-3">
      {refunds.map((one) => (
        <li key={one.id} className="border-s-2 ps-3 text-sm">
          <p className="flex flex-wrap items-center gap-2 font-medium">
            {format.money(one.amount_minor, one.currency)} <StateBadge state={one.status} />
          </p>
          <p className="text-muted-foreground">
            {format.moment(one.created_at)} · <bdi>{one.reason}</bdi>
          </p>
          {one.error && <p className="text-destructive-text">{one.error}</p>}
        </li>
      ))}
    </ol>
  );
}
