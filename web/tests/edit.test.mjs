// Cells that are changed where they stand, in Chromium against a running demo: see contacts.test.mjs.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { app, ask, close, logIn, open, phoneNumber, unique } from './browser.mjs';
import { member } from './people.mjs';

before(open);
after(close);

const newProduct = () =>
  ask('/products', 'POST', {
    sku: `EDIT-${unique()}`,
    price_minor: 450,
    stock: 7,
    active: true,
    texts: { en: { name: `Edited ${unique()}`, description: '' } },
  });
const newContact = () => ask('/contacts', 'POST', { name: `Edited ${unique()}`, phone: `+${phoneNumber()}` });
const productPage = async (product, options) => {
  const page = await logIn(`/products?q=${product.sku}`, options);
  const row = page.locator('[data-index]').filter({ hasText: product.sku });
  await row.waitFor();
  return { page, row };
};
const now = ({ id }, what = 'products') => ask(`/${what}/${id}`);

test('a cell is changed by keyboard, and its new value is in sight before the API has answered', async () => {
  const product = await newProduct();
  const name = product.texts.en.name;
  const { page, row } = await productPage(product);
  // F2 on the row begins with the first cell that may be changed.
  await row.focus();
  await page.keyboard.press('F2');
  const sku = page.getByRole('textbox', { name: `Number: ${name}` });
  await sku.waitFor();
  assert.equal(await sku.evaluate((one) => one === document.activeElement), true);
  await page.keyboard.type('SOMETHING-ELSE');
  await page.keyboard.press('Escape');
  await sku.waitFor({ state: 'detached' });
  assert.equal((await now(product)).sku, product.sku);

  const pencil = row.getByRole('button', { name: `Change Price: ${name}` });
  const isFocused = () => pencil.evaluate((one) => one === document.activeElement);
  for (let tabs = 0; tabs < 5 && !(await isFocused()); tabs += 1) await page.keyboard.press('Tab');
  assert.ok(await isFocused(), 'the pencil of the price is not reached by Tab');
  let answerNow;
  const held = new Promise((resolve) => (answerNow = resolve));
  await page.route(`**/api/v1/products/${product.id}`, async (route) => {
    if (route.request().method() === 'PATCH') await held;
    await route.continue();
  });
  await page.keyboard.press('Enter');
  const price = page.getByRole('spinbutton', { name: `Price: ${name}` });
  await price.waitFor();
  assert.equal(await price.inputValue(), '4.5');
  await page.keyboard.type('5.25');
  await page.keyboard.press('Enter');
  await row.getByText('$5.25').waitFor();
  assert.equal((await now(product)).price_minor, 450);
  assert.equal(await row.locator('[data-editable][aria-busy=true]').count(), 1);
  answerNow();
  await page.getByText('Saved.', { exact: true }).waitFor();
  assert.equal((await now(product)).price_minor, 525);
  await page.waitForFunction(
    (label) => document.activeElement?.getAttribute('aria-label') === label,
    `Change Price: ${name}`,
  );

  // The API takes a difference, so what is sold meanwhile counts.
  await row.getByRole('button', { name: `Change Stock: ${name}` }).press('F2');
  await page.getByRole('spinbutton', { name: `Stock: ${name}` }).fill('12');
  await page.keyboard.press('Enter');
  await row.getByText('12', { exact: true }).waitFor();
  await page.waitForFunction(() => !document.querySelector('[data-editable][aria-busy=true]'));
  assert.equal((await now(product)).stock, 12);
  assert.deepEqual(page.faults, []);
});

test('a refused value comes back with the words of the API, and the old one stays saved', async () => {
  const product = await newProduct();
  const { page, row } = await productPage(product);
  await row.getByText('$4.50').dblclick();
  const price = page.getByRole('spinbutton', { name: /^Price: / });
  await price.fill('-5');
  await price.press('Enter');
  const alert = row.getByRole('alert');
  await alert.waitFor();
  assert.match(await alert.textContent(), /must be 0 to/);
  assert.equal(await price.getAttribute('aria-invalid'), 'true');
  assert.equal(await price.getAttribute('aria-describedby'), await alert.getAttribute('id'));
  assert.equal(await price.inputValue(), '-5');
  assert.equal(await price.evaluate((one) => one === document.activeElement), true);
  await price.fill('');
  await price.press('Enter');
  await alert.getByText('Fill this in.').waitFor();
  await page.keyboard.press('Escape');
  await row.getByText('$4.50').waitFor();
  assert.equal((await now(product)).price_minor, 450);
  assert.deepEqual(page.faults, []);
});

