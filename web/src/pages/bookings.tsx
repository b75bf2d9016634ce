import { useQuery } from '@tanstack/react-query';
import { ChevronLeftIcon, ChevronRightIcon } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { answer, api, tagged, type Schemas } from '@/api/client';
import { Confirm } from '@/components/confirm';
import { ContactName } from '@/components/contact-name';
import { PageHead } from '@/components/page';
import { StateBadge } from '@/components/state-badge';
import { Empty, Failed, Loading } from '@/components/states';
import { Button } from '@/components/ui/button';
import { Card } from '@/components/ui/card';
import { Input } from '@/components/ui/input';
import { useAct } from '@/lib/act';
import { dayOf, inLanguage, momentOf, useFormat } from '@/lib/format';
import { useListState } from '@/lib/list-state';
import { offeringsQuery, staffQuery, useIs, useWorkspaceId } from '@/lib/queries';

type Booking = Schemas['Booking'];

function shifted(day: string, days: number) {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}

/** Reads the booking first: a move holds only for the state that was read. */
async function current(id: string) {
  const params = { path: { id } };
  const { etag } = await tagged(api.GET('/api/v1/bookings/{id}', { params }));
  return { ...params, header: { 'If-Match': etag } };
}

function Row({ booking }: { booking: Booking }) {
  const { t, i18n } = useTranslation();
  const workspace = useWorkspaceId();
  const format = useFormat();
  const maySave = useIs('agent');
  const staff = useQuery(staffQuery(workspace)).data?.items.find((one) => one.id === booking.provider_id);
  const offering = useQuery(offeringsQuery(workspace)).data?.items.find((one) => one.id === booking.offering_id);
  const confirm = useAct(
    async () => api.POST('/api/v1/bookings/{id}/confirm', { params: await current(booking.id) }),
    t('common.done'),
  );
  const complete = useAct(
    async () => api.POST('/api/v1/bookings/{id}/complete', { params: await current(booking.id) }),
    t('common.done'),
  );
  const noShow = useAct(
    async () => api.POST('/api/v1/bookings/{id}/no-show', { params: await current(booking.id) }),
    t('common.done'),
  );
  const cancel = useAct(
    async () => api.POST('/api/v1/bookings/{id}/cancel', { params: await current(booking.id) }),
    t('common.done'),
  );
  const isOpen = booking.status === 'booked' || booking.status === 'confirmed';
  const hasBegun = Date.parse(booking.starts_at) <= Date.now();
  return (
    <li className="grid gap-3 p-4 sm:grid-cols-[9rem_1fr_auto] sm:items-center">
      <p className="font-medium tabular-nums">
        {format.clock(booking.starts_at)} – {format.clock(booking.ends_at)}
      </p>
      <div className="min-w-0">
        <p className="flex flex-wrap items-center gap-2">
          <ContactName id={booking.contact_id} link />
          <StateBadge state={booking.status} />
        </p>
        <p className="text-sm text-muted-foreground">
          {[
            inLanguage(offering?.names, i18n.language),
            staff?.name,
            format.money(booking.price_minor, booking.currency),
          ]
            .filter((one) => one && one !== '–')
            .join(' · ')}
        </p>
        {booking.note && <p className="text-sm">{booking.note}</p>}
      </div>
      {maySave && isOpen && (
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
              destructive
              onConfirm={() => cancel.mutateAsync(undefined)}
            />
          )}
        </div>
      )}
    </li>
  );
}

export function Bookings() {
  const { t } = useTranslation();
  const workspace = useWorkspaceId();
  const format = useFormat();
  const { search, change } = useListState();
  const today = dayOf(new Date(), format.zone);
  const day = search.day ?? today;
  const query = useQuery({
    queryKey: [workspace, 'bookings', day, format.zone],
    queryFn: () =>
      answer(
        api.GET('/api/v1/bookings', {
          params: {
            query: {
              from: momentOf(day, '00:00', format.zone).toISOString(),
              until: momentOf(shifted(day, 1), '00:00', format.zone).toISOString(),
              limit: 200,
            },
          },
        }),
      ),
  });
  const go = (to: string) => change({ day: to === today ? undefined : to });
  const items = query.data?.items.toSorted((a, b) => a.starts_at.localeCompare(b.starts_at));
  return (
    <>
      <PageHead title={t('nav.bookings')}>
        <Button variant="outline" size="icon" aria-label={t('bookings.before')} onClick={() => go(shifted(day, -1))}>
          <ChevronLeftIcon className="rtl:rotate-180" aria-hidden />
        </Button>
        <Input
          type="date"
          aria-label={t('bookings.day')}
          className="w-40"
          value={day}
          onChange={(event) => event.target.value && go(event.target.value)}
        />
        <Button variant="outline" size="icon" aria-label={t('bookings.after')} onClick={() => go(shifted(day, 1))}>
          <ChevronRightIcon className="rtl:rotate-180" aria-hidden />
        </Button>
        <Button variant="outline" disabled={day === today} onClick={() => go(today)}>
          {t('bookings.today')}
        </Button>
      </PageHead>
      {query.isPending ? (
        <Loading />
      ) : query.isError ? (
        <Failed error={query.error} retry={() => void query.refetch()} />
      ) : (
        <Card className="p-0 sm:p-0">
          {items?.length ? (
            <ul className="divide-y">
              {items.map((booking) => (
                <Row key={booking.id} booking={booking} />
              ))}
            </ul>
          ) : (
            <Empty title={t('bookings.none')} hint={t('bookings.noneHint')} />
          )}
        </Card>
      )}
    </>
  );
}
