// SPDX-License-Identifier: MIT
// Whom to ring for a function of a place, one after the other, in the server's order, also of an answer that this browser has kept. `item` is a function of
// an answer, with its `place` (placed()).
import { html } from './html.js';
import { now, time } from './london.js';
import { nameOf, numbersOf, serviceName } from './person.js';
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
  const numberAt = (at) => {
    const [first] = numbersOf(person, `${item.function}/${at}/${key}`);
    return first ? html`<span class="numbers">${first[1]}</span>` : null;
  };
  return {
    key, name: nameOf(person), person, subject: person.entry ? { entry: person.entry } : null, reported: person.reported, dial: dialled(person), own: dialled(ownRing(person)),
    number: numberAt('first'), again: () => numberAt('order'),
  };
}

// Where the account is shown no name, or there is none.
const kinds = { switchboard: 'Ring the switchboard', fallback: 'Fallback', line: 'The service\u2019s own line' };

// A step in the words of the server. `entry`: also of people who are on call here for another function.
function stepGiven(item, step) {
  const { entry, kind, service, reported } = step;
  const ring = { ...step, phone: step.number };
  // A fallback is the same one, with people on call before it or not: what was reported of it, and the focus, stay with it.
  const key = entry || `${kind}/${(kind === 'line' && service) || step.number || service || step.step}`;
  const subject = entry ? { entry } : kind === 'line' && service ? { service } : null;
  const numberAt = (at) => (ring.phone || ring.via_switchboard ? html`<span class="numbers">${ringing(ring.phone, ring, `${item.function}/${at}/${key}`)}</span>` : null);
  const until = kind === 'navigator' && step.until ? `, open until ${time(step.until)}` : '';
  const name = step.name ? `${step.name}${until}` : kinds[kind] || 'Name not shown to you';
  return {
    key, name: entry ? `${name}, ${serviceName(service)}` : name, person: null, subject, reported, dial: dialled(ring), own: entry ? dialled(ownRing(step)) : '',
    number: numberAt('first'), again: () => numberAt('order'),
  };
}

// Where to go instead is shown while it is open, by this screen's clock as well: the answer may be an old one.
const isShut = (step) => step.kind === 'navigator' && step.until !== null && Date.parse(step.until) <= now();

/**
 * All of them: { key, name, person (null for a number of nobody in particular), subject (what a report names; null for what is on no rota), reported,
 * number (a template, or null), again() (the same for a second place on the page), dial (the number as a text), own (that of the person's own telephone) }.
 * The order is the server's. Somebody whose shift has ended on this screen is on call no more (ends.js).
 */
export function ladder(item) {
  return item.ladder.steps.filter((step) => !isShut(step)).map((step) => {
    const person = step.entry && item.on_call.find((one) => one.entry === step.entry);
    if (person) return stepOfPerson(item, person);
    return step.entry && step.function === item.function ? null : stepGiven(item, step);
  }).filter(Boolean);
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
