/* SPDX-License-Identifier: MIT */
#include "server/api/ask/json_out.h"

#include "server/base/breath.h"
#include "server/base/civil.h"
#include "server/base/instant.h"

/* Keys are in the order of the calls, so the same content always has the same bytes, and the same ETag. The caller
 * must balance objects and arrays; tests parse every answer. */

static void
begin(struct json_out *out, const char *key)
{
	if (out->follows)
		/* A comma before every value but the first of its object or array. */
		buf_add(&out->buf, ",", 1);
	if (key != NULL) {
		buf_add_json_string(&out->buf, slice_of(key));
		buf_add(&out->buf, ":", 1);
	}
	out->follows = true;
}

static void
open_with(struct json_out *out, const char *key, const char *bracket)
{
	breath();
	begin(out, key);
	buf_add(&out->buf, bracket, 1);
	out->follows = false;
}

static void
close_with(struct json_out *out, const char *bracket)
{
	buf_add(&out->buf, bracket, 1);
	out->follows = true;
}

void
out_object(struct json_out *out, const char *key)
{
	open_with(out, key, "{");
}

void
out_object_end(struct json_out *out)
{
	close_with(out, "}");
}

void
out_array(struct json_out *out, const char *key)
{
	open_with(out, key, "[");
}

void
out_array_end(struct json_out *out)
{
	close_with(out, "]");
}

void
out_null(struct json_out *out, const char *key)
{
	begin(out, key);
	buf_add(&out->buf, "null", 4);
}

/* A missing value is null and the key stays, so that each answer has the same keys. */
void
out_slice(struct json_out *out, const char *key, struct slice value)
{
	if (value.at == NULL) {
		out_null(out, key);
		return;
	}
	begin(out, key);
	buf_add_json_string(&out->buf, value);
}

void
out_text(struct json_out *out, const char *key, const char *value)
{
	if (value == NULL)
		out_null(out, key);
	else
		out_slice(out, key, slice_of(value));
}

void
out_int(struct json_out *out, const char *key, int64_t value)
{
	begin(out, key);
	buf_printf(&out->buf, "%lld", (long long)value);
}

void
out_bool(struct json_out *out, const char *key, bool value)
{
	begin(out, key);
	buf_add_text(&out->buf, value ? "true" : "false");
}

/* Ten digits are exact for whole seconds of a year, and show no 7.9999999999999996. */
void
out_hours(struct json_out *out, const char *key, int64_t seconds)
{
	begin(out, key);
	buf_printf(&out->buf, "%.10g", (double)seconds / 3600);
}

/* An instant that never comes is null. */
void
out_time(struct json_out *out, const char *key, int64_t utc)
{
	char text[CIVIL_RFC3339_MAX];

	if (utc == INSTANT_NEVER || utc == INSTANT_END) {
		out_null(out, key);
		return;
	}
	civil_rfc3339(utc, text);
	begin(out, key);
	buf_add(&out->buf, "\"", 1);
	buf_add_text(&out->buf, text);
	buf_add(&out->buf, "\"", 1);
}

void
out_local(struct json_out *out, const char *key, const struct zone *zone, int64_t utc)
{
	char text[ZONE_TEXT_MAX];

	zone_text(zone, utc, text);
	out_text(out, key, text);
}

/* The JSON was made by this program or by the database and is not checked again. */
void
out_raw(struct json_out *out, const char *key, struct slice json)
{
	if (json.at == NULL || json.len == 0) {
		out_null(out, key);
		return;
	}
	begin(out, key);
	buf_add_json(&out->buf, json);
}

void
out_free(struct json_out *out)
{
	buf_free(&out->buf);
}
