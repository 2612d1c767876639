// SPDX-License-Identifier: MIT
// The two lists below the import: the state of every rota's source, and recent uploads.
import { html } from '../parts/html.js';
import { age } from '../parts/age.js';
import { button } from '../parts/button.js';
import { many } from '../parts/dom.js';
import { day, when } from '../parts/london.js';
import { tag } from '../parts/state.js';
import { fold, table } from '../parts/table.js';

const signs = { good: ['✓', 'covered'], held: ['!', 'short'], failing: ['✕', 'gap'], refused: ['✕', 'gap'], never: ['–', 'not_commissioned'] };
const words = { good: 'good', held: 'held for a decision', failing: 'failing', refused: 'failing: wants another secret', never: 'nothing yet' };
const sources = { ical_url: 'calendar address', caldav: 'calendar collection', file: 'uploads', typed: 'typed in' };

const isFetched = (feed) => feed.kind === 'ical_url' || feed.kind === 'caldav';

const LEAST = 8;
const needsSomebody = (feed) => ['held', 'refused', 'failing', 'never', 'good'].indexOf(feed.state);

function standing(feed) {
  const [sign, colour] = signs[feed.state];
  return html`<span>${tag(sign, colour, words[feed.state])}${isFetched(feed) && !feed.upload ? ` ${feed.freshness}` : ''}</span>`;
}

// A feed in place of which a file was uploaded shows the upload: that is what is in force.
function origin(feed) {
  if (!feed.upload) return sources[feed.kind];
  return html`<span class="instead">${feed.upload.text}, ${age(feed.upload.at)}</span>`;
}

function lastGood(feed) {
  if (feed.kind === 'typed') return '–';
  if (feed.kind === 'file') return feed.uploaded_at ? html`<span>uploaded ${age(feed.uploaded_at)}</span>` : 'nothing uploaded yet';
  return feed.last_good_at ? age(feed.last_good_at) : 'never';
}

function action(feed, mayChange, look, checkNow, withdraw) {
  if (!mayChange.has(feed.rota)) return null;
  if (feed.held_import) {
    return button('Look and decide', () => look(feed.held_import), { name: `Look and decide: what is held for rota ${feed.rota}` });
  }
  if (!isFetched(feed)) return null;
  if (feed.upload) {
    return button('Withdraw the upload', () => withdraw(feed), { kind: 'second', name: `Withdraw the upload: rota ${feed.rota}` });
  }
  return button('Check now', () => checkNow(feed), { kind: 'second', name: `Check now: rota ${feed.rota}` });
}

/** Sources that somebody must act on come first and are always shown; the others are shown when a button is pressed. */
export function drawFeeds(feeds, mayChange, look, checkNow, withdraw) {
  const sorted = [...feeds].sort((a, b) => needsSomebody(a) - needsSomebody(b));
  const counts = ['held', 'refused', 'failing', 'never'].map((state) => [words[state], feeds.filter((feed) => feed.state === state).length]).filter(([, n]) => n);
  const rows = (shown) => table(`${many(feeds.length, 'source')}${counts.length ? `: ${counts.map(([word, n]) => `${n} ${word}`).join(', ')}` : ', all good'}.`,
    ['Rota', 'State', 'What is wrong', 'Last good check', 'Speaks until', 'Source', 'Do'], shown.map((feed) => [
      html`<span><strong>${feed.rota}</strong>${feed.organisation ? ` (${feed.organisation})` : ''}</span>`, standing(feed), [feed.fault, ...(feed.warnings || []).map((one) => one.text)].filter(Boolean).join(' '),
      lastGood(feed), feed.horizon ? day(feed.horizon) : 'nothing yet', origin(feed),
      action(feed, mayChange, look, checkNow, withdraw)]), { classOf: (i) => `feed ${shown[i].state}` });
  return fold(sorted, Math.max(LEAST, sorted.filter((feed) => feed.state !== 'good').length), 'sources', rows);
}

const states = { uploaded: 'being read', preview: 'waiting for a decision', refused: 'refused', applied: 'in force', discarded: 'discarded', undone: 'undone' };

export function drawRecent(imports, look) {
  const open = (one) => button('Look', () => look(one.id), { kind: 'second', name: `Look at import ${one.id} of rota ${one.rota}` });
  return table('The newest first.', ['Rota', 'Brought in', 'By', 'State', 'Look'], imports.map((one) => [
    html`<strong>${one.rota}</strong>`, when(one.uploaded_at), one.by || 'its address', states[one.state] || one.state, open(one)]));
}
