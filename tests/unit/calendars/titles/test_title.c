/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "calendars/titles/title.h"
#include "tests/unit/calendars/support.h"

/*
 * The summary of a title, in one line: "named jo-jones" of each part, joined by " + "; times in
 * front ("until 22:00 named a-smith").
 */
static const char *
describe(struct arena *arena, const struct title *title)
{
	struct buf buf = {0};
	const char *text;

	for (size_t i = 0; i < title->nparts; i++) {
		const struct title_part *part = &title->parts[i];

		if (i > 0)
			buf_add_text(&buf, " + ");
		if (part->span == TITLE_BETWEEN)
			buf_printf(&buf, "%02d:%02d-%02d:%02d ", part->from / 60, part->from % 60,
			    part->to / 60, part->to % 60);
		else if (part->span == TITLE_UNTIL)
			buf_printf(&buf, "until %02d:%02d ", part->to / 60, part->to % 60);
		else if (part->span == TITLE_FROM)
			buf_printf(&buf, "from %02d:%02d ", part->from / 60, part->from % 60);
		buf_add_text(&buf, reading_class_name(part->class));
		if (part->person != NULL)
			buf_printf(&buf, " %s", part->person);
		if (part->team != NULL)
			buf_printf(&buf, " (%s)", part->team);
	}
	text = arena_strndup(arena, buf.at, buf.len);
	buf_free(&buf);
	return text;
}

static const char *
read_as(struct arena *arena, const struct reading_options *options, const char *summary)
{
	struct titles titles;

	titles_init(&titles, arena, options);
	return describe(arena, title_read(&titles, summary));
}

struct golden {
	const char *title, *want;
};

static unsigned
try_all(const struct golden *golden, size_t count, const struct reading_options *options)
{
	struct arena *arena = arena_new(0);
	unsigned wrong = 0;

	for (size_t i = 0; i < count; i++) {
		const char *got = read_as(arena, options, golden[i].title);

		if (strcmp(got, golden[i].want) == 0)
			continue;
		print_message(
		    "%s\n  is read as %s\n  instead of %s\n", golden[i].title, got, golden[i].want);
		wrong++;
	}
	arena_free(arena);
	return wrong;
}

