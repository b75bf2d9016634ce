import { CheckIcon } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { cn } from '@/lib/utils';

/** Where a person is on the way through a longer form. */
export function Steps({ names, at }: { names: string[]; at: number }) {
  const { t } = useTranslation();
  return (
    <ol aria-label={t('common.steps')} className="mb-6 flex flex-wrap gap-x-6 gap-y-2">
      {names.map((name, index) => (
        <li
          key={name}
          aria-current={index === at ? 'step' : undefined}
          className={cn('flex items-center gap-2 text-sm', index === at ? 'font-semibold' : 'text-muted-foreground')}
        >
          <span
            aria-hidden
            className={cn(
              'grid size-7 place-items-center rounded-full border text-xs font-semibold',
              index === at && 'border-primary bg-primary text-primary-foreground',
              index < at && 'border-primary text-primary-text',
            )}
          >
            {index < at ? <CheckIcon className="size-4" /> : index + 1}
          </span>
          {name}
        </li>
      ))}
    </ol>
  );
}
