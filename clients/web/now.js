// SPDX-License-Identifier: MIT
// Now: who is on call here. Refreshes by itself; keeps the last answer with its age while the server is away, and says so when it is no longer fresh.
import { Problem, askWhole, openPage, problemText, signIn } from './app.js';
import { byId, complain, element, show, text } from './dom.js';
import { ago, clock, day, fullWhen, now, setClock, tellAges } from './london.js';
import { asOf, nextEnd } from './now-ends.js';
import { askServices, functionRow, indexLink } from './now-row.js';
import { choosePlace, placeText, states } from './words.js';

const REFRESH_MS = 20000;
const PATIENCE_MS = 10000;
const DEAD_MS = 180000;
const JUMP_MS = 5000;
const NAMES_MS = 1000;

const fault = byId('fault');
const dead = byId('dead');
const rows = new Map(); // by function: { item, node, link }
let place = '';
let asking = ''; // the place of the request under way: no second one about it is sent, so answers cannot overtake each other
let shown = null;
let lastGood = performance.now();
let askedFor = 0; // the end of a shift for which the server was asked already
let wall = { shown: Date.now(), steady: performance.now() };

function announce(item, before) {
  return before && before.state !== item.state ? `${item.name}: now ${states[item.state][1]}.` : '';
}

// Only functions that changed are drawn again, so that a reader keeps the place and the focus.
function drawFunctions(items) {
  const said = [];
  for (const item of items) {
    const before = rows.get(item.function);
    if (before && JSON.stringify(before.item) === JSON.stringify(item)) continue;
    const key = document.activeElement && document.activeElement.dataset.key;
    const made = { item, node: functionRow(item), link: indexLink(item) };
    if (before) {
      before.node.replaceWith(made.node);
      before.link.replaceWith(made.link);
      const again = key && document.querySelector(`[data-key="${CSS.escape(key)}"]`);
      if (again && document.activeElement !== again) again.focus({ preventScroll: true });
    }
    rows.set(item.function, made);
    said.push(announce(item, before && before.item));
  }
  const news = said.join(' ').trim();
  if (news) text(byId('news'), news);
}

// For a place that does not exist now: since or until when, and who answers instead.
function lifeText(of) {
  const instead = (of.successors || of.predecessors || []).map((other) => `${other.name} (${other.code})`).join(' or ');
  if (of.ended) return `. This place ended on ${of.ended}${instead ? `: ask for ${instead}` : ''}`;
  if (of.begins) return `. This place begins on ${of.begins}${instead ? `: until then ask for ${instead}` : ''}`;
  return '';
}

function draw(answer) {
  const items = asOf(answer, now());
  const changedPlace = !shown || JSON.stringify(shown.place) !== JSON.stringify(answer.place)
    || shown.functions.map((item) => item.function).join() !== answer.functions.map((item) => item.function).join();
  if (changedPlace) rows.clear();
  drawFunctions(items);
  if (!changedPlace) return;
  text(byId('heading'), answer.place.name);
  text(byId('where'), `${placeText(answer.place.code)}${lifeText(answer.place)}`);
  byId('functions').replaceChildren(...[...rows.values()].map((row) => row.node));
  byId('index').replaceChildren(element('ul', {}, ...[...rows.values()].map((row) => element('li', {}, row.link))));
  show(byId('index'), rows.size > 1);
  if (!rows.size) byId('functions').append(element('p', {}, 'Nothing is commissioned for this place, and nobody serves it.'));
}

function ageText(isDead) {
  if (!shown) return '';
  const { map } = shown;
  if (shown.keptAt) return `NOT LIVE: the server was not reached. This is from ${fullWhen(shown.keptAt)}, ${ago(shown.keptAt)}`;
  if (isDead) return `NOT LIVE: the last answer is from ${fullWhen(shown.at)}, ${ago(shown.at)}`;
  if (map.confidence === 'clock_doubtful') {
    return `CLOCK DOUBTFUL: the clocks of the server and of its database are ${Math.abs(map.clock_off_seconds)} seconds apart. Check what time it is`;
  }
  if (map.confidence !== 'live') return `NOT LIVE: the map is as of ${fullWhen(map.as_of)}, ${ago(map.as_of)}`;
  return `As of ${shown.local}. Map ${map.version}, live`;
}

