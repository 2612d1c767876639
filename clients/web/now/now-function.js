// SPDX-License-Identifier: MIT
// One function of the Now page. Closed: its state, whom to ring and the number. Opened: the order of ringing, notes, what to do if nobody answers.
import { html, nothing } from '../parts/html.js';
import { shortWhen, time, when } from '../parts/london.js';
import { noteLines } from '../parts/note.js';
import { protocolLines } from '../parts/protocol.js';
import { hasPeople, ladder, whomToRing } from '../parts/ladder.js';
import { disputed, doubt, lastKnownText, nameOf, nextText, people, roleText, tierOf } from '../parts/person.js';
import { isReported, reportButtons, stateBadge, toldLine } from '../parts/report.js';
import { rings } from '../parts/ring.js';

// ------------------------------------------------------------------------------------------------------------------------ closed

const nobody = {
  gap: 'Nobody is on the rota',
  unknown: 'Nobody can say who is on',
  not_commissioned: 'No cover is commissioned here at this hour',
};

// Of the many things that can be said, those that may change whom one rings. `person`: null where nobody counts.
function cautions(item, person) {
  const source = person && person.source;
  const stale = source && source.freshness !== 'fresh' && source.checked_at && !source.upload;
  const said = [(item.disputes || []).length ? 'Check: not agreed who is on' : '', person ? doubt(person) : '', stale ? `Rota last read ${shortWhen(source.checked_at)}` : '',
    source && source.as_last_read ? 'As last read' : '', source && source.held ? 'Rota held back: the last good copy' : ''];
  return said.filter(Boolean).map((one) => html`<p class="warning">${one}</p>`);
}

function checked({ source }) {
  return source && source.checked_at && !source.upload ? html`<span class="on-wide on-screen">. Rota checked ${time(source.checked_at)}</span>` : nothing;
}

function whom(item, person) {
  const others = item.on_call.length - 1;
  const short = item.state === 'short' ? html`<p class="warning">${item.present} of the ${item.required} needed</p>` : nothing;
  return html`<p class="name"><strong>${nameOf(person)}</strong><span class="role on-wide"> ${roleText(item, person, others > 0)}</span></p>
    <p class="until">until ${shortWhen(person.until)}<span class="on-wide">${nextText(person)}</span>${others ? `, and ${others} more` : nothing}${checked(person)}</p>${short}${cautions(item, person)}`;
}

// Where nobody in particular is to be rung: why, and which number instead.
function instead(item, step, passed) {
  const only = item.state === 'not_commissioned' && item.hours ? `, only ${item.hours}` : '';
  const why = hasPeople(item) ? nothing : html`<p class=${item.state === 'gap' ? nothing : 'on-wide'}>${nobody[item.state] || 'Nobody is shown'}${only}</p>`;
  const name = step ? step.name : passed.length ? 'All of these were tried: ask your switchboard' : 'Ask your switchboard';
  return html`${why}<p class="name"><strong>${name}</strong></p>${cautions(item, null)}
    ${item.last_known.map((person) => html`<p class="last-known on-screen">${lastKnownText(person)}</p>`)}`;
}

function lead(item, { step, passed }) {
  const of = step && step.person;
  const notes = [...(item.notes || []), ...((of && of.notes) || [])];
  return html`${of ? whom(item, of) : instead(item, step, passed)}${noteLines(notes)}`;
}

// Under whom to ring now: who was tried before.
function tries(item, { step, passed }, view) {
  const told = [...(step ? [step] : []), ...passed].map((one) => toldLine(item, one, view)).filter((one) => one !== nothing);
  return told.length ? html`<div class="tries">${told}</div>` : nothing;
}

function call(step) {
  if (step && step.number) return step.number;
  return step && step.person ? 'Ask your switchboard' : nothing;
}

// ------------------------------------------------------------------------------------------------------------------------ opened

// What the closed row does not say already.
function countText(item) {
  if (item.state === 'covered') return item.required > 1 ? `${item.required} needed, ${item.present} on the rota` : '';
  return item.state === 'not_commissioned' ? nobody[item.state] : '';
}

// What is wrong with a source is for those who can fix it: what it means for everybody else is in the state and its cause.
function sourceFault(source, mayFix) {
  const instead = source.upload ? `, ${source.upload.text}` : source.held ? ' is held back, the last good copy is used' : '';
  if (!mayFix && !instead) return nothing;
  return html`<p class="source fault">Rota ${source.rota}${instead}${mayFix ? `: ${source.fault}` : ''}</p>`;
}

