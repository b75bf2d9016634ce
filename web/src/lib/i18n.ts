import i18n from 'i18next';
import { initReactI18next } from 'react-i18next';
import en from '@/locales/first/en.json';

/** Each language in its own name. */
export const LANGUAGES = {
  en: 'English',
  fr: 'Français',
  es: 'Español',
  pt: 'Português',
  ar: 'العربية',
  hi: 'हिन्दी',
} as const;
export type Language = keyof typeof LANGUAGES;

export const LANGUAGE_OPTIONS = Object.entries(LANGUAGES).map(([value, label]) => ({ value, label }));

const KEPT = 'kazi.language';

type Texts = () => Promise<{ default: object }>;

/** What the log-in, the frame of the pages and the dashboard say. English comes with the program. */
const first: Record<Exclude<Language, 'en'>, Texts> = {
  fr: () => import('@/locales/first/fr.json'),
  es: () => import('@/locales/first/es.json'),
  pt: () => import('@/locales/first/pt.json'),
  ar: () => import('@/locales/first/ar.json'),
  hi: () => import('@/locales/first/hi.json'),
};

/** What all other pages say. */
const pages: Record<Language, Texts> = {
  en: () => import('@/locales/en.json'),
  fr: () => import('@/locales/fr.json'),
  es: () => import('@/locales/es.json'),
  pt: () => import('@/locales/pt.json'),
  ar: () => import('@/locales/ar.json'),
  hi: () => import('@/locales/hi.json'),
};
const read = new Set<Language>();
let isBeyondFirst = false;

async function readPages(language: Language) {
  if (read.has(language)) return;
  i18n.addResourceBundle(language, 'translation', (await pages[language]()).default, true);
  read.add(language);
}

/** The texts of the pages beyond the first ones, from now on in each language that is chosen. */
export async function pageTexts() {
  isBeyondFirst = true;
  await readPages(i18n.language as Language);
}

function isLanguage(value: string | null | undefined): value is Language {
  return value != null && value in LANGUAGES;
}

export function direction(language: string) {
  return language === 'ar' ? 'rtl' : 'ltr';
}

export async function speak(language: Language) {
  if (language !== 'en' && !i18n.hasResourceBundle(language, 'translation')) {
    i18n.addResourceBundle(language, 'translation', (await first[language]()).default);
  }
  if (isBeyondFirst) await readPages(language);
  await i18n.changeLanguage(language);
  localStorage.setItem(KEPT, language);
  document.documentElement.lang = language;
  document.documentElement.dir = direction(language);
}

export async function startTexts() {
  await i18n.use(initReactI18next).init({
    lng: 'en',
    fallbackLng: 'en',
    resources: { en: { translation: en } },
    interpolation: { escapeValue: false },
  });
  const wanted = [localStorage.getItem(KEPT), ...navigator.languages.map((one) => one.slice(0, 2))];
  await speak(wanted.find(isLanguage) ?? 'en');
}
