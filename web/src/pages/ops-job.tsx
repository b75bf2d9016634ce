import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, api, type Schemas } from '@/api/client';
import { Confirm } from '@/components/confirm';
import { useOpenJob, useOpsKey } from '@/components/ops';
import { Fact, Facts } from '@/components/page';
import { RecordDialog } from '@/components/record-form';
import { StateBadge } from '@/components/state-badge';
import { Failed } from '@/components/states';
import { Button } from '@/components/ui/button';
import { Dialog, DialogContent, DialogFooter, DialogTitle } from '@/components/ui/dialog';
import { Skeleton } from '@/components/ui/skeleton';
import { useAct } from '@/lib/act';
import { useFormat } from '@/lib/format';

type Job = Schemas['QueueJobInFull'];
type Wait = Schemas['QueueWait'];

const LIVE_MS = 2_000;
const ENDED: Job['state'][] = ['done', 'cancelled'];

/** Why the job waits, in plain words. */
function useReasons(job: Job) {
  const { t } = useTranslation();
  const format = useFormat();
  return (wait: Wait) => {
    const words: Record<string, string> = {};
    for (const [name, value] of Object.entries({ ...wait, pool: job.pool }))
      words[name] =
        name === 'until' || name === 'since'
          ? format.precise(String(value))
          : typeof value === 'number'
            ? format.number(value)
            : String(value);
    return t(`ops.is.${wait.reason}`, words);
  };
}

function Why({ job }: { job: Job }) {
  const { t } = useTranslation();
  const say = useReasons(job);
  const open = useOpenJob();
  const [main, ...others] = job.waits;
  if (!main) return null;
  return (
    <section className="grid gap-2 rounded-md border border-s-4 border-s-primary p-4">
      <h3 className="text-sm font-semibold">{t('ops.why')}</h3>
      <p>{say(main)}</p>
      {main.reason === 'sequence' && main.first != null && (
        <p className="flex flex-wrap items-center gap-2 text-sm">
          <button
            type="button"
            className="text-primary-text underline underline-offset-4"
            onClick={() => open(main.first!)}
          >
            {t('ops.isFirst', { id: main.first })}
          </button>
          {main.first_state && <StateBadge state={main.first_state} />}
        </p>
      )}
      {others.length > 0 && (
        <div className="text-sm text-muted-foreground">
          <p>{t('ops.also')}</p>
          <ul className="list-disc ps-5">
            {others.map((wait) => (
              <li key={wait.reason}>{say(wait)}</li>
            ))}
          </ul>
        </div>
      )}
    </section>
  );
}

