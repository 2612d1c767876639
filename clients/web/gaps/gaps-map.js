// SPDX-License-Identifier: MIT
// The map of a place as bars: a bar for each requirement, a piece for each span. A table has the same for people who cannot see the bars.
import { html, nothing, render, svg } from '../parts/html.js';
import { midnight, shortDay, weekday, when } from '../parts/london.js';
import { badge, order, states } from '../parts/state.js';
import { table } from '../parts/table.js';

const HEIGHT = 30;

// A state is never shown by colour alone: each has a pattern of its own, drawn over its colour.
const patterns = {
  covered: [],
  short: ['M0 5h10'],
  gap: ['M-2 12L12 -2M-2 2L2 -2M8 12L12 8'],
  unknown: ['M5 3v4M3 5h4'],
  not_commissioned: [],
};

function patternOf(state) {
  return svg`<pattern id="pattern-${state}" width="10" height="10" patternUnits="userSpaceOnUse"><rect width="10" height="10" class="fill-${state}"/>${
    patterns[state].map((d) => svg`<path d=${d} class="stroke"/>`)}</pattern>`;
}

/** The key of the map, with the definitions of its patterns. */
export function legend() {
  return html`<li><svg width="0" height="0" aria-hidden="true" class="out-of-sight"><defs>${order.map(patternOf)}</defs></svg></li>${order.map((state) => html`<li>
    <svg width="28" height="18" aria-hidden="true" class="swatch"><rect width="100%" height="100%" fill="url(#pattern-${state})"/></svg> ${states[state].join(' ')}</li>`)}`;
}

// ---------------------------------------------------------------------------------------------------------------------- drawing

/** The days that get a line: each day of up to a fortnight, otherwise each Monday. */
function marks(window) {
  const found = [];
  const days = Math.round((window.to - window.from) / 86400000);
  for (let at = window.from; at < window.to; at = midnight(at, 1)) if (days <= 14 || weekday(at) === 1) found.push(at);
  return found;
}

const percent = (at, { from, to }) => `${(((at - from) / (to - from)) * 100).toFixed(3)}%`;

function axis(window) {
  return html`<svg class="axis" aria-hidden="true" height="20">${marks(window).map((at) => svg`<text x=${percent(at, window)} y="15">${shortDay(at)}</text>`)}</svg>`;
}

function sentence(requirement) {
  const seen = order.filter((state) => requirement.spans.some((one) => one.state === state)).map((state) => states[state][1].toLowerCase());
  return `${requirement.id}: ${seen.join(', ')}. The button beside it opens the table.`;
}

/** Neighbours in one state are one piece of the bar, even when different people cover them. */
function pieces(spans) {
  const found = [];
  for (const one of spans) {
    const last = found[found.length - 1];
    if (last && last.state === one.state) last.end = one.end;
    else found.push({ state: one.state, start: one.start, end: one.end });
  }
  return found;
}

function piece(one, window) {
  const [start, end] = [Date.parse(one.start), Date.parse(one.end)];
  // A quarter of a percent at least: a gap of an hour in a year must still be visible.
  const width = `${Math.max(0.25, ((end - start) / (window.to - window.from)) * 100).toFixed(3)}%`;
  return svg`<rect x=${percent(start, window)} y="0" width=${width} height=${HEIGHT} fill="url(#pattern-${one.state})"><title>${
    `${states[one.state][1]}: ${when(one.start)} to ${when(one.end)}`}</title></rect>`;
}

function bar(requirement, window) {
  return html`<svg class="strip" height=${HEIGHT} role="img" aria-label=${sentence(requirement)}>${pieces(requirement.spans).map((one) => piece(one, window))}${
    marks(window).map((at) => svg`<line x1=${percent(at, window)} x2=${percent(at, window)} y1="0" y2=${HEIGHT} class="mark"/>`)}</svg>`;
}

function people(list) {
  return list.filter((one) => one.name).map((one) => `${one.name}${one.confirmed ? '' : ' (not confirmed)'}`).join(', ');
}

function spanTable(requirement) {
  const asked = requirement.spans.filter((one) => one.state !== 'not_commissioned');
  if (!asked.length) return html`<p>Nothing is commissioned in this time.</p>`;
  return table(`${requirement.id} in full, without the hours that nobody asks for`, ['From', 'To', 'State', 'On', 'Who', 'Why'], asked.map((one) => [
    when(one.start), when(one.end), badge(one.state), `${one.present} of ${one.required}`, people(one.people), one.cause]));
}

// A button with a panel and not <details>: the panel is as wide as the lane, and not only as wide as its heading. A node of its own, so that it
// keeps by itself whether it is open.
function lane(requirement, window, nameOf) {
  const id = `lane-${requirement.place}-${requirement.id}`;
  const box = document.createElement('div');
  let open = false;
  box.className = 'lane';
  const toggle = () => {
    open = !open;
    draw();
  };
  // The table is made when it is first opened: a region has thousands of spans.
  const draw = () => render(html`<button type="button" class="disclose" aria-expanded=${String(open)} aria-controls=${id} @click=${toggle}>${nameOf(requirement)}</button>
    ${bar(requirement, window)}<div id=${id} class="panel-open" ?hidden=${!open}>${open ? spanTable(requirement) : nothing}</div>`, box);
  draw();
  return box;
}

/** The map: an axis, then a lane for each requirement. */
export function drawMap(requirements, window, nameOf) {
  if (!requirements.length) return html`<p>Nothing is commissioned for this place.</p>`;
  return html`<div class="lane axis-lane"><span></span>${axis(window)}</div>${requirements.map((one) => lane(one, window, nameOf))}`;
}
