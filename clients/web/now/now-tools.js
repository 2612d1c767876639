// SPDX-License-Identifier: MIT
// What is above the functions: a field to find one as one types, and the states that there are, to see one alone.
import { html } from '../parts/html.js';
import { states } from '../parts/state.js';

function chip([state, n], chosen, choose) {
  const [sign, words] = states[state];
  return html`<button type="button" class="chip ${state}" aria-pressed=${String(chosen === state)} @click=${() => choose(chosen === state ? '' : state)}>
    <span aria-hidden="true" class="sign">${sign}</span><span class="chip-count">${n}</span><span class="chip-words">${words}</span></button>`;
}

/**
 * `wish`: { typed, state }. `change(part of a wish)` is told what somebody chose, `first()` that the first match is wanted, `elsewhere()` that the
 * person lives elsewhere.
 */
export function tools(counts, wish, { change, first, elsewhere }) {
  const key = (event) => {
    if (event.key === 'Enter') first();
    if (event.key !== 'Escape') return;
    event.target.value = '';
    change({ typed: '' });
  };
  return html`<div class="find"><label class="out-of-sight" for="find">Find a function</label>
      <input class="nhsuk-input" type="search" id="find" placeholder="Find a function" autocomplete="off" spellcheck="false" enterkeyhint="go"
        @input=${(event) => change({ typed: event.target.value })} @keydown=${key}></div>
    <button type="button" class="chip elsewhere-toggle" id="elsewhere-toggle" aria-expanded="false" aria-controls="elsewhere" @click=${elsewhere}>They live elsewhere</button>
    <div class="chips" role="group" aria-label="One state alone">${counts.map((one) => chip(one, wish.state, (state) => change({ state })))}</div>`;
}
