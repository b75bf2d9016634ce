// A browser that is logged in to a running demo. KAZI_APP is the app's address, CHROMIUM the browser.

import { chromium } from 'playwright-core';

export const app = process.env.KAZI_APP ?? 'http://127.0.0.1:8080/app';
export const owner = process.env.KAZI_OWNER ?? 'owner@zuri.example';
export const password = process.env.KAZI_PASSWORD ?? 'maize kettle orbit';

export let browser;

export async function open() {
  browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update'],
  });
}

export async function close() {
  await browser?.close();
}

export async function logIn(path = '/contacts', options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: 'en', ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  page.faults = [];
  page.on('pageerror', (error) => page.faults.push(error.message));
  await page.goto(`${app}${path}`);
  await page.getByLabel('E-mail address').fill(owner);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Log in' }).click();
  await page.getByRole('navigation', { name: 'Pages', exact: true }).waitFor();
  return page;
}
