#include <string.h>

#include "server/api/api_sql.h"
#include "server/api/ask/job.h"
#include "server/api/views/plan_effect.h"
#include "server/api/views/said.h"
#include "server/api/views/views.h"

/*
 * /v1/overrides: for a time, X is on this rota, instead of Y or besides. Whether a person is fit
 * for it is asked here, of the snapshot; what an override does to the map is model/override.h, and
 * what becomes of it 0009_overrides.sql.
 */

#define DAY_SECONDS 86400
#define BACK_SECONDS DAY_SECONDS
#define AHEAD_SECONDS (400 * (int64_t)DAY_SECONDS)
#define NOTE_MAX_BYTES 200
#define CODE_MAX_BYTES 64

struct wish {
	uint32_t rota, person, instead;
	struct span_time time; /* the end is when it expires */
	int64_t asked_end;
	const char *note;
	bool dry;
};

/* -------------------------------------------------------------------------------- its parts */

static uint32_t
read_person(struct ask *ask, const json_t *body, const char *key, enum ask_need need)
{
	const char *id = ask_body_text(ask, body, key, CODE_MAX_BYTES, need);
	uint32_t person = id ? table_get(&ask->region->person_by_id, id) : REGION_NONE;

	if (id != NULL && person == REGION_NONE)
		ask_fault(ask, arena_printf(ask->arena, "$.%s", key),
		    "there is no person with this id in the region");
	return person;
}

static uint32_t
read_rota(struct ask *ask, const json_t *body)
{
	const char *id = ask_body_text(ask, body, "rota", CODE_MAX_BYTES, ASK_REQUIRED);
	uint32_t rota = id ? table_get(&ask->region->rota_by_id, id) : REGION_NONE;

	if (id == NULL)
		return REGION_NONE;
	if (rota == REGION_NONE || !rights_rota(ask->region, ask->account, rota)) {
		ask_fault(ask, "$.rota", "there is no rota with this id");
		return REGION_NONE;
	}
	if (!rights_change_rota(ask->region, ask->account, rota))
		ask_refuse(ask, 403, "This rota belongs to another organisation.");
	else if (ask->region->rotas[rota].service == REGION_NONE)
		ask_fault(ask, "$.rota",
		    "is a leave calendar: nobody is on call by it. Type an absence instead");
	return rota;
}

static void
check_times(struct ask *ask, const struct wish *wish)
{
	if (wish->time.start >= wish->asked_end)
		ask_fault(ask, "$.end", "is not after start");
	else if (wish->asked_end <= ask->now)
		ask_fault(ask, "$.end", "is over already: the past is not changed");
	else if (wish->asked_end > ask->now + AHEAD_SECONDS)
		ask_fault(ask, "$.end", "is more than 400 days ahead");
	if (wish->time.start < ask->now - BACK_SECONDS)
		ask_fault(ask, "$.start", "is more than a day ago: the past is not changed");
	if (wish->time.end <= wish->time.start || wish->time.end <= ask->now)
		ask_fault(ask, "$.expires", "is not after start, or is over already");
	else if (wish->time.end > wish->asked_end)
		ask_fault(
		    ask, "$.expires", "is after end: an override ends with its end at the latest");
}

static bool
is_on(const struct rota_block *block, uint32_t person, struct span_time time)
{
	for (uint32_t i = rota_block_from(block, time.start); i < block->count; i++) {
		const struct kept_shift *shift = &block->shifts[i];

		if ((int64_t)shift->start >= time.end)
			return false;
		if (shift->person == person && shift->class != KEPT_ABSENCE &&
		    (int64_t)shift->end > time.start)
			return true;
	}
	return false;
}

/* What is said to whoever would make it names somebody. */
static void
note_name(const struct ask *ask, const struct wish *wish)
{
	ask_read(ask, wish->dry ? READ_OVERRIDE_PLAN : READ_OVERRIDE_MADE,
	    ask->region->rotas[wish->rota].id, NULL, INT64_MIN);
}

/* Who may stand in for whom. Where the calendar does not reach yet nobody can say that somebody is
 * not on. */
static void
check_people(struct ask *ask, const struct wish *wish)
{
	const struct region *region = ask->region;
	const struct kept_feed *feed = ask->map->feeds[wish->rota];
	uint32_t function = region->services[region->rotas[wish->rota].service].function;

	if (!region_holds(region, wish->person, function)) {
		note_name(ask, wish);
		ask_fault(ask, "$.person",
		    "%s does not hold the function %s among the roles of the region file, so "
		    "cannot "
		    "be on this rota",
		    region->people[wish->person].name, region->functions[function].code);
	}
	if (wish->instead == REGION_NONE)
		return;
	if (wish->instead == wish->person) {
		ask_fault(ask, "$.instead", "is the same person: leave it out to put somebody on");
	} else if (!is_on(ask->map->rotas[wish->rota], wish->instead, wish->time) &&
		   wish->time.start < kept_feed_horizon(feed)) {
		note_name(ask, wish);
		ask_fault(ask, "$.instead",
		    "%s is not on this rota at that time: leave it out to put somebody on as well",
		    region->people[wish->instead].name);
	}
}

static bool
printable(const char *text)
{
	for (; *text != '\0'; text++)
		if ((unsigned char)*text < ' ' || *text == 0x7f)
			return false;
	return true;
}

