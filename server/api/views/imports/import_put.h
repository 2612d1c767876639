/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/api/ask/ask.h"
#include "server/api/views/imports/import_effect.h"
#include "server/pg/pg.h"

/* Why an import of a rota that this process does not know is not shown or decided: from the import
 * alone the two cases cannot be distinguished. */
#define IMPORT_NO_ROTA                                                                                 \
	"The rota of this import is not in the region: it was taken out, or has another code since a " \
	"moment ago. In the second case ask again in a few seconds."

/* Writes the effect of an import into an answer. */

/* Adds "overrides": those whose state would change, each with its present and its new state, and a sentence.
 * ${rows}: of import_outcome; NULL: the member is null. */
void import_overrides_put(struct json_out *out, const struct ask *ask, const struct pg_rows *rows);

/* Adds "gaps": what would open, and what would close. ${effect} NULL: the member is null. */
void import_effect_put(
    struct json_out *out, const struct ask *ask, const struct import_effect *effect);
