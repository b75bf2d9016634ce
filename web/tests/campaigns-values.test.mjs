// What a campaign gives a template: a place on a map, named variables, a coupon. See contacts.test.mjs.

import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { PNG, ask, close, closePages, demo, logIn, open, owner, password, unique, until } from './browser.mjs';

before(open);
after(close);
afterEach(closePages);

/** A template that the simulated Meta has approved. */
async function approved(draft) {
  const { id } = await ask('/templates', 'POST', draft);
  await ask(`/templates/${id}/submit`, 'POST');
  const sent = await until((one) => one.external_id, `/templates/${id}`);
  const { simulators } = await (await fetch(`${demo}/demo/config`)).json();
  await fetch(`${simulators}/_templates/${sent.account_id}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name: draft.name, language: draft.language, status: 'APPROVED' }),
  });
  await until((one) => one.status === 'approved', `/templates/${id}`);
}

test('a campaign gives a template its place, its names and its coupon', async () => {
  const { items } = await ask('/channels?limit=100');
  const channel = items.find((one) => one.kind === 'whatsapp').id;
  const name = `open_day_${unique()}`;
  await approved({
    channel_id: channel,
    name,
    language: 'en',
    category: 'marketing',
    parameter_format: 'named',
    header: { format: 'location' },
    body: { text: 'Hello {{guest}}, come and see us.', examples: ['Amina'] },
    buttons: [{ type: 'copy_code', example: 'TEA25' }],
  });
  const page = await logIn('/campaigns/new');
  await page.getByLabel('Name', { exact: true }).fill(`Place ${unique()}`);
  await page.getByLabel('Channel').selectOption(channel);
  await page.getByLabel('Template').selectOption(name);
  await page.getByRole('group', { name: '{{guest}}' }).waitFor();
  await page.getByRole('button', { name: 'Next' }).click();
  const place = page.getByRole('group', { name: 'Place on a map' });
  assert.equal(await place.getByText('Fill this in.').count(), 4);
  await place.getByLabel('Name of the place').fill('Zuri Tea');
  await place.getByLabel('Address of the place').fill('Kimathi Street, Nairobi');
  await place.getByLabel('Latitude').fill('91');
  await place.getByLabel('Longitude').fill('36.8219');
  await page.getByRole('group', { name: 'Coupon' }).getByLabel('Text', { exact: true }).fill('SPRING');
  const shown = page.getByRole('figure', { name: 'How a phone shows it' });
  await shown.getByText('Kimathi Street, Nairobi').waitFor();

  await page.getByRole('button', { name: 'Next' }).click();
  await page.getByRole('radio', { name: 'Regular customers' }).check();
  await page.getByRole('button', { name: 'Next' }).click();
  await page.getByRole('button', { name: 'Check' }).click();
  // The API's refusal stands at the field.
  await place.getByText('must be decimal degrees').waitFor();
  await place.getByLabel('Latitude').fill('-1.2833');
  for (let step = 0; step < 2; step += 1) await page.getByRole('button', { name: 'Next' }).click();
  await page.getByRole('button', { name: 'Check' }).click();
  await page.getByText('Ready to send').waitFor();
  assert.deepEqual(page.faults, []);
});

test('an automation gives a template its place and its coupon', async () => {
  const { items } = await ask('/channels?limit=100');
  const channel = items.find((one) => one.kind === 'whatsapp').id;
  const name = `open_house_${unique()}`;
  await approved({
    channel_id: channel,
    name,
    language: 'en',
    category: 'marketing',
    header: { format: 'location' },
    body: { text: 'Hello {{1}}, come and see us.', examples: ['Amina'] },
    buttons: [{ type: 'copy_code', example: 'TEA25' }],
  });
  const page = await logIn('/automations/new');
  const main = page.getByRole('main');
  const called = `Open house ${unique()}`;
  await main.getByLabel('Name', { exact: true }).fill(called);
  await main.getByLabel('Times (cron)').fill('0 9 1 1 *');
  await main.getByRole('combobox', { name: 'New step' }).selectOption({ label: 'Send a template' });
  await main.getByRole('button', { name: 'Add the step' }).click();
  const step = main.getByRole('region', { name: 'Step 1', exact: true });
  await step.getByLabel('Channel').selectOption(channel);
  await step.getByLabel('Template').selectOption(name);
  const values = { name: 'Zuri Tea', address: 'Kimathi Street, Nairobi', latitude: '-1.2833', longitude: '36.8219' };
  const place = step.getByRole('group', { name: 'Place on a map' });
  for (const [label, value] of [
    ['Name of the place', values.name],
    ['Address of the place', values.address],
    ['Latitude', values.latitude],
    ['Longitude', values.longitude],
  ])
    await place.getByLabel(label).pressSequentially(value);
  await step.getByRole('group', { name: 'Coupon' }).getByLabel('Value', { exact: true }).selectOption('text');
  await step.getByRole('group', { name: 'Coupon' }).getByLabel('Text', { exact: true }).fill('SPRING');
  await step.getByRole('figure', { name: 'How a phone shows it' }).getByText(values.address).waitFor();
  await main.getByRole('button', { name: 'Save' }).click();
  await main.getByRole('heading', { level: 1, name: called }).waitFor();
  const made = await ask(`/messaging/automations/${page.url().split('/').at(-1)}`);
  const { content } = made.steps[0].action;
  assert.deepEqual(content.header.location, values);
  assert.deepEqual(content.buttons, [{ code: { index: 0, value: { text: 'SPRING' } } }]);
  assert.deepEqual(page.faults, []);
});

test('a campaign gives a carousel its cards', async () => {
  const { items } = await ask('/channels?limit=100');
  const channel = items.find((one) => one.kind === 'whatsapp').id;
  const sample = async () => {
    const token = (await ask('/auth/login', 'POST', { email: owner, password })).access_token;
    const said = await fetch(`${demo}/api/v1/templates/samples?channel_id=${channel}&file_name=tea.png`, {
      method: 'POST',
      headers: { 'content-type': 'image/png', authorization: `Bearer ${token}` },
      body: PNG,
    });
    return { format: 'image', handle: (await said.json()).handle };
  };
  const button = { type: 'url', text: 'Buy', url: 'https://shop.example/{{1}}', example: 'https://shop.example/tea' };
  const name = `teas_${unique()}`;
  await approved({
    channel_id: channel,
    name,
    language: 'en',
    category: 'marketing',
    body: { text: 'Look at our teas.' },
    cards: [
      { header: await sample(), body: { text: 'Only {{1}} today.', examples: ['5'] }, buttons: [button] },
      { header: await sample(), body: { text: 'The best tea.' }, buttons: [button] },
    ],
  });
  const page = await logIn('/campaigns/new');
  await page.getByLabel('Name', { exact: true }).fill(`Teas ${unique()}`);
  await page.getByLabel('Channel').selectOption(channel);
  await page.getByLabel('Template').selectOption(name);
  let uploaded;
  for (const number of [1, 2]) {
    const card = page.getByRole('group', { name: `Card ${number}`, exact: true });
    const address = card.getByLabel('Address of the header');
    if (number === 1) await address.fill('https://shop.example/1.png');
    else {
      // A file of another type is refused before it leaves.
      await card
        .locator('input[type=file]')
        .setInputFiles({ name: 'tea.txt', mimeType: 'text/plain', buffer: Buffer.from('Tea') });
      await card.getByText('The file must be a JPEG or PNG image.').waitFor();
      await card.locator('input[type=file]').setInputFiles({ name: 'tea.png', mimeType: 'image/png', buffer: PNG });
      await page.waitForFunction((input) => input.value.includes('/media/med_'), await address.elementHandle());
      uploaded = await address.inputValue();
    }
    await card.getByRole('group', { name: /Buy/ }).getByLabel('Text', { exact: true }).fill(`tea-${number}`);
  }
  const variable = page.getByRole('group', { name: '{{1}}' });
  await variable.getByLabel('Value', { exact: true }).selectOption('text');
  await variable.getByLabel('Text', { exact: true }).fill('5 cups');
  const shown = page.getByRole('figure', { name: 'How a phone shows it' });
  await shown.getByText('Only 5 cups today.').waitFor();
  await page.waitForFunction(
    (phone) => [...phone.querySelectorAll('img[src*="/media/med_"]')].some((one) => one.naturalWidth === 4),
    await shown.elementHandle(),
  );
  for (let step = 0; step < 2; step += 1) {
    await page.getByRole('button', { name: 'Next' }).click();
    if (step === 0) await page.getByRole('radio', { name: 'Regular customers' }).check();
  }
  await page.getByRole('button', { name: 'Check' }).click();
  await page.getByText('Ready to send').waitFor();
  const made = (await ask('/messaging/campaigns?limit=5')).items.find((one) => one.content.name === name);
  assert.deepEqual(
    made.content.cards.map((one) => [one.link, one.buttons[0].url.value.text]),
    [
      ['https://shop.example/1.png', 'tea-1'],
      [uploaded, 'tea-2'],
    ],
  );
  assert.deepEqual(page.faults, []);
});
