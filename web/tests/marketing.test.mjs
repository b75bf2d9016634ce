// Marketing campaigns, in Chromium against a running demo: see contacts.test.mjs.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { faultsOf } from './axe.mjs';
import { ask, close, logIn, open, unique } from './browser.mjs';

before(open);
after(close);

const CAMPAIGNS = '/marketing/campaigns';

/** A draft of a broadcast that belongs to no marketing campaign yet. */
async function broadcast(name) {
  const { items } = await ask('/channels');
  const { id: channel_id } = items.find(({ kind }) => kind === 'greenapi');
  const content = { kind: 'text', text: 'Tea is cheaper today.' };
  return ask('/messaging/campaigns', 'POST', { name, channel_id, content });
}

/** Presses a button that asks first, and agrees. */
async function agree(page, words) {
  await page.getByRole('main').getByRole('button', { name: words, exact: true }).click();
  const dialog = page.getByRole('alertdialog');
  await dialog.getByRole('button', { name: words, exact: true }).click();
  await dialog.waitFor({ state: 'detached' });
}

test('a marketing campaign is written, filled, paid for, started, ended and put away', async () => {
  const name = `Harvest ${unique()}`;
  const sent = await broadcast(`${name} offer`);
  const page = await logIn('/marketing');
  const main = page.getByRole('main');
  const dialog = page.getByRole('dialog');
  await main.getByRole('button', { name: 'New marketing campaign' }).click();
  await dialog.getByLabel('Name', { exact: true }).fill(name);
  await dialog.getByLabel('Objective').selectOption('sales');
  await dialog.getByLabel('What is counted').selectOption('revenue');
  await dialog.getByLabel('Target').fill('500');
  await dialog.getByLabel('Currency of the revenue').selectOption('USD');
  await dialog.getByLabel('First day').fill('2035-06-02');
  await dialog.getByLabel('Last day').fill('2035-06-01');
  await dialog.getByLabel('Amount').fill('100');
  await dialog.getByLabel('Currency', { exact: true }).selectOption('USD');
  await dialog.getByLabel('Tags').fill('Tea, harvest');
  await dialog.getByRole('button', { name: 'Save' }).click();
  // What the API refuses stands at its field.
  await dialog.getByText('must not be before starts_on', { exact: true }).waitFor();
  assert.equal(await dialog.getByLabel('Last day').getAttribute('aria-invalid'), 'true');
  await dialog.getByLabel('Last day').fill('2035-06-30');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await main.getByRole('heading', { level: 1, name }).waitFor();
  const id = page.url().split('/').at(-1);
  const made = await ask(`${CAMPAIGNS}/${id}`);
  assert.deepEqual(made.goal, { measure: 'revenue', target: 50_000, currency: 'USD' });
  assert.deepEqual(made.budget, { amount_minor: 10_000, currency: 'USD' });
  assert.deepEqual(made.tags, ['harvest', 'tea']);
  await main.getByText('Not known yet, of $500.00').waitFor();

  await main.getByRole('button', { name: 'Attach a part' }).click();
  await dialog.getByLabel('Search').fill(sent.name);
  await dialog.getByRole('button', { name: `Attach: ${sent.name}` }).click();
  await dialog.getByText('Is attached').waitFor();
  await page.keyboard.press('Escape');
  const parts = main.getByRole('region', { name: 'Broadcasts' });
  await parts.getByRole('link', { name: sent.name }).waitFor();
  await main.getByText('$0.00 of $500.00').waitFor();

  await main.getByRole('button', { name: 'Expenses' }).click();
  await main.getByRole('button', { name: 'New expense' }).click();
  await dialog.getByLabel('What for').fill('Posters');
  await dialog.getByLabel('Amount').fill('25');
  await dialog.getByLabel('Currency').selectOption('KES');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await dialog.getByText('must be USD, as the budget is').waitFor();
  await dialog.getByLabel('Currency').selectOption('USD');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await main.getByText('$25.00 of $100.00 (25%)').waitFor();
  await main.getByRole('button', { name: 'Edit: Posters' }).click();
  await dialog.getByLabel('Amount').fill('90.50');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await main.getByText('$90.50 of $100.00 (90%)').waitFor();
  const { items: told } = await ask('/notifications?limit=5');
  assert.ok(told.some(({ kind, data }) => kind === 'marketing_budget' && data.marketing_campaign === id));
  await main.getByRole('button', { name: 'Delete: Posters' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click();
  await main.getByText('No expenses yet.').waitFor();
  await main.getByText('$0.00 of $100.00 (0%)').waitFor();

  await main.getByRole('button', { name: 'Parts and figures' }).click();
  await agree(page, 'Start');
  await main.getByText('Active', { exact: true }).waitFor();
  await main.getByRole('button', { name: `Detach: ${sent.name}` }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Detach' }).click();
  await main.getByText('No parts yet.').waitFor();
  await agree(page, 'End');
  await agree(page, 'Archive');
  await main.getByText('Archived', { exact: true }).waitFor();
  assert.equal(await main.getByRole('button', { name: 'Edit' }).count(), 0);
  assert.equal((await ask(`${CAMPAIGNS}/${id}`)).status, 'archived');
  assert.deepEqual(page.faults, []);
});

test('the figures of all parts are shown together, for a period and day by day', async () => {
  const { items } = await ask(`${CAMPAIGNS}?q=New season`);
  const { id } = items[0];
  const { total } = await ask(`${CAMPAIGNS}/${id}/analytics`);
  assert.ok(total.sent > 0 && total.clicks > 0 && total.costs.USD > 0, JSON.stringify(total));
  const page = await logIn('/marketing');
  const main = page.getByRole('main');
  await main.getByRole('row', { name: /New season/ }).click();
  const figure = (label) => main.locator('dl > div', { has: page.getByText(label, { exact: true }) }).locator('dd bdi');
  await figure('Sent').first().waitFor();
  assert.equal(await figure('Sent').first().textContent(), String(total.sent));
  const chart = main.getByRole('figure', { name: 'Day by day' });
  await main.getByRole('combobox', { name: 'Figure shown' }).selectOption('clicks');
  await chart
    .getByRole('cell', { name: String(total.clicks), exact: true })
    .first()
    .waitFor({ state: 'attached' });
  // Of a day before all of it there is nothing.
  await main.getByLabel('Until').fill('2020-01-01');
  await chart.waitFor({ state: 'detached' });
  assert.equal(await figure('Sent').first().textContent(), '0');
  assert.match(page.url(), /until/);
  assert.deepEqual(page.faults, []);
});

test('what is begun from a marketing campaign belongs to it, and of two writers the second is asked', async () => {
  const name = `Spring ${unique()}`;
  const { id } = await ask(CAMPAIGNS, 'POST', { name, objective: 'loyalty' });
  const page = await logIn(`/marketing/${id}`);
  const main = page.getByRole('main');
  const dialog = page.getByRole('dialog');
  await main.getByRole('button', { name: 'Edit' }).click();
  await dialog.getByLabel('Notes').fill('Mine');
  await ask(`${CAMPAIGNS}/${id}`, 'PUT', { name, objective: 'loyalty', notes: 'Theirs' });
  await dialog.getByRole('button', { name: 'Save' }).click();
  await dialog.getByText('Theirs').first().waitFor();
  await dialog.getByRole('button', { name: 'Cancel' }).click();

  await main.getByRole('button', { name: 'Attach a part' }).click();
  await dialog.getByRole('link', { name: 'New automation' }).click();
  await main.getByLabel('Name', { exact: true }).fill(`${name} thanks`);
  await main.getByRole('combobox', { name: 'New step' }).selectOption({ label: 'Add a tag' });
  await main.getByRole('button', { name: 'Add the step' }).click();
  await main.getByLabel('Tag', { exact: true }).fill('thanked');
  await main.getByLabel('Times (cron)').fill('0 9 1 1 *');
  await main.getByRole('button', { name: 'Save' }).click();
  await main.getByRole('heading', { level: 1, name: `${name} thanks` }).waitFor();
  const { items } = await ask(`${CAMPAIGNS}/${id}/parts`);
  assert.deepEqual(
    items.map((one) => [one.kind, one.name]),
    [['automation', `${name} thanks`]],
  );
  assert.deepEqual(page.faults, []);
});

test('the dialogs and the expenses keep the rules of accessibility', async () => {
  const { items } = await ask(`${CAMPAIGNS}?q=New season`);
  const page = await logIn(`/marketing/${items[0].id}`);
  const main = page.getByRole('main');
  const dialog = page.getByRole('dialog');
  const faults = [];
  const check = async (place) => {
    for (const fault of await faultsOf(page)) faults.push(`${place}: ${fault}`);
  };
  await main.getByRole('button', { name: 'Attach a part' }).click();
  await dialog.getByRole('listitem').first().waitFor();
  await check('attach');
  await page.keyboard.press('Escape');
  await main.getByRole('button', { name: 'Edit' }).click();
  await dialog.getByLabel('Notes').waitFor();
  await check('edit');
  await page.keyboard.press('Escape');
  await main
    .getByRole('button', { name: /^Detach: / })
    .first()
    .click();
  await page.getByRole('alertdialog').waitFor();
  await check('detach');
  await page.keyboard.press('Escape');
  await main.getByRole('button', { name: 'Expenses' }).click();
  await main.getByRole('row', { name: /Posters/ }).waitFor();
  await check('expenses');
  await main.getByRole('button', { name: 'New expense' }).click();
  await dialog.getByLabel('What for').waitFor();
  await check('a new expense');
  assert.deepEqual(faults, []);
});
