/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "calendars/titles/title.h"
#include "server/base/fatal.h"
#include "tests/unit/calendars/support.h"

/*
 * One token that nobody can account for, and nobody counts: every phrase of the lexicon, every mark
 * and many words of none, each beside a name; and many at once, against a second judge who knows of
 * each piece only whether it is harmless.
 */

static const char *const jj[] = {"JJ", NULL};
static const char *const sa[] = {"SA", NULL};
static const struct reading_person people[] = {
    {"j-jones", "Jan Jones", jj},
    {"s-ahmed", "Sana Ahmed", sa},
    {"p-smith", "Paul Smith", NULL},
    {"b-okafor", "Bea Okafor", NULL},
    {"m-obrien", "Mary O'Brien", NULL},
    {"t-lee", "Tom Lee", NULL},
};
static const char *const names[] = {
    "Fenmere County Council", "ZFC", "Fenmere", "fen-amhp", "AMHP", NULL};

static const char *const teams[] = {"Blue Crew", NULL};

static struct reading_options
desk(void)
{
	struct reading_options options = support_options();

	options.people = people;
	options.npeople = sizeof people / sizeof *people;
	options.known_names = names;
	options.team_names = teams;
	return options;
}

/* The ids of those who count, as "a,b"; "" if nobody does. */
static const char *
counting(struct arena *arena, struct titles *titles, const char *text)
{
	const struct title *title = title_read(titles, text);
	const char *list = "";

	for (size_t i = 0; i < title->nparts; i++) {
		const struct title_part *part = &title->parts[i];

		if (part->class == READING_NAMED)
			list = arena_printf(
			    arena, "%s%s%s", list, *list != '\0' ? "," : "", part->person);
		else if (part->class == READING_TEAM)
			list = arena_printf(arena, "%s TEAM", list);
	}
	return list;
}

/* The same people in whatever order. */
static bool
same_people(const char *got, const char *wanted)
{
	if (strlen(got) != strlen(wanted))
		return false;
	for (size_t i = 0; i < sizeof people / sizeof *people; i++) {
		if ((strstr(got, people[i].id) != NULL) != (strstr(wanted, people[i].id) != NULL))
			return false;
	}
	return true;
}

static unsigned
judge(struct arena *arena, struct titles *titles, const char *text, const char *wanted)
{
	const char *got = counting(arena, titles, text);

	if (same_people(got, wanted))
		return 0;
	print_message("\"%s\" counts for \"%s\", not for \"%s\"\n", text, got, wanted);
	return 1;
}

static char *
load(const char *path)
{
	FILE *file = fopen(path, "r");
	char *text;
	long size;

	if (file == NULL)
		fatal("no %s", path);
	fseek(file, 0, SEEK_END);
	size = ftell(file);
	rewind(file);
	text = malloc((size_t)size + 1);
	if (fread(text, 1, (size_t)size, file) != (size_t)size)
		fatal("%s is cut short", path);
	text[size] = '\0';
	fclose(file);
	return text;
}

/* titles.txt: "U" for a title that must count for nobody, "+a,b" for one that must for these. */
/* holds: H01.1 */
static void
titles_count_for_whom_people_would_say(void **state)
{
	struct reading_options options = desk();
	struct arena *arena = arena_new(0);
	struct titles titles;
	char *text = load(SOURCE_ROOT "/tests/unit/calendars/titles/titles.txt");
	unsigned wrong = 0, lines = 0;
	char *rest = text;
	char *line;

	(void)state;
	titles_init(&titles, arena, &options);
	while ((line = strsep(&rest, "\n")) != NULL) {
		char *tab = strchr(line, '\t');

		if (tab == NULL)
			continue;
		*tab = '\0';
		wrong += judge(arena, &titles, tab + 1, *line == '+' ? line + 1 : "");
		lines++;
	}
	assert_true(lines > 500);
	assert_int_equal(wrong, 0);
	free(text);
	arena_free(arena);
}

