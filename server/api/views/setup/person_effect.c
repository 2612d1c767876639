/* SPDX-License-Identifier: MIT */
#include "server/api/views/setup/person_effect.h"

#include <string.h>

#include "server/api/api_sql.h"
#include "server/base/vec.h"
#include "server/map/snapshot.h"
#include "server/rota/rota_options.h"

typedef VEC(struct person_turned) turned_list;

static bool
same(const char *a, const char *b)
{
	return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

static const char *
id_of(const struct region *region, uint32_t person)
{
	return person == REGION_NONE ? NULL : region_person(region, person)->id;
}

/* ------------------------------------------------------------------------------------ shifts */

struct comparison {
	struct arena *arena;
	int64_t now;
	turned_list list;
};

struct side {
	const struct region *region;
	const struct rota_block *block;
	bool *taken; /* by shift of the block */
};

static const char *
person_at(const struct side *side, uint32_t index)
{
	return id_of(side->region, side->block->shifts[index].person);
}

/* A shift of ${side} at the same time that is not taken yet: one of the same class and person if
 * there is any; else, unless ${alike}, any. UINT32_MAX: none. */
static uint32_t
find(const struct side *side, const struct side *other, uint32_t index, bool alike)
{
	const struct kept_shift *shift = &other->block->shifts[index];

	for (uint32_t i = 0; i < side->block->count; i++) {
		const struct kept_shift *one = &side->block->shifts[i];

		if (one->start > shift->start)
			break;
		if (side->taken[i] || one->start != shift->start || one->end != shift->end ||
		    one->override != shift->override)
			continue;
		if (!alike || (one->class == shift->class &&
				  same(person_at(side, i), person_at(other, index))))
			return i;
	}
	return UINT32_MAX;
}

static void
count(struct arena *arena, turned_list *list, const struct person_turned *one)
{
	for (size_t i = 0; i < list->count; i++) {
		struct person_turned *had = &list->items[i];

		if (strcmp(had->rota, one->rota) == 0 && same(had->from, one->from) &&
		    same(had->to, one->to) && same(had->class_from, one->class_from) &&
		    same(had->class_to, one->class_to)) {
			had->shifts++;
			return;
		}
	}
	*VEC_PUSH(arena, list) = *one;
}

/* First what stays as it is, so that the others are paired with what is left. */
static void
compare(struct comparison *c, const char *rota, struct side *was, struct side *will)
{
	struct arena *arena = c->arena;

	was->taken = arena_array(arena, was->block->count + 1, sizeof *was->taken);
	will->taken = arena_array(arena, will->block->count + 1, sizeof *will->taken);
	for (uint32_t i = 0; i < was->block->count; i++) {
		uint32_t to = find(will, was, i, true);

		if (to != UINT32_MAX)
			was->taken[i] = will->taken[to] = true;
	}
	for (uint32_t i = 0; i < was->block->count; i++) {
		const struct kept_shift *shift = &was->block->shifts[i];
		uint32_t to = was->taken[i] ? UINT32_MAX : find(will, was, i, false);

		if (to == UINT32_MAX || (int64_t)shift->end <= c->now)
			continue;
		will->taken[to] = true;
		count(arena, &c->list,
		    &(struct person_turned){rota, person_at(was, i), person_at(will, to),
			kept_class_name(shift->class),
			kept_class_name(will->block->shifts[to].class), 1, shift->start});
	}
}

void
person_effect_turned(struct arena *arena, const struct snapshot *before,
    const struct snapshot *after, int64_t now, struct person_effect *out)
{
	const struct region *a = before->setup->region, *b = after->setup->region;
	struct comparison c = {arena, now, {0}};

	for (uint32_t i = 0; b->nrotas > 0 && i < a->nrotas; i++) {
		uint32_t to = table_get(&b->rota_by_id, a->rotas[i].id);

		if (to != TABLE_NONE)
			compare(&c, a->rotas[i].id, &(struct side){a, before->rotas[i], NULL},
			    &(struct side){b, after->rotas[to], NULL});
	}
	compare(&c, OVERRIDE_ABSENCES, &(struct side){a, before->typed, NULL},
	    &(struct side){b, after->typed, NULL});
	out->turned = c.list.items;
	out->nturned = c.list.count;
}

/* ------------------------------------------------------------------------------------ titles */

static bool
may_name(const struct region *region, const struct region_rota *rota, const char *const *people)
{
	for (; *people != NULL; people++) {
		uint32_t person = table_get(&region->person_by_id, *people);

		if (person != TABLE_NONE &&
		    region_in_directory(region, rota, region_person(region, person)))
			return true;
	}
	return false;
}

void
person_effect_rotas(struct arena *arena, const struct region *before, const struct region *after,
    const char *const *people, struct pg_args *args)
{
	VEC(const char *) rotas = {0};

	for (uint32_t i = 0; i < before->nrotas; i++) {
		const struct region_rota *rota = &before->rotas[i];
		uint32_t to = table_get(&after->rota_by_id, rota->id);

		if (to != TABLE_NONE &&
		    (may_name(before, rota, people) || may_name(after, &after->rotas[to], people)))
			*VEC_PUSH(arena, &rotas) = rota->id;
	}
	pg_text_array(args, rotas.items, rotas.count);
}

/* How the titles of a rota are read, by the set-up alone; NULL: there is no such rota. */
struct titles {
	struct reading_options options;
	struct reading_titles *opened;
};

static struct titles *
open_titles(
    struct arena *arena, const struct region *region, const char *id, const struct zonedb *zones)
{
	struct titles *titles = arena_alloc(arena, sizeof *titles);
	uint32_t rota = table_get(&region->rota_by_id, id);

	if (rota == TABLE_NONE)
		return NULL;
	rota_options(arena, region, &region->rotas[rota], zones, &titles->options);
	titles->opened = reading_titles_open(&titles->options, arena);
	return titles;
}

struct whom {
	const char *class, *person;
};

static struct whom
read_title(struct titles *titles, const char *title)
{
	struct reading_title read;

	reading_title_of(titles->opened, title, &read);
	/* In a calendar of absences a person who is named is away. */
	if (read.class == READING_NAMED && titles->options.absences)
		read.class = READING_ABSENCE;
	return (struct whom){reading_class_name(read.class), read.person};
}

/* A title that the set-up alone does not explain was decided about, and the decision is shown among
 * those. */
static bool
turns(const struct person_titles_asked *asked, const struct whom *was, const struct whom *will,
    const struct person_title *title)
{
	uint32_t heir =
	    was->person != NULL ? table_get(&asked->after->person_by_id, was->person) : TABLE_NONE;

	if (strcmp(was->class, title->class_from) != 0 || !same(was->person, title->from))
		return false;
	if (strcmp(was->class, will->class) != 0)
		return true;
	return !same(
	    will->person, heir != TABLE_NONE ? region_person(asked->after, heir)->id : NULL);
}

void
person_effect_titles(
    struct arena *arena, const struct person_titles_asked *asked, struct person_effect *out)
{
	VEC(struct person_title) list = {0};
	struct titles *before = NULL, *after = NULL;
	const char *rota = "";

	for (size_t i = 0; i < pg_rows_count(asked->rows); i++) {
		struct person_title title = {
		    .rota = pg_copy_text(arena, asked->rows, i, API_PEOPLE_TITLES_ROTA),
		    .title = pg_copy_text(arena, asked->rows, i, API_PEOPLE_TITLES_TITLE),
		    .class_from = pg_copy_text(arena, asked->rows, i, API_PEOPLE_TITLES_CLASS),
		    .from = pg_copy_text(arena, asked->rows, i, API_PEOPLE_TITLES_PERSON),
		    .shifts = pg_get_int(asked->rows, i, API_PEOPLE_TITLES_SHIFTS),
		    .first = pg_get_time(asked->rows, i, API_PEOPLE_TITLES_FIRST),
		};
		struct whom was, will;

		if (strcmp(title.rota, rota) != 0) {
			rota = title.rota;
			before = open_titles(arena, asked->before, rota, asked->zones);
			after = open_titles(arena, asked->after, rota, asked->zones);
		}
		if (before == NULL || after == NULL)
			continue;
		was = read_title(before, title.title);
		will = read_title(after, title.title);
		if (!turns(asked, &was, &will, &title))
			continue;
		title.class_to = will.class;
		title.to = will.person;
		*VEC_PUSH(arena, &list) = title;
	}
	out->titles = list.items;
	out->ntitles = list.count;
}

/* ---------------------------------------------------------------------------------- the answer */

void
person_effect_put(struct json_out *out, const struct ask *ask, const struct person_effect *effect)
{
	out_array(out, "shifts");
	for (size_t i = 0; i < effect->nturned; i++) {
		const struct person_turned *turned = &effect->turned[i];

		out_object(out, NULL);
		out_text(out, "rota", turned->rota);
		out_text(out, "from", ask_shown_id(ask, turned->from));
		out_text(out, "to", ask_shown_id(ask, turned->to));
		out_text(out, "was", turned->class_from);
		out_text(out, "becomes", turned->class_to);
		out_int(out, "shifts", turned->shifts);
		out_time(out, "first", turned->first);
		out_object_end(out);
	}
	out_array_end(out);
	out_array(out, "titles");
	for (size_t i = 0; i < effect->ntitles; i++) {
		const struct person_title *title = &effect->titles[i];

		out_object(out, NULL);
		out_text(out, "rota", title->rota);
		out_text(out, "title", ask_shown_text(ask, title->title));
		out_text(out, "from", ask_shown_id(ask, title->from));
		out_text(out, "to", ask_shown_id(ask, title->to));
		out_text(out, "was", title->class_from);
		out_text(out, "becomes", title->class_to);
		out_int(out, "shifts", title->shifts);
		out_time(out, "first", title->first);
		out_object_end(out);
	}
	out_array_end(out);
}
