// Campaigns that compare several messages: written, checked, and their winner chosen.

import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { ask, close, closePages, logIn, open, phoneNumber, unique, until, whatsapp } from './browser.mjs';

before(open);
after(close);
afterEach(closePages);

/** A segment of so many new contacts. */
async function segmentOf(count) {
  const tag = `test-${unique()}`;
  const first = Number(phoneNumber());
  for (let at = 0; at < count; at += 1)
    await ask('/contacts', 'POST', { name: 'Amina Otieno', phone: `+${first + at}`, language: 'en', tags: [tag] });
  return ask('/messaging/segments', 'POST', { name: tag, audience: { tags_any: [tag] } });
}

test('arms are written beside the campaign, and what is wrong with them is said where it is', async () => {
  const segment = await segmentOf(3);
  const page = await logIn('/campaigns/new');
  await page.getByLabel('Name', { exact: true }).fill(`Arms ${unique()}`);
  await page.getByLabel('Channel', { exact: true }).selectOption(whatsapp);
  await page.getByLabel('Template').selectOption('market_day_offer');
  const next = () => page.getByRole('button', { name: 'Next' }).click();
  await next();
  await page.getByRole('radio', { name: segment.name }).check();
  await page.getByRole('button', { name: 'Test several messages' }).click();
  await page.getByRole('checkbox', { name: /Test several messages/ }).check();
  const other = page.getByRole('group', { name: 'Arm B', exact: true });
  // What lacks is said at the arm.
  await next();
  await other.getByText('Fill this in.').waitFor();
  await other.getByLabel('Template').selectOption('market_day_offer');
  await next();
  await page.getByRole('button', { name: 'Check' }).click();
  await other.getByText('says the same as Arm A').waitFor();
  await other.getByLabel('Value').selectOption('text');
  await other.getByLabel('Text', { exact: true }).fill('neighbour');
  // A third one shares with them, and goes again.
  await page.getByRole('button', { name: 'Add an arm' }).click();
  assert.equal(await other.getByLabel('Share in %').inputValue(), '33');
  await page.getByRole('button', { name: 'Remove Arm C' }).click();
  assert.equal(await other.getByLabel('Share in %').inputValue(), '50');
  await other.getByLabel('Share in %').fill('40');
  await page.getByText('The shares must make 100 %.').waitFor();
  await other.getByLabel('Share in %').fill('50');
  await page.getByLabel('Gets nothing, in % of the audience').fill('50');
  await next();
  await page.getByRole('button', { name: 'Check' }).click();
  await page.getByText('must be 0 to 49').waitFor();
  await page.getByLabel('Gets nothing, in % of the audience').fill('0');
  await next();
  await page.getByRole('button', { name: 'Check' }).click();
  await page.getByText('Ready to send').waitFor();
  const report = page.getByRole('region', { name: 'Test', exact: true });
  await report.getByRole('rowheader', { name: 'Arm B' }).waitFor();
  await report.getByText(/fewer than 354 recipients/).waitFor();
  await page.getByLabel('Arm', { exact: true }).selectOption('Arm B');
  assert.deepEqual(page.faults, []);
});

test('the arms of a campaign are seen beside each other, and a member chooses the winner once', async () => {
  const segment = await segmentOf(8);
  const { items } = await ask('/channels?limit=100');
  const content = (value) => ({ kind: 'template', name: 'market_day_offer', parameters: [value] });
  const campaign = await ask('/messaging/campaigns', 'POST', {
    name: `Winner ${unique()}`,
    channel_id: items.find((one) => one.kind === 'whatsapp').id,
    segment_id: segment.id,
    content: content({ field: { name: 'first_name' } }),
    experiment: {
      arms: [
        { name: 'By name', percent: 50 },
        { name: 'Friend', percent: 50, content: content({ text: 'friend' }) },
      ],
      metric: 'read',
      decide_after_hours: 24,
      choice: 'member',
    },
  });
  const path = `/messaging/campaigns/${campaign.id}`;
  await ask(`${path}/send`, 'POST');
  await until(({ status }) => status === 'completed', path);
  const page = await logIn(`/campaigns/${campaign.id}`);
  const table = page.getByRole('region', { name: 'Figures of the arms' });
  await table.getByRole('rowheader', { name: 'Friend' }).waitFor();
  await page.getByText(/The arms are compared on/).waitFor();
  await page.getByText('No arm is clearly better.').waitFor();
  await page.getByRole('button', { name: 'Choose the winner' }).click();
  const dialog = page.getByRole('alertdialog');
  const confirm = dialog.getByRole('button', { name: 'Choose the winner' });
  assert.ok(await confirm.isDisabled());
  await dialog.getByRole('radio', { name: 'Friend' }).check();
  await confirm.click();
  await page.getByText(/A member chose Friend/).waitFor();
  await table.getByText('Winner').waitFor();
  assert.equal(await page.getByRole('button', { name: 'Choose the winner' }).count(), 0);
  assert.equal((await ask(path)).experiment_state.winner, 'Friend');
  assert.deepEqual(page.faults, []);
});
