// A campaign as its form writes it.

import type { TFunction } from 'i18next';
import { queryOptions } from '@tanstack/react-query';
import { answer, api, type Schemas } from '@/api/client';
import { deliveryBody, deliveryOf, USUAL, type DraftDelivery } from './campaign-delivery';
import { parameterOf, placeOf, previewOf, wantsOf, type Filling, type Place } from './template';

type Campaign = Schemas['Campaign'];
type Wants = ReturnType<typeof wantsOf>;

/** Whom a campaign is for, besides the segments. */
export const EVERYBODY = 'everybody';
export const OWN = 'own';

export interface Draft {
  name: string;
  channel: string;
  template: string;
  places: Place[];
  /** The address of the header's file. */
  link: string;
  title: Place;
  /** The values of buttons, by their index. */
  urls: Record<number, Place>;
  /** The coupons of buttons, by their index. */
  coupons: Record<number, Place>;
  location: Schemas['TemplatePlace'];
  /** By their index. */
  cards: Record<number, DraftCard>;
  /** The end of an offer: a moment. */
  ends: string;
  days: string;
  /** The id of a segment, `EVERYBODY`, `OWN`, or nothing yet. */
  audience: string;
  delivery: DraftDelivery;
}

export interface DraftCard {
  link: string;
  places: Place[];
  urls: Record<number, Place>;
}

export const PLACE: Place = { from: 'first_name', text: '' };

export const EMPTY: Draft = {
  name: '',
  channel: '',
  template: '',
  places: [],
  link: '',
  title: PLACE,
  urls: {},
  coupons: {},
  location: { latitude: '', longitude: '', name: '', address: '' },
  cards: {},
  ends: '',
  days: '7',
  audience: '',
  delivery: USUAL,
};

const urlsOf = (buttons: Schemas['ButtonSource'][] | undefined): Record<number, Place> =>
  Object.fromEntries((buttons ?? []).flatMap((one) => ('url' in one ? [[one.url.index, placeOf(one.url.value)]] : [])));

const cardOf = ({ link, parameters, buttons }: Schemas['CampaignCard']): DraftCard => ({
  link,
  places: (parameters ?? []).map(placeOf),
  urls: urlsOf(buttons),
});

export function draftOf(campaign: Campaign): Draft {
  const { content } = campaign;
  const template = content.kind === 'template' ? content : null;
  const header = template?.header;
  return {
    name: campaign.name,
    channel: campaign.channel_id,
    template: template?.name ?? '',
    places: (content.parameters ?? []).map(placeOf),
    link: header && 'link' in header ? header.link : '',
    title: header && 'text' in header ? placeOf(header.text) : PLACE,
    urls: urlsOf(template?.buttons),
    coupons: Object.fromEntries(
      (template?.buttons ?? []).flatMap((one) => ('code' in one ? [[one.code.index, placeOf(one.code.value)]] : [])),
    ),
    location: header && 'location' in header ? header.location : EMPTY.location,
    cards: { ...(template?.cards ?? []).map(cardOf) },
    ends: template?.offer_ends_at ?? '',
    days: String(campaign.conversion_days),
    audience: campaign.segment_id ?? (campaign.audience ? OWN : EVERYBODY),
    delivery: deliveryOf(campaign),
  };
}

/** A template wants as many values as it has places, whatever the draft has. */
export function placesFor(draft: Draft, wants: Wants) {
  return Array.from({ length: wants.names.length }, (_, index) => draft.places[index] ?? PLACE);
}

/** The value of a button. One that leads to Kazi's own links has a tracked link. */
export function urlFor(draft: Pick<Draft, 'urls'>, { index, tracked }: Wants['urls'][number]): Place {
  return draft.urls[index] ?? { from: tracked ? 'link' : 'text', text: '' };
}

/** A card wants as many values as its text has variables. */
export function cardFor(draft: Draft, index: number, names?: readonly string[]): DraftCard {
  const card = draft.cards[index] ?? { link: '', places: [], urls: {} };
  return names ? { ...card, places: names.map((_, at) => card.places[at] ?? PLACE) } : card;
}

export function couponFor(draft: Draft, index: number): Place {
  return draft.coupons[index] ?? { from: 'text', text: '' };
}

const trimmed = (place: Draft['location']) => ({
  latitude: place.latitude.trim(),
  longitude: place.longitude.trim(),
  name: place.name.trim(),
  address: place.address.trim(),
});

/** What the API takes. `own` is the rule of a campaign that has one instead of a segment. */
export function bodyOf(draft: Draft, wants: Wants, own: Campaign['audience']): Schemas['NewCampaign'] {
  return {
    name: draft.name.trim(),
    channel_id: draft.channel,
    segment_id: [EVERYBODY, OWN].includes(draft.audience) ? null : draft.audience,
    audience: draft.audience === OWN ? own : null,
    content: {
      kind: 'template',
      name: draft.template,
      parameters: placesFor(draft, wants).map(parameterOf),
      ...(wants.link && { header: { link: draft.link.trim() } }),
      ...(wants.title && { header: { text: parameterOf(draft.title) } }),
      ...(wants.location && { header: { location: trimmed(draft.location) } }),
      buttons: [
        ...wants.urls.map((one) => ({ url: { index: one.index, value: parameterOf(urlFor(draft, one)) } })),
        ...wants.coupons.map((index) => ({ code: { index, value: parameterOf(couponFor(draft, index)) } })),
      ],
      ...(wants.cards.length && {
        cards: wants.cards.map(({ names, urls }, at) => {
          const card = cardFor(draft, at, names);
          return {
            link: card.link.trim(),
            parameters: card.places.map(parameterOf),
            buttons: urls.map((one) => ({ url: { index: one.index, value: parameterOf(urlFor(card, one)) } })),
          };
        }),
      }),
      ...(wants.ends && { offer_ends_at: draft.ends }),
    },
    conversion_days: Number(draft.days),
    ...deliveryBody(draft.delivery),
  };
}

