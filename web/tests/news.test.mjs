// Many articles at once, in Chromium against a running demo: see contacts.test.mjs.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ask, close, logIn, open, unique } from './browser.mjs';

before(open);
after(close);

test('articles come from a file: a faulty row keeps all back, and the others can go without it', async () => {
  const mark = unique();
  const rows = [
    'title,body,url,topics,external_id',
    `Ferry ${mark},"A ferry, twice a day",https://news.example/${mark}/1,local;sports,${mark}-1`,
    `Bridge ${mark},A bridge,no address,local,${mark}-2`,
    `Road ${mark},A road,https://news.example/${mark}/3,local,${mark}-3`,
  ];
  const page = await logIn('/news');
  const main = page.getByRole('main');
  await main.getByRole('link', { name: 'Add many articles' }).click();
  const text = main.getByLabel('Or paste them here');
  await text.fill('title,colour\nA,B');
  await main.getByText('The first line names fields that articles do not have: colour').waitFor();
  await text.fill('[{');
  await main.getByText('This is no JSON list of articles.').waitFor();
  await main.getByLabel(/^Choose a file/).setInputFiles({
    name: 'articles.csv',
    mimeType: 'text/csv',
    buffer: Buffer.from(`${rows.join('\n')}\n`),
  });
  await main.getByRole('button', { name: 'Add 3 articles' }).click();
  await main.getByText('Nothing was added: 1 row has faults.').waitFor();
  const bridge = main.getByRole('row', { name: `Bridge ${mark}` });
  await bridge.getByText(/^url: /).waitFor();
  assert.equal(
    await main
      .getByRole('row', { name: `Ferry ${mark}` })
      .getByText(/^url: /)
      .count(),
    0,
  );
  const titles = async () => (await ask('/news/articles?limit=200')).items.map((one) => one.title);
  assert.ok(!(await titles()).some((title) => title.endsWith(mark)));

  await main.getByRole('button', { name: 'Only the 2 without faults' }).click();
  await main.getByText('Added', { exact: true }).nth(1).waitFor();
  const made = (await titles()).filter((title) => title.endsWith(mark));
  assert.deepEqual(made.sort(), [`Ferry ${mark}`, `Road ${mark}`]);

  // The same list again changes nothing.
  const again = [rows[0], rows[1]].join('\n');
  await text.fill(again);
  await main.getByRole('button', { name: 'Add 1 article' }).click();
  await main.getByText('Was there already').waitFor();
  assert.deepEqual(page.faults, []);
});
