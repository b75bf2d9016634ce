// The rules of accessibility that a program can check (axe-core), on every page, in Chromium against a running demo: see
// contacts.test.mjs.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { after, before, test } from 'node:test';
import { app, ask, close, logIn, open } from './browser.mjs';

before(open);
after(close);

const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const ALL = { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] };
/** The rules that a theme can break: the rest of a page is the same in each. */
const OF_COLOURS = { type: 'rule', values: ['color-contrast', 'link-in-text-block'] };

/** Every address that the app has, so that a new page is looked at from its first day on. */
const ROUTES = [
  ...(await readFile(new URL('../src/router.tsx', import.meta.url), 'utf8')).matchAll(/\bpath: '([^']+)'/g),
].map(([, path]) => path);
/** Those before the choice of a workspace have tests of their own, and the first one leads to the dashboard. */
const ELSEWHERE = ['/', '/login', '/workspaces'];
const PAGES = ROUTES.filter((path) => !path.includes('$') && !ELSEWHERE.includes(path));
/** Lists whose rows have pages of their own. */
const LISTS = ROUTES.filter((path) => path.endsWith('/$id'))
  .map((path) => path.slice(0, -'/$id'.length))
  .filter((list) => PAGES.includes(list));
/** Pages that no row of such a list leads to: what of the API they show. */
const OTHERS = {
  '/automations/$id/edit': '/messaging/automations',
  '/orders/carts/$id': '/carts',
  '/loyalty/accounts/$id': '/contacts',
};

test('every route has a way to its page', () => {
  assert.ok(ROUTES.length > 50);
  const known = [...ELSEWHERE, ...PAGES, ...LISTS.map((list) => `${list}/$id`), ...Object.keys(OTHERS)];
  assert.deepEqual(ROUTES.toSorted(), known.toSorted());
});

