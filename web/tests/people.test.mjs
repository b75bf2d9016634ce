// How people come in, and what each role sees, in Chromium against a running demo: see contacts.test.mjs.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { app, call, close, logIn, menu, newPage, open, owner, password, unique, writePassword } from './browser.mjs';
import { codeIn, letterTo, linkIn, member, tokenIn, totp, user } from './people.mjs';

before(open);
after(close);

async function entrance() {
  const page = await newPage();
  await page.goto(`${app}/login`);
  return page;
}

async function logOut(page) {
  await page.getByRole('button', { name: 'Your account' }).click();
  await page.getByRole('menuitem', { name: 'Log out' }).click();
  await page.getByLabel('E-mail address').waitFor();
}

test('somebody is invited, registers, proves the address, and works with the others', async () => {
  const email = `new-${unique()}@zuri.example`;
  const boss = await logIn('/members');
  await boss.getByRole('button', { name: 'Invite a member' }).click();
  const form = boss.getByRole('dialog');
  await form.getByLabel('E-mail').fill(email);
  await form.getByLabel('Role').selectOption('agent');
  await boss.getByRole('button', { name: 'Send the invitation' }).click();

  const page = await entrance();
  await page.getByRole('button', { name: 'Register' }).click();
  await page.getByLabel('Name', { exact: true }).fill('Neema');
  await page.getByLabel('E-mail address').fill(email);
  await page.getByLabel('Password', { exact: true }).fill('short');
  await page.getByRole('button', { name: 'Register' }).click();
  await page.getByRole('alert').getByText('10 characters or more').waitFor();
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Register' }).click();

  await page.getByRole('heading', { name: 'Your e-mail address' }).waitFor();
  await page.getByLabel('Code').fill('000000');
  await page.getByRole('button', { name: 'Log in' }).click();
  await page.getByRole('alert').waitFor();
  const code = codeIn(await letterTo(email, 'Enter it where you registered'));
  await page.getByLabel('Code').fill(code);
  await page.getByRole('button', { name: 'Log in' }).click();

  await page.getByText('You are in no workspace yet.').waitFor();
  await page.getByLabel('Code').fill(tokenIn(await letterTo(email, 'You are invited to work')));
  await page.getByRole('button', { name: 'Look it up' }).click();
  await page.getByText('Mama Zuri Market').waitFor();
  await page.getByText('Agent', { exact: true }).waitFor();
  await page.getByRole('button', { name: 'Accept' }).click();
  await menu(page).waitFor();
  await page.getByRole('button', { name: 'Your account' }).click();
  await page.getByText(email).waitFor();

  await boss.getByRole('button', { name: 'Invitations' }).click();
  await boss.getByRole('row', { name: email }).getByText('Accepted').waitFor();
  assert.deepEqual([...page.faults, ...boss.faults], []);
});

test('the link of an invitation brings its code along, and no server sees it', async () => {
  const email = `linked-${unique()}@zuri.example`;
  await user(email, 'Linda');
  // A business of her own: a log-in without the link opens it.
  await call('/workspaces', { name: 'Linda’s' }, { as: email });
  await call('/invitations', { email, role: 'agent', language: 'en' }, { as: owner });
  const letter = await letterTo(email, 'You are invited to work');
  const code = tokenIn(letter);

  const page = await entrance();
  const asked = [];
  page.on('request', (request) => asked.push(request.url(), request.headers().referer ?? ''));
  await page.goto(linkIn(letter));
  await page.getByText('You are invited. Log in').waitFor();
  await writePassword(page, email);
  const field = page.getByLabel('Code');
  await field.waitFor();
  assert.equal(await field.inputValue(), code);
  assert.ok(asked.length > 0 && !asked.some((url) => url.includes(code)), asked.join('\n'));
  await page.reload();
  assert.equal(await field.inputValue(), code);
  await page.getByRole('button', { name: 'Look it up' }).click();
  await page.getByRole('button', { name: 'Accept' }).click();
  await menu(page).waitFor();
  await page.getByRole('button', { name: 'Change the workspace Mama Zuri Market' }).waitFor();

  const again = `declined-${unique()}@zuri.example`;
  await user(again, 'Dina');
  await call('/invitations', { email: again, role: 'viewer', language: 'en' }, { as: owner });
  const other = await entrance();
  await writePassword(other, again);
  await other.getByText('You are in no workspace yet.').waitFor();
  await other.goto(linkIn(await letterTo(again, 'You are invited to work')));
  await other.getByRole('button', { name: 'Look it up' }).click();
  await other.getByRole('button', { name: 'Decline' }).click();
  await other.getByText('The invitation is declined.').waitFor();
  assert.equal(await other.getByLabel('Code').inputValue(), '');
  assert.deepEqual([...page.faults, ...other.faults], []);
});

