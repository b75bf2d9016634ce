import { useNavigate, useSearch } from '@tanstack/react-router';
import { useCallback } from 'react';
import { z } from 'zod';

export const PAGE_SIZES = [10, 25, 50, 100] as const;

const text = z.coerce.string().min(1).optional().catch(undefined);

/** What an address says about a list. Every list has the same words. */
export const listSearch = z.object({
  q: text,
  size: z.coerce
    .number()
    .refine((size) => PAGE_SIZES.some((one) => one === size))
    .optional()
    .catch(undefined),
  page: z.coerce.number().int().positive().optional().catch(undefined),
  cursor: text,
  sort: text,
  status: text,
  tag: text,
  category: text,
  day: z.iso.date().optional().catch(undefined),
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
  return { search, change, size: search.size ?? 25 };
}
