// SPDX-License-Identifier: MIT
// lit, with the one difference that a text which a calendar or a person brought cannot turn the direction of what stands beside it, nor hold what
// nobody sees: such a character is shown as U+FFFD. The server does the same elsewhere (server/base/text.h, text_find_hidden).
import { html as drawn, svg as drawnSvg } from 'lit/html.js';

export { nothing, render } from 'lit/html.js';

// Of control characters, tabs and line breaks are blanks on a page.
const HIDDEN = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u206f\ufff9-\ufffb\ufeff]/g;

export function seen(value) {
  if (typeof value === 'string') return value.replace(HIDDEN, '\ufffd');
  return Array.isArray(value) ? value.map(seen) : value;
}

export const html = (strings, ...values) => drawn(strings, ...values.map(seen));
export const svg = (strings, ...values) => drawnSvg(strings, ...values.map(seen));
