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

/* The number that ${text}, an `entry` of /v1/now, is. 0: noted as a fault at ${path}. */
int64_t remark_entry_number(struct ask *ask, const char *path, const char *text);

/* Finds the entry in the map. False: it is not there (any more). */
bool remark_entry_find(const struct ask *ask, int64_t number, struct remark_entry *out);

/* Asks the record for an entry that the map does not have: it may have been read again since. ${take} gets
 * what remark_entry_read() reads. Ends with ${take}. */
void remark_entry_ask(struct job *job, int64_t number, job_take_fn *take);
bool remark_entry_read(const struct ask *ask, const struct pg_rows *rows, struct remark_entry *out);

/* Whether the entry is on, or about to be, or was until a little while ago: a page may be as old. */
bool remark_entry_is_on(const struct remark_entry *entry, int64_t now);

/* The entry of ${person} on ${rota} that is on; false: there is none. */
bool remark_entry_of_person(
    const struct ask *ask, uint32_t rota, uint32_t person, struct remark_entry *out);

/* A member of the body that is a text for others to read, at most ${max} bytes; NULL: there is none. Notes
 * what must not stand in it: it has to be one line, and nothing about a patient. */
const char *remark_text(
    struct ask *ask, const json_t *body, const char *key, size_t max, enum ask_need need);
