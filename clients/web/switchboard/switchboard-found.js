// SPDX-License-Identifier: MIT
// What was found, as a list to choose from, and the chosen one with all its numbers, its order of ringing and its notes.
import { html, nothing } from '../parts/html.js';
import { repeat } from 'lit/directives/repeat.js';
import { ladder, whomToRing } from '../parts/ladder.js';
import { shortWhen, time } from '../parts/london.js';
import { noteLines } from '../parts/note.js';
import { doubt, lastKnownText, nameOf, nextText, numbersOf, roleText } from '../parts/person.js';
import { reportButtons, stateBadge, toldLine } from '../parts/report.js';
import { placeText } from '../parts/words.js';

const nobody = { gap: 'Nobody is on the rota', unknown: 'Nobody can say who is on', not_commissioned: 'Not commissioned at this hour' };

/** Whom to ring for an entry, in one line. */
export function whoText({ item }, step) {
  if (step && step.person) return step.name;
  return [nobody[item.state], step ? step.name : 'ask further'].filter(Boolean).join(': ');
}

/** "Jo Jones, 01632 960456": what a copied number is said to be. */
export function dialText(step, own = false) {
  const text = own ? step.own : step.dial;
  return text ? `${text}, ${step.name}` : '';
}

// Who else is on: a name that was typed is seen in what it found.
function alsoOn({ item }, step, passed) {
  const told = [step, ...passed].map((one) => one && one.name);
  const names = item.on_call.map(nameOf).filter((name, i, all) => !told.includes(name) && all.indexOf(name) === i);
  if (!names.length) return '';
  return `, also ${names.slice(0, 2).join(', ')}${names.length > 2 ? ` and ${names.length - 2} more` : ''}`;
}

function option(entry, i, chosen, choose) {
  const { item, place } = entry;
  const { step, passed } = whomToRing(item);
  const notes = [...(item.notes || []), ...((step && step.person && step.person.notes) || [])];
  return html`<div role="option" id="option-${i}" class="found ${item.state} ${chosen ? 'is-chosen' : ''}" aria-selected=${String(chosen)} @click=${() => choose(entry.id)}>
    <span class="found-what"><strong>${item.name}</strong> <span class="found-place">${place.name}</span></span> ${stateBadge(item)}
    <span class="found-who">${whoText(entry, step)}${step && step.person ? html`<span class="until"> until ${shortWhen(step.person.until)}</span>` : nothing}${alsoOn(entry, step, passed)}${
      passed.length ? html`<span class="told"> (not reached: ${passed.map((one) => one.name).join(', ')})</span>` : nothing}</span>
    <span class="found-dial">${step ? step.dial || 'via switchboard' : nothing}</span>
    ${notes.length ? html`<span class="found-note">Note until ${time(notes[0].until)}: ${notes[0].text}</span>` : nothing}</div>`;
}

/** The list. `chosen`: the id of an entry; `choose(id)` is told of a click. */
export function foundList(entries, chosen, choose) {
  return repeat(entries, (one) => one.id, (one, i) => option(one, i, one.id === chosen, choose));
}

function stepLine(item, step, i, { copy }) {
  const { person } = step;
  const numbers = person ? numbersOf(person, `detail/${i}`) : [];
  return html`<li class="step"><p class="name"><strong>${step.name}</strong>${person ? html`<span class="role"> ${roleText(item, person, item.on_call.length > 1)}</span>` : nothing}</p>
    ${person ? html`<p class="numbers">${numbers.map(([whose, number]) => html`<span><span class="whose">${whose}</span>${number}</span> `)}</p>` : html`<p class="numbers">${step.number || nothing}</p>`}
    ${step.dial ? html`<button type="button" class="undo" aria-label="Copy ${step.dial}, ${step.name}" @click=${() => copy(step.dial, step.name)}>Copy</button>` : nothing}
    ${person ? html`<p class="until">until ${shortWhen(person.until)}${nextText(person)}. Rota ${person.source.rota}${person.source.checked_at ? `, checked ${time(person.source.checked_at)}` : ''}</p>` : nothing}
    ${person && doubt(person) ? html`<p class="warning">${doubt(person)}</p>` : nothing}</li>`;
}

/**
 * The chosen entry. `view`: what reportButtons() and toldLine() want, and { copy(number, name), note(), takeNote(note), mayTake(note), form (a template,
 * while a note is written) }.
 */
export function detail(entry, view) {
  if (!entry) return nothing;
  const { item, place } = entry;
  const { step, passed } = whomToRing(item);
  const notes = [...(item.notes || []), ...item.on_call.flatMap((person) => person.notes || [])];
  const away = (note) => (view.mayTake(note) ? html`<button type="button" class="undo" aria-label="Remove the note ${note.text}" @click=${() => view.takeNote(note)}>Remove</button>` : nothing);
  return html`<section class="chosen ${item.state}" aria-labelledby="chosen">
    <h2 id="chosen">${item.name}<span class="chosen-place"> ${place.name}</span></h2><p class="hint">${placeText(place.code)}</p>
    <p>${stateBadge(item)} ${item.state === 'covered' ? nothing : html`<span>${nobody[item.state] || `${item.present} of the ${item.required} needed`}</span>`}</p>
    ${(item.disputes || []).map((one) => html`<p class="warning"><strong>Check: </strong>${one}</p>`)}
    ${item.cause ? html`<p class="cause">${item.cause}</p>` : nothing}${item.hours ? html`<p class="hint">Commissioned ${item.hours}</p>` : nothing}
    ${item.last_known.map((person) => html`<p class="last-known">${lastKnownText(person)}</p>`)}
    ${passed.map((one) => toldLine(item, one, view))}${step ? toldLine(item, step, view) : nothing}${noteLines(notes, away)}
    ${view.form || html`<div class="acts">${reportButtons(item, step, view)}<button type="button" class="outcome" @click=${view.note}>Note</button></div>`}
    <h3 class="out-of-sight">Whom to ring, in this order</h3><ol class="steps">${ladder(item).map((one, i) => stepLine(item, one, i, view))}</ol></section>`;
}

const MOST_CHANGES = 15;

/** What changed within the last hour, the newest first; `begun`: the places that are not known for so long, as of beginnings(). */
export function hourList(lines, begun) {
  return html`<h2>Changed in the last hour</h2>
    ${lines.length ? html`<ul class="changes">${lines.slice(0, MOST_CHANGES).map((one) => html`<li><span class="change-at">${time(one.at)}</span> <span><strong>${one.name}</strong>, ${one.places.join(', ')}: ${one.text}</span></li>`)}</ul>${lines.length > MOST_CHANGES ? html`<p class="hint">${lines.length - MOST_CHANGES} more, older than these</p>` : nothing}`
      : html`<p>Nothing that this page has seen.</p>`}
    ${begun.map(({ at, names, isAll }) => html`<p class="hint">Nothing from before ${time(at)} is known of ${isAll ? 'any place' : names.join(', ')}.</p>`)}`;
}
