import { Link } from '@tanstack/react-router';
import { AlarmClockIcon, HourglassIcon, ListIcon, SlidersHorizontalIcon } from 'lucide-react';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, api, type Schemas } from '@/api/client';
import { actionsColumn } from '@/components/columns';
import { Confirm } from '@/components/confirm';
import { DataTable, type Column } from '@/components/data-table';
import { PauseButton, POOLS, useOpsKey } from '@/components/ops';
import { RecordDialog } from '@/components/record-form';
import { RowButton } from '@/components/row-actions';
import { StateBadge } from '@/components/state-badge';
import { Button } from '@/components/ui/button';
import { useAct } from '@/lib/act';
import { useFormat } from '@/lib/format';

type Lane = Schemas['QueueLaneOfWorkspace'];

const LIVE_MS = 5_000;

function LimitsDialog({ lane, name, onClose }: { lane: Lane; name: string; onClose: () => void }) {
  const { t } = useTranslation();
  const textOf = (value: number | null | undefined) => (value == null ? '' : String(value));
  const numberOf = (text: string | undefined) => (text ? Number(text) : null);
  return (
    <RecordDialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={`${t('ops.limits')}: ${name}`}
      hint={t('ops.limitsHint')}
      initial={{
        rate: textOf(lane.rate),
        burst: textOf(lane.burst),
        reserved: textOf(lane.reserved),
        running: textOf(lane.max_running),
      }}
      groups={[
        {
          fields: [
            { name: 'rate', label: t('ops.limitRate'), kind: 'number', step: 'any' },
            { name: 'burst', label: t('ops.limitBurst'), kind: 'number' },
            { name: 'reserved', label: t('ops.limitReserved'), kind: 'number' },
            { name: 'running', label: t('ops.limitRunning'), kind: 'number', pointer: 'max_running' },
          ],
        },
      ]}
      save={(values) =>
        api.PUT('/api/v1/admin/ops/lanes/limits', {
          body: {
            pool: lane.pool,
            lane: lane.lane,
            rate: numberOf(values.rate),
            burst: numberOf(values.burst),
            reserved: numberOf(values.reserved) ?? 0,
            max_running: numberOf(values.running),
          },
        })
      }
    />
  );
}

const PARKED_MINUTES = [15, 60, 240, 1440] as const;
const MINUTE_MS = 60_000;

/** Asks until when no job of the lane may start. */
function ParkDialog({ lane, name, onClose }: { lane: Lane; name: string; onClose: () => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const [span, setSpan] = useState('');
  return (
    <RecordDialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t('ops.parkTitle', { name })}
      hint={t('ops.parkText')}
      action={t('ops.park')}
      done={t('ops.parked')}
      initial={{ span: String(PARKED_MINUTES[0]) }}
      onValues={(values) => setSpan(values.span ?? '')}
      groups={[
        {
          fields: [
            {
              name: 'span',
              label: t('ops.parkFor'),
              kind: 'choice',
              pointer: span ? 'until' : 'span',
              options: [
                ...PARKED_MINUTES.map((minutes) => ({ value: String(minutes), label: format.duration(minutes * 60) })),
                { value: '', label: t('ops.parkOther') },
              ],
            },
          ],
        },
        {
          hidden: span !== '',
          fields: [{ name: 'until', label: t('ops.parkUntil'), hint: t('inbox.snoozeHint'), kind: 'datetime-local' }],
        },
      ]}
      check={(values) => (values.span || values.until ? undefined : { until: t('common.required') })}
      save={(values) => {
        const [day = '', time = ''] = (values.until ?? '').split('T');
        const until = values.span
          ? new Date(Date.now() + Number(values.span) * MINUTE_MS).toISOString()
          : format.at(day, time);
        return api.POST('/api/v1/admin/ops/lanes/park', { body: { pool: lane.pool, lane: lane.lane, until } });
      }}
    />
  );
}

