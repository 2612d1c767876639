/* SPDX-License-Identifier: MIT */
#include "server/model/region_protected.h"

#include <ctype.h>
#include <string.h>

#define SHORT_CODE_MAX 5
#define ON_CALL "%s on call, " REGION_WITHHELD_NUMBER

/* Short codes are abbreviations and shown in capitals; long ones read better as the name. */
const char *
region_role(const struct region_function *function, char out[REGION_ROLE_MAX])
{
	size_t len = strlen(function->code);

	if (len > SHORT_CODE_MAX)
		return function->name;
	for (size_t i = 0; i <= len; i++)
		out[i] = (char)toupper((unsigned char)function->code[i]);
	return out;
}

const char *
region_withheld_name(struct arena *arena, const struct region *region,
    const struct region_person *person, uint32_t function)
{
	char role[REGION_ROLE_MAX];

	/* Of several functions, any that is named here could be the wrong one. */
	if (function == REGION_NONE && person->roles.count == 1)
		function = person->roles.items[0];
	if (function == REGION_NONE)
		return arena_printf(arena, ON_CALL, "Person");
	return arena_printf(arena, ON_CALL, region_role(&region->functions[function], role));
}

struct region_person
region_withhold(struct arena *arena, const struct region *region,
    const struct region_person *person, const char *shown_id)
{
	static const struct region_contact switchboard = {
	    .via_switchboard = true, .verified_on = INSTANT_NONE};
	static const char *const nothing[] = {NULL};
	struct region_person shown = *person;

	/* The id stays what it is, since shifts refer to it; answers have shown_id. */
	shown.name = region_withheld_name(arena, region, person, REGION_NONE);
	shown.shown_id = shown_id;
	/* Calendars name people by these: what nobody knows, nobody finds in a title. */
	shown.aliases = nothing;
	shown.nformer_names = 0;
	shown.contact = &switchboard;
	shown.work_phone = NULL;
	return shown;
}
