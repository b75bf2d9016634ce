// The rules of accessibility that a program can check (axe-core), on every page of the app in every theme, and from right to
// left on a phone, in Chromium against a running demo: see contacts.test.mjs. What they show after a click: axe-steps.test.mjs.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, describe, test } from 'node:test';
import { faultsInThemes, faultsOf } from './axe.mjs';
import { app, ask, close, newPage, open, owner, password } from './browser.mjs';

before(open);
after(close);

const read = (path) => readFile(new URL(`../src/${path}`, import.meta.url), 'utf8');

/** Every address that the app has, so that a new page is looked at from its first day on. */
const ROUTES = [...(await read('router.tsx')).matchAll(/\bpath: '([^']+)'/g)].map(([, path]) => path);
/** Lists of the API. The first row of each is the thing that the page shows. */
const EXAMPLES = {
  '/automations/$id': '/messaging/automations',
  '/automations/$id/edit': '/messaging/automations',
  '/campaigns/$id': '/messaging/campaigns',
  '/campaigns/$id/edit': '/messaging/campaigns?status=draft',
  '/channels/$id': '/channels',
  '/channels/$id/connect': '/channels',
  '/contacts/$id': '/contacts',
  '/endpoints/$id': '/endpoints',
  '/imports/$id': '/imports',
  '/loyalty/accounts/$id': '/loyalty/accounts',
  '/marketing/$id': '/marketing/campaigns',
  '/orders/$id': '/orders',
  '/orders/carts/$id': '/carts',
  '/payments/$id': '/payments',
  '/prompts/$id': '/prompts',
  '/staff/users/$id': '/admin/users',
  '/staff/workspaces/$id': '/admin/workspaces',
  '/staff/workspaces/$id/credits': '/admin/workspaces',
  '/subscriptions/$id': '/subscriptions',
  '/templates/$id': '/templates',
  '/tickets/$id': '/support/tickets',
};

/** The address of a page, with a thing of the demo in the place of an id. */
async function addressOf(path) {
  if (!path.includes('$')) return path;
  const list = EXAMPLES[path];
  assert.ok(list, `${path}: name the list of the API that has an example for it, in EXAMPLES`);
  const { items } = await ask(`${list}${list.includes('?') ? '&' : '?'}limit=1`);
  assert.ok(items.length, `${path}: the demo has nothing in ${list}`);
  return path.replace('$id', items[0].id ?? items[0].contact_id);
}

/** Goes to a page without a reload of the app, and waits until its heading is there in the place of the one before. */
async function go(page, address) {
  await page.evaluate(
    (to) => {
      for (const heading of document.querySelectorAll('h1')) heading.dataset.before = '';
      history.pushState(null, '', to);
    },
    new URL(app).pathname + address,
  );
  await page.locator('h1:not([data-before])').first().waitFor();
}

/** Every address with its thing. The demo leaves no draft of a campaign. */
async function addresses() {
  if (!(await ask('/messaging/campaigns?status=draft')).items.length) {
    const { items } = await ask('/messaging/campaigns?limit=1');
    const { channel_id, segment_id, content } = await ask(`/messaging/campaigns/${items[0].id}`);
    await ask('/messaging/campaigns', 'POST', { name: 'Not sent yet', channel_id, segment_id, content });
  }
  const all = [];
  for (const path of ROUTES) all.push({ path, address: await addressOf(path) });
  return all;
}

const LOOKS = {
  'in light, in the dark and with high contrast': { language: 'en', options: {}, find: faultsInThemes },
  'from right to left on a phone': {
    language: 'ar',
    options: { viewport: { width: 390, height: 800 } },
    find: faultsOf,
  },
};

// Each look has one page, and both are looked at together: the time is that of axe, not of the network.
describe('every page keeps the rules of accessibility', { concurrency: true }, () => {
  for (const [name, { language, options, find }] of Object.entries(LOOKS))
    test(name, async () => {
      const { login: words } = JSON.parse(await read(`locales/first/${language}.json`));
      const all = await addresses();
      const page = await newPage({ ...options, locale: language, reducedMotion: 'reduce' });
      const main = page.getByRole('main');
      const faults = [];
      const check = async (place) => {
        for (const fault of await find(page)) faults.push(`${place}: ${fault}`);
      };
      // A page that is refused its data shows no more than an error.
      page.on('response', (answer) => {
        if (answer.status() >= 400) faults.push(`${page.url()}: ${answer.status()} ${answer.url()}`);
      });

      await page.goto(`${app}/login`);
      for (const step of ['register', 'forgotten']) {
        await main.getByRole('button', { name: words[step] }).click();
        await page
          .locator('h1')
          .getByText(words[step === 'register' ? 'register' : 'resetTitle'])
          .waitFor();
        await check(`/login ${step}`);
        await main.locator('form button').last().click();
      }
      await page.locator('[name=email]').fill(owner);
      await page.locator('[name=password]').fill(password);
      await check('/login');
      await page.locator('form [type=submit]').click();
      await page.waitForURL(/dashboard/);

      for (const { path, address } of all) {
        if (path === '/login') continue;
        await go(page, address);
        const { pathname } = new URL(page.url());
        assert.equal(pathname, new URL(app).pathname + (address === '/' ? '/dashboard' : address));
        await check(path);
        const tabs = main.locator('nav:has([aria-current=page])').getByRole('button');
        for (const tab of (await tabs.allTextContents()).slice(1)) {
          await tabs.getByText(tab, { exact: true }).click();
          await check(`${path} ${tab}`);
        }
        const adds = main.locator('button.bg-primary:has(> svg.lucide-plus)');
        if (await adds.count()) {
          await adds.first().click();
          await page.getByRole('dialog').waitFor();
          await check(`${path} dialog`);
        }
      }
      assert.deepEqual(faults, []);
      assert.deepEqual(page.faults, []);
    });
});
