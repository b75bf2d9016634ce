// What a campaign gives a template: a place on a map, named variables, a coupon. See contacts.test.mjs.

import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { ask, close, closePages, demo, logIn, open, unique, until } from './browser.mjs';

before(open);
after(close);
afterEach(closePages);

test('a campaign gives a template its place, its names and its coupon', async () => {
  const { items } = await ask('/channels?limit=100');
  const channel = items.find((one) => one.kind === 'whatsapp').id;
  const name = `open_day_${unique()}`;
  const { id } = await ask('/templates', 'POST', {
    channel_id: channel,
    name,
    language: 'en',
    category: 'marketing',
    parameter_format: 'named',
    header: { format: 'location' },
    body: { text: 'Hello {{guest}}, come and see us.', examples: ['Amina'] },
    buttons: [{ type: 'copy_code', example: 'TEA25' }],
  });
  await ask(`/templates/${id}/submit`, 'POST');
  const sent = await until((one) => one.external_id, `/templates/${id}`);
  const { simulators } = await (await fetch(`${demo}/demo/config`)).json();
  await fetch(`${simulators}/_templates/${sent.account_id}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name, language: 'en', status: 'APPROVED' }),
  });
  await until((one) => one.status === 'approved', `/templates/${id}`);

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
