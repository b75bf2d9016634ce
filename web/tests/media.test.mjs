// Files in conversations and tickets, in Chromium against a running demo: see contacts.test.mjs.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { deflateSync } from 'node:zlib';
import { app, ask, close, logIn, open, phone, unique } from './browser.mjs';

before(open);
after(close);

function chunk(type, data) {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const sum = Buffer.alloc(4);
  const body = Buffer.concat([Buffer.from(type), data]);
  let crc = ~0;
  for (const byte of body) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  sum.writeUInt32BE(~crc >>> 0);
  return Buffer.concat([length, body, sum]);
}

/** A blue picture. */
function png(side = 64) {
  const head = Buffer.alloc(13);
  head.writeUInt32BE(side, 0);
  head.writeUInt32BE(side, 4);
  head.set([8, 2], 8);
  const row = Buffer.concat([Buffer.from([0]), Buffer.alloc(side * 3, Buffer.from([30, 90, 200]))]);
  const rows = Buffer.concat(Array.from({ length: side }, () => row));
  const begin = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([begin, chunk('IHDR', head), chunk('IDAT', deflateSync(rows)), chunk('IEND', Buffer.alloc(0))]);
}

/** Two seconds of silence: frames of MPEG 1, layer III, 128 kbit/s, 44.1 kHz. */
function mp3() {
  const frame = Buffer.alloc(417);
  frame.set([0xff, 0xfb, 0x90, 0x64]);
  return Buffer.concat(Array.from({ length: 77 }, () => frame));
}

/** Half a second of a film, which the browser itself records. */
async function film(page) {
  const bytes = await page.evaluate(async () => {
    const canvas = Object.assign(document.createElement('canvas'), { width: 160, height: 120 });
    const paint = canvas.getContext('2d');
    const recorder = new MediaRecorder(canvas.captureStream(20), { mimeType: 'video/mp4' });
    const parts = [];
    recorder.ondataavailable = ({ data }) => parts.push(data);
    const done = new Promise((resolve) => (recorder.onstop = resolve));
    recorder.start();
    for (let step = 0; step < 12; step += 1) {
      paint.fillStyle = `hsl(${step * 30} 80% 50%)`;
      paint.fillRect(0, 0, 160, 120);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    recorder.stop();
    await done;
    return [...new Uint8Array(await new Blob(parts).arrayBuffer())];
  });
  return Buffer.from(bytes);
}

/** A transfer as a person makes one by a drop or by a paste. */
const transfer = (page, name, mimeType, bytes) =>
  page.evaluateHandle(
    ({ name, mimeType, bytes }) => {
      const transfer = new DataTransfer();
      transfer.items.add(new File([new Uint8Array(bytes)], name, { type: mimeType }));
      return transfer;
    },
    { name, mimeType, bytes: [...bytes] },
  );

async function talk() {
  const customer = await phone();
  const page = await logIn('/inbox');
  await customer.write('Hello');
  await page.getByRole('region', { name: 'Conversations' }).getByRole('link', { name: customer.name }).click();
  const chat = page.getByRole('log');
  await chat.getByText('Hello', { exact: true }).waitFor();
  return { page, chat };
}

test('a member sends a picture with a text, a document, a recording and a video, and plays them', async () => {
  const { page, chat } = await talk();
  const mark = unique();
  const files = page.getByRole('list', { name: 'Files of the answer' });
  const answer = page.getByRole('textbox', { name: 'Answer' });

  // The limits are said before a file is chosen.
  await page.getByRole('button', { name: 'File', exact: true }).click();
  await page.getByText('JPEG or PNG, up to 5 MB').waitFor();
  const [chooser] = await Promise.all([
    page.waitForEvent('filechooser'),
    page.getByRole('menuitem', { name: /^Document/ }).click(),
  ]);
  const text = Buffer.from('The prices of today.\n');
  await chooser.setFiles([
    { name: `big-${mark}.png`, mimeType: 'image/png', buffer: Buffer.alloc(5_000_001) },
    { name: `prices-${mark}.txt`, mimeType: 'text/plain', buffer: text },
  ]);
  await page.getByText(`big-${mark}.png is too large: a file of its type has at most 5 MB.`).waitFor();
  assert.equal(await files.getByRole('listitem').count(), 1);

  const drop = await transfer(page, `picture-${mark}.png`, 'image/png', png());
  await chat.dispatchEvent('dragover', { dataTransfer: drop });
  await page.getByText('Drop the files here.').waitFor();
  await chat.dispatchEvent('drop', { dataTransfer: drop });
  await files.getByText(`picture-${mark}.png`).waitFor();
  const sound = await transfer(page, `sound-${mark}.mp3`, 'audio/mpeg', mp3());
  await answer.evaluate(
    (box, clipboardData) =>
      box.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true })),
    sound,
  );
  await files.getByText(`sound-${mark}.mp3`).waitFor();
  await page.locator('input[type=file]').setInputFiles([
    { name: `film-${mark}.mp4`, mimeType: 'video/mp4', buffer: await film(page) },
    { name: 'wrong.txt', mimeType: 'text/plain', buffer: Buffer.from('away') },
  ]);
  await page.getByRole('button', { name: 'Take wrong.txt away' }).click();
  assert.equal(await files.getByRole('listitem').count(), 4);

  await answer.fill(`As you wished ${mark}`);
  await page.getByText('The text stands under the first file that can have one.').waitFor();
  await answer.press('Enter');
  const document = chat.getByRole('link', { name: `Download prices-${mark}.txt` });
  await document.waitFor();
  await chat.getByText(`As you wished ${mark}`).waitFor();
  await chat.getByRole('img', { name: `picture-${mark}.png` }).waitFor();
  for (const kind of ['audio', 'video']) {
    const player = chat.locator(`${kind}[controls]`);
    await player.waitFor();
    const played = await player.evaluate(async (one) => {
      one.muted = true;
      await one.play();
      await new Promise((resolve) => one.addEventListener('timeupdate', () => one.currentTime > 0 && resolve()));
      one.pause();
      return one.duration;
    });
    assert.ok(played > 0, kind);
  }
  assert.equal(await chat.getByText('[audio]').count(), 0);
  await files.waitFor({ state: 'detached' });
  assert.equal(await answer.inputValue(), '');
  const saved = page.waitForEvent('download');
  await document.click();
  assert.equal((await saved).suggestedFilename(), `prices-${mark}.txt`);
  assert.deepEqual(page.faults, []);
});

