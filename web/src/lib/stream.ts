// The API's stream of events. A tab in sight follows it, and comes back after each break with the id of the last event that
// it has got, so that it misses none.

import { api, ApiError, type Schemas } from '@/api/client';

export type LiveEvent = Omit<Schemas['LiveEvent'], 'data'> & { data: Record<string, string | null> };

/** `all`: anything may have changed. `back`: the stream is there again, and the events since then have been told. */
export type News = LiveEvent | 'all' | 'back';

const COME_BACK_MS = 1_000;
const LONGEST_WAIT_MS = 30_000;
/** How often a tab that gets no stream reads instead. */
const WITHOUT_MS = 5_000;
/** The API writes every 15 seconds. After this time without a word, the connection is dead. */
const SILENT_MS = 40_000;

const listeners = new Set<(news: News) => void>();

export function listen(listener: (news: News) => void) {
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
  };
}

function tell(news: News) {
  for (const listener of listeners) listener(news);
}

interface Sent {
  event: string;
  data: string;
  id: string | null;
}

/** Reads server-sent events (WHATWG HTML, section 9.2). `onWord` is called for all that comes, comments too. */
async function* eventsOf(body: ReadableStream<Uint8Array>, onWord: () => void): AsyncGenerator<Sent> {
  const reader = body.pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>).getReader();
  let rest = '';
  let sent: Sent = { event: '', data: '', id: null };
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    onWord();
    const lines = (rest + value).split(/\r?\n/);
    rest = lines.pop() ?? '';
    for (const line of lines) {
      if (line === '') {
        if (sent.event) yield sent;
        sent = { event: '', data: '', id: null };
        continue;
      }
      const colon = line.indexOf(':');
      const name = line.slice(0, colon);
      const text = line.slice(colon + 1).replace(/^ /, '');
      if (name === 'event' || name === 'id') sent[name] = text;
      else if (name === 'data') sent.data += text;
    }
  }
}

/** Follows the stream until the returned function is called. */
export function follow() {
  let cursor: string | null = null;
  let failures = 0;
  let open: AbortController | null = null;
  let waiting: ReturnType<typeof setTimeout> | undefined;

  const connect = async () => {
    clearTimeout(waiting);
    const own = new AbortController();
    open = own;
    let silence: ReturnType<typeof setTimeout> | undefined;
    let hasNone = false;
    const hear = () => {
      clearTimeout(silence);
      silence = setTimeout(() => own.abort(), SILENT_MS);
    };
    const known = cursor;
    try {
      hear();
      const { data } = await api.GET('/api/v1/events/stream', {
        params: { header: { 'Last-Event-ID': known ?? undefined } },
        parseAs: 'stream',
        signal: own.signal,
      });
      for await (const sent of eventsOf(data as ReadableStream<Uint8Array>, hear)) {
        failures = 0;
        if (sent.event === 'begun') tell(known === null ? 'all' : 'back');
        else if (sent.event === 'reset') tell('all');
        else tell(JSON.parse(sent.data) as LiveEvent);
        cursor = sent.id ?? cursor;
      }
    } catch (error) {
      if (open !== own) return;
      // The role does not allow it. The end of the session ends the page that follows.
      if (error instanceof ApiError && error.status === 403) return;
      // The API does not know the id any more: begin anew.
      if (error instanceof ApiError && error.status === 400) cursor = null;
      // This member has too many streams open already. Until one of them ends, each try reads in place of the events.
      hasNone = error instanceof ApiError && error.status === 409;
      if (hasNone) {
        cursor = null;
        tell('all');
      } else failures += 1;
    } finally {
      clearTimeout(silence);
    }
    if (open !== own) return;
    const wait = Math.min(COME_BACK_MS * 2 ** failures, LONGEST_WAIT_MS);
    // Many clients that lost the same server do not come back in the same moment.
    const next = hasNone ? WITHOUT_MS : failures ? wait * (0.5 + Math.random() / 2) : COME_BACK_MS;
    waiting = setTimeout(() => void connect(), next);
  };
  const leave = () => {
    clearTimeout(waiting);
    open?.abort();
    open = null;
  };
  // A browser has few connections to one server, and the API few streams for one member: tabs out of sight give theirs back.
  const look = () => {
    if (document.visibilityState !== 'visible') leave();
    else if (!open) void connect();
  };
  const hurry = () => {
    leave();
    look();
  };
  document.addEventListener('visibilitychange', look);
  addEventListener('online', hurry);
  look();
  return () => {
    document.removeEventListener('visibilitychange', look);
    removeEventListener('online', hurry);
    leave();
  };
}
