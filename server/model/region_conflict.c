/* SPDX-License-Identifier: MIT */
#include "server/model/region_conflict.h"

#include <string.h>

#include "server/base/vec.h"
#include "server/model/region_keys.h"

typedef VEC(struct region_conflict) conflict_list;

static void
note(struct arena *arena, conflict_list *list, const struct region_change *change, const char *key)
{
	*VEC_PUSH(arena, list) = (struct region_conflict){
	    .id = key ? arena_printf(arena, "%s:%s:%s", change->kind, change->code, key)
		      : arena_printf(arena, "%s:%s", change->kind, change->code),
	    .kind = change->kind,
	    .code = change->code,
	    .was = change->was ? change->was : change->code,
	    .key = key,
	    .sign = change->sign,
	};
}

/* Whether both change the name: former names follow from it. A thing that was added has its name
 * from there. */
static bool
both_name(const struct region_change *since, const struct region_change *would)
{
	return region_keys_has(would->what, SLICE("name")) &&
	       (since->sign == '+' || region_keys_has(since->what, SLICE("name")));
}

/* Notes the keys that ${would} changes and that were changed since, or whose thing was added
 * since. */
static void
note_keys(struct arena *arena, conflict_list *list, const struct region_change *since,
    const struct region_change *would)
{
	const char *keys = would->what;

	while (*keys != '\0') {
		struct slice key = region_keys_next(&keys);

		if (slice_is_nocase(key, "former_names") && both_name(since, would))
			continue; /* they follow from the name, which is in conflict itself */
		if (since->sign == '+' || region_keys_has(since->what, key))
			note(arena, list, would, arena_strndup(arena, key.at, key.len));
	}
}

/* Notes a conflict if both changes are about the same thing in ways that exclude each other.
 * ${since} is what was changed on the server, ${would} what the file would change. A thing that
 * was removed since can only be added ("+") by the file; one that is there can only be removed
 * ("-"). All other pairs cannot occur, or leave what was changed on the server as it is. */
static void
note_if_conflict(struct arena *arena, conflict_list *list, const struct region_change *since,
    const struct region_change *would)
{
	if (would->sign == '~' && since->sign != '-')
		note_keys(arena, list, since, would);
	else if ((would->sign == '-') == (since->sign != '-'))
		note(arena, list, would, NULL);
}

/* The identity of a thing: its kind and ${code}. */
static const char *
name_of(struct arena *arena, const struct region_change *change, const char *code)
{
	return arena_printf(arena, "%s:%s", change->kind, code);
}

void
region_conflicts(struct arena *arena, const struct region_changes *since,
    const struct region_changes *would, struct region_conflicts *out)
{
	conflict_list list = {0};
	struct table changed;

	table_init(&changed, arena, since->count);
	for (size_t i = 0; i < since->count; i++)
		table_put(&changed, arena, name_of(arena, &since->items[i], since->items[i].code),
		    (uint32_t)i);
	/* Both lists are changes of the set-up in force, so a renamed thing of ${would} is searched
	 * for by its code there. */
	for (size_t i = 0; i < would->count; i++) {
		const struct region_change *change = &would->items[i];
		uint32_t found = table_get(
		    &changed, name_of(arena, change, change->was ? change->was : change->code));

		if (found != TABLE_NONE)
			note_if_conflict(arena, &list, &since->items[found], &would->items[i]);
	}
	*out = (struct region_conflicts){list.items, list.count};
}

bool
region_conflict_named(const struct region_conflict *conflict, struct slice id)
{
	size_t len = strlen(conflict->id);

	/* A prefix of the id: "service:fenmere-amhp" for "service:fenmere-amhp:phone". */
	if (id.len > len || memcmp(conflict->id, id.at, id.len) != 0)
		return false;
	if (id.len == len)
		return true;
	/* Only kind and code, that is, a whole thing: a shorter prefix would name many. */
	return conflict->id[id.len] == ':' && memchr(id.at, ':', id.len) != NULL;
}
