// SPDX-License-Identifier: MIT
// Times are in London's time zone, whatever zone and language this machine has, and in the server's form.

const DAY_MS = 86400000;
const days = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
// Only the numbers come from the browser: its words differ between browsers and versions.
const numbers = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'Europe/London', year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric',
  hourCycle: 'h23', calendar: 'gregory', numberingSystem: 'latn',
});

function split(instant) {
  const p = Object.fromEntries(numbers.formatToParts(instant).map((part) => [part.type, Number(part.value)]));
  const wall = Date.UTC(p.year, p.month - 1, p.day, p.hour, p.minute, p.second);
  return { ...p, wall, weekday: new Date(wall).getUTCDay(), ahead: wall - Math.floor(instant / 1000) * 1000 };
}

const two = (n) => String(n).padStart(2, '0');
const dateOf = (p) => `${days[p.weekday]} ${two(p.day)} ${months[p.month - 1]}`;
const timeOf = (p) => `${two(p.hour)}:${two(p.minute)}`;
const zoneOf = (p) => (p.ahead === 0 ? 'GMT' : 'BST');
const at = (iso) => (typeof iso === 'number' ? iso : Date.parse(iso));

/** "Sun 28 Mar 03:10 BST" */
export function when(iso) {
  const p = split(at(iso));
  return `${dateOf(p)} ${timeOf(p)} ${zoneOf(p)}`;
}
/** "Sun 28 Mar 2027 03:10 BST" */
export function fullWhen(iso) {
  const p = split(at(iso));
  return `${dateOf(p)} ${p.year} ${timeOf(p)} ${zoneOf(p)}`;
}
/** "Sun 28 Mar 03:10": where there is little room. With the zone only if it is not the one of this moment. */
export function shortWhen(iso) {
  const p = split(at(iso));
  return `${dateOf(p)} ${timeOf(p)}${zoneOf(p) === zoneOf(split(now())) ? '' : ` ${zoneOf(p)}`}`;
}
/** "03:10:07 BST" */
export function clock(iso) {
  const p = split(at(iso));
  return `${timeOf(p)}:${two(p.second)} ${zoneOf(p)}`;
}
/** "2027-03-28": the day that an instant has in London, as the set-up writes days. */
export function date(iso) {
  const p = split(at(iso));
  return `${p.year}-${two(p.month)}-${two(p.day)}`;
}
/** "03:10" */
export function time(iso) { return timeOf(split(at(iso))); }
/** The London day of an instant: "Sun 28 Mar 2027". */
export function day(iso) {
  const p = split(at(iso));
  return `${dateOf(p)} ${p.year}`;
}
/** "28 Mar": where there is little room. */
export function shortDay(iso) {
  const p = split(at(iso));
  return `${p.day} ${months[p.month - 1]}`;
}
/** 1 is Monday, 7 Sunday. */
export function weekday(iso) { return split(at(iso)).weekday || 7; }

/** London's midnight at the beginning of the day that is `more` days after the one of `iso`. Clocks change at 01:00 UTC, so midnight always exists. */
export function midnight(iso, more = 0) {
  const p = split(at(iso));
  const wall = Date.UTC(p.year, p.month - 1, p.day) + more * DAY_MS;
  return wall - split(wall).ahead;
}

/** The form in which the server takes an instant. */
export function rfc3339(instant) { return new Date(instant).toISOString().replace(/\.\d+Z$/, 'Z'); }

/** "45 min", "3 h 30 min", "2 days 4 h" */
export function span(ms) {
  const minutes = Math.max(0, Math.round(ms / 60000));
  const [d, h, m] = [Math.floor(minutes / 1440), Math.floor(minutes / 60) % 24, minutes % 60];
  if (minutes < 60) return `${m} min`;
  if (d === 0) return m ? `${h} h ${m} min` : `${h} h`;
  const whole = d === 1 ? '1 day' : `${d} days`;
  return h ? `${whole} ${h} h` : whole;
}

// This machine's clock may be wrong, and may be set while a page is open. So the server's time is shown and used; between two answers the
// browser's monotonic clock continues it.
let server = Date.now();
let since = performance.now();
let told = false;
export function setClock(serverNow) {
  told = true;
  server = Date.parse(serverNow);
  since = performance.now();
}
/** Takes the time from the Date header, which is exact to a second, until an answer has a better one. */
export function guessClock(date) {
  const guess = Date.parse(date);
  if (told || Number.isNaN(guess)) return;
  server = guess;
  since = performance.now();
}
export function now() { return server + performance.now() - since; }

/** "less than a minute ago", "4 min ago", "3 h ago" */
export function ago(iso) {
  const minutes = Math.max(0, Math.floor((now() - at(iso)) / 60000));
  if (minutes < 1) return 'less than a minute ago';
  if (minutes < 120) return `${minutes} min ago`;
  if (minutes < 2880) return `${Math.floor(minutes / 60)} h ago`;
  return `${Math.floor(minutes / 1440)} days ago`;
}
