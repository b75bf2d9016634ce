import { useTranslation } from 'react-i18next';
import type { Schemas } from '@/api/client';
import { faultAt } from '@/lib/campaign';
import { Fault } from './fault';
import { Field } from './field';
import { Input } from './ui/input';

type MapPlace = Schemas['TemplatePlace'];

/** The place on the map above a message. */
export function MapPlaceFields({
  value,
  faults,
  place,
  onChange,
}: {
  value: MapPlace;
  /** By the API's pointers. */
  faults: Record<string, string>;
  place: string;
  onChange: (value: MapPlace) => void;
}) {
  const { t } = useTranslation();
  const line = (field: keyof MapPlace, most: number, isNumber = false) => (
    <Field
      label={t(`campaigns.place.${field}`)}
      hint={isNumber ? t(`campaigns.place.${field}Hint`) : undefined}
      error={faults[`${place}/${field}`]}
    >
      <Input
        dir={isNumber ? 'ltr' : 'auto'}
        inputMode={isNumber ? 'decimal' : undefined}
        autoComplete="off"
        maxLength={most}
        value={value[field]}
        onChange={(event) => onChange({ ...value, [field]: event.target.value })}
      />
    </Field>
  );
  const isInside = (['name', 'address', 'latitude', 'longitude'] as const).some((one) => faults[`${place}/${one}`]);
  return (
    <fieldset className="grid gap-3 rounded-md border p-3 sm:grid-cols-2">
      <legend className="px-1 text-sm font-medium">{t('templates.headers.location')}</legend>
      {line('name', 100)}
      {line('address', 300)}
      {line('latitude', 20, true)}
      {line('longitude', 20, true)}
      <Fault>{isInside ? undefined : faultAt(faults, place)}</Fault>
    </fieldset>
  );
}
