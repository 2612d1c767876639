#include <sodium.h>
#include <string.h>

#include "server/api/api_sql.h"
#include "server/api/ask/job.h"
#include "server/api/views/region_diff.h"
#include "server/api/views/region_reuse.h"
#include "server/api/views/views.h"

/*
 * GET /v1/region gives the set-up back as a file; PUT puts a file in force, all of it or nothing.
 * Feed addresses are secrets that the api has no right to: what is given back has a mask in their
 * place, and a mask that is sent again means the address it stands for.
 */

#define REGION_ARENA_BYTES ((size_t)512 << 20)

void
view_region(void *ctx, struct web_exchange *exchange)
{
	static const char *const none[] = {NULL};
	struct ask ask;
	struct json_out out = {0};

	if (!ask_begin(&ask, ctx, exchange, RIGHT_REVIEW))
		return;
	ask_known(&ask, none);
	if (!ask_fine(&ask))
		return;
	buf_add(&out.buf, ask.map->setup->document.at, ask.map->setup->document.len);
	ask_reply(&ask, &out);
	ask_read(&ask, READ_REGION, NULL, NULL, INT64_MIN);
	ask_end(&ask);
}

/* A region file on its way into force. */
struct putting {
	struct arena *arena; /* of what was read from the file */
	const struct region *region;
	struct region_faults faults;
	struct region_changes changes;
	bool dry_run;
};

static void
drop(struct job *job)
{
	struct putting *putting = job->data;

	arena_free(putting->arena);
	putting->arena = NULL;
}

static void
reply_faults(struct ask *ask, const struct region_faults *faults, const char *more)
{
	VEC(struct problem_fault) errors = {0};

	for (size_t i = 0; i < faults->count; i++)
		if (!faults->items[i].warning)
			*VEC_PUSH(ask->arena, &errors) =
			    (struct problem_fault){faults->items[i].path, faults->items[i].detail};
	problem_reply(ask->exchange, 422,
	    more ? more : "This region file cannot be put in force; nothing was changed.",
	    errors.items, errors.count, NULL);
}

static void
put_change(struct json_out *out, const struct region_change *change)
{
	const char sign[] = {change->sign, '\0'};

	out_object(out, NULL);
	out_text(out, "sign", sign);
	out_text(out, "kind", change->kind);
	out_text(out, "code", change->code);
	out_text(out, "what", change->what);
	out_object_end(out);
}

static void
reply_changes(struct job *job, int64_t version, bool applied)
{
	const struct putting *putting = job->data;
	struct json_out out = {0};

	out_object(&out, NULL);
	out_int(&out, "version", version);
	out_bool(&out, "applied", applied);
	out_bool(&out, "dry_run", putting->dry_run);
	out_array(&out, "changes");
	for (size_t i = 0; i < putting->changes.count; i++)
		put_change(&out, &putting->changes.items[i]);
	out_array_end(&out);
	out_array(&out, "warnings");
	for (size_t i = 0; i < putting->faults.count; i++) {
		out_object(&out, NULL);
		out_text(&out, "path", putting->faults.items[i].path);
		out_text(&out, "detail", putting->faults.items[i].detail);
		out_object_end(&out);
	}
	out_array_end(&out);
	out_object_end(&out);
	ask_reply_with(&job->ask, 200, &out, NULL);
	job_end(job);
}

static void
on_applied(struct job *job, enum status st, const struct pg_rows *rows)
{
	if (st == STATUS_REFUSED) {
		reply_faults(&job->ask, &(struct region_faults){0}, pg_rows_refusal(rows));
		job_end(job);
		return;
	}
	reply_changes(job, pg_get_int(rows, 0, 0), pg_get_bool(rows, 0, 1));
}

/* False: answered. Reads the body into ${putting}. */
static bool
read_file(struct ask *ask, struct putting *putting)
{
	struct snapshot_tools tools = ask->api->tools;

	putting->arena = arena_new(REGION_ARENA_BYTES);
	if (region_read(putting->arena, web_body(ask->exchange), snapshot_region_zone_known, &tools,
		&putting->region, &putting->faults) == STATUS_OK)
		return true;
	reply_faults(ask, &putting->faults, NULL);
	arena_free(putting->arena);
	return false;
}

/* Everything that speaks against it is known. */
static void
go_on(struct job *job)
{
	struct putting *putting = job->data;
	struct pg_args args = {0};

	if (region_reuse_refuses(&putting->faults)) {
		reply_faults(&job->ask, &putting->faults, NULL);
		job_end(job);
		return;
	}
	if (putting->dry_run) {
		reply_changes(job, job->ask.region->version, false);
		return;
	}
	pg_slice(&args, web_body(job->ask.exchange));
	pg_text(&args, job->ask.account->name);
	job_call(job, &API_REGION_APPLY, &args, on_applied);
}

static void
on_retired(struct job *job, enum status st, const struct pg_rows *rows)
{
	struct putting *putting = job->data;

	(void)st;
	region_reuse_take(putting->arena, &job->ask, rows, putting->region, &putting->faults);
	go_on(job);
}

void
view_region_put(void *ctx, struct web_exchange *exchange)
{
	static const char *const known[] = {"dry_run", NULL};
	static const char *const dry_runs[] = {"0", "1", NULL};
	struct ask ask;
	struct putting putting = {0};
	struct pg_args args = {0};
	struct job *job;

	if (!ask_begin(&ask, ctx, exchange, RIGHT_ADMINISTER))
		return;
	ask_known(&ask, known);
	putting.dry_run = strcmp(ask_choice(&ask, "dry_run", dry_runs), "1") == 0;
	if (web_body(exchange).len == 0)
		ask_fault(&ask, "$", "the body must be a region file");
	if (!ask_fine(&ask))
		return;
	if (!read_file(&ask, &putting)) {
		ask_end(&ask);
		return;
	}
	region_diff(putting.arena, ask.region, putting.region, &putting.changes);
	region_reuse_check(putting.arena, &ask, putting.region, &putting.faults);
	job = job_new(&ask, sizeof putting);
	*(struct putting *)job->data = putting;
	job->drop = drop;
	if (region_reuse_ask(&job->ask, putting.region, &args))
		job_call(job, &API_PLACES_RETIRED, &args, on_retired);
	else
		go_on(job);
}
