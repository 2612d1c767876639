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
	SETUP_SECOND, /* touches others' maps: proposed, and done when another person accepts */
	SETUP_ALLOWED,
};

struct setup_question {
	const struct region *before, *after;
	const struct account *account;
};

struct setup_answer {
	enum setup_verdict verdict;
	const char *key; /* of the region file that decides; NULL: the whole object */
	const char *why; /* in words; NULL: allowed */
};

/* ${change}: of one object, as region_compare() has it. What demands become less by it, beside the
 * object's own, is another question (rights_second_less). */
struct setup_answer rights_setup_change(
    const struct setup_question *question, const struct region_change *change);

/* Whether the organisation is the account's own; REGION_NONE is nobody's. */
bool rights_setup_is_own(
    const struct region *region, const struct account *account, uint32_t organisation);

/* Whether the account may change anything of the object ${key}, which is in ${region}; NULL: whether
 * it may add one of that kind. */
bool rights_setup_touches(const struct region *region, const struct account *account,
    const struct region_kind *kind, const char *key);

/* Whether it looks after the account ${name}: an administrator after every one, also those that no
 * region has; others after those that they may change. */
bool rights_setup_keeps_account(
    const struct region *region, const struct account *account, const char *name);

/* Whether it may see the object; one that is not in ${region} any more is seen by those who may see
 * the whole. */
bool rights_setup_sees(const struct region *region, const struct account *account,
    const struct region_kind *kind, const char *key);

/* Whether it knows a person at all: one of its organisation; else, where it is kept to some places,
 * of the organisations that serve them. */
bool rights_setup_knows(
    const struct region *region, const struct account *account, uint32_t person);

/* Whether it may see the work phone of the person ${key}. */
bool rights_setup_rings(
    const struct region *region, const struct account *account, const char *key);
