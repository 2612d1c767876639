// SPDX-License-Identifier: MIT
// What came of ringing, in the words of every page.
import { time } from './london.js';

const came = { no_answer: ' without answer', wrong_person: ', wrong person', declined: ', declined' };

/** "rung at 03:12 without answer", "reached at 03:12" */
export function rungText({ outcome, at }) { return outcome === 'reached' ? `reached at ${time(at)}` : `rung at ${time(at)}${came[outcome]}`; }
