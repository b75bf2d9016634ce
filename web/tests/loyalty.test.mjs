// The loyalty programme and its counter, in Chromium against a running demo: see contacts.test.mjs.

import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { app, ask, close, closePages, logIn, open, phoneNumber, unique } from './browser.mjs';

before(open);
after(close);
afterEach(closePages);

/** A contact with so many points, and a reward of this price. */
async function member(points, cost) {
  const now = await ask('/loyalty/settings');
  const { updated_at: _, ...rules } = now;
  if (!rules.enabled) await ask('/loyalty/settings', 'PUT', { ...rules, enabled: true });
  const mark = unique();
  const contact = await ask('/contacts', 'POST', { name: `Loyal ${mark}`, phone: `+${phoneNumber()}` });
  if (points) await ask(`/loyalty/accounts/${contact.id}/adjust`, 'POST', { points, reason: 'A welcome' });
  const reward = cost && (await ask('/loyalty/rewards', 'POST', { name: `Tea ${mark}`, cost }));
  return { contact, reward, mark };
}

const codeIn = (dialog) => dialog.getByText(/^[0-9A-Z]{4}(-[0-9A-Z]{4}){2}$/);

test('a reward is taken for a contact, and the counter takes its code once', async () => {
  const { contact, reward } = await member(100, 60);
  const page = await logIn(`/contacts/${contact.id}`);
  await page.setViewportSize({ width: 390, height: 844 });
  const card = page.getByRole('region', { name: 'Loyalty' });
  await card.getByText('100 points').waitFor();
  await card.getByRole('link', { name: 'Points account' }).click();
  await page.getByRole('button', { name: 'Take a reward' }).click();
  const form = page.getByRole('dialog');
  await form.getByLabel('Reward').selectOption({ label: `${reward.name} · 60 points` });
  await form.getByRole('button', { name: 'Take a reward' }).click();
  const code = await codeIn(page.getByRole('dialog')).textContent();
  await page.getByRole('button', { name: 'I have kept it' }).click();

  await page.goto(`${app}/loyalty/counter`);
  const field = page.getByLabel('The customer’s code');
  await field.fill(code.toLowerCase().replaceAll('-', ' '));
  assert.equal(await field.inputValue(), code);
  await page.getByRole('button', { name: 'Use a code' }).click();
  await page.getByText('The code is good.').waitFor();
  await page.getByText(reward.name).waitFor();
  await page.getByText(contact.name).waitFor();
  assert.equal(await field.inputValue(), '');
  await field.fill(code);
  await field.press('Enter');
  await page.getByText('This code was used already.').waitFor();
  assert.equal(await page.getByText('The code is good.').count(), 0);
  await field.fill('0000-0000-0000');
  await field.press('Enter');
  await page.getByText('There is no such code.').waitFor();
  assert.deepEqual(page.faults, []);
});

test('points are given and taken with a reason, and the ledger tells each change', async () => {
  const { contact, mark } = await member(30);
  const page = await logIn(`/loyalty/accounts/${contact.id}`);
  const ledger = page.getByRole('region', { name: 'Ledger' });
  await ledger.getByRole('row').nth(1).getByText('+30').waitFor();
  const adjust = async (points, reason) => {
    await page.getByRole('button', { name: 'Give or take points' }).click();
    const form = page.getByRole('dialog');
    await form.getByLabel('Points').fill(points);
    await form.getByLabel('Reason').fill(reason);
    await form.getByRole('button', { name: 'Save' }).click();
    return form;
  };
  const refused = await adjust('-31', `Too much ${mark}`);
  await refused.getByText('The contact has not so many points.').waitFor();
  await refused.getByLabel('Points').fill('1000001');
  await refused.getByRole('button', { name: 'Save' }).click();
  await refused.getByText(/must be -1000000 to 1000000/).waitFor();
  await refused.getByLabel('Points').fill('-12');
  await refused.getByLabel('Reason').fill(`Given twice ${mark}`);
  await refused.getByRole('button', { name: 'Save' }).click();
  const newest = ledger.getByRole('row', { name: `Given twice ${mark}` });
  await newest.getByText('-12', { exact: true }).waitFor();
  assert.match(await newest.textContent(), /By a member.*-12.*18/);
  const account = await ask(`/loyalty/accounts/${contact.id}`);
  assert.equal(account.balance, 18);
  assert.deepEqual(page.faults, []);
});

