// A cell that a person may change where it stands: by its pencil, by F2 or by a double click.

import { useQueryClient } from '@tanstack/react-query';
import { PencilIcon } from 'lucide-react';
import { createContext, lazy, Suspense, useContext, useEffect, useRef, useState, type ReactNode } from 'react';
import type { Tagged } from '@/api/client';
import type { Column, Edit, Page, Source } from '@/lib/table';
import { cn } from '@/lib/utils';
import type { CellFieldProps } from './table-edit-field';
import { Button } from './ui/button';

/** Most people read most lists, so the field comes when it is wanted. */
const CellField = lazy(() => import('./table-edit-field').then((module) => ({ default: module.CellField }))) as <T>(
  props: CellFieldProps<T>,
) => ReactNode;

/** What a person has written into a cell and not saved. */
export interface Draft {
  text: string;
  /** What stood in the cell when the person began, and the state of the thing then. */
  seen: string;
  base: Promise<Tagged<unknown> | null>;
  fault: string;
}

/** The drafts of a list, by row and column. A row that leaves the sight is drawn anew later, and shows its draft again. */
export const Drafts = createContext<Map<string, Draft>>(new Map());

/** Begins a change of the first cell of a row that the person may change. */
export function beginEdit(row: Element) {
  row.querySelector<HTMLElement>('[data-edit]')?.click();
}

/** Puts a changed row into its list, and reads again what else the workspace shows. */
export function useSaved<T>(key: Source<T>['key'], rowId: (row: T) => string) {
  const queries = useQueryClient();
  return (row: T) => {
    const put = (page: Page<T>) => ({
      ...page,
      items: page.items.map((one) => (rowId(one) === rowId(row) ? row : one)),
    });
    const part = (wanted: string) => ({
      queryKey: key,
      predicate: (one: { queryKey: readonly unknown[] }) => one.queryKey[key.length] === wanted,
    });
    queries.setQueriesData<Page<T>>(part('page'), (page) => page && put(page));
    queries.setQueriesData<{ pages: Page<T>[]; pageParams: unknown[] }>(
      part('whole'),
      (all) => all && { ...all, pages: all.pages.map(put) },
    );
    void queries.invalidateQueries({
      queryKey: key.slice(0, 1),
      // A list without pages can be long, and has the changed row already.
      predicate: (one) => !one.queryKey.includes('whole'),
    });
  };
}

export function EditableCell<T>({
  column,
  edit,
  row,
  rowId,
  valueId,
  words,
  name,
  onSaved,
}: {
  column: Column<T>;
  edit: Edit<T>;
  row: T;
  rowId: string;
  /** Names the value in the cell. */
  valueId: string | undefined;
  /** What the button says, without the row. */
  words: string | undefined;
  /** What the row is called. */
  name: string;
  onSaved: (row: T) => void;
}) {
  const drafts = useContext(Drafts);
  const place = `${rowId} ${column.id}`;
  const [stage, setStage] = useState<'shown' | 'open' | 'saving'>(drafts.has(place) ? 'open' : 'shown');
  const button = useRef<HTMLButtonElement>(null);
  const wasOpen = useRef(false);
  useEffect(() => {
    // A person who works by keyboard goes on from where they were, unless they have gone elsewhere.
    if (stage !== 'open' && wasOpen.current && document.activeElement === document.body) button.current?.focus();
    wasOpen.current = stage === 'open';
  }, [stage]);
  const open = () => setStage((now) => (now === 'shown' ? 'open' : now));
  const content = column.cell(row);
  return (
    <span
      data-editable
      aria-busy={stage === 'saving'}
      className={cn(
        'group/cell relative inline-flex max-w-full items-center gap-1',
        // What is aligned at the end stays so beside cells without a pencil.
        column.align === 'end' ? 'flex-row-reverse' : '[dd_&]:flex-row-reverse',
      )}
      onDoubleClick={open}
    >
      {stage !== 'saving' && (
        // The columns keep their widths under the field.
        <span id={valueId} className={cn('inline-flex min-w-0', stage === 'open' && 'invisible')}>
          {content}
        </span>
      )}
      {stage !== 'shown' && (
        <Suspense>
          <CellField
            column={column}
            edit={edit}
            row={row}
            label={`${column.header}: ${name}`}
            draft={drafts.get(place)}
            onDraft={(draft) => {
              if (draft) drafts.set(place, draft);
              else drafts.delete(place);
            }}
            onStage={setStage}
            onSaved={onSaved}
          />
        </Suspense>
      )}
      {stage !== 'open' && (
        <Button
          ref={button}
          data-edit
          variant="ghost"
          size="icon"
          title={words}
          aria-label={`${words}: ${name}`}
          className="-my-1 size-6 opacity-0 group-hover/cell:opacity-100 focus-visible:opacity-100 pointer-coarse:opacity-100 [li_&]:opacity-100 [tr:focus-visible_&]:opacity-100"
          // It keeps the focus while the value is saved.
          aria-disabled={stage === 'saving'}
          onClick={open}
          onKeyDown={(event) => {
            if (event.key === 'F2') open();
          }}
        >
          <PencilIcon className="size-3.5" aria-hidden />
        </Button>
      )}
    </span>
  );
}
