// SPDX-License-Identifier: MIT
// Keeps the index fresh: every place is asked once, then when the server tells of a change there, and from time to time in any case.
import { isFailing, sawAnswer, sawOutcome, tickAwake } from '../parts/alive.js';
import { Problem, askWhole } from '../parts/ask.js';
import { GRACE_MS, tickQuarter } from '../parts/ends.js';
import { isHeard, listen } from '../parts/live.js';
import { now, rfc3339, setClock } from '../parts/london.js';
import { learnTried } from '../parts/tried.js';
import { placesWith } from '../parts/words.js';
import { changesOf, toldIn } from './switchboard-changes.js';
import { answerOf, endedAt, learn, placesOf, reindex, unlearn } from './switchboard-index.js';

const AT_ONCE = 4;
const MOST_PLACES = 400;
const GATHER_MS = 80;
const PATIENCE_MS = 10000;
const OVERTAKEN_MS = 60000;
const TURN_MS = 20000; // of all places, while the server does not tell of changes
const ROUND_MS = 60000; // and while it does
const HOUR_MS = 3600000;
const MINUTE_MS = 60000;

let places = []; // to ask about, by code
const queue = new Set();
const askedFor = new Map(); // by place: the end of a shift for which it was asked already
let under = 0;
let round = -Infinity;
let last = null; // the newest answer
let beaten = null; // what the last heartbeat said
let hear = null; // { changed(), refused(problem) }
const seen = []; // changes since this page was opened, and those of the hour before
const begun = new Map(); // by the name of a place that is known for less than an hour: since when

// ------------------------------------------------------------------------------------------------------------------------- asking

function took(answer, before) {
  if (!last || last.keptAt || answer.at > last.at) {
    last = answer;
    sawAnswer();
    setClock(answer.at);
    learnTried(answer.at);
  }
  if (before && !before.keptAt) seen.push(...changesOf(before, answer));
}

// Two answers about one place may overtake each other. A server whose clock was set back is not older for long.
function isOvertaken(body, known) {
  const ahead = known && !known.keptAt ? Date.parse(known.at) - Date.parse(body.at) : 0;
  return ahead > 0 && ahead < OVERTAKEN_MS;
}

async function askOne(code) {
  try {
    const { body, keptAt } = await askWhole(`/v1/now?place=${encodeURIComponent(code)}`, { patience: PATIENCE_MS });
    sawOutcome(!keptAt);
    if (isOvertaken(body, answerOf(code))) return;
    if (!keptAt) took(body, answerOf(code));
    else last = last || { ...body, keptAt };
    if (!keptAt || !answerOf(code)) learn({ ...body, keptAt }, now());
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    sawOutcome(problem.status !== 0);
    if (problem.status === 403 || problem.status === 404) unlearn(code);
    hear.refused(problem);
  }
}

async function work() {
  if (under >= AT_ONCE || !queue.size) return;
  const [code] = queue;
  queue.delete(code);
  under += 1;
  try {
    await askOne(code);
  } finally {
    under -= 1;
  }
  hear.changed();
  work();
}

function askAll(codes) {
  codes.forEach((code) => queue.add(code));
  for (let i = 0; i < AT_ONCE; i += 1) work();
}

function askEvery() {
  round = performance.now();
  askAll(places);
}

// ------------------------------------------------------------------------------------------------------------------------- telling

let touched = new Set();
let gathering = 0;

// What changes at a place changes what is shown at those below it and above it: the same rota serves them.
function touchedBy(name, data) {
  if (name === 'decision') return [];
  if (data.place) return placesWith(data.place);
  return name === 'feed' ? placesOf(data.rota) : places;
}

function touch(name, data) {
  const codes = touchedBy(name, data);
  codes.forEach((code) => touched.add(code));
  clearTimeout(gathering);
  gathering = setTimeout(() => {
    askAll(places.filter((code) => touched.has(code)));
    touched = new Set();
  }, GATHER_MS);
}

function beat(said) {
  const other = beaten && beaten.confidence !== said.confidence;
  beaten = said;
  if (other) askEvery();
}

function turn() {
  const due = isHeard() && !isFailing() ? ROUND_MS : TURN_MS;
  if (performance.now() - round >= due) askEvery();
}

/** Each second: at the end of a shift the place is asked, and the shift counts no longer. */
export function tickKeeping() {
  tickAwake(askEvery);
  tickQuarter(now(), askEvery);
  const ended = endedAt(now()).filter(([place, end]) => askedFor.get(place) !== end);
  if (!ended.length) return;
  ended.forEach(([place, end]) => askedFor.set(place, end));
  askAll(ended.map(([place]) => place).filter((code) => places.includes(code)));
  // Who is not confirmed by then is no longer on.
  setTimeout(() => { reindex(now()); hear.changed(); }, GRACE_MS + 500);
}

/** How many places are in the index, of how many. */
export function progress() { return { read: places.filter((code) => answerOf(code)).length, of: places.length }; }
/** The newest answer, with keptAt if this browser had kept it; null: none. */
export function newest() { return last; }

// ----------------------------------------------------------------------------------------------------------------- the last hour

// Of a place that is younger than an hour the answer is of its first moment, and says so. What could not be told then, since nothing had been read yet, has
// not changed by being read.
function learnBefore(before, after, then) {
  const at = Date.parse(before.at);
  if (at <= Date.parse(then)) {
    seen.push(...changesOf(before, after));
    return;
  }
  begun.set(before.place.name, at);
  seen.push(...changesOf({ ...before, functions: before.functions.filter((item) => item.state !== 'unknown') }, after));
}

// What was known an hour ago, compared with now: who opens this page sees what was changed before that.
async function learnHour(codes) {
  const then = rfc3339(now() - HOUR_MS);
  for (const code of codes) {
    try {
      const { body } = await askWhole(`/v1/now?place=${encodeURIComponent(code)}&at=${then}&known_at=${then}&or_first=1`, { patience: PATIENCE_MS });
      if (answerOf(code)) learnBefore(body, answerOf(code), then);
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      // 404: what was asked about is gone by now. Anything else: the server is busy, and what changes from now on is seen all the same.
      if (problem.status !== 404) return;
    }
  }
  hear.changed();
}

/** What changed within the last hour. */
export function changes() {
  const since = now() - HOUR_MS;
  const told = places.map(answerOf).filter(Boolean).flatMap((answer) => toldIn(answer, since));
  return [...seen.filter((one) => one.at >= since), ...told];
}

/** The places that are not known for an hour yet: [{ at, names }, ...], for each minute. */
export function beginnings() {
  const since = now() - HOUR_MS;
  const minutes = new Map();
  for (const [name, at] of begun) {
    const minute = at - (at % MINUTE_MS);
    if (at >= since) minutes.set(minute, [...(minutes.get(minute) || []), name]);
  }
  return [...minutes].map(([at, names]) => ({ at, names, isAll: names.length === places.length }));
}

/** Begins with the places of the account; `changed()` is told after each answer, `refused(problem)` of each refusal. */
export async function startKeeping(codes, listener) {
  hear = listener;
  places = codes.slice(0, MOST_PLACES);
  listen('', { changed: touch, beat, ended: turn });
  askEvery();
  setInterval(turn, TURN_MS / 4);
  document.addEventListener('visibilitychange', () => { if (!document.hidden) turn(); });
  window.addEventListener('online', askEvery);
  window.addEventListener('offline', askEvery);
}

/** Once the index is read. */
export function compareHour() { return learnHour(places.slice(0, 60)); }
