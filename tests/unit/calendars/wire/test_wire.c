/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "server/base/civil.h"
#include "server/base/pack.h"
#include "tests/unit/calendars/support.h"

static const char calendar[] = "BEGIN:VCALENDAR\r\n"
			       "X-WR-CALNAME:Fenmere AMHP\r\n"
			       "BEGIN:VEVENT\r\n"
			       "UID:a\r\n"
			       "DTSTART;TZID=Europe/London:20261024T200000\r\n"
			       "DTEND;TZID=Europe/London:20261025T080000\r\n"
			       "SUMMARY:J Jones / Kay Lee\r\n"
			       "STATUS:CONFIRMED\r\n"
			       "END:VEVENT\r\n"
			       "BEGIN:VEVENT\r\n"
			       "UID:b\r\n"
			       "DTSTART:20260701T080000Z\r\n"
			       "DTEND:20260701T090000Z\r\n"
			       "SUMMARY:EDT\r\n"
			       "RRULE:FREQ=MONTHLY\r\n"
			       "END:VEVENT\r\n"
			       "BEGIN:VEVENT\r\n"
			       "UID:c\r\n"
			       "DTSTART:20260701T080000Z\r\n"
			       "DTEND:20260701T070000Z\r\n"
			       "END:VEVENT\r\n"
			       "BEGIN:VEVENT\r\n"
			       "UID:d\r\n"
			       "DTSTART:20260702T080000Z\r\n"
			       "DTEND:20260702T090000Z\r\n"
			       "SUMMARY:Dr Zebedee TBC\r\n"
			       "END:VEVENT\r\n"
			       "END:VCALENDAR\r\n";

static const struct reading_rule rules[] = {{"Front desk", READING_NAMED, "kay-lee", NULL},
    {"Hub", READING_TEAM, NULL, "EDT"}, {"Team day", READING_NOISE, NULL, NULL}};
static const struct reading_alias aliases[] = {{"Zebedee", "t-brown"}, {"KL", NULL}};

static const struct reading_zone zones[] = {{"Fenmere Time", "Europe/London"}, {"Z", "UTC"}};
static const struct reading_word words[] = {{"jury duty", READING_WORD_AWAY},
    {"Surge-AM", READING_WORD_NOTHING}, {"desert", READING_WORD_NOBODY}};
static const char *const known_names[] = {"Alderbrook", NULL};
static const char *const own_names[] = {"fenmere-htt", NULL};

static const char *const early[] = {"Early", NULL};
static const struct reading_shift_code codes[] = {
    {"E", early, READING_CODE_HOURS, 7 * 3600, 15 * 3600},
    {"N", NULL, READING_CODE_HOURS, 20 * 3600, 86400},
    {"AL", NULL, READING_CODE_ABSENCE, 0, 0},
};

static struct reading_options
make_options(void)
{
	struct reading_options options = support_options();

	options.rules = rules;
	options.nrules = sizeof rules / sizeof *rules;
	options.aliases = aliases;
	options.naliases = sizeof aliases / sizeof *aliases;
	options.words = words;
	options.nwords = sizeof words / sizeof *words;
	options.known_names = known_names;
	options.own_names = own_names;
	options.all_day_rule = true;
	options.all_day_start = 9 * 3600;
	options.all_day_hours = 24;
	options.shift_codes = codes;
	options.nshift_codes = sizeof codes / sizeof *codes;
	options.zones = zones;
	options.nzones = sizeof zones / sizeof *zones;
	return options;
}

static struct buf
answer_for(const struct reading_options *options, const char *text)
{
	struct reading_tools tools = {support_zones()};
	struct buf request = {0};
	struct buf answer = {0};

	reading_pack_request(&request, options, slice_of(text));
	reading_answer(&tools, (struct slice){request.at, request.len}, &answer);
	buf_free(&request);
	return answer;
}

static void
assert_text(const char *a, const char *b)
{
	assert_int_equal(a == NULL, b == NULL);
	if (a != NULL)
		assert_string_equal(a, b);
}

