/* SPDX-License-Identifier: MIT */
#include "tests/unit/server/api/unit.h"

#include <jansson.h>

#include "server/api/views/now/now_render.h"
#include "tests/unit/server/api/atlas.h"

/* The Now answer: from a hand-made map to what people read. */

struct scene {
	struct atlas atlas;
	struct arena *arena;
	struct json_out json;
	struct buf text;
	json_t *answer;
	const struct account *fixer; /* who reads the text */
};

static int
set_up(void **state)
{
	struct scene *scene = calloc(1, sizeof *scene);

	atlas_open(&scene->atlas);
	scene->arena = arena_new(0);
	*state = scene;
	return 0;
}

static int
tear_down(void **state)
{
	struct scene *scene = *state;

	json_decref(scene->answer);
	out_free(&scene->json);
	buf_free(&scene->text);
	arena_free(scene->arena);
	atlas_close(&scene->atlas);
	free(scene);
	return 0;
}

/* Asks about ${place} at ${later} hours after ATLAS_NOW, at ${late} seconds after it. */
static json_t *
look(struct scene *scene, const char *place, enum sight sight, double later, int64_t late)
{
	struct cover_asked asked = {.map = scene->atlas.map, .now = ATLAS_NOW + late};
	struct clock_reading reading = {(ATLAS_NOW + late) * 1000000, late * 1000};
	struct lookup lookup;
	struct now_frame frame = {
	    .map = scene->atlas.map,
	    .lookup = &lookup,
	    .sight = sight,
	    .age = {.confidence = snapshot_store_confidence(&scene->atlas.store, reading),
		.as_of = scene->atlas.store.checked_at},
	    .now = ATLAS_NOW + late,
	    .fixer = scene->fixer,
	    .arena = scene->arena,
	};

	lookup_make(scene->arena, &asked,
	    &(struct lookup_asked){atlas_place(&scene->atlas, place), REGION_NONE,
		ATLAS_NOW + late + (int64_t)(later * 3600)},
	    &lookup);
	out_free(&scene->json);
	scene->json = (struct json_out){0};
	now_render_json(&scene->json, &frame);
	buf_reset(&scene->text);
	now_render_text(&scene->text, &frame);
	json_decref(scene->answer);
	scene->answer = json_loads(scene->json.buf.at, JSON_REJECT_DUPLICATES, NULL);
	assert_non_null(scene->answer);
	return scene->answer;
}

static json_t *
function(json_t *answer, size_t index)
{
	return json_array_get(json_object_get(answer, "functions"), index);
}

static const char *
text_of(json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text ? text : "(null)";
}

static json_t *
duty(json_t *item, const char *list, size_t index)
{
	return json_array_get(json_object_get(item, list), index);
}

static void
says_who_until_when_and_who_follows(void **state)
{
	struct scene *scene = *state;
	json_t *item, *person;

	atlas_shift(&scene->atlas, "amhp-duty", 1, KEPT_NAMED, "jo-jones", NULL, -7, 5);
	atlas_shift(&scene->atlas, "amhp-duty", 2, KEPT_NAMED, "s-ahmed", NULL, 5, 17);
	item = function(look(scene, "ZED01", SIGHT_NAMES, 0, 0), 0);
	assert_string_equal(text_of(scene->answer, "at"), "2026-11-22T03:09:59Z");
	assert_string_equal(text_of(scene->answer, "local"), "Sun 22 Nov 2026 03:09 GMT");
	assert_string_equal(text_of(json_object_get(scene->answer, "map"), "version"), "1-8123");
	assert_string_equal(text_of(json_object_get(scene->answer, "map"), "confidence"), "live");
	assert_string_equal(text_of(item, "function"), "amhp");
	assert_string_equal(text_of(item, "state"), "covered");
	assert_true(json_is_null(json_object_get(item, "cause")));
	person = duty(item, "on_call", 0);
	assert_string_equal(text_of(person, "name"), "J Jones");
	assert_string_equal(text_of(person, "role"), "AMHP");
	assert_string_equal(text_of(person, "phone"), "+441632960456");
	assert_string_equal(text_of(person, "until"), "2026-11-22T08:09:59Z");
	assert_string_equal(text_of(json_object_get(person, "next"), "name"), "S Ahmed");
	assert_string_equal(
	    text_of(json_object_get(person, "source"), "checked_at"), "2026-11-22T03:08:59Z");
	assert_string_equal(text_of(json_object_get(person, "source"), "organisation"), "ZFC");
}

