// The desk of `kazi demo`: the business' side, over the public API alone.
// A part of the desk has `load`, which asks, and `build`, which shows what came; both run again while it is in sight.

import { $, sleep, list, h, setText, hourMinute, hourSecond, millis, formatted, json, address } from '/common.js';

const POLL_MS = 2000;
const CALLS_KEPT = 8;

const config = await json('/demo/config');

/* ---------- The API ---------- */

let token = null;

async function logIn() {
  const answer = await json('/api/v1/auth/login', {
    method: 'POST', headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email: config.owner, password: config.password }),
  });
  token = answer.access_token;
}

/** Calls the API; logs in first, and again where the token has ended. */
async function call(method, path, body) {
  for (let again = false; ; again = true) {
    if (!token) await logIn();
    const answer = await fetch(path, {
      method, cache: 'no-store', signal: AbortSignal.timeout(10_000),
      headers: { authorization: `Bearer ${token}`, ...(body && { 'content-type': 'application/json' }) },
      body: body && JSON.stringify(body),
    });
    if (answer.status === 401 && !again) {
      token = null;
      continue;
    }
    const said = answer.status === 204 ? null : await answer.json().catch(() => null);
    if (answer.ok) return { status: answer.status, said };
    const faults = list(said?.errors).map((one) => `${one.pointer ?? ''} ${one.detail ?? one.code ?? ''}`.trim());
    throw new Error([`${answer.status}`, said?.detail ?? said?.title, ...faults].filter(Boolean).join(' · '));
  }
}

const get = async (path) => (await call('GET', path)).said;
const items = async (path) => list((await get(path)).items);

/** Does what a button says, and tells of it: the call, its answer, and what happens underneath. */
async function act(underneath, method, path, body) {
  const entry = h('li', null, h('code', null, `${method} ${path}`), h('span', { class: 'pill' }, '…'), h('p', null, underneath));
  const pill = entry.querySelector('.pill');
  $('calls').querySelector('.quiet')?.remove();
  $('calls').prepend(entry);
  while ($('calls').childElementCount > CALLS_KEPT) $('calls').lastElementChild.remove();
  const began = performance.now();
  try {
    const { status } = await call(method, path, body);
    setText(pill, `${status} in ${Math.round(performance.now() - began)} ms`);
    pill.dataset.tone = 'good';
  } catch (error) {
    setText(pill, error.message);
    pill.dataset.tone = 'bad';
  }
  await refresh();
}

const post = (path, body, underneath) => act(underneath, 'POST', path, body);
const patch = (path, body, underneath) => act(underneath, 'PATCH', path, body);
const remove = (path, underneath) => act(underneath, 'DELETE', path);

/* ---------- Pieces ---------- */

const money = (minor, currency) => new Intl.NumberFormat('en', { style: 'currency', currency: currency || 'USD' }).format((minor ?? 0) / 100);
const clock = (time) => formatted(hourMinute, time) || '–';
const moment = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
const when = (time) => formatted(moment, time) || '–';
const words = (text) => text?.en ?? Object.values(text ?? {})[0] ?? '';

const TONES = {
  good: ['approved', 'completed', 'confirmed', 'paid', 'delivered', 'published', 'sent', 'active', 'done', 'fulfilled', 'shipped'],
  busy: ['sending', 'planning', 'publishing', 'running', 'processing', 'chosen', 'open', 'booked'],
  slow: ['scheduled', 'paused', 'planned', 'due', 'pending', 'requested', 'grace', 'placed', 'awaiting_payment'],
  bad: ['failed', 'mismatched', 'expired', 'no_show', 'unreachable'],
};

function pill(state) {
  const tone = Object.keys(TONES).find((one) => TONES[one].includes(state)) ?? 'dull';
  return h('span', { class: 'pill', 'data-tone': tone }, String(state ?? '?').replaceAll('_', ' '));
}

function button(label, underneath, act, kind = '') {
  return h('button', { type: 'button', class: `act ${kind}`, title: underneath, onclick: (event) => {
    event.currentTarget.disabled = true;
    Promise.resolve(act(underneath)).finally(() => { event.target.disabled = false; });
  } }, label);
}

function link(label, url) {
  const safe = url && address(url);
  return safe ? h('a', { class: 'act', href: safe, target: '_blank', rel: 'noopener noreferrer' }, label) : null;
}