/* ${text} with each " - " as ${dash}; NULL if it has none. */
static const char *
with_dash(struct arena *arena, const char *text, const char *dash)
{
	const char *at = strstr(text, " - ");

	if (at == NULL)
		return NULL;
	for (; at != NULL; at = strstr(at + strlen(dash), " - ")) {
		size_t before = (size_t)(at - text);

		text = arena_printf(arena, "%.*s%s%s", (int)before, text, dash, at + 3);
		at = text + before;
	}
	return text;
}

/* Some write a dash as two or three of them: each title means the same then. */
static void
a_dash_of_several_strokes_is_one_dash(void **state)
{
	static const char *const dashes[] = {" -- ", " --- "};
	struct reading_options options = desk();
	struct arena *arena = arena_new(0);
	struct titles titles;
	char *text = load(SOURCE_ROOT "/tests/unit/calendars/titles/titles.txt");
	unsigned wrong = 0, lines = 0;
	char *rest = text;
	char *line;

	(void)state;
	titles_init(&titles, arena, &options);
	while ((line = strsep(&rest, "\n")) != NULL) {
		const char *title = strchr(line, '\t');

		for (size_t i = 0; title != NULL && i < 2; i++) {
			const char *longer = with_dash(arena, title + 1, dashes[i]);

			if (longer == NULL)
				break;
			wrong += judge(arena, &titles, longer, counting(arena, &titles, title + 1));
			lines++;
		}
	}
	assert_true(lines > 200);
	assert_int_equal(wrong, 0);
	free(text);
	arena_free(arena);
}

/* --------------------------------------------------------------------------- one beside a name */

static const char *const name_forms[] = {"J Jones", "Jan Jones", "Dr J Jones", "Jones, Jan",
    "JONES J", "J.Jones", "JJ", "Ms Jones", "Jan Jones (AMHP)", "Jan Jones (she/her)"};
static const char *const frames[] = {
    "%s %s", "%s - %s", "%s: %s", "%s, %s", "%s / %s", "%s (%s)", "%s [%s]", "(%s) %s", "[%s] %s"};
static const char *const unknown[] = {"zog", "Zog", "ZOG", "Surge", "Spain", "retired", "Ret",
    "applicant-ish", "post", "xJ", "Kim", "K Nowak", "Nowak", "wedding?", "50%", "x2", "#", "*",
    "!", "\"", "...", "~", "^", "{}", "<i>x</i> y", "<zog>", "<b style=x>", "&zog;",
    "\xf0\x9f\x8f\x96", "\xe2\x9d\x8c", "\xf0\x9f\x87\xaa\xf0\x9f\x87\xb8", "\xe2\x9a\xa0",
    "\xee\x80\x81", "12/03/1961", "943 476 5919"};
/* Left over beside a name; after "AMHP:" they may be its number. */
static const char *const numbers[] = {"7731", "1234567"};

static const char *
framed(struct arena *arena, const char *frame, const char *first, const char *second)
{
	struct buf buf = {0};
	const char *text;

	for (; *frame != '\0'; frame++) {
		if (*frame != '%') {
			buf_add(&buf, frame, 1);
			continue;
		}
		frame++;
		buf_add_text(&buf, first);
		first = second;
	}
	text = arena_strndup(arena, buf.at, buf.len);
	buf_free(&buf);
	return text;
}

static unsigned
beside_each_name(struct titles *titles, const char *piece)
{
	struct arena *arena = arena_new(0);
	unsigned wrong = 0;

	for (size_t n = 0; n < sizeof name_forms / sizeof *name_forms; n++) {
		for (size_t f = 0; f < sizeof frames / sizeof *frames; f++) {
			wrong += judge(
			    arena, titles, framed(arena, frames[f], name_forms[n], piece), "");
			wrong += judge(
			    arena, titles, framed(arena, frames[f], piece, name_forms[n]), "");
		}
	}
	arena_free(arena);
	return wrong;
}