/* The titles that rotas really have, and how each must be read. */
static const struct golden rota_titles[] = {
    {"1st on call: Dr A Smith 07700 900123", "named a-smith"},
    {"2nd on call – Dr. Priya Raman (ST5)", "named p-raman"},
    {"3rd oncall Dr O'Neill", "named d-oneill"},
    {"3rd oncall Dr O’Neill", "named d-oneill"},
    {"AMHP – J Jones (swap w/ KL)", "named jo-jones"},
    {"AMHP: KL → JJ", "named jo-jones"},
    {"AMHP: KL -> JJ", "named jo-jones"},
    {"AMHP: XY → QZ", "undecided"},
    {"J Jones swapping with K Lee ?", "tentative jo-jones"},
    {"NO COVER", "nobody"},
    {"No AMHP cover 00:00–08:00 – use EDT", "00:00-08:00 nobody"},
    {"TBC", "undecided"},
    {"Dr Patel TBC", "tentative p-patel"},
    {"AMHP tbc (was S Ahmed)", "undecided"},
    {"VACANT", "nobody"},
    {"*** VACANT ***", "nobody"},
    {"Vacant – out to agency", "nobody"},
    {"Locum", "undecided"},
    {"Locum – Dr Chen (Holt Medical)", "named c-chen"},
    {"Agency AMHP booked – name to follow", "undecided"},
    {"Agency: M. Okafor confirmed", "named m-okafor"},
    {"Cover", "undecided"},
    {"Covered by Trafalgar team", "team (Trafalgar team)"},
    {"Covered by Waterloo team", "undecided"},
    {"CRHT nights – pooled North/South: B Adeyemi + 1", "named b-adeyemi + undecided"},
    {"Early: Sam, Jo / Late: Kim", "tentative jo-jones"},
    {"Dr Smith / Dr Patel", "named a-smith + named p-patel"},
    {"Dr Smith 17–21, Dr Patel 21–09", "17:00-21:00 named a-smith + 21:00-09:00 named p-patel"},
    {"Canceled: AMHP duty – T Brown", "cancelled"},
    {"CANCELLED – see new entry", "cancelled"},
    {"A/L – Dr Smith", "absence a-smith"},
    {"Dr Patel OFF SICK – cover requested", "absence p-patel"},
    {"Study leave JB; JJ covering", "absence j-bull + named jo-jones"},
    {"Bank Holiday", "noise"},
    {"Easter Monday", "noise"},
    {"AMHP team meeting", "noise"},
    {"Handover 09:00", "noise"},
    {"Rota due!", "noise"},
    {"Busy", "unreadable"},
    {"Private Appointment", "unreadable"},
    {"Tentative: Dr H Lee", "tentative h-lee"},
    {"Consultant on call: Dr Mbeki", "named n-mbeki"},
    {"EDT – ring 01632 960456", "team (EDT)"},
    {"AMHP CONS on call Dr A Smith", "named a-smith"},
    {"SpR: Dr A. Smith (NOT Dr Alan Smith)", "named a-smith"},
    {"Duty: Smith", "named a-smith"},
    {"As per Friday", "undecided"},
    {"ditto", "undecided"},
    {"\"", "undecided"},
    {"???", "undecided"},
    {".", "undecided"},
    {"", "undecided"},
    {"Ward round?? Dr Gill doing 1st oncall instead of CT2 Nowak (acting down)", "named g-gill"},
    {"JJ 👍", "named jo-jones"},
    {"jj ok", "named jo-jones"},
    {"Dr Smith until 22.00 then NO COVER", "until 22:00 named a-smith + from 22:00 nobody"},
    {"UNFILLED (Bank) RMN B6", "nobody"},
    {"Shadowing: F Osei with J Jones", "named jo-jones"},
};

static void
titles_of_rotas_are_read_as_people_mean_them(void **state)
{
	struct reading_options options = support_options();

	(void)state;
	assert_int_equal(
	    try_all(rota_titles, sizeof rota_titles / sizeof *rota_titles, &options), 0);
}

