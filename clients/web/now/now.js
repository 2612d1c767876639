// SPDX-License-Identifier: MIT
// Now: who is on call here. Refreshes by itself; keeps the last answer with its age while the server is away, and says so when it is no longer fresh.
import { html, render } from 'lit/html.js';
import { repeat } from 'lit/directives/repeat.js';
import { openPage } from '../parts/account.js';
import { tellAges } from '../parts/age.js';
import { problemText, signIn } from '../parts/ask.js';
import { byId, complain, show, text } from '../parts/dom.js';
import { ago, clock, day, fullWhen, now } from '../parts/london.js';
import { states } from '../parts/state.js';
import { choosePlace, learnFunctions, placeText } from '../parts/words.js';
import { askAbout, isSilent, startAsking, tickAsking } from './now-asking.js';
import { asOf } from './now-ends.js';
import { functionRow } from './now-function.js';
import { countsOf, isWanted, orderOf, pin, pinned } from './now-order.js';
import { askServices } from './now-person.js';
import { keepForLater } from './now-worker.js';
import { tools } from './now-tools.js';

const NAMES_MS = 1000;
const fixers = ['rota_manager', 'place_manager', 'organisation_administrator', 'administrator'];

const fault = byId('fault');
const dead = byId('dead');
const list = byId('functions');
let place = '';
let mayFix = false;
let shown = null; // the answer, with keptAt if this browser had kept it
let drawn = []; // its functions as they stand on the screen
let order = []; // of their codes
let wish = { typed: '', state: '' };
const open = new Set();

// --------------------------------------------------------------------------------------------------------------------- functions

// Nothing moves under somebody's finger: while a function is open, or has the focus, the order stays.
function reorder(items) {
  const codes = new Set(items.map((item) => item.function));
  const same = order.length === codes.size && order.every((code) => codes.has(code));
  if (same && (open.size || list.contains(document.activeElement))) return;
  order = orderOf(items, pinned(place));
}

function toggle(code) {
  if (!open.delete(code)) open.add(code);
  drawFunctions(drawn);
}

function keepAtTop(code) {
  pin(place, code, !pinned(place).has(code));
  order = orderOf(drawn, pinned(place));
  drawFunctions(drawn);
}

const wanted = () => order.map((code) => drawn.find((item) => item.function === code)).filter((item) => isWanted(item, wish));

// The first match is opened, and the reader led there.
function goToFirst() {
  const [first] = wanted();
  if (!first) return;
  open.add(first.function);
  drawFunctions(drawn);
  byId(`function-${first.function}`).focus();
}

function wishFor(change) {
  wish = { ...wish, ...change };
  drawFunctions(drawn);
}

function rowOf(item, kept) {
  return functionRow(item, {
    open: open.has(item.function), pinned: kept.has(item.function), mayFix, toggle: () => toggle(item.function), pin: () => keepAtTop(item.function),
  });
}

function emptyText() {
  if (!drawn.length) return 'Nothing is commissioned for this place, and nobody serves it.';
  return 'No function here is like that.';
}

function drawFunctions(items) {
  drawn = items;
  reorder(items);
  const kept = pinned(place);
  const some = wanted();
  render(tools(countsOf(items), wish, { change: wishFor, first: goToFirst }), byId('tools'));
  render(some.length ? html`${repeat(some, (item) => item.function, (item) => rowOf(item, kept))}` : html`<p>${emptyText()}</p>`, list);
}

function announce(items) {
  const before = new Map(drawn.map((item) => [item.function, item.state]));
  const said = items.filter((item) => before.has(item.function) && before.get(item.function) !== item.state).map((item) => `${item.name}: now ${states[item.state][1]}.`);
  if (said.length) text(byId('news'), said.join(' '));
}

// Between two answers a function changes only when a shift ends: the others are the same objects as before.
function drawAsOf(answer, always) {
  const items = asOf(answer, now());
  if (!always && items.length === drawn.length && items.every((item, i) => item === drawn[i])) return;
  announce(items);
  drawFunctions(items);
}

// ------------------------------------------------------------------------------------------------------------------------ the head

// For a place that does not exist now: since or until when, and who answers instead.
function lifeText(of) {
  const instead = (of.successors || of.predecessors || []).map((other) => `${other.name} (${other.code})`).join(' or ');
  if (of.ended) return `. This place ended on ${of.ended}${instead ? `: ask for ${instead}` : ''}`;
  if (of.begins) return `. This place begins on ${of.begins}${instead ? `: until then ask for ${instead}` : ''}`;
  return '';
}

