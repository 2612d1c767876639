/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "server/map/snapshot.h"

/* The rights of each role of an account. Pure. */

/* How much of people an account sees. Accounts with the same sight get the same bytes where an answer
 * depends on nothing else, so such answers are made once and shared. */
enum sight {
	SIGHT_COUNTS,  /* commissioner: counts and states, no names */
	SIGHT_NAMES,   /* names, roles, team numbers */
	SIGHT_MOBILES, /* work mobiles as well: switchboard, administrator */
	SIGHTS
};
enum sight rights_sight(const struct account *account);

/* The right that a call requires of the account that makes it. */
enum right {
	RIGHT_READ,   /* any account */
	RIGHT_CHANGE, /* rota managers (what is their organisation's), the administrator */
	RIGHT_REVIEW, /* the set-up as a whole: auditor, administrator */
	RIGHT_ADMINISTER,
	RIGHT_SET_UP,      /* roles that may change some of the set-up: rights_setup.h says what */
	RIGHT_SET_UP_READ, /* these, and auditors */
	RIGHT_NONE,        /* anybody, also without an account */
};
bool rights_has(const struct account *account, enum right right);

/* A screen on a wall, say: anybody may read it, and it can deal with nothing, whatever role it was given. */
bool rights_is_device(const struct account *account);

/* Whether the account's role may change anything at all. If it may, its sessions end sooner when they are
 * not used, and it needs a second factor. */
bool rights_changes(const struct account *account);

/* Whether the account may ask about ${place}: one of its own, or one below them; anything if it has
 * none. */
bool rights_place(const struct region *region, const struct account *account, uint32_t place);

/* ${account} with the places added that somebody has opened to it for a while (break-glass) and that are
 * open at ${now}; a copy in ${arena}, or ${account} itself if there are none. Only for answers about the
 * cover of a place: rights to change are given by place too, and must not grow. */
const struct account *rights_with_glass(
    struct arena *arena, const struct account *account, int64_t now);

/* Whether it may know of a service or a rota: one that serves a place it may ask about. Absence
 * calendars serve none. */
bool rights_service(const struct region *region, const struct account *account, uint32_t service);
bool rights_rota(const struct region *region, const struct account *account, uint32_t rota);

/* Whether it reviews ${rota} (REGION_NONE: one that has left the region): auditors those that serve
 * their places, and the administrator all. */
bool rights_reviews_rota(const struct region *region, const struct account *account, uint32_t rota);

/* Whether it manages what is the organisation's: the administrator any, a rota manager its own. */
bool rights_manages(const struct account *account, const char *organisation);

/* Whether it looks after the accounts of the organisation's people: the administrator any, an
 * organisation's administrator its own. */
bool rights_keeps_accounts(const struct account *account, const char *organisation);

/* Whether it may change ${rota}: the administrator any, a rota manager those of its organisation. */
bool rights_change_rota(const struct region *region, const struct account *account, uint32_t rota);

/* Whether it speaks for ${person}: the administrator for all, a rota manager for its
 * organisation's. Others learn nothing of when that person is on leave. */
bool rights_speaks_for(const struct region *region, const struct account *account, uint32_t person);

/* Whether ${requirement} names the account as owner, deputy or commissioner of its gaps: by its name, or by
 * its organisation if it is a rota manager or commissioner there. False for a device. */
bool rights_named(const struct region *region, const struct account *account, uint32_t requirement);

/* Whether it is one of those who commission ${requirement} on the local day ${day}: it is named, or it is a commissioner's
 * account of an organisation that is named or that follows one (model/commissioners.h). INSTANT_END: also if it follows one that has not
 * ended yet, as its people prepare for it. */
bool rights_commissions(
    const struct region *region, const struct account *account, uint32_t requirement, int64_t day);

/* Whether it may see the state and the gaps of ${demand}: it may ask about the place, or it is one of those who commission
 * it, whatever places it lists. */
bool rights_sees_demand(
    const struct region *region, const struct account *account, uint32_t demand);

/* Whether it may see the cover of anything that is required at ${place}. */
bool rights_sees_cover(const struct region *region, const struct account *account, uint32_t place);

/* Whether it may acknowledge any gap at all. */
bool rights_answer_at_all(const struct region *region, const struct account *account);

/* Whether it may acknowledge a gap of ${demand}: if the requirement names it; if it may change a rota
 * that could fill the gap; or, if there is no such rota, if it may change any rota. */
bool rights_answer_for(const struct region *region, const struct account *account, uint32_t demand);
