import { ArrowDownRightIcon, ArrowUpRightIcon } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { Schemas } from '@/api/client';
import { useFormat } from '@/lib/format';
import { cn } from '@/lib/utils';

/** How a figure has grown since the period before. */
export function Growth({ of, show }: { of: Schemas['Compared']; show?: (value: number) => string }) {
  const { t } = useTranslation();
  const format = useFormat();
  if (of.growth_percent == null) return <p className="text-xs text-muted-foreground">{t('dashboard.nothingBefore')}</p>;
  const falls = of.growth_percent < 0;
  const Icon = falls ? ArrowDownRightIcon : ArrowUpRightIcon;
  return (
    <p className="flex flex-wrap items-center gap-1 text-xs text-muted-foreground">
      <span
        className={cn('inline-flex items-center font-medium', falls ? 'text-destructive-text' : 'text-primary-text')}
      >
        <Icon className="size-3.5 rtl:-scale-x-100" aria-hidden />
        <bdi>
          {falls ? '' : '+'}
          {format.percent(of.growth_percent / 100)}
        </bdi>
      </span>
      {t('dashboard.before', { value: (show ?? format.number)(of.before) })}
    </p>
  );
}
