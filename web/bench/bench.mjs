// What the app costs a browser, in Chromium against a running demo: KAZI_APP=http://127.0.0.1:8080/app npm run bench
// The figures are in docs/benchmarks.md. A machine that is busy with other work makes all times longer.

import { gzipSync } from 'node:zlib';
import { app, browser, close, logIn, open, owner, password } from '../tests/browser.mjs';

const RUNS = Number(process.env.RUNS ?? 5);
const SLOWER = 4;
const ROWS = 100_000;
/** More than the API gives at once: how fast rows are read is not measured here. */
const PAGE_ROWS = 5_000;
const SCROLL_MS = 5_000;
const LONG_MS = 50;

const kilobytes = (bytes) => `${(bytes / 1_000).toFixed(1)} kB`;
const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];
const millis = (number) => `${Math.round(number)} ms`;
const say = (...words) => console.log(words.join('  '));

/** Scripts and styles that a page asks for, packed as the program packs them. */
function countLoad(page) {
  const loads = [];
  page.on('response', (response) => {
    if (/\.(js|css)$/.test(new URL(response.url()).pathname)) loads.push(response.body());
  });
  return async () => {
    // The stream of events keeps the network busy, so an idle network is not waited for.
    await page.waitForLoadState('load');
    await page.waitForTimeout(3_000);
    const bodies = await Promise.all(loads);
    return bodies.reduce((sum, body) => sum + gzipSync(body, { level: 9 }).length, 0);
  };
}

async function firstLoad() {
  const context = await browser.newContext({ locale: 'en' });
  const page = await context.newPage();
  const loaded = countLoad(page);
  await page.goto(`${app}/login`);
  await page.getByLabel('E-mail address').waitFor();
  say('first load: log-in', kilobytes(await loaded()));
  await page.getByLabel('E-mail address').fill(owner);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Log in' }).click();
  await page.getByRole('heading', { level: 1, name: 'Dashboard' }).waitFor();
  const other = await context.newPage();
  const loadedAlone = countLoad(other);
  await other.goto(`${app}/dashboard`, { waitUntil: 'domcontentloaded' });
  await other.getByRole('heading', { level: 1, name: 'Dashboard' }).waitFor();
  say('first load: dashboard', kilobytes(await loadedAlone()));
  await context.close();
}

/** The largest paint of a page that the browser has never seen. */
async function largestPaint(page, path, slower) {
  const cdp = await page.context().newCDPSession(page);
  await cdp.send('Network.setCacheDisabled', { cacheDisabled: true });
  await cdp.send('Emulation.setCPUThrottlingRate', { rate: slower });
  await page.goto(`${app}${path}`, { waitUntil: 'domcontentloaded' });
  await page.waitForTimeout(5_000);
  const paint = await page.evaluate(
    () =>
      new Promise((resolve) => {
        new PerformanceObserver((list) => {
          const last = list.getEntries().at(-1);
          resolve({ at: last.startTime, text: last.element?.textContent.slice(0, 40) ?? '' });
        }).observe({ type: 'largest-contentful-paint', buffered: true });
      }),
  );
  await cdp.send('Emulation.setCPUThrottlingRate', { rate: 1 });
  await cdp.detach();
  return paint;
}

/** What the main thread did until then, which no other work on the machine makes longer. */
async function workUntilPaint(page, path) {
  await browser.startTracing(page, { categories: ['toplevel', 'blink.user_timing'] });
  const { at } = await largestPaint(page, path, 1);
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString());
  const begins = traceEvents.filter(
    (one) => one.name === 'navigationStart' && one.args.data?.documentLoaderURL?.includes(path),
  );
  const { ts, pid, tid } = begins.at(-1);
  return traceEvents
    .filter((one) => one.ph === 'X' && one.pid === pid && one.tid === tid && /RunTask/.test(one.name))
    .filter((one) => one.ts >= ts && one.ts <= ts + at * 1_000)
    .reduce((sum, one) => sum + (one.tdur ?? 0) / 1_000, 0);
}

async function paints() {
  const own = await logIn('/dashboard');
  for (const path of ['/login', '/dashboard', '/contacts', '/inbox']) {
    const found = [];
    const work = [];
    let last;
    for (let run = 0; run < RUNS; run += 1) {
      const context = path === '/login' ? await browser.newContext({ locale: 'en' }) : null;
      const page = context ? await context.newPage() : own;
      last = await largestPaint(page, path, SLOWER);
      found.push(last.at);
      work.push(await workUntilPaint(page, path));
      await context?.close();
    }
    say(
      `LCP ${path}`,
      `at ${SLOWER}x: median ${millis(median(found))}, best ${millis(Math.min(...found))}`,
      `work of the main thread until then: ${millis(median(work))}, ${SLOWER} times: ${millis(SLOWER * median(work))}`,
      last.text,
    );
  }
  await own.context().close();
}

