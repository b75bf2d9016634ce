// The one table of all lists. The address holds what is shown, so that it can be shared. The API filters, sorts and pages
// where it can. For everything else, the browser reads all rows and draws those that are in sight.

import { useNavigate } from '@tanstack/react-router';
import {
  columnOrderingFeature,
  columnVisibilityFeature,
  createSortedRowModel,
  rowSortingFeature,
  tableFeatures,
  useTable,
  type CellData,
  type ColumnDef,
} from '@tanstack/react-table';
import { lazy, Suspense, useMemo, useRef, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '@/lib/format';
import { useKept } from '@/lib/kept';
import { useIsNarrow } from '@/lib/narrow';
import { useListState } from '@/lib/list-state';
import { compare, MOST, readAll, useRows, type Column, type Source } from '@/lib/table';
import { cn } from '@/lib/utils';
import { conditionOf, matcher } from '@/lib/where';
import { ConditionsButton, ConditionsLine } from './conditions-line';
import { LeaveGuard } from './leave-guard';
import { Empty, Failed } from './states';
import { Drafts, useSaved, type Draft } from './table-edit';
import { ExportTools } from './table-export';
import { HeadCells } from './table-head';
import { Lines, type LinesProps } from './table-lines';
import { TablePages } from './table-pages';
import { ColumnsMenu, FilterPanel, FilterToggle, QuickFilters, SearchBox, ViewsMenu, type Layout } from './table-tools';
import { Button } from './ui/button';
import { Checkbox } from './ui/checkbox';
import { Skeleton } from './ui/skeleton';
import { Table, TableCell, TableHead, TableRow } from './ui/table';

export type { Ask, Column, Edit, Page, Source } from '@/lib/table';

const features = tableFeatures({
  columnVisibilityFeature,
  columnOrderingFeature,
  rowSortingFeature,
  sortedRowModel: createSortedRowModel(),
});
/** A list without pages needs more code than most lists. */
const LinesInSight = lazy(() => import('./table-in-sight').then((module) => ({ default: module.LinesInSight }))) as <T>(
  props: LinesProps<T> & { box: HTMLDivElement },
) => ReactNode;

const SKELETON_ROWS = 8;

interface Props<T> {
  /** Names the table where the browser keeps its columns and views. */
  name: string;
  label: string;
  columns: Column<T>[];
  source: Source<T>;
  rowId: (row: T) => string;
  /** Where a row leads. */
  href?: (row: T) => string;
  onRow?: (row: T) => void;
  /** What the API searches. Without it, the browser searches all rows. */
  searchLabel?: string;
  /** What can be done with chosen rows. */
  bulk?: (rows: T[], done: () => void) => ReactNode;
  empty: { title: string; hint?: string };
}

/** A function that stays the same for the rows, and does what the newest one does. */
function useLatest<In extends unknown[]>(act: (...input: In) => void) {
  const latest = useRef(act);
  latest.current = act;
  return useRef((...input: In) => latest.current(...input)).current;
}

export function DataTable<T>(props: Props<T>) {
  const { name, label, columns, source, rowId, href, onRow, searchLabel, bulk, empty } = props;
  const { t } = useTranslation();
  const { search, size } = useListState();
  const format = useFormat();
  const navigate = useNavigate();
  const isNarrow = useIsNarrow();
  const [kept, keep] = useKept<Layout>(`kazi.table.${name}`, { shown: {}, order: [], widths: {} });
  const rows = useRows(source, columns, search, size, searchLabel !== undefined);
  const [isFiltering, setFiltering] = useState(() =>
    columns.some((column) => search.f?.[column.id] && !column.filter?.quick),
  );
  const [chosen, setChosen] = useState<ReadonlyMap<string, T>>(new Map());
  const [drafts] = useState(() => new Map<string, Draft>());
  // A state, not a ref: the lines in sight are drawn once there is something to scroll them in.
  const [box, setBox] = useState<HTMLDivElement | null>(null);

  const ordered = useMemo(() => {
    const place = (id: string) => (kept.order.includes(id) ? kept.order.indexOf(id) : kept.order.length);
    return columns.toSorted((a, b) => place(a.id) - place(b.id));
  }, [columns, kept.order]);
  const layout = {
    ...kept,
    shown: Object.fromEntries(columns.map((column) => [column.id, kept.shown[column.id] ?? !column.hidden])),
  };
  const byId = useMemo(() => new Map(columns.map((column) => [column.id, column])), [columns]);
  const definitions = useMemo<ColumnDef<typeof features, { row: T }, CellData>[]>(
    () =>
      columns.map((column) => ({
        id: column.id,
        header: column.header,
        accessorFn: (entry: { row: T }) => column.value?.(entry.row),
        cell: (context) => column.cell(context.row.original.row),
        sortFn: (a, b) => compare(column.value?.(a.original.row), column.value?.(b.original.row)),
      })),
    [columns],
  );
  const found = rows.isWhole && searchLabel === undefined ? search.q?.toLowerCase() : undefined;
  const holds = useMemo(() => {
    const filters = Object.entries(search.f ?? {}).flatMap(([id, wanted]) => {
      const column = byId.get(id);
      return column?.filter && !column.filter.server ? [conditionOf(column, wanted)] : [];
    });
    const tests = [{ any: false, of: filters }, ...(rows.rest ? [rows.rest] : [])].map((where) =>
      matcher(where, byId, format.zone),
    );
    return (row: T) => tests.every((test) => test(row));
  }, [search.f, rows.rest, byId, format.zone]);
  const data = useMemo(
    () =>
      (rows.items ?? [])
        .filter(holds)
        .filter(
          (row) =>
            !found ||
            columns.some((column) =>
              String(column.value?.(row) ?? '')
                .toLowerCase()
                .includes(found),
            ),
        )
        .map((row) => ({ row })),
    [rows.items, holds, found, columns],
  );
  const table = useTable({
    features,
    columns: definitions,
    data,
    getRowId: (entry) => rowId(entry.row),
    manualSorting: !rows.isWhole,
    state: {
      columnVisibility: layout.shown,
      columnOrder: ordered.map((column) => column.id),
      sorting: rows.sorting,
    },
  });
  const lines = table.getRowModel().rows;
  const visible = useMemo(
    () => ordered.filter((column) => kept.shown[column.id] ?? !column.hidden),
    [ordered, kept.shown],
  );
  const opens = Boolean(href ?? onRow);
  const open = useLatest((row: T) => {
    if (href) void navigate({ href: `/app${href(row)}` });
    else onRow?.(row);
  });
  const choose = useLatest((entries: { id: string; row: T }[], on: boolean) =>
    setChosen((before) => {
      const after = new Map(before);
      for (const { id, row } of entries) {
        if (on) after.set(id, row);
        else after.delete(id);
      }
      return after;
    }),
  );
  const put = useSaved(source.key, rowId);
  const saved = useLatest((row: T) => {
    put(row);
    setChosen((before) => (before.has(rowId(row)) ? new Map(before).set(rowId(row), row) : before));
  });
  const words = useMemo(
    () => ({
      choose: t('table.choose'),
      change: Object.fromEntries(columns.map(({ id, header }) => [id, t('table.change', { column: header })])),
    }),
    [t, columns],
  );
  const here = useMemo(() => lines.map((line) => ({ id: line.id, row: line.original.row })), [lines]);
  const chosenHere = chosen.size ? here.filter((one) => chosen.has(one.id)).length : 0;

  const isNarrowed = Boolean(search.q ?? search.f ?? search.where);
  const isEmpty = !rows.isPending && lines.length === 0 && !rows.isReading;
  const lineProps = {
    entries: here,
    isNarrow,
    columns: visible,
    widths: kept.widths,
    chosen: bulk ? chosen : null,
    words,
    onSaved: saved,
    onOpen: opens ? open : null,
    onChoose: choose,
  };
  const body = (
    <Drafts value={drafts}>
      {rows.isWhole ? (
        <Suspense>{box && <LinesInSight box={box} {...lineProps} />}</Suspense>
      ) : (
        <Lines {...lineProps} />
      )}
    </Drafts>
  );

  return (
    <section aria-label={label} className="rounded-md border bg-card shadow-xs">
      <LeaveGuard isUnsaved={() => drafts.size > 0} />
      <div className="flex flex-wrap items-center gap-2 border-b p-3 sm:p-4">
        <SearchBox label={searchLabel ?? t('table.search')} />
        <QuickFilters columns={columns} />
        <FilterToggle columns={columns} open={isFiltering} onToggle={() => setFiltering((before) => !before)} />
        <div className="ms-auto flex flex-wrap gap-1">
          <ConditionsButton columns={columns} />
          <ViewsMenu table={name} layout={layout} keep={keep} />
          <ColumnsMenu columns={ordered} layout={layout} keep={keep} />
          <ExportTools
            name={name}
            label={label}
            columns={columns}
            visible={visible}
            isEmpty={isEmpty}
            take={async (most) => {
              if (chosen.size) return { rows: [...chosen.values()], isCut: false };
              if (rows.isWhole) return { rows: here.map((one) => one.row), isCut: rows.isCut };
              // One more than wanted tells whether there are more.
              const read = await readAll(source.load, rows.asked, most + 1);
              return { rows: read, isCut: read.length > most };
            }}
          />
        </div>
      </div>
      {isFiltering && <FilterPanel columns={columns} />}
      <ConditionsLine columns={columns} />
      {rows.isCut && (
        <div
          role="status"
          className="flex flex-wrap items-center gap-2 border-b bg-amber-100 px-3 py-2 text-sm text-amber-950 sm:px-4 dark:bg-amber-950 dark:text-amber-100"
        >
          <span className="min-w-0 grow">{t('table.cut', { shown: format.number(rows.read) })}</span>
          {rows.readMore && (
            <Button variant="outline" size="sm" onClick={rows.readMore}>
              {t('table.readMore', { most: format.number(MOST) })}
            </Button>
          )}
        </div>
      )}
      {bulk && chosen.size > 0 && (
        <div className="flex flex-wrap items-center gap-2 border-b bg-accent p-3 text-accent-foreground sm:px-4">
          <span className="text-sm font-medium" role="status">
            {t('table.chosen', { count: chosen.size })}
          </span>
          {bulk([...chosen.values()], () => setChosen(new Map()))}
          <Button variant="ghost" size="sm" onClick={() => setChosen(new Map())}>
            {t('table.chooseNone')}
          </Button>
        </div>
      )}

      {rows.error ? (
        <Failed error={rows.error} retry={rows.retry} />
      ) : isEmpty ? (
        isNarrowed ? (
          <Empty title={t('table.nothing')} hint={t('table.nothingHint')} />
        ) : (
          <Empty {...empty} />
        )
      ) : (
        <div
          ref={setBox}
          className={cn(
            'overflow-auto transition-opacity',
            rows.isWhole && 'max-h-[70dvh]',
            rows.isStale && 'opacity-60',
          )}
          aria-busy={rows.isFetching}
        >
          {isNarrow ? (
            <ul>
              {rows.isPending
                ? Array.from({ length: SKELETON_ROWS }, (_, row) => (
                    <li key={row} className="grid gap-2 border-b p-4">
                      <Skeleton className="h-5 w-2/3" />
                      <Skeleton className="h-4 w-1/2" />
                    </li>
                  ))
                : null}
              {body}
            </ul>
          ) : (
            <Table aria-rowcount={rows.isWhole ? lines.length + 1 : undefined}>
              <caption className="sr-only">{label}</caption>
              <thead
                className={cn('bg-card', rows.isWhole && 'sticky top-0 z-10 shadow-[inset_0_-1px_0_var(--border)]')}
              >
                <tr className="border-b">
                  {bulk && (
                    <TableHead className="w-10 pe-0">
                      <Checkbox
                        aria-label={t('table.chooseAll')}
                        checked={here.length > 0 && chosenHere === here.length}
                        some={chosenHere > 0 && chosenHere < here.length}
                        onChange={(event) => choose(here, event.target.checked)}
                      />
                    </TableHead>
                  )}
                  <HeadCells
                    columns={visible}
                    sorting={rows.sorting}
                    widths={kept.widths}
                    order={ordered}
                    keep={keep}
                  />
                </tr>
              </thead>
              <tbody>
                {rows.isPending &&
                  Array.from({ length: SKELETON_ROWS }, (_, row) => (
                    <TableRow key={row}>
                      {visible.map((column) => (
                        <TableCell key={column.id}>
                          <Skeleton className="h-5 w-full max-w-40" />
                        </TableCell>
                      ))}
                    </TableRow>
                  ))}
                {body}
              </tbody>
            </Table>
          )}
        </div>
      )}

      <TablePages rows={rows} count={lines.length} />
    </section>
  );
}
