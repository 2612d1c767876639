/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "server/base/civil.h"
#include "server/base/instant.h"
#include "server/model/news.h"
#include "server/model/news_due.h"
#include "tests/support/rounds.h"
#include "tests/unit/server/model/dice.h"

/* Who is told of what, and when. Both rules are written twice: the last two tests compare server/model/news.c and news_due.c
 * with what is here, on random cases. */

#define COUNT(array) (sizeof(array) / sizeof *(array))

static const char *const kinds[] = {"opened", "changed", "started", "reminder", "closed",
    "feed_stale", "feed_held", "override_disputed", "contact_failed", "contacts_unverified",
    "decision_wanted", "person_new", "review_overdue", "break_glass", "single_handed",
    "message_undelivered", "acknowledged", "feed_restored"};
static const char *const roles[] = {"viewer", "switchboard", "rota_manager", "commissioner",
    "place_manager", "organisation_administrator", "auditor", "administrator"};
static const char *const alerts[] = {NULL, "owner", "deputy", "commissioner"};
static const char *const codes[] = {"P1", "P2", "P3", "P4"};
static const char *const functions[] = {"amhp", "s12", "crht"};
static const char *const organisations[] = {NULL, "ZFC", "ZAV"};
static const char *const accounts[] = {"ann", "bob"};
static const char *const abouts[] = {"gap", "closed", "feed", "dispute", "contact", "unverified",
    "decision", "review", "access", "undelivered"};

/* ---------------------------------------------------------------------------------- who is told */

static bool
in(const char *one, struct news_codes list)
{
	for (size_t i = 0; i < list.count; i++)
		if (strcmp(list.items[i], one) == 0)
			return true;
	return false;
}

static bool
any(struct news_codes a, struct news_codes b)
{
	for (size_t i = 0; i < a.count; i++)
		if (in(a.items[i], b))
			return true;
	return false;
}

static bool
equal(const char *a, const char *b)
{
	return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

/* The table of server/model/news.h, row by row: P by place, O the organisation's, R a review. */
static char
naive_kind(const char *kind, const char **about)
{
	static const struct {
		const char *kinds, *about;
		char may;
	} rows[] = {
	    {" opened changed started reminder ", "gap", 'P'},
	    {" closed ", "closed", 'P'},
	    {" feed_stale feed_held ", "feed", 'F'},
	    {" override_disputed ", "dispute", 'O'},
	    {" contact_failed ", "contact", 'O'},
	    {" contacts_unverified ", "unverified", 'O'},
	    {" decision_wanted person_new ", "decision", 'O'},
	    {" review_overdue ", "review", 'R'},
	    {" break_glass single_handed ", "access", 'P'},
	    {" message_undelivered ", "undelivered", 'O'},
	};
	char word[64];

	snprintf(word, sizeof word, " %s ", kind);
	for (size_t i = 0; i < COUNT(rows); i++)
		if (strstr(rows[i].kinds, word) != NULL) {
			*about = rows[i].about;
			return rows[i].may;
		}
	return 0;
}

static bool
naive_may(char may, const struct news *n, const struct news_reader *r)
{
	bool place =
	    n->above.count > 0 && (r->own_places.count == 0 || any(n->above, r->own_places));
	bool theirs =
	    n->organisation != NULL && equal(n->organisation, r->organisation) &&
	    (equal(r->role, "rota_manager") || equal(r->role, "organisation_administrator"));
	bool keeps = equal(r->role, "commissioner") || equal(r->role, "place_manager");

	if (equal(r->role, "administrator"))
		return true;
	return (may == 'P' && place) || (may == 'O' && theirs) ||
	       (may == 'F' && (place || theirs)) ||
	       (may == 'R' &&
		   ((n->account != NULL && equal(n->account, r->account)) || (place && keeps)));
}

static int
naive_alert(const char *alerted_to)
{
	for (int i = 0; i < 4; i++)
		if (equal(alerts[i], alerted_to))
			return i;
	return -1;
}

static bool
naive_wanted(const struct news *n, const struct news_reader *r)
{
	const char *about = NULL;
	char may = naive_kind(n->kind, &about);

	return may != 0 && n->at >= r->since && (int)n->severity >= (int)r->severity &&
	       (r->about.count == 0 || in(about, r->about)) &&
	       (r->functions.count == 0 || any(n->functions, r->functions)) &&
	       (r->places.count == 0 || any(n->above, r->places)) &&
	       (!equal(about, "gap") || naive_alert(n->alerted_to) >= naive_alert(r->alerted_to)) &&
	       naive_may(may, n, r);
}

static struct news_codes
some(struct dice *dice, const char *const *of, size_t most, const char **room)
{
	size_t count = 0;

	if (dice_below(dice, 2) == 0)
		return (struct news_codes){room, 0};
	for (size_t i = 0; i < most; i++)
		if (dice_below(dice, 2) == 0)
			room[count++] = of[i];
	return (struct news_codes){room, count};
}

static void
a_second_implementation_agrees_who_is_told(void **state)
{
	size_t wanted = 0, most = rounds(200000);

	(void)state;
	for (uint64_t seed = 1; seed <= most; seed++) {
		const char *room[6][COUNT(abouts)];
		struct dice dice = dice_of(seed);
		struct news news = {
		    .kind = kinds[dice_below(&dice, COUNT(kinds))],
		    .severity = (enum gap_severity)dice_below(&dice, 3),
		    .alerted_to = alerts[dice_below(&dice, 4)],
		    .organisation = organisations[dice_below(&dice, 3)],
		    .account = dice_below(&dice, 2) == 0 ? NULL : accounts[dice_below(&dice, 2)],
		    .above = some(&dice, codes, COUNT(codes), room[0]),
		    .functions = some(&dice, functions, COUNT(functions), room[1]),
		    .at = (int64_t)dice_below(&dice, 3),
		};
		struct news_reader reader = {
		    .account = accounts[dice_below(&dice, 2)],
		    .role = roles[dice_below(&dice, COUNT(roles))],
		    .own_places = some(&dice, codes, COUNT(codes), room[2]),
		    .organisation = organisations[dice_below(&dice, 3)],
		    .about = some(&dice, abouts, COUNT(abouts), room[3]),
		    .places = some(&dice, codes, COUNT(codes), room[4]),
		    .functions = some(&dice, functions, COUNT(functions), room[5]),
		    .severity = (enum gap_severity)dice_below(&dice, 3),
		    .alerted_to = alerts[dice_below(&dice, 4)],
		    .since = 1,
		};

		if (news_wanted(&news, &reader) != naive_wanted(&news, &reader))
			fail_msg("seed %llu: %s for a %s", (unsigned long long)seed, news.kind,
			    reader.role);
		wanted += news_wanted(&news, &reader);
	}
	/* It is no comparison of nothing with nothing. */
	assert_in_range(wanted, most / 200, most / 2);
}

static void
every_kind_is_about_something_that_can_be_chosen(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(kinds) - 2; i++)
		assert_int_not_equal(news_about_of(kinds[i]), NEWS_ABOUT);
	assert_int_equal(news_about_of("acknowledged"), NEWS_ABOUT);
	for (int about = 0; about < NEWS_ABOUT; about++) {
		assert_string_equal(news_about_name((enum news_about)about), abouts[about]);
		assert_int_equal(news_about_named(abouts[about]), about);
	}
	assert_int_equal(news_about_named("everything"), NEWS_ABOUT);
}

