// Columns that many lists have.

import type { ReactNode } from 'react';
import type { Column } from '@/lib/table';
import { StateBadge } from './state-badge';

/** What a row is called. */
export function nameColumn<T>(header: string, value: (row: T) => string, id = 'name'): Column<T> {
  return {
    id,
    header,
    value,
    filter: { kind: 'text' },
    cell: (row) => <bdi className="font-medium">{value(row)}</bdi>,
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

/** The status of a row, which the API filters by. */
export function statusColumn<T extends { status: string }>(
  t: (key: string) => string,
  header: string,
  all: string,
  states: readonly T['status'][],
): Column<T> {
  return {
    id: 'status',
    header,
    value: ({ status }) => status,
    filter: stateFilter(t, all, states),
    cell: ({ status }) => <StateBadge state={status} />,
  };
}

const stateOf = ({ active }: { active: boolean }) => (active ? 'active' : 'inactive');

/** Whether a row is in use, which the API filters by: see `activeOf`. */
export function activeColumn<T extends { active: boolean }>(t: (key: string) => string, all: string): Column<T> {
  return {
    id: 'state',
    header: t('common.state'),
    value: stateOf,
    filter: stateFilter(t, all, ['active', 'inactive']),
    cell: (row) => <StateBadge state={stateOf(row)} />,
  };
}

/** The filter by the state as the API wants it. */
export function activeOf({ state }: Record<string, string>) {
  return state ? state === 'active' : undefined;
}

/** What can be done with a row, for those who may. */
export function actionsColumn<T>(may: boolean, cell: (row: T) => ReactNode): Column<T>[] {
  if (!may) return [];
  return [{ id: 'actions', header: '', align: 'end', cell: (row) => <span className="inline-flex">{cell(row)}</span> }];
}
