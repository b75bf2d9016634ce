import { useTranslation } from 'react-i18next';
import { couponFor, placesFor, urlFor, type Wants, type Words } from '@/lib/campaign-words';
import { faultAt } from '@/lib/campaign';
import { CampaignCards, CampaignOfferEnd } from './campaign-cards';
import { FileAddress } from './file-address';
import { MapPlaceFields } from './map-place-fields';
import { PlaceFields } from './place-fields';

/** The values of all places of a template. */
export function TemplateValues({
  words,
  wants,
  faults,
  pointer = '',
  subject,
  links = false,
  onChange,
}: {
  words: Words;
  wants: Wants;
  /** By the API's pointers. */
  faults: Record<string, string>;
  /** Where the API has the content. */
  pointer?: string;
  /** Values of what a trigger found. */
  subject?: readonly string[];
  /** Tracked links can stand in it. */
  links?: boolean;
  onChange: (patch: Partial<Words>) => void;
}) {
  const { t } = useTranslation();
  const places = placesFor(words, wants);
  const at = (part: string) => faultAt(faults, `${pointer}${part}`);
  return (
    <>
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
          subject={subject}
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
          links={links}
          subject={subject}
          error={at(`/content/parameters/${index}`)}
          onChange={(patch) => onChange({ places: places.with(index, { ...place, ...patch }) })}
        />
      ))}
      {wants.urls.map((button, index) => (
        <PlaceFields
          key={button.index}
          place={urlFor(words, button)}
          label={t('campaigns.buttonUrl', { button: button.label })}
          links={links}
          subject={subject}
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
          subject={subject}
          label={t('templates.kinds.copy_code')}
          error={at(`/content/buttons/${wants.urls.length + nth}`)}
          onChange={(patch) =>
            onChange({ coupons: { ...words.coupons, [index]: { ...couponFor(words, index), ...patch } } })
          }
        />
      ))}
      {wants.ends && <CampaignOfferEnd words={words} faults={faults} pointer={pointer} onChange={onChange} />}
      <CampaignCards
        words={words}
        wants={wants}
        faults={faults}
        pointer={pointer}
        subject={subject}
        links={links}
        onChange={onChange}
      />
    </>
  );
}
