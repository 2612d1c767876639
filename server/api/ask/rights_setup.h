/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/api/ask/rights.h"
#include "server/model/region_kind.h"

/*
 * The rights to change the set-up, and to see it object by object: by role, organisation and place,
 * denied unless a row of the table says otherwise (the table for people is in
 * server/api/README.md). Pure.
 */
enum setup_verdict {
	SETUP_REFUSED,
	SETUP_SECOND, /* needs a second person: it is proposed, and done when another accepts it */
	SETUP_ALLOWED,
};

struct setup_question {
	const struct region *before, *after;
	const struct account *account;
};

struct setup_answer {
	enum setup_verdict verdict;
	const char *key; /* the key of the region file that decided it; NULL: the whole object */
	const char *why; /* for people, without a period; NULL: allowed. Both static memory */
};

/* Whether the account may make ${change}, of one object, as region_compare() describes it. Whether other
 * demands become less by it must be asked apart (rights_second_less). */
struct setup_answer rights_setup_change(
    const struct setup_question *question, const struct region_change *change);

/* Whether the organisation is the account's own; REGION_NONE is nobody's. */
bool rights_setup_is_own(
    const struct region *region, const struct account *account, uint32_t organisation);

/* Whether the account may change anything of the object ${key}, which is in ${region}; NULL: whether
 * it may add one of that kind. */
bool rights_setup_touches(const struct region *region, const struct account *account,
    const struct region_kind *kind, const char *key);

/* The same, where who may change one part of it that others keep is none of those who keep it: a
 * commissioner sets the ladders of a place, and neither makes its devices nor decides about it. */
bool rights_setup_keeps(const struct region *region, const struct account *account,
    const struct region_kind *kind, const char *key);

/* Whether it looks after the account ${name}: an administrator after every one, also those that no
 * region has; others after those that they may change. */
bool rights_setup_keeps_account(
    const struct region *region, const struct account *account, const char *name);

/* Whether it may see the object ${key}. If ${region} does not have it any more: whether it may see the
 * whole set-up. */
bool rights_setup_sees(const struct region *region, const struct account *account,
    const struct region_kind *kind, const char *key);

/* Whether it may know that a person exists: of its own organisation; any, if its account lists no places;
 * otherwise of the organisations that serve the places it lists. */
bool rights_setup_knows(
    const struct region *region, const struct account *account, uint32_t person);

/* Whether it may see the work phone of the person ${key}. */
bool rights_setup_rings(
    const struct region *region, const struct account *account, const char *key);
