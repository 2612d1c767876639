/* What a reading depends on: when the same bytes are worth reading again. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "server/feeds/rulebook.h"

static const char region[] =
    "{\"crisiscover\": 1, \"time_zone\": \"Europe/London\", \"bank_holidays\": "
    "\"england-and-wales\", \"organisations\": [{\"code\": \"ZFC\", \"name\": \"Fenmere\", "
    "\"kind\": \"local_authority\"}], \"functions\": [{\"code\": \"amhp\", \"name\": \"AMHP\"}], "
    "\"places\": [{\"code\": \"X06000001\", \"name\": \"Fenmere\", \"kind\": \"council_area\"}], "
    "\"people\": [{\"id\": \"jo-jones\", \"name\": \"%s\", \"organisation\": \"ZFC\"}], "
    "\"services\": [{\"id\": \"s\", \"name\": \"S\", \"function\": \"amhp\", \"organisation\": "
    "\"ZFC\", \"places\": [\"X06000001\"]}], \"rotas\": [{\"id\": \"duty\", \"service\": \"s\", "
    "\"tier\": 1, \"source\": {\"kind\": \"ical_url\", \"url\": \"https://example.org/%s\"}}], "
    "\"requirements\": [], \"accounts\": []}";

static int
open_zones(void **state)
{
	struct zonedb *zones;

	if (zonedb_open("/usr/share/zoneinfo", &zones) != STATUS_OK)
		return -1;
	*state = zones;
	return 0;
}

static int
close_zones(void **state)
{
	zonedb_free(*state);
	return 0;
}

static struct read_with
with(void *zones, const char *person, const char *url, enum reading_kind kind, int64_t now)
{
	struct arena *arena = arena_new(0);
	char document[2048];
	struct rulebook *rulebook;
	struct reading_options options;
	struct read_with out;

	snprintf(document, sizeof document, region, person, url);
	assert_int_equal(rulebook_read(zones, 1, slice_of(document), &rulebook), STATUS_OK);
	rulebook_options(rulebook, arena, rulebook_rota(rulebook, "duty"), kind, now, &options);
	out = rulebook_read_with(rulebook, &options);
	arena_free(arena);
	rulebook_unref(rulebook);
	return out;
}

/* 2026-07-01T22:59:59Z: a second before midnight in London. */
#define BEFORE_MIDNIGHT INT64_C(1782946799)

static void
depends_on_what_it_should(void **state)
{
	struct read_with base = with(*state, "J Jones", "a", READING_ICALENDAR, BEFORE_MIDNIGHT);
	struct read_with other;

	/* Not on the address, not on the hour. */
	other = with(*state, "J Jones", "b", READING_ICALENDAR, BEFORE_MIDNIGHT - 3600);
	assert_memory_equal(&base, &other, sizeof base);
	/* On the London day. */
	other = with(*state, "J Jones", "a", READING_ICALENDAR, BEFORE_MIDNIGHT + 1);
	assert_memory_not_equal(&base, &other, sizeof base);
	/* On the directory. */
	other = with(*state, "J Janes", "a", READING_ICALENDAR, BEFORE_MIDNIGHT);
	assert_memory_not_equal(&base, &other, sizeof base);
	/* On the kind of file. */
	other = with(*state, "J Jones", "a", READING_CSV, BEFORE_MIDNIGHT);
	assert_memory_not_equal(&base, &other, sizeof base);
}

static void
reads_a_window_of_local_days(void **state)
{
	struct rulebook *rulebook;
	char document[2048];
	int64_t from, until;

	snprintf(document, sizeof document, region, "J Jones", "a");
	assert_int_equal(rulebook_read(*state, 1, slice_of(document), &rulebook), STATUS_OK);
	rulebook_window(rulebook, BEFORE_MIDNIGHT, &from, &until);
	/* Midnight of yesterday, which is 23:00Z of the day before in summer. */
	assert_int_equal(from, BEFORE_MIDNIGHT + 1 - 2 * 86400);
	assert_int_equal(until, from + 402 * 86400);
	rulebook_unref(rulebook);
}

static void
outlives_its_successor(void **state)
{
	struct rulebook *rulebook, *held;
	char document[2048];

	snprintf(document, sizeof document, region, "J Jones", "a");
	assert_int_equal(rulebook_read(*state, 7, slice_of(document), &rulebook), STATUS_OK);
	held = rulebook_ref(rulebook);
	rulebook_unref(rulebook);
	assert_int_equal(rulebook_version(held), 7);
	assert_non_null(rulebook_rota(held, "duty"));
	assert_null(rulebook_rota(held, "night"));
	rulebook_unref(held);
	assert_int_equal(
	    rulebook_read(*state, 8, SLICE("{\"crisiscover\": 2}"), &rulebook), STATUS_MALFORMED);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(depends_on_what_it_should),
	    cmocka_unit_test(reads_a_window_of_local_days),
	    cmocka_unit_test(outlives_its_successor),
	};

	return cmocka_run_group_tests(tests, open_zones, close_zones);
}