function Steps({
  lane,
  name,
  onLimits,
  onPark,
}: {
  lane: Lane;
  name: string;
  onLimits: () => void;
  onPark: () => void;
}) {
  const { t } = useTranslation();
  const body = { pool: lane.pool, lane: lane.lane };
  const unpark = useAct(() => api.POST('/api/v1/admin/ops/lanes/unpark', { body }), t('ops.resumed'));
  return (
    <>
      <Button asChild variant="ghost" size="icon" className="size-8">
        <Link
          to="/ops"
          search={{ tab: 'jobs', f: { pool: lane.pool, lane: lane.lane } }}
          aria-label={`${t('ops.itsJobs')}: ${name}`}
          title={t('ops.itsJobs')}
        >
          <ListIcon aria-hidden />
        </Link>
      </Button>
      <RowButton words={t('ops.limits')} name={name} onClick={onLimits}>
        <SlidersHorizontalIcon aria-hidden />
      </RowButton>
      <RowButton words={t('ops.park')} name={name} onClick={onPark}>
        <HourglassIcon aria-hidden />
      </RowButton>
      {lane.parked_until && (
        <Confirm
          trigger={
            <RowButton words={t('ops.unpark')} name={name}>
              <AlarmClockIcon aria-hidden />
            </RowButton>
          }
          title={t('ops.unparkTitle', { name })}
          text={t('ops.unparkText')}
          action={t('ops.unpark')}
          onConfirm={() => unpark.mutateAsync(undefined)}
        />
      )}
      <PauseButton
        name={name}
        paused={lane.paused}
        set={(paused) =>
          paused
            ? api.POST('/api/v1/admin/ops/lanes/pause', { body })
            : api.POST('/api/v1/admin/ops/lanes/resume', { body })
        }
      />
    </>
  );
}

export function Lanes() {
  const { t } = useTranslation();
  const format = useFormat();
  const [limited, setLimited] = useState<Lane | null>(null);
  const [parked, setParked] = useState<Lane | null>(null);
  const nameOf = (one: Lane) => one.workspace ?? (one.lane || t('ops.shared'));
  const columns = useMemo<Column<Lane>[]>(
    () => [
      {
        id: 'lane',
        header: t('ops.lane'),
        value: nameOf,
        cell: (one) => (
          <bdi className="font-medium break-all" title={one.lane}>
            {nameOf(one)}
          </bdi>
        ),
      },
      {
        id: 'pool',
        header: t('ops.pool'),
        value: (one) => one.pool,
        filter: {
          kind: 'choice',
          server: true,
          quick: true,
          all: t('ops.allPools'),
          options: POOLS.map((value) => ({ value, label: value })),
        },
        cell: (one) => <bdi dir="ltr">{one.pool}</bdi>,
      },
      {
        id: 'held',
        header: t('common.state'),
        filter: {
          kind: 'choice',
          server: true,
          quick: true,
          all: t('ops.allLanes'),
          options: [{ value: 'held', label: t('ops.onlyHeld') }],
        },
        cell: (one) => (
          <span className="flex flex-wrap items-center gap-2">
            {one.paused && <StateBadge state="paused" />}
            {one.parked_until && (
              <>
                <StateBadge state="parked" />
                <span className="text-xs">{t('ops.until', { time: format.precise(one.parked_until) })}</span>
              </>
            )}
            {!one.paused && !one.parked_until && '–'}
          </span>
        ),
      },
      {
        id: 'due',
        header: t('ops.due'),
        align: 'end',
        value: (one) => one.ready,
        cell: (one) => format.number(one.ready),
      },
      {
        id: 'running',
        header: t('ops.running'),
        align: 'end',
        value: (one) => one.running,
        cell: (one) => format.number(one.running),
      },
      {
        id: 'oldest',
        header: t('ops.oldest'),
        align: 'end',
        value: (one) => one.oldest_due_seconds,
        cell: (one) => (one.oldest_due_seconds == null ? '–' : format.duration(one.oldest_due_seconds)),
      },
      {
        id: 'limits',
        header: t('ops.limits'),
        cell: (one) => {
          const { rate, burst, max_running: limit } = one;
          const words = [
            rate != null && t('ops.limitShown', { rate: format.number(rate), burst: format.number(burst ?? 0) }),
            limit != null && t('ops.limitRunningShown', { limit: format.number(limit) }),
          ].filter(Boolean);
          return words.join('; ') || '–';
        },
      },
      ...actionsColumn(true, (one: Lane) => (
        <Steps lane={one} name={nameOf(one)} onLimits={() => setLimited(one)} onPark={() => setParked(one)} />
      )),
    ],
    [t, format],
  );
  return (
    <>
      <DataTable
        name="ops-lanes"
        label={t('ops.tabs.lanes')}
        columns={columns}
        source={{
          key: useOpsKey('lanes'),
          every: LIVE_MS,
          load: ({ filters, limit, cursor }) =>
            answer(
              api.GET('/api/v1/admin/ops/lanes', {
                params: { query: { pool: filters.pool, held: filters.held ? true : undefined, limit, cursor } },
              }),
            ),
        }}
        rowId={(one) => `${one.pool} ${one.lane}`}
        empty={{ title: t('ops.lanesNone'), hint: t('ops.lanesHint') }}
      />
      {limited && <LimitsDialog lane={limited} name={nameOf(limited)} onClose={() => setLimited(null)} />}
      {parked && <ParkDialog lane={parked} name={nameOf(parked)} onClose={() => setParked(null)} />}
    </>
  );
}
