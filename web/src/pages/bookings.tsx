import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, api, type Schemas } from '@/api/client';
import { ContactName } from '@/components/contact-name';
import { DaySteps } from '@/components/day-steps';
import { ExportButton } from '@/components/export-button';
import { AddButton, PageHead } from '@/components/page';
import { StateBadge } from '@/components/state-badge';
import { Empty, Failed, Loading } from '@/components/states';
import { Button } from '@/components/ui/button';
import { Card } from '@/components/ui/card';
import { NativeSelect } from '@/components/ui/input';
import { dayNames, daysFrom, mondayOf, shifted, WEEK } from '@/lib/days';
import { inLanguage, useFormat } from '@/lib/format';
import { useListState } from '@/lib/list-state';
import { useIsNarrow } from '@/lib/narrow';
import { offeringsQuery, staffQuery, useIs, useWorkspaceId } from '@/lib/queries';
import { readAll } from '@/lib/table';
import { BookingCalendar, type Lane } from './booking-calendar';
import { Moves, NewBooking } from './booking-dialog';

type Booking = Schemas['Booking'];

const VIEWS = ['day', 'week', 'list'] as const;
const LIVE_MS = 15_000;

function Row({ booking }: { booking: Booking }) {
  const { i18n } = useTranslation();
  const workspace = useWorkspaceId();
  const format = useFormat();
  const staff = useQuery(staffQuery(workspace)).data?.items.find((one) => one.id === booking.provider_id);
  const offering = useQuery(offeringsQuery(workspace)).data?.items.find((one) => one.id === booking.offering_id);
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
      <Moves booking={booking} />
    </li>
  );
}

async function bookingsOf(query: { from: string; until: string; provider_id?: string }) {
  const items = await readAll<Booking>(({ limit, cursor }) =>
    answer(api.GET('/api/v1/bookings', { params: { query: { ...query, limit, cursor } } })),
  );
  return items.toSorted((a, b) => a.starts_at.localeCompare(b.starts_at));
}

export function Bookings() {
  const { t, i18n } = useTranslation();
  const workspace = useWorkspaceId();
  const format = useFormat();
  const { search, change, filterBy } = useListState();
  const isNarrow = useIsNarrow();
  const maySave = useIs('agent');
  const [isNew, setNew] = useState(false);
  const view = VIEWS.find((one) => one === search.view) ?? (isNarrow ? 'list' : 'day');
  const staff = useQuery(staffQuery(workspace)).data?.items;
  const provider_id = search.f?.staff;
  const today = format.today();
  const day = view === 'week' ? mondayOf(search.day ?? today) : (search.day ?? today);
  const span = view === 'week' ? WEEK : 1;
  const query = useQuery({
    queryKey: [workspace, 'bookings', day, span, provider_id, format.zone],
    queryFn: () =>
      bookingsOf({ from: format.at(day, '00:00'), until: format.at(shifted(day, span), '00:00'), provider_id }),
    refetchInterval: LIVE_MS,
  });
  const go = (to: string) => change({ day: to === today ? undefined : to });
  const lanes = useMemo<Lane[]>(() => {
    if (view === 'week') {
      const name = dayNames(i18n.language, { weekday: 'short', day: 'numeric', month: 'short' });
      return daysFrom(day, WEEK).map((one) => ({
        key: one,
        title: name(one),
        day: one,
        staff: provider_id,
        isToday: one === today,
      }));
    }
    const working = (staff ?? []).filter((one) => (provider_id ? one.id === provider_id : one.active));
    return working.map((one) => ({ key: one.id, title: one.name, day, staff: one.id, isToday: day === today }));
  }, [view, day, today, staff, provider_id, i18n.language]);
  return (
    <>
      <PageHead title={t('nav.bookings')}>
        <ExportButton rows={(filters) => ({ kind: 'bookings', provider_id: filters.staff })} />
        <div role="group" aria-label={t('bookings.view')} className="flex rounded-md border bg-background p-0.5">
          {VIEWS.map((one) => (
            <Button
              key={one}
              size="sm"
              variant={view === one ? 'default' : 'ghost'}
              aria-pressed={view === one}
              onClick={() => change({ view: one })}
            >
              {t(`bookings.views.${one}`)}
            </Button>
          ))}
        </div>
        <NativeSelect
          aria-label={t('bookings.staff')}
          className="w-auto"
          value={provider_id ?? ''}
          onChange={(event) => filterBy('staff', event.target.value || undefined)}
        >
          <option value="">{t('bookings.allStaff')}</option>
          {staff?.map((one) => (
            <option key={one.id} value={one.id}>
              {one.name}
            </option>
          ))}
        </NativeSelect>
        <DaySteps
          day={day}
          span={span}
          labels={{ before: t('bookings.before'), day: t('bookings.day'), after: t('bookings.after') }}
          onGo={go}
        />
        <Button variant="outline" disabled={!search.day} onClick={() => go(today)}>
          {t('bookings.today')}
        </Button>
        {maySave && <AddButton onClick={() => setNew(true)}>{t('bookings.add')}</AddButton>}
      </PageHead>
      {query.isPending ? (
        <Loading />
      ) : query.isError ? (
        <Failed error={query.error} retry={() => void query.refetch()} />
      ) : view !== 'list' && lanes.length > 0 ? (
        <BookingCalendar lanes={lanes} bookings={query.data} />
      ) : (
        <Card className="p-0 sm:p-0">
          {query.data.length ? (
            <ul className="divide-y">
              {query.data.map((booking) => (
                <Row key={booking.id} booking={booking} />
              ))}
            </ul>
          ) : (
            <Empty title={t('bookings.none')} hint={t('bookings.noneHint')} />
          )}
        </Card>
      )}
      <NewBooking day={day < today ? today : day} open={isNew} onOpenChange={setNew} />
    </>
  );
}