static const struct golden more_titles[] = {
    /* Precedence between readings. */
    {"J Jones covering for Dr Smith", "named jo-jones"},
    {"J Jones covering Dr Smith", "named jo-jones"},
    {"Dr Smith covered by J Jones", "named jo-jones"},
    {"Cover for Dr Smith", "undecided"},
    {"Cover Dr Smith", "tentative a-smith"},
    {"J Jones instead of Dr Smith", "named jo-jones"},
    {"J Jones (vice A Smith)", "named jo-jones"},
    {"NOT J Jones", "undecided"},
    {"J Jones not working", "tentative jo-jones"},
    {"F Osei shadowing J Jones", "named jo-jones"},
    {"J Jones + student F Osei", "named jo-jones"},
    {"J Jones (F Osei supernumerary)", "named jo-jones"},
    {"F Osei (induction)", "undecided"},
    {"Trainee AMHP: F Osei", "undecided"},
    /* Doubt. */
    {"J Jones?", "tentative jo-jones"},
    {"? J Jones", "tentative jo-jones"},
    {"AMHP: J Jones (provisional)", "tentative jo-jones"},
    {"J Jones pencilled in", "tentative jo-jones"},
    {"J Jones if needed", "tentative jo-jones"},
    {"J Jones - awaiting confirmation from bank", "tentative jo-jones"},
    {"J Jones or K Lee", "tentative jo-jones + tentative kay-lee"},
    {"Find replacement for J Jones", "undecided"},
    {"J Jones find replacement", "tentative jo-jones"},
    {"J Jones gone fishing", "tentative jo-jones"},
    {"no cover J Jones", "tentative jo-jones"},
    {"AMHP meeting J Jones", "tentative jo-jones"},
    {"J Jones with K Lee", "tentative jo-jones + tentative kay-lee"},
    /* Names. */
    {"Kay Lee", "named kay-lee"},
    {"LEE, Kay", "named kay-lee"},
    {"Lee K", "named kay-lee"},
    {"Dr Lee", "undecided"},  /* Kay or H */
    {"R Green", "undecided"}, /* there are two */
    {"Dr Green", "undecided"},
    {"Alan Smith", "undecided"}, /* says more than we know of A Smith */
    {"Dr Alan Smith", "undecided"},
    {"B Smith", "undecided"},
    {"A Smith-Jones", "undecided"},
    {"Dr van der Berg", "named j-berg"},
    {"J van der Berg", "named j-berg"},
    {"Jan van der Berg", "named j-berg"},
    {"Dr Ní Bhriain", "named e-bhriain"},
    {"E Ni Bhriain", "named e-bhriain"},
    {"O Al-Hassan", "named o-hassan"},
    {"Dr Al Hassan", "named o-hassan"},
    {"AMHP duty 1 May", "undecided"},
    {"Day", "undecided"},
    {"Dr Day", "named j-day"},
    {"J Day", "named j-day"},
    {"Day duty: J Jones", "named jo-jones"},
    {"Dr Zebedee", "undecided"},
    {"Dr Smith and Dr Zebedee", "tentative a-smith + undecided"},
    {"ＡＭＨＰ： Ｊ　Ｊｏｎｅｓ", "named jo-jones"},
    {"AMHP:\u00a0J\u00a0Jones", "named jo-jones"},
    {"\u202eAMHP: J Jones", "tentative jo-jones"},
    /* Labels. */
    {"Fenmere West AMHP: J Jones", "named jo-jones"},
    {"J Jones – Fenmere AMHP", "named jo-jones"},
    {"somewhere AMHP: J Jones", "tentative jo-jones"},
    {"Bank Holiday: J Jones on call", "named jo-jones"},
    {"Night: J Jones", "named jo-jones"},
    {"Bank Staff 1", "undecided"},
    {"EDT", "team (EDT)"},
    {"EDT?", "undecided"},
    {"EDT: J Jones", "named jo-jones"},
    /* Nobody. */
    {"No cover", "nobody"},
    {"Not covered", "nobody"},
    {"NOBODY", "nobody"},
    {"No AMHP", "nobody"},
    {"No consultant cover", "nobody"},
    {"nil", "nobody"},
    {"Sick", "nobody"},
    {"N o  c o v e r", "undecided"},
    /* Away. */
    {"Annual leave", "undecided"},
    {"Annual leave – Dr Zebedee", "undecided"},
    {"A/L - J Jones?", "tentative jo-jones"},
    {"J Jones - AL", "absence jo-jones"},
    {"Canceled: A/L – Dr Smith", "cancelled"},
    {"J Jones A/L, K Lee covering", "absence jo-jones + named kay-lee"},
    {"J Jones instead of Dr Smith (sick)", "absence a-smith + named jo-jones"},
    {"J Jones A/L cancelled", "tentative jo-jones"},
    {"A/L: J Jones, K Lee", "absence jo-jones + absence kay-lee"},
    {"A/L: J Jones, K Lee 9-17", "undecided + tentative kay-lee"},
    {"J Jones 09:00-13:00 then K Lee", "09:00-13:00 named jo-jones + from 13:00 named kay-lee"},
    {"A/L: J Jones nights, K Lee", "tentative jo-jones + tentative kay-lee"},
    {"A/L: J Jones, K Lee covering", "tentative jo-jones + tentative kay-lee"},
    {"A/L: J Jones, K Lee nights", "tentative jo-jones + tentative kay-lee"},
    {"Holiday cover: J Jones", "named jo-jones"},
    {"JJ, off", "absence jo-jones"},
    {"Dr Smith covered", "tentative a-smith"},
    /* Shifts. */
    {"Day/Night: J Jones", "named jo-jones"},
    {"Day: J Jones, Night: K Lee", "tentative jo-jones + tentative kay-lee"},
    /* Times. */
    {"J Jones 9am-5pm", "09:00-17:00 named jo-jones"},
    {"J Jones 0900-1700", "09:00-17:00 named jo-jones"},
    {"J Jones from 18:00", "from 18:00 named jo-jones"},
    {"J Jones 9-5", "09:00-17:00 named jo-jones"},
    {"J Jones 8-8", "named jo-jones"}, /* on an event of these hours: test_when.c */
    {"J Jones until 22:00, K Lee", "tentative jo-jones + tentative kay-lee"},
    {"J Jones 09:00-13:00; K Lee 13:00-17:00",
	"09:00-13:00 named jo-jones + 13:00-17:00 named kay-lee"},
    {"one is cancelled", "undecided"},
};