function notes(item, mayFix) {
  const count = countText(item);
  return html`${count ? html`<p class="count">${count}</p>` : nothing}${item.hours ? html`<p class="count">Commissioned ${item.hours}</p>` : nothing}
    ${(item.disputes || []).map((one) => html`<p class="warning"><strong>Check: </strong>${one}</p>`)}
    ${item.cause ? html`<p class="cause">${item.cause}</p>` : nothing}
    ${(item.sources_at_fault || []).map((one) => sourceFault(one, mayFix))}`;
}

const part = (heading, content) => html`<h3>${heading}</h3>${content}`;

// Entries of a rota that a person must still decide: they are no cover, but they may be a hint.
function undecided(one) {
  return html`<p class="undecided">Rota ${one.rota} says, undecided, until ${when(one.until)}: <strong>${one.title === null ? 'not shown to you' : one.title || 'nothing'}</strong></p>`;
}

function lists(item) {
  const onCall = item.on_call.length > 1 ? 'On call, in this order' : 'On call';
  return html`${item.on_call.length ? part(onCall, people(item, item.on_call, 'on')) : nothing}
    ${(item.not_counted || []).length ? part('On the rota, but does not count here', people(item, item.not_counted, 'not')) : nothing}
    ${(item.disputed || []).length ? part('Not agreed who is on: ring them, or the switchboard', item.disputed.map((one, i) => disputed(item, one, i))) : nothing}
    ${item.last_known.length ? part('Last known, not confirmed', people(item, item.last_known, 'last')) : nothing}
    ${(item.undecided || []).map(undecided)}`;
}

function opened(item, { mayFix, pinned, pin }) {
  const some = [item.on_call, item.not_counted, item.disputed, item.last_known, item.undecided].some((list) => (list || []).length);
  return html`<div class="notes">${notes(item, mayFix)}</div>${some ? html`<div class="lists">${lists(item)}</div>` : nothing}${rings(item)}${protocolLines(item.protocols)}
    <p class="on-screen"><button type="button" class="chip" aria-pressed=${String(pinned)} @click=${pin}>Keep at the top on this screen</button></p>`;
}

// ------------------------------------------------------------------------------------------------------------------------ paper

// What a printed row has besides the closed one: who else is on, who was last known, and what to do if nobody answers.
function paper(item, { step, passed }) {
  const later = ladder(item).filter((one) => one !== step && !passed.some((tried) => tried.key === one.key) && one.key !== (step && step.key));
  return html`<div class="on-paper">${later.map(({ person, name, number }) => (person
    ? html`<p>${tierOf(person)}: ${name}, until ${shortWhen(person.until)}${number ? html`, ${number}` : nothing}</p>`
    : html`<p>If nobody answers: ${name} ${number || nothing}</p>`))}${item.last_known.map((person) => html`<p>${lastKnownText(person)}</p>`)}</div>`;
}

/**
 * `view`: { of, open, called, pinned, mayFix, mayReport, toggle(), pin(), call(), report(step, outcome), takeBack(step), sendAgain(step) }. `of`: how many
 * functions there are. `called`: a number in the row was rung, so that the buttons for what came of it are shown where there is little room.
 */
export function functionRow(item, view) {
  const id = `function-${item.function}`;
  const ring = whomToRing(item);
  return html`<section class="function ${isReported(item) ? 'reported' : item.state} ${view.open ? 'is-open' : ''} ${view.called ? 'is-called' : ''}" aria-labelledby=${id}>
    <div class="closed"><div class="what" data-of=${view.of}><h2 id=${id} tabindex="-1"><button type="button" class="opens" aria-expanded=${String(view.open)} aria-controls="more-${item.function}"
      data-key="${item.function}/open" @click=${view.toggle}>${item.name}</button></h2>${stateBadge(item)}</div>
      <div class="who">${lead(item, ring)}</div><div class="call" @click=${view.call}>${call(ring.step)}</div>${reportButtons(item, ring.step, view)}${tries(item, ring, view)}</div>
    <div class="more" id="more-${item.function}" ?hidden=${!view.open}>${view.open ? opened(item, view) : nothing}</div>${paper(item, ring)}</section>`;
}
