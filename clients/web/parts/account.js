// SPDX-License-Identifier: MIT
// The bar at the top: the pages, who is signed in, signing out. Every page that needs an account opens by openPage().
import { html, nothing, render } from './html.js';
import { Problem, ask, forget, problemText, signIn } from './ask.js';
import { byId, complain } from './dom.js';

const AGAIN_MS = 20000;
const pages = [['/now.html', 'Now'], ['/switchboard.html', 'Switchboard'], ['/gaps.html', 'Gaps'], ['/import.html', 'Import']];
// What is another's job is not offered. A role that is not here may find something on every page.
const ofRole = { viewer: ['Now', 'Switchboard'], switchboard: ['Switchboard', 'Now'], commissioner: ['Now', 'Gaps', 'Import'], auditor: ['Now', 'Gaps', 'Import'] };

/** The pages that are offered to a role: [[address, name], ...]. */
export function pagesOf(role) { return ofRole[role] ? ofRole[role].map((name) => pages.find((page) => page[1] === name)) : pages; }

let shown = { account: null, open: false, fault: '' };

/** The template of the bar. `open`: whether its menu is, where there is no room for it beside the name. */
export function bar({ account, open, fault }, { toggle, leave, path = location.pathname }) {
  const link = ([href, name]) => html`<li><a href=${href} aria-current=${path === href ? 'page' : nothing}>${name}</a></li>`;
  return html`<button type="button" class="menu" aria-expanded=${String(open)} aria-controls="pages" @click=${toggle}>Menu</button>
    <div id="pages" class="pages ${open ? 'is-open' : ''}"><nav aria-label="Pages"><ul>${pagesOf(account.role).map(link)}</ul></nav>
      <p id="who">${fault || html`<a href="/account.html" aria-current=${path === '/account.html' ? 'page' : nothing}>${account.account}, ${account.role.replace('_', ' ')}</a>
        <button type="button" class="leave" @click=${leave}>Sign out</button>`}</p></div>`;
}

function draw(change) {
  shown = { ...shown, ...change };
  render(bar(shown, { toggle: () => draw({ open: !shown.open }), leave: signOut }), byId('account'));
}

async function signOut() {
  // First, and without asking the server: kept names are deleted even if it cannot be reached.
  await forget();
  try {
    await ask('/v1/session', { method: 'DELETE' });
  } catch (problem) {
    // 401: the session had ended already.
    if (problem.status !== 401) {
      draw({ fault: 'Not signed out: the server was not reached. Close this browser.' });
      return;
    }
  }
  // A person who came from an identity provider is signed out there as well, or the next person at this machine would be signed in by one click.
  location.replace(shown.account.sign_out || '/');
}

// A page that the back button brings back as it was left may be of somebody who has signed out since: it begins again.
window.addEventListener('pageshow', (event) => {
  if (!event.persisted) return;
  document.body.hidden = true;
  location.reload();
});

/** Answers the account that is signed in and draws the bar at the top. */
export async function me() {
  const account = await ask('/v1/me');
  draw({ account });
  return account;
}

/** Shows the page of those who may not see this one. */
export function noRight() { location.replace(`/403.html?of=${encodeURIComponent(location.pathname)}`); }

/**
 * Every page first asks who is signed in. Somebody who is not signed in is sent to the front door; another problem is
 * shown, and if it is the server's, the call is repeated until it succeeds.
 */
export async function openPage(begin, fault) {
  try {
    await begin(await me());
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    if (problem.status === 401) {
      signIn();
      return;
    }
    if (problem.status === 403) {
      noRight();
      return;
    }
    complain(fault, problemText(problem));
    if (problem.status === 0 || problem.status >= 500) {
      setTimeout(() => {
        complain(fault, '');
        openPage(begin, fault);
      }, AGAIN_MS);
    }
  }
}
