// axe-core in a page: the rules of accessibility that a program can check.

import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';

const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const ALL = { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] };
/** The rules that a theme can break: the rest of a page is the same in each. */
const OF_COLOURS = { type: 'rule', values: ['color-contrast', 'link-in-text-block'] };

/** The head and the menu are the same around every page, so the first one of a browser's page shows their faults. */
const FRAME = [['header.fixed'], ['aside.fixed']];
const framed = new WeakSet();

async function seenBefore(page) {
  if (framed.has(page)) return FRAME;
  if (await page.locator('aside.fixed').count()) framed.add(page);
  return [];
}

async function run(page, runOnly, exclude) {
  // A colour on its way is none of the theme.
  await page.waitForFunction(
    () =>
      !document.querySelector('.animate-pulse') && document.getAnimations().every((one) => one.playState !== 'running'),
  );
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axe);
  const { violations } = await page.evaluate(
    ({ runOnly, exclude }) => {
      const dialogs = document.querySelectorAll('[role=dialog], [role=alertdialog]');
      return window.axe.run(dialogs.length ? { include: [...dialogs] } : { exclude }, {
        runOnly,
        resultTypes: ['violations'],
      });
    },
    { runOnly, exclude },
  );
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id}: ${help}: ${target.join(' ')}: ${failureSummary}`),
  );
}

/** What is wrong with the page, or with its dialog, a line for each element. */
export async function faultsOf(page) {
  return run(page, ALL, await seenBefore(page));
}

/** In light, in the dark and with high contrast. The page stays as it is, so no page is loaded again for a theme. */
export async function faultsInThemes(page) {
  const exclude = await seenBefore(page);
  const faults = await run(page, ALL, exclude);
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.locator('html.dark').waitFor();
  for (const fault of await run(page, OF_COLOURS, exclude)) faults.push(`dark: ${fault}`);
  await page.emulateMedia({ colorScheme: 'light' });
  await page.locator('html:not(.dark)').waitFor();
  const setContrast = (on) =>
    page.evaluate((value) => document.documentElement.classList.toggle('contrast', value), on);
  await setContrast(true);
  for (const fault of await run(page, OF_COLOURS, exclude)) faults.push(`contrast: ${fault}`);
  await setContrast(false);
  return faults;
}
