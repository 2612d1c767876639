/* SPDX-License-Identifier: MIT */
/* The inputs of a reading: when the same bytes are worth reading again. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "server/base/file.h"
#include "server/base/pack.h"
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
	options = rulebook_options(rulebook, arena, rulebook_rota(rulebook, "duty"), kind, now);
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

/* A rota and what the region knows round it; one word of it changed at a time. */
static const char around[] =
    "{\"crisiscover\": 1, \"organisations\": [{\"code\": \"ZFC\", \"name\": \"Fenmere\", "
    "\"kind\": \"local_authority\"}, {\"code\": \"ZAV\", \"name\": \"Alder\", \"kind\": "
    "\"nhs_trust\"}], \"functions\": [{\"code\": \"amhp\", \"name\": \"AMHP\"}], \"places\": "
    "[{\"code\": \"X06000001\", \"name\": \"Marsh\", \"kind\": \"council_area\"}], \"people\": "
    "[{\"id\": \"jo-jones\", \"name\": \"J Jones\", \"organisation\": \"ZFC\", \"aliases\": "
    "[\"Jojo\"]}], \"services\": [{\"id\": \"s\", \"name\": \"Day desk\", \"function\": "
    "\"amhp\", \"organisation\": \"ZFC\", \"places\": [\"X06000001\"]}], \"rotas\": [{\"id\": "
    "\"duty\", \"service\": \"s\", \"tier\": 1, \"source\": {\"kind\": \"ical_url\", \"url\": "
    "\"https://example.org/a\"}, \"reading\": {\"tentative_counts\": false, \"floating_zone\": "
    "\"Europe/London\", \"all_day\": {\"start\": \"09:00\", \"hours\": 24}, \"team_names\": "
    "[\"Hub\"], \"shift_codes\": {\"LD\": {\"from\": \"08:00\", \"to\": \"20:00\"}}, "
    "\"aliases\": {\"JJ\": \"jo-jones\"}, \"titles\": [{\"title\": \"Zed\", \"reads\": "
    "\"noise\"}], \"words\": [{\"words\": \"surge\", \"means\": \"nothing\"}], \"zones\": "
    "{\"Fen time\": \"Europe/London\"}, \"date_order\": \"dmy\"}}], \"requirements\": [], "
    "\"accounts\": []}";

static struct read_with
with_document(void *zones, const char *document)
{
	struct arena *arena = arena_new(0);
	struct rulebook *rulebook;
	struct reading_options options;
	struct read_with out;

	if (rulebook_read(zones, 1, slice_of(document), &rulebook) != STATUS_OK)
		fail_msg("not read: %s", document);
	options = rulebook_options(
	    rulebook, arena, rulebook_rota(rulebook, "duty"), READING_ICALENDAR, BEFORE_MIDNIGHT);
	out = rulebook_read_with(rulebook, &options);
	arena_free(arena);
	rulebook_unref(rulebook);
	return out;
}

/* Whatever a reading is given, in the region file: another word there, and it is read again. */
static void
depends_on_all_that_the_region_says(void **state)
{
	static const char *const changes[][2] = {{"\"Fenmere\"", "\"Fenmore\""},
	    {"\"Alder\"", "\"Elder\""}, {"\"name\": \"AMHP\"", "\"name\": \"Approved\""},
	    {"\"Marsh\"", "\"March\""}, {"\"J Jones\"", "\"J Janes\""}, {"\"Jojo\"", "\"Jaja\""},
	    {"\"Day desk\"", "\"Night desk\""},
	    {"\"tentative_counts\": false", "\"tentative_counts\": true"},
	    {"\"floating_zone\": \"Europe/London\"", "\"floating_zone\": \"Europe/Dublin\""},
	    {"\"09:00\"", "\"08:00\""}, {"\"hours\": 24", "\"hours\": 12"}, {"\"Hub\"", "\"Hut\""},
	    {"\"to\": \"20:00\"", "\"to\": \"20:30\""}, {"\"LD\"", "\"LN\""}, {"\"JJ\"", "\"JX\""},
	    {"\"Zed\"", "\"Zad\""}, {"\"noise\"", "\"nobody\""}, {"\"surge\"", "\"serge\""},
	    {"\"means\": \"nothing\"", "\"means\": \"away\""}, {"Fen time", "Fan time"},
	    {"\"Fen time\": \"Europe/London\"", "\"Fen time\": \"Europe/Dublin\""},
	    {"\"dmy\"", "\"mdy\""}};
	struct read_with base = with_document(*state, around);

	for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
		const char *at = strstr(around, changes[i][0]);
		struct arena *arena = arena_new(0);
		struct read_with other;

		assert_non_null(at);
		other =
		    with_document(*state, arena_printf(arena, "%.*s%s%s", (int)(at - around),
					      around, changes[i][1], at + strlen(changes[i][0])));
		if (memcmp(&base, &other, sizeof base) == 0)
			fail_msg("%s: not read again", changes[i][1]);
		arena_free(arena);
	}
}

