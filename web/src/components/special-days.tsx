// Days whose hours differ from those of the week.

import { PlusIcon, Trash2Icon } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { Schemas } from '@/api/client';
import { shifted } from '@/lib/days';
import { useFormat } from '@/lib/format';
import { Button } from './ui/button';
import { Input } from './ui/input';
import { DayHours } from './week-hours';

type SpecialDay = Schemas['SpecialDay'];

export function SpecialDays({ days, onChange }: { days: SpecialDay[]; onChange: (days: SpecialDay[]) => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const set = (at: number, patch: Partial<SpecialDay>) =>
    onChange(days.map((one, index) => (index === at ? { ...one, ...patch } : one)));
  return (
    <>
      {days.map((one, at) => (
        <div key={at} className="grid gap-2 border-b pb-3 sm:grid-cols-[12rem_1fr]">
          <span className="flex items-center gap-1 self-start">
            <Input
              type="date"
              required
              aria-label={t('hours.day')}
              value={one.day}
              onChange={(event) => event.target.value && set(at, { day: event.target.value })}
            />
            <Button
              variant="ghost"
              size="icon"
              className="size-8 shrink-0"
              aria-label={`${t('common.delete')}: ${one.day}`}
              onClick={() => onChange(days.filter((_, index) => index !== at))}
            >
              <Trash2Icon aria-hidden />
            </Button>
          </span>
          <DayHours name={one.day} hours={one.hours} onChange={(hours) => set(at, { hours })} />
        </div>
      ))}
      <Button
        variant="outline"
        size="sm"
        className="justify-self-start"
        onClick={() => {
          const latest = days
            .map((one) => one.day)
            .toSorted()
            .at(-1);
          onChange([...days, { day: latest ? shifted(latest, 1) : format.today(), hours: [] }]);
        }}
      >
        <PlusIcon aria-hidden />
        {t('hours.addDay')}
      </Button>
    </>
  );
}
