// In Chromium against a running demo. KAZI_APP is the app's address, CHROMIUM the browser:
//   KAZI_APP=http://127.0.0.1:8080/app npm test

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { app, browser, close, logIn, open, owner, phoneNumber } from './browser.mjs';

before(open);
after(close);

/** Makes a contact of this test and leaves its profile open. */
async function addContact(page, name) {
  await page.getByRole('button', { name: 'Add a contact' }).click();
  await page.getByLabel('Name', { exact: true }).fill(name);
  await page.getByLabel('Phone', { exact: true }).fill(`+${phoneNumber()}`);
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('heading', { level: 1, name }).waitFor();
  return new URL(page.url()).pathname.replace(/^\/app/, '');
}

async function rename(page, name) {
  await page.getByRole('button', { name: 'Edit', exact: true }).click();
  await page.getByLabel('Name', { exact: true }).fill(name);
}

test('a wrong password is refused and said so', async () => {
  const page = await (await browser.newContext({ locale: 'en' })).newPage();
  await page.goto(`${app}/login`);
  await page.getByRole('button', { name: 'Log in' }).click();
  await page.getByText('Write your password.').waitFor();
  await page.getByLabel('E-mail address').fill(owner);
  await page.getByLabel('Password', { exact: true }).fill('not this one at all');
  await page.getByRole('button', { name: 'Log in' }).click();
  await page.getByRole('alert').first().waitFor();
  assert.match(page.url(), /\/login$/);
});

test('a page asked for before the log-in opens after it', async () => {
  const page = await logIn('/contacts?sort=name');
  await page.waitForURL(/contacts\?sort=name/);
  await page.getByRole('columnheader', { name: 'Name' }).waitFor();
});

test('a contact is found by name and edited', async () => {
  const page = await logIn();
  const name = `Test ${Date.now()}`;
  await addContact(page, name);
  await page.getByRole('navigation', { name: 'Pages', exact: true }).getByRole('link', { name: 'Contacts' }).click();
  await page.getByRole('searchbox').fill(name);
  await page.waitForURL(/q=/);
  await page.getByRole('row', { name }).click();
  await page.getByRole('heading', { level: 1, name }).waitFor();
  await rename(page, `${name} B`);
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('heading', { level: 1, name: `${name} B` }).waitFor();
  assert.deepEqual(page.faults, []);
});

test('two tabs that edit the same contact show the conflict and overwrite nothing', async () => {
  const first = await logIn();
  const name = `Twice ${Date.now()}`;
  const path = await addContact(first, name);
  const second = await logIn(path);
  await rename(first, `${name} first`);
  await rename(second, `${name} second`);
  await first.getByRole('button', { name: 'Save' }).click();
  await first.getByRole('heading', { level: 1, name: `${name} first` }).waitFor();
  await second.getByRole('button', { name: 'Save' }).click();
  const conflict = second.getByText('Somebody else changed this meanwhile.');
  await conflict.waitFor();
  await second.getByRole('cell', { name: `${name} first` }).waitFor();
  await second.getByRole('cell', { name: `${name} second` }).waitFor();
  const third = await logIn(path);
  await third.getByRole('heading', { level: 1, name: `${name} first` }).waitFor();
  await second.getByRole('button', { name: 'Save mine' }).click();
  await second.getByRole('heading', { level: 1, name: `${name} second` }).waitFor();
});