static struct read_with
with_holidays(void *zones, const char *document, const char *csv)
{
	struct arena *arena = arena_new(0);
	struct rulebook *rulebook, *decided;
	struct reading_options options;
	struct read_with out;

	assert_int_equal(rulebook_read(zones, 1, slice_of(document), &rulebook), STATUS_OK);
	rulebook_set_holidays(rulebook, slice_of(csv));
	decided = rulebook_decide(rulebook, 1, NULL, 0);
	options = rulebook_options(
	    decided, arena, rulebook_rota(decided, "duty"), READING_CSV, BEFORE_MIDNIGHT);
	out = rulebook_read_with(decided, &options);
	arena_free(arena);
	rulebook_unref(decided);
	rulebook_unref(rulebook);
	return out;
}

/* A grid with hours of weekends is read again when the bank holidays change, and one without is not. */
static void
depends_on_bank_holidays_where_hours_do(void **state)
{
	static const char *const files[] = {"set,date,name\nengland-and-wales,2026-12-25,x\n",
	    "set,date,name\nengland-and-wales,2026-12-28,x\n"};
	static const char grid[] =
	    "\"grid\": {\"layout\": \"dates_by_roles\", \"column\": \"A\", \"hours\": {\"from\": \"09:00\", "
	    "\"to\": \"17:00\"}";
	static const char weekend[] = ", \"weekend\": {\"from\": \"10:00\", \"to\": \"14:00\"}";
	static const char at[] = "\"date_order\"";
	struct arena *arena = arena_new(0);

	for (int weekends = 0; weekends < 2; weekends++) {
		const char *before = strstr(around, at);
		const char *document = arena_printf(arena, "%.*s%s%s}, %s", (int)(before - around),
		    around, grid, weekends ? weekend : "", before);
		struct read_with one = with_holidays(*state, document, files[0]);
		struct read_with other = with_holidays(*state, document, files[1]);

		assert_int_equal(memcmp(&one, &other, sizeof one) != 0, weekends);
	}
	arena_free(arena);
}

/* The reader with its words, the time zones, and what the reader is given: these and no more. */
static void
depends_on_the_reader_and_its_words(void **state)
{
	struct arena *arena = arena_new(0);
	struct rulebook *rulebook;
	struct reading_options options;
	struct read_with with, plain;
	struct buf buf = {0};

	assert_int_equal(rulebook_read(*state, 1, slice_of(around), &rulebook), STATUS_OK);
	options = rulebook_options(
	    rulebook, arena, rulebook_rota(rulebook, "duty"), READING_CSV, BEFORE_MIDNIGHT);
	with = rulebook_read_with(rulebook, &options);
	assert_int_equal(strlen(reading_digest()), 64);
	pack_text(&buf, reading_digest());
	pack_i64(&buf, (int64_t)zonedb_fingerprint(*state));
	reading_pack_request(&buf, &options, SLICE(""));
	crypto_hash_sha256(plain.hash, (const unsigned char *)buf.at, buf.len);
	assert_memory_equal(&with, &plain, sizeof with);
	buf_free(&buf);
	rulebook_unref(rulebook);
	arena_free(arena);
}

static void
copy_zone(const char *from, const char *folder)
{
	char path[256];
	char *bytes;
	size_t len;
	FILE *out;

	assert_int_equal(file_read(from, 65536, &bytes, &len), STATUS_OK);
	snprintf(path, sizeof path, "%s/Europe/London", folder);
	out = fopen(path, "we");
	assert_non_null(out);
	assert_int_equal(fwrite(bytes, 1, len, out), len);
	assert_int_equal(fclose(out), 0);
	free(bytes);
}

/* The rules of a rota's reading, and the instant of 20:00 on 1 July 2026, where London's zone is
 * ${zone}'s. */
static struct read_with
with_london(const char *folder, const char *zone, int64_t *instant)
{
	struct zonedb *zones;
	struct read_with out;

	copy_zone(zone, folder);
	assert_int_equal(zonedb_open(folder, &zones), STATUS_OK);
	assert_string_equal(zonedb_version(zones), "unknown");
	*instant = zone_instant(zonedb_find(zones, "Europe/London"), BEFORE_MIDNIGHT, NULL);
	out = with(zones, "J Jones", "a", READING_ICALENDAR, BEFORE_MIDNIGHT);
	zonedb_free(zones);
	return out;
}

