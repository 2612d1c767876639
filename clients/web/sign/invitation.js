// SPDX-License-Identifier: MIT
// The page of a link that sets a password: an invitation, or after a password was forgotten.
import { html, render } from '../parts/html.js';
import { problemText, send } from '../parts/ask.js';
import { byId, complain, lead, show, text } from '../parts/dom.js';

function showInvitation(asked) {
  text(byId('invitation-for'), `For the account ${asked.account}.`);
  show(byId('new-code-field'), asked.code_needed);
  byId('new-code').required = asked.code_needed;
  show(byId('authenticator'), asked.second_factor !== null);
  if (asked.second_factor) {
    byId('authenticator-link').href = asked.second_factor.uri;
    text(byId('authenticator-key'), asked.second_factor.secret);
  }
  show(byId('invitation-form'), true);
}

function showDone(done) {
  show(byId('invitation-form'), false);
  show(byId('invitation-done'), true);
  show(byId('recovery'), done.recovery_codes.length > 0);
  render(done.recovery_codes.map((code) => html`<li>${code}</li>`), byId('recovery-codes'));
  lead(byId('invitation-done'));
}

/** `path`: of the link at the server. */
export async function openInvitation(path) {
  const fault = byId('invitation-error');
  byId('invitation-form').addEventListener('submit', async (event) => {
    event.preventDefault();
    complain(fault, '');
    const code = byId('new-code').value.trim();
    try {
      showDone(await send(path, { password: byId('new-password').value, ...(code ? { code } : {}) }));
    } catch (problem) {
      complain(fault, problemText(problem));
    }
  });
  show(byId('invitation'), true);
  try {
    showInvitation(await send(path, {}));
  } catch (problem) {
    // Without the link's account there is nothing to fill in: the form stays away.
    complain(fault, problemText(problem));
  }
}
