// SPDX-License-Identifier: MIT
// Whom to ring for a function of a place, one after the other: those on call, then the numbers for when nobody answers. `item` is a function of an
// answer, with its `place` (placed()).
import { html } from './html.js';
import { nameOf, numbersOf } from './person.js';
import { ringsOf } from './ring.js';
import { national, ownRing, ringing } from './phone.js';
import { isPassed, toldOf } from './tried.js';

/** The functions of an answer, each with the place that it is of. */
export function placed(answer) { return { ...answer, functions: answer.functions.map((item) => ({ ...item, place: answer.place.code })) }; }

/** Whether the state says that those on call are to be rung; where it does not, the other numbers stand first and alone. */
export function hasPeople(item) { return ['covered', 'short'].includes(item.state) && item.on_call.length > 0; }

// The entry of the rota: somebody may be on by two.
const personKey = (person) => person.entry || `${person.service}/${person.name || ''}`;

// What is typed into a telephone: the number, or without one the extension or bleep that a switchboard is asked for.
function dialled({ phone: number, extension, bleep }) { return number ? national(number) : extension || bleep || ''; }

function rungOfPerson(item, person) {
  const key = personKey(person);
  const [first] = numbersOf(person, `${item.function}/first/${key}`);
  return {
    key, name: nameOf(person), person, rung: person.entry ? { entry: person.entry } : null, reported: person.reported, dial: dialled(person), own: dialled(ownRing(person)),
    number: first ? html`<span class="numbers">${first[1]}</span>` : null,
  };
}

function rungOfRing(item, one) {
  const number = one.ring && one.ring.phone ? html`<span class="numbers">${ringing(one.ring.phone, one.ring, `${item.function}/first/${one.key}`)}</span>` : null;
  const { kind, service, reported } = one.ring || {};
  return { key: one.key, name: one.text, person: null, rung: kind === 'line' && service ? { service } : null, reported, dial: one.ring ? dialled(one.ring) : '', own: '', number };
}

/**
 * All of them: { key, name, person (null for a number of nobody in particular), rung (what a report names; null for what is on no rota), reported,
 * number (a template, or null), dial (the number as a text), own (that of the person's own telephone) }.
 */
export function ladder(item) {
  const people = hasPeople(item) ? item.on_call.map((person) => rungOfPerson(item, person)) : [];
  return [...people, ...ringsOf(item).map((one) => rungOfRing(item, one))];
}

/**
 * The one to ring now, null if all were tried or there is none, and those that were tried in vain. Where nobody answered, the same number is not
 * given again under another name.
 */
export function whomToRing(item) {
  const rungs = ladder(item);
  const passed = rungs.filter((one) => isPassed(item, one));
  const silent = passed.filter((one) => toldOf(item, one).outcome === 'no_answer').map((one) => one.dial);
  const rung = rungs.find((one) => !passed.includes(one) && (one.own || !silent.includes(one.dial))) || null;
  return { rung, passed };
}

/** Whether somebody on call was reported as not reached, or as the wrong one, and not as reached since. */
export function isDoubted(item, person) {
  const told = toldOf(item, { key: personKey(person), reported: person.reported });
  return Boolean(told) && told.outcome !== 'reached';
}