/* holds: H01.1 */
static void
who_counts_is_decided_by_every_word(void **state)
{
	struct reading_options options = support_options();

	(void)state;
	assert_int_equal(
	    try_all(more_titles, sizeof more_titles / sizeof *more_titles, &options), 0);
}

static void
in_a_calendar_of_absences_a_name_is_an_absence(void **state)
{
	static const struct golden golden[] = {
	    {"J Jones", "absence jo-jones"},
	    {"A/L J Jones", "absence jo-jones"},
	    {"J Jones - Spain", "absence jo-jones"},
	    {"J Jones, K Lee", "absence jo-jones + absence kay-lee"},
	    {"J Jones?", "tentative jo-jones"},
	    {"Cancelled: J Jones A/L", "cancelled"},
	    {"J Jones and Dr Zebedee", "absence jo-jones"},
	    {"Dr Zebedee", "undecided"},
	    {"Bank Holiday", "noise"},
	    {"Busy", "unreadable"},
	};
	struct reading_options options = support_options();

	(void)state;
	options.absences = true;
	assert_int_equal(try_all(golden, sizeof golden / sizeof *golden, &options), 0);
}

/* holds: H01.1 */
static void
without_a_directory_nobody_counts(void **state)
{
	struct reading_options options = support_options();
	struct arena *arena = arena_new(0);
	struct titles titles;

	(void)state;
	options.directory = false;
	titles_init(&titles, arena, &options);
	for (size_t i = 0; i < sizeof rota_titles / sizeof *rota_titles; i++) {
		const struct title *title = title_read(&titles, rota_titles[i].title);

		assert_int_equal(title->nparts, 1);
		assert_int_not_equal(title->parts[0].class, READING_NAMED);
		assert_null(title->parts[0].person);
	}
	assert_string_equal(
	    title_read(&titles, "AMHP: Dr A Smith 07700 900123")->parts[0].shown, "Dr A Smith");
	assert_string_equal(title_read(&titles, "Alice Brown")->parts[0].shown, "Alice Brown");
	assert_string_equal(
	    title_read(&titles, "NO COVER")->parts[0].shown != NULL ? "" : "none", "none");
	arena_free(arena);
}

static void
a_rule_of_the_rota_manager_comes_first(void **state)
{
	static const struct reading_rule rules[] = {
	    {"Lead on site", READING_NAMED, "kay-lee", NULL},
	    {"Zog day", READING_NOISE, NULL, NULL}};
	struct reading_options options = support_options();
	struct arena *arena = arena_new(0);

	(void)state;
	options.rules = rules;
	options.nrules = 2;
	assert_string_equal(read_as(arena, &options, "lead  on SITE"), "named kay-lee");
	assert_string_equal(read_as(arena, &options, "Zog day"), "noise");
	assert_string_equal(read_as(arena, &options, "Zog day 2"), "undecided");
	arena_free(arena);
}

