#include "server/api/views/now/then.h"

#include "server/api/api_sql.h"
#include "server/api/map/snapshot_load.h"
#include "server/base/fatal.h"

#define AHEAD_SECONDS (8 * 86400) /* far enough to say who comes next */

struct then {
	struct then_asked asked;
	then_ready_fn *ready;
	struct snapshot *map;
	const char *place_code, *function_code;
	index_list rotas; /* of the place's services */
};

static void on_shifts(struct job *job, enum status st, const struct pg_rows *rows);

static struct then *
then_of(struct job *job)
{
	return job->data;
}

/* However the job ends. */
static void
drop(struct job *job)
{
	snapshot_unref(then_of(job)->map);
	then_of(job)->map = NULL;
}

static void
send_rotas(const struct then *then, struct arena *arena, struct pg_args *args)
{
	const struct region *region = then->map->setup->region;
	const char **ids = arena_array(arena, then->rotas.count + 1, sizeof *ids);

	for (size_t i = 0; i < then->rotas.count; i++)
		ids[i] = region->rotas[then->rotas.items[i]].id;
	pg_text_array(args, ids, then->rotas.count);
}

static int64_t
or_never(const struct pg_rows *rows, size_t row, unsigned column)
{
	return pg_is_null(rows, row, column) ? NEVER : pg_get_time(rows, row, column);
}

static void
on_sources(struct job *job, enum status st, const struct pg_rows *rows)
{
	struct then *then = then_of(job);
	const struct region *region = then->map->setup->region;
	struct pg_args args = {0};

	(void)st;
	for (size_t i = 0; i < pg_rows_count(rows); i++) {
		uint32_t rota = table_get(&region->rota_by_id, pg_get_text(rows, i, 0));
		struct feed_facts facts = {
		    .kind = kept_feed_kind_of(pg_get_text(rows, i, 1)),
		    .standing = kept_feed_standing_of(pg_get_text(rows, i, 2)),
		    .last_good_at = or_never(rows, i, 4),
		    .last_change_at = or_never(rows, i, 5),
		    .horizon = or_never(rows, i, 6),
		    .last_attempt_at = NEVER,
		    .next_at = NEVER,
		};

		INVARIANT(rota != TABLE_NONE);
		snapshot_set_feed(
		    then->map, rota, kept_feed_new(&facts, pg_get_text(rows, i, 3), NULL));
	}
	send_rotas(then, job->ask.arena, &args);
	pg_time(&args, then->asked.at);
	pg_time(&args, then->asked.at + AHEAD_SECONDS);
	pg_time(&args, then->asked.known_at);
	job_call(job, &API_SHIFTS_THEN, &args, on_shifts);
}

static void
on_shifts(struct job *job, enum status st, const struct pg_rows *rows)
{
	struct then *then = then_of(job);

	(void)st;
	snapshot_load_shifts(then->map, rows, then->rotas.items, then->rotas.count);
	snapshot_gather_absences(then->map);
	then->ready(job, &then->asked, then->map);
}

/* The region of then is known: is the place in it, and whose shifts are wanted? */
static void
begin(struct job *job, struct snapshot_region *setup)
{
	struct then *then = then_of(job);
	const struct region *region = setup->region;
	const struct region_place *place;
	struct pg_args args = {0};

	then->map = snapshot_new(setup, accounts_ref(job->ask.map->accounts));
	then->map->mark = job->ask.map->mark;
	then->asked.place = table_get(&region->place_by_code, then->place_code);
	if (then->function_code != NULL)
		then->asked.function = table_get(&region->function_by_code, then->function_code);
	if (then->asked.place == TABLE_NONE ||
	    (then->function_code != NULL && then->asked.function == TABLE_NONE)) {
		problem_reply(job->ask.exchange, 404,
		    "The region that was in force then has no such place or function.", NULL, 0,
		    NULL);
		job_end(job);
		return;
	}
	place = &region->places[then->asked.place];
	for (uint32_t i = 0; i < place->services.count; i++) {
		const struct region_list *rotas = &region->services[place->services.items[i]].rotas;

		for (uint32_t j = 0; j < rotas->count; j++)
			*VEC_PUSH(job->ask.arena, &then->rotas) = rotas->items[j];
	}
	send_rotas(then, job->ask.arena, &args);
	pg_time(&args, then->asked.known_at);
	job_call(job, &API_SOURCES_THEN, &args, on_sources);
}

static void
on_document(struct job *job, enum status st, const struct pg_rows *rows)
{
	struct snapshot_region *setup;

	(void)st;
	if (pg_rows_count(rows) == 1 &&
	    snapshot_region_read(&job->ask.api->tools, pg_get_int(rows, 0, 0),
		pg_get_bytes(rows, 0, 1), &setup) == STATUS_OK) {
		begin(job, setup);
		return;
	}
	problem_reply(job->ask.exchange, 404,
	    "The region that was in force then cannot be read any more.", NULL, 0, NULL);
	job_end(job);
}

static void
on_version(struct job *job, enum status st, const struct pg_rows *rows)
{
	struct pg_args args = {0};

	(void)st;
	if (pg_is_null(rows, 0, 0)) {
		problem_reply(
		    job->ask.exchange, 404, "No region was in force then.", NULL, 0, NULL);
		job_end(job);
		return;
	}
	if (pg_get_int(rows, 0, 0) == job->ask.region->version) {
		begin(job, snapshot_region_ref(job->ask.map->setup));
		return;
	}
	pg_int8(&args, pg_get_int(rows, 0, 0));
	job_call(job, &API_REGION_DOCUMENT, &args, on_document);
}

void
then_make(struct job *job, const struct then_asked *asked, then_ready_fn *ready)
{
	struct then *then = arena_alloc(job->ask.arena, sizeof *then);
	const struct region *region = job->ask.region;
	struct pg_args args = {0};

	then->asked = *asked;
	then->ready = ready;
	then->place_code = region->places[asked->place].code;
	then->function_code =
	    asked->function == REGION_NONE ? NULL : region->functions[asked->function].code;
	job->data = then;
	job->drop = drop;
	pg_time(&args, asked->known_at);
	job_call(job, &API_REGION_THEN, &args, on_version);
}
