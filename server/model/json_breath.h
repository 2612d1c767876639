/* SPDX-License-Identifier: MIT */
#pragma once

#include <jansson.h>
#include <stddef.h>

/* jansson for values so large that the work must be interruptible: its loops call breath() (base/breath.h). */

/* As json_loadb(); NULL if it is no JSON. */
json_t *json_load_breathing(const char *bytes, size_t len);
/* As json_dumps() with JSON_COMPACT; free() it. */
char *json_dump_breathing(const json_t *value, size_t *len);
/* As json_decref() for an object of lists that nobody else has; NULL: nothing. */
void json_free_breathing(json_t *value);