/* holds: H01.1 H04.1 */
static void
what_is_not_understood_never_lets_a_name_count(void **state)
{
	struct reading_options options = desk();
	struct arena *arena = arena_new(0);
	struct titles titles;
	unsigned wrong = 0;

	(void)state;
	titles_init(&titles, arena, &options);
	for (size_t i = 0; i < sizeof unknown / sizeof *unknown; i++)
		wrong += beside_each_name(&titles, unknown[i]);
	for (size_t i = 0; i < 2; i++)
		wrong += beside_each_name(&titles, numbers[i]);
	assert_int_equal(wrong, 0);
	arena_free(arena);
}

static bool
contradicts(enum word word)
{
	static const enum word against[] = {WORD_NOBODY, WORD_FAINT, WORD_DOUBT, WORD_MAYBE,
	    WORD_SEEKING, WORD_ABSENCE, WORD_SICK, WORD_CANCELLED, WORD_NOISE, WORD_PRIVATE,
	    WORD_PATIENT, WORD_SHADOW};

	for (size_t i = 0; i < sizeof against / sizeof *against; i++) {
		if (against[i] == word)
			return true;
	}
	return false;
}

static bool
says_nothing(enum word word)
{
	return word == WORD_PLAIN || word == WORD_SHIFT || word == WORD_STOPGAP ||
	       word == WORD_CONTACT || word == WORD_HOLIDAY || word == WORD_RELIEF;
}

/* After a name and a comma it may be somebody who is late. */
static bool
may_be_unpunctual(const char *phrase)
{
	return strcmp(phrase, "late") == 0 || strcmp(phrase, "early") == 0;
}

static const char *
written(struct arena *arena, const char *phrase)
{
	char *text = arena_strdup(arena, phrase);

	for (char *at = text; *at != '\0'; at++) {
		if (*at == '#')
			*at = '5';
	}
	return text;
}

static void
every_phrase_against_somebody_does_its_work(void **state)
{
	struct reading_options options = desk();
	struct arena *arena = arena_new(0);
	struct titles titles;
	unsigned wrong = 0, tried = 0;

	(void)state;
	titles_init(&titles, arena, &options);
	for (size_t i = 0; i < lexicon_nentries; i++) {
		const char *phrase = written(arena, lexicon_entries[i].phrase);

		if (!contradicts(lexicon_entries[i].word))
			continue;
		tried++;
		for (size_t f = 0; f < sizeof frames / sizeof *frames; f++) {
			wrong += judge(
			    arena, &titles, framed(arena, frames[f], "Jan Jones", phrase), "");
			wrong += judge(
			    arena, &titles, framed(arena, frames[f], phrase, "Jan Jones"), "");
		}
	}
	assert_true(tried > 800);
	assert_int_equal(wrong, 0);
	arena_free(arena);
}

static void
every_harmless_phrase_lets_a_name_count(void **state)
{
	static const char *const around[] = {"%s - %s", "%s: %s", "%s, %s", "%s / %s", "%s (%s)"};
	struct reading_options options = desk();
	struct arena *arena = arena_new(0);
	struct titles titles;
	unsigned wrong = 0, tried = 0;

	(void)state;
	titles_init(&titles, arena, &options);
	for (size_t i = 0; i < lexicon_nentries; i++) {
		const char *phrase = written(arena, lexicon_entries[i].phrase);

		if (!says_nothing(lexicon_entries[i].word))
			continue;
		tried++;
		for (size_t f = 0; f < sizeof around / sizeof *around; f++) {
			wrong +=
			    judge(arena, &titles, framed(arena, around[f], "Jan Jones", phrase),
				f == 2 && may_be_unpunctual(phrase) ? "" : "j-jones");
			if (f < 4)
				wrong += judge(arena, &titles,
				    framed(arena, around[f], phrase, "Jan Jones"), "j-jones");
		}
	}
	assert_true(tried > 700);
	assert_int_equal(wrong, 0);
	arena_free(arena);
}

