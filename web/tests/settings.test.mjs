// Prices of messages, the hours of staff, and a member's phone, in Chromium against a running demo: see contacts.test.mjs.

import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { app, ask, call, close, closePages, demo, logIn, open, phoneNumber, unique } from './browser.mjs';
import { user } from './people.mjs';

before(open);
after(close);
afterEach(closePages);

const press = (page, name) => page.getByRole('button', { name, exact: true }).click();

test('message prices are pasted, changed and deleted', async () => {
  const { items: before } = await ask('/messaging/prices');
  try {
    const page = await logIn('/settings?tab=prices');
    const dialog = page.getByRole('dialog');
    const row = (name) => page.getByRole('row', { name });
    await press(page, 'Paste a list');
    await dialog.getByLabel('Lines').fill('Country,Category,Price\nKE,marketing,0.0225\nKE,fun,1');
    await press(page, 'Save');
    await dialog.getByRole('alert').getByText('Line 3 is not').waitFor();
    await dialog
      .getByLabel('Lines')
      .fill('Country,Category,Price\nKE,marketing,0.0225\n*,utility,"0,004"\nQQ,utility,1');
    await press(page, 'Save');
    await dialog.getByRole('alert').getByText('ISO 3166').waitFor();
    await dialog.getByLabel('Lines').fill('Country,Category,Price\nKE,marketing,0.0225\n*,utility,"0,004"');
    await press(page, 'Save');
    await row('Kenya').getByText('$0.0225').waitFor();
    await row('All other countries').getByText('$0.004').waitFor();

    await press(page, 'Edit: Kenya, Marketing');
    await dialog.getByLabel('Price of a message').fill('0.03');
    await press(page, 'Save');
    await row('Kenya').getByText('$0.03').waitFor();
    await press(page, 'Add a price');
    await dialog.getByLabel('Country').fill('ke');
    await dialog.getByLabel('Price of a message').fill('1');
    await press(page, 'Save');
    await dialog.getByRole('alert').getByText('has a price for this category already').waitFor();
    await press(page, 'Cancel');

    await press(page, 'Delete: Kenya, Marketing');
    await page.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click();
    await row('Kenya').waitFor({ state: 'detached' });
    const { items } = await ask('/messaging/prices');
    assert.deepEqual(items, [{ country: '*', category: 'utility', micros: 4000, currency: 'USD' }]);
    assert.deepEqual(page.faults, []);
  } finally {
    await ask('/messaging/prices', 'PUT', { items: before });
  }
});

test('a day of staff gets hours of its own, and loses them', async () => {
  const name = `Chair ${unique()}`;
  const { id } = await ask('/providers', 'POST', { name, kind: 'desk', zone: 'Africa/Nairobi' });
  const page = await logIn('/services?tab=staff');
  const dialog = page.getByRole('dialog');
  const special = dialog.getByRole('region', { name: 'Holidays and special days' });
  const days = async () => (await ask(`/providers/${id}/hours`)).special;
  await press(page, `Hours: ${name}`);
  await special.getByRole('button', { name: 'Add a day' }).click();
  await special.getByLabel('Day', { exact: true }).fill('2028-12-24');
  await special.getByRole('button', { name: '2028-12-24: Closed. Add hours' }).click();
  await special.getByLabel('2028-12-24, Until').fill('08:00');
  await press(dialog, 'Save');
  await dialog.getByRole('alert').getByText('2028-12-24: ').waitFor();
  await special.getByLabel('2028-12-24, Until').fill('12:00');
  await special.getByRole('button', { name: 'Add a day' }).click();
  await press(dialog, 'Save');
  await dialog.waitFor({ state: 'detached' });
  assert.deepEqual(await days(), [
    { day: '2028-12-24', hours: [{ from: '09:00', until: '12:00' }] },
    { day: '2028-12-25', hours: [] },
  ]);

  await press(page, `Hours: ${name}`);
  await special.getByRole('button', { name: 'Delete: 2028-12-24', exact: true }).click();
  await press(dialog, 'Save');
  await dialog.waitFor({ state: 'detached' });
  assert.deepEqual(await days(), [{ day: '2028-12-25', hours: [] }]);
  assert.deepEqual(page.faults, []);
});

