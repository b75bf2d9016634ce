// The pages of the platform's staff, to which the demo's owner belongs, in Chromium against a running demo: see
// contacts.test.mjs.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { app, ask, call, close, logIn, menu, open, owner, unique } from './browser.mjs';
import { member, noStaff, staff, user } from './people.mjs';

before(open);
after(close);

const row = (page, name) => page.getByRole('row', { name });

test('the staff finds a user, shuts them out, and lets them in again', async () => {
  const other = `guest-${unique()}@zuri.example`;
  await user(other, 'A guest');
  const page = await logIn('/staff/users');
  await page.getByLabel('Search addresses and names').fill(other.slice(0, 12));
  await row(page, other).click();
  await page.getByRole('heading', { level: 1, name: 'A guest' }).waitFor();
  await page.getByRole('button', { name: 'Shut out' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Shut out' }).click();
  await page.getByRole('button', { name: 'Let in again' }).waitFor();
  await page.getByText('Shut out', { exact: true }).waitFor();
  await assert.rejects(call('/me', undefined, { as: other }));

  await page.getByRole('main').getByRole('link', { name: 'Users' }).click();
  await page.getByLabel('State', { exact: true }).selectOption('Shut out');
  await row(page, other).click();
  await page.getByRole('button', { name: 'Let in again' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Let in again' }).click();
  await page.getByRole('button', { name: 'Shut out' }).waitFor();
  assert.equal((await call('/me', undefined, { as: other })).email, other);

  // Only the command line changes the staff.
  await page.goto(`${app}/staff/users?q=${owner}`);
  await row(page, owner).click();
  await page.getByRole('heading', { level: 1, name: 'Zuri' }).waitFor();
  assert.equal(await page.getByRole('button', { name: 'Shut out' }).count(), 0);
  assert.deepEqual(page.faults, []);
});

test('a workspace is suspended with a reason, and reactivated; the log tells of both', async () => {
  const guest = `owner-${unique()}@zuri.example`;
  const name = `Kiosk ${unique()}`;
  await user(guest, 'A new owner');
  const { id } = await call(
    '/workspaces',
    { name, country: 'KE', time_zone: 'Africa/Nairobi', currency: 'KES' },
    { as: guest },
  );
  const page = await logIn(`/staff/workspaces?q=${encodeURIComponent(name)}`);
  await row(page, name).click();
  await page.getByRole('heading', { level: 1, name }).waitFor();
  assert.equal(new URL(page.url()).pathname.split('/').at(-1), id);
  await page.getByText('Africa/Nairobi').waitFor();
  await page.getByRole('button', { name: 'Suspend' }).click();
  const form = page.getByRole('dialog');
  await form.getByRole('button', { name: 'Suspend' }).click();
  await form.getByText('Fill this in.').waitFor();
  await form.getByLabel('Reason').fill('x'.repeat(501));
  await form.getByRole('button', { name: 'Suspend' }).click();
  // The API says so at the field.
  await form.getByRole('alert').first().waitFor();
  assert.equal(await form.getByLabel('Reason').getAttribute('aria-invalid'), 'true');
  await form.getByLabel('Reason').fill('The invoice of May is not paid.');
  await form.getByRole('button', { name: 'Suspend' }).click();
  await page.getByText('Suspended', { exact: true }).waitFor();
  await page.getByText('The invoice of May is not paid.').waitFor();
  const told = () => ask(`/admin/workspaces/${id}`);
  assert.equal((await told()).status, 'suspended');
  await page.getByRole('button', { name: 'Reactivate' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Reactivate' }).click();
  await page.getByText('Active', { exact: true }).waitFor();
  assert.equal((await told()).status, 'active');

  await menu(page).getByRole('link', { name: 'Staff log' }).click();
  await row(page, /Zuri Workspace reactivated/)
    .first()
    .waitFor();
  await row(page, /Zuri Workspace suspended/)
    .first()
    .click({ position: { x: 5, y: 5 } });
  await page.getByRole('dialog').getByText('The invoice of May is not paid.').waitFor();
  await page.keyboard.press('Escape');
  await row(page, /Workspace suspended/)
    .first()
    .getByRole('link')
    .click();
  await page.getByRole('heading', { level: 1, name }).waitFor();
  assert.deepEqual(page.faults, []);
});

test('the prices of billable use are set, and a fault stands at its field', async () => {
  const was = await ask('/admin/settings');
  const page = await logIn('/staff/settings');
  const price = page.getByLabel('A message that Kazi began (USD)');
  await price.fill('-1');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('alert').first().waitFor();
  assert.equal(await price.getAttribute('aria-invalid'), 'true');
  await price.fill('0.25');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Saved.').last().waitFor();
  const now = await ask('/admin/settings');
  assert.deepEqual(now.usage_prices, { ...was.usage_prices, push_micro: 250_000 });
  await ask('/admin/settings', 'PUT', was);
  assert.deepEqual(page.faults, []);
});

test('the platform is shown by its services', async () => {
  const page = await logIn('/staff');
  await page.getByRole('button', { name: 'Year' }).click();
  await page.waitForURL(/view=year/);
  const { items } = await ask('/admin/overview?period=year');
  const of = items.find((one) => one.service === 'conversations');
  assert.ok(of.messages_in.value > 0, 'nobody has written in the demo yet');
  const received = page
    .getByRole('region', { name: 'Conversations' })
    .locator('dl > div')
    .filter({ hasText: 'Messages received' });
  const shown = Number((await received.locator('bdi').first().textContent()).replaceAll(',', ''));
  // Other tests write meanwhile.
  assert.ok(shown > 0 && shown <= of.messages_in.value, `${shown} of ${of.messages_in.value}`);
  assert.equal(await page.getByRole('main').getByRole('region').count(), items.length);
  assert.deepEqual(page.faults, []);
});

test('the staff needs no workspace, and nobody else has these pages', { skip: noStaff }, async () => {
  const email = await staff();
  const page = await logIn('/staff', { email });
  assert.deepEqual(await menu(page).getByRole('heading').allTextContents(), ['Platform']);
  assert.equal(await page.getByRole('link', { name: /^Notifications/ }).count(), 0);
  await page.goto(`${app}/workspaces`);
  await page.getByRole('link', { name: 'Platform' }).click();
  await page.getByRole('heading', { level: 1, name: 'Platform figures' }).waitFor();
  for (const one of [await member('admin'), await member('viewer')]) {
    const other = await logIn('/dashboard', { email: one });
    assert.equal(await menu(other).getByRole('link', { name: 'Platform figures' }).count(), 0);
    await other.goto(`${app}/staff/users`);
    await other.getByRole('alert').waitFor();
    assert.equal(await row(other, email).count(), 0);
    assert.deepEqual(other.faults, []);
  }
  assert.deepEqual(page.faults, []);
});