static const char *
ruled(struct arena *arena, const char *written, const char *decided, enum reading_class class)
{
	const struct reading_rule rule = {.title = decided,
	    .class = class,
	    .person = class == READING_NAMED || class == READING_ABSENCE ? "kay-lee" : NULL,
	    .team = class == READING_TEAM ? "EDT" : NULL};
	struct reading_options options = support_options();

	options.rules = &rule;
	options.nrules = 1;
	return read_as(arena, &options, written);
}

static void
a_rule_is_of_the_title_and_not_of_its_spelling(void **state)
{
	static const struct {
		const char *written, *decided;
	} same[] = {
	    {"Zed", "ZED"},
	    {"Zed 07700 900123", "zed"},
	    {"Zed", "Zed 07700 900123"},
	    {"AMHP \xe2\x80\x93 Zed", "AMHP - Zed"},
	    {"Z\xc3\xa9"
	     "d",
		"Zed"},
	    {"Zed \xf0\x9f\x91\x8d", "Zed"},
	    {"\xef\xbc\xba\xef\xbd\x85\xef\xbd\x84", "Zed"},
	};
	static const char *const others[] = {"Zed 2", "AMHP Zed", "Zed TBC", "", "Ze"};
	struct arena *arena = arena_new(0);

	(void)state;
	for (size_t i = 0; i < sizeof same / sizeof *same; i++)
		assert_string_equal(
		    ruled(arena, same[i].written, same[i].decided, READING_NAMED), "named kay-lee");
	for (size_t i = 0; i < sizeof others / sizeof *others; i++)
		assert_null(strstr(ruled(arena, others[i], "Zed", READING_NAMED), "kay-lee"));
	arena_free(arena);
}

/* A title whose summary is shown to somebody who decides must be found again by that summary. */
static void
what_is_shown_of_a_title_finds_it_again(void **state)
{
	struct reading_options options = support_options();
	struct arena *arena = arena_new(0);
	struct reading_titles *titles = reading_titles_open(&options, arena);

	(void)state;
	for (size_t i = 0; i < sizeof rota_titles / sizeof *rota_titles; i++) {
		struct reading_title whole, shown;

		reading_title_of(titles, rota_titles[i].title, &whole);
		reading_title_of(titles, whole.summary, &shown);
		assert_string_equal(shown.key, whole.key);
	}
	arena_free(arena);
}

/* holds: H04.1 */
static void
no_rule_makes_a_placeholder_count(void **state)
{
	static const char *const placeholders[] = {"TBC", "NO COVER", "VACANT", "*** VACANT ***",
	    "Locum", "Cover", "???", ".", "-", "ditto", "Agency AMHP - TBC", "Busy",
	    "Private Appointment", "Bank Holiday", "AMHP team meeting", "No AMHP cover", "Nil",
	    "Canceled: Zed", "Zed until 22.00 then NO COVER", "UNFILLED (Bank) RMN B6", "\"", "",
	    "\xf0\x9f\x91\x8d", "07700 900123", "Zebedee NHS 943 476 5919"};
	struct arena *arena = arena_new(0);

	(void)state;
	for (size_t i = 0; i < sizeof placeholders / sizeof *placeholders; i++) {
		const char *title = placeholders[i];

		assert_null(strstr(ruled(arena, title, title, READING_NAMED), "named"));
		assert_null(strstr(ruled(arena, title, title, READING_TEAM), "team"));
	}
	/* Away from cover every word may be given. */
	assert_string_equal(ruled(arena, "TBC", "TBC", READING_NOBODY), "nobody");
	assert_string_equal(
	    ruled(arena, "Bank Holiday", "Bank Holiday", READING_UNDECIDED), "undecided");
	assert_string_equal(ruled(arena, "A/L", "A/L", READING_ABSENCE), "absence kay-lee");
	/* A title that means something is decided by the manager. */
	assert_string_equal(
	    ruled(arena, "1st on call", "1st on call", READING_NAMED), "named kay-lee");
	assert_string_equal(
	    ruled(arena, "Dr Zebedee?", "Dr Zebedee?", READING_NAMED), "named kay-lee");
	arena_free(arena);
}

