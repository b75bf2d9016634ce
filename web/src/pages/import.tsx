import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { BanIcon, DownloadIcon } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { answer, api, type Schemas } from '@/api/client';
import { Confirm } from '@/components/confirm';
import { Fact, Facts, PageHead } from '@/components/page';
import { StateBadge } from '@/components/state-badge';
import { Failed, Loading } from '@/components/states';
import { Button } from '@/components/ui/button';
import { Card, CardTitle } from '@/components/ui/card';
import { Table, TableCell, TableHead, TableRow } from '@/components/ui/table';
import { useAct } from '@/lib/act';
import { saveCsv } from '@/lib/csv';
import { useFormat } from '@/lib/format';
import { useWorkspaceId } from '@/lib/queries';
import { readAll } from '@/lib/table';

const LIVE_MS = 1_000;
const SHOWN = 20;

export function Import() {
  const { t } = useTranslation();
  const { id } = useParams({ from: '/app/imports/$id' });
  const workspace = useWorkspaceId();
  const format = useFormat();
  const params = { path: { id } };
  const query = useQuery({
    queryKey: [workspace, 'import', id],
    queryFn: () => answer(api.GET('/api/v1/imports/{id}', { params })),
    refetchInterval: (state) => (state.state.data?.finished_at ? false : LIVE_MS),
  });
  const isDone = Boolean(query.data?.finished_at);
  const faultsOf = (limit: number, cursor?: string) =>
    answer(api.GET('/api/v1/imports/{id}/faults', { params: { ...params, query: { limit, cursor } } }));
  const faults = useQuery({
    queryKey: [workspace, 'faults', id, isDone],
    queryFn: () => faultsOf(SHOWN),
    enabled: isDone,
  });
  const cancel = useAct(() => api.POST('/api/v1/imports/{id}/cancel', { params }), t('common.done'));
  const save = useAct(async () => {
    const rows = await readAll<Schemas['RowFault']>(({ limit, cursor }) => faultsOf(limit, cursor));
    saveCsv(`faults-${query.data?.file_name ?? ''}`.replace(/\.\w+$/, ''), [
      [t('imports.line'), t('imports.column'), t('imports.fault')],
      ...rows.map((one) => [one.line, one.column, one.detail]),
    ]);
  });
  if (query.isPending) return <Loading />;
  if (query.isError) return <Failed error={query.error} retry={() => void query.refetch()} />;
  const one = query.data;
  const share = one.rows_total ? one.rows_done / one.rows_total : 0;
  return (
    <>
      <PageHead
        title={one.file_name}
        back={{ to: '/imports', label: t('imports.title') }}
        badge={<StateBadge state={one.status} />}
      >
        {!one.finished_at && (
          <Confirm
            trigger={
              <Button variant="outline">
                <BanIcon aria-hidden />
                {t('imports.cancel')}
              </Button>
            }
            title={t('imports.cancelTitle')}
            text={t('imports.cancelText')}
            action={t('imports.cancel')}
            destructive
            onConfirm={() => cancel.mutateAsync(undefined)}
          />
        )}
      </PageHead>
      {one.error && (
        <p role="alert" className="mb-6 rounded-md border border-destructive p-4 text-sm text-destructive-text">
          {one.error}
        </p>
      )}
      <div className="grid gap-6">
        <Card>
          {!one.finished_at && (
            <div className="mb-6">
              <progress
                className="h-2 w-full accent-[var(--primary)]"
                value={one.rows_total ? share : undefined}
                aria-label={t('imports.progress')}
              />
              <p className="text-sm text-muted-foreground" role="status">
                {t('imports.rows', {
                  done: format.number(one.rows_done),
                  total: one.rows_total == null ? '…' : format.number(one.rows_total),
                })}
              </p>
            </div>
          )}
          <Facts>
            <Fact label={t('imports.rows_created')}>{format.number(one.rows_created)}</Fact>
            <Fact label={t('imports.rows_updated')}>{format.number(one.rows_updated)}</Fact>
            <Fact label={t('imports.rows_skipped')}>{format.number(one.rows_skipped)}</Fact>
            <Fact label={t('imports.rows_bad')}>{format.number(one.rows_bad)}</Fact>
            <Fact label={t('imports.rows_remarked')}>{format.number(one.rows_remarked)}</Fact>
            <Fact label={t('imports.readAs')}>{one.read_as ?? '–'}</Fact>
            <Fact label={t('imports.created')}>{format.moment(one.created_at)}</Fact>
          </Facts>
        </Card>
        {one.rows_bad + one.rows_remarked > 0 && faults.data && (
          <Card>
            <CardTitle className="flex flex-wrap items-center justify-between gap-3">
              {t('imports.faults')}
              <Button variant="outline" disabled={save.isPending} onClick={() => save.mutate(undefined)}>
                <DownloadIcon aria-hidden />
                {t('imports.faultsSave')}
              </Button>
            </CardTitle>
            <div className="overflow-x-auto">
              <Table>
                <thead className="border-b">
                  <tr>
                    <TableHead>{t('imports.line')}</TableHead>
                    <TableHead>{t('imports.column')}</TableHead>
                    <TableHead>{t('imports.fault')}</TableHead>
                  </tr>
                </thead>
                <tbody>
                  {faults.data.items.map((fault) => (
                    <TableRow key={`${fault.line} ${fault.column}`}>
                      <TableCell className="tabular-nums">{format.number(fault.line)}</TableCell>
                      <TableCell>{fault.column}</TableCell>
                      <TableCell>{fault.detail}</TableCell>
                    </TableRow>
                  ))}
                </tbody>
              </Table>
            </div>
          </Card>
        )}
      </div>
    </>
  );
}
