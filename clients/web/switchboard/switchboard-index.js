// SPDX-License-Identifier: MIT
// The index in which a switchboard looks up: each function of each place, with the words by which it is found. It holds the server's answers as they
// came; nothing here asks the server.
import { asOf, nextEnd } from '../parts/ends.js';
import { placed } from '../parts/ladder.js';
import { begins, nearly, otherWords, typedWords, wordsOf } from '../parts/match.js';
import { serviceName } from '../parts/person.js';

// A word of a function counts for more than one of a place, and that for more than a name: "camhs mar" is a function somewhere.
const weights = { function: 8, place: 6, person: 5, also: 4, service: 3, code: 2 };

function peopleOf(item) { return [...item.on_call, ...item.last_known, ...(item.not_counted || [])]; }

function indexed(answer, item) {
  const words = [];
  const add = (kind, text) => wordsOf(text).forEach((word) => words.push([word, weights[kind]]));
  add('function', `${item.function} ${item.name}`);
  add('also', otherWords(item.function, item.name).join(' '));
  add('place', answer.place.name);
  add('code', answer.place.code);
  for (const person of peopleOf(item)) {
    add('person', person.name);
    add('service', `${person.service} ${serviceName(person.service)}`);
  }
  return words;
}

const places = new Map(); // by code: { answer, entries }

function entriesOf(answer, instant) {
  return asOf(answer, instant).map((item) => ({ id: `${item.place}/${item.function}`, item, place: answer.place, words: indexed(answer, item) }));
}

/** Takes an answer of /v1/now, as it may be shown at an instant. */
export function learn(said, instant) {
  const answer = placed(said);
  places.set(answer.place.code, { answer, entries: entriesOf(answer, instant) });
}

/** Indexes everything again: whose shift has ended since the server answered is no longer on, and the names of services may be known by now. */
export function reindex(instant) {
  for (const [place, { answer }] of places) places.set(place, { answer, entries: entriesOf(answer, instant) });
}
export function unlearn(place) { places.delete(place); }
export function answerOf(place) { return places.has(place) ? places.get(place).answer : undefined; }
export function entryOf(id) {
  const found = places.get(id.split('/')[0]);
  return found && found.entries.find((one) => one.id === id);
}

/** The places at which somebody is shown by a rota, or at which its source is at fault. */
export function placesOf(rota) {
  const shows = (item) => peopleOf(item).some((person) => person.source && person.source.rota === rota) || (item.sources_at_fault || []).some((one) => one.rota === rota);
  return [...places].filter(([, { answer }]) => answer.functions.some(shows)).map(([place]) => place);
}

/** The places at which a shift has ended since their answer was made: [[place, end], ...]. */
export function endedAt(instant) {
  return [...places].map(([place, { answer }]) => [place, nextEnd(answer)]).filter(([, end]) => end && end <= instant);
}

// The best word that fits what was typed; a whole word counts for a little more. 0: none.
function scoreOf(words, typed, fits) {
  let best = 0;
  for (const [word, weight] of words) {
    if (fits(word, typed)) best = Math.max(best, word === typed ? weight + 1 : weight);
  }
  return best;
}

function matches(wanted, near, fits) {
  const found = [];
  for (const entry of [...places.values()].flatMap((one) => one.entries)) {
    const scores = wanted.map((word) => scoreOf(entry.words, word, fits));
    if (scores.every(Boolean)) found.push([scores.reduce((a, b) => a + b) + (near.includes(entry.place.code) ? 0.5 : 0), entry]);
  }
  // sort() keeps the order of equals.
  return found.sort((a, b) => b[0] - a[0]).map(([, entry]) => entry);
}

/**
 * { entries, isNear }: everything that has every word that was typed, the best first; if nothing has, what is called nearly so. `near`: the places that
 * come first among equals.
 */
export function find(typed, near = []) {
  const wanted = typedWords(typed);
  if (!wanted.length) return { entries: [], isNear: false };
  const entries = matches(wanted, near, begins);
  return entries.length ? { entries, isNear: false } : { entries: matches(wanted, near, nearly()), isNear: true };
}
