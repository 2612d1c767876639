// SPDX-License-Identifier: MIT
// Import: upload a rota, see what was understood and what would change, then decide.
import { html, render } from '../parts/html.js';
import { openPage } from '../parts/account.js';
import { Problem, ask, askAll, problemText, send } from '../parts/ask.js';
import { byId, complain, lead, show, text } from '../parts/dom.js';
import { fresh } from '../parts/fresh.js';
import { when } from '../parts/london.js';
import { loadPlaces, nameFunctions } from '../parts/words.js';
import { drawDecisions, wordsOf } from './import-decisions.js';
import { drawFeeds, drawRecent } from './import-lists.js';
import { drawPreview, drawUndo } from './import-preview.js';
import { drawReports } from './import-reports.js';

const LOOK_MS = 300;
const PATIENCE_MS = 60000;
const UPLOAD_MS = 60000;
const FILE_MAX_BYTES = 10 * 1024 * 1024;
const RECENT = 20;
const FOLLOW_MS = 5000;

const fault = byId('fault');
const preview = byId('preview');
let mayChange = new Set();
let shown = null; // the import that is looked at
let turn = 0; // counts what somebody asked to see: an answer to an earlier question is dropped

// A paragraph that screen readers read out by themselves.
function tell(sentence) { text(byId('progress'), sentence); }

async function guarded(act) {
  complain(fault, '');
  try {
    await act();
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    tell('');
    complain(fault, problemText(problem));
  }
}

// ------------------------------------------------------------------------------------------------------------------ one import

const outcomes = {
  refused: 'This file cannot be used. Nothing was changed.',
  preview: 'Read. Nothing is changed yet: look, then decide below.',
  applied: 'This import is in force.',
  discarded: 'This import was discarded. Nothing was changed by it.',
  undone: 'This import was undone.',
};

const acts = {
  confirm: (answer) => `Confirmed. Rota ${answer.rota} is changed; the map follows within a second or two.`,
  discard: () => 'Discarded. Nothing was changed.',
  undo: (answer) => `Undone. What rota ${answer.rota} said before is in force again.`,
};

async function lookAtUndo(id) {
  turn += 1;
  const mine = turn;
  await guarded(async () => {
    tell('Working out what that would do…');
    const answer = await undoOf(id);
    const { opens, closes } = answer.gaps;
    await nameFunctions([...opens, ...closes]);
    if (mine !== turn) return;
    shown = null;
    fresh(drawUndo(answer, (what, body) => decide(answer, what, body), () => guarded(() => lookAt(id))), preview);
    show(preview, true);
    tell('Nothing is changed yet: look, then decide.');
    lead(byId('preview-heading'));
  });
}

/* Asks again while the server still works on the last change of the rota: until then it cannot say whether a gap
 * opens. */
async function undoOf(id) {
  const deadline = Date.now() + FOLLOW_MS;
  for (;;) {
    const answer = await send(`/v1/imports/${id}/undo?dry_run=1`, {});
    if (answer.safe !== null || Date.now() > deadline) return answer;
    await new Promise((resolve) => { setTimeout(resolve, LOOK_MS); });
  }
}

async function decide(answer, what, body) {
  if (what === 'look-undo') {
    await lookAtUndo(answer.id);
    return;
  }
  let changed = null;
  await guarded(async () => {
    try {
      await send(`/v1/imports/${answer.id}/${what}`, body);
    } catch (problem) {
      if (problem.status !== 412) throw problem;
      changed = problem;
      return;
    }
    await lookAt(answer.id);
    tell(acts[what](answer));
    await lists();
  });
  if (!changed) return;
  // Its effect has changed: the new one is shown, with the server's sentence.
  await (what === 'undo' ? lookAtUndo(answer.id) : guarded(() => lookAt(answer.id)));
  complain(fault, problemText(changed));
}

async function read(id, mine) {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    const answer = await ask(`/v1/imports/${id}`);
    if (mine !== turn || answer.state !== 'uploaded') return answer;
    if (Date.now() > deadline) throw new Problem(0, `Import ${id} has not been read after a minute. Nothing was changed; look again later.`);
    await new Promise((resolve) => { setTimeout(resolve, LOOK_MS); });
  }
}

async function lookAt(id, focus = 'preview-heading') {
  turn += 1;
  const mine = turn;
  const answer = await read(id, mine);
  const may = mayChange.has(answer.rota);
  const choices = may ? await decisionsOf(answer.rota) : null;
  const { opens = [], closes = [] } = answer.gaps || {};
  await nameFunctions([...opens, ...closes]);
  if (mine !== turn) return;
  // Reloading the page, or sending its address to a colleague, shows the same import.
  history.replaceState(null, '', `${location.pathname}?import=${id}`);
  fresh(drawPreview(answer, may, (what, body) => decide(answer, what, body),
    may ? { choices, decide: (bodies) => decideNames(answer.rota, bodies, 'match-heading') } : null), preview);
  shown = answer;
  show(preview, true);
  if (choices) showDecisions(choices);
  tell(outcomes[answer.state] || '');
  lead(byId(focus) || byId('preview-heading'));
}

// ------------------------------------------------------------------------------------------------------------------ decisions

async function decisionsOf(rota) {
  const path = `/v1/rotas/${encodeURIComponent(rota)}`;
  const [answer, read] = await Promise.all([ask(`${path}/decisions`), ask(`${path}/turned`)]);
  return { ...answer, turned: read.turned };
}

