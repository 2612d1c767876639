// SPDX-License-Identifier: MIT
// The switchboard's door: a few letters, whom to ring, Enter. Everything by the keyboard; the index is in the browser and follows the server's events.
import { nothing, render } from '../parts/html.js';
import { noRight, openPage } from '../parts/account.js';
import { asOfText, isFailing, isSilent, oldText, sawSignedOut, tellDead } from '../parts/alive.js';
import { Problem, ask, problemText, send, signIn } from '../parts/ask.js';
import { copied } from '../parts/copy.js';
import { byId, complain, text } from '../parts/dom.js';
import { whomToRing } from '../parts/ladder.js';
import { clock, day, now } from '../parts/london.js';
import { askServices } from '../parts/person.js';
import { reportTried, sendAgain, takeBack } from '../parts/tried.js';
import { keepForLater } from '../parts/worker.js';
import { loadPlaces } from '../parts/words.js';
import { gathered } from './switchboard-changes.js';
import { detail, dialText, foundList, hourList } from './switchboard-found.js';
import { entryOf, find, reindex } from './switchboard-index.js';
import { beginnings, changes, compareHour, newest, progress, startKeeping, tickKeeping } from './switchboard-keep.js';
import { faultOf, noteForm, noteOf, subjectsOf } from './switchboard-note.js';

const MOST = 10;
const blind = ['commissioner', 'auditor'];
const field = byId('find');
const fault = byId('fault');

let account = null;
let found = []; // what is shown of it
let more = 0;
let isNear = false; // nothing is called what was typed; found is what is called nearly so, and nothing of it is chosen by itself
let chosen = ''; // the id of an entry
let draft = null; // of a note
let ended = false; // the session
let compared = false;

// -------------------------------------------------------------------------------------------------------------------------- drawing

function say(sentence) { text(byId('news'), sentence); }

function formOf(entry) {
  if (!draft) return null;
  const subjects = subjectsOf(entry.item, whomToRing(entry.item).step, draft.person);
  return noteForm(draft, subjects, { change, save: (event) => saveNote(event, subjects), close: closeNote });
}

function viewOf(entry) {
  const { item } = entry;
  return {
    mayReport: true,
    report: (step, outcome) => report(item, step, outcome),
    takeBack: (step) => takeBack({ item, step }, draw), sendAgain: (step) => sendAgain({ item, step }, draw),
    copy, note: openNote, takeNote, mayTake: () => true, form: formOf(entry),
  };
}

function drawFound() {
  render(foundList(found, chosen, choose), byId('found'));
  text(byId('like'), isNear && found.length ? 'Nothing is called that here. Nearly the same:' : '');
  text(byId('more'), more ? `${more} more: type another word` : found.length || !field.value.trim() ? '' : 'Nothing is called that here. Type another word.');
  const at = found.findIndex((one) => one.id === chosen);
  field.setAttribute('aria-expanded', String(found.length > 0));
  if (at < 0) field.removeAttribute('aria-activedescendant');
  else field.setAttribute('aria-activedescendant', `option-${at}`);
  const node = byId(`option-${at}`);
  if (node) node.scrollIntoView({ block: 'nearest' });
}

/** Draws all that may have changed: what is found now, with the same one chosen if it is still there. */
function draw() {
  const said = find(field.value, near());
  isNear = said.isNear;
  found = said.entries.slice(0, MOST);
  more = said.entries.length - found.length;
  if (!found.some((one) => one.id === chosen)) chosen = draft ? chosen : found.length && !isNear ? found[0].id : '';
  drawFound();
  const entry = entryOf(chosen);
  render(entry ? detail(entry, viewOf(entry)) : nothing, byId('detail'));
}

function drawHour() { render(hourList(gathered(changes()), beginnings()), byId('hour')); }

const near = () => (account ? account.places.map((place) => place.code) : []);

function choose(id) {
  if (id !== chosen) draft = null;
  chosen = id;
  draw();
}

function move(by) {
  if (!found.length) return;
  const at = found.findIndex((one) => one.id === chosen);
  choose(found[(at < 0 && by < 0 ? found.length - 1 : at + by + found.length) % found.length].id);
}

// --------------------------------------------------------------------------------------------------------------------------- acting

async function copy(number, name) {
  say(await copied(number) ? `Copied ${number}, ${name}` : `Not copied. Dial ${number}, ${name}`);
}

async function copyChosen(own) {
  const entry = entryOf(chosen);
  const { step } = entry ? whomToRing(entry.item) : { step: null };
  if (!step || !dialText(step, own)) {
    say(step && own ? `No own number of ${step.name} is known` : !entry && isNear && found.length ? 'Nothing is copied. Choose one first: nothing is called what was typed' : 'There is no number to copy');
    return;
  }
  await copy(own ? step.own : step.dial, step.name);
  field.select(); // the next call is typed over it
}

function report(item, step, outcome) {
  reportTried({ item, step, outcome }, draw);
  const { step: next } = whomToRing(item);
  if (outcome === 'reached') say(`Reached: ${step.name}`);
  else say(next ? `Next to ring: ${dialText(next) || next.name}` : 'All of these were tried');
  field.focus();
}

