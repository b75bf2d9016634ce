// The page of `kazi demo`: customers' phones on the left, what their messages cause on the right.
// Data only ever goes through textContent and attributes, never through innerHTML.

import { $, sleep, list, SVG, h, arrange, setText, setAttribute, hourMinute, hourSecond, dayMonth, millis, formatted, json, address } from '/common.js';

const POLL_MS = 700;
const POLL_HIDDEN_MS = 3000;
const CARDS_KEPT = 150;
const PHONE_WIDTH = 372;
const PHONES_AT_MOST = 3;

function icon(name, className) {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('aria-hidden', 'true');
  if (className) svg.setAttribute('class', className);
  const use = document.createElementNS(SVG, 'use');
  use.setAttribute('href', `#i-${name}`);
  svg.append(use);
  return svg;
}

function span(ms) {
  if (!Number.isFinite(ms)) return '–';
  const size = Math.max(0, ms);
  if (size < 9.95) return `${size < 0.05 ? '0' : size.toFixed(1)} ms`;
  if (size < 999.5) return `${Math.round(size)} ms`;
  if (size < 59_950) return `${(size / 1000).toFixed(size < 9_950 ? 2 : 1)} s`;
  if (size < 5_400_000) return `${Math.round(size / 60_000)} min`;
  return `${Math.round(size / 3_600_000)} h`;
}

function hue(text) {
  let hash = 7;
  for (const char of String(text ?? '')) hash = (hash * 31 + char.codePointAt(0)) % 100_003;
  return (hash * 47) % 360;
}

const POOL_HUES = { interactive: 172, whatsapp: 140, ai: 265, greenapi: 95, campaigns: 30 };

function initial(name) {
  const first = [...String(name ?? '').trim()][0];
  return first ? first.toUpperCase() : '#';
}

function face(name, seed) {
  const element = h('span', { class: 'face', 'aria-hidden': 'true' }, initial(name));
  if (seed !== undefined) element.style.setProperty('--hue', hue(seed));
  return element;
}

/* ---------- The connection ---------- */

const connection = { server: null, phones: null };

function connected(part, state) {
  if (connection[part] === state) return;
  connection[part] = state;
  const away = connection.server === false || connection.phones === false;
  const live = connection.server && connection.phones !== false;
  const element = $('link');
  element.dataset.state = away ? 'away' : live ? 'live' : 'wait';
  const what = connection.server === false ? 'The server is away' : 'The phones are away';
  setText(element.querySelector('span'), away ? `${what}, trying again…` : live ? 'Live' : 'Connecting…');
}

/* ---------- Chats: what stands on the phones ---------- */

const KINDS = { whatsapp: 'WhatsApp', greenapi: 'Green API' };
const GREETINGS = { en: 'Hi', fr: 'Bonjour', es: 'Hola', pt: 'Olá', ar: 'مرحبا', hi: 'नमस्ते', sw: 'Habari', he: 'שלום', de: 'Hallo' };

let config = { simulators: '', channels: [], phones: [] };
const phones = new Map(); // wa_id → Phone
const chats = new Map(); // wa_id, channel and business → Chat
let opened = []; // wa_ids on the stage, the one used last at the end
let room = 2; // how many phones fit
let localIds = 0;

const chatKey = (phone, channel, to) => `${phone}|${channel}|${to}`;
const digits = (number) => String(number ?? '').replace(/\D/g, '');

function pretty(number) {
  const plain = digits(number);
  const code = /^(1|7|20|27|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58]|\d{3})/.exec(plain)?.[0] ?? '';
  const own = plain.slice(code.length);
  const rest = own.length === 10 ? own.replace(/^(\d{3})(\d{3})/, '$1 $2 ') : own.replace(/\B(?=(\d{3})+$)/g, ' ');
  return `+${code} ${rest}`.trim();
}

const STATUS_TICKS = {
  pending: ['clock', 'waiting'], accepted: ['clock', 'accepted by the provider'], queued: ['clock', 'queued'],
  sending: ['tick', 'sent'], sent: ['tick', 'sent'], delivered: ['ticks', 'delivered'], read: ['ticks', 'read'],
  played: ['ticks', 'read'], failed: ['failed', 'failed'],
};

function tick(status, prefix = '') {
  const [name, label] = STATUS_TICKS[status] ?? ['tick', String(status)];
  const svg = icon(name, `tick ${status === 'played' ? 'read' : status}`);
  svg.removeAttribute('aria-hidden');
  svg.setAttribute('role', 'img');
  svg.setAttribute('aria-label', prefix + label);
  const title = document.createElementNS(SVG, 'title');
  title.textContent = prefix + label;
  svg.prepend(title);
  return svg;
}

const MARKS = { '*': 'b', _: 'i', '~': 's' };

/** WhatsApp's *bold*, _italic_, ~struck~, `code` and addresses, as nodes. */
function rich(text) {
  const pattern = /(https?:\/\/[^\s<>"]+[^\s<>".,;:!?)\]'”»])|(?<![\p{L}\p{N}])([*_~])(?=\S)([^\n]*?\S)\2(?![\p{L}\p{N}])|`([^`\n]+)`/gu;
  const nodes = [];
  let last = 0;
  for (const match of text.matchAll(pattern)) {
    nodes.push(text.slice(last, match.index));
    const [all, link, mark, marked, code] = match;
    if (link) nodes.push(h('a', { href: address(link) ?? '#', target: '_blank', rel: 'noopener noreferrer' }, link));
    else if (mark) nodes.push(h(MARKS[mark], null, ...rich(marked)));
    else nodes.push(h('code', null, code));
    last = match.index + all.length;
  }
  nodes.push(text.slice(last));
  return nodes.filter((node) => node !== '');
}

