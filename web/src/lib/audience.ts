import { listOf, pairsOf, tick, type FormGroup, type Values } from '@/components/record-form';
import type { Schemas } from '@/api/client';

type Audience = Schemas['Audience'];

/** The parts that are lists of words. */
export const LISTS = ['tags_any', 'tags_all', 'tags_none', 'languages', 'countries'] as const;

export function audienceToValues(audience: Audience): Values {
  return {
    ...Object.fromEntries(LISTS.map((name) => [name, (audience[name] ?? []).join(', ')])),
    active: audience.active_within_days == null ? '' : String(audience.active_within_days),
    inactive: audience.inactive_for_days == null ? '' : String(audience.inactive_for_days),
    consented: tick(audience.consented),
    attributes: Object.entries(audience.attributes ?? {})
      .map(([key, value]) => `${key}: ${value}`)
      .join('\n'),
  };
}

export function valuesToAudience(values: Values): Audience {
  return {
    ...Object.fromEntries(LISTS.map((name) => [name, listOf(values[name])])),
    active_within_days: values.active ? Number(values.active) : null,
    inactive_for_days: values.inactive ? Number(values.inactive) : null,
    consented: values.consented === 'yes',
    attributes: pairsOf(values.attributes),
  };
}

/** The parts of an audience. All that are filled in must hold. */
export function audienceGroups(
  t: (key: string) => string,
  tags: string[],
  languages: { value: string; label: string }[],
): FormGroup[] {
  const options = tags.map((tag) => ({ value: tag, label: tag }));
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
  ];
}
