/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "server/base/instant.h"
#include "server/model/news_text.h"

static const struct news_words words = {.url = "https://cover.example"};
static struct arena *arena;

static int
set_up(void **state)
{
	(void)state;
	arena = arena_new(0);
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	arena_free(arena);
	return 0;
}

static struct news_item
gap(const char *group, enum gap_severity severity)
{
	return (struct news_item){
	    .kind = "opened",
	    .severity = severity,
	    .of_group = group,
	    .gap = "8d3c0a52-6f2e-4f0e-9c3c-0a6b8e1f2d11",
	    .place = "St Oswin's Hospital",
	    .function = "Approved mental health professional",
	    .state = "gap",
	    .starts = 1796094600,
	    .ends = 1796126400,
	    .number = 1,
	};
}

static struct news_message
say(const struct news_item *items, size_t count)
{
	struct news_words utc = words;

	utc.zone = zone_utc();
	return news_message_of(arena, &utc, items, count);
}

static void
a_gap_says_what_where_when_and_how_to_look_at_it(void **state)
{
	struct news_item item = gap("g", GAP_CRITICAL);
	struct news_message message = say(&item, 1);

	(void)state;
	assert_string_equal(message.subject,
	    "Critical: Approved mental health professional at St Oswin's Hospital: nobody is on the rota from "
	    "Tue 01 Dec 2026 03:10 UTC until Tue 01 Dec 2026 12:00 UTC.");
	assert_non_null(strstr(message.body, message.subject + strlen("Critical: ")));
	assert_string_equal(
	    message.link, "https://cover.example/gaps?gap=8d3c0a52-6f2e-4f0e-9c3c-0a6b8e1f2d11");
}

/* A state that this program does not know is never told as cover. */
static void
what_is_not_known_is_told_as_not_known(void **state)
{
	struct news_item item = gap("g", GAP_HIGH);

	(void)state;
	item.state = "unknown";
	assert_non_null(strstr(say(&item, 1).body, "it is not known who is on call"));
	item.state = "something else";
	assert_non_null(strstr(say(&item, 1).body, "it is not known who is on call"));
	item.state = NULL;
	assert_non_null(strstr(say(&item, 1).body, "it is not known who is on call"));
}

static void
of_a_group_the_last_is_told_and_the_worst_is_first(void **state)
{
	struct news_item items[] = {
	    gap("a", GAP_HIGH), gap("b", GAP_NORMAL), gap("b", GAP_CRITICAL), gap("a", GAP_NORMAL)};
	struct news_message message;

	(void)state;
	items[0].place = "Nowhere";
	items[2].place = "Fenmere";
	message = say(items, 4);
	assert_int_equal(message.severity, GAP_CRITICAL);
	assert_null(strstr(message.body, "Nowhere"));
	assert_true(strstr(message.body, "Fenmere") < strstr(message.body, "St Oswin's"));
	assert_non_null(strstr(message.subject, "(and 1 more)"));
	assert_string_equal(message.link, "https://cover.example/gaps");
}

static void
a_message_has_an_end(void **state)
{
	struct news_item items[60];
	char groups[60][8];

	(void)state;
	for (int i = 0; i < 60; i++) {
		snprintf(groups[i], sizeof groups[i], "g%d", i);
		items[i] = gap(groups[i], GAP_HIGH);
	}
	assert_non_null(strstr(say(items, 60).body, "And 40 more.\n"));
	/* Cut where a character ends. */
	items[0].place =
	    "ÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄ";
	assert_true(strlen(say(items, 1).subject) <= NEWS_SUBJECT_MAX);
	assert_non_null(strstr(say(items, 1).subject, "Ä..."));
}

static void
practice_is_said_first(void **state)
{
	struct news_item item = gap("g", GAP_HIGH);
	struct news_words practice = {zone_utc(), "", true};
	struct news_message message = news_message_of(arena, &practice, &item, 1);

	(void)state;
	assert_int_equal(strncmp(message.subject, "PRACTICE: High: ", 16), 0);
	assert_int_equal(strncmp(message.body, "PRACTICE: ", 10), 0);
	assert_string_equal(message.link, "");
	assert_null(strstr(message.body, "http"));
}

/* Every kind has a sentence of its own, also of a thing that has left the region since. */
static void
every_kind_has_a_sentence(void **state)
{
	static const char *const kinds[] = {"opened", "reminder", "closed", "feed_stale",
	    "feed_held", "override_disputed", "contact_failed", "contacts_unverified",
	    "decision_wanted", "person_new", "review_overdue", "break_glass", "single_handed",
	    "message_undelivered"};
	const char *before = "";

	(void)state;
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		struct news_item item = {.kind = kinds[i],
		    .of_group = "g",
		    .starts = INSTANT_NEVER,
		    .ends = INSTANT_NEVER};
		struct news_message message = say(&item, 1);

		assert_string_not_equal(message.subject, before);
		assert_null(strstr(message.body, "(null)"));
		before = message.subject;
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_gap_says_what_where_when_and_how_to_look_at_it),
	    cmocka_unit_test(what_is_not_known_is_told_as_not_known),
	    cmocka_unit_test(of_a_group_the_last_is_told_and_the_worst_is_first),
	    cmocka_unit_test(a_message_has_an_end),
	    cmocka_unit_test(practice_is_said_first),
	    cmocka_unit_test(every_kind_has_a_sentence),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
