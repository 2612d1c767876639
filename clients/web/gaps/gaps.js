// SPDX-License-Identifier: MIT
// The page Gaps: how a place is covered over the coming weeks, in hours and in open gaps. The hours of each line add up to the whole.
import { html, nothing, render, seen } from '../parts/html.js';
import { openPage } from '../parts/account.js';
import { age, tellAges } from '../parts/age.js';
import { ask, askPages, problemText, send } from '../parts/ask.js';
import { button } from '../parts/button.js';
import { byId, complain, many, number, show, text } from '../parts/dom.js';
import { ago, day, fullWhen, midnight, now, rfc3339, setClock, span, weekday, when } from '../parts/london.js';
import { badge, order, states } from '../parts/state.js';
import { table } from '../parts/table.js';
import { choosePlace, functionName, learnFunctions, nameFunctions, placeName, placeText } from '../parts/words.js';
import { drawMap, legend } from './gaps-map.js';

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
let offered = []; // functions to choose from: [code, name]

// A paragraph that screen readers read out by themselves.
function tell(what) { render(what, byId('as-of')); }

// -------------------------------------------------------------------------------------------------------------------- asking

function offerWeeks() {
  const today = midnight(now());
  const monday = midnight(today, 8 - weekday(today));
  const starts = [today, ...Array.from({ length: WEEKS_AHEAD }, (_, i) => midnight(monday, 7 * i))];
  render(starts.map((start, i) => html`<option value=${start}>${i === 0 ? `today, ${day(start)}` : day(start)}</option>`), byId('from'));
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
  offered = answer.functions.map((one) => [one.function, one.name]);
  drawOffered();
  return answer.place.name;
}

function drawOffered() {
  render(html`<option value="">All functions</option>${offered.map(([code, name]) => html`<option value=${code}>${name}</option>`)}`, byId('function'));
}

// Adds the functions that only places below this one have.
function offerMore(requirements) {
  for (const { function: code } of requirements) if (!offered.some(([known]) => known === code)) offered.push([code, functionName(code)]);
  drawOffered();
}

async function choose(code) {
  place = code;
  shown = null;
  show(byId('found'), false);
  tell('');
  text(byId('heading'), 'Cover over the coming weeks');
  text(byId('where'), '');
  text(byId('below'), '');
  try {
    const name = await offerFunctions();
    if (place !== code) return;
    if (!byId('from').options.length) offerWeeks();
    text(byId('heading'), name);
    text(byId('where'), placeText(code));
    document.title = `${seen(name)}: gaps in cover. Crisis Cover`;
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
  return html`<span><strong>${functionName(requirement.function)}</strong><span class="sub">${
    `${requirement.count} needed${whereText(requirement)}${id ? `, ${requirement.id}` : ''}`}</span></span>`;
}

function drawSums(coverage) {
  const seconds = order.map((state) => coverage.totals[state] * 3600);
  const whole = seconds.reduce((a, b) => a + b, 0);
  const rounded = tenths(seconds);
  render(order.map((state, i) => html`<li class=${state}>${badge(state)}<strong> ${hours(rounded[i])} h</strong><span class="sub">${
    whole ? ` ${((100 * seconds[i]) / whole).toFixed(1)} %` : ''}</span></li>`), byId('sums'));
}

function hourCells(seconds) {
  return tenths(seconds).map((tenth, i) => (tenth ? html`<span class="hours ${order[i]}">${hours(tenth)}</span>` : '0'));
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
    return table(`Hours in each state, and gaps that are open, ${title}`, [title, ...order.map((state) => states[state][1]), 'Open gaps'],
      sums.map((one) => [nameOf(one[key]), ...hourCells(secondsIn(one)), number(open.has(one[key]) ? open.get(one[key]).lines : 0)]),
      { kind: 'numeric' });
  };
  render([shares('by place', 'place', coverage.totals_by_place, placeName),
    shares('by function', 'function', coverage.totals_by_function, functionName)], byId('shares-tables'));
}

function drawTotals(coverage) {
  const line = hourCells;
  const rows = coverage.requirements.map((one) => {
    const seconds = secondsOf(one.spans);
    return [requirementName(one), ...line(seconds), hours(Math.round(sum(seconds) / 360))];
  });
  const all = secondsIn(coverage.totals);
  rows.push([html`<strong>All</strong>`, ...line(all), hours(Math.round(sum(all) / 360))]);
  render(table(`Hours in each state from ${when(shown.window.from)} to ${when(shown.window.to)}. The hours of each line add up to the whole time.`,
    ['Requirement', ...order.map((state) => states[state][1]), 'Whole'], rows,
  { classOf: (i) => (i === rows.length - 1 ? 'sum' : null), kind: 'numeric' }), byId('totals'));
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
  return others.map((one) => html`<span class="sub">${one.who}${words[one.step]}, ${when(one.at)}${one.note ? `: ${one.note}` : ''}</span>`);
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
  tell('Taken back.');
}

function takeBackButtons(gap) {
  if (!mayAcknowledge()) return [];
  const of = `the gap of ${functionName(gap.function)} from ${when(gap.start)}`;
  const make = (label, all) => button(label, () => takeBack(gap, all), { kind: 'second', name: `${label}: ${of}`, back: gap.id });
  const held = ofGroup(gap).filter((one) => one.acknowledged_at).length;
  return [make('Take back', false), held > 1 ? make(`Take back all ${number(held)}`, true) : nothing];
}

