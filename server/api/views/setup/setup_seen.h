/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/api/ask/ask.h"
#include "server/api/ask/rights_setup.h"
#include "server/base/arena.h"
#include "server/base/text.h"

/* The set-up as an account may see it: without work phones that it may not use, personal numbers that it does
 * not manage, and protected people of other organisations. Pure. */
struct setup_seer {
	struct arena *arena;
	const struct region *region; /* in force */
	const struct account *account;
	const struct protection_view *view; /* of ${region}; NULL: nobody is withheld */
};

/* That of the account that asks. */
struct setup_seer setup_seer_of(const struct ask *ask);

/* The object ${item}, of ${kind} with the code ${key} and in the form of the region file, as the account may see
 * it. In the arena of ${seer}, or ${item} itself. */
struct slice setup_seen_object(const struct setup_seer *seer, const struct region_kind *kind,
    const char *key, struct slice item);

/* The same of a whole region file. */
struct slice setup_seen_document(const struct setup_seer *seer, struct slice document);
