/* SPDX-License-Identifier: MIT */
#include "server/api/views/parts/numbered.h"

#include <stdio.h>

struct numbered_page
numbered_page(struct ask *ask, int64_t first)
{
	struct ask_page page = ask_page(ask);
	struct numbered_page numbered = {page.limit, first};

	if (page.cursor != NULL && !text_int(slice_of(page.cursor), 1, INT64_MAX, &numbered.cursor))
		ask_fault(ask, "query.cursor", "is not one that this list gave");
	return numbered;
}

uint32_t
numbered_reply(
    struct job *job, const struct numbered_list *list, uint32_t limit, const struct pg_rows *rows)
{
	size_t count = pg_rows_count(rows), row = 0;
	struct json_out out = {0};
	uint32_t shown = 0;
	char cursor[24] = "";

	out_object(&out, NULL);
	out_array(&out, list->name);
	for (; row < count && shown < limit; row++) {
		snprintf(cursor, sizeof cursor, "%lld", (long long)pg_get_int(rows, row, list->id));
		if (list->may_see != NULL && !list->may_see(&job->ask, rows, row))
			continue;
		list->put(&out, &job->ask, rows, row);
		shown++;
	}
	out_array_end(&out);
	out_text(&out, "next_cursor",
	    row < count || (list->rows_max != 0 && row == list->rows_max) ? cursor : NULL);
	out_object_end(&out);
	ask_reply(&job->ask, &out);
	return shown;
}
