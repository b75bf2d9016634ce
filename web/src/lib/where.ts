// Conditions that a person joins: all of them, or any, with groups of conditions among them. The address holds them.

import { shifted } from './days';
import { dayOf } from './format';
import type { Column } from './table';

/** What a condition can ask, by the kind of the column. The first one is asked of a new condition. */
export const OPS = {
  text: ['contains', 'lacks', 'is', 'starts', 'empty', 'filled'],
  number: ['between', 'under', 'over', 'equals', 'empty', 'filled'],
  day: ['between', 'before', 'after', 'on', 'empty', 'filled'],
  choice: ['in', 'notIn'],
} as const;
export type Op = (typeof OPS)[keyof typeof OPS][number];

export interface Condition {
  column: string;
  op: Op;
  /** One value, the two ends of `between`, or the choices. */
  values: string[];
}

interface Joined<Part> {
  /** One that holds is enough. Else all must hold. */
  any: boolean;
  of: Part[];
}
export type Group = Joined<Condition>;
export type Where = Joined<Condition | Group>;

export const isGroup = (part: Condition | Group): part is Group => 'of' in part;
const ALL_OPS = new Set<unknown>(Object.values(OPS).flat());

/** Values that the condition needs. */
export const valuesOf = (op: Op) => (op === 'empty' || op === 'filled' ? 0 : op === 'between' ? 2 : 1);

export function isComplete({ op, values }: Condition) {
  return valuesOf(op) === 0 || values.some(Boolean);
}

function readCondition(raw: unknown): Condition[] {
  const { column, op, values } = (raw ?? {}) as Record<string, unknown>;
  if (typeof column !== 'string' || !ALL_OPS.has(op)) return [];
  const one = { column, op: op as Op, values: Array.isArray(values) ? values.map(String) : [] };
  return isComplete(one) ? [one] : [];
}

/** An address can hold anything. What is not understood is left out. */
export function whereOf(raw: unknown): Where | undefined {
  const read = <Part>(group: unknown, part: (one: unknown) => Part[]): Joined<Part> | undefined => {
    const { any, of } = (group ?? {}) as Record<string, unknown>;
    const parts = Array.isArray(of) ? of.flatMap(part) : [];
    return parts.length ? { any: any === true, of: parts } : undefined;
  };
  return read<Condition | Group>(raw, (one) => {
    const group = read(one, readCondition);
    return group ? [group] : readCondition(one);
  });
}

export const kindOf = <T>({ filter }: Column<T>) => filter?.kind ?? 'text';

export function rangeOf(value: string) {
  const [from = '', until = ''] = value.split('..');
  return { from, until };
}

/** What a filter of a column asks, which is what is asked of a new condition. */
export function conditionOf<T>(column: Column<T>, wanted: string): Condition {
  const kind = kindOf(column);
  const { from, until } = rangeOf(wanted);
  return {
    column: column.id,
    op: OPS[kind][0],
    values: kind === 'number' || kind === 'day' ? [from, until] : [wanted],
  };
}

/** The days of a condition, as the API and the other filters write a range. */
function daysOf({ op, values: [from = '', until = ''] }: Condition) {
  if (op === 'between') return `${from}..${until}`;
  if (op === 'on') return `${from}..${from}`;
  if (op === 'before') return `..${shifted(from, -1)}`;
  return op === 'after' ? `${shifted(from, 1)}..` : undefined;
}

/**
 * Splits off what the API filters by itself: conditions that must hold, on columns that it knows, with one choice or with a
 * range of days. `taken` are the columns by which it filters already. The browser matches the rest.
 */
export function split<T>(where: Where | undefined, columns: Map<string, Column<T>>, taken: ReadonlySet<string>) {
  const told: Record<string, string> = {};
  const rest = where?.of.filter((part) => {
    if (isGroup(part)) return part.of.some((one) => columns.get(one.column)?.filter);
    const filter = columns.get(part.column)?.filter;
    if (!filter) return false;
    if (where.any && where.of.length > 1) return true;
    const wanted =
      filter.kind === 'day' ? daysOf(part) : part.op === 'in' && part.values.length === 1 ? part.values[0] : undefined;
    if (!filter.server || !wanted || taken.has(part.column) || told[part.column]) return true;
    told[part.column] = wanted;
    return false;
  });
  return { told, rest: where && rest?.length ? { any: where.any, of: rest } : undefined };
}

/** What a row has of the choices of a column. */
function choicesOf<T>(column: Column<T>, row: T): readonly string[] {
  if (column.filter?.kind === 'choice' && column.filter.of) return column.filter.of(row);
  return [String(column.value?.(row) ?? '')];
}

function matcherOf<T>({ op, values }: Condition, column: Column<T>, zone: string): (row: T) => boolean {
  const [first = '', second = ''] = values;
  const kind = kindOf(column);
  const valueOf = (row: T) => column.value?.(row);
  const isEmpty = (row: T) => valueOf(row) == null || valueOf(row) === '';
  if (op === 'empty') return isEmpty;
  if (op === 'filled') return (row) => !isEmpty(row);
  if (kind === 'choice') {
    const has = (row: T) => choicesOf(column, row).some((one) => values.includes(one));
    return op === 'notIn' ? (row) => !has(row) : has;
  }
  if (kind === 'day') {
    const dayIn = (row: T) => dayOf(new Date(String(valueOf(row))), zone);
    const holds: Partial<Record<Op, (day: string) => boolean>> = {
      between: (day) => (!first || day >= first) && (!second || day <= second),
      before: (day) => day < first,
      after: (day) => day > first,
      on: (day) => day === first,
    };
    return (row) => !isEmpty(row) && (holds[op]?.(dayIn(row)) ?? false);
  }
  if (kind === 'number') {
    const [low, high] = [first && Number(first), second && Number(second)];
    const holds: Partial<Record<Op, (value: number) => boolean>> = {
      between: (value) => (low === '' || value >= low) && (high === '' || value <= high),
      under: (value) => value < Number(first),
      over: (value) => value > Number(first),
      equals: (value) => value === Number(first),
    };
    return (row) => !isEmpty(row) && (holds[op]?.(Number(valueOf(row))) ?? false);
  }
  const wanted = first.trim().toLowerCase();
  const holds: Partial<Record<Op, (text: string) => boolean>> = {
    contains: (text) => text.includes(wanted),
    lacks: (text) => !text.includes(wanted),
    is: (text) => text === wanted,
    starts: (text) => text.startsWith(wanted),
  };
  return (row) => holds[op]?.(String(valueOf(row) ?? '').toLowerCase()) ?? false;
}

/** Says of a row whether the conditions hold. Columns that the list does not have count for nothing. */
export function matcher<T>(where: Where, columns: Map<string, Column<T>>, zone: string): (row: T) => boolean {
  const join = (any: boolean, tests: ((row: T) => boolean)[]) => (row: T) =>
    any ? tests.some((test) => test(row)) : tests.every((test) => test(row));
  const one = (condition: Condition) => {
    const column = columns.get(condition.column);
    return column ? [matcherOf(condition, column, zone)] : [];
  };
  return join(
    where.any,
    where.of.flatMap((part) => (isGroup(part) ? [join(part.any, part.of.flatMap(one))] : one(part))),
  );
}
