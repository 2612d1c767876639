/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/api/ask/job.h"
#include "server/model/rotation_fill.h"

/* A rotation that somebody puts on a rota: what was sent, and what is in force. */
struct rotation_wish {
	uint32_t rota;
	bool dry, ends; /* ends: nobody is on from then on */
	json_t *layers; /* as sent, with people by their ids; NULL: ends. Freed with the job */
	struct rotation rotation;
	const char **people; /* that take part, each once */
	size_t npeople;
	const char *from;  /* as given; NULL: from now on */
	int64_t starts_at; /* by it */
	int64_t seen;      /* of If-Match; 0: none, -1: another tag */
};

/* Reads the body, or (ends) the parameter "from". Everything that is wrong is noted as a fault. */
void rotation_wish_read(struct ask *ask, struct rotation_wish *wish);

/* What is in force. */
struct rotation_kept {
	int64_t version;
	int64_t filled_to, reach;          /* INSTANT_NONE: not written */
	struct rotation_edition *editions; /* with room for one more */
	size_t count;
};

/* Reads rows of API_ROTATION. STATUS_MALFORMED: a definition that this program cannot read. */
MUST_USE enum status rotation_kept_read(
    struct arena *arena, const struct pg_rows *rows, struct rotation_kept *out);

/* What would be in force with the wish: those that begin before it, and it. */
struct rotation_fill rotation_wish_fill(
    const struct ask *ask, const struct rotation_wish *wish, struct rotation_kept *kept);

/* The arguments of API_ROTATION_PUT. */
void rotation_wish_args(const struct ask *ask, const struct rotation_wish *wish,
    const struct rotation_kept *kept, const struct rotation_fill *fill, struct pg_args *args);

/* The tag of a rotation: that of its newest edition. */
const char *rotation_etag(struct arena *arena, int64_t version);