/* An update of the tz database has everything read again: also one that says no version. */
static void
depends_on_when_the_clocks_change(void **state)
{
	char folder[] = "/tmp/crisiscover-zones-XXXXXX";
	char path[256];
	int64_t before, after, again;
	struct read_with base, other, same;

	(void)state;
	assert_non_null(mkdtemp(folder));
	snprintf(path, sizeof path, "%s/Europe", folder);
	assert_int_equal(mkdir(path, 0700), 0);
	base = with_london(folder, "/usr/share/zoneinfo/Europe/London", &before);
	/* A Parliament that abolishes summer time. */
	other = with_london(folder, "/usr/share/zoneinfo/Etc/UTC", &after);
	same = with_london(folder, "/usr/share/zoneinfo/Europe/London", &again);
	assert_int_equal(after - before, 3600);
	assert_int_equal(before, again);
	assert_memory_not_equal(&base, &other, sizeof base);
	assert_memory_equal(&base, &same, sizeof base);
	snprintf(path, sizeof path, "%s/Europe/London", folder);
	assert_int_equal(unlink(path), 0);
	snprintf(path, sizeof path, "%s/Europe", folder);
	assert_int_equal(rmdir(path), 0);
	assert_int_equal(rmdir(folder), 0);
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

static struct read_with
hash_of(const struct rulebook *rulebook)
{
	struct arena *arena = arena_new(0);
	struct reading_options options;
	struct read_with out;

	options = rulebook_options(
	    rulebook, arena, rulebook_rota(rulebook, "duty"), READING_ICALENDAR, BEFORE_MIDNIGHT);
	out = rulebook_read_with(rulebook, &options);
	arena_free(arena);
	return out;
}

/* Each kind of decision by itself, and another one about the same words. */
static void
depends_on_every_kind_of_decision(void **state)
{
	static const struct rulebook_decision decisions[] = {
	    {"duty", {.kind = ROTA_TITLE, .words = "Xed", .reads = READING_NOISE}},
	    {"duty", {.kind = ROTA_TITLE, .words = "Xed", .reads = READING_NOBODY}},
	    {"duty", {.kind = ROTA_ALIAS, .words = "KL", .person = "jo-jones"}},
	    {"duty", {.kind = ROTA_WORD, .words = "duty day", .means = READING_WORD_NOTHING}},
	    {"duty", {.kind = ROTA_WORD, .words = "duty day", .means = READING_WORD_AWAY}},
	    {"duty", {.kind = ROTA_ZONE, .words = "Marsh time", .zone = "Europe/London"}},
	    {"duty", {.kind = ROTA_ZONE, .words = "Marsh time", .zone = "Europe/Dublin"}},
	    {"duty", {.kind = ROTA_DATE_ORDER, .words = "mdy", .date_order = READING_DATES_MDY}},
	};
	struct read_with seen[1 + sizeof decisions / sizeof *decisions];
	struct rulebook *rulebook;

	assert_int_equal(rulebook_read(*state, 1, slice_of(around), &rulebook), STATUS_OK);
	seen[0] = hash_of(rulebook);
	for (size_t i = 0; i < sizeof decisions / sizeof *decisions; i++) {
		struct rulebook *decided = rulebook_decide(rulebook, 2, &decisions[i], 1);

		seen[i + 1] = hash_of(decided);
		for (size_t j = 0; j <= i; j++)
			if (memcmp(&seen[j], &seen[i + 1], sizeof *seen) == 0)
				fail_msg("decision %zu: not read again", i);
		rulebook_unref(decided);
	}
	rulebook_unref(rulebook);
}

/* Decisions have a rota read again: its own, and nobody else's. */
static void
depends_on_what_was_decided(void **state)
{
	static const struct rulebook_decision others
	    [] = {{"alpha", {.kind = ROTA_ALIAS,
				.words = "JJ",
				.reads = READING_NAMED,
				.person = "jo-jones"}},
		{"zulu",
		    {.kind = ROTA_TITLE, .words = "x", .reads = READING_NOISE, .person = NULL}}},
      own[] = {
	  {"alpha",
	      {.kind = ROTA_ALIAS, .words = "JJ", .reads = READING_NAMED, .person = "jo-jones"}},
	  {"duty",
	      {.kind = ROTA_ALIAS, .words = "JJ", .reads = READING_NAMED, .person = "jo-jones"}},
	  {"duty", {.kind = ROTA_TITLE, .words = "Zed", .reads = READING_NOISE, .person = NULL}},
	  {"zulu", {.kind = ROTA_TITLE, .words = "x", .reads = READING_NOISE, .person = NULL}}};
	struct rulebook *rulebook, *foreign, *decided, *again;
	struct read_with bare, other;
	struct reading_options options;
	struct arena *arena = arena_new(0);
	char document[2048];

	snprintf(document, sizeof document, region, "J Jones", "a");
	assert_int_equal(rulebook_read(*state, 7, slice_of(document), &rulebook), STATUS_OK);
	bare = hash_of(rulebook);
	assert_int_equal(rulebook_decided(rulebook), 0);
	foreign = rulebook_decide(rulebook, 2, others, 2);
	decided = rulebook_decide(foreign, 3, own, 4);
	again = rulebook_decide(decided, 4, others, 2);
	rulebook_unref(rulebook);
	other = hash_of(foreign);
	assert_memory_equal(&bare, &other, sizeof bare);
	other = hash_of(decided);
	assert_memory_not_equal(&bare, &other, sizeof bare);
	other = hash_of(again);
	assert_memory_equal(&bare, &other, sizeof bare);
	options = rulebook_options(
	    decided, arena, rulebook_rota(decided, "duty"), READING_ICALENDAR, BEFORE_MIDNIGHT);
	assert_int_equal(options.naliases, 1);
	assert_int_equal(options.nrules, 1);
	assert_string_equal(options.rules[0].title, "Zed");
	assert_int_equal(rulebook_decided(decided), 3);
	assert_int_equal(rulebook_version(decided), 7);
	arena_free(arena);
	rulebook_unref(foreign);
	rulebook_unref(decided);
	rulebook_unref(again);
}

/* An object of it with one word changed, patched in; a rota is read as if the region were read whole. */
static struct rulebook *
patched(struct rulebook *from, const struct zonedb *zones, const char *kind, const char *item)
{
	struct arena *arena = arena_new(0);
	struct region_takens takens;
	const char *changes = arena_printf(arena, "[{\"kind\": \"%s\", \"item\": %s}]", kind, item);
	struct region_shared *shared = region_shared_take(arena, rulebook_shared(from),
	    &(struct region_shared_since){
		rulebook_version(from) + 1, slice_of(changes), region_zones_of(zones)},
	    &takens);

	assert_non_null(shared);
	arena_free(arena);
	return rulebook_patched(from, shared);
}

static void
is_patched_as_it_is_read(void **state)
{
	static const char person[] =
	    "{\"id\": \"jo-jones\", \"name\": \"%s\", \"organisation\": \"ZFC\"%s}";
	static const struct rulebook_decision said = {
	    "duty", {.kind = ROTA_TITLE, .words = "Zed", .reads = READING_NOISE}};
	struct rulebook *bare, *before, *rung, *named;
	struct read_with was, is,
	    wanted = with(*state, "J Janes", "a", READING_ICALENDAR, BEFORE_MIDNIGHT);
	char document[2048], item[400];

	snprintf(document, sizeof document, region, "J Jones", "a");
	assert_int_equal(rulebook_read(*state, 7, slice_of(document), &bare), STATUS_OK);
	before = rulebook_decide(bare, 3, &said, 1);
	was = hash_of(before);
	snprintf(item, sizeof item, person, "J Jones", ", \"work_phone\": \"+441632960123\"");
	rung = patched(before, *state, "person", item);
	rulebook_unref(before);
	assert_int_equal(rulebook_version(rung), 8);
	assert_int_equal(rulebook_decided(rung), 3);
	is = hash_of(rung);
	assert_memory_equal(&was, &is, sizeof is);
	snprintf(item, sizeof item, person, "J Janes", "");
	named = patched(rung, *state, "person", item);
	rulebook_unref(rung);
	is = hash_of(named);
	assert_memory_not_equal(&was, &is, sizeof is);
	rulebook_unref(named);
	named = patched(bare, *state, "person", item);
	is = hash_of(named);
	assert_memory_equal(&wanted, &is, sizeof is);
	rulebook_unref(named);
	rulebook_unref(bare);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(depends_on_what_it_should),
	    cmocka_unit_test(depends_on_all_that_the_region_says),
	    cmocka_unit_test(depends_on_the_reader_and_its_words),
	    cmocka_unit_test(depends_on_bank_holidays_where_hours_do),
	    cmocka_unit_test(depends_on_when_the_clocks_change),
	    cmocka_unit_test(depends_on_what_was_decided),
	    cmocka_unit_test(depends_on_every_kind_of_decision),
	    cmocka_unit_test(reads_a_window_of_local_days),
	    cmocka_unit_test(outlives_its_successor),
	    cmocka_unit_test(is_patched_as_it_is_read),
	};

	return cmocka_run_group_tests(tests, open_zones, close_zones);
}
