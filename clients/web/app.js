// SPDX-License-Identifier: MIT
// Shared by all pages: requests to the server, the account that is signed in, the bar at the top. Nothing here is about rotas.
import { button, complain, element, text } from './dom.js';
import { guessClock } from './london.js';

const PATIENCE_MS = 15000;
const PAGE_ROWS = 1000;
const AGAIN_MS = 20000;

export class Problem extends Error {
  constructor(status, message, errors) {
    super(message);
    this.status = status; // 0: the server was not reached
    this.errors = errors || [];
  }
}

// The data of the Now page are kept in the browser for times when the server cannot be reached (sw.js); signing out deletes them.
const KEPT = 'answers';
const isKept = (path) => window.caches && /^\/v1\/(me|now|places|services)(\?|$)/.test(path);

async function keep(path, body) {
  const headers = { 'Content-Type': 'application/json', 'Crisiscover-Kept-At': new Date().toISOString() };
  try {
    await (await caches.open(KEPT)).put(path, new Response(JSON.stringify(body), { headers }));
  } catch {
    // A full or forbidden store: there is less to fall back on, and nothing else is lost.
  }
}
function forget() { return window.caches ? caches.delete(KEPT) : null; }

// A change is sent with a key of its own, so that the server makes it once, however often it is sent.
function withKey(options) {
  if (!options.method || options.method === 'GET') return options;
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  const key = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return { ...options, headers: { ...options.headers, 'Idempotency-Key': key } };
}

// A change whose outcome is unknown (no answer came, or the server says so with 503) is sent once more, with its key.
async function fetchOnce(path, patience, options) {
  const wanted = () => fetch(path, { credentials: 'same-origin', signal: AbortSignal.timeout(patience), ...options });
  if (!options.headers || !options.headers['Idempotency-Key']) return wanted();
  try {
    const answer = await wanted();
    return answer.status === 503 ? await wanted() : answer;
  } catch {
    return wanted();
  }
}

/** Asks the server; answers its JSON, and in `keptAt` the time of the answer if it comes from this browser's memory (sw.js). */
export async function askWhole(path, { patience = PATIENCE_MS, ...options } = {}) {
  let answer;
  let body = null;
  try {
    answer = await fetchOnce(path, patience, withKey(options));
    if ((answer.headers.get('Content-Type') || '').includes('json')) body = await answer.json();
  } catch {
    throw new Problem(0, 'The server was not reached.');
  }
  // The Date of a kept answer is of the past, and would set the clock back.
  if (!answer.headers.get('Crisiscover-Kept-At')) guessClock(answer.headers.get('Date'));
  // The session has ended: the next person at this machine must not find the names of the last one.
  if (answer.status === 401) await forget();
  if (!answer.ok) throw new Problem(answer.status, (body && (body.detail || body.title)) || `The server answered ${answer.status}.`, body && body.errors);
  const keptAt = answer.headers.get('Crisiscover-Kept-At');
  if (!keptAt && isKept(path)) await keep(path, body);
  return { body, keptAt };
}

export async function ask(path, options) {
  return (await askWhole(path, options)).body;
}

export function send(path, body) {
  return ask(path, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) });
}

/** An answer that comes in pages, joined: the first page, with the list `name` of all of them. */
export async function askPages(path, name, rows = PAGE_ROWS) {
  let whole = null;
  let cursor = '';
  do {
    const page = await ask(`${path}${path.includes('?') ? '&' : '?'}limit=${rows}${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ''}`);
    if (whole) whole[name].push(...page[name]);
    else whole = page;
    cursor = page.next_cursor;
  } while (cursor);
  return whole;
}

/** Every item of a list that comes in pages. */
export async function askAll(path, name) {
  return (await askPages(path, name))[name];
}

/** Shows the front door, which leads back to this page afterwards. */
// replace() and not assign(): the back button must not lead to a page that sends the reader here
// again.
export function signIn() {
  location.replace(`/?next=${encodeURIComponent(location.pathname + location.search)}`);
}

/** A problem as one sentence after the other. */
export function problemText(problem) {
  return [problem.message, ...(problem.errors || []).map((one) => `${one.path} ${one.detail}.`)].join(' ');
}

// ------------------------------------------------------------------------------------------------------------ who is signed in

const pages = [['/now.html', 'Now'], ['/gaps.html', 'Gaps'], ['/import.html', 'Import']];

function drawTop(account) {
  document.getElementById('nav').replaceChildren(...pages.map(([href, name]) => {
    const link = element('a', { href }, name);
    if (location.pathname === href) link.setAttribute('aria-current', 'page');
    return link;
  }));
  const who = document.getElementById('who');
  text(who, `${account.account}, ${account.role.replace('_', ' ')}`);
  who.append(' ', button('Sign out', () => signOut(account), 'link'));
}

async function signOut(account) {
  // First, and without asking the server: kept names are deleted even if it cannot be reached.
  await forget();
  try {
    await ask('/v1/session', { method: 'DELETE' });
  } catch (problem) {
    // 401: the session had ended already.
    if (problem.status !== 401) {
      text(document.getElementById('who'), 'Not signed out: the server was not reached. Close this browser.');
      return;
    }
  }
  // Whom an identity provider signed in is signed out there as well: the next person at this machine is somebody else.
  location.replace(account.sign_out || '/');
}

/** Answers the account that is signed in and draws the bar at the top. */
export async function me() {
  const account = await ask('/v1/me');
  drawTop(account);
  return account;
}

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
    complain(fault, problemText(problem));
    if (problem.status === 0 || problem.status >= 500) {
      setTimeout(() => {
        complain(fault, '');
        openPage(begin, fault);
      }, AGAIN_MS);
    }
  }
}
