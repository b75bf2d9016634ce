// Prompts and knowledge, in Chromium against a running demo: see contacts.test.mjs.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { close, logIn, open, unique } from './browser.mjs';

before(open);
after(close);

const row = (page, name) => page.getByRole('row', { name });

test('a prompt is changed, tried, compared, activated and restored', async () => {
  const page = await logIn('/prompts');
  const name = `Prompt ${unique()}`;
  await page.getByRole('button', { name: 'Add a prompt' }).click();
  const form = page.getByRole('dialog');
  await form.getByLabel('Name', { exact: true }).fill(name);
  await form.getByLabel('Text', { exact: true }).fill('You sell tea.\nBe brief.');
  await form.getByLabel('Models').fill('openai/gpt-4o-mini');
  // A channel of its own, so that the assistant of all channels stays active for the other tests.
  await form.getByLabel('Channel').selectOption('Green API');
  await form.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('heading', { level: 1, name }).waitFor();
  await page.getByText('Not active', { exact: true }).waitFor();

  const revisions = page.getByRole('list', { name: 'Revisions' });
  await page.getByLabel('Text', { exact: true }).fill('You sell tea.\nBe friendly.');
  await page.getByLabel('Temperature').fill('0.75');
  await page.getByLabel('The model may call tools').uncheck();
  await page.getByText('You try what is saved.').waitFor();
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await revisions.getByText('Revision 2').waitFor();
  await page.getByText('You try what is saved.').waitFor({ state: 'detached' });
  assert.equal(await page.getByLabel('Temperature').inputValue(), '0.75');

  const comparison = page.getByRole('figure', { name: 'What changed from revision 1 to 2' });
  await comparison.waitFor();
  assert.deepEqual(await comparison.locator('del').allTextContents(), ['0.30', 'Yes', 'Be brief.']);
  assert.deepEqual(await comparison.locator('ins').allTextContents(), ['0.75', 'No', 'Be friendly.']);

  await page.getByLabel('As the customer').fill('How much is delivery?');
  await page.getByLabel('As the customer').press('Enter');
  const turns = page.getByRole('list', { name: 'The tried conversation' }).getByRole('listitem');
  await turns.filter({ hasText: 'Assistant' }).first().waitFor();
  assert.match(await turns.first().textContent(), /How much is delivery\?/);
  await page.getByText('openai/gpt-4o-mini', { exact: true }).waitFor();
  await page.getByText(/^Passages that the model got: [1-9]/).waitFor();

  await page.getByRole('button', { name: 'Activate', exact: true }).click();
  await page.getByRole('alertdialog').getByText('Channel: Green API.').waitFor();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Activate' }).click();
  await page.getByText('Active', { exact: true }).waitFor();

  await revisions.getByRole('button', { name: 'Restore' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Restore' }).click();
  await revisions.getByText('Revision 3').waitFor();
  await page.waitForFunction(
    (text) => document.querySelector('textarea[name=body]')?.value === text,
    'You sell tea.\nBe brief.',
  );

  await page.getByRole('button', { name: 'Deactivate' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Deactivate' }).click();
  await page.getByRole('button', { name: 'Delete' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click();
  await page.getByRole('heading', { level: 1, name: 'Prompts' }).waitFor();
  await row(page, /Assistant/).waitFor();
  assert.equal(await row(page, name).count(), 0);
  assert.deepEqual(page.faults, []);
});

test('questions come from a file, are replaced by a newer one, and deleted', async () => {
  const page = await logIn('/knowledge');
  const title = `faq-${unique()}`;
  await page.getByRole('button', { name: 'Add a document' }).click();
  const form = page.getByRole('dialog');
  const file = (text) => ({ name: `${title}.csv`, mimeType: 'text/csv', buffer: Buffer.from(text) });
  await form.locator('input[type=file]').setInputFiles({ ...file(''), buffer: Buffer.from([0x63, 0x61, 0x66, 0xe9]) });
  await form.getByText('This file is not UTF-8 text.').waitFor();
  await form.locator('input[type=file]').setInputFiles(file('Do you deliver?,"Yes, in Nairobi."\nDo you wrap?,Yes.\n'));
  await form.getByLabel('Title').waitFor();
  await page.waitForFunction((text) => document.querySelector('input[name=title]')?.value === text, title);
  assert.equal(await form.getByLabel('Format').inputValue(), 'questions');
  await form.getByRole('button', { name: 'Save' }).click();
  await row(page, title).getByRole('cell', { name: '2', exact: true }).waitFor();

  await row(page, title).getByText(title).click();
  await page.getByRole('dialog').getByText('Yes, in Nairobi.').waitFor();
  await page.keyboard.press('Escape');

  await row(page, title).getByRole('button', { name: /^Edit/ }).click();
  await form.locator('input[type=file]').setInputFiles(file('Do you deliver?,Yes.\n'));
  await page.waitForFunction(() => document.querySelector('textarea[name=body]')?.value === 'Do you deliver?,Yes.\n');
  await form.getByRole('button', { name: 'Save' }).click();
  await row(page, title).getByRole('cell', { name: '1', exact: true }).waitFor();

  await row(page, title)
    .getByRole('button', { name: /^Delete/ })
    .click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click();
  await row(page, title).waitFor({ state: 'detached' });
  assert.deepEqual(page.faults, []);
});

/** A PDF with one line of text. */
function pdf(text) {
  const content = `BT /F1 18 Tf 72 720 Td (${text}) Tj ET`;
  const parts = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>',
    `<< /Length ${content.length} >>\nstream\n${content}\nendstream`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>',
  ];
  let file = '%PDF-1.4\n';
  const places = parts.map((part, index) => {
    const at = file.length;
    file += `${index + 1} 0 obj\n${part}\nendobj\n`;
    return `${String(at).padStart(10, '0')} 00000 n \n`;
  });
  const start = file.length;
  file += `xref\n0 ${parts.length + 1}\n0000000000 65535 f \n${places.join('')}`;
  return Buffer.from(`${file}trailer\n<< /Size ${parts.length + 1} /Root 1 0 R >>\nstartxref\n${start}\n%%EOF\n`);
}

test('knowledge comes from a PDF and from a page of the web', async () => {
  const page = await logIn('/knowledge');
  const title = `prices-${unique()}`;
  const form = page.getByRole('dialog');
  await page.getByRole('button', { name: 'Add a document' }).click();
  await form.locator('input[type=file]').setInputFiles({
    name: `${title}.pdf`,
    mimeType: 'application/pdf',
    buffer: pdf('Wrapping costs two shillings.'),
  });
  await form.getByText(`Kazi takes the text out of ${title}.pdf.`).waitFor();
  assert.equal(await form.getByLabel('Title').inputValue(), title);
  await form.getByRole('button', { name: 'Save' }).click();
  await row(page, title).getByText('PDF', { exact: true }).waitFor();
  await row(page, title).getByText(title).click();
  await form.getByText('Wrapping costs two shillings.').waitFor();
  await page.keyboard.press('Escape');

  await page.getByRole('button', { name: 'Add a document' }).click();
  await form.getByRole('button', { name: 'Page of the web' }).click();
  await form.getByLabel('Title').fill(`page-${title}`);
  const address = form.getByLabel('Address of the page');
  await address.fill('http://example.com/');
  await form.getByRole('button', { name: 'Save' }).click();
  await form.getByRole('alert').first().waitFor();
  assert.equal(await address.getAttribute('aria-invalid'), 'true');
  await address.fill(`https://${unique()}.kazi.invalid/`);
  await form.getByRole('button', { name: 'Save' }).click();
  const made = row(page, `page-${title}`);
  await made.getByText('Page of the web', { exact: true }).waitFor();
  await made.getByText(`page-${title}`).click();
  await form.getByRole('link', { name: /kazi\.invalid/ }).waitFor();
  await page.keyboard.press('Escape');
  await made.getByRole('button', { name: /^Read the page again/ }).click();
  await page.getByText('Kazi reads the page.').waitFor();
  assert.deepEqual(page.faults, []);
});

test('passages are found by their words, and shown in their document', async () => {
  const page = await logIn('/knowledge');
  const mark = unique();
  const form = page.getByRole('dialog');
  const add = async (title, format, body) => {
    await page.getByRole('button', { name: 'Add a document' }).click();
    await form.getByLabel('Title').fill(title);
    await form.getByLabel('Format').selectOption(format);
    await form.getByLabel('Text', { exact: true }).last().fill(body);
    await form.getByRole('button', { name: 'Save' }).click();
    await row(page, title).first().waitFor();
  };
  const lines = Array.from({ length: 80 }, (_, at) => `Line ${at} of the beginning.`).join('\n\n');
  await add(`Rules ${mark}`, 'markdown', `# Start\n${lines}\n\n# Café\nThe crème ${mark}\ncosts two.\n`);
  await add(`Asked ${mark}`, 'questions', `What is a ${mark}?,A sign.\nWhere is it?,Here.\n`);
  await page.getByRole('button', { name: 'Passages', exact: true }).click();
  await page.getByRole('searchbox', { name: 'Search words in the passages' }).fill(`creme ${mark}`);
  await page.waitForFunction(() => document.querySelectorAll('main tbody tr').length === 1);
  await row(page, `Rules ${mark} › Café`).getByText('The crème').click();
  const marked = form.locator('mark');
  await marked.waitFor();
  assert.equal(await marked.textContent(), `The crème ${mark}\ncosts two.`);
  await page.waitForFunction(() => {
    const [box, found] = ['[tabindex="0"]:has(mark)', 'mark'].map((one) =>
      document.querySelector(`[role=dialog] ${one}`).getBoundingClientRect(),
    );
    return found.top >= box.top && found.bottom <= box.bottom;
  });
  await page.keyboard.press('Escape');
  await page.getByRole('searchbox', { name: 'Search words in the passages' }).fill(`${mark} sign`);
  await row(page, `What is a ${mark}?`).getByText('A sign.').click();
  await marked.nth(1).waitFor();
  assert.deepEqual(await marked.allTextContents(), [`What is a ${mark}?`, 'A sign.']);
  await page.keyboard.press('Escape');
  await page.getByRole('searchbox', { name: 'Search words in the passages' }).fill(`${mark} hippopotamus`);
  await page.getByText('Nothing found.').waitFor();
  assert.deepEqual(page.faults, []);
});

test('a menu item asks the assistant, and no two open the same part of the chat', async () => {
  const page = await logIn('/menu');
  const name = `Item ${unique()}`;
  await page.getByRole('button', { name: 'Add a menu item' }).click();
  const form = page.getByRole('dialog');
  await form.getByLabel('Short name').fill(name.toLowerCase().replace(' ', '-'));
  await form.getByLabel('Name', { exact: true }).first().fill(name);
  // The demo's menu may be full.
  await form.getByLabel('Customers see it').uncheck();
  await form.getByRole('button', { name: 'Save' }).click();
  await row(page, name).getByText('Asks the assistant').waitFor();
  await row(page, name).getByRole('button', { name: /^Edit/ }).click();
  await form.getByLabel('Place').fill('7');
  await form.getByRole('button', { name: 'Save' }).click();
  await row(page, name).getByRole('cell', { name: '7', exact: true }).waitFor();
  await row(page, name).getByRole('button', { name: /^Edit/ }).click();
  // The demo has an item for the shop.
  await form.getByLabel('What a tap does').selectOption('shop');
  await form.getByLabel('Short name').waitFor({ state: 'detached' });
  await form.getByRole('button', { name: 'Save' }).click();
  await form.getByRole('alert').waitFor();
  await form.getByRole('button', { name: 'Cancel' }).click();
  await page.getByLabel('State', { exact: true }).selectOption('off');
  await row(page, name).getByText('Off', { exact: true }).waitFor();
  await row(page, name)
    .getByRole('button', { name: /^Delete/ })
    .click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click();
  await row(page, name).waitFor({ state: 'detached' });
  assert.deepEqual(page.faults, []);
});

test('the budget of the assistant is set, and its calls are listed', async () => {
  const page = await logIn('/ai-costs');
  const amount = 20 + Math.floor(Math.random() * 900);
  await page.getByRole('button', { name: 'Set the budget' }).click();
  const form = page.getByRole('dialog');
  await form.getByLabel(/^Limit of a month/).fill(String(amount));
  await form.getByLabel('At the limit').selectOption('menu');
  await form.getByRole('button', { name: 'Save' }).click();
  await page.getByText(`$${amount}.00`).waitFor();
  await page.getByLabel('Period').selectOption('90');
  await page.getByText(/^Calls: \d+\. Cost/).waitFor();
  await page.getByRole('main').getByRole('button', { name: 'Calls', exact: true }).click();
  await page.getByLabel('What for', { exact: true }).selectOption('reply');
  await page.waitForURL(/reply/);
  assert.equal(await page.getByText('This did not work.').count(), 0);
  assert.deepEqual(page.faults, []);
});
