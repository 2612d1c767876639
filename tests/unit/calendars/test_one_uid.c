/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "server/base/civil.h"
#include "tests/support/rounds.h"
#include "tests/unit/calendars/support.h"

/* Several events that share a UID and change nothing of one another: what each counts as. */
struct want_calendar {
	const char *body, *list, *finding;
};

#define EVENT(lines) "BEGIN:VEVENT\r\n" lines "\r\nEND:VEVENT\r\n"
#define AT(day, more)                                                                              \
	EVENT("UID:a\r\nDTSTART:202607" day "T080000Z\r\nDTEND:202607" day                         \
	      "T090000Z\r\nSUMMARY:J Jones" more)

static void
one_uid_is_one_shift_or_a_habit(void **state)
{
	static const struct want_calendar calendars[] = {
	    /* At one time: versions of one. */
	    {AT("01", "\r\nSEQUENCE:1") AT("01", " TBC"), "0701T0800 named", "the newest was read"},
	    {AT("01", "\r\nDTSTAMP:20260101T000000Z") AT("01", " TBC\r\nDTSTAMP:20260102T000000Z"),
		"0701T0800 tentative", "the newest was read"},
	    {AT("01", "") AT("01", " TBC"), "0701T0800 tentative;0701T0800 tentative",
		"none is newer"},
	    /* Two people may be away at once, and neither may be taken for present. */
	    {AT("01", " A/L")
		    EVENT("UID:a\r\nDTSTART:20260701T080000Z\r\nDTEND:20260701T090000Z\r\n"
			  "SUMMARY:A/L Kay Lee"),
		"0701T0800 absence;0701T0800 absence", "none is newer"},
	    {AT("01", "") AT("01", ""), "0701T0800 named", NULL},
	    /* The same instant in another zone is the same time. */
	    {AT("01", "") EVENT("UID:a\r\nDTSTART;TZID=Europe/London:20260701T090000\r\nDTEND:"
				"20260701T090000Z\r\nSUMMARY:TBC\r\nSEQUENCE:1"),
		"0701T0800 undecided", "the newest was read"},
	    /* At two times: moved, and the old event not deleted. */
	    {AT("01", "\r\nSEQUENCE:1") AT("02", ""), "0701T0800 named;0702T0800 tentative",
		"the newer was read"},
	    {AT("01", "") AT("02", "\r\nSEQUENCE:1"), "0701T0800 tentative;0702T0800 named",
		"the newer was read"},
	    {AT("01", "\r\nDTSTAMP:20260101T000000Z") AT("02", "\r\nDTSTAMP:20260102T000000Z"),
		"0701T0800 tentative;0702T0800 named", "the newer was read"},
	    {AT("01", "\r\nSEQUENCE:1\r\nDTSTAMP:20260101T000000Z")
		    AT("02", "\r\nDTSTAMP:20260102T000000Z"),
		"0701T0800 named;0702T0800 tentative", "the newer was read"},
	    {AT("01", "") AT("02", ""), "0701T0800 tentative;0702T0800 tentative",
		"neither counts"},
	    {AT("01", "\r\nDTSTAMP:20260101T000000Z") AT("02", ""),
		"0701T0800 tentative;0702T0800 tentative", "neither counts"},
	    {AT("01", "\r\nSEQUENCE:1\r\nSTATUS:CANCELLED") AT("02", ""),
		"0701T0800 cancelled;0702T0800 tentative", "the newer was read"},
	    {AT("01", "\r\nSTATUS:CANCELLED") AT("02", "\r\nSEQUENCE:1"),
		"0701T0800 cancelled;0702T0800 named", "the newer was read"},
	    {AT("01", "\r\nSEQUENCE:1") AT("01", "\r\nSEQUENCE:2") AT("02", ""),
		"0701T0800 named;0702T0800 tentative", "the newer was read"},
	    {AT("01", "\r\nRRULE:FREQ=DAILY;COUNT=2") AT("05", "\r\nSEQUENCE:1"),
		"0701T0800 tentative;0702T0800 tentative;0705T0800 named", "the newer was read"},
	    /* At three or more: a program's habit. */
	    {AT("01", "") AT("02", "\r\nSEQUENCE:3") AT("03", "\r\nDTSTAMP:20260101T000000Z"),
		"0701T0800 named;0702T0800 named;0703T0800 named", "all were read"},
	    {AT("01", "") AT("02", "") AT("03", "") AT("03", "") AT("04", " TBC"),
		"0701T0800 named;0702T0800 named;0703T0800 named;0704T0800 tentative",
		"all were read"},
	    /* An absence that may have been moved takes nobody away by itself. */
	    {EVENT("UID:a\r\n"
		   "DTSTART:20260701T080000Z\r\n"
		   "DTEND:20260701T090000Z\r\n"
		   "SUMMARY:J Jones A/L")
		    EVENT("UID:a\r\nDTSTART:20260702T080000Z\r\nDTEND:20260702T090000Z\r\n"
			  "SUMMARY:J Jones A/L\r\nSEQUENCE:1"),
		"0701T0800 tentative;0702T0800 absence", "the newer was read"},
	    {"METHOD:CANCEL\r\n" AT("01", ""), "0701T0800 cancelled", NULL},
	};
	struct reading_options options = support_options();

	(void)state;
	for (size_t i = 0; i < sizeof calendars / sizeof *calendars; i++) {
		struct arena *arena = arena_new(0);
		struct reading reading = support_read(arena, &options,
		    arena_printf(
			arena, "BEGIN:VCALENDAR\r\n%sEND:VCALENDAR\r\n", calendars[i].body));
		const char *got = support_classes(arena, &reading);

		if (strcmp(got, calendars[i].list) != 0)
			fail_msg(
			    "%s\ngives %s\nwants %s", calendars[i].body, got, calendars[i].list);
		if (calendars[i].finding != NULL)
			assert_true(support_finding(&reading, "a", calendars[i].finding));
		else
			assert_int_equal(reading.nfindings, 0);
		arena_free(arena);
	}
}

