// SPDX-License-Identifier: MIT
// What a switchboard or a manager has noted about a person, a line or a function for the next hours.
import { html } from './html.js';
import { shortWhen } from './london.js';

/** Lines of notes; `more(note)` adds to each what can be done about it. */
export function noteLines(notes, more = () => '') {
  return (notes || []).map((one) => html`<p class="note"><strong>Note</strong> until ${shortWhen(one.until)}: ${one.text}${one.by ? html` <span class="by">(${one.by.replace('_', ' ')})</span>` : ''} ${more(one)}</p>`);
}
