// A browser that is logged in to a running demo. KAZI_APP is the app's address, CHROMIUM the browser.

import assert from 'node:assert/strict';
import { chromium } from 'playwright-core';

export const app = process.env.KAZI_APP ?? 'http://127.0.0.1:8080/app';
export const owner = process.env.KAZI_OWNER ?? 'owner@zuri.example';
export const password = process.env.KAZI_PASSWORD ?? 'maize kettle orbit';

export let browser;

/** The demo plays a first day of its business once it is ready. Its last act is the exports. */
async function firstDay() {
  const { origin } = new URL(app);
  const ask = async (path, headers, body) =>
    (await fetch(`${origin}/api/v1${path}`, { method: body ? 'POST' : 'GET', headers, body })).json();
  const login = JSON.stringify({ email: owner, password });
  const { access_token } = await ask('/auth/login', { 'content-type': 'application/json' }, login);
  for (let tries = 0; tries < 60; tries++) {
    const { items } = await ask('/exports', { authorization: `Bearer ${access_token}` });
    if (items.length >= 2) return;
    await new Promise((resolve) => setTimeout(resolve, 1_000));
  }
}

export async function open() {
  await firstDay();
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

export async function logIn(path = '/contacts', { email = owner, ...options } = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: 'en', ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  page.faults = [];
  page.on('pageerror', (error) => page.faults.push(error.message));
  await page.goto(`${app}${path}`);
  await page.getByLabel('E-mail address').fill(email);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Log in' }).click();
  await page.getByRole('navigation', { name: 'Pages', exact: true }).waitFor();
  return page;
}

export const unique = () => Date.now().toString(36);

/** What the API says to the owner, for a comparison with what the page shows. A body is sent by the method. */
export async function ask(path, method = 'GET', body = undefined) {
  const { origin } = new URL(app);
  const said = await fetch(`${origin}/api/v1/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email: owner, password }),
  });
  const { access_token } = await said.json();
  const answer = await fetch(`${origin}/api/v1${path}`, {
    method,
    headers: { authorization: `Bearer ${access_token}`, 'content-type': 'application/json' },
    body: body && JSON.stringify(body),
  });
  assert.ok(answer.ok, `${method} ${path}: ${answer.status}`);
  return answer.json();
}

/** Writes as a customer, on a phone of the simulator that no other test uses. */
export async function phone() {
  const config = await (await fetch(`${new URL(app).origin}/demo/config`)).json();
  const number = `2547${String(Date.now()).slice(-8)}`;
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