static void
assert_same(const struct reading *a, const struct reading *b)
{
	assert_int_equal(a->refused, b->refused);
	assert_int_equal(a->endless, b->endless);
	assert_int_equal(a->events, b->events);
	assert_int_equal(a->first, b->first);
	assert_int_equal(a->horizon, b->horizon);
	assert_text(a->zone_used, b->zone_used);
	assert_text(a->calendar_name, b->calendar_name);
	assert_int_equal(a->nversions, b->nversions);
	for (size_t i = 0; i < a->nversions; i++) {
		assert_true(a->versions[i].event == b->versions[i].event);
		assert_true(a->versions[i].content == b->versions[i].content);
		assert_true(a->versions[i].sequence == b->versions[i].sequence);
		assert_true(a->versions[i].dtstamp == b->versions[i].dtstamp);
		assert_string_equal(a->versions[i].uid, b->versions[i].uid);
		assert_int_equal(a->versions[i].line, b->versions[i].line);
	}
	assert_int_equal(a->nunknown_zones, b->nunknown_zones);
	for (size_t i = 0; i < a->nunknown_zones; i++) {
		assert_string_equal(a->unknown_zones[i].name, b->unknown_zones[i].name);
		assert_int_equal(a->unknown_zones[i].events, b->unknown_zones[i].events);
	}
	assert_int_equal(a->ambiguous_dates, b->ambiguous_dates);
	assert_int_equal(a->ndates, b->ndates);
	for (size_t i = 0; i < a->ndates; i++) {
		assert_int_equal(a->dates[i].line, b->dates[i].line);
		assert_string_equal(a->dates[i].written, b->dates[i].written);
		assert_int_equal(a->dates[i].dmy, b->dates[i].dmy);
		assert_int_equal(a->dates[i].mdy, b->dates[i].mdy);
	}
	assert_memory_equal(a->counts, b->counts, sizeof a->counts);
	assert_int_equal(a->noccurrences, b->noccurrences);
	for (size_t i = 0; i < a->noccurrences; i++) {
		const struct reading_occurrence *x = &a->occurrences[i];
		const struct reading_occurrence *y = &b->occurrences[i];

		assert_int_equal(x->start, y->start);
		assert_int_equal(x->end, y->end);
		assert_string_equal(x->uid, y->uid);
		assert_string_equal(x->key, y->key);
		assert_int_equal(x->recurrence, y->recurrence);
		assert_string_equal(x->summary, y->summary);
		assert_text(x->status, y->status);
		assert_int_equal(x->class, y->class);
		assert_text(x->person, y->person);
		assert_text(x->shown, y->shown);
		assert_text(x->team, y->team);
		assert_int_equal(x->line, y->line);
	}
	assert_int_equal(a->nunknown_words, b->nunknown_words);
	assert_int_equal(a->more_unknown_words, b->more_unknown_words);
	for (size_t i = 0; i < a->nunknown_words; i++) {
		assert_string_equal(a->unknown_words[i].word, b->unknown_words[i].word);
		assert_int_equal(a->unknown_words[i].shifts, b->unknown_words[i].shifts);
		assert_string_equal(a->unknown_words[i].example, b->unknown_words[i].example);
	}
	assert_int_equal(a->nfindings, b->nfindings);
	for (size_t i = 0; i < a->nfindings; i++) {
		assert_int_equal(a->findings[i].level, b->findings[i].level);
		assert_text(a->findings[i].uid, b->findings[i].uid);
		assert_string_equal(a->findings[i].text, b->findings[i].text);
		assert_string_equal(a->findings[i].remedy, b->findings[i].remedy);
		assert_int_equal(a->findings[i].start, b->findings[i].start);
		assert_int_equal(a->findings[i].end, b->findings[i].end);
		assert_int_equal(a->findings[i].blinds, b->findings[i].blinds);
	}
}

static void
a_reading_crosses_the_border_unchanged(void **state)
{
	static const char *const texts[] = {calendar, "<html>",
	    "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", "BEGIN:VCALENDAR\r\nEND:V\xb3\r\n",
	    "BEGIN:VCALENDAR\r\nBEGIN:X\xb3\r\nBEGIN:VEVENT\r\nEND:VEVENT\r\nEND:X\xb3\r\nEND:"
	    "VCALENDAR\r\n",
	    "BEGIN:VCALENDAR\r\nBEGIN:VTIMEZONE\r\nTZID:Z\r\nEND:VTIMEZONE\r\nEND:VCALENDAR\r\n"};
	struct reading_options options = make_options();

	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		struct arena *arena = arena_new(0);
		struct reading here = support_read(arena, &options, texts[i]);
		struct buf answer = answer_for(&options, texts[i]);
		struct reading there;

		assert_int_equal(
		    reading_unpack((struct slice){answer.at, answer.len}, &options, arena, &there),
		    STATUS_OK);
		assert_same(&here, &there);
		buf_free(&answer);
		arena_free(arena);
	}
}

