// SPDX-License-Identifier: MIT
// Telephone numbers as people read them and as links that ring them.
import { html, nothing } from './html.js';

// National form, in the groups in which people read them: codes of three, four or five digits.
export function national(number) {
  if (!number.startsWith('+44')) return number;
  const rest = `0${number.slice(3)}`;
  if (/^02/.test(rest)) return rest.replace(/^(\d{3})(\d{4})(\d+)$/, '$1 $2 $3');
  if (/^(03|08|09|011|01\d1)/.test(rest)) return rest.replace(/^(\d{4})(\d{3})(\d+)$/, '$1 $2 $3');
  return rest.replace(/^(\d{5})(\d+)$/, '$1 $2');
}

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
