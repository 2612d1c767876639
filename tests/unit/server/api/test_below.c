/* SPDX-License-Identifier: MIT */
#include "tests/unit/server/api/testbed.h"

#include <time.h>

#include "server/base/civil.h"
#include "server/base/text.h"
#include "server/model/region.h"
#include "tests/unit/server/model/dice.h"
#include "tests/unit/server/model/region_text.h"

/* A place answers for those below it, while they are below it: its list of gaps is theirs and its
 * own, and nothing else. Over hierarchies thrown from seeds, against a walk up the parents hour by
 * hour. */

#define PLACES 7
#define DAYS 10
#define GAPS 24
#define HOUR INT64_C(3600)
#define DAY (24 * HOUR)

struct dated {
	uint32_t parent;
	int64_t from, until; /* days from today; until 0: no end */
};

struct scene {
	struct dice dice;
	uint64_t seed;
	int64_t today; /* noon of it, so that hours are far from midnight's doubts */
	struct dated dated_places[PLACES][2];
	size_t nstays[PLACES];
	struct {
		uint32_t place, requirement;
		int64_t start, end;
		char id[40];
	} gaps[GAPS];
	struct arena *arena;
	const struct region *region;
};

static int64_t
day_of(const struct scene *scene, int64_t instant)
{
	/* The tests' region keeps UTC's days near enough: gaps lie between 06:00 and 22:00. */
	return (instant - (scene->today - 12 * HOUR)) / DAY;
}

static bool
is_below(const struct scene *scene, uint32_t place, uint32_t top, int64_t day)
{
	if (place == top)
		return true;
	for (size_t i = 0; i < scene->nstays[place]; i++) {
		const struct dated *dated = &scene->dated_places[place][i];

		if (dated->from <= day && (dated->until == 0 || day < dated->until) &&
		    is_below(scene, dated->parent, top, day))
			return true;
	}
	return false;
}

static void
throw_dated_places(struct scene *scene)
{
	for (uint32_t i = 1; i < PLACES; i++) {
		scene->nstays[i] = (size_t)dice_below(&scene->dice, 3);
		for (size_t j = 0; j < scene->nstays[i]; j++) {
			struct dated *dated = &scene->dated_places[i][j];

			dated->parent = (uint32_t)dice_below(&scene->dice, i);
			dated->from = dice_below(&scene->dice, DAYS) - 2;
			dated->until = dice_below(&scene->dice, 2)
					   ? 0
					   : dated->from + 1 + dice_below(&scene->dice, DAYS);
		}
		if (scene->nstays[i] == 2 &&
		    scene->dated_places[i][0].parent == scene->dated_places[i][1].parent)
			scene->nstays[i] = 1;
	}
}

static void
day_text(const struct scene *scene, int64_t day, char out[CIVIL_DAY_MAX])
{
	civil_day_text((scene->today - 12 * HOUR) / DAY + day, out);
}

static void
add_place(const struct scene *scene, uint32_t i, struct buf *text)
{
	char from[CIVIL_DAY_MAX], until[CIVIL_DAY_MAX];

	buf_printf(text, "%s{'code':'S%uP%u','name':'Place %u of %u','kind':'hospital','parents':[",
	    i > 0 ? "," : "", (unsigned)scene->seed, i, i, (unsigned)scene->seed);
	for (size_t j = 0; j < scene->nstays[i]; j++) {
		const struct dated *dated = &scene->dated_places[i][j];

		day_text(scene, dated->from, from);
		buf_printf(text, "%s{'place':'S%uP%u','from':'%s'", j > 0 ? "," : "",
		    (unsigned)scene->seed, dated->parent, from);
		if (dated->until != 0) {
			day_text(scene, dated->until, until);
			buf_printf(text, ",'until':'%s'", until);
		}
		buf_add_text(text, "}");
	}
	buf_add_text(text, "]}");
}

static char *
region_of(struct scene *scene)
{
	struct buf text = {0};

	buf_add_text(&text,
	    "{'crisiscover':1,'organisations':[{'code':'O','name':'O','kind':'icb'}],"
	    "'functions':[{'code':'f','name':'F'},{'code':'g','name':'G'}],'places':[");
	for (uint32_t i = 0; i < PLACES; i++)
		add_place(scene, i, &text);
	buf_add_text(&text, "],'requirements':[");
	for (uint32_t i = 0; i < 4; i++)
		buf_printf(&text,
		    "%s{'id':'S%uR%u','place':'S%uP%u','function':'%s','count':1,"
		    "'hours':[{'days':['all'],'from':'00:00','to':'24:00'}]}",
		    i > 0 ? "," : "", (unsigned)scene->seed, i, (unsigned)scene->seed,
		    (uint32_t)dice_below(&scene->dice, PLACES), i % 2 ? "f" : "g");
	buf_add_text(&text, "]}");
	for (size_t i = 0; i < text.len; i++)
		text.at[i] = text.at[i] == '\'' ? '"' : text.at[i];
	return text.at;
}

