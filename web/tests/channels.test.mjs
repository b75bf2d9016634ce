// A channel is connected, changed and deleted, in Chromium against a running demo: see contacts.test.mjs. The demo's
// simulators are the providers.

import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { after, afterEach, before, test } from 'node:test';
import {
  app,
  ask,
  call,
  close,
  closePages,
  demo,
  logIn,
  open,
  owner,
  password,
  phoneNumber,
  unique,
} from './browser.mjs';

before(open);
after(close);
afterEach(closePages);

const config = await (await fetch(`${demo}/demo/config`)).json();

async function asOwner() {
  const { access_token: token } = await call('/auth/login', { email: owner, password });
  return { 'content-type': 'application/json', authorization: `Bearer ${token}` };
}

/** Ids of the provider that no other test uses. */
const digits = () => `9${Date.now()}`;

async function post(url, body, headers) {
  const said = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  assert.ok(said.ok, `${url}: ${said.status}`);
}

/** An account at a simulated provider, which nobody has connected. */
async function account(service, rest) {
  await post(`${config.simulators}/_accounts`, {
    service,
    webhook_url: `${demo}/webhooks/${service}`,
    ...rest,
  });
}

const whatsapp = async () => {
  const id = digits();
  const token = `EAA${unique()}token`;
  const secret = `app${unique()}`;
  await account('whatsapp', {
    phone_number_id: id,
    business_account_id: `8${id}`,
    display_phone: '+254 20 555 0300',
    token,
    app_secret: secret,
  });
  return { id, waba: `8${id}`, token, secret };
};

const heading = (page, name) => page.getByRole('heading', { level: 1, name });
const write = async (page, fields) => {
  for (const [label, value] of Object.entries(fields)) await page.getByLabel(label, { exact: true }).fill(value);
};
const press = (page, name) => page.getByRole('button', { name, exact: true }).click();
const alertOf = (page, label) => page.getByLabel(label, { exact: true }).locator('..').getByRole('alert');

const ID = 'Phone number ID';
const WABA = 'WhatsApp Business Account ID (WABA)';

/** Connects a number in the API, with its first webhook. */
async function connected(name) {
  const { id, waba, token, secret } = await whatsapp();
  const made = await ask('/channels', 'POST', {
    kind: 'whatsapp',
    name,
    external_id: id,
    account_id: waba,
    token,
    app_secret: secret,
  });
  return { ...made, token, secret };
}

test('a number of Meta is connected step by step, from a wrong token to the first webhook', async () => {
  const name = `Desk ${unique()}`;
  const { id, waba, token, secret } = await whatsapp();
  const page = await logIn('/channels');
  await page.getByRole('link', { name: 'Connect a channel' }).click();
  await page.getByLabel('WhatsApp, by Meta').check();
  await press(page, 'Next');
  await page.getByText('WhatsApp › API Setup').waitFor();

  // What the API refuses stands at its field.
  await write(page, { Name: name, [ID]: 'abc', [WABA]: waba, 'Access token': 'wrong', 'App secret': secret });
  await press(page, 'Connect');
  await alertOf(page, ID).getByText('digits').waitFor();
  const { external_id: used } = config.channels.find((one) => one.kind === 'whatsapp');
  await write(page, { [ID]: used });
  await press(page, 'Connect');
  await alertOf(page, ID).getByText('connected already').waitFor();
  // What Meta refuses too.
  await write(page, { [ID]: id });
  await press(page, 'Connect');
  await alertOf(page, 'Access token').getByText('Meta refuses it: ').waitFor();
  await write(page, { 'Access token': token });
  await press(page, 'Connect');

  await page.getByRole('heading', { name: 'What the provider needs' }).waitFor();
  const address = await page.getByRole('status', { name: 'Callback URL' }).textContent();
  const verify = await page.getByRole('status', { name: 'Verify token' }).textContent();
  assert.equal(address, `${demo}/webhooks/whatsapp`);
  await page.getByRole('button', { name: 'Copy: Callback URL' }).waitFor();

  // The person stops here, and goes on another day.
  await page.goto(`${app}/channels`);
  const card = page.locator('[data-slot=card]').filter({ hasText: name });
  await card.getByText('Not finished').waitFor();
  await card.getByRole('link', { name: 'Finish the connection' }).click();
  await page.getByRole('heading', { name: 'What the provider needs' }).waitFor();
  await press(page, 'Next');
  const line = (title) => page.getByRole('listitem').filter({ hasText: title });
  await line('Kazi has spoken with Meta').getByText('OK, ').waitFor();
  await line('Meta has verified the address').getByText('Not yet').waitFor();
  const challenge = new URLSearchParams({
    'hub.mode': 'subscribe',
    'hub.verify_token': verify,
    'hub.challenge': '42',
  });
  assert.equal(await (await fetch(`${address}?${challenge}`)).text(), '42');
  await line('Meta has verified the address').getByText('Not yet').waitFor({ state: 'detached' });
  await line('First webhook').getByText('Not yet. Write a message to').waitFor();
  await post(`${config.simulators}/_phones/${phoneNumber()}/messages`, {
    to: id,
    channel: 'whatsapp',
    text: 'Hello',
    name: 'First',
  });
  await page.getByText('The channel is connected.').waitFor();
  await press(page, 'To the channel');
  await heading(page, name).waitFor();
  assert.equal(await page.getByText('Not finished').count(), 0);
  assert.ok(!(await page.content()).includes(token));
  assert.deepEqual(page.faults, []);
});

