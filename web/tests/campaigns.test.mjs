// Campaigns: tried on a phone before they go out, changed by two people at once, and what became of each recipient.

import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { ask, close, closePages, demo, logIn, open, phone, phoneNumber, unique, until, whatsapp } from './browser.mjs';

before(open);
after(close);
afterEach(closePages);

/** A customer who has written once, so that the business knows the number. */
async function customer() {
  const one = await phone();
  await one.write('Hello');
  await until(({ items }) => items.length > 0, `/contacts/search?q=${one.number}`);
  return one;
}

/** A segment of new contacts with these numbers. */
async function segmentOf(numbers) {
  const tag = `tag-${unique()}`;
  for (const number of numbers)
    await ask('/contacts', 'POST', { name: 'Amina Otieno', phone: `+${number}`, language: 'en', tags: [tag] });
  return ask('/messaging/segments', 'POST', { name: tag, audience: { tags_any: [tag] } });
}

async function draftOf(name, segment) {
  const { items } = await ask('/channels?limit=100');
  return ask('/messaging/campaigns', 'POST', {
    name,
    channel_id: items.find((one) => one.kind === 'whatsapp').id,
    segment_id: segment.id,
    content: {
      kind: 'template',
      name: 'market_day_offer',
      parameters: [{ field: { name: 'first_name', fallback: 'friend' } }],
    },
  });
}

const config = async () => (await fetch(`${demo}/demo/config`)).json();

test('a campaign is tried on phones before it goes out, and each text is shown', async () => {
  const device = await customer();
  const page = await logIn('/campaigns/new');
  // What is missing is said at its field.
  await page.getByRole('button', { name: 'Next' }).click();
  await page.getByText('Fill this in.').first().waitFor();
  const name = `Tried ${unique()}`;
  await page.getByLabel('Name', { exact: true }).fill(name);
  await page.getByLabel('Channel', { exact: true }).selectOption(whatsapp);
  const template = page.getByLabel('Template');
  assert.equal(await template.locator('optgroup[label=Authentication]').count(), 0);
  await template.selectOption('market_day_offer');
  await page.getByRole('button', { name: 'Next' }).click();
  await page.getByRole('radio', { name: 'Regular customers' }).check();
  await page.getByRole('button', { name: 'Next' }).click();
  await page.getByRole('button', { name: 'Check' }).click();
  await page.getByText('Ready to send').waitFor();
  // What it costs where, and how fast it goes.
  await page.getByRole('rowheader', { name: 'Kenya' }).waitFor();
  await page.getByRole('cell', { name: 'Marketing' }).waitFor();
  await page.getByText(/messages per second/).waitFor();

  const trial = page.getByRole('region', { name: 'Test messages' });
  const number = trial.getByLabel('Phone', { exact: true });
  await number.fill(`+${device.number}`);
  await trial.getByRole('button', { name: 'Add the number' }).click();
  await number.fill(`+${phoneNumber()}`);
  await trial.getByRole('button', { name: 'Send a test' }).click();
  const sent = trial.getByRole('list', { name: 'Tests that were sent' }).getByRole('listitem');
  await sent.filter({ hasText: 'no contact has this phone' }).waitFor();
  const shown = await sent.filter({ hasText: device.number }).getByRole('paragraph').textContent();
  const said = shown.split('\n')[0];
  assert.ok(shown.includes(device.name.split(' ')[0]), shown);
  const heard = async () => JSON.stringify(await (await fetch(`${device.path}?channel=whatsapp`)).json());
  for (let tries = 0; tries < 30 && !(await heard()).includes(said); tries += 1) await page.waitForTimeout(500);
  assert.ok((await heard()).includes(said), shown);
  assert.deepEqual(page.faults, []);
});