static void
the_later_of_two_rules_counts(void **state)
{
	static const struct reading_rule rules[] = {
	    {"Zed", READING_NAMED, "kay-lee", NULL}, {"zed", READING_NOBODY, NULL, NULL}};
	struct reading_options options = support_options();
	struct arena *arena = arena_new(0);

	(void)state;
	options.rules = rules;
	options.nrules = 2;
	assert_string_equal(read_as(arena, &options, "ZED"), "nobody");
	arena_free(arena);
}

static void
in_a_calendar_of_absences_a_rule_names_who_is_away(void **state)
{
	static const struct reading_rule rules[] = {{"Zed", READING_NAMED, "kay-lee", NULL}};
	struct reading_options options = support_options();
	struct arena *arena = arena_new(0);

	(void)state;
	options.rules = rules;
	options.nrules = 1;
	options.absences = true;
	assert_string_equal(read_as(arena, &options, "Zed"), "absence kay-lee");
	arena_free(arena);
}

static const char *
aliased(struct arena *arena, const char *title, const struct reading_alias *aliases, size_t count)
{
	struct reading_options options = support_options();

	options.aliases = aliases;
	options.naliases = count;
	return read_as(arena, &options, title);
}

static void
an_alias_of_the_rota_goes_before_the_directory(void **state)
{
	/* JJ is J Jones by alias, KL is Kay Lee by her initials, RG would be two people. */
	static const struct reading_alias aliases[] = {{"JJ", "t-brown"}, {"KL", "h-lee"},
	    {"RG", "r-green-2"}, {"R Green", "r-green-1"}, {"Zed", "s-ahmed"},
	    {"Big Sam", "p-patel"}};
	static const size_t count = sizeof aliases / sizeof *aliases;
	struct arena *arena = arena_new(0);

	(void)state;
	assert_string_equal(aliased(arena, "JJ", NULL, 0), "named jo-jones");
	assert_string_equal(aliased(arena, "JJ", aliases, count), "named t-brown");
	assert_string_equal(aliased(arena, "AMHP: jj ok", aliases, count), "named t-brown");
	assert_string_equal(aliased(arena, "KL", aliases, count), "named h-lee");
	assert_string_equal(aliased(arena, "RG", NULL, 0), "undecided");
	assert_string_equal(aliased(arena, "RG", aliases, count), "named r-green-2");
	assert_string_equal(aliased(arena, "R Green", aliases, count), "named r-green-1");
	assert_string_equal(aliased(arena, "Dr Zed", aliases, count), "named s-ahmed");
	assert_string_equal(aliased(arena, "Night: Big Sam", aliases, count), "named p-patel");
	/* The directory's other names are as they were, and so is doubt. */
	assert_string_equal(aliased(arena, "J Jones", aliases, count), "named jo-jones");
	assert_string_equal(aliased(arena, "Zed TBC", aliases, count), "tentative s-ahmed");
	assert_string_equal(aliased(arena, "Locum - Zed?", aliases, count), "tentative s-ahmed");
	arena_free(arena);
}

