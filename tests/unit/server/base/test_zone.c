/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "server/base/civil.h"
#include "server/base/file.h"
#include "server/base/zone.h"
#include "tests/support/rounds.h"

#define TZDIR "/usr/share/zoneinfo"

static int64_t
at(int year, int month, int day, int hour, int minute)
{
	struct civil c = {year, month, day, hour, minute, 0};

	return civil_seconds(&c);
}

static int
open_db(void **state)
{
	struct zonedb *db;

	if (zonedb_open(TZDIR, &db) != STATUS_OK)
		return -1;
	*state = db;
	return 0;
}

static int
close_db(void **state)
{
	zonedb_free(*state);
	return 0;
}

static const struct zone *
find(void **state, const char *name)
{
	const struct zone *zone = zonedb_find(*state, name);

	assert_non_null(zone);
	return zone;
}

/* The C library reads the same files by its own code: every hour of the years that matter, and
 * beyond the tables. */
static void
offsets_agree_with_the_c_library(void **state)
{
	static const char *const names[] = {"Europe/London", "Europe/Dublin", "America/New_York",
	    "Australia/Sydney", "Asia/Kolkata", "America/St_Johns", "Pacific/Apia",
	    "Africa/Casablanca", "America/Nuuk", "Asia/Gaza", "Australia/Lord_Howe",
	    "Pacific/Chatham", "Etc/GMT+5"};
	static const int spans[][2] = {{1968, 1974}, {2024, 2029}, {2036, 2041}, {2090, 2093}};

	for (size_t n = 0; n < sizeof names / sizeof *names; n++) {
		const struct zone *zone = find(state, names[n]);

		setenv("TZ", names[n], 1);
		tzset();
		for (size_t s = 0; s < sizeof spans / sizeof *spans; s++) {
			for (int64_t utc = at(spans[s][0], 1, 1, 0, 30);
			     utc < at(spans[s][1], 1, 1, 0, 0); utc += 3600) {
				time_t when = (time_t)utc;
				struct tm tm;

				assert_non_null(localtime_r(&when, &tm));
				if (zone_offset(zone, utc) != tm.tm_gmtoff)
					fail_msg("%s at %lld", names[n], (long long)utc);
			}
		}
	}
	unsetenv("TZ");
	tzset();
}

static void
an_instant_and_its_wall_clock_go_both_ways(void **state)
{
	static const char *const names[] = {"Europe/London", "America/New_York",
	    "Australia/Lord_Howe", "Pacific/Apia", "Asia/Kolkata"};

	for (size_t n = 0; n < sizeof names / sizeof *names; n++) {
		const struct zone *zone = find(state, names[n]);
		int64_t end = at(2022 + (int)rounds(3), 1, 1, 0, 0);

		for (int64_t utc = at(2022, 1, 1, 0, 0); utc < end; utc += 1800) {
			enum zone_fit fit;
			int64_t back = zone_instant(zone, zone_local(zone, utc), &fit);

			if (fit == ZONE_EXACT)
				assert_int_equal(back, utc);
			else {
				assert_int_equal(fit, ZONE_IN_FOLD);
				assert_true(back <= utc);
				assert_int_equal(zone_local(zone, back), zone_local(zone, utc));
			}
		}
	}
}

static void
a_time_in_the_spring_gap_takes_the_offset_before_it(void **state)
{
	const struct zone *london = find(state, "Europe/London");
	const struct zone *new_york = find(state, "America/New_York");
	enum zone_fit fit;

	assert_int_equal(
	    zone_instant(london, at(2026, 3, 29, 1, 30), &fit), at(2026, 3, 29, 1, 30));
	assert_int_equal(fit, ZONE_IN_GAP);
	assert_int_equal(
	    zone_instant(london, at(2026, 3, 29, 0, 59), &fit), at(2026, 3, 29, 0, 59));
	assert_int_equal(fit, ZONE_EXACT);
	assert_int_equal(zone_instant(london, at(2026, 3, 29, 2, 0), &fit), at(2026, 3, 29, 1, 0));
	assert_int_equal(fit, ZONE_EXACT);
	assert_int_equal(
	    zone_instant(new_york, at(2026, 3, 8, 2, 30), &fit), at(2026, 3, 8, 7, 30));
	assert_int_equal(fit, ZONE_IN_GAP);
	/* Beyond the table of the file. */
	assert_int_equal(
	    zone_instant(london, at(2060, 3, 28, 1, 15), &fit), at(2060, 3, 28, 1, 15));
	assert_int_equal(fit, ZONE_IN_GAP);
}

