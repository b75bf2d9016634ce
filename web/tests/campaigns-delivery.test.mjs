// How a campaign goes out: its throttle, its first batch, and the clocks of its recipients. See contacts.test.mjs.

import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { ask, close, closePages, logIn, open, unique, until } from './browser.mjs';

before(open);
after(close);
afterEach(closePages);

test('a campaign goes out slowly, first to a few, and by the clock of each recipient', async () => {
  const page = await logIn('/campaigns/new');
  const name = `Careful ${unique()}`;
  await page.getByLabel('Name', { exact: true }).fill(name);
  const channels = (await ask('/channels?limit=100')).items;
  await page.getByLabel('Channel').selectOption(channels.find((one) => one.kind === 'whatsapp').id);
  await page.getByLabel('Template').selectOption('market_day_offer');
  await page.getByRole('button', { name: 'Next' }).click();
  await page.getByRole('radio', { name: 'Regular customers' }).check();
  await page.getByRole('button', { name: 'Next' }).click();

  await page.getByRole('radio', { name: 'Each recipient’s' }).check();
  await page.getByText('How fast and how carefully').click();
  const throttle = page.getByLabel('Messages per second');
  await page.getByRole('checkbox', { name: 'First to a few' }).check();
  await page.getByLabel('How many first').fill('0');
  await page.getByRole('button', { name: 'Check' }).click();
  await page.getByText('Write a whole number from 1 to 100000.').waitFor();
  await page.getByLabel('How many first').fill('2');
  // The channel's rate is known to the API alone: its refusal stands at the field.
  await throttle.fill('9999');
  await page.getByRole('button', { name: 'Check' }).click();
  await page.getByText('the channel sends no faster').waitFor();
  assert.equal(await throttle.getAttribute('aria-invalid'), 'true');
  await throttle.fill('0.5');
  await page.getByRole('button', { name: 'Check' }).click();
  await page.getByText('Ready to send').waitFor();

  const delivery = page.getByRole('region', { name: 'Delivery' });
  await delivery.getByText('0.5 messages per second').waitFor();
  await delivery.getByText('2 recipients, then a wait of 15 min').waitFor();
  await delivery.getByText('Recipients by time zone').click();
  await delivery.getByRole('rowheader', { name: 'Africa/Nairobi' }).waitFor();
  // By the recipients' clocks there is no “now”.
  assert.equal(await page.getByRole('button', { name: 'Send now' }).count(), 0);
  await page.getByRole('button', { name: 'Schedule' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Schedule' }).click();

  await page.getByRole('heading', { level: 1, name }).waitFor();
  await delivery.getByText('Each recipient’s').waitFor();
  await delivery.getByText('0.5 messages per second').waitFor();
  const { items } = await ask('/messaging/campaigns?limit=20');
  const made = items.find((one) => one.name === name);
  assert.equal(made.send_in, 'recipient_zone');
  assert.equal(made.delivery.throttle, 0.5);
  assert.deepEqual(made.delivery.canary, { recipients: 2, wait_minutes: 15, max_failure_percent: 5 });
  await ask(`/messaging/campaigns/${made.id}/cancel`, 'POST');
  assert.deepEqual(page.faults, []);
});

test('a first batch that waits is told on the page of the campaign', async () => {
  const channels = (await ask('/channels?limit=100')).items;
  const { id } = await ask('/messaging/campaigns', 'POST', {
    name: `Waiting ${unique()}`,
    channel_id: channels.find((one) => one.kind === 'whatsapp').id,
    content: {
      kind: 'template',
      name: 'market_day_offer',
      parameters: [{ field: { name: 'first_name', fallback: 'friend' } }],
    },
    delivery: { canary: { recipients: 1, wait_minutes: 60, max_failure_percent: 5 } },
  });
  await ask(`/messaging/campaigns/${id}/send`, 'POST');
  await until((one) => one.canary_sent_at, `/messaging/campaigns/${id}`);
  const page = await logIn(`/campaigns/${id}`);
  await page.getByText('The first messages have left.').waitFor();
  await page.getByRole('button', { name: 'Pause' }).click();
  await page.getByText('A member stopped it.').waitFor();
  await page.getByRole('button', { name: 'Cancel' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Cancel' }).click();
  await page.getByRole('main').getByText('Cancelled').first().waitFor();
  assert.deepEqual(page.faults, []);
});
