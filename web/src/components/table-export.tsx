// The list as a file and on paper.

import { DownloadIcon, FileSpreadsheetIcon, PrinterIcon } from 'lucide-react';
import { lazy, Suspense, useRef, useState, type ComponentProps, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { toast } from 'sonner';
import { saveCsv, saveFile, type Plain } from '@/lib/csv';
import { useFormat } from '@/lib/format';
import { direction } from '@/lib/i18n';
import { FIRST, MOST, type Column } from '@/lib/table';
import type { Printed, PrintSheet as Sheet } from './print-sheet';
import { useReason } from './states';
import { Button } from './ui/button';

const PrintSheet = lazy(() => import('./print-sheet').then((module) => ({ default: module.PrintSheet }))) as <T>(
  props: ComponentProps<typeof Sheet<T>>,
) => ReactNode;

interface Taken<T> {
  rows: T[];
  /** There are more rows than these. */
  isCut: boolean;
}

export function ExportTools<T>({
  name,
  label,
  columns,
  visible,
  isEmpty,
  take,
}: {
  name: string;
  label: string;
  columns: Column<T>[];
  visible: Column<T>[];
  isEmpty: boolean;
  /** The chosen rows, or else all rows that the list would show, up to about so many. */
  take: (most: number) => Promise<Taken<T>>;
}) {
  const { t, i18n } = useTranslation();
  const format = useFormat();
  const reason = useReason();
  const [isBusy, setBusy] = useState(false);
  const [printed, setPrinted] = useState<Printed<T> | null>(null);
  const printDone = useRef(() => setPrinted(null)).current;
  const told = visible.filter((column) => column.value);
  const give = async (most: number, to: (taken: Taken<T>) => unknown) => {
    setBusy(true);
    try {
      const { rows, isCut } = await take(most);
      await to({ rows: rows.slice(0, most), isCut: isCut || rows.length > most });
    } catch (error) {
      toast.error(reason(error));
    } finally {
      setBusy(false);
    }
  };
  const saveAs =
    (write: (cells: Plain[][]) => unknown) =>
    async ({ rows, isCut }: Taken<T>) => {
      await write([
        told.map((column) => column.header),
        ...rows.map((row) => told.map((column) => column.value!(row))),
      ]);
      if (isCut) toast.warning(t('table.fileCut', { shown: format.number(rows.length) }));
    };
  const saveXlsx = async (cells: Plain[][]) => {
    const { xlsxOf, XLSX_TYPE } = await import('@/lib/xlsx');
    saveFile(`${name}.xlsx`, xlsxOf(label, cells, direction(i18n.language) === 'rtl'), XLSX_TYPE);
  };
  const ways = [
    {
      words: t('table.export'),
      Icon: DownloadIcon,
      go: () =>
        give(
          MOST,
          saveAs((cells) => saveCsv(name, cells)),
        ),
    },
    { words: t('table.exportXlsx'), Icon: FileSpreadsheetIcon, go: () => give(MOST, saveAs(saveXlsx)) },
    {
      words: t('table.print'),
      Icon: PrinterIcon,
      go: () => give(FIRST, (taken) => setPrinted({ ...taken, columns: told })),
    },
  ];
  return (
    <>
      {ways.map(({ words, Icon, go }) => (
        <Button
          key={words}
          variant="outline"
          size="icon"
          aria-label={words}
          title={words}
          disabled={isBusy || isEmpty}
          onClick={() => void go()}
        >
          <Icon aria-hidden />
        </Button>
      ))}
      {printed && (
        <Suspense>
          <PrintSheet title={label} columns={columns} printed={printed} onDone={printDone} />
        </Suspense>
      )}
    </>
  );
}