static void
put_in_force(struct scene *scene, const char *text)
{
	struct region_faults faults;
	struct http_reply reply = http(&(struct http_ask){.port = testbed_port(),
	    .method = "PUT",
	    .path = TESTBED_REGION,
	    .token = testbed_admin(),
	    .body = text});
	char first[32];

	if (reply.status != 200)
		fail_msg("seed %u: %s", (unsigned)scene->seed, reply.body);
	http_free(&reply);
	snprintf(first, sizeof first, "S%uP0", (unsigned)scene->seed);
	testbed_until(
	    &(struct http_ask){
		.port = testbed_port(), .path = "/v1/places", .token = testbed_admin()},
	    "places.0.code", first);
	scene->region = region_text_read(scene->arena, text, &faults);
}

/* One requirement at one place may have many, and several places one hole in common. */
static void
throw_gaps(struct scene *scene)
{
	const struct region *region = scene->region;
	int64_t start = 0;

	for (uint32_t i = 0; i < region->ndemands; i++)
		testbed_sql("insert into demand (requirement, place) values ('%s', '%s')",
		    region->requirements[region->demands[i].requirement].id,
		    region->places[region->demands[i].place].code);
	for (size_t i = 0; i < GAPS; i++) {
		const struct region_demand *demand =
		    &region->demands[dice_below(&scene->dice, region->ndemands)];

		if (start == 0 || dice_below(&scene->dice, 2))
			start = scene->today + DAY + dice_below(&scene->dice, DAYS) * DAY -
				6 * HOUR + dice_below(&scene->dice, 8) * HOUR;
		scene->gaps[i].place = demand->place;
		scene->gaps[i].requirement = demand->requirement;
		scene->gaps[i].start = start;
		scene->gaps[i].end = start + 2 * HOUR + dice_below(&scene->dice, 3) * DAY;
		snprintf(scene->gaps[i].id, sizeof scene->gaps[i].id, "%08x-0000-4000-8000-%012x",
		    (unsigned)scene->seed, (unsigned)i);
		testbed_sql(
		    "insert into gap (id, requirement, place, function, starts_at, ends_at, state, "
		    "cause, present, required, severity, told) values ('%s', '%s', '%s', '%s', "
		    "to_timestamp(%lld), to_timestamp(%lld), 'gap', 'no_source', 0, 1, 'high', "
		    "true)",
		    scene->gaps[i].id, region->requirements[demand->requirement].id,
		    region->places[demand->place].code, region->functions[demand->function].code,
		    (long long)scene->gaps[i].start, (long long)scene->gaps[i].end);
	}
	testbed_sql(
	    "begin; update map_head set version = version + 1, region_version = (select max(version) from region), "
	    "at = clock_timestamp();insert into map_change (epoch, version, requirement, place) select distinct h.epoch, "
	    "h.version, g.requirement, g.place from map_head h, gap g;notify coverage_changed; commit");
}

static bool
belongs(const struct scene *scene, size_t gap, uint32_t top, bool within)
{
	if (!within)
		return scene->gaps[gap].place == top;
	for (int64_t at = scene->gaps[gap].start; at < scene->gaps[gap].end; at += HOUR)
		if (is_below(scene, scene->gaps[gap].place, top, day_of(scene, at)))
			return true;
	return false;
}

static bool
same_hole(const struct scene *scene, size_t a, size_t b)
{
	return scene->gaps[a].requirement == scene->gaps[b].requirement &&
	       scene->gaps[a].start == scene->gaps[b].start &&
	       scene->gaps[a].end == scene->gaps[b].end;
}

struct counted {
	int64_t lines, distinct;
};

static struct counted
count(const struct scene *scene, uint32_t top, bool within)
{
	struct counted counted = {0};

	for (size_t i = 0; i < GAPS; i++) {
		bool seen = false;

		if (!belongs(scene, i, top, within))
			continue;
		for (size_t j = 0; j < i; j++)
			seen |= belongs(scene, j, top, within) && same_hole(scene, i, j);
		counted.lines++;
		counted.distinct += !seen;
	}
	return counted;
}

