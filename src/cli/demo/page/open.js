// Opens the app as one of the demo's people. It logs in as the app does: the answer sets the cookie with the refresh token,
// and the app takes the session up with it.

import { $, json, setText } from '/common.js';

/** Where the app looks whether somebody is logged in: see web/src/api/client.ts. */
const REMEMBERED = 'kazi.session';

async function logIn(role) {
  const { people } = await json('/demo/config');
  const person = people.find((one) => one.role === role);
  if (!person) throw new Error(`There is no ${role}: the demo has ${people.map((one) => one.role).join(', ')}.`);
  const answer = await json('/api/v1/auth/login', {
    method: 'POST', headers: { 'content-type': 'application/json', 'x-session-cookie': '1' },
    body: JSON.stringify({ email: person.email, password: person.password }),
  });
  if (answer.status !== 'logged_in') throw new Error(`${person.email} has a second factor.`);
  for (const storage of [sessionStorage, localStorage]) storage.setItem(REMEMBERED, answer.workspace_id ?? '-');
}

try {
  await logIn(location.pathname.split('/').at(-1));
  location.replace('/app/');
} catch (error) {
  setText($('state'), `Kazi did not let you in. ${error.message}`);
}
