import { useTranslation } from 'react-i18next';
import { useListState } from '@/lib/list-state';
import { cn } from '@/lib/utils';

const PERIODS = ['day', 'week', 'month', 'year'] as const;

/** The period that the address names. */
export function usePeriod() {
  const { search } = useListState();
  return PERIODS.find((one) => one === search.view) ?? 'month';
}

export function PeriodChoice() {
  const { t } = useTranslation();
  const { change } = useListState();
  const period = usePeriod();
  return (
    <div role="group" aria-label={t('dashboard.period')} className="flex rounded-md border bg-card p-1">
      {PERIODS.map((one) => (
        <button
          key={one}
          type="button"
          aria-pressed={one === period}
          className={cn(
            'h-8 rounded-sm px-3 text-sm font-medium',
            one === period ? 'bg-primary text-primary-foreground' : 'hover:bg-muted',
          )}
          onClick={() => change({ view: one === 'month' ? undefined : one })}
        >
          {t(`dashboard.periods.${one}`)}
        </button>
      ))}
    </div>
  );
}
