/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "server/api/api_sql.h"
#include "server/api/ask/rights_remarks.h"
#include "server/api/views/now/now_lookup.h"
#include "server/api/views/remarks/remark_wish.h"
#include "server/api/views/views.h"
#include "server/base/civil.h"

/* POST and DELETE /v1/contacts: what came of ringing somebody whom a rota names. It says nothing about cover:
 * the state stays what the rotas say, and who rings next sees it beside the name. */

#define TAKE_BACK_SECONDS 600

/* ------------------------------------------------------------------------------------- report */

struct report_wish {
	uint32_t place, function, service;
	uint32_t
	    ladder; /* the function that is wanted, of which ${function} is where its ladder led: the next is of it */
	uint32_t rota, person; /* REGION_NONE: the service's line */
	enum report_outcome outcome;
	int64_t entry; /* its number, if the map does not have it; else 0 */
};

/* The map does not have the report yet. It is made one with it, so that the next is the one whom the page
 * will show, and not the one who has just been rung. */
static struct kept_report
kept(const struct report_wish *wish, const struct pg_rows *rows)
{
	return (struct kept_report){
	    .id = pg_get_int(rows, 0, API_REPORT_ADD_ID),
	    .at = pg_get_time(rows, 0, API_REPORT_ADD_AT),
	    .until = pg_get_time(rows, 0, API_REPORT_ADD_UNTIL),
	    .person = wish->person,
	    .rota = wish->person == REGION_NONE ? REGION_NONE : wish->rota,
	    .service = wish->service,
	    .function = wish->function,
	    .place = wish->place,
	    .outcome = (uint8_t)wish->outcome,
	};
}

static void
put_next_of(struct json_out *out, struct ask *ask, const struct report_wish *wish)
{
	const struct region *region = ask->region;
	struct lookup lookup;
	struct now_frame frame;
	struct lookup_ladder made;

	now_look_up(ask, wish->place, wish->ladder, &lookup);
	now_frame_of(&frame, ask, &lookup);
	now_ladder_of(&frame, &lookup.items[0], &made);
	if (made.ladder.next == made.ladder.count) {
		out_null(out, "next");
		return;
	}
	now_put_step(out, "next", &frame, &made, made.ladder.next);
	if (now_personal(&frame))
		ask_read(ask, READ_REPORT_MADE, region->places[wish->place].code,
		    region->functions[wish->ladder].code, INSTANT_NONE);
}

static void
put_next(struct json_out *out, struct ask *ask, const struct report_wish *wish,
    const struct pg_rows *rows)
{
	struct snapshot *map = ask->map;
	struct kept_report report = kept(wish, rows);
	struct snapshot with = *map;

	with.remarks = remarks_changed(map->remarks, &(struct remarks_change){
							 .version = map->remarks->version,
							 .begin = INSTANT_BEGINNING,
							 .reports = &report,
							 .nreports = 1,
						     });
	ask->map = &with;
	put_next_of(out, ask, wish);
	ask->map = map;
	remarks_unref(with.remarks);
}

static void
on_reported(struct job *job, enum status st, const struct pg_rows *rows)
{
	struct json_out out = {0};

	if (st == STATUS_REFUSED) {
		job_refuse(job, 409, rows);
		return;
	}
	out_object(&out, NULL);
	out_int(&out, "id", pg_get_int(rows, 0, API_REPORT_ADD_ID));
	out_time(&out, "at", pg_get_time(rows, 0, API_REPORT_ADD_AT));
	out_time(&out, "until", pg_get_time(rows, 0, API_REPORT_ADD_UNTIL));
	out_bool(&out, "told", pg_get_bool(rows, 0, API_REPORT_ADD_TOLD));
	put_next(&out, &job->ask, job->data, rows);
	out_object_end(&out);
	ask_reply_with(&job->ask, 201, &out, NULL);
	job_end(job);
}

static void
write_report(struct job *job, const struct report_wish *wish)
{
	const struct region *region = job->ask.region;
	/* The ids of the set-up: the asker may have been shown others. */
	const struct region *whole = job->ask.whole->setup->region;
	struct pg_args args = {0};

	pg_text(&args, job->ask.account->name);
	pg_text(&args, region->places[wish->place].code);
	pg_text(&args, region->functions[wish->function].code);
	pg_text(&args, region->services[wish->service].id);
	/* Without a person it is the service's line that was rung, whichever rota led there. */
	pg_text(&args, wish->person == REGION_NONE ? NULL : region->rotas[wish->rota].id);
	pg_text(&args, wish->person == REGION_NONE ? NULL : region_person(whole, wish->person)->id);
	pg_text(&args, report_outcome_name(wish->outcome));
	/* A parameter, so that the database and the processes agree on how long a report stands. */
	pg_int4(&args, REPORT_STANDS_SECONDS);
	pg_text(&args, region->functions[wish->ladder].code);
	job_write(job, &API_REPORT_ADD, &args, on_reported);
}

