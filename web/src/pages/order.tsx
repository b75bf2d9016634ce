import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { PrinterIcon } from 'lucide-react';
import { lazy, Suspense, useCallback, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, api } from '@/api/client';
import { ContactName } from '@/components/contact-name';
import { Invoices } from '@/components/invoices';
import { Fact, Facts, PageHead } from '@/components/page';
import { StateBadge } from '@/components/state-badge';
import { Failed, Loading } from '@/components/states';
import { Button } from '@/components/ui/button';
import { Card, CardTitle } from '@/components/ui/card';
import { Table, TableCell, TableHead, TableRow } from '@/components/ui/table';
import { useFormat } from '@/lib/format';
import { useIs, useWorkspaceId } from '@/lib/queries';
import { Moves, Parcel } from './order-moves';
import { OrderPayments } from './order-payment';

const OrderSheet = lazy(() => import('./order-sheet'));

export function Order() {
  const { t } = useTranslation();
  const { id } = useParams({ from: '/app/orders/$id' });
  const workspace = useWorkspaceId();
  const format = useFormat();
  const maySave = useIs('agent');
  const [isPrinted, setPrinted] = useState(false);
  const printDone = useCallback(() => setPrinted(false), []);
  const query = useQuery({
    queryKey: [workspace, 'order', id],
    queryFn: () => answer(api.GET('/api/v1/orders/{id}', { params: { path: { id } } })),
  });
  if (query.isPending) return <Loading />;
  if (query.isError) return <Failed error={query.error} retry={() => void query.refetch()} />;
  const order = query.data;
  const moments = [
    ['created', order.created_at],
    ['paid', order.paid_at],
    ['fulfilled', order.fulfilled_at],
    ['shipped', order.shipped_at],
    ['delivered', order.delivered_at],
    ['ended', order.ended_at],
  ] as const;
  return (
    <>
      <PageHead
        title={t('orders.title', { number: order.number })}
        back={{ to: '/orders', label: t('nav.orders') }}
        badge={<StateBadge state={order.status} />}
      >
        {maySave && <Moves order={order} />}
        <Button variant="outline" disabled={isPrinted} onClick={() => setPrinted(true)}>
          <PrinterIcon aria-hidden />
          {t('orders.print')}
        </Button>
      </PageHead>
      {isPrinted && (
        <Suspense>
          <OrderSheet order={order} onDone={printDone} />
        </Suspense>
      )}
      {order.unreachable && (
        <p role="alert" className="mb-6 rounded-md border border-destructive p-4 text-sm text-destructive-text">
          {t('orders.unreachable', {
            why: t(`orders.why.${order.unreachable}`, { defaultValue: order.unreachable }),
          })}
        </p>
      )}
      <div className="grid items-start gap-6 xl:grid-cols-3">
        <div className="grid gap-6 xl:col-span-2">
          <Card>
            <CardTitle>{t('orders.items')}</CardTitle>
            <div className="-mx-4 overflow-x-auto">
              <Table>
                <thead className="border-b">
                  <tr>
                    <TableHead>{t('orders.product')}</TableHead>
                    <TableHead className="text-end">{t('orders.quantity')}</TableHead>
                    <TableHead className="text-end max-sm:hidden">{t('orders.unitPrice')}</TableHead>
                    <TableHead className="text-end">{t('orders.price')}</TableHead>
                  </tr>
                </thead>
                <tbody>
                  {order.items.map((item) => (
                    <TableRow key={item.product_id}>
                      <TableCell>
                        {item.name} <span className="text-muted-foreground">{item.sku}</span>
                      </TableCell>
                      <TableCell className="text-end tabular-nums">{format.number(item.quantity)}</TableCell>
                      <TableCell className="text-end tabular-nums max-sm:hidden">
                        {format.money(item.price_minor, order.currency)}
                      </TableCell>
                      <TableCell className="text-end tabular-nums">
                        {format.money(item.price_minor * item.quantity, order.currency)}
                      </TableCell>
                    </TableRow>
                  ))}
                </tbody>
                <tfoot>
                  <tr className="border-t font-semibold">
                    <TableCell colSpan={2}>{t('orders.total')}</TableCell>
                    <TableCell className="max-sm:hidden" />
                    <TableCell className="text-end tabular-nums">
                      {format.money(order.total_minor, order.currency)}
                    </TableCell>
                  </tr>
                </tfoot>
              </Table>
            </div>
          </Card>
          <OrderPayments id={id} />
          <Invoices about={{ order_id: id }} isPaid={Boolean(order.paid_at)} />
        </div>
        <Card>
          <CardTitle>{t('orders.about')}</CardTitle>
          <Facts>
            <Fact label={t('orders.contact')}>
              <ContactName id={order.contact_id} link />
            </Fact>
            {moments
              .filter(([, at]) => at)
              .map(([step, at]) => (
                <Fact key={step} label={t(`orders.steps.${step}`)}>
                  {format.moment(at)}
                </Fact>
              ))}
            {order.note && <Fact label={t('orders.note')}>{order.note}</Fact>}
            {order.shipments.map((one) => (
              <Fact key={one.id} label={t('orders.shipment')}>
                <Parcel order={order} shipment={one} maySave={maySave} />
              </Fact>
            ))}
          </Facts>
        </Card>
      </div>
    </>
  );
}
