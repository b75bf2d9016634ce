// What a list asks of the API and what the browser does itself.

import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useEffect, useMemo, useState, type ReactNode } from 'react';
import { LARGEST, type Tagged } from '@/api/client';
import type { Plain } from './csv';
import type { ListSearch } from './list-state';
import { split } from './where';

export interface Page<T> {
  items: T[];
  next_cursor?: string | null;
}

/** For a query that reads one page after the other. */
export const byCursor = {
  initialPageParam: undefined as string | undefined,
  getNextPageParam: (page: Page<unknown>) => page.next_cursor ?? undefined,
};

/** One call of a list. */
export interface Ask {
  q?: string;
  /** The API's own word, with `-` before it for the other direction. */
  sort?: string;
  filters: Record<string, string>;
  limit: number;
  cursor?: string;
}

/** A page of a list that the API gives as a whole. The cursor is the number of the rows before. */
export function pageOf<T>(items: T[], { limit, cursor }: Ask): Page<T> {
  const start = Number(cursor ?? 0);
  const end = start + limit;
  return { items: items.slice(start, end), next_cursor: end < items.length ? String(end) : undefined };
}

type Filtering<T> = (
  | { kind: 'text' | 'number' | 'day' }
  | {
      kind: 'choice';
      options: { value: string; label: string }[];
      all?: string;
      /** The options that a row has, where they are not its value. */
      of?: (row: T) => readonly string[];
    }
) & {
  /** The API filters by this column. Else the browser reads all rows and filters them. */
  server?: boolean;
  /** Always in sight, not only with the other filters. */
  quick?: boolean;
};

/** How a person changes a cell where it stands. */
export interface Edit<T> {
  kind?: 'text' | 'number' | 'email' | 'choice';
  options?: { value: string; label: string }[];
  required?: boolean;
  /** What the field begins with. */
  text: (row: T) => string;
  /** The fields of the row that the written text changes. */
  change: (text: string, row: T) => Partial<T>;
  read: (row: T) => Promise<Tagged<T>>;
  /** Fails with 412 if the thing is not as it was read. */
  save: (change: Partial<T>, base: Tagged<T>) => Promise<T>;
}

export interface Column<T> {
  id: string;
  header: string;
  cell: (row: T) => ReactNode;
  /** What the browser sorts, filters, searches and exports. */
  value?: (row: T) => Plain;
  /** The word by which the API sorts. */
  sort?: string;
  filter?: Filtering<T>;
  align?: 'end';
  /** For those who may change the cell. */
  edit?: Edit<T> | false;
  /** Hidden until a person wants it. */
  hidden?: boolean;
}

export interface Source<T> {
  key: readonly unknown[];
  load: (ask: Ask) => Promise<Page<T>>;
  /** Milliseconds after which a page of the list is read again. */
  every?: number;
}

/** A list that the browser filters or sorts reads this many rows by itself, and up to `MOST` when a person wants it. */
export const FIRST = 10_000;
/** So many rows fit into a browser without harm. */
export const MOST = 100_000;

function sortingOf(sort: string | undefined) {
  return (sort ?? '')
    .split(',')
    .filter(Boolean)
    .map((one) => ({ id: one.replace(/^-/, ''), desc: one.startsWith('-') }));
}

const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' });

/** Rows without a value come first, as in the API. */
export function compare(a: Plain, b: Plain) {
  if (a == null || b == null) return Number(a != null) - Number(b != null);
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  return collator.compare(String(a), String(b));
}

export function useRows<T>(source: Source<T>, columns: Column<T>[], search: ListSearch, size: number, finds: boolean) {
  const sorting = useMemo(() => sortingOf(search.sort), [search.sort]);
  const byId = useMemo(() => new Map(columns.map((column) => [column.id, column])), [columns]);
  const only = sorting.length === 1 ? sorting[0] : undefined;
  const word = only && byId.get(only.id)?.sort;
  const serverSorts = sorting.length === 0 || word !== undefined;
  const filters = Object.entries(search.f ?? {}).filter(([id]) => byId.get(id)?.filter);
  const known = filters.filter(([id]) => byId.get(id)?.filter?.server);
  const { told, rest } = useMemo(
    () => split(search.where, byId, new Set(Object.keys(search.f ?? {}))),
    [search.where, search.f, byId],
  );
  const isWhole =
    size === 0 || !serverSorts || known.length < filters.length || Boolean(rest) || Boolean(search.q && !finds);
  const asked = {
    q: finds ? search.q : undefined,
    sort: !isWhole && word ? `${only?.desc ? '-' : ''}${word}` : undefined,
    filters: { ...told, ...Object.fromEntries(known) },
  };
  const paged = useQuery({
    queryKey: [...source.key, 'page', asked, size, search.cursor],
    queryFn: () => source.load({ ...asked, limit: size, cursor: search.cursor }),
    placeholderData: keepPreviousData,
    refetchInterval: source.every,
    enabled: !isWhole,
  });
  const whole = useInfiniteQuery({
    queryKey: [...source.key, 'whole', asked],
    queryFn: ({ pageParam }) => source.load({ ...asked, limit: LARGEST, cursor: pageParam }),
    ...byCursor,
    enabled: isWhole,
  });
  const [most, setMost] = useState(FIRST);
  const pages = whole.data?.pages;
  const count = useMemo(() => pages?.reduce((sum, page) => sum + page.items.length, 0) ?? 0, [pages]);
  const reads = isWhole && whole.hasNextPage && count < most;
  // Each look at the rows filters and sorts them all: while more come, twice as many are waited for each time.
  const shown = reads ? 2 ** Math.floor(Math.log2(pages?.length ?? 1)) : pages?.length;
  const all = useMemo(() => pages?.slice(0, shown).flatMap((page) => page.items), [pages, shown]);
  const { fetchNextPage, isFetching, isError } = whole;
  useEffect(() => {
    if (reads && !isFetching && !isError) void fetchNextPage();
  }, [reads, isFetching, isError, fetchNextPage]);
  const query = isWhole ? whole : paged;
  return {
    items: isWhole ? all : paged.data?.items,
    next_cursor: isWhole ? undefined : (paged.data?.next_cursor ?? undefined),
    isWhole,
    isReading: reads,
    read: count,
    /** There are more rows than those that are read. */
    isCut: isWhole && whole.hasNextPage && !reads,
    readMore: isWhole && count < MOST ? () => setMost(MOST) : undefined,
    rest,
    sorting,
    asked,
    isPending: query.isPending,
    isFetching: query.isFetching,
    isStale: !isWhole && paged.isPlaceholderData,
    error: query.isError ? query.error : null,
    retry: () => void query.refetch(),
  };
}

/** What the API has for a question, however many pages that is, up to so many rows. */
export async function readAll<T>(
  load: Source<T>['load'],
  asked: Omit<Ask, 'limit' | 'cursor'> = { filters: {} },
  most = MOST,
) {
  const rows: T[] = [];
  let cursor: string | undefined;
  do {
    const page = await load({ ...asked, limit: LARGEST, cursor });
    rows.push(...page.items);
    cursor = page.next_cursor ?? undefined;
  } while (cursor && rows.length < most);
  return rows;
}
