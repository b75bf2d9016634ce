// Finds broadcasts, posts and automations, and attaches them to a marketing campaign.

import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { LinkIcon } from 'lucide-react';
import { useDeferredValue, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, api } from '@/api/client';
import { Field } from '@/components/field';
import { StateBadge } from '@/components/state-badge';
import { Failed } from '@/components/states';
import { Button } from '@/components/ui/button';
import { Dialog, DialogContent, DialogDescription, DialogTitle, DialogTrigger } from '@/components/ui/dialog';
import { Input, NativeSelect } from '@/components/ui/input';
import { Skeleton } from '@/components/ui/skeleton';
import { useAct } from '@/lib/act';
import { MARKETING, PART_KINDS, type PartKind } from '@/lib/marketing';
import { useWorkspaceId } from '@/lib/queries';

function Search({ id }: { id: string }) {
  const { t } = useTranslation();
  const workspace = useWorkspaceId();
  const [kind, setKind] = useState<PartKind>('broadcast');
  const [text, setText] = useState('');
  const q = useDeferredValue(text.trim()) || undefined;
  const found = useQuery({
    queryKey: [workspace, 'marketing', 'candidates', kind, q],
    queryFn: () => answer(api.GET('/api/v1/marketing/parts', { params: { query: { kind, q } } })),
    placeholderData: (before) => (before?.items[0]?.kind === kind ? before : undefined),
  });
  const attach = useAct(
    (part_id: string) => api.POST(`${MARKETING}/parts`, { params: { path: { id } }, body: { part_id } }),
    t('marketing.attached'),
  );
  return (
    <>
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label={t('marketing.kind')}>
          <NativeSelect
            value={kind}
            onChange={(event) => setKind(PART_KINDS.find((one) => one === event.target.value) ?? 'broadcast')}
          >
            {PART_KINDS.map((one) => (
              <option key={one} value={one}>
                {t(`marketing.kinds.${one}`)}
              </option>
            ))}
          </NativeSelect>
        </Field>
        <Field label={t('marketing.find')}>
          <Input
            type="search"
            dir="auto"
            maxLength={200}
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
        </Field>
      </div>
      {found.isError ? (
        <Failed error={found.error} retry={() => void found.refetch()} />
      ) : found.isPending ? (
        <Skeleton className="h-40" />
      ) : found.data.items.length === 0 ? (
        <p role="status" className="text-sm text-muted-foreground">
          {t('marketing.nothingFound')}
        </p>
      ) : (
        <ul aria-label={t(`marketing.kinds.${kind}`)} className="divide-y">
          {found.data.items.map((one) => (
            <li key={one.part_id} className="flex flex-wrap items-center justify-between gap-3 py-2">
              <div className="min-w-0 grow basis-40">
                <bdi className="line-clamp-2 text-sm font-medium break-words">{one.name || '–'}</bdi>
                <span className="mt-1 flex flex-wrap items-center gap-2 text-xs text-muted-foreground">
                  <StateBadge state={one.status} />
                  {one.campaign_id && one.campaign_id !== id && (
                    <span>{t('marketing.belongsTo', { name: one.campaign_name })}</span>
                  )}
                </span>
              </div>
              {one.campaign_id === id ? (
                <span className="text-sm text-muted-foreground">{t('marketing.isAttached')}</span>
              ) : (
                <Button
                  variant="outline"
                  size="sm"
                  aria-label={`${t('marketing.attachIt')}: ${one.name}`}
                  disabled={Boolean(one.campaign_id) || attach.isPending}
                  onClick={() => attach.mutate(one.part_id)}
                >
                  {t('marketing.attachIt')}
                </Button>
              )}
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

export function AttachDialog({ id }: { id: string }) {
  const { t } = useTranslation();
  return (
    <Dialog>
      <DialogTrigger asChild>
        <Button>
          <LinkIcon aria-hidden />
          {t('marketing.attach')}
        </Button>
      </DialogTrigger>
      <DialogContent>
        <DialogTitle>{t('marketing.attach')}</DialogTitle>
        <DialogDescription>{t('marketing.attachHint')}</DialogDescription>
        <Search id={id} />
        <p className="flex flex-wrap gap-x-4 gap-y-2 border-t pt-4 text-sm">
          <span className="text-muted-foreground">{t('marketing.orNew')}</span>
          {(['/campaigns/new', '/automations/new'] as const).map((to) => (
            <Link
              key={to}
              to={to}
              search={{ marketing: id }}
              className="text-primary-text underline-offset-4 hover:underline"
            >
              {t(to === '/campaigns/new' ? 'campaigns.add' : 'automations.add')}
            </Link>
          ))}
        </p>
      </DialogContent>
    </Dialog>
  );
}
