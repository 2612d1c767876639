// Gaps: what a commissioner asks of a place over the coming weeks. Counts and times, every number adding up.
import { ask, me, element, svg, text, show, badge, button, states, when, day, choosePlace } from './app.js';

const fault = document.getElementById('fault');
const weeks = document.getElementById('weeks');
const order = ['covered', 'short', 'gap', 'unknown', 'not_commissioned'];
let place = '';

// Midnight in London of the day that `now` is in, as an instant.
function londonMidnight(now) {
  const hour = new Intl.DateTimeFormat('en-GB', { timeZone: 'Europe/London', hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' });
  const since = (instant) => {
    const p = Object.fromEntries(hour.formatToParts(instant).map((part) => [part.type, Number(part.value)]));
    return ((p.hour * 60 + p.minute) * 60 + p.second) * 1000;
  };
  const first = new Date(Math.floor(now / 1000) * 1000 - since(new Date(now)));
  // On a clock-change day the first try is an hour off: put right what is left over.
  const left = since(first);
  return new Date(first.getTime() - (left > 43200000 ? left - 86400000 : left));
}

function iso(date) { return date.toISOString().replace('.000Z', 'Z'); }

function table(headings, rows, caption) {
  const made = element('table');
  made.append(element('caption', {}, caption));
  const head = element('tr');
  head.append(...headings.map((heading) => element('th', { scope: 'col' }, heading)));
  const top = element('thead');
  top.append(head);
  const body = element('tbody');
  for (const row of rows) {
    const line = element('tr');
    for (const cell of row) {
      const td = element('td');
      td.append(cell instanceof Node ? cell : document.createTextNode(cell === null || cell === undefined ? '' : String(cell)));
      line.append(td);
    }
    body.append(line);
  }
  made.append(top, body);
  return made;
}

function hoursOf(spans) {
  const sums = Object.fromEntries(order.map((state) => [state, 0]));
  for (const span of spans) sums[span.state] += (Date.parse(span.end) - Date.parse(span.start)) / 3600000;
  return sums;
}

function hours(value) { return Number(value || 0).toFixed(1); }

function drawTotals(coverage) {
  const rows = coverage.requirements.map((r) => {
    const sums = hoursOf(r.spans);
    return [`${r.function}, ${r.count} needed (${r.id})`, ...order.map((state) => hours(sums[state]))];
  });
  rows.push(['All', ...order.map((state) => hours(coverage.totals[state]))]);
  document.getElementById('totals').replaceChildren(table(['Requirement', ...order.map((state) => states[state][1])], rows,
    'Hours of each state. Each line adds up to the whole time.'));
}

function drawBar(requirement, from, to) {
  const width = 1000;
  const height = 28;
  const scale = (instant) => ((Date.parse(instant) - from) / (to - from)) * width;
  const bar = svg('svg', { viewBox: `0 0 ${width} ${height}`, class: 'strip', preserveAspectRatio: 'none', role: 'img', 'aria-label': `${requirement.function}: see the table below` });
  for (const span of requirement.spans) {
    const x = scale(span.start);
    const rect = svg('rect', { x, y: 0, width: Math.max(0.5, scale(span.end) - x), height, class: `fill-${span.state}` });
    rect.append(svg('title', {}, `${states[span.state][1]}: ${when(span.start)} to ${when(span.end)}`));
    bar.append(rect);
  }
  return bar;
}

function drawRequirement(requirement, from, to) {
  const box = element('details', { class: 'requirement' });
  const head = element('summary');
  head.append(element('strong', {}, `${requirement.function}, ${requirement.count} needed`), ` (${requirement.id}${requirement.place !== place ? `, from ${requirement.place}` : ''})`);
  head.append(drawBar(requirement, from, to));
  box.append(head);
  const rows = requirement.spans.filter((span) => span.state !== 'not_commissioned').map((span) => [
    when(span.start), when(span.end), badge(span.state), `${span.present} of ${span.required}`,
    (span.people || []).map((person) => person.name).filter(Boolean).join(', '), span.cause || '']);
  const holder = element('div', { class: 'scroll' });
  holder.append(table(['From', 'To', 'State', 'Present', 'Who', 'Why'], rows, `${requirement.function} in full`));
  box.append(holder);
  return box;
}

async function acknowledge(gap) {
  const note = window.prompt('A note for the record (who deals with it, by when):');
  if (note === null) return;
  try {
    await ask(`/v1/gaps/${encodeURIComponent(gap.id)}/acknowledge`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ note }) });
    await draw();
  } catch (problem) {
    text(fault, problem.message);
    show(fault, true);
  }
}

function drawGaps(list) {
  const rows = list.map((gap) => [badge(gap.state), gap.function, when(gap.start), when(gap.end), gap.severity, gap.cause,
    gap.acknowledged_by ? `${gap.acknowledged_by}: ${gap.note || ''}` : button('Acknowledge', () => acknowledge(gap))]);
  document.getElementById('gaps').replaceChildren(list.length
    ? table(['State', 'Function', 'From', 'To', 'Severity', 'Why', 'Acknowledged'], rows, `${list.length} open`)
    : element('p', {}, 'No open gaps in this time.'));
}

async function openGaps(from, to) {
  const list = [];
  let cursor = '';
  let asOf = '';
  do {
    const page = await ask(`/v1/gaps?state=open&limit=500&place=${encodeURIComponent(place)}&from=${from}&to=${to}${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ''}`);
    list.push(...page.gaps);
    asOf = page.as_of;
    cursor = page.next_cursor;
  } while (cursor);
  return { list, asOf };
}

async function draw() {
  if (!place) return;
  const start = londonMidnight(Date.now());
  const end = londonMidnight(start.getTime() + (Number(weeks.value) * 7 + 0.5) * 86400000);
  try {
    const [coverage, gaps] = await Promise.all([
      ask(`/v1/coverage?place=${encodeURIComponent(place)}&from=${iso(start)}&to=${iso(end)}`), openGaps(iso(start), iso(end))]);
    show(fault, false);
    text(document.getElementById('heading'), `Cover at ${document.getElementById('place').selectedOptions[0].textContent}`);
    text(document.getElementById('as-of'), `${day(iso(start))} to ${day(iso(end))}, flags up to ${gaps.asOf}`);
    drawTotals(coverage);
    drawGaps(gaps.list);
    document.getElementById('map').replaceChildren(...coverage.requirements.map((r) => drawRequirement(r, start.getTime(), end.getTime())));
  } catch (problem) {
    text(fault, problem.message);
    show(fault, true);
  }
}

document.getElementById('legend').replaceChildren(...order.map(badge));
weeks.addEventListener('change', draw);
try {
  await me();
  await choosePlace(document.getElementById('place'), null, (code) => { place = code; draw(); });
} catch (problem) {
  if (problem.status === 401) location.replace(`/?next=${encodeURIComponent(location.pathname + location.search)}`);
  text(fault, problem.message);
  show(fault, true);
}
