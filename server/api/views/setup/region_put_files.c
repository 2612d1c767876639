/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "server/api/api_sql.h"
#include "server/api/views/setup/object.h"
#include "server/api/views/setup/region_put.h"
#include "server/base/instant.h"
#include "server/base/vec.h"

/* The step of PUT /v1/region about rotas whose source is a file beside the region file: the answer says
 * which bytes of each are in force, so that the sender uploads only those that differ. */

/* The file may rename a rota. The database knows it by its former code until the file is in
 * force, so codes are turned into former ones for the question and back for the answer. */
static const char *
code_now(const struct region_put *put, const char *was)
{
	/* table_get also finds former codes, which the new region carries. */
	return put->region->rotas[table_get(&put->region->rota_by_id, was)].id;
}

static const char *
code_before(const struct region_put *put, const char *now)
{
	for (size_t i = 0; i < put->changes.count; i++)
		if (put->changes.items[i].was != NULL &&
		    strcmp(put->changes.items[i].kind, "rota") == 0 &&
		    strcmp(put->changes.items[i].code, now) == 0)
			return put->changes.items[i].was;
	return now;
}

/* A rota with a file as its source: the answer says which bytes are in force, so that the sender
 * uploads only those that differ. */
static void
on_files(struct job *job, enum status st, const struct pg_rows *rows)
{
	struct region_put *put = job->data;
	size_t count = pg_rows_count(rows);
	struct region_file *files = arena_array(put->arena, count + 1, sizeof *files);

	(void)st;
	for (size_t i = 0; i < count; i++)
		files[i] = (struct region_file){
		    .rota = code_now(put, pg_get_text(rows, i, API_REGION_FILES_ROTA)),
		    .filed = pg_copy_text(put->arena, rows, i, API_REGION_FILES_FILED),
		    .in_force = pg_copy_text(put->arena, rows, i, API_REGION_FILES_IN_FORCE),
		    .import = pg_get_int(rows, i, API_REGION_FILES_IMPORT),
		    .by = pg_copy_text(put->arena, rows, i, API_REGION_FILES_DECIDED_BY),
		    .at = pg_get_time_or(rows, i, API_REGION_FILES_DECIDED_AT, INSTANT_NONE),
		};
	put->files = files;
	put->nfiles = count;
	region_put_check_codes(job);
}

static bool
may_change_file(const struct region_put *put, uint32_t rota)
{
	return put->patched == NULL || put->object->index == rota;
}

void
region_put_go_on(struct job *job)
{
	struct region_put *put = job->data;
	VEC(const char *) rotas = {0};
	struct pg_args args = {0};

	if (put->patched != NULL && strcmp(put->object->kind->kind, "rota") != 0) {
		region_put_check_codes(job);
		return;
	}
	for (uint32_t i = 0; i < put->region->nrotas; i++)
		if (put->region->rotas[i].path != NULL && may_change_file(put, i))
			*VEC_PUSH(put->arena, &rotas) = code_before(put, put->region->rotas[i].id);
	if (rotas.count == 0) {
		region_put_check_codes(job);
		return;
	}
	pg_text_array(&args, rotas.items, rotas.count);
	job_call(job, &API_REGION_FILES, &args, on_files);
}
