// Lists as spreadsheets, in Chromium against a running demo: see contacts.test.mjs.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { strFromU8, unzipSync } from 'fflate';
import { app, ask, close, logIn, open, phoneNumber, unique } from './browser.mjs';

before(open);
after(close);

const SIGNS = { amp: '&', lt: '<', gt: '>', quot: '"' };
const plain = (text) => text.replaceAll(/&(amp|lt|gt|quot);/g, (_, name) => SIGNS[name]);

/** The sheet of a file, and what its cells hold: a text, a number, or nothing. */
async function save(page, name = 'Save as an Excel file') {
  const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name }).click()]);
  const parts = unzipSync(await readFile(await file.path()));
  const xml = strFromU8(parts['xl/worksheets/sheet1.xml']);
  const rows = [...xml.matchAll(/<row>(.*?)<\/row>/gs)].map(([, row]) =>
    [...row.matchAll(/<c\b([^>]*?)(?:\/>|>(.*?)<\/c>)/gs)].map(([, kind, inside]) => {
      if (inside === undefined) return null;
      const [, text] = /^<is><t xml:space="preserve">(.*)<\/t><\/is>$/s.exec(inside) ?? [];
      if (text !== undefined) return plain(text);
      assert.equal(kind, '', inside);
      return Number(/^<v>(.*)<\/v>$/.exec(inside)[1]);
    }),
  );
  return { name: file.suggestedFilename(), parts, xml, rows };
}

test('a list is saved as a spreadsheet: its filters, its columns, the chosen rows', async () => {
  const page = await logIn('/products?f=%7B%22name%22%3A%22tea%22%7D');
  await page.locator('tbody tr[data-index]').first().waitFor();
  await page.getByRole('button', { name: 'Columns' }).click();
  await page.getByRole('checkbox', { name: 'Category' }).uncheck();
  await page.keyboard.press('Escape');
  const { items } = await ask('/products?limit=200');
  const teas = items.filter((one) => /tea/i.test(one.texts.en.name));
  assert.ok(teas.length && teas.length < items.length);

  const all = await save(page);
  assert.equal(all.name, 'products.xlsx');
  assert.deepEqual(all.rows[0], ['Name', 'Number', 'Price', 'Stock', 'State']);
  assert.deepEqual(
    all.rows.slice(1).toSorted((a, b) => a[1].localeCompare(b[1])),
    teas
      .map((one) => [one.texts.en.name, one.sku, one.price_minor / 100, one.stock, one.active ? 'active' : 'inactive'])
      .toSorted((a, b) => a[1].localeCompare(b[1])),
  );
  assert.match(strFromU8(all.parts['xl/workbook.xml']), /<sheet name="Products"/);

  await page.goto(`${app}/products`);
  await page.getByRole('checkbox', { name: 'Choose this row' }).first().check();
  const chosen = await save(page);
  assert.equal(chosen.rows.length, 2);
  assert.deepEqual(page.faults, []);
});

test('a spreadsheet runs no text of a customer, and lies from right to left in Arabic', async () => {
  const mark = unique();
  const name = `=1+1 <&> "${mark}"`;
  await ask('/contacts', 'POST', { name, phone: `+${phoneNumber()}` });
  const page = await logIn('/contacts');
  await page.evaluate(() => localStorage.setItem('kazi.language', 'ar'));
  await page.goto(`${app}/contacts?q=${mark}`);
  await page.getByText(name).waitFor();
  const { xml, rows } = await save(page, 'احفظ ملف إكسل');
  assert.equal(rows[1][0], name);
  assert.ok(rows[1].some((value) => /^\+2547\d{8}$/.test(value)));
  assert.doesNotMatch(xml, /<f\b/);
  assert.match(xml, /rightToLeft="1"/);
  // The format of texts keeps it one when a person edits the cell.
  const [, style] = /<c t="inlineStr" s="(\d)"><is><t xml:space="preserve">=1\+1/.exec(xml);
  assert.equal(style, '1');
  assert.deepEqual(page.faults, []);
});
