/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "calendars/titles/title.h"
#include "server/base/text.h"
#include "tests/unit/calendars/support.h"

/* Names that are also words of rotas, of teams or of the region, and what a rota has decided of them. */

struct reads {
	const char *title, *as; /* "named j-jones + undecided" */
};

static const struct reading_person people[] = {
    {"j-jones", "Jan Jones", NULL},
    {"p-lee", "Paul Lee", NULL},
    {"a-lee", "Ann Lee", NULL},
    {"f-day", "Fay Day", NULL},
    {"k-fenmere", "Kim Fenmere", NULL},
};

static struct reading_options
desk(void)
{
	struct reading_options options = support_options();

	options.people = people;
	options.npeople = sizeof people / sizeof *people;
	return options;
}

static const char *
read_as(struct arena *arena, struct titles *titles, const char *text)
{
	const struct title *title = title_read(titles, text);
	const char *all = "";

	for (size_t i = 0; i < title->nparts; i++) {
		const struct title_part *part = &title->parts[i];

		all = arena_printf(arena, "%s%s%s%s%s%s", all, i > 0 ? " + " : "",
		    reading_class_name(part->class),
		    part->person != NULL || part->team != NULL ? " " : "",
		    part->person != NULL ? part->person : "", part->team != NULL ? part->team : "");
	}
	return all;
}

static void
try_all(const struct reading_options *options, const struct reads *list, size_t count)
{
	struct arena *arena = arena_new(0);
	struct titles titles;
	unsigned wrong = 0;

	titles_init(&titles, arena, options);
	for (size_t i = 0; i < count; i++) {
		const char *as = read_as(arena, &titles, list[i].title);

		if (strcmp(as, list[i].as) == 0)
			continue;
		print_message("\"%s\" is \"%s\", not \"%s\"\n", list[i].title, as, list[i].as);
		wrong++;
	}
	arena_free(arena);
	assert_int_equal(wrong, 0);
}

#define TRY(options, list) try_all((options), (list), sizeof(list) / sizeof *(list))

static void
a_family_name_that_is_a_word_is_the_word(void **state)
{
	static const struct reads list[] = {
	    {"Day", "undecided"},
	    {"Day: J Jones", "named j-jones"},
	    {"Dr Day", "named f-day"},
	    {"F Day", "named f-day"},
	    {"PL", "undecided"}, /* parental leave, or Paul Lee */
	    {"J Jones PL", "tentative j-jones"},
	    {"PL: J Jones", "tentative j-jones"},
	    {"J Jones AL", "tentative j-jones"}, /* annual leave, or Ann Lee */
	    {"AL: J Jones", "tentative j-jones"},
	    {"J Jones A/L", "absence j-jones"},
	    {"J Jones SL", "tentative j-jones"},
	};
	const struct reading_options options = desk();

	(void)state;
	TRY(&options, list);
}

/* A place and a person of one name: which of the two is meant is not known. */
static void
a_family_name_that_is_a_name_of_the_region_is_undecided(void **state)
{
	static const char *const names[] = {"Fenmere", NULL};
	static const struct reading_word words[] = {{"fenmere", READING_WORD_NOTHING}};
	static const struct reads list[] = {
	    {"Fenmere", "tentative k-fenmere"},
	    {"K Fenmere", "named k-fenmere"},
	    {"J Jones, Fenmere", "tentative j-jones + tentative k-fenmere"},
	};
	static const struct reads decided[] = {
	    {"J Jones, Fenmere", "named j-jones"},
	    {"K Fenmere", "named k-fenmere"},
	};
	struct reading_options options = desk();

	(void)state;
	options.known_names = names;
	TRY(&options, list);
	options.words = words;
	options.nwords = 1;
	TRY(&options, decided);
}

/* Of a name's words each counts that is no short one, and the letters of three and more. */
static void
a_name_of_the_region_is_known_by_its_words_and_its_letters(void **state)
{
	static const char *const names[] = {"House of Haven Trust", "X", "Oak & Elm",
	    "136 Hub Unit Team", "Alder Beech Cedar Damson Elder Fir Gorse Hazel Ivy",
	    "\xd0\x96\xd1\x83\xd0\xba Care Home", "Fenmere West", NULL};
	static const struct reads list[] = {
	    {"HHT: J Jones", "named j-jones"},
	    {"Haven: J Jones", "named j-jones"},
	    {"Elm - J Jones", "named j-jones"},
	    {"X: J Jones", "tentative j-jones"},
	    {"HUT: J Jones", "named j-jones"},
	    {"ABCDEFGHI: J Jones", "tentative j-jones"},
	    {"Damson: J Jones", "named j-jones"},
	    {"Care: J Jones", "named j-jones"},
	    {"J Jones @ West", "named j-jones"},
	    {"J Jones @ East", "tentative j-jones"},
	    {"J Jones East", "tentative j-jones"},
	};
	struct reading_options options = desk();

	(void)state;
	options.known_names = names;
	TRY(&options, list);
}

static void
a_team_is_one_of_the_rota(void **state)
{
	static const char *const teams[] = {"Duty", "Blue Crew", "Red Crew", "Red Crew", NULL};
	static const struct reads list[] = {
	    {"Duty", "team Duty"},
	    {"Duty team", "undecided"}, /* a longer phrase than the team's name */
	    {"Blue Crew", "team Blue Crew"},
	    {"Red Crew", "undecided"}, /* there are two */
	    {"Blue Crew zog", "undecided"},
	    {"Blue Crew 09:00-17:00 / zog 17:00-21:00", "undecided + undecided"},
	    {"Blue Crew: J Jones", "named j-jones"},
	};
	struct reading_options options = desk();

	(void)state;
	options.team_names = teams;
	TRY(&options, list);
}

