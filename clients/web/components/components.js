// SPDX-License-Identifier: MIT
// Every component in every state, with invented answers: what the tests look at without having to bring each state about. In no release.
import { html, render } from '../parts/html.js';
import { bar } from '../parts/account.js';
import { button } from '../parts/button.js';
import { byId } from '../parts/dom.js';
import { ladder } from '../parts/ladder.js';
import * as london from '../parts/london.js';
import { ringing } from '../parts/phone.js';
import { badge, order } from '../parts/state.js';
import { bullets, fold, table } from '../parts/table.js';
import { drawMap, legend } from '../gaps/gaps-map.js';
import { drawDecisions } from '../import/import-decisions.js';
import { drawFeeds, drawRecent } from '../import/import-lists.js';
import { drawPreview, drawUndo } from '../import/import-preview.js';
import { elsewherePanel } from '../now/now-elsewhere.js';
import { drawReports } from '../import/import-reports.js';
import { functionRow } from '../now/now-function.js';
import { tools } from '../now/now-tools.js';
import { sessionTable, tokenTable } from '../sign/account-tables.js';
import { detail, foundList, hourList } from '../switchboard/switchboard-found.js';
import { noteForm, subjectsOf } from '../switchboard/switchboard-note.js';
import * as made from './answers.js';

const nothing = () => {};

const part = (name, content) => html`<section aria-labelledby="of-${name}"><h2 id="of-${name}">${name}</h2>${content}</section>`;

function rows(open) {
  const view = (item) => ({ open, pinned: item.state === 'gap', mayFix: item.state === 'unknown', mayReport: true, toggle: nothing, pin: nothing, call: nothing });
  return made.functions(open ? 'open' : 'closed').map((item) => functionRow(item, view(item)));
}

const bars = [{ account: made.account, open: false, fault: '' }, { account: made.account, open: false, fault: 'Not signed out: the server was not reached. Close this browser.' }];

render(html`
  ${part('badges', order.map((state) => badge(state)))}
  ${part('buttons', ['first', 'second', 'danger'].map((kind) => button(`The ${kind}`, nothing, { kind })))}
  ${part('numbers', made.numbers.map(([number, ring], i) => html`<p>${ringing(number, ring, `number/${i}`)}</p>`))}
  ${part('tables', [table('A table', ['Words', 'Number'], [['One', '1'], ['Nothing', null]], { kind: 'numeric' }),
    fold(['a', 'b', 'c'], 1, 'letters', (items) => bullets(items, (one) => one))])}
  ${part('tools', html`<div class="tools">${tools([['gap', 1], ['covered', 12]], { typed: '', state: 'gap' }, { change: nothing, first: nothing, elsewhere: nothing })}</div>`)}
  ${part('closed', rows(false))}
  ${part('opened', rows(true))}
  ${part('map', html`<ul class="legend">${legend()}</ul>${drawMap(made.requirements, made.window, (one) => html`<span>${one.id}</span>`)}`)}
  ${part('feeds', drawFeeds(made.feeds, new Set(made.feeds.map((feed) => feed.rota)), nothing, nothing, nothing))}
  ${part('recent', drawRecent(made.imports, nothing))}
  ${part('reports', drawReports(made.reports, nothing))}
  ${part('sessions', [sessionTable(made.sessions, nothing), tokenTable(made.tokens, nothing)])}`, byId('components'));

function chosen(entry, draft) {
  const form = draft && noteForm(draft, subjectsOf(entry.item, ladder(entry.item)[0], null), { change: nothing, save: nothing, close: nothing });
  return detail(entry, { mayReport: true, mayTake: () => true, report: nothing, takeBack: nothing, sendAgain: nothing, copy: nothing, note: nothing, takeNote: nothing, form });
}

// Those that have an id of their own stand one at a time, as on their pages: show("preview").
const single = {
  preview: () => html`<div class="preview">${drawPreview(made.preview, true, nothing, { choices: made.choices, decide: nothing })}</div>`,
  decided: () => html`<div class="preview">${drawPreview(made.applied, true, nothing, null)}</div>`,
  undo: () => html`<div class="preview">${drawUndo(made.preview, nothing, nothing)}</div>`,
  ...Object.fromEntries(made.elsewheres.map((state, i) => [`elsewhere-${i}`, () => elsewherePanel(state, { look: nothing, type: nothing, close: nothing })])),
  found: () => html`<div class="found-list" role="listbox" aria-label="Found">${foundList(made.entries(), made.entries()[0].id, nothing)}</div>`,
  ...Object.fromEntries(made.entries().map((entry) => [entry.item.function, () => chosen(entry, null)])),
  ...Object.fromEntries(made.drafts.map((draft, i) => [`note-${i}`, () => chosen(made.entries()[1], draft)])),
  hour: () => html`<div class="hour">${hourList(made.lines, [{ at: made.lines[0].at, names: ['Wenlow'], isAll: false }])}</div>`,
  still: () => html`<div class="hour">${hourList([], [{ at: made.lines[0].at, names: [], isAll: true }])}</div>`,
  decisions: () => html`<div class="preview">${drawDecisions(made.choices, nothing, nothing)}</div>`,
  bar: () => html`<div class="top">${bar(bars[0], { toggle: nothing, leave: nothing })}</div>`,
  stuck: () => html`<div class="top">${bar(bars[1], { toggle: nothing, leave: nothing })}</div>`,
};
window.singles = Object.keys(single);
window.show = (name) => render(part(name, single[name]()), byId('components'));
window.london = london;
