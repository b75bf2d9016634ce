import { useQuery } from '@tanstack/react-query';
import { useEffect, useMemo, useRef, useState, type PointerEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { api, type Schemas } from '@/api/client';
import { ContactName } from '@/components/contact-name';
import { Button } from '@/components/ui/button';
import { Dialog, DialogContent, DialogDescription, DialogFooter, DialogTitle } from '@/components/ui/dialog';
import { useAct } from '@/lib/act';
import { fieldOf, inLanguage, useFormat } from '@/lib/format';
import { offeringsQuery, useIs, useWorkspaceId } from '@/lib/queries';
import { cn } from '@/lib/utils';
import { BookingDialog, current, isOpen } from './booking-dialog';

type Booking = Schemas['Booking'];

/** A day of one of the staff, or of all. */
export interface Lane {
  key: string;
  title: string;
  day: string;
  staff?: string;
  isToday: boolean;
}

const HOUR_PX = 96;
const BLOCK_PX = 40;
const STEP_MINUTES = 5;
const EARLIEST = 8;
const LATEST = 18;
const DRAG_PX = 4;

interface Placed {
  booking: Booking;
  from: number;
  until: number;
  column: number;
  columns: number;
}

function clockOf(minutes: number) {
  return `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
}

/** Bookings at the same time stand beside each other. */
function placed(bookings: Booking[], zone: string): Placed[] {
  const least = (BLOCK_PX / HOUR_PX) * 60;
  const rows = bookings
    .map((booking) => {
      const [, clock = '00:00'] = fieldOf(new Date(booking.starts_at), zone).split('T');
      const from = Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3));
      const minutes = (Date.parse(booking.ends_at) - Date.parse(booking.starts_at)) / 60_000;
      return { booking, from, until: from + Math.max(minutes, least), column: 0, columns: 1 };
    })
    .toSorted((a, b) => a.from - b.from);
  let group: Placed[] = [];
  let end = -1;
  const close = () => {
    const columns = Math.max(0, ...group.map((one) => one.column)) + 1;
    for (const one of group) one.columns = columns;
    group = [];
  };
  for (const row of rows) {
    if (row.from >= end) close();
    const taken = new Set(group.filter((one) => one.until > row.from).map((one) => one.column));
    while (taken.has(row.column)) row.column += 1;
    group.push(row);
    end = Math.max(end, row.until);
  }
  close();
  return rows;
}

const TONES: Record<Booking['status'], string> = {
  booked: 'border-s-blue-500 bg-blue-50 text-blue-950 dark:bg-blue-950 dark:text-blue-100',
  confirmed: 'border-s-emerald-500 bg-emerald-50 text-emerald-950 dark:bg-emerald-950 dark:text-emerald-100',
  completed: 'border-s-gray-400 bg-muted text-foreground',
  no_show: 'border-s-red-500 bg-red-50 text-red-950 dark:bg-red-950 dark:text-red-100',
  cancelled: 'border-s-gray-400 bg-muted text-muted-foreground line-through',
};

interface Drag {
  booking: Booking;
  x: number;
  y: number;
  /** Minutes between the start of the booking and the place where it was taken. */
  held: number;
  moved: boolean;
  lane: Lane;
  minutes: number;
}

export function BookingCalendar({ lanes, bookings }: { lanes: Lane[]; bookings: Booking[] }) {
  const { t, i18n } = useTranslation();
  const workspace = useWorkspaceId();
  const format = useFormat();
  const maySave = useIs('agent');
  const offerings = useQuery(offeringsQuery(workspace)).data?.items;
  const [shown, setShown] = useState<string | null>(null);
  const [drag, setDrag] = useState<Drag | null>(null);
  const [asked, setAsked] = useState<Drag | null>(null);
  const dropped = useRef(false);
  const grid = useRef<HTMLDivElement>(null);
  const box = useRef<HTMLDivElement>(null);
  const byLane = useMemo(
    () =>
      lanes.map((lane) =>
        placed(
          bookings.filter(
            (one) =>
              fieldOf(new Date(one.starts_at), format.zone).startsWith(lane.day) &&
              (!lane.staff || one.provider_id === lane.staff),
          ),
          format.zone,
        ),
      ),
    [lanes, bookings, format.zone],
  );
  const all = byLane.flat();
  const first = Math.floor(Math.min(EARLIEST * 60, ...all.map((one) => one.from)) / 60);
  const last = Math.min(24, Math.ceil(Math.max(LATEST * 60, ...all.map((one) => one.until)) / 60));
  const height = (last - first) * HOUR_PX;
  const top = (minutes: number) => ((minutes - first * 60) / 60) * HOUR_PX;
  const [, nowClock = '00:00'] = fieldOf(new Date(), format.zone).split('T');
  const now = Number(nowClock.slice(0, 2)) * 60 + Number(nowClock.slice(3));

  const isReady = lanes.length > 0;
  useEffect(() => {
    if (isReady && box.current) box.current.scrollTop = Math.max(0, top(now) - HOUR_PX);
    // Only when the calendar appears: later it stays where the person has left it.
  }, [isReady]);

  const move = useAct(async ({ booking, lane, minutes }: Drag) => {
    await api.POST('/api/v1/bookings/{id}/move', {
      params: await current(booking.id),
      body: { starts_at: format.at(lane.day, clockOf(minutes)), provider_id: lane.staff ?? booking.provider_id },
    });
    setAsked(null);
  }, t('bookings.moved'));

  const take = (event: PointerEvent, booking: Booking, lane: Lane, from: number) => {
    if (!maySave || !isOpen(booking) || event.button !== 0 || event.pointerType === 'touch') return;
    const rect = event.currentTarget.getBoundingClientRect();
    event.currentTarget.setPointerCapture(event.pointerId);
    setDrag({
      booking,
      x: event.clientX,
      y: event.clientY,
      held: ((event.clientY - rect.top) / HOUR_PX) * 60,
      moved: false,
      lane,
      minutes: from,
    });
  };
  const pull = (event: PointerEvent) => {
    if (!drag || !grid.current) return;
    if (!drag.moved && Math.hypot(event.clientX - drag.x, event.clientY - drag.y) < DRAG_PX) return;
    const columns = [...grid.current.querySelectorAll('[data-lane]')];
    const at = columns.findIndex((column) => {
      const { left, right } = column.getBoundingClientRect();
      return event.clientX >= left && event.clientX < right;
    });
    const rect = grid.current.getBoundingClientRect();
    const minutes = first * 60 + ((event.clientY - rect.top) / HOUR_PX) * 60 - drag.held;
    const stepped = Math.round(minutes / STEP_MINUTES) * STEP_MINUTES;
    setDrag({
      ...drag,
      moved: true,
      lane: lanes[at] ?? drag.lane,
      minutes: Math.max(first * 60, Math.min(last * 60 - STEP_MINUTES, stepped)),
    });
  };
  const drop = () => {
    if (drag?.moved) setAsked(drag);
    dropped.current = drag?.moved ?? false;
    setDrag(null);
  };

  const nameOf = (booking: Booking) =>
    inLanguage(offerings?.find((one) => one.id === booking.offering_id)?.names, i18n.language);
  return (
    <>
      <div
        ref={box}
        role="region"
        aria-label={t('nav.bookings')}
        tabIndex={0}
        className="max-h-[75dvh] overflow-auto rounded-md border bg-card shadow-xs"
      >
        <div
          className="sticky top-0 z-20 grid border-b bg-card"
          style={{ gridTemplateColumns: `4.5rem repeat(${lanes.length}, minmax(8rem, 1fr))` }}
        >
          <span />
          {lanes.map((lane) => (
            <h2
              key={lane.key}
              className={cn('border-s p-2 text-center text-sm font-semibold', lane.isToday && 'text-primary-text')}
            >
              <bdi>{lane.title}</bdi>
            </h2>
          ))}
        </div>
        <div
          ref={grid}
          className="relative grid"
          style={{ height, gridTemplateColumns: `4.5rem repeat(${lanes.length}, minmax(8rem, 1fr))` }}
        >
          <div className="relative" aria-hidden>
            {Array.from({ length: last - first }, (_, index) => (
              <span
                key={index}
                className="absolute end-2 text-xs text-muted-foreground tabular-nums"
                style={{ top: index * HOUR_PX + 2 }}
              >
                {format.wall(clockOf((first + index) * 60))}
              </span>
            ))}
          </div>
          {lanes.map((lane, index) => (
            <ol
              key={lane.key}
              data-lane
              aria-label={lane.title}
              className="relative border-s"
              style={{
                backgroundImage: `repeating-linear-gradient(to bottom, var(--border) 0 1px, transparent 1px ${HOUR_PX}px)`,
              }}
            >
              {lane.isToday && now >= first * 60 && now <= last * 60 && (
                <li aria-hidden className="absolute inset-x-0 z-10 h-0.5 bg-destructive" style={{ top: top(now) }} />
              )}
              {byLane[index]!.map(({ booking, from, until, column, columns }) => (
                <li
                  key={booking.id}
                  className="absolute p-px"
                  style={{
                    top: top(from),
                    height: ((until - from) / 60) * HOUR_PX,
                    insetInlineStart: `${(column / columns) * 100}%`,
                    width: `${100 / columns}%`,
                  }}
                >
                  <button
                    type="button"
                    className={cn(
                      'size-full overflow-hidden rounded-sm border-s-4 p-1 text-start text-xs shadow-xs select-none focus-visible:outline-offset-0',
                      TONES[booking.status],
                      maySave && isOpen(booking) && 'cursor-grab',
                      drag?.booking.id === booking.id && drag.moved && 'opacity-40',
                    )}
                    onPointerDown={(event) => take(event, booking, lane, from)}
                    onPointerMove={pull}
                    onPointerUp={drop}
                    onPointerCancel={() => setDrag(null)}
                    onClick={() => {
                      // The end of a drag is a click too.
                      if (!dropped.current) setShown(booking.id);
                      dropped.current = false;
                    }}
                  >
                    <span className="block truncate font-semibold">
                      {format.wall(clockOf(from))} <ContactName id={booking.contact_id} />
                    </span>
                    <span className="block truncate">{nameOf(booking)}</span>
                  </button>
                </li>
              ))}
              {drag?.moved && drag.lane.key === lane.key && (
                <li
                  aria-hidden
                  className="pointer-events-none absolute inset-x-0 z-20 rounded-sm border-2 border-dashed border-primary bg-accent/80 p-1 text-xs font-semibold text-accent-foreground"
                  style={{ top: top(drag.minutes), height: BLOCK_PX }}
                >
                  {format.wall(clockOf(drag.minutes))}
                </li>
              )}
            </ol>
          ))}
        </div>
      </div>
      <p className="mt-2 text-xs text-muted-foreground">{t('bookings.dragHint')}</p>
      <BookingDialog booking={bookings.find((one) => one.id === shown) ?? null} onClose={() => setShown(null)} />
      <Dialog open={asked !== null} onOpenChange={(open) => !open && setAsked(null)}>
        {asked && (
          <DialogContent role="alertdialog">
            <DialogTitle>{t('bookings.moveTitle')}</DialogTitle>
            <DialogDescription>
              {t('bookings.moveText', {
                from: format.moment(asked.booking.starts_at),
                to: `${asked.lane.title}, ${format.wall(clockOf(asked.minutes))}`,
              })}
            </DialogDescription>
            <DialogFooter>
              <Button variant="outline" onClick={() => setAsked(null)}>
                {t('common.cancel')}
              </Button>
              <Button disabled={move.isPending} onClick={() => move.mutate(asked)}>
                {t('bookings.move')}
              </Button>
            </DialogFooter>
          </DialogContent>
        )}
      </Dialog>
    </>
  );
}