function ageText(isDead) {
  if (!shown) return '';
  const { map } = shown;
  if (shown.keptAt) return `NOT LIVE: the server was not reached. This is from ${fullWhen(shown.keptAt)}, ${ago(shown.keptAt)}. It has team numbers only`;
  if (isDead) return `NOT LIVE: the last answer is from ${fullWhen(shown.at)}, ${ago(shown.at)}`;
  if (map.confidence === 'clock_doubtful') {
    return `CLOCK DOUBTFUL: the clocks of the server and of its database are ${Math.abs(map.clock_off_seconds)} seconds apart. Check what time it is`;
  }
  if (map.confidence !== 'live') return `NOT LIVE: the map is as of ${fullWhen(map.as_of)}, ${ago(map.as_of)}`;
  return html`As of ${clock(shown.at)}<span class="on-screen">, live</span>`; // nothing on paper is live
}

function tick() {
  tickAsking(shown);
  if (shown) drawAsOf(shown);
  const isDead = isSilent() || Boolean(shown && shown.keptAt);
  text(byId('clock'), `${day(now())} ${clock(now())}`);
  render(ageText(isDead), byId('age'));
  byId('age').classList.toggle('warn', Boolean(shown) && (isDead || shown.map.confidence !== 'live'));
  tellAges();
  // Once, and not with each tick: a screen reader would read it out every second.
  if (isDead && dead.hidden) text(dead, `This screen is not updating. ${shown ? `It shows what the rotas said on ${shown.local}.` : ''} Check with your switchboard.`);
  show(dead, isDead);
  document.documentElement.classList.toggle('is-dead', isDead);
  document.title = `${isDead ? 'NOT UPDATING. ' : ''}${shown ? shown.place.name : 'Now'}: who is on call. Crisis Cover`;
}

// ------------------------------------------------------------------------------------------------------------------------- answers

function answered(answer) {
  // The answer on the screen is newer than the one that the browser kept.
  if (answer.keptAt && shown && !shown.keptAt) {
    complain(fault, 'The server was not reached. What is shown is from the last answer.');
  } else {
    complain(fault, '');
    learnFunctions(answer);
    text(byId('heading'), answer.place.name);
    text(byId('where'), `${placeText(answer.place.code)}${lifeText(answer.place)}`);
    drawAsOf(answer, true);
    shown = answer;
  }
  tick();
}

// Data of one place must not stay on the screen under the name of another.
function clear() {
  shown = null;
  drawn = [];
  order = [];
  open.clear();
  wish = { typed: '', state: '' };
  render('', list);
  render('', byId('tools'));
  text(byId('heading'), 'Who is on call');
  text(byId('where'), '');
}

function refused(problem) {
  if (problem.status === 401 && !shown) signIn();
  if (problem.status === 404 || problem.status === 403) {
    clear();
    complain(fault, problemText(problem));
  } else if (problem.status === 401) {
    // A screen on a wall continues to show its last answer; somebody in front of it can sign in again.
    if (!fault.querySelector('a')) complain(fault, 'You are no longer signed in. What is shown is from the last answer. ');
    if (!fault.querySelector('a')) fault.append(signInAgain());
  } else {
    complain(fault, `${problemText(problem)}${shown ? ' What is shown is from the last answer.' : ''}`);
  }
  tick();
}

function signInAgain() {
  const link = document.createElement('a');
  link.href = `/?next=${encodeURIComponent(location.pathname + location.search)}`;
  link.textContent = 'Sign in again';
  return link;
}

async function choose(code) {
  place = code;
  clear();
  byId('choice').open = false;
  // The names of services are worth waiting a second for, and no longer.
  await Promise.race([askServices(code), new Promise((resolve) => { setTimeout(resolve, NAMES_MS); })]);
  await askAbout(code);
}

keepForLater();
startAsking({ answered, refused });
setInterval(tick, 1000);
byId('print').addEventListener('click', () => window.print());
tick();
await openPage(async (account) => {
  mayFix = fixers.includes(account.role);
  byId('choice').open = true;
  await choosePlace(byId('place'), account, choose, byId('choice'));
}, fault);
