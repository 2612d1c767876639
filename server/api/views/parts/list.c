/* SPDX-License-Identifier: MIT */
#include "server/api/views/parts/list.h"

#include <string.h>

#include "server/base/civil.h"
#include "server/base/instant.h"

bool
list_begin(struct list *list, struct ask *ask, struct listed listed)
{
	*list = (struct list){.ask = ask, .page = ask_page(ask), .count = listed.count};
	if (list->page.cursor != NULL) {
		/* Of a list of people the cursor is the id that the asker was told. */
		uint32_t last = listed.codes == &ask->region->person_by_id
				    ? ask_person(ask, list->page.cursor)
				    : table_get(listed.codes, list->page.cursor);

		if (last == TABLE_NONE)
			ask_fault(ask, "query.cursor", "is not a cursor that this list gave");
		list->at = last + 1;
	}
	if (!ask_fine(ask))
		return false;
	out_object(&list->out, NULL);
	out_array(&list->out, listed.name);
	return true;
}

/* Items that the caller leaves out do not count towards the limit. */
uint32_t
list_next(struct list *list)
{
	if (list->shown == list->page.limit || list->at >= list->count)
		return REGION_NONE;
	return list->at++;
}

void
list_shown(struct list *list, const char *code)
{
	list->shown++;
	list->last = code;
}

/* There is a next page only if the limit was reached with items left. */
void
list_end(struct list *list)
{
	out_array_end(&list->out);
	out_text(&list->out, "next_cursor",
	    list->shown == list->page.limit && list->at < list->count ? list->last : NULL);
	out_object_end(&list->out);
	ask_reply(list->ask, &list->out);
	ask_end(list->ask);
}

bool
list_has(const char *text, const char *word)
{
	return word == NULL || (text != NULL && strcasestr(text, word) != NULL);
}

/* What an ask looks for in a list of the set-up. */
struct sought {
	const char *word;
	uint32_t place, function; /* REGION_NONE: of any */
};

static bool
is_sought(const struct ask *ask, const struct set_up_list *what, const struct sought *sought,
    uint32_t index)
{
	const struct region *region = ask->region;

	return (sought->place == REGION_NONE || what->is_at(region, index, sought->place)) &&
	       (sought->function == REGION_NONE ||
		   what->function_of(region, index) == sought->function) &&
	       (list_has(what->code(region, index), sought->word) ||
		   (what->called != NULL && list_has(what->called(region, index), sought->word))) &&
	       (what->may_see == NULL || what->may_see(ask, index));
}

static struct listed
listed_of(const struct region *region, const struct set_up_list *what)
{
	const char *at = (const char *)region;

	return (struct listed){what->name, (const struct table *)(const void *)(at + what->codes),
	    *(const uint32_t *)(const void *)(at + what->count)};
}

void
list_set_up(struct ask *ask, const struct set_up_list *what)
{
	bool by_place = what->is_at != NULL;
	struct sought sought = {
	    .place = by_place ? ask_place(ask) : REGION_NONE,
	    .function = by_place ? ask_function(ask) : REGION_NONE,
	    .word = ask_text(ask, "q"),
	};
	struct list list;
	uint32_t i;

	if (!list_begin(&list, ask, listed_of(ask->region, what)))
		return;
	while ((i = list_next(&list)) != REGION_NONE) {
		if (!is_sought(ask, what, &sought, i))
			continue;
		what->put(&list.out, ask, i);
		list_shown(&list, what->code(ask->region, i));
	}
	/* An empty page shows no name. */
	if (what->has_names && list.shown > 0)
		ask_read(ask, READ_PEOPLE, NULL, NULL, INSTANT_BEGINNING);
	list_end(&list);
}

void
list_put_codes(struct json_out *out, const char *key, const struct region_list *list,
    list_code_fn *code, const struct region *region)
{
	out_array(out, key);
	for (uint32_t i = 0; i < list->count; i++)
		out_text(out, NULL, code(region, list->items[i]));
	out_array_end(out);
}

/* Days and not instants: the set-up states days, and a reader must not convert them. */
void
list_put_life(struct json_out *out, struct span_time life)
{
	char day[CIVIL_DAY_MAX];

	civil_day_text(life.start == INSTANT_BEGINNING ? 0 : life.start, day);
	out_text(out, "from", life.start == INSTANT_BEGINNING ? NULL : day);
	civil_day_text(life.end == INSTANT_END ? 0 : life.end, day);
	out_text(out, "until", life.end == INSTANT_END ? NULL : day);
}
