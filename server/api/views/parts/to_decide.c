/* SPDX-License-Identifier: MIT */
#include "server/api/views/parts/to_decide.h"

#include <string.h>

#include "server/api/views/parts/candidates.h"

/* The first ambiguous dates in both readings, from which a person can tell the right one. */
static void
put_dates(struct json_out *out, const json_t *dates)
{
	json_t *date;
	size_t i;

	out_array(out, "dates");
	json_array_foreach(dates, i, date)
	{
		out_object(out, NULL);
		out_int(out, "line", json_integer_value(json_object_get(date, "line")));
		out_text(out, "written", json_string_value(json_object_get(date, "written")));
		out_text(out, "dmy", json_string_value(json_object_get(date, "dmy")));
		out_text(out, "mdy", json_string_value(json_object_get(date, "mdy")));
		out_object_end(out);
	}
	out_array_end(out);
}

/* The JSON was written by this program when the file was read. Candidates are searched for with
 * each answer, as the directory may have changed since. */
static void
put_open(struct json_out *out, const struct ask *ask, const struct rota_directory *directory,
    const json_t *kept)
{
	const char *kind = json_string_value(json_object_get(kept, "kind"));
	const char *words = json_string_value(json_object_get(kept, "words"));
	const json_t *dates = json_object_get(kept, "dates");

	out_object(out, NULL);
	out_text(out, "kind", kind);
	out_text(out, "words", ask_shown_text(ask, words));
	out_int(out, "count", json_integer_value(json_object_get(kept, "count")));
	out_text(out, "example",
	    ask_shown_text(ask, json_string_value(json_object_get(kept, "example"))));
	if (dates != NULL)
		put_dates(out, dates);
	/* The name of a time zone cannot be a person's. */
	if (kind != NULL && words != NULL && strcmp(kind, "zone") != 0)
		candidates_put(out, ask->region, directory, words);
	out_object_end(out);
}

void
to_decide_put(struct json_out *out, const struct ask *ask, const struct rota_directory *directory,
    const json_t *kept)
{
	json_t *open;
	size_t i;

	out_array(out, "to_decide");
	json_array_foreach(kept, i, open) put_open(out, ask, directory, open);
	out_array_end(out);
}
