/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "server/base/instant.h"
#include "server/base/text.h"
#include "server/base/zone.h"

/*
 * Writes JSON into a buffer in the order of the calls, without a tree in between, which would cost time
 * and memory for each answer. ${key} is NULL for an item of an array and for the outermost value. Start
 * with {0}; free with out_free, unless a reply has taken the bytes over.
 */
struct json_out {
	struct buf buf;
	bool follows; /* something was written before: a comma is due */
};

void out_object(struct json_out *out, const char *key);
void out_object_end(struct json_out *out);
void out_array(struct json_out *out, const char *key);
void out_array_end(struct json_out *out);

void out_text(struct json_out *out, const char *key, const char *value); /* NULL: null */
void out_slice(struct json_out *out, const char *key, struct slice value);
void out_int(struct json_out *out, const char *key, int64_t value);
void out_bool(struct json_out *out, const char *key, bool value);
void out_null(struct json_out *out, const char *key);
void out_hours(struct json_out *out, const char *key, int64_t seconds); /* as hours */

/* RFC 3339 UTC; null for INSTANT_NEVER (never) and INSTANT_END (no end). */
void out_time(struct json_out *out, const char *key, int64_t utc);
/* "Sun 28 Mar 2027 03:10 BST". */
void out_local(struct json_out *out, const char *key, const struct zone *zone, int64_t utc);

/* Text that is JSON already, unchecked; what is not seen is escaped in it. Empty: null. */
void out_raw(struct json_out *out, const char *key, struct slice json);

void out_free(struct json_out *out);
