// The builder of segments, in Chromium against a running demo: see contacts.test.mjs.

import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { ask, close, closePages, logIn, open, phoneNumber, unique } from './browser.mjs';

before(open);
after(close);
afterEach(closePages);

test('groups of conditions are counted while they are written, saved, and shown again as they are', async () => {
  const mark = unique();
  const [tea, coffee, rude] = ['tea', 'coffee', 'rude'].map((one) => `${one}-${mark}`);
  const people = { Ada: [tea], Ben: [coffee], Cleo: [coffee, rude], Dan: [rude] };
  const name = (one) => `${one} ${mark}`;
  for (const [one, tags] of Object.entries(people))
    await ask('/contacts', 'POST', { name: name(one), phone: `+${phoneNumber()}`, tags });
  const page = await logIn('/segments');
  const dialog = page.getByRole('dialog');
  const told = dialog.getByRole('status');
  /** What the builder says before anything is saved. */
  const counts = async (...names) => {
    await told.getByText(names.length === 1 ? '1 contact now' : `${names.length} contacts now`).waitFor();
    const sample = (await told.textContent()).split('Among them: ')[1];
    assert.deepEqual(sample.split(', ').toSorted(), names.map(name));
  };
  const groups = (which) =>
    dialog.locator('details').filter({ has: page.locator('summary').getByText(which, { exact: true }) });
  const any = groups('One of these groups at least');
  const none = groups('None of these groups');
  const group = (which, number) => which.getByRole('group', { name: `Group ${number}`, exact: true });
  const tags = (which, number) => group(which, number).getByLabel('Tags, separated by commas');
  const begin = (which, kind) => which.getByLabel('Add a group that begins with …').selectOption(kind);

  await page.getByRole('button', { name: 'Add a segment' }).click();
  await dialog.getByLabel('Name', { exact: true }).fill(`Guests ${mark}`);
  await any.locator('summary').click();
  await none.locator('summary').click();
  await begin(any, 'One of the tags');
  await tags(any, 1).fill(tea);
  await counts('Ada');
  await begin(any, 'All of the tags');
  await tags(any, 2).fill(coffee);
  await counts('Ada', 'Ben', 'Cleo');
  // Both conditions of one group must hold.
  await group(any, 2).getByLabel('Add a condition …').selectOption('None of the tags');
  await tags(any, 2).last().fill(rude);
  await counts('Ada', 'Ben');
  await group(any, 2).getByRole('button', { name: 'Remove “None of the tags”' }).click();
  await counts('Ada', 'Ben', 'Cleo');
  await begin(none, 'One of the tags');
  await tags(none, 1).fill(rude);
  await counts('Ada', 'Ben');
  await dialog.getByRole('button', { name: 'Save and count' }).click();
  await page.getByText('Saved').first().waitFor();
  await dialog.getByRole('button', { name: 'Cancel' }).click();

  const saved = async () => {
    const { items } = await ask('/messaging/segments?limit=200');
    return items.find((one) => one.name === `Guests ${mark}`);
  };
  const { id, audience } = await saved();
  assert.deepEqual(
    [audience.any_of, audience.none_of],
    [[{ tags_any: [tea] }, { tags_all: [coffee] }], [{ tags_any: [rude] }]],
  );
  assert.equal((await ask(`/messaging/segments/${id}/size`)).contacts, 2);
  const row = page.getByRole('row', { name: `Guests ${mark}` });
  await row.getByText('One of these groups at least: 2').waitFor();
  await row.getByText('None of these groups: 1').waitFor();

  await row.getByRole('button', { name: `Edit: Guests ${mark}` }).click();
  await counts('Ada', 'Ben');
  assert.equal(await dialog.getByLabel('Name', { exact: true }).inputValue(), `Guests ${mark}`);
  // What is filled in begins unfolded.
  for (const one of [any, none]) await tags(one, 1).waitFor();
  assert.deepEqual(
    [await tags(any, 1).inputValue(), await tags(any, 2).inputValue(), await tags(none, 1).inputValue()],
    [tea, coffee, rude],
  );
  await dialog.getByRole('button', { name: 'Save and count' }).click();
  await page.getByText('Saved').last().waitFor();
  assert.deepEqual((await saved()).audience, audience);
  assert.deepEqual(page.faults, []);
});
