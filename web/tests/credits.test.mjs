// Credits, which a business pays in advance: the balance, buying a pack, a campaign that costs too much, and the staff's
// pages, in Chromium against a running demo: see contacts.test.mjs.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { app, ask, close, logIn, newPage, open, unique, until, writePassword } from './browser.mjs';

before(open);
after(close);

const number = new Intl.NumberFormat('en');
const account = async () => `/admin/workspaces/${(await ask('/workspaces/current')).id}/credits`;

test('an admin reads the balance, sets the mark and buys a pack at Stripe', async () => {
  const page = await logIn('/credits');
  const before = await ask('/credits');
  const card = page
    .getByRole('region', { name: 'Balance' })
    .or(page.getByLabel('Balance', { exact: true }))
    .first();
  await card.getByText(number.format(before.available), { exact: true }).waitFor();
  await card.getByRole('button', { name: 'Set the mark' }).click();
  const form = page.getByRole('dialog');
  await form.getByLabel('Low balance mark').fill('-1');
  await form.getByRole('button', { name: 'Save' }).click();
  await form.getByText('must be 0 to 1000000000').waitFor();
  await form.getByLabel('Low balance mark').fill('700');
  await form.getByRole('button', { name: 'Save' }).click();
  await form.waitFor({ state: 'detached' });
  assert.equal((await ask('/credits')).low_mark, 700);

  await page.getByRole('button', { name: 'Buy Starter' }).click();
  await page.waitForURL('**/stripe/pay/**');
  await page.getByRole('button', { name: /^Pay/ }).first().click();
  const more = await until(({ available }) => available >= before.available + 900, '/credits');
  await page.goto(`${app}/credits?bought=1`);
  await page.getByText('Welcome back.').waitFor();
  await page.getByText(number.format(more.available), { exact: true }).first().waitFor();
  await page.getByRole('button', { name: 'Purchases' }).click();
  await page
    .getByRole('row', { name: /Starter.*Paid/ })
    .first()
    .waitFor();
  assert.deepEqual(page.faults, []);
});

/** A draft of a campaign to one contact in Kenya, which costs one credit. */
async function draft() {
  const { id: channel_id } = (await ask('/channels')).items.find((one) => one.kind === 'whatsapp');
  const tag = unique();
  const phone = `+2547${String(Date.now()).slice(-8)}`;
  await ask('/contacts', 'POST', { name: 'Amina', phone, language: 'en', tags: [tag] });
  return ask('/messaging/campaigns', 'POST', {
    name: `Dear ${unique()}`,
    channel_id,
    content: {
      kind: 'template',
      name: 'market_day_offer',
      parameters: [{ field: { name: 'first_name', fallback: 'friend' } }],
    },
    audience: { tags_any: [tag] },
  });
}

test('a campaign that has reserved the last credits lacks none', async () => {
  const { id } = await draft();
  const { available } = await ask('/credits');
  const grants = `${await account()}/grants`;
  await ask(grants, 'POST', { credits: 1 - available, reason: 'A test takes them' });
  try {
    const page = await logIn(`/campaigns/${id}/edit`);
    for (let step = 0; step < 2; step += 1) await page.getByRole('button', { name: 'Next' }).click();
    await page.getByRole('button', { name: 'Check' }).click();
    await page.getByText('Ready to send').waitFor();
    assert.equal((await ask('/credits')).available, 0);
    assert.deepEqual(await page.getByRole('alert').allTextContents(), []);
    assert.deepEqual(page.faults, []);
  } finally {
    await ask(grants, 'POST', { credits: available - 1, reason: 'A test gives them back' });
  }
});

test('a campaign that costs too much says what is missing, pauses, and goes on when credits come', async () => {
  const { available } = await ask('/credits');
  const grants = `${await account()}/grants`;
  const { id } = await draft();
  await ask(grants, 'POST', { credits: -available, reason: 'A test takes them' });
  try {
    await ask(`/messaging/campaigns/${id}/send`, 'POST');
    await until(({ status }) => status === 'paused', `/messaging/campaigns/${id}`);
    const page = await logIn(`/campaigns/${id}`);
    const alert = page.getByRole('alert').filter({ hasText: 'There are not enough credits' });
    await alert.getByText('It goes on by itself when the credits are there.').waitFor();
    await page.getByRole('button', { name: 'Resume' }).click();
    const sure = page.getByRole('alertdialog');
    if (await sure.isVisible()) await sure.getByRole('button', { name: 'Resume' }).click();
    await page.getByText('There are not enough credits.').first().waitFor();
    await alert.getByRole('link', { name: 'Buy credits' }).click();
    await page.getByRole('heading', { level: 1, name: 'Credits' }).waitFor();
    assert.deepEqual(page.faults, []);
  } finally {
    await ask(grants, 'POST', { credits: available, reason: 'A test gives them back' });
  }
  await until(({ status }) => status === 'completed', `/messaging/campaigns/${id}`);
});

test('the staff changes the terms, gives credits with a reason, and makes a pack', async () => {
  const { id } = await ask('/workspaces/current');
  const terms = { prepaid: true, prices: (await ask(await account())).prices.filter((one) => one.country !== 'TZ') };
  await ask(await account(), 'PUT', terms);
  const page = await newPage();
  await page.goto(`${app}/staff/workspaces/${id}`);
  await writePassword(page, 'owner@zuri.example');
  await page.getByRole('link', { name: 'Credits', exact: true }).last().click();
  await page.getByRole('button', { name: 'Change the terms' }).click();
  const form = page.getByRole('dialog');
  const prices = await form.getByLabel('Prices').inputValue();
  await form.getByLabel('Prices').fill('KE, marketing, much');
  await form.getByRole('button', { name: 'Save' }).click();
  await form.getByText(/line 1/i).waitFor();
  await form.getByLabel('Prices').fill(`${prices}\nTZ, utility, 2`);
  await form.getByRole('button', { name: 'Save' }).click();
  await form.waitFor({ state: 'detached' });
  await page.getByRole('row', { name: /Tanzania.*2/ }).waitFor();

  await page.getByRole('button', { name: 'Give or take credits' }).click();
  await form.getByLabel('Credits').fill('5');
  const reason = `Invoice ${unique()}`;
  await form.getByLabel('Reason').fill(reason);
  await form.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('row', { name: new RegExp(reason) }).waitFor();

  await page.goto(`${app}/staff/packs`);
  await page.getByRole('button', { name: 'Add a pack' }).click();
  const name = `Pack ${unique()}`;
  await form.getByLabel('Name').fill(name);
  await form.getByLabel('Credits').fill('10');
  await form.getByLabel('Price').fill('0.10');
  await form.getByRole('button', { name: 'Save' }).click();
  await form.getByText('must be at least 0.50 USD').waitFor();
  await form.getByLabel('Price').fill('5');
  await form.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('row', { name: new RegExp(name) }).waitFor();
  await page.getByRole('button', { name: `Delete: ${name}` }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click();
  await page.getByRole('row', { name: new RegExp(name) }).waitFor({ state: 'detached' });
  // As it was.
  await ask(await account(), 'PUT', terms);
  assert.deepEqual(page.faults, []);
});
