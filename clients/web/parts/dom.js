// SPDX-License-Identifier: MIT
// Small helpers for what stands in a page's own HTML. What is drawn is drawn by lit.
import { seen } from './html.js';

export function byId(id) { return document.getElementById(id); }
export function text(node, content) {
  const shown = seen(content);
  if (node.textContent !== shown) node.textContent = shown;
}
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
