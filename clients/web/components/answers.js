// SPDX-License-Identifier: MIT
// Invented answers of the server for the page of components: as they could be on the night of 22 November 2026.

const at = '2026-11-22T03:10:00Z';
const since = '2026-11-21T20:00:00Z';
const until = '2026-11-22T08:00:00Z';

export const account = { account: 'st-oswins-ed', role: 'rota_manager', places: [], sign_out: null };

export const numbers = [
  ['+441632960456', {}],
  ['+442079460456', { extension: '1234', bleep: '56' }],
  ['+441632960456', { bleep: '0417' }],
  [null, { extension: '77', via_switchboard: true }],
  ['111', {}],
];

const source = (more = {}) => ({ rota: 'fenmere-amhp-duty', organisation: 'ZFC', kind: 'ical_url', freshness: 'fresh', checked_at: '2026-11-22T03:06:11Z', held: false, override: false, ...more });
const person = (more = {}) => ({
  name: 'Jo Jones', entry: '11', role: 'AMHP', tier: 1, service: 'fenmere-amhp', phone: '+441632960456', since, until, next: { name: 'Sam Ahmed', from: until }, source: source(), ...more,
});

const step = (more) => ({ kind: 'number', name: null, function: null, service: null, entry: null, number: null, via_switchboard: false, wait_seconds: 20, passed: null, reported: null, ...more });
// As the server gives it where no ladder is set up.
const inOrder = ({ function: code, state, on_call: people, ring, fallback }) => ({ of: null, steps: [
  ...people.filter(() => ['covered', 'short'].includes(state)).map((one) => step({ kind: 'on_call', name: one.name, function: code, service: one.service, entry: one.entry, number: one.phone, reported: one.reported })),
  ...ring.map((one) => step({ kind: one.kind, name: one.text, service: one.service || null, number: one.phone, reported: one.reported || null })),
  ...(fallback && !ring.some((one) => one.phone === fallback.phone) ? [step({ kind: 'fallback', name: fallback.text, number: fallback.phone })] : [])] });

const item = (more) => ({
  place: 'ZED01', function: 'amhp', name: 'Approved mental health professional', state: 'covered', required: 1, present: 1, on_call: [person()], last_known: [], hours: 'at all hours', cause: null,
  fallback: { text: 'Ring the Emergency Duty Team', phone: '+441632960111' },
  ring: [{ kind: 'fallback', text: 'Ring the Emergency Duty Team', phone: '+441632960111' }], ...more,
});

const sources = {
  uploaded: source({ upload: { text: 'an uploaded file stands instead', at: '2026-11-20T10:00:00Z', import: 7 } }),
  file: source({ kind: 'file' }),
  typed: source({ kind: 'typed' }),
  never: source({ checked_at: null, freshness: 'unknown' }),
  stale: source({ freshness: 'stale', held: true, as_last_read: true }),
  changed: source({ override: true, text: 'Changed by fenmere-rotas; the calendar still says Kim Lee.' }),
};

const line = { kind: 'line', text: 'crisis line: nobody is confirmed on this rota: this line may not be answered', phone: '+441632960444' };

// Beyond the end of any session in which this page is looked at.
const far = '2099-01-01T00:00:00Z';
const reported = (outcome) => ({ outcome, at, place: 'ZED02', place_name: 'Marlwick General', until: far });
const note = { id: 1, text: 'Phone flat until 04:00: ring ward 7 <b>first</b>', until: far, at, by: 'switchboard' };

