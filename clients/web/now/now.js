// SPDX-License-Identifier: MIT
// Now: who is on call here. Refreshes by itself; keeps the last answer with its age while the server is away, and says so when it is no longer fresh.
import { html, nothing, render } from '../parts/html.js';
import { repeat } from 'lit/directives/repeat.js';
import { openPage } from '../parts/account.js';
import { tellAges } from '../parts/age.js';
import { asOfText, isSilent, oldText, sawSignedOut, tellDead } from '../parts/alive.js';
import { problemText, signIn } from '../parts/ask.js';
import { byId, complain, text } from '../parts/dom.js';
import { asOf } from '../parts/ends.js';
import { placed, whomToRing } from '../parts/ladder.js';
import { clock, day, now } from '../parts/london.js';
import { askServices } from '../parts/person.js';
import { states } from '../parts/state.js';
import { forgetTried, learnTried, reportTried, sendAgain, takeBack } from '../parts/tried.js';
import { choosePlace, learnFunctions, placeText } from '../parts/words.js';
import { askAbout, startAsking, tickAsking } from './now-asking.js';
import { closeElsewhere, isElsewhereOpen, openElsewhere } from './now-elsewhere.js';
import { functionRow } from './now-function.js';
import { countsOf, orderOf, pin, pinned, wantedOf } from './now-order.js';
import { tools } from './now-tools.js';
import { keepForLater } from '../parts/worker.js';

const REST_MS = 600; // a second press so soon is a mistake
const STILL_MS = 4000; // nobody's finger is on its way any more
const blind = ['commissioner', 'auditor']; // who see no names report nothing about them
const fixers = ['rota_manager', 'place_manager', 'organisation_administrator', 'administrator'];

const fault = byId('fault');
const list = byId('functions');
let place = '';
let mayFix = false;
let mayReport = false;
let pressed = { code: '', at: -Infinity }; // the last report
let drawnIn = 0; // which minute
let shown = null; // the answer, with keptAt if this browser had kept it
let drawn = []; // its functions as they stand on the screen
let order = []; // of their codes
let wish = { typed: '', state: '' };
let onPaper = false;
let touchedAt = -Infinity; // somebody moved, scrolled or typed
const open = new Set();
const called = new Set(); // the functions of which a number was rung

// --------------------------------------------------------------------------------------------------------------------- functions

