// Calls the API. The access token lives in this module alone, and the refresh token in a cookie that no script can read. A
// reload of the page forgets the first and gets another one by the second.

import createClient, { type Middleware } from 'openapi-fetch';
import { useSyncExternalStore } from 'react';
import type { components, paths } from './schema';

export type Schemas = components['schemas'];
type Tokens = Schemas['SessionTokens'];

interface Session {
  access: string;
  /** Milliseconds of this browser's clock. */
  endsAt: number;
  workspace: string | null;
}

/** This header asks the API to keep the refresh token in its cookie. */
const IN_A_COOKIE = 'x-session-cookie';
const EARLY_MS = 30_000;
/** The waits before each try to take up a session. For ten seconds the API repeats an answer that was lost. */
const TRIES_MS = [0, 1_000, 3_000];
/**
 * Where this tab remembers its workspace: `-` for none yet. What all tabs share tells that somebody is logged in, and is the
 * first guess of a new tab.
 */
const REMEMBERED = 'kazi.session';

let session: Session | null = null;
let renewing: Promise<boolean> | null = null;
const listeners = new Set<() => void>();

function keep(next: Session | null) {
  session = next;
  for (const storage of [sessionStorage, localStorage]) {
    if (next) storage.setItem(REMEMBERED, next.workspace ?? '-');
    else storage.removeItem(REMEMBERED);
  }
  for (const listener of listeners) listener();
}

export function begin(tokens: Tokens) {
  keep({
    access: tokens.access_token,
    endsAt: Date.now() + tokens.expires_in * 1000,
    workspace: tokens.workspace_id ?? null,
  });
}

export function enter(switched: Schemas['Switched']) {
  if (!session) return;
  keep({
    ...session,
    access: switched.access_token,
    endsAt: Date.now() + switched.expires_in * 1000,
    workspace: switched.workspace_id,
  });
}

/** The workspace of this session is gone. Its person stays logged in. */
export function leaveWorkspace() {
  if (session) keep({ ...session, workspace: null });
}

function end() {
  keep(null);
}

export function current() {
  return session;
}

export function useSession() {
  return useSyncExternalStore((listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }, current);
}

/** What the API says went wrong, or what kept the call from reaching it. */
export class ApiError extends Error {
  readonly status: number;
  readonly problem: Schemas['Problem'] | null;

  constructor(status: number, problem: Schemas['Problem'] | null) {
    super(problem?.detail ?? problem?.title ?? `HTTP ${status}`);
    this.status = status;
    this.problem = problem;
  }
}

/**
 * Ends this session, or all of the person. Only the API can take the cookie away, so this browser forgets a session that may
 * still live only when the API has said that it is over.
 */
export async function logOut(path: '/api/v1/auth/logout' | '/api/v1/auth/logout-all') {
  try {
    await api.POST(path);
  } catch (error) {
    // A session that was over before has ended with the refusal of its renewal.
    if (session) throw error;
  }
  end();
}

async function renew(workspace: string | null): Promise<boolean> {
  const answer = await fetch('/api/v1/auth/refresh', {
    method: 'POST',
    headers: { 'content-type': 'application/json', [IN_A_COOKIE]: '1' },
    body: JSON.stringify({ workspace_id: workspace }),
  });
  if (answer.ok) {
    begin((await answer.json()) as Tokens);
    return true;
  }
  // A busy or failing server says nothing about the session: only a refusal ends it.
  if (answer.status === 400 || answer.status === 401) end();
  return false;
}

/** Takes up the session that this browser had before the page was loaded. A refusal ends it, and ends the tries. */
export async function resume() {
  for (const ms of TRIES_MS) {
    const shared = localStorage.getItem(REMEMBERED);
    if (!shared) return;
    const remembered = sessionStorage.getItem(REMEMBERED) ?? shared;
    await new Promise((resolve) => setTimeout(resolve, ms));
    if (await renew(remembered === '-' ? null : remembered).catch(() => false)) return;
  }
}

// A log-out in another tab ends the session here too.
window.addEventListener('storage', (event) => {
  if (event.key === REMEMBERED && event.newValue === null && session) end();
});

