// SPDX-License-Identifier: MIT
// The decisions about a rota's titles, names, words and times, each with a button to remove it; what is left to decide; and the shifts that a decision changed.
import { button, element, fold, many, number, table } from './dom.js';
import { when } from './london.js';
import { chooser, drawToDecide } from './import-to-decide.js';

const SHOWN = 10;

const meanings = {
  team: 'a team line', nobody: 'nobody is on', undecided: 'left undecided', noise: 'not about cover', nothing: 'nothing here', away: 'the person beside it is away',
  dmy: 'day first (dd/mm)', mdy: 'month first (mm/dd)',
};
const kinds = { alias: 'name', title: 'whole title', word: 'word', zone: 'time zone', date_order: 'in its rosters' };

/** The words of a decision, for people. */
export function wordsOf(one) { return one.kind === 'date_order' ? 'The order of dates' : one[one.kind]; }

// -------------------------------------------------------------------------------------------------------------------- decided

function meaning(one) {
  const who = one.name || one.person;
  if (one.kind === 'zone') return one.means;
  const said = one.person ? (one.reads === 'absence' ? `${who} is away` : who) : meanings[one.reads || one.means];
  const whole = one.team ? `${said}: ${one.team}` : said;
  return one.stands ? whole : element('span', {}, whole, element('span', { class: 'sub' }, 'no longer here: counts for nobody'));
}

function decidedTable(answer, remove) {
  return fold(answer.decisions, SHOWN, 'decisions', (items) => table('The newest first.', ['Words', 'Means', 'Decided', 'Do'], items.map((one) => {
    const act = button('Remove', () => remove(one), 'second');
    act.setAttribute('aria-label', `Remove what was decided about ${wordsOf(one)}`);
    return [element('span', {}, element('strong', {}, wordsOf(one)), element('span', { class: 'sub' }, kinds[one.kind])), meaning(one),
      `${when(one.at)} by ${one.by}`, answer.may_change ? act : null];
  })));
}

// ----------------------------------------------------------------------------------------------------------------------- left

function where(one) {
  return `${many(one.count, 'shift')}, the next ${when(one.next)}`;
}

function openTable(answer, decide) {
  const items = answer.undecided.map((one) => ({ ...one, words: one.title, kind: 'title' }));
  const all = answer.undecided_titles;
  return [element('h3', {}, `${many(all, 'undecided title')} of its shifts`),
    items.length < all ? element('p', { class: 'hint' }, `The first ${number(items.length)} are listed.`) : null,
    fold(items, SHOWN, 'titles', (shown) => table('Those with the most shifts first.', ['Title', 'Where', 'Who is it?'],
      shown.map((one) => [element('strong', {}, one.title), where(one), answer.may_change ? chooser(one, answer, decide) : null])))];
}

// --------------------------------------------------------------------------------------------------------------------- turned

const whys = { rules: 'newer rules of reading', zones: 'newer rules of time zones', rota: 'what was decided or set up for it' };

function side(one) {
  return one ? [one.class, one.name || one.team].filter(Boolean).join(' ') : 'no shift';
}

function turnedTable(reread) {
  const said = [[reread.lost, 'no longer counted'], [reread.gained, 'counted that had not'], [reread.other, 'changed otherwise']].filter(([n]) => n);
  return [element('p', {}, `${when(reread.at)}, by ${whys[reread.why] || reread.why}: ${said.map(([n, words]) => `${many(n, 'shift')} ${words}`).join(', ')}.`),
    fold(reread.shifts, SHOWN, 'shifts', (items) => table('Shifts that turned', ['Shift', 'Title', 'Was', 'Is'],
      items.map((one) => [when(one.start), one.title, side(one.before), side(one.after)])))];
}

function turned(answer) {
  const newest = (answer.turned || [])[0];
  return newest ? [element('h3', { id: 'turned-heading' }, 'When its calendar was last read again'), ...turnedTable(newest)] : [];
}

/** The nodes of one rota's decisions. `remove(decision)` takes one back, `decide(bodies)` makes some. */
export function drawDecisions(answer, decide, remove) {
  return [element('h2', { id: 'decisions-heading' }, `What was decided about rota ${answer.rota}`),
    answer.decisions.length ? decidedTable(answer, remove) : element('p', {}, 'Nothing yet: its titles are read by the general rules.'),
    ...drawToDecide(answer.to_decide, answer, answer.may_change ? decide : null, 'left-heading', 'h3'),
    ...(answer.undecided_titles ? openTable(answer, decide) : []), ...turned(answer)];
}
