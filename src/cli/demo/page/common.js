// What the demo's pages share. Data only ever goes through textContent and attributes, never through innerHTML.

export const $ = (id) => document.getElementById(id);
export const sleep = (ms) => new Promise((done) => setTimeout(done, ms));
export const list = (value) => (Array.isArray(value) ? value : []);
export const SVG = 'http://www.w3.org/2000/svg';

/** An element: properties that start with `on` are listeners, the rest attributes; null children are left out. */
export function h(tag, props, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? '' : String(value));
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

/** Makes `nodes` the children of `parent`; those that are in place already stay untouched. */
export function arrange(parent, nodes) {
  const wanted = new Set(nodes);
  for (const child of [...parent.childNodes]) if (!wanted.has(child)) child.remove();
  nodes.forEach((node, at) => {
    if (parent.childNodes[at] !== node) parent.insertBefore(node, parent.childNodes[at] ?? null);
  });
}

export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

export function setAttribute(element, name, value) {
  if (element.getAttribute(name) !== value) element.setAttribute(name, value);
}

export const hourMinute = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
export const hourSecond = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' });
export const dayMonth = new Intl.DateTimeFormat(undefined, { weekday: 'long', day: 'numeric', month: 'long' });

/** Milliseconds of a time of the server (microseconds kept), NaN without one. */
export function millis(time) {
  if (!time) return NaN;
  const whole = Date.parse(time);
  const fraction = /\.\d{3}(\d{1,6})/.exec(time);
  return fraction ? whole + Number(`0.${fraction[1]}`) : whole;
}

export function formatted(format, time) {
  const at = millis(time);
  return Number.isNaN(at) ? '' : format.format(at);
}

export async function json(url, options = {}) {
  const answer = await fetch(url, { cache: 'no-store', signal: AbortSignal.timeout(10_000), ...options });
  if (!answer.ok) {
    const body = await answer.text().catch(() => '');
    throw new Error(`${answer.status} ${body.slice(0, 200)}`.trim());
  }
  return answer.json();
}

/** A web address that is safe to follow or show. */
export function address(url, images = false) {
  try {
    const parsed = new URL(url, location.href);
    const allowed = images ? ['http:', 'https:', 'data:', 'blob:'] : ['http:', 'https:'];
    return allowed.includes(parsed.protocol) ? parsed.href : null;
  } catch {
    return null;
  }
}
