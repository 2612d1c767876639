/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/api/ask/protection.h"
#include "server/api/ask/withheld_words.h"
#include "server/base/vec.h"

/* What protection.c and protection_view.c share. */

/* How many views are kept. Each is a copy of the list of people: an organisation whose own people are
 * protected has one, and all others have one together. */
#define PROTECTION_VIEWS_MAX 8

struct protection_view {
	struct protection *protection;
	struct arena *arena;
	const char *own; /* or NULL */
	struct snapshot_region *setup;
	uint64_t serial;
	unsigned *holds; /* apart, because holders have a const view */
	uint64_t last;   /* when it was asked for last, by the count of such calls */
};

/* A person who is protected: in the set-up, or in the one in force. If in the latter, its organisation
 * is the one that may see the person. */
struct guarded {
	uint32_t person; /* of ${setup} */
	const char *shown_id, *owner;
	const struct region_person *present; /* NULL: not in force any more */
};

struct protection {
	unsigned refs;
	struct arena *arena;
	struct snapshot_region *setup;
	VEC(struct guarded) guarded;
	struct table by_shown; /* to the index in ${guarded} */
	struct withheld_words *words;
	VEC(struct protection_view *) views;
	uint64_t asked;
};

/* At the end of the protection. */
void protection_views_free(struct protection *protection);
