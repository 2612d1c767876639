// SPDX-License-Identifier: MIT
// One import as a person sees it before the decision: what was understood, what would change, the effect on cover, and the decision.
import { html, nothing } from '../parts/html.js';
import { button } from '../parts/button.js';
import { byId, complain, many, number } from '../parts/dom.js';
import { fullWhen, when } from '../parts/london.js';
import { badge } from '../parts/state.js';
import { bullets, fold, table } from '../parts/table.js';
import { functionName, placeName } from '../parts/words.js';
import { drawToDecide } from './import-to-decide.js';

const SHOWN = 10;

const classes = [
  ['named', 'with a person we know: they count', true],
  ['team', 'team lines: they count where that is allowed', true],
  ['tentative', 'tentative: they do not count until confirmed'],
  ['undecided', 'undecided: a person must still say who'],
  ['nobody', 'say that nobody is on'],
  ['absence', 'absences: they take that person’s cover away'],
  ['unreadable', 'cannot be read: they do not count'],
  ['noise', 'are not about cover'],
  ['cancelled', 'are cancelled'],
];
const classWords = {
  named: 'person', team: 'team line', tentative: 'tentative', undecided: 'undecided', nobody: 'nobody', absence: 'absence', unreadable: 'unreadable',
};
const kinds = [['added', 'added'], ['removed', 'removed'], ['moved', 'moved'], ['person_changed', 'given to somebody else'], ['other', 'otherwise changed']];
const levels = { refused: 'Refused', unreadable: 'Cannot be read', warning: 'Warning' };
const bySomebody = { feed: 'the feed itself' };

// ----------------------------------------------------------------------------------------------------------------- understood

function classList(counts) {
  const seen = classes.filter(([name]) => counts[name] > 0);
  return html`<ul class="counts">${seen.map(([name, words, counted]) => html`<li class=${counted ? 'counted' : nothing}><strong>${number(counts[name])}</strong> ${words}</li>`)}</ul>`;
}

function facts(answer) {
  const said = [];
  if (answer.first_start) said.push(`The first shift begins ${fullWhen(answer.first_start)}.`);
  if (answer.horizon) said.push(`Its last entry ends ${fullWhen(answer.horizon)}; after that its cover is unknown.`);
  if (answer.zone_used) said.push(`Times without a zone were read as ${answer.zone_used}.`);
  return said.length ? html`<p>${said.join(' ')}</p>` : nothing;
}

function finding(one) {
  return html`<span class="finding ${one.level}"><strong>${levels[one.level] || one.level}${one.line ? `, line ${one.line}` : ''}: </strong>${[one.text, one.remedy].filter(Boolean).join(' ')}</span>`;
}

const matchHeading = (words) => html`<h4 id="match-heading">${words}</h4>`;
const same = (name) => name;

function strangers(answer, matching) {
  if (matching && answer.to_decide.length) return drawToDecide(answer.to_decide, matching.choices, matching.decide, matchHeading);
  const names = answer.new_people || [];
  if (!names.length) return nothing;
  return html`<h4>${many(names.length, 'name')} that nobody here knows</h4>
    <p class="hint">They do not count as cover until somebody who may change this rota says who they are.</p>
    ${fold(names, SHOWN, 'names', (items) => bullets(items, same))}`;
}

function listed(items, heading, what, draw) {
  return items.length ? html`<h4>${heading}</h4>${fold(items, SHOWN, what, (some) => bullets(some, draw))}` : nothing;
}

function understood(answer, matching) {
  const { joining, findings } = { joining: answer.joining || [], findings: answer.findings || [] };
  return html`<h3>What was understood</h3>
    ${answer.counts ? html`<p>${many(answer.events, 'event')} in the file. Of the shifts they make:</p>${classList(answer.counts)}` : nothing}
    ${facts(answer)}${strangers(answer, matching)}
    ${listed(joining, `${many(joining.length, 'person', 'people')} new to this rota`, 'people', same)}
    ${listed(findings, `${many(findings.length, 'finding')} for the person who keeps the file`, 'findings', finding)}`;
}

// ------------------------------------------------------------------------------------------------------------------- changes

