import type { TFunction } from 'i18next';
import type { Schemas } from '@/api/client';
import type { HeaderFile } from './upload';

export interface PartButton {
  type?: string;
  text?: string;
  url?: string;
  phone_number?: string;
  example?: string[] | string;
  flow_id?: string;
  flow_action?: string;
  navigate_screen?: string;
  otp_type?: string;
  autofill_text?: string;
  supported_apps?: Schemas['TemplateApp'][];
  zero_tap_terms_accepted?: boolean;
}

interface NamedExample {
  param_name: string;
  example: string;
}

/** A component of a template, as Meta writes it. */
export interface Part {
  type?: string;
  format?: string;
  text?: string;
  example?: {
    body_text?: string[][];
    header_text?: string[];
    body_text_named_params?: NamedExample[];
    header_text_named_params?: NamedExample[];
  };
  buttons?: PartButton[];
  cards?: { components?: Part[] }[];
  limited_time_offer?: { text?: string; has_expiration?: boolean };
  add_security_recommendation?: boolean;
  code_expiration_minutes?: number;
}

export const partsOf = (template: { components: readonly object[] }) => template.components as Part[];
export const isOf = (part: { type?: string }, type: string) => part.type?.toUpperCase() === type;

export const MARK = /\{\{\s*([^{}]*?)\s*\}\}/g;
const isNumber = (mark: string) => /^\d+$/.test(mark);

/** The variables of a text in the order in which they stand. */
export function marksIn(text: string) {
  return [...text.matchAll(MARK)].map((match) => match[1] ?? '');
}

/** The greatest number among the variables of a text. */
export function placesIn(text: string | null | undefined) {
  return Math.max(0, ...marksIn(text ?? '').map((mark) => (isNumber(mark) ? Number(mark) : 0)));
}

/** The variables of a text, each once: numbers in their order, or names as they stand in the text. */
export function namesIn(text: string | null | undefined) {
  const names = [...new Set(marksIn(text ?? ''))];
  return names.every(isNumber) ? names.toSorted((a, b) => Number(a) - Number(b)) : names;
}

/** The text with its values. A variable without a value stays. */
export function filledIn(text: string, values: readonly string[] = []) {
  const names = namesIn(text);
  return text.replace(
    MARK,
    (whole, mark: string) => values[isNumber(mark) ? Number(mark) - 1 : names.indexOf(mark)] || whole,
  );
}

/** What a preview shows in place of the variables and of what each message brings. */
export interface Filling {
  values?: readonly string[];
  header?: string;
  /** The address of the header's file. */
  media?: string;
  place?: { name: string; address: string };
  coupon?: string;
  /** The end of an offer, for people. */
  ends?: string;
  cards?: readonly { values?: readonly string[]; media?: string }[];
}

/** The address of a file that a preview shows, once the text is one. */
export const fileAddressOf = (link: string) => (/^https?:\/\//.test(link) ? link.trim() : undefined);

/** The buttons whose address wants an end. */
function openUrls(buttons: readonly PartButton[]) {
  return buttons
    .map((button, index) => ({
      index,
      label: button.text ?? '',
      wants: placesIn(button.url) > 0,
      // Links of Kazi's own address.
      tracked: button.url?.endsWith('/l/{{1}}') ?? false,
    }))
    .filter((button) => button.wants);
}

/** The kind of the file that a header shows, if it shows one. */
function fileOf(header: Part | undefined): HeaderFile | undefined {
  const kind = header?.format?.toLowerCase();
  return kind === 'image' || kind === 'video' || kind === 'document' ? kind : undefined;
}

/** What a template wants besides its text. */
export function wantsOf(template: Schemas['Template'] | undefined) {
  const parts = template ? partsOf(template) : [];
  const header = parts.find((part) => isOf(part, 'HEADER'));
  const buttons = parts.find((part) => isOf(part, 'BUTTONS'))?.buttons ?? [];
  return {
    names: namesIn(template?.body),
    link: fileOf(header),
    title: marksIn(header?.text ?? '').length > 0,
    location: header?.format === 'LOCATION',
    coupons: buttons.flatMap((button, index) => (button.type === 'COPY_CODE' ? [index] : [])),
    ends: parts.some((part) => part.limited_time_offer?.has_expiration),
    cards: (parts.find((part) => isOf(part, 'CAROUSEL'))?.cards ?? []).map(({ components = [] }) => ({
      link: fileOf(components.find((part) => isOf(part, 'HEADER'))) ?? 'image',
      names: namesIn(components.find((part) => isOf(part, 'BODY'))?.text),
      urls: openUrls(components.find((part) => isOf(part, 'BUTTONS'))?.buttons ?? []),
    })),
    urls: openUrls(buttons),
  };
}

type Parameter = Schemas['Parameter'];

/** Where a value of a template's text comes from: a field with what stands in for it, the same text for all, or a tracked
 * link and its target. */
export interface Place {
  from: string;
  text: string;
}

export function parameterOf({ from, text }: Place): Parameter {
  if (from === 'link') return { link: { url: text.trim() } };
  return from === 'text' ? { text } : { field: { name: from, fallback: text || null } };
}

export function placeOf(parameter: Parameter): Place {
  if ('link' in parameter) return { from: 'link', text: parameter.link.url };
  return 'text' in parameter
    ? { from: 'text', text: parameter.text }
    : { from: parameter.field.name, text: parameter.field.fallback ?? '' };
}

/** How a value looks in a preview. */
export function previewOf(parameter: Parameter, t: TFunction) {
  const { from, text } = placeOf(parameter);
  return from === 'text' ? text : `[${t(`campaigns.fields.${from}`, { defaultValue: from })}]`;
}

/** Of a template's languages, the reader's, else English, else any. */
export function versionFor(versions: Schemas['Template'][], language: string) {
  return (
    versions.find((one) => one.language.startsWith(language)) ??
    versions.find((one) => one.language.startsWith('en')) ??
    versions[0]
  );
}
