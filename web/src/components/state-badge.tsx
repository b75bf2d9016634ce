import { useTranslation } from 'react-i18next';
import { Badge, type Tone } from './ui/badge';

const TONES: Record<Exclude<Tone, 'neutral'>, string[]> = {
  good: [
    'approved',
    'completed',
    'confirmed',
    'paid',
    'delivered',
    'active',
    'fulfilled',
    'ok',
    'resolved',
    'closed',
    'read',
    'on',
    'succeeded',
    'ready',
    'used',
    'given',
  ],
  busy: [
    'asked',
    'scored',
    'open_code',
    'running',
    'fetching',
    'sending',
    'planning',
    'open',
    'booked',
    'shipped',
    'submitted',
  ],
  waiting: [
    'queued',
    'not_sent',
    'blocked',
    'late',
    'parked',
    'scheduled',
    'paused',
    'planned',
    'pending',
    'pending_payment',
  ],
  bad: [
    'dead',
    'silent',
    'failed',
    'rejected',
    'disabled',
    'no_show',
    'unreachable',
    'expired',
    'stopped',
    'shut_out',
    'suspended',
  ],
};

/** A state in words; the colour only helps. */
export function StateBadge({ state }: { state: string }) {
  const { t } = useTranslation();
  const tone = (Object.keys(TONES) as (keyof typeof TONES)[]).find((one) => TONES[one].includes(state));
  return <Badge tone={tone}>{t(`state.${state}`, { defaultValue: state.replaceAll('_', ' ') })}</Badge>;
}
