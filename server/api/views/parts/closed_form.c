/* SPDX-License-Identifier: MIT */
#include "server/api/views/parts/closed_form.h"

#include <string.h>

#include "server/api/ask/form.h"
#include "server/api/ask/plain_page.h"
#include "server/base/civil.h"
#include "server/base/instant.h"

#define NOON_SECONDS (12 * 3600)

int64_t
closed_until_read(struct ask *ask, const char *path, const char *text)
{
	const struct zone *zone = ask->map->setup->zone;
	int64_t local = zone_local(zone, ask->now), day = civil_day_of(local), hour, minute, until;

	if (strlen(text) != 5 || text[2] != ':' ||
	    !text_int((struct slice){text, 2}, 0, 23, &hour) ||
	    !text_int((struct slice){text + 3, 2}, 0, 59, &minute)) {
		ask_fault(ask, path, "must be a time such as 23:00");
		return INSTANT_NONE;
	}
	until = zone_instant(zone, day * CIVIL_DAY_SECONDS + hour * 3600 + minute * 60, NULL);
	if (until <= ask->now)
		until = zone_instant(
		    zone, (day + 1) * CIVIL_DAY_SECONDS + hour * 3600 + minute * 60, NULL);
	if (until > zone_instant(zone, (day + 1) * CIVIL_DAY_SECONDS + NOON_SECONDS, NULL))
		ask_fault(ask, path,
		    "is after tomorrow noon: for longer, tell your organisation, which changes the rota");
	return until;
}

void
closed_form_add(struct buf *out, const char *key, bool closed)
{
	buf_add_text(out, "<form method=\"post\" action=\"?key=");
	plain_page_text(out, key);
	buf_add_text(out,
	    "\">\n<label for=\"until\">Closed until</label>\n<input id=\"until\" name=\"until\" type=\"time\" value=\"" CLOSED_USUAL_UNTIL
	    "\" required>\n<p>At the latest tomorrow at noon.</p>\n<button name=\"say\" value=\"closed\">We are closed tonight</button>\n</form>\n");
	if (!closed)
		return;
	buf_add_text(out, "<form method=\"post\" action=\"?key=");
	plain_page_text(out, key);
	buf_add_text(out,
	    "\">\n<button name=\"say\" value=\"open\">We are open after all</button>\n</form>\n");
}

int64_t
closed_form_read(struct ask *ask)
{
	json_t *fields = form_read(web_body(ask->exchange));
	const char *say = json_string_value(json_object_get(fields, "say"));
	const char *until = json_string_value(json_object_get(fields, "until"));
	int64_t read = INSTANT_NONE;

	if (fields == NULL || say == NULL ||
	    (strcmp(say, "closed") != 0 && strcmp(say, "open") != 0))
		ask_fault(ask, "The form", "cannot be read: fill it in once more.");
	else if (strcmp(say, "closed") == 0)
		read = closed_until_read(ask, "Until", until != NULL ? until : CLOSED_USUAL_UNTIL);
	json_decref(fields);
	return read;
}
