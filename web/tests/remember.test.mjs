// The choice to be remembered at the log-in, in Chromium against a running demo: see contacts.test.mjs.

import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import {
  app,
  call,
  close,
  closePages,
  menu,
  newPage,
  open,
  owner,
  password,
  unique,
  writePassword,
} from './browser.mjs';
import { codeIn, letterTo, linkIn, totp, user } from './people.mjs';

before(open);
after(close);
afterEach(closePages);

const DAY_S = 86_400;

/** Days that the browser keeps the session's cookie. `null`: until it closes. */
async function daysOf(page) {
  const cookies = await page.context().cookies(`${app.replace('/app', '')}/api/v1/auth/refresh`);
  const { expires } = cookies.find((one) => one.name === 'kazi_session');
  return expires === -1 ? null : Math.round((expires - Date.now() / 1000) / DAY_S);
}

const tick = (page) => page.getByLabel('Remember me').check();

async function entrance() {
  const page = await newPage();
  await page.goto(`${app}/login`);
  return page;
}

test('a device is remembered for 30 days only if its user says so, and the profile shows which is', async () => {
  const email = `remembered-${unique()}@zuri.example`;
  await user(email, 'Rita');
  await call('/workspaces', { name: `Of ${email}` }, { as: email });
  const short = await entrance();
  assert.equal(await short.getByLabel('Remember me').isChecked(), false);
  await writePassword(short, email);
  await menu(short).waitFor();
  assert.equal(await daysOf(short), null);
  // A renewal leaves it so.
  await short.reload();
  await menu(short).waitFor();
  assert.equal(await daysOf(short), null);

  const long = await entrance();
  await tick(long);
  await writePassword(long, email);
  await menu(long).waitFor();
  assert.equal(await daysOf(long), 30);
  await long.reload();
  await menu(long).waitFor();
  assert.equal(await daysOf(long), 30);

  await long.goto(`${app}/profile`);
  const session = (text) => long.getByRole('listitem').filter({ hasText: text });
  await session('Remembered: ends 30 days after its last use').getByText('This one').waitFor();
  const other = session(/Ends .* at the latest/).first();
  assert.equal(await other.getByText('This one').count(), 0);
  assert.deepEqual([...short.faults, ...long.faults], []);
});

test('the choice is kept through the second factor', async () => {
  const email = `factor-${unique()}@zuri.example`;
  await user(email, 'Fina');
  await call('/workspaces', { name: `Of ${email}` }, { as: email });
  const { access_token } = await call('/auth/login', { email, password });
  const post = (path, body) =>
    fetch(`${app.replace('/app', '')}/api/v1/auth/${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${access_token}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    }).then((answer) => answer.json());
  const { secret } = await post('totp');
  const { codes } = await post('totp/confirm', { code: totp(secret) });
  for (const [isTicked, days] of [
    [true, 30],
    [false, null],
  ]) {
    const page = await entrance();
    if (isTicked) await tick(page);
    await writePassword(page, email);
    await page.getByLabel('Code').fill(codes.pop());
    await page.getByRole('button', { name: 'Log in' }).click();
    await menu(page).waitFor();
    assert.equal(await daysOf(page), days);
    assert.deepEqual(page.faults, []);
  }
});

test('who is invited is remembered by the registration too', async () => {
  const email = `invited-${unique()}@zuri.example`;
  await call('/invitations', { email, role: 'viewer', language: 'en' }, { as: owner });
  const page = await newPage();
  await page.goto(linkIn(await letterTo(email, 'You are invited to work')));
  await page.getByRole('button', { name: 'Register' }).click();
  await page.getByLabel('E-mail address').fill(email);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Register' }).click();
  await page.getByRole('heading', { name: 'Your e-mail address' }).waitFor();
  await page.getByLabel('Code').fill(codeIn(await letterTo(email, 'Enter it where you registered')));
  await tick(page);
  await page.getByRole('button', { name: 'Log in' }).click();
  await page.getByRole('button', { name: 'Look it up' }).click();
  await page.getByRole('button', { name: 'Accept' }).click();
  await menu(page).waitFor();
  assert.equal(await daysOf(page), 30);
  assert.deepEqual(page.faults, []);
});
