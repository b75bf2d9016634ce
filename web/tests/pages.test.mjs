// The pages of the business, in Chromium against a running demo: see contacts.test.mjs.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { app, close, logIn, open, unique } from './browser.mjs';

before(open);
after(close);

const row = (page, name) => page.getByRole('row', { name });

test('a product is made, its stock corrected, and two editors see the conflict', async () => {
  const first = await logIn('/products');
  const sku = `T-${unique()}`;
  await first.getByRole('button', { name: 'Add a product' }).click();
  const form = first.getByRole('dialog');
  await form.getByLabel('Number', { exact: true }).fill(sku);
  await form.getByLabel('Price').fill('12.5');
  await form.getByLabel('Stock', { exact: true }).fill('7');
  await form.getByLabel('Name', { exact: true }).first().fill(`Thing ${sku}`);
  await form.getByRole('button', { name: 'Save' }).click();
  await row(first, sku).getByText('$12.50').waitFor();

  await row(first, sku)
    .getByRole('button', { name: /^Change the stock/ })
    .click();
  await first.getByLabel('More (12) or fewer (-12)').fill('-2');
  await first.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
  await row(first, sku).getByRole('cell', { name: '5', exact: true }).waitFor();

  const second = await logIn('/products');
  for (const page of [first, second]) {
    await row(page, sku).getByRole('button', { name: /^Edit/ }).click();
    await page.getByRole('dialog').getByLabel('Price').waitFor();
  }
  await first.getByRole('dialog').getByLabel('Price').fill('13');
  await first.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
  await row(first, sku).getByText('$13.00').waitFor();
  await second.getByRole('dialog').getByLabel('Price').fill('14');
  await second.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
  await second.getByText('Somebody else changed this meanwhile.').waitFor();
  await second.getByRole('cell', { name: '13.00', exact: true }).waitFor();
  await second.getByRole('button', { name: 'Save mine' }).click();
  await row(second, sku).getByText('$14.00').waitFor();

  await row(second, sku)
    .getByRole('button', { name: /^Delete/ })
    .click();
  await second.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click();
  await row(second, sku).waitFor({ state: 'detached' });
  assert.deepEqual([...first.faults, ...second.faults], []);
});

test('a fault of the API stands at its field', async () => {
  const page = await logIn('/products');
  await page.getByRole('button', { name: 'Add a product' }).click();
  const form = page.getByRole('dialog');
  await form.getByLabel('Number', { exact: true }).fill('not a number!');
  await form.getByLabel('Price').fill('1');
  await form.getByLabel('Name', { exact: true }).first().fill('Thing');
  await form.getByRole('button', { name: 'Save' }).click();
  const field = form.getByLabel('Number', { exact: true });
  await form.getByRole('alert').first().waitFor();
  assert.equal(await field.getAttribute('aria-invalid'), 'true');
});

test('a list keeps filter and order in its address, and saves what it lists', async () => {
  const page = await logIn('/products');
  await page.getByRole('button', { name: 'Filters' }).click();
  await page.getByLabel('Name', { exact: true }).fill('tea');
  await page.waitForURL(/f=/);
  await page.getByRole('columnheader', { name: /Price/ }).getByRole('button', { name: /Price/ }).click();
  await page.waitForURL(/sort=price/);
  await page
    .getByRole('columnheader', { name: /Stock/ })
    .getByRole('button')
    .first()
    .click({ modifiers: ['Shift'] });
  await page.waitForURL(/sort=price%2Cstock/);
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Save as CSV' }).click(),
  ]);
  const text = await readFile(await file.path(), 'utf8');
  assert.match(text, /^\uFEFFName,/);
  assert.match(text, /Black tea/);
  assert.doesNotMatch(text, /Kenyan coffee/);
  const address = new URL(page.url());
  const other = await logIn(address.pathname.replace(/^\/app/, '') + address.search);
  await row(other, /Black tea/).waitFor();
  assert.equal(await row(other, /Kenyan coffee/).count(), 0);
});

test('a view of a list is kept in the browser', async () => {
  const page = await logIn('/orders');
  await page.getByLabel('State', { exact: true }).selectOption('paid');
  await page.waitForURL(/paid/);
  await page.getByRole('button', { name: 'Views' }).click();
  await page.getByLabel('Name of the view').fill('To pack');
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
  await page.keyboard.press('Escape');
  await page.getByLabel('State', { exact: true }).selectOption('');
  await page.waitForURL((address) => !address.search.includes('paid'));
  await page.getByRole('button', { name: 'Views' }).click();
  await page.getByRole('button', { name: 'To pack', exact: true }).click();
  await page.waitForURL(/paid/);
});

