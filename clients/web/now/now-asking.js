// SPDX-License-Identifier: MIT
// When the Now page asks the server, and how long it has had no answer. What the page does with an answer is its own business.
import { Problem, askWhole } from '../parts/ask.js';
import { now, setClock } from '../parts/london.js';
import { nextEnd } from './now-ends.js';

const REFRESH_MS = 20000;
const PATIENCE_MS = 10000;
const DEAD_MS = 180000;
const JUMP_MS = 5000;

let place = '';
let asking = ''; // the place of the request under way: no second one about it is sent, so answers cannot overtake each other
let lastGood = performance.now();
let failed = false; // the last question had no answer
let askedFor = 0; // the end of a shift for which the server was asked already
let wall = { shown: Date.now(), steady: performance.now() };
let hear = null; // { answered, refused }

/** Asks about the place that was chosen, unless it is being asked about already. */
export async function askNow() {
  if (!place || asking === place) return;
  const asked = place;
  asking = asked;
  try {
    const { body, keptAt } = await askWhole(`/v1/now?place=${encodeURIComponent(asked)}`, { patience: PATIENCE_MS });
    failed = Boolean(keptAt);
    if (!keptAt) {
      setClock(body.at);
      lastGood = performance.now();
    }
    if (asked === place) hear.answered({ ...body, keptAt });
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    failed = problem.status === 0;
    if (asked === place) hear.refused(problem);
  } finally {
    if (asking === asked) asking = '';
  }
}

/** Asks about another place from now on. */
export function askAbout(code) {
  place = code;
  return askNow();
}

// While the machine slept the monotonic clock may have stood still. A jump of this machine's wall clock is used only as
// a sign that it is time to ask.
function hasJumped() {
  const before = wall;
  wall = { shown: Date.now(), steady: performance.now() };
  return Math.abs((wall.shown - before.shown) - (wall.steady - before.steady)) > JUMP_MS;
}

/** Each second, with the answer that is shown: at the end of a shift the server is asked at once, without waiting for the next turn. */
export function tickAsking(answer) {
  if (hasJumped()) askNow();
  const end = answer && !answer.keptAt ? nextEnd(answer) : 0;
  if (!end || end > now() || end === askedFor) return;
  askedFor = end;
  askNow();
}

/** Whether what is shown can be old: no answer for three minutes, or the browser is offline and the server was asked in vain. */
export function isSilent() {
  return performance.now() - lastGood > DEAD_MS || (failed && !navigator.onLine);
}

/** Begins: asks every 20 seconds and when the browser comes back; `answered(answer)` and `refused(problem)` are told. */
export function startAsking(listener) {
  hear = listener;
  setInterval(askNow, REFRESH_MS);
  document.addEventListener('visibilitychange', () => { if (!document.hidden) askNow(); });
  window.addEventListener('online', askNow);
  window.addEventListener('offline', askNow);
}
