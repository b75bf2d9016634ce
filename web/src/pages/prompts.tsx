import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, api } from '@/api/client';
import { nameColumn, timeColumn } from '@/components/columns';
import { DataTable, type Column } from '@/components/data-table';
import { AddButton, PageHead } from '@/components/page';
import { StateBadge } from '@/components/state-badge';
import { Badge } from '@/components/ui/badge';
import { useFormat } from '@/lib/format';
import { channelsQuery, useIs, useWorkspaceId } from '@/lib/queries';
import { PromptDialog, type Prompt } from './prompt-form';

export function Prompts() {
  const { t } = useTranslation();
  const workspace = useWorkspaceId();
  const format = useFormat();
  const navigate = useNavigate();
  const maySave = useIs('admin');
  const [isAdding, setAdding] = useState(false);
  const channels = useQuery(channelsQuery(workspace)).data?.items;
  const columns = useMemo<Column<Prompt>[]>(() => {
    const channelOf = (one: Prompt) =>
      one.channel_id ? (channels?.find((each) => each.id === one.channel_id)?.name ?? '–') : t('prompts.anyChannel');
    return [
      nameColumn(t('common.name'), (one) => one.name),
      {
        id: 'state',
        header: t('common.state'),
        value: (one) => (one.active ? 'active' : 'resting'),
        filter: {
          kind: 'choice',
          quick: true,
          all: t('prompts.all'),
          options: [
            { value: 'active', label: t('state.active') },
            { value: 'resting', label: t('prompts.resting') },
          ],
        },
        cell: (one) => (one.active ? <StateBadge state="active" /> : <Badge>{t('prompts.resting')}</Badge>),
      },
      {
        id: 'channel',
        header: t('prompts.channel'),
        value: channelOf,
        filter: { kind: 'text' },
        cell: channelOf,
      },
      {
        id: 'models',
        header: t('prompts.models'),
        value: (one) => one.models.join(', '),
        filter: { kind: 'text' },
        cell: (one) => <bdi dir="ltr">{one.models.join(', ')}</bdi>,
      },
      {
        id: 'revision',
        header: t('prompts.revision'),
        align: 'end',
        value: (one) => one.revision,
        cell: (one) => format.number(one.revision),
      },
      timeColumn('updated', t('products.updated'), format.moment, (one) => one.updated_at),
    ];
  }, [t, format, channels]);
  return (
    <>
      <PageHead title={t('nav.prompts')}>
        {maySave && <AddButton onClick={() => setAdding(true)}>{t('prompts.add')}</AddButton>}
      </PageHead>
      <DataTable
        name="prompts"
        label={t('nav.prompts')}
        columns={columns}
        source={{
          key: [workspace, 'prompts', 'list'],
          load: ({ limit, cursor }) => answer(api.GET('/api/v1/prompts', { params: { query: { limit, cursor } } })),
        }}
        rowId={(one) => one.id}
        href={(one) => `/prompts/${one.id}`}
        empty={{ title: t('prompts.none'), hint: t('prompts.noneHint') }}
      />
      <PromptDialog
        open={isAdding}
        onOpenChange={setAdding}
        onMade={(one) => void navigate({ to: '/prompts/$id', params: { id: one.id } })}
      />
    </>
  );
}
