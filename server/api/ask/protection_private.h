/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/api/ask/protection.h"
#include "server/api/ask/withheld_words.h"
#include "server/base/vec.h"

/* What protection.c and protection_view.c share. */

/* How many views are kept: an organisation whose own people are protected has one, and all others have one
 * together. */
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
	const char *shown_id, *shown_name, *owner;
	const struct region_person *present; /* NULL: not in force any more */
	const struct region_person *seen;    /* in views of others */
};

/* Who is protected and what tells of them. It has nothing of a set-up's memory, so that one that says the
 * same of them can have it too. */
struct protection_core {
	unsigned refs;
	struct arena *arena;
	VEC(struct guarded) guarded;
	struct table by_shown; /* to the index in ${guarded} */
	struct withheld_words *words;
};

struct protection {
	unsigned refs;
	struct arena *arena;
	struct snapshot_region *setup;
	struct protection_core *core;
	VEC(struct protection_view *) views;
	uint64_t asked;
};

/* Tells ${fn} each text of an object that belongs to somebody or something else than the protected
 * people: a telephone that a team shares, a person of the same name, a place. ${single}: a name that a
 * person has given to something; whole names in it may be of a person, single words are of the
 * language. */
typedef void protection_text_fn(void *ctx, const char *text, bool single);
void protection_texts(const struct region *region, const struct region_kind *kind, uint32_t index,
    protection_text_fn *fn, void *ctx);

/* Whether an object as it is in ${region} has nothing to do with the protected people: it is none of
 * them, it says nothing of them, and none of its texts is one that tells of them. */
bool protection_is_apart(const struct protection_core *core, const struct region *region,
    const struct region_edited *edited);

/* At the end of the protection. */
void protection_views_free(struct protection *protection);
