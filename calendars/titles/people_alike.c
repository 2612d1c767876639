/* SPDX-License-Identifier: MIT */
#include "calendars/titles/people_alike.h"

#include <stdlib.h>
#include <string.h>

#include "calendars/titles/people_forms.h"

typedef VEC(struct people_alike) alike_list;

static bool
tells_somebody(const struct name_form *form)
{
	return form->person != NULL && (form->rank == PEOPLE_NAME || form->rank == PEOPLE_ALIAS);
}

/* A name of another rank would win: an alias means its person also where it is the name of another. */
static bool
means_another(const struct name_form *form, const struct name_form *other)
{
	if (form->person == other->person || form->rank != other->rank ||
	    form->nwords != other->nwords)
		return false;
	for (size_t i = 0; i < form->nwords; i++)
		if (strcmp(form->words[i], other->words[i]) != 0)
			return false;
	return true;
}

static const char *
join(struct arena *arena, const struct name_form *form)
{
	struct buf buf = {0};
	const char *text;

	for (size_t i = 0; i < form->nwords; i++) {
		buf_add_text(&buf, i > 0 ? " " : "");
		buf_add_text(&buf, form->words[i]);
	}
	text = arena_strndup(arena, buf.at, buf.len);
	buf_free(&buf);
	return text;
}

static void
add(struct arena *arena, alike_list *list, const struct name_form *form,
    const struct name_form *other)
{
	/* People of one directory are in one array. */
	bool turned = form->person > other->person;

	*VEC_PUSH(arena, list) = (struct people_alike){turned ? other->person : form->person,
	    turned ? form->person : other->person, join(arena, form)};
}

static int
compare(const void *a, const void *b)
{
	const struct people_alike *left = a, *right = b;

	if (left->one != right->one)
		return left->one < right->one ? -1 : 1;
	if (left->other != right->other)
		return left->other < right->other ? -1 : 1;
	return strcmp(left->written, right->written);
}

/* Two who share one form share several ("j jones", "jones j", "jjones"). The first is said. */
static size_t
drop_repeated(struct people_alike *items, size_t count)
{
	size_t kept = 0;

	for (size_t i = 0; i < count; i++)
		if (kept == 0 || items[kept - 1].one != items[i].one ||
		    items[kept - 1].other != items[i].other)
			items[kept++] = items[i];
	return kept;
}

struct people_alikes
people_alike(struct arena *arena, const struct reading_person *list, size_t count)
{
	struct people people;
	alike_list found = {0};

	people_init(&people, arena, &(struct people_known){.list = list, .count = count});
	for (size_t i = 0; i < people.nforms; i++) {
		const struct name_form *form = &people.forms[i];

		/* The forms are sorted by their first word. */
		for (size_t j = i + 1; tells_somebody(form) && j < people.nforms &&
				       strcmp(people.forms[j].words[0], form->words[0]) == 0;
		     j++)
			if (tells_somebody(&people.forms[j]) &&
			    means_another(form, &people.forms[j]))
				add(arena, &found, form, &people.forms[j]);
	}
	if (found.count == 0)
		return (struct people_alikes){0};
	qsort(found.items, found.count, sizeof *found.items, compare);
	return (struct people_alikes){found.items, drop_repeated(found.items, found.count)};
}