function History({ job }: { job: Job }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <section className="grid gap-2">
      <h3 className="text-sm font-semibold">{t('ops.history')}</h3>
      {job.attempts.length === 0 ? (
        <p className="text-sm text-muted-foreground">{t('ops.noErrors')}</p>
      ) : (
        <ol className="grid gap-3">
          {job.attempts.map((one, index) => (
            <li key={index} className="grid gap-1 border-s-2 ps-3 text-sm">
              <p className="font-medium">
                {t('ops.attempt')} {format.number(one.attempt)} · {format.precise(one.at)} ·{' '}
                <bdi dir="ltr">{one.error_class}</bdi>
              </p>
              <p className="break-words text-destructive-text">
                <bdi>{one.message}</bdi>
              </p>
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}

function Steps({ job }: { job: Job }) {
  const { t } = useTranslation();
  const [isCancelling, setCancelling] = useState(false);
  const path = { params: { path: { id: job.id } } };
  const run = useAct(() => api.POST('/api/v1/admin/ops/jobs/{id}/run', path), t('ops.ran'));
  const name = t('ops.jobNumber', { id: job.id });
  if (ENDED.includes(job.state)) return null;
  return (
    <DialogFooter>
      <Button variant="outline" onClick={() => setCancelling(true)}>
        {t('ops.cancel')}
      </Button>
      {(job.state === 'dead' || job.state === 'scheduled') && (
        <Confirm
          trigger={<Button>{t(job.state === 'dead' ? 'ops.runAgain' : 'ops.runNow')}</Button>}
          title={t('ops.runTitle', { name })}
          text={t('ops.runText')}
          action={t(job.state === 'dead' ? 'ops.runAgain' : 'ops.runNow')}
          onConfirm={() => run.mutateAsync(undefined)}
        />
      )}
      <RecordDialog
        open={isCancelling}
        onOpenChange={setCancelling}
        title={`${t('ops.cancel')}: ${job.id}`}
        hint={t('ops.cancelHint')}
        action={t('ops.cancel')}
        done={t('ops.cancelled')}
        groups={[
          {
            fields: [
              { name: 'reason', label: t('ops.reason'), hint: t('ops.reasonHint'), kind: 'area', required: true },
            ],
          },
        ]}
        save={({ reason = '' }) => api.POST('/api/v1/admin/ops/jobs/{id}/cancel', { ...path, body: { reason } })}
      />
    </DialogFooter>
  );
}

/** A job: where it stands, why it waits, what its attempts said, and the steps that are possible. */
export function JobDialog({ id, onClose }: { id: number; onClose: () => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const query = useQuery({
    queryKey: useOpsKey('job', id),
    queryFn: () => answer(api.GET('/api/v1/admin/ops/jobs/{id}', { params: { path: { id } } })),
    refetchInterval: (one) => (one.state.data && !ENDED.includes(one.state.data.state) ? LIVE_MS : false),
  });
  const job = query.data;
  const times = job && {
    enqueued: job.enqueued_at,
    dueAt: job.due_at,
    started: job.claimed_at,
    ended: job.finished_at,
  };
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()}>
      <DialogContent className="sm:max-w-2xl" aria-describedby="">
        <DialogTitle>{t('ops.jobNumber', { id })}</DialogTitle>
        {query.isError && !job ? (
          <Failed error={query.error} retry={() => void query.refetch()} />
        ) : !job || !times ? (
          <Skeleton className="h-64" />
        ) : (
          <>
            <p className="flex flex-wrap items-center gap-2">
              <bdi dir="ltr" className="font-medium break-all">
                {job.kind}
              </bdi>
              <StateBadge state={job.state} />
            </p>
            <Why job={job} />
            <Facts>
              <Fact label={t('ops.pool')}>
                <bdi dir="ltr">{job.pool}</bdi>
              </Fact>
              <Fact label={t('ops.lane')}>
                <bdi dir="ltr">{job.lane || t('ops.shared')}</bdi>
              </Fact>
              {job.workspace_id && (
                <Fact label={t('ops.workspace')}>
                  <Link
                    to="/staff/workspaces/$id"
                    params={{ id: job.workspace_id }}
                    className="text-primary-text underline-offset-4 hover:underline"
                  >
                    <bdi>{job.workspace ?? job.workspace_id}</bdi>
                  </Link>
                </Fact>
              )}
              <Fact label={t('ops.attempt')}>
                {t('ops.attemptOf', { attempt: format.number(job.attempt), most: format.number(job.max_attempts) })}
              </Fact>
              {job.priority != null && <Fact label={t('ops.priority')}>{t(`ops.priorities.${job.priority}`)}</Fact>}
              {job.batch != null && <Fact label={t('ops.batch')}>{job.batch}</Fact>}
              {job.process != null && <Fact label={t('ops.process')}>{job.process}</Fact>}
              {Object.entries(times).map(([name, at]) =>
                at ? (
                  <Fact key={name} label={t(`ops.${name}`)}>
                    {format.precise(at)}
                  </Fact>
                ) : null,
              )}
              {job.trace && (
                <Fact label={t('ops.trace')}>
                  <bdi dir="ltr" className="font-mono text-xs break-all">
                    {job.trace}
                  </bdi>
                </Fact>
              )}
            </Facts>
            <History job={job} />
            <section className="grid gap-2">
              <h3 className="text-sm font-semibold">{t('ops.payload')}</h3>
              <p className="text-xs text-muted-foreground">{t('ops.payloadHint')}</p>
              <pre
                dir="ltr"
                tabIndex={0}
                aria-label={t('ops.payload')}
                className="max-h-64 overflow-auto rounded-md border bg-muted p-3 text-xs whitespace-pre-wrap"
              >
                {JSON.stringify(job.payload, null, 2)}
              </pre>
            </section>
            <Steps job={job} />
          </>
        )}
      </DialogContent>
    </Dialog>
  );
}
