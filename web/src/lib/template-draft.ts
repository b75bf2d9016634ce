// What a person writes of a template, and its forms for the API.

import type { TFunction } from 'i18next';
import type { Schemas } from '@/api/client';
import { MARK, marksIn, namesIn, placesIn } from './template';

type Template = Schemas['Template'];
export type ButtonKind = Exclude<Schemas['TemplateButtonKind'], 'one_time_password'>;
export type HeaderFormat = Schemas['TemplateHeaderFormat'];
export type Naming = Schemas['ParameterFormat'];
type OtpType = Schemas['TemplateOtpType'];

export interface DraftButton {
  /** Stays with the button when it is moved. The buttons of all cards share their keys. */
  key: string;
  type: ButtonKind;
  text: string;
  url: string;
  /** The whole address, or the coupon. */
  example: string;
  phone: string;
  flow: string;
  action: Schemas['TemplateFlowAction'];
  screen: string;
}

/** A file that Meta's reviewers see. */
export interface Sample {
  handle: string;
  name: string;
  /** A small copy of an image. */
  picture: string;
}

export interface DraftCard {
  key: string;
  sample: Sample | null;
  body: string;
  examples: string[];
  buttons: DraftButton[];
}

/** The button of a one-time code. */
export interface DraftCode {
  type: OtpType;
  text: string;
  autofill: string;
  apps: { key: string; name: string; hash: string }[];
  hasTerms: boolean;
  advises: boolean;
  minutes: string;
}

export interface Draft {
  channel: string;
  name: string;
  language: string;
  category: Schemas['TemplateCategory'];
  /** Of a template of marketing. */
  layout: Layout;
  naming: Naming;
  /** What stands above the text. */
  top: '' | HeaderFormat;
  header: string;
  headerExamples: string[];
  sample: Sample | null;
  body: string;
  /** One for each variable of the body. */
  examples: string[];
  footer: string;
  buttons: DraftButton[];
  offer: string;
  offerEnds: boolean;
  cardFormat: 'image' | 'video';
  cardsHaveText: boolean;
  cards: DraftCard[];
  code: DraftCode;
  life: string;
  lifeUnit: Unit;
  mayMove: boolean;
}

export const LAYOUTS = ['plain', 'carousel', 'offer'] as const;
export type Layout = (typeof LAYOUTS)[number];
export const CATEGORIES = ['utility', 'marketing', 'authentication'] as const;
export const BUTTON_KINDS: ButtonKind[] = ['quick_reply', 'url', 'phone_number', 'flow'];
export const CARD_KINDS: ButtonKind[] = ['quick_reply', 'url', 'phone_number'];
export const OFFER_KINDS: ButtonKind[] = ['copy_code', 'url'];
export const HEADERS = ['', 'text', 'image', 'video', 'document', 'location'] as const;
export const OFFER_HEADERS = ['', 'image', 'video'] as const;
export const UNITS = { seconds: 1, minutes: 60, hours: 3_600, days: 86_400 } as const;
export type Unit = keyof typeof UNITS;
export const MONTH_SECONDS = 2_592_000;

/** The languages of Meta's templates. */
export const TEMPLATE_LANGUAGES =
  'af sq ar az bn bg ca zh_CN zh_HK zh_TW hr cs da nl en en_GB en_US et fil fi fr ka de el gu ha he hi hu id ga it ja kn kk rw_RW ko ky_KG lo lv lt mk ms ml mr nb fa pl pt_BR pt_PT pa ro ru sr sk sl es es_AR es_ES es_MX sw sv ta te th tr uk ur uz vi zu'.split(
    ' ',
  );

export const EMPTY: Draft = {
  channel: '',
  name: '',
  language: '',
  category: 'utility',
  layout: 'plain',
  naming: 'positional',
  top: '',
  header: '',
  headerExamples: [],
  sample: null,
  body: '',
  examples: [],
  footer: '',
  buttons: [],
  offer: '',
  offerEnds: true,
  cardFormat: 'image',
  cardsHaveText: true,
  cards: [],
  code: { type: 'copy_code', text: '', autofill: '', apps: [], hasTerms: false, advises: true, minutes: '10' },
  life: '',
  lifeUnit: 'minutes',
  mayMove: false,
};

/** Which parts a draft has. */
export function layoutOf({ category, layout }: Draft): Layout | 'code' {
  if (category === 'authentication') return 'code';
  return category === 'marketing' ? layout : 'plain';
}

/** The header that the layout takes. */
export function topOf(draft: Draft) {
  const layout = layoutOf(draft);
  if (layout === 'offer') return OFFER_HEADERS.find((one) => one === draft.top) ?? '';
  return layout === 'plain' ? draft.top : '';
}

export const isFile = (format: string): format is 'image' | 'video' | 'document' =>
  ['image', 'video', 'document'].includes(format);

export const freshKey = (all: readonly { key: string }[]) =>
  String(1 + Math.max(0, ...all.map((one) => Number(one.key))));

export function freshButton(type: ButtonKind, buttons: readonly DraftButton[]): DraftButton {
  const key = freshKey(buttons);
  return { key, type, text: '', url: '', example: '', phone: '', flow: '', action: 'navigate', screen: '' };
}

/** A card with the buttons of the others. */
export function freshCard(cards: readonly DraftCard[]): DraftCard {
  const like = cards[0]?.buttons ?? [freshButton('url', [])];
  const buttons = like.map(({ key, type }) => ({ ...freshButton(type, []), key }));
  return { key: freshKey(cards), sample: null, body: '', examples: [], buttons };
}

