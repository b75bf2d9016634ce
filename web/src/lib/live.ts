// Reads again what the stream of events says has changed.

import { useQueryClient, type QueryKey } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { ApiError } from '@/api/client';
import { useWorkspaceId } from './queries';
import { follow, listen, type LiveEvent } from './stream';

/** Between two reads, so that a burst of events causes few. */
const PAUSE_MS = 1_000;
const RETRY_MS = 5_000;

/** Lists by what their events are about. */
const LISTS: Record<string, string> = {
  conversation: 'conversations',
  ticket: 'tickets',
  order: 'orders',
  payment: 'payments',
  booking: 'bookings',
  campaign: 'campaigns',
  feedback: 'feedback',
  points: 'loyalty',
  template: 'templates',
  credits: 'credits',
};
const ALL_KEYS = [...Object.keys(LISTS), ...Object.values(LISTS)].map((word) => [word]);

function keysOf({ kind, data }: LiveEvent): QueryKey[] {
  // Lists do not show how far a message is.
  if (kind === 'message.status') return [];
  const what = kind.startsWith('message.') ? 'conversation' : (kind.split('.')[0] ?? '');
  const list = LISTS[what];
  if (!list) return [];
  const id = data[`${what}_id`];
  return [[list], [what, id], ...(what === 'ticket' ? [['ticket-messages', id]] : [])];
}

const mayPass = (error: unknown) => !(error instanceof ApiError && error.status < 500);

/** Calls `read` when it is wanted, and once more if it was wanted again meanwhile. A read that fails is tried again. */
function reader(read: () => Promise<unknown>) {
  let isWanted = false;
  let isReading = false;
  let isOver = false;
  const want = async () => {
    isWanted = true;
    if (isReading) return;
    isReading = true;
    while (isWanted && !isOver) {
      isWanted = false;
      const fails = await read().then(() => false, mayPass);
      isWanted ||= fails;
      await new Promise((resolve) => setTimeout(resolve, fails ? RETRY_MS : PAUSE_MS));
    }
    isReading = false;
  };
  return {
    want: () => void want(),
    end: () => {
      isOver = true;
    },
  };
}

/** Calls `read` whenever something of this conversation has happened. */
export function useLive(conversation: string, read: () => Promise<unknown>) {
  const latest = useRef(read);
  latest.current = read;
  useEffect(() => {
    const { want, end } = reader(() => latest.current());
    const stop = listen((news) => {
      if (news === 'all' || (news !== 'back' && news.data.conversation_id === conversation)) want();
    });
    return () => {
      stop();
      end();
    };
  }, [conversation]);
}

/** Follows the stream of the workspace, and keeps the lists and pages in sight at what it tells. */
export function useStream() {
  const workspace = useWorkspaceId();
  const queries = useQueryClient();
  useEffect(() => {
    if (!workspace) return;
    const stale = new Map<string, QueryKey>();
    const { want, end } = reader(async () => {
      const keys = [...stale.values()];
      stale.clear();
      await Promise.all(
        keys.map(async (key) => {
          const queryKey = [workspace, ...key];
          await queries.invalidateQueries({ queryKey, refetchType: 'none' });
          // A list without pages can be long: it shows what was there when it was opened.
          const predicate = (one: { queryKey: QueryKey }) => !one.queryKey.includes('whole');
          await queries.refetchQueries({ queryKey, type: 'active', predicate });
        }),
      );
    });
    const stop = listen((news) => {
      if (news === 'back')
        // What failed while the API was away.
        void queries.refetchQueries({
          queryKey: [workspace],
          type: 'active',
          predicate: (one) => one.state.status === 'error' && mayPass(one.state.error),
        });
      else {
        for (const key of news === 'all' ? ALL_KEYS : keysOf(news)) stale.set(key.join(), key);
        if (stale.size) want();
      }
    });
    const leave = follow();
    return () => {
      leave();
      stop();
      end();
    };
  }, [workspace, queries]);
}
