// SPDX-License-Identifier: MIT
// What changes, told by the server when it happens (/v1/events). It says that something changed, not what: the page asks again. A page does
// not rely on this alone, since a stream may break unnoticed: it also asks by itself, less often while the stream is heard.

const told = ['coverage', 'gap', 'feed', 'contact', 'note', 'decision', 'reset'];
const QUIET_MS = 40000; // a heartbeat comes every 15 s
const AGAIN_MS = 30000; // as the server asks who was refused

let address = '';
let stream = null;
let heard = -Infinity;
let opened = -Infinity;
let hear = null; // { changed, beat, ended }

function close() {
  if (stream) stream.close();
  stream = null;
}

function open() {
  close();
  opened = performance.now();
  const mine = new EventSource(address);
  stream = mine;
  const on = (name, act) => mine.addEventListener(name, ({ data }) => {
    if (mine !== stream) return;
    heard = performance.now();
    act(JSON.parse(data));
  });
  told.forEach((name) => on(name, (data) => hear.changed(name, data)));
  on('heartbeat', (data) => hear.beat(data));
  mine.addEventListener('error', () => {
    if (mine !== stream) return;
    heard = -Infinity;
    // Refused, and not only cut off: the browser gives up. The session may have ended, which an ordinary question learns.
    if (mine.readyState === EventSource.CLOSED) close();
    hear.ended();
  });
}

// A page that nobody sees gives its connection back: a browser has six for all pages of a server, and every stream holds one.
function watch() {
  if (document.hidden) {
    close();
    heard = -Infinity;
  } else if (!stream) {
    open();
  }
}

// Also where the browser gave up, and where nothing was heard for a while: a broken connection is not always noticed.
function look() {
  if (document.hidden) return;
  const quiet = performance.now() - Math.max(heard, opened);
  if (stream ? quiet > QUIET_MS : quiet > AGAIN_MS) open();
}

/** Whether the server tells this page of changes at present. */
export function isHeard() { return performance.now() - heard < QUIET_MS; }

/**
 * Begins to listen: to one place and those below it, or, with '', to all that the account may see. `changed(name, data)` is told of each event,
 * `beat(data)` of each heartbeat, `ended()` when the stream breaks.
 */
export function listen(place, listener) {
  const first = !hear;
  hear = listener;
  close();
  heard = -Infinity;
  address = `/v1/events${place ? `?place=${encodeURIComponent(place)}` : ''}`;
  watch();
  if (!first) return;
  setInterval(look, AGAIN_MS / 6);
  document.addEventListener('visibilitychange', watch);
}