static void
an_answer_cut_short_is_malformed(void **state)
{
	struct reading_options options = make_options();
	struct buf answer = answer_for(&options, calendar);

	(void)state;
	assert_true(answer.len > 200);
	for (size_t len = 0; len < answer.len; len++) {
		struct arena *arena = arena_new(0);
		struct reading reading = {.events = 77};
		char *copy = malloc(len + 1);

		memcpy(copy, answer.at, len);
		assert_int_equal(
		    reading_unpack((struct slice){copy, len}, &options, arena, &reading),
		    STATUS_MALFORMED);
		assert_int_equal(reading.events, 77);
		free(copy);
		arena_free(arena);
	}
	buf_add(&answer, "x", 1);
	{
		struct arena *arena = arena_new(0);
		struct reading reading;

		assert_int_equal(reading_unpack((struct slice){answer.at, answer.len}, &options,
				     arena, &reading),
		    STATUS_MALFORMED);
		arena_free(arena);
	}
	buf_free(&answer);
}

static bool
knows(const struct reading_options *options, const char *person)
{
	for (size_t i = 0; i < options->npeople; i++) {
		if (strcmp(options->people[i].id, person) == 0)
			return true;
	}
	return false;
}

/* A reading that is taken from a damaged answer still keeps every promise of the header. */
static void
assert_promises(const struct reading *reading, const struct reading_options *options)
{
	uint32_t counts[READING_CLASSES] = {0};

	for (size_t i = 0; i < reading->noccurrences; i++) {
		const struct reading_occurrence *o = &reading->occurrences[i];

		assert_true(
		    o->start < o->end && o->start < options->until && o->end > options->from);
		assert_true(o->class < READING_CLASSES);
		assert_true(o->person == NULL || knows(options, o->person));
		assert_true(text_utf8_valid(o->summary, strlen(o->summary)));
		assert_true(i == 0 || reading->occurrences[i - 1].start <= o->start);
		counts[o->class]++;
	}
	for (size_t i = 0; i < reading->nunknown_words; i++) {
		assert_true(reading->unknown_words[i].shifts <= reading->noccurrences);
		assert_true(i == 0 || reading->unknown_words[i - 1].shifts >=
					  reading->unknown_words[i].shifts);
	}
	for (size_t i = 0; i < READING_UNREADABLE; i++)
		assert_int_equal(counts[i], reading->counts[i]);
	assert_true(!reading->refused || reading->noccurrences == 0);
}

static void
a_changed_answer_is_malformed_or_keeps_every_promise(void **state)
{
	struct reading_options options = make_options();
	struct buf answer = answer_for(&options, calendar);
	unsigned taken = 0;
	unsigned refused = 0;

	(void)state;
	for (size_t at = 0; at < answer.len; at++) {
		static const unsigned char changes[] = {0x01, 0x02, 0x10, 0x80, 0xff};

		for (size_t c = 0; c < sizeof changes; c++) {
			struct arena *arena = arena_new(0);
			struct reading reading;
			char keep = answer.at[at];

			answer.at[at] = (char)(keep ^ (char)changes[c]);
			if (reading_unpack((struct slice){answer.at, answer.len}, &options, arena,
				&reading) == STATUS_OK) {
				assert_promises(&reading, &options);
				taken++;
			} else
				refused++;
			answer.at[at] = keep;
			arena_free(arena);
		}
	}
	assert_true(refused > 1000);
	assert_true(taken > 0);
	buf_free(&answer);
}

