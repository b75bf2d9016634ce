// Hours of business or of staff: a day can have several.

import { PlusIcon, Trash2Icon } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { Schemas } from '@/api/client';
import { dayNames, daysFrom, WEEK } from '@/lib/days';
import { Button } from './ui/button';
import { Input } from './ui/input';

type Hours = Schemas['Hours'];
type Opening = Schemas['Opening'];

const USUAL: Hours = { from: '09:00', until: '17:00' };
/** A Monday, for the names of the days. */
const A_MONDAY = '2024-01-01';

export function weekdayNames(language: string) {
  return daysFrom(A_MONDAY, WEEK).map(dayNames(language, { weekday: 'long' }));
}

/** The hours of one day, which is called `name`. */
export function DayHours({
  name,
  hours,
  onChange,
}: {
  name: string;
  hours: Hours[];
  onChange: (hours: Hours[]) => void;
}) {
  const { t } = useTranslation();
  const set = (at: number, patch: Partial<Hours>) =>
    onChange(hours.map((one, index) => (index === at ? { ...one, ...patch } : one)));
  return (
    <div className="grid gap-2">
      {hours.map((one, at) => (
        <div key={at} className="flex items-center gap-2">
          <Input
            type="time"
            aria-label={`${name}, ${t('common.from')}`}
            value={one.from}
            onChange={(event) => set(at, { from: event.target.value })}
          />
          <span aria-hidden>–</span>
          <Input
            type="time"
            aria-label={`${name}, ${t('common.until')}`}
            value={one.until === '24:00' ? '23:59' : one.until}
            onChange={(event) => set(at, { until: event.target.value })}
          />
          <Button
            variant="ghost"
            size="icon"
            className="size-8 shrink-0"
            aria-label={`${t('common.delete')}: ${name}, ${one.from}`}
            onClick={() => onChange(hours.filter((_, index) => index !== at))}
          >
            <Trash2Icon aria-hidden />
          </Button>
        </div>
      ))}
      <Button
        variant="link"
        size="sm"
        className="justify-self-start px-0"
        aria-label={`${name}: ${hours.length ? t('services.hoursMore') : t('services.hoursAdd')}`}
        onClick={() => onChange([...hours, USUAL])}
      >
        <PlusIcon aria-hidden />
        {hours.length ? t('services.hoursMore') : t('services.hoursAdd')}
      </Button>
    </div>
  );
}

export function WeekHours({ week, onChange }: { week: Opening[]; onChange: (week: Opening[]) => void }) {
  const { i18n } = useTranslation();
  return weekdayNames(i18n.language).map((name, index) => {
    const weekday = index + 1;
    return (
      <fieldset key={weekday} className="grid gap-2 border-b pb-3 sm:grid-cols-[8rem_1fr]">
        <legend className="sr-only">{name}</legend>
        <span className="pt-2 text-sm font-medium" aria-hidden>
          {name}
        </span>
        <DayHours
          name={name}
          hours={week.filter((one) => one.weekday === weekday)}
          onChange={(hours) =>
            onChange(
              [...week.filter((one) => one.weekday !== weekday), ...hours.map((one) => ({ ...one, weekday }))].toSorted(
                (a, b) => a.weekday - b.weekday,
              ),
            )
          }
        />
      </fieldset>
    );
  });
}
