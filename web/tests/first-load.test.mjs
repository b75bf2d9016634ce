// What a first visit fetches, and what comes later by its first use. See contacts.test.mjs for how to run it.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { app, close, logIn, menu, newPage, open, owner, password, writePassword } from './browser.mjs';

before(open);
after(close);

/** The most that a first visit may fetch, packed as the program packs it: see docs/benchmarks.md. */
const MOST_BYTES = 250_000;

/** Scripts and styles that a page has fetched until now. */
function filesOf(page) {
  const files = [];
  page.on('response', (response) => {
    if (/\.(js|css)$/.test(new URL(response.url()).pathname)) files.push(response);
  });
  return files;
}

async function checkBytes(files) {
  const sizes = await Promise.all(
    files.map(async (one) => [gzipSync(await one.body(), { level: 9 }).length, new URL(one.url()).pathname]),
  );
  const bytes = sizes.reduce((sum, [size]) => sum + size, 0);
  const largest = sizes.toSorted(([a], [b]) => b - a).slice(0, 15);
  assert.ok(bytes > 100_000, 'the files were counted');
  assert.ok(bytes <= MOST_BYTES, `${bytes} bytes, the largest of them:\n${largest.join('\n')}`);
}

test('a first visit fetches few bytes: the log-in, and the dashboard', async () => {
  const first = await newPage();
  const ofLogIn = filesOf(first);
  await first.goto(`${app}/login`);
  await first.getByLabel('E-mail address').waitFor();
  await first.waitForLoadState('load');
  await checkBytes(ofLogIn);
  await writePassword(first, owner, password);
  await menu(first).waitFor();
  const second = await first.context().newPage();
  const ofDashboard = filesOf(second);
  await second.goto(`${app}/dashboard`);
  await second.getByRole('heading', { level: 1, name: 'Dashboard' }).waitFor();
  await second.waitForFunction(() => !document.querySelector('.animate-pulse'));
  await checkBytes(ofDashboard);
});

test('the menus of the head come with the first click, touch or key', async () => {
  const page = await logIn('/dashboard');
  const files = filesOf(page);
  const opened = page.getByRole('menu');
  const late = () => files.filter((one) => /shell-/.test(one.url())).length;
  await page.getByRole('button', { name: 'Your account' }).click();
  await opened.getByRole('menuitem', { name: 'Log out' }).waitFor();
  assert.ok(late() > 0);
  await page.keyboard.press('Escape');
  await opened.waitFor({ state: 'detached' });
  const focused = () => page.evaluate(() => document.activeElement?.textContent.trim());
  assert.match(await focused(), /Your account$/);
  // The second click is of the menu itself.
  await page.getByRole('button', { name: 'Your account' }).click();
  await opened.getByRole('menuitem', { name: 'Profile' }).click();
  await page.waitForURL(/\/profile$/);

  for (const [name, key] of [
    ['Settings', 'ArrowDown'],
    ['Change the workspace', 'Enter'],
  ]) {
    const button = page.getByRole('banner').getByRole('button', { name: new RegExp(`^${name}`) });
    await button.focus();
    await page.keyboard.press(key);
    await opened.waitFor();
    // A person who works by keyboard is at the first item, as in every later opening.
    await page.waitForFunction(() => document.activeElement?.getAttribute('role')?.startsWith('menuitem'));
    assert.equal(await focused(), (await opened.locator('[role^=menuitem]').first().textContent()).trim());
    await page.keyboard.press('Escape');
    await opened.waitFor({ state: 'detached' });
    assert.equal(await button.evaluate((one) => one === document.activeElement), true);
  }
  assert.deepEqual(page.faults, []);
});

test('the menu of the pages comes with the first touch of a phone', async () => {
  const page = await logIn('/dashboard', { hasTouch: true });
  await page.setViewportSize({ width: 390, height: 800 });
  const files = filesOf(page);
  await page.getByRole('button', { name: 'Open the menu' }).tap();
  const sheet = page.getByRole('dialog');
  await sheet.getByRole('link', { name: 'Contacts', exact: true }).tap();
  await page.getByRole('heading', { level: 1, name: 'Contacts' }).waitFor();
  await sheet.waitFor({ state: 'detached' });
  assert.ok(files.some((one) => /shell-sheet/.test(one.url())));
  // It stays closed on the page where it was opened first.
  await page.goBack();
  await page.getByRole('heading', { level: 1, name: 'Dashboard' }).waitFor();
  assert.equal(await sheet.count(), 0);
  await page.getByRole('button', { name: 'Settings' }).tap();
  await page.getByRole('menu').waitFor();
  assert.deepEqual(page.faults, []);
});
