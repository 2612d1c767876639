// SPDX-License-Identifier: MIT
// One tap after a call: reached, no answer, wrong person, declined. And what was said so before.
import { html, nothing } from './html.js';
import { keyed } from 'lit/directives/keyed.js';
import { isDoubted } from './ladder.js';
import { rungText } from './outcome.js';
import { badge, tag } from './state.js';
import { canTakeBack, toldOf } from './tried.js';

const words = { reached: 'Reached', no_answer: 'No answer', wrong_person: 'Wrong person', declined: 'Declined' };

function doubtOf(told) {
  if (told.state === 'lost') return `. Not recorded: ${told.why.replace(/\.$/, '')}. Tell your switchboard`;
  return told.why ? `. ${told.why}` : '';
}

/** "Jo Jones: rung at 03:12 without answer, by St Oswin's Hospital" */
export function toldText(item, step) {
  const told = toldOf(item, step);
  const by = told.place && told.place !== item.place ? `, by ${told.place_name || told.place}` : '';
  return `${step.name}: ${rungText(told)}${by}${doubtOf(told)}`;
}

const small = (label, name, key, act) => html`<button type="button" class="undo" aria-label=${name} data-key=${key} @click=${act}>${label}</button>`;

// A report that this screen cannot take back (another's, or its own before the page was opened again): who reaches the person all the same says so.
const isOthers = (told, step) => step.subject && told.outcome !== 'reached' && !told.mine;

/** A line about somebody who was tried, with the way to take it back, to put it right, or to send it again. */
export function toldLine(item, step, view) {
  const told = toldOf(item, step);
  if (!told) return nothing;
  const key = `${item.function}/told/${step.key}`;
  const back = canTakeBack(told) ? small('Take back', `Take back the report of ${step.name}`, key, () => view.takeBack(step)) : nothing;
  const again = told.state === 'lost' ? small('Send again', `Send the report of ${step.name} again`, key, () => view.sendAgain(step)) : nothing;
  const after = view.mayReport && isOthers(told, step) ? small('Reached after all', `Reached after all: ${step.name}, ${item.name}`, `${key}/after`, () => view.report(step, 'reached')) : nothing;
  return html`<p class="told ${told.outcome} ${told.state || ''}">${toldText(item, step)} ${back}${again}${after}</p>`;
}

/** The buttons about the one to ring. A number that is on no rota can only be passed over. */
export function reportButtons(item, step, view) {
  if (!view.mayReport || !step || !step.number) return nothing;
  const told = toldOf(item, step);
  if (told && told.mine && told.outcome === 'reached') return nothing;
  const outcomes = step.subject ? Object.keys(words) : ['no_answer'];
  const one = (outcome) => html`<button type="button" class="outcome" aria-label="${words[outcome]}: ${step.name}, ${item.name}" @click=${() => view.report(step, outcome)}>${words[outcome]}</button>`;
  // A node of its own for each person: a second press of the same place must not report the next one.
  return keyed(step.key, html`<div class="report on-screen" role="group" aria-label="After ringing ${step.name}, ${item.name}">${outcomes.map(one)}</div>`);
}

/** Whether a covered function is in doubt since somebody on call was not reached, or is not the one. */
export function isReported(item) { return item.state === 'covered' && item.on_call.some((person) => isDoubted(item, person)); }

/** The state as the rota says it. Green would say more than that where isReported(). */
export function stateBadge(item) { return isReported(item) ? tag('!', 'reported', 'Rota says covered') : badge(item.state); }
