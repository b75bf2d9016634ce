// Sheets of paper. The browser prints them or saves them as PDF: it knows every script and both directions.

import { useEffect, type ReactNode } from 'react';
import { createPortal } from 'react-dom';
import { useTranslation } from 'react-i18next';
import { useFormat } from '@/lib/format';
import { useListState } from '@/lib/list-state';
import { useWorkspace } from '@/lib/queries';
import type { Column } from '@/lib/table';
import { rangeOf } from '@/lib/where';
import { cn } from '@/lib/utils';
import { ConditionsWords } from './conditions-line';

/** More columns than these want the paper across. */
const UPRIGHT = 5;

export interface Printed<T> {
  rows: T[];
  columns: Column<T>[];
  /** There are more rows than these. */
  isCut: boolean;
}

/** What the list is narrowed by, in words. */
function Narrowed<T>({ columns }: { columns: Column<T>[] }) {
  const { t } = useTranslation();
  const { search } = useListState();
  const filters = columns.flatMap(({ id, header, filter }) => {
    const wanted = search.f?.[id];
    if (!wanted || !filter) return [];
    const { from, until } = rangeOf(wanted);
    const said =
      filter.kind === 'choice'
        ? (filter.options.find((one) => one.value === wanted)?.label ?? wanted)
        : filter.kind === 'text'
          ? wanted
          : `${from || '…'} – ${until || '…'}`;
    return [`${header}: ${said}`];
  });
  const all = search.q ? [`${t('table.search')}: ${search.q}`, ...filters] : filters;
  return (
    <>
      {all.map((one) => (
        <p key={one} dir="auto">
          {one}
        </p>
      ))}
      {search.where && (
        <p>
          <ConditionsWords columns={columns} where={search.where} />
        </p>
      )}
    </>
  );
}

/** Takes the place of the page on paper, and asks the browser to print. */
export function Sheet({
  title,
  isAcross = false,
  onDone,
  children,
}: {
  /** The file that is saved begins with it. */
  title: string;
  isAcross?: boolean;
  onDone: () => void;
  children: ReactNode;
}) {
  const format = useFormat();
  const workspace = useWorkspace()?.name ?? '';
  useEffect(() => {
    const before = document.title;
    document.title = [title, workspace, format.today()].filter(Boolean).join(' – ');
    addEventListener('afterprint', onDone);
    const later = setTimeout(() => window.print());
    return () => {
      clearTimeout(later);
      removeEventListener('afterprint', onDone);
      document.title = before;
    };
  }, [title, workspace, format, onDone]);
  return createPortal(
    <section data-sheet={isAcross ? 'across' : 'upright'} className="hidden print:block">
      {children}
    </section>,
    document.body,
  );
}

/** A list on paper. */
export function PrintSheet<T>({
  title,
  columns,
  printed,
  onDone,
}: {
  title: string;
  /** All columns of the list, which its filters can name. */
  columns: Column<T>[];
  printed: Printed<T>;
  onDone: () => void;
}) {
  const { t } = useTranslation();
  const format = useFormat();
  const workspace = useWorkspace()?.name ?? '';
  const count = printed.rows.length;
  return (
    <Sheet title={title} isAcross={printed.columns.length > UPRIGHT} onDone={onDone}>
      <header className="mb-4 grid gap-1 text-xs">
        <h1 className="text-xl font-bold">{title}</h1>
        <p>
          <bdi>{workspace}</bdi> · {format.moment(new Date().toISOString())} ·{' '}
          {t('table.rows', { count, shown: format.number(count) })}
        </p>
        <Narrowed columns={columns} />
        {printed.isCut && <p className="font-medium">{t('table.printCut', { shown: format.number(count) })}</p>}
      </header>
      <table className="w-full border-collapse text-start text-xs">
        <thead>
          <tr>
            {printed.columns.map((column) => (
              <th key={column.id} scope="col" className={cn('p-1.5 text-start', column.align === 'end' && 'text-end')}>
                {column.header}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {printed.rows.map((row, index) => (
            <tr key={index}>
              {printed.columns.map((column) => (
                <td
                  key={column.id}
                  className={cn('p-1.5 align-top', column.align === 'end' && 'text-end tabular-nums')}
                >
                  {column.cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </Sheet>
  );
}