test('a draft that two people edit shows the second what the first has saved', async () => {
  const segment = await segmentOf([phoneNumber()]);
  const draft = await draftOf(`Draft ${unique()}`, segment);
  const [first, second] = [await logIn(`/campaigns/${draft.id}/edit`), await logIn(`/campaigns/${draft.id}/edit`)];
  const save = async (page, name) => {
    const field = page.getByLabel('Name', { exact: true });
    await field.waitFor();
    await field.fill(name);
    await page.getByRole('button', { name: 'Next' }).click();
    await page.getByRole('button', { name: 'Next' }).click();
    await page.getByRole('button', { name: 'Check' }).click();
  };
  await second.getByLabel('Name', { exact: true }).waitFor();
  await save(first, `${draft.name} of the first`);
  await first.getByText('Ready to send').waitFor();
  await save(second, `${draft.name} of the second`);
  const conflict = second.getByRole('alert').filter({ hasText: `${draft.name} of the first` });
  await conflict.getByText(`${draft.name} of the second`).waitFor();
  // Nothing is overwritten before the second has seen it.
  assert.equal((await ask(`/messaging/campaigns/${draft.id}`)).name, `${draft.name} of the first`);
  await conflict.getByRole('button', { name: 'Save mine' }).click();
  await second.getByText('Ready to send').waitFor();
  assert.equal((await ask(`/messaging/campaigns/${draft.id}`)).name, `${draft.name} of the second`);
  // The first still looks at the old state, and is told.
  await first
    .getByRole('alert')
    .filter({ hasText: `${draft.name} of the second` })
    .waitFor();
  // Going back and saving again is no conflict with oneself.
  await second.getByRole('button', { name: 'Back' }).click();
  await second.getByRole('button', { name: 'Check' }).click();
  await second.getByText('Ready to send').waitFor();
  assert.deepEqual([...first.faults, ...second.faults], []);
});

test('a campaign is duplicated with its message and its audience', async () => {
  const segment = await segmentOf([phoneNumber()]);
  const draft = await draftOf(`Source ${unique()}`, segment);
  const page = await logIn(`/campaigns/${draft.id}`);
  await page.getByRole('link', { name: 'Duplicate' }).click();
  const name = page.getByLabel('Name', { exact: true });
  await name.waitFor();
  assert.equal(await name.inputValue(), `Copy of ${draft.name}`);
  assert.equal(await page.getByLabel('Template').inputValue(), 'market_day_offer');
  assert.equal(await page.getByLabel('For contacts without it').inputValue(), 'friend');
  await page.getByRole('button', { name: 'Next' }).click();
  assert.ok(await page.getByRole('radio', { name: segment.name }).isChecked());
  await page.getByRole('button', { name: 'Next' }).click();
  await page.getByRole('button', { name: 'Check' }).click();
  await page.getByText('Ready to send').waitFor();
  const { items } = await ask('/messaging/campaigns?limit=5');
  const copy = items.find((one) => one.name === `Copy of ${draft.name}`);
  assert.deepEqual(copy.content.parameters, draft.content.parameters);
  assert.deepEqual(page.faults, []);
});

test('each recipient of a campaign stands where the message stands, with the reason', async () => {
  const base = Number(phoneNumber().slice(3));
  const numbers = [0, 1, 2].map((one) => `254${base + one}`);
  const segment = await segmentOf(numbers);
  const draft = await draftOf(`States ${unique()}`, segment);
  const { simulators } = await config();
  const refuse = { service: 'whatsapp', match: '/messages', fails: 131026, times: 1 };
  await fetch(`${simulators}/_faults`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(refuse),
  });
  await ask(`/messaging/campaigns/${draft.id}/send`, 'POST');
  await until(
    (funnel) => funnel.failed.total === 1 && funnel.delivered === 2,
    `/messaging/campaigns/${draft.id}/funnel`,
  );
  const page = await logIn(`/campaigns/${draft.id}`);
  const list = page.getByRole('region', { name: 'Contacts of the campaign', exact: true });
  await list
    .getByRole('row')
    .filter({ hasText: 'Failed' })
    .getByText('The number cannot be reached on WhatsApp')
    .waitFor();
  assert.equal(await list.getByRole('row').filter({ hasText: 'Queued' }).count(), 0);
  await list.getByLabel('Reason', { exact: true }).selectOption('131026');
  await list.getByRole('row').nth(2).waitFor({ state: 'detached' });
  assert.equal(await list.getByRole('row').filter({ hasText: 'Failed' }).count(), 1);
  await list.getByLabel('Reason', { exact: true }).selectOption('');
  await list.getByLabel('State', { exact: true }).selectOption('failed');
  await list.getByRole('row').filter({ hasText: 'Failed' }).waitFor();
  await list.getByRole('row').nth(2).waitFor({ state: 'detached' });
  assert.deepEqual(page.faults, []);
});

test('a recipient who was never sent to is not called queued', async () => {
  const segment = await segmentOf([phoneNumber()]);
  const draft = await draftOf(`Cancelled ${unique()}`, segment);
  await ask(`/messaging/campaigns/${draft.id}/plan`, 'POST');
  await until(({ status }) => status === 'planned', `/messaging/campaigns/${draft.id}`);
  await ask(`/messaging/campaigns/${draft.id}/cancel`, 'POST');
  const page = await logIn(`/campaigns/${draft.id}`);
  const list = page.getByRole('region', { name: 'Contacts of the campaign', exact: true });
  await list.getByRole('row').filter({ hasText: 'Not sent' }).waitFor();
  assert.deepEqual(page.faults, []);
});
