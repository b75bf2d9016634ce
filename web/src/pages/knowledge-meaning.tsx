// Whether the knowledge is also searched by meaning, and how far that has come.

import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, api } from '@/api/client';
import { Fact, Facts } from '@/components/page';
import { RecordDialog, tick } from '@/components/record-form';
import { StateBadge } from '@/components/state-badge';
import { Failed } from '@/components/states';
import { Button } from '@/components/ui/button';
import { Card } from '@/components/ui/card';
import { Skeleton } from '@/components/ui/skeleton';
import { useFormat } from '@/lib/format';
import { useIs, useWorkspaceId } from '@/lib/queries';

const LIVE_MS = 5_000;

export function Meaning() {
  const { t } = useTranslation();
  const workspace = useWorkspaceId();
  const format = useFormat();
  const maySave = useIs('admin');
  const [isOpen, setOpen] = useState(false);
  const query = useQuery({
    queryKey: [workspace, 'ai-embeddings'],
    queryFn: () => answer(api.GET('/api/v1/ai/embeddings')),
    // A job makes the vectors, one after the other.
    refetchInterval: ({ state: { data } }) =>
      data?.enabled && data.embedded < Math.min(data.pieces, data.most_pieces) ? LIVE_MS : false,
  });
  if (query.isError) return <Failed error={query.error} retry={() => void query.refetch()} />;
  if (query.isPending) return <Skeleton className="h-56" />;
  const now = query.data;
  const wanted = Math.min(now.pieces, now.most_pieces);
  return (
    <Card className="max-w-3xl" aria-label={t('meaning.title')}>
      <div className="mb-2 flex flex-wrap items-center justify-between gap-2">
        <h2 className="flex items-center gap-2 text-xl font-semibold">
          {t('meaning.title')}
          <StateBadge state={now.enabled ? 'on' : 'off'} />
        </h2>
        {maySave && (
          <Button variant="outline" onClick={() => setOpen(true)}>
            {t('meaning.change')}
          </Button>
        )}
      </div>
      <p className="mb-4 text-sm text-muted-foreground">{t('meaning.hint')}</p>
      <Facts>
        <Fact label={t('meaning.model')}>
          <bdi dir="ltr" className="break-all">
            {now.model}
          </bdi>
        </Fact>
        <Fact label={t('meaning.knownFrom')}>{format.percent(now.known_from)}</Fact>
        <Fact label={t('meaning.embedded')}>
          {t('meaning.pieces', { done: format.number(now.embedded), all: format.number(now.pieces) })}
        </Fact>
      </Facts>
      {now.enabled && now.embedded < wanted && (
        <progress
          className="mt-4 h-2 w-full accent-[var(--ring)]"
          aria-label={t('meaning.embedded')}
          max={wanted}
          value={now.embedded}
        />
      )}
      {now.enabled && now.pieces > now.most_pieces && (
        <p className="mt-4 text-sm text-muted-foreground">
          {t('meaning.most', { most: format.number(now.most_pieces) })}
        </p>
      )}
      {maySave && (
        <p className="mt-4 text-sm text-muted-foreground">
          {t('meaning.costs')}{' '}
          <Link to="/ai-costs" className="text-primary-text underline">
            {t('nav.aiCosts')}
          </Link>
        </p>
      )}
      <RecordDialog
        open={isOpen}
        onOpenChange={setOpen}
        title={t('meaning.change')}
        hint={t('meaning.changeHint')}
        initial={{ enabled: tick(now.enabled), model: now.model, known_from: String(now.known_from) }}
        groups={[
          {
            fields: [
              { name: 'enabled', label: t('meaning.enabled'), kind: 'check' },
              { name: 'model', label: t('meaning.model'), hint: t('meaning.modelHint'), dir: 'ltr', required: true },
              {
                name: 'known_from',
                label: `${t('meaning.knownFrom')} (0–1)`,
                hint: t('meaning.knownFromHint'),
                kind: 'number',
                step: '0.01',
                required: true,
              },
            ],
          },
        ]}
        save={(values) =>
          api.PUT('/api/v1/ai/embeddings', {
            body: {
              enabled: values.enabled === 'yes',
              model: values.model?.trim() ?? '',
              known_from: Number(values.known_from),
            },
          })
        }
      />
    </Card>
  );
}
