// Templates from the first word to Meta's decision, in Chromium against a running demo: see contacts.test.mjs.

import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { app, ask, close, closePages, demo, logIn, open, unique, until, whatsapp } from './browser.mjs';
import { member } from './people.mjs';

before(open);
after(close);
afterEach(closePages);

const main = (page) => page.getByRole('main');
const phone = (page) => page.getByRole('figure', { name: 'How a phone shows it' });
const idOf = (page) => page.url().match(/tpl_\w+/)[0];

/** The simulated Meta decides, once it has the template. */
async function decide(id, change) {
  const template = await until((one) => one.external_id, `/templates/${id}`);
  const { simulators } = await (await fetch(`${demo}/demo/config`)).json();
  const { name, language, account_id: account } = template;
  const said = await fetch(`${simulators}/_templates/${account}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name, language, ...change }),
  });
  assert.equal(said.status, 204);
}

/** A template that Meta has. */
async function submitted(name = `ours_${unique()}`) {
  const { items } = await ask('/channels?limit=200');
  const { id } = await ask('/templates', 'POST', {
    channel_id: items.find((one) => one.kind === 'whatsapp').id,
    name,
    language: 'en',
    category: 'utility',
    body: { text: 'Hello {{1}}, your order is ready.', examples: ['Amina'] },
    buttons: [{ type: 'quick_reply', text: 'Thank you' }],
  });
  await ask(`/templates/${id}/submit`, 'POST');
  return id;
}

test('a template is written, seen as on a phone, submitted, and approved before the eyes of its author', async () => {
  const page = await logIn('/templates');
  await main(page).getByRole('link', { name: 'New template' }).click();
  const name = `order_ready_${unique()}`;
  await page.getByLabel('Name', { exact: true }).fill(name.replaceAll('_', ' ').toUpperCase());
  assert.equal(await page.getByLabel('Name', { exact: true }).inputValue(), name);

  await page.getByRole('button', { name: 'Save the draft' }).click();
  await page.getByText('Fill this in.').first().waitFor();
  assert.equal(
    await page.evaluate(() => document.activeElement.tagName),
    'SELECT',
    'the first wrong field has the focus',
  );
  await page.getByLabel('Language', { exact: true }).selectOption('en');
  await page.getByLabel('Number', { exact: true }).selectOption(whatsapp);

  const text = page.getByLabel('Text', { exact: true });
  await text.fill('Hello ');
  await page.getByRole('button', { name: 'Insert a variable' }).click();
  await page.getByText('A variable cannot stand at the beginning').waitFor();
  await page.keyboard.type(', your order is ready.');
  assert.equal(await text.inputValue(), 'Hello {{1}}, your order is ready.');
  await page.getByLabel('Example for {{1}}').fill('Amina');
  await text.evaluate((area) => area.setSelectionRange(18, 23));
  await page.getByRole('button', { name: 'Bold' }).click();
  assert.equal(await text.inputValue(), 'Hello {{1}}, your *order* is ready.');
  await phone(page).getByText('Hello Amina, your order is ready.').waitFor();
  assert.equal(await phone(page).locator('strong').textContent(), 'order');

  await page.getByRole('button', { name: 'Quick reply' }).click();
  await page.keyboard.type('Thank you');
  await page.getByRole('button', { name: 'Link' }).click();
  await page.keyboard.type('Track it');
  const link = page.getByRole('region', { name: 'Button 2' });
  await link.getByLabel('Address', { exact: true }).fill('https://shop.example/{{1}}/x');
  await link.getByText('The variable can only be the very end').waitFor();
  await link.getByLabel('Address', { exact: true }).fill('https://shop.example/{{1}}');
  await link.getByLabel('Example of the address').fill('https://shop.example/1024');
  await link.getByLabel('Text of the button').press('Alt+ArrowUp');
  assert.deepEqual((await phone(page).locator('p > span').allTextContents()).slice(-2), ['Track it', 'Thank you']);
  assert.equal(await page.evaluate(() => document.activeElement.value), 'Track it', 'the moved button keeps the focus');

  await page.getByRole('button', { name: 'Save the draft' }).click();
  await page.getByRole('heading', { level: 1, name }).waitFor();
  await main(page).getByText('Draft', { exact: true }).first().waitFor();
  await page.getByRole('button', { name: 'Submit for review' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Submit for review' }).click();
  await decide(idOf(page), { status: 'APPROVED' });
  await page.getByText('It can be sent.').waitFor();
  const history = main(page).getByRole('listitem');
  await history.filter({ hasText: 'Approved' }).filter({ hasText: 'Meta' }).first().waitFor();

  const [first] = (await ask(`/templates/${idOf(page)}`)).components.filter((one) => one.type === 'BUTTONS');
  assert.deepEqual(
    first.buttons.map((one) => one.text),
    ['Track it', 'Thank you'],
  );
  assert.deepEqual(page.faults, []);
});

test('a rejected template says why, and lives on as a copy', async () => {
  const id = await submitted();
  const page = await logIn(`/templates/${id}`);
  await phone(page).waitFor();
  await decide(id, { status: 'REJECTED', reason: 'INVALID_FORMAT' });
  await page.getByText('Meta did not approve it.').waitFor();
  await page.getByText('The form is wrong').first().waitFor();
  const name = await page.getByRole('heading', { level: 1 }).textContent();
  await page.getByRole('link', { name: 'Copy as a new template' }).click();
  const field = page.getByLabel('Name', { exact: true });
  await field.waitFor();
  const copied = await field.inputValue();
  assert.notEqual(copied, name);
  assert.equal(await page.getByLabel('Text', { exact: true }).inputValue(), 'Hello {{1}}, your order is ready.');
  await page.getByLabel('Example for {{1}}').fill('Amina');
  await page.getByRole('button', { name: 'Save the draft' }).click();
  await page.getByRole('heading', { level: 1, name: copied }).waitFor();

  await page.getByRole('link', { name: 'Write another language' }).click();
  await page.getByLabel('Language', { exact: true }).selectOption('en');
  await page.getByText('There is a template of this name in this language already.').waitFor();
  await page.getByLabel('Language', { exact: true }).selectOption('sw');
  await page.getByRole('button', { name: 'Save the draft' }).click();
  await page.getByRole('heading', { name: 'Other languages' }).waitFor();
  await main(page).getByRole('link', { name: 'English' }).waitFor();
  assert.deepEqual(page.faults, []);
});

test('a sample fills the editor in a chosen language, and what is written is not lost by a click', async () => {
  const page = await logIn('/templates/new');
  await page.getByRole('button', { name: 'Samples' }).click();
  const samples = page.getByRole('dialog');
  await samples.getByLabel('Language').selectOption('fr');
  await samples.getByRole('button', { name: /Payment reminder/ }).click();
  await phone(page).getByText('Bonjour Amina, votre paiement de').waitFor();
  assert.equal(await page.getByLabel('Language', { exact: true }).inputValue(), 'fr');

  await main(page).getByRole('link', { name: 'Templates' }).click();
  const sure = page.getByRole('alertdialog');
  await sure.getByText('What you wrote here is not saved.').waitFor();
  await sure.getByRole('button', { name: 'Stay' }).click();
  await sure.waitFor({ state: 'hidden' });
  assert.match(page.url(), /\/templates\/new/);
  await main(page).getByRole('link', { name: 'Templates' }).click();
  await sure.getByRole('button', { name: 'Leave' }).click();
  await page.getByRole('heading', { level: 1, name: 'Templates' }).waitFor();
  assert.deepEqual(page.faults, []);
});

test('what somebody else has saved meanwhile is shown before it is overwritten', async () => {
  const { items } = await ask('/channels?limit=200');
  const body = {
    channel_id: items.find((one) => one.kind === 'whatsapp').id,
    name: `shared_${unique()}`,
    language: 'en',
    category: 'utility',
    body: { text: 'Hello.', examples: [] },
  };
  const { id } = await ask('/templates', 'POST', body);
  const page = await logIn(`/templates/${id}`);
  const text = page.getByLabel('Text', { exact: true });
  await text.fill('Good morning.');
  const other = await logIn(`/templates/${id}`);
  await other.getByLabel('Text', { exact: true }).fill('Good evening.');
  await other.getByRole('button', { name: 'Save the draft' }).click();
  await until((one) => one.body === 'Good evening.', `/templates/${id}`);
  await page.getByRole('button', { name: 'Save the draft' }).click();
  const conflict = page.getByRole('alert').filter({ hasText: 'Good evening.' });
  await conflict.getByText('Good morning.').waitFor();
  await conflict.getByRole('button', { name: 'Save mine' }).click();
  await until((one) => one.body === 'Good morning.', `/templates/${id}`);
  assert.deepEqual([...page.faults, ...other.faults], []);
});

test('a template is deleted at Meta too, and its name is blocked for a while', async () => {
  const id = await submitted();
  await decide(id, { status: 'APPROVED' });
  const page = await logIn(`/templates/${id}`);
  const name = await page.getByRole('heading', { level: 1 }).textContent();
  await page.getByRole('button', { name: 'Delete' }).click();
  const sure = page.getByRole('alertdialog');
  await sure.getByText('for 30 days').waitFor();
  await sure.getByRole('button', { name: 'Delete' }).click();
  await page.getByRole('heading', { level: 1, name: 'Templates' }).waitFor();
  await page.getByRole('cell', { name: 'market_day_offer' }).waitFor();
  assert.equal(await page.getByRole('cell', { name }).count(), 0);
  assert.deepEqual(page.faults, []);
});

test('below an admin, a template can be read and nothing else', async () => {
  const email = await member('viewer');
  const { items } = await ask('/templates?name=market_day_offer');
  const page = await logIn('/templates', { email });
  await page.getByRole('cell', { name: 'market_day_offer' }).waitFor();
  await page.getByRole('button', { name: 'Your account' }).getByText(/[A-Z]/).waitFor();
  assert.equal(await main(page).getByRole('link', { name: 'New template' }).count(), 0);
  await page.goto(`${app}/templates/${items[0].id}`);
  await page.getByText('It can be sent.').waitFor();
  await phone(page).waitFor();
  await page.getByRole('button', { name: 'Your account' }).getByText(/[A-Z]/).waitFor();
  assert.equal(await main(page).getByRole('button').count(), 0);
  assert.equal(
    await main(page)
      .getByRole('link', { name: /Copy|Write/ })
      .count(),
    0,
  );
  await page.goto(`${app}/templates/new`);
  await page.getByRole('alert').getByText('Your role does not open this.').waitFor();
  assert.deepEqual(page.faults, []);
});
