// SPDX-License-Identifier: MIT
// A shift that has ended on the screen since the server last answered: the person who was on by it is no longer on, and nobody has confirmed who follows.
import { when } from './london.js';

const GRACE_MS = 5000;

const endOf = (person) => Date.parse(person.until);

/** The next end of a shift after the answer was made, or 0: then the server is to be asked again. */
export function nextEnd(answer) {
  const made = Date.parse(answer.at);
  const ends = answer.functions.flatMap((item) => item.on_call.map(endOf)).filter((end) => end > made);
  return ends.length ? Math.min(...ends) : 0;
}

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

/** The functions of an answer as they may be shown at an instant of the server's time: five seconds after a shift's end nothing rests on it any more. */
export function asOf(answer, instant) {
  const made = Date.parse(answer.at);
  return answer.functions.map((item) => {
    const over = item.on_call.filter((person) => endOf(person) > made && endOf(person) + GRACE_MS <= instant);
    return over.length ? since(item, over) : item;
  });
}
