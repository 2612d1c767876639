// SPDX-License-Identifier: MIT
// Shifts that have ended on the screen since the server last answered: those people are no longer on, and who comes next is not confirmed.
import { when } from './london.js';

/** So long a shift that has ended is shown as it was, while the server is asked. */
export const GRACE_MS = 5000;

const endOf = (person) => Date.parse(person.until);

/** The next end of a shift after the answer was made, when the server must be asked again; 0: none. */
export function nextEnd(answer) {
  const made = Date.parse(answer.at);
  const ends = answer.functions.flatMap((item) => item.on_call.map(endOf)).filter((end) => end > made);
  return ends.length ? Math.min(...ends) : 0;
}

const QUARTER_MS = 900000;
const SPREAD_MS = 3000;
let quarter = 0;

/**
 * Each second: calls `ask()` at each quarter of an hour, when most shifts begin. That a shift begins as planned is no event, and no end tells of it where
 * nobody was on before.
 */
export function tickQuarter(instant, ask) {
  const now = Math.floor(instant / QUARTER_MS);
  // Not every page of a region in the same instant.
  if (quarter && now !== quarter) setTimeout(ask, Math.random() * SPREAD_MS);
  quarter = now;
}

// Without a number of their own: the answer has only their name.
function follower(person) {
  if (!person.next || !person.next.name) return null;
  return { ...person, name: person.next.name, since: person.next.from, until: null, next: null, work_phone: null, follows: true };
}

function since(item, over) {
  return {
    ...item,
    state: 'unknown',
    on_call: item.on_call.filter((person) => !over.includes(person)),
    last_known: [...over.map(follower).filter(Boolean), ...over, ...item.last_known],
    cause: `A shift ended at ${when(Math.min(...over.map(endOf)))}, and the server has not said since then who is on.`,
  };
}

/** The functions of an answer as they may be shown at an instant of the server's time. Five seconds after the end of a shift it no longer counts. */
export function asOf(answer, instant) {
  const made = Date.parse(answer.at);
  return answer.functions.map((item) => {
    const over = item.on_call.filter((person) => endOf(person) > made && endOf(person) + GRACE_MS <= instant);
    return over.length ? since(item, over) : item;
  });
}
