// Tells a customer that a member writes an answer.

import { api } from '@/api/client';

/** The provider shows it for so long, or until the answer comes. */
const SHOWN_MS = 25_000;

const told = new Map<string, number>();

/** Says so again only when the customer does not see it any more. Nothing depends on it, so a failure is not shown. */
export function tellTyping(conversation: string) {
  const now = Date.now();
  if (now - (told.get(conversation) ?? 0) < SHOWN_MS) return;
  told.set(conversation, now);
  api.POST('/api/v1/conversations/{id}/typing', { params: { path: { id: conversation } } }).catch(() => undefined);
}

/** The answer is sent, and the customer sees the typing no more. */
export function typingEnded(conversation: string) {
  told.delete(conversation);
}
