// What the inbox asks of the API about one conversation.

import { useInfiniteQuery, useQueryClient, type InfiniteData } from '@tanstack/react-query';
import { useCallback } from 'react';
import { answer, api, LARGEST, tagged, type Schemas } from '@/api/client';
import { useLive } from './live';
import { useWorkspaceId } from './queries';
import { byCursor, type Page } from './table';

export type Message = Schemas['Message'];
export type Conversation = Schemas['Conversation'];

const PAGE = 40;
const DAY_MS = 86_400_000;
/** The stream of events does not tell notes. */
const NOTES_MS = 15_000;

export const conversationQuery = (workspace: string, id: string) => ({
  queryKey: [workspace, 'conversation', id],
  queryFn: () => tagged(api.GET('/api/v1/conversations/{id}', { params: { path: { id } } })),
});

export const notesQuery = (workspace: string, id: string) => ({
  queryKey: [workspace, 'conversation-notes', id],
  queryFn: () =>
    answer(api.GET('/api/v1/conversations/{id}/notes', { params: { path: { id }, query: { limit: LARGEST } } })),
  refetchInterval: NOTES_MS,
});

/** The messages with the newest first. Pages of older ones come when a person wants them. */
export function useMessages(id: string) {
  const workspace = useWorkspaceId();
  const queries = useQueryClient();
  const load = (cursor?: string): Promise<Page<Message>> =>
    answer(
      api.GET('/api/v1/conversations/{id}/messages', { params: { path: { id }, query: { limit: PAGE, cursor } } }),
    );
  const queryKey = [workspace, 'conversation-messages', id];
  const messages = useInfiniteQuery({
    queryKey,
    queryFn: ({ pageParam }) => load(pageParam),
    ...byCursor,
    // Nothing reads it again while it is out of sight.
    staleTime: 0,
  });
  const merge = useCallback(
    (fresh: Message[]) =>
      queries.setQueryData<InfiniteData<Page<Message>, string | undefined>>(queryKey, (before) => {
        const [first, ...older] = before?.pages ?? [];
        if (!before || !first) return before;
        // The ids rise with the time, so that they sort the messages.
        const known = new Map([...first.items, ...fresh].map((one) => [one.id, one]));
        const items = [...known.values()].toSorted((a, b) => (a.id < b.id ? 1 : -1));
        return { ...before, pages: [{ ...first, items }, ...older] };
      }),
    [queries, workspace, id],
  );
  /** Reads the newest page alone. Only when more has come than a page holds, all pages are read again. */
  const refresh = async () => {
    const newest = await load();
    // A read of the pages ends with those that it began with: what is merged meanwhile would be lost.
    const query = queries.getQueryCache().find({ queryKey, exact: true });
    while (query?.state.fetchStatus === 'fetching') await query.promise?.catch(() => undefined);
    const known = queries.getQueryData<InfiniteData<Page<Message>>>(queryKey)?.pages[0]?.items[0];
    const oldest = newest.items.at(-1);
    if (!oldest) return;
    if (newest.next_cursor && (!known || oldest.id > known.id)) await queries.invalidateQueries({ queryKey });
    else merge(newest.items);
  };
  useLive(id, refresh);
  return { messages, merge };
}

/** When the customer wrote last, or null. Undefined: not in the pages that are read. */
export function lastHeard(messages: Message[], isWhole: boolean) {
  return messages.find((one) => one.direction === 'in')?.created_at ?? (isWhole ? null : undefined);
}

/** On WhatsApp, a text reaches only a customer who has written within the last 24 hours. */
export function isWindowClosed(kind: string | undefined, heard: string | null | undefined) {
  if (kind !== 'whatsapp' || heard === undefined) return false;
  return heard === null || Date.now() - Date.parse(heard) >= DAY_MS;
}