/** `name` makes the functions' codes, which become ids, different from those of another list on the page. */
export function functions(name) {
  return [
    item({}),
    item({ function: 'two', required: 2, present: 2, on_call: [person({ source: sources.changed }), person({ name: 'Kim Lee', entry: '12', tier: 2, work_phone: '+447700900123', shared_with: ['Marsh'], source: sources.uploaded })] }),
    item({ function: 'team', on_call: [person({ name: null, team: 'Crisis line', source: sources.typed, next: null })] }),
    item({ function: 'doubtful', on_call: [person({ approved: false, source: sources.stale })], disputes: ['By an override made here it is Jo Jones; now the calendar says Kim Lee.'] }),
    item({ function: 'short', name: 'Section 12 doctor', state: 'short', required: 2, on_call: [person({ name: null, phone: null, holds_function: false, source: sources.file })] }),
    item({ function: 'gap', name: 'Liaison psychiatry', state: 'gap', present: 0, on_call: [], fallback: null, ring: [], cause: 'No rota supplies this function here.',
      undecided: [{ rota: 'liaison-rota', until, title: 'TBC' }, { rota: 'liaison-rota', until, title: null }] }),
    item({ function: 'ringing', name: 'Crisis line', state: 'gap', present: 0, on_call: [], ring: [{ kind: 'switchboard', text: null, phone: '+441632960000' }, line] }),
    item({ function: 'unknown', name: 'Crisis resolution', state: 'unknown', present: 0, on_call: [], last_known: [person({ source: sources.never })],
      cause: 'A rota has not been checked for more than 6 hours. What it says may no longer hold.', ring: [line],
      sources_at_fault: [{ rota: 'crht-rota', held: true, fault: 'The server answered 500.' }],
      not_counted: [person({ name: 'Alex Other' })],
      disputed: [{ phone: '+441632960444', people: [{ name: 'Jo Jones', said_by: 'override', work_phone: '+447700900123' }, { name: null, said_by: 'replaced' }] }] }),
    item({ function: 'wrong', name: 'Bed manager', on_call: [person({ reported: reported('wrong_person') }), person({ name: 'Kim Lee', entry: '12', tier: 2, notes: [note] })], notes: [note] }),
    item({ function: 'tried', name: 'Manager', first: true, on_call: [person({ reported: reported('wrong_person') })], fallback: null, ring: [] }),
    item({ function: 'line', name: 'Night line', state: 'gap', on_call: [], ring: [{ ...line, service: 'fenmere-amhp', reported: reported('wrong_person') }] }),
    item({ function: 'laddered', name: 'Duty manager', on_call: [person({ reported: reported('no_answer') })],
      ladder: { of: 'X06000001', steps: [step({ kind: 'on_call', name: 'Jo Jones', function: 'laddered', entry: '11', number: '+441632960456', reported: reported('no_answer') }),
        step({ kind: 'on_call', name: 'Edie Dawson', function: 'edt', service: 'fenmere-edt', entry: '21', number: '+441632960444', reported: reported('declined') }),
        step({ kind: 'on_call', function: 'director', service: 'fenmere-directors', entry: '31', via_switchboard: true }), step({ name: 'AMHP hub manager', number: '+441632960222' }),
        step({ kind: 'line', service: 'fenmere-edt', number: '+441632960555' })] } }),
    item({ function: 'away', name: 'Young people\u2019s crisis team', state: 'not_commissioned', present: 0, on_call: [] }),
  ].map((one) => ({ ladder: inOrder(one), ...one })).map((one) => ({ ...one, function: `${name}-${one.function}`, name: `${one.name} (${name} ${one.function})`,
    ladder: { ...one.ladder, steps: one.ladder.steps.map((each) => (each.function === one.function ? { ...each, function: `${name}-${one.function}` } : each)) } }));
}

const there = (more) => ({ function: 'amhp', name: 'Approved mental health professional', place: 'ZCC01', service: 'marsh-amhp', service_name: 'Marsh AMHP duty', hours: 'every day, all day', phone: '+441632960777', fallback: { text: 'Ring the Emergency Duty Team', phone: '+441632960778' }, ...more });
const elsewhere = { open: true, typed: 'ZF1', matches: null, fault: '', asking: false };
/** The panel for a person who lives elsewhere, as it can be. */
export const elsewheres = [
  elsewhere, { ...elsewhere, asking: true }, { ...elsewhere, fault: 'The server was not reached. Ask your switchboard for the number.' }, { ...elsewhere, matches: [] },
  { ...elsewhere, matches: [{ code: 'zf1', area: 'ZF1', kind: 'postcode_district', place: 'ZCC01', name: 'Marsh', switchboard: '+441632960000', functions: [there({}), there({ function: 'crht', name: 'Crisis team', phone: null, fallback: null })] },
    { code: 'marsh', area: 'Marsh', kind: 'council', place: 'ZCC02', name: 'Marsh', switchboard: null, functions: [] }] },
];

/** What a switchboard finds. */
export function entries() { return functions('found').map((one) => ({ id: `ZED01/${one.function}`, item: one, place: { code: 'ZED01', name: 'St Oswin\u2019s Hospital' }, words: [] })); }
export const lines = [{ at: Date.parse(at), name: 'Crisis line', places: ['St Oswin\u2019s Hospital', 'Marsh'], text: 'now Jo Jones, was Kim Lee' }];
export const drafts = [{ text: '', until: '+12', on: 0, fault: null }, { text: 'Phone flat', until: 'tonight', on: 1, fault: ['note-until', 'Write until when: a time such as 04:00, or hours such as +2, at most +168.'] }];

// ------------------------------------------------------------------------------------------------------------------------- gaps

export const window = { from: Date.parse('2026-11-22T00:00:00Z'), to: Date.parse('2026-12-20T00:00:00Z') };
const span = (state, start, end) => ({ state, start, end, present: 0, required: 1, people: [{ name: 'Jo Jones', confirmed: state === 'covered' }], cause: null });
export const requirements = [
  { id: 'R1', place: 'ZED01', spans: [span('covered', '2026-11-22T00:00:00Z', '2026-11-30T00:00:00Z'), span('gap', '2026-11-30T00:00:00Z', '2026-12-02T00:00:00Z'),
    span('short', '2026-12-02T00:00:00Z', '2026-12-08T00:00:00Z'), span('unknown', '2026-12-08T00:00:00Z', '2026-12-20T00:00:00Z')] },
  { id: 'R2', place: 'ZED01', spans: [span('not_commissioned', '2026-11-22T00:00:00Z', '2026-12-20T00:00:00Z')] },
];

