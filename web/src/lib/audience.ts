import { listOf, pairsOf, tick, type Values } from '@/components/record-form';
import type { Schemas } from '@/api/client';

type Audience = Schemas['Audience'];
export type Deed = Schemas['Deed'];

/** The parts that are lists of words. */
export const LISTS = ['tags_any', 'tags_all', 'tags_none', 'languages', 'countries'] as const;
const GROUPS = ['any_of', 'none_of'] as const;

const LAPSES = { active: 'active_within_days', inactive: 'inactive_for_days' } as const;

export const DEEDS = ['ordered', 'booked', 'subscribed', 'campaign'] as const;
export const CONDITIONS = [...DEEDS, ...LISTS, 'active', 'inactive', 'consented', 'attribute'] as const;

/** A condition of a group, as one row of its editor. */
export type Condition =
  Deed | { kind: (typeof LISTS)[number] | keyof typeof LAPSES | 'attribute'; value: string } | { kind: 'consented' };

export function newCondition(kind: Condition['kind']): Condition {
  switch (kind) {
    case 'ordered':
      return { kind };
    case 'booked':
      return { kind, state: 'came' };
    case 'subscribed':
      return { kind, state: 'running' };
    case 'campaign':
      return { kind, did: 'received' };
    case 'consented':
      return { kind };
    default:
      return { kind, value: '' };
  }
}

/** The rows of a group. */
function conditionsOf(group: Audience): Condition[] {
  const lists = LISTS.filter((kind) => group[kind]).map((kind) => ({ kind, value: group[kind]!.join(', ') }));
  const lapses = (['active', 'inactive'] as const)
    .filter((kind) => group[LAPSES[kind]] !== undefined)
    .map((kind) => ({ kind, value: String(group[LAPSES[kind]] ?? '') }));
  const attributes = Object.entries(group.attributes ?? {}).map(
    ([key, value]) => ({ kind: 'attribute', value: key ? `${key}: ${value}` : value }) as const,
  );
  return [
    ...(group.did ?? []),
    ...lists,
    ...lapses,
    ...(group.consented ? [{ kind: 'consented' } as const] : []),
    ...attributes,
  ];
}

/** A group as its editor keeps it: its rows as they are written, and the groups within it, which no row shows. */
export interface Group {
  rows: Condition[];
  within: Pick<Audience, 'any_of' | 'none_of'>;
}

const groupOf = (audience: Audience): Group => ({
  rows: conditionsOf(audience),
  within: { any_of: audience.any_of, none_of: audience.none_of },
});

/** The audience of a group. Two rows of one list are one list. */
function audienceOf({ rows, within }: Group): Audience {
  const group: Audience = { ...within };
  for (const row of rows)
    switch (row.kind) {
      case 'consented':
        group.consented = true;
        break;
      case 'attribute':
        group.attributes = { ...group.attributes, ...pairsOf(row.value.includes(':') ? row.value : `${row.value}:`) };
        break;
      case 'active':
      case 'inactive':
        group[LAPSES[row.kind]] = row.value === '' ? null : Math.trunc(Number(row.value));
        break;
      case 'tags_any':
      case 'tags_all':
      case 'tags_none':
      case 'languages':
      case 'countries':
        group[row.kind] = [...(group[row.kind] ?? []), ...listOf(row.value)];
        break;
      default:
        group.did = [...(group.did ?? []), row];
    }
  return group;
}

export function audienceToValues(audience: Audience): Values {
  return {
    ...Object.fromEntries(LISTS.map((name) => [name, (audience[name] ?? []).join(', ')])),
    active: audience.active_within_days == null ? '' : String(audience.active_within_days),
    inactive: audience.inactive_for_days == null ? '' : String(audience.inactive_for_days),
    consented: tick(audience.consented),
    attributes: Object.entries(audience.attributes ?? {})
      .map(([key, value]) => `${key}: ${value}`)
      .join('\n'),
    did: audience.did?.length ? JSON.stringify(audience.did) : '',
    ...Object.fromEntries(
      GROUPS.map((name) => [name, audience[name]?.length ? JSON.stringify(audience[name].map(groupOf)) : '']),
    ),
  };
}

export function valuesToAudience(values: Values): Audience {
  const groups = (name: (typeof GROUPS)[number]) =>
    values[name] ? (JSON.parse(values[name]) as Group[]).map(audienceOf) : [];
  return {
    ...Object.fromEntries(LISTS.map((name) => [name, listOf(values[name])])),
    active_within_days: values.active ? Number(values.active) : null,
    inactive_for_days: values.inactive ? Number(values.inactive) : null,
    consented: values.consented === 'yes',
    attributes: pairsOf(values.attributes),
    did: values.did ? (JSON.parse(values.did) as Deed[]) : [],
    any_of: groups('any_of'),
    none_of: groups('none_of'),
  };
}
