/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "calendars/titles/people.h"
#include "server/base/arena.h"

/* Every form in which a person's name may be written, and what is no form of it. */

static const char *const nick[] = {"Nicky", "Big Nick", NULL};
static const struct reading_person directory[] = {
    {"quill", "Zoe Mary Quill", NULL},
    {"stone", "Stone, Una", NULL},
    {"obrien", "Mary O'Brien", NULL},
    {"hale", "Dr Ivo Hale (ST5)", NULL},
    {"cher", "Cher", NULL},
    {"marsh-1", "Nick Marsh", nick},
    {"marsh-2", "Olga Marsh", NULL},
    {"exe", "É Exe", NULL},
    {"nicky", "Nicky", NULL},
    {"vale", "Vale, Ida, MBE", NULL},
    {"dr", "Dr", NULL},
    {"prof", "Prof.", NULL},
    {"long", "Ann Bea Cat Dot Eve Fay Gwen Hall", NULL},
};

/* The rest of ${text} behind the name may be anything. */
struct want {
	const char *text, *person; /* "": a name that does not say whose; NULL: no name */
	size_t len;
	enum people_rank rank;
};

static const struct want wants[] = {
    {"zoe mary quill", "quill", 3, PEOPLE_NAME},
    {"Z Mary Quill", "quill", 3, PEOPLE_NAME},
    {"Nicky", "marsh-1", 1, PEOPLE_ALIAS},
    {"Ida MBE Vale", "vale", 3, PEOPLE_NAME},
    {"Dr", "dr", 1, PEOPLE_NAME},
    {"Prof", "prof", 1, PEOPLE_NAME},
    {"Ann Bea Cat Dot Eve Fay", "long", 6, PEOPLE_NAME},
    {"Mary Quill Zoe", "quill", 3, PEOPLE_NAME},
    {"Mary Quill Z", "quill", 3, PEOPLE_NAME},
    {"Z Quill", "quill", 2, PEOPLE_NAME},
    {"Z. Quill", "quill", 3, PEOPLE_NAME},
    {"Z.M.Quill", NULL, 0, 0},
    {"Mary Quill", "quill", 2, PEOPLE_SURNAME},
    {"Quill", "quill", 1, PEOPLE_SURNAME},
    {"ZMQ", "quill", 1, PEOPLE_INITIALS},
    {"ZQ", NULL, 0, 0},
    {"Z Mary", NULL, 0, 0},
    {"Zoe", NULL, 0, 0},
    {"Quill-Pen", NULL, 0, 0},

    {"Una Stone", "stone", 2, PEOPLE_NAME},
    {"U Stone", "stone", 2, PEOPLE_NAME},
    {"Stone, Una", "stone", 3, PEOPLE_NAME},
    {"Stone, U", "stone", 3, PEOPLE_NAME},
    {"Stone Una nights", "stone", 2, PEOPLE_NAME},
    {"Stone", "stone", 1, PEOPLE_SURNAME},
    {"US", "stone", 1, PEOPLE_INITIALS},
    {"SU", NULL, 0, 0},

    {"Mary O'Brien", "obrien", 2, PEOPLE_NAME},
    {"M O'Brien", "obrien", 2, PEOPLE_NAME},
    {"O'Brien", "obrien", 1, PEOPLE_SURNAME},
    {"Mary O Brien", "obrien", 3, PEOPLE_NAME},
    {"M O Brien", "obrien", 3, PEOPLE_NAME},
    {"O Brien Mary", "obrien", 3, PEOPLE_NAME},
    {"O Brien M", "obrien", 3, PEOPLE_NAME},
    {"O Brien", "obrien", 2, PEOPLE_SURNAME},
    {"OBrien", "obrien", 1, PEOPLE_SURNAME},
    {"Brien", NULL, 0, 0},

    {"Ivo Hale", "hale", 2, PEOPLE_NAME},
    {"I Hale", "hale", 2, PEOPLE_NAME},
    {"Hale Ivo", "hale", 2, PEOPLE_NAME},
    {"IH", "hale", 1, PEOPLE_INITIALS},
    {"ST5", NULL, 0, 0},

    {"Cher", "cher", 1, PEOPLE_NAME},
    {"C", NULL, 0, 0},

    {"Nicky", "marsh-1", 1, PEOPLE_ALIAS},
    {"Big Nick", "marsh-1", 2, PEOPLE_ALIAS},
    {"Marsh", "", 1, PEOPLE_SURNAME},
    {"N Marsh", "marsh-1", 2, PEOPLE_NAME},
    {"Olga Marsh", "marsh-2", 2, PEOPLE_NAME},
    {"P Marsh", NULL, 0, 0},

    {"É Exe", "exe", 2, PEOPLE_NAME},
    {"Exe É", "exe", 2, PEOPLE_NAME},
};

static void
try_all(const struct people *people, const struct want *list, size_t count)
{
	struct arena *arena = arena_new(0);

	for (size_t i = 0; i < count; i++) {
		struct tokens tokens;
		struct people_found found;
		const char *person;

		tokens_make(&tokens, arena, list[i].text);
		found = people_match(people, &tokens, 0);
		person = found.len == 0 ? NULL : found.person == NULL ? "" : found.person->id;
		if ((person == NULL) != (list[i].person == NULL) || found.len != list[i].len ||
		    (person != NULL &&
			(strcmp(person, list[i].person) != 0 || found.rank != list[i].rank)))
			fail_msg("\"%s\" is %s of rank %d in %zu tokens", list[i].text,
			    person == NULL ? "no name" : person, (int)found.rank, found.len);
	}
	arena_free(arena);
}

/* holds: H01.1 */
static void
each_form_means_its_person(void **state)
{
	struct arena *arena = arena_new(0);
	struct people people;

	(void)state;
	people_init(&people, arena,
	    &(struct people_known){
		.list = directory, .count = sizeof directory / sizeof *directory});
	try_all(&people, wants, sizeof wants / sizeof *wants);
	arena_free(arena);
}

/* An alias of the rota is stronger than one of the directory, and that than any other form. */
static void
the_stronger_form_decides(void **state)
{
	static const struct reading_alias aliases[] = {
	    {"Nicky", "stone"}, {"ZMQ", "cher"}, {"Quill", "gone"}, {"Old Boss", NULL}};
	static const struct want stronger[] = {
	    {"Nicky", "stone", 1, PEOPLE_ROTA_ALIAS},
	    {"ZMQ", "cher", 1, PEOPLE_ROTA_ALIAS},
	    {"Quill", "", 1, PEOPLE_ROTA_ALIAS},
	    {"Old Boss", "", 2, PEOPLE_ROTA_ALIAS},
	    {"Zoe Mary Quill", "quill", 3, PEOPLE_NAME},
	    {"Big Nick", "marsh-1", 2, PEOPLE_ALIAS},
	};
	struct arena *arena = arena_new(0);
	struct people people;

	(void)state;
	people_init(&people, arena,
	    &(struct people_known){directory, sizeof directory / sizeof *directory, aliases,
		sizeof aliases / sizeof *aliases, NULL});
	try_all(&people, stronger, sizeof stronger / sizeof *stronger);
	arena_free(arena);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(each_form_means_its_person),
	    cmocka_unit_test(the_stronger_form_decides),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
