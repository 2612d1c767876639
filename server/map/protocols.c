/* SPDX-License-Identifier: MIT */
#include "server/map/protocols.h"

#include <stdlib.h>
#include <string.h>

#include "server/base/fatal.h"
#include "server/base/sorted.h"
#include "server/base/vec.h"
#include "server/model/above.h"

static int
compare(const void *left, const void *right)
{
	const struct kept_protocol *a = left, *b = right;
	int order;

	if (a->place != b->place)
		return a->place < b->place ? -1 : 1;
	if (a->function != b->function)
		return a->function < b->function ? -1 : 1;
	order = strcmp(a->name, b->name);
	return order != 0 ? order : (a->id > b->id) - (a->id < b->id);
}

struct protocols *
protocols_none(void)
{
	struct protocols *protocols = xcalloc(1, sizeof *protocols);

	protocols->refs = 1;
	protocols->version = -1;
	return protocols;
}

struct protocols *
protocols_ref(struct protocols *protocols)
{
	protocols->refs++;
	return protocols;
}

void
protocols_unref(struct protocols *protocols)
{
	if (protocols == NULL || --protocols->refs > 0)
		return;
	arena_free(protocols->arena);
	free(protocols);
}

static const char *
copied(struct arena *arena, const char *text)
{
	return text == NULL ? NULL : arena_strdup(arena, text);
}

struct protocols *
protocols_of(int64_t version, const struct kept_protocol *items, size_t count)
{
	struct protocols *made = protocols_none();
	struct kept_protocol *copies;

	made->arena = arena_new(0);
	made->version = version;
	copies = arena_array(made->arena, count + 1, sizeof *copies);
	for (size_t i = 0; i < count; i++) {
		copies[i] = items[i];
		copies[i].name = copied(made->arena, items[i].name);
		copies[i].version = copied(made->arena, items[i].version);
		copies[i].owner = copied(made->arena, items[i].owner);
		copies[i].url = copied(made->arena, items[i].url);
		copies[i].sha256 = copied(made->arena, items[i].sha256);
	}
	if (count > 1)
		qsort(copies, count, sizeof *copies, compare);
	made->items = copies;
	made->count = count;
	return made;
}

/* One after the other: who asks for one by its number fetches a document. */
const struct kept_protocol *
protocols_find(const struct protocols *protocols, int64_t id)
{
	for (size_t i = 0; i < protocols->count; i++)
		if (protocols->items[i].id == id)
			return &protocols->items[i];
	return NULL;
}

bool
protocol_overdue(const struct kept_protocol *protocol, int64_t today)
{
	return protocol->review < today;
}

static bool
is_before(const void *protocol, const void *sought)
{
	const struct kept_protocol *one = protocol;

	return one->place < *(const uint32_t *)sought;
}

typedef VEC(const struct kept_protocol *) protocol_list;

static void
gather(struct arena *arena, const struct protocols *protocols, uint32_t place,
    const struct protocols_asked *asked, protocol_list *list)
{
	size_t i = sorted_first(
	    protocols->items, protocols->count, sizeof *protocols->items, is_before, &place);

	for (; i < protocols->count && protocols->items[i].place == place; i++) {
		const struct kept_protocol *one = &protocols->items[i];

		if ((asked->function == REGION_NONE || one->function == asked->function) &&
		    one->at <= asked->until)
			*VEC_PUSH(arena, list) = one;
	}
}

struct kept_protocols
protocols_at(
    struct arena *arena, const struct protocols *protocols, const struct protocols_asked *asked)
{
	protocol_list list = {0};
	struct region_list above;

	/* An answer without any pays for one comparison. */
	if (protocols->count == 0)
		return (struct kept_protocols){0};
	above = region_above(arena, asked->region, asked->place, asked->day);
	for (uint32_t i = 0; i < above.count; i++)
		gather(arena, protocols, above.items[i], asked, &list);
	return (struct kept_protocols){list.items, list.count};
}
