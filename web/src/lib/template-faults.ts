// Meta's rules for a template, before the API is asked. The API has the same ones: see jobs/src/templates/rules.rs.

import type { TFunction } from 'i18next';
import type { Schemas } from '@/api/client';
import { filledIn, namesIn } from './template';
import { Finder, lengthOf, LIMITS, type Faults } from './template-finder';
import { buttonFaults, codeFaults } from './template-faults-buttons';
import { isFile, layoutOf, lifeSeconds, topOf, type Draft, type DraftCard, type Naming } from './template-draft';

type Template = Schemas['Template'];

const FEWEST_CARDS = 2;
/** Seconds. */
const LIVES = { authentication: [30, 900], utility: [30, 43_200], marketing: [43_200, 2_592_000] } as const;

interface Text {
  text: string;
  examples: readonly string[];
}

/** The variables are written in the way of the template, and each has an example. */
function variableFaults(find: Finder, pointer: string, { text, examples }: Text, naming: Naming) {
  const { t } = find;
  const names = namesIn(text);
  const isCounted = names.every((name, at) => name === String(at + 1));
  const isNamed = names.every((name) => /^[a-z][a-z0-9_]*$/.test(name));
  const whole = names.reduce((sum, name) => sum + text.split(`{{${name}}}`).length - 1, 0);
  const isClosed = whole === text.split('{{').length - 1 && whole === text.split('}}').length - 1;
  if (naming === 'named') find.put(`${pointer}/text`, !isNamed || !isClosed, t('templates.faults.names'));
  else find.put(`${pointer}/text`, !isCounted || !isClosed, t('templates.faults.gap'));
  examples.forEach((one, at) => find.put(`${pointer}/examples/${at}`, !one.trim(), t('templates.faults.example')));
}

function filledFault(find: Finder, at: string, { text, examples }: Text, most: number) {
  find.put(at, lengthOf(filledIn(text, examples)) > most, find.t('templates.faults.longFilled', { most }));
}

function textFaults(find: Finder, pointer: string, written: Text, most: number, naming: Naming) {
  const { t } = find;
  const at = `${pointer}/text`;
  const text = written.text.trim();
  find.put(at, !text, t('common.required'));
  find.put(at, lengthOf(text) > most, t('templates.faults.long', { most }));
  variableFaults(find, pointer, { ...written, text }, naming);
  find.put(at, text.startsWith('{{') || text.endsWith('}}'), t('templates.faults.edge'));
  find.put(at, /\}\}\s*\{\{/.test(text), t('templates.faults.apart'));
  find.put(at, /\n{3,}/.test(text), t('templates.faults.lines'));
  filledFault(find, at, { ...written, text }, most);
}

function headerFaults(find: Finder, draft: Draft) {
  const { t } = find;
  const top = topOf(draft);
  if (isFile(top)) find.put('/header/handle', !draft.sample, t('templates.faults.sample'));
  if (top !== 'text') return;
  const text = draft.header.trim();
  const at = '/header/text';
  find.put(at, !text, t('common.required'));
  find.put(at, lengthOf(text) > LIMITS.header, t('templates.faults.long', { most: LIMITS.header }));
  find.put(at, /[*_~`]/.test(text.replace(/\{\{.*?\}\}/g, '')), t('templates.faults.marks'));
  find.put(at, namesIn(text).length > 1, t('templates.faults.oneVariable'));
  const written = { text, examples: draft.headerExamples };
  variableFaults(find, '/header', written, draft.naming);
  filledFault(find, at, written, LIMITS.header);
}

function cardFaults(find: Finder, draft: Draft, card: DraftCard, place: string) {
  find.put(`${place}/header/handle`, !card.sample, find.t('templates.faults.sample'));
  const { body: text, examples } = card;
  if (draft.cardsHaveText) textFaults(find, `${place}/body`, { text, examples }, LIMITS.cardBody, draft.naming);
  find.put(`${place}/buttons`, !card.buttons.length, find.t('templates.faults.cardButtons'));
  buttonFaults(find, `${place}/buttons`, card.buttons, 'marketing');
}

function offerFaults(find: Finder, draft: Draft) {
  find.line('/limited_time_offer/text', draft.offer, LIMITS.offer, true);
  const kinds = draft.buttons.map((one) => one.type).join();
  const isGood = kinds === 'copy_code,url' || (!draft.offerEnds && kinds === 'url');
  find.put('/buttons', !isGood, find.t('templates.faults.offerButtons'));
}

export function faultsOf(draft: Draft, all: readonly Template[], id: string | undefined, t: TFunction): Faults {
  const find = new Finder(t);
  const required = t('common.required');
  const isTaken = all.some((one) => one.id !== id && one.name === draft.name && one.language === draft.language);
  find.put('/channel_id', !draft.channel, required);
  find.put('/language', !draft.language, required);
  find.put('/name', !draft.name, required);
  find.put('/name', !/^[a-z0-9_]{1,512}$/.test(draft.name), t('templates.faults.name'));
  find.put('/name', isTaken, t('templates.faults.taken'));
  if (draft.life.trim()) {
    const [least, most] = LIVES[draft.category];
    const seconds = lifeSeconds(draft);
    const fits = seconds === -1 || (Number.isInteger(seconds) && seconds >= least && seconds <= most);
    find.put('/message_send_ttl_seconds', !fits, t(`templates.faults.life.${draft.category}`));
  }
  const layout = layoutOf(draft);
  if (layout === 'code') {
    codeFaults(find, draft.code);
    return find.faults;
  }
  headerFaults(find, draft);
  const { body: text, examples, naming } = draft;
  textFaults(find, '/body', { text, examples }, layout === 'offer' ? LIMITS.offerBody : LIMITS.body, naming);
  if (layout === 'plain') find.line('/footer', draft.footer, LIMITS.footer, false);
  if (layout === 'offer') offerFaults(find, draft);
  if (layout !== 'carousel') {
    buttonFaults(find, '/buttons', draft.buttons, draft.category);
    return find.faults;
  }
  const count = draft.cards.length;
  find.put('/cards', count < FEWEST_CARDS || count > LIMITS.cards, t('templates.faults.cards'));
  draft.cards.forEach((card, at) => cardFaults(find, draft, card, `/cards/${at}`));
  return find.faults;
}