test('a key is shown once', async () => {
  const page = await logIn('/api-keys');
  const name = `Key ${unique()}`;
  await page.getByRole('button', { name: 'Create a key' }).click();
  await page.getByLabel('Name', { exact: true }).fill(name);
  await page.getByLabel('contacts.read').check();
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
  const key = await page.getByRole('status', { name: 'Key' }).textContent();
  assert.ok(key.length > 20);
  await page.getByRole('button', { name: 'I have kept it' }).click();
  await row(page, name).getByText('Active').waitFor();
  assert.equal(await page.getByText(key).count(), 0);
  await row(page, name)
    .getByRole('button', { name: /^Revoke/ })
    .click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Revoke' }).click();
  await row(page, name).getByText('Revoked').waitFor();
});

test('the audit log speaks in words, and finds by them', async () => {
  const page = await logIn('/audit');
  const action = page.getByRole('main').getByRole('combobox', { name: 'What' });
  await action.selectOption({ label: 'List exported' });
  await page.waitForURL(/exports\.create/);
  const first = page.locator('[data-index="0"]');
  await first.getByText('List exported').waitFor();
  await first.getByText('exports.create').waitFor();
  await first.press('Enter');
  await page.getByRole('dialog').getByRole('heading', { name: 'List exported' }).waitFor();
  const arabic = await logIn('/dashboard');
  await arabic.evaluate(() => localStorage.setItem('kazi.language', 'ar'));
  await arabic.goto(page.url());
  await arabic.locator('[data-index]').getByText('تصدير قائمة').first().waitFor();
  assert.deepEqual([...page.faults, ...arabic.faults], []);
});

test('a member is invited, and the invitation revoked', async () => {
  const page = await logIn('/members');
  const email = `m${unique()}@zuri.example`;
  await page.getByRole('button', { name: 'Invite a member' }).click();
  await page.getByRole('dialog').getByLabel('E-mail').fill(email);
  await page.getByRole('button', { name: 'Send the invitation' }).click();
  await page.getByRole('button', { name: 'Invitations' }).click();
  await row(page, email).getByText('Open').waitFor();
  await row(page, email)
    .getByRole('button', { name: /^Revoke/ })
    .click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Revoke' }).click();
  await row(page, email).getByText('Revoked').waitFor();
});

test('the workspace is saved twice in a row, and a fault stands at its field', async () => {
  const page = await logIn('/settings');
  const country = page.getByLabel('Country');
  for (const code of ['TZ', 'KE']) {
    await country.fill(code);
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Saved.').last().waitFor();
    await page.getByText('Saved.').last().waitFor({ state: 'detached' });
    assert.equal(await page.getByText('Somebody else changed this meanwhile.').count(), 0);
  }
  await country.fill('??');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('alert').first().waitFor();
  assert.equal(await country.getAttribute('aria-invalid'), 'true');
});

test('business hours keep the week, a holiday and the text for when it is closed', async () => {
  const page = await logIn('/settings?tab=hours');
  const closed = `Back on Monday ${unique()}`;
  const has = page.getByLabel('We answer at certain hours');
  const save = async () => {
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Saved.').last().waitFor();
    await page.getByText('Saved.').last().waitFor({ state: 'detached' });
  };
  await has.check();
  const from = page.getByLabel('Monday, From');
  await from.first().fill('08:30');
  await page.getByRole('button', { name: 'Saturday: Closed. Add hours' }).click();
  await page.getByLabel('Saturday, Until').fill('08:00');
  await page.getByRole('button', { name: 'Save' }).click();
  // The API refuses hours that end before they begin, and says so below the week.
  await page.getByRole('group', { name: 'Every week' }).getByRole('alert').waitFor();
  await page.getByLabel('Saturday, Until').fill('12:00');
  await page.getByRole('button', { name: 'Add a day' }).click();
  await page.getByLabel('Day', { exact: true }).last().fill('2027-12-25');
  await page.getByLabel('Answer while you are closed').first().fill(closed);
  await save();

  await page.reload();
  await has.waitFor();
  assert.equal(await from.first().inputValue(), '08:30');
  assert.equal(await page.getByLabel('Saturday, Until').inputValue(), '12:00');
  assert.equal(await page.getByLabel('Day', { exact: true }).last().inputValue(), '2027-12-25');
  assert.equal(await page.getByLabel('Answer while you are closed').first().inputValue(), closed);

  // The other settings stay as they are, and these stay when the others are saved.
  await page.getByRole('navigation', { name: 'Workspace' }).getByRole('button', { name: 'Workspace' }).click();
  await page.getByLabel('Wait before a model answers').fill('5');
  await save();
  await page.getByLabel('Wait before a model answers').fill('');
  await save();
  await page.getByRole('button', { name: 'Business hours' }).click();
  assert.equal(await from.first().inputValue(), '08:30');
  await has.uncheck();
  await from.first().waitFor({ state: 'detached' });
  await save();
  await page.reload();
  await has.waitFor();
  assert.equal(await has.isChecked(), false);
  assert.equal(await page.getByText('Somebody else changed this meanwhile.').count(), 0);
  assert.deepEqual(page.faults, []);
});

