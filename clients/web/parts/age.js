// SPDX-License-Identifier: MIT
import { html } from './html.js';
import { ago } from './london.js';

/** A text with an age: tellAges() updates all of them on the page. */
// The text is a property, so that drawing again and tellAges() write to the same place.
export function age(iso) {
  return html`<span data-since=${iso} .textContent=${ago(iso)}></span>`;
}

export function tellAges() {
  for (const one of document.querySelectorAll('[data-since]')) {
    const said = ago(one.dataset.since);
    if (one.textContent !== said) one.textContent = said;
  }
}
