/* SPDX-License-Identifier: MIT */
#pragma once

#include "calendars/titles/items.h"

/*
 * Checks that every token of a title is accounted for, and marks as left over: words and symbols
 * that are not understood, numbers that belong to nothing, marks beyond the harmless ones, brackets
 * that do not close or that enclose the only name, and crossed-out text. A crossed-out name is not
 * left over; it is off duty. If anything is left over, the title is undecided.
 */
void account(struct items *items);
