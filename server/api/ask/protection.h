/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "server/api/ask/key_file.h"
#include "server/map/snapshot_region.h"

/*
 * Protected people: who of a set-up is protected, and how the set-up looks to accounts that may not see
 * them. An account sees it as a member of its organisation does: a protected person of another
 * organisation has a description in the place of the name, another id, no alias and no number, and counts
 * for cover as before (region_protected.h). The indexes are those of the set-up itself.
 */
struct protection;      /* of one set-up; reference-counted */
struct protection_view; /* the set-up as an organisation sees it */

struct protection_made {
	const uint8_t *key;            /* KEY_FILE_BYTES; with it the ids that are shown are made,
					  so that nobody can compute the real ones from them */
	struct snapshot_region *setup; /* one reference is taken over */
	const struct region *present; /* the set-up in force, where ${setup} is a former one: who is
					  protected now is protected in the past too; else NULL */
	struct slice vocabulary;      /* words of the answers themselves, which stay */
};

/* The caller owns one reference. */
struct protection *protection_new(const struct protection_made *made);
/*
 * The same for ${setup}, if it was patched from the one that ${from} is of and what differs has nothing
 * to do with those who are protected: it costs the same in a country and in a town. The
 * caller owns one reference; NULL: it has to be made again, as for a new set-up. Not for a former set-up.
 */
struct protection *protection_patched(const struct protection *from, struct snapshot_region *setup);
struct protection *protection_ref(struct protection *protection);
void protection_unref(struct protection *protection);

/* The set-up itself; borrowed. */
struct snapshot_region *protection_whole(const struct protection *protection);

/* How members of ${organisation} see it (NULL: no organisation, or an unknown person). Returns NULL if
 * nobody is withheld from them. Borrowed until the next call; to keep it, hold it. */
const struct protection_view *protection_view(
    struct protection *protection, const char *organisation);

/* Hold a view, and release it; NULL does nothing. A holder must also have a reference to its
 * protection. */
void protection_view_hold(const struct protection_view *view);
void protection_view_release(const struct protection_view *view);

/* A number that differs for each view that this process has made; 0 for NULL. */
uint64_t protection_view_serial(const struct protection_view *view);

/* The organisation of the view, if any of its own people are protected; else NULL: two views with
 * the same see the same. */
const char *protection_view_own(const struct protection_view *view);

/* The set-up as it is seen; borrowed. */
struct snapshot_region *protection_view_setup(const struct protection_view *view);

/* The index of the person that this view shows as ${id}, or TABLE_NONE. A withheld person is not found by
 * the real id: otherwise anybody could test whose a shown id is. */
uint32_t protection_view_person(const struct protection_view *view, const char *id);

/* ${text}, which a rota or a person wrote, or if it may name a withheld person, a text that says so. NULL
 * stays NULL. */
const char *protection_view_text(const struct protection_view *view, const char *text);

/* Whether ${text} contains a name, an id or a number of a withheld person, as the set-up has it. */
bool protection_view_tells(const struct protection_view *view, struct slice text);

/* Appends to ${out} the bytes of an answer with everything replaced that would reveal a withheld person.
 * False: there is nothing to replace, and ${out} is not used. Answers are made from the set-up of the
 * view; this finds what came into them by another way. */
bool protection_view_replace(
    const struct protection_view *view, struct slice bytes, struct buf *out);