test('a forgotten password is replaced by the code of a letter, and all sessions end', async () => {
  const email = `forgets-${unique()}@zuri.example`;
  const fresh = 'lantern river basket';
  await user(email, 'Farida');
  const elsewhere = await entrance();
  await writePassword(elsewhere, email);
  await elsewhere.getByText('You are in no workspace yet.').waitFor();

  const page = await entrance();
  await page.getByRole('button', { name: 'Forgot your password?' }).click();
  await page.getByLabel('E-mail address').fill(email);
  await page.getByRole('button', { name: 'Send the code' }).click();
  await page.getByLabel('Code').fill(codeIn(await letterTo(email, 'With it a new password can be set')));
  await page.getByLabel('New password', { exact: true }).fill(fresh);
  await page.getByRole('button', { name: 'Set the password' }).click();
  await page.getByText('Your password is new.').waitFor();
  await page.getByRole('button', { name: 'Back' }).click();
  await writePassword(page, email, password);
  await page.getByRole('alert').waitFor();
  await writePassword(page, email, fresh);
  await page.getByText('You are in no workspace yet.').waitFor();
  await elsewhere.reload();
  await elsewhere.getByLabel('E-mail address').waitFor();
  assert.deepEqual([...page.faults, ...elsewhere.faults], []);
});

test('who is shut out is told why, once the password is right', async () => {
  const who = (name) => `${name}-${unique()}@zuri.example`;
  const idOf = async (email) => (await call('/me', undefined, { as: email })).id;
  const asOwner = (path, body) => call(path, body, { as: owner, method: 'POST' });

  const suspended = await member('agent', who('suspended'));
  const page = await logIn('/contacts', { email: suspended });
  await asOwner(`/members/${await idOf(suspended)}/suspend`);
  await menu(page).getByRole('link', { name: 'Orders' }).click();
  await page.getByRole('main').getByText('You are suspended in this workspace.').first().waitFor();

  const guest = who('guest');
  await user(guest, 'A guest');
  const id = await idOf(guest);
  const own = await call('/workspaces', { name: `Kiosk ${unique()}` }, { as: guest });
  await asOwner(`/admin/workspaces/${own.id}/suspend`, { reason: 'Not paid.' });
  const other = await entrance();
  await writePassword(other, guest);
  await other
    .getByRole('region', { name: 'Not open to you' })
    .getByText('The operator of this platform has suspended the whole workspace.')
    .waitFor();
  await other.getByRole('link', { name: 'Your profile' }).click();
  await other.getByRole('heading', { level: 1, name: 'Your profile' }).waitFor();
  await other.reload();
  await other.getByRole('heading', { level: 1, name: 'Your profile' }).waitFor();

  await asOwner(`/admin/users/${id}/disable`);
  const third = await entrance();
  await writePassword(third, guest, 'lantern river basket');
  await third.getByRole('alert').getByText('The e-mail address or the password is wrong.').waitFor();
  await writePassword(third, guest);
  await third.getByRole('alert').getByText('This account is shut out.').waitFor();
  assert.deepEqual([...page.faults, ...other.faults, ...third.faults], []);
});

test('a log-in wants the code of the authenticator, or a recovery code once', async () => {
  const email = await member('viewer', `careful-${unique()}@zuri.example`);
  const page = await logIn('/profile', { email });
  await page.getByRole('button', { name: 'Turn on' }).click();
  const form = page.getByRole('dialog');
  const secret = await form.getByRole('status', { name: 'Or type this into it' }).textContent();
  await form.getByLabel('Code').fill(totp(secret));
  await form.getByRole('button', { name: 'Confirm' }).click();
  const codes = (await page.getByRole('status', { name: 'Recovery codes' }).textContent()).trim().split(/\s+/);
  assert.equal(codes.length, 10);
  await page.getByRole('button', { name: 'I have kept them' }).click();
  await page.getByText('On', { exact: true }).waitFor();

  const second = async (code) => {
    await page.getByRole('heading', { name: 'Second step' }).waitFor();
    await page.getByLabel('Code').fill(code);
    await page.getByRole('button', { name: 'Log in' }).click();
  };
  await logOut(page);
  await writePassword(page, email);
  await second('000000');
  await page.getByRole('alert').waitFor();
  // A code is good once, and the one of this half minute has confirmed the authenticator.
  await second(totp(secret, 1));
  await menu(page).waitFor();

  await logOut(page);
  await writePassword(page, email);
  await second(codes[0]);
  await menu(page).waitFor();
  await logOut(page);
  await writePassword(page, email);
  await second(codes[0]);
  await page.getByRole('alert').waitFor();
  await second(codes[1]);
  await menu(page).waitFor();

  await page.goto(`${app}/profile`);
  await page.getByText('8 recovery codes').waitFor();
  await page.getByRole('button', { name: 'Turn off' }).click();
  await form.getByLabel('Code').fill(codes[2]);
  await form.getByRole('button', { name: 'Turn off' }).click();
  await page.getByText('Off', { exact: true }).waitFor();
  assert.deepEqual(page.faults, []);
});