/** One form for what the simulators may call differently. */
function normal(raw) {
  const sections = list(raw.sections).map((section) => ({ title: section?.title ?? '', rows: list(section?.rows) }));
  if (!sections.length && list(raw.rows).length) sections.push({ title: '', rows: raw.rows });
  return {
    id: String(raw.id ?? ''),
    direction: raw.direction === 'out' ? 'out' : 'in',
    kind: raw.kind ?? 'text',
    text: raw.text ?? '',
    image: raw.image_url ?? (/^image\//.test(raw.file?.mime ?? '') ? raw.file.url : null),
    isImage: Boolean(raw.image_url) || raw.kind === 'image' || /^image\//.test(raw.file?.mime ?? ''),
    file: raw.file?.url && !/^image\//.test(raw.file.mime ?? '') ? raw.file : null,
    header: typeof raw.header === 'string' ? raw.header : raw.header?.text ?? '',
    footer: typeof raw.footer === 'string' ? raw.footer : raw.footer?.text ?? '',
    open: raw.button ?? raw.list_button ?? '',
    buttons: list(raw.buttons),
    sections: sections.filter((section) => section.rows.length),
    context: raw.context ?? null,
    at: raw.at ?? new Date().toISOString(),
    status: raw.status ?? (raw.direction === 'out' ? 'sent' : null),
    error: raw.error ?? raw.error_code ?? null,
  };
}

class Chat {
  constructor(phone, channel) {
    this.phone = phone;
    this.channel = channel;
    this.messages = new Map();
    this.lines = new Map(); // id → {element, shown, slot}
    this.sheet = null;
    this.stick = true;
    this.unread = 0;
    this.draft = '';
    this.days = new Map();
    this.loading = null;
    this.build();
  }

  get url() {
    return `${config.simulators}/_phones/${encodeURIComponent(this.phone.wa_id)}`;
  }

  build() {
    const { channel, phone } = this;
    const business = channel.name || 'Business';
    this.via = h('span', { class: 'via' }, KINDS[channel.kind] ?? channel.kind);
    this.list = h('div', { class: 'lines', role: 'log', 'aria-label': `Messages between ${phone.name} and ${business}` });
    this.hello = h('div', { class: 'hello' }, face(business), h('b', { dir: 'auto' }, business), `Write a first message as ${phone.name}.`);
    this.scroll = h('div', { class: 'scroll', tabindex: '0', 'aria-label': 'Chat' }, this.hello);
    this.newer = h('button', { type: 'button', class: 'newer', hidden: true, 'aria-label': 'To the newest message', onclick: () => this.toEnd() }, icon('down'));
    this.input = h('textarea', {
      rows: '1', dir: 'auto', placeholder: 'Message', 'aria-label': `Message from ${phone.name} to ${business}`, autocomplete: 'off', enterkeyhint: 'send',
    });
    this.go = h('button', { class: 'go', type: 'submit', disabled: true, 'aria-label': 'Send' }, icon('send'));
    const file = h('input', { type: 'file', hidden: true, 'aria-label': 'File' });
    file.addEventListener('change', () => {
      if (file.files[0]) this.sendFile(file.files[0]);
      file.value = '';
    });
    const clip = h('button', { class: 'clip', type: 'button', 'aria-label': 'Send a file', title: 'Send a file', onclick: () => file.click() }, '+');
    const form = h('form', { class: 'compose' }, clip, file, this.input, this.go);
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      this.say(this.input.value);
    });
    this.input.addEventListener('input', () => { this.go.disabled = !this.input.value.trim(); });
    this.input.addEventListener('keydown', (event) => {
      if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      this.say(this.input.value);
    });
    const chips = [GREETINGS[phone.language] ?? 'Hi', 'menu', 'STOP', 'agent'].map((word) =>
      h('button', { type: 'button', dir: 'auto', onclick: () => this.say(word) }, word));
    // The owner of the business, on the phone of the number: the bot is silent afterwards.
    this.owner = h('button', { type: 'button', 'aria-pressed': 'false', onclick: () => this.asOwner(this.owner.ariaPressed !== 'true') }, 'As the owner');
    chips.push(this.owner);
    this.glass = h('div', { class: 'glass' },
      h('div', { class: 'chat-head' }, face(business),
        h('div', null, h('b', { dir: 'auto' }, business), h('small', null, channel.display_phone ? pretty(channel.display_phone) : String(channel.external_id))),
        this.via),
      this.scroll, this.newer,
      h('div', { class: 'suggestions', role: 'group', 'aria-label': 'Suggestions' }, chips),
      form);
    this.scroll.addEventListener('scroll', () => {
      this.stick = this.scroll.scrollHeight - this.scroll.scrollTop - this.scroll.clientHeight < 48;
      if (this.stick) this.newer.hidden = true;
    }, { passive: true });
    const watch = new ResizeObserver(() => { if (this.stick) this.toEnd(); });
    watch.observe(this.list);
    watch.observe(this.scroll);
  }

  toEnd() {
    this.stick = true;
    this.newer.hidden = true;
    this.scroll.scrollTop = this.scroll.scrollHeight;
  }

  /** The whole transcript, at the start and after a lost connection. */
  load() {
    this.loading ??= this.fetchAll().finally(() => { this.loading = null; });
    return this.loading;
  }

  async fetchAll() {
    const query = new URLSearchParams({ channel: this.channel.kind, to: this.channel.external_id });
    const body = await json(`${this.url}?${query}`);
    const messages = list(Array.isArray(body) ? body : body.messages).map(normal);
    const known = new Set(messages.map((message) => message.id));
    for (const message of messages) {
      const own = message.direction === 'out' && !this.messages.has(message.id) ? this.waiting(message.text) : null;
      if (own) this.rename(own, message.id);
    }
    const kept = [...this.messages.values()].filter((message) => message.local || !known.has(message.id) && message.fresh);
    this.messages = new Map([...messages, ...kept].map((message) => [message.id, message]));
    this.draw();
  }

  /** Our own message that the simulator may just have told of before it answered. */
  waiting(text) {
    for (const message of this.messages.values()) if (message.local && message.text === text && message.status === 'pending') return message;
    return null;
  }

  rename(message, id) {
    const line = this.lines.get(message.id);
    this.lines.delete(message.id);
    if (line) this.lines.set(id, line);
    const already = this.messages.get(id);
    const renamed = already ?? { ...message, id, local: false, fresh: true, status: 'sent' };
    this.messages = new Map([...this.messages].filter(([key]) => key !== id || key === message.id)
      .map(([key, value]) => (key === message.id ? [id, renamed] : [key, value])));
  }

  receive(raw) {
    const message = normal(raw);
    const isNew = !this.messages.has(message.id);
    if (isNew && message.direction === 'out') {
      const own = this.waiting(message.text);
      if (own) this.rename(own, message.id);
    }
    message.fresh = true;
    this.messages.set(message.id, message);
    if (isNew && message.direction === 'in') {
      if (!this.onStage()) this.unread += 1;
      else if (!this.stick) this.newer.hidden = false;
      drawPeople();
    }
    this.draw();
  }

  onStage() {
    return this.phone.chat === this && shown().includes(this.phone);
  }

  asOwner(on) {
    this.owner.ariaPressed = String(on);
    this.input.placeholder = on ? 'Message of the owner, on the phone of the business' : 'Message';
    this.input.focus();
  }

  say(text) {
    const clean = text.trim();
    if (!clean) return;
    this.input.value = '';
    this.go.disabled = true;
    if (this.owner.ariaPressed === 'true') {
      this.echo(clean);
      return;
    }
    this.post({ text: clean }, clean);
  }

  /** The line comes back by the events, as any message of the business. */
  async echo(text) {
    this.asOwner(false);
    try {
      await json(`${this.url}/echoes`, {
        method: 'POST', headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ to: this.channel.external_id, channel: this.channel.kind, text }), signal: AbortSignal.timeout(30_000),
      });
    } catch {
      this.input.value = text;
      this.asOwner(true);
    }
  }

  async sendFile(file) {
    const mime = file.type || 'application/octet-stream';
    const kind = ['image/jpeg', 'image/png'].includes(mime) ? 'image' : mime === 'image/webp' ? 'sticker'
      : /^(audio|video)\//.exec(mime)?.[1] ?? 'document';
    const bytes = new Uint8Array(await file.arrayBuffer());
    let binary = '';
    for (let at = 0; at < bytes.length; at += 32_768) binary += String.fromCharCode(...bytes.subarray(at, at + 32_768));
    const caption = ['audio', 'sticker'].includes(kind) ? '' : this.input.value.trim();
    this.input.value = '';
    this.go.disabled = true;
    this.post({ file: { kind, mime, name: file.name, caption: caption || null, data: btoa(binary) } }, caption);
  }

  tap(kind, choice, message) {
    this.closeSheet();
    this.post({ tap: { kind, id: choice.id, title: choice.title, context: message.id } }, choice.title ?? '', message.id);
  }

  async post(what, text, context = null) {
    localIds += 1;
    const id = `local-${localIds}`;
    const message = { ...normal({ id, direction: 'out', kind: 'text', text, context, status: 'pending' }), local: true, what };
    this.messages.set(id, message);
    this.stick = true;
    this.draw();
    this.toEnd();
    try {
      const body = { to: this.channel.external_id, channel: this.channel.kind, name: this.phone.name, ...what };
      const answer = await json(`${this.url}/messages`, {
        method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body), signal: AbortSignal.timeout(30_000),
      });
      if (this.messages.has(id)) {
        if (answer?.id) this.rename(message, String(answer.id));
        else message.status = 'sent';
      }
    } catch (error) {
      if (this.messages.has(id)) {
        message.status = 'failed';
        message.error = error.message;
      }
    }
    this.draw();
  }

  again(message) {
    this.messages.delete(message.id);
    this.post(message.what, message.text, message.context);
  }

  draw() {
    const nodes = [];
    let day = '';
    let before = null;
    for (const message of this.messages.values()) {
      const today = new Date(millis(message.at) || Date.now()).toDateString();
      if (today !== day) {
        day = today;
        if (!this.days.has(day)) {
          const name = day === new Date().toDateString() ? 'Today' : dayMonth.format(new Date(day));
          this.days.set(day, h('div', { class: 'day' }, name));
        }
        nodes.push(this.days.get(day));
        before = null;
      }
      nodes.push(this.line(message, before !== message.direction));
      before = message.direction;
    }
    arrange(this.list, nodes);
    for (const id of this.lines.keys()) if (!this.messages.has(id)) this.lines.delete(id);
    arrange(this.scroll, nodes.length ? [this.list] : [this.hello]);
  }

  line(message, turn) {
    const taken = [...this.messages.values()].filter((other) => other.context === message.id).map((other) => other.text).join('\n');
    const { status: _s, error: _e, local: _l, fresh: _f, what: _w, id: _i, ...rest } = message;
    const shown = JSON.stringify([rest, taken, this.messages.get(message.context)?.text]);
    let line = this.lines.get(message.id);
    if (!line) {
      line = { element: h('div', {}), shown: null, slot: null, status: null };
      this.lines.set(message.id, line);
    }
    if (line.shown !== shown) {
      line.shown = shown;
      line.status = null;
      this.fill(line, message, taken.split('\n'));
    }
    if (line.status !== message.status) {
      line.status = message.status;
      // A business's ticks are what it is told of its message; a customer's own are the phone's.
      const prefix = message.direction === 'in' ? 'The business sees: ' : '';
      line.slot.replaceChildren(...(message.status ? [tick(message.status, prefix)] : []));
      line.retry?.remove();
      line.retry = null;
      if (message.status === 'failed' && message.local) {
        line.retry = h('button', { type: 'button', class: 'retry', title: message.error, onclick: () => this.again(message) }, 'Not sent. Try again');
        line.element.append(line.retry);
      }
    }
    line.element.classList.toggle('turn', turn);
    return line.element;
  }

  fill(line, message, taken) {
    const short = !message.isImage && !message.file && !message.footer && !message.header && !message.text.includes('\n') && message.text.length < 34;
    line.slot = h('span', { class: 'slot' });
    const stamp = h('div', { class: 'stamp' }, h('time', { datetime: message.at }, formatted(hourMinute, message.at)), line.slot);
    const text = message.text && h('div', { class: 'text', dir: 'auto' }, rich(message.text));
    const quoted = message.context ? this.messages.get(message.context) : null;
    const bubble = h('div', { class: 'bubble' },
      quoted && h('div', { class: 'quote', dir: 'auto' }, rich(quoted.text || quoted.header || quoted.kind)),
      message.isImage && this.picture(message),
      message.file && this.file(message.file),
      message.header && h('div', { class: 'header', dir: 'auto' }, message.header),
      short ? h('div', { class: 'inner' }, text, stamp) : [text || null, message.footer && h('div', { class: 'footer', dir: 'auto' }, message.footer), stamp]
        .filter(Boolean));
    const choices = h('div', { class: 'choices' });
    for (const button of message.buttons) {
      choices.append(h('button', {
        type: 'button', class: taken.includes(button.title) ? 'choice taken' : 'choice', dir: 'auto', onclick: () => this.tap('button', button, message),
      }, icon('reply'), button.title ?? ''));
    }
    if (message.sections.length) {
      choices.append(h('button', {
        type: 'button', class: 'choice', dir: 'auto', 'aria-haspopup': 'dialog', onclick: (event) => this.openSheet(message, event.currentTarget),
      }, icon('list'), message.open || 'Choose'));
    }
    const wide = message.isImage || message.file || choices.childNodes.length > 0;
    line.element.className = `line ${message.direction}${short ? ' short' : ''}${wide ? ' wide' : ''}`;
    line.element.replaceChildren(bubble, ...(choices.childNodes.length ? [choices] : []));
  }

  file({ url, mime, name }) {
    const src = address(url, true);
    const kind = /^(audio|video)\//.exec(mime ?? '')?.[1];
    if (!src) return null;
    if (kind) return h(kind, { class: 'media', src, controls: true, preload: 'metadata' });
    return h('a', { class: 'document', href: src, target: '_blank', rel: 'noopener noreferrer', dir: 'auto' }, name || mime || 'File');
  }

  picture(message) {
    const box = h('div', { class: 'picture' });
    const broken = () => box.replaceChildren(h('div', { class: 'broken' }, icon('image'), 'The picture is not here'));
    const url = message.image && address(message.image, true);
    if (!url) {
      broken();
      return box;
    }
    const image = h('img', { alt: message.text ? `Picture: ${message.text.split('\n')[0]}` : 'Picture', referrerpolicy: 'no-referrer', onerror: broken });
    image.src = url;
    box.append(image);
    return box;
  }

  openSheet(message, opener) {
    this.closeSheet();
    const title = message.open || 'Choose';
    const close = h('button', { type: 'button', 'aria-label': 'Close', onclick: () => this.closeSheet() }, icon('close'));
    const rows = message.sections.flatMap((section) => [
      section.title ? h('h3', { dir: 'auto' }, section.title) : null,
      ...section.rows.map((row) => h('button', { type: 'button', class: 'row', onclick: () => this.tap('list', row, message) },
        h('span', null, h('b', { dir: 'auto' }, row.title ?? ''), row.description && h('small', { dir: 'auto' }, row.description)),
        h('i', { 'aria-hidden': 'true' }))),
    ]);
    const sheet = h('div', { class: 'sheet', role: 'dialog', 'aria-modal': 'true', 'aria-label': title },
      h('div', { class: 'sheet-head' }, h('b', { dir: 'auto' }, title), close),
      h('div', { class: 'sheet-rows' }, rows));
    const veil = h('div', { class: 'veil' }, sheet);
    veil.addEventListener('click', (event) => { if (event.target === veil) this.closeSheet(); });
    veil.addEventListener('keydown', (event) => {
      const stops = [...sheet.querySelectorAll('button')];
      const at = stops.indexOf(document.activeElement);
      const step = { ArrowDown: 1, ArrowUp: -1, Tab: event.shiftKey ? -1 : 1 }[event.key];
      if (event.key === 'Escape') this.closeSheet();
      else if (step) stops.at((at + step) % stops.length).focus();
      else return;
      event.preventDefault();
    });
    this.glass.append(veil);
    this.sheet = { veil, opener };
    (sheet.querySelector('.row') ?? close).focus({ preventScroll: true });
  }

  closeSheet() {
    if (!this.sheet) return;
    const { veil, opener } = this.sheet;
    this.sheet = null;
    veil.remove();
    (opener.isConnected ? opener : this.input).focus({ preventScroll: true });
  }
}