/* An alias that says more than a name means nobody; one that is a word of rotas too is the person's. */
static void
an_alias_of_the_rota_is_a_name(void **state)
{
	static const struct reading_alias aliases[] = {
	    {"SR", "j-jones"},
	    {"TF", "j-jones"},
	    {"Dr Night", "j-jones"},
	    {"Senior", "f-day"},
	    {"Zog", "f-day"},
	    {"JJ TBC", "j-jones"},
	    {"Sick Jo", "j-jones"},
	    {"JJ", NULL},
	};
	static const struct reads list[] = {
	    {"SR", "named j-jones"},
	    {"AMHP: SR", "named j-jones"},
	    {"TF on call", "named j-jones"},
	    {"Dr Night", "named j-jones"},
	    {"Senior", "named f-day"},
	    {"Zog on call", "named f-day"},
	    {"JJ TBC", "undecided"},
	    {"Sick Jo", "undecided"},
	    {"JJ", "undecided"},
	};
	struct reading_options options = desk();

	(void)state;
	options.aliases = aliases;
	options.naliases = sizeof aliases / sizeof *aliases;
	TRY(&options, list);
}

/* A rule makes nobody count where the title says that nobody comes, or has nobody to name. */
static void
a_rule_counts_where_the_title_lets_somebody_come(void **state)
{
	static const char *const teams[] = {"Blue Crew", NULL};
	static const struct reading_rule rules[] = {
	    {"Zog shift", READING_NAMED, "j-jones", NULL},
	    {"Long day", READING_NAMED, "j-jones", NULL},
	    {"Blue Crew?", READING_NAMED, "j-jones", NULL},
	    {"J Jones?", READING_NAMED, "j-jones", NULL},
	    {"Locum", READING_NAMED, "j-jones", NULL},
	    {"AMHP?", READING_NAMED, "j-jones", NULL},
	    {"Vacant", READING_NAMED, "j-jones", NULL},
	    {"No AMHP cover", READING_NAMED, "j-jones", NULL},
	    {"Cancelled Zog", READING_NAMED, "j-jones", NULL},
	    {"Patient Zog", READING_NAMED, "j-jones", NULL},
	    {"No zog", READING_NAMED, "j-jones", NULL},
	    {"07700 900123", READING_NAMED, "j-jones", NULL},
	};
	static const struct reads list[] = {
	    {"Zog shift", "named j-jones"},
	    {"Long day", "named j-jones"},
	    {"Blue Crew?", "named j-jones"},
	    {"J Jones?", "named j-jones"},
	    {"Locum", "undecided"},
	    {"AMHP?", "undecided"},
	    {"Vacant", "nobody"},
	    {"No AMHP cover", "nobody"},
	    {"Cancelled Zog", "undecided"},
	    {"Patient Zog", "undecided"},
	    {"No zog", "undecided"},
	    {"07700 900123", "undecided"},
	};
	struct reading_options options = desk();

	(void)state;
	options.team_names = teams;
	options.rules = rules;
	options.nrules = sizeof rules / sizeof *rules;
	TRY(&options, list);
}

static void
in_a_calendar_of_absences_a_name_is_away(void **state)
{
	static const struct reads list[] = {
	    {"J Jones", "absence j-jones"},
	    {"J Jones A/L", "absence j-jones"},
	    {"J Jones?", "tentative j-jones"},
	    {"Bank holiday", "noise"},
	    {"Team meeting", "noise"},
	    {"Meeting - K Nowak", "undecided"},
	    {"Bank holiday A/L", "undecided"},
	    {"Zog", "undecided"},
	};
	struct reading_options options = desk();

	(void)state;
	options.absences = true;
	TRY(&options, list);
}

/* What the import clinic shows of one title. */
static void
a_title_alone_tells_whether_its_name_fits_several(void **state)
{
	static const struct reading_person two[] = {
	    {"j-jones", "Jan Jones", NULL}, {"b-jones", "Bea Jones", NULL}};
	struct reading_options options = support_options();
	struct arena *arena = arena_new(0);
	struct reading_titles *titles;
	struct reading_title out;

	(void)state;
	options.people = two;
	options.npeople = 2;
	titles = reading_titles_open(&options, arena);
	reading_title_of(titles, "Jones", &out);
	assert_true(out.several && !out.stranger);
	reading_title_of(titles, "Jones - AMHP", &out);
	assert_true(out.several && !out.stranger);
	reading_title_of(titles, "J Jones", &out);
	assert_false(out.several || out.stranger);
	assert_string_equal(out.person, "j-jones");
	reading_title_of(titles, "K Nowak", &out);
	assert_true(!out.several && out.stranger);
	arena_free(arena);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_family_name_that_is_a_word_is_the_word),
	    cmocka_unit_test(a_family_name_that_is_a_name_of_the_region_is_undecided),
	    cmocka_unit_test(a_name_of_the_region_is_known_by_its_words_and_its_letters),
	    cmocka_unit_test(a_team_is_one_of_the_rota),
	    cmocka_unit_test(an_alias_of_the_rota_is_a_name),
	    cmocka_unit_test(a_rule_counts_where_the_title_lets_somebody_come),
	    cmocka_unit_test(in_a_calendar_of_absences_a_name_is_away),
	    cmocka_unit_test(a_title_alone_tells_whether_its_name_fits_several),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
