/* SPDX-License-Identifier: MIT */
#include "server/api/views/parts/protocol_words.h"

#include <stdio.h>

#include "server/base/civil.h"

#define PDF_PATH "/v1/protocols/%lld/pdf"

void
protocol_put(struct json_out *out, const struct region *region,
    const struct kept_protocol *protocol, int64_t today)
{
	char day[CIVIL_DAY_MAX], path[64];

	out_int(out, "id", protocol->id);
	out_int(out, "edition", protocol->edition);
	out_text(out, "place", region->places[protocol->place].code);
	out_text(out, "place_name", region->places[protocol->place].name);
	out_text(out, "function", region->functions[protocol->function].code);
	out_text(out, "name", protocol->name);
	out_text(out, "version", protocol->version);
	civil_day_text(protocol->review, day);
	out_text(out, "review", day);
	out_bool(out, "overdue", protocol_overdue(protocol, today));
	out_text(out, "url", protocol->url);
	snprintf(path, sizeof path, PDF_PATH, (long long)protocol->id);
	out_text(out, "pdf", protocol->sha256 == NULL ? NULL : path);
	out_text(out, "sha256", protocol->sha256);
	if (protocol->sha256 == NULL)
		out_null(out, "bytes");
	else
		out_int(out, "bytes", protocol->bytes);
}

const char *
protocol_href(struct arena *arena, const struct kept_protocol *protocol)
{
	if (protocol->url != NULL)
		return protocol->url;
	return arena_printf(arena, PDF_PATH, (long long)protocol->id);
}
