// SPDX-License-Identifier: MIT
// The map of a place as bars: a bar for each requirement, a piece for each span. A table has the same for people who cannot see the bars.
import { button, element, svg, table } from './dom.js';
import { midnight, shortDay, weekday, when } from './london.js';
import { badge, order, states } from './words.js';

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
  return svg('pattern', { id: `pattern-${state}`, width: 10, height: 10, patternUnits: 'userSpaceOnUse' },
    svg('rect', { width: 10, height: 10, class: `fill-${state}` }), ...patterns[state].map((d) => svg('path', { d, class: 'stroke' })));
}
function definitions() {
  return svg('svg', { width: 0, height: 0, 'aria-hidden': 'true', class: 'out-of-sight' }, svg('defs', {}, ...order.map(patternOf)));
}

export function legend() {
  return [element('li', {}, definitions()), ...order.map((state) => {
    const swatch = svg('svg', { width: 28, height: 18, 'aria-hidden': 'true', class: 'swatch' }, svg('rect', { width: '100%', height: '100%', fill: `url(#pattern-${state})` }));
    return element('li', {}, swatch, ` ${states[state][0]} ${states[state][1]}`);
  })];
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
  const made = svg('svg', { class: 'axis', 'aria-hidden': 'true', height: 20 });
  for (const at of marks(window)) made.append(svg('text', { x: percent(at, window), y: 15 }, shortDay(at)));
  return made;
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

function bar(requirement, window) {
  const made = svg('svg', { class: 'strip', height: HEIGHT, role: 'img', 'aria-label': sentence(requirement) });
  for (const one of pieces(requirement.spans)) {
    const [start, end] = [Date.parse(one.start), Date.parse(one.end)];
    // A quarter of a percent at least: a gap of an hour in a year must still be visible.
    const width = `${Math.max(0.25, ((end - start) / (window.to - window.from)) * 100).toFixed(3)}%`;
    made.append(svg('rect', { x: percent(start, window), y: 0, width, height: HEIGHT, fill: `url(#pattern-${one.state})` },
      svg('title', {}, `${states[one.state][1]}: ${when(one.start)} to ${when(one.end)}`)));
  }
  for (const at of marks(window)) made.append(svg('line', { x1: percent(at, window), x2: percent(at, window), y1: 0, y2: HEIGHT, class: 'mark' }));
  return made;
}

function people(list) {
  return list.filter((one) => one.name).map((one) => `${one.name}${one.confirmed ? '' : ' (not confirmed)'}`).join(', ');
}

function spanTable(requirement) {
  const asked = requirement.spans.filter((one) => one.state !== 'not_commissioned');
  if (!asked.length) return element('p', {}, 'Nothing is commissioned in this time.');
  return table(`${requirement.id} in full, without the hours that nobody asks for`, ['From', 'To', 'State', 'On', 'Who', 'Why'], asked.map((one) => [
    when(one.start), when(one.end), badge(one.state), `${one.present} of ${one.required}`, people(one.people), one.cause]));
}

// A button with a panel and not <details>: the panel is as wide as the lane, and not only as wide as its heading.
function drawLane(requirement, window, nameOf) {
  const id = `lane-${requirement.place}-${requirement.id}`;
  const panel = element('div', { id, class: 'panel-open', hidden: '' });
  const toggle = button('', () => {
    const opening = panel.hidden;
    toggle.setAttribute('aria-expanded', String(opening));
    // The table is made when it is first opened: a region has thousands of spans.
    if (opening && !panel.childElementCount) panel.append(spanTable(requirement));
    panel.hidden = !opening;
  }, 'disclose');
  toggle.setAttribute('aria-expanded', 'false');
  toggle.setAttribute('aria-controls', id);
  toggle.append(nameOf(requirement));
  return element('div', { class: 'lane' }, toggle, bar(requirement, window), panel);
}

/** The nodes of the map: an axis, then a lane for each requirement. */
export function drawMap(requirements, window, nameOf) {
  return requirements.length ? [element('div', { class: 'lane axis-lane' }, element('span'), axis(window)), ...requirements.map((one) => drawLane(one, window, nameOf))] : [];
}
