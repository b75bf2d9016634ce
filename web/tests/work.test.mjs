// Longer ways through the app, in Chromium against a running demo: see contacts.test.mjs.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ask, close, logIn, open, unique, whatsapp } from './browser.mjs';

before(open);
after(close);

test('contacts are imported, and the faults of the file can be saved', async () => {
  const page = await logIn('/imports/new');
  const mark = unique();
  const digits = String(Date.now()).slice(-7);
  await page.setInputFiles('input[type=file]', {
    name: `${mark}.csv`,
    mimeType: 'text/csv',
    buffer: Buffer.from(`Wer,Nummer,Ort\nImported ${mark},+25478${digits},Nairobi\nBroken,12,Nairobi\n`),
  });
  await page.getByRole('button', { name: 'Next' }).click();
  await page.getByLabel('What Wer becomes').selectOption('name');
  await page.getByLabel('What Nummer becomes').selectOption('phone');
  await page.getByLabel('What Ort becomes').selectOption('ignore');
  await page.getByRole('button', { name: 'Next' }).click();
  await page.getByRole('cell', { name: `Imported ${mark}` }).waitFor();
  assert.equal(await page.getByRole('cell', { name: 'Nairobi' }).count(), 0);
  await page.getByRole('button', { name: 'Import', exact: true }).click();
  await page.getByText('Rows with faults').waitFor();
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Save the faults' }).click(),
  ]);
  assert.match(file.suggestedFilename(), /^faults-/);
  await page.goto(`${new URL(page.url()).origin}/app/`).catch(() => undefined);
  const other = await logIn(`/contacts?q=${mark}`);
  await other.getByRole('row', { name: `Imported ${mark}` }).waitFor();
});

test('two contacts become one', async () => {
  const page = await logIn('/contacts');
  const mark = unique();
  const make = async (name, digit) => {
    await page.getByRole('button', { name: 'Add a contact' }).click();
    await page.getByLabel('Name', { exact: true }).fill(name);
    await page.getByLabel('Phone', { exact: true }).fill(`+2547${digit}${String(Date.now()).slice(-7)}`);
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('heading', { level: 1, name }).waitFor();
  };
  await make(`Other ${mark}`, 1);
  await page.getByRole('navigation', { name: 'Pages', exact: true }).getByRole('link', { name: 'Contacts' }).click();
  await make(`Stays ${mark}`, 2);
  await page.getByRole('button', { name: 'Merge' }).click();
  const form = page.getByRole('dialog');
  await form.getByRole('combobox').fill(`Other ${mark}`);
  await form.getByRole('option').first().waitFor();
  await page.keyboard.press('Enter');
  await form.getByLabel(/^Merge them/).check();
  await form.getByRole('button', { name: 'Merge' }).click();
  await page.getByText('They are one contact now.').waitFor();
  assert.deepEqual(page.faults, []);
});

