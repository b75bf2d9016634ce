import { useNavigate, useSearch } from '@tanstack/react-router';
import { useCallback } from 'react';
import { whereOf, type Where } from './where';

export const PAGE_SIZES = [10, 25, 50, 100] as const;

/** What an address says about a list. Every list has the same words. */
export interface ListSearch {
  q?: string;
  /** Rows of a page. 0 shows all rows, without pages. */
  size?: number;
  page?: number;
  cursor?: string;
  /** Columns, separated by commas. A `-` before one sorts it from its end. */
  sort?: string;
  /** What the columns are filtered by. */
  f?: Record<string, string>;
  /** Conditions that are joined by “and” or “or”. */
  where?: Where;
  /** Which part of a page with several lists is shown. */
  tab?: string;
  day?: string;
  view?: string;
  /** Which one of the list stands open beside it. */
  open?: string;
  /** The message to which a conversation is opened. */
  at?: string;
  /** The marketing campaign to which a new thing will belong. */
  marketing?: string;
}

function text(value: unknown) {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? String(value) || undefined
    : undefined;
}

function filters(value: unknown) {
  if (typeof value !== 'object' || value === null) return undefined;
  const known = Object.entries(value).flatMap(([column, wanted]) => {
    const said = text(wanted);
    return said ? [[column, said] as const] : [];
  });
  return known.length ? Object.fromEntries(known) : undefined;
}

/** An address can hold anything. What is not understood is left out. */
export function listSearch(raw: Record<string, unknown>): ListSearch {
  const size = Number(text(raw.size) ?? NaN);
  const page = Number(text(raw.page) ?? NaN);
  const day = text(raw.day);
  return {
    q: text(raw.q),
    size: size === 0 || PAGE_SIZES.some((one) => one === size) ? size : undefined,
    page: Number.isInteger(page) && page > 0 ? page : undefined,
    cursor: text(raw.cursor),
    sort: text(raw.sort),
    f: filters(raw.f),
    where: whereOf(raw.where),
    tab: text(raw.tab),
    day: day && /^\d{4}-\d\d-\d\d$/.test(day) && !Number.isNaN(Date.parse(day)) ? day : undefined,
    view: text(raw.view),
    open: text(raw.open),
    at: text(raw.at),
    marketing: text(raw.marketing),
  };
}

export function useListState() {
  const search: ListSearch = useSearch({ strict: false });
  const navigate = useNavigate();
  const change = useCallback(
    (patch: Partial<ListSearch>, replace = false) =>
      void navigate({
        to: '.',
        // Another question starts at its first page.
        search: (before: ListSearch) => ({ ...before, page: undefined, cursor: undefined, ...patch }),
        replace,
      }),
    [navigate],
  );
  const filterBy = useCallback(
    (column: string, value: string | undefined, replace = false) =>
      void navigate({
        to: '.',
        search: (before: ListSearch) => {
          const { [column]: _, ...rest } = before.f ?? {};
          const f = value ? { ...rest, [column]: value } : rest;
          return {
            ...before,
            page: undefined,
            cursor: undefined,
            f: Object.keys(f).length ? f : undefined,
          };
        },
        replace,
      }),
    [navigate],
  );
  return { search, change, filterBy, size: search.size ?? 25 };
}