test('a question about a row does not open the row', async () => {
  const page = await logIn('/products');
  await row(page, /Black tea/)
    .getByRole('button', { name: /^Delete/ })
    .click();
  await page.getByRole('alertdialog').getByText('Orders keep it.').click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Cancel' }).click();
  await page.getByRole('alertdialog').waitFor({ state: 'detached' });
  assert.equal(await page.getByRole('dialog').count(), 0);
});

test('every page opens without a fault', async () => {
  const page = await logIn('/contacts');
  const links = page.getByRole('navigation', { name: 'Pages', exact: true }).getByRole('link');
  const names = await links.allTextContents();
  assert.ok(names.length > 12);
  for (const name of names) {
    await links.getByText(name, { exact: true }).click();
    await page.getByRole('heading', { level: 1, name }).waitFor();
    assert.equal(await page.getByText('This did not work.').count(), 0, name);
  }
  assert.deepEqual(page.faults, []);
});

test('an endpoint shows its secret once, and what was delivered to it', async () => {
  const page = await logIn('/endpoints');
  const address = `https://${unique()}.kazi.invalid/hook`;
  await page.getByRole('button', { name: 'Add an endpoint' }).click();
  const form = page.getByRole('dialog');
  await form.getByLabel('Address').fill('http://10.0.0.1/');
  await form.getByLabel(/^All events/).uncheck();
  await form.getByRole('button', { name: 'Save' }).click();
  await form.getByText('Choose the events, or all of them.').waitFor();
  await form.getByLabel('order.paid').check();
  await form.getByRole('button', { name: 'Save' }).click();
  // The API refuses a private address, and says so at the field.
  await form.getByRole('alert').first().waitFor();
  await form.getByLabel('Address').fill(address);
  await form.getByRole('button', { name: 'Save' }).click();
  const secret = page.getByRole('status', { name: 'Secret' });
  const first = await secret.textContent();
  assert.match(first, /^whsec_/);
  await page.getByRole('button', { name: 'I have kept it' }).click();
  await row(page, address).getByText('order.paid').waitFor();
  assert.equal(await page.getByText(first).count(), 0);

  await row(page, address).getByText('order.paid').click();
  await page.getByRole('button', { name: 'Send a test' }).click();
  await form.getByLabel('Event').selectOption('order.paid');
  await form.getByRole('button', { name: 'Send a test' }).click();
  await row(page, 'order.paid').click();
  // Nobody answers at such an address.
  await form.getByText('No answer').waitFor();
  await form.getByText('"test": true').waitFor();
  await page.keyboard.press('Escape');

  await page.getByRole('button', { name: 'New secret' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'New secret' }).click();
  assert.notEqual(await secret.textContent(), first);
  await page.getByRole('button', { name: 'I have kept it' }).click();
  await page.getByText('The old secret signs until').waitFor();
  await page.getByRole('button', { name: 'Switch off' }).click();
  await page.getByText('Off', { exact: true }).waitFor();
  await page.getByRole('button', { name: 'Switch on' }).click();
  await page.getByRole('button', { name: 'Deliver missed events' }).click();
  await form.getByRole('button', { name: 'Deliver again' }).click();
  await page.getByText(/^Events on their way again/).waitFor();

  await page.getByRole('main').getByRole('link', { name: 'Webhooks' }).click();
  await row(page, address)
    .getByRole('button', { name: /^Delete/ })
    .click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click();
  await row(page, address).waitFor({ state: 'detached' });
  assert.deepEqual(page.faults, []);
});

test('a reload keeps the session, and a log-out ends it for good', async () => {
  const page = await logIn('/contacts');
  await page.reload();
  await page.getByRole('heading', { level: 1, name: 'Contacts' }).waitFor();
  const readable = await page.evaluate(() => document.cookie + JSON.stringify(localStorage));
  assert.doesNotMatch(readable, /kazi_session=|eyJ/);
  await page.getByRole('button', { name: 'Your account' }).click();
  await page.getByRole('menuitem', { name: 'Log out' }).click();
  await page.getByLabel('E-mail address').waitFor();
  await page.reload();
  await page.getByLabel('E-mail address').waitFor();
});

test('the log-in page leads on who is logged in', async () => {
  const page = await logIn('/contacts');
  await page.goto(`${app}/login`);
  await page.waitForURL(/\/dashboard$/);
  await page.goto(`${app}/login?back=%2Fcontacts%3Fsort%3Dname`);
  await page.waitForURL(/\/contacts\?sort=name$/);
  await page.getByRole('heading', { level: 1, name: 'Contacts' }).waitFor();
  assert.deepEqual(page.faults, []);
});
