/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/api/ask/ask.h"
#include "server/map/remarks.h"

/* What ${note} is on, as JSON for the database: people with the ids of the set-up. In the arena. */
const char *note_put_on_record(const struct ask *ask, const struct kept_note *note);

/* One note of a list, as the asker may see it. */
void note_put(struct json_out *out, const struct ask *ask, const struct kept_note *note);

/* Whether ${note} is listed at ${place}: it is on the function there, a service or rota of the place, or
 * a person who is on such a rota before the note ends. */
bool note_concerns(const struct ask *ask, const struct kept_note *note, uint32_t place);
