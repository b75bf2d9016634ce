// Conditions over the rows of a list, in Chromium against a running demo: see contacts.test.mjs.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { app, close, logIn, open } from './browser.mjs';

before(open);
after(close);

const DAY_MS = 86_400_000;

/** Answers in place of the API with contacts that the test knows. */
async function serve(page, count) {
  const asked = [];
  const all = Array.from({ length: count }, (_, index) => ({
    id: `ctc_${String(index).padStart(32, '0')}`,
    name: `Name ${index}`,
    phone: `+2547${String(index).padStart(8, '0')}`,
    email: index % 3 ? `n${index}@example.com` : null,
    tags: index % 2 ? ['even'] : ['odd', 'tag'],
    marketing: null,
    language: index % 5 ? 'en' : 'fr',
    attributes: {},
    created_at: new Date(Date.UTC(2026, 0, 1) + index * DAY_MS).toISOString(),
    last_activity_at: null,
  }));
  await page.route('**/api/v1/contacts?*', (route) => {
    const query = new URL(route.request().url()).searchParams;
    asked.push(Object.fromEntries(query));
    const from = Number(query.get('cursor') ?? 0);
    const until = from + Number(query.get('limit'));
    const tag = query.get('tag');
    const items = all.slice(from, until).filter((one) => !tag || one.tags.includes(tag));
    return route.fulfill({ json: { items, next_cursor: until < count ? String(until) : null } });
  });
  return asked;
}

/** The names in the rows, once they are drawn: their number is told a moment before. */
async function shownNames(page) {
  const names = page.getByRole('row').locator('td:nth-child(2)');
  await names.first().waitFor();
  return names.allTextContents();
}
const settled = (page, words) => page.getByRole('navigation', { name: 'Pages of the list' }).getByText(words).waitFor();

test('conditions are joined by and and or, stand in the address and are kept in a view', async () => {
  const page = await logIn();
  await serve(page, 40);
  await page.getByRole('button', { name: 'Conditions' }).click();
  const dialog = page.getByRole('dialog');
  const column = dialog.getByLabel('Column');
  const op = dialog.getByLabel('Comparison');
  const value = dialog.getByLabel('Value');
  await dialog.getByRole('button', { name: 'Apply' }).click();
  await dialog.getByText('Fill this in.').waitFor();
  await value.fill('name 1');

  // (name contains "name 1") and (e-mail is empty or language is French)
  await dialog.getByRole('button', { name: 'Add a group' }).click();
  const group = dialog.getByRole('group', { name: 'Group 2' });
  assert.equal(await group.getByLabel('How the conditions of group 2 are joined').inputValue(), 'any');
  await group.getByLabel('Column').selectOption('email');
  await group.getByLabel('Comparison').selectOption('is empty');
  await group.getByRole('button', { name: 'Add a condition' }).click();
  await column.nth(2).selectOption('language');
  assert.equal(await op.nth(2).inputValue(), 'in');
  await group.getByLabel('français').or(group.getByLabel('French')).or(group.getByLabel('Français')).first().check();
  await dialog.getByRole('button', { name: 'Apply' }).click();
  await settled(page, '4 rows');
  const expected = Array.from({ length: 40 }, (_, index) => index).filter(
    (index) => `${index}`.startsWith('1') && (index % 3 === 0 || index % 5 === 0),
  );
  assert.deepEqual(
    await shownNames(page),
    expected.map((index) => `Name ${index}`),
  );

  // The address says all of it, and a view keeps it.
  await page.getByRole('button', { name: 'Views' }).click();
  const view = `French or silent ${Date.now()}`;
  await page.getByLabel('Name of the view').fill(view);
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.keyboard.press('Escape');
  await page.reload();
  await settled(page, '4 rows');
  await page.getByRole('button', { name: 'Clear the conditions' }).click();
  await page.waitForURL((now) => !now.searchParams.has('where'));
  await page.getByRole('button', { name: 'Views' }).click();
  await page.getByRole('button', { name: view, exact: true }).click();
  await settled(page, '4 rows');

  // On a phone the rows are cards, drawn from the beginning.
  await page.setViewportSize({ width: 360, height: 740 });
  await page.reload();
  await page.getByRole('listitem').getByText('Name 10', { exact: true }).waitFor();
  assert.deepEqual(page.faults, []);
});

test('days are compared, and the other way of joining finds more', async () => {
  const page = await logIn();
  await serve(page, 40);
  const where = (any) =>
    JSON.stringify({
      any,
      of: [
        { column: 'created', op: 'between', values: ['2026-01-03', '2026-01-05'] },
        { column: 'name', op: 'is', values: ['NAME 3'] },
        { column: 'created', op: 'before', values: ['2026-01-02'] },
        { column: 'nonsense', op: 'is', values: ['x'] },
      ].slice(0, any ? 4 : 2),
    });
  await page.goto(`${app}/contacts?where=${encodeURIComponent(where(true))}`);
  // The days are those of the workspace, which is ahead of UTC by some hours.
  await settled(page, '4 rows');
  assert.deepEqual(await shownNames(page), ['Name 0', 'Name 2', 'Name 3', 'Name 4']);
  await page.goto(`${app}/contacts?where=${encodeURIComponent(where(false))}`);
  await settled(page, '1 row');
  await page.goto(`${app}/contacts?where=${encodeURIComponent('{"of":[{"op":7}]}')}`);
  await page
    .getByRole('row', { name: 'Name 39' })
    .or(page.getByRole('row', { name: 'Name 1', exact: false }))
    .first()
    .waitFor();
  assert.deepEqual(page.faults, []);
});

test('what the API can find it finds, and a list that is read in part says so', async () => {
  const page = await logIn();
  const asked = await serve(page, 10_400);
  const where = (...of) => `${app}/contacts?where=${encodeURIComponent(JSON.stringify({ any: false, of }))}`;
  await page.route('**/api/v1/tags', (route) =>
    route.fulfill({
      json: {
        items: [
          { name: 'even', contacts: 1 },
          { name: 'odd', contacts: 1 },
        ],
      },
    }),
  );
  asked.length = 0;
  await page.goto(where({ column: 'tags', op: 'in', values: ['even'] }));
  await page.getByText('Tags is one of').waitFor();
  await page.getByRole('row', { name: 'Name 1', exact: false }).first().waitFor();
  assert.deepEqual(asked, [{ tag: 'even', limit: '25' }]);

  await page.goto(where({ column: 'name', op: 'contains', values: ['name 1039'] }));
  const note = page.getByText('The list has more than the 10,000 rows that are read.');
  await note.waitFor({ timeout: 60_000 });
  await settled(page, '1 row');
  await page.getByRole('button', { name: 'Read up to 100,000' }).click();
  await note.waitFor({ state: 'detached' });
  await settled(page, '11 rows');
  assert.deepEqual(page.faults, []);
});