/* ---------- Phones ---------- */

class Phone {
  constructor({ wa_id, name, language, channel }) {
    this.wa_id = digits(wa_id);
    this.name = name || pretty(wa_id);
    this.language = language;
    this.owner = h('div', { class: 'owner' }, h('b', { dir: 'auto' }, this.name));
    if (name) this.owner.append(h('span', { class: 'number' }, pretty(wa_id)));
    if (config.channels.length > 1) {
      this.select = h('select', { class: 'via', 'aria-label': `Whom ${this.name} writes to` },
        config.channels.map((one, at) => h('option', { value: at }, channelWord(one))));
      this.select.addEventListener('change', () => this.use(config.channels[Number(this.select.value)]));
    }
    this.element = h('article', { class: 'device', 'aria-label': `${this.name}'s phone` }, this.owner);
    this.element.addEventListener('focusin', () => touch(this));
    this.use(channel ?? config.channels[0]);
  }

  use(channel) {
    if (!channel) return;
    this.channel = channel;
    this.chat?.closeSheet();
    this.chat = chatOf(this, channel);
    if (this.select) {
      const focused = document.activeElement === this.select;
      this.select.value = String(config.channels.indexOf(channel));
      this.chat.via.replaceWith(this.select);
      this.chat.via = this.select;
      queueMicrotask(() => { if (focused) this.select.focus(); });
    }
    arrange(this.element, [this.owner, this.chat.glass]);
    this.seen();
    this.chat.toEnd();
  }

