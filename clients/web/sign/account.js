// SPDX-License-Identifier: MIT
// Where this account is signed in and its tokens, with a button to end each.
import { html, render } from '../parts/html.js';
import { openPage } from '../parts/account.js';
import { tellAges } from '../parts/age.js';
import { ask, problemText } from '../parts/ask.js';
import { byId, complain, text } from '../parts/dom.js';
import { sessionTable, tokenTable } from './account-tables.js';

const AGES_MS = 10000;

let account = null;

async function guarded(act) {
  complain(byId('fault'), '');
  try {
    await act();
  } catch (problem) {
    if (!('status' in problem)) throw problem;
    complain(byId('fault'), problemText(problem));
  }
}

const end = (one) => guarded(async () => {
  await ask(`/v1/sessions/${encodeURIComponent(one.id)}`, { method: 'DELETE' });
  text(byId('progress'), 'That session has ended.');
  await look();
});

const revoke = (one) => guarded(async () => {
  await ask(`/v1/me/tokens/${encodeURIComponent(one.id)}`, { method: 'DELETE' });
  text(byId('progress'), `Token ${one.id} is revoked. The sessions that it made have ended.`);
  await look();
});

async function look() {
  const [{ sessions }, { tokens }] = await Promise.all([ask('/v1/sessions'), ask('/v1/me/tokens')]);
  const role = account.role.replace(/_/g, ' ');
  render(html`<p>You are <strong>${account.account}</strong>, ${role}${account.organisation ? ` of ${account.organisation}` : ''}. Your organisation's administrator
    sends you a link if you need another password.</p>
    <section aria-labelledby="sessions-heading"><h2 id="sessions-heading">Where you are signed in</h2>${sessionTable(sessions, end)}</section>
    <section aria-labelledby="tokens-heading"><h2 id="tokens-heading">Your access tokens</h2><p>A program uses one to sign in as you. Revoke any that
      you do not know. An administrator makes a new one.</p>${tokens.length ? tokenTable(tokens, revoke) : html`<p>There are none.</p>`}</section>`, byId('of-account'));
}

setInterval(tellAges, AGES_MS);
await openPage(async (who) => {
  account = who;
  await look();
}, byId('fault'));
