// What a person writes of a template, what Meta's rules say to it, and its forms for the API and for a preview.

import type { TFunction } from 'i18next';
import type { Schemas } from '@/api/client';
import { MARK, marksIn, placesIn, type Part } from './template';

type Template = Schemas['Template'];
type NewTemplate = Schemas['NewTemplate'];
export type ButtonKind = Schemas['TemplateButtonKind'];

export interface DraftButton {
  /** Stays with the button when it is moved. */
  key: string;
  type: ButtonKind;
  text: string;
  url: string;
  example: string;
  phone: string;
}

export interface Draft {
  channel: string;
  name: string;
  language: string;
  category: Schemas['TemplateCategory'];
  header: string;
  body: string;
  /** One for each variable of the body. */
  examples: string[];
  footer: string;
  buttons: DraftButton[];
}

/** What is wrong, by the API's pointer to the field. */
export type Faults = Record<string, string>;

export const CATEGORIES = ['utility', 'marketing'] as const;
export const BUTTON_KINDS: ButtonKind[] = ['quick_reply', 'url', 'phone_number'];
/** In characters, and the number of buttons. */
export const LIMITS = {
  name: 512,
  header: 60,
  body: 1024,
  footer: 60,
  buttons: 10,
  button: 25,
};

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
  header: '',
  body: '',
  examples: [],
  footer: '',
  buttons: [],
};

export function freshButton(type: ButtonKind, buttons: readonly DraftButton[]): DraftButton {
  const key = String(1 + Math.max(0, ...buttons.map((one) => Number(one.key))));
  return { key, type, text: '', url: '', example: '', phone: '' };
}

/** Whether the variables are {{1}}, {{2}} … without a gap. */
function isCounted(text: string) {
  const numbers = [...text.matchAll(/\{\{([1-9]\d*)\}\}/g)].map((match) => Number(match[1]));
  return text.split('{{').length - 1 === numbers.length && Math.max(0, ...numbers) === new Set(numbers).size;
}

/** Numbers the variables as they stand in the text. Their examples come along. */
export function numbered({ body, examples }: Pick<Draft, 'body' | 'examples'>) {
  const order = [...new Set(marksIn(body))];
  const text = body.replace(MARK, (_, mark: string) => `{{${order.indexOf(mark) + 1}}}`);
  return { body: text, examples: order.map((mark) => examples[Number(mark) - 1] ?? '') };
}

/** The examples of the variables that the text has now. */
export function examplesFor(body: string, examples: readonly string[]) {
  return Array.from({ length: Math.min(placesIn(body), 50) }, (_, at) => examples[at] ?? '');
}

const partsOf = (template: Pick<Template, 'components'>) => template.components as Part[];
const isOf = (part: { type?: string }, type: string) => part.type?.toUpperCase() === type;

const BUTTON_OF: Record<string, ButtonKind> = { QUICK_REPLY: 'quick_reply', URL: 'url', PHONE_NUMBER: 'phone_number' };

/** Whether the editor can write all parts of a template. A copy of another one lacks the rest. */
export function isWritable(template: Pick<Template, 'components'>) {
  return partsOf(template).every((part) => {
    if (isOf(part, 'HEADER')) return (part.format ?? 'TEXT').toUpperCase() === 'TEXT' && !placesIn(part.text);
    if (isOf(part, 'BUTTONS'))
      return part.buttons?.every((one) => one.type && BUTTON_OF[one.type.toUpperCase()]) ?? true;
    return isOf(part, 'BODY') || isOf(part, 'FOOTER');
  });
}

/** What Meta was told as examples of the variables of the body. */
export function examplesIn(template: Pick<Template, 'components'>) {
  return partsOf(template).find((one) => isOf(one, 'BODY'))?.example?.body_text?.[0] ?? [];
}