/* A calendar that is held back is shown as such, with the reason, beside each person whom it names
 * and for the function that rests on it, also if nobody of it is on duty; likewise a leave calendar.
 * A good source is not listed. */
static void
says_which_source_is_at_fault_and_why(void **state)
{
	static const char why[] = "The calendar is empty now; 12 shifts that lie ahead would go.";
	struct scene *scene = *state;
	json_t *item, *source, *faults;

	atlas_shift(&scene->atlas, "amhp-duty", 1, KEPT_NAMED, "jo-jones", NULL, -7, 5);
	item = function(look(scene, "ZED01", SIGHT_NAMES, 0, 0), 0);
	source = json_object_get(duty(item, "on_call", 0), "source");
	assert_string_equal(text_of(source, "state"), "good");
	assert_true(json_is_false(json_object_get(source, "held")));
	assert_true(json_is_null(json_object_get(source, "fault")));
	assert_int_equal(json_array_size(json_object_get(item, "sources_at_fault")), 0);
	assert_null(strstr(scene->text.at, "!"));

	scene->fixer =
	    &(struct account){.kind = "person", .role = ROLE_ROTA_MANAGER, .organisation = "ZFC"};
	atlas_fault(&scene->atlas, "amhp-duty", FEED_HELD, why);
	atlas_fault(&scene->atlas, "amhp-second", FEED_FAILING, "The server answered 503.");
	item = function(look(scene, "ZED01", SIGHT_NAMES, 0, 0), 0);
	assert_string_equal(text_of(item, "state"), "covered");
	source = json_object_get(duty(item, "on_call", 0), "source");
	assert_string_equal(text_of(source, "state"), "held");
	assert_true(json_is_true(json_object_get(source, "held")));
	assert_string_equal(text_of(source, "fault"), why);
	faults = json_object_get(item, "sources_at_fault");
	assert_int_equal(json_array_size(faults), 2);
	assert_string_equal(text_of(json_array_get(faults, 0), "rota"), "amhp-duty");
	assert_string_equal(text_of(json_array_get(faults, 1), "rota"), "amhp-second");
	assert_string_equal(text_of(json_array_get(faults, 1), "state"), "failing");
	assert_true(json_is_false(json_object_get(json_array_get(faults, 1), "held")));
	assert_non_null(
	    strstr(scene->text.at, "  ! Rota amhp-duty is held back, the last good copy"));
	assert_non_null(strstr(scene->text.at, "  ! Rota amhp-second: The server answered 503.\n"));
	/* What is wrong is for those who can fix it; that an older copy is used is for everybody. */
	scene->fixer =
	    &(struct account){.kind = "person", .role = ROLE_ROTA_MANAGER, .organisation = "ZAV"};
	look(scene, "ZED01", SIGHT_NAMES, 0, 0);
	assert_non_null(strstr(
	    scene->text.at, "  ! Rota amhp-duty is held back, the last good copy is used\n"));
	assert_null(strstr(scene->text.at, "503"));
	scene->fixer = NULL;
	look(scene, "ZED01", SIGHT_NAMES, 0, 0);
	assert_null(strstr(scene->text.at, "503"));
	/* Only counts are seen, and why they may be wrong is seen too. */
	look(scene, "ZED01", SIGHT_COUNTS, 0, 0);
	assert_non_null(strstr(scene->text.at, "is held back"));
	/* Nobody has said what is wrong, but nobody has looked for long. */
	atlas_fault(&scene->atlas, "amhp-second", FEED_GOOD, NULL);
	atlas_feed(&scene->atlas, "amhp-duty", 2 * 3600);
	item = function(look(scene, "ZED01", SIGHT_NAMES, 0, 0), 0);
	faults = json_object_get(item, "sources_at_fault");
	assert_int_equal(json_array_size(faults), 1);
	assert_string_equal(text_of(json_array_get(faults, 0), "fault"),
	    "It has not been checked for more than an hour.");
	/* Another function rests on other rotas. */
	item = function(look(scene, "ZED01", SIGHT_NAMES, 0, 0), 1);
	assert_int_equal(json_array_size(json_object_get(item, "sources_at_fault")), 0);
}

