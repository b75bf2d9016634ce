import { useQuery } from '@tanstack/react-query';
import { ArrowDownIcon, ArrowUpIcon, Trash2Icon } from 'lucide-react';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Schemas } from '@/api/client';
import { freshKey, led, MINUTES, unitOf, type Action, type Step, type Unit } from '@/lib/automation';
import { channelsQuery, segmentsQuery, tagsQuery, useWorkspaceId } from '@/lib/queries';
import { Field } from './field';
import { AddButton } from './page';
import { RowButton } from './row-actions';
import { TemplateContent } from './template-content';
import { Input, NativeSelect } from './ui/input';

type Condition = Schemas['AutomationCondition'];
type Kind = Action['kind'];

const KINDS: Kind[] = ['send', 'wait', 'wait_until', 'condition', 'add_tag', 'remove_tag', 'stop'];
const CONDITIONS: Condition['kind'][] = ['tag', 'segment', 'answered', 'ordered'];
const UNITS = Object.keys(MINUTES) as Unit[];
/** As many as the API takes. */
const MOST = 30;

function freshAction(kind: Kind, channel: string): Action {
  switch (kind) {
    case 'wait':
      return { kind, minutes: MINUTES.day };
    case 'wait_until':
      return { kind, time: '09:00' };
    case 'condition':
      return { kind, when: { kind: 'tag', tag: '' } };
    case 'send':
      return { kind, channel_id: channel, content: { kind: 'template', name: '' } };
    case 'add_tag':
    case 'remove_tag':
      return { kind, tag: '' };
    case 'stop':
      return { kind };
  }
}

function freshCondition(kind: Condition['kind']): Condition {
  if (kind === 'segment') return { kind, segment_id: '' };
  if (kind === 'tag') return { kind, tag: '' };
  if (kind === 'audience') return { kind, audience: {} };
  return { kind };
}

function TagField({ value, onChange }: { value: string; onChange: (tag: string) => void }) {
  const { t } = useTranslation();
  const tags = useQuery(tagsQuery(useWorkspaceId())).data?.items ?? [];
  const list = useId();
  return (
    <>
      <Field label={t('automations.tag')}>
        <Input
          list={list}
          maxLength={50}
          autoComplete="off"
          value={value}
          onChange={(event) => onChange(event.target.value)}
        />
      </Field>
      <datalist id={list}>
        {tags.map((tag) => (
          <option key={tag.name} value={tag.name} />
        ))}
      </datalist>
    </>
  );
}

function WaitFields({ minutes, onChange }: { minutes: number; onChange: (minutes: number) => void }) {
  const { t } = useTranslation();
  // The person's unit stays while they write the number.
  const [unit, setUnit] = useState(() => unitOf(minutes));
  const number = minutes / MINUTES[unit];
  return (
    <div className="grid grid-cols-2 gap-3">
      <Field label={t('automations.time')}>
        <Input
          type="number"
          min={1}
          value={number || ''}
          onChange={(event) => onChange(Math.round(Number(event.target.value) * MINUTES[unit]))}
        />
      </Field>
      <Field label={t('automations.unit')}>
        <NativeSelect
          value={unit}
          onChange={(event) => {
            const next = event.target.value as Unit;
            setUnit(next);
            onChange(Math.round(number * MINUTES[next]));
          }}
        >
          {UNITS.map((one) => (
            <option key={one} value={one}>
              {t(`automations.units.${one}`)}
            </option>
          ))}
        </NativeSelect>
      </Field>
    </div>
  );
}

/** A choice among the later steps. */
function LeadsField({
  label,
  usual,
  value,
  later,
  onChange,
}: {
  label: string;
  usual: string;
  value?: string | null;
  later: { key: string; number: number }[];
  onChange: (key: string | undefined) => void;
}) {
  const { t } = useTranslation();
  return (
    <Field label={label}>
      <NativeSelect value={value ?? ''} onChange={(event) => onChange(event.target.value || undefined)}>
        <option value="">{usual}</option>
        {later.map(({ key, number }) => (
          <option key={key} value={key}>
            {t('automations.step', { number })}
          </option>
        ))}
      </NativeSelect>
    </Field>
  );
}

function ConditionFields({ value, onChange }: { value: Condition; onChange: (value: Condition) => void }) {
  const { t } = useTranslation();
  const segments = useQuery(segmentsQuery(useWorkspaceId())).data?.items;
  // A rule that was written through the API stays, and is not written here.
  const kinds = value.kind === 'audience' ? [...CONDITIONS, 'audience' as const] : CONDITIONS;
  return (
    <>
      <Field label={t('automations.goOnIf')}>
        <NativeSelect
          value={value.kind}
          onChange={(event) => onChange(freshCondition(event.target.value as Condition['kind']))}
        >
          {kinds.map((kind) => (
            <option key={kind} value={kind}>
              {t(`automations.conditions.${kind}`)}
            </option>
          ))}
        </NativeSelect>
      </Field>
      {value.kind === 'tag' && <TagField value={value.tag} onChange={(tag) => onChange({ kind: 'tag', tag })} />}
      {value.kind === 'segment' && (
        <Field label={t('automations.segment')}>
          <NativeSelect
            value={value.segment_id}
            onChange={(event) => onChange({ kind: 'segment', segment_id: event.target.value })}
          >
            <option value="">{t('campaigns.choose')}</option>
            {segments?.map((one) => (
              <option key={one.id} value={one.id}>
                {one.name}
              </option>
            ))}
          </NativeSelect>
        </Field>
      )}
    </>
  );
}

