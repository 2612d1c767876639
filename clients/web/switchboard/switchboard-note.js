// SPDX-License-Identifier: MIT
// A note for the next hours, on a person, a line or a function of a place.
import { html, nothing } from '../parts/html.js';
import { now, rfc3339, time, when } from '../parts/london.js';
import { serviceName } from '../parts/person.js';

const MOST_BYTES = 200;
const HOUR_MS = 3600000;
const DAY_MS = 24 * HOUR_MS;
const MINUTE_MS = 60000;

/** What a note can be on, for a function, the one to ring (null: nobody) and the person that it is, if that is known: [[words, on], ...]. */
export function subjectsOf(item, step, person) {
  const found = [];
  const on = step && step.person;
  if (on && on.entry) found.push([`${step.name}, on this shift`, { entry: on.entry }]);
  if (on && on.service) found.push([`The line of ${serviceName(on.service)}`, { service: on.service }]);
  found.push([`${item.name}, here`, { place: item.place, function: item.function }]);
  // Last, since it comes when the form is open already.
  if (person) found.push([`${person.name}, wherever they are on`, { person: person.id }]);
  return found;
}

// The next instant at which London's clocks show it. The minutes are gone through, since on the days of change one is missing or comes twice.
function nextAt(wall) {
  const first = Math.ceil((now() + 1) / MINUTE_MS) * MINUTE_MS;
  for (let at = first; at < first + DAY_MS + HOUR_MS; at += MINUTE_MS) if (time(at) === wall) return at;
  return null;
}

/** The instant that "04:00" or "+2" (hours) means now; null if none, or if it is more than seven days ahead. */
export function untilOf(typed) {
  const hours = /^\+?(\d{1,3})\s*h?$/.exec(typed.trim());
  if (hours) return Number(hours[1]) > 0 && Number(hours[1]) <= 168 ? now() + Number(hours[1]) * HOUR_MS : null;
  const wall = /^(\d{1,2})[:.](\d{2})$/.exec(typed.trim());
  return wall ? nextAt(`${wall[1].padStart(2, '0')}:${wall[2]}`) : null;
}

export function faultOf({ text, until }) {
  if (!text.trim()) return ['note-text', 'Write the note.'];
  if (new TextEncoder().encode(text.trim()).length > MOST_BYTES) return ['note-text', `The note is longer than ${MOST_BYTES} letters.`];
  if (!untilOf(until)) return ['note-until', 'Write until when: a time such as 04:00, or hours such as +2, at most +168.'];
  return null;
}

/** The note as the server takes it. */
export function noteOf({ text, until, on }, subjects) {
  return { on: subjects[on][1], text: text.trim(), until: rfc3339(untilOf(until)) };
}

function untilText(until) {
  const at = untilOf(until);
  return at ? `Until ${when(at)}` : 'A time such as 04:00, or hours such as +2';
}

/** The template of the form. `draft`: { text, until, on (index of a subject), fault: [field, sentence] or null, person }. */
export function noteForm(draft, subjects, { change, save, close }) {
  const bad = (field) => (draft.fault && draft.fault[0] === field ? 'true' : nothing);
  return html`<form class="note-form" aria-labelledby="note-heading" @submit=${save} @keydown=${(event) => { if (event.key === 'Escape') close(); }}>
    <h3 id="note-heading">A note for the next hours</h3>
    <p class="hint">Nothing about a patient. Everybody who looks this up sees it</p>
    <div class="nhsuk-form-group"><label class="nhsuk-label" for="note-text">Note</label>
      <input class="nhsuk-input" id="note-text" type="text" autocomplete="off" aria-invalid=${bad('note-text')} aria-describedby=${bad('note-text') === 'true' ? 'note-fault' : nothing}
        .value=${draft.text} @input=${(event) => change({ text: event.target.value })}></div>
    <div class="note-row"><div class="nhsuk-form-group"><label class="nhsuk-label" for="note-on">On</label>
      <select class="nhsuk-select" id="note-on" @change=${(event) => change({ on: Number(event.target.value) })}>
        ${subjects.map(([words], i) => html`<option value=${i} ?selected=${i === draft.on}>${words}</option>`)}</select></div>
    <div class="nhsuk-form-group"><label class="nhsuk-label" for="note-until">Until</label>
      <input class="nhsuk-input" id="note-until" type="text" autocomplete="off" aria-describedby="note-until-text" aria-invalid=${bad('note-until')}
        .value=${draft.until} @input=${(event) => change({ until: event.target.value })}></div></div>
    <p class="hint" id="note-until-text">${untilText(draft.until)}</p>
    ${draft.fault ? html`<p class="notice" id="note-fault" role="alert">${draft.fault[1]}</p>` : nothing}
    <button type="submit" class="nhsuk-button nhsuk-button--small">Save the note</button>
    <button type="button" class="nhsuk-button nhsuk-button--small nhsuk-button--secondary" @click=${close}>Cancel</button></form>`;
}
