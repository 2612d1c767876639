// SPDX-License-Identifier: MIT
// Who was reached and who was not. What is reported on this screen counts here at once, whether the server has it or not; what others report comes
// with the server's answers. It is kept in the memory of the page alone: a machine on a ward is used by many.
import { ask, Problem, send } from './ask.js';
import { now, rfc3339 } from './london.js';

const STANDS_MS = 2 * 3600000;
const AGAIN_MS = 15 * 60000; // somebody who did not answer is worth another try after that
const BACK_MS = 10 * 60000; // so long a report can be taken back
const SETTLE_MS = 3000; // an answer made so soon after a report may not have it yet

// By place, function and step: { outcome, at, state, id, report }. state: sending; kept (by the server); lost (it was not reached); here (of a number that
// is on no rota, so that nobody is to be told).
const marks = new Map();
let answeredAt = -Infinity;

const keyOf = (item, step) => `${item.place} ${item.function} ${step.key}`;
const ms = (iso) => Date.parse(iso);

/** Forgets all of it: another place is shown. */
export function forgetTried() { marks.clear(); }

/** Tells of an answer of the server and when it was made: from then on it knows better than this page. */
export function learnTried(at) { answeredAt = ms(at); }

function markOf(item, step) {
  const mark = marks.get(keyOf(item, step));
  return mark && now() - ms(mark.at) < STANDS_MS ? mark : null;
}

/** What was reported of somebody: { outcome, at, place, place_name, mine, state, id }, or null. */
export function toldOf(item, step) {
  const said = step.reported && ms(step.reported.until) > now() ? step.reported : null;
  const mark = markOf(item, step);
  if (!mark) return said;
  const mine = { ...mark, mine: true };
  if (mark.state !== 'kept' || answeredAt <= ms(mark.at) + SETTLE_MS) return mine;
  if (said) return said.at === mark.at && said.outcome === mark.outcome ? mine : said;
  // The server shows nothing: somebody was reached since, or it was this.
  return mark.outcome === 'reached' && now() - ms(mark.at) < BACK_MS ? mine : null;
}

/** Whether to go on to the next one. */
export function isPassed(item, step) {
  const told = toldOf(item, step);
  if (!told || told.outcome === 'reached') return false;
  return told.outcome !== 'no_answer' || now() - ms(told.at) < AGAIN_MS;
}

/** Whether a report of this screen can still be taken back. */
export function canTakeBack(told) { return told.mine && (told.state === 'here' || (told.state === 'kept' && now() - ms(told.at) < BACK_MS)); }

async function post(key, mark) {
  try {
    const { id, at } = await send('/v1/contacts', mark.report);
    if (marks.get(key) === mark) marks.set(key, { ...mark, state: 'kept', id, at });
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    if (marks.get(key) === mark) marks.set(key, { ...mark, state: 'lost', why: problem.status === 0 ? 'the server was not reached' : problem.message });
  }
}

/** Reports an outcome; the page is drawn by `changed()` at once, and again when the server has answered. */
export async function reportTried({ item, step, outcome }, changed) {
  const key = keyOf(item, step);
  const report = step.subject && { place: item.place, function: item.function, ...step.subject, outcome };
  const mark = { outcome, at: rfc3339(now()), state: report ? 'sending' : 'here', report };
  marks.set(key, mark);
  changed();
  if (!report) return;
  await post(key, mark);
  changed();
}

/** Sends a report once more that the server did not get. */
export function sendAgain({ item, step }, changed) {
  return reportTried({ item, step, outcome: markOf(item, step).outcome }, changed);
}

/** Takes a report of this screen back. What the server does not take back stays. */
export async function takeBack({ item, step }, changed) {
  const key = keyOf(item, step);
  const mark = marks.get(key);
  try {
    if (mark.state === 'kept') await ask(`/v1/contacts/${mark.id}`, { method: 'DELETE' });
    marks.delete(key);
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    marks.set(key, { ...mark, why: `not taken back: ${problem.message}` });
  }
  changed();
}
