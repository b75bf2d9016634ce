import { PlayIcon } from 'lucide-react';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, api, type Schemas } from '@/api/client';
import { actionsColumn, nameColumn, timeColumn } from '@/components/columns';
import { Confirm } from '@/components/confirm';
import { DataTable, type Column } from '@/components/data-table';
import { PauseButton, useOpenJob, useOpsKey } from '@/components/ops';
import { RowButton } from '@/components/row-actions';
import { StateBadge } from '@/components/state-badge';
import { useAct } from '@/lib/act';
import { useFormat } from '@/lib/format';
import { pageOf } from '@/lib/table';

type Schedule = Schemas['QueueSchedule'];

const LIVE_MS = 10_000;
const LATE_MS = 60_000;

function stateOf(one: Schedule) {
  if (one.paused) return 'paused';
  if (one.error) return 'failed';
  if (one.next_at && Date.parse(one.next_at) < Date.now() - LATE_MS) return 'late';
  return 'on';
}

function Steps({ schedule: { name, paused } }: { schedule: Schedule }) {
  const { t } = useTranslation();
  const open = useOpenJob();
  const path = { params: { path: { name } } };
  const run = useAct(async () => {
    const { job_id } = await answer(api.POST('/api/v1/admin/ops/schedules/{name}/run', path));
    open(job_id);
  });
  return (
    <>
      <Confirm
        trigger={
          <RowButton words={t('ops.runNow')} name={name}>
            <PlayIcon aria-hidden />
          </RowButton>
        }
        title={t('ops.runTitle', { name })}
        text={t('ops.runScheduleText')}
        action={t('ops.runNow')}
        onConfirm={() => run.mutateAsync(undefined)}
      />
      <PauseButton
        name={name}
        paused={paused}
        text={t('ops.pauseScheduleText')}
        set={(on) =>
          on
            ? api.POST('/api/v1/admin/ops/schedules/{name}/pause', path)
            : api.POST('/api/v1/admin/ops/schedules/{name}/resume', path)
        }
      />
    </>
  );
}

export function Schedules() {
  const { t } = useTranslation();
  const format = useFormat();
  const columns = useMemo<Column<Schedule>[]>(
    () => [
      nameColumn(t('ops.schedule'), (one) => one.name),
      {
        id: 'expression',
        header: t('ops.expression'),
        value: (one) => `${one.expression} ${one.zone}`,
        cell: (one) => (
          <bdi dir="ltr" className="font-mono text-xs">
            {one.expression} {one.zone}
          </bdi>
        ),
      },
      {
        id: 'state',
        header: t('common.state'),
        value: stateOf,
        filter: {
          kind: 'choice',
          quick: true,
          all: t('ops.allStates'),
          options: ['on', 'paused', 'late', 'failed'].map((value) => ({ value, label: t(`state.${value}`) })),
        },
        cell: (one) => (
          <span title={one.error ?? undefined}>
            <StateBadge state={stateOf(one)} />
          </span>
        ),
      },
      timeColumn('last', t('ops.lastAt'), format.moment, (one) => one.last_at),
      timeColumn('next', t('ops.nextAt'), format.moment, (one) => (one.paused ? null : one.next_at)),
      {
        id: 'kind',
        header: t('ops.kind'),
        hidden: true,
        value: (one) => one.kind,
        cell: (one) => <bdi dir="ltr">{one.kind}</bdi>,
      },
      {
        id: 'error',
        header: t('ops.error'),
        hidden: true,
        value: (one) => one.error,
        cell: (one) => <bdi>{one.error ?? '–'}</bdi>,
      },
      ...actionsColumn(true, (one: Schedule) => <Steps schedule={one} />),
    ],
    [t, format],
  );
  return (
    <DataTable
      name="ops-schedules"
      label={t('ops.tabs.schedules')}
      columns={columns}
      source={{
        key: useOpsKey('schedules'),
        every: LIVE_MS,
        load: async (ask) => pageOf((await answer(api.GET('/api/v1/admin/ops/schedules'))).items, ask),
      }}
      rowId={(one) => one.name}
      empty={{ title: t('ops.schedulesNone') }}
    />
  );
}