static void
says_who_cannot_be_rung(void **state)
{
	struct scene *scene = *state;
	struct region_service *service = (void *)(uintptr_t)&scene->atlas.region->services[0];
	json_t *item;

	atlas_shift(&scene->atlas, "amhp-duty", 1, KEPT_NAMED, "jo-jones", NULL, -7, 5);
	atlas_shift(&scene->atlas, "amhp-duty", 2, KEPT_NAMED, "s-ahmed", NULL, -7, 5);
	atlas_shift(&scene->atlas, "amhp-duty", 3, KEPT_TEAM, NULL, "AMHP hub", -7, 5);
	item = function(look(scene, "ZED01", SIGHT_NAMES, 0, 0), 0);
	for (size_t i = 0; i < 3; i++)
		assert_true(json_is_true(json_object_get(duty(item, "on_call", i), "reachable")));
	assert_null(strstr(scene->text.at, "NO NUMBER"));
	/* J Jones has a mobile, for those who may see it; S Ahmed and the team line have none. */
	service->line = NULL;
	service->phone = NULL;
	item = function(look(scene, "ZED01", SIGHT_NAMES, 0, 0), 0);
	for (size_t i = 0; i < 3; i++)
		assert_int_equal(
		    json_is_true(json_object_get(duty(item, "on_call", i), "reachable")),
		    strcmp(text_of(duty(item, "on_call", i), "name"), "J Jones") == 0);
	assert_non_null(strstr(scene->text.at, "NO NUMBER IS KNOWN: ask your switchboard"));
}

static void
lists_by_tier_then_name(void **state)
{
	struct scene *scene = *state;
	json_t *item;

	atlas_shift(&scene->atlas, "amhp-second", 1, KEPT_NAMED, "jo-jones", NULL, -1, 1);
	atlas_shift(&scene->atlas, "amhp-duty", 2, KEPT_NAMED, "s-ahmed", NULL, -1, 1);
	atlas_shift(&scene->atlas, "amhp-duty", 3, KEPT_TEAM, NULL, "AMHP hub", -1, 1);
	item = function(look(scene, "ZED01", SIGHT_NAMES, 0, 0), 0);
	assert_string_equal(text_of(duty(item, "on_call", 0), "name"), "AMHP hub");
	assert_string_equal(text_of(duty(item, "on_call", 1), "name"), "S Ahmed");
	assert_string_equal(text_of(duty(item, "on_call", 2), "name"), "J Jones");
}

/* Whatever is not a confirmed person's shift is nobody on call. */
static void
never_says_covered_without_a_person(void **state)
{
	static const struct {
		enum kept_class class;
		const char *person, *state, *cause;
	} cases[] = {
	    {KEPT_TENTATIVE, "jo-jones", "unknown", "undecided"},
	    {KEPT_NAMED, NULL, "unknown", "undecided"},
	    {KEPT_UNDECIDED, NULL, "unknown", "undecided"},
	    {KEPT_UNREADABLE, NULL, "unknown", "undecided"},
	    {KEPT_NOBODY, NULL, "gap", "nobody"},
	};
	struct scene *scene = *state;

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		json_t *item;

		snapshot_set_rota(
		    scene->atlas.map, atlas_rota(&scene->atlas, "amhp-duty"), rota_block_empty());
		atlas_shift(
		    &scene->atlas, "amhp-duty", 1, cases[i].class, cases[i].person, NULL, -1, 1);
		item = function(look(scene, "ZED01", SIGHT_NAMES, 0, 0), 0);
		assert_string_equal(text_of(item, "state"), cases[i].state);
		assert_string_equal(text_of(item, "cause_code"), cases[i].cause);
		assert_int_equal(json_array_size(json_object_get(item, "on_call")), 0);
	}
}

/* The rota manager's word that tentative counts is settled by the reader, on STATUS:TENTATIVE. The
 * tentative entry here is "Dr Jones TBC", and that is nobody's confirmed shift on any rota. */
