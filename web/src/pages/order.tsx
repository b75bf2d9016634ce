import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { BanIcon, CheckIcon, PackageIcon, TruckIcon } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, api, type Schemas } from '@/api/client';
import { Confirm } from '@/components/confirm';
import { ContactName } from '@/components/contact-name';
import { Field } from '@/components/field';
import { Fact, Facts, PageHead } from '@/components/page';
import { StateBadge } from '@/components/state-badge';
import { Failed, Loading } from '@/components/states';
import { Button } from '@/components/ui/button';
import { Card, CardTitle } from '@/components/ui/card';
import { Input } from '@/components/ui/input';
import { Table, TableCell, TableHead, TableRow } from '@/components/ui/table';
import { useAct } from '@/lib/act';
import { useFormat } from '@/lib/format';
import { useIs, useWorkspaceId } from '@/lib/queries';

type Order = Schemas['Order'];

function Moves({ order }: { order: Order }) {
  const { t } = useTranslation();
  const params = { path: { id: order.id } };
  const [carrier, setCarrier] = useState('');
  const [tracking, setTracking] = useState('');
  const fulfil = useAct(() => api.POST('/api/v1/orders/{id}/fulfil', { params }), t('common.done'));
  const deliver = useAct(() => api.POST('/api/v1/orders/{id}/deliver', { params }), t('common.done'));
  const cancel = useAct(() => api.POST('/api/v1/orders/{id}/cancel', { params }), t('common.done'));
  const ship = useAct(
    () =>
      api.POST('/api/v1/orders/{id}/ship', {
        params,
        body: { carrier: carrier.trim() || null, tracking_number: tracking.trim() || null },
      }),
    t('common.done'),
  );
  return (
    <>
      {order.status === 'paid' && (
        <Button disabled={fulfil.isPending} onClick={() => fulfil.mutate(undefined)}>
          <PackageIcon aria-hidden />
          {t('orders.fulfil')}
        </Button>
      )}
      {(order.status === 'paid' || order.status === 'fulfilled') && (
        <Confirm
          trigger={
            <Button variant={order.status === 'paid' ? 'outline' : 'default'}>
              <TruckIcon aria-hidden />
              {t('orders.ship')}
            </Button>
          }
          title={t('orders.shipTitle')}
          text={t('orders.shipText')}
          action={t('orders.ship')}
          onConfirm={() => ship.mutateAsync(undefined)}
        >
          <Field label={t('orders.carrier')}>
            <Input value={carrier} onChange={(event) => setCarrier(event.target.value)} />
          </Field>
          <Field label={t('orders.tracking')}>
            <Input dir="ltr" value={tracking} onChange={(event) => setTracking(event.target.value)} />
          </Field>
        </Confirm>
      )}
      {order.status === 'shipped' && (
        <Button disabled={deliver.isPending} onClick={() => deliver.mutate(undefined)}>
          <CheckIcon aria-hidden />
          {t('orders.deliver')}
        </Button>
      )}
      {order.status === 'pending_payment' && (
        <Confirm
          trigger={
            <Button variant="outline">
              <BanIcon aria-hidden />
              {t('orders.cancel')}
            </Button>
          }
          title={t('orders.cancelTitle')}
          text={t('orders.cancelText')}
          action={t('orders.cancel')}
          dismiss={t('common.back')}
          destructive
          onConfirm={() => cancel.mutateAsync(undefined)}
        />
      )}
    </>
  );
}

export function Order() {
  const { t } = useTranslation();
  const { id } = useParams({ from: '/app/orders/$id' });
  const workspace = useWorkspaceId();
  const format = useFormat();
  const maySave = useIs('agent');
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
  ] as const;
  return (
    <>
      <PageHead
        title={t('orders.title', { number: order.number })}
        back={{ to: '/orders', label: t('nav.orders') }}
        badge={<StateBadge state={order.status} />}
      >
        {maySave && <Moves order={order} />}
      </PageHead>
      <div className="grid items-start gap-6 xl:grid-cols-3">
        <Card className="xl:col-span-2">
          <CardTitle>{t('orders.items')}</CardTitle>
          <div className="-mx-4 overflow-x-auto">
            <Table>
              <thead className="border-b">
                <tr>
                  <TableHead>{t('orders.product')}</TableHead>
                  <TableHead className="text-end">{t('orders.quantity')}</TableHead>
                  <TableHead className="text-end">{t('orders.price')}</TableHead>
                </tr>
              </thead>
              <tbody>
                {order.items.map((item) => (
                  <TableRow key={item.product_id}>
                    <TableCell>
                      {item.name} <span className="text-muted-foreground">{item.sku}</span>
                    </TableCell>
                    <TableCell className="text-end tabular-nums">{item.quantity}</TableCell>
                    <TableCell className="text-end tabular-nums">
                      {format.money(item.price_minor * item.quantity, order.currency)}
                    </TableCell>
                  </TableRow>
                ))}
              </tbody>
              <tfoot>
                <tr className="border-t font-semibold">
                  <TableCell colSpan={2}>{t('orders.total')}</TableCell>
                  <TableCell className="text-end tabular-nums">
                    {format.money(order.total_minor, order.currency)}
                  </TableCell>
                </tr>
              </tfoot>
            </Table>
          </div>
        </Card>
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
                {[one.carrier, one.tracking_number].filter(Boolean).join(' · ') || format.moment(one.shipped_at)}
              </Fact>
            ))}
          </Facts>
        </Card>
      </div>
    </>
  );
}
