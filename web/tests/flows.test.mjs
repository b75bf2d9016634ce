// What a business does from end to end, with the customer's phone beside it, in Chromium against a running demo: see
// contacts.test.mjs.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ask, close, demo, logIn, menu, newPage, open, phoneNumber, unique, whatsapp } from './browser.mjs';
import { member } from './people.mjs';

before(open);
after(close);

const go = (page, name) => menu(page).getByRole('link', { name, exact: true }).click();

/** A phone on the demo's page of phones, which no other test uses. */
async function customer() {
  const page = await newPage();
  const name = `Zawadi ${unique()}`;
  await page.goto(`${demo}/`);
  await page.getByText('Live', { exact: true }).waitFor();
  await page.getByRole('button', { name: 'Add a phone' }).click();
  const form = page.getByRole('dialog', { name: 'Add a phone' });
  await form.getByLabel('Name').fill(name);
  await form.getByLabel('Number').fill(phoneNumber());
  await form.getByRole('button', { name: 'Add', exact: true }).click();
  const device = page.getByRole('article', { name: `${name}'s phone` });
  const write = async (text) => {
    await device.getByRole('textbox', { name: /^Message from/ }).fill(text);
    await device.getByRole('button', { name: 'Send', exact: true }).click();
  };
  return { name, write, chat: device.getByRole('log') };
}