// Nothing moves under somebody's finger: while a function is open, has the focus, or somebody is about to press, the order stays.
function reorder(items) {
  const codes = new Set(items.map((item) => item.function));
  const same = order.length === codes.size && order.every((code) => codes.has(code));
  if (same && (open.size || list.contains(document.activeElement) || performance.now() - touchedAt < STILL_MS)) return;
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

function sought() {
  const items = order.map((code) => drawn.find((item) => item.function === code));
  return onPaper ? { found: items, isNear: false } : wantedOf(items, wish);
}

// The first match is opened, and the reader led there.
function goToFirst() {
  const [first] = sought().found;
  if (!first) return;
  open.add(first.function);
  drawFunctions(drawn);
  byId(`function-${first.function}`).focus();
}

function wishFor(change) {
  wish = { ...wish, ...change };
  drawFunctions(drawn);
}

function rang(event, code) {
  if (!event.target.closest('a.phone')) return;
  called.add(code);
  drawFunctions(drawn);
}

function redraw() { if (shown) drawFunctions(drawn); }

// The next one is shown at once; the focus goes to the number to ring now.
function report(item, step, outcome) {
  if (pressed.code === item.function && performance.now() - pressed.at < REST_MS) return;
  pressed = { code: item.function, at: performance.now() };
  reportTried({ item, step, outcome }, redraw);
  if (outcome === 'reached') {
    text(byId('news'), `Reached: ${step.name}.`);
    return;
  }
  const { step: next } = whomToRing(item);
  text(byId('news'), next ? `Next to ring: ${next.name}.` : 'All of these were tried: ask your switchboard.');
  const number = byId(`function-${item.function}`).closest('.function').querySelector('.call a.phone');
  (number || byId(`function-${item.function}`)).focus();
}

function rowOf(item, kept) {
  return functionRow(item, {
    mayFix, mayReport, of: drawn.length,
    open: open.has(item.function), called: called.has(item.function), pinned: kept.has(item.function),
    toggle: () => toggle(item.function), pin: () => keepAtTop(item.function), call: (event) => rang(event, item.function),
    report: (step, outcome) => report(item, step, outcome),
    takeBack: (step) => takeBack({ item, step }, redraw), sendAgain: (step) => sendAgain({ item, step }, redraw),
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
  const { found, isNear } = sought();
  render(tools(countsOf(items), wish, { change: wishFor, first: goToFirst, elsewhere: () => (isElsewhereOpen() ? closeElsewhere() : openElsewhere()) }), byId('tools'));
  render(html`${isNear ? html`<p class="like" role="status">Nothing is called that here. Nearly the same:</p>` : nothing}
    ${found.length ? repeat(found, (item) => item.function, (item) => rowOf(item, kept)) : html`<p>${emptyText()}</p>`}`, list);
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

function tellPlace(of) {
  text(byId('heading'), of.name);
  text(byId('where'), `${placeText(of.code)}${lifeText(of)}`);
}

function ageText(isDead) {
  if (!shown) return '';
  return oldText(shown, isDead) || html`${asOfText(shown)}<span class="on-screen">, live</span>`; // nothing on paper is live
}

function tick() {
  tickAsking(shown);
  // With each minute also what was reported may be over.
  const minute = Math.floor(now() / 60000);
  if (shown) drawAsOf(shown, minute !== drawnIn);
  drawnIn = minute;
  const isDead = isSilent() || Boolean(shown && shown.keptAt);
  text(byId('clock'), `${day(now())} ${clock(now())}`);
  render(ageText(isDead), byId('age'));
  byId('age').classList.toggle('warn', Boolean(shown && oldText(shown, isDead)));
  tellAges();
  tellDead(isDead, `${shown ? `It shows what the rotas said on ${shown.local}.` : ''} Check with your switchboard.`,
    `${shown ? shown.place.name : 'Now'}: who is on call. Crisis Cover`);
}

// ------------------------------------------------------------------------------------------------------------------------- answers

function answered(said) {
  const answer = placed(said);
  // The answer on the screen is newer than the one that the browser kept.
  if (answer.keptAt && shown && !shown.keptAt) {
    complain(fault, 'The server was not reached. What is shown is from the last answer.');
  } else {
    complain(fault, '');
    learnFunctions(answer);
    if (!answer.keptAt) learnTried(answer.at);
    tellPlace(answer.place);
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
  called.clear();
  forgetTried();
  closeElsewhere();
  wish = { typed: '', state: '' };
  render('', list);
  render('', byId('tools'));
  text(byId('heading'), 'Who is on call');
  text(byId('where'), '');
}

function refused(problem) {
  if (problem.status === 401) sawSignedOut();
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

// The names of services are worth no waiting: they are drawn when they come.
async function learnServices(code) {
  await askServices(code);
  if (code === place) redraw();
}

async function choose(code) {
  if (code !== place) {
    place = code;
    clear();
    learnServices(code);
    await askAbout(code);
  } else if (shown) {
    tellPlace(shown.place); // its kind, and what it is in, are known now
  }
  byId('choice').open = false;
}

keepForLater();
startAsking({ answered, refused });
setInterval(tick, 1000);
byId('print').addEventListener('click', () => window.print());
for (const kind of ['pointerdown', 'pointermove', 'scroll']) window.addEventListener(kind, () => { touchedAt = performance.now(); }, { passive: true });
// Paper has all of tonight, whatever was looked for on the screen.
const paper = (on) => () => { onPaper = on; redraw(); };
window.addEventListener('beforeprint', paper(true));
window.addEventListener('afterprint', paper(false));
tick();
// The place in the address is asked about at once, beside who is signed in: the answer is what everybody waits for.
const wanted = new URLSearchParams(location.search).get('place');
if (wanted) choose(wanted);
await openPage(async (account) => {
  mayFix = fixers.includes(account.role);
  mayReport = !blind.includes(account.role);
  redraw();
  byId('choice').open = !place;
  await choosePlace(byId('place'), account, choose, byId('choice'));
}, fault);