/* Follows the pages, and checks each line; says how many there were. */
static size_t
walk_pages(const struct scene *scene, uint32_t top, const char *query, bool within)
{
	const struct region *region = scene->region;
	char path[256], cursor[128] = "";
	size_t lines = 0;

	do {
		struct http_reply reply;
		json_t *gap;
		size_t i, j;

		snprintf(path, sizeof path, "/v1/gaps?place=S%uP%u%s%s%s", (unsigned)scene->seed,
		    top, query, *cursor ? "&cursor=" : "", cursor);
		reply = testbed_get(path);
		assert_int_equal(reply.status, 200);
		json_array_foreach(json_object_get(reply.json, "gaps"), i, gap)
		{
			for (j = 0; j < GAPS; j++)
				if (strcmp(scene->gaps[j].id,
					json_string_value(json_object_get(gap, "id"))) == 0)
					break;
			assert_true(j < GAPS);
			if (!belongs(scene, j, top, within))
				fail_msg(
				    "seed %u: %s lists gap %zu", (unsigned)scene->seed, path, j);
			assert_string_equal(json_string_value(json_object_get(gap, "asked")),
			    region->places[top].code);
			assert_string_equal(json_string_value(json_object_get(gap, "place")),
			    region->places[scene->gaps[j].place].code);
			assert_string_equal(json_string_value(json_object_get(gap, "from_place")),
			    region->places[region->requirements[scene->gaps[j].requirement].place]
				.code);
			lines++;
		}
		snprintf(cursor, sizeof cursor, "%s", http_at(&reply, "next_cursor"));
		http_free(&reply);
	} while (strcmp(cursor, "null") != 0);
	return lines;
}

static void
check_place(const struct scene *scene, uint32_t top)
{
	struct counted below = count(scene, top, true), alone = count(scene, top, false);
	struct http_reply reply;
	char path[128];

	assert_int_equal(walk_pages(scene, top, "&limit=5", true), below.lines);
	assert_int_equal(walk_pages(scene, top, "&limit=5&state=all", true), below.lines);
	assert_int_equal(walk_pages(scene, top, "&within=true", true), below.lines);
	assert_int_equal(walk_pages(scene, top, "&within=false&limit=4", false), alone.lines);
	snprintf(path, sizeof path, "/v1/gaps?limit=1&place=S%uP%u", (unsigned)scene->seed, top);
	reply = testbed_get(path);
	assert_int_equal(
	    json_integer_value(json_object_get(json_object_get(reply.json, "totals"), "lines")),
	    below.lines);
	assert_int_equal(
	    json_integer_value(json_object_get(json_object_get(reply.json, "totals"), "distinct")),
	    below.distinct);
	http_free(&reply);
}

static void
a_boards_list_is_the_union_of_those_below_it(void **state)
{
	(void)state;
	for (uint64_t seed = 1; seed <= 6; seed++) {
		struct scene scene = {.seed = seed, .dice = dice_of(seed), .arena = arena_new(0)};
		char *text;

		scene.today = (int64_t)time(NULL) / DAY * DAY + 12 * HOUR;
		throw_dated_places(&scene);
		text = region_of(&scene);
		testbed_sql("delete from gap; delete from demand");
		put_in_force(&scene, text);
		throw_gaps(&scene);
		testbed_until(
		    &(struct http_ask){
			.port = testbed_port(), .path = "/v1/gaps", .token = testbed_admin()},
		    "totals.lines", "24");
		for (uint32_t top = 0; top < PLACES; top++)
			check_place(&scene, top);
		free(text);
		arena_free(scene.arena);
	}
}

/* ------------------------------------------------------------------------------------ coverage */

static const char board[] =
    "{'crisiscover':1,'organisations':[{'code':'O','name':'O','kind':'icb'}],'functions':[{'code':'f','name':'F'},"
    "{'code':'g','name':'G'}],'places':[{'code':'BOARD','name':'Board','kind':'icb'},"
    "{'code':'EAST','name':'East','kind':'hospital','parents':['BOARD']},"
    "{'code':'WEST','name':'West','kind':'hospital','parents':[{'place':'BOARD','from':'%s','until':'%s'}]},"
    "{'code':'ELSE','name':'Else','kind':'hospital'}],'requirements':[{'id':'RB','place':'BOARD','function':'f','count':1,'hours':[{'days':['all'],'from':'00:00','to':'24:00'}]},{'id':'RW','place':'WEST','function':'g','count':1,'hours':[{'days':['all'],'from':'00:00','to':'24:00'}]},{'id':'RE','place':'ELSE','function':'g','count':1,'hours':[{'days':['all'],'from':'00:00','to':'24:00'}]}]}";

static const json_t *
line_of(const struct http_reply *reply, const char *id, const char *place)
{
	json_t *line;
	size_t i;

	json_array_foreach(json_object_get(reply->json, "requirements"), i,
	    line) if (strcmp(json_string_value(json_object_get(line, "id")), id) == 0 &&
		      strcmp(json_string_value(json_object_get(line, "place")), place) ==
			  0) return line;
	return NULL;
}

static double
hours_of(const json_t *line)
{
	json_t *span;
	double seconds = 0;
	size_t i;

	json_array_foreach(json_object_get(line, "spans"), i, span)
	{
		int64_t start, end;

		assert_true(civil_parse_rfc3339(
		    slice_of(json_string_value(json_object_get(span, "start"))), &start));
		assert_true(civil_parse_rfc3339(
		    slice_of(json_string_value(json_object_get(span, "end"))), &end));
		seconds += (double)(end - start);
	}
	return seconds / 3600;
}

