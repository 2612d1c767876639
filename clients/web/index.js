// SPDX-License-Identifier: MIT
// The front door: sign in, or choose a page.
import { ask, me, problemText, send } from './app.js';
import { offerProviders, tellOutcome } from './providers.js';
import { byId, complain, element, lead, show, text } from './dom.js';

const fault = byId('sign-in-error');
const token = byId('token');
const nameFault = byId('name-error');

function goOn() {
  const next = new URLSearchParams(location.search).get('next');
  // Only our own pages: a path with one leading slash.
  location.replace(next && /^\/[a-z]+\.html(\?[\w=&.%-]*)?$/.test(next) ? next : '/');
}

async function enter() {
  await ask('/v1/session', { method: 'POST', headers: { Authorization: `Bearer ${token.value.trim()}` } });
  goOn();
}

byId('name-form').addEventListener('submit', async (event) => {
  event.preventDefault();
  complain(nameFault, '');
  const code = byId('code').value.trim();
  try {
    await send('/v1/session', { name: byId('name').value.trim(), password: byId('password').value, ...(code ? { code } : {}) });
    goOn();
  } catch (problem) {
    complain(nameFault, problemText(problem));
    byId('password').focus();
  }
});

byId('sign-in-form').addEventListener('submit', async (event) => {
  event.preventDefault();
  complain(fault, '');
  try {
    await enter();
  } catch (problem) {
    complain(fault, problem.status === 401 ? 'That token is not known here. Check it, or ask for a new one.' : problem.message);
    token.setAttribute('aria-invalid', String(problem.status === 401));
    token.focus();
  }
});

// ------------------------------------------------------------------------------------------------------------ a link that sets a password

// After "#": browsers do not send that part, so the link is in no log of a server or proxy.
const link = /^#invitation=([\w-]+)$/.exec(location.hash);

function showInvitation(asked) {
  text(byId('invitation-for'), `For the account ${asked.account}.`);
  show(byId('new-code-field'), asked.code_needed);
  byId('new-code').required = asked.code_needed;
  show(byId('authenticator'), asked.second_factor !== null);
  if (asked.second_factor) {
    byId('authenticator-link').href = asked.second_factor.uri;
    text(byId('authenticator-key'), asked.second_factor.secret);
  }
}

function showDone(done) {
  show(byId('invitation-form'), false);
  show(byId('invitation-done'), true);
  show(byId('recovery'), done.recovery_codes.length > 0);
  byId('recovery-codes').replaceChildren(...done.recovery_codes.map((code) => element('li', {}, code)));
  lead(byId('invitation-done'));
}

async function openInvitation(path) {
  const problemAt = byId('invitation-error');
  byId('invitation-form').addEventListener('submit', async (event) => {
    event.preventDefault();
    complain(problemAt, '');
    const code = byId('new-code').value.trim();
    try {
      showDone(await send(path, { password: byId('new-password').value, ...(code ? { code } : {}) }));
    } catch (problem) {
      complain(problemAt, problemText(problem));
    }
  });
  show(byId('invitation'), true);
  try {
    showInvitation(await send(path, {}));
  } catch (problem) {
    complain(problemAt, problemText(problem));
  }
}

if (link) {
  await openInvitation(`/v1/invitations/${link[1]}`);
} else {
  try {
    await me();
    show(byId('doors'), true);
  } catch (problem) {
    show(byId('sign-in'), true);
    tellOutcome();
    offerProviders();
    if (problem.status !== 401) complain(fault, problem.message);
  }
}
