/* SPDX-License-Identifier: MIT */
#include "server/api/views/setup/region_second.h"

#include <jansson.h>
#include <string.h>

#include "server/api/api_sql.h"
#include "server/api/ask/rights_second.h"
#include "server/base/civil.h"
#include "server/base/vec.h"

#define FAULTS_MAX 200 /* of an answer; a file of a country may change thousands */

bool
region_second_judge(struct job *job, struct setup_answer *refused)
{
	struct region_put *put = job->data;
	const struct setup_question question = {put->before, put->region, job->ask.account};

	put->answers = arena_array(put->arena, put->changes.count + 1, sizeof *put->answers);
	for (size_t i = 0; i < put->changes.count; i++) {
		put->answers[i] = rights_setup_change(&question, &put->changes.items[i]);
		if (put->answers[i].verdict == SETUP_REFUSED) {
			*refused = put->answers[i];
			return false;
		}
	}
	region_less(put->arena, put->before, put->region, &put->less);
	return true;
}

/* The answer if less is asked for although no requirement was changed. If a single object was changed, its first
 * key is named, so that the sender learns what caused it. */
static struct setup_answer
less_of_an_object(const struct region_put *put)
{
	struct setup_answer answer = rights_second_less();
	const char *what = put->changes.count == 1 ? put->changes.items[0].what : NULL;

	if (what != NULL)
		answer.key = arena_strndup(put->arena, what, strcspn(what, ","));
	return answer;
}

struct setup_answer
region_second_first(const struct region_put *put)
{
	for (size_t i = 0; i < put->changes.count; i++)
		if (put->answers[i].verdict == SETUP_SECOND)
			return put->answers[i];
	if (put->less.count > 0)
		return less_of_an_object(put);
	return (struct setup_answer){.verdict = SETUP_ALLOWED};
}

/* ------------------------------------------------------------------------------- in the answers */

static const struct region_requirement *
requirement_of(const struct region_put *put, const struct region_less *less)
{
	return &put->before->requirements[put->before->demands[less->demand].requirement];
}

/* The first day on which less is asked for; NULL: always. */
static const char *
day_from(struct arena *arena, const struct region_less *less)
{
	char day[CIVIL_DAY_MAX];

	if (less->from == INSTANT_BEGINNING)
		return NULL;
	civil_day_text(less->from, day);
	return arena_strdup(arena, day);
}

void
region_second_put_less(struct json_out *out, const struct region_put *put)
{
	out_array(out, "less");
	for (size_t i = 0; i < put->less.count; i++) {
		const struct region_less *less = &put->less.items[i];
		const struct region_demand *demand = &put->before->demands[less->demand];

		out_object(out, NULL);
		out_text(out, "requirement", requirement_of(put, less)->id);
		out_text(out, "place", put->before->places[demand->place].code);
		out_text(out, "function", put->before->functions[demand->function].code);
		out_text(out, "from", day_from(put->arena, less));
		out_object_end(out);
	}
	out_array_end(out);
}

static struct problem_fault
fault_of_change(
    struct arena *arena, const struct region_change *change, const struct setup_answer *answer)
{
	/* Named as conflicts are: what a file removes has no path in it. */
	return (struct problem_fault){
	    answer->key != NULL
		? arena_printf(arena, "%s:%s:%s", change->kind, change->code, answer->key)
		: arena_printf(arena, "%s:%s", change->kind, change->code),
	    answer->why,
	};
}

static struct problem_fault
fault_of_less(struct arena *arena, const struct region_put *put, const struct region_less *less)
{
	const struct region_demand *demand = &put->before->demands[less->demand];
	const char *day = day_from(arena, less);

	return (struct problem_fault){
	    arena_printf(arena, "requirement:%s", requirement_of(put, less)->id),
	    arena_printf(arena, "less would be asked for at place %s%s%s",
		put->before->places[demand->place].code, day != NULL ? " from " : "",
		day != NULL ? day : ""),
	};
}

void
region_second_refuse(struct job *job, const char *how)
{
	const struct region_put *put = job->data;
	struct arena *arena = job->ask.arena;
	VEC(struct problem_fault) faults = {0};

	for (size_t i = 0; i < put->changes.count && faults.count < FAULTS_MAX; i++)
		if (put->answers[i].verdict == SETUP_SECOND)
			*VEC_PUSH(arena, &faults) =
			    fault_of_change(arena, &put->changes.items[i], &put->answers[i]);
	for (size_t i = 0; i < put->less.count && faults.count < FAULTS_MAX; i++)
		*VEC_PUSH(arena, &faults) = fault_of_less(arena, put, &put->less.items[i]);
	problem_reply_with(job->ask.exchange, 403,
	    arena_printf(arena, "Some of this wants a second person; nothing was changed. %s", how),
	    &(struct problem_more){.faults = faults.items, .nfaults = faults.count});
	job_end(job);
}

/* Whether ${list}, the list "less" that was shown, has the demand from the same day on or from an earlier one. By
 * codes, because the set-up may have another version since. */
