/* SPDX-License-Identifier: MIT */
#pragma once

#include "calendars/titles/title_clause.h"
#include "calendars/titles/title_tally.h"

/* Adds a part of ${class}, of nobody yet. */
struct title_part *part_add(
    const struct titles *titles, struct title_parts *parts, enum reading_class class);

/* The first warning is the one that is said. */
void part_warn(struct title_parts *parts, enum fault warning, const char *word);

/* Adds everybody of the directory who is named and not off duty, each once. */
void part_add_persons(const struct titles *titles, struct title_parts *parts,
    const struct item *list, size_t count, enum reading_class class);

/* Adds a part that a person must decide, with the name that it probably means. */
void part_add_undecided(const struct titles *titles, const struct items *items,
    const struct item *list, size_t count, const struct tally *t, struct title_parts *parts);
