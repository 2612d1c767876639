/* SPDX-License-Identifier: MIT */
#include "server/rota/rota_found.h"

static json_t *
texts(const char *const *list, size_t count)
{
	json_t *out = json_array();

	for (size_t i = 0; i < count; i++)
		json_array_append_new(out, json_string(list[i]));
	return out;
}

/* Hours that were guessed would count people at times when they are not there. */
static json_t *
propose(const struct reading_found *found)
{
	json_t *out = json_pack("{s:s}", "layout", reading_layout_name(found->layout));
	const char *own = found->own != NULL ? found->own : "?";

	if (found->layout == READING_NAMES_BY_DATES)
		json_object_set_new(out, "codes", json_pack("[s]", "?"));
	else if (found->layout == READING_ROLES_BY_DATES)
		json_object_set_new(out, "row", json_string(own));
	else if (found->layout != READING_DATES_BY_HOURS)
		json_object_set_new(out, "column", json_string(own));
	if (found->hours)
		json_object_set_new(
		    out, "hours", json_pack("{s:s, s:s}", "from", "HH:MM", "to", "HH:MM"));
	return out;
}

json_t *
rota_found_json(const struct reading_found *found)
{
	if (found == NULL)
		return NULL;
	return json_pack("{s:s, s:o, s:o, s:o, s:s?, s:o}", "layout",
	    reading_layout_name(found->layout), "columns", texts(found->columns, found->ncolumns),
	    "rows", texts(found->rows, found->nrows), "codes", texts(found->codes, found->ncodes),
	    "own", found->own, "propose", propose(found));
}
