// SPDX-License-Identifier: MIT
// "They live elsewhere": whom to ring for a person of another area. A council, a GP area or a postcode district is asked for, never more of an
// address; it is not stored, neither here nor in the address of the page, and goes when the panel is closed or after a while.
import { html, nothing, render } from '../parts/html.js';
import { Problem, ask, problemText } from '../parts/ask.js';
import { byId } from '../parts/dom.js';
import { ringing } from '../parts/phone.js';

const FORGET_MS = 180000;
const kinds = { council: 'council', gp_area: 'GP area', postcode_district: 'postcode district' };
// "ZF1 2AB", "ZF12AB": the last three belong to a street.
const whole = /^([a-z]{1,2}\d[a-z\d]?)\s*\d[a-z]{2}$/i;

const none = { open: false, typed: '', matches: null, fault: '', asking: false };
let shown = none;
let forgetting = 0;

const hasNumber = (one) => one.phone || one.extension || one.bleep || one.via_switchboard;

function line(one) {
  const { fallback } = one;
  const key = `elsewhere/${one.place}/${one.function}/${one.service}`;
  return html`<li class="there"><p class="name"><strong>${one.name}</strong>${one.service_name ? html`<span class="role"> ${one.service_name}</span>` : nothing}</p>
    <p class="numbers">${hasNumber(one) ? ringing(one.phone, one, key) : 'No number of a team is known'}</p>${one.hours ? html`<p class="until">${one.hours}</p>` : nothing}
    ${fallback ? html`<p class="instead">If nobody answers: ${fallback.text} ${fallback.phone ? ringing(fallback.phone, fallback, `${key}/fallback`) : nothing}</p>` : nothing}</li>`;
}

function match(one) {
  return html`<section class="area"><h3 tabindex="-1">${one.area === one.name ? one.area : `${one.area}: ${one.name}`} <span class="kind">${kinds[one.kind] || one.kind}</span></h3>
    <p class="hint">${one.place}. Team numbers: who is on call there is not shown here</p>
    ${one.switchboard ? html`<p>Switchboard there: ${ringing(one.switchboard, {}, `elsewhere/${one.code}/switchboard`)}</p>` : nothing}
    ${one.functions.length ? html`<ul class="there-list">${one.functions.map(line)}</ul>` : html`<p>No team is known there: ask your switchboard.</p>`}</section>`;
}

function results({ matches, fault, asking }) {
  if (asking) return html`<p>Looking it up …</p>`;
  if (fault) return html`<p class="notice">${fault}</p>`;
  if (!matches) return nothing;
  if (!matches.length) return html`<p class="none"><strong>No area of that name is known here.</strong> Try the council, or the first half of the postcode. If that does not help, ask your switchboard.</p>`;
  return matches.map(match);
}

/** The template of the panel. `shown`: { open, typed, matches, fault, asking }. */
export function elsewherePanel(state, { look, type, close }) {
  if (!state.open) return nothing;
  return html`<section class="elsewhere" aria-labelledby="elsewhere-heading"><h2 id="elsewhere-heading">They live elsewhere</h2>
    <form class="elsewhere-form" @submit=${look}><div class="nhsuk-form-group"><label class="nhsuk-label" for="area">Council, GP area, or first half of the postcode</label>
      <p class="hint" id="area-hint">Nothing else about the patient. What you type is not kept</p>
      <input class="nhsuk-input" id="area" type="text" maxlength="60" autocomplete="off" spellcheck="false" autocapitalize="off" enterkeyhint="search"
        aria-describedby="area-hint" .value=${state.typed} @input=${type}></div>
    <button type="submit" class="nhsuk-button nhsuk-button--small">Find</button>
    <button type="button" class="nhsuk-button nhsuk-button--small nhsuk-button--secondary" @click=${close}>Close</button></form>
    <div role="status" class="areas">${results(state)}</div></section>`;
}

function draw(change) {
  shown = { ...shown, ...change };
  render(elsewherePanel(shown, { look, type: (event) => { shown.typed = event.target.value; }, close: closeElsewhere }), byId('elsewhere'));
  const toggle = byId('elsewhere-toggle');
  if (toggle) toggle.setAttribute('aria-expanded', String(shown.open));
}

export const isElsewhereOpen = () => shown.open;

/** Closes the panel, and forgets what was asked. */
export function closeElsewhere() {
  clearTimeout(forgetting);
  const had = shown.open;
  shown = none;
  draw({});
  const toggle = byId('elsewhere-toggle');
  if (had && toggle) toggle.focus();
}

export function openElsewhere() {
  draw({ ...none, open: true });
  byId('area').focus();
}

async function look(event) {
  event.preventDefault();
  const typed = shown.typed.trim();
  if (!typed) return;
  // More of the postcode than its first half is not sent.
  const of = typed.replace(whole, '$1');
  draw({ typed: of, asking: true, fault: '', matches: null });
  clearTimeout(forgetting);
  forgetting = setTimeout(closeElsewhere, FORGET_MS);
  try {
    const { matches } = await ask(`/v1/elsewhere?of=${encodeURIComponent(of)}`, { cache: 'no-store' });
    if (!shown.open) return;
    draw({ asking: false, matches });
    // On a telephone the answer lies below what is in sight.
    const first = byId('elsewhere').querySelector('.area h3');
    if (!first) return;
    first.focus({ preventScroll: true });
    if (first.closest('.area').getBoundingClientRect().bottom > window.innerHeight) first.scrollIntoView({ block: 'start' });
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    draw({ asking: false, fault: `${problemText(problem)} Ask your switchboard for the number.` });
  }
}
