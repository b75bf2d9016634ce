import { useTranslation } from 'react-i18next';
import type { Schemas } from '@/api/client';
import { EMPTY_WORDS, type Words } from '@/lib/campaign-words';
import { faultAt } from '@/lib/campaign';
import { versionFor, wantsOf } from '@/lib/template';
import { Field } from './field';
import { TemplateValues } from './template-values';
import { NativeSelect } from './ui/input';

/** Codes go out one by one, when somebody asks for one: never to many. */
export const CATEGORIES = ['marketing', 'utility'] as const;

/** A template and the values of its places. */
export function CampaignWords({
  words,
  usable,
  faults,
  pointer = '',
  onChange,
}: {
  words: Words;
  /** Nothing until a channel is chosen. */
  usable: Schemas['Template'][] | undefined;
  /** By the API's pointers. */
  faults: Record<string, string>;
  /** Where the API has the content. */
  pointer?: string;
  onChange: (patch: Partial<Words>) => void;
}) {
  const { t, i18n } = useTranslation();
  const versions = (usable ?? []).filter((one) => one.name === words.template);
  const wants = wantsOf(versionFor(versions, i18n.language));
  const at = (part: string) => faultAt(faults, `${pointer}${part}`);
  const namesOf = (category: string) => [
    ...new Set((usable ?? []).filter((one) => one.category === category).map((one) => one.name)),
  ];
  const isGone = words.template && versions.length === 0;
  /** Values belong to the template for which they were written. */
  const choose = (template: string) => onChange({ ...EMPTY_WORDS, template });
  return (
    <>
      <Field
        label={t('campaigns.template')}
        hint={t('campaigns.templateHint')}
        error={at('/content/name') ?? at('/content/kind') ?? (isGone ? t('campaigns.templateGone') : undefined)}
      >
        <NativeSelect disabled={!usable} value={words.template} onChange={(event) => choose(event.target.value)}>
          <option value="">{t('campaigns.choose')}</option>
          {isGone && <option value={words.template}>{words.template}</option>}
          {CATEGORIES.map(
            (category) =>
              namesOf(category).length > 0 && (
                <optgroup key={category} label={t(`campaigns.category.${category}`)}>
                  {namesOf(category).map((name) => (
                    <option key={name} value={name}>
                      {name}
                    </option>
                  ))}
                </optgroup>
              ),
          )}
        </NativeSelect>
      </Field>
      <TemplateValues words={words} wants={wants} faults={faults} pointer={pointer} links onChange={onChange} />
    </>
  );
}
