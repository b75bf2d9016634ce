// Faults of a template by their places, and the limits that they speak of.

import type { TFunction } from 'i18next';

/** What is wrong, by the API's pointer to the field. */
export type Faults = Record<string, string>;

/** In characters, and the number of buttons and cards. */
export const LIMITS = {
  name: 512,
  header: 60,
  body: 1024,
  offerBody: 600,
  cardBody: 160,
  footer: 60,
  offer: 16,
  buttons: 10,
  button: 25,
  cards: 10,
};
export const lengthOf = (text: string) => [...text].length;

/** Notes faults. Of several at one place, the first counts. */
export class Finder {
  readonly faults: Faults = {};
  constructor(readonly t: TFunction) {}

  put(pointer: string, isWrong: boolean, fault: string) {
    if (isWrong) this.faults[pointer] ??= fault;
  }

  /** A line that Meta shows as it is. */
  line(pointer: string, text: string, most: number, isRequired: boolean) {
    const { t } = this;
    this.put(pointer, isRequired && !text.trim(), t('common.required'));
    this.put(pointer, lengthOf(text.trim()) > most, t('templates.faults.long', { most }));
    this.put(pointer, text.includes('{{'), t('templates.faults.plain'));
    this.put(pointer, text.trim().includes('\n'), t('templates.faults.oneLine'));
  }
}
