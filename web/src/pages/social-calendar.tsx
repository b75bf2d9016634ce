import { useQuery } from '@tanstack/react-query';
import { CalendarPlusIcon, PlusIcon } from 'lucide-react';
import { useState, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, api, asItIs, LARGEST, type Schemas } from '@/api/client';
import { DaySteps } from '@/components/day-steps';
import { PageHead } from '@/components/page';
import { SocialParts } from '@/components/social-parts';
import { SocialPost } from '@/components/social-post';
import { PublicationDialog } from '@/components/social-publication';
import { readSchedule, ScheduleDialog } from '@/components/social-schedule';
import { Failed } from '@/components/states';
import { Button } from '@/components/ui/button';
import { useAct } from '@/lib/act';
import { dayNames, daysFrom, monthOf, mondayOf, shifted, WEEK } from '@/lib/days';
import { dayOf, useFormat } from '@/lib/format';
import { useListState } from '@/lib/list-state';
import { useOpened } from '@/lib/opened';
import { socialAccountsQuery, socialContentsQuery, useIs, useWorkspaceId } from '@/lib/queries';
import { shortOf } from '@/lib/social';
import { cn } from '@/lib/utils';

type Schedule = Schemas['SocialSchedule'];

const LIVE_MS = 5_000;
/** Every month fits into six weeks. */
const MONTH = 6 * WEEK;
const DAY_MS = 86_400_000;

const STEPS: Partial<Record<string, number>> = { ArrowUp: -WEEK, ArrowDown: WEEK };

const daysBetween = (from: string, to: string) => Math.round((Date.parse(to) - Date.parse(from)) / DAY_MS);

