// The one table of all lists. The API searches, sorts and pages; the address holds what is shown, so that it can be shared.

import type { UseQueryResult } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { columnVisibilityFeature, tableFeatures, useTable, type CellData, type ColumnDef } from '@tanstack/react-table';
import {
  ArrowDownIcon,
  ArrowUpDownIcon,
  ArrowUpIcon,
  ChevronLeftIcon,
  ChevronRightIcon,
  Columns3Icon,
  SearchIcon,
  XIcon,
} from 'lucide-react';
import { useEffect, useMemo, useRef, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { PAGE_SIZES, useListState } from '@/lib/list-state';
import { cn } from '@/lib/utils';
import { Empty, Failed } from './states';
import { Button } from './ui/button';
import { DropdownMenu, DropdownMenuCheckboxItem, DropdownMenuContent, DropdownMenuTrigger } from './ui/dropdown-menu';
import { Input, NativeSelect } from './ui/input';
import { Skeleton } from './ui/skeleton';
import { Table, TableCell, TableHead, TableRow } from './ui/table';

const features = tableFeatures({ columnVisibilityFeature });
const SEARCH_DELAY_MS = 300;
const SKELETON_ROWS = 8;

export interface Column<T> {
  id: string;
  header: string;
  cell: (row: T) => ReactNode;
  /** The word by which the API sorts; without it the column cannot be sorted. */
  sort?: string;
  align?: 'end';
  /** Hidden until a person wants it. */
  hidden?: boolean;
}

interface Page<T> {
  items: T[];
  next_cursor?: string | null;
}

interface Props<T> {
  /** Names the table where the browser keeps which columns are shown. */
  name: string;
  label: string;
  columns: Column<T>[];
  query: UseQueryResult<Page<T>>;
  rowId: (row: T) => string;
  /** Where a row leads. */
  href?: (row: T) => string;
  onRow?: (row: T) => void;
  searchLabel?: string;
  filters?: ReactNode;
  empty: { title: string; hint?: string };
}

function useShownColumns<T>(name: string, columns: Column<T>[]) {
  const key = `kazi.columns.${name}`;
  const [shown, setShown] = useState<Record<string, boolean>>(() => {
    const usual = Object.fromEntries(columns.map((column) => [column.id, !column.hidden]));
    try {
      return { ...usual, ...(JSON.parse(localStorage.getItem(key) ?? '{}') as Record<string, boolean>) };
    } catch {
      return usual;
    }
  });
  useEffect(() => localStorage.setItem(key, JSON.stringify(shown)), [key, shown]);
  return [shown, setShown] as const;
}

function SearchBox({ label }: { label: string }) {
  const { search, change } = useListState();
  const [text, setText] = useState(search.q ?? '');
  const asked = useRef(search.q ?? '');
  const { t } = useTranslation();
  // The address may change by itself: back, forward, a link.
  useEffect(() => {
    if ((search.q ?? '') !== asked.current) {
      asked.current = search.q ?? '';
      setText(asked.current);
    }
  }, [search.q]);
  useEffect(() => {
    if (text === asked.current) return;
    const later = setTimeout(() => {
      asked.current = text;
      change({ q: text || undefined }, true);
    }, SEARCH_DELAY_MS);
    return () => clearTimeout(later);
  }, [text, change]);
  return (
    <div className="relative w-full sm:max-w-sm">
      <SearchIcon className="pointer-events-none absolute start-3 top-3 size-4 text-muted-foreground" aria-hidden />
      <Input
        type="search"
        aria-label={label}
        placeholder={label}
        className="ps-9 pe-9 [&::-webkit-search-cancel-button]:hidden"
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      {text && (
        <button
          type="button"
          aria-label={t('table.clear')}
          className="absolute end-2 top-2 rounded-sm p-1 text-muted-foreground hover:text-foreground"
          onClick={() => setText('')}
        >
          <XIcon className="size-4" aria-hidden />
        </button>
      )}
    </div>
  );
}

/** The cursors of the pages before, for the way back. A shared address knows none, so it goes back to the first page. */
function usePages() {
  const { search, change } = useListState();
  const known = useRef(new Map<number, string | undefined>());
  const page = search.cursor ? (search.page ?? 2) : 1;
  known.current.set(page, search.cursor);
  const go = (to: number, cursor: string | undefined) => change({ page: cursor ? to : undefined, cursor });
  return {
    page,
    next: (cursor: string) => go(page + 1, cursor),
    previous: () => go(page - 1, known.current.get(page - 1)),
  };
}

export function DataTable<T>(props: Props<T>) {
  const { name, label, columns, query, rowId, href, onRow, searchLabel, filters, empty } = props;
  const { t } = useTranslation();
  const { search, change, size } = useListState();
  const { page, next, previous } = usePages();
  const [shown, setShown] = useShownColumns(name, columns);
  const navigate = useNavigate();
  const definitions = useMemo<ColumnDef<typeof features, { row: T }, CellData>[]>(
    () =>
      columns.map((column) => ({
        id: column.id,
        header: column.header,
        cell: (context) => column.cell(context.row.original.row),
      })),
    [columns],
  );
  const items = query.data?.items;
  const data = useMemo(() => (items ?? []).map((row) => ({ row })), [items]);
  const table = useTable({
    features,
    columns: definitions,
    data,
    getRowId: (entry) => rowId(entry.row),
    state: { columnVisibility: shown },
    onColumnVisibilityChange: setShown,
  });
  const byId = new Map(columns.map((column) => [column.id, column]));
  const open = (row: T) => {
    if (href) void navigate({ href: `/app${href(row)}` });
    else onRow?.(row);
  };
  const opens = Boolean(href ?? onRow);
  const next_cursor = query.data?.next_cursor;
  const isNarrowed = Boolean(search.q ?? search.status ?? search.tag ?? search.category);
  const visible = table.getVisibleLeafColumns().map((column) => column.id);

  return (
    <section aria-label={label} className="rounded-md border bg-card shadow-xs">
      <div className="flex flex-wrap items-center gap-2 border-b p-3 sm:p-4">
        {searchLabel && <SearchBox label={searchLabel} />}
        {filters}
        <DropdownMenu>
          <DropdownMenuTrigger asChild>
            <Button variant="outline" className="ms-auto hidden sm:inline-flex">
              <Columns3Icon aria-hidden />
              {t('table.columns')}
            </Button>
          </DropdownMenuTrigger>
          <DropdownMenuContent align="end">
            {columns.slice(1).map((column) => (
              <DropdownMenuCheckboxItem
                key={column.id}
                checked={shown[column.id] !== false}
                onCheckedChange={(checked) => setShown((before) => ({ ...before, [column.id]: checked }))}
                onSelect={(event) => event.preventDefault()}
              >
                {column.header}
              </DropdownMenuCheckboxItem>
            ))}
          </DropdownMenuContent>
        </DropdownMenu>
      </div>

      {query.isError ? (
        <Failed error={query.error} retry={() => void query.refetch()} />
      ) : items?.length === 0 ? (
        isNarrowed ? (
          <Empty title={t('table.nothing')} hint={t('table.nothingHint')} />
        ) : (
          <Empty {...empty} />
        )
      ) : (
        <div
          className={cn('overflow-x-auto transition-opacity', query.isPlaceholderData && 'opacity-60')}
          aria-busy={query.isFetching}
        >
          <Table className="hidden sm:table">
            <caption className="sr-only">{label}</caption>
            <thead className="border-b">
              <tr>
                {visible.map((id) => {
                  const column = byId.get(id)!;
                  const sorted = column.sort && [column.sort, `-${column.sort}`].find((one) => one === search.sort);
                  const isDown = sorted?.startsWith('-');
                  const Icon = sorted ? (isDown ? ArrowDownIcon : ArrowUpIcon) : ArrowUpDownIcon;
                  return (
                    <TableHead
                      key={id}
                      className={column.align === 'end' ? 'text-end' : undefined}
                      aria-sort={sorted ? (isDown ? 'descending' : 'ascending') : undefined}
                    >
                      {column.sort ? (
                        <button
                          type="button"
                          className="inline-flex items-center gap-1 hover:text-foreground"
                          onClick={() => change({ sort: sorted && !isDown ? `-${column.sort}` : column.sort })}
                        >
                          {column.header}
                          <Icon className={cn('size-3.5', !sorted && 'opacity-50')} aria-hidden />
                        </button>
                      ) : (
                        column.header
                      )}
                    </TableHead>
                  );
                })}
              </tr>
            </thead>
            <tbody>
              {query.isPending
                ? Array.from({ length: SKELETON_ROWS }, (_, row) => (
                    <TableRow key={row}>
                      {visible.map((id) => (
                        <TableCell key={id}>
                          <Skeleton className="h-5 w-full max-w-40" />
                        </TableCell>
                      ))}
                    </TableRow>
                  ))
                : table.getRowModel().rows.map((row) => (
                    <TableRow
                      key={row.id}
                      className={opens ? 'cursor-pointer hover:bg-muted/50 focus-visible:-outline-offset-2' : undefined}
                      tabIndex={opens ? 0 : undefined}
                      onClick={(event) => {
                        if (!(event.target as Element).closest('a,button')) open(row.original.row);
                      }}
                      onKeyDown={(event) => {
                        if (event.key === 'Enter' && event.target === event.currentTarget) open(row.original.row);
                      }}
                    >
                      {row.getVisibleCells().map((cell) => (
                        <TableCell
                          key={cell.id}
                          className={byId.get(cell.column.id)?.align === 'end' ? 'text-end tabular-nums' : undefined}
                        >
                          <table.FlexRender cell={cell} />
                        </TableCell>
                      ))}
                    </TableRow>
                  ))}
            </tbody>
          </Table>

          <ul className="divide-y sm:hidden">
            {query.isPending
              ? Array.from({ length: SKELETON_ROWS }, (_, row) => (
                  <li key={row} className="grid gap-2 p-4">
                    <Skeleton className="h-5 w-2/3" />
                    <Skeleton className="h-4 w-1/2" />
                  </li>
                ))
              : (items ?? []).map((row) => {
                  const [first, ...rest] = columns.filter((column) => shown[column.id] !== false);
                  const text = (
                    <>
                      <div className="font-medium">{first?.cell(row)}</div>
                      <dl className="mt-1 grid gap-1">
                        {rest.map((column) => (
                          <div key={column.id} className="flex justify-between gap-4 text-sm">
                            <dt className="shrink-0 text-muted-foreground">{column.header}</dt>
                            <dd className="min-w-0 text-end break-words">{column.cell(row)}</dd>
                          </div>
                        ))}
                      </dl>
                    </>
                  );
                  return (
                    <li
                      key={rowId(row)}
                      className="p-4"
                      tabIndex={opens ? 0 : undefined}
                      onClick={(event) => {
                        if (!(event.target as Element).closest('a,button')) open(row);
                      }}
                      onKeyDown={(event) => {
                        if (event.key === 'Enter' && event.target === event.currentTarget) open(row);
                      }}
                    >
                      {text}
                    </li>
                  );
                })}
          </ul>
        </div>
      )}

      {(next_cursor || page > 1 || (items?.length ?? 0) > 0) && (
        <nav
          aria-label={t('table.pages')}
          className="flex flex-wrap items-center justify-between gap-3 border-t p-3 sm:px-4"
        >
          <label className="flex items-center gap-2 text-sm text-muted-foreground">
            {t('table.perPage')}
            <NativeSelect
              className="h-8 w-20"
              value={size}
              onChange={(event) => change({ size: Number(event.target.value) })}
            >
              {PAGE_SIZES.map((one) => (
                <option key={one}>{one}</option>
              ))}
            </NativeSelect>
          </label>
          <div className="flex items-center gap-2">
            <span className="text-sm text-muted-foreground" aria-live="polite">
              {t('table.page', { page })}
            </span>
            <Button variant="outline" size="sm" disabled={page === 1} onClick={previous}>
              <ChevronLeftIcon className="rtl:rotate-180" aria-hidden />
              <span className="max-sm:sr-only">{t('table.previous')}</span>
            </Button>
            <Button
              variant="outline"
              size="sm"
              disabled={!next_cursor}
              onClick={() => {
                if (next_cursor) next(next_cursor);
              }}
            >
              <span className="max-sm:sr-only">{t('table.next')}</span>
              <ChevronRightIcon className="rtl:rotate-180" aria-hidden />
            </Button>
          </div>
        </nav>
      )}
    </section>
  );
}

/** A filter that an address names. */
export function Filter({
  by,
  label,
  all,
  options,
}: {
  by: 'status' | 'tag' | 'category';
  label: string;
  all: string;
  options: { value: string; label: string }[];
}) {
  const { search, change } = useListState();
  return (
    <NativeSelect
      aria-label={label}
      className={cn('w-auto max-w-full', search[by] && 'border-primary')}
      value={search[by] ?? ''}
      onChange={(event) => change({ [by]: event.target.value || undefined })}
    >
      <option value="">{all}</option>
      {options.map((option) => (
        <option key={option.value} value={option.value}>
          {option.label}
        </option>
      ))}
    </NativeSelect>
  );
}
