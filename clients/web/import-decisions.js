// What titles and names of a rota mean: a choice for each that is open, and the list of what was decided, to be taken back.
import { button, element, fold, many, number, table } from './dom.js';
import { when } from './london.js';

const SHOWN = 10;

const meanings = {
  team: 'a team line', nobody: 'nobody is on', undecided: 'left undecided', noise: 'not about cover',
};

// ------------------------------------------------------------------------------------------------------------------- choosing

const option = (value, label) => element('option', { value }, label);
const person = (one) => option(`person ${one.id}`, `${one.name} (${one.id})`);

/** Whoever is likely stands first; everybody else of the directory is added when somebody goes to the list, since there may be hundreds. */
function whoList(one, choices, label) {
  const list = element('select', { 'aria-label': label }, option('', 'Choose'));
  if (one.candidates.length) list.append(element('optgroup', { label: 'Perhaps' }, ...one.candidates.map(person)));
  if (choices.team_names.length) list.append(element('optgroup', { label: 'Team' }, ...choices.team_names.map((name) => option(`team ${name}`, name))));
  list.append(option('nobody', 'Nobody is on'), option('noise', 'Not about cover'), option('undecided', 'Leave undecided'));
  const likely = new Set(one.candidates.map(({ id }) => id));
  const others = choices.people.filter(({ id }) => !likely.has(id));
  list.addEventListener('focus', () => {
    if (others.length) list.append(element('optgroup', { label: likely.size ? 'Everybody else here' : 'Everybody here' }, ...others.map(person)));
  }, { once: true });
  return list;
}

/** What the server is told: of a name whom it means, of titles how they read. */
function decisionsOf(one, value) {
  const [what, ...rest] = value.split(' ');
  const whom = rest.join(' ');
  if (what === 'person' && one.kind === 'name') return [{ alias: one.name, person: whom }];
  const titles = one.kind === 'name' ? one.titles : [one.name];
  if (what === 'person') return titles.map((title) => ({ title, reads: 'named', person: whom }));
  if (what === 'team') return titles.map((title) => ({ title, reads: 'team', team: whom }));
  return titles.map((title) => ({ title, reads: what }));
}

function chooser(one, choices, decide) {
  const list = whoList(one, choices, `Who is ${one.name}?`);
  const act = button('Decide', () => {
    if (list.value) decide(decisionsOf(one, list.value));
    else list.focus();
  }, 'second');
  act.setAttribute('aria-label', `Decide who ${one.name} is`);
  return element('span', { class: 'chooser' }, list, act);
}

const fits = { nobody: 'nobody here has that name', several: 'more than one person here' };

function where(one) {
  const titles = (one.titles || []).filter((title) => title !== one.name);
  return element('span', {}, `${many(one.count, 'shift')}, the first ${when(one.first_start)}`,
    titles.length ? element('span', { class: 'sub' }, `as ${titles.map((title) => `“${title}”`).join(', ')}`) : null);
}

/** The names of a file that somebody must say who they are. `decide(bodies)` is called with what to decide. */
export function drawMatches(people, choices, decide) {
  return [element('h4', { id: 'match-heading' }, `${many(people.length, 'name')} to match`),
    element('p', { class: 'hint' }, 'They do not count as cover until somebody says who they are. What you decide is remembered for this rota, and this file is read again by it.'),
    fold(people, SHOWN, 'names', (items) => table('The soonest first.', ['Name', 'Fits', 'Where', 'Who is it?'],
      items.map((one) => [element('strong', {}, one.name), fits[one.fits] || one.fits, where(one), chooser(one, choices, decide)])))];
}

// -------------------------------------------------------------------------------------------------------------------- decided

function meaning(one) {
  const who = one.name || one.person;
  const said = one.person ? (one.reads === 'absence' ? `${who} is away` : who) : meanings[one.reads];
  const whole = one.team ? `${said}: ${one.team}` : said;
  return one.stands ? whole : element('span', {}, whole, element('span', { class: 'sub' }, 'no longer here: counts for nobody'));
}

function decidedTable(answer, remove) {
  return fold(answer.decisions, SHOWN, 'decisions', (items) => table('The newest first.', ['Words', 'Means', 'Decided', 'Do'], items.map((one) => {
    const words = one.alias || one.title;
    const act = button('Remove', () => remove(one), 'second');
    act.setAttribute('aria-label', `Remove what was decided about ${words}`);
    return [element('span', {}, element('strong', {}, words), element('span', { class: 'sub' }, one.alias ? 'name' : 'whole title')), meaning(one),
      `${when(one.at)} by ${one.by}`, answer.may_change ? act : null];
  })));
}

function openTable(answer, decide) {
  const items = answer.undecided.map((one) => ({ ...one, name: one.title, kind: 'title', first_start: one.next }));
  const all = answer.undecided_titles;
  return [element('h3', {}, `${many(all, 'undecided title')} of its shifts`),
    items.length < all ? element('p', { class: 'hint' }, `The first ${number(items.length)} are listed.`) : null,
    fold(items, SHOWN, 'titles', (shown) => table('The soonest first.', ['Title', 'Where', 'Who is it?'],
      shown.map((one) => [element('strong', {}, one.name), where(one), answer.may_change ? chooser(one, answer, decide) : null])))];
}

/** The nodes of one rota's decisions. `remove(decision)` takes one back, `decide(bodies)` makes some. */
export function drawDecisions(answer, decide, remove) {
  return [element('h2', { id: 'decisions-heading' }, `What was decided about rota ${answer.rota}`),
    answer.decisions.length ? decidedTable(answer, remove) : element('p', {}, 'Nothing yet: its titles are read as they stand.'),
    ...(answer.undecided_titles ? openTable(answer, decide) : [])];
}
