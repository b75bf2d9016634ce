// The start page and the inbox, in Chromium against a running demo: see contacts.test.mjs.

import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { app, ask, close, closePages, logIn, open, phone, unique } from './browser.mjs';

before(open);
after(close);
afterEach(closePages);

const row = (page, name) => page.getByRole('region', { name: 'Conversations' }).getByRole('link', { name });

test('the dashboard is the first page, and shows the figures of the demo', async () => {
  const page = await logIn('/login');
  await page.getByRole('heading', { level: 1, name: 'Dashboard' }).waitFor();
  const said = new Intl.NumberFormat('en');
  // Other tests make contacts and orders meanwhile, so the page is compared with what it was told.
  const told = async (path) => (await page.waitForResponse((answer) => answer.url().includes(path))).json();
  let overview;
  for (const period of ['Week', 'Year']) {
    const both = Promise.all([told(`/dashboard/stats?period=${period.toLowerCase()}`), told('/analytics/overview')]);
    await page.getByRole('button', { name: period, exact: true }).click();
    const [stats, days] = await both;
    overview = days;
    assert.ok(stats.new_contacts.value > 100);
    const figure = (name, value) =>
      page.getByRole('region', { name, exact: true }).getByText(said.format(value), { exact: true }).waitFor();
    await figure('Orders', stats.orders.value);
    await figure('Pending orders', stats.pending_orders);
    await figure('New contacts', stats.new_contacts.value);
    await figure('Active contacts', stats.active_contacts.value);
  }
  // The figures of the chart stand in the table behind it.
  const chart = page.getByRole('region', { name: 'Chart' });
  const cells = await chart.getByRole('cell').allTextContents();
  const sum = (numbers) => numbers.reduce((all, one) => all + Number(one), 0);
  assert.equal(cells.length, 24);
  assert.equal(
    sum(cells.map((cell) => cell.replaceAll(',', ''))),
    sum(overview.days.flatMap((day) => [day.messages_in, day.messages_out])),
  );
  assert.deepEqual(page.faults, []);
});

test('a customer writes, and a member answers, notes, snoozes and closes in the inbox', async () => {
  const customer = await phone();
  const page = await logIn('/inbox');
  await customer.write('Hello');
  await row(page, customer.name).click();
  const chat = page.getByRole('log');
  await chat.getByText('Hello', { exact: true }).waitFor();
  await chat.getByText('Bot').first().waitFor();
  await page.getByRole('button', { name: 'Mark as read' }).click();
  await page.getByRole('button', { name: 'Mark as read' }).waitFor({ state: 'detached' });

  const mark = unique();
  const answer = page.getByRole('textbox', { name: 'Answer' });
  await answer.fill(`We open at 8 ${mark}`);
  await answer.press('Shift+Enter');
  await answer.pressSequentially('and close at 18.');
  assert.equal(await chat.getByText(mark).count(), 0);
  await answer.press('Enter');
  const sent = chat.getByText(`We open at 8 ${mark}\nand close at 18.`).locator('..');
  // The phone of the simulator reads what it gets.
  await sent.getByRole('img', { name: 'Read' }).waitFor();
  await sent.getByText('Zuri').waitFor();
  await page.getByText('A person answers').waitFor();
  assert.equal(await page.getByLabel('Assigned to').locator('option:checked').textContent(), 'Me');

  await page.getByRole('button', { name: 'Note', exact: true }).click();
  await page.getByRole('textbox', { name: 'Note' }).fill(`Wants an invoice ${mark}`);
  await page.getByRole('textbox', { name: 'Note' }).press('Enter');
  await chat.getByText(`Wants an invoice ${mark}`).waitFor();

  await customer.write(`Where is my parcel ${mark}`);
  await chat.getByText(`Where is my parcel ${mark}`).waitFor();
  await row(page, customer.name).getByText('Waits').waitFor();

  await page.getByRole('button', { name: 'Back to the bot' }).click();
  await page.getByText('The bot answers', { exact: true }).waitFor();
  await page.getByRole('button', { name: 'More actions' }).click();
  await page.getByRole('menuitem', { name: 'For an hour' }).click();
  await page.getByRole('region', { name: 'Conversation', exact: true }).getByText('Snoozed').waitFor();
  await page.getByRole('button', { name: 'Close', exact: true }).click();
  await page.getByText('This conversation is closed.').waitFor();
  await page.getByLabel('Which conversations').selectOption('Closed');
  await row(page, customer.name).waitFor();
  await page.getByRole('button', { name: 'Open again' }).click();
  // The box stays one for notes, so that a second note does not go to the customer.
  await page.getByRole('button', { name: 'Note', exact: true }).click();
  await answer.waitFor();

  await page.getByRole('searchbox').fill(`parcel ${mark}`);
  const found = page.getByRole('region', { name: 'Messages', exact: true }).getByRole('link');
  await found.getByText(`Where is my parcel ${mark}`).waitFor();
  assert.deepEqual(page.faults, []);
});

