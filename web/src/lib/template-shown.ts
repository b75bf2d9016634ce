// A draft, or a template, as a preview shows it.

import type { TFunction } from 'i18next';
import type { Schemas } from '@/api/client';
import { filledIn, isOf, namesIn, partsOf, type Filling, type Part } from './template';
import { isFile, layoutOf, topOf, type Draft, type DraftButton } from './template-draft';
import { examplesOf } from './template-parts';

const CODE = '123456';

const button = ({ type, text, example }: DraftButton) => ({ type: type.toUpperCase(), text, example });

function top(draft: Draft): Part[] {
  const format = topOf(draft);
  if (!format || (format === 'text' && !draft.header)) return [];
  return [{ type: 'HEADER', format: format.toUpperCase(), ...(format === 'text' && { text: draft.header }) }];
}

/** The draft as a template, and what fills it. */
export function shownOf(draft: Draft, t: TFunction) {
  const { language, body, code } = draft;
  const layout = layoutOf(draft);
  if (layout === 'code') {
    const components: Part[] = [
      { type: 'BODY', add_security_recommendation: code.advises },
      ...(code.minutes.trim() ? [{ type: 'FOOTER', code_expiration_minutes: Number(code.minutes) }] : []),
      {
        type: 'BUTTONS',
        buttons: [{ type: 'OTP', otp_type: code.type, text: code.text.trim(), autofill_text: code.autofill.trim() }],
      },
    ];
    // Meta writes it in the language of the template.
    const text = t(code.advises ? 'templates.codeTextAdvice' : 'templates.codeText', { mark: '{{1}}' });
    return { template: { language, body: text, components }, filling: { values: [CODE] } };
  }
  const components: Part[] = [
    ...top(draft),
    ...(layout === 'offer'
      ? [{ type: 'LIMITED_TIME_OFFER', limited_time_offer: { text: draft.offer, has_expiration: draft.offerEnds } }]
      : []),
    { type: 'BODY', text: body },
    ...(layout === 'plain' && draft.footer ? [{ type: 'FOOTER', text: draft.footer }] : []),
    ...(layout === 'carousel'
      ? [
          {
            type: 'CAROUSEL',
            cards: draft.cards.map((card) => ({
              components: [
                { type: 'HEADER', format: draft.cardFormat.toUpperCase() },
                ...(draft.cardsHaveText ? [{ type: 'BODY', text: card.body }] : []),
                { type: 'BUTTONS', buttons: card.buttons.map(button) },
              ],
            })),
          },
        ]
      : [{ type: 'BUTTONS', buttons: draft.buttons.map(button) }]),
  ];
  const filling: Filling = {
    values: draft.examples,
    header: draft.headerExamples[0],
    media: isFile(topOf(draft)) ? draft.sample?.picture : undefined,
    coupon: draft.buttons.find((one) => one.type === 'copy_code')?.example,
    cards: draft.cards.map((card) => ({ values: card.examples, media: card.sample?.picture })),
  };
  return { template: { language, body, components }, filling };
}

/** What Meta was told as examples of a template's variables. */
export function examplesIn(template: Schemas['Template']): Filling {
  const part = (type: string, all = partsOf(template)) => all.find((one) => isOf(one, type));
  const coupon = part('BUTTONS')?.buttons?.find((one) => isOf(one, 'COPY_CODE'))?.example;
  return {
    values: template.category === 'authentication' ? [CODE] : examplesOf(part('BODY')),
    header: examplesOf(part('HEADER'))[0],
    coupon: Array.isArray(coupon) ? coupon[0] : coupon,
    cards: part('CAROUSEL')?.cards?.map(({ components = [] }) => ({ values: examplesOf(part('BODY', components)) })),
  };
}

/** The header's text with its value. */
export function headerText(text: string, value: string | undefined) {
  const [name] = namesIn(text);
  return name && /^\d+$/.test(name) ? filledIn(text, [value ?? '']) : filledIn(text, value ? [value] : []);
}