  seen() {
    if (this.chat?.onStage()) this.chat.unread = 0;
    drawPeople();
  }

  get unread() {
    let sum = 0;
    for (const chat of chats.values()) if (chat.phone === this) sum += chat.unread;
    return sum;
  }
}

/** As short as tells it from the others. */
function channelWord(channel) {
  const alike = config.channels.filter((one) => one.kind === channel.kind);
  const kind = KINDS[channel.kind] ?? channel.kind;
  return alike.length > 1 ? `${kind} · ${channel.name || channel.external_id}` : kind;
}

const channelName = (channel) => `${channel.name || channel.external_id} · ${KINDS[channel.kind] ?? channel.kind}`;

function chatOf(phone, channel) {
  const key = chatKey(phone.wa_id, channel.kind, channel.external_id);
  if (!chats.has(key)) {
    const chat = new Chat(phone, channel);
    chats.set(key, chat);
    chat.load().catch(() => {});
  }
  return chats.get(key);
}

/** The phones on the stage, in the order of the switcher. */
function shown() {
  const visible = new Set(opened.slice(-room));
  return [...phones.values()].filter((phone) => visible.has(phone.wa_id));
}

/** Makes it the one used last; the order on the stage stays. */
function touch(phone) {
  const on = shown().includes(phone);
  opened = [...opened.filter((id) => id !== phone.wa_id), phone.wa_id];
  if (!on) drawStage();
}

