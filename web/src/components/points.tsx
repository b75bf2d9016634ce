import { useTranslation } from 'react-i18next';
import { useFormat } from '@/lib/format';
import { cn } from '@/lib/utils';

/** Points that came or went, with their sign. */
export function PointsChange({ points }: { points: number }) {
  const format = useFormat();
  return (
    <bdi className={cn('font-medium tabular-nums', points < 0 ? 'text-destructive-text' : 'text-primary-text')}>
      {points > 0 ? '+' : ''}
      {format.number(points)}
    </bdi>
  );
}

/** A number that a page is about, in a card. */
export function BigNumber({ label, value, hint }: { label: string; value: string; hint?: string }) {
  return (
    <div className="rounded-md border bg-card p-4 shadow-xs">
      <dt className="text-sm font-medium text-muted-foreground">{label}</dt>
      <dd className="mt-1">
        {/* The number stands below its label, whatever its own direction is. */}
        <span className="block text-3xl font-bold tabular-nums">
          <bdi>{value}</bdi>
        </span>
        {hint && <span className="mt-1 block text-xs text-muted-foreground">{hint}</span>}
      </dd>
    </div>
  );
}

/** Until when so many points are good. */
export function ExpiringPoints({ of }: { of: { points: number; at: string } }) {
  const { t } = useTranslation();
  const format = useFormat();
  return <>{t('loyalty.expiring', { points: format.number(of.points), day: format.day(of.at) })}</>;
}
