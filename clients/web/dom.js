// SPDX-License-Identifier: MIT
// Small helpers to build a page. Text is inserted as text only: nothing here takes markup.

export function element(name, attributes = {}, ...content) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) if (value !== null && value !== undefined) made.setAttribute(key, value);
  made.append(...content.filter((one) => one !== null && one !== undefined));
  return made;
}

export function svg(name, attributes = {}, ...content) {
  const made = document.createElementNS('http://www.w3.org/2000/svg', name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...content);
  return made;
}

export function button(label, act, kind = '') {
  const made = element('button', { type: 'button', class: kind || null }, label);
  made.addEventListener('click', act);
  return made;
}

export function byId(id) { return document.getElementById(id); }
export function text(node, content) { if (node.textContent !== content) node.textContent = content; }
export function show(node, visible) { node.hidden = !visible; }

/** Shows a problem; with '' hides it. */
export function complain(node, sentence) {
  text(node, sentence);
  show(node, sentence !== '');
}

/** Moves the focus to something that has just appeared, so that a screen reader reads it and the page shows it. */
export function lead(node) {
  node.setAttribute('tabindex', '-1');
  node.focus();
}

const count = new Intl.NumberFormat('en-GB');
export function number(n) { return count.format(n); }
/** "1 gap", "2 gaps" */
export function many(n, one, more = `${one}s`) { return `${number(n)} ${n === 1 ? one : more}`; }

/**
 * A table whose rows are shown as cards on a narrow screen, and which stays a table to a screen reader. A cell is a text, a node or nothing;
 * the first of each row is its heading.
 */
// The roles are repeated because browsers drop them from a table that CSS shows as blocks.
export function table(caption, headings, rows, classOf = () => null) {
  const head = element('tr', { role: 'row' }, ...headings.map((heading) => element('th', { scope: 'col', role: 'columnheader' }, heading)));
  const body = rows.map((row, i) => element('tr', { role: 'row', class: classOf(i) }, ...row.map((cell, j) => {
    const kind = j === 0 ? ['th', { scope: 'row', role: 'rowheader' }] : ['td', { role: 'cell' }];
    return element(kind[0], { ...kind[1], 'data-heading': headings[j], class: cell ? null : 'empty' }, cell);
  })));
  return element('table', { role: 'table' }, element('caption', {}, caption),
    element('thead', { role: 'rowgroup' }, head), element('tbody', { role: 'rowgroup' }, ...body));
}

/**
 * A long list in two steps: its first `most` items, drawn by `draw(items)`, and a button for all of them. `what` names them ("findings").
 */
export function fold(items, most, what, draw) {
  const box = element('div', { class: 'fold' });
  box.append(draw(items.slice(0, most)));
  if (items.length <= most) return box;
  box.append(button(`Show all ${number(items.length)} ${what}`, () => {
    const whole = draw(items);
    box.replaceChildren(whole);
    lead(whole);
  }, 'second'));
  return box;
}

export function bullets(items, draw) {
  return element('ul', {}, ...items.map((item) => element('li', {}, draw(item))));
}