function side(sign, shift) {
  if (!shift) return null;
  const who = shift.title || shift.person || shift.team || 'no title';
  return html`<span class=${sign === '−' ? 'before' : 'after'}>${when(shift.start)} to ${when(shift.end)}: <b>${who}</b> (${classWords[shift.class] || shift.class})</span>`;
}

function changed(diff) {
  return kinds.filter(([kind]) => diff.counts[kind] > 0).map(([kind, words]) => `${number(diff.counts[kind])} ${words}`);
}

function changes(answer) {
  if (!answer.diff) return nothing;
  const heading = html`<h3>What would change</h3>`;
  const said = changed(answer.diff);
  if (!said.length) return html`${heading}<p>No shift changes: the rota already says this.</p>`;
  const all = Object.values(answer.diff.counts).reduce((a, b) => a + b, 0);
  const list = answer.diff.changes;
  const words = Object.fromEntries(kinds);
  return html`${heading}<p>Shifts: ${said.join(', ')}.${list.length < all ? ` The first ${number(list.length)} of ${number(all)} are listed.` : ''}</p>
    ${fold(list, SHOWN, 'changes', (items) => table('Shifts before and after', ['Change', 'Was', 'Would be'],
    items.map((one) => [words[one.kind] || one.kind, side('−', one.before), side('+', one.after)])))}`;
}

// ---------------------------------------------------------------------------------------------------------------------- gaps

/** The same gap at several places is one line. */
function byTime(gaps) {
  const found = new Map();
  for (const gap of gaps) {
    const key = [gap.function, gap.state, gap.start, gap.end].join();
    if (found.has(key)) found.get(key).places.push(gap.place);
    else found.set(key, { ...gap, places: [gap.place] });
  }
  return [...found.values()].map((one) => ({ ...one, places: [...new Set(one.places)] }));
}

function gapTable(gaps, what) {
  const times = byTime(gaps);
  return fold(times, SHOWN, 'times', (items) => table(`${many(gaps.length, 'gap')} would ${what}`, ['State', 'Function', 'Places', 'From', 'To'],
    items.map((one) => [badge(one.state), functionName(one.function), one.places.map((code) => `${placeName(code)} (${code})`).join(', '), when(one.start), when(one.end)])));
}

const becomings = [['conflicting', 'would be in dispute'], ['followed', 'would move with their shift'], ['reconciled', 'would be reconciled'],
  ['waiting', 'would count again']];

/** The overrides whose state would change, those in dispute first. */
function overrides(answer) {
  return becomings.flatMap(([standing, words]) => {
    const touched = (answer.overrides || []).filter((one) => one.becomes === standing);
    if (!touched.length) return [];
    return [html`<p class=${standing === 'conflicting' ? 'warn' : nothing}>${many(touched.length, 'override')} ${words}:</p>`,
      fold(touched, SHOWN, 'overrides', (items) => bullets(items, (one) => `${one.id}: ${one.text}`))];
  });
}

function effect(answer) {
  if (!answer.gaps) return nothing;
  const { opens, closes } = answer.gaps;
  const heading = html`<h3>What that does to cover</h3>${overrides(answer)}`;
  if (!opens.length && !closes.length) return html`${heading}<p>No gap would open, and none would close.</p>`;
  return html`${heading}${opens.length ? gapTable(opens, 'open') : html`<p>No gap would open.</p>`}
    ${closes.length ? gapTable(closes, 'close') : html`<p>No gap would close.</p>`}`;
}

// ------------------------------------------------------------------------------------------------------------------- decision

/** Why a reason is required; '' if none is. The server decides that: by its guards, and by gaps that would open within days. */
function danger(answer) {
  return answer.safe === false ? answer.why || 'This differs much from the rota that is in force.' : '';
}

function reasonField() {
  return html`<div class="field nhsuk-form-group"><label class="nhsuk-label" for="reason">Why is it right all the same?</label>
    <p class="hint" id="reason-hint">It goes into the record with your account’s name.</p>
    <p class="nhsuk-error-message" id="reason-fault" role="alert" hidden></p>
    <textarea class="nhsuk-textarea" id="reason" rows="2" maxlength="900" required aria-describedby="reason-hint reason-fault"></textarea></div>`;
}

