import { RotateCcwIcon, Trash2Icon } from 'lucide-react';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { toast } from 'sonner';
import { answer, api, type Schemas } from '@/api/client';
import { actionsColumn, timeColumn } from '@/components/columns';
import { Confirm } from '@/components/confirm';
import { DataTable, type Column } from '@/components/data-table';
import { useOpsKey } from '@/components/ops';
import { RecordDialog } from '@/components/record-form';
import { RowButton } from '@/components/row-actions';
import { useAct } from '@/lib/act';
import { useFormat } from '@/lib/format';
import { pageOf } from '@/lib/table';

type Group = Schemas['DeadLetterGroup'];
type Which = Schemas['DeadLetters'];

const LIVE_MS = 5_000;

/** One call changes some hundred dead letters. What dies again meanwhile is not meant. */
async function all(which: Which, step: (which: Which) => Promise<Schemas['DeadLettersChanged']>) {
  const meant = which.jobs ? which : { ...which, until: new Date().toISOString() };
  let changed = 0;
  for (;;) {
    const { done, more } = await step(meant);
    changed += done;
    if (done === 0 || !more) return changed;
  }
}

const replay = (which: Which) =>
  all(which, (meant) => answer(api.POST('/api/v1/admin/ops/dead-letters/replay', { body: { which: meant } })));

const remove = (which: Which, reason: string) =>
  all(which, (meant) => answer(api.POST('/api/v1/admin/ops/dead-letters/delete', { body: { which: meant, reason } })));

/** Asks for the reason, which the log of the staff keeps. */
export function DeleteDialog({
  which,
  count,
  onClose,
  onDone,
}: {
  which: Which | null;
  count: number;
  onClose: () => void;
  onDone?: () => void;
}) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <RecordDialog
      open={which !== null}
      onOpenChange={(open) => !open && onClose()}
      title={t('ops.deleteTitle', { shown: format.number(count) })}
      hint={t('ops.deleteHint')}
      action={t('common.delete')}
      done=""
      onSaved={onDone}
      groups={[
        {
          fields: [{ name: 'reason', label: t('ops.reason'), hint: t('ops.reasonHint'), kind: 'area', required: true }],
        },
      ]}
      save={async ({ reason = '' }) => {
        const deleted = await remove(which ?? {}, reason);
        toast.success(t('ops.deleted', { shown: format.number(deleted) }));
      }}
    />
  );
}

/** Replays, and says how many. */
export function useReplay() {
  const { t } = useTranslation();
  const format = useFormat();
  return useAct(async (which: Which) => {
    const shown = format.number(await replay(which));
    toast.success(t('ops.replayed', { shown }));
  });
}

/** Dead letters by their cause. A row leads to its jobs. */
export function DeadLetters() {
  const { t } = useTranslation();
  const format = useFormat();
  const [deleted, setDeleted] = useState<Group | null>(null);
  const run = useReplay();
  const replayOne = run.mutateAsync;
  const columns = useMemo<Column<Group>[]>(() => {
    const nameOf = (one: Group) => `${one.kind} ${one.error_class}`;
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
        id: 'count',
        header: t('ops.count'),
        align: 'end',
        value: (one) => one.count,
        cell: (one) => format.number(one.count),
      },
      timeColumn('first', t('ops.first'), format.moment, (one) => one.first_at, true),
      timeColumn('last', t('ops.last'), format.moment, (one) => one.last_at),
      ...actionsColumn(true, (one: Group) => (
        <>
          <Confirm
            trigger={
              <RowButton words={t('ops.replay')} name={nameOf(one)}>
                <RotateCcwIcon aria-hidden />
              </RowButton>
            }
            title={t('ops.replayTitle', { shown: format.number(one.count) })}
            text={t('ops.replayText', { kind: one.kind, error: one.error_class })}
            action={t('ops.replay')}
            onConfirm={() => replayOne({ kind: one.kind, error_class: one.error_class })}
          />
          <RowButton words={t('common.delete')} name={nameOf(one)} onClick={() => setDeleted(one)}>
            <Trash2Icon className="text-destructive-text" aria-hidden />
          </RowButton>
        </>
      )),
    ];
  }, [t, format, replayOne]);
  return (
    <>
      <DataTable
        name="ops-dead-groups"
        label={t('ops.groups')}
        columns={columns}
        source={{
          key: useOpsKey('dead-groups'),
          every: LIVE_MS,
          load: async (ask) => pageOf((await answer(api.GET('/api/v1/admin/ops/dead-letters'))).items, ask),
        }}
        rowId={(one) => `${one.kind} ${one.error_class}`}
        href={({ kind, error_class: error }) =>
          `/ops?tab=jobs&f=${encodeURIComponent(JSON.stringify({ state: 'dead', kind, error }))}`
        }
        empty={{ title: t('ops.deadNone'), hint: t('ops.deadHint') }}
      />
      <DeleteDialog
        which={deleted && { kind: deleted.kind, error_class: deleted.error_class }}
        count={deleted?.count ?? 0}
        onClose={() => setDeleted(null)}
      />
    </>
  );
}
