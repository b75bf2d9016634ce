// A draft as the API takes it.

import type { Schemas } from '@/api/client';
import {
  hasVariable,
  isFile,
  layoutOf,
  lifeSeconds,
  topOf,
  type Draft,
  type DraftButton,
  type DraftCode,
} from './template-draft';

type NewTemplate = Schemas['NewTemplate'];

function buttonOf(button: DraftButton): Schemas['TemplateButton'] {
  const { type } = button;
  return {
    type,
    ...(type !== 'copy_code' && { text: button.text.trim() }),
    ...(type === 'url' && {
      url: button.url.trim(),
      ...(hasVariable(button) && { example: button.example.trim() }),
    }),
    ...(type === 'copy_code' && { example: button.example.trim() }),
    ...(type === 'phone_number' && { phone_number: button.phone.trim() }),
    ...(type === 'flow' && {
      flow_id: button.flow.trim(),
      flow_action: button.action,
      ...(button.action === 'navigate' && { navigate_screen: button.screen.trim() }),
    }),
  };
}

function codeButton({ type, text, autofill, apps, hasTerms }: DraftCode): Schemas['TemplateButton'] {
  const fills = type !== 'copy_code';
  return {
    type: 'one_time_password',
    otp_type: type,
    ...(text.trim() && { text: text.trim() }),
    ...(fills && {
      ...(autofill.trim() && { autofill_text: autofill.trim() }),
      supported_apps: apps.map(({ name, hash }) => ({ package_name: name.trim(), signature_hash: hash.trim() })),
    }),
    ...(type === 'zero_tap' && { zero_tap_terms_accepted: hasTerms }),
  };
}

function headerOf(draft: Draft): Schemas['TemplateHeader'] | null {
  const top = topOf(draft);
  if (!top) return null;
  if (top === 'text')
    return { format: top, text: draft.header.trim(), examples: draft.headerExamples.map((one) => one.trim()) };
  return { format: top, ...(isFile(top) && draft.sample && { handle: draft.sample.handle }) };
}

const textOf = ({ body, examples }: Pick<Draft, 'body' | 'examples'>) => ({
  text: body.trim(),
  examples: examples.map((one) => one.trim()),
});

export function requestOf(draft: Draft): NewTemplate {
  const { channel: channel_id, name, language, category, naming, code } = draft;
  const layout = layoutOf(draft);
  const header = headerOf(draft);
  const head = {
    channel_id,
    name,
    language,
    category,
    ...(draft.life.trim() && { message_send_ttl_seconds: lifeSeconds(draft) }),
    ...(draft.mayMove && { allow_category_change: true }),
  };
  if (layout === 'code')
    return {
      ...head,
      buttons: [codeButton(code)],
      add_security_recommendation: code.advises,
      ...(code.minutes.trim() && { code_expiration_minutes: Number(code.minutes) }),
    };
  return {
    ...head,
    parameter_format: naming,
    ...(header && { header }),
    body: textOf(draft),
    ...(layout === 'plain' && draft.footer.trim() && { footer: draft.footer.trim() }),
    ...(layout === 'offer' && {
      limited_time_offer: { text: draft.offer.trim(), has_expiration: draft.offerEnds },
    }),
    buttons: layout === 'carousel' ? [] : draft.buttons.map(buttonOf),
    ...(layout === 'carousel' && {
      cards: draft.cards.map((card) => ({
        header: { format: draft.cardFormat, ...(card.sample && { handle: card.sample.handle }) },
        ...(draft.cardsHaveText && { body: textOf(card) }),
        buttons: card.buttons.map(buttonOf),
      })),
    }),
  };
}
