// SPDX-License-Identifier: MIT
// One function of the Now page. Closed: its state, whom to ring and the number. Opened: the order of ringing, notes, what to do if nobody answers.
import { html, nothing } from 'lit/html.js';
import { age } from '../parts/age.js';
import { shortWhen, when } from '../parts/london.js';
import { badge } from '../parts/state.js';
import { disputed, doubt, nameOf, nextText, numbersOf, people, roleText, tierOf } from './now-person.js';
import { firstRing, laterRings, rings } from './now-ring.js';

// ------------------------------------------------------------------------------------------------------------------------ closed

const nobody = {
  gap: 'Nobody is on the rota',
  unknown: 'Nobody can say who is on',
  not_commissioned: 'No cover is commissioned here at this hour',
};

function isPerson(item) { return ['covered', 'short'].includes(item.state) && item.on_call.length > 0; }

// Of the many things that can be said, those that may change whom one rings. `person`: null where nobody counts.
function cautions(item, person) {
  const source = person && person.source;
  const stale = source && source.freshness !== 'fresh' && source.checked_at && !source.upload;
  const said = [(item.disputes || []).length ? 'Check: not agreed who is on' : '', person ? doubt(person) : '', stale ? `Rota last read ${shortWhen(source.checked_at)}` : '',
    source && source.as_last_read ? 'As last read' : '', source && source.held ? 'Rota held back: the last good copy' : ''];
  return said.filter(Boolean).map((one) => html`<p class="warning">${one}</p>`);
}

function checked({ source }) {
  return source && source.checked_at && !source.upload ? html`<span class="on-wide on-screen">. Rota checked ${age(source.checked_at)}</span>` : nothing;
}

function whom(item) {
  const [person, ...others] = item.on_call;
  const short = item.state === 'short' ? html`<p class="warning">${item.present} of the ${item.required} needed</p>` : nothing;
  return html`<p class="name"><strong>${nameOf(person)}</strong><span class="role on-wide"> ${roleText(item, person, others.length > 0)}</span></p>
    <p class="until">until ${shortWhen(person.until)}<span class="on-wide">${nextText(person)}</span>${others.length ? `, and ${others.length} more` : nothing}${checked(person)}</p>${short}${cautions(item, person)}`;
}

function call(item) {
  if (!isPerson(item)) return firstRing(item).number;
  const [number] = numbersOf(item.on_call[0], `${item.function}/first`);
  return number ? html`<span class="numbers">${number[1]}</span>` : 'Ask your switchboard';
}

function lead(item) {
  if (isPerson(item)) return whom(item);
  const { text } = firstRing(item);
  // Where there is little room, the state has said as much.
  return html`<p class=${item.state === 'gap' ? nothing : 'on-wide'}>${nobody[item.state] || 'Nobody is shown'}</p><p class="name"><strong>${text || 'Ask your switchboard'}</strong></p>${cautions(item, null)}`;
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
  return html`${count ? html`<p class="count">${count}</p>` : nothing}
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
  return html`<div class="notes">${notes(item, mayFix)}</div>${some ? html`<div class="lists">${lists(item)}</div>` : nothing}${rings(item)}
    <p class="on-screen"><button type="button" class="chip" aria-pressed=${String(pinned)} @click=${pin}>Keep at the top on this screen</button></p>`;
}

// ------------------------------------------------------------------------------------------------------------------------ paper

// What a printed row has besides the closed one: who else is on, and what to do if nobody answers.
function paper(item) {
  const others = item.on_call.slice(isPerson(item) ? 1 : 0);
  return html`<div class="on-paper">${others.map((other) => html`<p>${tierOf(other)}: ${nameOf(other)}, until ${shortWhen(other.until)}${
    numbersOf(other, `${item.function}/paper`).slice(0, 1).map(([, number]) => html`, ${number}`)}</p>`)}${laterRings(item, isPerson(item) ? 0 : 1)}</div>`;
}

/** `view`: { open, pinned, mayFix, toggle(), pin() }. */
export function functionRow(item, view) {
  const id = `function-${item.function}`;
  return html`<section class="function ${item.state} ${view.open ? 'is-open' : ''}" aria-labelledby=${id}>
    <div class="closed"><div class="what"><h2 id=${id} tabindex="-1"><button type="button" class="opens" aria-expanded=${String(view.open)} aria-controls="more-${item.function}"
      data-key="${item.function}/open" @click=${view.toggle}>${item.name}</button></h2>${badge(item.state)}</div>
      <div class="who">${lead(item)}</div><div class="call">${call(item)}</div></div>
    <div class="more" id="more-${item.function}" ?hidden=${!view.open}>${view.open ? opened(item, view) : nothing}</div>${paper(item)}</section>`;
}
