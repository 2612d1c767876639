// SPDX-License-Identifier: MIT
// Which numbers there are besides those of people: if nobody answers, or if nobody is on.
import { html, nothing } from './html.js';
import { repeat } from 'lit/directives/repeat.js';
import { noteLines } from './note.js';
import { ringing } from './phone.js';

const kinds = { switchboard: 'Ring the switchboard', fallback: 'Fallback', line: 'The service\u2019s own line' };

/** The numbers of a function in the order in which to try them: { text, ring, key }. The last may be a text alone. */
export function ringsOf(item) {
  const ring = item.ring || [];
  // The key is the kind and not the index, so that the focus stays on a number when another comes before it.
  const keyOf = (one, i) => (ring.findIndex((other) => other.kind === one.kind) === i ? one.kind : `${one.kind}/${i}`);
  const found = ring.map((one, i) => ({ text: one.text || kinds[one.kind], ring: one, key: keyOf(one, i) }));
  const { fallback } = item;
  // A fallback that has a number is among those.
  if (fallback && fallback.text && !ring.some((one) => one.phone === fallback.phone)) {
    found.push({ text: fallback.text, ring: fallback.phone ? { phone: fallback.phone } : null, key: 'fallback' });
  }
  return found;
}

const number = (item, one) => (one.ring && one.ring.phone ? html`<span class="numbers">${ringing(one.ring.phone, one.ring, `${item.function}/${one.key}`)}</span>` : nothing);

/** All of them, under a heading that says when. */
export function rings(item) {
  const urgent = item.state !== 'covered';
  const found = ringsOf(item);
  const none = !found.length && ['gap', 'unknown'].includes(item.state);
  if (!found.length && !none) return nothing;
  return html`<div class="fallback"><h3>${urgent ? 'Ring, in this order' : 'If nobody answers'}</h3>
    ${none ? html`<p>No number is known: ask your switchboard.</p>` : nothing}
    <ol class="rings">${repeat(found, (one) => one.key, (one) => html`<li><span class="ring-text">${one.text}</span> ${number(item, one)}${one.ring ? noteLines(one.ring.notes) : nothing}</li>`)}</ol></div>`;
}
