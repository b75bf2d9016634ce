import { useTranslation } from 'react-i18next';
import type { Schemas } from '@/api/client';
import { Badge, type Tone } from './ui/badge';

type State = Schemas['AiBudgetState'];

const TONES: Record<State, Tone> = { within: 'good', warned: 'waiting', reached: 'bad' };

/** How much of the budget for models is spent. */
export function BudgetBadge({ state }: { state: State }) {
  const { t } = useTranslation();
  return <Badge tone={TONES[state]}>{t(`aiCosts.states.${state}`)}</Badge>;
}