/* Whether the ladder of the function rings the service at the place. */
static bool
is_on_ladder(const struct ask *ask, const struct report_wish *wish, uint32_t service)
{
	const struct ladder_of of = {
	    wish->place, wish->ladder, civil_day_of(zone_local(ask->map->setup->zone, ask->now))};
	uint32_t place;
	const struct region_ladder *ladder =
	    wish->ladder == REGION_NONE ? NULL
					: ladder_set_up(ask->arena, ask->region, &of, &place);

	return ladder != NULL && ladder_rings(ask->region, ladder, service);
}

/* The service is one of the place's, of that function; or the ladder of the function has it. */
static bool
serves(const struct ask *ask, const struct report_wish *wish, uint32_t service)
{
	const struct region_list *services = &ask->region->places[wish->place].services;

	if (is_on_ladder(ask, wish, service))
		return true;
	for (uint32_t i = 0; i < services->count; i++)
		if (services->items[i] == service)
			return wish->ladder == REGION_NONE ||
			       ask->region->services[service].function == wish->ladder;
	return false;
}

/* One sentence for every way in which the page may be out of date. */
static const char not_on[] =
    "Nobody is on by this entry at this place now: it may have changed. Ask again who is on.";

static bool
take_service(const struct ask *ask, struct report_wish *wish, uint32_t service)
{
	if (service == REGION_NONE || !serves(ask, wish, service))
		return false;
	wish->service = service;
	wish->function = ask->region->services[service].function;
	if (wish->ladder == REGION_NONE)
		wish->ladder = wish->function;
	return true;
}

/* An entry of a rota that serves another place is refused as one that is over: it was not on the asker's
 * page. */
static bool
take_entry(const struct ask *ask, struct report_wish *wish, const struct remark_entry *entry)
{
	if (!remark_entry_is_on(entry, ask->now) ||
	    !take_service(ask, wish, ask->region->rotas[entry->rota].service))
		return false;
	wish->person = entry->person;
	wish->rota = entry->person == REGION_NONE ? REGION_NONE : entry->rota;
	return true;
}

/* From the record: a calendar that was read again gave its shifts new numbers, and the nurse's page still
 * has the old ones. What she reports must not be lost for that. */
static void
on_entry(struct job *job, enum status st, const struct pg_rows *rows)
{
	struct report_wish *wish = job->data;
	struct remark_entry entry;

	(void)st;
	if (remark_entry_read(&job->ask, rows, &entry) && take_entry(&job->ask, wish, &entry)) {
		write_report(job, wish);
		return;
	}
	job_problem(job, 409, not_on);
}

/* -------------------------------------------------------------------------------- what is sent */

static uint32_t
read_place(struct ask *ask, const json_t *body)
{
	const char *code = ask_body_text(ask, body, "place", REMARK_CODE_MAX_BYTES, ASK_REQUIRED);

	return code == NULL ? REGION_NONE : ask_place_named(ask, slice_of(code));
}

static uint32_t
read_function(struct ask *ask, const json_t *body)
{
	const char *code =
	    ask_body_text(ask, body, "function", REMARK_CODE_MAX_BYTES, ASK_OPTIONAL);
	uint32_t function =
	    code == NULL ? TABLE_NONE : table_get(&ask->region->function_by_code, code);

	if (code != NULL && function == TABLE_NONE)
		ask_fault(ask, "$.function", "there is no function with this code");
	return function == TABLE_NONE ? REGION_NONE : function;
}

static void
read_outcome(struct ask *ask, const json_t *body, struct report_wish *wish)
{
	const char *outcome =
	    ask_body_text(ask, body, "outcome", REMARK_CODE_MAX_BYTES, ASK_REQUIRED);

	if (outcome != NULL && !report_outcome_of(outcome, &wish->outcome))
		ask_fault(
		    ask, "$.outcome", "is none of: reached, no_answer, wrong_person, declined");
}

