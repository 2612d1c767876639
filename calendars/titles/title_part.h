/* SPDX-License-Identifier: MIT */
#pragma once

#include "calendars/titles/title_clause.h"
#include "calendars/titles/title_tally.h"

/* Adds a part of ${class} without a person. */
struct title_part *part_add(
    const struct titles *titles, struct title_parts *parts, enum reading_class class);

/* Sets the warning of ${parts}; the first one is kept. */
void part_warn(struct title_parts *parts, enum fault warning, const char *word);

/* Adds a part for each person of the directory who is named in ${c} and not off duty. */
void part_add_persons(const struct title_clause *c, enum reading_class class);

/* Adds an undecided part, with the name that ${c} probably means. */
void part_add_undecided(const struct title_clause *c, const struct tally *t);
