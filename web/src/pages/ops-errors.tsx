import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, api, type Schemas } from '@/api/client';
import { timeColumn } from '@/components/columns';
import { DataTable, type Column } from '@/components/data-table';
import { useOpenJob, useOpsKey } from '@/components/ops';
import { useFormat } from '@/lib/format';
import { pageOf } from '@/lib/table';

type Errors = Schemas['QueueErrors'];

const LIVE_MS = 10_000;

export function Errors() {
  const { t } = useTranslation();
  const format = useFormat();
  const open = useOpenJob();
  const columns = useMemo<Column<Errors>[]>(() => {
    const count = (id: 'count' | 'jobs' | 'dead', header: string): Column<Errors> => ({
      id,
      header,
      align: 'end',
      value: (one) => one[id],
      cell: (one) => format.number(one[id]),
    });
    return [
      {
        id: 'kind',
        header: t('ops.kind'),
        value: (one) => one.kind,
        filter: { kind: 'text' },
        cell: (one) => (
          <bdi dir="ltr" className="font-medium">
            {one.kind}
          </bdi>
        ),
      },
      {
        id: 'error',
        header: t('ops.error'),
        value: (one) => one.error_class,
        filter: { kind: 'text' },
        cell: (one) => <bdi dir="ltr">{one.error_class}</bdi>,
      },
      {
        id: 'since',
        header: t('ops.span'),
        hidden: true,
        filter: {
          kind: 'choice',
          server: true,
          quick: true,
          all: t('ops.hour'),
          options: [{ value: 'day', label: t('ops.day') }],
        },
        cell: () => null,
      },
      count('count', t('ops.failedAttempts')),
      count('jobs', t('ops.tabs.jobs')),
      count('dead', t('ops.dead')),
      timeColumn('last', t('ops.last'), format.precise, (one) => one.last_at),
      {
        id: 'message',
        header: t('ops.message'),
        value: (one) => one.last_message,
        filter: { kind: 'text' },
        cell: (one) => (
          <bdi className="line-clamp-2 max-w-md break-words" title={one.last_message}>
            {one.last_message}
          </bdi>
        ),
      },
    ];
  }, [t, format]);
  return (
    <DataTable
      name="ops-errors"
      label={t('ops.tabs.errors')}
      columns={columns}
      source={{
        key: useOpsKey('errors'),
        every: LIVE_MS,
        load: async (ask) => {
          const since = ask.filters.since === 'day' ? 'day' : 'hour';
          const { items } = await answer(api.GET('/api/v1/admin/ops/errors', { params: { query: { since } } }));
          return pageOf(items, ask);
        },
      }}
      rowId={(one) => `${one.kind} ${one.error_class}`}
      onRow={(one) => open(one.last_job)}
      empty={{ title: t('ops.errorsNone'), hint: t('ops.errorsHint') }}
    />
  );
}
