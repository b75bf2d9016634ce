// What a campaign, or an arm of its test, says: a template and the values of its places.

import type { TFunction } from 'i18next';
import type { Schemas } from '@/api/client';
import { fileAddressOf, parameterOf, placeOf, previewOf, wantsOf, type Filling, type Place } from './template';

export type Wants = ReturnType<typeof wantsOf>;

export interface Words {
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
}

export interface DraftCard {
  link: string;
  places: Place[];
  urls: Record<number, Place>;
}

export const PLACE: Place = { from: 'first_name', text: '' };

export const EMPTY_WORDS: Words = {
  template: '',
  places: [],
  link: '',
  title: PLACE,
  urls: {},
  coupons: {},
  location: { latitude: '', longitude: '', name: '', address: '' },
  cards: {},
  ends: '',
};

const urlsOf = (buttons: Schemas['ButtonSource'][] | undefined): Record<number, Place> =>
  Object.fromEntries((buttons ?? []).flatMap((one) => ('url' in one ? [[one.url.index, placeOf(one.url.value)]] : [])));

const cardOf = ({ link, parameters, buttons }: Schemas['CampaignCard']): DraftCard => ({
  link,
  places: (parameters ?? []).map(placeOf),
  urls: urlsOf(buttons),
});

export function wordsOf(content: Schemas['CampaignContent']): Words {
  const template = content.kind === 'template' ? content : null;
  const header = template?.header;
  return {
    template: template?.name ?? '',
    places: (content.parameters ?? []).map(placeOf),
    link: header && 'link' in header ? header.link : '',
    title: header && 'text' in header ? placeOf(header.text) : PLACE,
    urls: urlsOf(template?.buttons),
    coupons: Object.fromEntries(
      (template?.buttons ?? []).flatMap((one) => ('code' in one ? [[one.code.index, placeOf(one.code.value)]] : [])),
    ),
    location: header && 'location' in header ? header.location : EMPTY_WORDS.location,
    cards: { ...(template?.cards ?? []).map(cardOf) },
    ends: template?.offer_ends_at ?? '',
  };
}

/** A template wants as many values as it has places, whatever the draft has. */
export function placesFor(words: Words, wants: Wants) {
  return Array.from({ length: wants.names.length }, (_, index) => words.places[index] ?? PLACE);
}

/** The value of a button. One that leads to Kazi's own links has a tracked link. */
export function urlFor(words: Pick<Words, 'urls'>, { index, tracked }: Wants['urls'][number]): Place {
  return words.urls[index] ?? { from: tracked ? 'link' : 'text', text: '' };
}

/** A card wants as many values as its text has variables. */
export function cardFor(words: Words, index: number, names?: readonly string[]): DraftCard {
  const card = words.cards[index] ?? { link: '', places: [], urls: {} };
  return names ? { ...card, places: names.map((_, at) => card.places[at] ?? PLACE) } : card;
}

export function couponFor(words: Words, index: number): Place {
  return words.coupons[index] ?? { from: 'text', text: '' };
}

/** What the API takes. */
export function contentOf(words: Words, wants: Wants): Schemas['CampaignContent'] {
  return {
    kind: 'template',
    name: words.template,
    parameters: placesFor(words, wants).map(parameterOf),
    ...(wants.link && { header: { link: words.link.trim() } }),
    ...(wants.title && { header: { text: parameterOf(words.title) } }),
    ...(wants.location && { header: { location: words.location } }),
    buttons: [
      ...wants.urls.map((one) => ({ url: { index: one.index, value: parameterOf(urlFor(words, one)) } })),
      ...wants.coupons.map((index) => ({ code: { index, value: parameterOf(couponFor(words, index)) } })),
    ],
    ...(wants.cards.length && {
      cards: wants.cards.map(({ names, urls }, at) => {
        const card = cardFor(words, at, names);
        return {
          link: card.link.trim(),
          parameters: card.places.map(parameterOf),
          buttons: urls.map((one) => ({ url: { index: one.index, value: parameterOf(urlFor(card, one)) } })),
        };
      }),
    }),
    ...(wants.ends && { offer_ends_at: words.ends }),
  };
}

/** The places of faults are the API's pointers. A value that a person chooses for a field may lack: then contacts without it
 * are left out. */
function isUnmapped({ from, text }: Place) {
  return (from === 'text' || from === 'link') && !text.trim();
}

/** What a person has not filled in, before the API is asked. */
export function gapsOfWords(words: Words, wants: Wants, required: string): Record<string, string> {
  const gaps: Record<string, string> = {};
  const ask = (pointer: string, isMissing: boolean) => {
    if (isMissing) gaps[pointer] = required;
  };
  ask('/content/name', !words.template);
  placesFor(words, wants).forEach((one, index) => ask(`/content/parameters/${index}`, isUnmapped(one)));
  if (wants.link) ask('/content/header', !words.link.trim());
  if (wants.title) ask('/content/header', isUnmapped(words.title));
  wants.urls.forEach((one, index) => ask(`/content/buttons/${index}`, isUnmapped(urlFor(words, one))));
  wants.coupons.forEach((index, at) =>
    ask(`/content/buttons/${wants.urls.length + at}`, isUnmapped(couponFor(words, index))),
  );
  if (wants.location)
    for (const [field, text] of Object.entries(words.location)) ask(`/content/header/location/${field}`, !text.trim());
  if (wants.ends) ask('/content/offer_ends_at', !words.ends);
  wants.cards.forEach(({ names, urls }, at) => {
    const card = cardFor(words, at, names);
    ask(`/content/cards/${at}/link`, !card.link.trim());
    card.places.forEach((one, index) => ask(`/content/cards/${at}/parameters/${index}`, isUnmapped(one)));
    urls.forEach((one, index) => ask(`/content/cards/${at}/buttons/${index}`, isUnmapped(urlFor(card, one))));
  });
  return gaps;
}

/** What a preview shows. */
export function fillingOf(words: Words, wants: Wants, t: TFunction, moment: (at: string) => string): Filling {
  const shown = (place: Place) => previewOf(parameterOf(place), t);
  const [coupon] = wants.coupons;
  return {
    values: placesFor(words, wants).map(shown),
    ...(wants.title && { header: shown(words.title) }),
    ...(wants.link && { media: fileAddressOf(words.link) }),
    ...(wants.location && { place: words.location }),
    ...(wants.ends && words.ends && { ends: moment(words.ends) }),
    cards: wants.cards.map(({ names }, at) => {
      const card = cardFor(words, at, names);
      return { values: card.places.map(shown), media: fileAddressOf(card.link) };
    }),
    ...(coupon !== undefined && { coupon: shown(couponFor(words, coupon)) }),
  };
}
