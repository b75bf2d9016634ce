// A browser that is logged in to a running demo, and calls of its API. KAZI_APP is the app's address, CHROMIUM the browser.

import assert from 'node:assert/strict';
import { chromium } from 'playwright-core';

export const app = process.env.KAZI_APP ?? 'http://127.0.0.1:8080/app';
/** Where the demo's own pages are: the phones, the simulators. A preview of the app has its calls proxied from another port. */
export const demo = process.env.KAZI_URL ?? new URL(app).origin;
export const owner = process.env.KAZI_OWNER ?? 'owner@zuri.example';
export const password = process.env.KAZI_PASSWORD ?? 'maize kettle orbit';

/** The first number of the demo's business, as a list of channels names it. */
export const whatsapp = 'WhatsApp +254 20 555 0100';

/** A PNG of one colour: four pixels wide and high. */
export const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAQAAAAECAIAAAAmkwkpAAAAEElEQVR42mM4oaEBRwzEcQDRQxGBoNNuZAAAAABJRU5ErkJggg==',
  'base64',
);

export let browser;

export async function open() {
  // The demo plays a first day of its business once it is ready. Its last act is the exports.
  await until(({ items }) => items.length >= 2, '/exports');
  browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-dev-shm-usage',
      '--disable-background-networking',
      '--disable-component-update',
    ],
  });
}

export async function close() {
  await browser?.close();
}

/** The pages of a test. A member has few streams of events, so pages that stay open take those of later tests. */
export async function closePages() {
  await Promise.all(browser.contexts().map((context) => context.close()));
}

/** A page of somebody who has never been here. What goes wrong in it stands in its `faults`. */
export async function newPage(options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: 'en', ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  page.faults = [];
  page.on('pageerror', (error) => page.faults.push(error.message));
  return page;
}

export async function writePassword(page, email, secret = password) {
  await page.getByLabel('E-mail address').fill(email);
  await page.getByLabel('Password', { exact: true }).fill(secret);
  await page.getByRole('button', { name: 'Log in' }).click();
}

export const menu = (page) => page.getByRole('navigation', { name: 'Pages', exact: true });

export async function logIn(path = '/contacts', { email = owner, ...options } = {}) {
  const page = await newPage(options);
  await page.goto(`${app}${path}`);
  await writePassword(page, email);
  await menu(page).waitFor();
  return page;
}

export const unique = () => Date.now().toString(36);

/** A number that no other test uses. */
export const phoneNumber = () => `2547${String(Date.now()).slice(-8)}`;

/** A call of the API, as this user where there is one. */
export async function call(path, body, { as, method = body ? 'POST' : 'GET' } = {}) {
  const headers = { 'content-type': 'application/json', ...(as && { authorization: `Bearer ${await tokenOf(as)}` }) };
  const answer = await fetch(`${demo}/api/v1${path}`, { method, headers, body: body && JSON.stringify(body) });
  const said = await answer.text();
  assert.ok(answer.ok, `${method} ${path}: ${answer.status} ${said}`);
  return said ? JSON.parse(said) : null;
}

async function tokenOf(email) {
  return (await call('/auth/login', { email, password })).access_token;
}

/** What the API says to the owner, for a comparison with what the page shows. */
export const ask = (path, method, body) => call(path, body, { as: owner, method });

/** Asks until the answer is wanted: a job works for it. */
export async function until(wanted, path) {
  for (let tries = 0; tries < 60; tries += 1) {
    const said = await ask(path);
    if (wanted(said)) return said;
    await new Promise((resolve) => setTimeout(resolve, 1_000));
  }
  throw new Error(`${path} did not say what was wanted`);
}

/** Writes as a customer, on a phone of the simulator that no other test uses. */
export async function phone() {
  const config = await (await fetch(`${demo}/demo/config`)).json();
  const number = phoneNumber();
  const name = `Customer ${unique()}`;
  const { external_id: to } = config.channels.find((one) => one.kind === 'whatsapp');
  const path = `${config.simulators}/_phones/${number}`;
  const write = async (text) => {
    const said = await fetch(`${path}/messages`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ to, channel: 'whatsapp', text, name }),
    });
    assert.equal(said.status, 202);
  };
  return { name, number, write, path };
}
