// SPDX-License-Identifier: MIT
// Gaps: what a commissioner asks of a place over the coming weeks. Counts and times; every line adds up.
import { ask, askPages, openPage, problemText, send } from './app.js';
import { byId, complain, element, many, number, show, table, text } from './dom.js';
import { ago, day, fullWhen, midnight, now, rfc3339, setClock, span, tellAges, weekday, when } from './london.js';
import { drawMap, legend } from './gaps-map.js';
import { badge, choosePlace, functionName, learnFunctions, nameFunctions, order, placeName, placeText, states } from './words.js';

const WEEKS_AHEAD = 53;
const DAYS_AHEAD = 400;
const HELD_MS = 7 * 86400000;
const LINES = 200; // requirements in one answer

const fault = byId('fault');
const dialog = byId('dialog');
let place = '';
let account = null;
let shown = null; // { coverage, gaps, totals, window, at }
let acknowledging = null;

// -------------------------------------------------------------------------------------------------------------------- asking

function offerWeeks() {
  const today = midnight(now());
  const monday = midnight(today, 8 - weekday(today));
  const starts = [today, ...Array.from({ length: WEEKS_AHEAD }, (_, i) => midnight(monday, 7 * i))];
  byId('from').replaceChildren(...starts.map((start, i) => element('option', { value: start }, i === 0 ? `today, ${day(start)}` : day(start))));
}

function chosenWindow() {
  const from = Number(byId('from').value);
  const to = midnight(from, 7 * Number(byId('weeks').value));
  return { from, to: Math.min(to, midnight(now(), DAYS_AHEAD - 1)) };
}

// The answer does not refresh by itself: totals that change while they are read or copied help nobody. Its age is shown with it.
async function look() {
  if (!place) return;
  const asked = place;
  const window = chosenWindow();
  const of = byId('function').value;
  const query = `place=${encodeURIComponent(asked)}&from=${rfc3339(window.from)}&to=${rfc3339(window.to)}${of ? `&function=${encodeURIComponent(of)}` : ''}`;
  try {
    const [coverage, { gaps, totals }] = await Promise.all([askPages(`/v1/coverage?${query}`, 'requirements', LINES), askPages(`/v1/gaps?state=open&${query}`, 'gaps')]);
    // The answer about a place with others below it has functions that only those have.
    await nameFunctions([...coverage.requirements, ...gaps]);
    // Another place was chosen while this answer was on its way.
    if (asked !== place) return;
    offerMore(coverage.requirements);
    // A gap that is filled, and whose closing was not announced yet, is listed for programs that follow.
    shown = { coverage, gaps: gaps.filter((gap) => !gap.settles_at), totals, window, at: now() };
    complain(fault, '');
    draw();
  } catch (problem) {
    // Only problems of the server are shown; a fault of this program must stay visible as one.
    if (!('status' in problem)) throw problem;
    complain(fault, `${problemText(problem)}${shown ? ' What is shown is from the last answer.' : ''}`);
  }
}

async function offerFunctions() {
  const answer = await ask(`/v1/now?place=${encodeURIComponent(place)}`);
  setClock(answer.at);
  learnFunctions(answer);
  byId('function').replaceChildren(element('option', { value: '' }, 'All functions'),
    ...answer.functions.map((one) => element('option', { value: one.function }, one.name)));
  return answer.place.name;
}

// Adds the functions that only places below this one have.
function offerMore(requirements) {
  const offered = new Set([...byId('function').options].map((one) => one.value));
  for (const { function: code } of requirements) {
    if (offered.has(code)) continue;
    offered.add(code);
    byId('function').append(element('option', { value: code }, functionName(code)));
  }
}

async function choose(code) {
  place = code;
  shown = null;
  show(byId('found'), false);
  text(byId('as-of'), '');
  text(byId('heading'), 'Cover over the coming weeks');
  text(byId('where'), '');
  text(byId('below'), '');
  try {
    const name = await offerFunctions();
    if (place !== code) return;
    if (!byId('from').options.length) offerWeeks();
    text(byId('heading'), name);
    text(byId('where'), placeText(code));
    document.title = `${name}: gaps in cover. Crisis Cover`;
  } catch (problem) {
    if (!('status' in problem)) throw problem;
    complain(fault, problemText(problem));
    return;
  }
  await look();
}

// -------------------------------------------------------------------------------------------------------------------- totals

function secondsOf(spans) {
  const sums = Object.fromEntries(order.map((state) => [state, 0]));
  for (const one of spans) sums[one.state] += (Date.parse(one.end) - Date.parse(one.start)) / 1000;
  return order.map((state) => sums[state]);
}

