// SPDX-License-Identifier: MIT
// One function of the Now page: its state, who is on, what to do if nobody answers.
import { askAll } from './app.js';
import { element } from './dom.js';
import { agoElement, day, time, when } from './london.js';
import { badge, learnFunctions, ownRing, ringing, states } from './words.js';

const services = new Map();

/** Asks for the names of a place's services. If that fails their codes are shown: better than showing nothing. */
export async function askServices(place) {
  try {
    for (const one of await askAll(`/v1/services?place=${encodeURIComponent(place)}`, 'services')) services.set(one.id, one.name);
  } catch {
    services.clear();
  }
}

const freshness = { fresh: '', ageing: 'ageing, ', stale: 'stale, ', unknown: 'not confirmed, last ' };
const tiers = { 1: '1st on call', 2: '2nd on call', 3: '3rd on call' };

function sourceLine(source) {
  const line = element('p', { class: `source ${source.freshness}` }, `Rota ${source.rota}${source.organisation ? ` (${source.organisation})` : ''}: `);
  if (source.upload) line.append(`${source.upload.text}, `, agoElement(source.upload.at));
  else if (source.uploaded_at) line.append('uploaded ', agoElement(source.uploaded_at));
  else if (source.kind === 'typed') line.append('typed in here');
  else if (source.kind === 'file') line.append('nothing uploaded yet');
  else if (!source.checked_at) line.append('never checked');
  else line.append(freshness[source.freshness], `checked ${when(source.checked_at)}, `, agoElement(source.checked_at));
  if (source.held) line.append('. Held back: the last good copy is used');
  if (source.as_last_read) line.append('. ', element('strong', { class: 'as-last-read' }, 'As last read'), ': the calendar drops shifts when they begin, and lists this one no longer');
  if (source.override) line.append(element('span', { class: 'override' }, source.text || 'Changed here, not yet in the rota itself.'));
  return line;
}

function numbers(person, key) {
  const line = element('p', { class: 'numbers' });
  const add = (whose, number, ring, name) => line.append(element('span', {}, element('span', { class: 'whose' }, whose), ringing(number, ring, `${key}/${name}`)), ' ');
  if (person.phone || person.via_switchboard) add(person.team || person.via_switchboard ? '' : 'Team ', person.phone, person, 'team');
  if (person.work_phone || person.work_via_switchboard) add(person.work_via_switchboard ? 'Own: ' : 'Work mobile ', person.work_phone, ownRing(person), 'own');
  if (!line.childNodes.length) line.append('No number is known: ask your switchboard');
  return line;
}

function nextText(person) {
  if (!person.next || !person.next.name) return '';
  const { name, from } = person.next;
  const since = day(from) === day(person.until) ? time(from) : when(from);
  return `, then ${name}${from === person.until ? '' : ` from ${since}`}`;
}

function timeText(person) {
  if (person.follows) return `was to follow at ${when(person.since)}, not confirmed`;
  return `until ${when(person.until)}${nextText(person)}`;
}

// A person who covers other places of this kind at the same time may be at one of those.
function sharedLine(person) {
  const others = person.shared_with || [];
  return others.length ? element('p', { class: 'shared' }, `Shared with ${others.join(', ')}`) : null;
}

// For somebody who is on the rota as a member of the organisation without holding the function, or without an approval here and now.
function roleLine(person) {
  if (person.approved === false) return element('p', { class: 'warning' }, 'Not approved for this function here at this time');
  return person.holds_function === false ? element('p', { class: 'warning' }, 'Not listed as holding this function') : null;
}

function personItem(item, person, key, several) {
  const head = element('p', { class: 'name' }, element('strong', {}, person.name || (person.team ? 'Team line' : 'Name not shown to you')));
  const words = [person.role === item.name ? null : person.role, services.get(person.service) || person.service, several || person.tier > 1 ? tiers[person.tier] || `${person.tier}th on call` : null];
  head.append(element('span', { class: 'role' }, ` ${words.filter(Boolean).join(', ')}`));
  return element('li', { class: 'person' }, head, numbers(person, key), element('p', {}, timeText(person)), roleLine(person), sharedLine(person), person.source ? sourceLine(person.source) : null);
}

function people(item, list, kind) {
  const several = new Set(list.map((person) => person.tier)).size > 1;
  return element('ul', { class: 'people' }, ...list.map((person, i) => personItem(item, person, `${item.function}/${kind}/${i}`, several)));
}

