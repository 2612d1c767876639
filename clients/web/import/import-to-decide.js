// SPDX-License-Identifier: MIT
// The undecided things of a calendar: words, names, titles, names of time zones, the order of dates. One choice decides each for the rota.
import { html, nothing, render } from '../parts/html.js';
import { button } from '../parts/button.js';
import { many } from '../parts/dom.js';
import { when } from '../parts/london.js';
import { fold, table } from '../parts/table.js';

const SHOWN = 10;

const option = (value, label) => html`<option value=${value}>${label}</option>`;
const person = (one) => option(`person ${one.id}`, `${one.name} (${one.id})`);
const group = (label, options) => (options.length ? html`<optgroup label=${label}>${options}</optgroup>` : nothing);

/* The choices that each kind has besides people. */
const others = {
  word: () => [option('nothing', 'Means nothing here'), option('nobody', 'Nobody is on'), option('away', 'The person beside it is away')],
  title: (choices) => [group('Team', choices.team_names.map((name) => option(`team ${name}`, name))),
    option('nobody', 'Nobody is on'), option('noise', 'Not about cover'), option('undecided', 'Leave undecided')],
};
others.name = others.word;

const zones = ['Europe/London', 'Europe/Dublin', 'Europe/Lisbon', 'Europe/Paris', 'Europe/Berlin', 'UTC'];

/** Likely people come first; all others of the directory are added when the list gets the focus (`whole`), since there may be hundreds. */
function who(one, choices, whole) {
  const likely = new Set(one.candidates.map(({ id }) => id));
  const rest = whole ? choices.people.filter(({ id }) => !likely.has(id)) : [];
  return [group('Perhaps', one.candidates.map(person)), others[one.kind](choices), group(likely.size ? 'Everybody else here' : 'Everybody here', rest.map(person))];
}

function optionsOf(one, choices, whole) {
  if (one.kind === 'zone') return zones.map((zone) => option(zone, zone));
  if (one.kind === 'date_order') return [option('dmy', 'Day first (dd/mm), as is usual here'), option('mdy', 'Month first (mm/dd)')];
  return who(one, choices, whole);
}

/** The body of a decision. */
function decisionOf(one, value) {
  const [what, ...rest] = value.split(' ');
  const whom = rest.join(' ');
  if (one.kind === 'zone') return { zone: one.words, means: value };
  if (one.kind === 'date_order') return { date_order: value };
  if (one.kind !== 'title') return what === 'person' ? { alias: one.words, person: whom } : { word: one.words, means: what };
  if (what === 'person') return { title: one.words, reads: 'named', person: whom };
  return what === 'team' ? { title: one.words, reads: 'team', team: whom } : { title: one.words, reads: what };
}

/* The heading of the list, and its button. */
function labels(one) {
  if (one.kind === 'date_order') return ['How are its dates written?', 'Decide how its dates are written'];
  const what = { word: 'what', zone: 'which zone', name: 'who', title: 'who' }[one.kind];
  return [`${what[0].toUpperCase()}${what.slice(1)} is ${one.words}?`, `Decide ${what} ${one.words} is`];
}

// A node of its own: it is drawn again when the list gets the focus.
export function chooser(one, choices, decide) {
  const [label, actLabel] = labels(one);
  const box = document.createElement('span');
  box.className = 'chooser';
  const act = () => {
    const list = box.querySelector('select');
    if (list.value) decide([decisionOf(one, list.value)]);
    else list.focus();
  };
  const draw = (whole) => render(html`<select class="nhsuk-select" aria-label=${label} @focus=${() => draw(true)}><option value="">Choose</option>${
    optionsOf(one, choices, whole)}</select>${button('Decide', act, { kind: 'second', name: actLabel })}`, box);
  draw(false);
  return box;
}

const kindWords = {
  word: 'a word that nobody here knows', name: 'fits more than one person here', title: 'a whole title', zone: 'a time zone that nobody defines',
  date_order: 'they could be dd/mm or mm/dd',
};

const dayText = (day) => when(`${day}T12:00:00Z`).replace(/ \d\d:\d\d.*$/, '');

function example(one) {
  if (one.dates) {
    return html`<span>${one.dates.map((date) => html`<span class="sub">line ${date.line}: ${date.written} is ${dayText(date.dmy)} or ${dayText(date.mdy)}</span>`)}</span>`;
  }
  return one.example && one.example !== one.words ? `as in “${one.example}”` : null;
}

function row(one, choices, decide) {
  const words = html`<span><strong>${one.kind === 'date_order' ? 'The dates' : one.words}</strong><span class="sub">${kindWords[one.kind]}</span></span>`;
  return [words, many(one.count, one.kind === 'zone' || one.kind === 'date_order' ? 'event' : 'shift'), example(one), decide ? chooser(one, choices, decide) : null];
}

/** The list, those with the most shifts first, under `heading(words)`. `decide(bodies)` is null for those who may only read. */
export function drawToDecide(list, choices, decide, heading) {
  if (!list.length) return nothing;
  return html`${heading(`${many(list.length, 'thing')} left to decide`)}
    <p class="hint">Shifts that depend on them do not count as cover. Decide each once: the decision is kept for this rota, and its calendar is read again.</p>
    ${fold(list, SHOWN, 'things', (items) => table('Those with the most shifts first.', ['Words', 'Shifts', 'Where', 'What does it mean?'],
    items.map((one) => row(one, choices, decide))))}`;
}