/** Whether two states of a campaign say the same to the form. */
export function sameDraft(one: Campaign, other: Campaign) {
  return JSON.stringify(draftOf(one)) === JSON.stringify(draftOf(other));
}

/** The places of faults are the API's pointers. A value that a person chooses for a field may lack: then contacts without it
 * are left out. */
function isUnmapped({ from, text }: Place) {
  return (from === 'text' || from === 'link') && !text.trim();
}

/** What a person has not filled in, before the API is asked. */
export function gapsOf(draft: Draft, wants: Wants, required: string): Record<string, string> {
  const gaps: Record<string, string> = {};
  const ask = (pointer: string, isMissing: boolean) => {
    if (isMissing) gaps[pointer] = required;
  };
  ask('/name', !draft.name.trim());
  ask('/channel_id', !draft.channel);
  ask('/content/name', !draft.template);
  placesFor(draft, wants).forEach((one, index) => ask(`/content/parameters/${index}`, isUnmapped(one)));
  if (wants.link) ask('/content/header', !draft.link.trim());
  if (wants.title) ask('/content/header', isUnmapped(draft.title));
  wants.urls.forEach((one, index) => ask(`/content/buttons/${index}`, isUnmapped(urlFor(draft, one))));
  wants.coupons.forEach((index, at) =>
    ask(`/content/buttons/${wants.urls.length + at}`, isUnmapped(couponFor(draft, index))),
  );
  if (wants.location)
    for (const [field, text] of Object.entries(draft.location)) ask(`/content/header/location/${field}`, !text.trim());
  if (wants.ends) ask('/content/offer_ends_at', !draft.ends);
  wants.cards.forEach(({ names, urls }, at) => {
    const card = cardFor(draft, at, names);
    ask(`/content/cards/${at}/link`, !card.link.trim());
    card.places.forEach((one, index) => ask(`/content/cards/${at}/parameters/${index}`, isUnmapped(one)));
    urls.forEach((one, index) => ask(`/content/cards/${at}/buttons/${index}`, isUnmapped(urlFor(card, one))));
  });
  ask('/conversion_days', !draft.days.trim());
  return gaps;
}

/** What a preview shows. */
export function fillingOf(draft: Draft, wants: Wants, t: TFunction, moment: (at: string) => string): Filling {
  const shown = (place: Place) => previewOf(parameterOf(place), t);
  const [coupon] = wants.coupons;
  return {
    values: placesFor(draft, wants).map(shown),
    ...(wants.title && { header: shown(draft.title) }),
    ...(wants.link && draft.link.startsWith('https://') && { media: draft.link.trim() }),
    ...(wants.location && { place: draft.location }),
    ...(wants.ends && draft.ends && { ends: moment(draft.ends) }),
    cards: wants.cards.map(({ names }, at) => {
      const card = cardFor(draft, at, names);
      return {
        values: card.places.map(shown),
        ...(card.link.startsWith('https://') && { media: card.link.trim() }),
      };
    }),
    ...(coupon !== undefined && { coupon: shown(couponFor(draft, coupon)) }),
  };
}

/** The fault at a place, or at a part of it. */
export function faultAt(faults: Record<string, string>, pointer: string) {
  const at = Object.keys(faults).find((one) => one === pointer || one.startsWith(`${pointer}/`));
  return at === undefined ? undefined : faults[at];
}

/** The values of a message's text and buttons. */
export function valuesOf(content: Schemas['CampaignContent']) {
  const values: Schemas['Parameter'][] = [...(content.parameters ?? [])];
  if (content.kind === 'template')
    for (const { buttons } of [content, ...(content.cards ?? [])])
      for (const button of buttons ?? []) if ('url' in button) values.push(button.url.value);
  return values;
}

/** The addresses that a campaign leads to. */
export function linksOf({ content }: Campaign) {
  const links = valuesOf(content).flatMap((value) => ('link' in value ? [value.link.url] : []));
  if (content.kind === 'template' && content.header && 'link' in content.header) links.push(content.header.link);
  return [...new Set(links)];
}

export const LIVE_MS = 2_000;
/** After the end, statuses of messages come slowly. */
const OVER_MS = 30_000;
/** States in which a campaign changes by itself all the time. The stream tells when a scheduled one starts. */
export const LIVE: string[] = ['planning', 'sending'];

export const funnelQuery = (workspace: string, { id, status }: Campaign) =>
  queryOptions({
    queryKey: [workspace, 'funnel', id, status],
    queryFn: () => answer(api.GET('/api/v1/messaging/campaigns/{id}/funnel', { params: { path: { id } } })),
    refetchInterval: LIVE.includes(status) ? LIVE_MS : status === 'completed' ? OVER_MS : false,
  });
