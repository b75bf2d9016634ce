import { useTranslation } from 'react-i18next';
import type { Schemas } from '@/api/client';
import { couponFor, EMPTY, faultAt, placesFor, urlFor, type Draft } from '@/lib/campaign';
import { versionFor, wantsOf } from '@/lib/template';
import { CampaignCards, CampaignOfferEnd } from './campaign-cards';
import { Field } from './field';
import { MapPlaceFields } from './map-place-fields';
import { PlaceFields } from './place-fields';
import { Input, NativeSelect } from './ui/input';

/** Codes go out one by one, when somebody asks for one: never to many. */
const CATEGORIES = ['marketing', 'utility'] as const;

/** The templates that a campaign of this channel can send. */
export function usableTemplates(templates: Schemas['Template'][] | undefined, channel: Schemas['Channel'] | undefined) {
  return (templates ?? []).filter(
    (one) =>
      one.status === 'approved' &&
      one.account_id === channel?.account_id &&
      CATEGORIES.some((category) => category === one.category),
  );
}

/** What a campaign says: its channel, its template and the values of the template's places. */
export function CampaignMessage({
  draft,
  channels,
  usable,
  faults,
  onChange,
}: {
  draft: Draft;
  channels: Schemas['Channel'][] | undefined;
  usable: Schemas['Template'][];
  /** By the API's pointers. */
  faults: Record<string, string>;
  onChange: (patch: Partial<Draft>) => void;
}) {
  const { t, i18n } = useTranslation();
  const versions = usable.filter((one) => one.name === draft.template);
  const wants = wantsOf(versionFor(versions, i18n.language));
  const places = placesFor(draft, wants);
  const at = (pointer: string) => faultAt(faults, pointer);
  const namesOf = (category: string) => [
    ...new Set(usable.filter((one) => one.category === category).map((one) => one.name)),
  ];
  const isGone = draft.template && versions.length === 0;
  /** Values belong to the template for which they were written. */
  const choose = (template: string) => onChange({ ...EMPTY, ...kept(draft), template });
  return (
    <div className="grid gap-4">
      <Field label={t('campaigns.name')} error={at('/name')}>
        <Input
          autoComplete="off"
          maxLength={200}
          value={draft.name}
          onChange={(event) => onChange({ name: event.target.value })}
        />
      </Field>
      <Field
        label={t('campaigns.channel')}
        hint={channels?.length === 0 ? t('channels.noneHint') : undefined}
        error={at('/channel_id')}
      >
        <NativeSelect
          value={draft.channel}
          onChange={(event) => onChange({ ...EMPTY, ...kept(draft), channel: event.target.value })}
        >
          <option value="">{t('campaigns.choose')}</option>
          {channels?.map((one) => (
            <option key={one.id} value={one.id}>
              {one.name} {one.display_phone}
            </option>
          ))}
        </NativeSelect>
      </Field>
      <Field
        label={t('campaigns.template')}
        hint={t('campaigns.templateHint')}
        error={at('/content/name') ?? at('/content/kind') ?? (isGone ? t('campaigns.templateGone') : undefined)}
      >
        <NativeSelect disabled={!draft.channel} value={draft.template} onChange={(event) => choose(event.target.value)}>
          <option value="">{t('campaigns.choose')}</option>
          {isGone && <option value={draft.template}>{draft.template}</option>}
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
        <Field label={t('campaigns.headerLink')} hint={t('products.imageHint')} error={at('/content/header')}>
          <Input
            type="url"
            dir="ltr"
            maxLength={2000}
            value={draft.link}
            onChange={(event) => onChange({ link: event.target.value })}
          />
        </Field>
      )}
      {wants.title && (
        <PlaceFields
          place={draft.title}
          label={t('campaigns.headerText')}
          error={at('/content/header')}
          onChange={(patch) => onChange({ title: { ...draft.title, ...patch } })}
        />
      )}
      {wants.location && (
        <MapPlaceFields
          value={draft.location}
          faults={faults}
          place="/content/header/location"
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
          place={urlFor(draft, button)}
          label={t('campaigns.buttonUrl', { button: button.label })}
          links
          error={at(`/content/buttons/${index}`)}
          onChange={(patch) =>
            onChange({ urls: { ...draft.urls, [button.index]: { ...urlFor(draft, button), ...patch } } })
          }
        />
      ))}
      {wants.ends && <CampaignOfferEnd draft={draft} faults={faults} onChange={onChange} />}
      <CampaignCards draft={draft} wants={wants} faults={faults} onChange={onChange} />
      {wants.coupons.map((index, nth) => (
        <PlaceFields
          key={index}
          place={couponFor(draft, index)}
          label={t('templates.kinds.copy_code')}
          error={at(`/content/buttons/${wants.urls.length + nth}`)}
          onChange={(patch) =>
            onChange({ coupons: { ...draft.coupons, [index]: { ...couponFor(draft, index), ...patch } } })
          }
        />
      ))}
      <Field
        label={t('campaigns.conversionDays')}
        hint={t('campaigns.conversionDaysHint')}
        error={at('/conversion_days')}
      >
        <Input
          type="number"
          min={1}
          max={90}
          className="max-w-32"
          value={draft.days}
          onChange={(event) => onChange({ days: event.target.value })}
        />
      </Field>
    </div>
  );
}

/** What stays when the template or the channel is another one. */
function kept({ name, channel, days, audience, delivery }: Draft): Partial<Draft> {
  return { name, channel, days, audience, delivery };
}