/* ---------------------------------------------------------------------------------- when it is told */

struct times {
	struct zonedb *zones;
	const struct zone *zone;
};

static int
set_up(void **state)
{
	static struct times times;

	if (zonedb_open("/usr/share/zoneinfo", &times.zones) != STATUS_OK)
		return -1;
	times.zone = zonedb_find(times.zones, "Europe/London");
	*state = &times;
	return 0;
}

static int
tear_down(void **state)
{
	zonedb_free(((struct times *)*state)->zones);
	return 0;
}

static int64_t
at(const struct times *times, const char *local)
{
	char text[32];
	int64_t utc;

	snprintf(text, sizeof text, "%sZ", local);
	assert_true(civil_parse_rfc3339(slice_of(text), &utc));
	return zone_instant(times->zone, utc, NULL);
}

static int64_t
due_of(const struct news_hours *hours, int64_t at, enum gap_severity severity, int64_t told)
{
	struct news_waits waits = {at, severity, INSTANT_NEVER};

	return news_due(hours, &waits, 1, told);
}

static void
critical_news_waits_for_nothing(void **state)
{
	const struct times *t = *state;
	int64_t digest[] = {480}, night = at(t, "2026-12-01T03:10:00");
	struct news_hours hours = {t->zone, digest, 1, 1320, 420};

	assert_int_equal(due_of(&hours, night, GAP_CRITICAL, INSTANT_NEVER), night);
	assert_int_equal(due_of(&hours, night, GAP_CRITICAL, night - 60), night);
	assert_int_equal(
	    due_of(&hours, night, GAP_HIGH, INSTANT_NEVER), at(t, "2026-12-01T08:00:00"));
}

static void
quiet_hours_end_on_the_clock_of_the_wall(void **state)
{
	const struct times *t = *state;
	struct news_hours hours = {t->zone, NULL, 0, 1320, 420};

	/* Both nights on which the clocks change. */
	assert_int_equal(due_of(&hours, at(t, "2026-03-28T22:00:00"), GAP_HIGH, INSTANT_NEVER),
	    at(t, "2026-03-29T07:00:00"));
	assert_int_equal(due_of(&hours, at(t, "2026-10-25T06:59:59"), GAP_HIGH, INSTANT_NEVER),
	    at(t, "2026-10-25T07:00:00"));
	assert_int_equal(due_of(&hours, at(t, "2026-10-25T07:00:00"), GAP_HIGH, INSTANT_NEVER),
	    at(t, "2026-10-25T07:00:00"));
	assert_int_equal(due_of(&hours, at(t, "2026-10-25T21:59:59"), GAP_HIGH, INSTANT_NEVER),
	    at(t, "2026-10-25T21:59:59"));
}

