#include <string.h>

#include "server/api/api_sql.h"
#include "server/api/ask/job.h"
#include "server/api/views/views.h"
#include "server/rota/rota_options.h"

/*
 * POST /v1/rotas/{id}/decisions: "this title reads as …", or "on this rota this name is …". Before
 * it is kept, the title or name alone is read with it, by the same code as the rota will be: a
 * decision that would not do what it says is refused, with the reason.
 */

#define TITLE_MAX_BYTES 400
#define ALIAS_MAX_BYTES 100
#define NAME_MAX_BYTES 200

struct wanted {
	uint32_t rota;
	struct rota_decision decision;
	const char *path; /* of the words: "$.title" or "$.alias" */
};

/* --------------------------------------------------------------------------------- its members */

static void
read_words(struct ask *ask, const json_t *body, struct wanted *out)
{
	const char *title = ask_body_text(ask, body, "title", TITLE_MAX_BYTES, ASK_OPTIONAL);
	const char *alias = ask_body_text(ask, body, "alias", ALIAS_MAX_BYTES, ASK_OPTIONAL);

	out->decision.alias = alias != NULL;
	out->decision.words = alias != NULL ? alias : title;
	out->path = alias != NULL ? "$.alias" : "$.title";
	if ((title == NULL) == (alias == NULL))
		ask_fault(ask, "$", "needs either \"title\" or \"alias\"");
}

static void
read_reads(struct ask *ask, const json_t *body, struct wanted *out)
{
	bool alias = out->decision.alias;
	const char *reads =
	    ask_body_text(ask, body, "reads", NAME_MAX_BYTES, alias ? ASK_OPTIONAL : ASK_REQUIRED);

	out->decision.reads = READING_NAMED;
	if (reads == NULL)
		return;
	if (!rota_reads(reads, &out->decision.reads))
		ask_fault(
		    ask, "$.reads", "is none of: named, team, nobody, undecided, absence, noise");
	else if (alias && out->decision.reads != READING_NAMED)
		ask_fault(ask, "$.reads", "an alias is of a person: leave it out");
}

static void
read_person(struct ask *ask, const json_t *body, struct wanted *out)
{
	const struct region *region = ask->region;
	bool personal =
	    out->decision.reads == READING_NAMED || out->decision.reads == READING_ABSENCE;
	const char *id = ask_body_text(
	    ask, body, "person", NAME_MAX_BYTES, personal ? ASK_REQUIRED : ASK_OPTIONAL);
	uint32_t person;

	if (id == NULL)
		return;
	person = table_get(&region->person_by_id, id);
	out->decision.person = id;
	if (!personal)
		ask_fault(ask, "$.person", "goes with \"named\", \"absence\" and an alias only");
	else if (person == TABLE_NONE)
		ask_fault(ask, "$.person", "there is no person with this id");
	else if (!region_in_directory(region, &region->rotas[out->rota], &region->people[person]))
		ask_fault(ask, "$.person",
		    "is neither of this rota's organisation nor has its function among the roles");
}

static void
read_team(struct ask *ask, const json_t *body, struct wanted *out)
{
	const struct region_rota *rota = &ask->region->rotas[out->rota];
	const char *name = ask_body_text(ask, body, "team", TITLE_MAX_BYTES, ASK_OPTIONAL);

	if (out->decision.reads != READING_TEAM) {
		if (name != NULL)
			ask_fault(ask, "$.team", "goes with \"team\" only");
		return;
	}
	out->decision.team = region_team(rota, name);
	if (out->decision.team == NULL)
		ask_fault(ask, "$.team",
		    name != NULL ? "is none of this rota's team_names"
		    : rota->team_names[0] == NULL
			? "this rota has no team_names: add them to the region first"
			: "must say which of this rota's team_names");
}

/* ----------------------------------------------------------------------------------- its effect */

