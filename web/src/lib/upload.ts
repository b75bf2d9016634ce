// Files that go to customers: what WhatsApp takes, and the way to the API.

import { useRef, useState } from 'react';
import { answer, api, telling } from '@/api/client';

/** The kinds that a member chooses from, with the bytes that WhatsApp carries. */
export const KINDS = {
  image: { types: ['image/jpeg', 'image/png'], most: 5_000_000 },
  video: { types: ['video/mp4', 'video/3gpp'], most: 16_000_000 },
  audio: { types: ['audio/aac', 'audio/amr', 'audio/mpeg', 'audio/mp4', 'audio/x-m4a', 'audio/ogg'], most: 16_000_000 },
  document: { types: [], most: 100_000_000 },
} as const satisfies Record<string, { types: readonly string[]; most: number }>;
export type Kind = keyof typeof KINDS;

/** What stands above a template's text: what Meta takes of each kind, with the bytes. */
export const HEADER_FILES = {
  image: KINDS.image,
  video: { types: ['video/mp4'], most: KINDS.video.most },
  document: { types: ['application/pdf'], most: 16_000_000 },
} as const;
export type HeaderFile = keyof typeof HEADER_FILES;

const STICKER = { type: 'image/webp', most: 500_000 };
export const CAPTION_CHARS = 1024;

/** The kind as which WhatsApp carries a file. What it does not show by itself is a document. */
export function kindOf({ type }: File): Kind | 'sticker' {
  if (type === STICKER.type) return 'sticker';
  const found = (Object.keys(KINDS) as Kind[]).find((kind) => KINDS[kind].types.some((one) => one === type));
  return found ?? 'document';
}

export function mostBytes(file: File) {
  const kind = kindOf(file);
  return kind === 'sticker' ? STICKER.most : KINDS[kind].most;
}

export function takesCaption(kind: string) {
  return kind !== 'audio' && kind !== 'sticker';
}

export interface Sending {
  file: File;
  /** From 0 to 1. */
  part: number;
}

/** Stores files: for messages to this contact, or about nobody. */
export function useUploads(contact?: string) {
  const [sending, setSending] = useState<Sending | null>(null);
  const own = useRef<AbortController>(null);
  return {
    sending,
    stop: () => own.current?.abort(),
    /** Null: the person has stopped it. */
    upload: async (file: File) => {
      const form = new FormData();
      if (contact) form.set('contact_id', contact);
      form.set('file', file);
      const control = new AbortController();
      own.current = control;
      setSending({ file, part: 0 });
      try {
        return await answer(
          api.POST('/api/v1/media', {
            body: { ...(contact && { contact_id: contact }), file: file.name },
            bodySerializer: () => form,
            fetch: telling((part) => setSending({ file, part })),
            signal: control.signal,
          }),
        );
      } catch (error) {
        if (control.signal.aborted) return null;
        throw error;
      } finally {
        setSending(null);
      }
    },
  };
}
