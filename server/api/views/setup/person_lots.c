/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "server/api/api_sql.h"
#include "server/api/views/setup/person_change.h"
#include "server/base/vec.h"

/* To whom each override, absence and decision about a person goes, when the person is merged or split. */

void
person_lots_take(struct job *job, const struct pg_rows *rows)
{
	struct person_change *change = job->data;
	struct arena *arena = change->put.arena;
	VEC(struct person_lot) all = {0};

	for (size_t i = 0; i < pg_rows_count(rows); i++) {
		const char *lot = pg_get_text(rows, i, API_PERSON_LOTS_LOT);

		/* In a merge nothing stays with the person who goes, but for what is over. */
		if (!change->split && strcmp(lot, "stays") == 0)
			continue;
		*VEC_PUSH(arena, &all) = (struct person_lot){
		    .kind = pg_copy_text(arena, rows, i, API_PERSON_LOTS_KIND),
		    .id = pg_get_int(rows, i, API_PERSON_LOTS_ID),
		    .rota = pg_copy_text(arena, rows, i, API_PERSON_LOTS_ROTA),
		    .words = pg_copy_text(arena, rows, i, API_PERSON_LOTS_WORDS),
		    .by = pg_copy_text(arena, rows, i, API_PERSON_LOTS_BY_ACCOUNT),
		    .at = pg_get_time(rows, i, API_PERSON_LOTS_MADE_AT),
		    .lot = change->split ? arena_strdup(arena, lot) : "goes",
		};
	}
	change->lots = (struct person_lots){all.items, all.count};
}

static const char *
key_of(struct arena *arena, const struct person_lot *lot)
{
	return arena_printf(arena, "%s:%lld", lot->kind, (long long)lot->id);
}

/* Whether a key of the request names anything that belongs to the person. */
static bool
is_known(struct job *job, const char *key)
{
	const struct person_change *change = job->data;

	for (size_t i = 0; i < change->lots.count; i++)
		if (strcmp(key_of(job->ask.arena, &change->lots.items[i]), key) == 0)
			return true;
	for (size_t i = 0; i < change->words.count; i++)
		if (strcmp(change->words.items[i].key, key) == 0)
			return true;
	return false;
}

typedef VEC(struct problem_fault) fault_list;

static void
find_strange(struct job *job, const struct person_keys *keys, const char *list, fault_list *faults)
{
	struct arena *arena = job->ask.arena;

	for (size_t i = 0; i < keys->count; i++)
		if (!is_known(job, keys->items[i]))
			*VEC_PUSH(arena, faults) =
			    (struct problem_fault){arena_printf(arena, "$.%s[%zu]", list, i),
				arena_printf(arena, "\"%.100s\" names nothing of this person",
				    keys->items[i])};
}

/* Whether the request must say whose it is. An override or an absence counts for cover, and a guess could put
 * the wrong person on. A decision that is unclear only becomes undecided. */
static bool
must_be_said(const struct person_lot *lot)
{
	return strcmp(lot->lot, "unclear") == 0 && strcmp(lot->kind, "decision") != 0;
}

/* "rest": "stays": what is unclear is treated as if the request had named it. */
static void
stay_all(struct person_change *change)
{
	for (size_t i = 0; i < change->lots.count; i++)
		if (must_be_said(&change->lots.items[i]))
			*VEC_PUSH(change->put.arena, &change->stays) =
			    key_of(change->put.arena, &change->lots.items[i]);
}

bool
person_lots_may(struct job *job)
{
	struct person_change *change = job->data;
	struct arena *arena = job->ask.arena;
	fault_list faults = {0};

	find_strange(job, &change->goes, "goes", &faults);
	find_strange(job, &change->stays, "stays", &faults);
	if (faults.count > 0)
		return person_change_refuse(job, 422, "This cannot be done; nothing was changed.",
		    faults.items, faults.count);
	for (size_t i = 0; i < change->lots.count; i++)
		if (must_be_said(&change->lots.items[i]))
			*VEC_PUSH(arena, &faults) = (struct problem_fault){
			    key_of(arena, &change->lots.items[i]),
			    arena_printf(arena, "made by %s: name it in \"goes\" or in \"stays\"",
				change->lots.items[i].by)};
	if (faults.count > 0 && !change->rest && !change->put.dry_run)
		return person_change_refuse(job, 409,
		    "Nobody can tell of some overrides and absences whose they are; nothing was changed. Say it of each, or that the rest stays.",
		    faults.items, faults.count);
	/* A dry run shows what would be if they stayed, and lists them as unclear. */
	stay_all(change);
	return true;
}

static const char *
word_lot(enum region_split_lot lot)
{
	return lot == REGION_SPLIT_GOES ? "goes" : lot == REGION_SPLIT_STAYS ? "stays" : "unclear";
}

void
person_lots_put(struct json_out *out, const struct job *job)
{
	const struct person_change *change = job->data;
	const struct ask *ask = &job->ask;

	out_array(out, "decided");
	for (size_t i = 0; i < change->lots.count; i++) {
		const struct person_lot *lot = &change->lots.items[i];

		out_object(out, NULL);
		out_text(out, "key", key_of(ask->arena, lot));
		out_text(out, "kind", lot->kind);
		out_int(out, "id", lot->id);
		out_text(out, "rota", lot->rota);
		out_text(out, "words", ask_shown_text(ask, lot->words));
		out_text(out, "by", lot->by);
		out_time(out, "at", lot->at);
		out_text(out, "lot", lot->lot);
		out_object_end(out);
	}
	out_array_end(out);
	out_array(out, "words");
	for (size_t i = 0; i < change->words.count; i++) {
		const struct region_split_word *word = &change->words.items[i];

		out_object(out, NULL);
		out_text(out, "key", ask_shown_text(ask, word->key));
		out_text(out, "rota", word->rota);
		out_text(out, "words", ask_shown_text(ask, word->words));
		out_text(out, "lot", word_lot(word->lot));
		out_object_end(out);
	}
	out_array_end(out);
}
