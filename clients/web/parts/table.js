// SPDX-License-Identifier: MIT
import { html, nothing, render } from './html.js';
import { button } from './button.js';
import { lead, number } from './dom.js';

/**
 * A table whose rows are shown as cards on a narrow screen, and which stays a table to a screen reader. A cell is a text, a template or
 * nothing; the first of each row is its heading. A column of nothing but null is left out: what this account can do with none of them.
 * `kind`: further classes of the table.
 */
// The roles are repeated because browsers drop them from a table that CSS shows as blocks.
export function table(caption, headings, all, { classOf = () => null, kind = '' } = {}) {
  const used = headings.map((_, j) => !all.length || all.some((row) => row[j] !== null));
  const rows = all.map((row) => row.filter((_, j) => used[j]));
  headings = headings.filter((_, j) => used[j]);
  const cell = (content, j) => (j === 0
    ? html`<th scope="row" role="rowheader" data-heading=${headings[j]} class=${content ? nothing : 'empty'}>${content}</th>`
    : html`<td role="cell" data-heading=${headings[j]} class=${content ? nothing : 'empty'}>${content}</td>`);
  return html`<table role="table" class="table ${kind}"><caption>${caption}</caption>
    <thead role="rowgroup"><tr role="row">${headings.map((heading) => html`<th scope="col" role="columnheader">${heading}</th>`)}</tr></thead>
    <tbody role="rowgroup">${rows.map((row, i) => html`<tr role="row" class=${classOf(i) || nothing}>${row.map(cell)}</tr>`)}</tbody></table>`;
}

/**
 * A long list in two steps: its first `most` items, drawn by `draw(items)`, and a button for all of them. `what` names them ("findings").
 */
// A node of its own: it stays open or closed by itself, whatever is drawn around it.
export function fold(items, most, what, draw) {
  const box = document.createElement('div');
  box.className = 'fold';
  const all = () => {
    render(draw(items), box);
    lead(box.firstElementChild);
  };
  const more = items.length > most ? button(`Show all ${number(items.length)} ${what}`, all, { kind: 'second' }) : nothing;
  render(html`${draw(items.slice(0, most))}${more}`, box);
  return box;
}

export function bullets(items, draw) {
  return html`<ul>${items.map((item) => html`<li>${draw(item)}</li>`)}</ul>`;
}
