/* SPDX-License-Identifier: MIT */
#pragma once

#include <jansson.h>

/*
 * Adds "FIELD=VALUE" to ${object}. FIELD may name a member of a member: "fallback.phone". VALUE is read as
 * JSON if it is JSON (2, true, ["a"], "2"), otherwise as text; an empty VALUE is null, which removes the
 * field. If the field is a list of codes or names, text is divided at its commas. "@PATH" is the text of that
 * file, "@-" that of standard input, without the end of its last line; the secret of a source is taken in no other
 * way, because other users of the machine can see a command line. Returns NULL, or what is wrong (static memory).
 */
const char *object_field_add(json_t *object, const char *assignment);
