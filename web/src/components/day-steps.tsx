import { ChevronLeftIcon, ChevronRightIcon } from 'lucide-react';
import { shifted } from '@/lib/days';
import { Button } from './ui/button';
import { Input } from './ui/input';

/** Goes from a day to the one before or after it, or to any. */
export function DaySteps({
  day,
  span,
  steps = { before: shifted(day, -span), after: shifted(day, span) },
  labels,
  onGo,
}: {
  day: string;
  /** The days of a step. */
  span: number;
  /** Where the steps lead, if not so many days away: months differ. */
  steps?: { before: string; after: string };
  labels: { before: string; day: string; after: string };
  onGo: (day: string) => void;
}) {
  return (
    // On a phone the parts of one choice stay in one line.
    <div className="flex gap-2">
      <Button variant="outline" size="icon" aria-label={labels.before} onClick={() => onGo(steps.before)}>
        <ChevronLeftIcon className="rtl:rotate-180" aria-hidden />
      </Button>
      <Input
        type="date"
        aria-label={labels.day}
        className="w-40"
        value={day}
        onChange={(event) => event.target.value && onGo(event.target.value)}
      />
      <Button variant="outline" size="icon" aria-label={labels.after} onClick={() => onGo(steps.after)}>
        <ChevronRightIcon className="rtl:rotate-180" aria-hidden />
      </Button>
    </div>
  );
}
