// Tags, the profile of a contact, tickets that members open, and what the inbox tells a customer, in Chromium against a
// running demo: see contacts.test.mjs.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ask, close, logIn, open, phone, phoneNumber, unique, until } from './browser.mjs';

before(open);
after(close);

const contact = (tags = []) =>
  ask('/contacts', 'POST', { name: `Neema ${unique()}`, phone: `+${phoneNumber()}`, tags });

test('tags are added in the profile, and merged in the settings', async () => {
  const mark = unique();
  const [from, into] = [`from ${mark}`, `into ${mark}`];
  const one = await contact();
  await contact([into]);
  const page = await logIn(`/contacts/${one.id}`);
  const main = page.getByRole('main');
  for (const tag of ['a slip', from]) {
    await main.getByRole('combobox', { name: 'Tag' }).fill(tag);
    await main.getByRole('button', { name: 'Add the tag' }).click();
    await main.getByRole('button', { name: `Take it away: ${tag}` }).waitFor();
  }
  await main.getByRole('button', { name: 'Take it away: a slip' }).click();
  await main.getByRole('button', { name: 'Take it away: a slip' }).waitFor({ state: 'detached' });
  assert.deepEqual((await ask(`/contacts/${one.id}`)).tags, [from]);

  await page.goto(page.url().replace(/\/contacts.*/, '/settings?tab=tags'));
  await main.getByRole('searchbox').fill(mark);
  await main.getByRole('button', { name: `Merge: ${from}` }).click();
  const dialog = page.getByRole('dialog', { name: `Merge the tag “${from}”` });
  await dialog.getByLabel('The tag that stays').selectOption({ label: `${into} (1)` });
  await dialog.getByRole('button', { name: 'Merge' }).click();
  await dialog.getByText('Tick this to go on.').waitFor();
  await dialog.getByLabel(/^Merge them/).check();
  await dialog.getByRole('button', { name: 'Merge' }).click();
  await dialog.waitFor({ state: 'detached' });
  await main.getByRole('button', { name: `Merge: ${from}` }).waitFor({ state: 'detached' });
  await main.getByRole('row', { name: into }).getByRole('cell', { name: '2', exact: true }).waitFor();
  assert.deepEqual((await ask(`/contacts/${one.id}`)).tags, [into]);
  assert.deepEqual(page.faults, []);
});

test('a profile shows conversations, subscriptions and tickets apart', async () => {
  const customer = await phone();
  await customer.write('Hello');
  const found = await until(({ items }) => items.length, `/contacts/search?q=${customer.number}`);
  const { id } = found.items[0];
  const chats = await until(({ items }) => items[0]?.last_message, `/conversations?contact_id=${id}`);
  const { items: plans } = await ask('/plans?active=true');
  await ask('/subscriptions', 'POST', { contact_id: id, plan_id: plans[0].id, ends_at: '2027-06-01T00:00:00Z' });
  const page = await logIn(`/contacts/${id}`);
  const main = page.getByRole('main');
  const part = (name) => main.getByLabel(name, { exact: true });
  await part('Subscriptions').getByRole('link', { name: plans[0].names.en }).waitFor();
  await part('Tickets').getByText('No tickets.').waitFor();
  await part('Tickets').getByRole('button', { name: 'New ticket' }).click();
  const dialog = page.getByRole('dialog', { name: 'New ticket' });
  await dialog.getByRole('button', { name: 'New ticket' }).click();
  await dialog.getByText('Fill this in.').first().waitFor();
  await dialog.getByLabel('Subject').fill('The lid is missing');
  await dialog.getByLabel('What the customer said').fill('The basket came without its lid.');
  await dialog.getByLabel('Priority').selectOption('high');
  await dialog.getByLabel('Tags').fill('basket, lid');
  await dialog.getByRole('button', { name: 'New ticket' }).click();
  await main.getByRole('heading', { level: 1, name: 'The lid is missing' }).waitFor();
  await main.getByText('The basket came without its lid.').waitFor();
  const { items: tickets } = await ask(`/support/tickets?contact_id=${id}`);
  assert.deepEqual([tickets[0].priority, tickets[0].tags], ['high', ['basket', 'lid']]);

  await page.goBack();
  await part('Tickets').getByRole('link', { name: 'The lid is missing' }).waitFor();
  assert.equal(await part('Conversations').getByText('The lid is missing').count(), 0);
  const chat = part('Conversations').getByRole('listitem');
  await chat.getByRole('link').click();
  await page.waitForURL((now) => now.searchParams.get('open')?.includes(chats.items[0].id) ?? false);
  await page.getByRole('log').getByText('Hello', { exact: true }).waitFor();
  assert.deepEqual(page.faults, []);
});

test('the provider is told once that a member writes, and again after the answer', async () => {
  const customer = await phone();
  await customer.write('Hello');
  const found = await until(({ items }) => items.length, `/contacts/search?q=${customer.number}`);
  const path = `/conversations?contact_id=${found.items[0].id}`;
  const chats = await until(({ items }) => items[0]?.last_message?.direction === 'out', path);
  const page = await logIn(`/inbox?open=${chats.items[0].id}`);
  const told = [];
  page.on('response', (answer) => {
    if (answer.url().endsWith('/typing')) told.push(answer.status());
  });
  const box = page.getByRole('textbox', { name: 'Answer' });
  const writes = page.waitForResponse((answer) => answer.url().endsWith('/typing'));
  await box.pressSequentially('Good morning');
  await writes;
  await page.keyboard.press('Enter');
  await page.getByRole('log').getByText('Good morning', { exact: true }).waitFor();
  await page.waitForFunction(() => document.querySelector('form textarea')?.value === '');
  assert.deepEqual(told, [204]);
  const again = page.waitForResponse((answer) => answer.url().endsWith('/typing'));
  await box.pressSequentially('How');
  await again;
  assert.deepEqual(told, [204, 204]);
  // A note is for members alone.
  await page.getByRole('button', { name: 'Note', exact: true }).click();
  await page.getByRole('textbox', { name: 'Note' }).pressSequentially('A good customer');
  await page.getByRole('button', { name: 'Keep the note' }).click();
  await page.getByText('A good customer').last().waitFor();
  assert.deepEqual(told, [204, 204]);
  assert.deepEqual(page.faults, []);
});