test('a template stands in the inbox with the words that the customer has read', async () => {
  const customer = await phone();
  const page = await logIn('/inbox');
  await customer.write('Hello');
  await row(page, customer.name).click();
  const chat = page.getByRole('log');
  await chat.getByText('Bot').first().waitFor();
  await page.getByRole('button', { name: 'Template', exact: true }).click();
  const form = page.getByRole('dialog');
  await form.getByLabel('Template').selectOption({ label: 'market_day_offer (en)' });
  await form.getByLabel('Value 1').fill('Asha {{2}}');
  await form.getByRole('button', { name: 'Send', exact: true }).click();
  const sent = chat.getByText('Habari Asha {{2}}! This Saturday everything at the market is 10 % cheaper.');
  await sent.waitFor();
  const bubble = sent.locator('..');
  assert.deepEqual(await bubble.getByRole('listitem').allTextContents(), ['I will come', 'Not this time']);
  assert.equal(await chat.getByText('market_day_offer').count(), 0);
  // The list of conversations shows its beginning.
  await row(page, customer.name)
    .getByText(/^We: Habari Asha|Habari Asha/)
    .waitFor();
  assert.deepEqual(page.faults, []);
});

test('the inbox follows the stream of events, and misses nothing in a break', async () => {
  const customer = await phone();
  const page = await logIn('/inbox');
  const isStream = (request) => request.url().endsWith('/events/stream');
  await customer.write('Hello');
  await row(page, customer.name).click();
  const chat = page.getByRole('log');
  await chat.getByText('Bot').first().waitFor();

  const show = (state) =>
    page.evaluate((value) => {
      Object.defineProperty(document, 'visibilityState', { value, configurable: true });
      document.dispatchEvent(new Event('visibilitychange'));
    }, state);
  // A tab out of sight gives its connection back, and is told later what has happened meanwhile.
  await Promise.all([page.waitForEvent('requestfailed', isStream), show('hidden')]);
  const mark = unique();
  await customer.write(`While away ${mark}`);
  const { items } = await ask(`/conversations?q=${customer.number}`);
  let said = [];
  while (!said.some((one) => one.text === `While away ${mark}`))
    said = (await ask(`/conversations/${items[0].id}/messages`)).items;
  const [stream] = await Promise.all([page.waitForRequest(isStream), show('visible')]);
  assert.match(await stream.headerValue('last-event-id'), /\d/);
  await chat.getByText(`While away ${mark}`, { exact: true }).waitFor();

  // An API that is away is asked again.
  await page.route('**/events/stream', (route) => route.abort());
  await show('hidden');
  await Promise.all([page.waitForEvent('requestfailed', isStream), show('visible')]);
  await customer.write(`And again ${mark}`);
  await page.unroute('**/events/stream');
  await chat.getByText(`And again ${mark}`, { exact: true }).waitFor();
  assert.deepEqual(page.faults, []);
});

test('the inbox is walked by keys, and a canned reply is found by its code', async () => {
  const code = `hours-${unique()}`;
  const page = await logIn('/canned-replies');
  await page.getByRole('button', { name: 'Add a canned reply' }).click();
  await page.getByRole('dialog').getByLabel('Code').fill(code);
  await page.getByRole('dialog').getByLabel('Text').first().fill(`We open at 9 (${code}).`);
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
  await page.getByRole('cell', { name: `/${code}` }).waitFor();

  const customer = await phone();
  await customer.write('Hello');
  await page.getByRole('navigation', { name: 'Pages', exact: true }).getByRole('link', { name: 'Inbox' }).click();
  await row(page, customer.name).waitFor();
  const links = page.locator('[data-conversation]');
  await page.getByRole('heading', { level: 1 }).click();
  await page.keyboard.press('j');
  await page.keyboard.press('j');
  await page.keyboard.press('k');
  assert.ok(await links.first().evaluate((link) => link === document.activeElement));
  await page.keyboard.press('Enter');
  const answer = page.getByRole('textbox', { name: 'Answer' });
  await answer.waitFor();
  await page.waitForFunction(() => document.activeElement?.tagName === 'TEXTAREA');
  await page.keyboard.type(`/${code.slice(0, -1)}`);
  await page.getByRole('option', { name: code }).waitFor();
  await page.keyboard.press('Enter');
  await page.waitForFunction((text) => document.activeElement?.value === text, `We open at 9 (${code}).`);
  await page.keyboard.press('Enter');
  await page.getByRole('log').getByText(`We open at 9 (${code}).`).waitFor();
  await page.keyboard.press('Escape');
  await page.waitForFunction(() => document.activeElement?.hasAttribute('data-open'));
  assert.deepEqual(page.faults, []);
});