test('an instance of Green API is connected, and its phone writes', async () => {
  const name = `Green ${unique()}`;
  const id = digits();
  const token = `green${unique()}`;
  const page = await logIn('/channels/new');
  await page.getByLabel('Green API').check();
  await press(page, 'Next');
  await write(page, { Name: name, 'Instance ID (idInstance)': id, 'Token (apiTokenInstance)': token });
  await press(page, 'Connect');
  // Nobody has made the instance yet.
  await alertOf(page, 'Token (apiTokenInstance)').getByText('Green API refuses it').waitFor();
  await account('greenapi', { instance: id, token, webhook_token: 'not yet' });
  await press(page, 'Connect');
  await page.getByRole('heading', { name: 'What the provider needs' }).waitFor();
  const secret = await page.getByRole('status', { name: 'webhookUrlToken' }).textContent();
  await account('greenapi', { instance: id, token, webhook_token: secret });
  await press(page, 'Next');
  await page.getByText('Not yet. Write a message to').waitFor();
  await post(`${config.simulators}/_phones/${phoneNumber()}/messages`, {
    to: id,
    channel: 'greenapi',
    text: 'Hello',
    name: 'First',
  });
  await page.getByText('The channel is connected.').waitFor();
  assert.deepEqual(page.faults, []);
});

test('a channel is renamed, paced, given a new token, paused and resumed', async () => {
  const before = `Old ${unique()}`;
  const { id, external_id, account_id, secret } = await connected(before);
  const page = await logIn(`/channels/${id}`);
  await heading(page, before).waitFor();
  await press(page, 'Check now');
  await page.getByText('1,000 contacts in 24 hours').waitFor();
  const dialog = page.getByRole('dialog');

  await press(page, 'Rename');
  await dialog.getByLabel('Name').fill(`New ${before}`);
  // Somebody else is faster.
  const there = await fetch(`${demo}/api/v1/channels/${id}`, { headers: await asOwner() });
  await fetch(`${demo}/api/v1/channels/${id}`, {
    method: 'PATCH',
    headers: { ...(await asOwner()), 'if-match': there.headers.get('etag') },
    body: JSON.stringify({ name: `Their ${before}` }),
  });
  await press(page, 'Save');
  await dialog.getByRole('row', { name: `Their ${before}` }).waitFor();
  await press(page, 'Save mine');
  await heading(page, `New ${before}`).waitFor();

  await press(page, 'Change the speed');
  await write(dialog, { 'Messages per second': '2000', 'At once': '4' });
  await press(page, 'Save');
  await alertOf(dialog, 'Messages per second').getByText('1000').waitFor();
  await write(dialog, { 'Messages per second': '12' });
  await press(page, 'Save');
  await page.getByText('12 messages per second').waitFor();

  await press(page, 'Replace the token');
  await write(dialog, { 'Access token': 'nobody has it' });
  await press(page, 'Save');
  await alertOf(dialog, 'Access token').getByText('without spaces').waitFor();
  await write(dialog, { 'Access token': 'EAAnobody' });
  await press(page, 'Save');
  await alertOf(dialog, 'Access token').getByText('the provider refuses it').waitFor();
  const fresh = `EAA${unique()}fresh-1234`;
  await account('whatsapp', {
    phone_number_id: external_id,
    business_account_id: account_id,
    display_phone: '+254 20 555 0300',
    token: fresh,
    app_secret: secret,
  });
  await write(dialog, { 'Access token': fresh });
  await press(page, 'Save');
  await page.getByText('…1234').waitFor();
  assert.ok(!(await page.content()).includes(fresh));

  await press(page, 'Pause');
  await page.getByRole('alertdialog').getByRole('button', { name: 'Pause' }).click();
  await page.getByText('Paused', { exact: true }).waitFor();
  await press(page, 'Resume');
  await page.getByText('Paused', { exact: true }).waitFor({ state: 'detached' });
  assert.deepEqual(page.faults, []);
});

test('a channel is deleted by its name, and what it says of waiting messages stands before', async () => {
  const name = `Gone ${unique()}`;
  const { id } = await connected(name);
  const page = await logIn(`/channels/${id}`);
  await press(page, 'Delete');
  const dialog = page.getByRole('alertdialog');
  await dialog.getByText('Messages that wait to be sent are not sent.').waitFor();
  const sure = dialog.getByRole('button', { name: 'Delete', exact: true });
  assert.ok(await sure.isDisabled());
  await dialog.getByLabel('Write the name of the channel').fill(name);
  await sure.click();
  await heading(page, 'Channels').waitFor();
  await page.getByText('The channel is deleted.').waitFor();
  await page.getByRole('link', { name, exact: true }).waitFor({ state: 'detached' });
  const { items } = await ask('/channels?limit=200');
  assert.ok(!items.some((one) => one.id === id));
  assert.deepEqual(page.faults, []);
});

/** Meta's signature is the app secret's: what another secret signs is no webhook of the channel. */
test('a webhook that another secret signs does not finish a channel', async () => {
  const name = `Signed ${unique()}`;
  const { id, external_id, account_id, secret } = await connected(name);
  const body = JSON.stringify({
    entry: [
      {
        id: account_id,
        changes: [{ field: 'messages', value: { metadata: { phone_number_id: external_id } } }],
      },
    ],
  });
  const send = (key) =>
    fetch(`${demo}/webhooks/whatsapp`, {
      method: 'POST',
      headers: { 'x-hub-signature-256': `sha256=${createHmac('sha256', key).update(body).digest('hex')}` },
      body,
    });
  const page = await logIn(`/channels/${id}`);
  await page.getByText('No webhook of this channel has come yet').waitFor();
  assert.equal((await send('another')).status, 401);
  assert.equal((await ask(`/channels/${id}`)).first_event_at, null);
  assert.equal((await send(secret)).status, 200);
  await page.reload();
  await heading(page, name).waitFor();
  assert.equal(await page.getByText('No webhook of this channel has come yet').count(), 0);
  assert.deepEqual(page.faults, []);
});