/* "Team", "West", "at" and "hours" say nothing by themselves, wherever they stand beside a name. */
static void
every_word_that_needs_another_is_left_over_without_it(void **state)
{
	static const char *const around[] = {
	    "%s %s", "%s - %s", "%s: %s", "%s, %s", "%s / %s", "%s (%s)", "%s [%s]", "%s @ %s"};
	struct reading_options options = desk();
	struct arena *arena = arena_new(0);
	struct titles titles;
	unsigned wrong = 0, tried = 0;

	(void)state;
	titles_init(&titles, arena, &options);
	for (size_t i = 0; i < lexicon_nentries; i++) {
		const char *phrase = lexicon_entries[i].phrase;
		/* "is J Jones" is of what stands before it. */
		bool both = lexicon_entries[i].word != WORD_JOIN;
		bool holder = lexicon_entries[i].word == WORD_HOLDER;

		/* A setting is understood before a name: its own test, below*/
		if (lexicon_entries[i].word < WORD_PART || lexicon_entries[i].word == WORD_DATE ||
		    lexicon_entries[i].word == WORD_SETTING ||
		    word_is_crew(lexicon_entries[i].word))
			continue;
		tried++;
		for (size_t f = 0; f < sizeof around / sizeof *around; f++) {
			wrong +=
			    judge(arena, &titles, framed(arena, around[f], "J Jones", phrase), "");
			if (both)
				wrong += judge(arena, &titles,
				    framed(arena, around[f], phrase, "J Jones"),
				    holder && strcmp(around[f], "%s: %s") == 0 ? "j-jones" : "");
		}
	}
	assert_true(tried > 80);
	assert_int_equal(wrong, 0);
	arena_free(arena);
}

static void
every_part_is_known_with_a_number_or_a_name_beside_it(void **state)
{
	static const char *const around[] = {"%s 4 - J Jones", "Duty %s: J Jones",
	    "J Jones (Duty %s)", "%s: 4 J Jones", "J Jones - Psychiatry %s"};
	struct reading_options options = desk();
	struct arena *arena = arena_new(0);
	struct titles titles;
	unsigned wrong = 0;

	(void)state;
	titles_init(&titles, arena, &options);
	for (size_t i = 0; i < lexicon_nentries; i++) {
		const char *phrase = lexicon_entries[i].phrase;
		/* A room or a desk with a number alone may be booked for anything. */
		bool booked = strcmp(phrase, "room") == 0 || strcmp(phrase, "desk") == 0;
		/* Behind a name a ward is where somebody is. */
		bool ward = strncmp(phrase, "ward", 4) == 0;

		for (size_t f = 0; f < sizeof around / sizeof *around; f++) {
			if (lexicon_entries[i].word == WORD_PART)
				wrong += judge(arena, &titles, framed(arena, around[f], phrase, ""),
				    (booked && strchr(around[f], '4') != NULL) ||
					    (ward && around[f][0] == 'J')
					? ""
					: "j-jones");
		}
	}
	assert_int_equal(wrong, 0);
	arena_free(arena);
}