test('a file that the API refuses stays in the box, with the reason', async () => {
  const { page, chat } = await talk();
  const files = page.getByRole('list', { name: 'Files of the answer' });
  await page
    .locator('input[type=file]')
    .setInputFiles({ name: 'no.png', mimeType: 'image/png', buffer: Buffer.from('MZ no picture at all') });
  const answer = page.getByRole('textbox', { name: 'Answer' });
  await answer.fill('Look');
  await answer.press('Enter');
  await page.getByRole('alert').filter({ hasText: '/file' }).waitFor();
  assert.equal(await files.getByRole('listitem').count(), 1);
  assert.equal(await answer.inputValue(), 'Look');
  assert.equal(await chat.getByText('Look', { exact: true }).count(), 0);

  // A file can be stopped on its way.
  await page.getByRole('button', { name: 'Take no.png away' }).click();
  await page.route('**/api/v1/media', () => {});
  await page.locator('input[type=file]').setInputFiles({ name: 'slow.png', mimeType: 'image/png', buffer: png() });
  await page.getByRole('button', { name: 'Send', exact: true }).click();
  await page.getByRole('progressbar', { name: 'slow.png is being sent' }).waitFor();
  await page.getByRole('button', { name: 'Stop sending slow.png' }).click();
  await page.getByRole('button', { name: 'Take slow.png away' }).waitFor();
  assert.deepEqual(page.faults, []);
});

test('an answer to a ticket has files', async () => {
  const { page } = await talk();
  const { contact_id } = await ask(`/conversations/${new URL(page.url()).searchParams.get('open')}`);
  const ticket = await ask('/support/tickets', 'POST', {
    contact_id,
    subject: `Broken ${unique()}`,
    message: 'It does not go on.',
  });
  await page.goto(`${app}/tickets/${ticket.id}`);
  const mark = unique();
  await page.locator('input[type=file]').setInputFiles([
    { name: `one-${mark}.png`, mimeType: 'image/png', buffer: png() },
    { name: `two-${mark}.txt`, mimeType: 'text/plain', buffer: Buffer.from('How to mend it.\n') },
  ]);
  await page.getByRole('textbox', { name: 'Answer' }).fill(`Do it like this ${mark}`);
  await page.getByRole('button', { name: 'Send', exact: true }).click();
  const main = page.getByRole('main');
  await main.getByText(`Do it like this ${mark}`).and(page.locator('p')).waitFor();
  await main.getByRole('link', { name: `Download two-${mark}.txt` }).waitFor();
  await main.getByRole('link', { name: `one-${mark}.png` }).waitFor();
  assert.equal(await page.getByRole('list', { name: 'Files of the answer' }).count(), 0);
  assert.deepEqual(page.faults, []);
});
