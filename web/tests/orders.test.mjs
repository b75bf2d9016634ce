// Orders: their payment, their paper, and those that a member places, in Chromium against a running demo: see
// contacts.test.mjs.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ask, close, logIn, open, phoneNumber, unique, until } from './browser.mjs';

before(open);
after(close);

const buyer = () => ask('/contacts', 'POST', { name: `Buyer ${unique()}`, phone: `+${phoneNumber()}` });
/** A product of this test alone, so that no other one takes its stock. */
const product = (stock) =>
  ask('/products', 'POST', {
    sku: `T-${unique()}`,
    price_minor: 1000,
    stock,
    texts: { en: { name: `Basket ${unique()}` } },
  });
const nameOf = ({ texts }) => texts.en.name;

async function pay(page, link) {
  const [checkout] = await Promise.all([page.waitForEvent('popup'), link.click()]);
  await checkout.getByRole('button', { name: 'Pay', exact: true }).click();
  await checkout.waitForURL((address) => !address.pathname.startsWith('/stripe/pay/'));
  await checkout.close();
}

test('an order is paid at Stripe, partly refunded, shipped, and its tracking corrected', async () => {
  const [contact, sold] = [await buyer(), await product(5)];
  const items = [{ product_id: sold.id, quantity: 3 }];
  const order = await ask('/orders', 'POST', { contact_id: contact.id, items });
  const page = await logIn(`/orders/${order.id}`);
  const main = page.getByRole('main');
  const payment = main.getByLabel('Payment', { exact: true });
  await pay(page, payment.getByRole('link', { name: 'Open the payment page' }));
  await payment.getByText('Paid', { exact: true }).first().waitFor();
  await payment.getByText('Stripe', { exact: true }).waitFor();

  await payment.getByRole('button', { name: 'Refund' }).click();
  const form = page.getByRole('dialog');
  const refund = async (amount) => {
    await form.getByLabel(/^Amount/).fill(amount);
    await form.getByRole('button', { name: 'Refund' }).click();
  };
  await form.getByLabel('Why').fill('One was broken');
  await refund('30.01');
  await form.getByText(/at most \$30\.00/).waitFor();
  await refund('10');
  await form.getByText('Tick this to go on.').waitFor();
  await form.getByLabel(/^Send the money back/).check();
  await refund('10');
  await payment
    .getByRole('listitem')
    .filter({ hasText: 'One was broken' })
    .getByText('Done', { exact: true })
    .waitFor();
  const paid = await until(({ items: all }) => all[0].refunded_minor === 1000, `/payments?order_id=${order.id}`);
  assert.equal(paid.items[0].received_minor, 3000);

  // A part of the money went back, and the order goes on.
  await main.getByRole('button', { name: 'Ship' }).click();
  await form.getByLabel('Tracking number').fill('KE1');
  await form.getByLabel('Tracking page').fill('http://127.0.0.1/x');
  await form.getByRole('button', { name: 'Ship' }).click();
  await form.getByRole('alert').waitFor();
  await form.getByLabel('Tracking page').fill('');
  await form.getByRole('button', { name: 'Ship' }).click();
  await form.waitFor({ state: 'detached' });
  await main.getByRole('button', { name: 'Edit: Shipment' }).click();
  assert.equal(await form.getByLabel('Tracking number').inputValue(), 'KE1');
  await form.getByLabel('Tracking number').fill('KE2');
  await form.getByRole('button', { name: 'Save' }).click();
  await main.getByText('KE2').waitFor();
  const { shipments } = await ask(`/orders/${order.id}`);
  assert.equal(shipments[0].tracking_number, 'KE2');
  assert.deepEqual(page.faults, []);
});

test('an order is printed with who sells, who buys, and what it comes to', async () => {
  const [contact, sold] = [await buyer(), await product(5)];
  const items = [{ product_id: sold.id, quantity: 2 }];
  const order = await ask('/orders', 'POST', { contact_id: contact.id, items });
  const page = await logIn(`/orders/${order.id}`);
  await page.evaluate(() => (window.print = () => (window.printed = true)));
  await page.getByRole('button', { name: 'Print the order' }).click();
  await page.waitForFunction(() => window.printed);
  const sheet = await page.locator('[data-sheet]').textContent();
  for (const part of [`Order #${order.number}`, 'Mama Zuri Market', contact.name, nameOf(sold), '$10.00', '$20.00'])
    assert.ok(sheet.includes(part), `${part} is missing: ${sheet}`);
  assert.ok(sheet.includes('not a tax invoice'));
  await page.emulateMedia({ media: 'print' });
  assert.equal(await page.getByRole('main').isVisible(), false);
  assert.equal(await page.locator('[data-sheet]').isVisible(), true);
  await page.evaluate(() => dispatchEvent(new Event('afterprint')));
  await page.locator('[data-sheet]').waitFor({ state: 'detached' });
  assert.deepEqual(page.faults, []);
});

