// What customers say, counted: the average, how often each score was given, and how many answer.

import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { answer, api, type Schemas } from '@/api/client';
import { DayChart, type Series } from '@/components/day-chart';
import { BigNumber } from '@/components/points';
import { Empty, Failed, Loading } from '@/components/states';
import { Card, CardTitle } from '@/components/ui/card';
import { NativeSelect } from '@/components/ui/input';
import { dayNames, daysFrom, mondayOf, shifted, WEEK } from '@/lib/days';
import { useFormat } from '@/lib/format';
import { useListState } from '@/lib/list-state';
import { useWorkspaceId } from '@/lib/queries';
import { cn } from '@/lib/utils';

type Figures = Schemas['FeedbackFigures'];
type Counts = Schemas['FeedbackCounts'];

/** A span, and by what it is counted. */
const SPANS = {
  days: { period: 'day', from: (today: string) => shifted(today, -29) },
  weeks: { period: 'week', from: (today: string) => shifted(mondayOf(today), -11 * WEEK) },
  months: { period: 'month', from: (today: string) => monthBefore(today, 11) },
} as const;
const CHARTS = ['answers', 'rate', 'average'] as const;
const SCORES = ['5', '4', '3', '2', '1'];
const COLOURS = ['bg-emerald-600', 'bg-emerald-500', 'bg-amber-500', 'bg-orange-500', 'bg-red-600'];
/** The highest score, and the lines of its scale. */
const BEST = 5;

/** The first day of a month, so many months before that of this day. */
function monthBefore(day: string, months: number) {
  const [year, month] = day.split('-').map(Number);
  return new Date(Date.UTC(year!, month! - 1 - months, 1)).toISOString().slice(0, 10);
}

/** The first days of all periods, also of those in which nobody was asked. */
function beginsOf({ from, until, period }: Figures) {
  if (period === 'month') {
    const all: string[] = [];
    for (let day = monthBefore(from, 0); day <= until; day = monthBefore(day, -1)) all.push(day);
    return all;
  }
  const first = period === 'week' ? mondayOf(from) : from;
  const step = period === 'week' ? WEEK : 1;
  const days = (Date.parse(until) - Date.parse(first)) / 86_400_000;
  return daysFrom(first, Math.floor(days) + 1).filter((_, index) => index % step === 0);
}

function Distribution({ of }: { of: Counts }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <ul className="grid gap-3">
      {SCORES.map((score, index) => {
        const count = of.scores[score] ?? 0;
        const share = of.answered ? count / of.answered : 0;
        return (
          <li key={score} className="grid grid-cols-[5rem_minmax(0,1fr)_5.5rem] items-center gap-3 text-sm">
            <span>{t('feedback.ofBest', { score: format.number(Number(score)), best: format.number(BEST) })}</span>
            <span aria-hidden className="h-3 overflow-hidden rounded-full bg-muted">
              <span className={cn('block h-full rounded-full', COLOURS[index])} style={{ width: `${share * 100}%` }} />
            </span>
            <span className="text-end tabular-nums">
              {format.number(count)} <span className="text-muted-foreground">({format.percent(share)})</span>
            </span>
          </li>
        );
      })}
    </ul>
  );
}

function OverTime({ of }: { of: Figures }) {
  const { t, i18n } = useTranslation();
  const format = useFormat();
  const { search, filterBy } = useListState();
  const shown = CHARTS.find((one) => one === search.f?.chart) ?? 'answers';
  const byDay = new Map(of.periods.map((one) => [one.begins, one]));
  const begins = beginsOf(of);
  const name = dayNames(
    i18n.language,
    of.period === 'month' ? { month: 'short', year: 'numeric' } : { day: 'numeric', month: 'short' },
  );
  const values = (read: (one: Counts) => number | null | undefined) =>
    begins.map((day) => {
      const counts = byDay.get(day);
      return (counts && read(counts)) ?? 0;
    });
  const charts: Record<
    (typeof CHARTS)[number],
    { series: Series[]; show: (value: number) => string; top?: number; lines?: number }
  > = {
    answers: {
      series: [
        { name: t('feedback.answered'), values: values((one) => one.answered) },
        { name: t('feedback.unanswered'), values: values((one) => one.asked - one.answered) },
      ],
      show: format.number,
    },
    rate: {
      series: [{ name: t('feedback.rate'), values: values((one) => one.answer_rate) }],
      show: format.percent,
      top: 1,
    },
    average: {
      series: [{ name: t('feedback.average'), values: values((one) => one.average) }],
      show: format.number,
      top: BEST,
      lines: BEST,
    },
  };
  return (
    <Card aria-label={t('feedback.overTime')}>
      <div className="mb-4 flex flex-wrap items-center justify-between gap-2">
        <h2 className="text-xl font-semibold">{t('feedback.overTime')}</h2>
        <NativeSelect
          aria-label={t('dashboard.what')}
          className="h-9 w-auto"
          value={shown}
          onChange={(event) => filterBy('chart', event.target.value === 'answers' ? undefined : event.target.value)}
        >
          {CHARTS.map((one) => (
            <option key={one} value={one}>
              {t(`feedback.charts.${one}`)}
            </option>
          ))}
        </NativeSelect>
      </div>
      <DayChart label={t(`feedback.charts.${shown}`)} days={begins.map(name)} {...charts[shown]} />
    </Card>
  );
}