/* Whatever falls out of a calendar in which all shifts have one UID, the others keep their keys. */
static void
shifts_of_one_uid_keep_their_keys(void **state)
{
	struct reading_options options = support_options();
	struct arena *arena = arena_new(0);
	struct reading before = support_read(arena, &options,
	    "BEGIN:VCALENDAR\r\n" AT("01", "") AT("02", "") AT("03", "")
		AT("04", "") "END:VCALENDAR\r\n");
	struct reading after = support_read(arena, &options,
	    "BEGIN:VCALENDAR\r\n" AT("04", "") AT("03", "") AT("02", "") "END:VCALENDAR\r\n");

	(void)state;
	assert_int_equal(before.noccurrences, 4);
	assert_int_equal(after.noccurrences, 3);
	for (size_t i = 0; i < 3; i++)
		assert_string_equal(before.occurrences[i + 1].key, after.occurrences[i].key);
	arena_free(arena);
}

/* ---- at random, against a second reading of the rule
 * ------------------------------------------------------------------------------------ */

#define EVENTS_MAX 6
#define ROUNDS 1000

struct thing {
	int day, sequence, stamp; /* stamp 0: none */
	bool cancelled;
};

static unsigned
dice(uint64_t *seed, unsigned sides)
{
	*seed = *seed * 6364136223846793005U + 1442695040888963407U;
	return (unsigned)(*seed >> 33) % sides;
}

/* Pair by pair, without an order: whether something of the same day is newer or an equal copy that
 * stands before it. */
static bool
is_beaten(const struct thing *all, size_t count, size_t of)
{
	bool stamped = true;

	for (size_t i = 0; i < count; i++)
		if (all[i].day == all[of].day && all[i].sequence > all[of].sequence)
			return true;
	for (size_t i = 0; i < count; i++)
		if (all[i].day == all[of].day && all[i].sequence == all[of].sequence)
			stamped = stamped && all[i].stamp > 0;
	for (size_t i = 0; i < count; i++) {
		bool same =
		    i != of && all[i].day == all[of].day && all[i].sequence == all[of].sequence;

		if (same && stamped && all[i].stamp > all[of].stamp)
			return true;
		if (same && (!stamped || all[i].stamp == all[of].stamp) && i < of &&
		    all[i].cancelled == all[of].cancelled)
			return true;
	}
	return false;
}

/* The first thing of ${day} that is in force. */
static const struct thing *
in_force(const struct thing *all, size_t count, int day)
{
	const struct thing *found = NULL;

	for (size_t i = 0; i < count; i++) {
		if (all[i].day != day || is_beaten(all, count, i))
			continue;
		if (found == NULL || all[i].stamp > found->stamp)
			found = &all[i];
	}
	for (size_t i = 0; found != NULL && i < count; i++) {
		/* One without a stamp cannot be placed. */
		if (all[i].day == day && all[i].sequence == found->sequence && all[i].stamp == 0)
			return &all[i];
	}
	return found;
}