static void
tentative_that_is_kept_never_counts(void **state)
{
	struct scene *scene = *state;
	json_t *item;

	atlas_shift(&scene->atlas, "amhp-second", 1, KEPT_TENTATIVE, "jo-jones", NULL, -1, 1);
	item = function(look(scene, "ZED01", SIGHT_NAMES, 0, 0), 0);
	assert_string_equal(text_of(item, "state"), "unknown");
	assert_string_equal(text_of(item, "cause_code"), "undecided");
	assert_int_equal(json_array_size(json_object_get(item, "on_call")), 0);
}

static void
an_absence_anywhere_takes_the_person_away(void **state)
{
	struct scene *scene = *state;
	json_t *item;

	atlas_shift(&scene->atlas, "amhp-duty", 1, KEPT_NAMED, "jo-jones", NULL, -1, 1);
	atlas_shift(&scene->atlas, "leave-fenmere", 2, KEPT_ABSENCE, "jo-jones", NULL, -5, 5);
	item = function(look(scene, "ZED01", SIGHT_NAMES, 0, 0), 0);
	assert_string_equal(text_of(item, "state"), "gap");
	assert_string_equal(text_of(item, "cause_code"), "not_free");
	assert_int_equal(json_array_size(json_object_get(item, "on_call")), 0);
}

/* Nothing but the clock moves: fresh, ageing, stale, and after six hours no longer believed. */
static void
passing_time_alone_ends_trust(void **state)
{
	static const struct {
		int64_t late;
		const char *freshness, *state;
	} steps[] = {
	    {0, "fresh", "covered"},
	    {20 * 60, "ageing", "covered"},
	    {2 * 3600, "stale", "covered"},
	    {7 * 3600, "unknown", "unknown"},
	};
	struct scene *scene = *state;

	atlas_shift(&scene->atlas, "amhp-duty", 1, KEPT_NAMED, "jo-jones", NULL, -20, 20);
	for (size_t i = 0; i < 4; i++) {
		json_t *item = function(look(scene, "ZED01", SIGHT_NAMES, 0, steps[i].late), 0);
		const char *list = i < 3 ? "on_call" : "last_known";

		assert_string_equal(text_of(item, "state"), steps[i].state);
		assert_string_equal(text_of(duty(item, list, 0), "name"), "J Jones");
		assert_string_equal(
		    text_of(json_object_get(duty(item, list, 0), "source"), "freshness"),
		    steps[i].freshness);
	}
	assert_int_equal(
	    json_array_size(json_object_get(function(scene->answer, 0), "on_call")), 0);
	assert_non_null(strstr(scene->text.at, "We cannot confirm"));
	assert_non_null(strstr(scene->text.at, "Last known"));
	assert_non_null(strstr(scene->text.at, "J Jones"));
	assert_non_null(strstr(scene->text.at, "checked 7 h 1 min ago"));
	assert_non_null(strstr(scene->text.at, "NOT LIVE"));
	assert_non_null(strstr(scene->text.at, "01632 960111"));
}

static void
the_worst_requirement_in_its_hours_is_shown(void **state)
{
	struct scene *scene = *state;
	json_t *item;

	atlas_shift(&scene->atlas, "amhp-duty", 1, KEPT_NAMED, "jo-jones", NULL, -1, 72);
	item = function(look(scene, "ZED01", SIGHT_NAMES, 0, 0), 0);
	assert_int_equal(json_integer_value(json_object_get(item, "required")), 1);
	/* Monday at 10: two are needed then. */
	item = function(look(scene, "ZED01", SIGHT_NAMES, 31, 0), 0);
	assert_string_equal(text_of(item, "state"), "short");
	assert_int_equal(json_integer_value(json_object_get(item, "required")), 2);
	assert_int_equal(json_integer_value(json_object_get(item, "present")), 1);
}

