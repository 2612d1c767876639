/* SPDX-License-Identifier: MIT */
#include "server/api/views/parts/warnings.h"

#include "server/base/instant.h"

/* Codes, not indexes: a program may ask for the requirement or the rota next. */
static void
put_warning(struct json_out *out, struct arena *arena, const struct region *region,
    const struct fragile_cover_warning *warning)
{
	const struct region_demand *demand = &region->demands[warning->demand];

	out_object(out, NULL);
	out_text(out, "kind", fragile_kind_name(warning->found.kind));
	out_time(out, "start", warning->found.start);
	out_time(out, "end", warning->found.end);
	out_text(out, "text", fragile_text(arena, region, &warning->found));
	out_text(out, "requirement", region->requirements[demand->requirement].id);
	out_text(out, "place", region->places[demand->place].code);
	out_text(out, "function", region->functions[demand->function].code);
	out_text(out, "rota", region->rotas[warning->found.rota].id);
	out_text(out, "other_rota",
	    warning->found.other == REGION_NONE ? NULL : region->rotas[warning->found.other].id);
	out_object_end(out);
}

/* A warning is about a time, and a place may be in the scope for a part of that time only. */
static bool
is_wanted(const struct region *region, const struct fragile_cover_warning *warning,
    const struct warnings_wanted *wanted)
{
	const struct region_demand *demand = &region->demands[warning->demand];

	if (wanted->function != REGION_NONE && demand->function != wanted->function)
		return false;
	if (wanted->at != INSTANT_NONE &&
	    (warning->found.start > wanted->at || warning->found.end <= wanted->at))
		return false;
	return wanted->scope == NULL || places_scope_holds(wanted->scope, demand->place,
					    warning->found.start, warning->found.end);
}

void
warnings_put(struct json_out *out, struct arena *arena, const struct region *region,
    const struct fragile_cover_list *list, struct warnings_wanted wanted)
{
	out_array(out, "warnings");
	for (size_t i = 0; i < list->count; i++)
		if (is_wanted(region, &list->items[i], &wanted))
			put_warning(out, arena, region, &list->items[i]);
	out_array_end(out);
}
