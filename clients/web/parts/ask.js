// SPDX-License-Identifier: MIT
// Requests to the server, for all pages: JSON, errors as Problem, pages of lists. Nothing here is about rotas.
import { byId, complain } from './dom.js';
import { guessClock } from './london.js';

const PATIENCE_MS = 15000;
const PAGE_ROWS = 1000;
const TURNS = 3;
const TURN_SECONDS = 10;

export class Problem extends Error {
  constructor(status, message, errors) {
    super(message);
    this.status = status; // 0: the server was not reached
    this.errors = errors || [];
  }
}

// The data of the Now page are kept in the browser for times when the server cannot be reached (now/sw.js); signing out deletes them.
// People's own telephones are not kept: a machine on a ward is used by many.
const KEPT = 'answers';
const isKept = (path) => window.caches && /^\/v1\/(me|now|places|services)(\?|$)/.test(path);

// Nor notes: one may say anything, a number too.
const own = /^(work_.*|notes)$/;
const withoutOwn = (key, value) => (own.test(key) ? undefined : value);

async function keep(path, body) {
  const headers = { 'Content-Type': 'application/json', 'Crisiscover-Kept-At': new Date().toISOString() };
  try {
    await (await caches.open(KEPT)).put(path, new Response(JSON.stringify(body, withoutOwn), { headers }));
  } catch {
    // A full or forbidden store: there is less to fall back on, and nothing else is lost.
  }
}
/** Deletes what this browser has kept. */
export function forget() { return window.caches ? caches.delete(KEPT) : null; }

// A change is sent with a key of its own, so that the server makes it once, however often it is sent.
function withKey(options) {
  if (!options.method || options.method === 'GET') return options;
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  const key = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return { ...options, headers: { ...options.headers, 'Idempotency-Key': key } };
}

// A change whose outcome is unknown (no answer came, or the server says so with 503) is sent once more, with its key.
async function fetchOnce(path, patience, options) {
  // Asked of the server each time: by the back button a browser would take an answer of its own, of somebody who has signed out.
  const wanted = () => fetch(path, { credentials: 'same-origin', cache: 'no-cache', signal: AbortSignal.timeout(patience), ...options });
  if (!options.headers || !options.headers['Idempotency-Key']) return wanted();
  try {
    const answer = await wanted();
    return answer.status === 503 ? await wanted() : answer;
  } catch {
    return wanted();
  }
}

// Who asks too much is told for how long to wait (429). A page waits by itself where that is short, and only to read: how often a password or a link may
// be tried is for the person to know.
async function fetchInTurn(path, patience, options) {
  let answer = await fetchOnce(path, patience, options);
  for (let tries = 0; answer.status === 429 && tries < TURNS && (!options.method || options.method === 'GET'); tries++) {
    const seconds = Number(answer.headers.get('Retry-After'));
    if (!(seconds > 0) || seconds > TURN_SECONDS) break;
    await new Promise((resolve) => { setTimeout(resolve, seconds * 1000); });
    answer = await fetchOnce(path, patience, options);
  }
  return answer;
}

// A text that was taken and may name a patient: its sender is told, on every page, until the next change is sent.
function tellWarnings(body) {
  const warnings = (body && body.text_warnings) || [];
  complain(byId('warned'), warnings.length ? `It was taken, but what you typed ${[...new Set(warnings.map((one) => one.detail))].join(' ')}.` : '');
}

/** Asks the server; answers its JSON, and in `keptAt` the time of the answer if it comes from this browser's memory (sw.js). */
export async function askWhole(path, { patience = PATIENCE_MS, ...options } = {}) {
  let answer;
  let body = null;
  try {
    answer = await fetchInTurn(path, patience, withKey(options));
    if ((answer.headers.get('Content-Type') || '').includes('json')) body = await answer.json();
  } catch {
    throw new Problem(0, 'The server was not reached.');
  }
  // The Date of a kept answer is of the past, and would set the clock back.
  if (!answer.headers.get('Crisiscover-Kept-At')) guessClock(answer.headers.get('Date'));
  // The session has ended: the next person at this machine must not find the names of the last one.
  if (answer.status === 401) await forget();
  if (!answer.ok) throw new Problem(answer.status, (body && (body.detail || body.title)) || `The server answered ${answer.status}.`, body && body.errors);
  if (options.method && options.method !== 'GET') tellWarnings(body);
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
// replace() and not assign(): otherwise the back button would lead to a page that comes here again at once.
export function signIn() {
  location.replace(`/?next=${encodeURIComponent(location.pathname + location.search)}`);
}

/** A problem as one sentence after the other. */
export function problemText(problem) {
  return [problem.message, ...(problem.errors || []).map((one) => `${one.path} ${one.detail}.`)].join(' ');
}
