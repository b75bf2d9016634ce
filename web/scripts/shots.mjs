// Makes a picture of every page of a running demo: light, dark, on a phone, and from right to left. See tests/browser.mjs for
// where the demo is.
//   KAZI_APP=http://127.0.0.1:8080/app node scripts/shots.mjs [folder, shots by default] [a part of the pages' addresses] [a look]

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { app, close, logIn, open } from '../tests/browser.mjs';

const [folder = 'shots', only = '', oneLook = ''] = process.argv.slice(2);

const LOOKS = {
  light: {},
  dark: { colorScheme: 'dark' },
  mobile: { size: { width: 390, height: 844 } },
  arabic: { language: 'ar' },
};

/** Lists whose rows have pages of their own. */
const WITH_ROWS = [
  'contacts',
  'orders',
  'tickets',
  'campaigns',
  'automations',
  'prompts',
  'payments',
  'subscriptions',
  'imports',
  'endpoints',
];
const MORE = [
  'imports',
  'imports/new',
  'campaigns/new',
  'automations/new',
  'loyalty/counter',
  'profile',
  'notifications',
  'workspaces',
  'no-such-page',
];

async function settle(page) {
  await page.getByRole('heading', { level: 1 }).first().waitFor();
  await page.waitForFunction(
    () =>
      !document.querySelector('main .animate-pulse') &&
      document.getAnimations().every((one) => one.playState !== 'running') &&
      [...document.images].every((one) => one.complete),
  );
}

async function walk(look, { language, size, ...options }) {
  const page = await logIn('/dashboard', options);
  if (size) await page.setViewportSize(size);
  if (language) await page.evaluate((code) => localStorage.setItem('kazi.language', code), language);
  const take = async (name) => {
    if (!name.includes(only)) return;
    await settle(page).catch(() => console.error(`${name} (${look}) does not come to rest`));
    await page.screenshot({ path: join(folder, `${name.replaceAll('/', '_')}.${look}.png`) });
  };
  const links = page
    .getByRole('navigation', { name: 'Pages', exact: true, includeHidden: true })
    .getByRole('link', { includeHidden: true });
  const addresses = await links.evaluateAll((all) => all.map((one) => one.href));
  const root = `${app}/`;
  const names = [...new Set([...addresses.map((one) => new URL(one).pathname.replace(/^\/app\//, '')), ...MORE])];
  for (const name of names) {
    if (!name.includes(only)) continue;
    await page.goto(root + name);
    await take(name);
    const tabs = page.locator('main nav:has([aria-current=page])').getByRole('button');
    for (let at = 1, count = await tabs.count(); at < count; at += 1) {
      await tabs.nth(at).click();
      await take(`${name}.tab${at}`);
    }
    const first = page.locator(name === 'inbox' ? '[data-conversation]' : 'main [data-index="0"]').first();
    if (![...WITH_ROWS, 'inbox'].includes(name)) continue;
    await page.goto(root + name);
    await settle(page);
    if (!(await first.count())) continue;
    const title = await page.getByRole('heading', { level: 1 }).textContent();
    await first.press('Enter');
    if (name === 'inbox') await page.getByRole('log').waitFor();
    else await page.getByRole('heading', { level: 1 }).filter({ hasNotText: title }).waitFor();
    await take(`${name}.one`);
  }
  if (look === 'mobile' && !only) {
    await page.goto(`${root}dashboard`);
    await page.getByRole('button', { name: 'Open the menu' }).click();
    await take('menu-opened');
  }
  await page.context().clearCookies();
  await page.goto(`${root}login`);
  await page.evaluate(() => localStorage.removeItem('kazi.session'));
  await page.reload();
  await take('login');
  await page.context().close();
}

mkdirSync(folder, { recursive: true });
await open();
for (const [look, options] of Object.entries(LOOKS)) if (look.includes(oneLook)) await walk(look, options);
await close();