/** A refresh token works once, so calls at the same time share one renewal. */
function renewOnce() {
  renewing ??= renew(session?.workspace ?? null).finally(() => {
    renewing = null;
  });
  return renewing;
}

/** Asks the person for a code of the second factor. It says whether one was shown. */
type AskForCode = () => Promise<boolean>;
let askForCode: AskForCode | null = null;

export function onFreshCode(ask: AskForCode) {
  askForCode = ask;
  return () => {
    askForCode = null;
  };
}

async function wantsFreshCode(answer: Response) {
  if (answer.status !== 403) return false;
  const problem = (await answer
    .clone()
    .json()
    .catch(() => null)) as Schemas['Problem'] | null;
  return problem?.code === 'step_up_required';
}

type Transport = (request: Request) => Promise<Response>;

/** Tells which part of a request has gone out. `fetch` cannot tell it. */
export function telling(tell: (part: number) => void): Transport {
  const transport: Transport = async (request) => {
    const body = await request.blob();
    return new Promise((resolve, reject) => {
      const call = new XMLHttpRequest();
      call.open(request.method, request.url);
      request.headers.forEach((value, name) => call.setRequestHeader(name, value));
      call.responseType = 'blob';
      call.upload.onprogress = ({ loaded, total }) => tell(loaded / total);
      call.onload = () => {
        const type = call.getResponseHeader('content-type') ?? '';
        resolve(new Response(call.response as Blob, { status: call.status, headers: { 'content-type': type } }));
      };
      call.onerror = () => reject(new TypeError('the API cannot be reached'));
      call.onabort = () => reject(request.signal.reason as Error);
      request.signal.addEventListener('abort', () => call.abort());
      call.send(body);
    });
  };
  return (request) => withToken(request, transport);
}

async function withToken(request: Request, transport: Transport = fetch): Promise<Response> {
  if (session && session.endsAt - Date.now() < EARLY_MS) await renewOnce();
  if (new URL(request.url).pathname.startsWith('/api/v1/auth/')) request.headers.set(IN_A_COOKIE, '1');
  // The body of a request can be sent once.
  const again = request.clone();
  const send = (one: Request) => {
    if (session) one.headers.set('authorization', `Bearer ${session.access}`);
    return transport(one);
  };
  const used = session;
  const answer = await send(request);
  if (!used) return answer;
  if (answer.status === 401) {
    if (session === used && !(await renewOnce())) return answer;
    return session ? send(again) : answer;
  }
  if (askForCode && (await wantsFreshCode(answer)) && (await askForCode())) return send(again);
  return answer;
}

const refusals: Middleware = {
  onResponse: async ({ response }) => {
    if (response.ok) return;
    const problem = (await response.json().catch(() => null)) as Schemas['Problem'] | null;
    throw new ApiError(response.status, problem);
  },
};

/** The API's largest page. */
export const LARGEST = 200;

export const api = createClient<paths>({ baseUrl: '', fetch: (request) => withToken(request) });
api.use(refusals);

/** The answer of a call. A refusal has thrown an `ApiError` before. */
export async function answer<T>(call: Promise<{ data?: T }>): Promise<T> {
  return (await call).data as T;
}

/** A file as the whole body of a call. In the document, its type is a list of bytes. */
export function rawFile(file: File, type: string) {
  return { body: file as unknown as number[], bodySerializer: () => file, headers: { 'content-type': type } };
}

export interface Tagged<T> {
  data: T;
  /** Of this state of the thing. A change that sends it back fails if somebody else changed the thing meanwhile. */
  etag: string;
}

export async function tagged<T>(call: Promise<{ data?: T; response: Response }>): Promise<Tagged<T>> {
  const { data, response } = await call;
  return { data: data as T, etag: response.headers.get('etag') ?? '' };
}

/** For a change that takes no tag: refuses it like one that does if somebody else has changed the thing meanwhile. */
export async function unlessChanged<T>(read: Promise<Tagged<T>>, { etag }: Tagged<T>) {
  if ((await read).etag !== etag) throw new ApiError(412, null);
}

/** Reads a thing for the parameters of a change to it, which holds only for the state that was read. */
export async function asItIs<T>(read: (id: string) => Promise<Tagged<T>>, id: string) {
  const { etag } = await read(id);
  return { path: { id }, header: { 'If-Match': etag } };
}
