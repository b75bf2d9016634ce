import { PlusIcon, Trash2Icon } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { Schemas } from '@/api/client';
import { faultAt, type Draft } from '@/lib/campaign';
import {
  CHOICES,
  METRICS,
  MOST_ARMS,
  NO_TEST,
  OTHERWISE,
  withArm,
  withoutArm,
  type ArmDraft,
  type TestDraft,
} from '@/lib/experiment';
import { useFormat } from '@/lib/format';
import { CampaignWords } from './campaign-words';
import { Field } from './field';
import { Button } from './ui/button';
import { Checkbox } from './ui/checkbox';
import { Input, NativeSelect } from './ui/input';

/** The test of a campaign: its arms, who gets nothing, and how the winner is found. */
export function CampaignExperiment({
  draft,
  usable,
  faults,
  onChange,
}: {
  draft: Draft;
  usable: Schemas['Template'][];
  /** By the API's pointers. */
  faults: Record<string, string>;
  onChange: (patch: Partial<Draft>) => void;
}) {
  const { t } = useTranslation();
  const { test } = draft;
  const change = (patch: Partial<TestDraft>) => onChange({ test: { ...test, ...patch } });
  const named = (letter: string) => t('experiment.armName', { letter });
  const turn = (isOn: boolean) =>
    onChange({ test: isOn ? { ...(test.arms.length ? test : withArm(NO_TEST, named)), isOn } : { ...test, isOn } });
  return (
    <div className="grid gap-6">
      <label className="flex cursor-pointer items-start gap-3 rounded-md border p-3 has-checked:border-primary has-checked:bg-accent">
        <Checkbox className="mt-1" checked={test.isOn} onChange={(event) => turn(event.target.checked)} />
        <span>
          <span className="block font-medium">{t('experiment.use')}</span>
          <span className="block text-sm text-muted-foreground">{t('experiment.useHint')}</span>
        </span>
      </label>
      {test.isOn && (
        <>
          <Arms test={test} own={draft.template} usable={usable} faults={faults} named={named} onChange={change} />
          <Shares test={test} faults={faults} onChange={change} />
          <Decision test={test} faults={faults} onChange={change} />
        </>
      )}
    </div>
  );
}

interface PartProps {
  test: TestDraft;
  faults: Record<string, string>;
  onChange: (patch: Partial<TestDraft>) => void;
}

function Arms({
  test,
  own,
  usable,
  faults,
  named,
  onChange,
}: PartProps & {
  /** The template of the campaign itself. */
  own: string;
  usable: Schemas['Template'][];
  named: (letter: string) => string;
}) {
  const { t } = useTranslation();
  const format = useFormat();
  const { arms } = test;
  const sum = arms.reduce((all, arm) => all + (Number(arm.percent) || 0), 0);
  // Those of the arms themselves stand at the arms.
  const whole = faults['/experiment/arms'];
  const set = (index: number, patch: Partial<ArmDraft>) =>
    onChange({ arms: arms.with(index, { ...arms[index]!, ...patch }) });
  return (
    <section aria-label={t('experiment.arms')} className="grid gap-4">
      <h2 className="text-sm font-semibold">{t('experiment.arms')}</h2>
      {arms.map((arm, index) => (
        <Arm
          key={index}
          arm={arm}
          index={index}
          own={own}
          usable={usable}
          faults={faults}
          onChange={(patch) => set(index, patch)}
          onRemove={index > 0 && arms.length > 2 ? () => onChange(withoutArm(test, index)) : undefined}
        />
      ))}
      <div className="flex flex-wrap items-center justify-between gap-3">
        <p className="text-sm tabular-nums" aria-live="polite">
          {t('experiment.sum', { sum: format.percent(sum / 100) })}
        </p>
        {arms.length < MOST_ARMS && (
          <Button variant="outline" onClick={() => onChange(withArm(test, named))}>
            <PlusIcon aria-hidden />
            {t('experiment.addArm')}
          </Button>
        )}
      </div>
      {(whole || sum !== 100) && (
        <p role="alert" className="text-sm text-destructive-text">
          {whole ?? t('experiment.sumWrong')}
        </p>
      )}
    </section>
  );
}

function Arm({
  arm,
  index,
  own,
  usable,
  faults,
  onChange,
  onRemove,
}: {
  arm: ArmDraft;
  index: number;
  own: string;
  usable: Schemas['Template'][];
  faults: Record<string, string>;
  onChange: (patch: Partial<ArmDraft>) => void;
  onRemove?: () => void;
}) {
  const { t } = useTranslation();
  const pointer = `/experiment/arms/${index}`;
  const at = (part: string) => faultAt(faults, `${pointer}${part}`);
  const template = arm.words?.template ?? own;
  const languages = [...new Set(usable.filter((one) => one.name === template).map((one) => one.language))];
  if (arm.language && !languages.includes(arm.language)) languages.push(arm.language);
  return (
    <fieldset className="grid gap-4 rounded-md border p-3">
      <legend className="px-1 text-sm font-medium">{arm.name || t('experiment.arm')}</legend>
      <div className="grid gap-4 sm:grid-cols-[1fr_7rem_9rem]">
        <Field label={t('experiment.name')} error={at('/name')}>
          <Input
            autoComplete="off"
            maxLength={50}
            value={arm.name}
            onChange={(event) => onChange({ name: event.target.value })}
          />
        </Field>
        <Field label={t('experiment.percent')} error={at('/percent')}>
          <Input
            type="number"
            min={1}
            max={99}
            value={arm.percent}
            onChange={(event) => onChange({ percent: event.target.value })}
          />
        </Field>
        <Field label={t('common.language')} error={at('/language')}>
          <NativeSelect value={arm.language} onChange={(event) => onChange({ language: event.target.value })}>
            <option value="">{t('experiment.ownLanguage')}</option>
            {languages.map((language) => (
              <option key={language} value={language}>
                {language}
              </option>
            ))}
          </NativeSelect>
        </Field>
      </div>
      {arm.words ? (
        <CampaignWords
          words={arm.words}
          usable={usable}
          faults={faults}
          pointer={pointer}
          onChange={(patch) => onChange({ words: { ...arm.words!, ...patch } })}
        />
      ) : (
        <p className="text-sm text-muted-foreground">{t('experiment.first')}</p>
      )}
      {faults[pointer] && (
        <p role="alert" className="text-sm text-destructive-text">
          {faults[pointer]}
        </p>
      )}
      {onRemove && (
        <Button variant="outline" size="sm" className="justify-self-end" onClick={onRemove}>
          <Trash2Icon aria-hidden />
          {t('experiment.removeArm', { name: arm.name })}
        </Button>
      )}
    </fieldset>
  );
}

