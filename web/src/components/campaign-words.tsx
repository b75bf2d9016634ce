import { useTranslation } from 'react-i18next';
import type { Schemas } from '@/api/client';
import { couponFor, EMPTY_WORDS, placesFor, urlFor, type Words } from '@/lib/campaign-words';
import { faultAt } from '@/lib/campaign';
import { versionFor, wantsOf } from '@/lib/template';
import { CampaignCards, CampaignOfferEnd } from './campaign-cards';
import { Field } from './field';
import { FileAddress } from './file-address';
import { MapPlaceFields } from './map-place-fields';
import { PlaceFields } from './place-fields';
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
  const places = placesFor(words, wants);
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
      {wants.link && (
        <FileAddress
          kind={wants.link}
          value={words.link}
          error={at('/content/header')}
          onChange={(link) => onChange({ link })}
        />
      )}
      {wants.title && (
        <PlaceFields
          place={words.title}
          label={t('campaigns.headerText')}
          error={at('/content/header')}
          onChange={(patch) => onChange({ title: { ...words.title, ...patch } })}
        />
      )}
      {wants.location && (
        <MapPlaceFields
          value={words.location}
          faults={faults}
          place={`${pointer}/content/header/location`}
          onChange={(location) => onChange({ location })}
        />
      )}
      {places.map((place, index) => (
        <PlaceFields
          key={index}
          place={place}
          label={`{{${wants.names[index]}}}`}
          links
          error={at(`/content/parameters/${index}`)}
          onChange={(patch) => onChange({ places: places.with(index, { ...place, ...patch }) })}
        />
      ))}
      {wants.urls.map((button, index) => (
        <PlaceFields
          key={button.index}
          place={urlFor(words, button)}
          label={t('campaigns.buttonUrl', { button: button.label })}
          links
          error={at(`/content/buttons/${index}`)}
          onChange={(patch) =>
            onChange({ urls: { ...words.urls, [button.index]: { ...urlFor(words, button), ...patch } } })
          }
        />
      ))}
      {wants.coupons.map((index, nth) => (
        <PlaceFields
          key={index}
          place={couponFor(words, index)}
          label={t('templates.kinds.copy_code')}
          error={at(`/content/buttons/${wants.urls.length + nth}`)}
          onChange={(patch) =>
            onChange({ coupons: { ...words.coupons, [index]: { ...couponFor(words, index), ...patch } } })
          }
        />
      ))}
      {wants.ends && <CampaignOfferEnd words={words} faults={faults} pointer={pointer} onChange={onChange} />}
      <CampaignCards words={words} wants={wants} faults={faults} pointer={pointer} onChange={onChange} />
    </>
  );
}