test('a page of a member who has too many open shows all the same what comes', async () => {
  const customer = await phone();
  await customer.write('Hello');
  const { items } = await ask(`/conversations?q=${customer.number}`);
  const pages = [];
  for (let number = 0; number < 6; number += 1) pages.push(await logIn(`/inbox?open=${items[0].id}`));
  const last = pages.at(-1);
  await last.waitForResponse((said) => said.url().endsWith('/events/stream') && said.status() === 409);
  const text = `You hear me ${unique()}`;
  await customer.write(text);
  for (const page of pages) await page.getByRole('log').getByText(text, { exact: true }).waitFor();
});

test('many messages come in pages, and a found one comes into sight', async () => {
  const customer = await phone();
  const needle = `needle${unique()}`;
  await customer.write(needle);
  for (let number = 1; number <= 60; number += 1) await customer.write(`Line ${number}.`);
  // The bot takes a line for the name of the customer.
  const { items } = await ask(`/conversations?q=${customer.number}`);
  const page = await logIn(`/inbox?open=${items[0].id}`);
  const chat = page.getByRole('log');
  await chat.getByText('Line 60.', { exact: true }).waitFor();
  assert.equal(await chat.getByText('Line 1.', { exact: true }).count(), 0);
  for (let step = 0; step < 20 && !(await chat.getByText('Line 1.', { exact: true }).count()); step += 1) {
    await chat.locator('..').evaluate((box) => box.scrollBy(0, -box.scrollHeight));
    await chat
      .getByText(/^Line \d+\.$/)
      .first()
      .waitFor();
  }
  await chat.getByText('Line 1.', { exact: true }).waitFor();

  const other = await logIn('/inbox');
  await other.getByRole('searchbox').fill(needle);
  await other.getByRole('region', { name: 'Messages', exact: true }).getByRole('link', { name: needle }).click();
  const found = other.getByRole('log').getByText(needle, { exact: true });
  await found.waitFor();
  await other.waitForFunction((text) => {
    const place = [...document.querySelectorAll('[role=log] p')].find((one) => one.textContent === text);
    const { top, bottom } = place.getBoundingClientRect();
    return top > 0 && bottom < innerHeight;
  }, needle);
  await other
    .getByRole('link', { name: 'Open the contact' })
    .or(other.getByRole('button', { name: 'Contact' }))
    .click();
  await other.getByRole('link', { name: 'Open the contact' }).click();
  await other.getByRole('link', { name: 'Open in the inbox' }).click();
  await row(other, /needle|Line/).waitFor();
  assert.deepEqual([...page.faults, ...other.faults], []);
});

test('the list of tickets names who has each', async () => {
  const subject = `No picture ${unique()}`;
  const [contact] = (await ask('/contacts?limit=1')).items;
  const { id } = await ask('/support/tickets', 'POST', { contact_id: contact.id, subject, message: 'It is black.' });
  const me = await ask('/me');
  await ask(`/support/tickets/${id}/assignee`, 'PUT', { assignee_id: me.id });
  const page = await logIn('/tickets');
  await page.getByRole('row', { name: subject }).getByRole('cell', { name: me.name, exact: true }).waitFor();
  assert.deepEqual(page.faults, []);
});

test('a ticket is held, resolved and opened again, and a note is told from an answer', async () => {
  const subject = `Loose cable ${unique()}`;
  const [contact] = (await ask('/contacts?limit=1')).items;
  const { id } = await ask('/support/tickets', 'POST', { contact_id: contact.id, subject, message: 'It falls out.' });
  const page = await logIn(`/tickets/${id}`);
  const main = page.getByRole('main');
  await page.getByRole('button', { name: 'Put on hold' }).click();
  await main.getByText('Pending', { exact: true }).waitFor();
  await page.getByRole('button', { name: 'Note', exact: true }).click();
  await page.getByRole('textbox', { name: 'Note' }).fill('Send a new one.');
  await page.getByRole('button', { name: 'Keep the note' }).click();
  const note = main.getByRole('listitem').filter({ hasText: 'Send a new one.' });
  await note.getByText('Note', { exact: true }).waitFor();
  await page.getByRole('button', { name: 'Note', exact: true }).click();
  await page.getByRole('textbox', { name: 'Answer' }).waitFor();

  await page.getByRole('button', { name: 'Resolve', exact: true }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Resolve' }).click();
  await main.getByText('Resolved', { exact: true }).waitFor();
  await page.getByRole('textbox', { name: 'Answer' }).waitFor({ state: 'detached' });
  await main.getByRole('link', { name: 'Tickets' }).click();
  await page.getByLabel('State', { exact: true }).selectOption('resolved');
  await page.getByRole('row', { name: subject }).getByText(subject).click();
  await page.getByRole('button', { name: 'Open again' }).click();
  await main.getByText('Open', { exact: true }).waitFor();
  await page.getByRole('textbox', { name: 'Answer' }).waitFor();
  assert.deepEqual(page.faults, []);
});
