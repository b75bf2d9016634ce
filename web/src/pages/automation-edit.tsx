import { useQuery } from '@tanstack/react-query';
import { useNavigate, useParams } from '@tanstack/react-router';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, api, ApiError, type Schemas, type Tagged } from '@/api/client';
import { StepsEditor } from '@/components/automation-steps';
import { PageHead } from '@/components/page';
import { RecordForm, tick, type FormGroup, type Values } from '@/components/record-form';
import { Failed, Loading } from '@/components/states';
import { Card } from '@/components/ui/card';
import { Checkbox } from '@/components/ui/checkbox';
import { audienceGroups } from '@/components/audience-rules';
import { audienceToValues, valuesToAudience } from '@/lib/audience';
import {
  AUTOMATION,
  isComplete,
  isOfEvents,
  readAutomation,
  SUBJECTS,
  unconfirmedReach,
  useAutomationWords,
  type Automation,
  type Step,
  type Trigger,
} from '@/lib/automation';
import { useFormat } from '@/lib/format';
import { useAttachNew } from '@/lib/marketing';
import { LANGUAGE_OPTIONS } from '@/lib/i18n';
import { fieldsQuery, segmentsQuery, tagsQuery, useWorkspaceId } from '@/lib/queries';

const KINDS = Object.keys(SUBJECTS) as Trigger['kind'][];
const USUAL: Values = {
  kind: 'cron',
  expression: '0 9 * * MON',
  at: '09:00',
  days: '30',
  minutes: '60',
  points: '100',
  steps: '[]',
  reentry: 'never',
  answered: 'yes',
};

const stepsOf = (value: string | undefined) => JSON.parse(value || '[]') as Step[];

function valuesOf(one: Automation): Values {
  const { trigger } = one;
  const again = one.reentry_after_days;
  return {
    ...USUAL,
    name: one.name,
    kind: trigger.kind,
    ...(trigger.kind === 'cron' && {
      expression: trigger.expression,
      who: trigger.segment_id ? 'segment' : trigger.audience ? 'audience' : '',
      segment: trigger.segment_id ?? '',
      ...(trigger.audience && audienceToValues(trigger.audience)),
    }),
    ...(trigger.kind === 'anniversary' && { field: trigger.field, at: trigger.time }),
    ...(trigger.kind === 'inactive' && { days: String(trigger.days) }),
    ...(trigger.kind === 'cart_abandoned' && { minutes: String(trigger.minutes) }),
    ...(trigger.kind === 'points_reached' && { points: String(trigger.points) }),
    steps: JSON.stringify(one.steps),
    answered: tick(one.stop_when_answered),
    reentry: again == null ? 'never' : again === 0 ? 'each' : 'days',
    again: again ? String(again) : '',
    daily: one.daily_entries == null ? '' : String(one.daily_entries),
  };
}

function triggerOf(values: Values): Trigger {
  const kind = values.kind as Trigger['kind'];
  switch (kind) {
    case 'cron':
      return {
        kind,
        expression: values.expression?.trim() ?? '',
        ...(values.who === 'segment' && { segment_id: values.segment }),
        ...(values.who === 'audience' && { audience: valuesToAudience(values) }),
      };
    case 'anniversary':
      return { kind, field: values.field ?? '', time: values.at ?? '' };
    case 'inactive':
      return { kind, days: Number(values.days) };
    case 'cart_abandoned':
      return { kind, minutes: Number(values.minutes) };
    case 'points_reached':
      return { kind, points: Number(values.points) };
    default:
      return { kind };
  }
}

function bodyOf(values: Values, confirm_reach: boolean): Schemas['NewAutomation'] {
  return {
    name: values.name?.trim() ?? '',
    trigger: triggerOf(values),
    steps: stepsOf(values.steps),
    stop_when_answered: values.answered === 'yes',
    reentry_after_days: values.reentry === 'never' ? null : values.reentry === 'each' ? 0 : Number(values.again),
    daily_entries: values.daily ? Number(values.daily) : null,
    confirm_reach,
  };
}

