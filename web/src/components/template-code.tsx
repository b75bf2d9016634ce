import { Trash2Icon } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { freshKey, type DraftCode } from '@/lib/template-draft';
import { LIMITS, type Faults } from '@/lib/template-finder';
import { MOST_APPS } from '@/lib/template-faults-buttons';
import { Choice } from './choice';
import { CountedField } from './counted-field';
import { Fault } from './fault';
import { Field } from './field';
import { AddButton } from './page';
import { RowButton } from './row-actions';
import { Tick } from './tick';
import { Input } from './ui/input';

const PLACE = '/buttons/0';

/** The Android apps that may get the code. */
function Apps({
  value,
  faults,
  onChange,
}: {
  value: DraftCode['apps'];
  faults: Faults;
  onChange: (apps: DraftCode['apps']) => void;
}) {
  const { t } = useTranslation();
  return (
    <fieldset className="grid gap-3">
      <legend className="mb-1.5 text-sm font-medium">{t('templates.fields.apps')}</legend>
      {value.map((app, at) => {
        const place = `${PLACE}/supported_apps/${at}`;
        const name = t('templates.appNumber', { number: at + 1 });
        return (
          <div key={app.key} role="group" aria-label={name} className="flex items-start gap-2 rounded-md border p-3">
            <div className="grid min-w-0 grow gap-3 sm:grid-cols-2">
              <Field
                label={t('templates.fields.package')}
                hint={t('templates.rules.package')}
                error={faults[`${place}/package_name`]}
              >
                <Input
                  dir="ltr"
                  autoComplete="off"
                  value={app.name}
                  onChange={(event) => onChange(value.with(at, { ...app, name: event.target.value }))}
                />
              </Field>
              <Field
                label={t('templates.fields.hash')}
                hint={t('templates.rules.hash')}
                error={faults[`${place}/signature_hash`]}
              >
                <Input
                  dir="ltr"
                  autoComplete="off"
                  value={app.hash}
                  onChange={(event) => onChange(value.with(at, { ...app, hash: event.target.value }))}
                />
              </Field>
            </div>
            <RowButton words={t('automations.remove')} name={name} onClick={() => onChange(value.toSpliced(at, 1))}>
              <Trash2Icon className="text-destructive-text" aria-hidden />
            </RowButton>
          </div>
        );
      })}
      <Fault>{faults[`${PLACE}/supported_apps`]}</Fault>
      {value.length < MOST_APPS && (
        <AddButton
          variant="outline"
          size="sm"
          className="justify-self-start"
          onClick={() => onChange([...value, { key: freshKey(value), name: '', hash: '' }])}
        >
          {t('templates.appAdd')}
        </AddButton>
      )}
    </fieldset>
  );
}

/** What a person chooses of an authentication template. Meta writes its texts. */
export function TemplateCode({
  value,
  faults,
  onChange,
}: {
  value: DraftCode;
  faults: Faults;
  onChange: (value: DraftCode) => void;
}) {
  const { t } = useTranslation();
  const put = (patch: Partial<DraftCode>) => onChange({ ...value, ...patch });
  const fills = value.type !== 'copy_code';
  return (
    <div className="grid gap-4">
      <p className="text-sm text-muted-foreground">{t('templates.codeHint')}</p>
      <Tick
        label={t('templates.fields.advises')}
        hint={t('templates.rules.advises')}
        checked={value.advises}
        onChange={(advises) => put({ advises })}
      />
      <Field
        label={t('templates.fields.minutes')}
        hint={t('templates.rules.minutes')}
        error={faults['/code_expiration_minutes']}
      >
        <Input
          type="number"
          min={1}
          max={90}
          className="max-w-32"
          value={value.minutes}
          onChange={(event) => put({ minutes: event.target.value })}
        />
      </Field>
      <Choice
        legend={t('templates.fields.code')}
        options={(['copy_code', 'one_tap', 'zero_tap'] as const).map((type) => ({
          value: type,
          label: t(`templates.otp.${type}`),
          hint: t(`templates.otpHints.${type}`),
        }))}
        value={value.type}
        error={faults[`${PLACE}/otp_type`]}
        onChange={(type) =>
          put({
            type,
            ...(type !== 'copy_code' && !value.apps.length && { apps: [{ key: '1', name: '', hash: '' }] }),
          })
        }
      />
      <CountedField
        label={t('templates.fields.buttonText')}
        rule={t('templates.rules.codeText')}
        error={faults[`${PLACE}/text`]}
        value={value.text}
        most={LIMITS.button}
        onChange={(text) => put({ text })}
      />
      {fills && (
        <>
          <CountedField
            label={t('templates.fields.autofill')}
            rule={t('templates.rules.codeText')}
            error={faults[`${PLACE}/autofill_text`]}
            value={value.autofill}
            most={LIMITS.button}
            onChange={(autofill) => put({ autofill })}
          />
          <Apps value={value.apps} faults={faults} onChange={(apps) => put({ apps })} />
        </>
      )}
      {value.type === 'zero_tap' && (
        <Tick
          label={t('templates.fields.terms')}
          error={faults[`${PLACE}/zero_tap_terms_accepted`]}
          checked={value.hasTerms}
          onChange={(hasTerms) => put({ hasTerms })}
        />
      )}
      <Fault>{faults['/buttons']}</Fault>
    </div>
  );
}
