// What the social networks take of a post, and how they show it.

import type { TFunction } from 'i18next';
import { answer, api, type Schemas } from '@/api/client';
import { queryOptions } from '@tanstack/react-query';

export type Network = Schemas['SocialNetwork'];
export type Media = Schemas['SocialMedia'];
export type Content = Schemas['SocialContent'];

export const NETWORKS = { instagram: 'Instagram', facebook: 'Facebook' } as const;
export const ALL = Object.keys(NETWORKS) as Network[];

/** Meta's limits, and what the reader sees before “more”. */
export const LIMITS = {
  instagram: { text: 2_200, hashtags: 30, cut: 125, types: ['image/jpeg', 'video/mp4'], ratio: [4 / 5, 1.91] },
  facebook: { text: 63_206, hashtags: Infinity, cut: 477, types: ['image/jpeg', 'image/png'], ratio: [0, Infinity] },
} as const;
export const MOST_MEDIA = 10;

/** What the form of a content takes: a network may have another text. */
export interface Written {
  text: string;
  media: Media[];
  variants: Partial<Record<Network, string>>;
}

export const lengthOf = (text: string) => [...text].length;
export const textFor = ({ text, variants }: Written, network: Network) => variants[network]?.trim() || text;
export const isVideo = ({ mime }: Media) => mime?.startsWith('video/') ?? false;

/** As the API counts them: `#tea`, but not `C#` or `# 1`. */
export function hashtagsIn(text: string) {
  return [...text.matchAll(/(?<![\p{L}\p{N}])#(?=[\p{L}\p{N}_])/gu)].length;
}

/** The text as people see it before they tap. */
export function shownOf(text: string, network: Network) {
  const letters = [...text];
  const { cut } = LIMITS[network];
  return letters.length > cut
    ? { text: letters.slice(0, cut).join('').trimEnd(), isCut: true }
    : { text, isCut: false };
}

export interface Fault {
  /** The field of the form. */
  field: 'text' | 'media';
  words: string;
}

/** Why a network would refuse a post. The API has the last word. */
export function faultsFor(
  written: Written,
  network: Network,
  t: TFunction,
  number: (value: number) => string,
): Fault[] {
  const limits = LIMITS[network];
  const text = textFor(written, network);
  const faults: Fault[] = [];
  const name = NETWORKS[network];
  if (network === 'instagram' && !written.media.length)
    faults.push({ field: 'media', words: t('social.faults.noMedia', { name }) });
  if (network === 'facebook' && !text.trim() && !written.media.length)
    faults.push({ field: 'text', words: t('social.faults.empty', { name }) });
  if (lengthOf(text) > limits.text)
    faults.push({
      field: 'text',
      words: t('social.faults.tooLong', {
        name,
        most: number(limits.text),
        over: number(lengthOf(text) - limits.text),
      }),
    });
  if (hashtagsIn(text) > limits.hashtags)
    faults.push({ field: 'text', words: t('social.faults.hashtags', { name, most: number(limits.hashtags) }) });
  const isRefused = ({ mime }: Media) => mime && !limits.types.some((type) => type === mime);
  if (written.media.some(isRefused)) faults.push({ field: 'media', words: t(`social.faults.type.${network}`) });
  return faults;
}

/** Instagram refuses pictures that are narrower or wider. */
export function ratioFits(ratio: number, network: Network) {
  const [least, most] = LIMITS[network].ratio;
  // A row of pixels more or less makes no difference.
  return ratio >= least - 0.01 && ratio <= most + 0.01;
}

export function writtenOf({ text, media, variants }: Content): Written {
  return { text, media, variants };
}

export function shortOf(content: Content | undefined) {
  return content?.text.slice(0, 80) || content?.media[0]?.alt || '–';
}

/** The links of uploaded files live for ten minutes. */
const LINK_MS = 9 * 60_000;

export const fileLinkQuery = (workspace: string, id: string) =>
  queryOptions({
    queryKey: [workspace, 'media-link', id],
    queryFn: () => answer(api.POST('/api/v1/media/{id}/link', { params: { path: { id } } })),
    staleTime: LINK_MS,
    refetchInterval: LINK_MS,
  });

/** Instagram takes only JPEG. Other pictures are drawn anew, on white where they are transparent. Null: no picture. */
export async function asJpeg(file: File): Promise<File | null> {
  if (!file.type.startsWith('image/') || file.type === 'image/jpeg') return file;
  const picture = await createImageBitmap(file).catch(() => null);
  if (!picture) return null;
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [picture.width, picture.height];
  const pen = canvas.getContext('2d')!;
  pen.fillStyle = '#fff';
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.drawImage(picture, 0, 0);
  const drawn = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/jpeg', 0.92));
  return drawn && new File([drawn], file.name.replace(/\.\w+$/, '') + '.jpg', { type: 'image/jpeg' });
}

/** The clock of a zone at a moment, as the API takes it. */
export function wallClock(at: Date, zone: string) {
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'medium' });
  return format.format(at).replace(' ', 'T');
}