/** The steps of an automation: added, moved, filled in and removed. */
export function StepsEditor({
  steps,
  subject,
  faults,
  onChange,
}: {
  steps: Step[];
  subject: readonly string[];
  /** What is wrong with a step, by its key. */
  faults: Record<string, string>;
  onChange: (steps: Step[]) => void;
}) {
  const { t } = useTranslation();
  const [kind, setKind] = useState<Kind>('send');
  const channels = useQuery(channelsQuery(useWorkspaceId())).data?.items.filter((one) => one.kind === 'whatsapp');
  const channel = channels?.length === 1 ? channels[0]!.id : '';
  const set = (at: number, step: Step) => onChange(steps.with(at, step));
  const move = (at: number, by: 1 | -1) => {
    const moved = [...steps];
    const [step] = moved.splice(at, 1);
    moved.splice(at + by, 0, step!);
    onChange(led(moved));
  };
  return (
    <div className="grid gap-3">
      <ol className="grid gap-3">
        {steps.map((step, at) => {
          const { action } = step;
          const name = t('automations.step', { number: at + 1 });
          const later = steps.slice(at + 1).map((one, index) => ({ key: one.key, number: at + index + 2 }));
          const act = (next: Action) => set(at, { ...step, action: next });
          return (
            <li key={step.key}>
              <section aria-label={name} className="grid gap-4 rounded-md border p-3">
                <div className="flex items-center gap-2">
                  <span
                    aria-hidden
                    className="grid size-7 shrink-0 place-items-center rounded-full border text-xs font-semibold"
                  >
                    {at + 1}
                  </span>
                  <h2 className="min-w-0 grow font-medium">{t(`automations.actions.${action.kind}`)}</h2>
                  <RowButton words={t('automations.up')} name={name} disabled={at === 0} onClick={() => move(at, -1)}>
                    <ArrowUpIcon aria-hidden />
                  </RowButton>
                  <RowButton
                    words={t('automations.down')}
                    name={name}
                    disabled={at === steps.length - 1}
                    onClick={() => move(at, 1)}
                  >
                    <ArrowDownIcon aria-hidden />
                  </RowButton>
                  <RowButton
                    words={t('automations.remove')}
                    name={name}
                    onClick={() => onChange(led(steps.toSpliced(at, 1)))}
                  >
                    <Trash2Icon className="text-destructive-text" aria-hidden />
                  </RowButton>
                </div>
                {action.kind === 'wait' && (
                  <WaitFields minutes={action.minutes} onChange={(minutes) => act({ kind: 'wait', minutes })} />
                )}
                {action.kind === 'wait_until' && (
                  <Field label={t('automations.clock')} hint={t('automations.clockHint')}>
                    <Input
                      type="time"
                      value={action.time}
                      onChange={(event) => act({ kind: 'wait_until', time: event.target.value })}
                    />
                  </Field>
                )}
                {(action.kind === 'add_tag' || action.kind === 'remove_tag') && (
                  <TagField value={action.tag} onChange={(tag) => act({ kind: action.kind, tag })} />
                )}
                {action.kind === 'send' && <TemplateContent value={action} subject={subject} onChange={act} />}
                {action.kind === 'condition' && (
                  <div className="grid items-start gap-3 sm:grid-cols-2">
                    <ConditionFields value={action.when} onChange={(when) => act({ ...action, when })} />
                    <LeadsField
                      label={t('automations.otherwise')}
                      usual={t('automations.end')}
                      value={action.otherwise}
                      later={later}
                      onChange={(otherwise) => act({ ...action, otherwise })}
                    />
                  </div>
                )}
                {action.kind !== 'stop' && later.length > 1 && (
                  <LeadsField
                    label={t('automations.then')}
                    usual={t('automations.nextStep')}
                    value={step.next}
                    later={later}
                    onChange={(next) => set(at, { ...step, next })}
                  />
                )}
                {faults[step.key] && (
                  <p role="alert" className="text-sm text-destructive-text">
                    {faults[step.key]}
                  </p>
                )}
              </section>
            </li>
          );
        })}
      </ol>
      {steps.length < MOST && (
        <div className="flex flex-wrap items-end gap-2">
          <div className="min-w-48 grow sm:max-w-64">
            <Field label={t('automations.newStep')}>
              <NativeSelect value={kind} onChange={(event) => setKind(event.target.value as Kind)}>
                {KINDS.map((one) => (
                  <option key={one} value={one}>
                    {t(`automations.actions.${one}`)}
                  </option>
                ))}
              </NativeSelect>
            </Field>
          </div>
          <AddButton
            variant="outline"
            onClick={() => onChange([...steps, { key: freshKey(steps), action: freshAction(kind, channel) }])}
          >
            {t('automations.addStep')}
          </AddButton>
        </div>
      )}
    </div>
  );
}