function reportChosen(outcome) {
  const entry = entryOf(chosen);
  const { step } = entry ? whomToRing(entry.item) : { step: null };
  if (step && (step.subject || outcome === 'no_answer')) report(entry.item, step, outcome);
}

// --------------------------------------------------------------------------------------------------------------------------- notes

function openNote() {
  if (!entryOf(chosen)) return;
  draft = { text: '', until: '+12', on: 0, fault: null, person: null };
  draw();
  byId('note-text').focus();
  learnPerson(chosen);
}

// A note on a person wants their id, which the lookup has not. Two of one name: nothing is offered, rather than the wrong one.
async function learnPerson(id) {
  const { step } = whomToRing(entryOf(id).item);
  if (!step || !step.person || !step.person.name) return;
  try {
    const { people } = await ask(`/v1/people?q=${encodeURIComponent(step.name)}`);
    const same = people.filter((one) => one.name === step.name);
    if (!draft || chosen !== id || same.length !== 1) return;
    draft = { ...draft, person: { id: same[0].id, name: step.name } };
    draw();
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
  }
}

function closeNote() {
  draft = null;
  draw();
  field.focus();
}

function change(part) {
  draft = { ...draft, ...part, fault: null };
  draw();
}

async function saveNote(event, subjects) {
  event.preventDefault();
  draft.fault = faultOf(draft);
  if (!draft.fault) {
    try {
      await send('/v1/notes', noteOf(draft, subjects));
      say(`Noted: ${draft.text.trim()}`);
      closeNote();
      return;
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      draft.fault = ['note-text', `Not noted. ${problemText(problem)}`];
    }
  }
  draw();
  byId(draft.fault[0]).focus();
}

async function takeNote(note) {
  try {
    await ask(`/v1/notes/${note.id}`, { method: 'DELETE' });
    say('The note is removed');
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    say(`Not removed. ${problemText(problem)}`);
  }
}

// ---------------------------------------------------------------------------------------------------------------------------- keys

const keys = {
  ArrowDown: () => move(1),
  ArrowUp: () => move(-1),
  Enter: (event) => copyChosen(event.shiftKey),
  Escape: () => { field.value = ''; say(''); draft = null; draw(); },
};
const everywhere = { F2: openNote, F8: () => reportChosen('no_answer'), F9: () => reportChosen('wrong_person') };

field.addEventListener('keydown', (event) => {
  if (!keys[event.key] || event.isComposing) return;
  event.preventDefault();
  keys[event.key](event);
});
document.addEventListener('keydown', (event) => {
  if (everywhere[event.key] && !draft) {
    event.preventDefault();
    everywhere[event.key]();
  } else if (event.key === 'Escape' && event.target !== field && !draft) field.focus();
});
field.addEventListener('input', () => {
  chosen = '';
  draft = null;
  say('');
  draw();
});

// ----------------------------------------------------------------------------------------------------------------------------- age

function ageText(isDead) {
  const last = newest();
  const { read, of } = progress();
  if (!last) return '';
  return oldText(last, isDead) || `${asOfText(last)}, live${read < of ? `. ${read} of ${of} places are read` : ''}`;
}

function tick() {
  tickKeeping();
  text(byId('clock'), `${day(now())} ${clock(now())}`);
  const last = newest();
  const isDead = isSilent() || Boolean(last && last.keptAt);
  text(byId('age'), ageText(isDead));
  byId('age').classList.toggle('warn', Boolean(last && oldText(last, isDead)));
  tellDead(isDead, 'Check what it says before you put a call through.', 'Switchboard: find whom to ring. Crisis Cover');
}

function answered() {
  const { read, of } = progress();
  if (!compared && of && read === of && !newest().keptAt) {
    compared = true;
    compareHour();
  }
  if (!ended) complain(fault, isFailing() ? 'The server was not reached. What is shown is from the last answer.' : '');
  draw();
  drawHour();
  tick();
}

function refused(problem) {
  if (problem.status === 401) {
    sawSignedOut();
    if (ended) return;
    ended = true;
    const link = Object.assign(document.createElement('a'), { href: '/?next=%2Fswitchboard.html', textContent: 'Sign in again' });
    complain(fault, 'You are no longer signed in. What is shown is from the last answer. ');
    fault.append(link);
    if (!newest()) signIn();
  } else if (!ended && problem.status !== 403 && problem.status !== 404) {
    complain(fault, `${problemText(problem)} What is shown is from the last answer.`);
  }
}

keepForLater();
setInterval(tick, 1000);
tick();
await openPage(async (who) => {
  if (blind.includes(who.role)) {
    noRight();
    return;
  }
  account = who;
  const places = await loadPlaces();
  askServices('').then(() => { reindex(now()); draw(); });
  const mine = near();
  await startKeeping([...mine, ...[...places.keys()].filter((code) => !mine.includes(code))], { changed: answered, refused });
  text(byId('where'), `${places.size} ${places.size === 1 ? 'place' : 'places'}`);
}, fault);
