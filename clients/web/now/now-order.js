// SPDX-License-Identifier: MIT
// Which functions stand first, and which are shown at all.
import { begins, nearly, otherWords, typedWords, wordsOf } from '../parts/match.js';

const worstFirst = ['gap', 'unknown', 'short', 'covered', 'not_commissioned'];
const keyOf = (place) => `first ${place}`;

/** The functions that somebody keeps at the top for a place, on this screen. */
export function pinned(place) {
  try {
    return new Set(JSON.parse(localStorage.getItem(keyOf(place)) || '[]'));
  } catch {
    // A browser that stores nothing, or something else of that name: nothing is kept at the top.
    return new Set();
  }
}

export function pin(place, code, on) {
  const kept = pinned(place);
  if (on) kept.add(code);
  else kept.delete(code);
  try {
    localStorage.setItem(keyOf(place), JSON.stringify([...kept]));
  } catch {
    return false;
  }
  return true;
}

/**
 * The codes of functions: those kept at the top on this screen, those that the place wants first, then the worst. Those of one kind stay in the order
 * of the answer.
 */
export function orderOf(items, kept) {
  const rank = (item) => (kept.has(item.function) ? -2 : item.first ? -1 : worstFirst.indexOf(item.state));
  return [...items].sort((a, b) => rank(a) - rank(b)).map((item) => item.function);
}

function allWords(item) {
  return [...wordsOf([item.name, item.function, ...item.on_call.map((person) => `${person.name || ''} ${person.role || ''} ${person.service || ''}`)].join(' ')),
    ...otherWords(item.function, item.name)];
}

function having(items, typed, fits) {
  return items.filter((item) => {
    const words = allWords(item);
    return typed.every((one) => words.some((word) => fits(word, one)));
  });
}

/**
 * { found, isNear }: the functions of the chosen state ('' for any) that have every word that was typed; if none has, in whatever state, those that are
 * called nearly so.
 */
export function wantedOf(items, { typed, state }) {
  const words = typedWords(typed);
  const exact = having(items, words, begins);
  const found = exact.length ? exact : having(items, words, nearly());
  return { found: found.filter((item) => !state || item.state === state), isNear: !exact.length && found.length > 0 };
}

/** How many functions are in each state: [["gap", 2], ...], the worst first, without those that are in none. */
export function countsOf(items) {
  return worstFirst.map((state) => [state, items.filter((item) => item.state === state).length]).filter(([, n]) => n);
}