/* holds: H11.1 */
static void
an_alias_that_may_be_two_people_or_nobody_never_counts(void **state)
{
	static const struct reading_alias two[] = {{"JJ", "t-brown"}, {"jj", "h-lee"}},
					  same[] = {{"JJ", "t-brown"}, {"jj", "t-brown"}},
					  gone[] = {{"JJ", NULL}},
					  gone_and_here[] = {{"JJ", NULL}, {"JJ", "t-brown"}},
					  empty[] = {{"", "t-brown"}, {"...", "t-brown"}},
					  doubt[] = {{"JJ TBC", "t-brown"},
					      {"KL or somebody", "t-brown"},
					      {"no cover", "t-brown"}, {"locum Zed", "t-brown"}};
	struct arena *arena = arena_new(0);

	(void)state;
	assert_string_equal(aliased(arena, "JJ", two, 2), "undecided");
	assert_string_equal(aliased(arena, "JJ", same, 2), "named t-brown");
	assert_string_equal(aliased(arena, "JJ", gone, 1), "undecided");
	assert_string_equal(aliased(arena, "JJ", gone_and_here, 2), "undecided");
	assert_string_equal(aliased(arena, "...", empty, 2), "undecided");
	assert_string_equal(aliased(arena, "", empty, 2), "undecided");
	assert_string_equal(aliased(arena, "JJ TBC", doubt, 4), "undecided");
	assert_string_equal(aliased(arena, "KL or somebody", doubt, 4), "undecided");
	assert_string_equal(aliased(arena, "No cover", doubt, 4), "nobody");
	assert_string_equal(aliased(arena, "Locum Zed", doubt, 4), "undecided");
	arena_free(arena);
}

/* holds: H14.3 */
static void
numbers_and_reasons_are_not_kept(void **state)
{
	static const struct golden golden[] = {
	    {"1st on call: Dr A Smith 07700 900123", "1st on call: Dr A Smith"},
	    {"EDT – ring 01632 960456", "EDT - ring"},
	    {"Dr Smith (07700900123)", "Dr Smith"},
	    {"Dr Smith +44 7700 900123 / 0161 496 0000", "Dr Smith"},
	    {"Dr Patel OFF SICK – cover requested", "Dr Patel unavailable - cover requested"},
	    {"A/L – Dr Smith", "unavailable - Dr Smith"},
	    {"Maternity leave: J Jones", "unavailable: J Jones"},
	    {"J Jones 09:00-17:00", "J Jones 09:00-17:00"},
	    {"J Jones 0900-1700", "J Jones 0900-1700"},
	};
	struct reading_options options = support_options();
	struct arena *arena = arena_new(0);
	struct titles titles;

	(void)state;
	titles_init(&titles, arena, &options);
	for (size_t i = 0; i < sizeof golden / sizeof *golden; i++)
		assert_string_equal(title_read(&titles, golden[i].title)->summary, golden[i].want);
	arena_free(arena);
}

/* ---- no disguise makes a placeholder count
 * ---------------------------------------------------------------------------- */

static const char *const placeholders[] = {"TBC", "TBA", "to be confirmed", "VACANT", "NO COVER",
    "UNFILLED", "Locum", "Agency", "Cover", "cancelled", "?", "if needed", "provisional",
    "pencilled", "name to follow", "awaiting", "sick", "A/L", "off", "shadowing", "not working",
    "swap", "hold", "draft", "pending", "nobody", "no AMHP cover", "cover requested",
    "out to agency", "ditto"};

struct random {
	uint64_t state;
};

static uint32_t
next(struct random *random, uint32_t below)
{
	random->state = random->state * 6364136223846793005U + 1442695040888963407U;
	return (uint32_t)(random->state >> 33) % below;
}

static void
add_full_width(struct buf *buf, char c)
{
	unsigned code = 0xff01 + (unsigned)(unsigned char)c - 0x21;
	char utf8[3] = {(char)(0xe0 | code >> 12), (char)(0x80 | (code >> 6 & 0x3f)),
	    (char)(0x80 | (code & 0x3f))};

	buf_add(buf, utf8, 3);
}