/* Every other text of a request may be missing. */
static void
a_request_without_a_zone_is_none(void **state)
{
	const size_t before = 4 + 1 + 8 + 8, zone = 4 + strlen("Europe/London");
	struct reading_tools tools = {support_zones()};
	struct reading_options options = support_options();
	struct buf request = {0}, without = {0}, answer = {0};

	(void)state;
	reading_pack_request(&request, &options, slice_of(""));
	assert_memory_equal(request.at + before + 4, "Europe/London", zone - 4);
	buf_add(&without, request.at, before);
	pack_text(&without, NULL);
	buf_add(&without, request.at + before + zone, request.len - before - zone);
	reading_answer(&tools, (struct slice){without.at, without.len}, &answer);
	assert_int_equal(answer.len, 0);
	reading_answer(&tools, (struct slice){request.at, request.len}, &answer);
	assert_true(answer.len > 0);
	buf_free(&request);
	buf_free(&without);
	buf_free(&answer);
}

static void
a_damaged_request_is_answered_with_nothing_or_a_reading(void **state)
{
	struct reading_options options = make_options();
	struct reading_tools tools = {support_zones()};
	struct buf request = {0};

	(void)state;
	reading_pack_request(&request, &options, slice_of(calendar));
	for (size_t len = 0; len < request.len; len += 3) {
		struct buf answer = {0};
		char *copy = malloc(len + 1);

		memcpy(copy, request.at, len);
		reading_answer(&tools, (struct slice){copy, len}, &answer);
		assert_int_equal(answer.len, 0);
		free(copy);
		buf_free(&answer);
	}
	for (size_t at = 0; at < request.len; at += 5) {
		struct buf answer = {0};

		request.at[at] = (char)(request.at[at] ^ 0x11);
		reading_answer(&tools, (struct slice){request.at, request.len}, &answer);
		request.at[at] = (char)(request.at[at] ^ 0x11);
		buf_free(&answer);
	}
	buf_free(&request);
}

/* The other side may invent nobody. */
static void
names_that_the_directory_has_not_are_malformed(void **state)
{
	struct reading_options options = make_options();
	struct buf answer = answer_for(&options, calendar);
	struct arena *arena = arena_new(0);
	struct reading reading;
	static const struct reading_person nobody[] = {{"somebody-else", "S Else", NULL}};

	(void)state;
	options.people = nobody;
	options.npeople = 1;
	options.nrules = 0;
	assert_int_equal(
	    reading_unpack((struct slice){answer.at, answer.len}, &options, arena, &reading),
	    STATUS_MALFORMED);
	buf_free(&answer);
	arena_free(arena);
}

/* A line of a team that is only tentative is undecided, and no team's: its whole calendar was once
 * taken for a hostile answer. */
static void
a_tentative_team_line_crosses_the_border(void **state)
{
	static const char text[] =
	    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:a\r\nSTATUS:TENTATIVE\r\n"
	    "DTSTART:20260701T080000Z\r\nDTEND:20260701T090000Z\r\nSUMMARY:EDT\r\n"
	    "END:VEVENT\r\nEND:VCALENDAR\r\n";
	struct reading_tools tools = {support_zones()};
	struct reading_options options = support_options();
	struct arena *arena = arena_new(0);
	struct buf request = {0}, answer = {0};
	struct reading reading;

	(void)state;
	reading_pack_request(&request, &options, slice_of(text));
	reading_answer(&tools, (struct slice){request.at, request.len}, &answer);
	assert_int_equal(
	    reading_unpack((struct slice){answer.at, answer.len}, &options, arena, &reading),
	    STATUS_OK);
	assert_int_equal(reading.noccurrences, 1);
	assert_int_equal(reading.occurrences[0].class, READING_UNDECIDED);
	assert_null(reading.occurrences[0].team);
	buf_free(&request);
	buf_free(&answer);
	arena_free(arena);
}

static struct reading
read_across(struct arena *arena, const struct reading_options *options, const char *text)
{
	struct buf answer = answer_for(options, text);
	struct reading reading;

	assert_int_equal(
	    reading_unpack((struct slice){answer.at, answer.len}, options, arena, &reading),
	    STATUS_OK);
	buf_free(&answer);
	return reading;
}