test('accounts are found by the contact, ordered by points and filtered by tier', async () => {
  const { contact, mark } = await member(40);
  const page = await logIn('/loyalty?tab=accounts');
  const list = page.getByRole('region', { name: 'Accounts' });
  await list.getByRole('searchbox').fill(mark);
  // Only the found one is left.
  await list.locator('tbody tr').nth(1).waitFor({ state: 'detached' });
  const row = list.getByRole('row', { name: contact.name });
  await row.getByText('40', { exact: true }).waitFor();
  assert.equal(await list.getByRole('row').count(), 2);
  await ask(`/loyalty/accounts/${contact.id}/adjust`, 'POST', { points: 5, reason: 'One more' });
  // Nobody reloads the page: the stream of events tells of the points.
  await row.getByText('45', { exact: true }).waitFor();
  await list.getByRole('button', { name: 'Clear the search' }).click();
  const most = (await ask('/loyalty/accounts?limit=1')).items[0];
  await list.getByRole('row').nth(1).getByText(most.balance.toLocaleString('en'), { exact: true }).first().waitFor();
  await page.goto(`${app}/loyalty?tab=accounts&q=${mark}`);
  await row.click();
  await page.getByRole('heading', { level: 1, name: contact.name }).waitFor();
  await page.getByText('One more').waitFor();
  assert.deepEqual(page.faults, []);
});

test('rewards are made, changed where they stand and deleted', async () => {
  const page = await logIn('/loyalty?tab=rewards');
  const name = `Scarf ${unique()}`;
  await page.getByRole('button', { name: 'Add a reward' }).click();
  const form = page.getByRole('dialog');
  await form.getByLabel('Name').fill(name);
  await form.getByLabel('Cost in points').fill('0');
  await form.getByRole('button', { name: 'Save' }).click();
  await form.getByText('must be 1 to 1000000').waitFor();
  await form.getByLabel('Cost in points').fill('250');
  await form.getByLabel('Stock').fill('3');
  await form.getByRole('button', { name: 'Save' }).click();
  const row = page.getByRole('row', { name });
  await row.getByText('250').waitFor();
  await row.getByRole('button', { name: /^Change Stock/ }).click();
  await row.getByRole('spinbutton').fill('');
  await page.keyboard.press('Enter');
  await row.getByText('No end').waitFor();
  const made = (await ask('/loyalty/rewards?limit=200')).items.find((one) => one.name === name);
  assert.deepEqual([made.cost, made.stock], [250, null]);
  await row.getByRole('button', { name: `Delete: ${name}` }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click();
  await row.waitFor({ state: 'detached' });
  assert.deepEqual(page.faults, []);
});

test('rules are saved, half a rule is not, and another member’s change is shown', async () => {
  await member(0);
  const page = await logIn('/loyalty?tab=rules');
  const order = page.getByRole('group', { name: 'For an order' });
  await order.getByLabel('Points').fill('3');
  await order.getByLabel(/^For each/).fill('');
  await page.getByRole('button', { name: 'Save' }).click();
  await order.getByText('Fill this in.').waitFor();
  await order.getByLabel(/^For each/).fill('2.50');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Saved.').waitFor();
  const { updated_at: _, ...rules } = await ask('/loyalty/settings');
  assert.deepEqual(rules.order, { points: 3, per_minor: 250 });

  const theirs = rules.visit_points === 77 ? 78 : 77;
  await ask('/loyalty/settings', 'PUT', { ...rules, visit_points: theirs });
  await page
    .getByRole('group', { name: 'The end of points' })
    .getByLabel(/^Months/)
    .fill(rules.expiry?.months === 24 ? '36' : '24');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('cell', { name: String(theirs), exact: true }).waitFor();
  await page.getByRole('button', { name: 'Take what is saved' }).click();
  assert.equal(
    await page.getByRole('group', { name: 'For a visit' }).getByLabel('Points').inputValue(),
    String(theirs),
  );
  assert.deepEqual(page.faults, []);
});

test('a tier that earns less than a lower one is refused at its field', async () => {
  const tiers = (await ask('/loyalty/tiers')).items;
  const most = Math.max(100, ...tiers.map((one) => one.multiplier_percent));
  const above = Math.max(0, ...tiers.map((one) => one.threshold));
  const name = `Tier ${unique()}`;
  const page = await logIn('/loyalty?tab=tiers');
  await page.getByRole('button', { name: 'Add a tier' }).click();
  const form = page.getByRole('dialog');
  await form.getByLabel('Name').fill(name);
  await form.getByLabel('From so many points').fill(String(above + 1_000));
  await form.getByLabel(/^Earns/).fill('99');
  await form.getByRole('button', { name: 'Save' }).click();
  await form
    .getByText(/must be/)
    .first()
    .waitFor();
  await form.getByLabel(/^Earns/).fill(String(most));
  await form.getByRole('button', { name: 'Save' }).click();
  const row = page.getByRole('row', { name });
  await row.getByRole('button', { name: `Delete: ${name}` }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click();
  await row.waitFor({ state: 'detached' });
  assert.deepEqual(page.faults, []);
});

test('a viewer sees the books and the rules, and changes nothing', async () => {
  const page = await logIn('/loyalty', { email: 'viewer@zuri.example' });
  await page.getByText('What became of the points').waitFor();
  assert.equal(await page.getByRole('link', { name: 'Use a code' }).count(), 0);
  await page.getByRole('button', { name: 'Rules' }).click();
  await page.getByText('For an order').waitFor();
  assert.equal(await page.getByRole('button', { name: 'Save' }).count(), 0);
  assert.deepEqual(page.faults, []);
});
