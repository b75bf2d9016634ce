import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, api, type Schemas } from '@/api/client';
import { PauseButton, useKinds, useOpsKey } from '@/components/ops';
import { Fact, Facts } from '@/components/page';
import { RecordDialog } from '@/components/record-form';
import { StateBadge } from '@/components/state-badge';
import { Failed, Loading } from '@/components/states';
import { Badge } from '@/components/ui/badge';
import { Button } from '@/components/ui/button';
import { Card, CardTitle } from '@/components/ui/card';
import { Table, TableCell, TableHead, TableRow } from '@/components/ui/table';
import { useFormat } from '@/lib/format';

type Pool = Schemas['QueuePool'];

const LIVE_MS = 2_000;
/** From then on a number stands for itself and all above. */
const CAP = 10_000;
const SLOW_SECONDS = 60;

function Count({ value, to }: { value: number; to?: { tab: string; f?: Record<string, string> } }) {
  const format = useFormat();
  const shown = value >= CAP ? `${format.number(CAP)}+` : format.number(value);
  if (!to || value === 0) return <>{shown}</>;
  return (
    <Link to="/ops" search={to} className="text-primary-text underline-offset-4 hover:underline">
      {shown}
    </Link>
  );
}

function Slots({ pool }: { pool: Pool }) {
  const { t } = useTranslation();
  const format = useFormat();
  if (pool.processes === 0) return <Badge tone="bad">{t('ops.noProcess')}</Badge>;
  return (
    <span className="grid w-32 gap-1">
      <span className="text-xs">
        {t('ops.slots', { running: format.number(pool.running), slots: format.number(pool.slots) })}
      </span>
      <progress
        aria-label={t('ops.running')}
        className="h-1.5 w-full appearance-none overflow-hidden rounded-full bg-muted [&::-moz-progress-bar]:bg-primary [&::-webkit-progress-bar]:bg-muted [&::-webkit-progress-value]:bg-primary"
        max={Math.max(pool.slots, 1)}
        value={Math.min(pool.running, pool.slots)}
      />
    </span>
  );
}

function PoolRow({ pool }: { pool: Pool }) {
  const format = useFormat();
  const of = (state: string) => ({ tab: 'jobs', f: { state, pool: pool.pool } });
  const wait = pool.oldest_due_seconds;
  return (
    <TableRow>
      <TableCell>
        <span className="flex flex-wrap items-center gap-2">
          <bdi dir="ltr" className="font-medium">
            {pool.pool}
          </bdi>
          {pool.paused && <StateBadge state="paused" />}
        </span>
      </TableCell>
      <TableCell>
        <Slots pool={pool} />
      </TableCell>
      <TableCell className="text-end tabular-nums">{format.number(Math.round(pool.rate * 10) / 10)}</TableCell>
      <TableCell className="text-end tabular-nums">
        <Count value={pool.ready} to={of('ready')} />
      </TableCell>
      <TableCell className="text-end tabular-nums">
        {wait == null ? (
          '–'
        ) : wait >= SLOW_SECONDS ? (
          <Badge tone="bad">{format.duration(wait)}</Badge>
        ) : (
          format.duration(wait)
        )}
      </TableCell>
      <TableCell className="text-end tabular-nums">
        <Count value={pool.scheduled} to={of('scheduled')} />
      </TableCell>
      <TableCell className="text-end tabular-nums">
        <Count value={pool.blocked} to={of('blocked')} />
      </TableCell>
      <TableCell className="text-end tabular-nums">
        <Count value={pool.dead} to={of('dead')} />
      </TableCell>
      <TableCell className="text-end">
        <PauseButton
          name={pool.pool}
          paused={pool.paused}
          set={(paused) => {
            const params = { params: { path: { pool: pool.pool } } };
            return paused
              ? api.POST('/api/v1/admin/ops/pools/{pool}/pause', params)
              : api.POST('/api/v1/admin/ops/pools/{pool}/resume', params);
          }}
        />
      </TableCell>
    </TableRow>
  );
}

function setKindPaused(kind: string, paused: boolean) {
  const params = { params: { path: { kind } } };
  return paused
    ? api.POST('/api/v1/admin/ops/kinds/{kind}/pause', params)
    : api.POST('/api/v1/admin/ops/kinds/{kind}/resume', params);
}