static void
every_setting_is_a_label_of_a_shift_but_not_where_somebody_is(void **state)
{
	static const struct {
		const char *around;
		bool place, team; /* whether it counts with the name of a place, of a team */
	} tries[] = {{"%s: J Jones", true, true}, {"%s - J Jones", true, true},
	    {"S Ahmed, %s: J Jones", true, true}, {"J Jones %s", false, false},
	    {"J Jones - %s", false, true}, {"J Jones (%s)", false, true},
	    {"J Jones at %s", false, false}, {"J Jones, %s", false, true}};
	struct reading_options options = desk();
	struct arena *arena = arena_new(0);
	struct titles titles;
	unsigned wrong = 0, tried = 0;

	(void)state;
	titles_init(&titles, arena, &options);
	for (size_t i = 0; i < lexicon_nentries; i++) {
		const char *phrase = lexicon_entries[i].phrase;

		bool team = word_is_crew(lexicon_entries[i].word);

		if (lexicon_entries[i].word != WORD_SETTING && !team)
			continue;
		tried++;
		for (size_t t = 0; t < sizeof tries / sizeof *tries; t++)
			wrong += judge(arena, &titles, framed(arena, tries[t].around, phrase, ""),
			    !(team ? tries[t].team : tries[t].place) ? ""
			    : tries[t].around[0] == 'S'              ? "j-jones,s-ahmed"
								     : "j-jones");
	}
	assert_true(tried > 20);
	assert_int_equal(wrong, 0);
	arena_free(arena);
}

/* "CAMHS on call J Jones" in the calendar of the AMHPs says that J Jones is on for CAMHS. */
static void
a_team_of_another_kind_than_the_rota_counts_nowhere(void **state)
{
	static const char *const around[] = {"%s: J Jones", "%s on call J Jones", "J Jones - %s",
	    "J Jones (%s)", "AMHP %s J Jones", "S Ahmed, %s: J Jones"};
	struct reading_options options = desk();
	struct arena *arena = arena_new(0);
	struct titles titles;
	unsigned wrong = 0, tried = 0;

	(void)state;
	for (size_t i = 0; i < lexicon_nentries; i++) {
		const char *others[SUPPORT_CREWS + 1] = {NULL};
		enum word word = lexicon_entries[i].word;

		if (!word_is_crew(word))
			continue;
		/* All kinds but its own, which the list has in the order of the enumeration. */
		for (size_t n = 0, k = 0; support_every_crew[n] != NULL; n++) {
			if (n != (size_t)(word - WORD_CREW_CHILDREN))
				others[k++] = support_every_crew[n];
		}
		options.own_names = others;
		titles_init(&titles, arena, &options);
		tried++;
		for (size_t f = 0; f < sizeof around / sizeof *around; f++)
			wrong += judge(arena, &titles,
			    framed(arena, around[f], lexicon_entries[i].phrase, ""), "");
	}
	assert_true(tried > 50);
	assert_int_equal(wrong, 0);
	arena_free(arena);
}

/* The region has a crisis team: its name is known in every rota, and is another team in this one. */
static void
a_team_of_the_region_is_of_its_own_rotas(void **state)
{
	static const char *const known[] = {"Crisis team", "crht", NULL};
	static const char *const own[] = {"Alder crisis resolution", "crht", NULL};
	static const struct reading_word decided[] = {
	    {.words = "crisis team", .means = READING_WORD_NOTHING}};
	struct reading_options options = desk();
	struct arena *arena = arena_new(0);
	struct titles titles;
	unsigned wrong = 0;

	(void)state;
	options.known_names = known;
	options.own_names = NULL;
	titles_init(&titles, arena, &options);
	wrong += judge(arena, &titles, "Crisis Team: J Jones", "");
	options.own_names = own;
	titles_init(&titles, arena, &options);
	wrong += judge(arena, &titles, "Crisis Team: J Jones", "j-jones");
	wrong += judge(arena, &titles, "HTT J Jones", "j-jones");
	options.own_names = NULL;
	options.words = decided;
	options.nwords = 1;
	titles_init(&titles, arena, &options);
	wrong += judge(arena, &titles, "Crisis Team: J Jones", "j-jones");
	assert_int_equal(wrong, 0);
	arena_free(arena);
}

