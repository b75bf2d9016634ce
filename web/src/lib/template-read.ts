// A template as the draft of its editor.

import type { Schemas } from '@/api/client';
import { isOf, partsOf, type Part } from './template';
import {
  EMPTY,
  examplesFor,
  HEADERS,
  MONTH_SECONDS,
  UNITS,
  type Draft,
  type DraftButton,
  type DraftCode,
  type HeaderFormat,
  type Sample,
} from './template-draft';
import { newOf } from './template-parts';

type Template = Schemas['Template'];
type NewTemplate = Schemas['NewTemplate'];

function buttonsOf(buttons: readonly Schemas['TemplateButton'][] | undefined): DraftButton[] {
  return (buttons ?? []).flatMap((one, at) =>
    one.type === 'one_time_password'
      ? []
      : {
          key: String(at + 1),
          type: one.type,
          text: one.text ?? '',
          url: one.url ?? '',
          example: one.example ?? '',
          phone: one.phone_number ?? '',
          flow: one.flow_id ?? '',
          action: one.flow_action ?? 'navigate',
          screen: one.navigate_screen ?? '',
        },
  );
}

function codeOf(draft: NewTemplate): DraftCode {
  const button = draft.buttons?.find((one) => one.type === 'one_time_password');
  if (!button) return EMPTY.code;
  return {
    type: button.otp_type ?? 'copy_code',
    text: button.text ?? '',
    autofill: button.autofill_text ?? '',
    apps: (button.supported_apps ?? []).map((app, at) => ({
      key: String(at + 1),
      name: app.package_name,
      hash: app.signature_hash,
    })),
    hasTerms: button.zero_tap_terms_accepted ?? false,
    advises: draft.add_security_recommendation ?? false,
    minutes: String(draft.code_expiration_minutes ?? ''),
  };
}

function lifeOf(seconds: number | null | undefined): Pick<Draft, 'life' | 'lifeUnit'> {
  if (seconds == null) return { life: EMPTY.life, lifeUnit: EMPTY.lifeUnit };
  const all = seconds === -1 ? MONTH_SECONDS : seconds;
  const unit = (['days', 'hours', 'minutes'] as const).find((one) => all % UNITS[one] === 0) ?? 'seconds';
  return { life: String(all / UNITS[unit]), lifeUnit: unit };
}

/** Meta has used a handle with the submission: a later change needs a sample anew. */
function sampleOf(header: Schemas['TemplateHeader'] | null | undefined, isUnused: boolean): Sample | null {
  return isUnused && header?.handle ? { handle: header.handle, name: '', picture: '' } : null;
}

export function draftOf(template: Template, channel: string): Draft {
  const draft = template.draft ?? newOf(template);
  const isUnused = template.status === 'draft' || template.edit === 'written';
  const { header, limited_time_offer: offer, cards = [] } = draft;
  const body = draft.body?.text ?? '';
  return {
    ...EMPTY,
    channel,
    name: template.name,
    language: template.language,
    category: draft.category,
    layout: offer ? 'offer' : cards.length ? 'carousel' : 'plain',
    naming: draft.parameter_format ?? 'positional',
    top: header ? (header.format ?? 'text') : '',
    header: header?.text ?? '',
    headerExamples: examplesFor(header?.text ?? '', header?.examples ?? []),
    sample: sampleOf(header, isUnused),
    body,
    examples: examplesFor(body, draft.body?.examples ?? []),
    footer: draft.footer ?? '',
    buttons: buttonsOf(draft.buttons),
    offer: offer?.text ?? '',
    offerEnds: offer?.has_expiration ?? true,
    cardFormat: cards[0]?.header.format === 'video' ? 'video' : 'image',
    cardsHaveText: !cards.length || Boolean(cards[0]?.body),
    cards: cards.map((card, at) => ({
      key: String(at + 1),
      sample: sampleOf(card.header, isUnused),
      body: card.body?.text ?? '',
      examples: examplesFor(card.body?.text ?? '', card.body?.examples ?? []),
      buttons: buttonsOf(card.buttons),
    })),
    code: codeOf(draft),
    ...lifeOf(draft.message_send_ttl_seconds),
    mayMove: draft.allow_category_change ?? false,
  };
}

/** Whether the editor can write all parts of a template. A copy of another one lacks the rest. */
export function isWritable(template: Template) {
  if (template.draft) return true;
  const part = (one: Part): boolean => {
    if (isOf(one, 'CAROUSEL'))
      return (one.cards ?? []).every((card) => card.components?.every((each) => !isOf(each, 'CAROUSEL') && part(each)));
    if (isOf(one, 'HEADER')) return HEADERS.includes((one.format ?? 'TEXT').toLowerCase() as HeaderFormat);
    if (isOf(one, 'BUTTONS')) return newOf(template, one.buttons).buttons?.length === (one.buttons?.length ?? 0);
    return ['BODY', 'FOOTER', 'LIMITED_TIME_OFFER'].some((type) => isOf(one, type));
  };
  return partsOf(template).every(part);
}
