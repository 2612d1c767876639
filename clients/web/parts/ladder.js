// SPDX-License-Identifier: MIT
// Whom to ring for a function of a place, one after the other: by the ladder that is set up for it, in the server's order; else those on call, then the
// numbers for when nobody answers. `item` is a function of an answer, with its `place` (placed()).
import { html } from './html.js';
import { nameOf, numbersOf, serviceName } from './person.js';
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

function stepOfPerson(item, person) {
  const key = personKey(person);
  const [first] = numbersOf(person, `${item.function}/first/${key}`);
  return {
    key, name: nameOf(person), person, subject: person.entry ? { entry: person.entry } : null, reported: person.reported, dial: dialled(person), own: dialled(ownRing(person)),
    number: first ? html`<span class="numbers">${first[1]}</span>` : null,
  };
}

function stepOfRing(item, one) {
  const number = one.ring && one.ring.phone ? html`<span class="numbers">${ringing(one.ring.phone, one.ring, `${item.function}/first/${one.key}`)}</span>` : null;
  const { kind, service, reported } = one.ring || {};
  return { key: one.key, name: one.text, person: null, subject: kind === 'line' && service ? { service } : null, reported, dial: one.ring ? dialled(one.ring) : '', own: '', number };
}

// A step that the set-up gives, in the words of the server. `entry`: also of people who are on call here for another function.
function stepGiven(item, step) {
  const { entry, kind, service, reported } = step;
  const ring = { ...step, phone: step.number };
  const key = entry || `${kind}/${service || step.number || step.step}`;
  const subject = entry ? { entry } : kind === 'line' && service ? { service } : null;
  const number = ring.phone || ring.via_switchboard ? html`<span class="numbers">${ringing(ring.phone, ring, `${item.function}/first/${key}`)}</span>` : null;
  const name = step.name || 'Name not shown to you';
  return { key, name: entry ? `${name}, ${serviceName(service)}` : name, person: null, subject, reported, dial: dialled(ring), own: entry ? dialled(ownRing(step)) : '', number };
}

// Somebody whose shift has ended on this screen is on call no more (ends.js).
function stepsGiven(item, steps) {
  return steps.map((step) => {
    const person = step.entry && item.on_call.find((one) => one.entry === step.entry);
    if (person) return stepOfPerson(item, person);
    return step.entry && step.function === item.function ? null : stepGiven(item, step);
  }).filter(Boolean);
}

/**
 * All of them: { key, name, person (null for a number of nobody in particular), subject (what a report names; null for what is on no rota), reported,
 * number (a template, or null), dial (the number as a text), own (that of the person's own telephone) }.
 */
export function ladder(item) {
  if (item.ladder && item.ladder.of) return stepsGiven(item, item.ladder.steps);
  const people = hasPeople(item) ? item.on_call.map((person) => stepOfPerson(item, person)) : [];
  return [...people, ...ringsOf(item).map((one) => stepOfRing(item, one))];
}

/**
 * The one to ring now, null if all were tried or there is none, and those that were tried in vain. Where nobody answered, the same number is not
 * given again under another name.
 */
export function whomToRing(item) {
  const steps = ladder(item);
  const passed = steps.filter((one) => isPassed(item, one));
  const silent = passed.filter((one) => toldOf(item, one).outcome === 'no_answer').map((one) => one.dial);
  const step = steps.find((one) => !passed.includes(one) && (one.own || !silent.includes(one.dial))) || null;
  return { step, passed };
}

/** Whether somebody on call was reported as not reached, or as the wrong one, and not as reached since. */
export function isDoubted(item, person) {
  const told = toldOf(item, { key: personKey(person), reported: person.reported });
  return Boolean(told) && told.outcome !== 'reached';
}
