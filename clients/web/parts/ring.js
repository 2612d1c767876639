// SPDX-License-Identifier: MIT
// The order of ringing, as an opened function shows it. Those on call have a list of their own, so that without a ladder only the numbers besides theirs
// are left: for when nobody answers, or nobody is on.
import { html, nothing } from './html.js';
import { repeat } from 'lit/directives/repeat.js';
import { ladder } from './ladder.js';

const line = (one) => html`<li><span class="ring-text">${one.name}</span> ${one.again() || nothing}</li>`;

function heading(item) {
  return item.ladder.of || item.state !== 'covered' ? 'Ring, in this order' : 'If nobody answers';
}

/** All of them, under a heading that says when. */
export function rings(item) {
  const found = ladder(item).filter((one) => item.ladder.of || !one.person);
  const none = !found.length && ['gap', 'unknown'].includes(item.state);
  if (!found.length && !none) return nothing;
  return html`<div class="fallback"><h3>${heading(item)}</h3>
    ${none ? html`<p>No number is known: ask your switchboard.</p>` : nothing}
    <ol class="rings">${repeat(found, (one) => one.key, line)}</ol></div>`;
}
