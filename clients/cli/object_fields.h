/* SPDX-License-Identifier: MIT */
#pragma once

#include <jansson.h>

/*
 * Adds "FIELD=VALUE" to ${object}. FIELD may go inside: "fallback.phone". VALUE is JSON where it is
 * JSON (2, true, ["a"], "2"), else text; nothing is null, which takes a field out. For a field that
 * is a list of codes or names, text is taken apart at its commas. NULL if all is well, else what is
 * wrong.
 */
const char *object_field_add(json_t *object, const char *assignment);