/* WEST is below the board on the second and third of five days. */
static void
coverage_takes_in_those_below_while_they_are(void **state)
{
	struct scene scene = {
	    .today = (int64_t)time(NULL) / DAY * DAY + 12 * HOUR, .arena = arena_new(0)};
	char first[CIVIL_DAY_MAX], last[CIVIL_DAY_MAX], path[256];
	char from[CIVIL_RFC3339_MAX], to[CIVIL_RFC3339_MAX];
	struct http_reply reply;
	char *text;

	(void)state;
	day_text(&scene, 3, first);
	day_text(&scene, 5, last);
	text = arena_printf(scene.arena, board, first, last);
	for (char *at = text; *at != '\0'; at++)
		*at = *at == '\'' ? '"' : *at;
	reply = http(&(struct http_ask){.port = testbed_port(),
	    .method = "PUT",
	    .path = TESTBED_REGION,
	    .token = testbed_admin(),
	    .body = text});
	assert_int_equal(reply.status, 200);
	http_free(&reply);
	testbed_until(
	    &(struct http_ask){
		.port = testbed_port(), .path = "/v1/places", .token = testbed_admin()},
	    "places.0.code", "BOARD");
	civil_rfc3339(scene.today - 12 * HOUR + 2 * DAY, from);
	civil_rfc3339(scene.today - 12 * HOUR + 7 * DAY, to);
	snprintf(path, sizeof path, "/v1/coverage?place=BOARD&from=%s&to=%s", from, to);
	reply = testbed_get(path);
	assert_int_equal(reply.status, 200);
	assert_string_equal(http_at(&reply, "within"), "true");
	assert_float_equal(hours_of(line_of(&reply, "RB", "BOARD")), 120, 0.01);
	assert_float_equal(hours_of(line_of(&reply, "RB", "EAST")), 120, 0.01);
	/* In winter 48; over a night on which the clocks change an hour more or less. */
	assert_float_equal(hours_of(line_of(&reply, "RW", "WEST")), 48, 1.01);
	assert_float_equal(hours_of(line_of(&reply, "RB", "WEST")), 48, 1.01);
	assert_null(line_of(&reply, "RE", "ELSE"));
	assert_string_equal(
	    json_string_value(json_object_get(line_of(&reply, "RB", "EAST"), "from_place")),
	    "BOARD");
	assert_float_equal(
	    json_number_value(json_object_get(json_object_get(reply.json, "totals"), "gap")),
	    240 + hours_of(line_of(&reply, "RW", "WEST")) + hours_of(line_of(&reply, "RB", "WEST")),
	    0.1);
	/* RB at the board and in the East is one hole; in the West it is a shorter one. */
	assert_string_equal(http_at(&reply, "holes.lines"), "4");
	assert_string_equal(http_at(&reply, "holes.distinct"), "3");
	assert_string_equal(http_at(&reply, "holes.by_place.0.place"), "BOARD");
	assert_string_equal(http_at(&reply, "totals_by_function.0.function"), "f");
	http_free(&reply);

	snprintf(
	    path, sizeof path, "/v1/coverage?place=BOARD&within=false&from=%s&to=%s", from, to);
	reply = testbed_get(path);
	assert_string_equal(http_at(&reply, "requirements.0.id"), "RB");
	assert_string_equal(http_at(&reply, "requirements.1"), "(none)");
	http_free(&reply);

	snprintf(path, sizeof path, "/v1/coverage?place=BOARD&limit=3&from=%s&to=%s", from, to);
	reply = testbed_get(path);
	assert_string_equal(http_at(&reply, "requirements.2.id"), "RB");
	assert_string_equal(http_at(&reply, "requirements.3"), "(none)");
	assert_string_equal(http_at(&reply, "holes.lines"), "4");
	snprintf(path, sizeof path, "/v1/coverage?place=BOARD&limit=3&from=%s&to=%s&cursor=%s",
	    from, to, http_at(&reply, "next_cursor"));
	http_free(&reply);
	reply = testbed_get(path);
	assert_string_equal(http_at(&reply, "requirements.0.id"), "RW");
	assert_string_equal(http_at(&reply, "next_cursor"), "null");
	http_free(&reply);
	arena_free(scene.arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(
		a_boards_list_is_the_union_of_those_below_it, testbed_set_up, testbed_tear_down),
	    cmocka_unit_test_setup_teardown(
		coverage_takes_in_those_below_while_they_are, testbed_set_up, testbed_tear_down),
	};

	return cmocka_run_group_tests(tests, testbed_open, testbed_close);
}
