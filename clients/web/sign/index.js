// SPDX-License-Identifier: MIT
// The page at "/": sign in, or, if somebody is signed in, choose a page.
import { me, pagesOf } from '../parts/account.js';
import { ask, problemText, send } from '../parts/ask.js';
import { byId, complain, show } from '../parts/dom.js';
import { openInvitation } from './invitation.js';
import { offerProviders, tellOutcome } from './providers.js';

function goOn() {
  const next = new URLSearchParams(location.search).get('next');
  // Only our own pages: a path with one leading slash.
  location.replace(next && /^\/[a-z]+\.html(\?[\w=&.%-]*)?$/.test(next) ? next : '/');
}

/** A form that signs in: `enter()` asks the server; a refusal is said in `error` and leads to `field`, where something is to be corrected. */
function way(form, { error, field, refusal }, enter) {
  byId(form).addEventListener('submit', async (event) => {
    event.preventDefault();
    complain(byId(error), '');
    try {
      await enter();
      goOn();
    } catch (problem) {
      if (!('status' in problem)) throw problem;
      complain(byId(error), problem.status === 401 && refusal ? refusal : problemText(problem));
      byId(field).setAttribute('aria-invalid', String(problem.status === 401));
      byId(field).focus();
    }
  });
}

way('name-form', { error: 'name-error', field: 'password' }, () => {
  const code = byId('code').value.trim();
  return send('/v1/session', { name: byId('name').value.trim(), password: byId('password').value, ...(code ? { code } : {}) });
});
way('device-form', { error: 'device-error', field: 'device-code' }, () => send('/v1/session', { device_code: byId('device-code').value.trim() }));
way('sign-in-form', { error: 'sign-in-error', field: 'token', refusal: 'That token is not known here. Check it, or ask for a new one.' },
  () => ask('/v1/session', { method: 'POST', headers: { Authorization: `Bearer ${byId('token').value.trim()}` } }));

// After "#": browsers do not send that part, so the link is in no log of a server or proxy.
const link = /^#invitation=([\w-]+)$/.exec(location.hash);

if (link) {
  await openInvitation(`/v1/invitations/${link[1]}`);
} else {
  try {
    const mine = pagesOf((await me()).role).map(([address]) => address);
    for (const door of document.querySelectorAll('.doors a')) show(door.parentElement, mine.includes(door.getAttribute('href')));
    show(byId('doors'), true);
  } catch (problem) {
    if (!('status' in problem)) throw problem;
    show(byId('sign-in'), true);
    tellOutcome();
    offerProviders();
    if (problem.status !== 401) complain(byId('fault'), problemText(problem));
  }
}
