/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/api/ask/json_out.h"
#include "server/pg/pg.h"

/* An accepted risk that a change of the set-up would end (0020_risks.sql). */
struct region_risk {
	int64_t id, until;
	const char *requirement, *place, *why; /* ${why}: as the record would say */
};

struct region_risks {
	bool known; /* false: nobody has looked, since the change is made already */
	const struct region_risk *items;
	size_t count;
};

/* Takes rows of API_REGION_PUT_TRY, in ${arena}. */
void region_risks_take(struct arena *arena, const struct pg_rows *rows, struct region_risks *out);

/* Adds the list "risks"; null if nobody has looked. */
void region_risks_put(struct json_out *out, const struct region_risks *risks);
