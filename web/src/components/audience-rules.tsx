// What contacts did, and groups of conditions joined by “or” and “not”: the parts of an audience that a plain form cannot
// say. Each part is a control of the record form, whose value is the part as JSON.

import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import { PlusIcon, XIcon } from 'lucide-react';
import { useId, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Schemas } from '@/api/client';
import { CONDITIONS, DEEDS, newCondition, type Condition, type Deed, type Group } from '@/lib/audience';
import { inLanguage, useFormat } from '@/lib/format';
import {
  campaignNamesQuery,
  offeringsQuery,
  plansQuery,
  productNamesQuery,
  tagsQuery,
  useWorkspaceId,
  workspaceQuery,
} from '@/lib/queries';
import { Field } from './field';
import type { FormGroup } from './record-form';
import { Button } from './ui/button';
import { Input, NativeSelect } from './ui/input';

/** A second row of these would say nothing. */
const ONCE = new Set<string>(['active', 'inactive', 'consented']);

const parse = <T,>(value: string): T[] => (value ? (JSON.parse(value) as T[]) : []);
const text = (parts: unknown[]) => (parts.length ? JSON.stringify(parts) : '');
const whole = (written: string) => (written === '' ? undefined : Math.trunc(Number(written)));

/** What contacts did: all of it. */
function DeedRules({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  const deeds = parse<Deed>(value);
  return (
    <Rows
      rows={deeds}
      kinds={DEEDS}
      add={(kind) => onChange(text([...deeds, newCondition(kind) as Deed]))}
      change={(at, row) => onChange(text(deeds.with(at, row as Deed)))}
      remove={(at) => onChange(text(deeds.toSpliced(at, 1)))}
    />
  );
}

/** Groups of conditions. All conditions of a group must hold. */
function GroupRules({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  const { t } = useTranslation();
  const groups = parse<Group>(value);
  const put = (all: Group[]) => onChange(text(all));
  return (
    <div className="grid gap-3">
      {groups.map(({ rows, within }, at) => {
        const save = (changed: Condition[]) =>
          put(changed.length ? groups.with(at, { rows: changed, within }) : groups.toSpliced(at, 1));
        return (
          <fieldset key={at} className="rounded-md border p-3">
            <legend className="px-1 text-sm font-semibold">{t('segments.group', { number: at + 1 })}</legend>
            <Rows
              rows={rows}
              kinds={CONDITIONS.filter((kind) => !ONCE.has(kind) || !rows.some((row) => row.kind === kind))}
              add={(kind) => save([...rows, newCondition(kind)])}
              change={(row, changed) => save(rows.with(row, changed))}
              remove={(row) => save(rows.toSpliced(row, 1))}
            />
          </fieldset>
        );
      })}
      <Adder
        kinds={CONDITIONS}
        label={t('segments.addGroup')}
        onAdd={(kind) => put([...groups, { rows: [newCondition(kind)], within: {} }])}
      />
    </div>
  );
}

function Adder<Kind extends string>({
  kinds,
  label,
  onAdd,
}: {
  kinds: readonly Kind[];
  label: string;
  onAdd: (kind: Kind) => void;
}) {
  const { t } = useTranslation();
  return (
    <span className="relative inline-flex w-fit items-center gap-2 text-sm">
      <PlusIcon className="size-4" aria-hidden />
      <NativeSelect aria-label={label} value="" onChange={({ target }) => onAdd(target.value as Kind)}>
        <option value="" disabled>
          {label}
        </option>
        {kinds.map((kind) => (
          <option key={kind} value={kind}>
            {t(`segments.kinds.${kind}`)}
          </option>
        ))}
      </NativeSelect>
    </span>
  );
}

function Rows<Kind extends Condition['kind']>({
  rows,
  kinds,
  add,
  change,
  remove,
}: {
  rows: Condition[];
  kinds: readonly Kind[];
  add: (kind: Kind) => void;
  change: (at: number, row: Condition) => void;
  remove: (at: number) => void;
}) {
  const { t } = useTranslation();
  const id = useId();
  return (
    <div className="grid gap-3">
      {rows.map((row, at) => (
        <div
          key={at}
          role="group"
          aria-labelledby={`${id}-${at}`}
          className="grid gap-2 rounded-md bg-muted/50 p-3 sm:grid-cols-2"
        >
          <span className="flex items-center justify-between gap-2 sm:col-span-2">
            <span id={`${id}-${at}`} className="text-sm font-medium">
              {t(`segments.kinds.${row.kind}`)}
            </span>
            <Button
              variant="ghost"
              size="icon"
              aria-label={t('segments.removeCondition', { name: t(`segments.kinds.${row.kind}`) })}
              onClick={() => remove(at)}
            >
              <XIcon aria-hidden />
            </Button>
          </span>
          <Parts row={row} onChange={(changed) => change(at, changed)} />
        </div>
      ))}
      <Adder kinds={kinds} label={t('segments.addCondition')} onAdd={add} />
    </div>
  );
}

function Parts({ row, onChange }: { row: Condition; onChange: (row: Condition) => void }) {
  switch (row.kind) {
    case 'ordered':
      return <Ordered row={row} onChange={onChange} />;
    case 'booked':
      return <Booked row={row} onChange={onChange} />;
    case 'subscribed':
      return <Subscribed row={row} onChange={onChange} />;
    case 'campaign':
      return <FromCampaign row={row} onChange={onChange} />;
    case 'consented':
      return null;
    default:
      return <Written row={row} onChange={onChange} />;
  }
}

type Of<Kind> = { row: Extract<Condition, { kind: Kind }>; onChange: (row: Condition) => void };

function Written({ row, onChange }: Of<Exclude<Condition['kind'], Deed['kind'] | 'consented'>>) {
  const { t } = useTranslation();
  const tags = useQuery(tagsQuery(useWorkspaceId())).data?.items ?? [];
  const id = useId();
  const number = row.kind === 'active' || row.kind === 'inactive';
  const isTag = row.kind.startsWith('tags_');
  return (
    <>
      <Field label={t(`segments.values.${row.kind}`)}>
        <Input
          type={number ? 'number' : 'text'}
          min={number ? 1 : undefined}
          max={number ? 3650 : undefined}
          list={isTag ? id : undefined}
          dir="auto"
          value={row.value}
          onChange={({ target }) => onChange({ ...row, value: target.value })}
        />
      </Field>
      {isTag && (
        <datalist id={id}>
          {tags.map((tag) => (
            <option key={tag.id} value={tag.name} />
          ))}
        </datalist>
      )}
    </>
  );
}

function Count({
  label,
  value,
  most,
  onChange,
}: {
  label: string;
  value: number | null | undefined;
  most: number;
  onChange: (value: number | undefined) => void;
}) {
  return (
    <Field label={label}>
      <Input
        type="number"
        min={1}
        max={most}
        value={value ?? ''}
        onChange={({ target }) => onChange(whole(target.value))}
      />
    </Field>
  );
}

function TimesParts({
  times = {},
  onChange,
}: {
  times?: Schemas['DeedTimes'];
  onChange: (times: Schemas['DeedTimes']) => void;
}) {
  const { t } = useTranslation();
  const part = (name: keyof Schemas['DeedTimes'], most: number) => (
    <Count
      label={t(`segments.times.${name}`)}
      value={times[name]}
      most={most}
      onChange={(value) => onChange({ ...times, [name]: value })}
    />
  );
  return (
    <>
      {part('at_least', 10_000)}
      {part('at_most', 10_000)}
      {part('within_days', 3650)}
    </>
  );
}

/** One thing of a list, or any of them. One that the list lacks keeps its place by its id. */
function One<Item extends { id: string }>({
  label,
  any,
  value,
  list,
  name,
  onChange,
}: {
  label: string;
  any: string;
  value: string | null | undefined;
  list: UseQueryResult<{ items: Item[] }>;
  name: (item: Item) => ReactNode;
  onChange: (id: string | undefined) => void;
}) {
  const items = list.data?.items ?? [];
  const missing = value && !items.some((item) => item.id === value);
  return (
    <Field label={label}>
      <NativeSelect value={value ?? ''} onChange={({ target }) => onChange(target.value || undefined)}>
        <option value="">{any}</option>
        {missing && <option value={value}>{value}</option>}
        {items.map((item) => (
          <option key={item.id} value={item.id}>
            {name(item)}
          </option>
        ))}
      </NativeSelect>
    </Field>
  );
}

function Selection<Value extends string>({
  label,
  value,
  values,
  text,
  onChange,
}: {
  label: string;
  value: Value;
  values: readonly Value[];
  text: (value: Value) => string;
  onChange: (value: Value) => void;
}) {
  return (
    <Field label={label}>
      <NativeSelect value={value} onChange={({ target }) => onChange(target.value as Value)}>
        {values.map((one) => (
          <option key={one} value={one}>
            {text(one)}
          </option>
        ))}
      </NativeSelect>
    </Field>
  );
}

function namesOf({ texts }: Schemas['Product']) {
  return Object.fromEntries(Object.entries(texts).map(([language, text]) => [language, text.name]));
}

function Ordered({ row, onChange }: Of<'ordered'>) {
  const { t, i18n } = useTranslation();
  const format = useFormat();
  const workspace = useWorkspaceId();
  const own = useQuery(workspaceQuery(workspace)).data?.currency ?? 'USD';
  const currency = row.spent?.currency ?? own;
  return (
    <>
      <TimesParts times={row.times} onChange={(times) => onChange({ ...row, times })} />
      <Field label={`${t('segments.spent')} (${currency})`}>
        <Input
          type="number"
          min={0}
          step="any"
          value={row.spent ? format.units(row.spent.at_least_minor, currency) : ''}
          onChange={({ target }) => {
            const at_least_minor = target.value === '' ? undefined : format.minor(target.value, currency);
            onChange({ ...row, spent: at_least_minor == null ? undefined : { at_least_minor, currency } });
          }}
        />
      </Field>
      <One
        label={t('segments.product')}
        any={t('segments.anyProduct')}
        value={row.product_id}
        list={useQuery(productNamesQuery(workspace))}
        name={(product) => inLanguage(namesOf(product), i18n.language)}
        onChange={(product_id) => onChange({ ...row, product_id })}
      />
    </>
  );
}

function Booked({ row, onChange }: Of<'booked'>) {
  const { t, i18n } = useTranslation();
  return (
    <>
      <Selection
        label={t('common.state')}
        value={row.state}
        values={['coming', 'came', 'no_show', 'cancelled']}
        text={(state) => t(`segments.booked.${state}`)}
        onChange={(state) => onChange({ ...row, state })}
      />
      <One
        label={t('bookings.offering')}
        any={t('segments.anyOffering')}
        value={row.offering_id}
        list={useQuery(offeringsQuery(useWorkspaceId()))}
        name={(offering) => inLanguage(offering.names, i18n.language)}
        onChange={(offering_id) => onChange({ ...row, offering_id })}
      />
      <TimesParts times={row.times} onChange={(times) => onChange({ ...row, times })} />
    </>
  );
}

function Subscribed({ row, onChange }: Of<'subscribed'>) {
  const { t, i18n } = useTranslation();
  return (
    <>
      <Selection
        label={t('common.state')}
        value={row.state}
        values={['running', 'ended']}
        text={(state) => t(`segments.subscribed.${state}`)}
        onChange={(state) => onChange({ ...row, state })}
      />
      <One
        label={t('segments.plan')}
        any={t('segments.anyPlan')}
        value={row.plan_id}
        list={useQuery(plansQuery(useWorkspaceId()))}
        name={(plan) => inLanguage(plan.names, i18n.language)}
        onChange={(plan_id) => onChange({ ...row, plan_id })}
      />
    </>
  );
}

function FromCampaign({ row, onChange }: Of<'campaign'>) {
  const { t } = useTranslation();
  return (
    <>
      <Selection
        label={t('segments.what')}
        value={row.did}
        values={['received', 'read', 'clicked']}
        text={(did) => t(`segments.did.${did}`)}
        onChange={(did) => onChange({ ...row, did })}
      />
      <One
        label={t('segments.campaign')}
        any={t('segments.anyCampaign')}
        value={row.campaign_id}
        list={useQuery(campaignNamesQuery(useWorkspaceId()))}
        name={(campaign) => campaign.name}
        onChange={(campaign_id) => onChange({ ...row, campaign_id })}
      />
      <Count
        label={t('segments.times.within_days')}
        value={row.within_days}
        most={3650}
        onChange={(within_days) => onChange({ ...row, within_days })}
      />
    </>
  );
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
    folded: 'empty',
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
      folded: 'empty',
      fields: [{ name: 'tags_all', label: t('segments.tags_allHint'), kind: 'many', options }],
    },
    {
      legend: t('segments.tags_none'),
      folded: 'empty',
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