static bool
has_less(const struct region_put *put, const json_t *list, const struct region_less *less)
{
	const struct region_demand *demand = &put->before->demands[less->demand];
	const char *day = day_from(put->arena, less);
	json_t *one;
	size_t i;

	json_array_foreach(list, i, one)
	{
		const char *requirement = json_string_value(json_object_get(one, "requirement"));
		const char *place = json_string_value(json_object_get(one, "place"));
		const char *from = json_string_value(json_object_get(one, "from"));

		if (requirement != NULL && place != NULL &&
		    strcmp(requirement, requirement_of(put, less)->id) == 0 &&
		    strcmp(place, put->before->places[demand->place].code) == 0 &&
		    (from == NULL || (day != NULL && strcmp(from, day) <= 0)))
			return true;
	}
	return false;
}

bool
region_second_is_shown(struct job *job, const char *shown)
{
	const struct region_put *put = job->data;
	struct arena *arena = job->ask.arena;
	json_t *json = json_loads(shown, 0, NULL);
	VEC(struct problem_fault) faults = {0};

	for (size_t i = 0; i < put->less.count && faults.count < FAULTS_MAX; i++)
		if (!has_less(put, json_object_get(json, "less"), &put->less.items[i]))
			*VEC_PUSH(arena, &faults) = fault_of_less(arena, put, &put->less.items[i]);
	json_decref(json);
	if (faults.count == 0)
		return true;
	problem_reply_with(job->ask.exchange, 412,
	    "This would end or lower more than it was shown to do when it was proposed; nothing was changed. Propose it again.",
	    &(struct problem_more){.faults = faults.items, .nfaults = faults.count});
	job_end(job);
	return false;
}

/* ---------------------------------------------------------------------------------- made alone */

struct places {
	struct arena *arena;
	const struct region *after;
	struct {
		const char **items;
		size_t count, capacity;
	} codes;
};

/* Adds the code that the place will have, once. A place that is removed has no subscribers to be told. */
static void
add_place(struct places *places, const char *code)
{
	const struct region_kind *kind = region_kind_of("place");
	uint32_t index = region_kind_find(kind, places->after, code);

	if (index == TABLE_NONE)
		return;
	code = region_kind_code(kind, places->after, index);
	for (size_t i = 0; i < places->codes.count; i++)
		if (strcmp(places->codes.items[i], code) == 0)
			return;
	*VEC_PUSH(places->arena, &places->codes) = code;
}

static void
add_footprint(struct places *places, const struct region *region, uint32_t service)
{
	if (service == TABLE_NONE)
		return;
	for (uint32_t i = 0; i < region->services[service].places.count; i++)
		add_place(places, region->places[region->services[service].places.items[i]].code);
}

/* Adds the places that an object of ${region} affects: a place itself, the footprint of a service or of a rota's
 * service, the place of a requirement. */
static void
add_served(struct places *places, const struct region *region, const char *kind, const char *code)
{
	uint32_t index = region_kind_find(region_kind_of(kind), region, code);

	if (index == TABLE_NONE)
		return;
	if (strcmp(kind, "place") == 0)
		add_place(places, code);
	else if (strcmp(kind, "service") == 0)
		add_footprint(places, region, index);
	else if (strcmp(kind, "rota") == 0)
		add_footprint(places, region, region->rotas[index].service);
	else if (strcmp(kind, "requirement") == 0)
		add_place(places, region->places[region->requirements[index].place].code);
}

/* The places that are told what was done alone: those affected before the change and those after it. */
static void
find_places(const struct region_put *put, struct places *places)
{
	for (size_t i = 0; i < put->changes.count; i++) {
		const struct region_change *change = &put->changes.items[i];
		const char *was = change->was != NULL ? change->was : change->code;

		if (put->answers[i].verdict != SETUP_SECOND || region_kind_of(change->kind) == NULL)
			continue;
		if (change->sign != '+')
			add_served(places, put->before, change->kind, was);
		if (change->sign != '-')
			add_served(places, put->region, change->kind, change->code);
	}
	for (size_t i = 0; i < put->less.count; i++) {
		uint32_t place = put->before->demands[put->less.items[i].demand].place;

		add_place(places, put->before->places[place].code);
	}
}

static void
put_shown(struct json_out *out, const struct region_put *put)
{
	out_object(out, NULL);
	out_array(out, "changes");
	for (size_t i = 0; i < put->changes.count; i++)
		if (put->answers[i].verdict == SETUP_SECOND)
			region_put_change(out, put, i);
	out_array_end(out);
	region_second_put_less(out, put);
	out_object_end(out);
}

void
region_second_note(struct job *job, int64_t version, job_take_fn *take)
{
	struct region_put *put = job->data;
	struct places places = {.arena = put->arena, .after = put->region};
	struct json_out shown = {0};
	struct pg_args args = {0};

	/* On the first day nobody relies on a place's map yet: it is listed, and no place is told. */
	if (!put->first_day)
		find_places(put, &places);
	put_shown(&shown, put);
	pg_int8(&args, version);
	pg_text(&args, job->ask.account->name);
	pg_text(&args, put->alone);
	pg_slice(&args, (struct slice){shown.buf.at, shown.buf.len});
	pg_text_array(&args, places.codes.items, places.codes.count);
	out_free(&shown);
	job_write(job, &API_SINGLE_HANDED_ADD, &args, take);
}