test('a member orders for a contact: too large a quantity is told at its field', async () => {
  const [contact, sold] = [await buyer(), await product(4)];
  const page = await logIn(`/contacts/${contact.id}`);
  const main = page.getByRole('main');
  await main.getByRole('link', { name: 'New order' }).click();
  await main
    .getByRole('combobox', { name: 'Contact' })
    .and(main.locator(`[value="${contact.name}"]`))
    .waitFor();
  const place = main.getByRole('button', { name: 'Place the order' });
  await place.click();
  await main.getByRole('alert').filter({ hasText: 'Add at least one product.' }).waitFor();
  await main.getByRole('combobox', { name: /^Add a product/ }).fill(nameOf(sold));
  await main.getByRole('option', { name: nameOf(sold) }).click();
  const pieces = main.getByRole('spinbutton', { name: `Quantity: ${nameOf(sold)}` });
  await main.getByText('4 in stock').waitFor();
  await pieces.fill('5');
  await place.click();
  await main.getByRole('alert').filter({ hasText: 'There are only 4 in stock.' }).waitFor();
  assert.equal(await pieces.getAttribute('aria-invalid'), 'true');
  assert.equal((await ask(`/orders?contact_id=${contact.id}`)).items.length, 0);

  // Somebody else buys meanwhile: the API knows what this page does not.
  await pieces.fill('4');
  await pieces.press('Enter');
  await main.getByText('$40.00').last().waitFor();
  const other = await buyer();
  await ask('/orders', 'POST', { contact_id: other.id, items: [{ product_id: sold.id, quantity: 2 }] });
  await place.click();
  await main.getByRole('alert').filter({ hasText: 'there are only 2' }).waitFor();
  await pieces.fill('2');
  await pieces.press('Enter');
  await place.click();
  await main.getByRole('heading', { level: 1, name: /^Order #/ }).waitFor();
  const { items: made } = await ask(`/orders?contact_id=${contact.id}`);
  assert.deepEqual(
    made.map((one) => one.items.map(({ quantity }) => quantity)),
    [[2]],
  );
  assert.deepEqual(page.faults, []);
});

test('the cart of a contact is changed and ordered for them', async () => {
  const [contact, sold] = [await buyer(), await product(3)];
  const cart = await ask('/carts', 'POST', { contact_id: contact.id });
  await ask(`/carts/${cart.id}/items/${sold.id}`, 'PUT', { quantity: 1 });
  const page = await logIn('/orders?tab=carts');
  const main = page.getByRole('main');
  await main.getByRole('row', { name: contact.name }).getByText('$10.00').waitFor();
  await main.getByRole('row', { name: contact.name }).click();
  const pieces = main.getByRole('spinbutton', { name: `Quantity: ${nameOf(sold)}` });
  await pieces.fill('9');
  await pieces.press('Enter');
  await main.getByRole('alert').filter({ hasText: 'There are only 3 in stock.' }).waitFor();
  await pieces.fill('3');
  await pieces.press('Enter');
  await main.getByText('$30.00').last().waitFor();
  await until(({ total_minor: total }) => total === 3000, `/carts/${cart.id}`);
  await main.getByRole('button', { name: 'Place the order' }).click();
  const dialog = page.getByRole('alertdialog', { name: 'Place the order of $30.00?' });
  await dialog.getByLabel('Note').fill('Ring twice');
  await dialog.getByRole('button', { name: 'Place the order' }).click();
  await main.getByRole('heading', { level: 1, name: /^Order #/ }).waitFor();
  await main.getByText('Ring twice').waitFor();
  assert.equal((await ask(`/carts/${cart.id}`)).status, 'ordered');
  assert.deepEqual(page.faults, []);
});
