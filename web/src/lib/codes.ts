// Plain words for the codes of the API: what the audit log records, and what a role or a key may do. Few pages show them, so
// they come with these pages. A test of the program fails when a code has no words.

import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type en from '@/locales/codes/en.json';
import type { Language } from './i18n';

type Words = Record<keyof typeof en, Record<string, string>>;

const texts: Record<Language, () => Promise<{ default: Words }>> = {
  en: () => import('@/locales/codes/en.json'),
  fr: () => import('@/locales/codes/fr.json'),
  es: () => import('@/locales/codes/es.json'),
  pt: () => import('@/locales/codes/pt.json'),
  ar: () => import('@/locales/codes/ar.json'),
  hi: () => import('@/locales/codes/hi.json'),
};

/** The words of a code, or the code itself: a newer program may know more codes than this page. */
export function useCodes() {
  const language = useTranslation().i18n.language as Language;
  const words = useQuery({
    queryKey: ['codes', language],
    queryFn: async () => (await texts[language]()).default,
    staleTime: Infinity,
  }).data;
  return useMemo(() => {
    const options = (kind: keyof Words) =>
      Object.entries(words?.[kind] ?? {})
        .map(([value, label]) => ({ value, label }))
        .sort((a, b) => a.label.localeCompare(b.label, language));
    return {
      action: (code: string) => words?.actions[code] ?? code,
      permission: (code: string) => words?.permissions[code] ?? code,
      subject: (code: string) => words?.subjects[code] ?? code.replaceAll('_', ' '),
      actions: options('actions'),
      subjects: options('subjects'),
    };
  }, [words, language]);
}