function Shares({ test, faults, onChange }: PartProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const { isPart } = test;
  const [part, holdout] = [Number(test.part) || 0, Number(test.holdout) || 0];
  const tested = isPart ? part : 100 - holdout;
  const rest = Math.max(0, 100 - tested - holdout);
  const share = (value: number) => format.percent(value / 100);
  return (
    <section aria-label={t('experiment.who')} className="grid gap-4">
      <h2 className="text-sm font-semibold">{t('experiment.who')}</h2>
      <div className="grid gap-2">
        {[false, true].map((ofPart) => (
          <label
            key={String(ofPart)}
            className="flex cursor-pointer items-center gap-3 rounded-md border p-3 has-checked:border-primary has-checked:bg-accent"
          >
            <input
              type="radio"
              name="test-part"
              className="size-4 accent-[var(--ring)]"
              checked={isPart === ofPart}
              onChange={() => onChange({ isPart: ofPart })}
            />
            <span>{t(ofPart ? 'experiment.partFirst' : 'experiment.allAtOnce')}</span>
          </label>
        ))}
      </div>
      <div className="grid gap-4 sm:grid-cols-2">
        {isPart && (
          <Field
            label={t('experiment.testPercent')}
            hint={t('experiment.testPercentHint')}
            error={faultAt(faults, '/experiment/test_percent') ?? faults['/send_in']}
          >
            <Input
              type="number"
              min={1}
              max={98}
              value={test.part}
              onChange={(event) => onChange({ part: event.target.value })}
            />
          </Field>
        )}
        <Field
          label={t('experiment.holdout')}
          hint={t('experiment.holdoutHint')}
          error={faultAt(faults, '/experiment/holdout_percent')}
        >
          <Input
            type="number"
            min={0}
            max={49}
            value={test.holdout}
            onChange={(event) => onChange({ holdout: event.target.value })}
          />
        </Field>
      </div>
      <p className="text-sm text-muted-foreground" aria-live="polite">
        {[
          t('experiment.sharesTest', { share: share(tested) }),
          isPart && t('experiment.sharesRest', { share: share(rest) }),
          holdout > 0 && t('experiment.sharesHoldout', { share: share(holdout) }),
        ]
          .filter(Boolean)
          .join(' · ')}
      </p>
    </section>
  );
}

function Decision({ test, faults, onChange }: PartProps) {
  const { t } = useTranslation();
  return (
    <section aria-label={t('experiment.decision')} className="grid gap-4">
      <h2 className="text-sm font-semibold">{t('experiment.decision')}</h2>
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label={t('experiment.metric')} error={faultAt(faults, '/experiment/metric')}>
          <NativeSelect
            value={test.metric}
            onChange={(event) => onChange({ metric: METRICS.find((one) => one === event.target.value) ?? 'read' })}
          >
            {METRICS.map((one) => (
              <option key={one} value={one}>
                {t(`experiment.metrics.${one}`)}
              </option>
            ))}
          </NativeSelect>
        </Field>
        <Field
          label={t('experiment.hours')}
          hint={t('experiment.hoursHint')}
          error={faultAt(faults, '/experiment/decide_after_hours')}
        >
          <Input
            type="number"
            min={1}
            max={168}
            value={test.hours}
            onChange={(event) => onChange({ hours: event.target.value })}
          />
        </Field>
        <Field label={t('experiment.choice')} hint={t(`experiment.choiceHints.${test.choice}`)}>
          <NativeSelect
            value={test.choice}
            onChange={(event) => onChange({ choice: CHOICES.find((one) => one === event.target.value) ?? 'member' })}
          >
            {CHOICES.map((one) => (
              <option key={one} value={one}>
                {t(`experiment.choices.${one}`)}
              </option>
            ))}
          </NativeSelect>
        </Field>
        {test.choice === 'automatic' && test.isPart && (
          <Field label={t('experiment.otherwise')}>
            <NativeSelect
              value={test.otherwise}
              onChange={(event) =>
                onChange({ otherwise: OTHERWISE.find((one) => one === event.target.value) ?? 'wait' })
              }
            >
              {OTHERWISE.map((one) => (
                <option key={one} value={one}>
                  {t(`experiment.otherwises.${one}`)}
                </option>
              ))}
            </NativeSelect>
          </Field>
        )}
      </div>
    </section>
  );
}
