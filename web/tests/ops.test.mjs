// The pages of the queue, in Chromium against a running demo whose owner is staff: see contacts.test.mjs.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { close, logIn, open } from './browser.mjs';

before(open);
after(close);

const SCHEDULE = 'exports.purge';

test('a paused pool holds a job, which says why it waits, runs after the resume, and ends', async () => {
  const page = await logIn('/ops');
  const main = page.getByRole('main');
  const pool = main.getByRole('row', { name: /^bulk/ });
  const press = async (row, name) => {
    await row.getByRole('button', { name }).click();
    const dialog = page.getByRole('alertdialog');
    await dialog.getByRole('button', { name: /^(Pause|Run now)$/ }).click();
    await dialog.waitFor({ state: 'detached' });
  };
  const tab = (name) => main.getByRole('navigation').getByRole('button', { name, exact: true }).click();
  await pool.waitFor();
  // An earlier run of this test may have ended before its end.
  if (await pool.getByText('Paused').count()) await pool.getByRole('button', { name: 'Resume: bulk' }).click();
  await press(pool, 'Pause: bulk');
  await pool.getByText('Paused').waitFor();

  await tab('Schedules');
  await press(main.getByRole('row', { name: new RegExp(`^${SCHEDULE}`) }), `Run now: ${SCHEDULE}`);
  const job = page.getByRole('dialog', { name: /^Job \d+$/ });
  await job.getByText(/The pool bulk is paused since/).waitFor();
  await job.getByText('Ready', { exact: true }).waitFor();
  const number = (await job.getByRole('heading', { level: 2 }).textContent()).replace(/\D/g, '');
  await page.keyboard.press('Escape');
  await job.waitFor({ state: 'detached' });

  await tab('Jobs');
  await main.getByRole('combobox', { name: 'State' }).selectOption('ready');
  await main.getByRole('cell', { name: number, exact: true }).waitFor();
  await tab('Overview');
  await pool.getByRole('button', { name: 'Resume: bulk' }).click();
  await pool.getByText('Paused').waitFor({ state: 'detached' });
  await tab('Jobs');
  await main.getByRole('combobox', { name: 'State' }).selectOption('done');
  await main.getByRole('cell', { name: number, exact: true }).click();
  await job.getByText('Done', { exact: true }).waitFor();
  assert.equal(await job.getByText('Why it waits').count(), 0);
  await job.getByText('No attempt has failed.').waitFor();
  assert.deepEqual(page.faults, []);
});

test('every tab opens, and a deletion asks for its reason', async () => {
  const page = await logIn('/ops?tab=processes');
  const main = page.getByRole('main');
  await main.getByText('Heartbeat').first().waitFor();
  for (const [name, sight] of [
    ['Lanes', /Limits|No lane has work/],
    ['Dead letters', /Number|No dead letters/],
    ['Errors', /Failed attempts|No errors in this time/],
    ['Schedules', /Times/],
  ]) {
    await main.getByRole('navigation').getByRole('button', { name, exact: true }).click();
    await main.getByText(sight).first().waitFor();
  }
  assert.deepEqual(page.faults, []);
});
