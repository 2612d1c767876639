/* SPDX-License-Identifier: MIT */
#include "tests/unit/server/api/unit.h"

#include <jansson.h>

#include "server/api/views/imports/import_effect.h"
#include "server/api/views/now/now_render.h"
#include "server/api/views/parts/plan_effect.h"
#include "server/api/views/parts/touched.h"
#include "server/base/civil.h"
#include "server/map/rota_builder.h"
#include "tests/unit/server/api/atlas.h"

/* The Now answer, as JSON and as text, over time: places that have ended or are to come, people in
 * several places, and the nights on which the clocks change. ATLAS_NOW is Sunday 22 November 2026,
 * 03:09:59. */

static const char region_text[] =
    "{'crisiscover':1,'organisations':[{'code':'O','name':'O','kind':'icb'}],"
    "'functions':[{'code':'s12','name':'Section 12 doctor'},{'code':'amhp','name':'AMHP'},{'code':'night','name':'Night'}],"
    "'places':[{'code':'OLD','name':'Alder','kind':'icb','until':'2026-11-22','successors':['NEW']},"
    "{'code':'NEW','name':'Cedar','kind':'icb','from':'2026-11-22'},"
    "{'code':'LONE','name':'Gorse','kind':'hospital','until':'2026-11-01'},"
    "{'code':'OLDER','name':'Ash','kind':'icb','until':'2026-04-01','successors':['OLD']},"
    "{'code':'W','name':'West Fen','kind':'council_area'},{'code':'E','name':'East Fen','kind':'council_area'},"
    "{'code':'N','name':'North Fen','kind':'council_area'},{'code':'H','name':'Hospital','kind':'hospital'}],"
    "'people':[{'id':'ann','name':'Ann A','organisation':'O','roles':['s12','amhp','night']},"
    "{'id':'bob','name':'Bob B','organisation':'O','roles':['s12','amhp','night']}],"
    "'services':[{'id':'old','name':'Old','function':'amhp','organisation':'O','places':['OLD'],"
    "'phone':'+441632960001','fallback':{'text':'Ring Alder','phone':'+441632960009'}},"
    "{'id':'new','name':'New','function':'amhp','organisation':'O','places':['NEW'],'phone':'+441632960002'},"
    "{'id':'docs','name':'Doctors','function':'s12','organisation':'O','places':['W','E','H']},"
    "{'id':'docs-n','name':'Doctors N','function':'s12','organisation':'O','places':['N']},"
    "{'id':'until','name':'Until','function':'amhp','organisation':'O','places':[{'place':'W','until':'2026-11-22'}]},"
    "{'id':'nights','name':'Nights','function':'night','organisation':'O','places':['H']}],"
    "'rotas':[{'id':'ro','service':'old','source':{'kind':'typed'}},{'id':'rn','service':'new','source':{'kind':'typed'}},"
    "{'id':'rd','service':'docs','source':{'kind':'typed'}},{'id':'rdn','service':'docs-n','source':{'kind':'typed'}},"
    "{'id':'rnight','service':'nights','source':{'kind':'typed'}},{'id':'ru','service':'until','source':{'kind':'file'}}],"
    "'requirements':[{'id':'RO','place':'OLD','function':'amhp','count':1,'hours':[{'days':['all'],"
    "'from':'00:00','to':'24:00'}]},{'id':'RN','place':'NEW','function':'amhp','count':1,'hours':[{'days':['all'],"
    "'from':'00:00','to':'24:00'}]},{'id':'RW','place':'W','function':'s12','count':1,'max_share':2,'hours':[{'days':['all'],'from':'00:00','to':'24:00'}]},{'id':'RE','place':'E','function':'s12','count':1,'max_share':3,'hours':[{'days':['all'],'from':'00:00','to':'24:00'}]},{'id':'RH','place':'H','function':'night','count':1,'hours':[{'days':['all'],'from':'21:00','to':'09:00'}]}]}";

struct scene {
	struct atlas atlas;
	struct arena *arena;
	struct json_out json;
	struct buf text;
	json_t *answer;
};

