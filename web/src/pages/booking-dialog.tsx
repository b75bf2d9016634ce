import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, api, asItIs, tagged, type Schemas } from '@/api/client';
import { Confirm } from '@/components/confirm';
import { ContactName } from '@/components/contact-name';
import { ContactPicker } from '@/components/contact-picker';
import { Field } from '@/components/field';
import { Fact, Facts } from '@/components/page';
import { StateBadge } from '@/components/state-badge';
import { useReason } from '@/components/states';
import { Button } from '@/components/ui/button';
import { Dialog, DialogContent, DialogFooter, DialogTitle } from '@/components/ui/dialog';
import { Input, NativeSelect } from '@/components/ui/input';
import { useAct } from '@/lib/act';
import { dayOf, inLanguage, useFormat } from '@/lib/format';
import { offeringsQuery, staffQuery, useIs, useWorkspaceId } from '@/lib/queries';

type Booking = Schemas['Booking'];

/** The parameters of a move. */
export function current(id: string) {
  return asItIs(() => tagged(api.GET('/api/v1/bookings/{id}', { params: { path: { id } } })), id);
}

function useMoves(id: string) {
  const { t } = useTranslation();
  const done = t('common.done');
  return {
    confirm: useAct(async () => api.POST('/api/v1/bookings/{id}/confirm', { params: await current(id) }), done),
    complete: useAct(async () => api.POST('/api/v1/bookings/{id}/complete', { params: await current(id) }), done),
    noShow: useAct(async () => api.POST('/api/v1/bookings/{id}/no-show', { params: await current(id) }), done),
    cancel: useAct(async () => api.POST('/api/v1/bookings/{id}/cancel', { params: await current(id) }), done),
  };
}

export function isOpen(booking: Booking) {
  return booking.status === 'booked' || booking.status === 'confirmed';
}

export function Moves({ booking }: { booking: Booking }) {
  const { t } = useTranslation();
  const { confirm, complete, noShow, cancel } = useMoves(booking.id);
  const maySave = useIs('agent');
  const hasBegun = Date.parse(booking.starts_at) <= Date.now();
  if (!maySave || !isOpen(booking)) return null;
  return (
    <div className="flex flex-wrap gap-2">
      {booking.status === 'booked' && !hasBegun && (
        <Button size="sm" variant="outline" disabled={confirm.isPending} onClick={() => confirm.mutate(undefined)}>
          {t('bookings.confirm')}
        </Button>
      )}
      {hasBegun && (
        <>
          <Button size="sm" disabled={complete.isPending} onClick={() => complete.mutate(undefined)}>
            {t('bookings.complete')}
          </Button>
          <Button size="sm" variant="outline" disabled={noShow.isPending} onClick={() => noShow.mutate(undefined)}>
            {t('bookings.noShow')}
          </Button>
        </>
      )}
      {!hasBegun && (
        <Confirm
          trigger={
            <Button size="sm" variant="outline">
              {t('bookings.cancel')}
            </Button>
          }
          title={t('bookings.cancelTitle')}
          text={t('bookings.cancelText')}
          action={t('bookings.cancel')}
          dismiss={t('common.back')}
          destructive
          onConfirm={() => cancel.mutateAsync(undefined)}
        />
      )}
    </div>
  );
}

interface Time {
  offering: string;
  staff: string;
  day: string;
  slot: string;
}

/** The free times of an offering on a day. */
function TimeFields({ time, onChange, fixed }: { time: Time; onChange: (time: Time) => void; fixed?: boolean }) {
  const { t, i18n } = useTranslation();
  const workspace = useWorkspaceId();
  const format = useFormat();
  const staff = useQuery(staffQuery(workspace)).data?.items;
  const offerings = useQuery(offeringsQuery(workspace)).data?.items;
  const offering = offerings?.find((one) => one.id === time.offering);
  const slots = useQuery({
    queryKey: [workspace, 'slots', time.offering, time.staff, time.day, format.zone],
    queryFn: () =>
      answer(
        api.GET('/api/v1/slots', {
          params: {
            query: {
              offering_id: time.offering,
              provider_id: time.staff || undefined,
              from: format.at(time.day, '00:00'),
              until: format.at(time.day, '23:59'),
            },
          },
        }),
      ),
    enabled: Boolean(time.offering && time.day),
  }).data?.items;
  const change = (patch: Partial<Time>) => onChange({ ...time, slot: '', ...patch });
  return (
    <>
      {!fixed && (
        <Field label={t('bookings.offering')}>
          <NativeSelect value={time.offering} onChange={(event) => change({ offering: event.target.value, staff: '' })}>
            <option value="">{t('campaigns.choose')}</option>
            {offerings
              ?.filter((one) => one.active)
              .map((one) => (
                <option key={one.id} value={one.id}>
                  {inLanguage(one.names, i18n.language)}
                </option>
              ))}
          </NativeSelect>
        </Field>
      )}
      <Field label={t('bookings.staff')}>
        <NativeSelect value={time.staff} onChange={(event) => change({ staff: event.target.value })}>
          <option value="">{t('bookings.anybody')}</option>
          {staff
            ?.filter((one) => one.active && (!offering || offering.provider_ids.includes(one.id)))
            .map((one) => (
              <option key={one.id} value={one.id}>
                {one.name}
              </option>
            ))}
        </NativeSelect>
      </Field>
      <div className="grid grid-cols-2 gap-4">
        <Field label={t('bookings.day')}>
          <Input type="date" value={time.day} onChange={(event) => change({ day: event.target.value })} />
        </Field>
        <Field label={t('bookings.time')} hint={slots?.length === 0 ? t('bookings.noTimes') : undefined}>
          <NativeSelect
            value={time.slot}
            disabled={!slots?.length}
            onChange={(event) => onChange({ ...time, slot: event.target.value })}
          >
            <option value="">{t('campaigns.choose')}</option>
            {slots?.map((slot) => (
              <option key={`${slot.starts_at} ${slot.provider_id}`} value={`${slot.starts_at} ${slot.provider_id}`}>
                {format.clock(slot.starts_at)} · {staff?.find((one) => one.id === slot.provider_id)?.name}
              </option>
            ))}
          </NativeSelect>
        </Field>
      </div>
    </>
  );
}

