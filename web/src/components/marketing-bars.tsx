// How far a marketing campaign is: to its goal, and into its budget.

import { useTranslation } from 'react-i18next';
import { useFormat } from '@/lib/format';
import type { MarketingCampaign } from '@/lib/marketing';
import { cn } from '@/lib/utils';

/** The shares of a budget of which members are told. */
const NEARLY = 80;
const WHOLE = 100;

function Bar({ percent, text, colour }: { percent: number; text: string; colour: string }) {
  return (
    <span className="grid min-w-36 gap-1">
      <span className="text-sm tabular-nums">{text}</span>
      <span aria-hidden className="block h-2 overflow-hidden rounded-full bg-muted">
        <span
          className={cn('block h-full rounded-full', colour)}
          style={{ width: `${Math.min(WHOLE, Math.max(0, percent))}%` }}
        />
      </span>
    </span>
  );
}

type Measured = Pick<MarketingCampaign, 'goal' | 'budget' | 'progress'>;

/** What is counted for the goal, as a person reads it. */
export function useAmountOfGoal() {
  const format = useFormat();
  return (goal: NonNullable<MarketingCampaign['goal']>, value: number) =>
    goal.currency ? format.money(value, goal.currency) : format.number(value);
}

export function GoalBar({ of: { goal, progress } }: { of: Measured }) {
  const { t } = useTranslation();
  const format = useFormat();
  const amount = useAmountOfGoal();
  if (!goal || !progress.goal) return '–';
  const { reached, percent } = progress.goal;
  const target = amount(goal, goal.target);
  return (
    <Bar
      percent={percent ?? 0}
      colour={(percent ?? 0) >= WHOLE ? 'bg-emerald-600' : 'bg-primary'}
      text={
        reached == null
          ? t('marketing.goalUnknown', { target })
          : t('marketing.ofTarget', {
              reached: amount(goal, reached),
              target,
              percent: format.percent((percent ?? 0) / WHOLE),
            })
      }
    />
  );
}

export function BudgetBar({ of: { budget, progress } }: { of: Measured }) {
  const { t } = useTranslation();
  const format = useFormat();
  if (!budget || !progress.budget) return '–';
  const { spent_micros, percent } = progress.budget;
  const colour = percent >= WHOLE ? 'bg-destructive' : percent >= NEARLY ? 'bg-amber-500' : 'bg-primary';
  return (
    <Bar
      percent={percent}
      colour={colour}
      text={t('marketing.ofTarget', {
        reached: format.micros(spent_micros, budget.currency),
        target: format.money(budget.amount_minor, budget.currency),
        percent: format.percent(percent / WHOLE),
      })}
    />
  );
}