static void
a_digest_comes_at_the_next_of_its_times(void **state)
{
	const struct times *t = *state;
	int64_t digest[] = {960, 480};
	struct news_hours hours = {t->zone, digest, 2, -1, -1};

	assert_int_equal(due_of(&hours, at(t, "2026-12-01T07:59:59"), GAP_NORMAL, INSTANT_NEVER),
	    at(t, "2026-12-01T08:00:00"));
	assert_int_equal(due_of(&hours, at(t, "2026-12-01T08:00:01"), GAP_NORMAL, INSTANT_NEVER),
	    at(t, "2026-12-01T16:00:00"));
	assert_int_equal(due_of(&hours, at(t, "2026-12-01T16:00:01"), GAP_NORMAL, INSTANT_NEVER),
	    at(t, "2026-12-02T08:00:00"));
}

/* Thirty placeholders of one rota in an hour, one every two minutes, each of them critical: all the rest of the hour is told
 * in two more messages. */
static void
of_one_group_three_messages_an_hour_are_enough(void **state)
{
	const struct times *t = *state;
	int64_t begin = at(t, "2026-12-01T02:00:00"), told = INSTANT_NEVER, waiting = INSTANT_NEVER;
	struct news_hours hours = {t->zone, NULL, 0, -1, -1};
	int messages = 0;

	for (int64_t now = begin; now < begin + 3600; now++) {
		struct news_waits waits;

		if ((now - begin) % 120 == 0 && waiting == INSTANT_NEVER)
			waiting = now;
		if (waiting == INSTANT_NEVER)
			continue;
		waits = (struct news_waits){waiting, GAP_CRITICAL, told};
		if (news_due(&hours, &waits, 1, told) > now)
			continue;
		told = now;
		waiting = INSTANT_NEVER;
		messages++;
	}
	assert_int_equal(messages, 3);
}

/* Minute by minute: the first at which it may be told. */
static int64_t
naive_due(const struct news_hours *hours, const struct news_waits *waits, int64_t told)
{
	bool again =
	    waits->told_critical != INSTANT_NEVER && waits->at - waits->told_critical < 3600;
	bool digested = waits->severity == GAP_CRITICAL || hours->ndigest == 0;

	for (int64_t now = waits->at;; now += 60) {
		int64_t minute = civil_second_of_day(zone_local(hours->zone, now)) / 60;
		int64_t from = hours->quiet_from, until = hours->quiet_until;
		bool quiet = from >= 0 && (from < until ? minute >= from && minute < until
							: minute >= from || minute < until);

		for (size_t i = 0; i < hours->ndigest; i++)
			digested = digested || minute == hours->digest[i];
		if (waits->severity == GAP_CRITICAL) {
			if (!again || told == INSTANT_NEVER || now >= told + 1200)
				return now;
			continue;
		}
		if (digested && !quiet && (told == INSTANT_NEVER || now >= told + 1200))
			return now;
	}
}

static void
a_second_implementation_agrees_when(void **state)
{
	const struct times *t = *state;
	/* Days without a change of clocks: what a digest at a minute that a night skips means is another test's. */
	int64_t from = at(t, "2026-12-01T00:00:00");

	for (uint64_t seed = 1; seed <= rounds(3000); seed++) {
		struct dice dice = dice_of(seed);
		int64_t digest[2] = {
		    (int64_t)dice_below(&dice, 1440), (int64_t)dice_below(&dice, 1440)};
		bool quiet = dice_below(&dice, 2) == 0;
		struct news_hours hours = {t->zone, digest, dice_below(&dice, 3),
		    quiet ? (int32_t)dice_below(&dice, 1440) : -1,
		    quiet ? (int32_t)dice_below(&dice, 1440) : -1};
		struct news_waits waits = {from + 60 * (int64_t)dice_below(&dice, 2880),
		    (enum gap_severity)dice_below(&dice, 3), INSTANT_NEVER};
		int64_t told = dice_below(&dice, 2) == 0
				   ? INSTANT_NEVER
				   : waits.at - 60 * (int64_t)dice_below(&dice, 90);

		if (quiet && hours.quiet_from == hours.quiet_until)
			continue; /* refused as it is set */
		if (told != INSTANT_NEVER && dice_below(&dice, 2) == 0)
			waits.told_critical = told;
		if (news_due(&hours, &waits, 1, told) != naive_due(&hours, &waits, told))
			fail_msg("seed %llu", (unsigned long long)seed);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_kind_is_about_something_that_can_be_chosen),
	    cmocka_unit_test(critical_news_waits_for_nothing),
	    cmocka_unit_test(quiet_hours_end_on_the_clock_of_the_wall),
	    cmocka_unit_test(a_digest_comes_at_the_next_of_its_times),
	    cmocka_unit_test(of_one_group_three_messages_an_hour_are_enough),
	    cmocka_unit_test(a_second_implementation_agrees_who_is_told),
	    cmocka_unit_test(a_second_implementation_agrees_when),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
