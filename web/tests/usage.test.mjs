// What the workspace used and paid, how long customers waited, and what members are told of, in Chromium against a running
// demo: see contacts.test.mjs.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { ask, close, logIn, open, phone, unique, until } from './browser.mjs';

before(open);
after(close);

const money = new Intl.NumberFormat('en', { style: 'currency', currency: 'USD', maximumFractionDigits: 6 });

/** A ticket that a customer has opened on a phone of their own. */
async function ticketOf(customer) {
  let conversation;
  for (const [text, answer] of [
    ['Hello', 'What is your name?'],
    ['Amani', 'Which language shall we use?'],
    ['English', 'All set, Amani!'],
  ]) {
    await customer.write(text);
    const mine = ({ contact_phone }) => contact_phone?.endsWith(customer.number);
    conversation ??= (await until(({ items }) => items.some(mine), '/conversations')).items.find(mine);
    const said = (one) => one.text?.includes(answer);
    await until(({ items }) => items.some(said), `/conversations/${conversation.id}/messages`);
  }
  await customer.write('agent');
  const opened = (one) => one.contact_id === conversation.contact_id;
  return (await until(({ items }) => items.some(opened), '/support/tickets')).items.find(opened);
}

test('the month shows what was used and what it costs, and is saved as CSV', async () => {
  const page = await logIn('/usage');
  const { questions, pushes, amount_micro, items } = await ask('/usage');
  assert.ok(items.length > 0, 'the demo has used nothing yet');
  const sum = page.getByRole('region', { name: 'Sum' });
  const last = sum.getByRole('row').last();
  assert.deepEqual(await last.getByRole('cell').allTextContents(), [
    String(questions + pushes),
    '',
    money.format(amount_micro / 1_000_000),
  ]);
  const push = items.find((one) => one.kind === 'push');
  await sum
    .getByRole('row', { name: 'Messages begun' })
    .getByText(money.format(push.price_micro / 1e6))
    .first()
    .waitFor();
  await page.getByLabel('What', { exact: true }).selectOption('push');
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Save as CSV' }).click(),
  ]);
  const lines = (await readFile(await file.path(), 'utf8')).trim().split('\r\n');
  assert.equal(lines[0], 'Day,What,Number,Price (USD),Amount (USD)');
  const pushed = items.filter((one) => one.kind === 'push');
  assert.deepEqual(
    lines.slice(1),
    pushed.map((one) => [one.day, one.kind, one.quantity, one.price_micro / 1e6, one.amount_micro / 1e6].join(',')),
  );
  await page.getByRole('button', { name: 'All months' }).click();
  const { items: months } = await ask('/usage/months');
  const rows = page.getByRole('table').getByRole('row');
  await rows.nth(1).click();
  await page.getByRole('region', { name: 'Sum' }).waitFor();
  assert.equal(new URL(page.url()).searchParams.get('day'), months[0].month);
  await page.getByRole('link', { name: 'AI costs' }).last().click();
  await page.getByRole('heading', { level: 1, name: 'AI costs' }).waitFor();
  assert.deepEqual(page.faults, []);
});

test('a call shows the passages that the model was given', async () => {
  const { items: prompts } = await ask('/prompts');
  const { passages } = await ask(`/prompts/${prompts.at(-1).id}/test`, 'POST', {
    turns: [{ author: 'customer', text: 'How much is delivery?' }],
  });
  assert.ok(passages.length > 0);
  const page = await logIn('/ai-costs?tab=calls');
  await page.getByLabel('What for', { exact: true }).selectOption('test');
  await page.waitForURL(/test/);
  await page
    .getByRole('row', { name: /Test by a member/ })
    .first()
    .click();
  const given = page.getByRole('dialog').getByRole('list', { name: 'Passages that the model was given' });
  await given.getByText(passages[0].slice(0, 40)).first().waitFor();
  assert.equal(await given.getByRole('listitem').count(), passages.length);
  assert.deepEqual(page.faults, []);
});

