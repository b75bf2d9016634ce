// What the workspace does by itself next: campaigns, automations at set times, and posts.

import { useQueryClient } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, api, type Schemas } from '@/api/client';
import { nameColumn, timeColumn } from '@/components/columns';
import { DataTable, type Column } from '@/components/data-table';
import { PageHead } from '@/components/page';
import { Badge } from '@/components/ui/badge';
import { useFormat } from '@/lib/format';
import { socialContentsQuery, useWorkspaceId } from '@/lib/queries';
import { NETWORKS } from '@/lib/social';
import { readAll } from '@/lib/table';

const KINDS = ['campaign', 'automation', 'post'] as const;

interface Due {
  kind: (typeof KINDS)[number];
  id: string;
  name: string;
  at: string;
  href: string;
}

const LIVE_MS = 30_000;
/** A post's first characters are its name. */
const NAME_CHARS = 80;
const YEAR_DAYS = 366;
const DAY_MS = 86_400_000;

async function campaignsDue(): Promise<Due[]> {
  const items = await readAll(({ limit, cursor }) =>
    answer(api.GET('/api/v1/messaging/campaigns', { params: { query: { status: 'scheduled', limit, cursor } } })),
  );
  return items.flatMap(({ id, name, scheduled_at: at }) =>
    at ? [{ kind: 'campaign', id, name, at, href: `/campaigns/${id}` }] : [],
  );
}

async function automationsDue(): Promise<Due[]> {
  const items = await readAll(({ limit, cursor }) =>
    answer(api.GET('/api/v1/messaging/automations', { params: { query: { status: 'active', limit, cursor } } })),
  );
  // The other triggers have no time that anybody could know.
  return items.flatMap(({ id, name, trigger, next_at: at }) =>
    at && trigger.kind === 'cron' ? [{ kind: 'automation', id, name, at, href: `/automations/${id}` }] : [],
  );
}

async function postsDue(contents: Schemas['SocialContent'][]): Promise<Due[]> {
  const now = Date.now();
  const [from, to] = [now, now + YEAR_DAYS * DAY_MS].map((at) => new Date(at).toISOString());
  const items = await readAll(({ limit, cursor }) =>
    answer(api.GET('/api/v1/social/schedules', { params: { query: { from, to, limit, cursor } } })),
  );
  const titles = new Map(contents.map((one) => [one.id, one.text.slice(0, NAME_CHARS)]));
  return items
    .filter(({ status }) => status === 'scheduled')
    .map(({ id, network, content_id, due_at: at, local_time }) => ({
      kind: 'post',
      id,
      name: [NETWORKS[network], titles.get(content_id)].filter(Boolean).join(' · '),
      at,
      href: `/social?day=${local_time.slice(0, 10)}`,
    }));
}

export function Schedules() {
  const { t } = useTranslation();
  const workspace = useWorkspaceId();
  const format = useFormat();
  const queries = useQueryClient();
  const columns = useMemo<Column<Due>[]>(
    () => [
      timeColumn('at', t('schedules.at'), format.moment, (one) => one.at),
      nameColumn(t('common.name'), (one) => one.name),
      {
        id: 'kind',
        header: t('schedules.kind'),
        value: (one) => one.kind,
        filter: {
          kind: 'choice',
          quick: true,
          all: t('schedules.all'),
          options: KINDS.map((value) => ({ value, label: t(`schedules.kinds.${value}`) })),
        },
        cell: (one) => <Badge>{t(`schedules.kinds.${one.kind}`)}</Badge>,
      },
    ],
    [t, format],
  );
  return (
    <>
      <PageHead title={t('nav.schedules')} />
      <DataTable
        name="schedules"
        label={t('nav.schedules')}
        columns={columns}
        source={{
          key: [workspace, 'due'],
          every: LIVE_MS,
          load: async () => {
            const contents = await queries.fetchQuery(socialContentsQuery(workspace));
            const due = await Promise.all([campaignsDue(), automationsDue(), postsDue(contents.items)]);
            return { items: due.flat().sort((a, b) => a.at.localeCompare(b.at)), next_cursor: null };
          },
        }}
        rowId={(one) => one.id}
        href={(one) => one.href}
        empty={{ title: t('schedules.none'), hint: t('schedules.noneHint') }}
      />
    </>
  );
}
