/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/api/ask/job.h"
#include "server/map/remarks.h"

/* What calls about reports and notes have in common. */

#define REMARK_CODE_MAX_BYTES 64

/* An entry of a rota that is on, or was until a short while ago: who it names. */
struct remark_entry {
	uint32_t rota, person; /* REGION_NONE: a team's line */
	const char *team;      /* of a team's line; or NULL */
	int64_t start, end;
};

/* The number in ${text}, an `entry` of /v1/now. 0: it has none, which was noted as a fault of ${path}. */
int64_t remark_entry_number(struct ask *ask, const char *path, const char *text);

/* Finds the entry in the map. False: it is not there, because its calendar has been read again since the
 * page was loaded, or it never was. */
bool remark_entry_find(const struct ask *ask, int64_t number, struct remark_entry *out);

/* Asks the database for an entry that the map does not have. ${take} gets the rows and passes them to
 * remark_entry_read(), which returns false if there is no such entry, or nobody to ring by it. */
void remark_entry_ask(struct job *job, int64_t number, job_take_fn *take);
bool remark_entry_read(const struct ask *ask, const struct pg_rows *rows, struct remark_entry *out);

/* Whether the entry is on, about to be, or was a short while ago: a page may be old. */
bool remark_entry_is_on(const struct remark_entry *entry, int64_t now);

/* The entry of ${person} on ${rota} that is on; false: there is none. */
bool remark_entry_of_person(
    const struct ask *ask, uint32_t rota, uint32_t person, struct remark_entry *out);

/* A member of the body that is a text for others to read, at most ${max} bytes; NULL: there is none. It is a
 * fault of the request if it has more than one line, or speaks of a patient. */
const char *remark_text(
    struct ask *ask, const json_t *body, const char *key, size_t max, enum ask_need need);