test('the search by meaning is switched on, and its faults stand at their fields', async () => {
  const was = await ask('/ai/embeddings');
  const page = await logIn('/knowledge?tab=meaning');
  const card = page.getByRole('region', { name: 'Search by meaning' });
  const form = page.getByRole('dialog');
  await card.getByRole('button', { name: 'Change the search' }).click();
  await form.getByLabel('Search by meaning too').check();
  await form.getByLabel('Near enough to answer').fill('2');
  await form.getByRole('button', { name: 'Save' }).click();
  await form.getByRole('alert').first().waitFor();
  assert.equal(await form.getByLabel('Near enough to answer').getAttribute('aria-invalid'), 'true');
  await form.getByLabel('Near enough to answer').fill('0.5');
  await form.getByRole('button', { name: 'Save' }).click();
  await card.getByText('On', { exact: true }).waitFor();
  await card.getByText('50%').waitFor();
  const now = await ask('/ai/embeddings');
  assert.deepEqual([now.enabled, now.known_from], [true, 0.5]);
  await ask('/ai/embeddings', 'PUT', { enabled: was.enabled, model: was.model, known_from: 0.45 });
  assert.deepEqual(page.faults, []);
});

test('a member chooses for each kind whether it comes by e-mail', async () => {
  const usual = { kind: 'low_stock', in_app: true, email: 'never' };
  await ask('/notifications/preferences', 'PUT', usual);
  const page = await logIn('/notifications?tab=preferences');
  const email = page.getByLabel('Low stock: E-mail');
  const inApp = page.getByLabel('Low stock: In Kazi');
  const act = async (what) => {
    const put = page.waitForResponse((answer) => answer.request().method() === 'PUT');
    await what();
    await put;
  };
  // Each is sent once the one before has its answer.
  await act(() => email.selectOption('Every morning'));
  await act(() => inApp.uncheck());
  await page.reload();
  await email.waitFor();
  assert.equal(await email.inputValue(), 'digest');
  assert.equal(await inApp.isChecked(), false);

  // The choice is shown before the API has answered, and taken back if it refuses.
  await page.route('**/notifications/preferences', async (route) => {
    if (route.request().method() !== 'PUT') return route.continue();
    await asked;
    return route.fulfill({ status: 503, contentType: 'application/problem+json', body: '{"code":"busy"}' });
  });
  let refuse;
  const asked = new Promise((resolve) => (refuse = resolve));
  await inApp.check();
  await email.selectOption('Never');
  assert.equal(await inApp.isChecked(), true);
  assert.equal(await email.inputValue(), 'never');
  refuse();
  await page.getByRole('checkbox', { name: 'Low stock: In Kazi', checked: false }).waitFor();
  await email
    .and(page.locator('select'))
    .getByRole('option', { name: 'Every morning', selected: true })
    .waitFor({ state: 'attached' });
  await page.unroute('**/notifications/preferences');

  await act(() => email.selectOption('Never'));
  await act(() => inApp.check());
  const all = await ask('/notifications/preferences');
  assert.deepEqual(
    all.find((one) => one.kind === 'low_stock'),
    usual,
  );
  assert.deepEqual(page.faults, []);
});

test('what a customer writes stands on the page of their ticket, and the answer is timed', async () => {
  const customer = await phone();
  const ticket = await ticketOf(customer);
  const page = await logIn(`/tickets/${ticket.id}`);
  await page.getByLabel('Answer', { exact: true }).waitFor();
  const words = `Still cold ${unique()}`;
  const began = Date.now();
  await customer.write(words);
  await page.getByRole('main').getByText(words).waitFor();
  // Sooner than the page looks by itself.
  assert.ok(Date.now() - began < 10_000);
  await page.getByLabel('Answer', { exact: true }).fill('A new pot is on its way.');
  await page.getByRole('button', { name: 'Send', exact: true }).click();
  await page.getByRole('main').getByRole('listitem').getByText('A new pot is on its way.').waitFor();

  const { response_times: told } = await until(
    ({ response_times }) => response_times.ticket_first_response.count > 0,
    '/analytics/overview',
  );
  await page.goto(page.url().replace(/tickets.*/, 'dashboard'));
  const times = page.getByRole('region', { name: 'Response times' });
  const first = times.locator('dl > div').filter({ hasText: 'First answer to a ticket' });
  await first.getByText(/^Average of [1-9]/).waitFor();
  assert.match(await first.textContent(), /\d (sec|min|hr)/);
  await times.getByRole('combobox').selectOption('First answer to a ticket');
  const cells = await times.getByRole('table').getByRole('cell').allTextContents();
  assert.equal(cells.length, 31);
  assert.ok(cells.at(-1) !== '0 sec', `today is shown: ${told.ticket_first_response.average_seconds}`);
  assert.deepEqual(page.faults, []);
});
