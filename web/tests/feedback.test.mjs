// What customers say of orders and bookings, in Chromium against a running demo: see contacts.test.mjs.

import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { app, ask, close, closePages, logIn, open } from './browser.mjs';

before(open);
after(close);
afterEach(closePages);

test('the settings say when customers are asked, and what is wrong stands at its field', async () => {
  const page = await logIn('/feedback?tab=settings');
  const orders = page.getByLabel('After an order is delivered');
  await orders.check();
  await page.getByLabel('Hours until the question').fill('721');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('must be 0 to 720').waitFor();
  await page.getByLabel('Hours until the question').fill('3');
  await page.getByLabel('After a booking, when the customer came').uncheck();
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Saved.').waitFor();
  const now = await ask('/feedback/settings');
  assert.deepEqual([now.after_orders, now.after_bookings, now.delay_hours], [true, false, 3]);
  assert.deepEqual(page.faults, []);
});

test('the list is filtered by the score, and an answer leads to its order and its ticket', async () => {
  const page = await logIn('/feedback');
  const list = page.getByRole('region', { name: 'Answers' });
  // The demo's first day has one customer who was not content.
  const { items } = await ask('/feedback?score=2');
  const [one] = items.filter((each) => each.ticket_id);
  await list.getByLabel('Score', { exact: true }).selectOption('2 of 5');
  // The head and the answers with this score, and no others.
  await list.locator('tbody tr').nth(items.length).waitFor({ state: 'detached' });
  const row = list.getByRole('row', { name: one.comment });
  await row.getByRole('img', { name: '2 of 5' }).waitFor();
  assert.equal(await list.getByRole('row').count(), 1 + items.length);
  await row.getByRole('link', { name: 'Open the ticket' }).click();
  await page.getByRole('main').getByText(one.comment).first().waitFor();
  await page.goBack();
  await row.getByRole('link', { name: /^Order \d+/ }).click();
  await page.waitForURL((now) => now.pathname.endsWith(`/orders/${one.order_id}`));
  await page.goto(`${app}/feedback?f=${encodeURIComponent(JSON.stringify({ score: '3' }))}`);
  await list.getByText('Nothing found.').waitFor();
  assert.deepEqual(page.faults, []);
});

test('the figures of a span are those of the API', async () => {
  const { total } = await ask('/feedback/figures');
  const page = await logIn('/feedback?tab=figures');
  await page.getByRole('button', { name: '30 days' }).and(page.locator('[aria-pressed=true]')).waitFor();
  if (total.asked) {
    const shown = page.getByRole('definition');
    await shown.first().waitFor();
    assert.match(await shown.nth(0).textContent(), new RegExp(`^${total.average ?? '–'}`));
    assert.match(await shown.nth(2).textContent(), new RegExp(`^${total.asked}`));
    await page.getByLabel('What the chart shows').selectOption('Average score');
    await page.getByRole('figure', { name: 'Average score' }).waitFor();
  }
  await page.getByRole('button', { name: '12 months' }).click();
  await page.getByRole('button', { name: '12 months' }).and(page.locator('[aria-pressed=true]')).waitFor();
  assert.deepEqual(page.faults, []);
});
