/* SPDX-License-Identifier: MIT */
#include "server/api/api_sql.h"
#include "server/api/views/setup/region_put.h"
#include "server/api/views/views.h"
#include "server/model/region_areas.h"

/*
 * POST /v1/areas: puts a table of areas in force, all of it or nothing, by the steps of region_put.c.
 * Each change is asked of the rights of the account. An area that is moved to another place, or taken away,
 * wants a second person, as in a region file.
 */

#define AREAS_ARENA_BYTES ((size_t)512 << 20)
#define FAULTS_MAX 100

struct putting {
	struct region_put put; /* first: the steps of region_put.c find it as the job's data */
	json_t *body;
};

static void
drop(struct job *job)
{
	json_decref(((struct putting *)job->data)->body);
	region_put_drop(job);
}

/* Faults are told of the items as they were sent, not of the list that they became a part of. */
static void
name_faults(struct region_put *put, const size_t *at, size_t count)
{
	struct region_fault *faults =
	    arena_array(put->arena, put->faults.count + 1, sizeof *faults);

	for (size_t i = 0; i < put->faults.count; i++) {
		faults[i] = put->faults.items[i];
		faults[i].path = region_areas_path(put->arena, at, count, faults[i].path);
	}
	put->faults.items = faults;
}

static void
on_base(struct job *job, enum status st, const struct pg_rows *rows)
{
	struct putting *putting = job->data;
	struct region_put *put = &putting->put;
	struct region_areas wish = {json_object_get(putting->body, "areas"),
	    json_is_true(json_object_get(putting->body, "only"))};
	const size_t *at;

	(void)st;
	region_put_take_base(job, rows);
	put->document = region_areas_put(put->arena, put->before_document, &wish, &at);
	if (region_put_read(job, put->document) == STATUS_OK) {
		region_put_compare(job, NULL);
		return;
	}
	name_faults(put, at, json_array_size(wish.areas));
	region_put_reply_faults(job, NULL);
}

/* Whatever else is wrong with an item is for the reader of region files to say. */
static void
check(struct ask *ask, const json_t *body)
{
	const json_t *areas = json_object_get(body, "areas"), *only = json_object_get(body, "only");

	if (body == NULL)
		return;
	if (!json_is_array(areas))
		ask_fault(ask, "$.areas", "must be a list of areas");
	for (size_t i = 0; i < json_array_size(areas) && ask->faults.count < FAULTS_MAX; i++)
		if (!json_is_string(json_object_get(json_array_get(areas, i), "code")))
			ask_fault(ask, arena_printf(ask->arena, "$.areas[%zu].code", i),
			    "must be a code: letters, digits, '.', '_' and '-'");
	if (only != NULL && !json_is_boolean(only))
		ask_fault(ask, "$.only", "must be true or false");
}

void
view_areas_put(struct ask *ask)
{
	static const char *const members[] = {"areas", "only", NULL};
	struct putting putting = {
	    .put = {.dry_run = ask_yes(ask, "dry_run"), .alone = ask_text(ask, "alone")},
	    .body = ask_body(ask, members)};
	struct job *job;

	check(ask, putting.body);
	if (putting.put.alone != NULL && *putting.put.alone == '\0')
		ask_fault(ask, "query.alone", "must say why");
	if (!ask_fine(ask)) {
		json_decref(putting.body);
		return;
	}
	putting.put.arena = arena_new(AREAS_ARENA_BYTES);
	job = job_new(ask, sizeof putting);
	*(struct putting *)job->data = putting;
	job->drop = drop;
	region_put_ask_base(job, on_base);
}
