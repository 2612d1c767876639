/* SPDX-License-Identifier: MIT */
#include "server/api/views/setup/region_dependents.h"

#include <string.h>

#include "server/api/api_sql.h"
#include "server/base/vec.h"

static bool
goes(const struct region_change *change, const char *kind)
{
	return change->sign == '-' && strcmp(change->kind, kind) == 0;
}

/* The codes of ${kind} that leave. */
/* Only rotas and people: overrides, absences and decisions belong to one of these two. */
static size_t
send_gone(struct arena *arena, const struct region_changes *changes, const char *kind,
    struct pg_args *args)
{
	VEC(const char *) codes = {0};

	for (size_t i = 0; i < changes->count; i++)
		if (goes(&changes->items[i], kind))
			*VEC_PUSH(arena, &codes) = changes->items[i].code;
	pg_text_array(args, codes.items, codes.count);
	return codes.count;
}

bool
region_dependents_ask(
    struct arena *arena, const struct region_changes *changes, struct pg_args *args)
{
	size_t count = send_gone(arena, changes, "rota", args);

	count += send_gone(arena, changes, "person", args);
	/* The arguments are already encoded, and nobody will send them. */
	if (count == 0)
		pg_args_free(args);
	return count > 0;
}

/* The ids that the sender was shown are sent along ("override 12"), so that the SQL function finds
 * those that were added since. */
void
region_dependents_send(struct arena *arena, const struct region_changes *changes,
    const struct region_dependents *dependents, struct pg_args *args)
{
	const char **seen = arena_array(arena, dependents->count + 1, sizeof *seen);

	send_gone(arena, changes, "rota", args);
	send_gone(arena, changes, "person", args);
	for (size_t i = 0; i < dependents->count; i++)
		seen[i] = arena_printf(arena, "%s %lld", dependents->items[i].kind,
		    (long long)dependents->items[i].id);
	pg_text_array(args, seen, dependents->count);
}

/* Copied into the arena, since the rows are freed when the step ends. */
void
region_dependents_take(
    struct arena *arena, const struct pg_rows *rows, struct region_dependents *dependents)
{
	size_t count = pg_rows_count(rows);
	struct region_dependent *items = arena_array(arena, count + 1, sizeof *items);

	for (size_t i = 0; i < count; i++)
		items[i] = (struct region_dependent){
		    .kind = pg_copy_text(arena, rows, i, API_REGION_SAID_KIND),
		    .id = pg_get_int(rows, i, API_REGION_SAID_ID),
		    .rota = pg_copy_text(arena, rows, i, API_REGION_SAID_ROTA),
		    .person = pg_copy_text(arena, rows, i, API_REGION_SAID_PERSON),
		    .words = pg_copy_text(arena, rows, i, API_REGION_SAID_WORDS),
		    .by = pg_copy_text(arena, rows, i, API_REGION_SAID_BY_ACCOUNT),
		    .at = pg_get_time(rows, i, API_REGION_SAID_MADE_AT),
		};
	*dependents = (struct region_dependents){items, count};
}

bool
region_dependent_ends_with(
    const struct region_dependent *dependent, const char *kind, const char *code)
{
	const char *own = strcmp(kind, "rota") == 0     ? dependent->rota
			  : strcmp(kind, "person") == 0 ? dependent->person
							: NULL;

	return own != NULL && strcmp(own, code) == 0;
}

/* A whole object that is already in conflict would be listed twice, with two fates. */
static bool
is_listed(const struct region_conflicts *conflicts, const struct region_change *change)
{
	for (size_t i = 0; i < conflicts->count; i++)
		if (conflicts->items[i].key == NULL &&
		    strcmp(conflicts->items[i].kind, change->kind) == 0 &&
		    strcmp(conflicts->items[i].code, change->code) == 0)
			return true;
	return false;
}

static bool
holds_something(const struct region_dependents *dependents, const struct region_change *change)
{
	for (size_t i = 0; i < dependents->count; i++)
		if (region_dependent_ends_with(&dependents->items[i], change->kind, change->code))
			return true;
	return false;
}

void
region_dependents_conflicts(struct arena *arena, const struct region_changes *changes,
    const struct region_dependents *dependents, struct region_conflicts *conflicts)
{
	VEC(struct region_conflict) all = {0};

	for (size_t i = 0; i < conflicts->count; i++)
		*VEC_PUSH(arena, &all) = conflicts->items[i];
	for (size_t i = 0; i < changes->count; i++) {
		const struct region_change *change = &changes->items[i];

		/* One conflict an object, however many decisions end with it: the person answers
		 * for the object. */
		if (change->sign != '-' || is_listed(conflicts, change) ||
		    !holds_something(dependents, change))
			continue;
		*VEC_PUSH(arena, &all) = (struct region_conflict){
		    .id = arena_printf(arena, "%s:%s", change->kind, change->code),
		    .kind = change->kind,
		    .code = change->code,
		    .was = change->code,
		    .sign = '-',
		};
	}
	*conflicts = (struct region_conflicts){all.items, all.count};
}

void
region_dependents_put(struct json_out *out, const struct ask *ask,
    const struct region_dependents *dependents, const struct region_changes *changes)
{
	out_array(out, "said");
	for (size_t i = 0; i < dependents->count; i++) {
		const struct region_dependent *dependent = &dependents->items[i];
		bool gone = false;

		/* A decision may belong to a rota and a person that are both removed; it is listed
		 * once. */
		for (size_t j = 0; j < changes->count && !gone; j++)
			gone = changes->items[j].sign == '-' &&
			       region_dependent_ends_with(
				   dependent, changes->items[j].kind, changes->items[j].code);
		if (!gone)
			continue;
		out_object(out, NULL);
		out_text(out, "kind", dependent->kind);
		out_int(out, "id", dependent->id);
		out_text(out, "rota", dependent->rota);
		out_text(out, "person", ask_shown_id(ask, dependent->person));
		out_text(out, "words", ask_shown_text(ask, dependent->words));
		out_text(out, "by", dependent->by);
		out_time(out, "at", dependent->at);
		out_object_end(out);
	}
	out_array_end(out);
}