function consequence(answer) {
  const said = answer.diff ? changed(answer.diff) : [];
  const { opens = [], closes = [] } = answer.gaps || {};
  const disputed = (answer.overrides || []).filter((one) => one.becomes === 'conflicting').length;
  return `${said.length ? `Shifts of rota ${answer.rota}: ${said.join(', ')}.` : `No shift of rota ${answer.rota} changes.`} `
    + `${many(opens.length, 'gap')} would open, ${number(closes.length)} would close.${disputed ? ` ${many(disputed, 'override')} would be in dispute.` : ''} All at once, and it can be undone.`;
}

/** A button for a decision. It sends the reason, if one is required (`warning`), and a token for what was shown (`seen`). */
function decider(label, answer, warning, decide) {
  const act = () => {
    const input = byId('reason');
    const given = warning ? input.value.trim() : '';
    if (warning && !given) {
      complain(byId('reason-fault'), 'A reason is wanted: say why this is right.');
      input.setAttribute('aria-invalid', 'true');
      input.focus();
      return;
    }
    decide({ ...(warning && { reason: given }), ...(answer.seen && { seen: answer.seen }) });
  };
  return button(label, act, { kind: warning ? 'danger' : 'first' });
}

/** The box of a decision: `warning` if it wants a reason, what it does, its buttons. */
function box(warning, said, buttons) {
  return html`<div class="decide ${warning ? 'dangerous' : ''}"><h3>Your decision</h3>${warning ? html`<p class="warn">${warning}</p>` : nothing}
    ${said ? html`<p>${said}</p>` : nothing}${warning ? reasonField() : nothing}<p class="buttons">${buttons}</p></div>`;
}

function decision(answer, act) {
  const warning = danger(answer);
  return box(warning, consequence(answer), [
    decider(`Confirm: change rota ${answer.rota}${warning ? ' all the same' : ''}`, answer, warning, (body) => act('confirm', body)),
    button('Discard: change nothing', () => act('discard', {}), { kind: 'second' })]);
}

function decided(answer, may, act) {
  const why = answer.why && answer.state !== 'preview' ? html`<p class=${answer.state === 'refused' ? 'warn' : nothing}>${answer.why}</p>` : nothing;
  const by = answer.decided_at ? html`<p>${answer.state[0].toUpperCase()}${answer.state.slice(1)} by ${bySomebody[answer.decided_by] || answer.decided_by}, ${
    when(answer.decided_at)}.${answer.reason ? ` Reason: ${answer.reason}` : ''}</p>` : nothing;
  const undo = answer.state === 'applied' && may
    ? html`<p class="buttons">${button('Undo: bring back what the rota said before', () => act('look-undo'), { kind: 'second' })}</p>` : nothing;
  return [why, by, undo].some((one) => one !== nothing) ? html`<div class="decide">${why}${by}${undo}</div>` : nothing;
}

/** The effect of undoing an import, and the decision about it. */
export function drawUndo(answer, act, leave) {
  const warning = danger(answer);
  return html`<h2 id="preview-heading">Undo import ${answer.id} of rota ${answer.rota}?</h2>${effect(answer)}${box(warning, '', [
    decider(`Undo${warning ? ' all the same' : ''}: bring back what rota ${answer.rota} said before`, answer, warning, (body) => act('undo', body)),
    button('Leave it as it is', leave, { kind: 'second' })])}`;
}

/**
 * An import. `act(what, body)` is called with a decision: confirm, discard or undo; look-undo: to see what undo would do. `matching`, of who may decide about its names:
 * `choices`, the answer about its rota's decisions, and `decide(bodies)`.
 */
export function drawPreview(answer, may, act, matching) {
  const open = answer.state === 'preview';
  return html`<h2 id="preview-heading">${answer.by ? `A file for rota ${answer.rota}` : `What the address of rota ${answer.rota} gives now`}</h2>
    ${open ? nothing : decided(answer, may, act)}${understood(answer, open ? matching : null)}${open ? changes(answer) : nothing}${effect(answer)}
    ${open && may ? decision(answer, act) : nothing}`;
}