function table(caption, heads, rows, none) {
  if (!rows.length) return h('div', { class: 'block' }, h('h3', null, caption), h('p', { class: 'quiet' }, none));
  const cells = (cell) => h('td', { dir: 'auto' }, ...[cell].flat(2));
  return h('div', { class: 'block' }, h('h3', null, caption),
    h('div', { class: 'wide-table' }, h('table', { class: 'sheet-table' },
      h('thead', null, h('tr', null, heads.map((head) => h('th', { scope: 'col' }, head)))),
      h('tbody', null, rows.map((row) => h('tr', null, row.map(cells)))))));
}

/** A form whose choices stay while the part is drawn anew. `fields`: name → label and options [value, label], or a text. */
const chosen = new Map();

function form(key, fields, label, underneath, submit) {
  const kept = chosen.get(key) ?? chosen.set(key, {}).get(key);
  const inputs = Object.entries(fields).map(([name, { label: said, options, text, hint }]) => {
    const input = options
      ? h('select', { name, 'data-key': `${key}.${name}` }, options.map(([value, shown]) => h('option', { value }, shown)))
      : h('input', { name, 'data-key': `${key}.${name}`, value: text ?? '', autocomplete: 'off', placeholder: hint });
    if (name in kept && (!options || options.some(([value]) => value === kept[name]))) input.value = kept[name];
    input.addEventListener('input', () => { kept[name] = input.value; });
    return h('label', null, said, input);
  });
  const element = h('form', { class: 'block inline' }, inputs, h('button', { class: 'act main', title: underneath }, label), h('p', { class: 'hint' }, underneath));
  element.addEventListener('submit', (event) => {
    event.preventDefault();
    submit(Object.fromEntries(new FormData(element)), underneath);
  });
  return element;
}

/* ---------- Who is who ---------- */

const names = new Map(); // contact's id → what it is called

function called(contact) {
  const phone = config.phones.find((one) => `+${one.wa_id}` === contact.phone);
  return contact.name ?? phone?.name ?? contact.phone ?? contact.id;
}

/** The newest contacts: the phones are among them, and whoever wrote lately. */
async function people() {
  const all = await items('/api/v1/contacts?limit=12');
  for (const contact of all) names.set(contact.id, called(contact));
  return all.map((contact) => [contact.id, called(contact)]);
}

/** Learns the names that are not known yet. */
async function learn(ids) {
  const unknown = [...new Set(ids)].filter((id) => id && !names.has(id));
  await Promise.all(unknown.slice(0, 20).map(async (id) => {
    names.set(id, await get(`/api/v1/contacts/${id}`).then(called, () => id));
  }));
}

const who = (id) => names.get(id) ?? '…';

/* ---------- The parts ---------- */

const STEPS = [
  ['recipients', 'get it'], ['accepted', 'accepted by Meta'], ['sent', 'sent'], ['delivered', 'delivered'], ['read', 'read'], ['replied', 'answered'],
];

function funnel(counts) {
  const whole = Math.max(counts.recipients, 1);
  const bar = (label, count, tone) => h('div', { class: 'step' }, h('span', null, label),
    h('div', { class: 'track' }, h('i', { style: `width: ${(count / whole) * 100}%`, 'data-tone': tone })), h('b', null, count.toLocaleString()));
  return h('div', { class: 'funnel', role: 'group', 'aria-label': 'How far the messages got' },
    STEPS.map(([key, label]) => bar(label, counts[key] ?? 0)), bar('failed', counts.failed?.total ?? 0, 'bad'));
}