test('contacts are imported, chosen by a segment, and get a campaign that is delivered to all of them', async () => {
  const page = await logIn('/imports/new');
  const mark = `flow-${unique()}`;
  const digits = String(Date.now()).slice(-6);
  const rows = [1, 2, 3].map((one) => `Guest ${one} ${mark},+25476${digits}${one},en`);
  await page.setInputFiles('input[type=file]', {
    name: `${mark}.csv`,
    mimeType: 'text/csv',
    buffer: Buffer.from(`name,phone,language\n${rows.join('\n')}\n`),
  });
  await page.getByRole('button', { name: 'Next' }).click();
  await page.getByLabel('Tags').fill(mark);
  await page.getByLabel('Consent').fill('at the till');
  await page.getByRole('button', { name: 'Next' }).click();
  await page.getByRole('button', { name: 'Import', exact: true }).click();
  await page.getByRole('heading', { level: 1, name: mark }).waitFor();
  await page.getByText('Done', { exact: true }).waitFor();

  await go(page, 'Segments');
  await page.getByRole('button', { name: 'Add a segment' }).click();
  const form = page.getByRole('dialog');
  await form.getByLabel('Name', { exact: true }).fill(mark);
  await form.getByLabel(mark, { exact: true }).first().check();
  await form.getByRole('button', { name: 'Save and count' }).click();
  await form.getByText('3 contacts now').waitFor();
  await form.getByRole('button', { name: 'Cancel' }).click();

  await go(page, 'Campaigns');
  await page.getByRole('link', { name: 'New campaign' }).click();
  await page.getByLabel('Name', { exact: true }).fill(mark);
  await page.getByLabel('Channel', { exact: true }).selectOption(whatsapp);
  await page.getByLabel('Template').selectOption('market_day_offer');
  await page.getByLabel('For contacts without it').first().fill('friend');
  await page.getByRole('button', { name: 'Next' }).click();
  await page.getByRole('radio', { name: mark }).check();
  await page.getByRole('button', { name: 'Next' }).click();
  await page.getByRole('button', { name: 'Check' }).click();
  await page.getByText('Ready to send').waitFor();
  await page.getByRole('button', { name: 'Send now' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Send now' }).click();
  await page.getByRole('heading', { level: 1, name: mark }).waitFor();
  await page.getByText('Completed', { exact: true }).waitFor({ timeout: 30_000 });
  const step = (name) => page.getByRole('main').getByRole('listitem').filter({ hasText: name }).getByText('3 (100%)');
  for (const name of ['Recipients', 'Sent', 'Delivered']) await step(name).waitFor({ timeout: 30_000 });
  assert.deepEqual(page.faults, []);
});

test('a customer and a member talk: each sees at once what the other writes', async () => {
  const page = await logIn('/inbox');
  const phone = await customer();
  await phone.write('Hello');
  await phone.chat.getByText('What is your name?').waitFor();
  await page.getByRole('region', { name: 'Conversations' }).getByRole('link', { name: phone.name }).click();
  const chat = page.getByRole('log');
  await chat.getByText('Hello', { exact: true }).waitFor();
  await page.getByRole('textbox', { name: 'Answer' }).fill('Good morning! Do you look for the blue basket?');
  await page.keyboard.press('Enter');
  await phone.chat.getByText('Good morning! Do you look for the blue basket?').waitFor();
  await phone.write('Yes, two of them please');
  await chat.getByText('Yes, two of them please', { exact: true }).waitFor();
  // A member has taken the conversation, so the bot is silent.
  await page.getByText('A person answers').waitFor();
  assert.deepEqual(page.faults, []);
});

test('a changed prompt is heard in the next answer', async () => {
  const phone = await customer();
  await phone.write('Hello');
  await phone.chat.getByText('What is your name?').waitFor();
  await phone.write('Zawadi');
  await phone.chat.getByText('Which language shall we use?').waitFor();
  await phone.write('English');
  await phone.chat.getByText('All set, Zawadi!').waitFor();

  const page = await logIn('/prompts');
  await page.getByRole('row', { name: 'Assistant' }).getByText('Assistant').click();
  await page.getByRole('heading', { level: 1, name: 'Assistant' }).waitFor();
  const text = page.getByLabel('Text', { exact: true });
  const before = await text.inputValue();
  const price = 100 + Math.floor(Math.random() * 900);
  const save = async (words) => {
    await text.fill(words);
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByText('You try what is saved.').waitFor({ state: 'detached' });
  };
  await save(`${before}\nFacts:\n- The ferry to Lamu costs ${price} shillings.\n`);
  await phone.write('How much is the ferry to Lamu?');
  await phone.chat.getByText(`${price} shillings`).waitFor();
  await save(before);
  assert.deepEqual(page.faults, []);
});

test('an answer of the bot leads to the call behind it, and its prompt', async () => {
  const phone = await customer();
  const called = `Asha${unique()}`;
  await phone.write('Hello');
  await phone.chat.getByText('What is your name?').waitFor();
  await phone.write(called);
  await phone.chat.getByText('Which language shall we use?').waitFor();
  await phone.write('English');
  await phone.chat.getByText(`All set, ${called}!`).waitFor();
  await phone.write('How much is delivery in Nairobi?');
  const page = await logIn('/inbox');
  await page.getByRole('region', { name: 'Conversations' }).getByRole('link', { name: called }).click();
  const chat = page.getByRole('log');
  const answers = chat.locator('div.self-end');
  await answers.filter({ hasText: 'Model' }).first().waitFor();
  await answers.filter({ hasText: 'Model' }).last().getByRole('button', { name: 'Why this answer?' }).click();
  const why = page.getByRole('dialog', { name: 'Why this answer?' });
  const given = why.getByRole('list', { name: 'Passages that the model was given' });
  await given
    .getByText(/deliver/i)
    .first()
    .waitFor();
  await why.getByText('Answer to a customer').waitFor();
  await why.getByText(/Revision \d+/).waitFor();
  await why.getByText(/\$0\.0/).waitFor();
  await page.keyboard.press('Escape');

  // The bot's own texts have no call.
  const own = answers.filter({ hasText: `All set, ${called}!` });
  await own.getByRole('button', { name: 'Why this answer?' }).click();
  await page.getByRole('dialog').getByText('No model was asked for this answer').waitFor();
  await page.keyboard.press('Escape');

  await answers.filter({ hasText: 'Model' }).last().getByRole('button', { name: 'Why this answer?' }).click();
  await why.getByRole('link', { name: 'Assistant' }).click();
  await page.getByRole('heading', { level: 1, name: 'Assistant' }).waitFor();

  const agent = await logIn('/inbox', { email: await member('agent') });
  await agent.getByRole('region', { name: 'Conversations' }).getByRole('link', { name: called }).click();
  await agent.getByRole('log').getByText(`All set, ${called}!`).waitFor();
  assert.equal(await agent.getByRole('button', { name: 'Why this answer?' }).count(), 0);
  assert.deepEqual([...page.faults, ...agent.faults], []);
});

test('a sale is paid at Stripe and refunded, and the books agree', async () => {
  const mark = unique();
  const buyer = await ask('/contacts', 'POST', { name: `Buyer ${mark}`, phone: `+${phoneNumber()}` });
  const { items: products } = await ask('/products?limit=200');
  const product = products.find((one) => one.stock > 1);
  const items = [{ product_id: product.id, quantity: 2 }];
  const order = await ask('/orders', 'POST', { contact_id: buyer.id, items });

  const page = await logIn(`/orders/${order.id}`);
  const main = page.getByRole('main');
  await main.getByText('Waits for payment').waitFor();
  await go(page, 'Payments');
  await page.getByRole('row', { name: `Buyer ${mark}` }).click();
  const link = page.getByRole('link', { name: 'Open the payment page' });
  await link.waitFor();
  const [checkout] = await Promise.all([page.waitForEvent('popup'), link.click()]);
  await checkout.getByRole('heading', { name: 'Simulated Stripe' }).waitFor();
  await checkout.getByRole('button', { name: 'Pay', exact: true }).click();
  await checkout.waitForURL((address) => !address.pathname.startsWith('/stripe/pay/'));

  await main.getByText('Paid', { exact: true }).first().waitFor();
  await page.getByRole('button', { name: 'Refund' }).click();
  const form = page.getByRole('dialog');
  await form.getByLabel('Why').fill('It was broken');
  await form.getByRole('button', { name: 'Refund' }).click();
  await form.getByText('Tick this to go on.').waitFor();
  await form.getByLabel(/^Send the money back/).check();
  await form.getByRole('button', { name: 'Refund' }).click();
  const refund = main.getByRole('listitem').filter({ hasText: 'It was broken' });
  await refund.waitFor();
  await main.getByText('Refunded', { exact: true }).first().waitFor();
  const { pathname } = new URL(page.url());

  // What came and what went are in the books once Kazi has compared itself with Stripe.
  await go(page, 'Payments');
  const [compared] = await Promise.all([
    page.waitForResponse((answer) => answer.url().endsWith('/reconciliations') && answer.status() === 202),
    page.getByRole('button', { name: 'Compare with Stripe' }).click(),
  ]);
  assert.equal((await compared.json()).status, 'running');
  const tabs = main.getByRole('navigation', { name: 'Payments' });
  await tabs.getByRole('button', { name: 'Comparisons' }).click();
  const newest = page.getByRole('row').nth(1);
  await newest.getByText('Done', { exact: true }).waitFor();
  await newest.click();
  const comparison = page.getByRole('dialog', { name: /^Comparison/ });
  await comparison.getByText('Finished', { exact: true }).waitFor();
  // The demo has lost webhooks of other payments, and a comparison may find them now. This one has no difference.
  const found = await ask('/payment-differences?limit=200');
  assert.deepEqual(
    found.items.filter((one) => one.payment_id === pathname.split('/').at(-1)),
    [],
  );
  await page.keyboard.press('Escape');
  await tabs.getByRole('button', { name: 'Books' }).click();
  const entries = page.getByRole('row').filter({ has: page.locator(`a[href$="${pathname}"]`) });
  await entries.filter({ hasText: 'Refund' }).first().waitFor();
  const rows = await entries.allTextContents();
  const minor = (row) => Number(row.match(/-?\$[\d,]+\.\d\d/)[0].replace(/[$,.]/g, ''));
  assert.ok(rows.length >= 4);
  const sums = rows.map(minor);
  assert.equal(
    sums.reduce((all, one) => all + one, 0),
    0,
    rows.join('\n'),
  );
  assert.deepEqual(page.faults, []);
});
