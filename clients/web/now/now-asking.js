// SPDX-License-Identifier: MIT
// When the Now page asks the server. What the page does with an answer is its own business.
import { isFailing, sawAnswer, sawOutcome, sinceAnswer, tickAwake } from '../parts/alive.js';
import { Problem, askWhole } from '../parts/ask.js';
import { nextEnd, tickQuarter } from '../parts/ends.js';
import { isHeard, listen } from '../parts/live.js';
import { now, setClock } from '../parts/london.js';

const TURN_MS = 20000;
const HEARD_MS = 55000; // while the server tells of changes, every third turn is enough
const GATHER_MS = 150; // one change makes several events
const PATIENCE_MS = 10000;

let place = '';
let asking = ''; // the place of the request under way: no second one about it is sent, so answers cannot overtake each other
let again = false; // something changed while it was under way: the answer may be older than that
let lastAt = ''; // the time of the newest answer
let confidence = '';
let askedFor = 0; // the end of a shift for which the server was asked already
let soon = 0;
let hear = null; // { answered, refused }

// What stands between may give the same bytes without end: an answer that is no newer than the one before is no sign of life.
function took(body) {
  if (body.at === lastAt) return;
  lastAt = body.at;
  confidence = body.map.confidence;
  setClock(body.at);
  sawAnswer();
}

async function askOnce(asked) {
  try {
    const { body, keptAt } = await askWhole(`/v1/now?place=${encodeURIComponent(asked)}`, { patience: PATIENCE_MS });
    sawOutcome(!keptAt);
    if (!keptAt) took(body);
    if (asked === place) hear.answered({ ...body, keptAt });
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    sawOutcome(problem.status !== 0);
    if (asked === place) hear.refused(problem);
  }
}

/** Asks about the place that was chosen; if it is being asked about already, once more after that. */
export async function askNow() {
  if (!place) return;
  if (asking === place) {
    again = true;
    return;
  }
  const asked = place;
  asking = asked;
  again = false;
  try {
    await askOnce(asked);
  } finally {
    if (asking === asked) asking = '';
  }
  if (again && asked === place) askNow();
}

function askSoon() {
  clearTimeout(soon);
  soon = setTimeout(askNow, GATHER_MS);
}

/** Asks about another place from now on. */
export function askAbout(code) {
  place = code;
  listen(code, {
    changed: askSoon,
    beat: (said) => { if (said.confidence && said.confidence !== confidence) askSoon(); },
    ended: askSoon,
  });
  return askNow();
}

/** Each second, with the answer that is shown: at the end of a shift the server is asked at once, without waiting for the next turn. */
export function tickAsking(answer) {
  tickAwake(askNow);
  tickQuarter(now(), askNow);
  const end = answer && !answer.keptAt ? nextEnd(answer) : 0;
  if (!end || end > now() || end === askedFor) return;
  askedFor = end;
  askNow();
}

function turn() {
  if (!isHeard() || isFailing() || sinceAnswer() > HEARD_MS) askNow();
}

/** Begins: asks in turns, when the server tells of a change and when the browser comes back; `answered(answer)` and `refused(problem)` are told. */
export function startAsking(listener) {
  hear = listener;
  setInterval(turn, TURN_MS);
  document.addEventListener('visibilitychange', () => { if (!document.hidden) askNow(); });
  window.addEventListener('online', askNow);
  window.addEventListener('offline', askNow);
}