const PARTS = {
  campaigns: {
    title: 'Campaigns',
    about: 'Planning freezes who gets it; sending puts a message and a job for each into the queue, as fast as the number may send.',
    async load() {
      const [campaigns, to] = await Promise.all([items('/api/v1/messaging/campaigns?limit=5'), people()]);
      const funnels = await Promise.all(campaigns.map((one) => get(`/api/v1/messaging/campaigns/${one.id}/funnel`)));
      const left = await Promise.all(campaigns.map((one) => items(`/api/v1/messaging/campaigns/${one.id}/recipients?state=left_out&limit=5`)));
      await learn(left.flat().map((one) => one.contact));
      return { campaigns, funnels, left, to };
    },
    build({ campaigns, funnels, left, to }) {
      return campaigns.map((one, at) => {
        const path = `/api/v1/messaging/campaigns/${one.id}`;
        const { report } = one;
        const can = (...states) => states.includes(one.status);
        const seconds = report && (report.seconds < 1 ? 'a second' : `${report.seconds} s`);
        return h('article', { class: 'block' },
          h('h3', null, one.name, ' ', pill(one.status)),
          one.reason_detail && h('p', { class: 'hint bad' }, one.reason_detail),
          h('p', { class: 'hint' }, report
            ? `${report.recipients} of ${report.contacts} contacts get it, in about ${seconds}${report.cost ? `, for about ${money(report.cost.micros / 10_000, report.cost.currency)}` : ''}.`
            : `The template ${one.content.name ?? 'of its own'}. Nobody has been looked up yet.`),
          funnels[at].left_out.total > 0 && h('ul', { class: 'facts' },
            Object.entries(funnels[at].left_out.reasons).map(([reason, count]) => h('li', null, `${count} left out: ${reason.replaceAll('_', ' ')}`)),
            left[at].map((gone) => h('li', null, `${who(gone.contact)}: ${String(gone.reason).replaceAll('_', ' ')}`))),
          funnels[at].recipients > 0 && funnel(funnels[at]),
          h('div', { class: 'acts' },
            can('draft', 'planned', 'failed') && button('Look who gets it', 'A job reads the contacts page by page and freezes who gets it, and why others do not.', (does) => post(`/api/v1/messaging/campaigns/${one.id}/plan`, undefined, does)),
            can('draft', 'planned', 'scheduled') && button('Send now', 'The campaign is planned if it was not; jobs then queue its messages in batches.', (does) => post(`/api/v1/messaging/campaigns/${one.id}/send`, undefined, does), 'main'),
            can('scheduled', 'sending') && button('Pause', 'What has not left is taken out of the queue.', (does) => post(`/api/v1/messaging/campaigns/${one.id}/pause`, undefined, does)),
            can('paused') && button('Resume', 'The rest is queued again; nobody gets it twice.', (does) => post(`/api/v1/messaging/campaigns/${one.id}/resume`, undefined, does), 'main'),
            can('planning', 'planned', 'scheduled', 'sending', 'paused') && button('Cancel', 'What has not left does not leave.', (does) => post(`/api/v1/messaging/campaigns/${one.id}/cancel`, undefined, does)),
            button('Make another', 'A draft with the same words and the same segment.', (does) => post('/api/v1/messaging/campaigns', { name: `Market day, ${formatted(hourSecond, new Date().toISOString())}`, channel: one.channel, content: one.content, segment: one.segment }, does))),
          path && h('p', { class: 'hint' }, 'Amina and the other phones are among the recipients: look at their screens.'));
      });
    },
  },
};

/* ---------- The frame ---------- */

let part = null;
let shown = '';

/** Asks and draws, unless nothing has changed; whoever was typing or tabbing stays where they were. */
async function refresh() {
  const asked = part;
  try {
    const data = await PARTS[asked].load();
    if (asked !== part) return;
    online(true);
    const said = JSON.stringify([data, [...names]]);
    if (said === shown) return;
    shown = said;
    const content = $('content');
    const focus = document.activeElement;
    const at = content.contains(focus) ? [...content.querySelectorAll('button, input, select, a')].indexOf(focus) : -1;
    content.replaceChildren(...list(PARTS[asked].build(data)).filter(Boolean));
    if (at >= 0) content.querySelectorAll('button, input, select, a')[at]?.focus({ preventScroll: true });
  } catch (error) {
    online(false);
    console.debug(asked, error);
  }
}

function online(yes) {
  const element = $('link');
  element.dataset.state = yes ? 'live' : 'away';
  setText(element.querySelector('span'), yes ? 'Live' : 'The server is away, trying again…');
}

function open(name) {
  part = name in PARTS ? name : Object.keys(PARTS)[0];
  shown = '';
  for (const tab of $('rail').children) {
    if (tab.dataset.part === part) tab.setAttribute('aria-current', 'page');
    else tab.removeAttribute('aria-current');
  }
  const { title, about } = PARTS[part];
  $('panel').replaceChildren(h('h2', { id: 'panel-title' }, title), h('p', { class: 'about' }, about),
    h('div', { id: 'content' }, h('p', { class: 'quiet' }, 'Asking…')));
  refresh();
}

$('rail').append(...Object.entries(PARTS).map(([name, { title }]) => h('a', { href: `#${name}`, 'data-part': name }, title)));
window.addEventListener('hashchange', () => open(location.hash.slice(1)));
open(location.hash.slice(1));
for (;;) {
  await sleep(POLL_MS);
  if (!document.hidden) await refresh();
}
