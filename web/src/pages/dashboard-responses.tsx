// How long customers wait, by the hours of the business.

import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { DayChart } from '@/components/day-chart';
import { Failed } from '@/components/states';
import { Card } from '@/components/ui/card';
import { NativeSelect } from '@/components/ui/input';
import { Skeleton } from '@/components/ui/skeleton';
import { useFormat } from '@/lib/format';
import { useOverview, useSpanName, type Figures, type Period } from '@/lib/overview';

const TIMES = [
  'conversation_first_response',
  'conversation_resolution',
  'ticket_first_response',
  'ticket_resolution',
] as const;

const SECOND = 1;
const MINUTE = 60;
const HOUR = 3_600;
/** The chart counts in seconds when no time is longer than this: the lines of its scale are then ten seconds apart. */
const MOST_SECONDS = 40;
/** The chart counts in hours when a time is longer than this. */
const MOST_MINUTES = 3 * HOUR;

/** The average of some days, in seconds. A day with many answers counts more than one with few. */
function averageOf(days: Figures[], time: (typeof TIMES)[number]) {
  const of = days.map((day) => day.response_times[time]);
  const count = of.reduce((sum, one) => sum + one.count, 0);
  return count > 0 ? of.reduce((sum, one) => sum + one.seconds, 0) / count : 0;
}

export function ResponseTimes({ period }: { period: Period }) {
  const { t } = useTranslation();
  const format = useFormat();
  const span = useSpanName(period);
  const [shown, setShown] = useState<(typeof TIMES)[number]>(TIMES[0]);
  const { overview, groups, names } = useOverview(period);
  const averages = groups.map((days) => averageOf(days, shown));
  const longest = Math.max(0, ...averages);
  const unit = longest > MOST_MINUTES ? HOUR : longest > MOST_SECONDS ? MINUTE : SECOND;
  return (
    <Card aria-label={t('responses.title')}>
      <h2 className="text-xl font-semibold">{t('responses.title')}</h2>
      <p className="mb-4 text-sm text-muted-foreground">
        {span}. {t('responses.hint')}{' '}
        <Link to="/settings" search={{ tab: 'hours' }} className="text-primary-text underline">
          {t('responses.hours')}
        </Link>
      </p>
      {overview.isError ? (
        <Failed error={overview.error} retry={() => void overview.refetch()} />
      ) : overview.isPending ? (
        <Skeleton className="h-72" />
      ) : (
        <>
          <dl className="grid gap-4 sm:grid-cols-2 xl:grid-cols-4">
            {TIMES.map((time) => {
              const { count, average_seconds: average } = overview.data.response_times[time];
              return (
                <div key={time} className="min-w-0 rounded-md border p-3">
                  <dt className="text-sm font-medium text-muted-foreground">{t(`responses.times.${time}`)}</dt>
                  <dd className="text-2xl font-bold tabular-nums">
                    {average == null ? '–' : format.duration(average)}
                  </dd>
                  <dd className="text-xs text-muted-foreground">
                    {count > 0 ? t('responses.of', { shown: format.number(count) }) : t('responses.none')}
                  </dd>
                </div>
              );
            })}
          </dl>
          {TIMES.some((time) => overview.data.response_times[time].count > 0) && (
            <div className="mt-6">
              <NativeSelect
                aria-label={t('dashboard.what')}
                className="mb-4 h-9 w-auto max-w-full"
                value={shown}
                onChange={({ target }) => setShown(TIMES.find((time) => time === target.value) ?? TIMES[0])}
              >
                {TIMES.map((time) => (
                  <option key={time} value={time}>
                    {t(`responses.times.${time}`)}
                  </option>
                ))}
              </NativeSelect>
              <DayChart
                label={t(`responses.times.${shown}`)}
                days={names}
                series={[{ name: t('responses.average'), values: averages.map((seconds) => seconds / unit) }]}
                show={(value) => format.duration(value * unit)}
              />
            </div>
          )}
        </>
      )}
    </Card>
  );
}
