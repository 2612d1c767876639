// SPDX-License-Identifier: MIT
// What changed: two answers about one place compared, and what others have noted or reported.
import { rungText } from '../parts/outcome.js';
import { nameOf } from '../parts/person.js';
import { states } from '../parts/state.js';

const who = (item) => (item.on_call.length ? item.on_call.map(nameOf).join(', ') : states[item.state][1].toLowerCase());
const isOn = (item, other) => item.on_call.map(nameOf).join() === other.on_call.map(nameOf).join();

// A handover is at its hour; another change when it was seen.
function whenOf(item, since, instant) {
  const begun = Math.max(0, ...item.on_call.map((person) => Date.parse(person.since)).filter((start) => start > since && start <= instant));
  return begun || instant;
}

/** The changes from one answer to a later one: [{ key, at, name, place, text }]. */
export function changesOf(before, after) {
  const [since, instant] = [Date.parse(before.at), Date.parse(after.at)];
  return after.functions.flatMap((item) => {
    const was = before.functions.find((one) => one.function === item.function);
    if (!was || (was.state === item.state && isOn(was, item))) return [];
    const text = isOn(was, item) ? `now ${states[item.state][1].toLowerCase()}, was ${states[was.state][1].toLowerCase()}` : `now ${who(item)}, was ${who(was)}`;
    return [{ at: whenOf(item, since, instant), name: item.name, place: after.place.name, text }];
  });
}

/** What is noted and reported in an answer since an instant. */
export function toldIn({ place, functions }, since) {
  const told = functions.flatMap((item) => [
    ...item.on_call.filter((one) => one.reported).map((one) => ({ at: Date.parse(one.reported.at), name: item.name, place: place.name, text: `${nameOf(one)}: ${rungText(one.reported)}` })),
    ...[...(item.notes || []), ...item.on_call.flatMap((one) => one.notes || [])]
      .map((one) => ({ at: Date.parse(one.at || since), name: item.name, place: place.name, text: `note: ${one.text}` })),
  ]);
  return told.filter((one) => one.at >= since);
}

/** The same change at several places in one line, the newest first. */
export function gathered(changes) {
  const lines = new Map();
  for (const { at, name, place, text } of changes) {
    const key = `${name}\n${text}`;
    const line = lines.get(key) || { at, name, text, places: [] };
    line.at = Math.max(line.at, at);
    if (!line.places.includes(place)) line.places.push(place);
    lines.set(key, line);
  }
  return [...lines.values()].sort((a, b) => b.at - a.at);
}
