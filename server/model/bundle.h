/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/base/arena.h"
#include "server/model/region.h"
#include "server/model/sweep.h"

/*
 * Bundles: requirements that people of several functions fill together, such as an assessment under
 * the Mental Health Act, with an AMHP, two doctors who are not of one team, and a place of safety.
 * Who is on is found function by function, as for every requirement (bundle_sweep.c); here it is
 * said what they fill together. Pure.
 *
 * Each person fills one part at most, whatever the functions and however many the shifts. Who fills
 * what is chosen so that as much as possible is filled: an exact matching, and no order in which
 * people or parts are looked at makes a bundle less. The state of a bundle is that of its worst part,
 * in the order of cover_state_rank:
 *
 *   covered   every part is full: of people whose teams are known to differ, where they must
 *   gap       there is nobody for some part, whatever is not known turned out to be
 *   unknown   otherwise, if more could be filled by a rota that is not known, or by people whose
 *             team is not known
 *   short     otherwise
 */

/* Somebody who is on, or the line of a team. */
struct bundle_head {
	uint64_t who;       /* a person, or SWEEP_LINE and what line it is; each once */
	uint64_t functions; /* of the bundle, for which the head counts: bit i for its member i */
	const char *team;   /* NULL: not known */
};

struct bundle_need {
	uint64_t functions; /* any of these */
	int32_t count;
	bool different_teams, team_counts;
};

struct bundle_asked {
	const struct bundle_need *needs;
	uint32_t nneeds; /* up to REGION_PARTS_MAX */
	const struct bundle_head *heads;
	uint32_t nheads;
	uint64_t doubts; /* functions of which a rota could supply more than is known */
};

/* What a part is short of, beyond what the rotas say. */
enum bundle_want {
	BUNDLE_WANT_PEOPLE,      /* the cause is that of its functions */
	BUNDLE_WANT_OTHERS,      /* unknown: by a function of other parts */
	BUNDLE_WANT_TEAM,        /* unknown: some are on whose team is not known */
	BUNDLE_WANT_OTHER_TEAM,  /* somebody is on, of the same team as one who counts */
	BUNDLE_WANT_SAME_PERSON, /* somebody is on, and fills another part */
};

struct bundle_part_state {
	enum cover_state state;
	enum bundle_want want; /* unless it is covered */
	int32_t present;       /* heads that fill it */
};

struct bundle_state {
	enum cover_state state;
	int32_t present, required; /* over all parts */
	struct bundle_part_state parts[REGION_PARTS_MAX];
	const uint32_t *filled; /* by head: the part that it fills, or REGION_NONE; of ${arena} */
};

void bundle_judge(struct arena *arena, const struct bundle_asked *asked, struct bundle_state *out);
