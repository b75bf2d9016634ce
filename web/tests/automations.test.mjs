// Messages that go out by themselves, in Chromium against a running demo: see contacts.test.mjs.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ask, close, logIn, open, unique } from './browser.mjs';

before(open);
after(close);

test('an automation is made, tried, changed, activated and paused', async () => {
  const page = await logIn('/automations');
  const main = page.getByRole('main');
  const name = `Win back ${unique()}`;
  const step = (number) => main.getByRole('region', { name: `Step ${number}`, exact: true });
  const addStep = async (kind) => {
    await main.getByRole('combobox', { name: 'New step' }).selectOption({ label: kind });
    await main.getByRole('button', { name: 'Add the step' }).click();
  };
  await main.getByRole('link', { name: 'New automation' }).click();
  await main.getByLabel('Name', { exact: true }).fill(name);
  await main.getByLabel('Times (cron)').fill('*/5 * * * *');
  await main.getByRole('button', { name: 'Save' }).click();
  await main.getByText('Add one step at least.').waitFor();

  await addStep('Wait');
  await step(1).getByLabel('How long').fill('2');
  await addStep('Send a template');
  const template = step(2).getByRole('combobox', { name: 'Template' });
  await template.locator('option:nth-child(2)').waitFor({ state: 'attached' });
  await addStep('Add a tag');
  await main.getByRole('button', { name: 'Save' }).click();
  await step(2).getByText('Fill in all of this step.').waitFor();
  await template.selectOption({ index: 1 });
  const chosen = await template.inputValue();
  for (const field of await step(2).getByLabel('For contacts without it').all()) await field.fill('friend');
  await step(3).getByLabel('Tag', { exact: true }).fill('greeted');
  await main.getByRole('button', { name: 'Move up: Step 3' }).click();
  await step(2).getByLabel('Tag', { exact: true }).waitFor();

  // What the API refuses stands at its field.
  await main.getByRole('button', { name: 'Save' }).click();
  await main.getByText('must come at most once an hour').waitFor();
  await main.getByLabel('Times (cron)').fill('0 9 1 1 *');
  await main.getByRole('button', { name: 'Save' }).click();
  await main.getByRole('heading', { level: 1, name }).waitFor();
  const id = page.url().split('/').at(-1);
  const made = await ask(`/messaging/automations/${id}`);
  assert.deepEqual(
    made.steps.map(({ action }) => action.kind),
    ['wait', 'add_tag', 'send'],
  );
  assert.equal(made.steps[0].action.minutes, 2 * 24 * 60);
  assert.equal(made.steps[2].action.content.name, chosen);
  await main.getByText('Wait 2 days').waitFor();

  await main.getByRole('button', { name: 'Try it' }).click();
  const found = main.getByRole('status').filter({ hasText: 'Would enter' });
  await found.waitFor();
  const { contacts } = await ask(`/messaging/automations/${id}/simulation`);
  assert.match(await found.textContent(), new RegExp(`Would enter(More than )?${contacts}`));

  await main.getByRole('link', { name: 'Edit' }).click();
  await main.getByRole('button', { name: 'Remove: Step 2' }).click();
  await main.getByRole('button', { name: 'Save' }).click();
  await main.getByRole('heading', { level: 1, name }).waitFor();
  assert.equal((await ask(`/messaging/automations/${id}`)).steps.length, 2);

  const press = async (words) => {
    await main.getByRole('button', { name: words, exact: true }).click();
    const dialog = page.getByRole('alertdialog');
    await dialog.getByRole('button', { name: words, exact: true }).click();
    await dialog.waitFor({ state: 'detached' });
  };
  await press('Activate');
  await main.getByText('Active', { exact: true }).waitFor();
  assert.equal(await main.getByRole('button', { name: 'Delete' }).count(), 0);
  await press('Pause');
  await main.getByText('Paused', { exact: true }).waitFor();
  assert.equal((await ask(`/messaging/automations/${id}`)).status, 'paused');
  await main.getByRole('button', { name: 'Contacts in it' }).click();
  await main.getByText('Nobody has entered yet.').waitFor();
  await press('Delete');
  await page.waitForURL('**/automations');
  await main.getByRole('row', { name }).waitFor({ state: 'detached' });
  assert.deepEqual(page.faults, []);
});

test('many contacts at once are asked for before it is active', async () => {
  const body = {
    name: `Everybody ${unique()}`,
    trigger: { kind: 'inactive', days: 1 },
    steps: [{ key: 'tag', action: { kind: 'add_tag', tag: 'silent' } }],
  };
  const { id } = await ask('/messaging/automations', 'POST', body);
  const page = await logIn(`/automations/${id}`);
  const main = page.getByRole('main');
  const asked = [];
  await page.route('**/activate', (route) => {
    asked.push(route.request().postDataJSON().confirm_reach);
    const detail = '12345 contacts would enter at once: confirm with confirm_reach';
    const problem = { status: 409, code: 'reach_unconfirmed', title: 'Conflict', detail };
    return asked.length === 1
      ? route.fulfill({ status: 409, contentType: 'application/problem+json', body: JSON.stringify(problem) })
      : route.continue();
  });
  await main.getByRole('button', { name: 'Activate' }).click();
  const dialog = page.getByRole('alertdialog');
  await dialog.getByRole('button', { name: 'Activate' }).click();
  await dialog.getByText('12,345 contacts would enter at once.', { exact: false }).waitFor();
  await dialog.getByRole('button', { name: 'Let 12,345 contacts enter' }).click();
  await main.getByText('Active', { exact: true }).waitFor();
  assert.deepEqual(asked, [false, true]);
  await main.getByRole('button', { name: 'Pause' }).click();
  await dialog.getByRole('button', { name: 'Pause' }).click();
  await main.getByText('Paused', { exact: true }).waitFor();
  assert.deepEqual(page.faults, []);
});
