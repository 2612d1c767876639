/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "server/api/ask/key_file.h"
#include "server/map/snapshot_region.h"

/*
 * Who of a set-up is protected, and how it looks to those from whom they are withheld. Everybody
 * reads a set-up as those of one organisation see it: a protected person of another has words in
 * the place of the name, another id, no alias and no number, and counts as ever
 * (region_protected.h). The indexes are those of the set-up itself.
 */
struct protection;      /* of one set-up; counted */
struct protection_view; /* how somebody sees it */

struct protection_made {
	const uint8_t *key;            /* KEY_FILE_BYTES: ids that are shown do not turn back */
	struct snapshot_region *setup; /* one reference is taken over */
	const struct region *present; /* the set-up in force, where ${setup} is a former one: who is
					  protected now is protected in the past too; else NULL */
	struct slice vocabulary;      /* words of the answers themselves, which stay */
};

/* The caller owns one reference. */
struct protection *protection_new(const struct protection_made *made);
struct protection *protection_ref(struct protection *protection);
void protection_unref(struct protection *protection);

/* The set-up itself; borrowed. */
struct snapshot_region *protection_whole(const struct protection *protection);

/* How those of ${organisation} see it (NULL: somebody of none, or nobody knows who). NULL: nobody is
 * withheld from them. Borrowed until the next call, if nobody holds it. */
const struct protection_view *protection_view(
    struct protection *protection, const char *organisation);

/* Keeps it, and lets it go again; NULL does nothing. Who holds it has the protection, too. */
void protection_view_hold(const struct protection_view *view);
void protection_view_release(const struct protection_view *view);

/* Another number for each view of this process; 0 for NULL. */
uint64_t protection_view_serial(const struct protection_view *view);

/* The organisation of the view, if any of its own people are protected; else NULL: two views with
 * the same see the same. */
const char *protection_view_own(const struct protection_view *view);

/* The set-up as it is seen; borrowed. */
struct snapshot_region *protection_view_setup(const struct protection_view *view);

/* The person that was shown under ${id}; TABLE_NONE: none was, and one who is withheld is not found
 * by the id that the set-up has. */
uint32_t protection_view_person(const struct protection_view *view, const char *id);

/* What a rota or a person wrote, if it names nobody who is withheld; else words for that. NULL stays
 * NULL. */
const char *protection_view_said(const struct protection_view *view, const char *text);

/* Whether ${text} holds what would tell who is withheld: a name, an id or a number as the set-up has
 * it. */
bool protection_view_tells(const struct protection_view *view, struct slice text);

/* The bytes of an answer with whatever would tell who is withheld replaced, in ${out}. False: there
 * is nothing of it. What is given whole has passed the set-up as it is seen; this is for what came
 * another way. */
bool protection_view_replace(
    const struct protection_view *view, struct slice bytes, struct buf *out);