test('the week of one of the staff is saved, and what somebody else saves meanwhile is shown', async () => {
  const name = `Chair ${unique()}`;
  const { id } = await ask('/providers', 'POST', { name, kind: 'desk', zone: 'Africa/Nairobi' });
  const weekOf = async () => (await ask(`/providers/${id}/hours`)).week;
  const opening = (weekday, from, until) => ({ weekday, from, until });
  const page = await logIn('/services?tab=staff');
  const dialog = page.getByRole('dialog');
  const add = (day) => press(dialog, `${day}: Closed. Add hours`);
  await press(page, `Hours: ${name}`);
  for (const day of ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday']) await add(day);
  await press(dialog, 'Monday: More hours');
  await dialog.getByLabel('Monday, Until').first().fill('12:00');
  await dialog.getByLabel('Monday, From').last().fill('14:00');
  await dialog.getByLabel('Monday, Until').last().fill('18:30');
  await dialog.getByLabel('Saturday, Until').fill('13:00');
  await press(dialog, 'Delete: Tuesday, 09:00');
  await press(dialog, 'Save');
  await dialog.waitFor({ state: 'detached' });
  const week = [
    opening(1, '09:00', '12:00'),
    opening(1, '14:00', '18:30'),
    ...[3, 4, 5].map((day) => opening(day, '09:00', '17:00')),
    opening(6, '09:00', '13:00'),
  ];
  assert.deepEqual(await weekOf(), week);

  await press(page, `Hours: ${name}`);
  await add('Sunday');
  const theirs = [...week.slice(0, -1), opening(6, '10:00', '11:00')];
  await ask(`/providers/${id}/hours`, 'PUT', { week: theirs });
  await press(dialog, 'Save');
  const conflict = dialog.getByRole('alert');
  await conflict.getByRole('row', { name: 'Saturday 10:00–11:00 09:00–13:00' }).waitFor();
  await conflict.getByRole('row', { name: 'Sunday Closed 09:00–17:00' }).waitFor();
  assert.deepEqual(await weekOf(), theirs);
  await press(conflict, 'Take what is saved');
  await add('Sunday');
  await press(dialog, 'Save');
  await dialog.waitFor({ state: 'detached' });
  assert.deepEqual(await weekOf(), [...theirs, opening(7, '09:00', '17:00')]);

  await press(page, `Hours: ${name}`);
  await press(dialog, 'Delete: Sunday, 09:00');
  await ask(`/providers/${id}/hours`, 'PUT', { week: [] });
  await press(dialog, 'Save');
  await press(conflict, 'Save mine');
  await dialog.waitFor({ state: 'detached' });
  assert.deepEqual(await weekOf(), theirs);
  assert.deepEqual(page.faults, []);
});

test('a price that somebody else has changed meanwhile is shown before it is overwritten', async () => {
  const { items: before } = await ask('/messaging/prices');
  const price = (country, micros) => ({ country, category: 'marketing', micros, currency: 'USD' });
  const set = (...items) => ask('/messaging/prices', 'PUT', { items });
  const now = async () => (await ask('/messaging/prices')).items;
  try {
    await set(price('*', 70_000), price('KE', 20_000));
    const page = await logIn('/settings?tab=prices');
    const dialog = page.getByRole('dialog');
    const conflict = dialog.getByRole('alert');
    await press(page, 'Edit: Kenya, Marketing');
    await set(price('*', 80_000), price('KE', 30_000));
    await dialog.getByLabel('Price of a message').fill('0.04');
    await press(page, 'Save');
    await conflict.getByRole('row', { name: 'Price of a message 0.03 0.04' }).waitFor();
    assert.deepEqual(await now(), [price('*', 80_000), price('KE', 30_000)]);
    await press(conflict, 'Save mine');
    await dialog.waitFor({ state: 'detached' });
    // The other price is as somebody else has left it.
    assert.deepEqual(await now(), [price('*', 80_000), price('KE', 40_000)]);

    await set(price('*', 90_000), price('KE', 40_000));
    await press(page, 'Delete: Kenya, Marketing');
    await page.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click();
    await page.getByRole('row', { name: 'Kenya' }).waitFor({ state: 'detached' });
    assert.deepEqual(await now(), [price('*', 90_000)]);
    assert.deepEqual(page.faults, []);
  } finally {
    await ask('/messaging/prices', 'PUT', { items: before });
  }
});

test('a member verifies their phone with the code that comes over WhatsApp', async () => {
  const email = `phone-${unique()}@zuri.example`;
  await user(email, 'Paula');
  await call('/workspaces', { name: `Of ${email}`, country: 'KE' }, { as: email });
  const number = phoneNumber();
  const { simulators, channels } = await (await fetch(`${demo}/demo/config`)).json();
  const { external_id: to } = channels.find((one) => one.kind === 'whatsapp');
  // A business may write freely only to whoever has written to it.
  await fetch(`${simulators}/_phones/${number}/messages`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ to, channel: 'whatsapp', text: 'Hello', name: 'Paula' }),
  });
  const page = await logIn('/profile', { email });
  assert.equal(await page.getByText('Not verified').count(), 0);
  await page.getByLabel('Phone').fill(`+${number}`);
  await page.getByRole('button', { name: 'Save' }).first().click();
  await page.getByText('Not verified').waitFor();
  await press(page, 'Verify the phone');
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Code').fill('000000');
  await press(dialog, 'Confirm');
  await dialog.getByRole('alert').getByText('The code is wrong').waitFor();
  // Read where the person reads it.
  const screen = `${simulators}/_phones/${number}?channel=whatsapp`;
  const read = async () => (await (await fetch(screen)).text()).match(/\b\d{6}\b/)?.[0];
  let code = await read();
  for (let tries = 0; !code && tries < 60; tries += 1) {
    await page.waitForTimeout(500);
    code = await read();
  }
  await dialog.getByLabel('Code').fill(code);
  await press(dialog, 'Confirm');
  await page.getByText('Verified', { exact: true }).waitFor();
  await page.goto(`${app}/profile`);
  await page.getByText('Verified', { exact: true }).waitFor();
  assert.deepEqual(page.faults, []);
});