static size_t
naive(const struct thing *all, size_t count, unsigned named[8], unsigned doubted[8])
{
	const struct thing *first = NULL, *second = NULL;
	size_t days = 0;

	memset(named, 0, 8 * sizeof *named);
	memset(doubted, 0, 8 * sizeof *doubted);
	for (int day = 1; day < 8; day++) {
		const struct thing *here = in_force(all, count, day);

		days += here != NULL;
		if (here != NULL && first == NULL)
			first = here;
		else if (here != NULL && second == NULL)
			second = here;
	}
	for (size_t i = 0; i < count; i++) {
		bool doubt = false;

		if (is_beaten(all, count, i) || all[i].cancelled)
			continue;
		if (days == 2) {
			const struct thing *mine = all[i].day == first->day ? first : second;
			const struct thing *other = mine == first ? second : first;

			doubt = mine->sequence < other->sequence ||
				(mine->sequence == other->sequence &&
				    (mine->stamp == 0 || other->stamp == 0 ||
					mine->stamp <= other->stamp));
		}
		/* Nothing tells whether it was cancelled before or after. */
		for (size_t j = 0; j < count; j++)
			doubt = doubt || (all[j].day == all[i].day && all[j].cancelled &&
					     !is_beaten(all, count, j));
		if (doubt)
			doubted[all[i].day]++;
		else
			named[all[i].day]++;
	}
	return days;
}

static const char *
write_calendar(struct arena *arena, const struct thing *all, size_t count)
{
	const char *text = "BEGIN:VCALENDAR\r\n";

	for (size_t i = 0; i < count; i++)
		text = arena_printf(arena,
		    "%sBEGIN:VEVENT\r\n"
		    "UID:a\r\n"
		    "DTSTART:2026070%dT080000Z\r\n"
		    "DTEND:2026070%dT090000Z\r\n"
		    "SUMMARY:J Jones\r\n"
		    "SEQUENCE:%d\r\n"
		    "%s%sEND:VEVENT\r\n",
		    text, all[i].day, all[i].day, all[i].sequence,
		    all[i].cancelled ? "STATUS:CANCELLED\r\n" : "",
		    all[i].stamp == 0
			? ""
			: arena_printf(arena, "DTSTAMP:202601%02dT000000Z\r\n", all[i].stamp));
	return arena_printf(arena, "%sEND:VCALENDAR\r\n", text);
}

/* holds: H08.1 */
static void
a_second_reading_of_the_rule_agrees(void **state)
{
	struct reading_options options = support_options();
	uint64_t seed = 20261129;
	size_t seen[8] = {0};
	unsigned count_of_rounds = rounds(ROUNDS);

	(void)state;
	for (unsigned round = 0; round < count_of_rounds; round++) {
		struct arena *arena = arena_new(0);
		struct thing all[EVENTS_MAX];
		size_t count = 1 + dice(&seed, EVENTS_MAX);
		unsigned days = 1 + dice(&seed, 4);
		unsigned named[8], doubted[8], got[2][8] = {{0}};
		struct reading reading;

		for (size_t i = 0; i < count; i++)
			all[i] = (struct thing){1 + (int)dice(&seed, days), (int)dice(&seed, 2),
			    (int)dice(&seed, 3), dice(&seed, 6) == 0};
		seen[naive(all, count, named, doubted)]++;
		reading = support_read(arena, &options, write_calendar(arena, all, count));
		for (size_t i = 0; i < reading.noccurrences; i++) {
			const struct reading_occurrence *o = &reading.occurrences[i];
			int day = civil_of(o->start).day;

			if (o->class == READING_NAMED || o->class == READING_TENTATIVE)
				got[o->class == READING_TENTATIVE][day]++;
		}
		if (memcmp(got[0], named, sizeof named) != 0 ||
		    memcmp(got[1], doubted, sizeof doubted) != 0)
			fail_msg("%s\nis read as %s", write_calendar(arena, all, count),
			    support_classes(arena, &reading));
		arena_free(arena);
	}
	for (size_t days = 1; days <= 4; days++)
		assert_true(seen[days] > count_of_rounds / 40);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(one_uid_is_one_shift_or_a_habit),
	    cmocka_unit_test(shifts_of_one_uid_keep_their_keys),
	    cmocka_unit_test(a_second_reading_of_the_rule_agrees),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