// The people who may be on when an override and the calendar disagree. None of them counts.
function disputedItem(item, one, at) {
  const names = one.people.map((person) => person.name || 'Name not shown to you');
  const said = { override: 'by a change made here', calendar: 'by the calendar', replaced: 'was replaced here' };
  const list = element('ul', { class: 'people' }, ...one.people.map((person, i) => {
    const line = element('p', { class: 'name' }, element('strong', {}, names[i]), element('span', { class: 'role' }, ` ${said[person.said_by]}`));
    const own = person.work_phone ? element('p', { class: 'numbers' }, element('span', { class: 'whose' }, 'Work mobile '), ringing(person.work_phone, ownRing(person), `${item.function}/disputed/${at}/${i}`)) : null;
    return element('li', { class: 'person' }, line, own);
  }));
  const team = one.phone ? element('p', { class: 'numbers' }, element('span', { class: 'whose' }, 'Team '), ringing(one.phone, one, `${item.function}/disputed/${at}/team`)) : null;
  return element('div', { class: 'disputed' }, list, team);
}

// The state in words for somebody who must ring now.
function stateLines(item) {
  const lines = [];
  if (item.state === 'short') lines.push(element('p', { class: 'count' }, `${item.present} of the ${item.required} needed`));
  if (item.state === 'covered' && item.required > 1) lines.push(element('p', { class: 'count' }, `${item.required} needed, ${item.present} on the rota`));
  if (item.state === 'gap') lines.push(element('p', { class: 'count' }, 'Nobody is on the rota'));
  if (item.state === 'not_commissioned') lines.push(element('p', { class: 'count' }, 'No cover is commissioned here at this hour'));
  for (const dispute of item.disputes || []) lines.push(element('p', { class: 'warning' }, element('strong', {}, 'Check: '), dispute));
  if (item.cause) lines.push(element('p', { class: 'cause' }, item.cause));
  for (const source of item.sources_at_fault || []) {
    lines.push(element('p', { class: 'source fault' }, `Rota ${source.rota}${source.upload ? `, ${source.upload.text}` : source.held ? ' is held back, the last good copy is used' : ''}: ${source.fault}`));
  }
  return lines;
}

// The numbers to ring. If the function is covered: the fallback, for the case that nobody answers; otherwise every number there is, in the
// order in which to try them.
function fallback(item) {
  const ring = item.ring || [];
  const urgent = item.state !== 'covered';
  const box = element('div', { class: `fallback${urgent ? ' urgent' : ''}` });
  const add = (words, number, key, one = {}) => {
    box.append(element('p', {}, urgent ? '' : 'If nobody answers: ', element(urgent ? 'strong' : 'span', {}, words)));
    if (number) box.append(element('p', { class: 'numbers' }, ringing(number, one, `${item.function}/${key}`)));
  };
  // The key of a link is its kind and not its index, so that the focus stays on it when another number comes before it.
  ring.forEach((one, i) => add(one.text || 'Fallback', one.phone, ring.findIndex((other) => other.kind === one.kind) === i ? one.kind : `${one.kind}/${i}`, one));
  // A fallback that has a number is among those.
  if (item.fallback && item.fallback.text && !ring.some((one) => one.phone === item.fallback.phone)) add(item.fallback.text, item.fallback.phone, 'fallback');
  if (!ring.length && ['gap', 'unknown'].includes(item.state)) box.append(element('p', {}, 'No number is known: ask your switchboard.'));
  return box.childNodes.length ? box : null;
}

// Entries of a rota that a person must still decide: they are no cover, but they may be a hint.
function undecidedLines(item) {
  return (item.undecided || []).map((one) => element('p', { class: 'undecided' }, `Rota ${one.rota} says, undecided, until ${when(one.until)}: `,
    element('strong', {}, one.title === null ? 'not shown to you' : one.title || 'nothing')));
}

export function functionRow(item) {
  const heading = `function-${item.function}`;
  const middle = element('div', { class: 'who' });
  if (item.on_call.length) middle.append(people(item, item.on_call, 'on'));
  if ((item.not_counted || []).length) {
    middle.append(element('h3', {}, 'On the rota, but does not count here'), people(item, item.not_counted, 'not'));
  }
  const disputed = item.disputed || [];
  if (disputed.length) middle.append(element('h3', {}, 'Not agreed who is on: ring them, or the switchboard'), ...disputed.map((one, i) => disputedItem(item, one, i)));
  if (item.last_known.length) {
    middle.append(element('h3', {}, 'Last known, not confirmed'), people(item, item.last_known, 'last'));
  }
  middle.append(...undecidedLines(item));
  learnFunctions({ functions: [item] });
  return element('section', { class: `function ${item.state}`, 'aria-labelledby': heading },
    element('div', { class: 'what' }, element('h2', { id: heading, tabindex: '-1' }, item.name), badge(item.state), ...stateLines(item)),
    middle, fallback(item));
}

export function indexLink(item) {
  const [sign, words] = states[item.state];
  return element('a', { class: item.state, href: `#function-${item.function}`, 'data-key': `${item.function}/index` },
    element('span', { 'aria-hidden': 'true', class: `sign ${item.state}` }, sign), ` ${item.name}`, element('span', { class: 'out-of-sight' }, `: ${words}`));
}
