// SPDX-License-Identifier: MIT
// The documents by which a function is asked for at a place, as links.
import { html } from './html.js';

/** A line for each of `protocols`, of /v1/now. */
export function protocolLines(protocols) {
  return (protocols || []).map((one) => html`<p class="protocol"><strong>Protocol</strong>: <a href=${one.url || one.pdf} target="_blank" rel="noopener noreferrer">${one.name}</a>, version ${one.version}${one.pdf ? ' (PDF)' : ''}, ${one.overdue ? html`<strong class="warning">its review was due on ${one.review}</strong>` : `review by ${one.review}`}</p>`);
}
