/* SPDX-License-Identifier: MIT */
#pragma once

#include "calendars/titles/items.h"

/*
 * Whether every token of a title is accounted for. Behind it are marked as left over: words and
 * symbols that are not understood, numbers that belong to nothing, marks beyond the harmless ones,
 * brackets that do not close or that stand round the only name, and what is crossed out unless it
 * is a name, which is then off duty. One that is left over makes the title undecided.
 */
void account(struct items *items);