/* ${word} in other letters, with invisible marks, in other case. */
static void
add_disguised(struct buf *buf, const char *word, struct random *random)
{
	static const char *const invisible[] = {
	    "\u200b", "\u200d", "\u2060", "\u00ad", "\u202e", "\ufe0f", ""};
	uint32_t style = next(random, 6);

	for (; *word != '\0'; word++) {
		char c = *word;

		if (style == 1 && c >= 'A' && c <= 'z')
			c = (char)(c ^ (next(random, 2) ? 0x20 : 0));
		if (style == 2 && c > 0x20 && c < 0x7f)
			add_full_width(buf, c);
		else if (c == ' ' && style == 3)
			buf_add_text(buf, "\u00a0");
		else
			buf_add(buf, &c, 1);
		if (style == 4)
			buf_add_text(buf, invisible[next(random, 7)]);
	}
	if (style == 5)
		buf_add_text(buf, "!");
}

/* holds: H04.1 */
static void
a_disguised_placeholder_never_counts(void **state)
{
	static const char *const names[] = {"J Jones", "Dr A Smith", "JJ", "", "AMHP"};
	static const char *const frames[] = {
	    "%s %s", "%s - %s", "%s: %s", "%s (%s)", "%s, %s", "%s – %s"};
	struct reading_options options = support_options();
	struct random random = {20261121};
	struct arena *arena = arena_new(0);
	struct titles titles;
	unsigned tried = 0;

	(void)state;
	titles_init(&titles, arena, &options);
	for (unsigned round = 0; round < 12000; round++) {
		const char *word =
		    placeholders[next(&random, sizeof placeholders / sizeof *placeholders)];
		const char *name = names[next(&random, 5)];
		const char *frame = frames[next(&random, 6)];
		bool swapped = next(&random, 2) != 0;
		struct buf disguised = {0};
		struct buf summary = {0};
		const struct title *title;

		/* A locum, or an agency's, who has a name is somebody. */
		if (*name != '\0' &&
		    (strcmp(word, "Locum") == 0 || strcmp(word, "Agency") == 0 ||
			strcmp(word, "Cover") == 0 || strcmp(word, "shadowing") == 0))
			name = "";
		add_disguised(&disguised, word, &random);
		for (const char *at = frame; *at != '\0'; at++) {
			if (*at != '%') {
				buf_add(&summary, at, 1);
				continue;
			}
			at++;
			buf_add_text(&summary, swapped ? disguised.at : name);
			swapped = !swapped;
		}
		title = title_read(&titles, summary.at);
		tried++;
		for (size_t i = 0; i < title->nparts; i++) {
			if (title->parts[i].class == READING_NAMED ||
			    title->parts[i].class == READING_TEAM)
				fail_msg("\"%s\" counts as %s", summary.at, describe(arena, title));
		}
		buf_free(&disguised);
		buf_free(&summary);
	}
	assert_true(tried >= 10000);
	arena_free(arena);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(titles_of_rotas_are_read_as_people_mean_them),
	    cmocka_unit_test(who_counts_is_decided_by_every_word),
	    cmocka_unit_test(in_a_calendar_of_absences_a_name_is_an_absence),
	    cmocka_unit_test(without_a_directory_nobody_counts),
	    cmocka_unit_test(a_rule_of_the_rota_manager_comes_first),
	    cmocka_unit_test(a_rule_is_of_the_title_and_not_of_its_spelling),
	    cmocka_unit_test(what_is_shown_of_a_title_finds_it_again),
	    cmocka_unit_test(no_rule_makes_a_placeholder_count),
	    cmocka_unit_test(the_later_of_two_rules_counts),
	    cmocka_unit_test(in_a_calendar_of_absences_a_rule_names_who_is_away),
	    cmocka_unit_test(an_alias_of_the_rota_goes_before_the_directory),
	    cmocka_unit_test(an_alias_that_may_be_two_people_or_nobody_never_counts),
	    cmocka_unit_test(numbers_and_reasons_are_not_kept),
	    cmocka_unit_test(a_disguised_placeholder_never_counts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
