// Templates with files, one-time codes and cards, in Chromium against a running demo: see contacts.test.mjs.

import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { PNG, ask, close, closePages, demo, logIn, open, unique, until, whatsapp } from './browser.mjs';

before(open);
after(close);
afterEach(closePages);

const main = (page) => page.getByRole('main');
const phone = (page) => page.getByRole('figure', { name: 'How a phone shows it' });
const save = (page) => page.getByRole('button', { name: 'Save the draft' });
const idOf = (page) => page.url().match(/tpl_\w+/)[0];

const picture = { name: 'tea.png', mimeType: 'image/png', buffer: PNG };

/** A new template with what each has. */
async function begin(category) {
  const page = await logIn('/templates/new');
  const name = `kind_${unique()}`;
  await page.getByLabel('Name', { exact: true }).fill(name);
  await page.getByLabel('Language', { exact: true }).selectOption('en');
  await page.getByLabel('Number', { exact: true }).selectOption(whatsapp);
  await page.getByRole('radio', { name: category }).check();
  return { page, name };
}

async function upload(place) {
  await place.locator('input[type=file]').setInputFiles(picture);
  await place.getByText('tea.png').waitFor();
}

/** Submits what is written, and has the simulated Meta approve it. */
async function approve(page, name) {
  await page.getByRole('button', { name: 'Submit for review' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Submit for review' }).click();
  await page.getByRole('heading', { level: 1, name }).waitFor();
  const sent = await until((one) => one.external_id || one.status === 'rejected', `/templates/${idOf(page)}`);
  assert.equal(sent.status, 'submitted', sent.reason);
  const { simulators } = await (await fetch(`${demo}/demo/config`)).json();
  const said = await fetch(`${simulators}/_templates/${sent.account_id}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name, language: sent.language, status: 'APPROVED' }),
  });
  assert.equal(said.status, 204);
  await page.getByText('It can be sent.').waitFor();
  return sent;
}

test('a picture stands above a template with two buttons, and Meta takes its sample', async () => {
  const { page, name } = await begin('Marketing');
  await page.getByLabel('Header', { exact: true }).selectOption('image');
  await page.getByLabel('Text', { exact: true }).fill('Fresh tea is here, {{1}}, and it is cheaper.');
  await page.getByLabel('Example for {{1}}').fill('Amina');
  await page.getByRole('button', { name: 'Link', exact: true }).click();
  await page.keyboard.type('See the tea');
  const link = page.getByRole('region', { name: 'Button 1' });
  await link.getByLabel('Address', { exact: true }).fill('https://shop.example/tea');
  await page.getByRole('button', { name: 'Quick reply' }).click();
  await page.keyboard.type('Not now');
  // The sample is missing, and is asked for at its place.
  await save(page).click();
  const sample = page.getByRole('group', { name: 'Sample file' });
  await sample.getByText('Upload a sample.').waitFor();
  await upload(sample);
  await phone(page).locator('img[src^="data:image"]').waitFor();
  await phone(page).getByText('Not now').waitFor();
  const { components } = await approve(page, name);
  assert.equal(components[0].format, 'IMAGE');
  assert.deepEqual(
    components.at(-1).buttons.map((one) => one.type),
    ['URL', 'QUICK_REPLY'],
  );

  // An approved template is changed: its name stays, and the file needs a sample anew.
  await page.getByRole('button', { name: 'Edit' }).click();
  await page.getByText('You change an approved template.').waitFor();
  assert.ok(await page.getByLabel('Name', { exact: true }).isDisabled());
  await page.getByLabel('Text', { exact: true }).fill('Fresh tea is here, {{1}}, and it is very cheap.');
  await upload(page.getByRole('group', { name: 'Sample file' }));
  await page.getByRole('button', { name: 'Submit for review' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Submit for review' }).click();
  await until(({ body, edit }) => body.endsWith('very cheap.') && !edit, `/templates/${idOf(page)}`);
  assert.deepEqual(page.faults, []);
});

test('an authentication template has a code, and no text of its own', async () => {
  const { page, name } = await begin('Authentication');
  assert.equal(await page.getByLabel('Text', { exact: true }).count(), 0);
  await page.getByLabel('Minutes until the code expires').fill('91');
  await page.getByText('Write 1 to 90 minutes, or nothing.').waitFor();
  await page.getByLabel('Minutes until the code expires').fill('5');
  await phone(page).getByText('This code expires in 5 min.').waitFor();
  await page.getByRole('radio', { name: 'A tap fills the code in' }).check();
  const app = page.getByRole('group', { name: 'App 1' });
  await app.getByLabel('Package name').fill('com.example.shop');
  await app.getByLabel('Signature hash').fill('K8a');
  await app.getByText('Write the 11 characters').waitFor();
  await app.getByLabel('Signature hash').fill('K8a/AINcGX7');
  await phone(page).getByText('Autofill').waitFor();
  const { draft } = await approve(page, name);
  assert.deepEqual(
    [draft.code_expiration_minutes, draft.add_security_recommendation, draft.buttons[0].otp_type],
    [5, true, 'one_tap'],
  );
  assert.deepEqual(page.faults, []);
});

test('the cards of a carousel share their buttons, are moved, and come back from a draft', async () => {
  const { page } = await begin('Marketing');
  await page.getByRole('radio', { name: 'Carousel' }).check();
  await page.getByLabel('Text', { exact: true }).first().fill('Look at our teas.');
  const card = (number) => page.getByRole('region', { name: `Card ${number}`, exact: true });
  await page.getByRole('button', { name: 'Add a card' }).click();
  for (const [at, tea] of ['Black', 'Green', 'White'].entries()) {
    // Somebody writes on while the file is on its way.
    await card(at + 1)
      .locator('input[type=file]')
      .setInputFiles(picture);
    await card(at + 1)
      .getByLabel('Text', { exact: true })
      .fill(`${tea} tea.`);
    await card(at + 1)
      .getByText('tea.png')
      .waitFor();
    await card(at + 1)
      .getByLabel('Text of the button')
      .fill(`Buy ${tea}`);
    await card(at + 1)
      .getByLabel('Address', { exact: true })
      .fill(`https://shop.example/${tea}`);
  }
  // A second button comes on every card.
  await card(2).getByRole('button', { name: 'Quick reply' }).click();
  for (const at of [1, 2, 3])
    await card(at).getByRole('region', { name: 'Button 2' }).getByLabel('Text of the button').fill('Tell me more');
  await card(3).getByRole('button', { name: 'Move up: Card 3', exact: true }).click();
  const shown = phone(page).getByRole('list', { name: 'Cards' }).getByRole('listitem');
  assert.deepEqual(
    (await shown.allTextContents()).map((text) => text.slice(0, 5)),
    ['Black', 'White', 'Green'],
  );
  await save(page).click();
  await main(page).getByText('Draft', { exact: true }).first().waitFor();
  const { draft } = await ask(`/templates/${idOf(page)}`);
  assert.deepEqual(
    draft.cards.map((one) => [one.body.text, one.buttons.map(({ type }) => type)]),
    ['Black', 'White', 'Green'].map((tea) => [`${tea} tea.`, ['url', 'quick_reply']]),
  );
  await page.reload();
  await card(2).getByText('Meta has a sample.').waitFor();
  await card(2).getByRole('button', { name: 'Remove: Card 2', exact: true }).click();
  await save(page).click();
  await until((one) => one.draft.cards.length === 2, `/templates/${idOf(page)}`);
  assert.deepEqual(page.faults, []);
});

test('what Meta refuses is said at its place before anything is sent', async () => {
  const { page } = await begin('Utility');
  await page.getByLabel('Text', { exact: true }).fill('Hello, your order is ready.');
  for (const [kind, words] of [
    ['Quick reply', 'Yes'],
    ['Link', 'Track'],
    ['Quick reply', 'No'],
  ]) {
    await page.getByRole('button', { name: kind, exact: true }).click();
    await page.keyboard.type(words);
  }
  const buttons = page.getByRole('group', { name: 'Buttons' });
  await buttons.getByText('Put the quick replies together').waitFor();
  await page.getByRole('region', { name: 'Button 3' }).getByLabel('Text of the button').press('Alt+ArrowUp');
  await buttons.getByText('Put the quick replies together').waitFor({ state: 'detached' });
  const link = page.getByRole('region', { name: 'Button 3' }).getByLabel('Address', { exact: true });
  await link.fill('https://wa.me/254711000001');
  await buttons.getByText('The address cannot lead to WhatsApp itself.').waitFor();
  await link.fill('https://shop.example/orders');
  for (const words of ['One', 'Two']) {
    await page.getByRole('button', { name: 'Link', exact: true }).click();
    await page.keyboard.type(words);
  }
  await buttons.getByText('At most 2 of the kind “Link”.').waitFor();

  // Names in place of numbers, and back.
  const text = page.getByLabel('Text', { exact: true });
  await text.fill('Hello {{1}}, your order is ready.');
  await page.getByLabel('Example for {{1}}').fill('Amina');
  await page.getByLabel('Variables').selectOption('named');
  assert.equal(await text.inputValue(), 'Hello {{value_1}}, your order is ready.');
  await text.fill('Hello {{First}}, your order is ready.');
  await page.getByText('Name the variables in small letters').waitFor();
  await text.fill('Hello {{first_name}}, your order is ready.');
  assert.equal(await page.getByLabel('Example for {{first_name}}').inputValue(), 'Amina');
  await phone(page).getByText('Hello Amina').waitFor();

  // An offer has a coupon and a link.
  await page.getByRole('radio', { name: 'Marketing' }).check();
  await page.getByRole('radio', { name: 'Limited-time offer' }).check();
  await page.getByText('An offer has a coupon and then a link.').waitFor();
  assert.deepEqual(page.faults, []);
});
