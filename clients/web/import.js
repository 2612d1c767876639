// Import: upload a rota, see what was understood and what would change, confirm.
import { ask, me, element, text, show, button, when, ago } from './app.js';

const LOOK_MS = 300;
const PATIENCE_MS = 60000;

const fault = document.getElementById('fault');
const progress = document.getElementById('progress');
const preview = document.getElementById('preview');
const rota = document.getElementById('rota');

const classes = {
  named: 'named people: they count',
  team: 'team lines: they count where a requirement allows',
  tentative: 'tentative: they do not count until confirmed',
  undecided: 'undecided: somebody must still decide',
  nobody: 'nobody: the rota says there is no cover',
  absence: 'absences',
  unreadable: 'unreadable: they do not count',
  noise: 'not about cover',
  cancelled: 'cancelled',
};
const kinds = { added: 'Added', removed: 'Removed', moved: 'Moved', person_changed: 'Person changed', other: 'Otherwise changed' };

function complain(problem) {
  text(progress, '');
  text(fault, [problem.message, ...(problem.errors || []).map((one) => `${one.path}: ${one.detail}`)].join(' '));
  show(fault, true);
}

function list(items, draw) {
  const made = element('ul');
  made.append(...items.map((item) => { const li = element('li'); li.append(draw(item)); return li; }));
  return made;
}

function understood(answer) {
  const box = document.getElementById('understood');
  const counts = Object.entries(answer.counts || {}).filter(([, n]) => n > 0);
  box.replaceChildren(list(counts, ([name, n]) => document.createTextNode(`${n} ${classes[name] || name}`)));
  const facts = [];
  if (answer.first_start) facts.push(`First shift ${when(answer.first_start)}.`);
  if (answer.horizon) facts.push(`It speaks until ${when(answer.horizon)}; after that cover is unknown.`);
  if (answer.zone_used) facts.push(`Times are read as ${answer.zone_used}.`);
  if (facts.length) box.append(element('p', {}, facts.join(' ')));
  if ((answer.new_people || []).length) {
    box.append(element('h3', {}, 'Names nobody here knows'), list(answer.new_people, (name) => document.createTextNode(name)));
  }
  if ((answer.findings || []).length) {
    box.append(element('h3', {}, `${answer.findings.length} findings`), list(answer.findings, (one) => {
      const line = element('span', { class: `finding ${one.level}` });
      line.append(element('strong', {}, one.line ? `Line ${one.line}: ` : ''), `${one.text} ${one.remedy}`);
      return line;
    }));
  }
}

function side(sign, shift) {
  return shift ? element('p', { class: sign === '−' ? 'before' : 'after' },
    `${sign} ${when(shift.start)} to ${when(shift.end)}: ${shift.title || ''} (${shift.class}${shift.person ? `, ${shift.person}` : ''})`) : null;
}

function changes(answer) {
  const box = document.getElementById('changes');
  const diff = answer.diff || { counts: {}, changes: [] };
  const counts = Object.entries(diff.counts || {}).filter(([, n]) => n > 0);
  box.replaceChildren(element('p', {}, counts.length ? counts.map(([kind, n]) => `${kinds[kind] || kind}: ${n}`).join(', ') : 'Nothing changes: the rota says this already.'));
  box.append(...(diff.changes || []).map((change) => {
    const item = element('div', { class: 'change' });
    item.append(element('strong', {}, kinds[change.kind] || change.kind));
    for (const line of [side('−', change.before), side('+', change.after)]) if (line) item.append(line);
    return item;
  }));
}

function gaps(answer) {
  const box = document.getElementById('gaps');
  const { opens = [], closes = [] } = answer.gaps || {};
  const line = (gap) => document.createTextNode(`${gap.function} at ${gap.place}: ${when(gap.start)} to ${when(gap.end)} (${gap.state})`);
  box.replaceChildren();
  box.append(element('h3', {}, `It would open ${opens.length}`));
  if (opens.length) box.append(list(opens, line));
  box.append(element('h3', {}, `It would close ${closes.length}`));
  if (closes.length) box.append(list(closes, line));
}

