import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { channelsQuery, useWorkspaceId } from '@/lib/queries';
import { CATEGORIES, LIMITS, nameOf, TEMPLATE_LANGUAGES, type Draft, type Faults } from '@/lib/template-draft';
import { languageName } from '@/lib/texts';
import { CountedField } from './counted-field';
import { Field } from './field';
import { TemplateBody } from './template-body';
import { TemplateButtons } from './template-buttons';
import { Card, CardTitle } from './ui/card';
import { NativeSelect } from './ui/input';

/** The fields of a template. What is wrong stands at each. */
export function TemplateForm({
  value,
  faults,
  onChange,
}: {
  value: Draft;
  faults: Faults;
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
              onChange={(name) => onChange({ name: nameOf(name) })}
            />
          </div>
          <Field label={t('templates.language')} hint={t('templates.rules.language')} error={faults['/language']}>
            <NativeSelect value={value.language} onChange={(event) => onChange({ language: event.target.value })}>
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
          <fieldset className="grid gap-2 sm:col-span-2">
            <legend className="mb-1.5 text-sm font-medium">{t('templates.category')}</legend>
            {CATEGORIES.map((category) => (
              <label key={category} className="flex cursor-pointer items-start gap-2 text-sm">
                <input
                  type="radio"
                  name="category"
                  className="mt-0.5 size-4 shrink-0 accent-[var(--ring)]"
                  checked={value.category === category}
                  onChange={() => onChange({ category })}
                />
                <span>
                  <span className="font-medium">{t(`templates.categories.${category}`)}</span>
                  <span className="block text-xs text-muted-foreground">
                    {t(`templates.categoryHints.${category}`)}
                  </span>
                </span>
              </label>
            ))}
          </fieldset>
        </div>
      </Card>
      <Card>
        <CardTitle>{t('templates.message')}</CardTitle>
        <div className="grid gap-4">
          <CountedField
            label={t('templates.fields.header')}
            rule={t('templates.rules.optional')}
            error={faults['/header/text']}
            value={value.header}
            most={LIMITS.header}
            onChange={(header) => onChange({ header })}
          />
          <TemplateBody value={value} faults={faults} onChange={onChange} />
          <CountedField
            label={t('templates.fields.footer')}
            rule={t('templates.rules.optional')}
            error={faults['/footer']}
            value={value.footer}
            most={LIMITS.footer}
            onChange={(footer) => onChange({ footer })}
          />
          <TemplateButtons value={value.buttons} faults={faults} onChange={(buttons) => onChange({ buttons })} />
        </div>
      </Card>
    </div>
  );
}