static bool
same(const char *a, const char *b)
{
	return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

static bool
does_what_it_says(const struct wanted *wanted, const struct reading_options *options,
    const struct reading_title *read)
{
	enum reading_class class = wanted->decision.reads;

	/* In a calendar of absences whoever is named is away. */
	if (class == READING_NAMED && options->absences)
		class = READING_ABSENCE;
	return read->class == class && same(read->person, wanted->decision.person) &&
	       same(read->team, wanted->decision.team);
}

/* Notes what is wrong; else ${read} is the title or name as it will be read. */
static void
try(struct ask *ask, const struct wanted *wanted, struct reading_title *read)
{
	const struct region_rota *rota = &ask->region->rotas[wanted->rota];
	const struct zonedb *zones = ((const struct api *)ask->api)->tools.zones;
	struct reading_options options;

	rota_options(ask->arena, ask->region, rota, zones, &options);
	rota_options_decide(ask->arena, ask->region, rota, &wanted->decision, 1, &options);
	reading_title_of(reading_titles_open(&options, ask->arena), wanted->decision.words, read);
	if (read->key[0] == '\0')
		ask_fault(ask, wanted->path, "has nothing in it to go by");
	else if (does_what_it_says(wanted, &options, read))
		return;
	else if (wanted->decision.alias)
		ask_fault(ask, wanted->path,
		    "cannot stand for a person: it is a word of rotas or a team, or holds more "
		    "than a name");
	else
		ask_fault(ask, "$.reads",
		    "this title is written when nobody is known or nobody comes, so it can count "
		    "for nobody: the name must stand in the calendar");
}

/* ---------------------------------------------------------------------------------- the call */

static void
on_made(struct job *job, enum status st, const struct pg_rows *rows)
{
	struct wanted *wanted = job->data;
	const char *rota = job->ask.region->rotas[wanted->rota].id;
	struct json_out out = {0};
	long long id;

	if (st == STATUS_REFUSED) {
		job_refuse(job, 409, rows);
		return;
	}
	id = (long long)pg_get_int(rows, 0, 0);
	out_object(&out, NULL);
	out_int(&out, "id", id);
	out_text(&out, "rota", rota);
	out_text(&out, wanted->decision.alias ? "alias" : "title", wanted->decision.words);
	out_text(&out, "reads", reading_class_name(wanted->decision.reads));
	out_text(&out, "person", wanted->decision.person);
	out_text(&out, "team", wanted->decision.team);
	out_object_end(&out);
	ask_reply_with(&job->ask, 201, &out,
	    arena_printf(job->ask.arena, "Location: /v1/rotas/%s/decisions\r\n", rota));
	job_end(job);
}

static void
make(struct ask *ask, struct wanted *wanted, const struct reading_title *read)
{
	struct pg_args args = {0};
	struct job *job;

	/* As it is shown: without numbers, and without the reason of an absence. */
	wanted->decision.words = read->summary;
	pg_text(&args, ask->region->rotas[wanted->rota].id);
	pg_text(&args, wanted->decision.alias ? "alias" : "title");
	pg_text(&args, wanted->decision.words);
	pg_text(&args, read->key);
	pg_text(&args, reading_class_name(wanted->decision.reads));
	pg_text(&args, wanted->decision.person);
	pg_text(&args, wanted->decision.team);
	pg_text(&args, ask->account->name);
	job = job_new(ask, sizeof *wanted);
	*(struct wanted *)job->data = *wanted;
	job_call(job, &API_DECISION_MAKE, &args, on_made);
}

void
view_decision_make(void *ctx, struct web_exchange *exchange)
{
	static const char *const none[] = {NULL}, *const members[] = {"title", "alias", "reads",
						      "person", "team", NULL};
	struct wanted wanted = {0};
	struct reading_title read;
	struct ask ask;
	json_t *body;

	if (!ask_begin(&ask, ctx, exchange, RIGHT_CHANGE))
		return;
	ask_known(&ask, none);
	wanted.rota = ask_rota_named(&ask, web_param(exchange, "id"));
	if (wanted.rota != REGION_NONE && !rights_change_rota(ask.region, ask.account, wanted.rota))
		ask_refuse(&ask, 403, "This rota belongs to another organisation.");
	body = ask_body(&ask, members);
	if (body != NULL && ask.refused == 0) {
		read_words(&ask, body, &wanted);
		read_reads(&ask, body, &wanted);
		read_person(&ask, body, &wanted);
		read_team(&ask, body, &wanted);
	}
	json_decref(body);
	if (ask.refused == 0 && ask.faults.count == 0)
		try(&ask, &wanted, &read);
	if (ask_fine(&ask))
		make(&ask, &wanted, &read);
}