static void
a_team_that_the_region_has_may_stand_anywhere(void **state)
{
	static const char *const settings[] = {"CMHT", "HBPoS", "Ward", NULL};
	static const char *const own[] = {"fenmere-hbpos", NULL};
	static const char *const titles_of[] = {
	    "CMHT duty: J Jones", "J Jones CMHT day", "J Jones at HBPoS", "J Jones - Ward"};
	struct reading_options options = desk();
	struct arena *arena = arena_new(0);
	struct titles titles;
	unsigned wrong = 0;

	(void)state;
	titles_init(&titles, arena, &options);
	for (size_t i = 0; i < sizeof titles_of / sizeof *titles_of; i++)
		wrong += judge(arena, &titles, titles_of[i], "");
	options.known_names = settings;
	options.own_names = own;
	titles_init(&titles, arena, &options);
	for (size_t i = 0; i < sizeof titles_of / sizeof *titles_of; i++)
		wrong += judge(arena, &titles, titles_of[i], "j-jones");
	assert_int_equal(wrong, 0);
	arena_free(arena);
}

/* ------------------------------------------------------------------------------- many at once */

struct random {
	uint64_t state;
};

static uint32_t
next(struct random *random, size_t below)
{
	random->state = random->state * 6364136223846793005U + 1442695040888963407U;
	return (uint32_t)((random->state >> 33) % below);
}

/* A piece of a title, directly after the name, with a comma or without; false if one who knows no
 * more than the two lists would let nobody count. */
static bool
add_piece(struct buf *buf, struct arena *arena, struct random *random, bool behind_comma)
{
	static const char *const dates[] = {"24/12/2026", "7 Dec", "Wk 49", "07700 900123",
	    "Monday", "Fenmere", "ZFC", "24th", "jan.jones@fenmere.example", "2026-12-24"};
	const struct lexicon_entry *entry;

	if (next(random, 8) == 0) {
		buf_add_text(buf, unknown[next(random, sizeof unknown / sizeof *unknown)]);
		return false;
	}
	if (next(random, 5) == 0) {
		buf_add_text(buf, dates[next(random, sizeof dates / sizeof *dates)]);
		return true;
	}
	do
		entry = &lexicon_entries[next(random, lexicon_nentries)];
	while (!says_nothing(entry->word) && !(contradicts(entry->word) && next(random, 6) == 0));
	buf_add_text(buf, written(arena, entry->phrase));
	return says_nothing(entry->word) && !(behind_comma && may_be_unpunctual(entry->phrase));
}

/* holds: H01.1 */
static void
a_judge_who_knows_only_what_is_harmless_agrees(void **state)
{
	static const char *const marks[] = {" - ", ", ", ": ", "; ", " | ", " / "};
	struct reading_options options = desk();
	struct random random = {20261129};
	unsigned wrong = 0, counted = 0;

	(void)state;
	for (unsigned round = 0; round < 20000; round++) {
		static struct arena *arena;
		static struct titles titles;
		size_t pieces = 2 + next(&random, 4), place = next(&random, pieces);
		struct buf buf = {0};
		bool fine = true;

		if (round % 1000 == 0) {
			if (arena != NULL)
				arena_free(arena);
			arena = arena_new(0);
			titles_init(&titles, arena, &options);
		}
		for (size_t i = 0; i < pieces; i++) {
			const char *mark = marks[next(&random, 6)];

			if (i > 0)
				buf_add_text(&buf, mark);
			if (i == place)
				buf_add_text(&buf, "Jan Jones");
			else
				fine = add_piece(
					   &buf, arena, &random, i == place + 1 && *mark == ',') &&
				       fine;
		}
		buf_add(&buf, "", 1);
		wrong += judge(arena, &titles, arena_strdup(arena, buf.at), fine ? "j-jones" : "");
		counted += fine;
		buf_free(&buf);
		if (round == 19999)
			arena_free(arena);
	}
	assert_true(counted > 5000 && counted < 15000);
	assert_int_equal(wrong, 0);
}

/* -------------------------------------------------------------------------------- the lexicon */