/** The faults of steps, by the step's key, and the rest as the form wants it. */
function split(error: unknown, steps: Step[], words: string) {
  const faults: Record<string, string> = {};
  if (!(error instanceof ApiError) || !error.problem?.errors) return { faults, error };
  const rest = error.problem.errors.filter(({ pointer, detail }) => {
    const [, number, place] = /^\/steps\/(\d+)\/?(.*)$/.exec(pointer) ?? [];
    const key = steps[Number(number)]?.key;
    if (!key) return true;
    const field = place?.replace(/^action\//, '').replace(/^content\//, '');
    faults[key] = [faults[key], field ? `${field}: ${detail}` : detail].filter(Boolean).join(' ');
    return false;
  });
  if (rest.length < error.problem.errors.length) rest.push({ pointer: '/steps', code: 'steps', detail: words });
  return { faults, error: new ApiError(error.status, { ...error.problem, errors: rest }) };
}

function Editor({ of }: { of?: Tagged<Automation> }) {
  const { t } = useTranslation();
  const workspace = useWorkspaceId();
  const format = useFormat();
  const navigate = useNavigate();
  const attachNew = useAttachNew();
  const say = useAutomationWords();
  const segments = useQuery(segmentsQuery(workspace)).data?.items ?? [];
  const tags = useQuery(tagsQuery(workspace)).data?.items ?? [];
  const fields = useQuery(fieldsQuery(workspace)).data?.items ?? [];
  const [written, setWritten] = useState<Values>({});
  const [faults, setFaults] = useState<Record<string, string>>({});
  const [reach, setReach] = useState<number | null>(null);
  const [isConfirmed, setConfirmed] = useState(false);
  const saved = useRef(of?.data.id);
  const is = (...kinds: Trigger['kind'][]) => kinds.some((kind) => kind === written.kind);
  const only = (kind: Trigger['kind'], group: FormGroup): FormGroup => ({ ...group, hidden: !is(kind) });
  const dates = fields.filter((one) => one.kind === 'date').map((one) => ({ value: one.key, label: one.label }));
  const id = of?.data.id;
  const leave = () =>
    void (saved.current
      ? navigate({ to: '/automations/$id', params: { id: saved.current } })
      : navigate({ to: '/automations' }));
  return (
    <RecordForm<Automation>
      of={of}
      read={id ? () => readAutomation(id) : undefined}
      initial={USUAL}
      valuesOf={valuesOf}
      onValues={setWritten}
      groups={[
        { fields: [{ name: 'name', label: t('common.name'), required: true }] },
        {
          fields: [
            {
              name: 'kind',
              label: t('automations.trigger'),
              hint: isOfEvents(written.kind) ? t('automations.eventHint') : undefined,
              kind: 'choice',
              pointer: 'trigger.kind',
              options: KINDS.map((kind) => ({ value: kind, label: t(`automations.kinds.${kind}`) })),
            },
          ],
        },
        only('cron', {
          beside: true,
          fields: [
            {
              name: 'expression',
              label: t('automations.expression'),
              hint: t('automations.expressionHint', { zone: format.zone }),
              required: true,
              dir: 'ltr',
              pointer: 'trigger.expression',
            },
            {
              name: 'who',
              label: t('campaigns.audienceWho'),
              kind: 'choice',
              options: [
                { value: '', label: t('automations.everybody') },
                { value: 'segment', label: t('automations.segment') },
                { value: 'audience', label: t('campaigns.ownAudience') },
              ],
            },
          ],
        }),
        {
          hidden: !is('cron') || written.who !== 'segment',
          fields: [
            {
              name: 'segment',
              label: t('automations.segment'),
              kind: 'choice',
              required: true,
              pointer: 'trigger.segment_id',
              options: [
                { value: '', label: t('campaigns.choose') },
                ...segments.map((one) => ({ value: one.id, label: one.name })),
              ],
            },
          ],
        },
        ...audienceGroups(
          t,
          tags.map((tag) => tag.name),
          LANGUAGE_OPTIONS,
        ).map((group) => ({ ...group, hidden: !is('cron') || written.who !== 'audience' })),
        only('anniversary', {
          beside: true,
          fields: [
            {
              name: 'field',
              label: t('automations.field'),
              hint: t('automations.fieldHint'),
              kind: 'choice',
              required: true,
              pointer: 'trigger.field',
              options: [{ value: '', label: t('campaigns.choose') }, ...dates],
            },
            {
              name: 'at',
              label: t('campaigns.time'),
              hint: t('automations.clockHint'),
              kind: 'time',
              required: true,
              pointer: 'trigger.time',
            },
          ],
        }),
        only('inactive', {
          fields: [
            {
              name: 'days',
              label: t('segments.inactive'),
              hint: t('automations.inactiveHint'),
              kind: 'number',
              required: true,
              pointer: 'trigger.days',
            },
          ],
        }),
        only('cart_abandoned', {
          fields: [
            {
              name: 'minutes',
              label: t('automations.minutes'),
              hint: t('automations.minutesHint'),
              kind: 'number',
              required: true,
              pointer: 'trigger.minutes',
            },
          ],
        }),
        only('points_reached', {
          fields: [
            {
              name: 'points',
              label: t('automations.points'),
              hint: t('automations.pointsHint'),
              kind: 'number',
              required: true,
              pointer: 'trigger.points',
            },
          ],
        }),
        {
          fields: [
            {
              name: 'steps',
              label: t('common.steps'),
              hint: t('automations.stepsHint'),
              words: (value) =>
                stepsOf(value)
                  .map((step, at) => `${format.number(at + 1)}. ${say.action(step.action)}`)
                  .join(' '),
              render: (value, onChange) => (
                <StepsEditor
                  steps={stepsOf(value)}
                  subject={SUBJECTS[(written.kind as Trigger['kind'] | undefined) ?? 'cron']}
                  faults={faults}
                  onChange={(steps) => {
                    setFaults({});
                    onChange(JSON.stringify(steps));
                  }}
                />
              ),
            },
          ],
        },
        {
          legend: t('automations.limits'),
          fields: [
            {
              name: 'answered',
              label: t('automations.answered'),
              hint: t('automations.answeredHint'),
              kind: 'check',
              pointer: 'stop_when_answered',
            },
            {
              name: 'reentry',
              label: t('automations.reentry'),
              kind: 'choice',
              options: ['never', 'each', 'days'].map((value) => ({ value, label: t(`automations.again.${value}`) })),
            },
          ],
        },
        {
          hidden: written.reentry !== 'days',
          fields: [
            {
              name: 'again',
              label: t('automations.againDays'),
              kind: 'number',
              required: true,
              pointer: 'reentry_after_days',
            },
          ],
        },
        {
          fields: [
            {
              name: 'daily',
              label: t('automations.daily'),
              hint: t('automations.dailyHint'),
              kind: 'number',
              pointer: 'daily_entries',
            },
          ],
        },
      ]}
      check={(values) => {
        const steps = stepsOf(values.steps);
        const missing = steps.filter((step) => !isComplete(step));
        setFaults(Object.fromEntries(missing.map((step) => [step.key, t('automations.incomplete')])));
        if (!steps.length) return { steps: t('automations.stepMissing') };
        return missing.length ? { steps: t('automations.stepsWrong') } : undefined;
      }}
      save={async (values, _changed, etag) => {
        const body = bodyOf(values, isConfirmed);
        try {
          const kept = id
            ? await answer(api.PUT(AUTOMATION, { params: { path: { id }, header: { 'If-Match': etag ?? '' } }, body }))
            : await answer(api.POST('/api/v1/messaging/automations', { body }));
          saved.current = kept.id;
          if (!id) await attachNew(kept.id);
        } catch (fault) {
          setReach(unconfirmedReach(fault));
          const { faults, error } = split(fault, body.steps, t('automations.stepsWrong'));
          setFaults(faults);
          throw error;
        }
      }}
      onDone={leave}
      onCancel={leave}
    >
      {reach !== null && (
        <label className="flex cursor-pointer items-center gap-2 rounded-md border border-amber-500 p-3 text-sm">
          <Checkbox checked={isConfirmed} onChange={(event) => setConfirmed(event.target.checked)} />
          {t('automations.reachConfirm', { shown: format.number(reach) })}
        </label>
      )}
    </RecordForm>
  );
}

export function NewAutomation() {
  const { t } = useTranslation();
  return (
    <>
      <PageHead title={t('automations.add')} back={{ to: '/automations', label: t('nav.automations') }} />
      <Card className="max-w-4xl">
        <Editor />
      </Card>
    </>
  );
}

export function EditAutomation() {
  const { t } = useTranslation();
  const { id } = useParams({ from: '/app/automations/$id/edit' });
  const workspace = useWorkspaceId();
  const query = useQuery({
    queryKey: [workspace, 'automation', id, 'edit'],
    queryFn: () => readAutomation(id),
    // A form must not begin with what is out of date, and what it began with must not change beneath it.
    gcTime: 0,
    staleTime: Infinity,
  });
  if (query.isPending) return <Loading />;
  if (query.isError) return <Failed error={query.error} retry={() => void query.refetch()} />;
  return (
    <>
      <PageHead title={query.data.data.name} back={{ to: '/automations', label: t('nav.automations') }} />
      <Card className="max-w-4xl">
        {query.data.data.status === 'active' && <p className="mb-4 text-sm">{t('automations.editActive')}</p>}
        <Editor of={query.data} />
      </Card>
    </>
  );
}
