// Invoices, receipts and credit notes, in Chromium against a running demo: see contacts.test.mjs.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, afterEach, before, test } from 'node:test';
import { ask, close, closePages, logIn, open } from './browser.mjs';

before(open);
after(close);
afterEach(closePages);

test('the list finds a document by its number, and its PDF is saved', async () => {
  const { items } = await ask('/invoices?kind=credit_note');
  const [note] = items;
  const page = await logIn('/invoices');
  const list = page.getByRole('region', { name: 'Invoices' });
  await list.getByRole('searchbox').fill(note.number);
  // The head and this document, and no others.
  await list.locator('tbody tr').nth(1).waitFor({ state: 'detached' });
  const row = list.getByRole('row', { name: note.number });
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    row.getByRole('button', { name: `Download: ${note.number}` }).click(),
  ]);
  assert.equal(file.suggestedFilename(), `${note.number}.pdf`);
  assert.equal((await readFile(await file.path())).subarray(0, 5).toString(), '%PDF-');
  assert.deepEqual(page.faults, []);
});

test('the page of an order has its documents, and sends one once more', async () => {
  const { items } = await ask('/invoices?kind=invoice');
  const [invoice] = items;
  const page = await logIn(`/orders/${invoice.subject_id}`);
  await page.getByRole('button', { name: `Send in the chat: ${invoice.number}` }).click();
  await page.getByText(`Document ${invoice.number} is on its way.`).waitFor();
  assert.deepEqual(page.faults, []);
});

test('what is wrong with the settings stands at its field, and what is right is saved', async () => {
  const page = await logIn('/invoices?tab=settings');
  await page.getByLabel('Receipts begin with').fill('INV-{year}-');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('must differ from the other series').waitFor();
  await page.getByLabel('Receipts begin with').fill('RCT-{year}-');
  await page.getByLabel('Tax number').fill('PIN P000000000Z');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Saved.').waitFor();
  const now = await ask('/invoices/settings');
  assert.deepEqual([now.receipt_series, now.tax_number], ['RCT-{year}-', 'PIN P000000000Z']);
  assert.deepEqual(page.faults, []);
});
