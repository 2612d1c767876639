#include "server/api/views/places.h"

void
places_send(struct ask *ask, uint32_t place, struct pg_args *args)
{
	const struct region *region = ask->region;
	const char **codes;
	uint32_t count = 0;

	if (place != REGION_NONE) {
		pg_text_array(args, &region->places[place].code, 1);
		return;
	}
	if (ask->account->nplaces == 0) {
		pg_null(args);
		return;
	}
	codes = arena_array(ask->arena, region->nplaces + 1, sizeof *codes);
	for (uint32_t i = 0; i < region->nplaces; i++)
		if (rights_place(region, ask->account, i))
			codes[count++] = region->places[i].code;
	pg_text_array(args, codes, count);
}
