/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "server/base/instant.h"
#include "server/model/gap_run.h"

/* Which source causes an unknown hole. Known emptiness is in gap_run.c. */

static bool
has_undecided(const struct sweep_rota *rota, const struct gap_hole *hole, bool disputed)
{
	for (size_t i = 0; i < rota->nshifts && rota->shifts[i].start < hole->end; i++)
		if (rota->shifts[i].class == SHIFT_UNDECIDED && rota->shifts[i].end > hole->start &&
		    (rota->shifts[i].disputed || !disputed))
			return true;
	return false;
}

/* A rota that serves only before or only after the hole cannot be its cause. */
bool
gap_has_say(const struct sweep_rota *rota, const struct gap_hole *hole)
{
	return rota->serves == NULL ||
	       (rota->serves->end > hole->start && rota->serves->start < hole->end);
}

/* All causes are listed, so that the compiler warns where a new one is not handled here. */
static bool
is_the_reason(const struct sweep_rota *rota, const struct gap_hole *hole)
{
	bool never_read = rota->horizon == INSTANT_NEVER;

	if (!gap_has_say(rota, hole))
		return false;
	switch (hole->cause) {
	case CAUSE_NEVER_READ:
		return never_read;
	case CAUSE_SOURCE_UNKNOWN:
		/* A rota that was never read is named by that cause, and not twice. */
		return !never_read && rota->trusted_until < hole->end;
	case CAUSE_PAST_HORIZON:
		return !never_read && rota->horizon < hole->end;
	case CAUSE_UNDECIDED:
		return has_undecided(rota, hole, false);
	case CAUSE_OVERRIDE_DISPUTED:
		return has_undecided(rota, hole, true);
	case CAUSE_NONE:
	case CAUSE_NO_SOURCE:
	case CAUSE_TEAMS_UNKNOWN:
	case CAUSE_ONE_TEAM:
	case CAUSE_SAME_PERSON:
	case CAUSE_SHARED:
	case CAUSE_NO_ROLE:
	case CAUSE_APPROVAL_ENDED:
	case CAUSE_NOBODY:
	case CAUSE_NOT_FREE:
	case CAUSE_SILENT:
	case CAUSE_TOO_FEW:
	case CAUSE_TEAM_ONLY:
	case CAUSE_CLOCK_DOUBTFUL:
	case CAUSE_NO_RECORD:
	case COVER_CAUSES:
		break;
	}
	return false;
}

/* If several rotas may be the cause, the first in the order of the demand's supplies is named. */
static const char *
group_of(struct arena *arena, const struct gap_hole *hole, struct gap_rotas rotas)
{
	for (size_t i = 0; i < rotas.count; i++)
		if (is_the_reason(&rotas.items[i].sweep, hole))
			return arena_printf(
			    arena, "%s.%s", rotas.items[i].id, cover_cause_name(hole->cause));
	return NULL;
}

struct gap_holes
gap_blame(struct arena *arena, struct gap_holes holes, struct gap_rotas rotas)
{
	struct gap_hole *blamed = arena_array(arena, holes.count, sizeof *blamed);

	for (size_t i = 0; i < holes.count; i++) {
		blamed[i] = holes.items[i];
		blamed[i].group = group_of(arena, &blamed[i], rotas);
		gap_find_runs(arena, &blamed[i], rotas);
	}
	return (struct gap_holes){blamed, holes.count};
}
