// The rows of the table, and the cards that phones show in their place.

import { memo, type KeyboardEvent, type MouseEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { Column } from '@/lib/table';
import { cn } from '@/lib/utils';
import { Checkbox } from './ui/checkbox';
import { TableCell, TableRow } from './ui/table';

export interface Entry<T> {
  id: string;
  row: T;
}

interface LineProps<T> {
  entry: Entry<T>;
  index: number;
  columns: Column<T>[];
  widths: Record<string, number>;
  /** Undefined where rows cannot be chosen. */
  isChosen: boolean | undefined;
  /** Of a list without pages: it measures the row, and tells its place. */
  measure: ((node: Element | null) => void) | undefined;
  onOpen: ((row: T) => void) | null;
  onChoose: (entries: Entry<T>[], on: boolean) => void;
}

function useRowEvents<T>({ entry, index, measure, onOpen }: LineProps<T>) {
  return {
    ref: measure,
    'data-index': index,
    tabIndex: onOpen ? 0 : undefined,
    onClick: onOpen
      ? (event: MouseEvent) => {
          const at = event.target as Element;
          // A dialog that a cell opens lies elsewhere in the page, but React tells the row of its clicks.
          if (event.currentTarget.contains(at) && !at.closest('a,button,input,label')) onOpen(entry.row);
        }
      : undefined,
    onKeyDown: onOpen
      ? (event: KeyboardEvent) => {
          if (event.target !== event.currentTarget) return;
          if (event.key === 'Enter') onOpen(entry.row);
          const sibling =
            event.key === 'ArrowDown'
              ? event.currentTarget.nextElementSibling
              : event.key === 'ArrowUp'
                ? event.currentTarget.previousElementSibling
                : null;
          if (sibling instanceof HTMLElement) {
            event.preventDefault();
            sibling.focus();
          }
        }
      : undefined,
  };
}

function Chooser<T>({ entry, isChosen, onChoose }: LineProps<T>) {
  const { t } = useTranslation();
  return (
    <Checkbox
      aria-label={t('table.choose')}
      checked={isChosen}
      onChange={(event) => onChoose([entry], event.target.checked)}
    />
  );
}

function PlainLine<T>(props: LineProps<T>) {
  const { entry, index, columns, widths, isChosen, measure, onOpen } = props;
  return (
    <TableRow
      {...useRowEvents(props)}
      aria-rowindex={measure && index + 2}
      className={cn(
        onOpen && 'cursor-pointer hover:bg-muted/50 focus-visible:-outline-offset-2',
        isChosen && 'bg-accent/50',
      )}
    >
      {isChosen !== undefined && (
        <TableCell className="pe-0">
          <Chooser {...props} />
        </TableCell>
      )}
      {columns.map((column) => {
        const width = widths[column.id];
        return (
          <TableCell
            key={column.id}
            className={cn(
              column.align === 'end' && 'text-end tabular-nums',
              column.filter?.kind === 'day' && 'whitespace-nowrap',
              width && 'overflow-hidden text-ellipsis',
            )}
            style={width ? { width, maxWidth: width } : undefined}
          >
            {column.cell(entry.row)}
          </TableCell>
        );
      })}
    </TableRow>
  );
}

function PlainCard<T>(props: LineProps<T>) {
  const { entry, columns, isChosen } = props;
  const [head, ...rest] = columns;
  return (
    <li {...useRowEvents(props)} className="border-b p-4 last:border-0 focus-visible:-outline-offset-2">
      <div className="flex items-center gap-3 font-medium">
        {isChosen !== undefined && <Chooser {...props} />}
        {head?.cell(entry.row)}
      </div>
      <dl className="mt-1 grid grid-cols-1 gap-1">
        {rest.map((column) => (
          <div key={column.id} className="flex justify-between gap-4 text-sm">
            <dt className="shrink-0 text-muted-foreground">{column.header}</dt>
            <dd className="min-w-0 text-end wrap-anywhere">{column.cell(entry.row)}</dd>
          </div>
        ))}
      </dl>
    </li>
  );
}

// A scroll draws the table anew. Rows that stay the same are not drawn again.
export const Line = memo(PlainLine) as typeof PlainLine;
export const CardLine = memo(PlainCard) as typeof PlainCard;

export type LinesProps<T> = {
  entries: Entry<T>[];
  isNarrow: boolean;
  chosen: ReadonlyMap<string, T> | null;
} & Pick<LineProps<T>, 'columns' | 'widths' | 'onOpen' | 'onChoose'>;

export function Lines<T>({ entries, isNarrow, chosen, ...line }: LinesProps<T>) {
  const One = isNarrow ? CardLine : Line;
  return entries.map((entry, index) => (
    <One key={entry.id} entry={entry} index={index} isChosen={chosen?.has(entry.id)} measure={undefined} {...line} />
  ));
}
