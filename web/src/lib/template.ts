import type { Schemas } from '@/api/client';

interface Part {
  type?: string;
  format?: string;
  text?: string;
  buttons?: { type?: string; text?: string; url?: string }[];
}

function placesIn(text: string | undefined) {
  return Math.max(0, ...[...(text ?? '').matchAll(/\{\{(\d+)\}\}/g)].map((match) => Number(match[1])));
}

/** What a template wants besides its text. */
export function wantsOf(template: Schemas['Template'] | undefined) {
  const parts = (template?.components ?? []) as Part[];
  const header = parts.find((part) => part.type === 'HEADER');
  const buttons = parts.find((part) => part.type === 'BUTTONS')?.buttons ?? [];
  return {
    places: placesIn(template?.body),
    link: Boolean(header && ['IMAGE', 'VIDEO', 'DOCUMENT'].includes(header.format ?? '')),
    title: placesIn(header?.text) > 0,
    urls: buttons
      .map((button, index) => ({ index, label: button.text ?? '', wants: placesIn(button.url) > 0 }))
      .filter((button) => button.wants),
  };
}