static void
decisions_cross_the_border(void **state)
{
	static const char text[] =
	    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\n"
	    "BEGIN:VEVENT\r\nUID:a\r\nDTSTART:20260701T080000Z\r\nDTEND:20260701T090000Z\r\n"
	    "SUMMARY:Zebedee\r\nEND:VEVENT\r\n"
	    "BEGIN:VEVENT\r\nUID:b\r\nDTSTART:20260702T080000Z\r\nDTEND:20260702T090000Z\r\n"
	    "SUMMARY:KL\r\nEND:VEVENT\r\n"
	    "BEGIN:VEVENT\r\nUID:c\r\nDTSTART:20260703T080000Z\r\nDTEND:20260703T090000Z\r\n"
	    "SUMMARY:hub\r\nEND:VEVENT\r\n"
	    "BEGIN:VEVENT\r\nUID:d\r\nDTSTART:20260704T080000Z\r\nDTEND:20260704T090000Z\r\n"
	    "SUMMARY:front desk\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
	struct reading_options options = make_options();
	struct arena *arena = arena_new(0);
	struct reading reading = read_across(arena, &options, text);

	(void)state;
	assert_int_equal(reading.noccurrences, 4);
	assert_int_equal(reading.occurrences[0].class, READING_NAMED);
	assert_string_equal(reading.occurrences[0].person, "t-brown");
	/* Kay Lee's own initials, but the person whom the rota meant by them has left. */
	assert_int_equal(reading.occurrences[1].class, READING_UNDECIDED);
	assert_null(reading.occurrences[1].person);
	assert_int_equal(reading.occurrences[2].class, READING_TEAM);
	assert_string_equal(reading.occurrences[2].team, "EDT");
	assert_int_equal(reading.occurrences[3].class, READING_NAMED);
	assert_string_equal(reading.occurrences[3].person, "kay-lee");
	arena_free(arena);
}

/* Each of these titles has a word that is in no list. */
static void
words_cross_the_border_and_what_depends_on_unknown_ones_comes_back(void **state)
{
	struct reading_options options = make_options();
	struct arena *arena = arena_new(0);
	struct buf text = {0};
	struct reading reading;
	static const char *const titles[] = {"Surge-AM J Jones", "Surge-PM J Jones", "desert",
	    "surge-pm Kay Lee", "jury duty: J Jones", "Zogs J Jones", "Alderbrook J Jones",
	    "HTT: J Jones"};
	static const enum reading_class classes[] = {READING_NAMED, READING_TENTATIVE,
	    READING_NOBODY, READING_TENTATIVE, READING_ABSENCE, READING_TENTATIVE, READING_NAMED,
	    READING_NAMED};

	(void)state;
	buf_add_text(&text, "BEGIN:VCALENDAR\r\nVERSION:2.0\r\n");
	for (int i = 0; i < 8; i++)
		buf_printf(&text,
		    "BEGIN:VEVENT\r\nUID:%d\r\nDTSTART:2026070%dT080000Z\r\n"
		    "DTEND:2026070%dT090000Z\r\nSUMMARY:%s\r\nEND:VEVENT\r\n",
		    i, i + 1, i + 1, titles[i]);
	buf_add_text(&text, "END:VCALENDAR\r\n");
	reading = read_across(arena, &options, arena_strndup(arena, text.at, text.len));
	buf_free(&text);
	assert_int_equal(reading.noccurrences, 8);
	for (int i = 0; i < 8; i++)
		assert_int_equal(reading.occurrences[i].class, classes[i]);
	assert_int_equal(reading.nunknown_words, 2);
	assert_string_equal(reading.unknown_words[0].word, "Surge-PM");
	assert_int_equal(reading.unknown_words[0].shifts, 2);
	assert_string_equal(reading.unknown_words[0].example, "Surge-PM J Jones");
	assert_string_equal(reading.unknown_words[1].word, "Zogs");
	assert_int_equal(reading.unknown_words[1].shifts, 1);
	arena_free(arena);
}

