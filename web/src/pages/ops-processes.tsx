import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { answer, api, type Schemas } from '@/api/client';
import { useOpsKey } from '@/components/ops';
import { Fact, Facts } from '@/components/page';
import { StateBadge } from '@/components/state-badge';
import { Empty, Failed, Loading } from '@/components/states';
import { Card, CardTitle } from '@/components/ui/card';
import { Table, TableCell, TableHead, TableRow } from '@/components/ui/table';
import { useFormat } from '@/lib/format';

type Process = Schemas['QueueProcess'];

const LIVE_MS = 5_000;
/** After so many seconds without a heartbeat other processes take the jobs of this one. */
const SILENT_SECONDS = 15;

function One({ process }: { process: Process }) {
  const { t } = useTranslation();
  const format = useFormat();
  const name = `${process.host} · ${process.pid}`;
  return (
    <Card className="overflow-x-auto" aria-label={name} tabIndex={0}>
      <CardTitle className="flex flex-wrap items-center gap-2">
        <bdi dir="ltr" className="break-all">
          {name}
        </bdi>
        <StateBadge state={process.silent_seconds < SILENT_SECONDS ? 'active' : 'silent'} />
      </CardTitle>
      <Facts>
        <Fact label={t('ops.heartbeat')}>{t('ops.ago', { time: format.duration(process.silent_seconds) })}</Fact>
        <Fact label={t('ops.since')}>{format.moment(process.started_at)}</Fact>
        <Fact label={t('ops.version')}>
          <bdi dir="ltr">{process.version || '–'}</bdi>
        </Fact>
        <Fact label={t('ops.process')}>{process.id}</Fact>
      </Facts>
      <Table className="mt-4">
        <thead>
          <TableRow>
            <TableHead>{t('ops.pool')}</TableHead>
            <TableHead className="text-end">{t('ops.running')}</TableHead>
            <TableHead className="text-end">{t('ops.rate')}</TableHead>
          </TableRow>
        </thead>
        <tbody>
          {process.pools.map((pool) => (
            <TableRow key={pool.pool}>
              <TableCell>
                <bdi dir="ltr">{pool.pool}</bdi>
              </TableCell>
              <TableCell className="text-end tabular-nums">
                {t('ops.slots', { running: format.number(pool.running), slots: format.number(pool.slots) })}
              </TableCell>
              <TableCell className="text-end tabular-nums">{format.number(Math.round(pool.rate * 10) / 10)}</TableCell>
            </TableRow>
          ))}
        </tbody>
      </Table>
    </Card>
  );
}

export function Processes() {
  const { t } = useTranslation();
  const query = useQuery({
    queryKey: useOpsKey('processes'),
    queryFn: () => answer(api.GET('/api/v1/admin/ops/processes')),
    refetchInterval: LIVE_MS,
  });
  if (query.isPending) return <Loading />;
  if (query.isError) return <Failed error={query.error} retry={() => void query.refetch()} />;
  if (query.data.items.length === 0) return <Empty title={t('ops.processesNone')} />;
  return (
    <div className="grid items-start gap-6 xl:grid-cols-2">
      {query.data.items.map((one) => (
        <One key={one.id} process={one} />
      ))}
    </div>
  );
}