static void
without_requirement_it_still_says_who_is_on(void **state)
{
	struct scene *scene = *state;
	json_t *item;

	atlas_shift(&scene->atlas, "liaison-rota", 1, KEPT_NAMED, "p-lee", NULL, -1, 1);
	item = function(look(scene, "ZED01", SIGHT_NAMES, 0, 0), 1);
	assert_string_equal(text_of(item, "state"), "not_commissioned");
	assert_string_equal(text_of(duty(item, "on_call", 0), "name"), "P Lee");
	assert_string_equal(text_of(duty(item, "on_call", 0), "role"), "Liaison psychiatry");
	assert_int_equal(json_integer_value(json_object_get(item, "present")), 1);
}

static void
a_team_line_is_shown_and_counts_for_nothing_here(void **state)
{
	struct scene *scene = *state;
	json_t *item;

	atlas_shift(&scene->atlas, "amhp-duty", 1, KEPT_TEAM, NULL, "AMHP hub", -1, 1);
	item = function(look(scene, "ZED01", SIGHT_NAMES, 0, 0), 0);
	assert_string_equal(text_of(item, "state"), "gap");
	assert_string_equal(text_of(item, "cause_code"), "team_only");
	assert_string_equal(text_of(duty(item, "on_call", 0), "name"), "AMHP hub");
}

static void
who_sees_what(void **state)
{
	struct scene *scene = *state;
	json_t *person;

	atlas_shift(&scene->atlas, "amhp-duty", 1, KEPT_NAMED, "jo-jones", NULL, -1, 1);
	person = duty(function(look(scene, "ZED01", SIGHT_NAMES, 0, 0), 0), "on_call", 0);
	assert_null(json_object_get(person, "work_phone"));
	assert_null(strstr(scene->text.at, "960123"));
	person = duty(function(look(scene, "ZED01", SIGHT_MOBILES, 0, 0), 0), "on_call", 0);
	assert_string_equal(text_of(person, "work_phone"), "+441632960123");
	assert_non_null(strstr(scene->text.at, "mobile 01632 960123"));
	person = duty(function(look(scene, "ZED01", SIGHT_COUNTS, 0, 0), 0), "on_call", 0);
	assert_true(json_is_null(json_object_get(person, "name")));
	assert_null(strstr(scene->json.buf.at, "Jones"));
	assert_null(strstr(scene->text.at, "Jones"));
	assert_null(strstr(scene->json.buf.at, "960123"));
}

static void
a_place_that_nobody_serves_is_no_error(void **state)
{
	struct scene *scene = *state;

	look(scene, "ZED02", SIGHT_NAMES, 0, 0);
	assert_int_equal(json_array_size(json_object_get(scene->answer, "functions")), 0);
	assert_non_null(strstr(scene->text.at, "Nothing is commissioned"));
}

static void
no_line_is_longer_than_eighty_columns(void **state)
{
	struct scene *scene = *state;

	atlas_shift(&scene->atlas, "amhp-duty", 1, KEPT_NAMED, "jo-jones", NULL, -1, 1);
	atlas_shift(&scene->atlas, "amhp-duty", 2, KEPT_TEAM, NULL,
	    "A team with a name that is longer than anybody would ever think of giving to a team and without an end",
	    -1, 1);
	look(scene, "ZED01", SIGHT_MOBILES, 0, 30000);
	for (const char *line = scene->text.at; *line != '\0';) {
		size_t len = strcspn(line, "\n");

		assert_in_range(len, 0, 80);
		line += len + (line[len] == '\n');
	}
}

#define SCENE(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    SCENE(says_who_until_when_and_who_follows),
	    SCENE(lists_by_tier_then_name),
	    SCENE(says_which_source_is_at_fault_and_why),
	    SCENE(says_who_cannot_be_rung),
	    SCENE(never_says_covered_without_a_person),
	    SCENE(tentative_that_is_kept_never_counts),
	    SCENE(an_absence_anywhere_takes_the_person_away),
	    SCENE(passing_time_alone_ends_trust),
	    SCENE(the_worst_requirement_in_its_hours_is_shown),
	    SCENE(without_requirement_it_still_says_who_is_on),
	    SCENE(a_team_line_is_shown_and_counts_for_nothing_here),
	    SCENE(who_sees_what),
	    SCENE(a_place_that_nobody_serves_is_no_error),
	    SCENE(no_line_is_longer_than_eighty_columns),
	};

	return cmocka_run_group_tests_name("now", tests, NULL, NULL);
}
