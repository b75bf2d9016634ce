// The foot of a list: how many rows a page has, and the way to the other pages.

import { ChevronLeftIcon, ChevronRightIcon } from 'lucide-react';
import { useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '@/lib/format';
import { PAGE_SIZES, useListState } from '@/lib/list-state';
import type { useRows } from '@/lib/table';
import { Button } from './ui/button';
import { NativeSelect } from './ui/input';

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

export function TablePages({
  rows,
  count,
}: {
  rows: Omit<ReturnType<typeof useRows>, 'items'>;
  /** Rows that are shown. */
  count: number;
}) {
  const { t } = useTranslation();
  const format = useFormat();
  const { change, size } = useListState();
  const { page, next, previous } = usePages();
  // A page may be empty and still have older rows behind it.
  if (count === 0 && page === 1 && !rows.next_cursor) return null;
  return (
    <nav
      aria-label={t('table.pages')}
      className="flex flex-wrap items-center justify-between gap-3 border-t p-3 sm:px-4"
    >
      <label className="flex items-center gap-2 text-sm text-muted-foreground">
        {t('table.perPage')}
        <NativeSelect
          className="h-8 w-24"
          value={size}
          onChange={(event) => change({ size: Number(event.target.value) })}
        >
          {PAGE_SIZES.map((one) => (
            <option key={one}>{one}</option>
          ))}
          <option value={0}>{t('table.all')}</option>
        </NativeSelect>
      </label>
      {rows.isWhole ? (
        <span className="text-sm text-muted-foreground" aria-live="polite">
          {rows.isReading
            ? t('table.reading', { shown: format.number(rows.read) })
            : t('table.rows', { count, shown: format.number(count) })}
        </span>
      ) : (
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
            disabled={!rows.next_cursor}
            onClick={() => rows.next_cursor && next(rows.next_cursor)}
          >
            <span className="max-sm:sr-only">{t('table.next')}</span>
            <ChevronRightIcon className="rtl:rotate-180" aria-hidden />
          </Button>
        </div>
      )}
    </nav>
  );
}