static void
a_time_in_the_autumn_fold_is_the_first(void **state)
{
	const struct zone *london = find(state, "Europe/London");
	const struct zone *dublin = find(state, "Europe/Dublin");
	enum zone_fit fit;

	assert_int_equal(
	    zone_instant(london, at(2026, 10, 25, 1, 30), &fit), at(2026, 10, 25, 0, 30));
	assert_int_equal(fit, ZONE_IN_FOLD);
	assert_int_equal(
	    zone_instant(dublin, at(2026, 10, 25, 1, 30), &fit), at(2026, 10, 25, 0, 30));
	assert_int_equal(fit, ZONE_IN_FOLD);
	assert_int_equal(
	    zone_instant(london, at(2026, 10, 25, 2, 0), NULL), at(2026, 10, 25, 2, 0));
	assert_int_equal(
	    zone_instant(london, at(2026, 10, 25, 0, 59), NULL), at(2026, 10, 24, 23, 59));
}

/* Samoa had no 30 December 2011. */
static void
a_whole_day_may_be_missing(void **state)
{
	const struct zone *apia = find(state, "Pacific/Apia");
	enum zone_fit fit;

	assert_int_equal(
	    zone_instant(apia, at(2011, 12, 30, 12, 0), &fit), at(2011, 12, 30, 22, 0));
	assert_int_equal(fit, ZONE_IN_GAP);
	assert_int_equal(zone_instant(apia, at(2011, 12, 31, 0, 0), &fit), at(2011, 12, 30, 10, 0));
	assert_int_equal(fit, ZONE_EXACT);
}

static void
text_is_for_people(void **state)
{
	const struct zone *london = find(state, "Europe/London");
	const struct zone_step step = {0, -12600};
	struct arena *arena = arena_new(0);
	char text[ZONE_TEXT_MAX];

	zone_text(london, at(2027, 3, 28, 2, 10), text);
	assert_string_equal(text, "Sun 28 Mar 2027 03:10 BST");
	zone_text(london, at(2026, 11, 22, 3, 10), text);
	assert_string_equal(text, "Sun 22 Nov 2026 03:10 GMT");
	zone_text(zone_utc(), 0, text);
	assert_string_equal(text, "Thu 01 Jan 1970 00:00 UTC");
	zone_text(zone_of_steps(arena, "Rota", 0, &step, 1), 43200, text);
	assert_string_equal(text, "Thu 01 Jan 1970 08:30 UTC-03:30");
	assert_string_equal(zone_abbreviation(london, at(2050, 7, 1, 0, 0)), "BST");
	arena_free(arena);
}

static void
steps_make_a_zone(void **state)
{
	const struct zone_step steps[] = {{1000000, 3600}, {2000000, 0}};
	struct arena *arena = arena_new(0);
	const struct zone *zone = zone_of_steps(arena, "Z1", -3600, steps, 2);

	(void)state;
	assert_string_equal(zone_name(zone), "Z1");
	assert_int_equal(zone_offset(zone, 999999), -3600);
	assert_int_equal(zone_offset(zone, 1000000), 3600);
	assert_int_equal(zone_offset(zone, 1999999), 3600);
	assert_int_equal(zone_offset(zone, 2000000), 0);
	assert_int_equal(zone_offset(zone_of_steps(arena, "Z2", 19800, NULL, 0), 5), 19800);
	arena_free(arena);
}

static void
names_are_found_in_any_case(void **state)
{
	assert_string_equal(zone_name(find(state, "europe/LONDON")), "Europe/London");
	assert_non_null(find(state, "America/Argentina/Buenos_Aires"));
	assert_non_null(find(state, "UTC"));
	assert_null(zonedb_find(*state, "Custom/Nowhere"));
	assert_null(zonedb_find(*state, ""));
	assert_null(zonedb_find(*state, "../../../etc/passwd"));
	assert_null(zonedb_find(*state, "localtime"));
	assert_null(zonedb_find(*state, "right/Europe/London"));
	assert_string_not_equal(zonedb_version(*state), "unknown");
}

