import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, api, type Schemas } from '@/api/client';
import { timeColumn } from '@/components/columns';
import { DataTable, type Column } from '@/components/data-table';
import { PageHead } from '@/components/page';
import { StateBadge } from '@/components/state-badge';
import { Badge } from '@/components/ui/badge';
import { useFormat } from '@/lib/format';
import { useWorkspaceId } from '@/lib/queries';

type User = Schemas['PlatformUser'];

export const stateOf = (one: User) => (one.disabled_at ? 'shut_out' : 'active');

export function StaffUsers() {
  const { t } = useTranslation();
  const workspace = useWorkspaceId();
  const format = useFormat();
  const columns = useMemo<Column<User>[]>(
    () => [
      {
        id: 'email',
        header: t('platform.email'),
        value: (one) => one.email,
        cell: (one) => (
          <bdi dir="ltr" className="font-medium break-all">
            {one.email}
          </bdi>
        ),
      },
      { id: 'name', header: t('common.name'), value: (one) => one.name, cell: (one) => <bdi>{one.name ?? '–'}</bdi> },
      {
        id: 'state',
        header: t('common.state'),
        value: stateOf,
        filter: {
          kind: 'choice',
          server: true,
          quick: true,
          all: t('platform.allUsers'),
          options: (['active', 'shut_out'] as const).map((value) => ({ value, label: t(`state.${value}`) })),
        },
        cell: (one) => <StateBadge state={stateOf(one)} />,
      },
      {
        id: 'staff',
        header: t('platform.staff'),
        value: (one) => (one.is_staff ? 'yes' : 'no'),
        filter: {
          kind: 'choice',
          server: true,
          options: (['yes', 'no'] as const).map((value) => ({ value, label: t(`common.${value}`) })),
        },
        cell: (one) => (one.is_staff ? <Badge tone="busy">{t('platform.staff')}</Badge> : '–'),
      },
      {
        id: 'totp',
        header: t('platform.secondFactor'),
        hidden: true,
        value: (one) => (one.totp ? 'yes' : 'no'),
        cell: (one) => t(one.totp ? 'common.yes' : 'common.no'),
      },
      timeColumn('created', t('platform.since'), format.moment, (one) => one.created_at),
    ],
    [t, format],
  );
  return (
    <>
      <PageHead title={t('nav.staffUsers')} />
      <DataTable
        name="platform-users"
        label={t('nav.staffUsers')}
        columns={columns}
        source={{
          key: [workspace, 'platform', 'users'],
          load: ({ q, filters, limit, cursor }) =>
            answer(
              api.GET('/api/v1/admin/users', {
                params: {
                  query: {
                    q,
                    disabled: filters.state ? filters.state === 'shut_out' : undefined,
                    is_staff: filters.staff ? filters.staff === 'yes' : undefined,
                    limit,
                    cursor,
                  },
                },
              }),
            ),
        }}
        rowId={(one) => one.id}
        href={(one) => `/staff/users/${one.id}`}
        searchLabel={t('platform.searchUsers')}
        empty={{ title: t('platform.noUsers') }}
      />
    </>
  );
}
