// SPDX-License-Identifier: MIT
// Telephone numbers as people read them and as links that ring them.
import { html, nothing } from './html.js';
import { national } from './national.js';

export { national };

/** A telephone number as a link that rings it. `key` finds the link again after the page was drawn again. */
export function phone(number, key) {
  return html`<a class="phone" href="tel:${number}" data-key=${key}>${national(number)}</a>`;
}

/** The same with what to dial after it. `ring` has extension, bleep and via_switchboard beside the number. */
export function ringing(number, { extension, bleep, via_switchboard: via }, key) {
  const after = [extension ? `ext ${extension}` : null, bleep ? `bleep ${bleep}` : null].filter(Boolean).join(', ');
  const space = number && !extension ? ', ' : ' ';
  return html`<span class="ringing">${via ? 'via switchboard ' : nothing}${number ? phone(number, key) : nothing}${after ? `${space}${after}` : nothing}</span>`;
}

/* The members of an answer that belong to a person's own telephone, as `ringing` takes them. */
export function ownRing(person) {
  return { phone: person.work_phone, extension: person.work_extension, bleep: person.work_bleep, via_switchboard: person.work_via_switchboard };
}
