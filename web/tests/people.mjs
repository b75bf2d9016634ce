// People of the demo besides its owner: their letters, their authenticators, and members of each role.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { request } from 'node:http';
import { app, ask, browser, call, demo, password } from './browser.mjs';

/** What the newest letter to an address says, read where a person reads it: on the page of the simulators. */
export async function letterTo(email, text) {
  const page = await browser.newPage();
  await page.goto(`${demo}/simulators#letters`);
  const letter = page
    .getByRole('article')
    .filter({ hasText: `to ${email},` })
    .filter({ hasText: text })
    .first();
  const said = await letter.locator('pre').textContent();
  await page.close();
  return said;
}

export const codeIn = (letter) => letter.match(/\b\d{6}\b/)[0];
/** Where the link of a letter leads in the app, which may be a preview. */
export const linkIn = (letter) => app + letter.match(/https?:\S+\/app(\/\S+)/)[1];
export const tokenIn = (letter) => letter.match(/\b[0-9a-f]{64}\b/)[0];

let places = 0;

/** Registers as people do: each from an address of their own. From one address, Kazi takes few registrations in an hour. */
async function register(body) {
  places += 1;
  const localAddress = `127.${1 + (process.pid % 250)}.${places >> 8}.${places & 255}`;
  const headers = { 'content-type': 'application/json' };
  const asked = request(`${demo}/api/v1/auth/register`, { method: 'POST', localAddress, headers });
  asked.end(JSON.stringify(body));
  const [answer] = await once(asked, 'response');
  assert.ok(answer.statusCode < 300, `a registration is answered with ${answer.statusCode}`);
  answer.resume();
}

/** A user with a proven address, and with the password of all. */
export async function user(email, name) {
  await register({ email, password, name, locale: 'en' });
  const code = codeIn(await letterTo(email, 'Enter it where you registered'));
  await call('/auth/verify-email', { email, password, code });
}

/** The address of a member with this role, whom an earlier test may have made. */
export async function member(role, email = `${role}@zuri.example`) {
  const { items } = await ask('/members?limit=200');
  if (items.some((one) => one.email === email)) return email;
  await user(email, `Our ${role}`);
  await ask('/invitations', 'POST', { email, role, language: 'en' });
  const token = tokenIn(await letterTo(email, 'You are invited to work'));
  await call('/invitations/accept', { token }, { as: email });
  return email;
}

/** The code that an authenticator shows now, or some steps of half a minute later (RFC 6238). */
export function totp(secret, steps = 0) {
  const signs = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  const bits = [...secret.replace(/=+$/, '')].map((sign) => signs.indexOf(sign).toString(2).padStart(5, '0')).join('');
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + steps));
  const mac = createHmac('sha1', key).update(counter).digest();
  const number = mac.readUInt32BE(mac.at(-1) & 15) & 0x7fffffff;
  return String(number % 1_000_000).padStart(6, '0');
}

/**
 * Why there is no staff besides the demo's owner: only the command line makes them. KAZI names the program, and
 * KAZI_DATABASE__FOLDER the demo's database.
 */
export const noStaff = !process.env.KAZI && 'KAZI names no program that makes a user one of the staff';

/** The address of one of the platform's staff who is in no workspace. */
export async function staff() {
  const email = 'staff@zuri.example';
  const known = await call('/me', undefined, { as: email }).catch(() => null);
  if (known?.is_staff) return email;
  if (!known) await user(email, 'Our staff');
  // The program takes each KAZI_… for a key of its configuration, so it gets only the one that is.
  const { KAZI, KAZI_DATABASE__FOLDER } = process.env;
  execFileSync(KAZI, ['staff', 'add', email], {
    env: { KAZI_DATABASE__FOLDER },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  return email;
}
