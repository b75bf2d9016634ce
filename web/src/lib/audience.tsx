import { DeedRules, GroupRules } from '@/components/audience-rules';
import { listOf, pairsOf, tick, type FormGroup, type Values } from '@/components/record-form';
import type { Schemas } from '@/api/client';

type Audience = Schemas['Audience'];
export type Deed = Schemas['Deed'];

/** The parts that are lists of words. */
export const LISTS = ['tags_any', 'tags_all', 'tags_none', 'languages', 'countries'] as const;
/** The parts that a plain form cannot say. Each is one control, whose value is JSON. */
const RULES = ['did', 'any_of', 'none_of'] as const;

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
export function conditionsOf(group: Audience): Condition[] {
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

/** The group of these rows. What no row shows, groups within it, stays. */
export function audienceOf(rows: Condition[], { any_of, none_of }: Audience): Audience {
  const group: Audience = { ...(any_of && { any_of }), ...(none_of && { none_of }) };
  for (const row of rows)
    switch (row.kind) {
      case 'consented':
        group.consented = true;
        break;
      case 'attribute': {
        const at = row.value.indexOf(':');
        const [key, value] = at < 0 ? ['', row.value] : [row.value.slice(0, at), row.value.slice(at + 1).trimStart()];
        group.attributes = { ...group.attributes, [key]: value };
        break;
      }
      case 'active':
      case 'inactive':
        group[LAPSES[row.kind]] = row.value === '' ? null : Math.trunc(Number(row.value));
        break;
      case 'tags_any':
      case 'tags_all':
      case 'tags_none':
      case 'languages':
      case 'countries':
        // As it is written: a comma at the end begins the next word.
        group[row.kind] = row.value.split(',').map((word, at) => (at === 0 ? word : word.trimStart()));
        break;
      default:
        group.did = [...(group.did ?? []), row];
    }
  return group;
}

/** A group without the spaces and the empty words of its editor. */
function trimmed(group: Audience): Audience {
  const { attributes, ...rest } = group;
  return {
    ...rest,
    ...Object.fromEntries(LISTS.filter((name) => group[name]).map((name) => [name, listOf(group[name]!.join(','))])),
    ...(attributes && {
      attributes: Object.fromEntries(Object.entries(attributes).map(([key, value]) => [key.trim(), value.trim()])),
    }),
  };
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
    ...Object.fromEntries(RULES.map((name) => [name, audience[name]?.length ? JSON.stringify(audience[name]) : ''])),
  };
}

export function valuesToAudience(values: Values): Audience {
  const groups = (name: 'any_of' | 'none_of') =>
    values[name] ? (JSON.parse(values[name]) as Audience[]).map(trimmed) : [];
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

/** The parts of an audience. All that are filled in must hold. */
export function audienceGroups(
  t: (key: string) => string,
  tags: string[],
  languages: { value: string; label: string }[],
): FormGroup[] {
  const options = tags.map((tag) => ({ value: tag, label: tag }));
  const groups = (name: 'any_of' | 'none_of'): FormGroup => ({
    legend: t(`segments.${name}`),
    folded: true,
    fields: [
      {
        name,
        label: t(`segments.${name}Hint`),
        render: (value, onChange) => <GroupRules value={value} onChange={onChange} />,
      },
    ],
  });
  return [
    {
      legend: t('segments.tags_any'),
      fields: [{ name: 'tags_any', label: t('segments.tags_anyHint'), kind: 'many', options }],
    },
    {
      legend: t('segments.tags_all'),
      folded: true,
      fields: [{ name: 'tags_all', label: t('segments.tags_allHint'), kind: 'many', options }],
    },
    {
      legend: t('segments.tags_none'),
      folded: true,
      fields: [{ name: 'tags_none', label: t('segments.tags_noneHint'), kind: 'many', options }],
    },
    {
      fields: [
        { name: 'languages', label: t('segments.languages'), kind: 'many', options: languages },
        { name: 'countries', label: t('segments.countries'), hint: t('segments.countriesHint'), dir: 'ltr' },
      ],
    },
    {
      beside: true,
      fields: [
        { name: 'active', label: t('segments.active'), kind: 'number', pointer: 'active_within_days' },
        { name: 'inactive', label: t('segments.inactive'), kind: 'number', pointer: 'inactive_for_days' },
      ],
    },
    {
      fields: [
        { name: 'consented', label: t('segments.consented'), hint: t('segments.consentedHint'), kind: 'check' },
        { name: 'attributes', label: t('segments.attributes'), hint: t('segments.attributesHint'), kind: 'area' },
      ],
    },
    {
      legend: t('segments.deeds'),
      fields: [
        {
          name: 'did',
          label: t('segments.deedsHint'),
          render: (value, onChange) => <DeedRules value={value} onChange={onChange} />,
        },
      ],
    },
    groups('any_of'),
    groups('none_of'),
  ];
}
