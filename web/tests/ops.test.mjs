// The pages of the queue, in Chromium against a running demo whose owner is staff: see contacts.test.mjs.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ask, close, logIn, open, unique } from './browser.mjs';

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

test('a lane is parked and let go again', async () => {
  // Its limits keep a lane in the list.
  const lane = { pool: 'bulk', lane: `test-${unique()}` };
  await ask('/admin/ops/lanes/limits', 'PUT', { ...lane, max_running: 3 });
  const page = await logIn('/ops?tab=lanes');
  const main = page.getByRole('main');
  const row = main.getByRole('row', { name: lane.lane });
  await row.getByRole('button', { name: `Park: ${lane.lane}` }).click();
  const dialog = page.getByRole('dialog', { name: `Park ${lane.lane}` });
  await dialog.getByLabel('For how long').selectOption({ label: 'Until another time…' });
  await dialog.getByRole('button', { name: 'Park' }).click();
  await dialog.getByText('Fill this in.').waitFor();
  await dialog.getByLabel('Until when').fill('2020-01-01T00:00');
  await dialog.getByRole('button', { name: 'Park' }).click();
  await dialog.getByRole('alert').waitFor();
  await dialog.getByLabel('For how long').selectOption({ label: '4 hr' });
  await dialog.getByRole('button', { name: 'Park' }).click();
  await dialog.waitFor({ state: 'detached' });
  await row.getByText('Parked', { exact: true }).waitFor();
  await row.getByRole('button', { name: `Unpark: ${lane.lane}` }).click();
  const unpark = page.getByRole('alertdialog');
  await unpark.getByRole('button', { name: 'Unpark' }).click();
  await unpark.waitFor({ state: 'detached' });
  await row.getByText('Parked', { exact: true }).waitFor({ state: 'detached' });
  assert.deepEqual(page.faults, []);
});
