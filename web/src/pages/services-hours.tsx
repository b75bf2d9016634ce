// The hours of one of the staff: every week, and the days that differ.

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { toast } from 'sonner';
import { answer, api, ApiError, tagged, type Schemas, type Tagged } from '@/api/client';
import { SpecialDays } from '@/components/special-days';
import { Failed, useReason } from '@/components/states';
import { Button } from '@/components/ui/button';
import { Dialog, DialogContent, DialogDescription, DialogFooter, DialogTitle } from '@/components/ui/dialog';
import { Skeleton } from '@/components/ui/skeleton';
import { WeekHours } from '@/components/week-hours';
import { useWorkspaceId } from '@/lib/queries';

type Staff = Schemas['Provider'];
type Timetable = Schemas['Timetable'];

export const readStaff = (id: string) => tagged(api.GET('/api/v1/providers/{id}', { params: { path: { id } } }));

/** The hours have no tag of their own: the tag of the staff stands for them. It is read first, so that it is never too new. */
async function readHours(id: string): Promise<Tagged<Timetable>> {
  const { etag } = await readStaff(id);
  return { data: await answer(api.GET('/api/v1/providers/{id}/hours', { params: { path: { id } } })), etag };
}

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
  const save = useMutation({
    mutationFn: async () => {
      const days = new Map(special.map((one) => [one.day, one]));
      if (!isSame(week, there.current.week)) {
        await api.PUT('/api/v1/providers/{id}/hours', {
          params: { path: { id }, header: { 'If-Match': tag.current } },
          body: { week },
        });
        there.current = { ...there.current, week };
        // The answer has no tag. A day that is refused below must not make the next save of the week fail.
        tag.current = (await readStaff(id)).etag;
      }
      for (const { day } of there.current.special)
        if (!days.has(day)) {
          await api.DELETE('/api/v1/providers/{id}/special-hours/{day}', { params: { path: { id, day } } });
          there.current = { ...there.current, special: there.current.special.filter((one) => one.day !== day) };
        }
      for (const { day, hours } of days.values())
        if (!isSame(there.current.special.find((one) => one.day === day)?.hours, hours))
          await api
            .PUT('/api/v1/providers/{id}/special-hours/{day}', { params: { path: { id, day } }, body: { hours } })
            .catch((error: unknown) => {
              const faults = error instanceof ApiError ? error.problem?.errors : undefined;
              if (faults) setFaultOf({ day, text: faults.map((one) => one.detail).join(' ') });
              throw error;
            });
    },
    onMutate: () => setFaultOf(null),
    onSuccess: async () => {
      toast.success(t('common.saved'));
      onClose();
      await queries.invalidateQueries({ queryKey: [workspace] });
    },
  });
  const twice = special.find(({ day }, at) => special.findIndex((one) => one.day === day) !== at);
  return (
    <form
      className="grid gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      <WeekHours week={week} onChange={setWeek} />
      <section aria-label={t('hours.special')} className="grid gap-3 pt-2">
        <h3 className="font-semibold">{t('hours.special')}</h3>
        <p className="text-sm text-muted-foreground">{t('hours.specialHint')}</p>
        <SpecialDays days={special} onChange={setSpecial} />
      </section>
      {(twice || save.isError) && (
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
        <Button type="submit" disabled={save.isPending || twice !== undefined}>
          {t('common.save')}
        </Button>
      </DialogFooter>
    </form>
  );
}