static void
a_folder_without_zones_is_gone(void **state)
{
	struct zonedb *db = NULL;

	(void)state;
	assert_int_equal(zonedb_open("/nowhere/at/all", &db), STATUS_GONE);
	assert_int_equal(zonedb_open("/usr/share/zoneinfo/Etc", &db), STATUS_GONE);
	assert_null(db);
}

/* Every cut of a good file is refused; no changed byte makes the reader step outside (the
 * sanitizers watch). */
static void
damaged_files_do_no_harm(void **state)
{
	struct arena *arena = arena_new(0);
	const struct zone *zone;
	char *bytes;
	size_t len;

	(void)state;
	assert_int_equal(file_read(TZDIR "/Europe/Dublin", 65536, &bytes, &len), STATUS_OK);
	assert_int_equal(zone_parse(arena, "x", bytes, len, &zone), STATUS_OK);
	for (size_t cut = 0; cut < len; cut++) {
		char *part = malloc(cut + 1);

		memcpy(part, bytes, cut);
		assert_int_equal(zone_parse(arena, "x", part, cut, &zone), STATUS_MALFORMED);
		free(part);
	}
	for (size_t i = 0; i < len; i++) {
		char keep = bytes[i];

		bytes[i] = (char)(keep ^ 0xff);
		if (zone_parse(arena, "x", bytes, len, &zone) == STATUS_OK)
			zone_instant(zone, 1795317000, NULL);
		bytes[i] = keep;
	}
	free(bytes);
	arena_free(arena);
}

/* The C library's local time at ${at}. */
static int64_t
wall_of_libc(int64_t at)
{
	time_t when = (time_t)at;
	struct tm tm;

	localtime_r(&when, &tm);
	return at + tm.tm_gmtoff;
}

/* The instant of a wall-clock time by looking at the C library's clock every quarter of an hour
 * around it: the first that shows it; if none does, what the clock would have shown had it not been
 * put forward. */
static int64_t
instant_of_libc(int64_t local)
{
	int64_t before = local - 16 * 3600;

	for (int64_t at = before; at <= local + 16 * 3600; at += 900) {
		int64_t wall = wall_of_libc(at);

		if (wall == local)
			return at;
		if (wall > local)
			break;
		before = at;
	}
	return local - (wall_of_libc(before) - before);
}

/* holds: H03.2 */
static void
wall_clocks_agree_with_a_search_of_the_c_library(void **state)
{
	static const char *const names[] = {"Europe/London", "Europe/Dublin", "Europe/Berlin",
	    "Europe/Lisbon", "Atlantic/Azores", "America/New_York", "America/St_Johns",
	    "America/Sao_Paulo", "America/Havana", "Asia/Kolkata", "Asia/Kathmandu", "Asia/Beirut",
	    "Asia/Gaza", "Africa/Casablanca", "Africa/Cairo", "Australia/Sydney",
	    "Australia/Lord_Howe", "Pacific/Auckland", "Pacific/Chatham", "Etc/UTC"};
	enum { CASES = 1000 };
	const struct zonedb *db = *state;
	uint64_t random = 1402;

	for (size_t n = 0; n < sizeof names / sizeof *names; n++) {
		const struct zone *zone = zonedb_find(db, names[n]);

		assert_non_null(zone);
		setenv("TZ", names[n], 1);
		tzset();
		for (int i = 0; i < CASES; i++) {
			int64_t local;

			random = random * 6364136223846793005U + 1442695040888963407U;
			/* Quarters of an hour of 2024 to 2037. Every other case is near a change of
			 * England's clocks: the last Sundays of March and October. */
			local = 1704067200 + (int64_t)(random >> 33) % (13 * 365 * 96) * 900;
			if (i % 2 == 0)
				local = ((i & 2) != 0 ? 1774742400 : 1792886400) +
					(int64_t)(random >> 33) % (4 * 96) * 900 - 86400;
			if (zone_instant(zone, local, NULL) != instant_of_libc(local))
				fail_msg("%s: wall clock %lld", names[n], (long long)local);
		}
	}
	unsetenv("TZ");
	tzset();
}