function Skipped({ of }: { of: Figures }) {
  const { t } = useTranslation();
  const format = useFormat();
  const reasons = Object.entries(of.skipped).toSorted(([, a], [, b]) => b - a);
  if (!reasons.length) return null;
  return (
    <Card>
      <CardTitle>{t('feedback.skippedTitle')}</CardTitle>
      <ul className="divide-y">
        {reasons.map(([reason, count]) => (
          <li key={reason} className="flex justify-between gap-4 py-2 text-sm">
            {t(`feedback.reasons.${reason}`, { defaultValue: reason })}
            <span className="tabular-nums">{format.number(count)}</span>
          </li>
        ))}
      </ul>
    </Card>
  );
}

export function FeedbackFigures() {
  const { t } = useTranslation();
  const workspace = useWorkspaceId();
  const format = useFormat();
  const { search, change } = useListState();
  const span = (Object.keys(SPANS) as (keyof typeof SPANS)[]).find((one) => one === search.view) ?? 'days';
  const { period, from } = SPANS[span];
  const until = format.today();
  const query = useQuery({
    queryKey: [workspace, 'feedback', 'figures', span, until],
    queryFn: () =>
      answer(api.GET('/api/v1/feedback/figures', { params: { query: { period, from: from(until), until } } })),
  });
  const total = query.data?.total;
  return (
    <>
      <div
        role="group"
        aria-label={t('dashboard.period')}
        className="mb-6 flex w-fit flex-wrap rounded-md border bg-card p-1"
      >
        {(Object.keys(SPANS) as (keyof typeof SPANS)[]).map((one) => (
          <button
            key={one}
            type="button"
            aria-pressed={one === span}
            className={cn(
              'h-8 rounded-sm px-3 text-sm font-medium',
              one === span ? 'bg-primary text-primary-foreground' : 'hover:bg-muted',
            )}
            onClick={() => change({ view: one === 'days' ? undefined : one })}
          >
            {t(`feedback.spans.${one}`)}
          </button>
        ))}
      </div>
      {query.isPending ? (
        <Loading />
      ) : query.isError ? (
        <Failed error={query.error} retry={() => void query.refetch()} />
      ) : total && total.asked === 0 && Object.keys(query.data.skipped).length === 0 ? (
        <Card>
          <Empty title={t('feedback.figuresNone')} hint={t('feedback.noneHint')} />
        </Card>
      ) : (
        total && (
          <div className="grid gap-6 *:min-w-0">
            <dl className="grid gap-4 sm:grid-cols-2 xl:grid-cols-4">
              <BigNumber
                label={t('feedback.average')}
                value={total.average == null ? '–' : format.number(total.average)}
                hint={t('feedback.outOf', { best: format.number(BEST) })}
              />
              <BigNumber
                label={t('feedback.rate')}
                value={total.answer_rate == null ? '–' : format.percent(total.answer_rate)}
                hint={t('feedback.rateHint')}
              />
              <BigNumber label={t('feedback.askedCount')} value={format.number(total.asked)} />
              <BigNumber label={t('feedback.answered')} value={format.number(total.answered)} />
            </dl>
            <div className="grid items-start gap-6 *:min-w-0 xl:grid-cols-2">
              <Card aria-label={t('feedback.distribution')}>
                <CardTitle>{t('feedback.distribution')}</CardTitle>
                <Distribution of={total} />
              </Card>
              <OverTime of={query.data} />
            </div>
            <Skipped of={query.data} />
          </div>
        )
      )}
    </>
  );
}
