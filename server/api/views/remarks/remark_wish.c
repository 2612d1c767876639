/* SPDX-License-Identifier: MIT */
#include "server/api/views/remarks/remark_wish.h"

#include <string.h>

#include "server/api/api_sql.h"
#include "server/base/text.h"
#include "server/map/cover.h"
#include "server/rota/rota_patient.h"
#include "server/rows/shift_read.h"

/* Around a shift, in which it may be reported on: the next person is rung before the shift begins, and
 * the page from which somebody rings may be old. */
#define BEFORE_SECONDS (15 * 60)
#define AFTER_SECONDS 3600

int64_t
remark_entry_number(struct ask *ask, const char *path, const char *text)
{
	int64_t number = 0;

	if (!text_int(slice_of(text), 1, INT64_MAX, &number))
		ask_fault(ask, path, "is no entry that /v1/now gave");
	return number;
}

/* Whether there is somebody to ring by the entry. */
static bool
names(const struct kept_shift *shift)
{
	return shift->class == KEPT_TEAM ||
	       (shift->person != REGION_NONE &&
		   (shift->class == KEPT_NAMED || shift->class == KEPT_TENTATIVE));
}

static struct remark_entry
entry_of(const struct rota_block *block, uint32_t rota, const struct kept_shift *shift)
{
	bool team = shift->class == KEPT_TEAM;

	return (struct remark_entry){
	    .rota = rota,
	    .person = team ? REGION_NONE : shift->person,
	    .team = team ? rota_block_text(block, shift->team) : NULL,
	    .start = shift->start,
	    .end = shift->end,
	};
}

bool
remark_entry_find(const struct ask *ask, int64_t number, struct remark_entry *out)
{
	for (uint32_t rota = 0; rota < ask->region->nrotas; rota++) {
		const struct rota_block *block = ask->map->rotas[rota];

		/* Every shift is looked at: blocks are in order of time, and numbers are not. */
		for (uint32_t i = 0; i < block->count; i++)
			if (block->shifts[i].id == number && names(&block->shifts[i])) {
				*out = entry_of(block, rota, &block->shifts[i]);
				return true;
			}
	}
	return false;
}

void
remark_entry_ask(struct job *job, int64_t number, job_take_fn *take)
{
	struct pg_args args = {0};

	pg_int8(&args, number);
	job_call(job, &API_ENTRY_OF, &args, take);
}

bool
remark_entry_read(const struct ask *ask, const struct pg_rows *rows, struct remark_entry *out)
{
	enum kept_class class;
	const char *team;

	if (pg_rows_count(rows) == 0)
		return false;
	/* The rota or the person may have left the region since: then nobody can be rung by it. */
	class = kept_class_of(pg_get_text(rows, 0, API_ENTRY_OF_CLASS));
	team = pg_get_text(rows, 0, API_ENTRY_OF_TEAM);
	*out = (struct remark_entry){
	    .rota = table_get(&ask->region->rota_by_id, pg_get_text(rows, 0, API_ENTRY_OF_ROTA)),
	    .person = shift_read_person(ask->region, rows, 0, API_ENTRY_OF_PERSON),
	    .team = team == NULL ? NULL : arena_strdup(ask->arena, team),
	    .start = pg_get_time(rows, 0, API_ENTRY_OF_STARTS_AT),
	    .end = pg_get_time(rows, 0, API_ENTRY_OF_ENDS_AT),
	};
	return out->rota != TABLE_NONE &&
	       (class == KEPT_TEAM ||
		   (out->person != TABLE_NONE && (class == KEPT_NAMED || class == KEPT_TENTATIVE)));
}

bool
remark_entry_is_on(const struct remark_entry *entry, int64_t now)
{
	return entry->start - BEFORE_SECONDS <= now && now < entry->end + AFTER_SECONDS;
}

/* The first that is on: of two that overlap, either says the same of this person. */
bool
remark_entry_of_person(
    const struct ask *ask, uint32_t rota, uint32_t person, struct remark_entry *out)
{
	const struct rota_block *block = ask->map->rotas[rota];

	for (uint32_t i = 0; i < block->count; i++) {
		*out = entry_of(block, rota, &block->shifts[i]);
		if (names(&block->shifts[i]) && out->person == person &&
		    remark_entry_is_on(out, ask->now))
			return true;
	}
	return false;
}

const char *
remark_text(struct ask *ask, const json_t *body, const char *key, size_t max, enum ask_need need)
{
	const char *text = ask_body_text(ask, body, key, max, need);
	const char *path = arena_printf(ask->arena, "$.%s", key);

	/* A text of blanks is none. */
	if (text != NULL && slice_trim(slice_of(text)).len == 0) {
		if (need == ASK_REQUIRED)
			ask_fault(ask, path, "is missing");
		return NULL;
	}
	/* Numbers and dates of birth are refused in every text (ask/typed.h). */
	if (text != NULL && rota_patient_in(text) == ROTA_PATIENT_NONE &&
	    rota_speaks_of_patient(text))
		ask_fault(ask, path,
		    "speaks of a patient (a word of records): nothing about patients is kept here. "
		    "Write only whom to ring and how");
	return text;
}