/** What is wrong with the page, a line for each element. */
async function faultsOf(page, runOnly = ALL) {
  // A colour on its way is none of the theme.
  await page.waitForFunction(
    () =>
      !document.querySelector('.animate-pulse') && document.getAnimations().every((one) => one.playState !== 'running'),
  );
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axe);
  const { violations } = await page.evaluate((rules) => window.axe.run(document, { runOnly: rules }), runOnly);
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id}: ${help}: ${target.join(' ')}: ${failureSummary}`),
  );
}

const setContrast = (page, on) =>
  page.evaluate((value) => document.documentElement.classList.toggle('contrast', value), on);

/** In light, in the dark and with high contrast. */
async function faultsInThemes(page) {
  const faults = await faultsOf(page);
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.locator('html.dark').waitFor();
  for (const fault of await faultsOf(page, OF_COLOURS)) faults.push(`dark: ${fault}`);
  await page.emulateMedia({ colorScheme: 'light' });
  await page.locator('html:not(.dark)').waitFor();
  await setContrast(page, true);
  for (const fault of await faultsOf(page, OF_COLOURS)) faults.push(`contrast: ${fault}`);
  await setContrast(page, false);
  return faults;
}

const LOOKS = {
  'in every theme': { begin: () => logIn('/dashboard'), find: faultsInThemes },
  'from right to left on a phone': {
    begin: async () => {
      const page = await logIn('/dashboard');
      await page.evaluate(() => localStorage.setItem('kazi.language', 'ar'));
      await page.setViewportSize({ width: 390, height: 800 });
      return page;
    },
    find: faultsOf,
  },
};

for (const [name, { begin, find }] of Object.entries(LOOKS))
  test(`every page keeps the rules of accessibility: ${name}`, async () => {
    const page = await begin();
    const faults = [];
    const check = async (place) => {
      for (const fault of await find(page)) faults.push(`${place}: ${fault}`);
    };
    for (const address of PAGES) {
      await page.goto(app + address);
      await page.getByRole('heading', { level: 1 }).waitFor();
      await check(address);
      const tabs = page.locator('main nav:has([aria-current=page])').getByRole('button');
      for (const tab of (await tabs.allTextContents()).slice(1)) {
        await tabs.getByText(tab, { exact: true }).click();
        await check(`${address} ${tab}`);
      }
      const adds = page.getByRole('main').getByRole('button', { name: /^(Add|Create|Invite|New)\b/ });
      if (await adds.count()) {
        await adds.first().click();
        await page.getByRole('dialog').waitFor();
        await check(`${address} dialog`);
      }
    }
    assert.deepEqual(faults, []);
    assert.deepEqual(page.faults, []);
  });

test('the pages of single things keep the rules of accessibility', async () => {
  const page = await logIn('/contacts');
  const main = page.getByRole('main');
  const faults = [];
  // The demo makes no automation.
  if (!(await ask('/messaging/automations')).items.length)
    await ask('/messaging/automations', 'POST', {
      name: 'Thank you',
      trigger: { kind: 'order_delivered' },
      steps: [{ key: 'tag', action: { kind: 'add_tag', tag: 'buyer' } }],
    });
  // The demo may have no rows yet.
  for (const list of LISTS) {
    await page.goto(app + list);
    const first = main.locator('[data-index="0"]');
    await first.or(main.locator('svg.lucide-inbox')).first().waitFor();
    if (!(await first.count())) continue;
    await first.press('Enter');
    await page.waitForURL((now) => !now.pathname.endsWith(list));
    await main.getByRole('heading', { level: 1 }).waitFor();
    for (const fault of await faultsOf(page)) faults.push(`${list}: ${fault}`);
  }
  for (const [path, of] of Object.entries(OTHERS)) {
    const [one] = (await ask(of)).items;
    if (!one) continue;
    await page.goto(app + path.replace('$id', one.id));
    await main.getByRole('heading', { level: 1 }).waitFor();
    for (const fault of await faultsOf(page)) faults.push(`${path}: ${fault}`);
  }
  await page.goto(`${app}/contacts`);
  await main.getByRole('button', { name: 'Conditions' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Add a group' }).click();
  await dialog.getByLabel('Column').last().selectOption('tags');
  await dialog.getByRole('button', { name: 'Apply' }).click();
  await dialog.getByRole('alert').first().waitFor();
  for (const fault of await faultsOf(page)) faults.push(`conditions: ${fault}`);
  await page.keyboard.press('Escape');
  await page.goto(`${app}/products`);
  await main
    .getByRole('button', { name: /^Change Price: / })
    .first()
    .click();
  await main.getByRole('spinbutton', { name: /^Price: / }).fill('-1');
  await page.keyboard.press('Enter');
  await main.getByRole('alert').waitFor();
  for (const fault of await faultsOf(page)) faults.push(`a cell: ${fault}`);
  await page.goto(`${app}/automations/new`);
  for (const kind of ['Send a template', 'Wait', 'Condition', 'Add a tag']) {
    await main.getByRole('combobox', { name: 'New step' }).selectOption({ label: kind });
    await main.getByRole('button', { name: 'Add the step' }).click();
  }
  for (const fault of await faultsOf(page)) faults.push(`a new automation: ${fault}`);
  await page.goto(`${app}/templates/new`);
  await main.getByLabel('Text', { exact: true }).fill('Hello {{1}}');
  for (const kind of ['Quick reply', 'Link', 'Call']) await main.getByRole('button', { name: kind }).click();
  await main.getByRole('button', { name: 'Save the draft' }).click();
  await main.getByRole('alert').first().waitFor();
  for (const fault of await faultsOf(page)) faults.push(`a new template: ${fault}`);
  await main.getByRole('radio', { name: 'Authentication' }).check();
  await main.getByRole('radio', { name: 'The code is filled in without a tap' }).check();
  await main.getByText('More settings').click();
  for (const fault of await faultsOf(page)) faults.push(`a template of a code: ${fault}`);
  await main.getByRole('radio', { name: 'Marketing' }).check();
  for (const layout of ['Limited-time offer', 'Carousel']) {
    await main.getByRole('radio', { name: layout }).check();
    for (const fault of await faultsOf(page)) faults.push(`${layout}: ${fault}`);
  }
  await main.getByRole('button', { name: 'Samples' }).click();
  await dialog.getByRole('listitem').first().waitFor();
  for (const fault of await faultsOf(page)) faults.push(`samples: ${fault}`);
  await dialog.getByRole('button', { name: /Welcome/ }).click();
  await main.getByRole('link', { name: 'Templates' }).click();
  await page.getByRole('alertdialog').waitFor();
  for (const fault of await faultsOf(page)) faults.push(`the guard of a template: ${fault}`);
  await page.getByRole('alertdialog').getByRole('button', { name: 'Leave' }).click();
  await page.goto(`${app}/inbox`);
  await page.locator('[data-conversation]').first().click();
  await page.getByRole('log').waitFor();
  for (const fault of await faultsOf(page)) faults.push(`a conversation: ${fault}`);
  const answers = await ask('/ai/calls?purpose=reply&outcome=ok&limit=1');
  await page.goto(`${app}/inbox?open=${answers.items[0].conversation_id}`);
  await page.getByRole('button', { name: 'Why this answer?' }).last().click();
  await dialog.waitFor();
  for (const fault of await faultsOf(page)) faults.push(`why an answer: ${fault}`);
  await page.keyboard.press('Escape');
  await page.goto(`${app}/channels`);
  await main.getByRole('link', { name: 'Open: WhatsApp' }).click();
  await main.getByText('Messaging limit').waitFor();
  for (const fault of await faultsOf(page)) faults.push(`a channel: ${fault}`);
  for (const name of ['Change the speed', 'Replace the token', 'Rename']) {
    await main.getByRole('button', { name }).click();
    await dialog.waitFor();
    for (const fault of await faultsOf(page)) faults.push(`${name}: ${fault}`);
    await page.keyboard.press('Escape');
  }
  await main.getByRole('button', { name: 'Delete', exact: true }).click();
  await page.getByRole('alertdialog').waitFor();
  for (const fault of await faultsOf(page)) faults.push(`a channel's deletion: ${fault}`);
  await page.keyboard.press('Escape');
  const { pathname } = new URL(page.url());
  await page.goto(`${app}${pathname.replace('/app', '')}/connect`);
  await main.getByRole('heading', { name: 'Do both reach each other?' }).waitFor();
  for (const fault of await faultsOf(page)) faults.push(`the end of a connection: ${fault}`);
  await main.getByRole('button', { name: 'Back' }).click();
  await main.getByRole('status', { name: 'Callback URL' }).waitFor();
  for (const fault of await faultsOf(page)) faults.push(`the webhook of a connection: ${fault}`);
  await page.goto(`${app}/channels/new`);
  await main.getByRole('radio').first().waitFor();
  for (const fault of await faultsOf(page)) faults.push(`a new channel: ${fault}`);
  await main.getByRole('button', { name: 'Next' }).click();
  await main.getByLabel('Access token').waitFor();
  for (const fault of await faultsOf(page)) faults.push(`a new channel's token: ${fault}`);
  const { items: campaigns } = await ask('/messaging/campaigns?limit=100');
  const draft = campaigns.find((one) => one.name === 'Market day');
  await page.goto(`${app}/campaigns/${draft.id}/edit`);
  await main.getByRole('button', { name: 'Next' }).click();
  await main.getByRole('button', { name: 'Check' }).click();
  await main.getByRole('table').waitFor();
  for (const fault of await faultsOf(page)) faults.push(`the check of a campaign: ${fault}`);
  await page.goto(`${app}/social?view=month`);
  await main.getByRole('heading', { level: 2 }).waitFor();
  for (const fault of await faultsOf(page)) faults.push(`the month of posts: ${fault}`);
  await page.goto(`${app}/social?tab=contents`);
  await main.getByRole('button', { name: 'Write content' }).click();
  await dialog.getByLabel('Text', { exact: true }).fill('a'.repeat(2_300));
  await dialog.getByRole('figure').first().waitFor();
  for (const fault of await faultsOf(page)) faults.push(`a post: ${fault}`);
  await page.keyboard.press('Escape');
  await page.goto(`${app}/settings`);
  await main.getByRole('button', { name: 'Delete the workspace' }).click();
  await page.getByRole('alertdialog').waitFor();
  for (const fault of await faultsOf(page)) faults.push(`the deletion: ${fault}`);
  assert.deepEqual(faults, []);
});

