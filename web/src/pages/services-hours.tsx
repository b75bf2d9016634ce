// The hours of one of the staff: every week, and the days that differ.

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { toast } from 'sonner';
import { api, ApiError, tagged, type Schemas, type Tagged } from '@/api/client';
import { Conflict } from '@/components/conflict';
import { SpecialDays } from '@/components/special-days';
import { Failed, useReason } from '@/components/states';
import { Button } from '@/components/ui/button';
import { Dialog, DialogContent, DialogDescription, DialogFooter, DialogTitle } from '@/components/ui/dialog';
import { Skeleton } from '@/components/ui/skeleton';
import { weekdayNames, WeekHours } from '@/components/week-hours';
import { dayNames } from '@/lib/days';
import { useWorkspaceId } from '@/lib/queries';

type Staff = Schemas['Provider'];
type Timetable = Schemas['Timetable'];
type Period = Schemas['Hours'];

export const readStaff = (id: string) => tagged(api.GET('/api/v1/providers/{id}', { params: { path: { id } } }));

const readHours = (id: string) => tagged(api.GET('/api/v1/providers/{id}/hours', { params: { path: { id } } }));

export function Hours({ staff, onClose }: { staff: Staff | null; onClose: () => void }) {
  const { t } = useTranslation();
  const workspace = useWorkspaceId();
  const id = staff?.id ?? '';
  const query = useQuery({
    queryKey: [workspace, 'hours', id],
    queryFn: () => readHours(id),
    enabled: id !== '',
    staleTime: 0,
    gcTime: 0,
  });
  return (
    <Dialog open={staff !== null} onOpenChange={(open) => !open && onClose()}>
      {staff && (
        <DialogContent>
          <DialogTitle>{t('services.hoursOf', { name: staff.name })}</DialogTitle>
          <DialogDescription>{t('services.hoursHint', { zone: staff.zone })}</DialogDescription>
          {query.data ? (
            <HoursForm id={id} of={query.data} onClose={onClose} />
          ) : query.isError ? (
            <Failed error={query.error} retry={() => void query.refetch()} />
          ) : (
            <Skeleton className="h-64" />
          )}
        </DialogContent>
      )}
    </Dialog>
  );
}

const isSame = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other);

/** The days whose hours differ, in words. */
function useDiffering() {
  const { t, i18n } = useTranslation();
  const dayName = dayNames(i18n.language, { dateStyle: 'medium' });
  return (theirs: Timetable, mine: Timetable) => {
    const words = (hours: Period[] | undefined) =>
      hours && (hours.map(({ from, until }) => `${from}–${until}`).join(', ') || t('hours.closed'));
    const rows = weekdayNames(i18n.language).map((label, index) => {
      const of = ({ week }: Timetable) => words(week.filter(({ weekday }) => weekday === index + 1));
      return { label, theirs: of(theirs), mine: of(mine) };
    });
    for (const day of new Set([...theirs.special, ...mine.special].map((one) => one.day).toSorted())) {
      const of = ({ special }: Timetable) => words(special.find((one) => one.day === day)?.hours);
      rows.push({ label: dayName(day), theirs: of(theirs), mine: of(mine) });
    }
    return rows
      .filter((row) => row.theirs !== row.mine)
      .map((row) => ({ ...row, theirs: row.theirs ?? '', mine: row.mine ?? '' }));
  };
}

function HoursForm({ id, of, onClose }: { id: string; of: Tagged<Timetable>; onClose: () => void }) {
  const { t } = useTranslation();
  const reason = useReason();
  const queries = useQueryClient();
  const workspace = useWorkspaceId();
  const [faultOf, setFaultOf] = useState<{ day: string; text: string } | null>(null);
  const [week, setWeek] = useState(of.data.week);
  const [special, setSpecial] = useState(of.data.special);
  /** What the API has by now: a save that stops half way goes on from there. */
  const there = useRef(of.data);
  const tag = useRef(of.etag);
  const [conflict, setConflict] = useState<Tagged<Timetable> | null>(null);
  const differing = useDiffering();
  const save = useMutation({
    mutationFn: async () => {
      const days = new Map(special.map((one) => [one.day, one]));
      const header = () => ({ 'If-Match': tag.current });
      const done = async (change: Promise<{ data?: unknown; response: Response }>, now: Timetable) => {
        tag.current = (await tagged(change)).etag;
        there.current = now;
      };
      if (!isSame(week, there.current.week))
        await done(
          api.PUT('/api/v1/providers/{id}/hours', { params: { path: { id }, header: header() }, body: { week } }),
          { ...there.current, week },
        );
      for (const { day } of there.current.special)
        if (!days.has(day))
          await done(
            api.DELETE('/api/v1/providers/{id}/special-hours/{day}', {
              params: { path: { id, day }, header: header() },
            }),
            { ...there.current, special: there.current.special.filter((one) => one.day !== day) },
          );
      for (const { day, hours } of days.values()) {
        const others = there.current.special.filter((one) => one.day !== day);
        if (isSame(there.current.special.find((one) => one.day === day)?.hours, hours)) continue;
        await done(
          api.PUT('/api/v1/providers/{id}/special-hours/{day}', {
            params: { path: { id, day }, header: header() },
            body: { hours },
          }),
          { ...there.current, special: [...others, { day, hours }] },
        ).catch((error: unknown) => {
          const faults = error instanceof ApiError ? error.problem?.errors : undefined;
          if (faults) setFaultOf({ day, text: faults.map((one) => one.detail).join(' ') });
          throw error;
        });
      }
    },
    onMutate: () => setFaultOf(null),
    onSuccess: async () => {
      toast.success(t('common.saved'));
      onClose();
      await queries.invalidateQueries({ queryKey: [workspace] });
    },
    onError: async (error) => {
      if (error instanceof ApiError && error.status === 412) setConflict(await readHours(id));
    },
  });
  /** What somebody else has saved is the state that the next save changes. */
  const seen = (theirs: Tagged<Timetable>) => {
    there.current = theirs.data;
    tag.current = theirs.etag;
    setConflict(null);
    save.reset();
  };
  const twice = special.find(({ day }, at) => special.findIndex((one) => one.day === day) !== at);
  return (
    <form
      className="grid gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      {conflict && (
        <Conflict
          differing={differing(conflict.data, { week, special })}
          onTakeTheirs={() => {
            seen(conflict);
            setWeek(conflict.data.week);
            setSpecial(conflict.data.special);
          }}
          onKeepMine={() => {
            seen(conflict);
            save.mutate();
          }}
        />
      )}
      <WeekHours week={week} onChange={setWeek} />
      <section aria-label={t('hours.special')} className="grid gap-3 pt-2">
        <h3 className="font-semibold">{t('hours.special')}</h3>
        <p className="text-sm text-muted-foreground">{t('hours.specialHint')}</p>
        <SpecialDays days={special} onChange={setSpecial} />
      </section>
      {(twice || (save.isError && !conflict)) && (
        <p role="alert" className="text-sm text-destructive-text">
          {twice
            ? t('services.dayTwice', { day: twice.day })
            : faultOf
              ? `${faultOf.day}: ${faultOf.text}`
              : reason(save.error)}
        </p>
      )}
      <DialogFooter>
        <Button variant="outline" onClick={onClose}>
          {t('common.cancel')}
        </Button>
        <Button type="submit" disabled={save.isPending || twice !== undefined || conflict !== null}>
          {t('common.save')}
        </Button>
      </DialogFooter>
    </form>
  );
}
