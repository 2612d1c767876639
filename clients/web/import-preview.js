// SPDX-License-Identifier: MIT
// One import as a person sees it before the decision: what was understood, what would change, the effect on cover, and the decision.
import { bullets, button, complain, element, fold, many, number, table } from './dom.js';
import { fullWhen, when } from './london.js';
import { drawToDecide } from './import-to-decide.js';
import { badge, functionName, placeName } from './words.js';

const SHOWN = 10;

const classes = [
  ['named', 'with a person we know: they count', true],
  ['team', 'team lines: they count where a requirement allows them', true],
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
  return element('ul', { class: 'counts' }, ...seen.map(([name, words, counted]) => element('li', { class: counted ? 'counted' : null },
    element('strong', {}, number(counts[name])), ` ${words}`)));
}

function facts(answer) {
  const said = [];
  if (answer.first_start) said.push(`The first shift begins ${fullWhen(answer.first_start)}.`);
  if (answer.horizon) said.push(`Its last entry ends ${fullWhen(answer.horizon)}; after that its cover is unknown.`);
  if (answer.zone_used) said.push(`Times without a zone were read as ${answer.zone_used}.`);
  return said.length ? element('p', {}, said.join(' ')) : null;
}

function finding(one) {
  return element('span', { class: `finding ${one.level}` }, element('strong', {}, `${levels[one.level] || one.level}${one.line ? `, line ${one.line}` : ''}: `),
    [one.text, one.remedy].filter(Boolean).join(' '));
}

function strangers(answer, matching) {
  if (matching && answer.to_decide.length) return drawToDecide(answer.to_decide, matching.choices, matching.decide, 'match-heading');
  const names = answer.new_people || [];
  if (!names.length) return [];
  return [element('h4', {}, `${many(names.length, 'name')} that nobody here knows`),
    element('p', { class: 'hint' }, 'They do not count as cover until somebody who may change this rota says who they are.'),
    fold(names, SHOWN, 'names', (items) => bullets(items, (name) => name))];
}

function understood(answer, matching) {
  const parts = [element('h3', {}, 'What was understood')];
  if (answer.counts) parts.push(element('p', {}, `${many(answer.events, 'event')} in the file. Of the shifts they make:`), classList(answer.counts));
  parts.push(facts(answer));
  parts.push(...strangers(answer, matching));
  if ((answer.joining || []).length) {
    parts.push(element('h4', {}, `${many(answer.joining.length, 'person', 'people')} new to this rota`), fold(answer.joining, SHOWN, 'people', (items) => bullets(items, (name) => name)));
  }
  if ((answer.findings || []).length) {
    parts.push(element('h4', {}, `${many(answer.findings.length, 'finding')} for the person who keeps the file`), fold(answer.findings, SHOWN, 'findings', (items) => bullets(items, finding)));
  }
  return parts;
}

// ------------------------------------------------------------------------------------------------------------------- changes

function side(sign, shift) {
  if (!shift) return null;
  const who = shift.title || shift.person || shift.team || 'no title';
  return element('span', { class: sign === '−' ? 'before' : 'after' }, `${when(shift.start)} to ${when(shift.end)}: `, element('b', {}, who),
    ` (${classWords[shift.class] || shift.class})`);
}

function changed(diff) {
  return kinds.filter(([kind]) => diff.counts[kind] > 0).map(([kind, words]) => `${number(diff.counts[kind])} ${words}`);
}

function changes(answer) {
  const heading = element('h3', {}, 'What would change');
  if (!answer.diff) return [];
  const said = changed(answer.diff);
  if (!said.length) return [heading, element('p', {}, 'No shift changes: the rota already says this.')];
  const all = Object.values(answer.diff.counts).reduce((a, b) => a + b, 0);
  const list = answer.diff.changes;
  const words = Object.fromEntries(kinds);
  return [heading, element('p', {}, `Shifts: ${said.join(', ')}.${list.length < all ? ` The first ${number(list.length)} of ${number(all)} are listed.` : ''}`),
    fold(list, SHOWN, 'changes', (items) => table('Shifts before and after', ['Change', 'Was', 'Would be'],
      items.map((one) => [words[one.kind] || one.kind, side('−', one.before), side('+', one.after)])))];
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
    return [element('p', { class: standing === 'conflicting' ? 'warn' : null }, `${many(touched.length, 'override')} ${words}:`),
      fold(touched, SHOWN, 'overrides', (items) => bullets(items, (one) => `${one.id}: ${one.text}`))];
  });
}

function effect(answer) {
  if (!answer.gaps) return [];
  const { opens, closes } = answer.gaps;
  const parts = [element('h3', {}, 'What that does to cover'), ...overrides(answer)];
  if (!opens.length && !closes.length) return [...parts, element('p', {}, 'No gap would open, and none would close.')];
  parts.push(opens.length ? gapTable(opens, 'open') : element('p', {}, 'No gap would open.'));
  parts.push(closes.length ? gapTable(closes, 'close') : element('p', {}, 'No gap would close.'));
  return parts;
}