/** The cards after a change of one card's buttons. All cards have buttons of the same kinds in the same order. */
export function cardsWith(cards: readonly DraftCard[], at: number, buttons: DraftButton[]): DraftCard[] {
  return cards.map((card, index) => ({
    ...card,
    buttons:
      index === at
        ? buttons
        : buttons.map(
            ({ key, type }) =>
              card.buttons.find((one) => one.key === key && one.type === type) ?? { ...freshButton(type, []), key },
          ),
  }));
}

/** Numbers the variables as they stand in the text. Their examples come along. */
export function numbered({ body, examples }: Pick<Draft, 'body' | 'examples'>) {
  const order = [...new Set(marksIn(body))];
  const names = namesIn(body);
  const text = body.replace(MARK, (_, mark: string) => `{{${order.indexOf(mark) + 1}}}`);
  const old = (mark: string) => (/^\d+$/.test(mark) ? Number(mark) - 1 : names.indexOf(mark));
  return { body: text, examples: order.map((mark) => examples[old(mark)] ?? '') };
}

/** Gives numbered variables names. */
function named({ body, examples }: Pick<Draft, 'body' | 'examples'>) {
  const name = (mark: string) => (/^\d+$/.test(mark) ? `value_${mark}` : mark);
  const order = namesIn(body);
  const text = body.replace(MARK, (_, mark: string) => `{{${name(mark)}}}`);
  return { body: text, examples: namesIn(text).map((mark) => examples[order.map(name).indexOf(mark)] ?? '') };
}

/** Writes all variables in another way. */
export function renamed(draft: Draft, naming: Naming): Partial<Draft> {
  const way = naming === 'named' ? named : numbered;
  const top = way({ body: draft.header, examples: draft.headerExamples });
  return {
    naming,
    ...way(draft),
    header: top.body,
    headerExamples: top.examples,
    cards: draft.cards.map((card) => ({ ...card, ...way(card) })),
  };
}

/** The examples of the variables that a text has now. One whose name has changed keeps its example. */
export function examplesFor(after: string, examples: readonly string[], before = after) {
  const [names, old] = [namesIn(after), namesIn(before)];
  if (names.every((name) => /^\d+$/.test(name)))
    return Array.from({ length: Math.min(placesIn(after), 50) }, (_, at) => examples[at] ?? '');
  return names.map((name, at) => {
    const known = old.indexOf(name);
    if (known >= 0) return examples[known] ?? '';
    return old[at] !== undefined && !names.includes(old[at]) ? (examples[at] ?? '') : '';
  });
}

/** Seconds, as the API takes them. For these categories, 30 days have a number of their own. */
export function lifeSeconds({ life, lifeUnit, category }: Draft) {
  const seconds = Number(life) * UNITS[lifeUnit];
  return seconds === MONTH_SECONDS && category !== 'marketing' ? -1 : seconds;
}

/** Whether Meta or this program may take a change now. */
export function isEditable({ status, edit, external_id: id }: Template) {
  if (edit === 'submitted') return false;
  return status === 'draft' || status === 'rejected' || (['approved', 'paused'].includes(status) && Boolean(id));
}

/** What cannot be another thing, because Meta has the template by it. */
export function fixedOf(template: Template | undefined) {
  const isKept = Boolean(template?.external_id);
  return {
    name: isKept,
    category: isKept && template?.status === 'approved',
    naming: isKept && namesIn(template?.body).length > 0,
  };
}

/** A name that no template in this language has. */
export function freeName(name: string, language: string, all: readonly Template[]) {
  const base = name.replace(/_\d+$/, '');
  const isTaken = (wanted: string) => all.some((one) => one.name === wanted && one.language === language);
  let number = 2;
  while (isTaken(`${base}_${number}`)) number += 1;
  return `${base}_${number}`;
}

export const hasVariable = (button: DraftButton) => button.url.includes('{{');

/** A name as Meta takes it, while a person writes. */
export function nameOf(written: string) {
  return written
    .toLowerCase()
    .replace(/[\s-]+/g, '_')
    .replace(/[^a-z0-9_]/g, '');
}

const buttonWords = (buttons: readonly DraftButton[]) =>
  buttons
    .map(({ text, url, phone, flow, example }) => [text, url, phone, flow, example].filter(Boolean).join(' '))
    .join(', ');

/** What differs between two drafts, for a person who has to choose. */
export function differing(theirs: Draft, mine: Draft, t: TFunction) {
  const words: Partial<Record<keyof Draft, (draft: Draft) => string>> = {
    channel: (one) => one.channel,
    name: (one) => one.name,
    language: (one) => one.language,
    category: (one) => t(`templates.categories.${one.category}`),
    layout: (one) => t(`templates.layouts.${one.layout}`),
    header: (one) => [one.top && t(`templates.headers.${one.top}`), one.header].filter(Boolean).join(': '),
    body: (one) => one.body,
    examples: (one) => one.examples.join(', '),
    footer: (one) => one.footer,
    offer: (one) => one.offer,
    buttons: (one) => buttonWords(one.buttons),
    cards: (one) => one.cards.map((card) => `${card.body} (${buttonWords(card.buttons)})`).join(', '),
    code: (one) => [t(`templates.otp.${one.code.type}`), one.code.text, one.code.minutes].join(', '),
    life: (one) => one.life && `${one.life} ${t(`templates.units.${one.lifeUnit}`)}`,
  };
  return (Object.keys(words) as (keyof Draft)[])
    .map((field) => ({
      label: t(`templates.fields.${field}`),
      theirs: words[field]!(theirs),
      mine: words[field]!(mine),
    }))
    .filter((one) => one.theirs !== one.mine);
}
