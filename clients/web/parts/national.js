// SPDX-License-Identifier: MIT

const LAST_GROUP = 3;

/**
 * National form, in the groups in which people read them: codes of three, four or five digits. The same rule as server/model/phone.c; a test holds both to
 * tests/unit/server/model/phones.txt.
 */
export function national(number) {
  if (!number.startsWith('+44')) return number;
  const rest = `0${number.slice(3)}`;
  const [first, second] = /^02/.test(rest) ? [3, 4] : /^(03|08|09|011|01\d1)/.test(rest) ? [4, 3] : [5, 0];
  const last = rest.length - first - second < LAST_GROUP ? first : first + second;
  return [rest.slice(0, first), rest.slice(first, last), rest.slice(last)].filter(Boolean).join(' ');
}