// ------------------------------------------------------------------------------------------------------------------- decision

/** Why a reason is required; '' if none is. The server decides that: by its guards, and by gaps that would open within days. */
function danger(answer) {
  return answer.safe === false ? answer.why || 'This differs much from the rota that is in force.' : '';
}

function reasonField() {
  const input = element('textarea', { id: 'reason', rows: 2, maxlength: 900, required: '', 'aria-describedby': 'reason-hint reason-fault' });
  const error = element('p', { class: 'error', id: 'reason-fault', role: 'alert', hidden: '' });
  const field = element('div', { class: 'field' }, element('label', { for: 'reason' }, 'Why is it right all the same?'),
    element('p', { class: 'hint', id: 'reason-hint' }, 'It goes into the record with your account’s name.'), input, error);
  return { field, input, error };
}

function consequence(answer) {
  const said = answer.diff ? changed(answer.diff) : [];
  const { opens = [], closes = [] } = answer.gaps || {};
  const disputed = (answer.overrides || []).filter((one) => one.becomes === 'conflicting').length;
  return `${said.length ? `Shifts of rota ${answer.rota}: ${said.join(', ')}.` : `No shift of rota ${answer.rota} changes.`} `
    + `${many(opens.length, 'gap')} would open, ${number(closes.length)} would close.${disputed ? ` ${many(disputed, 'override')} would be in dispute.` : ''} All at once, and it can be undone.`;
}

/** A button for a decision. It sends the reason, if one is required, and a token for what was shown (`seen`). */
function decider(label, answer, reason, decide) {
  return button(label, () => {
    const given = reason ? reason.input.value.trim() : '';
    if (reason && !given) {
      complain(reason.error, 'A reason is wanted: say why this is right.');
      reason.input.setAttribute('aria-invalid', 'true');
      reason.input.focus();
      return;
    }
    decide({ ...(reason && { reason: given }), ...(answer.seen && { seen: answer.seen }) });
  }, reason ? 'danger' : '');
}

function decision(answer, act) {
  const warning = danger(answer);
  const reason = warning ? reasonField() : null;
  const confirm = decider(`Confirm: change rota ${answer.rota}${warning ? ' all the same' : ''}`, answer, reason, (body) => act('confirm', body));
  return [element('div', { class: `decide${warning ? ' dangerous' : ''}` }, element('h3', {}, 'Your decision'),
    warning ? element('p', { class: 'warn' }, warning) : null, element('p', {}, consequence(answer)), reason && reason.field,
    element('p', { class: 'buttons' }, confirm, button('Discard: change nothing', () => act('discard', {}), 'second')))];
}

function decided(answer, may, act) {
  const parts = [];
  if (answer.why && answer.state !== 'preview') parts.push(element('p', { class: answer.state === 'refused' ? 'warn' : null }, answer.why));
  if (answer.decided_at) {
    parts.push(element('p', {}, `${answer.state[0].toUpperCase()}${answer.state.slice(1)} by ${bySomebody[answer.decided_by] || answer.decided_by}, ${when(answer.decided_at)}.${answer.reason ? ` Reason: ${answer.reason}` : ''}`));
  }
  if (answer.state === 'applied' && may) {
    parts.push(element('p', { class: 'buttons' }, button('Undo: bring back what the rota said before', () => act('look-undo'), 'second')));
  }
  return parts.length ? [element('div', { class: 'decide' }, ...parts)] : [];
}

/* The effect of undoing an import, and the decision about it. */
export function drawUndo(answer, act, leave) {
  const warning = danger(answer);
  const reason = warning ? reasonField() : null;
  const undo = decider(`Undo${warning ? ' all the same' : ''}: bring back what rota ${answer.rota} said before`, answer, reason, (body) => act('undo', body));
  return [element('h2', { id: 'preview-heading' }, `Undo import ${answer.id} of rota ${answer.rota}?`), ...effect(answer),
    element('div', { class: `decide${warning ? ' dangerous' : ''}` }, element('h3', {}, 'Your decision'), warning ? element('p', { class: 'warn' }, warning) : null,
      reason && reason.field, element('p', { class: 'buttons' }, undo, button('Leave it as it is', leave, 'second')))];
}

/**
 * The nodes of an import. `act(what, body)` is called with a decision: confirm, discard or undo; look-undo: to see what undo would do. `matching`, of who may decide about its names:
 * `choices`, the answer about its rota's decisions, and `decide(bodies)`.
 */
export function drawPreview(answer, may, act, matching) {
  const heading = element('h2', { id: 'preview-heading' }, answer.by ? `A file for rota ${answer.rota}` : `What the address of rota ${answer.rota} gives now`);
  const open = answer.state === 'preview';
  return [heading, ...(open ? [] : decided(answer, may, act)), ...understood(answer, open ? matching : null), ...(open ? changes(answer) : []), ...effect(answer),
    ...(open && may ? decision(answer, act) : [])];
}
