/* SPDX-License-Identifier: MIT */
#include "server/model/fragile.h"

/* The sentences of warnings. */

const char *
fragile_kind_name(enum fragile_kind kind)
{
	static const char *const names[FRAGILE_KINDS] = {
	    [FRAGILE_TWO_PLACES] = "two_places",
	    [FRAGILE_STALE_SOURCE] = "stale_source",
	    [FRAGILE_NO_HANDOVER] = "no_handover",
	    [FRAGILE_ENDS_SOON] = "ends_soon",
	    [FRAGILE_NO_ROLE] = "role_not_held",
	    [FRAGILE_LAST_READ] = "as_last_read",
	    [FRAGILE_TWO_TIERS] = "two_tiers",
	};

	return names[kind];
}

const char *
fragile_text(
    struct arena *arena, const struct region *region, const struct fragile_warning *warning)
{
	const char *rota = region->rotas[warning->rota].id;

	switch (warning->kind) {
	case FRAGILE_TWO_PLACES:
		return arena_printf(arena,
		    "One person is on two rotas for different places at once: %s and %s.", rota,
		    region->rotas[warning->other].id);
	case FRAGILE_STALE_SOURCE:
		return arena_printf(arena,
		    "This cover rests on %s. It was last checked more than an hour ago.", rota);
	case FRAGILE_NO_HANDOVER:
		return arena_printf(arena,
		    "No handover: the person who goes on %s has not been on long enough with anybody who stays.",
		    rota);
	case FRAGILE_ENDS_SOON:
		return arena_printf(arena,
		    "Just as many as needed are on, all by %s. Its entries end within a day.",
		    rota);
	case FRAGILE_NO_ROLE:
		return arena_printf(arena,
		    "Somebody counts on %s who is not listed for this function. They count as a member of the organisation alone.",
		    rota);
	case FRAGILE_LAST_READ:
		return arena_printf(arena,
		    "This cover rests on a shift on %s as it was last read: its calendar drops shifts when they begin.",
		    rota);
	case FRAGILE_TWO_TIERS:
		return arena_printf(arena,
		    "One person is on two tiers of this function at once: tier %d on %s and tier %d on %s.",
		    region->rotas[warning->rota].tier, rota, region->rotas[warning->other].tier,
		    region->rotas[warning->other].id);
	/* Named without a default, so that the compiler asks for the sentence of a new warning. */
	case FRAGILE_KINDS:
		break;
	}
	return "";
}