function drawStage() {
  const visible = shown();
  const open = new Set(visible);
  for (const phone of phones.values()) if (!open.has(phone)) phone.chat?.closeSheet();
  arrange($('stage'), visible.map((phone) => phone.element));
  for (const phone of visible) {
    phone.seen();
    if (phone.chat?.stick) phone.chat.toEnd();
  }
  drawPeople();
}

const peopleButtons = new Map();

function drawPeople() {
  const open = new Set(shown());
  const nodes = [...phones.values()].map((phone) => {
    if (!peopleButtons.has(phone)) {
      const button = h('button', { type: 'button', class: 'person', onclick: () => pick(phone) }, face(phone.name, phone.wa_id), h('span', { dir: 'auto' }, phone.name));
      peopleButtons.set(phone, { button, badge: h('span', { class: 'unread' }) });
    }
    const { button, badge } = peopleButtons.get(phone);
    setAttribute(button, 'aria-pressed', String(open.has(phone)));
    if (phone.unread) {
      setText(badge, String(phone.unread));
      setAttribute(badge, 'aria-label', `${phone.unread} unread`);
      button.append(badge);
    } else {
      badge.remove();
    }
    return button;
  });
  arrange($('people'), nodes);
}

function pick(phone) {
  touch(phone);
  drawStage();
  phone.chat?.input.focus({ preventScroll: true });
}

function addPhone(data, open = false) {
  const id = digits(data.wa_id);
  if (!id) return null;
  if (!phones.has(id)) phones.set(id, new Phone(data));
  else if (data.channel) phones.get(id).use(data.channel);
  const phone = phones.get(id);
  if (open) pick(phone);
  return phone;
}

/* Phones added by hand live as long as the tab. */
const MEMORY = 'kazi-phones';

function remembered() {
  try {
    return list(JSON.parse(sessionStorage.getItem(MEMORY)));
  } catch {
    return [];
  }
}

function remember(data) {
  try {
    sessionStorage.setItem(MEMORY, JSON.stringify([...remembered().filter((one) => one.wa_id !== data.wa_id), data]));
  } catch {
    // Without a memory it lives as long as the page.
  }
}

