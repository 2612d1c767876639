/* SPDX-License-Identifier: MIT */
#include "server/api/views/parts/override_words.h"

#include <string.h>

/* Readers who may not see names get a word instead, so that the sentence stays whole. */
static const char *
name_of(const struct snapshot_region *setup, uint32_t person, const char *otherwise, bool named)
{
	return named && person != REGION_NONE ? region_person(setup->region, person)->name
					      : otherwise;
}

/* "The calendar still says" is added only if it does: ${took} is computed each time that the
 * override is laid over the shifts. */
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

static const char *
told_name(const struct override_told *told, uint32_t person, const char *otherwise)
{
	return name_of(told->setup, person, otherwise, told->named);
}

/* The people whom the calendar now has in the place of the replaced one. */
static void
add_third(struct buf *out, const struct override_told *told)
{
	for (uint32_t i = 0; i < told->override->nthird; i++)
		buf_printf(out, "%s %s", i > 0 ? "," : "",
		    told_name(told, told->override->third[i], "a third person"));
}

/* "By an override made here S Ahmed is on rota fenmere-duty from … to … instead of J Jones" */
static void
add_override(struct buf *out, const struct override_told *told)
{
	bool nobody =
	    told->override->person == REGION_NONE && told->override->instead == REGION_NONE;
	char from[ZONE_TEXT_MAX], to[ZONE_TEXT_MAX];

	zone_text(told->setup->zone, told->override->start, from);
	zone_text(told->setup->zone, told->override->end, to);
	buf_printf(out, "By an override made here %s is on rota %s from %s to %s",
	    nobody ? "nobody" : told_name(told, told->override->person, "somebody"), told->rota,
	    from, to);
	if (told->override->instead != REGION_NONE)
		buf_printf(
		    out, " instead of %s", told_name(told, told->override->instead, "another"));
}

static void
add_dispute(struct buf *out, const struct override_told *told)
{
	if (told->override->nthird > 0) {
		buf_add_text(out, ", but now the calendar says");
		add_third(out, told);
	} else {
		buf_printf(out, ", but the calendar no longer has the shift of %s",
		    told_name(told, told->override->instead, "another"));
	}
	buf_add_text(out,
	    ". Who is on is not confirmed: ring them or the switchboard. The rota manager must decide: correct the calendar, "
	    "or withdraw the override.");
}

/* The sentence asks something else of the reader if the override does not count: in a dispute
 * none of the people counts. */
void
override_words_warning(struct buf *out, const struct override_told *told)
{
	add_override(out, told);
	if (told->override->kind == OVERRIDE_DISPUTED) {
		add_dispute(out, told);
	} else if (told->override->standing == OVERRIDE_TIMES_CHANGED) {
		buf_printf(out,
		    "; since it was made the calendar has moved the shift of %s, and the override has moved with it. "
		    "Ask the rota manager whether that was agreed.",
		    told_name(told, told->override->instead, "another"));
	} else {
		buf_add_text(out, ", but now the calendar says");
		add_third(out, told);
		buf_add_text(out,
		    ". Ask the rota manager which is right: until the override is withdrawn, it counts.");
	}
}

/* ${standing} is what an override becomes under other shifts, as the database names it. */
void
override_words_becomes(struct buf *out, const struct override_told *told, const char *standing)
{
	if (strcmp(standing, "conflicting") == 0 || strcmp(standing, "followed") == 0) {
		override_words_warning(out, told);
		return;
	}
	add_override(out, told);
	buf_add_text(out,
	    strcmp(standing, "reconciled") == 0
		? ", and the calendar says the same: the override is no longer needed, and ends."
		: ", and the calendar no longer contradicts it: it counts.");
}