test("the pages of the platform's staff keep the rules of accessibility", async () => {
  const page = await logIn('/staff', { colorScheme: 'dark' });
  const main = page.getByRole('main');
  const faults = [];
  const check = async (place) => {
    await main.getByRole('heading', { level: 1 }).waitFor();
    for (const fault of await faultsOf(page)) faults.push(`${place}: ${fault}`);
  };
  for (const path of ['', '/users', '/workspaces', '/settings', '/log']) {
    await page.goto(`${app}/staff${path}`);
    await check(path);
    const first = main.locator('[data-index="0"]');
    if (!['/users', '/workspaces'].includes(path)) continue;
    await first.press('Enter');
    await page.waitForURL((now) => !now.pathname.endsWith(path));
    await check(`one of ${path}`);
    if (path !== '/workspaces') continue;
    await page.getByRole('button', { name: 'Suspend' }).click();
    await page.getByRole('dialog').waitFor();
    for (const fault of await faultsOf(page)) faults.push(`a suspension: ${fault}`);
  }
  assert.deepEqual(faults, []);
});

test('the pages before the log-in keep the rules of accessibility', async () => {
  const page = await logIn('/dashboard');
  await page.getByRole('button', { name: 'Your account' }).click();
  await page.getByRole('menuitem', { name: 'Log out' }).click();
  await page.goto(`${app}/login`);
  await page.getByLabel('E-mail address').waitFor();
  assert.deepEqual(await faultsOf(page), []);
  for (const step of ['Register', 'Forgot your password?']) {
    await page.getByRole('button', { name: step }).click();
    await page.getByRole('button', { name: 'Back' }).waitFor();
    assert.deepEqual(await faultsOf(page), [], step);
    await page.getByRole('button', { name: 'Back' }).click();
  }
});

test('the choice of a workspace keeps the rules of accessibility', async () => {
  const page = await logIn('/dashboard');
  await page.goto(`${app}/workspaces`);
  await page.getByRole('button', { name: 'Mama Zuri Market' }).waitFor();
  assert.deepEqual(await faultsOf(page), []);
  await page.getByRole('link', { name: 'New workspace' }).click();
  await page.getByLabel('Name of the business').waitFor();
  assert.deepEqual(await faultsOf(page), []);
});
