// SPDX-License-Identifier: MIT
import { render } from './html.js';
import { keyed } from 'lit/directives/keyed.js';

let turn = 0;

/** Draws in the place of what was there before, and keeps nothing of that: what somebody typed about one thing is not left in a form about another. */
export function fresh(template, container) {
  turn += 1;
  render(keyed(turn, template), container);
}