static int
set_up(void **state)
{
	struct scene *scene = calloc(1, sizeof *scene);

	atlas_open_quoted(&scene->atlas, region_text);
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

/* Asks about ${place} at ${at}, all there is of it or one function. */
static json_t *
look_at(struct scene *scene, const char *place, const char *function, int64_t at)
{
	struct cover_asked asked = {.map = scene->atlas.map, .now = ATLAS_NOW};
	struct lookup lookup;
	struct now_frame frame = {
	    .map = scene->atlas.map,
	    .lookup = &lookup,
	    .sight = SIGHT_NAMES,
	    .age = {.confidence = CONFIDENCE_LIVE, .as_of = scene->atlas.store.checked_at},
	    .now = ATLAS_NOW,
	    .fixer = &(struct account){.kind = "person", .role = ROLE_ADMINISTRATOR},
	    .arena = scene->arena,
	};

	lookup_make(scene->arena, &asked,
	    &(struct lookup_asked){atlas_place(&scene->atlas, place),
		function ? table_get(&scene->atlas.region->function_by_code, function)
			 : REGION_NONE,
		at},
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

/* "functions.0.state" */
static const char *
at(const struct scene *scene, const char *path)
{
	static char text[512];
	json_t *value = scene->answer;
	char copy[256], *save = NULL;

	snprintf(copy, sizeof copy, "%s", path);
	for (char *step = strtok_r(copy, ".", &save); step; step = strtok_r(NULL, ".", &save))
		value = json_is_array(value) ? json_array_get(value, (size_t)atoi(step))
					     : json_object_get(value, step);
	if (value == NULL)
		return "(none)";
	if (json_is_string(value))
		return json_string_value(value);
	{
		char *dumped = json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT);

		snprintf(text, sizeof text, "%s", dumped);
		free(dumped);
	}
	return text;
}

#define IS(path, wanted) assert_string_equal(at(scene, path), wanted)
#define SAYS(words) assert_non_null(strstr(scene->text.at, words))
#define SAYS_NOT(words) assert_null(strstr(scene->text.at, words))

/* An ended place answers: that it has ended, who answers now, and where to go for each function. */
/* holds: H12.1 */
static void
a_place_that_has_ended_sends_on(void **state)
{
	struct scene *scene = *state;

	atlas_shift(&scene->atlas, "ro", 1, KEPT_NAMED, "ann", NULL, -9, 9);
	look_at(scene, "OLD", NULL, ATLAS_NOW);
	IS("place.ended", "2026-11-22");
	IS("place.successors", "[{\"code\":\"NEW\",\"name\":\"Cedar\"}]");
	IS("functions.0.function", "amhp");
	IS("functions.0.state", "not_commissioned");
	IS("functions.0.required", "0");
	IS("functions.0.on_call", "[]");
	IS("functions.0.cause", "null");
	IS("functions.0.fallback.text", "Alder ended on 22 Nov 2026. Ask for Cedar (NEW)");
	IS("functions.0.fallback.phone", "+441632960002");
	SAYS("THIS PLACE ENDED ON 2026-11-22.");
	SAYS("Now: Cedar (NEW)");
	SAYS("Not commissioned at this hour");
	SAYS("Instead: Alder ended on 22 Nov 2026. Ask for Cedar (NEW)  tel 01632 960002");
	SAYS_NOT("Ann A");
}

/* The number that a closed place sends on to has what is dialled after it; a line that is not shown is
 * the switchboard of the place that answers. */
static void
what_is_dialled_is_sent_on_too(void **state)
{
	struct scene *scene = *state;
	struct region_service *service = (void *)(uintptr_t)&scene->atlas.region->services[1];
	struct region_place *place = (void *)(uintptr_t)&scene->atlas.region->places[1];
	struct region_contact line = {
	    .number = "+441632960002", .extension = "4421", .bleep = "0667"};

	service->line = &line;
	look_at(scene, "OLD", NULL, ATLAS_NOW);
	IS("functions.0.ring.0.extension", "4421");
	SAYS("01632 960002");
	SAYS("4421"); /* on the next line, by the width of a terminal */
	line.personal = true;
	service->phone = NULL;
	place->switchboard = "+441632960100";
	look_at(scene, "OLD", NULL, ATLAS_NOW);
	IS("functions.0.fallback.phone", "+441632960100");
	SAYS("01632 960100");
	SAYS_NOT("960002");
}

/* The night of the change, to the second; who is on at Alder is on there until midnight, no longer. */
static void
the_dates_are_those_of_the_instant_that_is_asked_about(void **state)
{
	struct scene *scene = *state;
	int64_t midnight = civil_days(2026, 11, 22) * 86400;

	atlas_shift(&scene->atlas, "ro", 1, KEPT_NAMED, "ann", NULL, -9, 9);
	atlas_shift(&scene->atlas, "ro", 2, KEPT_NAMED, "bob", NULL, 9, 19);
	look_at(scene, "OLD", NULL, midnight - 1);
	IS("place.ended", "(none)");
	IS("place.successors", "(none)");
	IS("functions.0.state", "covered");
	IS("functions.0.on_call.0.name", "Ann A");
	IS("functions.0.on_call.0.until", "2026-11-22T00:00:00Z");
	IS("functions.0.on_call.0.next", "null");
	IS("functions.0.fallback.text", "Ring Alder");
	SAYS_NOT("ENDED");
	look_at(scene, "OLD", NULL, midnight);
	IS("functions.0.state", "not_commissioned");
	look_at(scene, "NEW", NULL, midnight - 1);
	IS("place.begins", "2026-11-22");
	IS("place.predecessors", "[{\"code\":\"OLD\",\"name\":\"Alder\"}]");
	IS("functions.0.state", "not_commissioned");
	IS("functions.0.fallback.text", "Cedar begins on 22 Nov 2026. Ask for Alder (OLD)");
	IS("functions.0.fallback.phone", "+441632960001");
	SAYS("THIS PLACE BEGINS ON 2026-11-22.");
	SAYS("Until then: Alder (OLD)");
	look_at(scene, "NEW", NULL, midnight);
	IS("place.begins", "(none)");
	IS("functions.0.state", "gap");
	IS("functions.0.cause_code", "silent");
}

/* A person who would begin on a rota when it has ceased to serve the place is not the next. */
static void
who_follows_begins_while_the_rota_serves_the_place(void **state)
{
	int64_t midnight = civil_days(2026, 11, 22) * 86400;

	(void)state;
	for (int late = 0; late < 2; late++) {
		/* Half a second less: the atlas cuts to whole seconds. */
		double begin = (double)(midnight - 1 + late - ATLAS_NOW) - 0.5;
		struct scene *scene;
		void *made = NULL;

		set_up(&made);
		scene = made;
		atlas_shift(&scene->atlas, "ro", 1, KEPT_NAMED, "ann", NULL, -9, 9);
		atlas_shift(&scene->atlas, "ro", 2, KEPT_NAMED, "bob", NULL, begin / 3600, 19);
		look_at(scene, "OLD", NULL, midnight - 2);
		IS("functions.0.on_call.0.name", "Ann A");
		IS("functions.0.on_call.0.next.name", late ? "(none)" : "Bob B");
		tear_down(&made);
	}
}

/* A source that is at fault is named while it serves the place, and not afterwards. */
static void
only_sources_that_serve_then_are_at_fault(void **state)
{
	struct scene *scene = *state;
	int64_t midnight = civil_days(2026, 11, 22) * 86400;

	atlas_feed(&scene->atlas, "ru", INSTANT_NEVER);
	look_at(scene, "W", "amhp", midnight - 1);
	IS("functions.0.sources_at_fault.0.rota", "ru");
	SAYS("Rota ru");
	look_at(scene, "W", "amhp", midnight);
	IS("functions.0.sources_at_fault", "[]");
	SAYS_NOT("Rota ru");
}

static void
the_way_leads_over_several_successors(void **state)
{
	struct scene *scene = *state;

	look_at(scene, "OLDER", NULL, ATLAS_NOW);
	IS("place.successors", "[{\"code\":\"NEW\",\"name\":\"Cedar\"}]");
	IS("functions.0.function", "amhp");
	IS("functions.0.fallback.text", "Ash ended on 1 Apr 2026. Ask for Cedar (NEW)");
	look_at(scene, "OLDER", NULL, ATLAS_NOW - 2 * 86400);
	IS("place.successors", "[{\"code\":\"OLD\",\"name\":\"Alder\"}]");
}

/* Nothing was ever asked of it and nobody follows: still no empty answer. */
static void
an_ended_place_never_answers_with_an_empty_list(void **state)
{
	struct scene *scene = *state;

	look_at(scene, "LONE", NULL, ATLAS_NOW);
	IS("place.ended", "2026-11-01");
	IS("place.successors", "[]");
	assert_int_equal(json_array_size(json_object_get(scene->answer, "functions")), 3);
	IS("functions.2.state", "not_commissioned");
	IS("functions.2.fallback.text",
	    "Gorse ended on 1 Nov 2026. No successor is named: ask your switchboard");
	SAYS("No successor is named");
}

/* --- Shared. --- */

static void
shared_people_say_with_whom(void **state)
{
	struct scene *scene = *state;

	/* On one rota for West and East, and for two hours on North's. */
	atlas_shift(&scene->atlas, "rd", 1, KEPT_NAMED, "ann", NULL, -9, 9);
	atlas_shift(&scene->atlas, "rdn", 2, KEPT_NAMED, "ann", NULL, 1, 3);
	atlas_shift(&scene->atlas, "rdn", 3, KEPT_NAMED, "bob", NULL, -1, 1);
	look_at(scene, "W", "s12", ATLAS_NOW);
	IS("functions.0.state", "covered");
	IS("functions.0.on_call.0.shared_with", "[\"East Fen\"]");
	SAYS("shared with East Fen");
	look_at(scene, "W", "s12", ATLAS_NOW + 2 * 3600);
	IS("functions.0.state", "gap");
	IS("functions.0.present", "0");
	IS("functions.0.cause_code", "shared_too_widely");
	IS("functions.0.on_call.0.name", "Ann A");
	IS("functions.0.on_call.0.shared_with", "[\"East Fen\",\"North Fen\"]");
	SAYS("covers more places at once");
	SAYS("shared with East Fen, North Fen");
	/* East takes people who serve three. */
	look_at(scene, "E", "s12", ATLAS_NOW + 2 * 3600);
	IS("functions.0.state", "covered");
	IS("functions.0.on_call.0.shared_with", "[\"North Fen\",\"West Fen\"]");
	/* A hospital is not of their kind. */
	look_at(scene, "H", "s12", ATLAS_NOW + 2 * 3600);
	IS("functions.0.on_call.0.shared_with", "[]");
	look_at(scene, "N", "s12", ATLAS_NOW);
	IS("functions.0.on_call.0.name", "Bob B");
	IS("functions.0.on_call.0.shared_with", "[]");
	SAYS_NOT("shared with");
}

/* A gap that a calendar would open elsewhere is shown before it is put in force. */
static void
a_preview_counts_the_places_of_shared_people(void **state)
{
	struct scene *scene = *state;
	struct rota_builder *builder = rota_builder_new();
	uint32_t north = atlas_rota(&scene->atlas, "rdn");
	struct rota_block *block;
	struct import_effect effect;
	const struct region *region = scene->atlas.region;

	atlas_shift(&scene->atlas, "rd", 1, KEPT_NAMED, "ann", NULL, -9, 9);
	rota_builder_add(builder, &(struct shift_row){.id = 9,
				      .class = KEPT_NAMED,
				      .person = table_get(&region->person_by_id, "ann"),
				      .start = ATLAS_NOW + 3600,
				      .end = ATLAS_NOW + 7200});
	block = rota_builder_take(builder);
	import_effect(scene->arena, scene->atlas.map,
	    &(struct import_after){north, block, ATLAS_NOW + 7200, ATLAS_NOW}, ATLAS_NOW, &effect);
	assert_int_equal(effect.nopens, 1);
	assert_string_equal(
	    region->requirements[region->demands[effect.opens[0].demand].requirement].id, "RW");
	assert_int_equal(effect.opens[0].start, ATLAS_NOW + 3600);
	assert_int_equal(effect.opens[0].end, ATLAS_NOW + 7200);
	assert_int_equal(effect.opens[0].state, COVER_GAP);
	assert_int_equal(effect.ncloses, 0);
	rota_block_unref(block);
	rota_builder_free(builder);
}

/* An override on another rota takes somebody out of where sharing is limited: its dry run looks
 * there. */
static void
a_dry_run_counts_the_places_of_shared_people(void **state)
{
	struct scene *scene = *state;
	const struct region *region = scene->atlas.region;
	uint32_t north = atlas_rota(&scene->atlas, "rdn"), found = 0;
	struct rota_builder *builder = rota_builder_new();
	struct snapshot *after;
	struct touched touched;

	atlas_shift(&scene->atlas, "rd", 1, KEPT_NAMED, "ann", NULL, -9, 9);
	rota_builder_add_block(builder, scene->atlas.map->rotas[north], NULL, 0);
	rota_builder_add(builder, &(struct shift_row){.id = INT64_MAX,
				      .start = ATLAS_NOW + 3600,
				      .end = ATLAS_NOW + 7200,
				      .person = table_get(&region->person_by_id, "ann"),
				      .override = {.id = INT64_MAX, .instead = REGION_NONE}});
	after = plan_with_rota(scene->atlas.map, north, rota_builder_take(builder));
	rota_builder_free(builder);
	touched = touched_by(scene->arena, scene->atlas.map, after, north);
	for (uint32_t i = 0; i < region->ndemands; i++)
		if (strcmp(region->requirements[region->demands[i].requirement].id, "RW") == 0)
			found += touched_demand(&touched, i);
	assert_int_equal(found, 1);
	snapshot_unref(after);
}

/* --- The nights on which the clocks change, in both outputs. --- */

struct instant {
	int year, month, day, hour, minute; /* UTC */
	const char *state, *words, *local;
};

/* 21:00 to 09:00 on the wall. */
/* holds: H10.1 */
static void
nights_are_wall_clock_in_every_output(void **state)
{
	static const struct instant instants[] = {
	    /* 27 to 28 March 2027: 11 hours. */
	    {2027, 3, 27, 20, 59, "not_commissioned", "Not commissioned", "20:59 GMT"},
	    {2027, 3, 27, 21, 0, "covered", "COVERED (1 of 1 needed)", "21:00 GMT"},
	    {2027, 3, 28, 0, 59, "covered", "COVERED", "00:59 GMT"},
	    {2027, 3, 28, 1, 0, "covered", "COVERED", "02:00 BST"},
	    {2027, 3, 28, 7, 59, "covered", "COVERED", "08:59 BST"},
	    {2027, 3, 28, 8, 0, "not_commissioned", "Not commissioned", "09:00 BST"},
	    /* 30 to 31 October 2027: 13 hours. */
	    {2027, 10, 30, 19, 59, "not_commissioned", "Not commissioned", "20:59 BST"},
	    {2027, 10, 30, 20, 0, "covered", "COVERED", "21:00 BST"},
	    {2027, 10, 31, 0, 30, "covered", "COVERED", "01:30 BST"},
	    {2027, 10, 31, 1, 30, "covered", "COVERED", "01:30 GMT"},
	    {2027, 10, 31, 8, 59, "covered", "COVERED", "08:59 GMT"},
	    {2027, 10, 31, 9, 0, "not_commissioned", "Not commissioned", "09:00 GMT"},
	};
	struct scene *scene = *state;
	struct feed_facts facts;
	uint32_t rota = atlas_rota(&scene->atlas, "rnight");

	/* Somebody is on without an end: the hours alone decide. */
	atlas_shift(&scene->atlas, "rnight", 1, KEPT_NAMED, "ann", NULL, 0, 24 * 370);
	facts = scene->atlas.map->feeds[rota]->facts;
	facts.horizon = ATLAS_NOW + INT64_C(400) * 86400;
	snapshot_set_feed(scene->atlas.map, rota, kept_feed_new(&facts, NULL, NULL));
	for (size_t i = 0; i < sizeof instants / sizeof *instants; i++) {
		const struct instant *it = &instants[i];

		look_at(scene, "H", "night",
		    civil_days(it->year, it->month, it->day) * 86400 + it->hour * 3600 +
			it->minute * 60);
		IS("functions.0.state", it->state);
		IS("functions.0.present", "1");
		IS("functions.0.required", it->state[0] == 'c' ? "1" : "0");
		assert_non_null(strstr(at(scene, "local"), it->local));
		SAYS(it->words);
		SAYS(it->local);
	}
}

#define SCENE(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    SCENE(a_place_that_has_ended_sends_on),
	    SCENE(the_dates_are_those_of_the_instant_that_is_asked_about),
	    SCENE(what_is_dialled_is_sent_on_too),
	    cmocka_unit_test(who_follows_begins_while_the_rota_serves_the_place),
	    SCENE(only_sources_that_serve_then_are_at_fault),
	    SCENE(the_way_leads_over_several_successors),
	    SCENE(an_ended_place_never_answers_with_an_empty_list),
	    SCENE(shared_people_say_with_whom),
	    SCENE(a_preview_counts_the_places_of_shared_people),
	    SCENE(a_dry_run_counts_the_places_of_shared_people),
	    SCENE(nights_are_wall_clock_in_every_output),
	};

	return cmocka_run_group_tests_name("life", tests, NULL, NULL);
}
