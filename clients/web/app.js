// What the three pages share: asking the server, London times, small DOM helpers. Text from the server goes into the page as text only.

export class Problem extends Error {
  constructor(status, message, errors) {
    super(message);
    this.status = status;
    this.errors = errors || [];
  }
}

/** Asks the API; answers its JSON. Throws Problem: status 0 when the server was not reached. */
export async function api(path, options = {}) {
  let answer;
  try {
    answer = await fetch(path, { credentials: 'same-origin', ...options });
  } catch {
    throw new Problem(0, 'The server was not reached.');
  }
  const isJson = (answer.headers.get('Content-Type') || '').includes('json');
  const body = isJson ? await answer.json() : null;
  if (!answer.ok) throw new Problem(answer.status, (body && (body.detail || body.title)) || `The server answered ${answer.status}.`, body && body.errors);
  return body;
}

/** Like api, but a visitor who is not signed in is sent to the front door and back. */
export async function ask(path, options) {
  try {
    return await api(path, options);
  } catch (problem) {
    if (problem.status === 401) location.replace(`/?next=${encodeURIComponent(location.pathname + location.search)}`);
    throw problem;
  }
}

let account;
export async function me() {
  account = account || await api('/v1/me');
  const who = document.getElementById('who');
  text(who, `${account.account} (${account.role.replace('_', ' ')})`);
  who.append(' ', button('Sign out', async () => {
    await api('/v1/session', { method: 'DELETE' });
    location.replace('/');
  }, 'link'));
  nav();
  return account;
}
export function forget() { account = undefined; }

function nav() {
  const pages = [['/now.html', 'Now'], ['/gaps.html', 'Gaps'], ['/import.html', 'Import']];
  document.getElementById('nav').replaceChildren(...pages.map(([href, name]) => {
    const link = element('a', { href }, name);
    if (location.pathname === href) link.setAttribute('aria-current', 'page');
    return link;
  }));
}

// Times are London's, whatever the clock of this machine says.
const parts = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'Europe/London', weekday: 'short', day: 'numeric', month: 'short', year: 'numeric',
  hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZoneName: 'short',
});
function split(iso) {
  return Object.fromEntries(parts.formatToParts(new Date(iso)).map((part) => [part.type, part.value]));
}
// Some browsers say GMT+1 for British Summer Time.
const zone = (p) => (p.timeZoneName === 'GMT' || p.timeZoneName === 'UTC' ? 'GMT' : 'BST');
/** "Sun 28 Mar 03:10 BST" */
export function when(iso) {
  if (!iso) return '';
  const p = split(iso);
  return `${p.weekday} ${p.day} ${p.month} ${p.hour}:${p.minute} ${zone(p)}`;
}
/** "03:10" */
export function clock(iso) {
  if (!iso) return '';
  const p = split(iso);
  return `${p.hour}:${p.minute}`;
}
/** The London day of an instant: "Sun 28 Mar". */
export function day(iso) {
  const p = split(iso);
  return `${p.weekday} ${p.day} ${p.month}`;
}
/** "3 min ago", "2 h ago" */
export function ago(iso, now = Date.now()) {
  const minutes = Math.max(0, Math.floor((now - Date.parse(iso)) / 60000));
  if (minutes < 1) return 'less than a minute ago';
  if (minutes < 120) return `${minutes} min ago`;
  if (minutes < 2880) return `${Math.floor(minutes / 60)} h ago`;
  return `${Math.floor(minutes / 1440)} days ago`;
}

// Five states, never told apart by colour alone: word, sign and colour.
export const states = {
  covered: ['✓', 'Covered'],
  short: ['!', 'Short'],
  gap: ['✕', 'Gap: nobody on the rota'],
  unknown: ['?', 'We cannot confirm'],
  not_commissioned: ['–', 'Not commissioned at this hour'],
};
export function badge(state) {
  const [sign, word] = states[state];
  const mark = element('span', { class: `badge ${state}` });
  mark.append(element('span', { 'aria-hidden': 'true' }, sign), ` ${word}`);
  return mark;
}

export function element(name, attributes = {}, content) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) if (value !== null && value !== undefined) made.setAttribute(key, value);
  if (content !== undefined && content !== null) made.textContent = content;
  return made;
}
export function svg(name, attributes = {}, content) {
  const made = document.createElementNS('http://www.w3.org/2000/svg', name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  if (content !== undefined) made.textContent = content;
  return made;
}
export function button(label, act, kind = '') {
  const made = element('button', { type: 'button', class: kind || null }, label);
  made.addEventListener('click', act);
  return made;
}
export function text(node, content) { node.textContent = content; }
export function show(node, visible) { node.hidden = !visible; }

/** A telephone number one can ring by touching it. */
export function phone(number) {
  return element('a', { class: 'phone', href: `tel:${number}` }, national(number));
}
function national(number) {
  if (!number.startsWith('+44')) return number;
  const rest = `0${number.slice(3)}`;
  return /^07/.test(rest) ? rest.replace(/^(\d{5})(\d+)$/, '$1 $2')
    : /^02/.test(rest) ? rest.replace(/^(\d{3})(\d{4})(\d+)$/, '$1 $2 $3')
      : /^01\d1|^011/.test(rest) ? rest.replace(/^(\d{4})(\d{3})(\d+)$/, '$1 $2 $3')
        : rest.replace(/^(\d{5})(\d+)$/, '$1 $2');
}

/** Fills a select with the places this account may see; calls chosen(code) on a choice. Keeps ?place= in the address. */
export async function choosePlace(select, kinds, chosen) {
  const wanted = new URLSearchParams(location.search).get('place');
  const places = [];
  let cursor = '';
  do {
    const page = await ask(`/v1/places?limit=1000${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ''}`);
    places.push(...page.places);
    cursor = page.next_cursor;
  } while (cursor);
  const known = places.filter((place) => !kinds || kinds.includes(place.kind));
  select.replaceChildren(element('option', { value: '' }, 'Choose a place'),
    ...known.map((place) => element('option', { value: place.code }, `${place.name} (${place.code})`)));
  const choose = () => {
    if (!select.value) return;
    history.replaceState(null, '', `${location.pathname}?place=${encodeURIComponent(select.value)}`);
    chosen(select.value);
  };
  select.addEventListener('change', choose);
  // A place given in the address is asked for even if it is of another kind: the server knows whether it exists.
  if (wanted) {
    if (!known.some((place) => place.code === wanted)) {
      const other = places.find((place) => place.code === wanted);
      select.append(element('option', { value: wanted }, other ? `${other.name} (${wanted})` : wanted));
    }
    select.value = wanted;
  } else if (known.length === 1) {
    select.value = known[0].code;
  }
  choose();
}
