// SPDX-License-Identifier: MIT
// How what somebody types is compared with what things are called: in the same way on every page.

/** The words of a text as they are compared: small letters, without accents and apostrophes. */
export function wordsOf(text) {
  return (text || '').toLowerCase().normalize('NFD').replace(/[\u0300-\u036f'\u2019]/g, '').split(/[^a-z0-9]+/).filter(Boolean);
}

const polite = new Set(['dr', 'mr', 'mrs', 'ms', 'prof', 'the', 'for', 'at', 'of', 'on', 'and', 'please']);

/** The words that somebody typed to find something. What stands before a name, and between words, is left out unless it is all there is. */
export function typedWords(text) {
  const words = wordsOf(text);
  const telling = words.filter((word) => !polite.has(word));
  return telling.length ? telling : words;
}

// What else a function is called where people ask for it: for those whose code or name has all the words on the left.
const alsoCalled = [
  ['amhp', 'approved social worker asw sectioning mha mental health act assessment'],
  ['edt', 'emergency duty team social worker services care out of hours ooh'],
  ['s12', 'section sectioning doctor psychiatrist'],
  ['crht', 'crisis team home treatment crhtt hbtt'],
  ['liaison psychiatry', 'psychiatrist psych mental health team mhlt pls raid'],
  ['liaison consultant', 'psychiatrist'],
  ['consultant on call', 'psychiatrist'],
  ['camhs', 'child children kids young people teenager adolescent under 18 cyp paediatric'],
  ['hbpos', '136 suite place of safety s136 police'],
  ['resident doctor', 'junior sho duty psychiatrist'],
  ['higher trainee', 'registrar reg spr psychiatrist'],
  ['manager', 'silver duty'],
  ['director', 'gold'],
  ['mh111', '111 helpline telephone line'],
  ['addiction', 'drugs alcohol substance misuse detox'],
  ['cafe', 'safe haven sanctuary'],
  ['triage', 'police paramedic ambulance'],
  ['bed', 'site'],
].map(([key, words]) => [wordsOf(key), wordsOf(words)]);

/** The other words for a function, from its code and its name. */
export function otherWords(code, name) {
  const own = new Set(wordsOf(`${code} ${name}`));
  return alsoCalled.filter(([key]) => key.every((word) => own.has(word))).flatMap(([, words]) => words);
}

/** Whether a word begins as it was typed. */
export const begins = (word, typed) => word.startsWith(typed);

const NEAR_FROM = 4; // letters: of fewer, at least the first must be right, or everything is near
const FAR_FROM = 8; // with as many, two mistakes

// The letters that are wrong, missing, too many, or exchanged with their neighbour.
function mistakes(a, b) {
  let [before, last] = [[], Array.from({ length: b.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      row[j] = Math.min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) row[j] = Math.min(row[j], before[j - 2] + 1);
    }
    [before, last] = [last, row];
  }
  return last[b.length];
}

function isNear(word, typed) {
  if (typed.length < NEAR_FROM && (typed.length < 3 || word[0] !== typed[0])) return false;
  const most = typed.length >= FAR_FROM ? 2 : 1;
  for (let length = typed.length - most; length <= Math.min(word.length, typed.length + most); length += 1) {
    if (mistakes(word.slice(0, length), typed) <= most) return true;
  }
  return false;
}

/** begins() for words that begin nearly as they were typed. It remembers: an index has the same words a thousand times. */
export function nearly() {
  const known = new Map();
  return (word, typed) => {
    const key = `${word} ${typed}`;
    if (!known.has(key)) known.set(key, begins(word, typed) || isNear(word, typed));
    return known.get(key);
  };
}