/* A decision that may not be made makes the request malformed: nothing is read by it. */
static void
a_decision_that_says_what_it_may_not_is_answered_with_nothing(void **state)
{
	static const struct reading_rule unsound[] = {{"Zed", READING_NAMED, NULL, NULL},
	    {"Zed", READING_NAMED, "somebody-else", NULL}, {"Zed", READING_NAMED, "kay-lee", "EDT"},
	    {"Zed", READING_ABSENCE, NULL, NULL}, {"Zed", READING_TEAM, NULL, NULL},
	    {"Zed", READING_TEAM, NULL, "Nowhere team"}, {"Zed", READING_TEAM, "kay-lee", "EDT"},
	    {"Zed", READING_NOBODY, "kay-lee", NULL}, {"Zed", READING_UNDECIDED, NULL, "EDT"},
	    {"Zed", READING_TENTATIVE, "kay-lee", NULL}, {"Zed", READING_CANCELLED, NULL, NULL},
	    {"Zed", READING_UNREADABLE, NULL, NULL}, {"Zed", READING_CLASSES, NULL, NULL},
	    {NULL, READING_NOISE, NULL, NULL}};
	static const struct reading_alias stranger[] = {{"JJ", "somebody-else"}},
					  nothing[] = {{NULL, "kay-lee"}};
	static const struct reading_word wordless[] = {
	    {NULL, READING_WORD_AWAY}, {"zed", READING_WORD_MEANINGS}};
	struct buf answer;

	(void)state;
	for (size_t i = 0; i < sizeof unsound / sizeof *unsound; i++) {
		struct reading_options options = support_options();

		options.rules = &unsound[i];
		options.nrules = 1;
		answer = answer_for(&options, calendar);
		assert_int_equal(answer.len, 0);
		buf_free(&answer);
	}
	for (size_t i = 0; i < 2; i++) {
		struct reading_options options = support_options();

		options.aliases = i == 0 ? stranger : nothing;
		options.naliases = 1;
		answer = answer_for(&options, calendar);
		assert_int_equal(answer.len, 0);
		buf_free(&answer);
		options = support_options();
		options.words = &wordless[i];
		options.nwords = 1;
		answer = answer_for(&options, calendar);
		assert_int_equal(answer.len, 0);
		buf_free(&answer);
	}
}

/* All that says how a grid is read reaches the reader. */
static void
a_grid_is_read_as_it_is_here(void **state)
{
	static const char *const own[] = {"AMHP", "AMHP 2nd", NULL};
	static const char text[] = "Date,AMHP,AMHP 2nd,EDT\r\n2026-01-09,J Jones,,Kay Lee\r\n"
				   "2026-01-10,,Kay Lee,J Jones\r\n2026-01-12,J Jones,,\r\n";
	int64_t holiday = civil_days(2026, 1, 12);
	struct reading_options options = make_options();
	struct arena *arena = arena_new(0);
	struct reading here, there;
	struct buf answer;

	(void)state;
	options.kind = READING_CSV;
	options.grid = (struct reading_grid){READING_DATES_BY_ROLES, own,
	    {true, 9 * 3600, 17 * 3600}, {true, 10 * 3600, 0}, {true, 11 * 3600, 12 * 3600}};
	options.holidays = &holiday;
	options.nholidays = 1;
	here = support_read(arena, &options, text);
	answer = answer_for(&options, text);
	assert_int_equal(
	    reading_unpack((struct slice){answer.at, answer.len}, &options, arena, &there),
	    STATUS_OK);
	assert_string_equal(support_spans(arena, &here),
	    "0109T0900-0109T1700 named;0110T1000-0111T0000 named;0112T1100-0112T1200 named");
	assert_string_equal(support_spans(arena, &there), support_spans(arena, &here));
	buf_free(&answer);
	arena_free(arena);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_grid_is_read_as_it_is_here),
	    cmocka_unit_test(a_reading_crosses_the_border_unchanged),
	    cmocka_unit_test(a_tentative_team_line_crosses_the_border),
	    cmocka_unit_test(an_answer_cut_short_is_malformed),
	    cmocka_unit_test(a_changed_answer_is_malformed_or_keeps_every_promise),
	    cmocka_unit_test(a_request_without_a_zone_is_none),
	    cmocka_unit_test(a_damaged_request_is_answered_with_nothing_or_a_reading),
	    cmocka_unit_test(decisions_cross_the_border),
	    cmocka_unit_test(words_cross_the_border_and_what_depends_on_unknown_ones_comes_back),
	    cmocka_unit_test(a_decision_that_says_what_it_may_not_is_answered_with_nothing),
	    cmocka_unit_test(names_that_the_directory_has_not_are_malformed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