static void
the_lexicon_has_each_phrase_once_and_as_it_is_looked_up(void **state)
{
	struct arena *arena = arena_new(0);
	struct lexicon lexicon;

	(void)state;
	lexicon_init(&lexicon, arena);
	assert_true(lexicon_nentries > 1500);
	for (size_t i = 0; i < lexicon_nentries; i++) {
		const char *phrase = written(arena, lexicon_entries[i].phrase);
		const char *key = lexicon_key(arena, phrase);
		struct tokens tokens;
		size_t len = 0;

		if (i > 0 && strcmp(lexicon_entries[i - 1].phrase, lexicon_entries[i].phrase) >= 0)
			fail_msg("\"%s\" is twice there, or behind \"%s\"",
			    lexicon_entries[i].phrase, lexicon_entries[i - 1].phrase);
		if (key == NULL || strcmp(key, phrase) != 0)
			fail_msg("\"%s\" is never found", phrase);
		tokens_make(&tokens, arena, phrase);
		assert_int_equal(lexicon_find(&lexicon, &tokens, 0, &len), lexicon_entries[i].word);
		assert_int_equal(len, tokens.items.count);
	}
	arena_free(arena);
}

/* Of every reason against somebody, and of nothing else. */
/* holds: H04.1 */
static void
only_what_is_harmless_may_be_decided_to_mean_nothing(void **state)
{
	struct arena *arena = arena_new(0);

	(void)state;
	for (size_t i = 0; i < lexicon_nentries; i++) {
		const char *phrase = written(arena, lexicon_entries[i].phrase);
		bool refused = reading_word_fault(arena, phrase, READING_WORD_NOTHING) != NULL;

		if (lexicon_entries[i].word == WORD_NOISE)
			continue;
		if (contradicts(lexicon_entries[i].word) && !refused)
			fail_msg("\"%s\" may be decided to mean nothing", phrase);
		assert_null(reading_word_fault(arena, phrase, READING_WORD_AWAY));
	}
	assert_null(reading_word_fault(arena, "Surge-AM", READING_WORD_NOTHING));
	assert_null(reading_word_fault(arena, "Clinic", READING_WORD_NOTHING));
	assert_null(reading_word_fault(arena, "\xf0\x9f\x8d\x95", READING_WORD_NOTHING));
	assert_non_null(reading_word_fault(arena, "Zog TBC", READING_WORD_NOTHING));
	assert_non_null(reading_word_fault(arena, "zog no cover", READING_WORD_NOTHING));
	assert_non_null(reading_word_fault(arena, "zog?", READING_WORD_NOTHING));
	assert_non_null(reading_word_fault(arena, "", READING_WORD_AWAY));
	assert_non_null(reading_word_fault(arena, "a b c d e f", READING_WORD_AWAY));
	assert_non_null(reading_word_fault(arena, "07700 900123", READING_WORD_NOTHING));
	arena_free(arena);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(titles_count_for_whom_people_would_say),
	    cmocka_unit_test(a_dash_of_several_strokes_is_one_dash),
	    cmocka_unit_test(what_is_not_understood_never_lets_a_name_count),
	    cmocka_unit_test(every_phrase_against_somebody_does_its_work),
	    cmocka_unit_test(every_harmless_phrase_lets_a_name_count),
	    cmocka_unit_test(every_word_that_needs_another_is_left_over_without_it),
	    cmocka_unit_test(every_part_is_known_with_a_number_or_a_name_beside_it),
	    cmocka_unit_test(every_setting_is_a_label_of_a_shift_but_not_where_somebody_is),
	    cmocka_unit_test(a_team_of_another_kind_than_the_rota_counts_nowhere),
	    cmocka_unit_test(a_team_of_the_region_is_of_its_own_rotas),
	    cmocka_unit_test(a_team_that_the_region_has_may_stand_anywhere),
	    cmocka_unit_test(a_judge_who_knows_only_what_is_harmless_agrees),
	    cmocka_unit_test(the_lexicon_has_each_phrase_once_and_as_it_is_looked_up),
	    cmocka_unit_test(only_what_is_harmless_may_be_decided_to_mean_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
