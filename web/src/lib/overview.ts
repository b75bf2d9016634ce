// The figures of the days that the dashboard draws.

import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { answer, api, type Schemas } from '@/api/client';
import { dayNames, shifted } from './days';
import { useFormat } from './format';
import { useWorkspaceId } from './queries';

export type Period = Schemas['AnalyticsPeriod'];
export type Figures = Schemas['DayFigures'];

/** The days that stand beside the figures of a period. A year is shown by its months. */
export const CHART_DAYS = { day: 7, week: 14, month: 31 };
const YEAR_MONTHS = 12;
export const LIVE_MS = 60_000;

/** The figures by month. A year of single days is too fine to read. */
function byMonth(days: Figures[]) {
  const months = new Map<string, Figures[]>();
  for (const day of days) months.set(day.day.slice(0, 7), [...(months.get(day.day.slice(0, 7)) ?? []), day]);
  return [...months.values()];
}

export function useOverview(period: Period) {
  const { i18n } = useTranslation();
  const workspace = useWorkspaceId();
  const format = useFormat();
  const until = format.today();
  const from =
    period === 'year'
      ? new Date(Date.UTC(Number(until.slice(0, 4)), Number(until.slice(5, 7)) - YEAR_MONTHS, 1))
          .toISOString()
          .slice(0, 10)
      : shifted(until, 1 - CHART_DAYS[period]);
  const overview = useQuery({
    queryKey: [workspace, 'analytics', 'overview', from, until],
    queryFn: () => answer(api.GET('/api/v1/analytics/overview', { params: { query: { from, until } } })),
    refetchInterval: LIVE_MS,
  });
  const days = overview.data?.days ?? [];
  const groups = period === 'year' ? byMonth(days) : days.map((day) => [day]);
  const name = dayNames(
    i18n.language,
    period === 'year' ? { month: 'short', year: '2-digit' } : { day: 'numeric', month: 'short' },
  );
  return { overview, groups, names: groups.map((group) => name(group[0]!.day)) };
}

export function useSpanName(period: Period) {
  const { t } = useTranslation();
  const format = useFormat();
  return period === 'year'
    ? t('dashboard.lastMonths')
    : t('dashboard.lastDays', { days: format.number(CHART_DAYS[period]) });
}