test('two tabs that change the same cell: the second one is shown what the first one saved', async () => {
  const contact = await newContact();
  const first = await logIn(`/contacts?q=${encodeURIComponent(contact.name)}`);
  const second = await first.context().newPage();
  await second.goto(first.url());
  const write = async (page, name) => {
    const field = page.getByRole('textbox', { name: /^Name: / });
    await field.fill(name);
    await field.press('Enter');
  };
  // The field reads the contact with its tag when the person begins.
  const begin = (page) =>
    Promise.all([
      page.waitForResponse((answer) => answer.url().endsWith(`/contacts/${contact.id}`)),
      page.getByRole('button', { name: /^Change Name: / }).click(),
    ]);
  await begin(first);
  await begin(second);
  await write(first, 'Written first');
  await first.getByText('Saved.', { exact: true }).waitFor();
  await write(second, 'Written second');
  const conflict = second.getByRole('dialog');
  await conflict.getByText('Somebody else changed this meanwhile.').waitFor();
  await conflict.getByText('Written first').waitFor();
  await conflict.getByText('Written second').waitFor();
  assert.equal((await now(contact, 'contacts')).name, 'Written first');
  await second.keyboard.press('Escape');
  // Back at the field, nothing is lost.
  const field = second.getByRole('textbox', { name: /^Name: / });
  assert.equal(await field.inputValue(), 'Written second');
  await field.press('Enter');
  await conflict.getByRole('button', { name: 'Save mine' }).click();
  await second.getByText('Saved.', { exact: true }).waitFor();
  assert.equal((await now(contact, 'contacts')).name, 'Written second');
  assert.deepEqual(second.faults ?? [], []);

  await first.goto(`${app}/contacts?q=${encodeURIComponent('Written second')}`);
  await begin(first);
  // Another field that somebody changed meanwhile is no conflict of this cell.
  await ask(`/contacts/${contact.id}/tags`, 'PUT', { tags: [`tag-${unique()}`] });
  await write(first, 'Third');
  await first.getByText('Saved.', { exact: true }).waitFor();
  assert.equal((await now(contact, 'contacts')).name, 'Third');
  assert.deepEqual(first.faults, []);
});

test('what is written into a cell outlives a scroll, and is not left behind by chance', async () => {
  const contact = await newContact();
  const real = await ask(`/contacts/${contact.id}`);
  const others = Array.from({ length: 300 }, (_, index) => ({
    ...real,
    id: `ctc_${String(index).padStart(32, '0')}`,
    name: `Other ${index}`,
  }));
  const page = await logIn('/dashboard');
  // A list that is longer than the screen, whatever the demo has.
  await page.route(/\/api\/v1\/contacts\?/, (route) =>
    route.fulfill({ json: { items: [real, ...others], next_cursor: null } }),
  );
  await page.goto(`${app}/contacts?size=0`);
  const field = page.getByRole('textbox', { name: `Name: ${real.name}` });
  await page.getByRole('button', { name: `Change Name: ${real.name}` }).click();
  const written = `Draft ${unique()}`;
  await field.fill(written);
  const box = page.locator('main [aria-busy]').filter({ has: page.getByRole('table') });
  const scroll = (to) => box.evaluate((one, top) => (one.scrollTop = top), to);
  await scroll(10_000);
  await field.waitFor({ state: 'detached' });
  await scroll(0);
  await field.waitFor();
  assert.equal(await field.inputValue(), written);

  const leave = () => page.getByRole('navigation', { name: 'Pages', exact: true }).getByText('Orders').click();
  const question = page.getByRole('alertdialog', { name: 'Leave without saving?' });
  await leave();
  await question.getByRole('button', { name: 'Stay' }).click();
  await question.waitFor({ state: 'detached' });
  await field.press('Enter');
  await page.getByText('Saved.', { exact: true }).waitFor();
  assert.equal((await now(contact, 'contacts')).name, written);
  await leave();
  await page.getByRole('heading', { level: 1, name: 'Orders' }).waitFor();
  assert.equal(await question.count(), 0);
  assert.deepEqual(page.faults, []);
});

test('one click opens the row, two change the cell, and those who may not see no pencil', async () => {
  const contact = await newContact();
  const page = await logIn(`/contacts?q=${encodeURIComponent(contact.name)}`);
  const cell = page.getByRole('row').getByText(contact.name, { exact: true });
  await cell.dblclick();
  await page.getByRole('textbox', { name: /^Name: / }).waitFor();
  // Longer than a row waits for the second click.
  await page.waitForTimeout(500);
  assert.equal(new URL(page.url()).pathname, '/app/contacts');
  await page.keyboard.press('Escape');
  await cell.click();
  await page.waitForURL(`**/contacts/${contact.id}`);

  const product = await newProduct();
  const { page: agent, row } = await productPage(product, { email: await member('agent') });
  assert.equal(await row.locator('[data-edit]').count(), 0);
  await row.getByText('$4.50').dblclick();
  assert.equal(await agent.getByRole('spinbutton', { name: /^Price/ }).count(), 0);
});

test('a phone has the pencils beside the values, also in Arabic', async () => {
  const product = await newProduct();
  const { page, row } = await productPage(product);
  await page.evaluate(() => localStorage.setItem('kazi.language', 'ar'));
  await page.setViewportSize({ width: 360, height: 740 });
  await page.reload();
  await row.getByRole('button', { name: /^غيّر السعر/ }).click();
  const price = page.getByRole('spinbutton', { name: /^السعر/ });
  await price.fill('6');
  const box = await price.evaluate((one) => one.closest('form').getBoundingClientRect().toJSON());
  assert.ok(box.left >= 0 && box.right <= 360, `the field lies from ${box.left} to ${box.right}`);
  await page.getByRole('button', { name: 'حفظ', exact: true }).click();
  await row.getByText(/6[.,٫]00|٦/).waitFor();
  await page.waitForFunction(() => !document.querySelector('[data-editable][aria-busy=true]'));
  assert.equal((await now(product)).price_minor, 600);
  assert.deepEqual(page.faults, []);
});
