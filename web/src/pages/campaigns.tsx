import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { PlusIcon } from 'lucide-react';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, api, type Schemas } from '@/api/client';
import { nameColumn, statusColumn, timeColumn } from '@/components/columns';
import { DataTable, type Column } from '@/components/data-table';
import { ExportButton } from '@/components/export-button';
import { PageHead } from '@/components/page';
import { Button } from '@/components/ui/button';
import { useFormat } from '@/lib/format';
import { channelsQuery, segmentsQuery, useIs, useWorkspaceId } from '@/lib/queries';

type Campaign = Schemas['Campaign'];

const STATES = [
  'draft',
  'planning',
  'planned',
  'scheduled',
  'sending',
  'paused',
  'completed',
  'cancelled',
  'failed',
] as const;

export function Campaigns() {
  const { t } = useTranslation();
  const workspace = useWorkspaceId();
  const format = useFormat();
  const maySave = useIs('admin');
  const channels = useQuery(channelsQuery(workspace)).data;
  const segments = useQuery(segmentsQuery(workspace)).data;
  const columns = useMemo<Column<Campaign>[]>(
    () => [
      nameColumn(t('campaigns.name'), (one) => one.name),
      statusColumn(t, t('campaigns.state'), t('campaigns.all'), STATES),
      {
        id: 'audience',
        header: t('campaigns.audience'),
        value: (one) => segments?.items.find((segment) => segment.id === one.segment_id)?.name,
        cell: (one) =>
          segments?.items.find((segment) => segment.id === one.segment_id)?.name ??
          t(one.audience ? 'campaigns.ownAudience' : 'campaigns.everybody'),
      },
      {
        id: 'recipients',
        header: t('campaigns.recipients'),
        align: 'end',
        value: (one) => one.report?.recipients,
        filter: { kind: 'number' },
        cell: (one) => (one.report ? format.number(one.report.recipients) : '–'),
      },
      {
        id: 'channel',
        header: t('campaigns.channel'),
        hidden: true,
        value: (one) => channels?.items.find((channel) => channel.id === one.channel_id)?.name,
        cell: (one) => channels?.items.find((channel) => channel.id === one.channel_id)?.name ?? '–',
      },
      {
        id: 'when',
        header: t('campaigns.when'),
        value: (one) => one.started_at ?? one.scheduled_at,
        filter: { kind: 'day' },
        cell: (one) => format.moment(one.started_at ?? one.scheduled_at),
      },
      timeColumn('created', t('campaigns.created'), format.moment, (one) => one.created_at, true),
    ],
    [t, format, segments, channels],
  );
  return (
    <>
      <PageHead title={t('nav.campaigns')}>
        <ExportButton
          rows={(filters) => ({ kind: 'campaigns', status: STATES.find((one) => one === filters.status) })}
        />
        {maySave && (
          <Button asChild>
            <Link to="/campaigns/new">
              <PlusIcon aria-hidden />
              {t('campaigns.add')}
            </Link>
          </Button>
        )}
      </PageHead>
      <DataTable
        name="campaigns"
        label={t('nav.campaigns')}
        columns={columns}
        source={{
          key: [workspace, 'campaigns'],
          load: ({ filters, limit, cursor }) => {
            const status = STATES.find((one) => one === filters.status);
            return answer(api.GET('/api/v1/messaging/campaigns', { params: { query: { status, limit, cursor } } }));
          },
        }}
        rowId={(one) => one.id}
        href={(one) => `/campaigns/${one.id}`}
        empty={{ title: t('campaigns.none'), hint: t('campaigns.noneHint') }}
      />
    </>
  );
}
