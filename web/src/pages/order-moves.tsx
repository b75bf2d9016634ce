// What a member does with an order: pack it, ship it, correct its tracking, deliver it, cancel it.

import { BanIcon, CheckIcon, PackageIcon, TruckIcon } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, type Schemas } from '@/api/client';
import { Confirm } from '@/components/confirm';
import { RecordDialog, type FormGroup, type Values } from '@/components/record-form';
import { EditButton } from '@/components/row-actions';
import { Button } from '@/components/ui/button';
import { useAct } from '@/lib/act';
import { useFormat } from '@/lib/format';

type Order = Schemas['Order'];
type Shipment = Schemas['Shipment'];

function useParcelFields(): FormGroup[] {
  const { t } = useTranslation();
  return [
    {
      fields: [
        { name: 'carrier', label: t('orders.carrier') },
        { name: 'tracking_number', label: t('orders.tracking'), dir: 'ltr' },
        { name: 'tracking_url', label: t('orders.trackingPage'), hint: t('orders.trackingPageHint'), kind: 'url' },
      ],
    },
  ];
}

const parcelOf = (values: Values): Schemas['NewShipment'] => ({
  carrier: values.carrier?.trim() || null,
  tracking_number: values.tracking_number?.trim() || null,
  tracking_url: values.tracking_url?.trim() || null,
});

function Ship({ order }: { order: Order }) {
  const { t } = useTranslation();
  const [isOpen, setOpen] = useState(false);
  const groups = useParcelFields();
  return (
    <>
      <Button variant={order.status === 'paid' ? 'outline' : 'default'} onClick={() => setOpen(true)}>
        <TruckIcon aria-hidden />
        {t('orders.ship')}
      </Button>
      <RecordDialog
        open={isOpen}
        onOpenChange={setOpen}
        title={t('orders.shipTitle')}
        hint={t('orders.shipText')}
        action={t('orders.ship')}
        done={t('common.done')}
        groups={groups}
        save={(values) =>
          api.POST('/api/v1/orders/{id}/ship', { params: { path: { id: order.id } }, body: parcelOf(values) })
        }
      />
    </>
  );
}

export function Moves({ order }: { order: Order }) {
  const { t } = useTranslation();
  const params = { path: { id: order.id } };
  const fulfil = useAct(() => api.POST('/api/v1/orders/{id}/fulfil', { params }), t('common.done'));
  const deliver = useAct(() => api.POST('/api/v1/orders/{id}/deliver', { params }), t('common.done'));
  const cancel = useAct(() => api.POST('/api/v1/orders/{id}/cancel', { params }), t('common.done'));
  return (
    <>
      {order.status === 'paid' && (
        <Button disabled={fulfil.isPending} onClick={() => fulfil.mutate(undefined)}>
          <PackageIcon aria-hidden />
          {t('orders.fulfil')}
        </Button>
      )}
      {(order.status === 'paid' || order.status === 'fulfilled') && <Ship order={order} />}
      {(order.status === 'fulfilled' || order.status === 'shipped') && (
        <Button
          variant={order.status === 'fulfilled' ? 'outline' : 'default'}
          disabled={deliver.isPending}
          onClick={() => deliver.mutate(undefined)}
        >
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

/** A parcel of an order, whose tracking can be corrected. */
export function Parcel({ order, shipment, maySave }: { order: Order; shipment: Shipment; maySave: boolean }) {
  const { t } = useTranslation();
  const format = useFormat();
  const [isOpen, setOpen] = useState(false);
  const groups = useParcelFields();
  const { carrier, tracking_number: number, tracking_url: url } = shipment;
  return (
    <span className="flex items-start justify-between gap-2">
      <span className="min-w-0">
        <bdi>{[carrier, number].filter(Boolean).join(' · ') || format.moment(shipment.shipped_at)}</bdi>
        {url && (
          <>
            {' '}
            <a
              href={url}
              target="_blank"
              rel="noreferrer"
              className="text-primary-text underline-offset-4 hover:underline"
            >
              {t('orders.track')}
            </a>
          </>
        )}
      </span>
      {maySave && <EditButton name={t('orders.shipment')} onClick={() => setOpen(true)} />}
      <RecordDialog
        open={isOpen}
        onOpenChange={setOpen}
        title={t('orders.trackingEdit')}
        hint={order.status === 'shipped' ? t('orders.trackingTold') : undefined}
        initial={{ carrier: carrier ?? '', tracking_number: number ?? '', tracking_url: url ?? '' }}
        groups={groups}
        save={(values) =>
          api.PUT('/api/v1/orders/{id}/shipments/{shipment_id}', {
            params: { path: { id: order.id, shipment_id: shipment.id } },
            body: parcelOf(values),
          })
        }
      />
    </span>
  );
}