function showDecisions(answer) {
  fresh(drawDecisions(answer, (bodies) => decideNames(answer.rota, bodies, 'decisions-heading'), (one) => remove(answer.rota, one)), byId('decisions'));
  show(byId('decisions'), true);
}

/* Shows the effect of a decision: the server reads a preview of that rota again; without a preview, waits until the map has it, a second
 * or two. */
async function follow(rota, focus, settled) {
  if (shown && shown.rota === rota && shown.state === 'preview') {
    tell('Reading the file again…');
    await lookAt(shown.id, focus);
    return;
  }
  const deadline = Date.now() + FOLLOW_MS;
  let answer = await decisionsOf(rota);
  while (!settled(answer) && Date.now() < deadline) {
    await new Promise((resolve) => { setTimeout(resolve, LOOK_MS); });
    answer = await decisionsOf(rota);
  }
  showDecisions(answer);
  lead(byId('decisions-heading'));
}

async function decideNames(rota, bodies, focus) {
  await guarded(async () => {
    tell('Deciding…');
    await send(`/v1/rotas/${encodeURIComponent(rota)}/decisions`, bodies.length > 1 ? { decisions: bodies } : bodies[0]);
    const words = new Set(bodies.flatMap((body) => [body.title, body.word, body.alias, body.zone, body.date_order && null]));
    await follow(rota, focus, (answer) => !answer.undecided.some((one) => words.has(one.title)) && !answer.to_decide.some((one) => words.has(one.words)));
    tell(`Decided for rota ${rota}. It is in the list below, and can be removed there.`);
  });
}

async function remove(rota, one) {
  await guarded(async () => {
    tell('Removing…');
    await ask(`/v1/rotas/${encodeURIComponent(rota)}/decisions/${one.id}`, { method: 'DELETE' });
    await follow(rota, 'decisions-heading', () => true);
    tell(`Removed. What was decided about “${wordsOf(one)}” no longer holds for rota ${rota}.`);
  });
}

async function chosen() {
  const rota = byId('rota').value;
  await guarded(async () => {
    if (rota) showDecisions(await decisionsOf(rota));
    else show(byId('decisions'), false);
  });
}

// -------------------------------------------------------------------------------------------------------------------- uploads

// What is no workbook of this kind is sent as one all the same: the answer says what it is.
const WORKBOOK = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

function typeOf(name) {
  if (/\.(xls[xmb]?|ods|numbers)$/i.test(name)) return WORKBOOK;
  return /\.csv$/i.test(name) ? 'text/csv' : 'text/calendar';
}

async function upload(event) {
  event.preventDefault();
  const file = byId('file').files[0];
  show(preview, false);
  shown = null;
  await guarded(async () => {
    if (file.size > FILE_MAX_BYTES) throw new Problem(0, 'The file is larger than 10 MB. A rota is much smaller: is it the right file?');
    tell(`Uploading ${file.name}…`);
    const rota = byId('rota').value;
    const { id } = await ask(`/v1/rotas/${encodeURIComponent(rota)}/imports`, {
      // By its name: browsers and systems disagree about the type of these files, or give none.
      method: 'POST', headers: { 'Content-Type': typeOf(file.name) }, body: file, patience: UPLOAD_MS,
    });
    tell(`Reading ${file.name}…`);
    await lookAt(id);
    await lists();
  });
}

// ---------------------------------------------------------------------------------------------------------------------- lists

async function checkNow(feed) {
  await guarded(async () => {
    await send(`/v1/feeds/${encodeURIComponent(feed.rota)}/refresh`, {});
    tell(`Asked for rota ${feed.rota}: it is checked within seconds.`);
  });
}

async function withdraw(feed) {
  await lookAtUndo(feed.upload.import);
}

async function lists() {
  const look = (id) => guarded(() => lookAt(id));
  render(drawFeeds(await askAll('/v1/feeds', 'feeds'), mayChange, look, checkNow, withdraw), byId('feeds'));
  if (!mayChange.size) return;
  const { imports } = await ask(`/v1/imports?limit=${RECENT}`);
  render(drawRecent(imports, look), byId('recent'));
  show(byId('recent-part'), imports.length > 0);
}

async function settle(report) {
  await guarded(async () => {
    await send(`/v1/contacts/${report.id}/settle`, {});
    tell(`Seen to. What is shown beside the name stays until ${when(report.until)}.`);
    await reports();
  });
}

async function reports() {
  const found = await askAll('/v1/contacts?open=1', 'contacts');
  render(drawReports(found, settle), byId('reports'));
  show(byId('reports-part'), found.length > 0);
}

byId('upload').addEventListener('submit', upload);
byId('rota').addEventListener('change', chosen);
await openPage(async (account) => {
  const may = ['rota_manager', 'administrator'].includes(account.role);
  const rotas = may ? (await askAll('/v1/rotas', 'rotas')).filter((one) => one.may_change) : [];
  mayChange = new Set(rotas.map((one) => one.id));
  render(html`<option value="">Choose a rota</option>${rotas.filter((one) => one.kind !== 'typed')
    .map((one) => html`<option value=${one.id}>${`${one.id} (${one.organisation}${one.absences ? ', leave' : ''})`}</option>`)}`, byId('rota'));
  show(byId('upload'), may);
  show(byId('may-not'), !may);
  await loadPlaces();
  await lists();
  if (may) await guarded(reports);
  const wanted = new URLSearchParams(location.search).get('import');
  if (wanted && /^\d+$/.test(wanted)) await guarded(() => lookAt(wanted));
}, fault);
