import { CircleAlertIcon, InboxIcon, LockIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError } from '@/api/client';
import { Button } from './ui/button';
import { Skeleton } from './ui/skeleton';

/** What to tell a person about a failed call. */
export function useReason() {
  const { t, i18n } = useTranslation();
  return (error: unknown) => {
    if (!(error instanceof ApiError)) return t('error.offline');
    const fields = error.problem?.errors?.map((one) => `${one.pointer}: ${one.detail}`);
    if (fields?.length) return fields.join(' ');
    const known = `refused.${error.problem?.code}`;
    return i18n.exists(known) ? t(known) : error.message;
  };
}

export function Failed({ error, retry }: { error: unknown; retry?: () => void }) {
  const { t } = useTranslation();
  const reason = useReason();
  if (error instanceof ApiError && error.problem?.code === 'forbidden') return <Forbidden />;
  return (
    <div role="alert" className="flex flex-col items-center gap-3 px-4 py-12 text-center">
      <CircleAlertIcon className="size-8 text-destructive-text" aria-hidden />
      <p className="font-medium">{t('error.title')}</p>
      <p className="max-w-prose text-sm text-muted-foreground">{reason(error)}</p>
      {retry && (
        <Button variant="outline" onClick={retry}>
          {t('common.retry')}
        </Button>
      )}
    </div>
  );
}

/** Another try would be refused too. */
export function Forbidden() {
  const { t } = useTranslation();
  return (
    <div role="alert" className="flex flex-col items-center gap-3 px-4 py-12 text-center">
      <LockIcon className="size-8 text-muted-foreground" aria-hidden />
      <p className="font-medium">{t('error.forbidden')}</p>
      <p className="max-w-prose text-sm text-muted-foreground">{t('error.forbiddenHint')}</p>
    </div>
  );
}

export function Empty({ title, hint, children }: { title: string; hint?: string; children?: ReactNode }) {
  return (
    <div className="flex flex-col items-center gap-2 px-4 py-12 text-center">
      <InboxIcon className="size-8 text-muted-foreground" aria-hidden />
      <p className="font-medium">{title}</p>
      {hint && <p className="max-w-prose text-sm text-muted-foreground">{hint}</p>}
      {children}
    </div>
  );
}

export function Loading() {
  const { t } = useTranslation();
  return (
    <div role="status" aria-label={t('common.loading')} className="grid gap-4">
      <Skeleton className="h-8 w-56" />
      <Skeleton className="h-40 w-full" />
      <Skeleton className="h-24 w-full" />
    </div>
  );
}