function setUpNewPhone() {
  const dialog = $('new-phone');
  const form = dialog.querySelector('form');
  const { name, number, channel } = form.elements;
  const hint = $('number-hint');
  const advice = hint.textContent;
  const mark = (text) => {
    setText(hint, text || advice);
    hint.classList.toggle('bad', Boolean(text));
    number.setAttribute('aria-invalid', String(Boolean(text)));
  };
  $('add').addEventListener('click', () => {
    name.value = '';
    number.value = `+44 7700 900${String(Math.floor(Math.random() * 1000)).padStart(3, '0')}`;
    channel.replaceChildren(...config.channels.map((one, at) => h('option', { value: at }, channelName(one))));
    mark('');
    dialog.showModal();
    name.focus();
  });
  $('new-phone-cancel').addEventListener('click', () => dialog.close());
  dialog.addEventListener('click', (event) => { if (event.target === dialog) dialog.close(); });
  number.addEventListener('input', () => mark(''));
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const plain = digits(number.value).replace(/^00/, '');
    if (plain.length < 7 || plain.length > 15) {
      mark('A number has 7 to 15 digits, its country code included.');
      number.focus();
      return;
    }
    const chosen = config.channels[Number(channel.value)];
    dialog.close();
    addPhone({ wa_id: plain, name: name.value.trim(), channel: chosen }, true);
    remember({ wa_id: plain, name: name.value.trim(), kind: chosen?.kind, external_id: chosen?.external_id });
  });
}

/** Changes on all phones, as they happen; the transcripts are read again after every gap. */
function listen() {
  let source;
  const start = () => {
    source = new EventSource(`${config.simulators}/_phones/events`);
    source.addEventListener('open', () => {
      connected('phones', true);
      for (const chat of chats.values()) chat.load().catch(() => {});
    });
    source.addEventListener('error', () => {
      connected('phones', false);
      if (source.readyState === EventSource.CLOSED) setTimeout(start, 2000);
    });
    source.addEventListener('message', (event) => {
      let change;
      try {
        change = JSON.parse(event.data);
      } catch {
        return;
      }
      const phone = phones.get(digits(change?.phone));
      if (!phone || !change.message?.id) return;
      const channel = config.channels.find((one) => one.kind === change.channel && String(one.external_id) === String(change.to));
      if (channel) chatOf(phone, channel).receive(change.message);
    });
  };
  start();
}

/* ---------- What happened underneath ---------- */

const TONES = {
  done: 'good', running: 'busy', ready: 'slow', waiting: 'slow', blocked: 'slow', scheduled: 'slow', retry: 'slow',
  dead: 'bad', failed: 'bad', discarded: 'bad', cancelled: 'dull',
};
const UNFINISHED = new Set(['ready', 'running', 'waiting', 'blocked', 'scheduled', 'retry']);
const KIND_NAMES = { message: 'Message', status: 'Status', other: 'Event' };
const PARTS = { wait: 'waiting', run: 'working', way: 'on its way', read: 'unread' };

const cards = new Map(); // trace and time → Card
const traces = new Set();

/** What took the time, as pieces that don't overlap: a running worker counts before a waiting job, that before the provider. */
function pieces(item) {
  const start = millis(item.at);
  const now = Date.now();
  const spans = [];
  const add = (part, rank, from, to) => { if (Number.isFinite(from) && to > from) spans.push({ part, rank, from, to }); };
  for (const job of list(item.jobs)) {
    const [queued, claimed, finished] = [job.enqueued_at, job.claimed_at, job.finished_at].map(millis);
    if (job.state !== 'scheduled') add('wait', 2, queued, claimed || (UNFINISHED.has(job.state) ? now : NaN));
    add('run', 3, claimed, finished || (job.state === 'running' ? now : NaN));
  }
  for (const message of list(item.messages)) {
    if (message.direction !== 'out') continue;
    const left = millis(message.accepted_at) || millis(message.sent_at);
    const [delivered, read] = [millis(message.delivered_at), millis(message.read_at)];
    add('way', 1, left, delivered || millis(message.sent_at));
    if (read - delivered < 30_000) add('read', 0, delivered, read);
  }
  const edges = [...new Set(spans.flatMap((one) => [one.from, one.to]))].sort((a, b) => a - b);
  const parts = [];
  for (let at = 0; at + 1 < edges.length; at += 1) {
    const [from, to] = [edges[at], edges[at + 1]];
    const over = spans.filter((one) => one.from <= from && one.to >= to).sort((a, b) => b.rank - a.rank)[0];
    if (!over) continue;
    const last = parts.at(-1);
    if (last && last.part === over.part && last.to === from) last.to = to;
    else parts.push({ part: over.part, from, to });
  }
  const end = edges.at(-1) ?? start;
  // The event's time and its jobs' are not always of one clock.
  return { start: Math.min(...[start, edges[0] ?? start].filter(Number.isFinite)), end, parts };
}

