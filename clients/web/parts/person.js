// SPDX-License-Identifier: MIT
// Somebody on a rota, as the opened function shows them: who, which number, until when, from which rota, and what may be wrong with that.
import { html, nothing } from './html.js';
import { age } from './age.js';
import { askAll } from './ask.js';
import { day, shortWhen, time, when } from './london.js';
import { noteLines } from './note.js';
import { rungText } from './outcome.js';
import { ownRing, ringing } from './phone.js';

const services = new Map();

/** Asks for the names of a place's services ('' of all). If that fails their codes are shown: better than showing nothing. */
export async function askServices(place) {
  try {
    for (const one of await askAll(`/v1/services${place ? `?place=${encodeURIComponent(place)}` : ''}`, 'services')) services.set(one.id, one.name);
  } catch {
    services.clear();
  }
}

const freshness = { fresh: '', ageing: 'ageing, ', stale: 'stale, ', unknown: 'not confirmed, last ' };
const tiers = { 1: '1st on call', 2: '2nd on call', 3: '3rd on call' };

export const serviceName = (id) => services.get(id) || id;
export const nameOf = (person) => person.name || (person.team ? 'Team line' : 'Name not shown to you');
export const tierOf = (person) => tiers[person.tier] || `${person.tier}th on call`;

function readText(source) {
  if (source.upload) return html`${source.upload.text}, ${age(source.upload.at)}`;
  if (source.uploaded_at) return html`uploaded ${age(source.uploaded_at)}`;
  if (source.kind === 'typed') return 'typed in here';
  if (source.kind === 'file') return 'nothing uploaded yet';
  if (!source.checked_at) return 'never checked';
  return html`${freshness[source.freshness]}checked ${when(source.checked_at)}, ${age(source.checked_at)}`;
}

function sourceLine(source) {
  return html`<p class="source ${source.freshness}">Rota ${source.rota}${source.organisation ? ` (${source.organisation})` : ''}: ${readText(source)}${
    source.held ? '. Held back: the last good copy is used' : nothing}${
    source.as_last_read ? html`. <strong class="as-last-read">As last read</strong>: the calendar drops shifts when they begin, and lists this one no longer` : nothing}${
    source.override ? html`<span class="override">${source.text || 'Changed here, not yet in the rota itself.'}</span>` : nothing}</p>`;
}

/** The numbers of a person: [whose, template]. The team's first. */
export function numbersOf(person, key) {
  const found = [];
  if (person.phone || person.via_switchboard) {
    found.push([person.team || person.via_switchboard ? '' : 'Team ', ringing(person.phone, person, `${key}/team`)]);
  }
  if (person.work_phone || person.work_via_switchboard) {
    found.push([person.work_via_switchboard ? 'Own: ' : 'Work mobile ', ringing(person.work_phone, ownRing(person), `${key}/own`)]);
  }
  return found;
}

function numbers(person, key) {
  const found = numbersOf(person, key);
  if (!found.length) return html`<p class="numbers">No number is known: ask your switchboard</p>`;
  return html`<p class="numbers">${found.map(([whose, number]) => html`<span><span class="whose">${whose}</span>${number}</span> `)}</p>`;
}

/** ", then Sam Ahmed" */
export function nextText(person) {
  if (!person.next || !person.next.name) return '';
  const { name, from } = person.next;
  const since = day(from) === day(person.until) ? time(from) : when(from);
  return `, then ${name}${from === person.until ? '' : ` from ${since}`}`;
}

function timeText(person) {
  if (person.follows) return `was to follow at ${when(person.since)}, not confirmed`;
  return `until ${when(person.until)}${nextText(person)}`;
}

/** Why somebody on the rota may be the wrong one: a member of the organisation without the function, or without an approval here and now. '' if nothing. */
export function doubt(person) {
  if (person.approved === false) return 'Not approved for this function here at the time';
  return person.holds_function === false ? 'Not listed as holding this function' : '';
}

/** "AMHP, Fenmere AMHP service, 2nd on call" */
export function roleText(item, person, several) {
  return [[item.name, person.name].includes(person.role) ? null : person.role, serviceName(person.service),
    several || person.tier > 1 ? tierOf(person) : null].filter(Boolean).join(', ');
}

function reportedText(reported) {
  const said = rungText(reported);
  return `${said[0].toUpperCase()}${said.slice(1)}${reported.place_name ? `, by ${reported.place_name}` : ''}`;
}

function personItem(item, person, key, several) {
  // Somebody who covers other places of this kind at the same time may be at one of those.
  const others = person.shared_with || [];
  return html`<li class="person"><p class="name"><strong>${nameOf(person)}</strong><span class="role"> ${roleText(item, person, several)}</span></p>
    ${numbers(person, key)}<p>${timeText(person)}</p>${doubt(person) ? html`<p class="warning">${doubt(person)}</p>` : nothing}
    ${person.reported ? html`<p class="told ${person.reported.outcome}">${reportedText(person.reported)}</p>` : nothing}${noteLines(person.notes)}
    ${others.length ? html`<p class="shared">Shared with ${others.join(', ')}</p>` : nothing}${person.source ? sourceLine(person.source) : nothing}</li>`;
}

/** People in the order in which to ring them. `kind` is a part of the keys of their numbers. */
export function people(item, list, kind) {
  const several = new Set(list.map((person) => person.tier)).size > 1;
  return html`<ol class="people">${list.map((person, i) => personItem(item, person, `${item.function}/${kind}/${i}`, several))}</ol>`;
}

const said = { override: 'by a change made here', calendar: 'by the calendar', replaced: 'was replaced here' };

/** The people who may be on when an override and the calendar disagree. None of them counts. */
export function disputed(item, one, at) {
  const key = `${item.function}/disputed/${at}`;
  const own = (person, i) => html`<p class="numbers"><span class="whose">Work mobile </span>${ringing(person.work_phone, ownRing(person), `${key}/${i}`)}</p>`;
  return html`<ul class="people">${one.people.map((person, i) => html`<li class="person"><p class="name"><strong>${person.name || 'Name not shown to you'}</strong><span class="role"> ${
    said[person.said_by]}</span></p>${person.work_phone ? own(person, i) : nothing}</li>`)}</ul>
    ${one.phone ? html`<p class="numbers"><span class="whose">Team </span>${ringing(one.phone, one, `${key}/team`)}</p>` : nothing}`;
}

/** Who was last known where nobody can be confirmed. Never without its age: who it was may have changed since. */
export function lastKnownText(person) {
  const { checked_at: at } = person.source;
  return `Last known${at ? ` at ${shortWhen(at)}` : ''}, not confirmed: ${nameOf(person)}`;
}