/* Within a stretch every instant has its offset, wherever the stretch comes from: the tables, the
 * rule beyond them, explicit steps. It may be shorter than it could be, so that it leads on is
 * asked too: no more than a few stretches a year. */
static void
assert_steady(const struct zone *zone, int64_t from, int64_t until, int most)
{
	int stretches = 0;

	for (int64_t at = from; at < until; stretches++) {
		struct zone_steady steady = zone_steady(zone, at);
		int64_t end = steady.until < until ? steady.until : until;

		assert_true(steady.from <= at && at < steady.until);
		for (int64_t inside = steady.from > from ? steady.from : from; inside < end;
		     inside += 6871)
			assert_int_equal(zone_offset(zone, inside), steady.offset);
		assert_int_equal(zone_offset(zone, end - 1), steady.offset);
		at = end;
	}
	assert_in_range(stretches, 1, most);
}

static void
the_clock_is_steady_within_a_stretch(void **state)
{
	static const char *const names[] = {"Europe/London", "Europe/Dublin", "America/Sao_Paulo",
	    "Asia/Kolkata", "Africa/Casablanca", "Australia/Lord_Howe", "Pacific/Apia", "Etc/UTC"};
	static const struct zone_step steps[] = {{1000000, 3600}, {2000000, -7200}};
	struct arena *arena = arena_new(0);

	for (size_t n = 0; n < sizeof names / sizeof *names; n++) {
		const struct zone *zone = find(state, names[n]);

		assert_steady(zone, at(1965, 1, 1, 0, 0), at(1985, 1, 1, 0, 0), 60);
		assert_steady(zone, at(2010, 1, 1, 0, 0), at(2050, 1, 1, 0, 0), 170);
		assert_steady(zone, at(2196, 1, 1, 0, 0), at(2205, 1, 1, 0, 0), 30);
	}
	assert_steady(zone_of_steps(arena, "steps", 60, steps, 2), -5000000, 5000000, 3);
	assert_steady(zone_utc(), -5000000, 5000000, 1);
	assert_true(zone_steady(zone_utc(), 0).from == INT64_MIN);
	assert_true(zone_steady(zone_utc(), 0).until == INT64_MAX);
	arena_free(arena);
}

/* England's stretches begin and end where its clocks change, in the tables and beyond them. */
static void
a_stretch_ends_where_the_clock_changes(void **state)
{
	const struct zone *london = find(state, "Europe/London");
	struct zone_steady winter = zone_steady(london, at(2026, 12, 25, 12, 0));
	struct zone_steady summer = zone_steady(london, at(2100, 7, 1, 12, 0));

	assert_true(winter.from == at(2026, 10, 25, 1, 0) && winter.until == at(2027, 3, 28, 1, 0));
	assert_true(winter.offset == 0);
	assert_true(summer.from == at(2100, 3, 28, 1, 0) && summer.until == at(2100, 10, 31, 1, 0));
	assert_true(summer.offset == 3600);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(offsets_agree_with_the_c_library),
	    cmocka_unit_test(the_clock_is_steady_within_a_stretch),
	    cmocka_unit_test(a_stretch_ends_where_the_clock_changes),
	    cmocka_unit_test(wall_clocks_agree_with_a_search_of_the_c_library),
	    cmocka_unit_test(an_instant_and_its_wall_clock_go_both_ways),
	    cmocka_unit_test(a_time_in_the_spring_gap_takes_the_offset_before_it),
	    cmocka_unit_test(a_time_in_the_autumn_fold_is_the_first),
	    cmocka_unit_test(a_whole_day_may_be_missing),
	    cmocka_unit_test(text_is_for_people),
	    cmocka_unit_test(steps_make_a_zone),
	    cmocka_unit_test(names_are_found_in_any_case),
	    cmocka_unit_test(a_folder_without_zones_is_gone),
	    cmocka_unit_test(damaged_files_do_no_harm),
	};

	return cmocka_run_group_tests(tests, open_db, close_db);
}
