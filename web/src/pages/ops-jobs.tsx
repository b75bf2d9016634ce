import { useMemo, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, api, type Schemas } from '@/api/client';
import { statusColumn, timeColumn } from '@/components/columns';
import { Confirm } from '@/components/confirm';
import { DataTable, type Ask, type Column } from '@/components/data-table';
import { POOLS, useKinds, useOpenJob, useOpsKey } from '@/components/ops';
import { Button } from '@/components/ui/button';
import { useFormat } from '@/lib/format';
import { DeleteDialog, useReplay } from './ops-dead';

type Job = Schemas['QueueJob'];
type State = Job['state'];

const STATES: State[] = ['ready', 'running', 'scheduled', 'blocked', 'dead', 'done', 'cancelled'];
const LIVE_MS = 5_000;

/** A person may write a workspace's name in place of its id. */
async function workspaceOf(said: string | undefined) {
  if (!said || said.startsWith('wsp_')) return said;
  const found = await answer(api.GET('/api/v1/admin/workspaces', { params: { query: { q: said, limit: 1 } } }));
  return found.items[0]?.id ?? null;
}

async function loadJobs({ filters, limit, cursor }: Ask) {
  const workspace_id = await workspaceOf(filters.workspace);
  if (workspace_id === null) return { items: [] };
  return answer(
    api.GET('/api/v1/admin/ops/jobs', {
      params: {
        query: {
          state: filters.state as State | undefined,
          kind: filters.kind,
          pool: filters.pool,
          lane: filters.lane,
          error_class: filters.error,
          workspace_id,
          limit,
          cursor,
        },
      },
    }),
  );
}

function useJobColumns() {
  const { t } = useTranslation();
  const format = useFormat();
  const kinds = useKinds();
  return useMemo<Column<Job>[]>(() => {
    const plain = (value: string | null | undefined): ReactNode => (
      <bdi dir="ltr" className="break-all">
        {value || '–'}
      </bdi>
    );
    return [
      {
        id: 'id',
        header: t('ops.job'),
        value: (one) => one.id,
        cell: (one) => <span className="tabular-nums">{one.id}</span>,
      },
      {
        id: 'kind',
        header: t('ops.kind'),
        value: (one) => one.kind,
        filter: {
          kind: 'choice',
          server: true,
          quick: true,
          all: t('ops.allKinds'),
          options: (kinds ?? []).map(({ kind }) => ({ value: kind, label: kind })),
        },
        cell: (one) => (
          <bdi dir="ltr" className="font-medium">
            {one.kind}
          </bdi>
        ),
      },
      statusColumn<Job, 'state'>(t, t('common.state'), t('ops.allStates'), STATES, 'state'),
      {
        id: 'error',
        header: t('ops.error'),
        value: (one) => one.error_class,
        filter: { kind: 'text', server: true },
        cell: (one) => plain(one.error_class),
      },
      {
        id: 'workspace',
        header: t('ops.workspace'),
        value: (one) => one.workspace ?? one.workspace_id,
        filter: { kind: 'text', server: true },
        cell: (one) => <bdi>{one.workspace ?? one.workspace_id ?? '–'}</bdi>,
      },
      {
        id: 'pool',
        header: t('ops.pool'),
        value: (one) => one.pool,
        filter: {
          kind: 'choice',
          server: true,
          all: t('ops.allPools'),
          options: POOLS.map((value) => ({ value, label: value })),
        },
        cell: (one) => <bdi dir="ltr">{one.pool}</bdi>,
      },
      {
        id: 'lane',
        header: t('ops.lane'),
        hidden: true,
        value: (one) => one.lane,
        filter: { kind: 'text', server: true },
        cell: (one) => plain(one.lane),
      },
      {
        id: 'attempt',
        header: t('ops.attempt'),
        align: 'end',
        value: (one) => one.attempt,
        cell: (one) =>
          t('ops.attemptOf', { attempt: format.number(one.attempt), most: format.number(one.max_attempts) }),
      },
      // The API does not filter by time, and the browser must not read a million jobs for it.
      {
        ...timeColumn<Job>('enqueued', t('ops.enqueued'), format.moment, (one) => one.enqueued_at),
        filter: undefined,
        cell: (one) => <span className="inline-block min-w-24">{format.moment(one.enqueued_at)}</span>,
      },
      { ...timeColumn<Job>('due', t('ops.dueAt'), format.moment, (one) => one.due_at, true), filter: undefined },
      { ...timeColumn<Job>('ended', t('ops.ended'), format.moment, (one) => one.finished_at, true), filter: undefined },
    ];
  }, [t, format, kinds]);
}

/** What can be done with chosen dead letters. */
function Chosen({ rows, done }: { rows: Job[]; done: () => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const [isDeleting, setDeleting] = useState(false);
  const run = useReplay();
  if (rows.length === 0) return null;
  const which = { jobs: rows.map((one) => one.id) };
  return (
    <>
      <Confirm
        trigger={<Button size="sm">{t('ops.replay')}</Button>}
        title={t('ops.replayTitle', { shown: format.number(rows.length) })}
        text={t('ops.replayChosen')}
        action={t('ops.replay')}
        onConfirm={async () => {
          await run.mutateAsync(which);
          done();
        }}
      />
      <Button size="sm" variant="outline" onClick={() => setDeleting(true)}>
        {t('common.delete')}
      </Button>
      <DeleteDialog
        which={isDeleting ? which : null}
        count={rows.length}
        onClose={() => setDeleting(false)}
        onDone={done}
      />
    </>
  );
}

export function Jobs() {
  const { t } = useTranslation();
  const columns = useJobColumns();
  const open = useOpenJob();
  return (
    <DataTable
      name="ops-jobs"
      label={t('ops.tabs.jobs')}
      columns={columns}
      source={{ key: useOpsKey('jobs'), every: LIVE_MS, load: loadJobs }}
      rowId={(one) => String(one.id)}
      onRow={(one) => open(one.id)}
      bulk={(rows, done) => <Chosen rows={rows.filter((one) => one.state === 'dead')} done={done} />}
      empty={{ title: t('ops.jobsNone') }}
    />
  );
}
