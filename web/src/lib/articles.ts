// Articles from a text: a JSON list, or CSV whose first line names the fields.

import type { Schemas } from '@/api/client';
import { rowsOf } from './csv';

type NewArticle = Schemas['NewArticle'];

/** The API takes no more at once. */
export const MOST_ARTICLES = 100;
export const MOST_BYTES = 4_000_000;
export const ARTICLE_FIELDS = [
  'title',
  'body',
  'url',
  'topics',
  'language',
  'source',
  'author',
  'image_url',
  'external_id',
  'published_at',
  'breaking',
] as const;

export type Articles = { articles: NewArticle[] } | { fault: 'json' | 'fields' | 'none' | 'many'; names?: string };

const isObject = (one: unknown) => typeof one === 'object' && one !== null && !Array.isArray(one);
const isYes = (text: string) => /^(1|true|yes)$/i.test(text);

function ofRow(names: string[], cells: string[]): NewArticle {
  const of = (name: (typeof ARTICLE_FIELDS)[number]) => cells[names.indexOf(name)]?.trim() || undefined;
  return {
    title: of('title') ?? '',
    body: of('body') ?? '',
    url: of('url') ?? '',
    topics: (of('topics') ?? '')
      .split(/[;,|]/)
      .map((one) => one.trim())
      .filter(Boolean),
    language: of('language'),
    source: of('source'),
    author: of('author'),
    image_url: of('image_url'),
    external_id: of('external_id'),
    published_at: of('published_at'),
    breaking: isYes(of('breaking') ?? ''),
  };
}

function counted(articles: NewArticle[]): Articles {
  if (!articles.length) return { fault: 'none' };
  return articles.length > MOST_ARTICLES ? { fault: 'many' } : { articles };
}

export function articlesOf(text: string): Articles {
  if (/^\s*[[{]/.test(text)) {
    try {
      const said = JSON.parse(text) as NewArticle[] | { articles: NewArticle[] };
      const list = Array.isArray(said) ? said : said.articles;
      return Array.isArray(list) && list.every(isObject) ? counted(list) : { fault: 'json' };
    } catch {
      return { fault: 'json' };
    }
  }
  // One line names the fields, and one more than is taken tells that there are too many.
  const [head = [], ...rows] = rowsOf(text.replace(/^\uFEFF/, ''), MOST_ARTICLES + 2);
  const names = head.map((name) => name.trim().toLowerCase());
  const unknown = names.filter((name) => !ARTICLE_FIELDS.some((field) => field === name));
  if (unknown.length) return { fault: 'fields', names: unknown.join(', ') };
  return counted(rows.map((cells) => ofRow(names, cells)));
}