/** Rounds to tenths of hours that add up to the rounded sum: the tenths that rounding down loses are given to the largest remainders. */
export function tenths(seconds) {
  const exact = seconds.map((one) => one / 360);
  const rounded = exact.map(Math.floor);
  let left = Math.round(exact.reduce((a, b) => a + b, 0)) - rounded.reduce((a, b) => a + b, 0);
  for (const i of exact.map((_, j) => j).sort((a, b) => (exact[b] - rounded[b]) - (exact[a] - rounded[a]))) {
    if (left > 0) rounded[i] += 1;
    left -= 1;
  }
  return rounded;
}
const hours = (tenth) => (tenth === 0 ? '0' : `${number(Math.floor(tenth / 10))}${tenth % 10 ? `.${tenth % 10}` : ''}`);

// The place where the requirement applies, if it is another than the one asked about, and the place that it is inherited from.
function whereText({ place: at, from_place: of }) {
  const where = at === place ? '' : ` at ${placeName(at)}`;
  return of && of !== at ? `${where} for ${placeName(of)}` : where;
}

function requirementName(requirement, id = true) {
  return element('span', {}, element('strong', {}, functionName(requirement.function)),
    element('span', { class: 'sub' }, `${requirement.count} needed${whereText(requirement)}${id ? `, ${requirement.id}` : ''}`));
}

function drawSums(coverage) {
  const seconds = order.map((state) => coverage.totals[state] * 3600);
  const whole = seconds.reduce((a, b) => a + b, 0);
  const rounded = tenths(seconds);
  byId('sums').replaceChildren(...order.map((state, i) => element('li', { class: state }, badge(state),
    element('strong', {}, ` ${hours(rounded[i])} h`), element('span', { class: 'sub' }, whole ? ` ${((100 * seconds[i]) / whole).toFixed(1)} %` : ''))));
}

function hourCells(seconds) {
  return tenths(seconds).map((tenth, i) => (tenth ? element('span', { class: `hours ${order[i]}` }, hours(tenth)) : '0'));
}
const secondsIn = (sums) => order.map((state) => sums[state] * 3600);
const sum = (seconds) => seconds.reduce((a, b) => a + b, 0);

// The hours and open gaps of each place below this one, and of each function.
function drawShares(coverage) {
  const several = coverage.totals_by_place.length > 1;
  show(byId('shares'), several);
  if (!several) return;
  const shares = (title, key, sums, nameOf) => {
    const open = new Map(shown.totals[`by_${key}`].map((one) => [one[key], one]));
    const made = table(`Hours in each state, and gaps that are open, ${title}`, [title, ...order.map((state) => states[state][1]), 'Open gaps'],
      sums.map((one) => [nameOf(one[key]), ...hourCells(secondsIn(one)), number(open.has(one[key]) ? open.get(one[key]).lines : 0)]));
    made.classList.add('numeric');
    return made;
  };
  byId('shares-tables').replaceChildren(shares('by place', 'place', coverage.totals_by_place, placeName),
    shares('by function', 'function', coverage.totals_by_function, functionName));
}

function drawTotals(coverage) {
  const line = hourCells;
  const rows = coverage.requirements.map((one) => {
    const seconds = secondsOf(one.spans);
    return [requirementName(one), ...line(seconds), hours(Math.round(sum(seconds) / 360))];
  });
  const all = secondsIn(coverage.totals);
  rows.push([element('strong', {}, 'All'), ...line(all), hours(Math.round(sum(all) / 360))]);
  const made = table(`Hours in each state from ${when(shown.window.from)} to ${when(shown.window.to)}. The hours of each line add up to the whole time.`,
    ['Requirement', ...order.map((state) => states[state][1]), 'Whole'], rows, (i) => (i === rows.length - 1 ? 'sum' : null));
  made.classList.add('numeric');
  byId('totals').replaceChildren(made);
}

// ---------------------------------------------------------------------------------------------------------------------- gaps

const mayAcknowledge = () => ['rota_manager', 'administrator'].includes(account.role);

// Gaps that one source has caused, or that one rota leaves empty, are a group.
const ofGroup = (gap) => (gap.group ? shown.gaps.filter((one) => one.group === gap.group) : [gap]);
const rotaOf = (group) => group.slice(0, group.lastIndexOf('.'));

// The other notes on a gap, the newest last: those of other people, and acknowledgements that were taken back.
function otherNotes(gap) {
  const others = (gap.notes || []).filter((one) => !(one.step === 'acknowledged' && one.at === gap.acknowledged_at));
  const words = { acknowledged: '', noted: '', taken_back: ' took it back' };
  return others.map((one) => element('span', { class: 'sub' }, `${one.who}${words[one.step]}, ${when(one.at)}${one.note ? `: ${one.note}` : ''}`));
}

