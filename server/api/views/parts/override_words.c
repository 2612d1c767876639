/* SPDX-License-Identifier: MIT */
#include "server/api/views/parts/override_words.h"

#include <string.h>

static const char *
name_of(const struct snapshot_region *setup, uint32_t person, const char *otherwise, bool named)
{
	return named && person != REGION_NONE ? setup->region->people[person].name : otherwise;
}

void
override_words_made(struct buf *out, const struct snapshot_region *setup,
    const struct kept_override *override, const char *made_by, bool named)
{
	char at[ZONE_TEXT_MAX];

	zone_text(setup->zone, override->made_at, at);
	buf_printf(out, override->late ? "Corrected here afterwards, %s" : "Made here %s", at);
	if (named && made_by != NULL)
		buf_printf(out, " by %s", made_by);
	if (override->took)
		buf_printf(out, "; the calendar still says %s",
		    name_of(setup, override->instead, "another", named));
	buf_add_text(out, ".");
}

static void
add_third(struct buf *out, const struct snapshot_region *setup,
    const struct kept_override *override, bool named)
{
	for (uint32_t i = 0; i < override->nthird; i++)
		buf_printf(out, "%s %s", i > 0 ? "," : "",
		    name_of(setup, override->third[i], "a third person", named));
}

/* "By an override made here S Ahmed is on rota fenmere-duty from … to … instead of J Jones" */
static void
add_said(struct buf *out, const struct snapshot_region *setup, const char *rota,
    const struct kept_override *override, bool named)
{
	bool nobody = override->person == REGION_NONE && override->instead == REGION_NONE;
	char from[ZONE_TEXT_MAX], to[ZONE_TEXT_MAX];

	zone_text(setup->zone, override->start, from);
	zone_text(setup->zone, override->end, to);
	buf_printf(out, "By an override made here %s is on rota %s from %s to %s",
	    nobody ? "nobody" : name_of(setup, override->person, "somebody", named), rota, from,
	    to);
	if (override->instead != REGION_NONE)
		buf_printf(
		    out, " instead of %s", name_of(setup, override->instead, "another", named));
}

static void
add_dispute(struct buf *out, const struct snapshot_region *setup,
    const struct kept_override *override, bool named)
{
	if (override->nthird > 0) {
		buf_add_text(out, ", but now the calendar says");
		add_third(out, setup, override, named);
	} else {
		buf_printf(out, ", but the calendar no longer has the shift of %s",
		    name_of(setup, override->instead, "another", named));
	}
	buf_add_text(out,
	    ". Who is on is not confirmed: ring them or the switchboard. The rota manager must decide: correct the calendar, "
	    "or withdraw the override.");
}

void
override_words_warning(struct buf *out, const struct snapshot_region *setup, const char *rota,
    const struct kept_override *override, bool named)
{
	add_said(out, setup, rota, override, named);
	if (override->kind == OVERRIDE_DISPUTED) {
		add_dispute(out, setup, override, named);
	} else if (override->standing == OVERRIDE_TIMES_CHANGED) {
		buf_printf(out,
		    "; since it was made the calendar has moved the shift of %s, and the override has moved with it. "
		    "Ask the rota manager whether that was agreed.",
		    name_of(setup, override->instead, "another", named));
	} else {
		buf_add_text(out, ", but now the calendar says");
		add_third(out, setup, override, named);
		buf_add_text(out,
		    ". Ask the rota manager which is right: until the override is withdrawn, it counts.");
	}
}

void
override_words_becomes(struct buf *out, const struct snapshot_region *setup, const char *rota,
    const struct kept_override *override, const char *standing, bool named)
{
	if (strcmp(standing, "conflicting") == 0 || strcmp(standing, "followed") == 0) {
		override_words_warning(out, setup, rota, override, named);
		return;
	}
	add_said(out, setup, rota, override, named);
	buf_add_text(out,
	    strcmp(standing, "reconciled") == 0
		? ", and the calendar says the same: the override is not needed any more, and goes."
		: ", and the calendar no longer speaks against it: it counts.");
}
