// SPDX-License-Identifier: MIT
// The decisions about a rota's titles, names, words and times, each with a button to remove it; what is left to decide; and the shifts that a decision changed.
import { html, nothing } from '../parts/html.js';
import { button } from '../parts/button.js';
import { many, number } from '../parts/dom.js';
import { when } from '../parts/london.js';
import { fold, table } from '../parts/table.js';
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
  return one.stands ? whole : html`<span>${whole}<span class="sub">no longer here: counts for nobody</span></span>`;
}

function decidedTable(answer, remove) {
  const act = (one) => button('Remove', () => remove(one), { kind: 'second', name: `Remove what was decided about ${wordsOf(one)}` });
  return fold(answer.decisions, SHOWN, 'decisions', (items) => table('The newest first.', ['Words', 'Means', 'Decided', 'Do'], items.map((one) => [
    html`<span><strong>${wordsOf(one)}</strong><span class="sub">${kinds[one.kind]}</span></span>`, meaning(one), `${when(one.at)} by ${one.by}`,
    answer.may_change ? act(one) : null])));
}

// ----------------------------------------------------------------------------------------------------------------------- left

function where(one) {
  return `${many(one.count, 'shift')}, the next ${when(one.next)}`;
}

function openTable(answer, decide) {
  const items = answer.undecided.map((one) => ({ ...one, words: one.title, kind: 'title' }));
  const all = answer.undecided_titles;
  return html`<h3>${many(all, 'undecided title')} of its shifts</h3>
    ${items.length < all ? html`<p class="hint">The first ${number(items.length)} are listed.</p>` : nothing}
    ${fold(items, SHOWN, 'titles', (shown) => table('Those with the most shifts first.', ['Title', 'Where', 'Who is it?'],
    shown.map((one) => [html`<strong>${one.title}</strong>`, where(one), answer.may_change ? chooser(one, answer, decide) : null])))}`;
}

// --------------------------------------------------------------------------------------------------------------------- turned

const whys = { rules: 'newer rules of reading', zones: 'newer rules of time zones', rota: 'what was decided or set up for it' };

function side(one) {
  return one ? [one.class, one.name || one.team].filter(Boolean).join(' ') : 'no shift';
}

function turnedTable(reread) {
  const said = [[reread.lost, 'no longer counted'], [reread.gained, 'counted that had not'], [reread.other, 'changed otherwise']].filter(([n]) => n);
  return html`<p>${when(reread.at)}, by ${whys[reread.why] || reread.why}: ${said.map(([n, words]) => `${many(n, 'shift')} ${words}`).join(', ')}.</p>
    ${fold(reread.shifts, SHOWN, 'shifts', (items) => table('Shifts that turned', ['Shift', 'Title', 'Was', 'Is'],
    items.map((one) => [when(one.start), one.title, side(one.before), side(one.after)])))}`;
}

function turned(answer) {
  const newest = (answer.turned || [])[0];
  return newest ? html`<h3 id="turned-heading">When its calendar was last read again</h3>${turnedTable(newest)}` : nothing;
}

const leftHeading = (words) => html`<h3 id="left-heading">${words}</h3>`;

/** One rota's decisions. `remove(decision)` takes one back, `decide(bodies)` makes some. */
export function drawDecisions(answer, decide, remove) {
  return html`<h2 id="decisions-heading">What was decided about rota ${answer.rota}</h2>
    ${answer.decisions.length ? decidedTable(answer, remove) : html`<p>Nothing yet: its titles are read by the general rules.</p>`}
    ${drawToDecide(answer.to_decide, answer, answer.may_change ? decide : null, leftHeading)}
    ${answer.undecided_titles ? openTable(answer, decide) : nothing}${turned(answer)}`;
}