// While the machine slept the monotonic clock may have stood still. A jump of this machine's wall clock is used only as
// a sign that it is time to ask.
function hasJumped() {
  const before = wall;
  wall = { shown: Date.now(), steady: performance.now() };
  return Math.abs((wall.shown - before.shown) - (wall.steady - before.steady)) > JUMP_MS;
}

// At the end of a shift the server is asked at once, without waiting for the next refresh.
function askAtEnd() {
  const end = shown && !shown.keptAt ? nextEnd(shown) : 0;
  if (!end || end > now() || end === askedFor) return;
  askedFor = end;
  refresh();
}

function tick() {
  const silent = performance.now() - lastGood;
  if (hasJumped()) refresh();
  askAtEnd();
  if (shown) drawFunctions(asOf(shown, now()));
  const isDead = silent > DEAD_MS || Boolean(shown && shown.keptAt);
  text(byId('clock'), `${day(now())} ${clock(now())}`);
  text(byId('age'), ageText(isDead));
  byId('age').classList.toggle('warn', Boolean(shown) && (isDead || shown.map.confidence !== 'live'));
  tellAges();
  // Once, and not with each tick: a screen reader would read it out every second.
  if (isDead && dead.hidden) text(dead, `This screen is not updating. ${shown ? `It shows what the rotas said on ${shown.local}.` : ''} Check with your switchboard.`);
  show(dead, isDead);
  document.documentElement.classList.toggle('is-dead', isDead);
  document.title = `${isDead ? 'NOT UPDATING. ' : ''}${shown ? shown.place.name : 'Now'}: who is on call. Crisis Cover`;
}

// Data of one place must not stay on the screen under the name of another.
function clear() {
  shown = null;
  rows.clear();
  byId('functions').replaceChildren();
  show(byId('index'), false);
  text(byId('heading'), 'Who is on call');
  text(byId('where'), '');
}

function refused(problem) {
  if (problem.status === 401 && !shown) signIn();
  if (problem.status === 404 || problem.status === 403) {
    clear();
    complain(fault, problemText(problem));
    return;
  }
  if (problem.status === 401) {
    // A screen on a wall continues to show its last answer; somebody in front of it can sign in again.
    if (fault.querySelector('a')) return;
    complain(fault, 'You are no longer signed in. What is shown is from the last answer. ');
    fault.append(element('a', { href: `/?next=${encodeURIComponent(location.pathname + location.search)}` }, 'Sign in again'));
    return;
  }
  complain(fault, `${problemText(problem)}${shown ? ' What is shown is from the last answer.' : ''}`);
}

async function refresh() {
  if (!place || asking === place) return;
  const asked = place;
  asking = asked;
  try {
    const { body, keptAt } = await askWhole(`/v1/now?place=${encodeURIComponent(asked)}`, { patience: PATIENCE_MS });
    if (asked !== place) return;
    // The answer on the screen is newer than the one that the browser kept.
    if (keptAt && shown && !shown.keptAt) throw new Problem(0, 'The server was not reached.');
    if (!keptAt) {
      setClock(body.at);
      lastGood = performance.now();
    }
    complain(fault, '');
    draw(body);
    shown = { ...body, keptAt };
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    if (asked === place) refused(problem);
  } finally {
    if (asking === asked) asking = '';
  }
  tick();
}

async function choose(code) {
  place = code;
  clear();
  // The names of services are worth waiting a second for, and no longer.
  await Promise.race([askServices(code), new Promise((resolve) => { setTimeout(resolve, NAMES_MS); })]);
  await refresh();
}

// Without a service worker (an old browser, no TLS) an open page still keeps its answer; only a page that is opened without the server shows nothing.
if ('serviceWorker' in navigator) navigator.serviceWorker.register('/sw.js').catch(() => {});
setInterval(tick, 1000);
setInterval(refresh, REFRESH_MS);
document.addEventListener('visibilitychange', () => { if (!document.hidden) refresh(); });
window.addEventListener('online', refresh);
tick();
await openPage((account) => choosePlace(byId('place'), account, choose, byId('choice')), fault);