function Kinds({ paused }: { paused: string[] }) {
  const { t } = useTranslation();
  const kinds = useKinds();
  const [isOpen, setOpen] = useState(false);
  return (
    <Card className="mt-6" aria-label={t('ops.pausedKinds')}>
      <CardTitle className="flex flex-wrap items-center justify-between gap-2">
        {t('ops.pausedKinds')}
        <Button variant="outline" disabled={!kinds} onClick={() => setOpen(true)}>
          {t('ops.pauseKind')}
        </Button>
      </CardTitle>
      {paused.length === 0 ? (
        <p className="text-sm text-muted-foreground">{t('common.none')}</p>
      ) : (
        <ul className="divide-y">
          {paused.map((kind) => (
            <li key={kind} className="flex items-center justify-between gap-2 py-1">
              <bdi dir="ltr" className="text-sm font-medium break-all">
                {kind}
              </bdi>
              <PauseButton name={kind} paused set={(on) => setKindPaused(kind, on)} />
            </li>
          ))}
        </ul>
      )}
      <RecordDialog
        open={isOpen}
        onOpenChange={setOpen}
        title={t('ops.pauseKind')}
        hint={t('ops.pauseText')}
        action={t('ops.pause')}
        done={t('ops.paused')}
        initial={{ kind: kinds?.find((one) => !one.paused)?.kind ?? '' }}
        groups={[
          {
            fields: [
              {
                name: 'kind',
                label: t('ops.kind'),
                kind: 'choice',
                options: kinds?.filter((one) => !one.paused).map(({ kind }) => ({ value: kind, label: kind })),
              },
            ],
          },
        ]}
        save={(values) => setKindPaused(values.kind ?? '', true)}
      />
    </Card>
  );
}

export function Overview() {
  const { t } = useTranslation();
  const format = useFormat();
  const query = useQuery({
    queryKey: useOpsKey('overview'),
    queryFn: () => answer(api.GET('/api/v1/admin/ops/overview')),
    // The browser stops it while nobody sees the page.
    refetchInterval: LIVE_MS,
  });
  if (query.isPending) return <Loading />;
  if (query.isError && !query.data) return <Failed error={query.error} retry={() => void query.refetch()} />;
  const { at, pools, paused_kinds, schedules_late_seconds } = query.data;
  const sum = (of: (pool: Pool) => number) => pools.reduce((all, pool) => all + of(pool), 0);
  const oldest = Math.max(...pools.map((pool) => pool.oldest_due_seconds ?? -1));
  return (
    <>
      {query.isError && <Failed error={query.error} />}
      <Card className="mb-6">
        <Facts>
          <Fact label={t('ops.running')}>
            {t('ops.slots', {
              running: format.number(sum((pool) => pool.running)),
              slots: format.number(sum((pool) => pool.slots)),
            })}
          </Fact>
          <Fact label={t('ops.due')}>
            <Count value={sum((pool) => pool.ready)} to={{ tab: 'jobs', f: { state: 'ready' } }} />
          </Fact>
          <Fact label={t('ops.oldest')}>{oldest < 0 ? '–' : format.duration(oldest)}</Fact>
          <Fact label={t('ops.rate')}>{format.number(Math.round(sum((pool) => pool.rate) * 10) / 10)}</Fact>
          <Fact label={t('ops.dead')}>
            <Count value={sum((pool) => pool.dead)} to={{ tab: 'dead' }} />
          </Fact>
          <Fact label={t('ops.lateBy')}>
            {schedules_late_seconds < SLOW_SECONDS ? (
              '–'
            ) : (
              <Badge tone="bad">{format.duration(schedules_late_seconds)}</Badge>
            )}
          </Fact>
        </Facts>
      </Card>
      <Card className="overflow-x-auto" aria-label={t('ops.pools')} tabIndex={0}>
        <CardTitle className="flex flex-wrap items-baseline justify-between gap-2">
          {t('ops.pools')}
          <span className="text-xs font-normal text-muted-foreground">
            {t('ops.asOf', { time: format.second(at) })}
          </span>
        </CardTitle>
        <Table>
          <thead>
            <TableRow>
              <TableHead>{t('ops.pool')}</TableHead>
              <TableHead>{t('ops.running')}</TableHead>
              {['rate', 'due', 'oldest', 'scheduled', 'blocked', 'dead'].map((name) => (
                <TableHead key={name} className="text-end">
                  {t(`ops.${name}`)}
                </TableHead>
              ))}
              <TableHead>
                <span className="sr-only">{t('table.actions')}</span>
              </TableHead>
            </TableRow>
          </thead>
          <tbody>
            {pools.map((pool) => (
              <PoolRow key={pool.pool} pool={pool} />
            ))}
          </tbody>
        </Table>
      </Card>
      <Kinds paused={paused_kinds} />
    </>
  );
}
