// SPDX-License-Identifier: MIT
// Whether the server still answers, and what a page that is shown for hours says about the age of what it shows.
import { byId, show, text } from './dom.js';
import { seen } from './html.js';
import { ago, clock, fullWhen } from './london.js';

const DEAD_MS = 180000;

const JUMP_MS = 5000;

let lastGood = performance.now();
let slept = 0; // since then, while the monotonic clock stood still
let wall = { shown: Date.now(), steady: performance.now() };
let failed = false; // the last question had no answer of the server
let signedOut = false; // nothing will come until somebody signs in

/** A new answer has come. */
export function sawAnswer() {
  lastGood = performance.now();
  slept = 0;
  signedOut = false;
}
/** The server says that nobody is signed in any more. */
export function sawSignedOut() { signedOut = true; }
/** So long ago, in milliseconds. */
export function sinceAnswer() { return performance.now() - lastGood + slept; }

/**
 * Each second: asks by `ask()` when this machine's own clock has jumped. It may have been set; or the machine slept, and what is shown is as old as
 * that. Which of both cannot be known, so the screen counts as that old until an answer comes.
 */
export function tickAwake(ask) {
  const before = wall;
  wall = { shown: Date.now(), steady: performance.now() };
  const jump = (wall.shown - before.shown) - (wall.steady - before.steady);
  if (Math.abs(jump) <= JUMP_MS) return;
  slept += Math.max(0, jump);
  ask();
}

/** Whether the question that was asked last reached the server. */
export function sawOutcome(reached) { failed = !reached; }
export function isFailing() { return failed; }

/** Whether what is shown can be old: no answer for three minutes, nobody is signed in, or the browser is offline and the server was asked in vain. */
export function isSilent() { return signedOut || sinceAnswer() > DEAD_MS || (failed && !navigator.onLine); }

/** Why an answer is not live, in a sentence; '' if it is. */
export function oldText(answer, isDead) {
  const { map } = answer;
  if (answer.keptAt) return `NOT LIVE: the server was not reached. This is from ${fullWhen(answer.keptAt)}, ${ago(answer.keptAt)}. It has team numbers only`;
  if (isDead) return `NOT LIVE: the last answer is from ${fullWhen(answer.at)}, ${slept ? 'before this machine slept' : ago(answer.at)}`;
  if (map.confidence === 'clock_doubtful') {
    return `CLOCK DOUBTFUL: the clocks of the server and of its database are ${Math.abs(map.clock_off_seconds)} seconds apart. Check what time it is`;
  }
  return map.confidence === 'live' ? '' : `NOT LIVE: the map is as of ${fullWhen(map.as_of)}, ${ago(map.as_of)}`;
}

/** "As of 03:10:07 GMT" */
export function asOfText(answer) { return `As of ${clock(answer.at)}`; }

/** Shows the red bar, or takes it away. `sentence` is what it says after its first words; `title` is the page's. */
export function tellDead(isDead, sentence, title) {
  const bar = byId('dead');
  // Once, and not with each tick: a screen reader would read it out every second.
  if (isDead && bar.hidden) text(bar, `This screen is not updating. ${sentence}`);
  show(bar, isDead);
  document.documentElement.classList.toggle('is-dead', isDead);
  document.title = `${isDead ? 'NOT UPDATING. ' : ''}${seen(title)}`;
}