function decide(answer) {
  const box = document.getElementById('decide');
  box.replaceChildren();
  if (answer.why) box.append(element('p', { class: 'warn' }, answer.why));
  if (answer.state !== 'preview') return;
  let reason = null;
  if (answer.safe === false) {
    const label = element('label', { for: 'reason' }, 'Why is it right all the same? This goes into the record.');
    reason = element('input', { id: 'reason', type: 'text', required: '' });
    box.append(label, reason);
  }
  const act = async (what, body) => {
    try {
      await ask(`/v1/imports/${answer.id}/${what}`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) });
      text(progress, what === 'confirm' ? 'Confirmed: the map follows within a second or two.' : 'Discarded: nothing was changed.');
      show(preview, false);
      show(fault, false);
      await feeds();
    } catch (problem) { complain(problem); }
  };
  box.append(button('Confirm', () => {
    if (reason && !reason.value.trim()) { complain({ message: 'A reason is wanted.' }); reason.focus(); return; }
    act('confirm', reason ? { reason: reason.value.trim() } : {});
  }), button('Discard', () => act('discard', {}), 'second'));
}

function draw(answer) {
  show(preview, true);
  understood(answer);
  changes(answer);
  gaps(answer);
  decide(answer);
  text(progress, answer.state === 'refused' ? 'This file cannot be used. Nothing was changed.' : 'Read. Nothing is changed yet.');
}

async function waitFor(id) {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    const answer = await ask(`/v1/imports/${id}`);
    if (answer.state !== 'uploaded') return answer;
    if (Date.now() > deadline) throw { message: 'It has not been read after a minute. Nothing was changed; try again later.' };
    await new Promise((resolve) => { setTimeout(resolve, LOOK_MS); });
  }
}

document.getElementById('upload').addEventListener('submit', async (event) => {
  event.preventDefault();
  const file = document.getElementById('file').files[0];
  const type = /\.csv$/i.test(file.name) ? 'text/csv' : 'text/calendar';
  show(fault, false);
  show(preview, false);
  text(progress, 'Reading…');
  try {
    const { id } = await ask(`/v1/rotas/${encodeURIComponent(rota.value)}/imports`, { method: 'POST', headers: { 'Content-Type': type }, body: file });
    draw(await waitFor(id));
  } catch (problem) { complain(problem); }
});

async function feeds() {
  const rows = [];
  let cursor = '';
  do {
    const page = await ask(`/v1/feeds?limit=1000${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ''}`);
    rows.push(...page.feeds);
    cursor = page.next_cursor;
  } while (cursor);
  const made = element('table');
  made.append(element('caption', {}, `${rows.length} sources`));
  const head = element('tr');
  for (const heading of ['Rota', 'Source', 'State', 'Last good check', 'Speaks until', 'What is wrong']) head.append(element('th', { scope: 'col' }, heading));
  const top = element('thead');
  top.append(head);
  const body = element('tbody');
  for (const feed of rows) {
    const line = element('tr', { class: feed.state });
    for (const cell of [feed.rota, feed.kind === 'ical_url' ? 'calendar address' : feed.kind === 'file' ? 'uploads' : 'typed in', `${feed.state}, ${feed.freshness}`,
      feed.last_good_at ? ago(feed.last_good_at) : 'never', feed.horizon ? when(feed.horizon) : '', feed.fault || '']) line.append(element('td', {}, cell));
    body.append(line);
  }
  made.append(top, body);
  document.getElementById('feeds').replaceChildren(made);
}

try {
  await me();
  const rotas = [];
  let cursor = '';
  do {
    const page = await ask(`/v1/rotas?limit=1000${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ''}`);
    rotas.push(...page.rotas);
    cursor = page.next_cursor;
  } while (cursor);
  rota.replaceChildren(element('option', { value: '' }, 'Choose a rota'), ...rotas.map((one) => element('option', { value: one.id }, `${one.id} (${one.organisation})`)));
  await feeds();
} catch (problem) {
  if (problem.status === 401) location.replace(`/?next=${encodeURIComponent(location.pathname + location.search)}`);
  complain(problem);
}
