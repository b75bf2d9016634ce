// The rows of the table, and the cards that phones show in their place.

import { memo, useEffect, useId, useRef, type KeyboardEvent, type MouseEvent } from 'react';
import type { Column } from '@/lib/table';
import { cn } from '@/lib/utils';
import { beginEdit, EditableCell } from './table-edit';
import { Checkbox } from './ui/checkbox';
import { TableCell, TableRow } from './ui/table';

const DOUBLE_CLICK_MS = 250;

export interface Entry<T> {
  id: string;
  row: T;
}

/** What the controls of a row say. The rows do not look them up: a scroll draws many. */
export interface Words {
  choose: string;
  /** By column. */
  change: Record<string, string>;
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
  words: Words;
  onSaved: (row: T) => void;
  onOpen: ((row: T) => void) | null;
  onChoose: (entries: Entry<T>[], on: boolean) => void;
}

function useRowEvents<T>({ entry, index, measure, onOpen }: LineProps<T>) {
  const opens = useRef(0);
  useEffect(() => () => clearTimeout(opens.current), []);
  return {
    ref: measure,
    'data-index': index,
    tabIndex: onOpen ? 0 : undefined,
    onClick: onOpen
      ? (event: MouseEvent) => {
          const at = event.target as Element;
          // A dialog that a cell opens lies elsewhere in the page, but React tells the row of its clicks.
          if (!event.currentTarget.contains(at) || at.closest('a,button,input,label,form')) return;
          clearTimeout(opens.current);
          // The first click of a double click must not lead away from the cell that it changes.
          if (!at.closest('[data-editable]')) onOpen(entry.row);
          else if (event.detail < 2) opens.current = window.setTimeout(() => onOpen(entry.row), DOUBLE_CLICK_MS);
        }
      : undefined,
    onKeyDown: onOpen
      ? (event: KeyboardEvent) => {
          if (event.target !== event.currentTarget) return;
          if (event.key === 'Enter') {
            // The rest of this key would press the button that a dialog gives the focus to, and close it.
            event.preventDefault();
            onOpen(entry.row);
          }
          if (event.key === 'F2') beginEdit(event.currentTarget);
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

function Chooser<T>({ entry, isChosen, words, onChoose }: LineProps<T>) {
  return (
    <Checkbox
      aria-label={words.choose}
      checked={isChosen}
      onChange={(event) => onChoose([entry], event.target.checked)}
    />
  );
}

interface CellProps<T> extends LineProps<T> {
  column: Column<T>;
  valueId?: string;
}

function Cell<T>({ column, valueId, columns, entry: { id, row }, words, onSaved }: CellProps<T>) {
  if (!column.edit) return column.cell(row);
  return (
    <EditableCell
      column={column}
      edit={column.edit}
      row={row}
      rowId={id}
      valueId={valueId}
      words={words.change[column.id]}
      name={String(columns.find((one) => one.value)?.value?.(row) ?? '')}
      onSaved={onSaved}
    />
  );
}

function PlainLine<T>(props: LineProps<T>) {
  const { index, columns, widths, isChosen, measure, onOpen } = props;
  const id = useId();
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
        const valueId = column.edit ? `${id}-${column.id}` : undefined;
        return (
          <TableCell
            key={column.id}
            // Its name is its value, without the pencil.
            aria-labelledby={valueId}
            className={cn(
              column.align === 'end' && 'text-end tabular-nums',
              column.filter?.kind === 'day' && 'whitespace-nowrap',
              width && 'overflow-hidden text-ellipsis',
            )}
            style={width ? { width, maxWidth: width } : undefined}
          >
            <Cell {...props} column={column} valueId={valueId} />
          </TableCell>
        );
      })}
    </TableRow>
  );
}

function PlainCard<T>(props: LineProps<T>) {
  const { columns, isChosen } = props;
  const [head, ...rest] = columns;
  return (
    <li {...useRowEvents(props)} className="border-b p-4 last:border-0 focus-visible:-outline-offset-2">
      <div className="flex items-center gap-3 font-medium">
        {isChosen !== undefined && <Chooser {...props} />}
        {head && <Cell {...props} column={head} />}
      </div>
      <dl className="mt-1 grid grid-cols-1 gap-1">
        {rest.map((column) => (
          <div key={column.id} className="flex justify-between gap-4 text-sm">
            <dt className="shrink-0 text-muted-foreground">{column.header}</dt>
            <dd className="min-w-0 text-end wrap-anywhere">
              <Cell {...props} column={column} />
            </dd>
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
} & Pick<LineProps<T>, 'columns' | 'widths' | 'words' | 'onSaved' | 'onOpen' | 'onChoose'>;

export function Lines<T>({ entries, isNarrow, chosen, ...line }: LinesProps<T>) {
  const One = isNarrow ? CardLine : Line;
  return entries.map((entry, index) => (
    <One key={entry.id} entry={entry} index={index} isChosen={chosen?.has(entry.id)} measure={undefined} {...line} />
  ));
}
