// SPDX-License-Identifier: MIT
// The five states, never distinguished by colour alone: a sign and words as well.
import { html } from './html.js';

/** As commissioners read them: what is there, then what is missing. */
export const order = ['covered', 'short', 'gap', 'unknown', 'not_commissioned'];
export const states = {
  covered: ['✓', 'Covered'],
  short: ['!', 'Short'],
  gap: ['✕', 'Gap'],
  unknown: ['?', 'We cannot confirm'],
  not_commissioned: ['–', 'Not commissioned'],
};

export function tag(sign, colour, words) {
  return html`<span class="badge ${colour}"><span aria-hidden="true" class="sign">${sign}</span> ${words}</span>`;
}

export function badge(state, words = states[state][1]) {
  return tag(states[state][0], state, words);
}
