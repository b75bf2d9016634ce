import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, api, type Schemas } from '@/api/client';
import { timeColumn } from '@/components/columns';
import { DataTable, type Column } from '@/components/data-table';
import { PageHead } from '@/components/page';
import { PublicationDialog } from '@/components/social-publication';
import { SocialParts } from '@/components/social-parts';
import { StateBadge } from '@/components/state-badge';
import { useFormat } from '@/lib/format';
import { socialAccountsQuery, useWorkspaceId } from '@/lib/queries';
import { NETWORKS } from '@/lib/social';

type Publication = Schemas['SocialPublication'];

const LIVE_MS = 5_000;

export function SocialPublications() {
  const { t } = useTranslation();
  const workspace = useWorkspaceId();
  const format = useFormat();
  const [shown, setShown] = useState<string | null>(null);
  const accounts = useQuery(socialAccountsQuery(workspace)).data?.items;
  const columns = useMemo<Column<Publication>[]>(
    () => [
      timeColumn('started', t('social.begun'), format.moment, (one) => one.started_at),
      {
        id: 'account',
        header: t('social.account'),
        value: (one) => accounts?.find((each) => each.id === one.account_id)?.name,
        filter: {
          kind: 'choice',
          server: true,
          quick: true,
          all: t('social.allAccounts'),
          of: (one) => [one.account_id],
          options: (accounts ?? []).map((one) => ({ value: one.id, label: one.name })),
        },
        cell: (one) => (
          <>
            {accounts?.find((each) => each.id === one.account_id)?.name ?? '–'}{' '}
            <span className="text-muted-foreground">{NETWORKS[one.network]}</span>
          </>
        ),
      },
      {
        id: 'text',
        header: t('social.text'),
        value: (one) => one.text,
        filter: { kind: 'text' },
        cell: (one) => <bdi className="line-clamp-2 max-w-md">{one.text}</bdi>,
      },
      {
        id: 'status',
        header: t('common.state'),
        value: (one) => one.status,
        filter: {
          kind: 'choice',
          options: (['scheduled', 'publishing', 'published', 'failed'] as const).map((one) => ({
            value: one,
            label: t(`state.${one}`),
          })),
        },
        cell: (one) => (
          <span className="inline-flex flex-wrap items-center gap-2">
            <StateBadge state={one.status} />
            {one.error && <span className="line-clamp-2 max-w-xs text-destructive-text">{one.error}</span>}
          </span>
        ),
      },
    ],
    [t, format, accounts],
  );
  return (
    <>
      <PageHead title={t('nav.social')} />
      <SocialParts />
      <DataTable
        name="publications"
        label={t('social.publications')}
        columns={columns}
        source={{
          key: [workspace, 'publications'],
          every: LIVE_MS,
          load: ({ filters, limit, cursor }) =>
            answer(
              api.GET('/api/v1/social/publications', {
                params: { query: { account_id: filters.account, limit, cursor } },
              }),
            ),
        }}
        rowId={(one) => one.id}
        onRow={(one) => setShown(one.id)}
        empty={{ title: t('social.publicationsNone'), hint: t('social.publicationsHint') }}
      />
      <PublicationDialog id={shown} onClose={() => setShown(null)} />
    </>
  );
}