test('a segment is built and counted, and a campaign to it is checked and scheduled', async () => {
  const page = await logIn('/segments');
  const name = `Segment ${unique()}`;
  await page.getByRole('button', { name: 'Add a segment' }).click();
  const form = page.getByRole('dialog');
  await form.getByLabel('Name', { exact: true }).fill(name);
  await form.getByLabel('market', { exact: true }).first().check();
  await form.getByRole('button', { name: 'Save and count' }).click();
  await form.getByText(/\d+ contacts now/).waitFor();
  await form.getByRole('button', { name: 'Cancel' }).click();

  await page
    .getByRole('navigation', { name: 'Pages', exact: true })
    .getByRole('link', { name: 'Campaigns', exact: true })
    .click();
  await page.getByRole('link', { name: 'New campaign' }).click();
  await page.getByLabel('Name', { exact: true }).fill(`Campaign of ${name}`);
  await page.getByLabel('Channel', { exact: true }).selectOption(whatsapp);
  await page.getByLabel('Template').selectOption('market_day_offer');
  await page.getByLabel('For contacts without it').first().fill('friend');
  await page.getByRole('button', { name: 'Next' }).click();
  await page.getByRole('radio', { name }).check();
  await page.getByRole('button', { name: 'Next' }).click();
  await page.getByRole('button', { name: 'Check' }).click();
  await page.getByText('Ready to send').waitFor();
  await page.getByRole('button', { name: 'Schedule' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Schedule' }).click();
  await page.getByRole('heading', { level: 1, name: `Campaign of ${name}` }).waitFor();
  await page.getByText('Scheduled', { exact: true }).waitFor();
  const contacts = page.getByRole('region', { name: 'Contacts of the campaign', exact: true });
  await contacts.getByLabel('State', { exact: true }).selectOption('Planned');
  await contacts.getByRole('row').nth(1).getByText('Planned').waitFor();
  await page.getByRole('button', { name: 'Cancel' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Cancel' }).last().click();
  await page.getByText('Cancelled', { exact: true }).waitFor();
  assert.deepEqual(page.faults, []);
});

test('a campaign leads to a target of the business by links that are counted', async () => {
  const page = await logIn('/campaigns');
  const name = `Links ${unique()}`;
  await page.getByRole('link', { name: 'New campaign' }).click();
  await page.getByLabel('Name', { exact: true }).fill(name);
  await page.getByLabel('Channel', { exact: true }).selectOption(whatsapp);
  await page.getByLabel('Template').selectOption('new_season');
  await page.getByLabel('For contacts without it').first().fill('friend');
  const second = page.getByRole('group', { name: '{{2}}' });
  await second.getByLabel('Value').selectOption('Tracked link');
  await second.getByLabel('Target of the link').fill('http://zuri.example/coffee');
  await second.getByText('The address must begin with https://.').waitFor();
  await second.getByLabel('Target of the link').fill('https://zuri.example/coffee');
  await page.getByLabel('Days in which orders count').fill('14');
  await page.getByRole('button', { name: 'Next' }).click();
  await page.getByRole('radio', { name: 'Regular customers' }).check();
  await page.getByRole('button', { name: 'Next' }).click();
  await page.getByRole('button', { name: 'Check' }).click();
  await page.getByText('Ready to send').waitFor();
  const { items } = await ask('/messaging/campaigns?limit=5');
  const made = items.find((one) => one.name === name);
  assert.equal(made.conversion_days, 14);
  assert.deepEqual(made.content.parameters[1], { link: { url: 'https://zuri.example/coffee' } });
  assert.deepEqual(page.faults, []);
});

test('a campaign tells who clicked and ordered, and what that is worth', async () => {
  const { items } = await ask('/messaging/campaigns?limit=100');
  const sent = items.find((one) => one.name === 'Thank you, regulars');
  const figures = await ask(`/messaging/campaigns/${sent.id}/funnel`);
  assert.ok(figures.clicked > 0 && figures.converted > 0, JSON.stringify(figures));
  const page = await logIn(`/campaigns/${sent.id}`);
  const bars = page.getByRole('listitem');
  await bars
    .filter({ hasText: 'Clicked' })
    .filter({ hasText: `${figures.clicked} (` })
    .waitFor();
  await bars
    .filter({ hasText: 'Ordered' })
    .filter({ hasText: `${figures.converted} (` })
    .waitFor();
  await page.getByRole('figure', { name: 'Over time' }).waitFor();
  await page.getByText('Within 7 days after the click.').waitFor();
  const contacts = page.getByRole('region', { name: 'Contacts of the campaign', exact: true });
  await contacts.getByRole('columnheader', { name: 'Clicked' }).waitFor();
  await contacts.getByRole('button', { name: 'Export' }).waitFor();
  assert.deepEqual(page.faults, []);
});

test('a booking is made, and dragged to another time', async () => {
  // Any day and time of the coming days: an earlier run has taken some.
  const day = new Date(Date.now() + (2 + Math.floor(Math.random() * 10)) * 86_400_000).toISOString().slice(0, 10);
  const slot = 2 + Math.floor(Math.random() * 150);
  const page = await logIn(`/bookings?view=day&day=${day}`);
  await page.getByRole('button', { name: 'Add a booking' }).click();
  const form = page.getByRole('dialog');
  await form.getByRole('combobox').first().fill('Imani');
  await form.getByRole('option').first().waitFor();
  await page.keyboard.press('Enter');
  await form.getByLabel('Service').selectOption({ index: 1 });
  const times = form.getByLabel('Time', { exact: true });
  await times.locator(`option:nth-child(${slot})`).waitFor({ state: 'attached' });
  const time = await times.locator(`option:nth-child(${slot})`).textContent();
  await times.selectOption({ index: slot - 1 });
  await form.getByRole('button', { name: 'Add a booking' }).click();
  const [clock, who] = time.split(' · ');
  const [, hour, minute, half] = clock.match(/(\d+):(\d+)\s*([AP]M)/);
  const at = new RegExp(`^${hour}:${minute}\\s${half}`);
  const block = page.getByRole('list', { name: who }).getByRole('button', { name: at });
  await block.waitFor();
  // The names of the staff stay on top, so the middle is the place where nothing covers it.
  await block.evaluate((node) => node.scrollIntoView({ block: 'center' }));
  const box = await block.boundingBox();
  await page.mouse.move(box.x + 20, box.y + 10);
  await page.mouse.down();
  await page.mouse.move(box.x + 20, box.y + 58, { steps: 5 });
  await page.mouse.up();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Move' }).click();
  await page.getByText('It is moved.').waitFor();
  await block.waitFor({ state: 'detached' });
  assert.deepEqual(page.faults, []);
});

test('the second factor is asked for where it is set up', async () => {
  const page = await logIn('/profile');
  await page.getByRole('button', { name: 'Turn on' }).click();
  await page.getByRole('img', { name: 'Picture for your authenticator' }).waitFor();
  await page.getByRole('dialog').getByLabel('Code').fill('000000');
  await page.getByRole('button', { name: 'Confirm' }).click();
  await page.getByRole('dialog').getByRole('alert').waitFor();
  assert.deepEqual(page.faults, []);
});

test('a post is scheduled, moved and cancelled', async () => {
  const page = await logIn('/social?tab=contents');
  const text = `Post ${unique()}`;
  await page.getByRole('button', { name: 'Write content' }).click();
  await page.getByRole('dialog').getByLabel('Text', { exact: true }).fill(text);
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
  await page.getByRole('button', { name: `Schedule a post: ${text}` }).click();
  const form = page.getByRole('dialog');
  // Instagram takes no post without an image.
  const account = form.getByLabel('Account', { exact: true });
  await account.selectOption(await account.locator('option', { hasText: 'Facebook' }).getAttribute('value'));
  await form.getByRole('button', { name: 'Schedule a post' }).click();
  await form.waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Calendar' }).click();
  const post = page.getByRole('listitem').filter({ hasText: text }).last();
  // Tomorrow may be in the next week.
  const soon = post.waitFor({ timeout: 3_000 });
  await soon.catch(() => page.getByRole('button', { name: 'The week after' }).click());
  await post.getByText('10:00').waitFor();
  await post.getByRole('button', { name: /^Edit/ }).click();
  const when = form.getByLabel('Day and time');
  await when.fill((await when.inputValue()).replace('T10:00', 'T11:30'));
  await form.getByRole('button', { name: 'Move the post' }).click();
  await post.getByText('11:30').waitFor();
  await post.getByRole('button', { name: /^Cancel the post/ }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Cancel the post' }).click();
  await post.getByText('Cancelled').waitFor();
  assert.deepEqual(page.faults, []);
});