class Card {
  constructor(item) {
    this.rows = new Map();
    this.lines = new Map();
    this.said = null;
    const isMessage = item.kind === 'message';
    this.kind = h('span', { class: 'card-kind' });
    this.text = h('span', { class: 'card-text' });
    this.flag = h('span', { class: 'card-flag', hidden: true, role: 'img' });
    this.sum = h('span', { class: 'card-sum', title: 'From the event to the end of its last job' });
    this.time = h('time', { class: 'card-time' });
    this.head = h('button', { type: 'button', class: 'card-head', 'aria-expanded': String(isMessage), onclick: () => this.open(this.body.hidden) },
      h('span', { class: 'card-icon' }, icon({ message: 'message', status: 'ticks' }[item.kind] ?? 'event')), this.kind, this.text, this.flag, this.sum, this.time);
    this.bar = h('div', { class: 'bar', role: 'img' });
    this.sums = h('div', { class: 'sums' });
    this.tbody = h('tbody');
    this.table = h('table', { class: 'jobs' },
      h('thead', null, h('tr', null, ['Job', 'Pool', 'Attempt', 'State', 'Wait', 'Run'].map((name) => h('th', { scope: 'col' }, h('span', { class: 'unseen' }, name))))), this.tbody);
    this.sent = h('ul', { class: 'msgs', 'aria-label': 'Messages' });
    this.body = h('div', {}, this.bar, this.sums, h('div', { class: 'card-body' }, this.table, this.sent));
    this.element = h('article', { class: 'card' }, this.head, this.body);
    this.open(isMessage);
  }

  open(yes) {
    this.body.hidden = !yes;
    this.head.setAttribute('aria-expanded', String(yes));
  }

  update(item) {
    const said = JSON.stringify(item);
    const jobs = list(item.jobs);
    const busy = jobs.some((job) => UNFINISHED.has(job.state));
    if (said === this.said && !busy) return;
    this.said = said;
    const messages = list(item.messages);
    this.element.dataset.kind = item.kind ?? 'other';
    setText(this.kind, KIND_NAMES[item.kind] ?? String(item.kind ?? 'Event'));
    setText(this.text, item.text ?? '');
    this.text.title = item.text ?? '';
    setText(this.time, formatted(hourSecond, item.at));
    setAttribute(this.time, 'datetime', item.at ?? '');

    const dead = jobs.some((job) => TONES[job.state] === 'bad') || messages.some((message) => message.status === 'failed');
    this.flag.hidden = !dead && !busy;
    this.flag.dataset.state = dead ? 'dead' : 'busy';
    setAttribute(this.flag, 'aria-label', dead ? 'Something failed' : 'Not finished yet');
    const ends = jobs.map((job) => millis(job.finished_at)).filter(Number.isFinite);
    setText(this.sum, ends.length && !busy ? span(Math.max(...ends) - millis(item.at)) : '');

    this.drawBar(item);
    arrange(this.tbody, jobs.map((job, at) => this.job(job, String(job.id ?? at))));
    this.table.hidden = !jobs.length;
    arrange(this.sent, messages.map((message, at) => this.message(message, String(message.id ?? at), millis(item.at))));
    this.sent.hidden = !messages.length;
  }

  drawBar(item) {
    const { start, end, parts } = pieces(item);
    const whole = Math.max(end - start, 0.001);
    this.bar.hidden = !parts.length;
    while (this.bar.childElementCount > parts.length) this.bar.lastElementChild.remove();
    while (this.bar.childElementCount < parts.length) this.bar.append(h('i'));
    const sums = {};
    parts.forEach((piece, at) => {
      const element = this.bar.children[at];
      const width = piece.to - piece.from;
      sums[piece.part] = (sums[piece.part] ?? 0) + width;
      element.dataset.part = piece.part;
      element.style.left = `min(${((piece.from - start) / whole * 100).toFixed(3)}%, calc(100% - 3px))`;
      element.style.width = `${(width / whole * 100).toFixed(3)}%`;
      element.title = `${PARTS[piece.part]} ${span(width)}, from +${span(piece.from - start)}`;
    });
    const said = Object.keys(PARTS).filter((part) => part in sums);
    setAttribute(this.bar, 'aria-label', `Where the time went: ${said.map((part) => `${PARTS[part]} ${span(sums[part])}`).join(', ')}`);
    const trace = String(item.trace ?? '');
    const text = JSON.stringify([said.map((part) => span(sums[part])), trace]);
    if (this.sums.dataset.said === text) return;
    this.sums.dataset.said = text;
    this.sums.replaceChildren(...said.map((part) => h('span', { 'data-part': part }, `${PARTS[part]} ${span(sums[part])}`)),
      ...(trace ? [h('span', { class: 'trace', title: `Trace ${trace}` }, trace.slice(-8))] : []));
  }

  job(job, id) {
    let row = this.rows.get(id);
    if (!row) {
      const [kind, pool, attempt, state, wait, run] = [h('td'), h('span', { class: 'pool' }), h('td'), h('span', { class: 'pill' }), h('b'), h('b')];
      const element = h('tr', null, kind, h('td', { class: 'pool-cell' }, pool), attempt, h('td', null, state),
        h('td', { class: 'num' }, 'wait ', wait), h('td', { class: 'num' }, 'run ', run));
      row = { element, kind, pool, attempt, state, wait, run };
      this.rows.set(id, row);
    }
    setText(row.kind, job.kind ?? 'job');
    row.kind.title = `${job.kind ?? 'job'}, job ${job.id ?? '?'}`;
    setText(row.pool, job.pool ?? '');
    row.pool.hidden = !job.pool;
    row.pool.style.setProperty('--hue', POOL_HUES[job.pool] ?? hue(job.pool));
    const attempt = job.attempt ?? 0;
    setText(row.attempt, attempt ? `×${attempt}` : '');
    row.attempt.title = `Attempt ${attempt}`;
    row.attempt.classList.toggle('again', attempt > 1);
    setText(row.state, job.state ?? '?');
    row.state.dataset.tone = TONES[job.state] ?? 'dull';
    const waits = UNFINISHED.has(job.state) && job.state !== 'scheduled';
    setText(row.wait, span((millis(job.claimed_at) || (waits ? Date.now() : NaN)) - millis(job.enqueued_at)));
    setText(row.run, span((millis(job.finished_at) || (job.state === 'running' ? Date.now() : NaN)) - millis(job.claimed_at)));
    return row.element;
  }