async function takeBack(gap, all) {
  try {
    await ask(`/v1/gaps/${encodeURIComponent(gap.id)}/acknowledge?group=${all ? 1 : 0}`, { method: 'DELETE' });
  } catch (problem) {
    if (!('status' in problem)) throw problem;
    complain(fault, problemText(problem));
    return;
  }
  // As after acknowledge(): the change is shown before the map has it.
  for (const one of all ? ofGroup(gap) : [gap]) {
    if (!one.acknowledged_at) continue;
    one.notes = [...(one.notes || []), { at: rfc3339(now()), who: account.account, step: 'taken_back', note: null }];
    Object.assign(one, { acknowledged_by: null, acknowledged_at: null, acknowledged_until: null, note: null, acknowledge_again: false });
  }
  drawGaps(shown.gaps);
  text(byId('as-of'), 'Taken back.');
}

function takeBackButtons(gap) {
  if (!mayAcknowledge()) return [];
  const of = `the gap of ${functionName(gap.function)} from ${when(gap.start)}`;
  const make = (label, all) => {
    const made = element('button', { type: 'button', class: 'second', 'data-back': gap.id, 'aria-label': `${label}: ${of}` }, label);
    made.addEventListener('click', () => takeBack(gap, all));
    return made;
  };
  const held = ofGroup(gap).filter((one) => one.acknowledged_at).length;
  return [make('Take back', false), held > 1 ? make(`Take back all ${number(held)}`, true) : null];
}

function acknowledgement(gap) {
  const said = gap.acknowledged_at ? `${gap.acknowledged_by}, ${when(gap.acknowledged_at)}${gap.note ? `: ${gap.note}` : ''}` : '';
  const until = gap.acknowledged_until ? element('span', { class: 'sub' }, `holds until ${when(gap.acknowledged_until)}`) : null;
  const others = otherNotes(gap);
  if (said && !gap.acknowledge_again) return element('span', {}, said, until, ...others, ...takeBackButtons(gap));
  if (!mayAcknowledge()) return element('span', {}, said ? `${said}. That holds no longer` : 'not yet', ...others);
  const made = element('button', { type: 'button', class: 'second', 'data-gap': gap.id,
    'aria-label': `Acknowledge the gap of ${functionName(gap.function)} from ${when(gap.start)}` }, 'Acknowledge');
  made.addEventListener('click', () => openDialog(gap));
  return said || others.length ? element('span', {}, said ? `${said}. That holds no longer: ` : null, ...others, made) : made;
}

// The highest rung of the ladder that it was announced to: "opened 3 h ago; deputy told, commissioner in 2 d".
function ladder(gap) {
  const told = gap.escalation.filter((rung) => rung.reached).map((rung) => rung.to);
  const next = gap.escalation.find((rung) => rung.at === gap.next_escalation_at);
  const said = told.length ? [`${told[told.length - 1]} told`] : [];
  if (next && Date.parse(next.at) > now()) said.push(`${next.to}${next.who ? ` (${next.who})` : ''} in ${span(Date.parse(next.at) - now())}`);
  return said.length ? `; ${said.join(', ')}` : '';
}

const two = (main, sub) => element('span', { class: 'two' }, main, element('span', { class: 'sub' }, sub));
const loose = (main, sub) => element('span', {}, main, element('span', { class: 'sub' }, sub)); // for sentences, which may break anywhere

function gapRow(gap) {
  const left = Date.parse(gap.start) - now();
  const length = span(Date.parse(gap.end) - Date.parse(gap.start));
  const why = gap.state === 'short' ? `${gap.present} of ${gap.required}: ${gap.cause}` : gap.cause;
  const others = ofGroup(gap).length - 1;
  const from = gap.template ? ' (template, not a commissioned standard)' : '';
  const cause = others > 0 ? loose(why, `${many(others, 'other gap')} by ${rotaOf(gap.group)}`) : why;
  return [element('span', {}, badge(gap.state), ' ', two(element('strong', {}, functionName(gap.function)), `${gap.requirement}${whereText(gap)}${from}`)),
    two(when(gap.start), left > 0 ? `in ${span(left)}` : 'now'), two(when(gap.end), length),
    element('span', { class: `severity ${gap.severity}` }, gap.severity), cause, loose(gap.owner || 'nobody', `opened ${ago(gap.opened_at)}${ladder(gap)}`), acknowledgement(gap)];
}

// Cover that exists but that one small change would end: no gap, and no alarm.
function drawWarnings(warnings) {
  show(byId('fragile'), warnings.length > 0);
  byId('warnings').replaceChildren(table('Fragile, or to be looked at', ['Cover', 'From', 'To', 'What is fragile'],
    warnings.map((one) => [loose(element('strong', {}, functionName(one.function)), `${one.requirement}${one.place === place ? '' : ` at ${placeName(one.place)}`}`), when(one.start), when(one.end), one.text]),
    () => 'warning-row'));
}

