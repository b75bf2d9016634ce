import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, api, type Schemas } from '@/api/client';
import { nameColumn, statusColumn, timeColumn } from '@/components/columns';
import { DataTable, type Column } from '@/components/data-table';
import { PageHead } from '@/components/page';
import { useFormat } from '@/lib/format';
import { useWorkspaceId } from '@/lib/queries';

type Workspace = Schemas['PlatformWorkspace'];

const STATES: Schemas['WorkspaceStatus'][] = ['active', 'suspended', 'deleted'];

export function StaffWorkspaces() {
  const { t } = useTranslation();
  const workspace = useWorkspaceId();
  const format = useFormat();
  const columns = useMemo<Column<Workspace>[]>(
    () => [
      nameColumn(t('common.name'), (one) => one.name),
      statusColumn<Workspace>(t, t('common.state'), t('platform.allWorkspaces'), STATES),
      {
        id: 'members',
        header: t('nav.members'),
        align: 'end',
        value: (one) => one.members,
        filter: { kind: 'number' },
        cell: (one) => format.number(one.members),
      },
      {
        id: 'country',
        header: t('settings.country'),
        value: (one) => one.country,
        filter: { kind: 'text' },
        cell: (one) => one.country ?? '–',
      },
      {
        id: 'zone',
        header: t('settings.zone'),
        hidden: true,
        value: (one) => one.time_zone,
        cell: (one) => one.time_zone,
      },
      timeColumn('created', t('platform.since'), format.moment, (one) => one.created_at),
    ],
    [t, format],
  );
  return (
    <>
      <PageHead title={t('nav.staffWorkspaces')} />
      <DataTable
        name="platform-workspaces"
        label={t('nav.staffWorkspaces')}
        columns={columns}
        source={{
          key: [workspace, 'platform', 'workspaces'],
          load: ({ q, filters, limit, cursor }) => {
            const status = STATES.find((one) => one === filters.status);
            return answer(api.GET('/api/v1/admin/workspaces', { params: { query: { q, status, limit, cursor } } }));
          },
        }}
        rowId={(one) => one.id}
        href={(one) => `/staff/workspaces/${one.id}`}
        searchLabel={t('platform.searchWorkspaces')}
        empty={{ title: t('platform.noWorkspaces') }}
      />
    </>
  );
}
