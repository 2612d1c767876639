// SPDX-License-Identifier: MIT
import { html, nothing } from './html.js';

const kinds = { first: '', second: ' nhsuk-button--secondary', danger: ' nhsuk-button--warning' };

/**
 * A button. `kind`: first, second, danger. `name` is what screen readers say where the label alone says too little; `gap` and `back` are data-
 * attributes, by which the button is found
 * again after the page was drawn again.
 */
export function button(label, act, { kind = 'first', name = nothing, gap = nothing, back = nothing } = {}) {
  return html`<button type="button" class="nhsuk-button nhsuk-button--small${kinds[kind]}" aria-label=${name} data-gap=${gap} data-back=${back}
    @click=${act}>${label}</button>`;
}