  message(message, id, since) {
    let line = this.lines.get(id);
    if (!line) {
      line = { element: h('li'), said: null };
      this.lines.set(id, line);
    }
    const said = JSON.stringify(message);
    if (line.said === said) return line.element;
    line.said = said;
    const out = message.direction === 'out';
    const cause = message.cause ?? (out ? '' : 'customer');
    const steps = [];
    const step = (name, time) => {
      const at = millis(time);
      if (Number.isFinite(at)) steps.push(h('span', { title: time }, name in STATUS_TICKS && name !== 'accepted' ? tick(name) : null, `${name} +${span(at - since)}`));
    };
    if (out) {
      step('accepted', message.accepted_at);
      step('sent', message.sent_at);
      step('delivered', message.delivered_at);
      step('read', message.read_at);
      if (message.status === 'failed' || message.error_code) {
        steps.push(h('span', { class: 'error' }, tick('failed'), message.error_code ? `failed, error ${message.error_code}` : 'failed'));
      } else if (!steps.length) {
        steps.push(h('span', null, tick('pending'), message.status ?? 'queued'));
      }
    } else {
      step('stored', message.created_at);
    }
    const kind = message.kind && message.kind !== 'text' ? message.kind : '';
    line.element.className = out ? 'out' : 'in';
    line.element.replaceChildren(
      h('div', { class: 'what' },
        h('span', { class: 'way', role: 'img', 'aria-label': out ? 'Sent' : 'Received', title: out ? 'To the customer' : 'From the customer' }, out ? '↗' : '↙'),
        h('span', { class: 'words', title: message.text ?? '' }, String(message.text ?? kind ?? '').split('\n').filter(Boolean).join('  ') || kind || 'message'),
        h('span', { class: 'cause' }, [kind, cause].filter(Boolean).join(' · '))),
      h('div', { class: 'when' }, steps));
    return line.element;
  }
}

function show(items, first) {
  for (const item of items) {
    if (!item) continue;
    const key = `${item.trace ?? ''}|${item.at ?? ''}`;
    let card = cards.get(key);
    if (!card) {
      card = new Card(item);
      if (!first) {
        card.element.classList.add('fresh');
        card.element.addEventListener('animationend', (event) => {
          if (event.animationName === 'arrive') card.element.classList.remove('fresh');
        });
      }
      card.at = millis(item.at) || Date.now();
      cards.set(key, card);
    }
    traces.add(key);
    card.update(item);
  }
  const order = [...cards.entries()].sort(([, a], [, b]) => b.at - a.at);
  for (const [key] of order.splice(CARDS_KEPT)) cards.delete(key);
  const nodes = order.map(([, card]) => card.element);
  arrange($('feed'), nodes.length ? nodes : [nothing]);
}

const nothing = $('nothing');

function count(total) {
  const number = Number.isFinite(total) ? total : traces.size;
  setText($('total'), number.toLocaleString());
  setText($('total-word'), number === 1 ? 'event' : 'events');
}

async function watchActivity() {
  let cursor = null;
  let first = true;
  let pause = POLL_MS;
  for (;;) {
    try {
      const body = await json(cursor ? `/demo/activity?after=${encodeURIComponent(cursor)}` : '/demo/activity');
      show(list(body.items), first);
      count(body.total);
      cursor = body.cursor ?? cursor;
      first = false;
      pause = document.hidden ? POLL_HIDDEN_MS : POLL_MS;
      connected('server', true);
    } catch (error) {
      // Perhaps another server comes back, with another cursor.
      cursor = null;
      pause = Math.min(5000, Math.max(1000, pause * 1.5));
      connected('server', false);
      console.debug('activity', error);
    }
    await sleep(pause);
  }
}

/* ---------- The start ---------- */

async function readConfig() {
  for (let pause = 500; ; pause = Math.min(5000, pause * 1.5)) {
    try {
      const body = await json('/demo/config');
      return {
        simulators: String(body.simulators ?? '').replace(/\/+$/, ''),
        channels: list(body.channels).filter((channel) => channel?.kind),
        phones: list(body.phones),
      };
    } catch (error) {
      connected('server', false);
      console.debug('config', error);
      await sleep(pause);
    }
  }
}

function fit() {
  const width = $('stage').clientWidth;
  const fits = Math.min(PHONES_AT_MOST, Math.max(1, Math.floor((width + 22) / PHONE_WIDTH)));
  if (fits === room) return;
  room = fits;
  drawStage();
}

async function main() {
  setUpNewPhone();
  const statuses = $('statuses');
  statuses.addEventListener('change', () => $('feed').classList.toggle('no-status', !statuses.checked));
  watchActivity();
  config = await readConfig();
  for (const phone of config.phones) addPhone(phone);
  for (const phone of remembered()) {
    addPhone({ ...phone, channel: config.channels.find((one) => one.kind === phone.kind && one.external_id === phone.external_id) });
  }
  // The first phones stand on the stage; the first of them is the one used last.
  opened = [...phones.keys()].reverse();
  new ResizeObserver(fit).observe($('stage'));
  fit();
  drawStage();
  listen();
  shown()[0]?.chat?.input.focus({ preventScroll: true });
}

main();
