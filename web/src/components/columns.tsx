// Columns that many lists have.

import type { ReactNode } from 'react';
import type { Column, Edit } from '@/lib/table';
import { languageName } from '@/lib/texts';
import { StateBadge } from './state-badge';

/** What a row is called. */
export function nameColumn<T>(header: string, value: (row: T) => string, id = 'name'): Column<T> {
  return {
    id,
    header,
    value,
    filter: { kind: 'text' },
    cell: (row) => <bdi className="inline-block min-w-32 font-medium">{value(row)}</bdi>,
  };
}

/** A moment, which `show` writes with its time or as its day. */
export function timeColumn<T>(
  id: string,
  header: string,
  show: (at?: string | null) => string,
  value: (row: T) => string | null | undefined,
  hidden = false,
): Column<T> {
  return { id, header, hidden, value, filter: { kind: 'day' }, cell: (row) => show(value(row)) };
}

function stateFilter(t: (key: string) => string, all: string, states: readonly string[]): Column<unknown>['filter'] {
  const options = states.map((value) => ({ value, label: t(`state.${value}`) }));
  return { kind: 'choice', server: true, quick: true, all, options };
}

/** The status of a row, which the API filters by. `name` is its field. */
export function statusColumn<T extends Record<Name, string>, Name extends string = 'status'>(
  t: (key: string) => string,
  header: string,
  all: string,
  states: readonly T[Name][],
  name = 'status' as Name,
): Column<T> {
  return {
    id: name,
    header,
    value: (row) => row[name],
    filter: stateFilter(t, all, states),
    cell: (row) => <StateBadge state={row[name]} />,
  };
}

/** The words for a row that is in use, and for one that is not. */
type Words = readonly [string, string];
const ACTIVE: Words = ['active', 'inactive'];
export const ON_OFF: Words = ['on', 'off'];

/** Whether a row is in use, which the API filters by: see `activeOf`. */
export function activeColumn<T extends { active: boolean }>(
  t: (key: string) => string,
  all: string,
  words = ACTIVE,
): Column<T> {
  const stateOf = ({ active }: T) => words[active ? 0 : 1];
  return {
    id: 'state',
    header: t('common.state'),
    value: stateOf,
    filter: stateFilter(t, all, words),
    cell: (row) => <StateBadge state={stateOf(row)} />,
  };
}

/** The filter by the state as the API wants it. */
export function activeOf({ state }: Record<string, string>, words = ACTIVE) {
  return state ? state === words[0] : undefined;
}

/** The number that lists follow. */
export function placeColumn<T extends { sort_order: number }>(
  t: (key: string) => string,
  show: (place: number) => string,
  inPlace: Pick<Edit<T>, 'read' | 'save'> | false,
): Column<T> {
  return {
    id: 'place',
    header: t('categories.place'),
    align: 'end',
    value: (row) => row.sort_order,
    cell: (row) => show(row.sort_order),
    edit: inPlace && {
      ...inPlace,
      kind: 'number',
      required: true,
      text: (row) => String(row.sort_order),
      change: (text) => ({ sort_order: Number(text) }) as Partial<T>,
    },
  };
}

/** In which languages a row has its texts. */
export function languagesColumn<T>(
  t: (key: string) => string,
  texts: (row: T) => Record<string, string>,
  hidden = false,
): Column<T> {
  const show = (row: T) => Object.keys(texts(row)).map(languageName).join(', ');
  return { id: 'languages', header: t('categories.languages'), hidden, value: show, cell: show };
}

/** What can be done with a row, for those who may. */
export function actionsColumn<T>(may: boolean, cell: (row: T) => ReactNode): Column<T>[] {
  if (!may) return [];
  return [{ id: 'actions', header: '', align: 'end', cell: (row) => <span className="inline-flex">{cell(row)}</span> }];
}
