// A part has `load`, which asks the simulators, and `build`, which shows what came. Both run again while the part is open.
// Data only ever goes through textContent and attributes, never through innerHTML.

const POLL_MS = 1500;
const CALLS_SHOWN = 200;

const $ = (id) => document.getElementById(id);
const NAMES = {
  whatsapp: 'WhatsApp', greenapi: 'Green API', openrouter: 'OpenRouter', stripe: 'Stripe', graph: 'Instagram, Facebook',
  instagram: 'Instagram', facebook: 'Facebook', mail: 'The mail server', business: 'The business’s own server',
};

function h(tag, props, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? '' : String(value));
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

async function ask(path, method = 'GET', body = undefined) {
  const answer = await fetch(path, {
    method, cache: 'no-store', signal: AbortSignal.timeout(10_000),
    headers: body && { 'content-type': 'application/json' }, body: body && JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status}`);
  return answer.headers.get('content-type')?.includes('json') ? answer.json() : null;
}

const moment = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' });
const when = (time) => h('time', { datetime: time }, moment.format(new Date(time)));
const none = (text) => h('p', { class: 'block none' }, text);

/* ---------- Faults ---------- */

const FAULTS = {
  whatsapp: [
    ['Lose the answer to the next message', 'The message arrives, and Kazi does not learn it: the status decides.', { match: '/messages', cut: 'after', times: 1 }],
    ['Fail three requests', 'They are answered with 500.', { match: '/messages', status: 500, times: 3 }],
    ['Ask to slow down, three times', 'Meta’s code 130429: the number sends too fast.', { match: '/messages', code: 130429, times: 3 }],
    ['Do not deliver the next message', 'It is accepted, and its status says failed: 131026.', { match: '/messages', fails: 131026, times: 1 }],
    ['Answer slowly, five times', 'Each request waits for three seconds.', { delay_ms: 3000, times: 5 }],
    ['Tell everything twice', 'The next 20 events of webhooks come two times.', { webhooks: { duplicate: 1 }, times: 20 }],
  ],
  greenapi: [
    ['Fail three requests', 'They are answered with 500.', { status: 500, times: 3 }],
    ['Tell everything twice', 'The next 20 events of webhooks come two times.', { webhooks: { duplicate: 1 }, times: 20 }],
  ],
  openrouter: [
    ['Fail three questions', 'They are answered with 503: another model is asked.', { status: 503, times: 3 }],
    ['Have no credit left, once', 'The next question is answered with 402.', { status: 402, times: 1 }],
    ['Think for ten seconds', 'The next three answers are late.', { delay_ms: 10_000, times: 3 }],
  ],
  stripe: [
    ['Lose the next payment’s webhooks', 'Three events are never told: only a comparison with Stripe learns of them.', { webhooks: { drop: 1 }, times: 3 }],
    ['Tell everything twice', 'The next 10 events come two times.', { webhooks: { duplicate: 1 }, times: 10 }],
    ['Fail three requests', 'They are answered with 500.', { status: 500, times: 3 }],
  ],
  graph: [
    ['Lose the answer to the next post', 'It appears, and Kazi does not learn it: it looks before it tries again.', { method: 'POST', cut: 'after', times: 1 }],
    ['Fail three requests', 'They are answered with 500.', { status: 500, times: 3 }],
  ],
  mail: [['Refuse the next letter', 'It is answered with 451, try again later.', { code: 451, times: 1 }, '/_inbox/faults']],
  business: [['Refuse three webhooks', 'They are answered with 503: each delivery is tried again.', { status: 503, times: 3 }, '/_received/faults']],
};

/** A fault in words: what it is about, and how often it still happens. */
function told({ service, times, ...rest }) {
  const known = (FAULTS[service] ?? []).find(([, , fault]) => {
    const { times: _, ...of } = fault;
    return Object.keys(of).length === Object.keys(withoutDefaults(rest)).length && Object.entries(of).every(([key, value]) => same(value, rest[key]));
  });
  const what = known ? known[0] : JSON.stringify(rest);
  return h('li', null, h('b', null, NAMES[service]), h('span', null, what), h('span', { class: 'meta' }, times === undefined || times === null ? 'until it ends' : `${times} more`));
}

const withoutDefaults = (fault) => Object.fromEntries(Object.entries(fault).filter(([, value]) => value !== null && value !== 0));
const same = (one, other) => (typeof one === 'object' ? Object.entries(one).every(([key, value]) => other?.[key] === value) : one === other);

const change = (...call) => () => ask(...call).then(refresh, (error) => away(error));

/* ---------- Calls ---------- */

const calls = { all: [], last: 0 };

async function newCalls() {
  const more = await ask(`/_ledger?since=${calls.last}&limit=${CALLS_SHOWN}`);
  // Two refreshes may ask at the same time, and both get the same calls.
  const unseen = more.filter((one) => one.n > calls.last).reverse();
  calls.all = [...unseen, ...calls.all].slice(0, CALLS_SHOWN);
  calls.last = Math.max(calls.last, ...unseen.map((one) => one.n));
  return calls.all;
}

/** What a person has opened stays open while the part is drawn anew. */
const opened = new Set();

function entry(key, at, who, what, status, fault, body) {
  const bad = status === 0 || status >= 400;
  const element = h('details', { open: opened.has(key), ontoggle: (event) => (event.target.open ? opened.add(key) : opened.delete(key)) },
    h('summary', null, when(at), h('span', { class: 'who' }, who), h('code', null, what),
      h('span', { class: bad ? 'bad' : 'good' }, status === 0 ? 'cut' : String(status)), fault && h('span', { class: 'meta' }, `fault: ${fault}`)),
    h('pre', { tabindex: 0 }, body === null ? 'no body' : typeof body === 'string' ? body : JSON.stringify(body, null, 2)));
  return element;
}

/* ---------- The parts ---------- */

const PARTS = {
  faults: {
    title: 'Faults',
    about: 'Each button makes a provider do something wrong. Kazi must lose nothing of it, and must do nothing twice.',
    load: async () => {
      const [services, mail, business] = await Promise.all([ask('/_faults'), ask('/_inbox/faults'), ask('/_received/faults')]);
      return [...services, ...mail.map((one) => ({ service: 'mail', ...one })), ...business.map((one) => ({ service: 'business', ...one }))];
    },
    build: (active) => [
      h('section', { class: 'block' }, h('h3', null, 'Now'),
        active.length ? h('ul', { class: 'active' }, active.map(told)) : h('p', null, 'Everything works.'),
        active.length > 0 && h('button', { type: 'button', class: 'end', onclick: change('/_faults', 'DELETE') }, 'End all faults')),
      ...Object.entries(FAULTS).map(([service, all]) => h('section', { class: 'block' }, h('h3', null, NAMES[service]),
        h('div', { class: 'choices' }, all.map(([name, does, fault, path]) => {
          const call = path ? [path, 'POST', fault] : ['/_faults', 'POST', { service, ...fault }];
          return h('button', { type: 'button', onclick: change(...call) }, h('b', null, name), h('small', null, does));
        })))),
    ],
  },
  calls: {
    title: 'Calls',
    about: `What the providers were asked, the newest ${CALLS_SHOWN} first. Open one for its body.`,
    load: newCalls,
    build: (all) => [all.length ? h('div', { class: 'block' }, all.map((one) => entry(`call ${one.n}`, one.at, NAMES[one.service], `${one.method} ${one.path}`, one.status, one.fault, one.body))) : none('No provider was called yet.')],
  },
  letters: {
    title: 'Letters',
    about: 'Every e-mail that Kazi has sent, the newest first: codes, invitations, notifications.',
    load: () => ask('/_inbox'),
    build: (all) => (all.length ? [...all].reverse().map((one) => h('article', { class: 'block letter' }, h('h3', { dir: 'auto' }, one.subject),
      h('p', { class: 'meta' }, 'to ', one.to.join(', '), ', ', when(one.at)), h('pre', { dir: 'auto' }, one.text))) : [none('No letter yet. Register a user, or forget a password.')]),
  },
  posts: {
    title: 'Posts',
    about: 'What has appeared on Instagram and on Facebook, the newest first.',
    load: () => ask('/_posts'),
    build: (all) => (all.length ? [...all].reverse().map((one) => h('article', { class: 'block post' }, h('h3', null, NAMES[one.network]),
      h('p', { class: 'meta' }, one.account, ', ', when(one.at)), h('p', { dir: 'auto' }, one.text),
      one.images.map((url) => h('img', { src: url, alt: '', onerror: (event) => event.target.replaceWith(h('p', { class: 'meta' }, url)) })))) : [none('Nothing has appeared yet.')]),
  },
  webhooks: {
    title: 'Webhooks',
    about: 'What the business’s own server was told by its endpoint, the newest first. Each body is signed: see the header webhook-signature.',
    load: () => ask('/_received'),
    build: (all) => [all.length ? h('div', { class: 'block' }, [...all].reverse().map((one) => entry(`hook ${one.headers['webhook-id']} ${one.at}`, one.at, 'POST', kind(one), one.answered, null,
      `webhook-id: ${one.headers['webhook-id'] ?? ''}\nwebhook-signature: ${one.headers['webhook-signature'] ?? ''}\n\n${pretty(one.body)}`))) : none('Nothing was told yet.')],
  },
};

function pretty(body) {
  try {
    return JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    return body;
  }
}

function kind({ body }) {
  try {
    return JSON.parse(body).type ?? '';
  } catch {
    return '';
  }
}

/* ---------- The frame ---------- */

let part = null;
let shown = '';

function away(error) {
  $('link').textContent = 'The simulators are away, trying again…';
  console.debug(error);
}

/** Draws only what has changed, so that a person who reads or tabs stays where they are. */
async function refresh() {
  const asked = part;
  try {
    const data = await PARTS[asked].load();
    if (asked !== part) return;
    $('link').textContent = 'Live';
    const said = JSON.stringify(data);
    if (said === shown) return;
    shown = said;
    const all = () => [...$('shown').querySelectorAll('button, summary, pre')];
    const at = all().indexOf(document.activeElement);
    $('shown').replaceChildren(...PARTS[asked].build(data));
    if (at >= 0) all()[at]?.focus({ preventScroll: true });
  } catch (error) {
    away(error);
  }
}

function open(name) {
  part = name in PARTS ? name : Object.keys(PARTS)[0];
  shown = '';
  for (const link of $('parts').children) {
    if (link.dataset.part === part) link.setAttribute('aria-current', 'page');
    else link.removeAttribute('aria-current');
  }
  $('title').textContent = PARTS[part].title;
  $('about').textContent = PARTS[part].about;
  $('shown').replaceChildren();
  refresh();
}

$('parts').append(...Object.entries(PARTS).map(([name, { title }]) => h('a', { href: `#${name}`, 'data-part': name }, title)));
window.addEventListener('hashchange', () => open(location.hash.slice(1)));
open(location.hash.slice(1));
for (;;) {
  await new Promise((done) => setTimeout(done, POLL_MS));
  if (!document.hidden) await refresh();
}
