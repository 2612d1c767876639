// SPDX-License-Identifier: MIT
// One tap after a call: reached, no answer, wrong person, declined. And what was said so before.
import { html, nothing } from './html.js';
import { keyed } from 'lit/directives/keyed.js';
import { isDoubted } from './ladder.js';
import { time } from './london.js';
import { badge, tag } from './state.js';
import { canTakeBack, toldOf } from './tried.js';

const words = { reached: 'Reached', no_answer: 'No answer', wrong_person: 'Wrong person', declined: 'Declined' };
const reported = { reached: 'reached', no_answer: 'reported no answer', wrong_person: 'reported wrong person', declined: 'reported declined' };

function doubtOf(told) {
  if (told.state === 'lost') return `. Not recorded: ${told.why.replace(/\.$/, '')}. Tell your switchboard`;
  return told.why ? `. ${told.why}` : '';
}

/** "Jo Jones: reported wrong person 03:12, by St Oswin's Hospital" */
export function toldText(item, rung) {
  const told = toldOf(item, rung);
  if (told.state === 'here') return `${rung.name}: ${words[told.outcome].toLowerCase()} ${time(told.at)}`;
  const by = told.place && told.place !== item.place ? `, by ${told.place_name || told.place}` : '';
  return `${rung.name}: ${reported[told.outcome]} ${time(told.at)}${by}${doubtOf(told)}`;
}

const small = (label, name, key, act) => html`<button type="button" class="undo" aria-label=${name} data-key=${key} @click=${act}>${label}</button>`;

// A report that this screen cannot take back (another's, or its own before the page was opened again): who reaches the person all the same says so.
const isOthers = (told, rung) => rung.rung && told.outcome !== 'reached' && !told.mine;

/** A line about somebody who was tried, with the way to take it back, to put it right, or to send it again. */
export function toldLine(item, rung, view) {
  const told = toldOf(item, rung);
  if (!told) return nothing;
  const key = `${item.function}/told/${rung.key}`;
  const back = canTakeBack(told) ? small('Take back', `Take back the report of ${rung.name}`, key, () => view.takeBack(rung)) : nothing;
  const again = told.state === 'lost' ? small('Send again', `Send the report of ${rung.name} again`, key, () => view.sendAgain(rung)) : nothing;
  const after = view.mayReport && isOthers(told, rung) ? small('Reached after all', `Reached after all: ${rung.name}, ${item.name}`, `${key}/after`, () => view.report(rung, 'reached')) : nothing;
  return html`<p class="told ${told.outcome} ${told.state || ''}">${toldText(item, rung)} ${back}${again}${after}</p>`;
}

/** The buttons about the one to ring. A number that is on no rota can only be passed over. */
export function reportButtons(item, rung, view) {
  if (!view.mayReport || !rung || !rung.number) return nothing;
  const told = toldOf(item, rung);
  if (told && told.mine && told.outcome === 'reached') return nothing;
  const outcomes = rung.rung ? Object.keys(words) : ['no_answer'];
  const one = (outcome) => html`<button type="button" class="outcome" aria-label="${words[outcome]}: ${rung.name}, ${item.name}" @click=${() => view.report(rung, outcome)}>${words[outcome]}</button>`;
  // A node of its own for each person: a second press of the same place must not report the next one.
  return keyed(rung.key, html`<div class="report on-screen" role="group" aria-label="After ringing ${rung.name}, ${item.name}">${outcomes.map(one)}</div>`);
}

/** Whether a covered function is in doubt since somebody on call was not reached, or is not the one. */
export function isReported(item) { return item.state === 'covered' && item.on_call.some((person) => isDoubted(item, person)); }

/** The state as the rota says it. Green would say more than that where isReported(). */
export function stateBadge(item) { return isReported(item) ? tag('!', 'reported', 'Rota says covered') : badge(item.state); }