/** A list of contacts that no demo has. The page itself answers: the way through the test's own process is slower. */
function serve(page) {
  return page.addInitScript(
    ({ rows, pageRows }) => {
      const one = (index) => ({
        id: `ctc_${String(index).padStart(32, '0')}`,
        name: `Name ${index}`,
        phone: `+2547${String(index).padStart(8, '0')}`,
        email: `n${index}@example.com`,
        tags: index % 2 ? ['market'] : ['market', 'vip'],
        marketing: index % 3 ? null : true,
        language: 'en',
        attributes: {},
        created_at: new Date(Date.UTC(2020, 0, 1) + index * 60_000).toISOString(),
        last_activity_at: new Date(Date.UTC(2024, 0, 1) + index * 60_000).toISOString(),
      });
      const real = window.fetch;
      window.fetch = async (request, init) => {
        const url = new URL(request.url ?? request, location.href);
        if (url.pathname !== '/api/v1/contacts') return real(request, init);
        const from = Number(url.searchParams.get('cursor') ?? 0);
        const until = from + pageRows;
        const items = Array.from({ length: until - from }, (_, index) => one(from + index));
        return Response.json({ items, next_cursor: until < rows ? String(until) : null });
      };
    },
    { rows: ROWS, pageRows: PAGE_ROWS },
  );
}

/**
 * How long the page's main thread was at work in each task, the longest first. Time of the processor alone: on a machine that is
 * busy with other work, a frame waits long for little work.
 */
function tasksOf(trace) {
  const { traceEvents } = JSON.parse(trace.toString());
  const mains = traceEvents.filter((one) => one.name === 'thread_name' && one.args.name === 'CrRendererMain');
  const isMain = (one) => mains.some(({ pid, tid }) => pid === one.pid && tid === one.tid);
  return traceEvents
    .filter((one) => one.ph === 'X' && one.tdur && isMain(one))
    .map((one) => one.tdur / 1_000)
    .toSorted((a, b) => b - a);
}

async function scroll() {
  const page = await logIn('/dashboard');
  page.setDefaultTimeout(300_000);
  await serve(page);
  await page.goto(`${app}/contacts?size=0`);
  await page.getByRole('button', { name: /^Read up to/ }).click();
  await page.getByText('100,000 rows', { exact: true }).waitFor();
  for (let run = 0; run < RUNS; run += 1) {
    await browser.startTracing(page, { categories: ['toplevel'] });
    const frames = await page.evaluate(
      ({ ms }) =>
        new Promise((resolve) => {
          const box = document.querySelector('main [aria-busy]');
          const frames = [];
          box.scrollTop = 0;
          const start = performance.now();
          let before = start;
          const step = (now) => {
            frames.push(now - before);
            before = now;
            // Some hundred rows in a second, and jumps that a hand with the scroll bar makes.
            box.scrollTop = frames.length % 60 === 0 ? Math.random() * box.scrollHeight : box.scrollTop + 400;
            if (now - start < ms) requestAnimationFrame(step);
            else resolve(frames.slice(1));
          };
          requestAnimationFrame(step);
        }),
      { ms: SCROLL_MS },
    );
    const busy = tasksOf(await browser.stopTracing());
    const sorted = frames.toSorted((a, b) => a - b);
    say(
      'table: scroll',
      `${frames.length} frames`,
      `median ${millis(median(frames))}`,
      `longest ${millis(sorted.at(-1))}`,
      `over ${LONG_MS} ms: ${frames.filter((one) => one > LONG_MS).length}`,
      `longest tasks on the processor: ${busy.slice(0, 5).map(millis).join(', ')}`,
      `over ${LONG_MS} ms: ${busy.filter((one) => one > LONG_MS).length}`,
    );
  }
  await page.context().close();
}

const parts = { load: firstLoad, paint: paints, scroll };
const wanted = process.argv.slice(2);
await open();
try {
  for (const [name, part] of Object.entries(parts)) if (!wanted.length || wanted.includes(name)) await part();
} finally {
  await close();
}
