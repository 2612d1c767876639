// SPDX-License-Identifier: MIT
// The undecided things of a calendar: words, names, titles, names of time zones, the order of dates. One choice decides each for the rota.
import { button, element, fold, many, table } from './dom.js';
import { when } from './london.js';

const SHOWN = 10;

const option = (value, label) => element('option', { value }, label);
const person = (one) => option(`person ${one.id}`, `${one.name} (${one.id})`);
const group = (label, options) => (options.length ? [element('optgroup', { label }, ...options)] : []);

/* The choices that each kind has besides people. */
const others = {
  word: () => [option('nothing', 'Means nothing here'), option('nobody', 'Nobody is on'), option('away', 'The person beside it is away')],
  title: (choices) => [...group('Team', choices.team_names.map((name) => option(`team ${name}`, name))),
    option('nobody', 'Nobody is on'), option('noise', 'Not about cover'), option('undecided', 'Leave undecided')],
};
others.name = others.word;

/** Likely people come first; all others of the directory are added when the list gets the focus, since there may be hundreds. */
function whoList(one, choices, label) {
  const list = element('select', { 'aria-label': label }, option('', 'Choose'), ...group('Perhaps', one.candidates.map(person)), ...others[one.kind](choices));
  const likely = new Set(one.candidates.map(({ id }) => id));
  const rest = choices.people.filter(({ id }) => !likely.has(id));
  list.addEventListener('focus', () => {
    list.append(...group(likely.size ? 'Everybody else here' : 'Everybody here', rest.map(person)));
  }, { once: true });
  return list;
}

function zoneList(label) {
  const zones = ['Europe/London', 'Europe/Dublin', 'Europe/Lisbon', 'Europe/Paris', 'Europe/Berlin', 'UTC'];
  return element('select', { 'aria-label': label }, option('', 'Choose'), ...zones.map((zone) => option(zone, zone)));
}

function orderList(label) {
  return element('select', { 'aria-label': label }, option('', 'Choose'), option('dmy', 'Day first (dd/mm), as is usual here'), option('mdy', 'Month first (mm/dd)'));
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

export function chooser(one, choices, decide) {
  const [label, actLabel] = labels(one);
  let list;
  if (one.kind === 'zone') list = zoneList(label);
  else if (one.kind === 'date_order') list = orderList(label);
  else list = whoList(one, choices, label);
  const act = button('Decide', () => {
    if (list.value) decide([decisionOf(one, list.value)]);
    else list.focus();
  }, 'second');
  act.setAttribute('aria-label', actLabel);
  return element('span', { class: 'chooser' }, list, act);
}

const kindWords = {
  word: 'a word that nobody here knows', name: 'fits more than one person here', title: 'a whole title', zone: 'a time zone that nobody defines',
  date_order: 'they could be dd/mm or mm/dd',
};

const dayText = (day) => when(`${day}T12:00:00Z`).replace(/ \d\d:\d\d.*$/, '');

function example(one) {
  if (one.dates) {
    return element('span', {}, ...one.dates.map((date) => element('span', { class: 'sub' },
      `line ${date.line}: ${date.written} is ${dayText(date.dmy)} or ${dayText(date.mdy)}`)));
  }
  return one.example && one.example !== one.words ? `as in “${one.example}”` : null;
}

/** The nodes of the list, those with the most shifts first. `decide(bodies)` is null for those who may only read. */
export function drawToDecide(list, choices, decide, id, level = 'h4') {
  if (!list.length) return [];
  return [element(level, { id }, `${many(list.length, 'thing')} left to decide`),
    element('p', { class: 'hint' }, 'Shifts that depend on them do not count as cover. Decide each once: the decision is kept for this rota, and its calendar is read again.'),
    fold(list, SHOWN, 'things', (items) => table('Those with the most shifts first.', ['Words', 'Shifts', 'Where', 'What does it mean?'],
      items.map((one) => [element('span', {}, element('strong', {}, one.kind === 'date_order' ? 'The dates' : one.words), element('span', { class: 'sub' }, kindWords[one.kind])),
        many(one.count, one.kind === 'zone' || one.kind === 'date_order' ? 'event' : 'shift'), example(one), decide ? chooser(one, choices, decide) : null])))];
}
