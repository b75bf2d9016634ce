// Ready samples of templates. Each language has its own file, which is read when somebody opens the samples in it.

import { LANGUAGES, type Language } from './i18n';
import { EMPTY, examplesFor, freshButton, type Draft, type DraftButton } from './template-draft';

interface Words {
  title: string;
  header?: string;
  body: string;
  examples: string[];
  footer?: string;
  /** The texts of the buttons. */
  buttons?: string[];
}

/** What the samples have in common in all languages. The address of a button is its example without what follows. */
const KINDS = {
  order_confirmation: { category: 'utility', url: 'https://example.com/orders/' },
  delivery_update: { category: 'utility' },
  appointment_reminder: { category: 'utility' },
  payment_reminder: { category: 'utility', url: 'https://example.com/pay/' },
  welcome: { category: 'marketing' },
  spring_offer: { category: 'marketing' },
  win_back: { category: 'marketing' },
  feedback_request: { category: 'utility' },
} as const satisfies Record<string, { category: Draft['category']; url?: string }>;

export type SampleName = keyof typeof KINDS;
export const SAMPLES = Object.keys(KINDS) as SampleName[];

const files: Record<Language, () => Promise<{ default: Record<SampleName, Words> }>> = {
  en: () => import('@/samples/en.json'),
  fr: () => import('@/samples/fr.json'),
  es: () => import('@/samples/es.json'),
  pt: () => import('@/samples/pt.json'),
  ar: () => import('@/samples/ar.json'),
  hi: () => import('@/samples/hi.json'),
};

export async function readSamples(language: Language) {
  return (await files[language]()).default;
}

/** Meta has Portuguese of a country alone. */
export const sampleLanguage = (language: string) => (language === 'pt' ? 'pt_BR' : language);

/** The language of the samples for a template in any language. */
export function languageOfSamples(code: string): Language | undefined {
  return (Object.keys(LANGUAGES) as Language[]).find((one) => code.split('_')[0] === one);
}

/** What a sample puts into a draft. */
export function filled(name: SampleName, words: Words): Omit<Draft, 'channel' | 'language'> {
  const kind: { category: Draft['category']; url?: string } = KINDS[name];
  const buttons: DraftButton[] = [];
  for (const text of words.buttons ?? []) {
    const link = kind.url && { url: `${kind.url}{{1}}`, example: `${kind.url}1024` };
    buttons.push({ ...freshButton(link ? 'url' : 'quick_reply', buttons), text, ...link });
  }
  const { channel: _channel, language: _language, ...empty } = EMPTY;
  return {
    ...empty,
    name,
    category: kind.category,
    top: words.header ? 'text' : '',
    header: words.header ?? '',
    body: words.body,
    examples: examplesFor(words.body, words.examples),
    footer: words.footer ?? '',
    buttons,
  };
}
