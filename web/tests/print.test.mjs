// Lists on paper, in Chromium against a running demo: see contacts.test.mjs.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { inflateSync } from 'node:zlib';
import { app, ask, close, logIn, open } from './browser.mjs';

before(open);
after(close);

/** The pages of a PDF and their text. Chromium names each font by the number of its object, and maps its signs to Unicode. */
function readPdf(bytes) {
  const file = bytes.toString('latin1');
  const objects = new Map();
  for (const [, number, body] of file.matchAll(/(?:^|\n)(\d+) 0 obj\n([\s\S]*?)\nendobj/g)) objects.set(number, body);
  const streamOf = (number) => {
    const body = objects.get(number) ?? '';
    const start = body.indexOf('stream\n') + 7;
    const raw = Buffer.from(body.slice(start, body.lastIndexOf('\nendstream')), 'latin1');
    return /FlateDecode/.test(body.slice(0, start)) ? inflateSync(raw).toString('latin1') : raw.toString('latin1');
  };
  const textOf = (hex) => Buffer.from(hex, 'hex').swap16().toString('utf16le');
  const fonts = new Map();
  const fontOf = (number) => {
    if (fonts.has(number)) return fonts.get(number);
    const map = new Map();
    const [, told] = /\/ToUnicode (\d+) 0 R/.exec(objects.get(number) ?? '') ?? [];
    const words = told ? streamOf(told) : '';
    for (const [, block] of words.matchAll(/beginbfchar([\s\S]*?)endbfchar/g))
      for (const [, sign, text] of block.matchAll(/<(\w+)> <(\w+)>/g)) map.set(parseInt(sign, 16), textOf(text));
    for (const [, block] of words.matchAll(/beginbfrange([\s\S]*?)endbfrange/g))
      for (const [, from, to, text] of block.matchAll(/<(\w+)> <(\w+)> <(\w+)>/g))
        for (let sign = parseInt(from, 16); sign <= parseInt(to, 16); sign += 1)
          map.set(sign, String.fromCharCode(parseInt(text, 16) + sign - parseInt(from, 16)));
    fonts.set(number, map);
    return map;
  };
  const pages = [...objects.values()].filter((body) => /\/Type \/Page\b/.test(body));
  return pages.map((page) => {
    const [, box] = /\/MediaBox \[([^\]]*)\]/.exec(page);
    const [, contents] = /\/Contents (\d+) 0 R/.exec(page);
    let font = new Map();
    let text = '';
    for (const [, name, hex, moved] of streamOf(contents).matchAll(/\/F(\d+) [\d.]+ Tf|<(\w+)> *Tj|(\bET\b)/g)) {
      if (name) font = fontOf(name);
      else if (moved) text += ' ';
      else for (let at = 0; at < hex.length; at += 4) text += font.get(parseInt(hex.slice(at, at + 4), 16)) ?? '';
    }
    return { box: box.split(' ').map(Number), text: text.replaceAll(/\s+/g, ' ') };
  });
}

/** Asks for the paper, without the browser's own dialog. */
async function print(page, name = 'Print or save as PDF') {
  await page.evaluate(() => (window.print = () => (window.printed = true)));
  await page.getByRole('button', { name }).click();
  await page.waitForFunction(() => window.printed);
  const sheet = page.locator('[data-sheet]');
  const direction = await sheet.evaluate((one) => getComputedStyle(one).direction);
  const title = await page.title();
  const pages = readPdf(await page.pdf({ preferCSSPageSize: true }));
  // The browser says that it has printed, and the page is as before.
  await sheet.waitFor({ state: 'detached' });
  assert.equal(await page.title(), 'Kazi');
  return { pages, direction, title };
}

test('a list is printed whole, with its columns, its filters and numbered pages', async () => {
  const page = await logIn('/contacts?f=%7B%22tags%22%3A%22market%22%7D', { colorScheme: 'dark' });
  await page.locator('tbody tr[data-index]').first().waitFor();
  await page.getByRole('button', { name: 'Columns' }).click();
  await page.getByRole('checkbox', { name: 'Phone' }).uncheck();
  await page.keyboard.press('Escape');
  const all = [];
  for (let cursor = ''; cursor !== undefined;) {
    const { items, next_cursor } = await ask(`/contacts?tag=market&limit=200${cursor && `&cursor=${cursor}`}`);
    all.push(...items);
    cursor = next_cursor ?? undefined;
  }
  assert.ok(all.length > 100);
  const { pages, title } = await print(page);
  const text = pages.map((one) => one.text).join(' ');
  assert.ok(pages.length > 3, `${pages.length} pages`);
  for (const { name } of all) assert.ok(text.includes(name ?? 'Without a name'), `${name} is missing`);
  assert.ok(!text.includes(all[0].phone));
  assert.ok(pages[0].text.includes('Contacts Mama Zuri Market'), pages[0].text.slice(0, 200));
  assert.ok(pages[0].text.includes(`${all.length} rows`));
  assert.ok(pages[0].text.includes('Tags: market'));
  for (const [index, one] of pages.entries()) {
    assert.ok(one.text.includes(`${index + 1} / ${pages.length}`), `page ${index + 1} has no number`);
    assert.ok(one.text.includes('Last activity'), `page ${index + 1} has no head`);
  }
  assert.ok(!text.includes('Dashboard'));
  assert.match(title, /^Contacts – Mama Zuri Market – 20/);
  assert.deepEqual(page.faults, []);
});

test('many columns lie across, and Arabic is printed from right to left', async () => {
  const page = await logIn('/contacts');
  await page.evaluate(() => localStorage.setItem('kazi.language', 'ar'));
  await page.goto(
    `${app}/products?where=${encodeURIComponent('{"of":[{"column":"price","op":"over","values":["1"]}]}')}`,
  );
  await page.locator('[data-index]').first().waitFor();
  const { pages, direction } = await print(page, 'اطبع أو احفظ ملف PDF');
  const [first] = pages;
  assert.ok(first.box[2] > first.box[3], 'not across');
  assert.ok(/[\u0600-\u06ff\ufb50-\ufefc]/.test(first.text));
  assert.equal(direction, 'rtl');
  assert.deepEqual(page.faults, []);
});
