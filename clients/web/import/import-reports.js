// SPDX-License-Identifier: MIT
// What wards and switchboards reported about one's rotas: somebody was not reached, or was not the one. It stays until somebody says that it is seen to.
import { html } from '../parts/html.js';
import { button } from '../parts/button.js';
import { many } from '../parts/dom.js';
import { when } from '../parts/london.js';
import { table } from '../parts/table.js';
import { placeName } from '../parts/words.js';

const words = { no_answer: 'No answer', wrong_person: 'Wrong person', declined: 'Declined', reached: 'Reached' };

function whom(report) {
  if (!report.person) return `The line of ${report.service}`;
  return report.person.name || report.person.id;
}

/** The table of reports that want doing. `settle(report)` is told of a press. */
export function drawReports(reports, settle) {
  return table(`${many(reports.length, 'report')} to see to.`, ['Rota', 'What', 'Who was rung', 'When', 'From', 'Do'], reports.map((one) => [
    html`<strong>${one.rota || one.service}</strong>`, words[one.outcome], whom(one), when(one.at), placeName(one.place),
    button('Seen to', () => settle(one), { kind: 'second', name: `Seen to: ${words[one.outcome].toLowerCase()}, ${whom(one)}, ${when(one.at)}` })]));
}