/* By a rota, and a person on it or its service's line. */
static bool
take_rota(struct ask *ask, struct report_wish *wish, const char *id, const char *person)
{
	uint32_t rota = table_get(&ask->region->rota_by_id, id);
	uint32_t who = person == NULL ? TABLE_NONE : ask_person(ask, person);
	struct remark_entry entry;

	if (rota == TABLE_NONE)
		return false;
	if (person == NULL)
		return take_service(ask, wish, ask->region->rotas[rota].service);
	return who != TABLE_NONE && remark_entry_of_person(ask, rota, who, &entry) &&
	       take_entry(ask, wish, &entry);
}

/* Exactly one of them says what was rung. */
static void
read_target(struct ask *ask, const json_t *body, struct report_wish *wish)
{
	const char *entry = ask_body_text(ask, body, "entry", REMARK_CODE_MAX_BYTES, ASK_OPTIONAL);
	const char *rota = ask_body_text(ask, body, "rota", REMARK_CODE_MAX_BYTES, ASK_OPTIONAL);
	const char *person =
	    ask_body_text(ask, body, "person", REMARK_CODE_MAX_BYTES, ASK_OPTIONAL);
	const char *service =
	    ask_body_text(ask, body, "service", REMARK_CODE_MAX_BYTES, ASK_OPTIONAL);
	int64_t number = entry == NULL ? 0 : remark_entry_number(ask, "$.entry", entry);
	struct remark_entry found;
	bool on = true;

	if ((entry != NULL) + (rota != NULL) + (service != NULL) != 1)
		ask_fault(ask, "$",
		    "say what was rung: either the entry of /v1/now, or the rota and the person on it, or the service whose line it is");
	else if (person != NULL && rota == NULL)
		ask_fault(ask, "$.person", "goes with a rota alone");
	if (ask->faults.count > 0 || ask->refused != 0)
		return;
	if (rota != NULL)
		on = take_rota(ask, wish, rota, person);
	else if (service != NULL)
		on = take_service(ask, wish, table_get(&ask->region->service_by_id, service));
	else if (remark_entry_find(ask, number, &found))
		on = take_entry(ask, wish, &found);
	else
		wish->entry = number;
	if (!on)
		ask_refuse(ask, 409, "%s", not_on);
}

void
view_report_add(struct ask *ask)
{
	static const char *const members[] = {
	    "place", "function", "entry", "rota", "person", "service", "outcome", NULL};
	json_t *body = ask_body(ask, members);
	struct report_wish wish = {.rota = REGION_NONE, .person = REGION_NONE};
	struct job *job;

	if (!rights_reports(ask->account))
		ask_refuse(
		    ask, 403, "This account rings nobody: it may not report who was reached.");
	wish.place = read_place(ask, body);
	wish.ladder = read_function(ask, body);
	read_outcome(ask, body, &wish);
	read_target(ask, body, &wish);
	json_decref(body);
	if (!ask_fine(ask))
		return;
	job = job_new(ask, sizeof wish);
	*(struct report_wish *)job->data = wish;
	if (wish.entry == 0)
		write_report(job, &wish);
	else
		remark_entry_ask(job, wish.entry, on_entry);
}

/* ---------------------------------------------------------------------------------- take back */

/* Its own account only, and for a short while: others may have acted on the report by then. */
static void
on_withdrawn(struct job *job, enum status st, const struct pg_rows *rows)
{
	const char *why = pg_get_text(rows, 0, API_REPORT_WITHDRAW_REFUSED);

	(void)st;
	if (why == NULL)
		ask_reply_nothing(&job->ask, NULL);
	else if (strcmp(why, "late") == 0)
		problem_reply(job->ask.exchange, 409,
		    "A report is taken back within ten minutes. Report what came of ringing again instead.");
	else if (strcmp(why, "done") == 0)
		problem_reply(job->ask.exchange, 409, "This report was taken back already.");
	else
		problem_reply(job->ask.exchange, 404,
		    "There is no report with this number. Or this account has not made it.");
	job_end(job);
}

void
view_report_withdraw(struct ask *ask)
{
	int64_t id = ask_id_named(ask, web_param(ask->exchange, "id"), "report");
	struct pg_args args = {0};

	if (!ask_fine(ask))
		return;
	pg_int8(&args, id);
	pg_text(&args, ask->account->name);
	pg_int4(&args, TAKE_BACK_SECONDS);
	job_write(job_new(ask, 0), &API_REPORT_WITHDRAW, &args, on_withdrawn);
}
