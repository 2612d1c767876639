/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "server/api/api_sql.h"
#include "server/api/ask/job.h"
#include "server/api/views/rotas/decision_wanted.h"
#include "server/api/views/views.h"

/*
 * POST /v1/rotas/{id}/decisions: one decision, or {"decisions": […]}: all of them or none. Each is
 * tried before it is kept (decision_wanted.h): one that would not do what it says is refused, with
 * the reason.
 */

#define AT_ONCE_MAX 200

struct made {
	struct decision_wanted *items;
	size_t count;
	bool several; /* the body is a list */
};

/* ---------------------------------------------------------------------------------- the body */

/* The bound keeps one request from holding up the others. Each fault names its item. */
static void
read_list(struct ask *ask, uint32_t rota, json_t *list, struct made *out)
{
	static const char *const members[] = {"title", "alias", "word", "zone", "date_order",
	    "reads", "person", "team", "means", NULL};
	json_t *object;
	size_t i;

	if (!json_is_array(list) || json_array_size(list) == 0 ||
	    json_array_size(list) > AT_ONCE_MAX) {
		ask_fault(ask, "$.decisions", "is not a list of 1 to %d decisions", AT_ONCE_MAX);
		return;
	}
	out->items = arena_array(ask->arena, json_array_size(list), sizeof *out->items);
	json_array_foreach(list, i, object)
	{
		struct ask_object one = {arena_printf(ask->arena, "$.decisions[%zu]", i), object};

		if (!json_is_object(object)) {
			ask_fault(ask, one.path, "is not an object");
			return;
		}
		ask_object_known(ask, &one, members);
		decision_wanted_read(ask, rota, &one, &out->items[out->count++]);
	}
}

/* The second of two about the same words would end the first within one call. The reader's key is
 * compared and not the words, as two spellings may be one decision. */
static void
refuse_twice(struct ask *ask, const struct made *made)
{
	struct table seen;

	table_init(&seen, ask->arena, made->count * 2);
	for (size_t i = 0; i < made->count; i++) {
		const struct decision_wanted *one = &made->items[i];
		const char *key = arena_printf(
		    ask->arena, "%s %s", decision_kind_name(one->decision.kind), one->key);

		if (table_put(&seen, ask->arena, key, (uint32_t)i) != TABLE_NONE)
			ask_fault(ask, one->path, "decides the same words as one before it");
	}
}

/* Both forms take the same members for one decision. */
static void
read_body(struct ask *ask, uint32_t rota, struct made *out)
{
	static const char *const members[] = {"title", "alias", "word", "zone", "date_order",
	    "reads", "person", "team", "means", "decisions", NULL};
	json_t *body = ask_body(ask, members), *list = json_object_get(body, "decisions");

	if (body == NULL || ask->refused != 0) {
		json_decref(body);
		return;
	}
	out->several = list != NULL;
	if (list != NULL && json_object_size(body) > 1)
		ask_fault(ask, "$", "has a decision of its own beside \"decisions\"");
	else if (list != NULL)
		read_list(ask, rota, list, out);
	else {
		out->items = arena_array(ask->arena, 1, sizeof *out->items);
		out->count = 1;
		decision_wanted_read(ask, rota, &(struct ask_object){"$", body}, out->items);
	}
	json_decref(body);
	if (ask->faults.count == 0)
		refuse_twice(ask, out);
}

/* ---------------------------------------------------------------------------------- the answer */

static void
put_made(struct json_out *out, const struct job *job, const struct pg_rows *rows, size_t i)
{
	const struct made *made = job->data;

	out_int(out, "id", pg_get_array_int(rows, 0, API_DECISIONS_MAKE_IDS, i));
	out_text(out, "rota", job->ask.region->rotas[made->items[i].rota].id);
	decision_wanted_put(out, &job->ask, &made->items[i]);
}

/* The numbers of the decisions are in the order in which they were sent. */
static void
on_made(struct job *job, enum status st, const struct pg_rows *rows)
{
	const struct made *made = job->data;
	const char *rota = job->ask.region->rotas[made->items[0].rota].id;
	struct json_out out = {0};

	if (st == STATUS_REFUSED) {
		job_refuse(job, 409, rows);
		return;
	}
	out_object(&out, NULL);
	if (!made->several)
		put_made(&out, job, rows, 0);
	else {
		out_text(&out, "rota", rota);
		out_array(&out, "decisions");
		for (size_t i = 0; i < made->count; i++) {
			out_object(&out, NULL);
			put_made(&out, job, rows, i);
			out_object_end(&out);
		}
		out_array_end(&out);
	}
	out_object_end(&out);
	/* One decision has no address of its own: the list is where it is read and withdrawn. */
	ask_reply_with(&job->ask, 201, &out,
	    arena_printf(job->ask.arena, "Location: /v1/rotas/%s/decisions\r\n", rota));
	job_end(job);
}

/* s* leaves out a member without a value. */
static json_t *
json_of(const struct decision_wanted *wanted)
{
	const struct rota_decision *decision = &wanted->decision;

	return json_pack("{s:s, s:s, s:s, s:s, s:s*, s:s*, s:s*}", "kind",
	    decision_kind_name(decision->kind), "words", decision->words, "key", wanted->key,
	    "reads", wanted->reads, "person", decision->person, "team", decision->team, "zone",
	    decision->zone);
}

/* One call for all, so that either all are kept or none is. */
static void
make(struct ask *ask, const struct made *made)
{
	json_t *list = json_array();
	struct pg_args args = {0};
	struct job *job;
	char *text;

	for (size_t i = 0; i < made->count; i++)
		json_array_append_new(list, json_of(&made->items[i]));
	text = json_dumps(list, JSON_COMPACT);
	json_decref(list);
	pg_text(&args, ask->region->rotas[made->items[0].rota].id);
	pg_text(&args, text);
	pg_text(&args, ask->account->name);
	free(text);
	job = job_new(ask, sizeof *made);
	*(struct made *)job->data = *made;
	job_write(job, &API_DECISIONS_MAKE, &args, on_made);
}

void
view_decision_make(struct ask *ask)
{
	struct made made = {0};
	uint32_t rota;

	rota = ask_rota_changed(ask, "id");
	if (ask->refused == 0)
		read_body(ask, rota, &made);
	if (ask_fine(ask))
		make(ask, &made);
}