/* Notes everything that is wrong. */
static void
read_wish(struct ask *ask, struct wish *wish)
{
	static const char *const members[] = {
	    "rota", "start", "end", "person", "instead", "note", "expires", NULL};
	json_t *body = ask_body(ask, members);

	if (body == NULL)
		return;
	wish->rota = read_rota(ask, body);
	wish->person = read_person(ask, body, "person", ASK_REQUIRED);
	wish->instead = read_person(ask, body, "instead", ASK_OPTIONAL);
	wish->time.start = ask_body_time(ask, body, "start", ASK_REQUIRED, 0);
	wish->asked_end = ask_body_time(ask, body, "end", ASK_REQUIRED, 0);
	wish->time.end = ask_body_time(ask, body, "expires", ASK_OPTIONAL, wish->asked_end);
	wish->note = ask_body_text(ask, body, "note", NOTE_MAX_BYTES, ASK_OPTIONAL);
	if (wish->note != NULL && wish->note[0] == '\0')
		wish->note = NULL;
	if (wish->note != NULL && !printable(wish->note))
		ask_fault(ask, "$.note", "is not one line of plain text");
	json_decref(body);
	if (ask->faults.count > 0 || ask->refused != 0)
		return;
	check_times(ask, wish);
	check_people(ask, wish);
}

/* ------------------------------------------------------------------------------------- make */

static void
put_warnings(struct json_out *out, const struct ask *ask, const struct wish *wish)
{
	struct buf words = {0};

	out_array(out, "warnings");
	/* Which of the two it is, leave or another shift, is not told. */
	if (!plan_is_free(ask->arena, ask->map, wish->person, wish->time)) {
		buf_printf(&words,
		    "%s is not free for all of that time with 11 hours off before and after it.",
		    ask->region->people[wish->person].name);
		out_text(out, NULL, words.at);
		note_name(ask, wish);
	}
	out_array_end(out);
	buf_free(&words);
}

static void
reply_dry(struct ask *ask, const struct wish *wish)
{
	struct snapshot *after = plan_with_override(ask->map, wish->rota,
	    &(struct shift_row){
		.id = INT64_MAX,
		.start = wish->time.start,
		.end = wish->time.end,
		.person = wish->person,
		.override = {.id = INT64_MAX, .instead = wish->instead},
	    });
	struct plan plan = {
	    .after = after,
	    .time = wish->time,
	    .rota = wish->rota,
	    .organisation = ask->region->rotas[wish->rota].organisation,
	};
	struct json_out out = {0};

	out_object(&out, NULL);
	plan_put(&out, ask, &plan);
	put_warnings(&out, ask, wish);
	out_object_end(&out);
	snapshot_unref(after);
	ask_reply_with(ask, 200, &out, NULL);
	ask_read(ask, READ_OVERRIDE_PLAN, ask->region->rotas[wish->rota].id, NULL, INT64_MIN);
	ask_end(ask);
}

static void
on_made(struct job *job, enum status st, const struct pg_rows *rows)
{
	const struct wish *wish = job->data;
	const struct region *region = job->ask.region;
	struct json_out out = {0};

	if (st == STATUS_REFUSED) {
		job_refuse(job, 409, rows);
		return;
	}
	out_object(&out, NULL);
	out_int(&out, "id", pg_get_int(rows, 0, 0));
	out_text(&out, "rota", region->rotas[wish->rota].id);
	out_text(&out, "person", region->people[wish->person].id);
	out_text(&out, "instead",
	    wish->instead == REGION_NONE ? NULL : region->people[wish->instead].id);
	out_time(&out, "start", wish->time.start);
	out_time(&out, "end", wish->asked_end);
	out_time(&out, "expires", wish->time.end);
	put_warnings(&out, &job->ask, wish);
	out_object_end(&out);
	ask_reply_with(&job->ask, 201, &out, NULL);
	job_end(job);
}

void
view_override_make(void *ctx, struct web_exchange *exchange)
{
	static const char *const known[] = {"dry_run", NULL};
	struct wish wish = {.rota = REGION_NONE, .person = REGION_NONE, .instead = REGION_NONE};
	struct pg_args args = {0};
	struct ask ask;
	struct job *job;

	if (!ask_begin(&ask, ctx, exchange, RIGHT_CHANGE))
		return;
	ask_known(&ask, known);
	wish.dry = ask_number(&ask, "dry_run", 0, 1, 0) == 1;
	read_wish(&ask, &wish);
	if (!ask_fine(&ask))
		return;
	if (wish.dry) {
		reply_dry(&ask, &wish);
		return;
	}
	pg_text(&args, ask.region->rotas[wish.rota].id);
	pg_text(&args, ask.region->people[wish.person].id);
	pg_text(&args, wish.instead == REGION_NONE ? NULL : ask.region->people[wish.instead].id);
	pg_time(&args, wish.time.start);
	pg_time(&args, wish.asked_end);
	pg_time(&args, wish.time.end);
	pg_text(&args, wish.note);
	pg_text(&args, ask.account->name);
	job = job_new(&ask, sizeof wish);
	*(struct wish *)job->data = wish;
	job_call(job, &API_OVERRIDE_ADD, &args, on_made);
}

/* -------------------------------------------------------------------------------- take back */

static void
on_found(struct job *job, enum status st, const struct pg_rows *rows)
{
	const struct ask *ask = &job->ask;
	uint32_t rota = REGION_NONE;

	(void)st;
	if (pg_rows_count(rows) == 1)
		rota = table_get(&ask->region->rota_by_id, pg_get_text(rows, 0, 1));
	if (rota == REGION_NONE || !rights_rota(ask->region, ask->account, rota))
		said_refuse(job, 404, "There is no override with this number.");
	else if (!rights_change_rota(ask->region, ask->account, rota))
		said_refuse(job, 403, "This rota belongs to another organisation.");
	else
		said_withdraw(job, &API_OVERRIDE_WITHDRAW);
}

void
view_override_withdraw(void *ctx, struct web_exchange *exchange)
{
	said_find(ctx, exchange, "override", &API_OVERRIDE, on_found);
}
