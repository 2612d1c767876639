/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/api/ask/ask.h"
#include "server/api/ask/rights_setup.h"
#include "server/base/arena.h"
#include "server/base/text.h"

/* The set-up as an account may see it: a work phone is for those who may ring it, a personal number
 * for those who keep it, and a protected person for the own organisation. Pure. */
struct setup_seer {
	struct arena *arena;
	const struct region *region; /* in force */
	const struct account *account;
	const struct protection_view *view; /* of ${region}; NULL: nobody is withheld */
};

/* Who asks. */
struct setup_seer setup_seer_of(const struct ask *ask);

/* ${item}: one object of ${kind} with the code ${key}, as the region file has it. In the arena. */
struct slice setup_seen_object(const struct setup_seer *seer, const struct region_kind *kind,
    const char *key, struct slice item);

/* A whole region file. ${document} itself where the account sees all of it. */
struct slice setup_seen_document(const struct setup_seer *seer, struct slice document);
