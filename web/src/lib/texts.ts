// Texts that a thing has in each language of the workspace.

import type { Schemas } from '@/api/client';
import type { FormField, FormGroup, Values } from '@/components/record-form';
import { direction, LANGUAGES } from './i18n';

interface TextField extends Omit<FormField, 'name' | 'required'> {
  /** Its name in the form. The language follows it. */
  name: string;
  /** Its path in the API, with `*` for the language. */
  path: string;
  required?: boolean;
}

type Languages = Pick<Schemas['WorkspaceView'], 'languages' | 'default_language'>;

/** A language in its own name. WhatsApp also has variants, such as `en_US`. */
export function languageName(code: string) {
  const known = (LANGUAGES as Record<string, string>)[code];
  if (known) return known;
  const tag = code.replace('_', '-');
  try {
    return new Intl.DisplayNames(tag, { type: 'language' }).of(tag) ?? code;
  } catch {
    return code;
  }
}

/** The default language is in sight; the others are folded. */
export function textGroups(workspace: Languages | undefined, fields: TextField[]): FormGroup[] {
  const { languages, default_language: first } = workspace ?? { languages: [], default_language: 'en' };
  return [first, ...languages.filter((one) => one !== first)].map((language) => ({
    legend: languageName(language),
    folded: language !== first || undefined,
    fields: fields.map(({ path, ...field }) => ({
      ...field,
      name: `${field.name}:${language}`,
      pointer: path.replace('*', language),
      required: field.required && language === first,
      dir: direction(language),
    })),
  }));
}

export function textsToValues(name: string, texts: Record<string, string>): Values {
  return Object.fromEntries(Object.entries(texts).map(([language, text]) => [`${name}:${language}`, text]));
}

/** The texts that are not empty. Languages that the form did not show keep theirs. */
export function valuesToTexts(name: string, values: Values, before: Record<string, string> = {}) {
  const shown = Object.entries(values)
    .filter(([key]) => key.startsWith(`${name}:`))
    .map(([key, text]) => [key.slice(name.length + 1), text.trim()] as const);
  return Object.fromEntries(
    Object.entries({ ...before, ...Object.fromEntries(shown) }).filter(([, text]) => text !== ''),
  );
}

export function hasChanged(changed: ReadonlySet<string>, ...names: string[]) {
  return [...changed].some((field) => names.some((name) => field.startsWith(`${name}:`)));
}
