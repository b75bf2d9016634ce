import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { channelsQuery, useWorkspaceId } from '@/lib/queries';
import {
  CATEGORIES,
  layoutOf,
  nameOf,
  TEMPLATE_LANGUAGES,
  UNITS,
  type Draft,
  type fixedOf,
  type Unit,
} from '@/lib/template-draft';
import { LIMITS, type Faults } from '@/lib/template-finder';
import { languageName } from '@/lib/texts';
import { Choice } from './choice';
import { CountedField } from './counted-field';
import { Field } from './field';
import { TemplateCode } from './template-code';
import { TemplateMessage } from './template-message';
import { Tick } from './tick';
import { Card, CardTitle } from './ui/card';
import { Input, NativeSelect } from './ui/input';

/** How long Meta tries, and what it may change. Few templates need it. */
function More({
  value,
  faults,
  onChange,
}: {
  value: Draft;
  faults: Faults;
  onChange: (patch: Partial<Draft>) => void;
}) {
  const { t } = useTranslation();
  const fault = faults['/message_send_ttl_seconds'];
  const [isOpen, setOpen] = useState(Boolean(value.life || value.mayMove));
  return (
    <Card>
      <details open={isOpen || Boolean(fault)} onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary className="cursor-pointer text-sm font-medium">{t('templates.more')}</summary>
        <div className="mt-4 grid gap-4">
          <div className="grid items-start gap-4 sm:grid-cols-2">
            <Field label={t('templates.fields.life')} hint={t(`templates.rules.life.${value.category}`)} error={fault}>
              <Input
                type="number"
                min={1}
                value={value.life}
                onChange={(event) => onChange({ life: event.target.value })}
              />
            </Field>
            <Field label={t('templates.fields.lifeUnit')}>
              <NativeSelect
                value={value.lifeUnit}
                onChange={(event) => onChange({ lifeUnit: event.target.value as Unit })}
              >
                {(Object.keys(UNITS) as Unit[]).map((unit) => (
                  <option key={unit} value={unit}>
                    {t(`templates.units.${unit}`)}
                  </option>
                ))}
              </NativeSelect>
            </Field>
          </div>
          <Tick
            label={t('templates.fields.mayMove')}
            hint={t('templates.rules.mayMove')}
            checked={value.mayMove}
            onChange={(mayMove) => onChange({ mayMove })}
          />
        </div>
      </details>
    </Card>
  );
}

/** The fields of a template. What is wrong stands at each. */
export function TemplateForm({
  value,
  faults,
  fixed,
  onChange,
}: {
  value: Draft;
  faults: Faults;
  /** What Meta has the template by. */
  fixed: ReturnType<typeof fixedOf>;
  onChange: (patch: Partial<Draft>) => void;
}) {
  const { t, i18n } = useTranslation();
  const channels = useQuery(channelsQuery(useWorkspaceId())).data?.items.filter((one) => one.kind === 'whatsapp');
  const languages = useMemo(() => {
    const names = new Intl.DisplayNames(i18n.language, { type: 'language' });
    const codes = new Set([...TEMPLATE_LANGUAGES, ...(value.language ? [value.language] : [])]);
    return [...codes]
      .map((code) => ({ code, name: names.of(code.replace('_', '-')) ?? code, own: languageName(code) }))
      .toSorted((a, b) => a.name.localeCompare(b.name, i18n.language));
  }, [i18n.language, value.language]);
  return (
    <div className="grid gap-4">
      <Card>
        <CardTitle>{t('templates.about')}</CardTitle>
        <div className="grid items-start gap-4 sm:grid-cols-2">
          <div className="sm:col-span-2">
            <CountedField
              label={t('templates.name')}
              rule={t('templates.rules.name')}
              error={faults['/name']}
              value={value.name}
              most={LIMITS.name}
              dir="ltr"
              disabled={fixed.name}
              onChange={(name) => onChange({ name: nameOf(name) })}
            />
          </div>
          <Field label={t('templates.language')} hint={t('templates.rules.language')} error={faults['/language']}>
            <NativeSelect
              disabled={fixed.name}
              value={value.language}
              onChange={(event) => onChange({ language: event.target.value })}
            >
              <option value="">{t('campaigns.choose')}</option>
              {languages.map(({ code, name, own }) => (
                <option key={code} value={code}>
                  {name.toLowerCase() === own.toLowerCase() ? name : `${name} – ${own}`}
                </option>
              ))}
            </NativeSelect>
          </Field>
          <Field
            label={t('templates.fields.channel')}
            hint={t('templates.rules.channel')}
            error={faults['/channel_id']}
          >
            <NativeSelect value={value.channel} onChange={(event) => onChange({ channel: event.target.value })}>
              <option value="">{t('campaigns.choose')}</option>
              {channels?.map((one) => (
                <option key={one.id} value={one.id}>
                  {one.name} {one.display_phone}
                </option>
              ))}
            </NativeSelect>
          </Field>
          <div className="sm:col-span-2">
            <Choice
              legend={t('templates.category')}
              options={CATEGORIES.map((one) => ({
                value: one,
                label: t(`templates.categories.${one}`),
                hint: t(`templates.categoryHints.${one}`),
              }))}
              value={value.category}
              error={faults['/category']}
              disabled={fixed.category}
              onChange={(category) => onChange({ category })}
            />
          </div>
        </div>
      </Card>
      <Card>
        <CardTitle>{t('templates.message')}</CardTitle>
        {layoutOf(value) === 'code' ? (
          <TemplateCode value={value.code} faults={faults} onChange={(code) => onChange({ code })} />
        ) : (
          <TemplateMessage value={value} faults={faults} isNamingFixed={fixed.naming} onChange={onChange} />
        )}
      </Card>
      <More value={value} faults={faults} onChange={onChange} />
    </div>
  );
}