/** What a role has, besides what the role below it has: an entry of the menu, a button on a page, and addresses. */
const ROLES = [
  { role: 'viewer', entries: ['Contacts', 'Payments', 'Members'], buttons: [], addresses: [] },
  { role: 'agent', entries: [], buttons: [['/contacts', 'Add a contact']], addresses: [] },
  {
    role: 'admin',
    entries: ['AI costs', 'API keys', 'Webhooks', 'Exports', 'Audit log'],
    buttons: [
      ['/products', 'Add a product'],
      ['/members', 'Invite a member'],
      ['/prompts', 'Add a prompt'],
    ],
    addresses: ['/api-keys', '/endpoints', '/exports', '/audit', '/ai-costs', '/campaigns/new', '/imports/new'],
  },
  { role: 'owner', entries: [], buttons: [['/settings?tab=stripe', 'Disconnect']], addresses: [] },
];

for (const [rank, { role }] of ROLES.entries())
  test(`each role sees only its own: ${role}`, async () => {
    const email = role === 'owner' ? owner : await member(role);
    const page = await logIn('/dashboard', { email });
    const main = page.getByRole('main');
    for (const [place, { entries, buttons, addresses }] of ROLES.entries()) {
      const has = place <= rank;
      for (const name of entries)
        assert.equal(await menu(page).getByRole('link', { name, exact: true }).count(), has ? 1 : 0, name);
      for (const [path, name] of buttons) {
        await page.goto(`${app}${path}`);
        await main.getByRole('heading', { level: 1 }).waitFor();
        // What the role decides about is there once the user's own name is.
        await page.getByRole('button', { name: 'Your account' }).getByText(/[A-Z]/).waitFor();
        if (has) await main.getByRole('button', { name, exact: true }).waitFor();
        else assert.equal(await main.getByRole('button', { name, exact: true }).count(), 0, name);
      }
      for (const path of addresses) {
        await page.goto(`${app}${path}`);
        const refused = main.getByRole('alert').getByText('Your role does not open this.');
        if (!has) await refused.waitFor();
        else {
          await main.getByRole('heading', { level: 1, name: /^(?!Your role)/ }).waitFor();
          assert.equal(await refused.count(), 0, path);
        }
      }
    }
    assert.deepEqual(page.faults, []);
  });

test('an owner deletes a workspace by its name, and restores it', async () => {
  const email = `boss-${unique()}@zuri.example`;
  await user(email, 'A boss');
  const name = `Duka ${unique()}`;
  await call('/workspaces', { name }, { as: email });
  const page = await logIn('/settings', { email });
  await page.getByRole('button', { name: 'Delete the workspace' }).click();
  const sure = page.getByRole('alertdialog');
  await sure.getByText('For 30 days, an owner can restore').waitFor();
  const go = sure.getByRole('button', { name: 'Delete the workspace' });
  assert.equal(await go.isDisabled(), true);
  await sure.getByLabel('Write the name of the workspace').fill(name.toLowerCase());
  assert.equal(await go.isDisabled(), true);
  await sure.getByLabel('Write the name of the workspace').fill(name);
  await go.click();
  await page.getByRole('heading', { level: 1, name: 'Your workspaces' }).waitFor();
  const gone = page.getByRole('region', { name: 'Deleted workspaces' });
  const [{ deleted_at, restorable_until }] = await call('/workspaces', undefined, { as: email });
  // The page promises the days that the API keeps.
  assert.equal(Date.parse(restorable_until) - Date.parse(deleted_at), 30 * 86_400_000);
  await gone.getByText(String(new Date(restorable_until).getFullYear())).waitFor();
  // A reload does not bring it back.
  await page.reload();
  await gone.getByRole('button', { name: `Restore ${name}` }).click();
  await page.getByText('The workspace is back.').waitFor();
  await page.getByRole('button', { name: new RegExp(name) }).click();
  await menu(page).waitFor();
  // Only an owner has the button.
  const admin = await logIn('/settings', { email: await member('admin') });
  await admin.getByLabel('Time zone').waitFor();
  assert.equal(await admin.getByRole('button', { name: 'Delete the workspace' }).count(), 0);
  assert.deepEqual([...page.faults, ...admin.faults], []);
});