export function draftOf(template: Template, channel: string): Draft {
  const part = (type: string) => partsOf(template).find((one) => isOf(one, type));
  return {
    channel,
    name: template.name,
    language: template.language,
    category: template.category,
    header: part('HEADER')?.text ?? '',
    body: template.body,
    examples: examplesFor(template.body, examplesIn(template)),
    footer: part('FOOTER')?.text ?? '',
    buttons: (part('BUTTONS')?.buttons ?? []).flatMap((one, at) => {
      const type = BUTTON_OF[one.type?.toUpperCase() ?? ''];
      if (!type) return [];
      return {
        key: String(at + 1),
        type,
        text: one.text ?? '',
        url: one.url ?? '',
        example: one.example?.[0] ?? '',
        phone: one.phone_number ?? '',
      };
    }),
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

const hasVariable = (button: DraftButton) => button.url.includes('{{');

function buttonOf(button: DraftButton): Schemas['TemplateButton'] {
  return {
    type: button.type,
    text: button.text.trim(),
    ...(button.type === 'url' && {
      url: button.url.trim(),
      ...(hasVariable(button) && { example: button.example.trim() }),
    }),
    ...(button.type === 'phone_number' && { phone_number: button.phone.trim() }),
  };
}

export function requestOf(draft: Draft): NewTemplate {
  return {
    channel_id: draft.channel,
    name: draft.name,
    language: draft.language,
    category: draft.category,
    ...(draft.header.trim() && { header: { text: draft.header.trim(), examples: [] } }),
    body: { text: draft.body.trim(), examples: draft.examples.map((one) => one.trim()) },
    ...(draft.footer.trim() && { footer: draft.footer.trim() }),
    buttons: draft.buttons.map(buttonOf),
  };
}

/** The draft as a template that a preview can show. */
export function shownOf(draft: Draft) {
  const { header, footer, buttons } = draft;
  const components = [
    ...(header ? [{ type: 'HEADER', format: 'TEXT', text: header }] : []),
    { type: 'BODY', text: draft.body },
    ...(footer ? [{ type: 'FOOTER', text: footer }] : []),
    { type: 'BUTTONS', buttons: buttons.map(({ type, text }) => ({ type: type.toUpperCase(), text })) },
  ];
  return { language: draft.language, body: draft.body, components };
}

const lengthOf = (text: string) => [...text].length;

/** The parts of a web address that a variable must stand behind. */
function urlFault(button: DraftButton, t: TFunction) {
  const url = button.url.trim();
  const fixed = url.replace(/\{\{1\}\}$/, '');
  if (!url) return t('templates.faults.url');
  if (fixed.includes('{{')) return t('templates.faults.urlVariable');
  if (!/^https:\/\/[^\s/?#]+\.[^\s/?#]+/.test(fixed)) return t('templates.faults.url');
  if (fixed !== url && !/^https:\/\/[^/?#]+[/?#]/.test(fixed)) return t('templates.faults.urlVariable');
  return '';
}

function bodyFault(body: string, t: TFunction) {
  const text = body.trim();
  if (!text) return t('common.required');
  if (lengthOf(text) > LIMITS.body) return t('templates.faults.long', { most: LIMITS.body });
  if (!isCounted(text)) return t('templates.faults.gap');
  if (text.startsWith('{{') || text.endsWith('}}')) return t('templates.faults.edge');
  if (/\n{3,}/.test(text)) return t('templates.faults.lines');
  return '';
}

/** The rules of Meta that are known, before the API is asked. */
export function faultsOf(draft: Draft, all: readonly Template[], id: string | undefined, t: TFunction): Faults {
  const faults: Faults = {};
  const put = (pointer: string, fault: string | false | undefined) => {
    if (fault) faults[pointer] = fault;
  };
  const required = t('common.required');
  const plain = (pointer: string, text: string, most: number) => {
    put(pointer, text.includes('{{') && t('templates.faults.plain'));
    put(pointer, lengthOf(text.trim()) > most && t('templates.faults.long', { most }));
  };
  const isTaken = all.some((one) => one.id !== id && one.name === draft.name && one.language === draft.language);
  put('/channel_id', !draft.channel && required);
  put('/language', !draft.language && required);
  put('/name', isTaken && t('templates.faults.taken'));
  put('/name', !/^[a-z0-9_]{1,512}$/.test(draft.name) && (draft.name ? t('templates.faults.name') : required));
  plain('/header/text', draft.header, LIMITS.header);
  put('/body/text', bodyFault(draft.body, t));
  for (const [at, example] of draft.examples.entries())
    put(`/body/examples/${at}`, !example.trim() && t('templates.faults.example'));
  plain('/footer', draft.footer, LIMITS.footer);
  for (const [at, button] of draft.buttons.entries()) {
    const place = `/buttons/${at}`;
    plain(`${place}/text`, button.text, LIMITS.button);
    put(`${place}/text`, !button.text.trim() && required);
    const isTwice = draft.buttons.some((one, other) => other < at && one.text.trim() === button.text.trim());
    put(`${place}/text`, button.text.trim() !== '' && isTwice && t('templates.faults.twice'));
    if (button.type === 'url') {
      put(`${place}/url`, urlFault(button, t));
      const isAddress = /^https:\/\/[^\s/?#]+\.\S+$/.test(button.example.trim());
      put(`${place}/example`, hasVariable(button) && !isAddress && t('templates.faults.urlExample'));
    }
    if (button.type === 'phone_number')
      put(`${place}/phone_number`, !/^\+?[\d\s().-]{7,20}$/.test(button.phone.trim()) && t('templates.faults.phone'));
  }
  return faults;
}

/** A name as Meta takes it, while a person writes. */
export function nameOf(written: string) {
  return written
    .toLowerCase()
    .replace(/[\s-]+/g, '_')
    .replace(/[^a-z0-9_]/g, '');
}

/** What differs between two drafts, for a person who has to choose. */
export function differing(theirs: Draft, mine: Draft, t: TFunction) {
  const words: Record<keyof Draft, (draft: Draft) => string> = {
    channel: (one) => one.channel,
    name: (one) => one.name,
    language: (one) => one.language,
    category: (one) => t(`templates.categories.${one.category}`),
    header: (one) => one.header,
    body: (one) => one.body,
    examples: (one) => one.examples.join(', '),
    footer: (one) => one.footer,
    buttons: (one) =>
      one.buttons.map(({ text, url, phone }) => [text, url, phone].filter(Boolean).join(' ')).join(', '),
  };
  return (Object.keys(words) as (keyof Draft)[])
    .map((field) => ({ label: t(`templates.fields.${field}`), theirs: words[field](theirs), mine: words[field](mine) }))
    .filter((one) => one.theirs !== one.mine);
}
