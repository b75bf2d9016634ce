// An order on paper, with who sells and who buys. It is no tax invoice: Kazi knows no taxes.

import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { Schemas } from '@/api/client';
import { Sheet } from '@/components/print-sheet';
import { orderPaymentsQuery } from '@/components/refunds';
import { useFormat } from '@/lib/format';
import { useWorkspace, useWorkspaceId } from '@/lib/queries';
import { cn } from '@/lib/utils';
import { contactQuery } from './contact-form';

type Order = Schemas['Order'];

const END = 'p-1.5 text-end tabular-nums';

export default function OrderSheet({ order, onDone }: { order: Order; onDone: () => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const seller = useWorkspace();
  const workspace = useWorkspaceId();
  const buyer = useQuery(contactQuery(workspace, order.contact_id));
  const payments = useQuery(orderPaymentsQuery(workspace, order.id));
  // Who may not see the one or the other gets the sheet without it.
  if (!seller || buyer.isPending || payments.isPending) return null;
  const title = t('orders.title', { number: order.number });
  const contact = buyer.data?.data;
  const money = (minor: number) => format.money(minor, order.currency);
  const sum = (of: 'received_minor' | 'refunded_minor') =>
    (payments.data ?? []).reduce((all, { payment }) => all + payment[of], 0);
  const [received, refunded] = [sum('received_minor'), sum('refunded_minor')];
  const totals = [
    [t('orders.total'), money(order.total_minor)],
    ...(received ? [[t('payments.received'), money(received)]] : []),
    ...(refunded ? [[t('payments.refunded'), money(refunded)]] : []),
  ];
  const facts = [
    [t('orders.steps.created'), format.moment(order.created_at)],
    ...(order.paid_at ? [[t('orders.steps.paid'), format.moment(order.paid_at)]] : []),
    [t('orders.state'), t(`state.${order.status}`)],
  ];
  return (
    <Sheet title={title} onDone={onDone}>
      <h1 className="mb-4 text-2xl font-bold">{title}</h1>
      <div className="mb-6 grid grid-cols-3 gap-6 text-xs">
        <section>
          <h2 className="mb-1 font-semibold">{t('orders.seller')}</h2>
          <p>
            <bdi>{seller.name}</bdi>
          </p>
          {seller.country && <p>{format.country(seller.country)}</p>}
        </section>
        <section>
          <h2 className="mb-1 font-semibold">{t('orders.buyer')}</h2>
          {[contact?.name, contact?.phone, contact?.email].filter(Boolean).map((one) => (
            <p key={one}>
              <bdi>{one}</bdi>
            </p>
          ))}
        </section>
        <dl>
          {facts.map(([label, value]) => (
            <div key={label}>
              <dt className="inline font-semibold">{label}: </dt>
              <dd className="inline">{value}</dd>
            </div>
          ))}
        </dl>
      </div>
      <table className="w-full border-collapse text-start text-xs">
        <thead>
          <tr>
            <th scope="col" className="p-1.5 text-start">
              {t('orders.product')}
            </th>
            <th scope="col" className={END}>
              {t('orders.quantity')}
            </th>
            <th scope="col" className={END}>
              {t('orders.unitPrice')}
            </th>
            <th scope="col" className={END}>
              {t('orders.price')}
            </th>
          </tr>
        </thead>
        <tbody>
          {order.items.map((item) => (
            <tr key={item.product_id}>
              <td className="p-1.5">
                <bdi>{item.name}</bdi> <bdi dir="ltr">{item.sku}</bdi>
              </td>
              <td className={END}>{format.number(item.quantity)}</td>
              <td className={END}>{money(item.price_minor)}</td>
              <td className={END}>{money(item.price_minor * item.quantity)}</td>
            </tr>
          ))}
        </tbody>
        <tfoot>
          {totals.map(([label, value], index) => (
            <tr key={label} className={cn(index === 0 && 'font-semibold')}>
              <td colSpan={3} className="p-1.5 text-end">
                {label}
              </td>
              <td className={END}>{value}</td>
            </tr>
          ))}
        </tfoot>
      </table>
      {order.note && (
        <p className="mt-4 text-xs" dir="auto">
          {t('orders.note')}: {order.note}
        </p>
      )}
      <p className="mt-4 text-xs">{t('orders.noTax')}</p>
    </Sheet>
  );
}
