// SPDX-License-Identifier: MIT
// The two lists below the import: the state of every rota's source, and recent uploads.
import { button, element, fold, many, table } from './dom.js';
import { agoElement, day, when } from './london.js';

const signs = { good: ['✓', 'covered'], held: ['!', 'short'], failing: ['✕', 'gap'], never: ['–', 'not_commissioned'] };
const words = { good: 'good', held: 'held for a decision', failing: 'failing', never: 'nothing yet' };
const sources = { ical_url: 'calendar address', file: 'uploads', typed: 'typed in' };

const LEAST = 8;
const needsSomebody = (feed) => ['held', 'failing', 'never', 'good'].indexOf(feed.state);

function standing(feed) {
  const [sign, colour] = signs[feed.state];
  const made = element('span', {}, element('span', { class: `badge ${colour}` }, element('span', { class: 'sign', 'aria-hidden': 'true' }, sign), ` ${words[feed.state]}`));
  if (feed.kind === 'ical_url' && !feed.upload) made.append(` ${feed.freshness}`);
  return made;
}

// A feed in place of which a file was uploaded shows the upload: that is what is in force.
function origin(feed) {
  if (!feed.upload) return sources[feed.kind];
  return element('span', { class: 'instead' }, `${feed.upload.text}, `, agoElement(feed.upload.at));
}

function lastGood(feed) {
  if (feed.kind === 'typed') return '–';
  if (feed.kind === 'file') return feed.uploaded_at ? element('span', {}, 'uploaded ', agoElement(feed.uploaded_at)) : 'nothing uploaded yet';
  return feed.last_good_at ? agoElement(feed.last_good_at) : 'never';
}

function action(feed, mayChange, look, checkNow, withdraw) {
  if (!mayChange.has(feed.rota)) return null;
  if (feed.held_import) {
    const made = button('Look and decide', () => look(feed.held_import));
    made.setAttribute('aria-label', `Look at what is held for rota ${feed.rota} and decide`);
    return made;
  }
  if (feed.kind !== 'ical_url') return null;
  if (feed.upload) {
    const made = button('Withdraw the upload', () => withdraw(feed), 'second');
    made.setAttribute('aria-label', `Withdraw the upload that stands instead of the address of rota ${feed.rota}`);
    return made;
  }
  const made = button('Check now', () => checkNow(feed), 'second');
  made.setAttribute('aria-label', `Check rota ${feed.rota} now`);
  return made;
}

/** Sources that somebody must act on come first and are always shown; the others are shown when a button is pressed. */
export function drawFeeds(feeds, mayChange, look, checkNow, withdraw) {
  const sorted = [...feeds].sort((a, b) => needsSomebody(a) - needsSomebody(b));
  const counts = ['held', 'failing', 'never'].map((state) => [words[state], feeds.filter((feed) => feed.state === state).length]).filter(([, n]) => n);
  const rows = (shown) => table(`${many(feeds.length, 'source')}${counts.length ? `: ${counts.map(([word, n]) => `${n} ${word}`).join(', ')}` : ', all good'}.`,
    ['Rota', 'State', 'What is wrong', 'Last good check', 'Speaks until', 'Source', 'Do'], shown.map((feed) => [
      element('span', {}, element('strong', {}, feed.rota), feed.organisation ? ` (${feed.organisation})` : ''), standing(feed), [feed.fault, ...(feed.warnings || []).map((one) => one.text)].filter(Boolean).join(' '),
      lastGood(feed), feed.horizon ? day(feed.horizon) : 'nothing yet', origin(feed),
      action(feed, mayChange, look, checkNow, withdraw)]), (i) => `feed ${shown[i].state}`);
  return fold(sorted, Math.max(LEAST, sorted.filter((feed) => feed.state !== 'good').length), 'sources', rows);
}

const states = { uploaded: 'being read', preview: 'waiting for a decision', refused: 'refused', applied: 'in force', discarded: 'discarded', undone: 'undone' };

export function drawRecent(imports, look) {
  return table('The newest first.', ['Rota', 'Brought in', 'By', 'State', 'Look'], imports.map((one) => {
    const open = button('Look', () => look(one.id), 'second');
    open.setAttribute('aria-label', `Look at import ${one.id} of rota ${one.rota}`);
    return [element('strong', {}, one.rota), when(one.uploaded_at), one.by || 'its address', states[one.state] || one.state, open];
  }));
}
