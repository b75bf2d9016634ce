// A user makes a workspace, leaves one, hands one over, and reads why one is shut, in Chromium against a running demo: see
// contacts.test.mjs.

import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { app, call, close, closePages, logIn, menu, newPage, open, unique, writePassword } from './browser.mjs';
import { totp, tokenIn, letterTo, user } from './people.mjs';

before(open);
after(close);
afterEach(closePages);

const profile = (name) => ({ name, country: 'KE', time_zone: 'Africa/Nairobi', currency: 'KES' });

async function enter(page, email, path = '/login') {
  await page.goto(`${app}${path}`);
  await writePassword(page, email);
}

/** A user with a workspace of their own. */
async function owner(label) {
  const email = `${label}-${unique()}@zuri.example`;
  const name = `Kiosk ${label} ${unique()}`;
  await user(email, `Owner ${label}`);
  const { id } = await call('/workspaces', profile(name), { as: email });
  return { email, name, id };
}

async function joins(boss, role, email) {
  await user(email, `Guest ${role}`);
  await call('/invitations', { email, role, language: 'en' }, { as: boss });
  const token = tokenIn(await letterTo(email, 'You are invited to work'));
  await call('/invitations/accept', { token }, { as: email });
}

const card = (page, title) => page.locator('[data-slot=card]').filter({ hasText: title }).last();

test('a user makes another workspace from the selector, and works in it', async () => {
  const { email, name } = await owner('maker');
  const other = `Second ${unique()}`;
  const page = await logIn('/dashboard', { email });
  await page.getByRole('button', { name: `Change the workspace ${name}` }).click();
  await page.getByRole('menuitem', { name: 'New workspace' }).click();
  await page.getByRole('heading', { level: 1, name: 'New workspace' }).waitFor();
  await page.getByRole('button', { name: 'Make the workspace' }).click();
  await page.getByText('Fill this in.').waitFor();
  await page.getByLabel('Name of the business').fill(other);
  await page.getByLabel('Country').fill('XX');
  await page.getByRole('button', { name: 'Make the workspace' }).click();
  await page.getByLabel('Country').locator('..').getByRole('alert').waitFor();
  await page.getByLabel('Country').fill('ug');
  await page.getByLabel('Currency').selectOption('UGX');
  await page.getByRole('button', { name: 'Make the workspace' }).click();
  await page.getByRole('button', { name: `Change the workspace ${other}` }).waitFor();
  const mine = await call('/workspaces', undefined, { as: email });
  assert.deepEqual(
    mine.map((one) => [one.name, one.role]),
    [
      [name, 'owner'],
      [other, 'owner'],
    ],
  );
  assert.deepEqual(page.faults, []);
});

test('the last owner hands the workspace over with a fresh code, and then leaves it', async () => {
  const { email, name } = await owner('leaver');
  const heir = `heir-${unique()}@zuri.example`;
  await joins(email, 'agent', heir);
  const page = await newPage();
  await enter(page, email, '/profile');
  await page.getByRole('button', { name: 'Turn on' }).click();
  const secret = await page.getByRole('status', { name: 'Or type this into it' }).textContent();
  await page.getByRole('dialog').getByLabel('Code').fill(totp(secret));
  await page.getByRole('button', { name: 'Confirm' }).click();
  await page.getByRole('button', { name: 'I have kept them' }).click();

  await page.goto(`${app}/settings`);
  await card(page, 'Leave the workspace').getByRole('button', { name: 'Leave the workspace' }).click();
  const sure = page.getByRole('alertdialog');
  await sure.getByRole('button', { name: 'Leave the workspace' }).click();
  await page.getByText('A workspace needs an owner.').waitFor();
  await sure.getByRole('button', { name: 'Cancel' }).click();

  await page.getByRole('button', { name: 'Hand the workspace over' }).click();
  const hand = sure.getByRole('button', { name: 'Hand the workspace over' });
  assert.ok(await hand.isDisabled());
  await sure.getByLabel('New owner').selectOption({ label: `Guest agent · ${heir}` });
  await hand.click();
  await page.getByText('The workspace is handed over.').waitFor();
  await page.getByRole('button', { name: 'Hand the workspace over' }).waitFor({ state: 'detached' });
  assert.equal((await call('/workspaces', undefined, { as: heir }))[0].role, 'owner');

  await page.getByRole('button', { name: 'Leave the workspace' }).click();
  await sure.getByRole('button', { name: 'Leave the workspace' }).click();
  await page.getByText(`You have left ${name}.`).waitFor();
  await page.getByText('You are in no workspace yet.').waitFor();
  assert.deepEqual(page.faults, []);
});

test('a suspended member and a member of a deleted workspace read why they do not get in', async () => {
  const { email: boss, name } = await owner('boss');
  const guest = `shut-${unique()}@zuri.example`;
  await joins(boss, 'agent', guest);
  const { items } = await call('/members?limit=50', undefined, { as: boss });
  const { id } = items.find((one) => one.email === guest);
  await call(`/members/${id}/suspend`, undefined, { as: boss, method: 'POST' });

  const page = await newPage();
  await enter(page, guest);
  const shut = page.getByRole('region', { name: 'Not open to you' });
  await shut.getByText(name).waitFor();
  await shut.getByText('Suspended', { exact: true }).waitFor();
  await shut.getByText('An admin of this workspace has suspended you.').waitFor();
  assert.equal(await page.getByText('You are in no workspace yet.').count(), 0);
  assert.equal(await page.getByRole('button', { name }).count(), 0);

  await call(`/members/${id}/reinstate`, undefined, { as: boss, method: 'POST' });
  const owning = await logIn('/settings', { email: boss });
  await owning.getByRole('button', { name: 'Delete the workspace' }).click();
  await owning.getByRole('alertdialog').getByLabel('Write the name of the workspace').fill(name);
  await owning.getByRole('alertdialog').getByRole('button', { name: 'Delete the workspace' }).click();
  await owning.getByRole('region', { name: 'Deleted workspaces' }).getByText(name).waitFor();
  assert.equal(await owning.getByRole('region', { name: 'Not open to you' }).count(), 0);
  await page.reload();
  await shut.getByText('An owner has deleted this workspace.').waitFor();
  assert.deepEqual([...page.faults, ...owning.faults], []);
});
