// The desk of `kazi demo`: the business' side, over the public API alone.
// A part of the desk has `load`, which asks, and `build`, which shows what came; both run again while it is in sight.

import { $, sleep, list, h, setText, hourMinute, hourSecond, millis, formatted, json, address } from '/common.js';

const POLL_MS = 2000;
const CALLS_KEPT = 8;

const config = await json('/demo/config');

/* ---------- The API ---------- */

/** The token, or the promise of one: calls at the same time log in once, and a page that is loaded again need not. */
let token = sessionStorage.getItem('token');

async function logIn() {
  const answer = await json('/api/v1/auth/login', {
    method: 'POST', headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email: config.owner, password: config.password }),
  });
  sessionStorage.setItem('token', answer.access_token);
  return answer.access_token;
}

function loggedIn() {
  token ??= logIn().catch((error) => {
    token = null;
    throw error;
  });
  return token;
}

/** Calls the API; logs in first, and again where the token has ended. */
async function call(method, path, body) {
  for (let again = false; ; again = true) {
    const asked = loggedIn();
    const answer = await fetch(path, {
      method, cache: 'no-store', signal: AbortSignal.timeout(10_000),
      headers: { authorization: `Bearer ${await asked}`, ...(body && { 'content-type': 'application/json' }) },
      body: body && JSON.stringify(body),
    });
    if (answer.status === 401 && !again) {
      // Another call may have begun to log in already.
      if (token === asked) token = null;
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
async function told(underneath, method, path, doing) {
  const short = path.replace(/_[0-9a-f]{26}/g, '_…');
  const entry = h('li', null, h('code', { title: path }, `${method} ${short}`), h('span', { class: 'pill' }, '…'), h('p', null, underneath));
  const pill = entry.querySelector('.pill');
  $('calls').querySelector('.quiet')?.remove();
  $('calls').prepend(entry);
  while ($('calls').childElementCount > CALLS_KEPT) $('calls').lastElementChild.remove();
  const began = performance.now();
  try {
    const { status } = await doing();
    setText(pill, `${status} in ${Math.round(performance.now() - began)} ms`);
    pill.dataset.tone = 'good';
  } catch (error) {
    setText(pill, error.message);
    pill.dataset.tone = 'bad';
  }
  await refresh();
}

const act = (underneath, method, path, body) => told(underneath, method, path, () => call(method, path, body));
const post = (path, body, underneath) => act(underneath, 'POST', path, body);
const patch = (path, body, underneath) => act(underneath, 'PATCH', path, body);
const remove = (path, underneath) => act(underneath, 'DELETE', path);

/** Has the simulated providers misbehave, or stop it. */
async function fault(method, body, underneath) {
  const path = `${config.simulators}/_faults`;
  await told(underneath, method, path, async () => {
    const answer = await fetch(path, { method, headers: body && { 'content-type': 'application/json' }, body: body && JSON.stringify(body) });
    if (!answer.ok) throw new Error(String(answer.status));
    return answer;
  });
}

/** The next minute of a zone's clock that is some seconds away, as the time of a brief. */
function nextMinute(zone) {
  const at = new Date(Math.ceil((Date.now() + 5_000) / 60_000) * 60_000);
  return { evening: new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZone: zone }).format(at) };
}

/* ---------- Pieces ---------- */

const money = (minor, currency) => new Intl.NumberFormat('en', { style: 'currency', currency: currency || 'USD' }).format((minor ?? 0) / 100);
const clock = (time) => formatted(hourMinute, time) || '–';
const moment = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
const when = (time) => formatted(moment, time) || '–';
const words = (text) => text?.en ?? Object.values(text ?? {})[0] ?? '';

const TONES = {
  good: ['approved', 'completed', 'confirmed', 'paid', 'delivered', 'published', 'sent', 'active', 'done', 'fulfilled', 'shipped'],
  busy: ['sending', 'planning', 'publishing', 'running', 'processing', 'chosen', 'open', 'booked'],
  slow: ['scheduled', 'paused', 'planned', 'due', 'pending', 'requested', 'grace', 'pending_payment'],
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
  const inputs = Object.entries(fields).map(([name, { label: said, options, text }]) => {
    const input = options
      ? h('select', { name }, options.map(([value, shown]) => h('option', { value }, shown)))
      : h('input', { name, value: text, autocomplete: 'off' });
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

/** Whose phones there are to look at: the demo's own, and whoever else wrote lately. */
async function people() {
  const [own, lately] = await Promise.all([items('/api/v1/contacts?tag=phone'), items('/api/v1/contacts?limit=20')]);
  const all = [...own, ...lately.filter((contact) => !contact.tags.length)];
  const place = (contact) => (config.phones.findIndex((one) => `+${one.wa_id}` === contact.phone) + 100) % 100;
  all.sort((one, other) => place(one) - place(other));
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
      const [campaigns, to] = await Promise.all([items('/api/v1/messaging/campaigns?limit=3'), people()]);
      const funnels = await Promise.all(campaigns.map((one) => get(`/api/v1/messaging/campaigns/${one.id}/funnel`)));
      const left = await Promise.all(campaigns.map((one) => items(`/api/v1/messaging/campaigns/${one.id}/recipients?state=left_out&limit=20`)));
      await learn(left.flat().map((one) => one.contact_id));
      return { campaigns, funnels, left, to };
    },
    build({ campaigns, funnels, left, to }) {
      return campaigns.map((one, at) => {
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
            Object.entries(funnels[at].left_out.reasons).map(([reason, count]) => {
              const some = left[at].filter((gone) => gone.reason === reason).slice(0, 3).map((gone) => who(gone.contact_id));
              const more = count > some.length ? ' …' : '';
              return h('li', { dir: 'auto' }, `${count} left out, ${reason.replaceAll('_', ' ')}${some.length ? `: ${some.join(', ')}${more}` : ''}`);
            })),
          funnels[at].recipients > 0 && funnel(funnels[at]),
          h('div', { class: 'acts' },
            can('draft', 'planned', 'failed') && button('Look who gets it', 'A job reads the contacts page by page and freezes who gets it, and why others do not.', (does) => post(`/api/v1/messaging/campaigns/${one.id}/plan`, undefined, does)),
            can('draft', 'planned', 'scheduled') && button('Send now', 'The campaign is planned if it was not; jobs then queue its messages in batches.', (does) => post(`/api/v1/messaging/campaigns/${one.id}/send`, undefined, does), 'main'),
            can('scheduled', 'sending') && button('Pause', 'What has not left is taken out of the queue.', (does) => post(`/api/v1/messaging/campaigns/${one.id}/pause`, undefined, does)),
            can('paused') && button('Resume', 'The rest is queued again; nobody gets it twice.', (does) => post(`/api/v1/messaging/campaigns/${one.id}/resume`, undefined, does), 'main'),
            can('planning', 'planned', 'scheduled', 'sending', 'paused') && button('Cancel', 'What has not left does not leave.', (does) => post(`/api/v1/messaging/campaigns/${one.id}/cancel`, undefined, does)),
            to.length > 0 && button(`Try it on ${to[0][1]}’s phone`, 'One message of it, to one phone, to look at.', async (does) => {
              const { phone } = await get(`/api/v1/contacts/${to[0][0]}`);
              await post(`/api/v1/messaging/campaigns/${one.id}/test`, { phone }, does);
            }),
            button('Make another', 'A draft with the same words and the same segment.', (does) => post('/api/v1/messaging/campaigns', { name: `Market day, ${formatted(hourSecond, new Date().toISOString())}`, channel_id: one.channel_id, content: one.content, segment_id: one.segment_id }, does))),
          h('p', { class: 'hint' }, 'Amina and the other phones are among the recipients: look at their screens.'));
      });
    },
  },

  bookings: {
    title: 'Bookings',
    about: 'Each booking puts its reminders into the queue for later; moving it moves them, cancelling it takes them out.',
    async load() {
      const [[offering], to, bookings, providers] = await Promise.all([
        items('/api/v1/offerings?active=true'), people(), items('/api/v1/bookings?limit=50'), items('/api/v1/providers'),
      ]);
      const slots = offering ? await items(`/api/v1/slots?offering_id=${offering.id}`) : [];
      await learn(bookings.map((one) => one.contact_id));
      return { offering, to, bookings: bookings.reverse(), providers, slots: slots.slice(0, 12) };
    },
    build({ offering, to, bookings, providers, slots }) {
      const person = (id) => providers.find((one) => one.id === id)?.name ?? '';
      const later = (one) => slots.find((slot) => slot.provider_id === one.provider_id && millis(slot.starts_at) !== millis(one.starts_at));
      return [
        form('book', {
          contact_id: { label: 'For', options: to },
          slot: { label: `${words(offering?.names)} at`, options: slots.map((slot, at) => [`${slot.provider_id} ${slot.starts_at}`, `${clock(slot.starts_at)} with ${person(slot.provider_id)}${at ? '' : ' (next)'}`]) },
        }, 'Book', `Two reminders are queued: ${list(offering?.reminder_minutes).join(' and ')} minutes before. Tap an answer on the phone.`, ({ contact_id, slot }, does) => {
          const [provider_id, starts_at] = slot.split(' ');
          return post('/api/v1/bookings', { offering_id: offering.id, provider_id, contact_id, starts_at }, does);
        }),
        table('Bookings', ['When', 'Who', 'With', 'State', 'Reminders', ''], bookings.map((one) => {
          const undecided = ['booked', 'confirmed'].includes(one.status);
          const begun = millis(one.starts_at) <= Date.now();
          const open = undecided && !begun;
          const next = later(one);
          return [
            when(one.starts_at), who(one.contact_id), person(one.provider_id), pill(one.status),
            one.reminder_minutes.map((minutes) => {
              const due = millis(one.starts_at) - minutes * 60_000;
              const sent = one.reminded_at && millis(one.reminded_at) >= due;
              return h('div', null, `${hourMinute.format(due)} `, pill(sent ? 'sent' : !open ? 'off' : due < millis(one.created_at) ? 'too soon' : 'scheduled'));
            }).concat(one.unreachable ? h('div', { class: 'hint bad' }, one.unreachable) : []),
            [
              open && one.status === 'booked' && button('Confirm', 'The same as tapping “I will come” on the phone.', (does) => post(`/api/v1/bookings/${one.id}/confirm`, undefined, does)),
              open && next && button(`Move to ${clock(next.starts_at)}`, 'The old reminders are cancelled and new ones queued; it is to be confirmed anew.', (does) => post(`/api/v1/bookings/${one.id}/move`, { starts_at: next.starts_at }, does)),
              open && button('Cancel', 'Its time is free again, and its reminders leave the queue.', (does) => post(`/api/v1/bookings/${one.id}/cancel`, undefined, does)),
              begun && undecided && button('They came', 'Else a job notes two hours after the end whether they did.', (does) => post(`/api/v1/bookings/${one.id}/complete`, undefined, does)),
              begun && undecided && button('They did not', 'It counts as a no-show.', (does) => post(`/api/v1/bookings/${one.id}/no-show`, undefined, does)),
            ],
          ];
        }), 'Nobody has booked. Write “book” on a phone, or book here.'),
      ];
    },
  },

  orders: {
    title: 'Orders',
    about: 'An order holds its stock for an hour and asks Stripe for a page to pay; every step is told to the customer by a job of its own.',
    async load() {
      const [orders, products, to] = await Promise.all([items('/api/v1/orders?limit=10'), items('/api/v1/products?limit=20'), people()]);
      await learn(orders.map((one) => one.contact_id));
      return { orders, products, to };
    },
    build({ orders, products, to }) {
      return [
        form('order', {
          contact_id: { label: 'For', options: to },
          product_id: { label: 'What', options: products.map((one) => [one.id, `${one.texts.en?.name ?? one.sku}, ${money(one.price_minor, one.currency)}`]) },
        }, 'Order', 'The stock is held, Stripe is asked for a page to pay, and the customer gets the link.', ({ contact_id, product_id }, does) =>
          post('/api/v1/orders', { contact_id, items: [{ product_id, quantity: 1 }] }, does)),
        table('Orders', ['No.', 'Who', 'What', 'Total', 'State', ''], orders.map((one) => [
          String(one.number), who(one.contact_id), one.items.map((item) => h('div', null, `${item.quantity} × ${item.name}`)), money(one.total_minor, one.currency),
          [pill(one.status), one.unreachable && h('div', { class: 'hint bad' }, `not told: ${one.unreachable}`)],
          [
            one.status === 'pending_payment' && link('Pay…', one.payment_url),
            one.status === 'paid' && button('Packed', 'Its customer is told by a job, in the order of the steps.', (does) => post(`/api/v1/orders/${one.id}/fulfil`, undefined, does)),
            ['paid', 'fulfilled'].includes(one.status) && button('Ship', 'Its customer gets the number of the parcel.', (does) => post(`/api/v1/orders/${one.id}/ship`, { carrier: 'G4S', tracking_number: `KE${one.number}00417` }, does)),
            one.status === 'shipped' && button('Delivered', 'Its customer is told that it has arrived.', (does) => post(`/api/v1/orders/${one.id}/deliver`, undefined, does)),
            one.status === 'pending_payment' && button('Cancel', 'Its stock is free again, and Stripe closes the page.', (does) => post(`/api/v1/orders/${one.id}/cancel`, undefined, does)),
          ],
        ]), 'No order yet. On a phone, tap “Shop” in the menu and put something into the cart, or order here.'),
        table('Stock', ['Number', 'What', 'Left', ''], products.map((one) => [
          one.sku, one.texts.en?.name ?? '', String(one.stock),
          [['+5', 5, 'delivery'], ['−1', -1, 'broken']].map(([label, change, reason]) => button(label, 'By how much, not to how many: a sale in the same moment is not lost.', (does) => post(`/api/v1/products/${one.id}/stock`, { change, reason }, does))),
        ]), 'Nothing is sold.'),
      ];
    },
  },

  payments: {
    title: 'Payments',
    about: 'Money is what Stripe says it is: a webhook tells, a comparison every quarter of an hour finds what no webhook told, and a ledger of two sides keeps it.',
    async load() {
      const [payments, balances, runs, differences, faults] = await Promise.all([
        items('/api/v1/payments?limit=10'), items('/api/v1/ledger-balances'), items('/api/v1/reconciliations?limit=3'),
        items('/api/v1/payment-differences?limit=8'), json(`${config.simulators}/_faults`),
      ]);
      await learn(payments.map((one) => one.contact_id));
      return { payments, balances, runs, differences, lost: faults.some((one) => one.service === 'stripe' && one.webhooks) };
    },
    build({ payments, balances, runs, differences, lost }) {
      return [
        h('div', { class: 'block' }, h('h3', null, 'Lose what Stripe tells'),
          h('p', { class: 'hint' }, lost ? 'The webhooks of the next payment get lost. Pay something, see that nothing happens, then compare.' : 'The simulated Stripe can lose the webhooks of the next payment: only a comparison learns of it then.'),
          h('div', { class: 'acts' },
            !lost && button('Lose the next payment’s webhooks', 'The simulated Stripe drops its next three events.', (does) => fault('POST', { service: 'stripe', webhooks: { drop: 1 }, times: 3 }, does)),
            lost && button('Lose nothing', 'All faults of the simulators end.', (does) => fault('DELETE', undefined, does)),
            button('Compare now', 'A job reads Stripe’s sessions, events and balance, and brings up what is behind.', (does) => post('/api/v1/reconciliations', undefined, does), 'main'))),
        table('Payments', ['When', 'Who', 'For', 'Amount', 'State', ''], payments.map((one) => [
          when(one.created_at), who(one.contact_id), one.description, money(one.amount_minor, one.currency), [pill(one.status), one.error && h('div', { class: 'hint bad' }, one.error)],
          [
            one.status === 'open' && link('Pay…', one.url),
            one.status === 'paid' && one.refunded_minor < one.received_minor && button('Refund', 'A job asks Stripe, with a key that makes twice once; the order is refunded when Stripe says so.', (does) => post(`/api/v1/payments/${one.id}/refunds`, { reason: 'from the desk' }, does)),
            one.refunded_minor > 0 && h('span', { class: 'hint' }, `${money(one.refunded_minor, one.currency)} back`),
          ],
        ]), 'No payment yet: order something first.'),
        table('The ledger', ['Account', 'Balance'], balances.map((one) => [one.account, money(one.amount_minor, one.currency)]), 'No money has come.'),
        table('Comparisons', ['Began', 'State', 'Looked at', 'Repaired', 'Differences'], runs.map((one) => [
          formatted(hourSecond, one.started_at), [pill(one.status), one.error && h('div', { class: 'hint bad' }, one.error)], `${one.sessions} sessions, ${one.events} events`, String(one.repaired), String(one.differences),
        ]), 'None yet.'),
        table('Differences', ['Found', 'What', 'About', 'Repaired'], differences.map((one) => [
          when(one.found_at), one.cause.replaceAll('_', ' '), h('code', null, one.reference.slice(0, 26)), one.repaired ? 'yes' : 'a person must look',
        ]), 'Nothing differs.'),
      ];
    },
  },

  subscriptions: {
    title: 'Subscriptions',
    about: 'Reminders, the grace and the end are jobs at their times; a payment moves the end on and the rest follows.',
    async load() {
      const [plans, subscriptions, to] = await Promise.all([items('/api/v1/plans'), items('/api/v1/subscriptions?limit=10'), people()]);
      await learn(subscriptions.map((one) => one.contact_id));
      return { plans, subscriptions, to };
    },
    build({ plans, subscriptions, to }) {
      const plan = (id) => plans.find((one) => one.id === id);
      return [
        form('subscribe', {
          contact_id: { label: 'For', options: to },
          plan_id: { label: 'Plan', options: plans.map((one) => [one.id, `${words(one.names)}, ${money(one.price.minor, one.price.currency)}`]) },
        }, 'Subscribe', 'The customer gets a link to pay by; it begins with the payment.', ({ contact_id, plan_id }, does) => post('/api/v1/subscriptions', { contact_id, plan_id }, does)),
        table('Subscriptions', ['Who', 'Plan', 'State', 'Ends', 'Reminders', ''], subscriptions.map((one) => {
          const live = ['active', 'grace', 'pending'].includes(one.status);
          return [
            who(one.contact_id), words(plan(one.plan_id)?.names), [pill(one.status), one.auto_cancel && h('div', { class: 'hint' }, 'ends then')], when(one.ends_at),
            one.ends_at ? list(plan(one.plan_id)?.remind_days).map((days) => h('div', null, moment.format(millis(one.ends_at) - days * 86_400_000))) : '–',
            [
              one.payment && link('Pay…', one.payment.url),
              ['active', 'grace', 'expired'].includes(one.status) && !one.payment && button('Renew', 'A payment is asked for; the customer gets the link.', (does) => post(`/api/v1/subscriptions/${one.id}/renew`, undefined, does)),
              live && !one.auto_cancel && button('Cancel at the end', 'It runs until what is paid is over; the reminders fall silent.', (does) => post(`/api/v1/subscriptions/${one.id}/cancel`, { at_end: true }, does)),
              live && button('Cancel now', 'It is over, and an open payment is taken back.', (does) => post(`/api/v1/subscriptions/${one.id}/cancel`, { at_end: false }, does)),
            ],
          ];
        }), 'Nobody has subscribed. Write “plans” on a phone, or subscribe somebody here.'),
        table('Plans', ['Plan', 'Price', 'Grace', 'Reminders'], plans.map((one) => [words(one.names), money(one.price.minor, one.price.currency), `${one.grace_days} days`, `${one.remind_days.join(', ')} days before`]), 'There is no plan.'),
      ];
    },
  },

  news: {
    title: 'News',
    about: 'At each reader’s time a job chooses what is new to them, has a model put long texts in few words, and sends one message.',
    async load() {
      const [articles, readers, digests, to] = await Promise.all([
        items('/api/v1/news/articles?limit=6'), items('/api/v1/news/subscriptions?limit=10'), items('/api/v1/news/digests?limit=8'), people(),
      ]);
      await learn([...readers, ...digests].map((one) => one.contact_id));
      return { articles, readers, digests, to };
    },
    build({ articles, readers, digests, to }) {
      const free = to.filter(([id]) => !readers.some((one) => one.contact_id === id));
      return [
        free.length > 0 && form('read', {
          contact_id: { label: 'Reader', options: free },
          topic: { label: 'About', options: [['local,sports,business', 'everything'], ...['local', 'sports', 'business'].map((one) => [one, one])] },
        }, 'Subscribe', 'Their first brief is due in the next minute of their clock.', ({ contact_id, topic }, does) =>
          post('/api/v1/news/subscriptions', { contact_id, topics: topic.split(','), briefs: nextMinute('Africa/Nairobi'), zone: 'Africa/Nairobi' }, does)),
        table('Readers', ['Who', 'About', 'Briefs', 'Next', ''], readers.map((one) => [
          who(one.contact_id), one.topics.join(', '), Object.entries(one.briefs).filter(([, time]) => time).map(([slot, time]) => `${slot} ${time}`).join(', ') || '–',
          one.active ? when(one.next_due_at) : pill('stopped'),
          button('Brief in the next minute', 'Their brief is moved to the next minute of their own clock.', (does) => patch(`/api/v1/news/subscriptions/${one.id}`, { briefs: nextMinute(one.zone), active: true }, does)),
        ]), 'Nobody reads. Write “news” on a phone, or subscribe somebody here.'),
        table('Briefs', ['Due', 'Who', 'Why', 'State', 'Articles'], digests.map((one) => [
          when(one.due_at), who(one.contact_id), one.slot, [pill(one.status), one.reason && h('div', { class: 'hint' }, one.reason)], String(one.article_ids.length),
        ]), 'None yet.'),
        table('Articles', ['Headline', 'About', 'Published', ''], articles.map((one) => [
          one.title, one.topics.join(', '), when(one.published_at),
          one.broken_at ? pill('told at once') : button('Break', 'Every reader of its topics is told at once, once.', (does) => post(`/api/v1/news/articles/${one.id}/break`, undefined, does)),
        ]), 'No article.'),
      ];
    },
  },

  social: {
    title: 'Social',
    about: 'At its time a post goes out in steps, each written down: who dies in between goes on where it was, and nothing appears twice.',
    async load() {
      const [accounts, contents, schedules, publications] = await Promise.all([
        items('/api/v1/social/accounts'), items('/api/v1/social/contents?limit=5'),
        items(`/api/v1/social/schedules?limit=20&from=${encodeURIComponent(new Date(Date.now() - 3_600_000).toISOString())}`), items('/api/v1/social/publications?limit=6'),
      ]);
      return { accounts, contents, schedules: schedules.reverse(), publications };
    },
    build({ accounts, contents, schedules, publications }) {
      const trouble = (one) => one.error && h('div', { class: 'hint bad' }, one.error);
      const soon = () => new Date(Date.now() + 60_000).toISOString().slice(0, 19);
      return [
        form('post', { text: { label: 'Text', text: 'Honey from Kitui is in. #honey' } }, 'Write', 'A content with a picture; it goes nowhere until it is scheduled.', ({ text }, does) =>
          post('/api/v1/social/contents', { text, media: [{ url: 'https://zuri.example/images/honey.jpg', alt: 'A jar of honey' }] }, does)),
        table('Contents', ['Text', 'In one minute'], contents.map((one) => [
          one.text,
          accounts.map((account) => button(`On ${account.network}`, 'A job of that time publishes it, in the network’s own steps.', (does) =>
            post('/api/v1/social/schedules', { content_id: one.id, account_id: account.id, local_time: soon(), zone: 'UTC' }, does))),
        ]), 'Nothing is written.'),
        table('Scheduled', ['When', 'Where', 'State', ''], schedules.map((one) => [
          formatted(hourSecond, one.due_at), one.network, [pill(one.status), trouble(one)],
          [one.status === 'scheduled' && button('Cancel', 'Its job finds it cancelled and does nothing.', (does) => remove(`/api/v1/social/schedules/${one.id}`, does)), link('See it', one.permalink)],
        ]), 'Nothing is to appear.'),
        table('Published', ['Where', 'State', 'Steps'], publications.map((one) => [
          one.network, [pill(one.status), trouble(one)],
          one.steps.map((step) => h('div', null, `${formatted(hourSecond, step.at)} ${step.step.replaceAll('_', ' ')}${step.detail ? `: ${step.detail}` : ''}`)),
        ]), 'Nothing has appeared.'),
        h('p', { class: 'block' }, link('What the networks show', `${config.simulators}/_posts`)),
      ];
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
