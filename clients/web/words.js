// SPDX-License-Identifier: MIT
// The words for the map that people read: states, functions, places, telephone numbers.
import { ask, askAll } from './app.js';
import { element } from './dom.js';
import { date, now } from './london.js';

// Five states, never distinguished by colour alone: a sign and words as well.
export const order = ['covered', 'short', 'gap', 'unknown', 'not_commissioned'];
export const states = {
  covered: ['✓', 'Covered'],
  short: ['!', 'Short'],
  gap: ['✕', 'Gap'],
  unknown: ['?', 'We cannot confirm'],
  not_commissioned: ['–', 'Not commissioned'],
};

export function badge(state, words = states[state][1]) {
  return element('span', { class: `badge ${state}` }, element('span', { 'aria-hidden': 'true', class: 'sign' }, states[state][0]), ` ${words}`);
}

/** A telephone number as a link that rings it. `key` finds the link again after the page was drawn again. */
export function phone(number, key) {
  return element('a', { class: 'phone', href: `tel:${number}`, 'data-key': key }, national(number));
}

/** The same with what to dial after it. `ring` has extension, bleep and via_switchboard beside the number. */
export function ringing(number, { extension, bleep, via_switchboard: via }, key) {
  const box = element('span', {});
  if (via) box.append('via switchboard ');
  if (number) box.append(phone(number, key));
  const after = [extension ? `ext ${extension}` : null, bleep ? `bleep ${bleep}` : null].filter(Boolean).join(', ');
  if (after) box.append(number && !extension ? `, ${after}` : ` ${after}`);
  return box;
}

/* The members of an answer that belong to a person's own telephone, as `ringing` takes them. */
export function ownRing(person) {
  return { extension: person.work_extension, bleep: person.work_bleep, via_switchboard: person.work_via_switchboard };
}

// National form, in the groups in which people read them: codes of three, four or five digits.
function national(number) {
  if (!number.startsWith('+44')) return number;
  const rest = `0${number.slice(3)}`;
  if (/^02/.test(rest)) return rest.replace(/^(\d{3})(\d{4})(\d+)$/, '$1 $2 $3');
  if (/^(03|08|09|011|01\d1)/.test(rest)) return rest.replace(/^(\d{4})(\d{3})(\d+)$/, '$1 $2 $3');
  return rest.replace(/^(\d{5})(\d+)$/, '$1 $2');
}

// ------------------------------------------------------------------------------------------------------------------- functions

const functionNames = new Map();

/** Learns the names of functions from an answer of /v1/now. */
export function learnFunctions(answer) {
  for (const one of answer.functions) functionNames.set(one.function, one.name);
}
export function functionName(code) { return functionNames.get(code) || code; }

/** Asks for the names of functions of `gaps` that are not known yet, one request for each. */
export async function nameFunctions(gaps) {
  for (const gap of gaps) {
    if (functionNames.has(gap.function)) continue;
    // Set first, so that a function without a name is asked for only once.
    functionNames.set(gap.function, gap.function);
    learnFunctions(await ask(`/v1/now?place=${encodeURIComponent(gap.place)}&function=${encodeURIComponent(gap.function)}`));
  }
}

// ---------------------------------------------------------------------------------------------------------------------- places

const kinds = [
  ['emergency_department', 'Emergency departments', 'Emergency department'],
  ['place_of_safety', 'Places of safety', 'Place of safety'],
  ['hospital', 'Hospitals', 'Hospital'],
  ['council_area', 'Council areas', 'Council area'],
  ['trust_patch', 'Trust patches', 'Trust patch'],
  ['icb', 'Integrated care boards', 'Integrated care board'],
  ['region', 'Regions', 'Region'],
];

const places = new Map();

/** Every place that this account may ask about, by code. */
export async function loadPlaces() {
  for (const place of await askAll('/v1/places', 'places')) places.set(place.code, place);
  return places;
}
export function placeName(code) { return places.has(code) ? places.get(code).name : code; }

function holds({ from, until }) {
  const today = date(now());
  return (!from || from <= today) && (!until || today < until);
}

/** "Emergency department ZED01, in Alderbrook" */
export function placeText(code) {
  const place = places.get(code);
  if (!place) return code;
  const kind = kinds.find(([name]) => name === place.kind);
  const known = place.under.filter((stay) => holds(stay) && places.has(stay.place) && holds(places.get(stay.place))).map((stay) => stay.place);
  const areas = known.filter((parent) => places.get(parent).kind === 'council_area');
  const parents = (areas.length ? areas : known).map(placeName);
  return `${kind ? kind[2] : place.kind} ${code}${parents.length ? `, in ${parents.join(' and ')}` : ''}`;
}

/**
 * Fills a select with the places, by kind; calls chosen(code) now, if one is known, and on each choice. The choice stays in the address.
 * `field`, around the select, is shown where there is anything to choose.
 */
export async function choosePlace(select, account, chosen, field = select) {
  await loadPlaces();
  const wanted = new URLSearchParams(location.search).get('place');
  const groups = kinds.map(([kind, label]) => [label, [...places.values()].filter((place) => place.kind === kind)]).filter(([, of]) => of.length);
  select.replaceChildren(element('option', { value: '' }, 'Choose a place'), ...groups.map(([label, of]) => element('optgroup', { label },
    ...of.map((place) => element('option', { value: place.code }, `${place.name} (${place.code})${holds(place) ? '' : place.from > date(now()) ? `, from ${place.from}` : `, ended ${place.until}`}`)))));
  select.addEventListener('change', () => {
    if (!select.value) return;
    history.replaceState(null, '', `${location.pathname}?place=${encodeURIComponent(select.value)}`);
    chosen(select.value);
  });
  field.hidden = places.size === 1 && (!wanted || places.has(wanted));
  // One that is not in the list is asked for all the same: the server says what is wrong with it.
  if (wanted && !places.has(wanted)) select.append(element('option', { value: wanted }, wanted));
  select.value = wanted || (places.size === 1 ? places.keys().next().value : account.places.length ? account.places[0].code : '');
  if (select.value) chosen(select.value);
}
