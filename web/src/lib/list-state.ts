import { useNavigate, useSearch } from '@tanstack/react-router';
import { useCallback } from 'react';
import { z } from 'zod';

export const PAGE_SIZES = [10, 25, 50, 100] as const;

const text = z.coerce.string().min(1).optional().catch(undefined);

/** What an address says about a list. Every list has the same words. */
export const listSearch = z.object({
  q: text,
  /** Rows of a page. 0 shows all rows, without pages. */
  size: z.coerce
    .number()
    .refine((size) => size === 0 || PAGE_SIZES.some((one) => one === size))
    .optional()
    .catch(undefined),
  page: z.coerce.number().int().positive().optional().catch(undefined),
  cursor: text,
  /** Columns, separated by commas. A `-` before one sorts it from its end. */
  sort: text,
  /** What the columns are filtered by. */
  f: z.record(z.string(), z.coerce.string()).optional().catch(undefined),
  /** Which part of a page with several lists is shown. */
  tab: text,
  day: z.iso.date().optional().catch(undefined),
  view: text,
});
export type ListSearch = z.infer<typeof listSearch>;

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
