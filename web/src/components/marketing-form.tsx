// The form of a marketing campaign: what it is for, its goal, its days, its budget and who sees to it.

import { useQuery } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, api, type Tagged } from '@/api/client';
import { RecordDialog, listOf, type Values } from '@/components/record-form';
import { useFormat } from '@/lib/format';
import { MARKETING, MEASURES, OBJECTIVES, type MarketingCampaign } from '@/lib/marketing';
import { currencyOptions } from '@/lib/money';
import { membersQuery, useWorkspace, useWorkspaceId } from '@/lib/queries';

export function MarketingForm({
  of,
  onSaved,
  ...dialog
}: {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  of?: Tagged<MarketingCampaign>;
  read?: () => Promise<Tagged<MarketingCampaign>>;
  onSaved?: (id: string) => void;
}) {
  const { t, i18n } = useTranslation();
  const format = useFormat();
  const workspace = useWorkspaceId();
  const home = useWorkspace()?.currency ?? 'USD';
  const members = useQuery(membersQuery(workspace));
  const [measure, setMeasure] = useState(of?.data.goal?.measure ?? '');
  const currencies = currencyOptions(i18n.language);
  const none = { value: '', label: t('common.none') };
  const save = (values: Values, etag: string | undefined, before: MarketingCampaign | undefined) => {
    const goal = MEASURES.find((one) => one === values.measure);
    const goalCurrency = goal === 'revenue' ? (values.goalCurrency ?? home) : null;
    const target = Number(values.target);
    const body = {
      name: values.name ?? '',
      objective: OBJECTIVES.find((one) => one === values.objective) ?? OBJECTIVES[0],
      goal: goal
        ? {
            measure: goal,
            target: goalCurrency ? format.minor(values.target ?? '', goalCurrency) : target,
            currency: goalCurrency,
          }
        : null,
      notes: values.notes ?? '',
      starts_on: values.starts || null,
      ends_on: values.ends || null,
      budget: values.budget
        ? { amount_minor: format.minor(values.budget, values.currency ?? home), currency: values.currency ?? home }
        : null,
      owner_id: values.owner || null,
      tags: listOf(values.tags),
    };
    return before
      ? answer(api.PUT(MARKETING, { params: { path: { id: before.id }, header: { 'If-Match': etag } }, body }))
      : answer(api.POST('/api/v1/marketing/campaigns', { body }));
  };
  const made = useRef('');
  return (
    <RecordDialog
      {...dialog}
      of={of}
      needs={members}
      title={of ? t('marketing.edit') : t('marketing.add')}
      initial={{ objective: OBJECTIVES[0], currency: home, goalCurrency: home }}
      valuesOf={({ goal, budget, ...one }) => ({
        name: one.name,
        objective: one.objective,
        measure: goal?.measure ?? '',
        target: goal ? (goal.currency ? format.amount(goal.target, goal.currency) : String(goal.target)) : '',
        goalCurrency: goal?.currency ?? home,
        starts: one.starts_on ?? '',
        ends: one.ends_on ?? '',
        budget: budget ? format.amount(budget.amount_minor, budget.currency) : '',
        currency: budget?.currency ?? home,
        owner: one.owner_id ?? '',
        tags: one.tags.join(', '),
        notes: one.notes,
      })}
      onValues={(values) => setMeasure(values.measure ?? '')}
      check={(values) => ({
        target: values.measure && !values.target ? t('common.required') : undefined,
      })}
      groups={[
        {
          fields: [
            { name: 'name', label: t('common.name'), required: true },
            {
              name: 'objective',
              label: t('marketing.objective'),
              kind: 'choice',
              options: OBJECTIVES.map((value) => ({ value, label: t(`marketing.objectives.${value}`) })),
            },
          ],
        },
        {
          legend: t('marketing.goal'),
          beside: true,
          fields: [
            {
              name: 'measure',
              label: t('marketing.measure'),
              kind: 'choice',
              pointer: 'goal.measure',
              options: [none, ...MEASURES.map((value) => ({ value, label: t(`marketing.measures.${value}`) }))],
            },
            {
              name: 'target',
              label: t('marketing.target'),
              kind: 'number',
              step: 'any',
              pointer: 'goal.target',
            },
          ],
        },
        {
          hidden: measure !== 'revenue',
          fields: [
            {
              name: 'goalCurrency',
              label: t('marketing.goalCurrency'),
              kind: 'choice',
              pointer: 'goal.currency',
              options: currencies,
            },
          ],
        },
        {
          legend: t('marketing.days'),
          beside: true,
          fields: [
            {
              name: 'starts',
              label: t('marketing.startsOn'),
              hint: t('marketing.startsHint'),
              kind: 'date',
              pointer: 'starts_on',
            },
            {
              name: 'ends',
              label: t('marketing.endsOn'),
              hint: t('marketing.endsHint'),
              kind: 'date',
              pointer: 'ends_on',
            },
          ],
        },
        {
          legend: t('marketing.budget'),
          beside: true,
          fields: [
            {
              name: 'budget',
              label: t('marketing.amount'),
              kind: 'number',
              step: 'any',
              pointer: 'budget.amount_minor',
            },
            {
              name: 'currency',
              label: t('marketing.currency'),
              kind: 'choice',
              pointer: 'budget.currency',
              options: currencies,
            },
          ],
        },
        {
          fields: [
            {
              name: 'owner',
              label: t('marketing.owner'),
              hint: t('marketing.ownerHint'),
              kind: 'choice',
              pointer: 'owner_id',
              options: [
                none,
                ...(members.data?.items ?? []).map(({ id, name, email }) => ({
                  value: id,
                  label: name || email || id,
                })),
              ],
            },
            { name: 'tags', label: t('marketing.tags'), hint: t('marketing.tagsHint') },
            { name: 'notes', label: t('marketing.notes'), kind: 'area' },
          ],
        },
      ]}
      save={async (values, _changed, etag, before) => {
        const saved = await save(values, etag, before);
        made.current = saved.id;
      }}
      onSaved={() => onSaved?.(made.current)}
    />
  );
}