export function SocialCalendar() {
  const { t, i18n } = useTranslation();
  const workspace = useWorkspaceId();
  const format = useFormat();
  const { search, change } = useListState();
  const maySave = useIs('admin');
  const today = format.today();
  const isMonth = search.view === 'month';
  const shownDay = search.day ?? today;
  const month = monthOf(shownDay);
  const first = mondayOf(isMonth ? month.first : shownDay);
  const span = isMonth ? MONTH : WEEK;
  const days = daysFrom(first, span);
  const [newDay, setNewDay] = useState<string | null>(null);
  const [details, setDetails] = useState<string | null>(null);
  /** The post that is dragged, or lifted by the keyboard, and the day over which it is. */
  const [moved, setMoved] = useState<{ post: Schedule; day: string; byKeys?: boolean } | null>(null);
  const [said, setSaid] = useState('');
  const opened = useOpened<Schedule>(readSchedule);
  const contents = useQuery(socialContentsQuery(workspace)).data?.items;
  const accounts = useQuery(socialAccountsQuery(workspace)).data?.items;
  const query = useQuery({
    queryKey: [workspace, 'schedules', first, span, format.zone],
    queryFn: () =>
      answer(
        api.GET('/api/v1/social/schedules', {
          params: {
            query: { from: format.at(first, '00:00'), to: format.at(shifted(first, span), '00:00'), limit: LARGEST },
          },
        }),
      ),
    refetchInterval: LIVE_MS,
  });
  const publications = useQuery({
    queryKey: [workspace, 'publications', 'newest'],
    queryFn: () => answer(api.GET('/api/v1/social/publications', { params: { query: { limit: LARGEST } } })),
    refetchInterval: LIVE_MS,
  }).data?.items;
  const cancel = useAct(
    async (id: string) => api.DELETE('/api/v1/social/schedules/{id}', { params: await asItIs(readSchedule, id) }),
    t('common.done'),
  );
  const move = useAct(async ({ post, day }: { post: Schedule; day: string }) => {
    const { data, etag } = await readSchedule(post.id);
    // The time of its own zone stays, and only the day is another one.
    const own = shifted(data.local_time.slice(0, 10), daysBetween(dayIn(post), day));
    return api.PATCH('/api/v1/social/schedules/{id}', {
      params: { path: { id: post.id }, header: { 'If-Match': etag } },
      body: { local_time: `${own}${data.local_time.slice(10)}`, zone: data.zone },
    });
  }, t('social.moved'));
  const dayIn = (post: Schedule) => dayOf(new Date(post.due_at), format.zone);
  const place = () => {
    if (moved && moved.day !== dayIn(moved.post)) move.mutate(moved);
    setMoved(null);
    setSaid('');
  };
  const long = dayNames(i18n.language, { dateStyle: 'full' });
  const press = (event: KeyboardEvent, post: Schedule) => {
    const isLifted = moved?.post.id === post.id;
    const isRight = document.documentElement.dir === 'rtl' ? 'ArrowLeft' : 'ArrowRight';
    const step = STEPS[event.key] ?? (event.key.startsWith('Arrow') ? (event.key === isRight ? 1 : -1) : undefined);
    if (step !== undefined) {
      event.preventDefault();
      const from = isLifted ? moved.day : dayIn(post);
      const day = shifted(from, step);
      if (day < today) return;
      // The calendar follows a post that leaves it.
      if (!days.includes(day)) change({ day }, true);
      setMoved({ post, day, byKeys: true });
      setSaid(t('social.moving', { day: long(day) }));
    } else if (isLifted && (event.key === 'Enter' || event.key === ' ')) {
      event.preventDefault();
      place();
    } else if (isLifted && event.key === 'Escape') {
      event.preventDefault();
      setMoved(null);
      setSaid(t('social.movedBack'));
    }
  };
  const named = dayNames(
    i18n.language,
    isMonth ? { day: 'numeric' } : { weekday: 'short', day: 'numeric', month: 'short' },
  );
  const weekday = dayNames(i18n.language, { weekday: 'short' });
  const monthName = dayNames(i18n.language, { month: 'long', year: 'numeric' });
  const go = (to: string) => change({ day: to === today ? undefined : to });
  /** The days stand below the month, or directly below the page. */
  const Heading = isMonth ? 'h3' : 'h2';
  return (
    <>
      <PageHead title={t('nav.social')}>
        <div role="group" aria-label={t('social.span')} className="flex">
          {(['week', 'month'] as const).map((one) => (
            <Button
              key={one}
              variant={(one === 'month') === isMonth ? 'default' : 'outline'}
              className={one === 'week' ? 'rounded-e-none' : 'rounded-s-none'}
              aria-pressed={(one === 'month') === isMonth}
              onClick={() => change({ view: one === 'month' ? 'month' : undefined })}
            >
              {t(`social.${one}`)}
            </Button>
          ))}
        </div>
        {isMonth ? (
          <DaySteps
            day={month.first}
            span={0}
            steps={{ before: month.before, after: month.after }}
            labels={{ before: t('social.monthBefore'), day: t('social.monthDay'), after: t('social.monthAfter') }}
            onGo={go}
          />
        ) : (
          <DaySteps
            day={first}
            span={WEEK}
            labels={{ before: t('social.weekBefore'), day: t('social.weekDay'), after: t('social.weekAfter') }}
            onGo={(to) => go(mondayOf(to) === mondayOf(today) ? today : mondayOf(to))}
          />
        )}
        {maySave && (
          <Button onClick={() => setNewDay(shifted(today, 1))}>
            <CalendarPlusIcon aria-hidden />
            {t('social.schedule')}
          </Button>
        )}
      </PageHead>
      <SocialParts />
      {maySave && <p className="mb-3 hidden text-sm text-muted-foreground lg:block">{t('social.moveHint')}</p>}
      <p role="status" className="sr-only">
        {said}
      </p>
      {isMonth && <h2 className="mb-3 text-lg font-semibold">{monthName(month.first)}</h2>}
      {query.isError ? (
        <Failed error={query.error} retry={() => void query.refetch()} />
      ) : (
        <ol className="grid gap-3 lg:grid-cols-7 lg:gap-px lg:overflow-hidden lg:rounded-md lg:border lg:bg-border">
          {days.map((day) => {
            const isHere = (post: Schedule) =>
              (moved?.byKeys && moved.post.id === post.id ? moved.day : dayIn(post)) === day;
            const posts = (query.data?.items ?? []).filter(isHere);
            // A post that was carried out of the calendar's days stays in sight.
            if (moved?.byKeys && moved.day === day && !posts.some((one) => one.id === moved.post.id))
              posts.push(moved.post);
            const isOut = isMonth && !day.startsWith(month.first.slice(0, 7));
            // On a phone, a month shows the days that have something.
            const isBare = isMonth && posts.length === 0 && day !== today;
            return (
              <li
                key={day}
                data-day={day}
                aria-label={long(day)}
                className={cn(
                  'min-w-0 rounded-md border bg-card p-3 lg:rounded-none lg:border-0',
                  isMonth ? 'lg:min-h-28 lg:p-2' : 'lg:min-h-64',
                  isOut && 'bg-muted/60',
                  isBare && 'max-lg:hidden',
                  moved?.day === day && 'ring-2 ring-ring ring-inset',
                )}
                onDragOver={(event) => {
                  if (!moved || day < today) return;
                  event.preventDefault();
                  if (moved.day !== day) setMoved({ ...moved, day });
                }}
                onDrop={(event) => {
                  event.preventDefault();
                  place();
                }}
              >
                <div className="mb-2 flex items-center justify-between">
                  <Heading className={cn('text-sm font-semibold', day === today && 'text-primary-text')}>
                    {isMonth && <span className="lg:hidden">{weekday(day)} </span>}
                    {named(day)}
                  </Heading>
                  {maySave && day >= today && (
                    <Button
                      variant="ghost"
                      size="icon"
                      className="size-7"
                      aria-label={`${t('social.schedule')}: ${day}`}
                      onClick={() => setNewDay(day)}
                    >
                      <PlusIcon aria-hidden />
                    </Button>
                  )}
                </div>
                <ul className="grid gap-2">
                  {posts.map((post) => (
                    <SocialPost
                      key={post.id}
                      post={post}
                      account={accounts?.find((one) => one.id === post.account_id)}
                      text={shortOf(contents?.find((one) => one.id === post.content_id))}
                      content={contents?.find((one) => one.id === post.content_id)}
                      publication={publications?.find((one) => one.schedule_id === post.id)?.id}
                      isMoved={moved?.post.id === post.id}
                      maySave={maySave}
                      onDetails={setDetails}
                      onEdit={() => opened.edit(post.id)}
                      onCancel={() => cancel.mutateAsync(post.id)}
                      onDrag={(isDragged) => setMoved(isDragged ? { post, day } : null)}
                      onPress={(event) => press(event, post)}
                    />
                  ))}
                </ul>
              </li>
            );
          })}
        </ol>
      )}
      <ScheduleDialog
        open={newDay !== null}
        day={newDay ?? undefined}
        onOpenChange={(open) => !open && setNewDay(null)}
      />
      <ScheduleDialog open={opened.isOpen} of={opened.of} onOpenChange={opened.onOpenChange} />
      <PublicationDialog id={details} onClose={() => setDetails(null)} />
    </>
  );
}
