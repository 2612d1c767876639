#include <string.h>

#include "server/model/gap.h"

/* Which source a hole is the doing of. Only what is unknown has one: where it is known that nobody
 * is on, each hole is a matter of its own, to be filled by itself. */

static bool
has_undecided(const struct sweep_rota *rota, const struct gap_hole *hole, bool disputed)
{
	for (size_t i = 0; i < rota->nshifts && rota->shifts[i].start < hole->end; i++)
		if (rota->shifts[i].class == SHIFT_UNDECIDED && rota->shifts[i].end > hole->start &&
		    (rota->shifts[i].disputed || !disputed))
			return true;
	return false;
}

static bool
is_the_reason(const struct sweep_rota *rota, const struct gap_hole *hole)
{
	bool never_read = rota->horizon == INT64_MIN;

	if (rota->serves != NULL &&
	    (rota->serves->end <= hole->start || rota->serves->start >= hole->end))
		return false; /* it had no say */
	switch (hole->cause) {
	case CAUSE_NEVER_READ:
		return never_read;
	case CAUSE_SOURCE_UNKNOWN:
		return !never_read && rota->trusted_until < hole->end;
	case CAUSE_PAST_HORIZON:
		return !never_read && rota->horizon < hole->end;
	case CAUSE_UNDECIDED:
		return has_undecided(rota, hole, false);
	case CAUSE_OVERRIDE_DISPUTED:
		return has_undecided(rota, hole, true);
	case CAUSE_NONE:
	case CAUSE_NO_SOURCE:
	case CAUSE_SHARED:
	case CAUSE_NO_ROLE:
	case CAUSE_NOBODY:
	case CAUSE_NOT_FREE:
	case CAUSE_SILENT:
	case CAUSE_TOO_FEW:
	case CAUSE_TEAM_ONLY:
	case CAUSE_CLOCK_DOUBTFUL:
	case COVER_CAUSES:
		break;
	}
	return false;
}

static const char *
group_of(struct arena *arena, const struct gap_hole *hole, const struct sweep_rota *rotas,
    const char *const *ids, size_t nrotas)
{
	for (size_t i = 0; i < nrotas; i++)
		if (is_the_reason(&rotas[i], hole))
			return arena_printf(arena, "%s.%s", ids[i], cover_cause_name(hole->cause));
	return NULL;
}

struct gap_holes
gap_blame(struct arena *arena, struct gap_holes holes, const struct sweep_rota *rotas,
    const char *const *ids, size_t nrotas)
{
	struct gap_hole *blamed = arena_array(arena, holes.count, sizeof *blamed);

	for (size_t i = 0; i < holes.count; i++) {
		blamed[i] = holes.items[i];
		blamed[i].group = group_of(arena, &blamed[i], rotas, ids, nrotas);
	}
	return (struct gap_holes){blamed, holes.count};
}
