// Now: who is on call at this department. Refreshes by itself; says aloud when it no longer can.
import { ask, me, element, text, show, badge, phone, when, clock, ago, choosePlace } from './app.js';

const REFRESH_MS = 20000;
const DEAD_MS = 180000;

const functions = document.getElementById('functions');
const fault = document.getElementById('fault');
let place = '';
let lastGood = Date.now();
let shown = null;

function sourceLine(source) {
  const line = element('p', { class: `source ${source.freshness}` });
  const checked = source.checked_at ? `checked ${clock(source.checked_at)} (${ago(source.checked_at)})` : 'never checked';
  text(line, `Rota ${source.rota}, ${source.organisation}: ${source.freshness}, ${checked}${source.override ? '. Changed here, not yet in the rota itself' : ''}`);
  return line;
}

function personRow(person) {
  const row = element('li', { class: 'person' });
  const head = element('p', { class: 'name' });
  head.append(element('strong', {}, person.name || 'Team line'), person.role ? ` ${person.role}` : '');
  if (person.tier > 1) head.append(element('span', { class: 'tier' }, ` ${person.tier === 2 ? '2nd' : person.tier === 3 ? '3rd' : `${person.tier}th`} on call`));
  row.append(head);
  if (person.phone) row.append(phone(person.phone));
  if (person.work_phone) row.append(phone(person.work_phone));
  const until = element('p', {}, `until ${when(person.until)}`);
  if (person.next && person.next.name) until.append(`, then ${person.next.name} from ${clock(person.next.from)}`);
  row.append(until);
  if (person.source) row.append(sourceLine(person.source));
  return row;
}

function people(list) {
  const rows = element('ul', { class: 'people' });
  rows.append(...list.map(personRow));
  return rows;
}

function functionCard(item) {
  const card = element('section', { class: `card ${item.state}`, 'aria-label': item.name });
  const head = element('div', { class: 'card-head' });
  head.append(element('h2', {}, item.name), badge(item.state));
  card.append(head);
  if (item.required > 0) card.append(element('p', { class: 'count' }, `${item.present} of ${item.required} needed`));
  if (item.cause) card.append(element('p', { class: 'cause' }, item.cause));
  if (item.on_call.length) card.append(people(item.on_call));
  if (item.last_known && item.last_known.length) {
    card.append(element('h3', {}, 'Last known'));
    card.append(people(item.last_known));
  }
  if (item.fallback && item.state !== 'covered') {
    const fallback = element('p', { class: 'fallback' });
    fallback.append(element('strong', {}, item.fallback.text), ' ');
    if (item.fallback.phone) fallback.append(phone(item.fallback.phone));
    card.append(fallback);
  }
  return card;
}

function render(answer) {
  text(document.getElementById('heading'), answer.place.name);
  document.title = `${answer.place.name}: who is on call. Crisis Cover`;
  functions.replaceChildren(...answer.functions.map(functionCard));
  if (!answer.functions.length) functions.append(element('p', {}, 'Nothing is commissioned for this place and nobody serves it.'));
}

function tick() {
  const now = new Date().toISOString();
  text(document.getElementById('clock'), when(now));
  const age = document.getElementById('age');
  if (shown) {
    const live = shown.map.confidence === 'live';
    text(age, `${shown.local}. Map ${shown.map.version}, ${live ? 'live' : `NOT live: as of ${when(shown.map.as_of)}, ${ago(shown.map.as_of)}`}`);
    age.className = live ? 'age' : 'age warn';
  }
  show(document.getElementById('dead'), Date.now() - lastGood > DEAD_MS);
}

async function refresh() {
  if (!place) return;
  const asked = place;
  try {
    const answer = await ask(`/v1/now?place=${encodeURIComponent(asked)}`);
    if (asked !== place) return;
    shown = answer;
    lastGood = Date.now();
    show(fault, false);
    render(answer);
  } catch (problem) {
    // What is on the screen stays, with its age: never blank.
    text(fault, problem.status === 404 ? 'There is no such place.' : `${problem.message} What is shown is from the last answer.`);
    show(fault, true);
    if (problem.status === 404 || problem.status === 403) { shown = null; functions.replaceChildren(); }
  }
  tick();
}

setInterval(tick, 1000);
setInterval(refresh, REFRESH_MS);
try {
  await me();
  await choosePlace(document.getElementById('place'), ['emergency_department', 'place_of_safety', 'hospital'], (code) => { place = code; shown = null; refresh(); });
} catch (problem) {
  if (problem.status === 401) location.replace(`/?next=${encodeURIComponent(location.pathname + location.search)}`);
  text(fault, problem.message);
  show(fault, true);
}
tick();
