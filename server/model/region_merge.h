/* SPDX-License-Identifier: MIT */
#pragma once

#include <jansson.h>
#include <stdbool.h>

#include "server/base/arena.h"

/*
 * Merges two people of a set-up into one, and splits one into two. The arguments are objects as the region
 * file has them, without faults. They are not changed; results are new references that the caller owns.
 * Nothing of either person is dropped unless somebody has chosen so. Pure.
 */

/* A member of which a person has only one, and in which the two differ. */
struct region_merge_question {
	const char *key;    /* "name", "organisation", "work_phone"; "roles.s12" of one function */
	const char *detail; /* for people; without the values, which may be private numbers */
	const char *from;   /* the code of the person whose value is kept; NULL: not chosen yet */
};

struct region_merge_questions {
	struct region_merge_question *items;
	size_t count, capacity;
};

struct region_merge_asked {
	const json_t *kept, *gone;
	const json_t
	    *choose; /* the answers: {key of a question: code of one of the two}; or NULL */
};

/*
 * The merged person: ${asked->kept} with the names, aliases, roles, approvals and codes of both. The result
 * is protected if either is. A question that is not answered leaves the value of the person who is kept;
 * all questions are in ${out}, in ${arena}, and the caller refuses the merge while one has no answer.
 */
json_t *region_merge(struct arena *arena, const struct region_merge_asked *asked,
    struct region_merge_questions *out);

/*
 * Takes a merge back: ${now} without what the merge added. ${before} and ${merged} are the same person just
 * before and just after the merge. What somebody has changed since the merge stays changed.
 */
json_t *region_unmerge(const json_t *now, const json_t *before, const json_t *merged);

/*
 * ${now} after ${person} was split off: without the names, aliases and number of ${person}. ${patch} (a
 * merge patch of RFC 7396, or NULL) is applied after that, for example to remove roles.
 */
json_t *region_split_off(const json_t *now, const json_t *person, const json_t *patch);

/* Removes from the former codes of ${item} those that are the code of somebody in ${people}, a list of the
 * region file. A person who was merged into ${item} may have been split off again, and a code cannot belong to
 * two. */
void region_merge_free_codes(json_t *item, const json_t *people);