export function NewBooking({
  day,
  open,
  onOpenChange,
}: {
  day: string;
  open: boolean;
  onOpenChange: (open: boolean) => void;
}) {
  const { t } = useTranslation();
  return (
    <Dialog open={open} onOpenChange={onOpenChange}>
      <DialogContent aria-describedby="">
        <DialogTitle>{t('bookings.add')}</DialogTitle>
        <NewBookingForm day={day} onDone={() => onOpenChange(false)} />
      </DialogContent>
    </Dialog>
  );
}

function NewBookingForm({ day, onDone }: { day: string; onDone: () => void }) {
  const { t } = useTranslation();
  const reason = useReason();
  const [contact, setContact] = useState('');
  const [note, setNote] = useState('');
  const [time, setTime] = useState<Time>({ offering: '', staff: '', day, slot: '' });
  const [starts_at = '', provider_id = ''] = time.slot.split(' ');
  const make = useAct(
    () =>
      api.POST('/api/v1/bookings', {
        body: { contact_id: contact, offering_id: time.offering, provider_id, starts_at, note: note.trim() || null },
      }),
    t('bookings.made'),
  );
  return (
    <form
      className="grid gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        void make.mutateAsync(undefined).then(onDone, () => undefined);
      }}
    >
      <Field label={t('orders.contact')}>
        <ContactPicker value={contact} onChange={setContact} />
      </Field>
      <TimeFields time={time} onChange={setTime} />
      <Field label={t('orders.note')}>
        <Input value={note} onChange={(event) => setNote(event.target.value)} />
      </Field>
      {make.isError && (
        <p role="alert" className="text-sm text-destructive-text">
          {reason(make.error)}
        </p>
      )}
      <DialogFooter>
        <Button variant="outline" onClick={onDone}>
          {t('common.cancel')}
        </Button>
        <Button type="submit" disabled={!contact || !time.slot || make.isPending}>
          {t('bookings.add')}
        </Button>
      </DialogFooter>
    </form>
  );
}

/** What is known of a booking, what can be done with it, and another time for it without a mouse. */
export function BookingDialog({ booking, onClose }: { booking: Booking | null; onClose: () => void }) {
  return (
    <Dialog open={booking !== null} onOpenChange={(open) => !open && onClose()}>
      {booking && (
        <DialogContent aria-describedby="">
          <Inside booking={booking} onClose={onClose} />
        </DialogContent>
      )}
    </Dialog>
  );
}

function Inside({ booking, onClose }: { booking: Booking; onClose: () => void }) {
  const { t, i18n } = useTranslation();
  const workspace = useWorkspaceId();
  const format = useFormat();
  const maySave = useIs('agent');
  const staff = useQuery(staffQuery(workspace)).data?.items.find((one) => one.id === booking.provider_id);
  const offering = useQuery(offeringsQuery(workspace)).data?.items.find((one) => one.id === booking.offering_id);
  const [time, setTime] = useState<Time>({
    offering: booking.offering_id,
    staff: booking.provider_id,
    day: dayOf(new Date(booking.starts_at), format.zone),
    slot: '',
  });
  const [starts_at = '', provider_id = ''] = time.slot.split(' ');
  const move = useAct(
    async () =>
      api.POST('/api/v1/bookings/{id}/move', {
        params: await current(booking.id),
        body: { starts_at, provider_id },
      }),
    t('bookings.moved'),
  );
  return (
    <>
      <DialogTitle className="flex flex-wrap items-center gap-2">
        <ContactName id={booking.contact_id} link />
        <StateBadge state={booking.status} />
      </DialogTitle>
      <Facts>
        <Fact label={t('bookings.offering')}>{inLanguage(offering?.names, i18n.language) || '–'}</Fact>
        <Fact label={t('bookings.staff')}>{staff?.name ?? '–'}</Fact>
        <Fact label={t('bookings.time')}>
          {format.moment(booking.starts_at)} – {format.clock(booking.ends_at)}
        </Fact>
        <Fact label={t('orders.price')}>{format.money(booking.price_minor, booking.currency)}</Fact>
        <Fact label={t('bookings.reminded')}>{format.moment(booking.reminded_at)}</Fact>
        {booking.note && <Fact label={t('orders.note')}>{booking.note}</Fact>}
      </Facts>
      <Moves booking={booking} />
      {maySave && isOpen(booking) && (
        <form
          className="grid gap-4 rounded-md border p-3"
          onSubmit={(event) => {
            event.preventDefault();
            void move.mutateAsync(undefined).then(onClose, () => undefined);
          }}
        >
          <p className="text-sm font-semibold">{t('bookings.move')}</p>
          <TimeFields time={time} onChange={setTime} fixed />
          <Button type="submit" className="justify-self-end" disabled={!time.slot || move.isPending}>
            {t('bookings.move')}
          </Button>
        </form>
      )}
    </>
  );
}
