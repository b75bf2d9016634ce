// Meta's rules for the buttons of a template: each by itself, and all of them together.

import type { Schemas } from '@/api/client';
import { lengthOf, LIMITS, type Finder } from './template-finder';
import { hasVariable, type DraftButton, type DraftCode } from './template-draft';

/** How many buttons of a kind stand below a message. */
const MOST = { url: 2, phone_number: 1, copy_code: 1, flow: 1 } as const;
const COUPON = 15;
const SCREEN = 80;
const ADDRESS = 2_000;
export const MOST_APPS = 5;

const ADDRESS_FORM = /^https:\/\/[^\s/?#]+\.[^\s/?#]+/;
/** Meta wants no links to WhatsApp itself. */
const OWN_ADDRESS = /^https:\/\/(wa\.me|([^/?#:]+\.)?whatsapp\.com)([/?#:]|$)/i;

function urlFaults(find: Finder, place: string, button: DraftButton) {
  const { t } = find;
  const at = `${place}/url`;
  const url = button.url.trim();
  const fixed = url.replace(/\{\{1\}\}$/, '');
  const isOpen = fixed !== url && !/^https:\/\/[^/?#]+[/?#]/.test(fixed);
  find.put(at, !url, t('common.required'));
  find.put(at, !fixed.startsWith('https://'), t('templates.faults.url'));
  find.put(at, fixed.includes('{{') || isOpen, t('templates.faults.urlVariable'));
  find.put(at, !ADDRESS_FORM.test(fixed), t('templates.faults.url'));
  find.put(at, url.length > ADDRESS, t('templates.faults.long', { most: ADDRESS }));
  find.put(at, OWN_ADDRESS.test(fixed), t('templates.faults.whatsapp'));
  const isAddress = /^https:\/\/[^\s/?#]+\.\S+$/.test(button.example.trim());
  find.put(`${place}/example`, hasVariable(button) && !isAddress, t('templates.faults.urlExample'));
}

function flowFaults(find: Finder, place: string, button: DraftButton) {
  const { t } = find;
  find.put(`${place}/flow_id`, !button.flow.trim(), t('common.required'));
  find.put(`${place}/flow_id`, !/^\d{1,50}$/.test(button.flow.trim()), t('templates.faults.flow'));
  if (button.action !== 'navigate') return;
  const at = `${place}/navigate_screen`;
  find.put(at, !button.screen.trim(), t('common.required'));
  find.put(at, lengthOf(button.screen.trim()) > SCREEN, t('templates.faults.long', { most: SCREEN }));
}

export function buttonFaults(
  find: Finder,
  pointer: string,
  buttons: readonly DraftButton[],
  category: Schemas['TemplateCategory'],
) {
  const { t } = find;
  find.put(pointer, buttons.length > LIMITS.buttons, t('templates.faults.manyButtons', { most: LIMITS.buttons }));
  for (const [kind, most] of Object.entries(MOST)) {
    const count = buttons.filter((one) => one.type === kind).length;
    find.put(pointer, count > most, t('templates.faults.manyOfKind', { most, kind: t(`templates.kinds.${kind}`) }));
  }
  const replies = buttons.map((one) => one.type === 'quick_reply');
  const turns = replies.filter((one, at) => at > 0 && one !== replies[at - 1]).length;
  find.put(pointer, turns > 1, t('templates.faults.replies'));
  for (const [at, button] of buttons.entries()) {
    const place = `${pointer}/${at}`;
    if (button.type === 'copy_code') {
      const coupon = button.example.trim();
      find.put(`${place}/example`, !coupon, t('templates.faults.example'));
      find.put(`${place}/example`, lengthOf(coupon) > COUPON, t('templates.faults.long', { most: COUPON }));
      find.put(`${place}/type`, category !== 'marketing', t('templates.faults.marketingOnly'));
      continue;
    }
    find.line(`${place}/text`, button.text, LIMITS.button, true);
    const isTwice = buttons.some((one, other) => other < at && one.text.trim() === button.text.trim());
    find.put(`${place}/text`, isTwice, t('templates.faults.twice'));
    if (button.type === 'url') urlFaults(find, place, button);
    if (button.type === 'flow') flowFaults(find, place, button);
    if (button.type === 'phone_number') {
      find.put(`${place}/phone_number`, !button.phone.trim(), t('common.required'));
      const isPhone = /^\+?[\d\s().-]{7,20}$/.test(button.phone.trim());
      find.put(`${place}/phone_number`, !isPhone, t('templates.faults.phone'));
    }
  }
}

/** An authentication template has this button alone. */
export function codeFaults(find: Finder, code: DraftCode) {
  const { t } = find;
  const place = '/buttons/0';
  const minutes = Number(code.minutes);
  const fits = !code.minutes.trim() || (Number.isInteger(minutes) && minutes >= 1 && minutes <= 90);
  find.put('/code_expiration_minutes', !fits, t('templates.faults.minutes'));
  find.line(`${place}/text`, code.text, LIMITS.button, false);
  if (code.type === 'copy_code') return;
  find.line(`${place}/autofill_text`, code.autofill, LIMITS.button, false);
  const count = code.apps.length;
  find.put(`${place}/supported_apps`, count < 1 || count > MOST_APPS, t('templates.faults.apps', { most: MOST_APPS }));
  for (const [at, { name, hash }] of code.apps.entries()) {
    const app = `${place}/supported_apps/${at}`;
    find.put(`${app}/package_name`, !name.trim(), t('common.required'));
    find.put(`${app}/signature_hash`, !hash.trim(), t('common.required'));
    const isName = name.length <= 224 && /^[a-z]\w*(\.[a-z]\w*)+$/i.test(name.trim());
    find.put(`${app}/package_name`, !isName, t('templates.faults.package'));
    find.put(`${app}/signature_hash`, !/^[A-Za-z0-9+/=]{11}$/.test(hash.trim()), t('templates.faults.hash'));
  }
  const isUnaccepted = code.type === 'zero_tap' && !code.hasTerms;
  find.put(`${place}/zero_tap_terms_accepted`, isUnaccepted, t('templates.faults.terms'));
}
