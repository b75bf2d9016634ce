// The rules of accessibility in what a page shows after a person has done something: dialogs, steps and faults, in Chromium
// against a running demo. The pages themselves: axe.test.mjs.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { faultsOf } from './axe.mjs';
import { app, ask, close, logIn, newPage, open, owner, writePassword } from './browser.mjs';

before(open);
after(close);

test('the steps and dialogs of the pages keep the rules of accessibility', async () => {
  const page = await logIn('/contacts');
  const main = page.getByRole('main');
  const faults = [];
  await page.goto(`${app}/contacts`);
  await main.getByRole('button', { name: 'Conditions' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Add a group' }).click();
  await dialog.getByLabel('Column').last().selectOption('tags');
  await dialog.getByRole('button', { name: 'Apply' }).click();
  await dialog.getByRole('alert').first().waitFor();
  for (const fault of await faultsOf(page)) faults.push(`conditions: ${fault}`);
  await page.keyboard.press('Escape');
  await page.goto(`${app}/products`);
  await main
    .getByRole('button', { name: /^Change Price: / })
    .first()
    .click();
  await main.getByRole('spinbutton', { name: /^Price: / }).fill('-1');
  await page.keyboard.press('Enter');
  await main.getByRole('alert').waitFor();
  for (const fault of await faultsOf(page)) faults.push(`a cell: ${fault}`);
  await page.goto(`${app}/automations/new`);
  for (const kind of ['Send a template', 'Wait', 'Condition', 'Add a tag']) {
    await main.getByRole('combobox', { name: 'New step' }).selectOption({ label: kind });
    await main.getByRole('button', { name: 'Add the step' }).click();
  }
  for (const fault of await faultsOf(page)) faults.push(`a new automation: ${fault}`);
  await page.goto(`${app}/templates/new`);
  await main.getByLabel('Text', { exact: true }).fill('Hello {{1}}');
  for (const kind of ['Quick reply', 'Link', 'Call']) await main.getByRole('button', { name: kind }).click();
  await main.getByRole('button', { name: 'Save the draft' }).click();
  await main.getByRole('alert').first().waitFor();
  for (const fault of await faultsOf(page)) faults.push(`a new template: ${fault}`);
  await main.getByRole('radio', { name: 'Authentication' }).check();
  await main.getByRole('radio', { name: 'The code is filled in without a tap' }).check();
  await main.getByText('More settings').click();
  for (const fault of await faultsOf(page)) faults.push(`a template of a code: ${fault}`);
  await main.getByRole('radio', { name: 'Marketing' }).check();
  for (const layout of ['Limited-time offer', 'Carousel']) {
    await main.getByRole('radio', { name: layout }).check();
    for (const fault of await faultsOf(page)) faults.push(`${layout}: ${fault}`);
  }
  await main.getByRole('button', { name: 'Samples' }).click();
  await dialog.getByRole('listitem').first().waitFor();
  for (const fault of await faultsOf(page)) faults.push(`samples: ${fault}`);
  await dialog.getByRole('button', { name: /Welcome/ }).click();
  await main.getByRole('link', { name: 'Templates' }).click();
  await page.getByRole('alertdialog').waitFor();
  for (const fault of await faultsOf(page)) faults.push(`the guard of a template: ${fault}`);
  await page.getByRole('alertdialog').getByRole('button', { name: 'Leave' }).click();
  await page.goto(`${app}/inbox`);
  await page.locator('[data-conversation]').first().click();
  await page.getByRole('log').waitFor();
  for (const fault of await faultsOf(page)) faults.push(`a conversation: ${fault}`);
  const answers = await ask('/ai/calls?purpose=reply&outcome=ok&limit=1');
  await page.goto(`${app}/inbox?open=${answers.items[0].conversation_id}`);
  await page.getByRole('button', { name: 'Why this answer?' }).last().click();
  await dialog.waitFor();
  for (const fault of await faultsOf(page)) faults.push(`why an answer: ${fault}`);
  await page.keyboard.press('Escape');
  await page.goto(`${app}/channels`);
  await main.getByRole('link', { name: 'Open: WhatsApp' }).click();
  await main.getByText('Messaging limit').waitFor();
  for (const fault of await faultsOf(page)) faults.push(`a channel: ${fault}`);
  for (const name of ['Change the speed', 'Replace the token', 'Rename']) {
    await main.getByRole('button', { name }).click();
    await dialog.waitFor();
    for (const fault of await faultsOf(page)) faults.push(`${name}: ${fault}`);
    await page.keyboard.press('Escape');
  }
  await main.getByRole('button', { name: 'Delete', exact: true }).click();
  await page.getByRole('alertdialog').waitFor();
  for (const fault of await faultsOf(page)) faults.push(`a channel's deletion: ${fault}`);
  await page.keyboard.press('Escape');
  const { pathname } = new URL(page.url());
  await page.goto(`${app}${pathname.replace('/app', '')}/connect`);
  await main.getByRole('heading', { name: 'Do both reach each other?' }).waitFor();
  for (const fault of await faultsOf(page)) faults.push(`the end of a connection: ${fault}`);
  await main.getByRole('button', { name: 'Back' }).click();
  await main.getByRole('status', { name: 'Callback URL' }).waitFor();
  for (const fault of await faultsOf(page)) faults.push(`the webhook of a connection: ${fault}`);
  await page.goto(`${app}/channels/new`);
  await main.getByRole('radio').first().waitFor();
  for (const fault of await faultsOf(page)) faults.push(`a new channel: ${fault}`);
  await main.getByRole('button', { name: 'Next' }).click();
  await main.getByLabel('Access token').waitFor();
  for (const fault of await faultsOf(page)) faults.push(`a new channel's token: ${fault}`);
  const { items: campaigns } = await ask('/messaging/campaigns?limit=100');
  const draft = campaigns.find((one) => one.name === 'Market day');
  await page.goto(`${app}/campaigns/${draft.id}/edit`);
  await main.getByRole('button', { name: 'Next' }).click();
  await main.getByRole('button', { name: 'Next' }).click();
  const careful = main.getByText('How fast and how carefully');
  await careful.waitFor();
  // It is open where the draft has such a wish.
  if (!(await main.getByRole('checkbox', { name: 'First to a few' }).isVisible())) await careful.click();
  for (const box of ['First to a few', 'Limit how often']) await main.getByRole('checkbox', { name: box }).check();
  for (const fault of await faultsOf(page)) faults.push(`the delivery of a campaign: ${fault}`);
  await main.getByRole('button', { name: 'Check' }).click();
  await main.getByRole('table').waitFor();
  for (const fault of await faultsOf(page)) faults.push(`the check of a campaign: ${fault}`);
  const compared = campaigns.find((one) => one.experiment?.arms.some((arm) => arm.name === 'Neighbour'));
  await page.goto(`${app}/campaigns/${compared.id}`);
  await main.getByRole('region', { name: 'Figures of the arms' }).waitFor();
  for (const fault of await faultsOf(page)) faults.push(`the arms of a campaign: ${fault}`);
  await page.goto(`${app}/campaigns/new?open=${compared.id}`);
  await main.getByRole('button', { name: 'Next' }).click();
  await main.getByRole('button', { name: 'Next' }).click();
  await main.getByRole('group', { name: 'Neighbour' }).waitFor();
  for (const fault of await faultsOf(page)) faults.push(`the test of a new campaign: ${fault}`);
  await page.goto(`${app}/social?view=month`);
  await main.getByRole('heading', { level: 2 }).waitFor();
  for (const fault of await faultsOf(page)) faults.push(`the month of posts: ${fault}`);
  await page.goto(`${app}/social?tab=contents`);
  await main.getByRole('button', { name: 'Write content' }).click();
  await dialog.getByLabel('Text', { exact: true }).fill('a'.repeat(2_300));
  await dialog.getByRole('figure').first().waitFor();
  for (const fault of await faultsOf(page)) faults.push(`a post: ${fault}`);
  await page.keyboard.press('Escape');
  await page.goto(`${app}/settings`);
  await main.getByRole('button', { name: 'Delete the workspace' }).click();
  await page.getByRole('alertdialog').waitFor();
  for (const fault of await faultsOf(page)) faults.push(`the deletion: ${fault}`);
  assert.deepEqual(faults, []);
});

test("the dialogs of the platform's staff keep the rules of accessibility", async () => {
  const [{ id }] = (await ask('/admin/workspaces?limit=1')).items;
  const page = await logIn(`/staff/workspaces/${id}`, { colorScheme: 'dark' });
  await page.getByRole('button', { name: 'Suspend' }).click();
  await page.getByRole('dialog').waitFor();
  assert.deepEqual(await faultsOf(page), []);
});

test('the steps of a log-in keep the rules of accessibility', async () => {
  const page = await newPage();
  const answers = (status) => (route) =>
    route.fulfill({ json: { status, challenge: 'none', expires_at: '2099-01-01T00:00:00Z' } });
  for (const status of ['totp_required', 'verification_required']) {
    await page.route('**/auth/login', answers(status));
    await page.goto(`${app}/login`);
    await writePassword(page, owner);
    await page.getByLabel('Code').waitFor();
    await page.getByRole('button', { name: 'Log in' }).click();
    await page
      .getByRole('main')
      .getByText(/^(A code has|Write the code)/)
      .waitFor();
    assert.deepEqual(await faultsOf(page), [], status);
  }
});