function drawGaps(gaps) {
  if (!gaps.length) {
    byId('gaps').replaceChildren(element('p', {}, 'No gap is open in this time.'));
    return;
  }
  const critical = gaps.filter((gap) => gap.severity === 'critical').length;
  const matters = new Set(gaps.map((gap) => gap.group || gap.id)).size;
  const sources = matters < gaps.length ? ` from ${many(matters, 'cause')}` : '';
  // One requirement may apply to many places: gaps at all of them at one time are one hole.
  const { distinct } = shown.totals;
  const holes = distinct < gaps.length ? `; ${many(distinct, 'distinct hole')}, each requirement counted once` : '';
  byId('gaps').replaceChildren(table(`${many(gaps.length, 'open gap')}${sources}, ${critical ? number(critical) : 'none'} of them critical${holes}`, ['Gap', 'From', 'To', 'Severity', 'Why', 'Owner', 'Acknowledged'], gaps.map(gapRow),
    (i) => `gap-row ${gaps[i].state}`));
}

function draw() {
  const { coverage, gaps, window } = shown;
  const { map } = coverage;
  byId('as-of').replaceChildren(map.confidence === 'live' ? 'As of ' : 'NOT LIVE: as of ', `${fullWhen(map.as_of)}, `,
    element('span', { 'data-since': map.as_of }, ago(map.as_of)));
  byId('as-of').classList.toggle('warn', map.confidence !== 'live');
  drawGaps(gaps);
  // Where nothing is asked for nothing can be missing: an empty list alone would look like cover.
  byId('gaps').append(...coverage.notices.map((one) => element('p', { class: 'warn notice' }, one)));
  drawWarnings(coverage.warnings);
  drawSums(coverage);
  drawShares(coverage);
  drawTotals(coverage);
  byId('map').replaceChildren(...drawMap(coverage.requirements, window, (one) => requirementName(one, false)));
  text(byId('below'), coverage.within ? 'With every place below this one.' : '');
  if (!coverage.requirements.length) byId('map').replaceChildren(element('p', {}, 'Nothing is commissioned for this place.'));
  show(byId('found'), true);
}

// --------------------------------------------------------------------------------------------------------------- acknowledging

function openDialog(gap) {
  acknowledging = gap;
  text(byId('dialog-gap'), `${functionName(gap.function)}, ${states[gap.state][1].toLowerCase()}, from ${when(gap.start)} to ${when(gap.end)}.`);
  byId('note').value = '';
  const others = ofGroup(gap).length - 1;
  show(byId('dialog-group'), others > 0);
  byId('all-of-group').checked = false;
  text(byId('dialog-others'), others > 0 ? `Also the ${many(others, 'other gap')} of the same cause: ${rotaOf(gap.group)}` : '');
  complain(byId('dialog-fault'), '');
  dialog.showModal();
  byId('note').focus();
}

async function acknowledge(event) {
  event.preventDefault();
  const gap = acknowledging;
  const note = byId('note').value.trim();
  const all = byId('all-of-group').checked;
  try {
    await send(`/v1/gaps/${encodeURIComponent(gap.id)}/acknowledge`, { ...(note && { note }), ...(all && { group: true }) });
  } catch (problem) {
    if (!('status' in problem)) throw problem;
    complain(byId('dialog-fault'), problemText(problem));
    return;
  }
  // The map has it after about a second; it is shown at once.
  // One that was acknowledged before keeps its date, as the server does.
  for (const one of all ? ofGroup(gap) : [gap]) {
    if (one.acknowledged_at && !one.acknowledge_again) continue;
    Object.assign(one, { acknowledged_by: account.account, acknowledged_at: rfc3339(now()), note, acknowledge_again: false, next_escalation_at: null,
      acknowledged_until: rfc3339(now() + HELD_MS), notes: [...(one.notes || [])] });
  }
  dialog.close();
  drawGaps(shown.gaps);
  text(byId('as-of'), 'Acknowledged.');
}

dialog.addEventListener('close', () => {
  // The browser reports a closing later: the dialogue may be open again by then, about another gap.
  if (dialog.open) return;
  // The table was drawn again: the focus would be lost with the old button.
  const again = acknowledging && document.querySelector(`[data-gap="${CSS.escape(acknowledging.id)}"]`);
  acknowledging = null;
  const heading = byId('gaps-heading');
  heading.tabIndex = -1;
  (again || heading).focus();
});
byId('dialog-form').addEventListener('submit', acknowledge);
byId('dialog-close').addEventListener('click', () => dialog.close());
byId('again').addEventListener('click', look);
for (const id of ['function', 'from', 'weeks']) byId(id).addEventListener('change', look);
byId('legend').replaceChildren(...legend());
setInterval(tellAges, 10000);
await openPage(async (who) => {
  account = who;
  await choosePlace(byId('place'), who, choose);
}, fault);
