#include "server/api/views/override_words.h"

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
	buf_printf(out, "Made here %s", at);
	if (named && made_by != NULL)
		buf_printf(out, " by %s", made_by);
	if (override->took)
		buf_printf(out, "; the calendar still says %s",
		    name_of(setup, override->instead, "another", named));
	buf_add_text(out, ".");
}

void
override_words_warning(struct buf *out, const struct snapshot_region *setup, const char *rota,
    const struct kept_override *override, bool named)
{
	char from[ZONE_TEXT_MAX], to[ZONE_TEXT_MAX];
	const char *stand_in = name_of(setup, override->person, "somebody", named);
	const char *instead = name_of(setup, override->instead, "another", named);

	zone_text(setup->zone, override->start, from);
	zone_text(setup->zone, override->end, to);
	buf_printf(out, "By an override made here %s is on rota %s from %s to %s", stand_in, rota,
	    from, to);
	if (override->instead != REGION_NONE)
		buf_printf(out, " instead of %s", instead);
	if (override->standing == OVERRIDE_TIMES_CHANGED)
		buf_printf(out, ", but since then the calendar has changed the times of %s's shift",
		    instead);
	else
		buf_add_text(out, ", but now the calendar says");
	for (uint32_t i = 0; i < override->nthird; i++)
		buf_printf(out, "%s %s", i > 0 ? "," : "",
		    name_of(setup, override->third[i], "a third person", named));
	buf_add_text(out, ". Ask the rota manager which is right: until the override is withdrawn, "
			  "it is what counts.");
}
