/* SPDX-License-Identifier: MIT */
#pragma once

#include <jansson.h>
#include <stdbool.h>

#include "server/base/arena.h"

/*
 * Two people of a set-up made one, and one made two: their objects as the region file has them,
 * which have been read without faults. Nothing of either is dropped unless somebody has chosen so.
 * What is given is not changed; what is returned belongs to the caller.
 */

/* Something in which two people differ, and of which one person has only one. */
struct region_merge_question {
	const char *key;    /* "name", "organisation", "work_phone"; "roles.s12" of one function */
	const char *detail; /* in words, without what either has: it may be a private number */
	const char *from;   /* the code of the one whose it will be; NULL: nobody has chosen */
};

struct region_merge_questions {
	struct region_merge_question *items;
	size_t count, capacity;
};

struct region_merge_asked {
	const json_t *kept, *gone;
	const json_t *choose; /* {key of a question: code of one of the two}; or NULL */
};

/*
 * The one who stays, with what the other has: every name and alias, every role and approval, every
 * code. Who is protected stays so. The name is that of the one who stays unless it is chosen; what
 * else is in question is left as the one who stays has it. ${out} has each question.
 */
json_t *region_merge(struct arena *arena, const struct region_merge_asked *asked,
    struct region_merge_questions *out);

/*
 * The one who stayed without what a merge gave: ${before} and ${merged} are that person just before
 * and just after it, ${now} is as it is. What somebody has changed since stays changed.
 */
json_t *region_unmerge(const json_t *now, const json_t *before, const json_t *merged);

/*
 * ${now}, of whom ${person} is split off: without its name, aliases and number. ${patch} (RFC 7396,
 * or NULL) is applied after that, such as to take away roles.
 */
json_t *region_split_off(const json_t *now, const json_t *person, const json_t *patch);

/* ${item} without those former codes that are the codes of ${people}, a list of the region file: one
 * of those merged into it may be somebody again. */
void region_merge_free_codes(json_t *item, const json_t *people);
