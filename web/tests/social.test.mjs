// Posts on social networks: written with an uploaded picture, seen as each network shows them, moved, and published.

import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { PNG, ask, close, closePages, demo, logIn, open, unique, until } from './browser.mjs';

before(open);
after(close);
afterEach(closePages);

const simulators = async () => (await (await fetch(`${demo}/demo/config`)).json()).simulators;

async function writeContent(page, text) {
  await page.getByRole('button', { name: 'Write content' }).click();
  const form = page.getByRole('dialog');
  await form.getByLabel('Text', { exact: true }).fill(text);
  return form;
}

/** The local time of the workspace in so many seconds, as the API takes it. */
async function soon(seconds) {
  const { time_zone: timeZone } = await ask('/workspaces/current');
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' });
  return { local_time: format.format(Date.now() + seconds * 1_000).replace(' ', 'T'), zone: timeZone };
}

const accountOf = async (network) =>
  (await ask('/social/accounts?limit=100')).items.find((one) => one.network === network);

test('a post with an uploaded picture is scheduled, moved by the keyboard and by the mouse, and published', async () => {
  const page = await logIn('/social?tab=contents');
  const text = `Fresh mangoes ${unique()} #mango`;
  const form = await writeContent(page, text);
  const choose = (name, buffer) =>
    form.locator('input[type=file]').setInputFiles({ name, mimeType: 'image/png', buffer });
  await choose('torn.png', PNG.subarray(0, 40));
  await form.getByText('torn.png cannot be read as a picture.').waitFor();
  await choose('mango.png', PNG);
  await form.getByLabel('What it shows 1').fill('A mango');
  const instagram = form.getByRole('figure', { name: 'Instagram' });
  await instagram.getByRole('img', { name: 'A mango' }).waitFor();
  await instagram.getByText('1 of 30 hashtags').waitFor();
  await form.getByRole('button', { name: 'Save' }).click();
  await form.waitFor({ state: 'detached' });
  const content = (await ask('/social/contents?limit=200')).items.find((one) => one.text === text);
  assert.equal(content.media[0].mime, 'image/jpeg');
  assert.equal(content.media[0].alt, 'A mango');

  await page.getByRole('button', { name: `Schedule a post: ${text}` }).click();
  const account = form.getByLabel('Account', { exact: true });
  await account.selectOption((await accountOf('instagram')).id);
  await form.getByRole('figure', { name: 'Instagram' }).waitFor();
  await form.getByRole('button', { name: 'Schedule a post' }).click();
  await form.waitFor({ state: 'detached' });
  const scheduled = async () =>
    (await ask('/social/schedules?limit=200')).items.find((one) => one.content_id === content.id);
  const before = (await scheduled()).local_time;
  const days = (from, to) => Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000);

  await page.getByRole('button', { name: 'Calendar' }).click();
  await page.getByRole('button', { name: 'Month', exact: true }).click();
  const post = page.getByRole('listitem').filter({ hasText: text }).last();
  await post.getByRole('button', { name: /^Move the post/ }).focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowLeft');
  await page.getByRole('status').filter({ hasText: 'Enter puts it there' }).waitFor({ state: 'attached' });
  await page.keyboard.press('Enter');
  await page.getByText('The post is moved.').waitFor();
  const after = (await scheduled()).local_time;
  assert.equal(days(before, after), 1);
  assert.equal(after.slice(10), before.slice(10));

  const day = new Date(Date.parse(`${after}Z`) + 86_400_000).toISOString().slice(0, 10);
  const target = page.locator(`[data-day="${day}"]`);
  await post.dragTo(target);
  await target.getByText(text.slice(0, 20)).waitFor();
  await until(({ local_time }) => local_time.startsWith(day), `/social/schedules/${(await scheduled()).id}`);

  // Its time comes.
  await page.goto(page.url());
  const { id } = await scheduled();
  await ask(`/social/schedules`, 'POST', {
    content_id: content.id,
    account_id: (await accountOf('facebook')).id,
    ...(await soon(15)),
  });
  const here = async () =>
    (await (await fetch(`${await simulators()}/_posts`)).json()).find((one) => one.text === text);
  await until(
    ({ items }) => items.some((one) => one.text === text && one.status === 'published'),
    '/social/publications?limit=50',
  );
  const seen = await here();
  const picture = await fetch(seen.images[0]);
  assert.equal(picture.headers.get('content-type'), 'image/jpeg');
  assert.ok(id);
  assert.deepEqual(page.faults, []);
});

test('a text that is too long for a network is told there, before anything is scheduled', async () => {
  const page = await logIn('/social?tab=contents');
  const mark = unique();
  const form = await writeContent(page, `${mark} ${'a'.repeat(2_300)}`);
  const instagram = form.getByRole('figure', { name: 'Instagram' });
  const facebook = form.getByRole('figure', { name: 'Facebook' });
  await instagram.getByText(/Instagram takes 2,200 characters at most: \d+ too many/).waitFor();
  await instagram.getByText('Instagram takes no post without an image or a video.').waitFor();
  assert.equal(await facebook.getByRole('alert').count(), 0);
  // Each network cuts the text at its own place.
  await instagram.getByText('… more').waitFor();
  const letters = async (figure) => (await figure.getByRole('paragraph').textContent()).length;
  assert.ok((await letters(instagram)) < (await letters(facebook)));
  await form.getByRole('button', { name: 'Save' }).click();
  await form.waitFor({ state: 'detached' });
  await page.getByRole('button', { name: new RegExp(`^Schedule a post: ${mark}`) }).click();
  await form.getByLabel('Account', { exact: true }).selectOption((await accountOf('instagram')).id);
  await form.getByRole('button', { name: 'Schedule a post' }).click();
  await form.getByLabel('Content', { exact: true }).and(page.locator('[aria-invalid=true]')).waitFor();
  const { items } = await ask('/social/contents?limit=200');
  const content = items.find((one) => one.text.startsWith(mark));
  const { items: all } = await ask('/social/schedules?limit=200');
  assert.ok(!all.some((one) => one.content_id === content.id));
  assert.deepEqual(page.faults, []);
});

test('a post that failed says why, and is tried again', async () => {
  const text = `Refused ${unique()}`;
  const content = await ask('/social/contents', 'POST', { text });
  const refuse = { service: 'graph', match: '/feed', method: 'POST', code: 100, times: 1 };
  await fetch(`${await simulators()}/_faults`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(refuse),
  });
  const facebook = await accountOf('facebook');
  await ask('/social/schedules', 'POST', { content_id: content.id, account_id: facebook.id, ...(await soon(15)) });
  await until(
    ({ items }) => items.some((one) => one.text === text && one.status === 'failed'),
    '/social/publications?limit=50',
  );
  const page = await logIn('/social?tab=publications');
  await page.getByRole('row').filter({ hasText: text }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('alert').filter({ hasText: 'Meta refused (100)' }).waitFor();
  await dialog.getByRole('list', { name: 'Steps' }).getByText('Failed', { exact: true }).waitFor();
  await dialog.getByRole('button', { name: 'Try again' }).click();
  await dialog
    .getByRole('list', { name: 'Steps' })
    .getByText('Published', { exact: true })
    .waitFor({ timeout: 60_000 });
  await dialog.getByRole('alert').waitFor({ state: 'detached' });
  assert.deepEqual(page.faults, []);
});
