// The heads of a list's columns, which sort the list, and which a person drags to another place or width.

import { ArrowDownIcon, ArrowUpDownIcon, ArrowUpIcon } from 'lucide-react';
import { useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { direction } from '@/lib/i18n';
import { useListState } from '@/lib/list-state';
import type { Column } from '@/lib/table';
import { cn } from '@/lib/utils';
import type { Layout } from './table-tools';
import { TableHead } from './ui/table';

const NARROWEST_PX = 64;
const STEP_PX = 16;

/** Drags the edge of a column, or moves it with the arrow keys. */
function Edge({
  header,
  width,
  onWidth,
}: {
  header: string;
  width: number | undefined;
  onWidth: (px: number) => void;
}) {
  const { t, i18n } = useTranslation();
  const sign = direction(i18n.language) === 'rtl' ? -1 : 1;
  const start = useRef<{ x: number; width: number } | null>(null);
  const now = (edge: Element) => width ?? edge.parentElement?.offsetWidth ?? NARROWEST_PX;
  const set = (px: number) => onWidth(Math.max(NARROWEST_PX, Math.round(px)));
  return (
    <span
      role="separator"
      aria-orientation="vertical"
      aria-label={t('table.width', { column: header })}
      aria-valuenow={width ?? 0}
      tabIndex={0}
      draggable={false}
      className="absolute inset-y-2 end-0 w-2 cursor-col-resize touch-none border-e-2 border-transparent hover:border-ring focus-visible:border-ring"
      onPointerDown={(event) => {
        event.preventDefault();
        event.currentTarget.setPointerCapture(event.pointerId);
        start.current = { x: event.clientX, width: now(event.currentTarget) };
      }}
      onPointerMove={(event) => {
        if (start.current) set(start.current.width + sign * (event.clientX - start.current.x));
      }}
      onPointerUp={() => (start.current = null)}
      onKeyDown={(event) => {
        const by = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
        if (!by) return;
        event.preventDefault();
        set(now(event.currentTarget) + sign * by * STEP_PX);
      }}
    />
  );
}

export function HeadCells<T>({
  columns,
  sorting,
  widths,
  order,
  keep,
}: {
  columns: Column<T>[];
  sorting: { id: string; desc: boolean }[];
  widths: Layout['widths'];
  /** All columns in their order, also those that are hidden. */
  order: Column<T>[];
  keep: (change: (before: Layout) => Layout) => void;
}) {
  const { t } = useTranslation();
  const { change } = useListState();
  const dragged = useRef<string | null>(null);
  /** A click sorts by one column; with Shift, by this one after the others. */
  const sortBy = (id: string, also: boolean) => {
    const before = sorting.find((one) => one.id === id);
    const step = !before ? [{ id, desc: false }] : before.desc ? [] : [{ id, desc: true }];
    const at = sorting.findIndex((one) => one.id === id);
    const others = sorting.filter((one) => one.id !== id);
    const wanted = also ? others.toSpliced(at < 0 ? others.length : at, 0, ...step) : step;
    change({ sort: wanted.map((one) => `${one.desc ? '-' : ''}${one.id}`).join(',') || undefined });
  };

  const place = (id: string, before: string) =>
    keep((now) => {
      const ids = order.map((column) => column.id).filter((one) => one !== id);
      ids.splice(ids.indexOf(before), 0, id);
      return { ...now, order: ids };
    });

  return columns.map((column) => {
    const sorted = sorting.find((one) => one.id === column.id);
    const Icon = sorted ? (sorted.desc ? ArrowDownIcon : ArrowUpIcon) : ArrowUpDownIcon;
    const width = widths[column.id];
    return (
      <TableHead
        key={column.id}
        className={cn('relative', column.align === 'end' && 'text-end')}
        style={width ? { width, minWidth: width, maxWidth: width } : undefined}
        aria-sort={sorted ? (sorted.desc ? 'descending' : 'ascending') : undefined}
        onDragOver={(event) => {
          if (dragged.current) event.preventDefault();
        }}
        onDrop={() => {
          if (dragged.current && dragged.current !== column.id) place(dragged.current, column.id);
          dragged.current = null;
        }}
      >
        <span
          draggable
          className="inline-flex max-w-full cursor-grab"
          onDragStart={(event) => {
            dragged.current = column.id;
            event.dataTransfer.effectAllowed = 'move';
          }}
          onDragEnd={() => (dragged.current = null)}
        >
          {column.sort || column.value ? (
            <button
              type="button"
              title={t('table.sortHint')}
              className="inline-flex min-h-6 min-w-0 items-center gap-1 hover:text-foreground"
              onClick={(event) => sortBy(column.id, event.shiftKey)}
            >
              <span className="truncate">{column.header}</span>
              <Icon className={cn('size-3.5 shrink-0', !sorted && 'opacity-50')} aria-hidden />
              {sorted && sorting.length > 1 && <sup>{sorting.indexOf(sorted) + 1}</sup>}
            </button>
          ) : (
            <span className="truncate">{column.header || <span className="sr-only">{t('table.actions')}</span>}</span>
          )}
        </span>
        <Edge
          header={column.header}
          width={width}
          onWidth={(px) => keep((now) => ({ ...now, widths: { ...now.widths, [column.id]: px } }))}
        />
      </TableHead>
    );
  });
}
