import { useTranslation } from 'react-i18next';
import type { Place } from '@/lib/template';
import { Field } from './field';
import { Input, NativeSelect } from './ui/input';

/** Fields of a contact that can stand in a template's text. */
const CONTACT_FIELDS = ['first_name', 'name'];

/** Where the value of one place of a template comes from. */
export function PlaceFields({
  place,
  label,
  subject = [],
  links = false,
  error,
  onChange,
}: {
  place: Place;
  label: string;
  /** Values of what a trigger found. */
  subject?: readonly string[];
  /** A tracked link can stand here. */
  links?: boolean;
  error?: string;
  onChange: (patch: Partial<Place>) => void;
}) {
  const { t } = useTranslation();
  const fields = [...CONTACT_FIELDS, ...subject.map((name) => `subject.${name}`)];
  // A field that somebody chose through the API stays.
  if (!['text', 'link'].includes(place.from) && !fields.includes(place.from)) fields.push(place.from);
  return (
    <fieldset className="grid gap-3 rounded-md border p-3 sm:grid-cols-2">
      <legend className="px-1 text-sm font-medium">{label}</legend>
      <Field label={t('campaigns.valueFrom')}>
        <NativeSelect value={place.from} onChange={(event) => onChange({ from: event.target.value })}>
          {fields.map((field) => (
            <option key={field} value={field}>
              {t(`campaigns.fields.${field}`, { defaultValue: field })}
            </option>
          ))}
          <option value="text">{t('campaigns.fields.text')}</option>
          {links && <option value="link">{t('campaigns.fields.link')}</option>}
        </NativeSelect>
      </Field>
      {place.from === 'link' ? (
        <Field
          label={t('campaigns.target')}
          hint={t('campaigns.targetHint')}
          error={place.text && !place.text.trim().startsWith('https://') ? t('campaigns.targetHttps') : error}
        >
          <Input
            type="url"
            dir="ltr"
            maxLength={2000}
            value={place.text}
            onChange={(event) => onChange({ text: event.target.value })}
          />
        </Field>
      ) : (
        <Field
          label={place.from === 'text' ? t('campaigns.text') : t('campaigns.fallback')}
          hint={place.from === 'text' || place.text ? undefined : t('campaigns.fallbackHint')}
          error={error}
        >
          <Input value={place.text} onChange={(event) => onChange({ text: event.target.value })} />
        </Field>
      )}
    </fieldset>
  );
}