// ----------------------------------------------------------------------------------------------------------------------- import

const feed = (more) => ({ rota: 'fenmere-amhp-duty', organisation: 'ZFC', kind: 'ical_url', state: 'good', freshness: 'fresh', fault: null, warnings: [], last_good_at: at, horizon: '2026-12-31T00:00:00Z', ...more });
export const feeds = [
  feed({}), feed({ rota: 'held-rota', state: 'held', held_import: 7, fault: 'Half of its shifts are gone.' }), feed({ rota: 'failing-rota', state: 'failing', freshness: 'unknown', fault: 'The server answered 500.' }),
  feed({ rota: 'never-rota', state: 'never', freshness: 'unknown', last_good_at: null, horizon: null }), feed({ rota: 'file-rota', kind: 'file', uploaded_at: at }), feed({ rota: 'typed-rota', kind: 'typed' }),
  feed({ rota: 'instead-rota', upload: { text: 'an uploaded file stands instead', at, import: 9 } }),
];
export const imports = [{ id: 7, rota: 'held-rota', uploaded_at: at, by: null, state: 'preview' }, { id: 8, rota: 'file-rota', uploaded_at: at, by: 'fenmere-rotas', state: 'applied' }];

const report = (more) => ({ id: 1, at, until, by: 'st-oswins-ed', place: 'ZED01', function: 'amhp', service: 'fenmere-amhp', rota: 'fenmere-amhp-duty', person: { id: 'jo-jones', name: 'Jo Jones' }, outcome: 'wrong_person', open: true, ...more });
export const reports = [report({}), report({ id: 2, outcome: 'no_answer', rota: null, person: null })];

const things = [
  { kind: 'word', words: 'zarquon', count: 3, candidates: [{ id: 'jo-jones', name: 'Jo Jones' }], example: 'zarquon - J Jones' },
  { kind: 'zone', words: 'Fen Time', count: 4, candidates: [] },
  { kind: 'date_order', words: 'dates', count: 2, candidates: [], dates: [{ line: 3, written: '03/04/2026', dmy: '2026-04-03', mdy: '2026-03-04' }] },
];
export const choices = {
  rota: 'fenmere-amhp-duty', may_change: true, people: [{ id: 'kim-lee', name: 'Kim Lee' }], team_names: ['Crisis line'], to_decide: things, undecided_titles: 1,
  undecided: [{ title: 'TBC', count: 2, next: until, candidates: [] }],
  decisions: [{ kind: 'alias', alias: 'Zed', person: 'sam-ahmed', name: 'Sam Ahmed', stands: true, at, by: 'fenmere-rotas' },
    { kind: 'word', word: 'rover', reads: 'nobody', stands: false, at, by: 'fenmere-rotas' }],
  turned: [{ at, why: 'rules', lost: 1, gained: 0, other: 0, shifts: [{ start: since, title: 'Zed', before: { class: 'named', name: 'Jo Jones' }, after: null }] }],
};
const shift = (title) => ({ start: since, end: until, title, class: 'named' });
const gap = { state: 'gap', function: 'amhp', place: 'ZED01', start: since, end: until };
export const preview = {
  id: 7, rota: 'fenmere-amhp-duty', by: 'fenmere-rotas', state: 'preview', safe: false, why: 'Cover would be lost within days.', seen: 'x', events: 12, counts: { named: 10, undecided: 2 },
  first_start: since, horizon: until, zone_used: 'Europe/London', to_decide: things, joining: ['Alex New'],
  findings: [{ level: 'warning', line: 3, text: 'Two entries overlap.', remedy: 'Look at both.' }],
  diff: { counts: { added: 1, removed: 1, moved: 0 }, changes: [{ kind: 'added', before: null, after: shift('Jo Jones') }, { kind: 'removed', before: shift('Kim Lee'), after: null }] },
  gaps: { opens: [gap], closes: [{ ...gap, state: 'short' }] }, overrides: [{ id: 3, becomes: 'conflicting', text: 'Kim Lee for Jo Jones' }],
};
export const applied = { ...preview, state: 'applied', decided_at: at, decided_by: 'fenmere-rotas', reason: 'Agreed by telephone.', to_decide: [] };

// ------------------------------------------------------------------------------------------------------------------------- sign

export const sessions = [
  { id: 'a', how: 'device', client: 'Mozilla/5.0 (Windows NT 10.0) Chrome/109.0', made_at: since, used_at: at, ends_at: null, current: true },
  { id: 'b', how: 'password', client: '', made_at: since, used_at: at, ends_at: until, current: false },
];
export const tokens = [
  { id: 't1', made_at: since, made_by: 'administrator', used_at: null, expires_at: until, scopes: ['read'], link: null, revoked_at: null },
  { id: 't2', made_at: since, made_by: null, used_at: at, expires_at: null, scopes: null, link: null, revoked_at: until },
  { id: 't3', made_at: since, made_by: 'fenmere-rotas', used_at: at, expires_at: until, scopes: null, link: { kind: 'rota', of: 'fenmere-amhp-duty' }, revoked_at: null },
];