function acknowledgement(gap) {
  const said = gap.acknowledged_at ? `${gap.acknowledged_by}, ${when(gap.acknowledged_at)}${gap.note ? `: ${gap.note}` : ''}` : '';
  const until = gap.acknowledged_until ? html`<span class="sub">holds until ${when(gap.acknowledged_until)}</span>` : nothing;
  const others = otherNotes(gap);
  if (said && !gap.acknowledge_again) return html`<span>${said}${until}${others}${takeBackButtons(gap)}</span>`;
  if (!mayAcknowledge()) return html`<span>${said ? `${said}. That holds no longer` : 'not yet'}${others}</span>`;
  const made = button('Acknowledge', () => openDialog(gap), { kind: 'second', gap: gap.id, name: `Acknowledge the gap of ${functionName(gap.function)} from ${when(gap.start)}` });
  return html`<span>${said ? `${said}. That holds no longer: ` : nothing}${others}${made}</span>`;
}

// The last alert that was sent, and the next: "opened 3 h ago; deputy told, commissioner in 2 d".
function alerts(gap) {
  const told = gap.alerts.filter((alert) => alert.sent).map((alert) => alert.to);
  const next = gap.alerts.find((alert) => alert.at === gap.next_alert_at);
  const said = told.length ? [`${told[told.length - 1]} told`] : [];
  if (next && Date.parse(next.at) > now()) said.push(`${next.to}${next.who ? ` (${next.who})` : ''} in ${span(Date.parse(next.at) - now())}`);
  return said.length ? `; ${said.join(', ')}` : '';
}

const two = (main, sub) => html`<span class="two">${main}<span class="sub">${sub}</span></span>`;
const loose = (main, sub) => html`<span>${main}<span class="sub">${sub}</span></span>`; // for sentences, which may break anywhere

function gapRow(gap) {
  const left = Date.parse(gap.start) - now();
  const length = span(Date.parse(gap.end) - Date.parse(gap.start));
  const why = gap.state === 'short' ? `${gap.present} of ${gap.required}: ${gap.cause}` : gap.cause;
  const others = ofGroup(gap).length - 1;
  const from = gap.template ? ' (template, not a commissioned standard)' : '';
  const cause = others > 0 ? loose(why, `${many(others, 'other gap')} by ${rotaOf(gap.group)}`) : why;
  return [html`<span>${badge(gap.state)} ${two(html`<strong>${functionName(gap.function)}</strong>`, `${gap.requirement}${whereText(gap)}${from}`)}</span>`,
    two(when(gap.start), left > 0 ? `in ${span(left)}` : 'now'), two(when(gap.end), length),
    html`<span class="severity ${gap.severity}">${gap.severity}</span>`, cause, loose(gap.owner || 'nobody', `opened ${ago(gap.opened_at)}${alerts(gap)}`), acknowledgement(gap)];
}

// Cover that exists but that one small change would end: no gap, and no alarm.
function drawWarnings(warnings) {
  show(byId('fragile'), warnings.length > 0);
  render(table('Fragile, or to be looked at', ['Cover', 'From', 'To', 'What is fragile'],
    warnings.map((one) => [loose(html`<strong>${functionName(one.function)}</strong>`, `${one.requirement}${one.place === place ? '' : ` at ${placeName(one.place)}`}`), when(one.start), when(one.end), one.text]),
    { classOf: () => 'warning-row' }), byId('warnings'));
}

function gapTable(gaps) {
  if (!gaps.length) return html`<p>No gap is open in this time.</p>`;
  const critical = gaps.filter((gap) => gap.severity === 'critical').length;
  const matters = new Set(gaps.map((gap) => gap.group || gap.id)).size;
  const sources = matters < gaps.length ? ` from ${many(matters, 'cause')}` : '';
  // One requirement may apply to many places: gaps at all of them at one time are one hole.
  const { distinct } = shown.totals;
  const holes = distinct < gaps.length ? `; ${many(distinct, 'distinct hole')}, each requirement counted once` : '';
  return table(`${many(gaps.length, 'open gap')}${sources}, ${critical ? number(critical) : 'none'} of them critical${holes}`,
    ['Gap', 'From', 'To', 'Severity', 'Why', 'Owner', 'Acknowledged'], gaps.map(gapRow), { classOf: (i) => `gap-row ${gaps[i].state}` });
}

// Where nothing is asked for nothing can be missing: an empty list alone would look like cover.
function drawGaps(gaps) {
  render([gapTable(gaps), shown.coverage.notices.map((one) => html`<p class="warn notice">${one}</p>`)], byId('gaps'));
}

function draw() {
  const { coverage, gaps, window } = shown;
  const { map } = coverage;
  tell(html`${map.confidence === 'live' ? 'As of ' : 'NOT LIVE: as of '}${fullWhen(map.as_of)}, ${age(map.as_of)}`);
  byId('as-of').classList.toggle('warn', map.confidence !== 'live');
  drawGaps(gaps);
  drawWarnings(coverage.warnings);
  drawSums(coverage);
  drawShares(coverage);
  drawTotals(coverage);
  render(drawMap(coverage.requirements, window, (one) => requirementName(one, false)), byId('map'));
  text(byId('below'), coverage.within ? 'With every place below this one.' : '');
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
    Object.assign(one, { acknowledged_by: account.account, acknowledged_at: rfc3339(now()), note, acknowledge_again: false, next_alert_at: null,
      acknowledged_until: rfc3339(now() + HELD_MS), notes: [...(one.notes || [])] });
  }
  dialog.close();
  drawGaps(shown.gaps);
  tell('Acknowledged.');
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
render(legend(), byId('legend'));
setInterval(tellAges, 10000);
await openPage(async (who) => {
  account = who;
  await choosePlace(byId('place'), who, choose, byId('choice'));
}, fault);
