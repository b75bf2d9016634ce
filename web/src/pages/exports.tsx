import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, api, type Schemas } from '@/api/client';
import { timeColumn } from '@/components/columns';
import { DataTable, type Column } from '@/components/data-table';
import { ExportDialog, FORMATS, useExport } from '@/components/export-button';
import { PageHead } from '@/components/page';
import { RecordDialog } from '@/components/record-form';
import { StateBadge } from '@/components/state-badge';
import { Button } from '@/components/ui/button';
import { shifted } from '@/lib/days';
import { useFormat } from '@/lib/format';
import { useWorkspaceId } from '@/lib/queries';

type Export = Schemas['Page_Export']['items'][number];

const LIVE_MS = 5_000;
const MONTH_DAYS = 30;

export function Exports() {
  const { t } = useTranslation();
  const workspace = useWorkspaceId();
  const format = useFormat();
  const [shown, setShown] = useState<string | null>(null);
  const [isAsking, setAsking] = useState(false);
  const start = useExport(setShown);
  const columns = useMemo<Column<Export>[]>(
    () => [
      timeColumn('created', t('common.created'), format.moment, (one) => one.created_at),
      {
        id: 'list',
        header: t('exports.list'),
        value: (one) => t(`exports.kinds.${one.rows.kind}`),
        cell: (one) => t(`exports.kinds.${one.rows.kind}`),
      },
      {
        id: 'format',
        header: t('exports.format'),
        value: (one) => one.format,
        cell: (one) => one.format.toUpperCase(),
      },
      {
        id: 'status',
        header: t('common.state'),
        value: (one) => one.status,
        cell: (one) => <StateBadge state={one.status} />,
      },
      {
        id: 'rows',
        header: t('exports.count'),
        align: 'end',
        value: (one) => one.rows_done,
        cell: (one) => format.number(one.rows_done),
      },
      {
        id: 'size',
        header: t('exports.size'),
        align: 'end',
        value: (one) => one.bytes,
        cell: (one) => (one.bytes == null ? '–' : format.bytes(one.bytes)),
      },
      timeColumn('expires', t('exports.expires'), format.moment, (one) => one.expires_at),
    ],
    [t, format],
  );
  const today = format.today();
  return (
    <>
      <PageHead title={t('nav.exports')}>
        <Button variant="outline" onClick={() => setAsking(true)}>
          {t('exports.messages')}
        </Button>
      </PageHead>
      <DataTable
        name="exports"
        label={t('nav.exports')}
        columns={columns}
        source={{
          key: [workspace, 'exports', 'list'],
          every: LIVE_MS,
          load: ({ limit, cursor }) => answer(api.GET('/api/v1/exports', { params: { query: { limit, cursor } } })),
        }}
        rowId={(one) => one.id}
        onRow={(one) => setShown(one.id)}
        empty={{ title: t('exports.none'), hint: t('exports.noneHint') }}
      />
      <RecordDialog
        open={isAsking}
        onOpenChange={setAsking}
        title={t('exports.messages')}
        hint={t('exports.messagesHint')}
        action={t('exports.export')}
        done=""
        initial={{ from: shifted(today, -MONTH_DAYS), until: today, format: 'xlsx' }}
        groups={[
          {
            beside: true,
            fields: [
              { name: 'from', label: t('common.from'), kind: 'date', required: true },
              { name: 'until', label: t('common.until'), kind: 'date', required: true },
              {
                name: 'format',
                label: t('exports.format'),
                kind: 'choice',
                options: FORMATS.map((value) => ({ value, label: t(`exports.${value}`) })),
              },
            ],
          },
        ]}
        save={(values) =>
          start.mutateAsync({
            rows: {
              kind: 'messages',
              from: format.at(values.from ?? today, '00:00'),
              // The last day is one of them.
              until: format.at(shifted(values.until ?? today, 1), '00:00'),
            },
            format: FORMATS.find((one) => one === values.format) ?? 'xlsx',
          })
        }
      />
      <ExportDialog id={shown} onClose={() => setShown(null)} />
    </>
  );
}
