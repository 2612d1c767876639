// SPDX-License-Identifier: MIT
// The names of functions and places.
import { html, render } from './html.js';
import { ask, askAll } from './ask.js';
import { date, now } from './london.js';

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

/** The codes of a place, of all below it and of all above it. */
export function placesWith(code) {
  const found = new Set([code]);
  const above = (one) => (places.has(one) ? places.get(one).parents : []).forEach((parent) => { found.add(parent); above(parent); });
  const isBelow = (one) => one === code || (places.has(one) && places.get(one).parents.some(isBelow));
  above(code);
  for (const one of places.keys()) if (isBelow(one)) found.add(one);
  return found;
}

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

function optionText(place) {
  const life = place.from > date(now()) ? `, from ${place.from}` : `, ended ${place.until}`;
  return `${place.name} (${place.code})${holds(place) ? '' : life}`;
}

/**
 * Fills a select with the places, by kind; calls chosen(code) now, if one is known, and on each choice. The choice stays in the address.
 * `field`, around the select, is shown where there is anything to choose.
 */
export async function choosePlace(select, account, chosen, field) {
  await loadPlaces();
  const wanted = new URLSearchParams(location.search).get('place');
  const groups = kinds.map(([kind, label]) => [label, [...places.values()].filter((place) => place.kind === kind)]).filter(([, of]) => of.length);
  const unlisted = wanted && !places.has(wanted);
  // One that is not in the list is asked for all the same: the server says what is wrong with it.
  render(html`<option value="">Choose a place</option>${groups.map(([label, of]) => html`<optgroup label=${label}>${of.map((place) => html`<option value=${place.code}>${optionText(place)}</option>`)}</optgroup>`)}
    ${unlisted ? html`<option value=${wanted}>${wanted}</option>` : ''}`, select);
  select.addEventListener('change', () => {
    if (!select.value) return;
    history.replaceState(null, '', `${location.pathname}?place=${encodeURIComponent(select.value)}`);
    chosen(select.value);
  });
  field.hidden = places.size === 1 && (!wanted || places.has(wanted));
  select.value = wanted || (places.size === 1 ? places.keys().next().value : account.places.length ? account.places[0].code : '');
  if (select.value) chosen(select.value);
}
