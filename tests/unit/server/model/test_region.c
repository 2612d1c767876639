/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "server/base/vec.h"
#include "server/model/region.h"
#include "tests/unit/server/model/good_region.h"
#include "tests/unit/server/model/region_text.h"

static const struct region *
must_read(struct arena *arena, const char *json, struct region_faults *faults)
{
	return region_text_must_read(arena, slice_of(json), faults);
}

static void
test_the_documented_file_is_read(void **state)
{
	struct region_faults faults;
	const struct region *region = must_read(*state, good_region, &faults);
	const struct region_rota *rota = &region->rotas[0];
	const struct region_service *service = &region->services[0];

	assert_int_equal(faults.count, 0);
	assert_string_equal(region->time_zone, "Europe/London");
	assert_string_equal(region->holidays, "england-and-wales");
	assert_int_equal(region->norganisations, 2);
	assert_string_equal(region->organisations[1].kind, "nhs_trust");
	assert_int_equal(region->nplaces, 2);
	assert_int_equal(region->places[1].parents.count, 1);
	assert_int_equal(region->places[1].parents.items[0], 0);
	assert_int_equal(table_get(&region->place_by_code, "ZED01"), 1);
	assert_string_equal(region_person(region, 0)->aliases[0], "JJ");
	assert_null(region_person(region, 0)->aliases[1]);
	assert_string_equal(region_person(region, 0)->work_phone, "+441632960123");
	assert_int_equal(region_person(region, 0)->roles.count, 1);
	assert_string_equal(service->fallback_text, "Ring the Emergency Duty Team");
	assert_string_equal(service->fallback_phone, "+441632960111");
	assert_int_equal(service->rotas.count, 3);

	assert_int_equal(rota->source, REGION_SOURCE_URL);
	assert_int_equal(rota->every_minutes, 5);
	assert_true(rota->all_day_rule);
	assert_int_equal(rota->all_day_start, 9 * 3600);
	assert_int_equal(rota->all_day_hours, 24);
	assert_false(rota->tentative_counts);
	assert_string_equal(rota->team_names[0], "AMHP hub");
	assert_string_equal(rota->floating_zone, "Europe/London");
	assert_int_equal(rota->organisation, 0);
	rota = &region->rotas[1];
	assert_int_equal(rota->source, REGION_SOURCE_FILE);
	assert_string_equal(rota->path, "feeds/edt.ics");
	assert_string_equal(rota->floating_zone, "Europe/London");
	assert_null(rota->team_names[0]);
	rota = &region->rotas[3];
	assert_true(rota->absences);
	assert_int_equal(rota->service, REGION_NONE);
	assert_int_equal(rota->organisation, 0);

	assert_int_equal(region->requirements[0].hours[0].days, 0xff);
	assert_int_equal(region->requirements[0].hours[0].to, 86400);
	assert_int_equal(region->requirements[1].count, 2);
	assert_int_equal(region->requirements[1].nhours, 2);
	assert_int_equal(region->requirements[1].hours[0].days, 0x1f);
	assert_int_equal(region->requirements[1].hours[1].days, 0xe0);
	assert_int_equal(region->accounts[0].organisation, REGION_NONE);
	assert_int_equal(region->accounts[0].places.items[0], 1);
}

static void
test_a_rota_may_have_aliases_titles_and_words(void **state)
{
	struct region_faults faults;
	const char *json = region_text_with(*state, good_region, "\"team_names\": [\"AMHP hub\"]",
	    "\"team_names\": [\"AMHP hub\"], \"aliases\": {\"JJ\": \"jo-jones\", \"Jay\": "
	    "\"jo-jones\"}, \"titles\": [{\"title\": \"Lead\", \"reads\": \"named\", "
	    "\"person\": \"jo-jones\"}, {\"title\": \"Hub\", \"reads\": \"team\"}, "
	    "{\"title\": \"Lunch\", \"reads\": \"noise\"}], \"words\": [{\"words\": "
	    "\"Surge-AM\", \"means\": \"nothing\"}]");
	const struct region_rota *rota = &must_read(*state, json, &faults)->rotas[0];

	assert_int_equal(rota->naliases, 2);
	assert_string_equal(rota->aliases[1].alias, "Jay");
	assert_int_equal(rota->aliases[1].person, 0);
	assert_int_equal(rota->ntitles, 3);
	assert_string_equal(rota->titles[0].reads, "named");
	assert_int_equal(rota->titles[0].person, 0);
	/* Its only team. */
	assert_string_equal(rota->titles[1].team, "AMHP hub");
	assert_int_equal(rota->titles[2].person, REGION_NONE);
	assert_null(rota->titles[2].team);
	assert_int_equal(rota->nwords, 1);
	assert_string_equal(rota->words[0].words, "Surge-AM");
	assert_string_equal(rota->words[0].means, "nothing");
}

static void
test_a_child_without_requirements_has_its_parents(void **state)
{
	struct region_faults faults;
	const struct region *region = must_read(*state, good_region, &faults);
	const struct region_demand *demand;

	/* Two at the council area, the same two at its emergency department, met by the service
	 * that lists it. */
	assert_int_equal(region->ndemands, 4);
	assert_int_equal(region->places[0].demands.count, 2);
	assert_int_equal(region->places[1].demands.count, 2);
	demand = &region->demands[region->places[1].demands.items[1]];
	assert_int_equal(demand->place, 1);
	assert_string_equal(region->requirements[demand->requirement].id, "R02-fenmere");
	assert_int_equal(demand->services.count, 1);
	assert_int_equal(demand->rotas.count, 3); /* the absence calendar supplies nobody */
}

/* Names of the demands of a place, "F/R F/R", for comparing. */
static const char *
demands_of(struct arena *arena, const struct region *region, const char *code)
{
	const struct region_place *place = &region->places[table_get(&region->place_by_code, code)];
	const char *text = "";
	uint32_t i;

	for (i = 0; i < place->demands.count; i++) {
		const struct region_demand *demand = &region->demands[place->demands.items[i]];

		text = arena_printf(arena, "%s%s%s/%s", text, i > 0 ? " " : "",
		    region->functions[demand->function].code,
		    region->requirements[demand->requirement].id);
	}
	return text;
}

#define HOURS "\"hours\":[{\"days\":[\"all\"],\"from\":\"00:00\",\"to\":\"24:00\"}]"
#define REQUIREMENT(id, place, function)                                                           \
	"{\"id\":\"" id "\",\"place\":\"" place "\",\"function\":\"" function                      \
	"\",\"count\":1," HOURS "}"
#define PLACE(code, parents)                                                                       \
	"{\"code\":\"" code "\",\"name\":\"" code                                                  \
	"\",\"kind\":\"hospital\",\"switchboard\":\"+441632960009\",\"parents\":[" parents "]}"
#define SERVICE(id, function, places)                                                              \
	"{\"id\":\"" id "\",\"name\":\"x\",\"function\":\"" function                               \
	"\",\"organisation\":\"O\",\"places\":[" places "]}"
#define ROTA(id, service, tier)                                                                    \
	"{\"id\":\"" id "\",\"service\":\"" service "\",\"tier\":" tier                            \
	",\"source\":{\"kind\":\"typed\"}}"
#define SETUP(places, services, rotas, requirements)                                               \
	"{\"crisiscover\":1,\"organisations\":[{\"code\":\"O\",\"name\":\"x\",\"kind\":\"other\"}" \
	"],"                                                                                       \
	"\"functions\":[{\"code\":\"f\",\"name\":\"f\"},{\"code\":\"g\",\"name\":\"g\"}],"         \
	"\"places\":[" places "],\"services\":[" services "],\"rotas\":[" rotas                    \
	"],\"requirements\":[" requirements "]}"

static void
test_demands_come_from_the_nearest_ancestors(void **state)
{
	/* D has parents B and C, both below A; B has a requirement of its own for f, C none. */
	const char *json = SETUP(PLACE("D", "\"B\",\"C\"") "," PLACE("B", "\"A\"") "," PLACE(
				     "C", "\"A\"") "," PLACE("A", "") "," PLACE("E", "\"D\""),
	    "", "",
	    REQUIREMENT("A-g", "A", "g") "," REQUIREMENT("A-f", "A", "f") "," REQUIREMENT(
		"B-f", "B", "f") "," REQUIREMENT("E-g", "E", "g"));
	struct region_faults faults;
	const struct region *region = must_read(*state, json, &faults);

	assert_string_equal(demands_of(*state, region, "A"), "f/A-f g/A-g");
	assert_string_equal(demands_of(*state, region, "B"), "f/B-f g/A-g");
	assert_string_equal(demands_of(*state, region, "C"), "f/A-f g/A-g");
	/* Through B its own, through C that of A; g of A reaches D by two ways and counts once. */
	assert_string_equal(demands_of(*state, region, "D"), "f/A-f f/B-f g/A-g");
	assert_string_equal(demands_of(*state, region, "E"), "f/A-f f/B-f g/E-g");
}

static void
test_times(void **state)
{
	const char *good = region_text_with(*state, good_region, "\"team_names\": [\"AMHP hub\"]",
	    "\"zones\": {\"b\": \"Europe/London\", \"Custom Zone 1\": \"Europe/London\"}, "
	    "\"date_order\": \"mdy\"");
	struct region_faults faults;
	struct region_changes changes;
	const struct region_rota *before = &must_read(*state, good_region, &faults)->rotas[0];
	const struct region *region = must_read(*state, good, &faults);
	const struct region_rota *rota = &region->rotas[0];

	assert_int_equal(before->date_order, REGION_DATES_UNSET);
	assert_int_equal(before->nzones, 0);
	assert_int_equal(rota->date_order, REGION_DATES_MDY);
	assert_int_equal(rota->nzones, 2);
	assert_string_equal(rota->zones[0].name, "b");
	assert_string_equal(rota->zones[1].name, "Custom Zone 1");
	assert_string_equal(rota->zones[1].zone, "Europe/London");
	region_compare(*state, region, must_read(*state, good, &faults), &changes);
	assert_int_equal(changes.count, 0);
}

#define CODES(codes) "\"team_names\": [], \"shift_codes\": {" codes "}"

static void
test_shift_codes(void **state)
{
	static const char *const bad[][3] = {
	    {"\"LD\": 5", "$.rotas[0].reading.shift_codes.LD", "must be {\"from\""},
	    {"\"LD\": \"away\"", "$.rotas[0].reading.shift_codes.LD", "\"absence\" or \"noise\""},
	    {"\"LD\": {\"from\": \"07:30\"}", "$.rotas[0].reading.shift_codes.LD.to", "is missing"},
	    {"\"LD\": {\"from\": \"24:00\", \"to\": \"08:00\"}",
		"$.rotas[0].reading.shift_codes.LD.from", "before \"24:00\""},
	    {"\"LD\": {\"from\": \"7\", \"to\": \"08:00\"}",
		"$.rotas[0].reading.shift_codes.LD.from", "time of day"},
	    {"\"LD\": {\"from\": \"07:00\", \"to\": \"08:00\", \"hours\": 1}",
		"$.rotas[0].reading.shift_codes.LD.hours", "not a known key"},
	    {"\"\": \"noise\"", "$.rotas[0].reading.shift_codes", "1 to 40 bytes"},
	    {"\"AL\": \"absence\", \"al\": \"noise\"", "$.rotas[0].reading.shift_codes",
		"\"AL\" and \"al\" share a spelling"},
	    {"\"E\": {\"from\": \"07:00\", \"to\": \"08:00\", \"names\": [\"sd\"]}, \"SD\": "
	     "\"noise\"",
		"$.rotas[0].reading.shift_codes", "share a spelling"},
	};
	const char *good = region_text_with(*state, good_region, "\"team_names\": [\"AMHP hub\"]",
	    CODES("\"N\": {\"from\": \"19:30\", \"to\": \"08:00\", \"names\": [\"Night\", "
		  "\"Nights\"]}, "
		  "\"AL\": \"absence\", \"SD\": \"noise\""));
	struct region_faults faults;
	struct region_changes changes;
	const struct region *before = must_read(*state, good_region, &faults);
	const struct region *region = must_read(*state, good, &faults);
	const struct region_rota *rota = &region->rotas[0];

	assert_int_equal(before->rotas[0].nshift_codes, 0);
	assert_int_equal(rota->nshift_codes, 3);
	assert_string_equal(rota->shift_codes[0].code, "AL");
	assert_int_equal(rota->shift_codes[0].kind, REGION_CODE_ABSENCE);
	assert_string_equal(rota->shift_codes[1].code, "N");
	assert_int_equal(rota->shift_codes[1].kind, REGION_CODE_HOURS);
	assert_int_equal(rota->shift_codes[1].from, 19 * 3600 + 1800);
	assert_int_equal(rota->shift_codes[1].to, 8 * 3600);
	assert_string_equal(rota->shift_codes[1].names[1], "Nights");
	assert_int_equal(rota->shift_codes[2].kind, REGION_CODE_NOISE);
	region_compare(*state, before, region, &changes);
	assert_true(changes.count >= 1);
	assert_string_equal(changes.items[0].kind, "rota");
	assert_string_equal(changes.items[0].what, "reading");
	region_compare(*state, region, must_read(*state, good, &faults), &changes);
	assert_int_equal(changes.count, 0);

	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		const char *json =
		    region_text_with(*state, good_region, "\"team_names\": [\"AMHP hub\"]",
			arena_printf(*state, "\"shift_codes\": {%s}", bad[i][0]));
		const struct region *none = NULL;
		bool found = false;

		assert_int_equal(
		    region_read(*state, slice_of(json), region_text_zones(), &none, &faults),
		    STATUS_MALFORMED);
		for (size_t f = 0; f < faults.count; f++)
			found = found || (strstr(faults.items[f].path, bad[i][1]) != NULL &&
					     strstr(faults.items[f].detail, bad[i][2]) != NULL);
		if (!found)
			fail_msg(
			    "%s: %s %s", bad[i][0], faults.items[0].path, faults.items[0].detail);
	}
}

static void
test_two_hundred_shift_codes_and_no_more(void **state)
{
	const char *codes = "\"C0\": \"noise\"";
	struct region_faults faults;
	const struct region *none;

	for (int i = 1; i < 200; i++)
		codes = arena_printf(*state, "%s, \"C%d\": \"noise\"", codes, i);
	assert_int_equal(must_read(*state,
			     region_text_with(*state, good_region, "\"team_names\": [\"AMHP hub\"]",
				 arena_printf(*state, "\"shift_codes\": {%s}", codes)),
			     &faults)
			     ->rotas[0]
			     .nshift_codes,
	    200);
	codes = arena_printf(*state, "\"shift_codes\": {%s, \"C200\": \"noise\"}", codes);
	assert_int_equal(region_read(*state,
			     slice_of(region_text_with(
				 *state, good_region, "\"team_names\": [\"AMHP hub\"]", codes)),
			     region_text_zones(), &none, &faults),
	    STATUS_MALFORMED);
	assert_non_null(strstr(faults.items[0].detail, "at most 200 codes"));
}

static void
test_a_service_serves_only_the_places_it_lists(void **state)
{
	const char *json = SETUP(PLACE("A", "") "," PLACE("B", "\"A\""), SERVICE("s", "f", "\"A\""),
	    ROTA("late", "s", "2") "," ROTA("b", "s", "1") "," ROTA("a", "s", "1"),
	    REQUIREMENT("R", "A", "f"));
	struct region_faults faults;
	const struct region *region = must_read(*state, json, &faults);
	const struct region_demand *own = &region->demands[0], *child = &region->demands[1];

	assert_int_equal(own->services.count, 1);
	assert_int_equal(own->rotas.count, 3);
	assert_string_equal(region->rotas[own->rotas.items[0]].id, "a");
	assert_string_equal(region->rotas[own->rotas.items[1]].id, "b");
	assert_string_equal(region->rotas[own->rotas.items[2]].id, "late");
	assert_int_equal(child->services.count, 0);
	assert_int_equal(child->rotas.count, 0);
	assert_int_equal(faults.count, 1);
	assert_true(faults.items[0].warning);
	assert_string_equal(faults.items[0].path, "$.places[1]");
	assert_non_null(strstr(faults.items[0].detail, "parent A"));
}

static void
test_warnings(void **state)
{
	const char *json =
	    SETUP(PLACE("A", ""), SERVICE("s", "g", "\"A\""), "", REQUIREMENT("R", "A", "f"));
	struct region_faults faults;

	must_read(*state, json, &faults);
	assert_int_equal(faults.count, 2);
	assert_string_equal(faults.items[0].path, "$.places[0]");
	assert_non_null(strstr(faults.items[0].detail, "gap from end to end"));
	assert_string_equal(faults.items[1].path, "$.services[0]");
	assert_non_null(strstr(faults.items[1].detail, "no rota"));
}

/* Somebody who is on call and has no number, in a service that has none, cannot be rung. */
static void
test_who_cannot_be_rung_is_told(void **state)
{
	static const char phone[] = ", \"phone\": \"+441632960456\"";
	struct region_faults faults;
	const char *json = region_text_with(*state, good_region, phone, "");

	must_read(*state, good_region, &faults);
	assert_int_equal(faults.count, 0);
	must_read(*state, json, &faults);
	assert_int_equal(faults.count, 0);
	json = region_text_with(*state, json, ",\n     \"work_phone\": \"+441632960123\"", "");
	must_read(*state, json, &faults);
	assert_int_equal(faults.count, 1);
	assert_true(faults.items[0].warning);
	assert_string_equal(faults.items[0].path, "$.services[0]");
	assert_non_null(strstr(faults.items[0].detail,
	    "has no phone, and 1 of the 1 people who may be on call for it have no work_phone either (the first is jo-jones)"));
}

/* Where cover is missing somebody must be rung: the switchboard, a fallback, at least the line. */
static void
test_where_no_number_is_left_is_told(void **state)
{
	static const char phone[] = ", \"phone\": \"+441632960456\"";
	static const char fallback[] = ", \"phone\": \"+441632960111\"";
	static const char kind[] = "\"kind\": \"council_area\"";
	struct region_faults faults;
	const char *bare, *json;

	must_read(*state, region_text_with(*state, good_region, phone, ""), &faults);
	assert_int_equal(faults.count, 0);
	must_read(*state, region_text_with(*state, good_region, fallback, ""), &faults);
	assert_int_equal(faults.count, 0);
	bare = region_text_with(
	    *state, region_text_with(*state, good_region, phone, ""), fallback, "");
	must_read(*state, bare, &faults);
	assert_int_equal(faults.count, 2);
	assert_true(faults.items[0].warning);
	assert_string_equal(faults.items[0].path, "$.places[0]");
	assert_string_equal(faults.items[1].path, "$.places[1]");
	assert_non_null(strstr(faults.items[0].detail, "there is no number to ring"));
	json = region_text_with(
	    *state, bare, kind, "\"kind\": \"council_area\", \"switchboard\": \"+441632960009\"");
	assert_string_equal(
	    must_read(*state, json, &faults)->places[0].switchboard, "+441632960009");
	assert_int_equal(faults.count, 1);
	assert_string_equal(faults.items[0].path, "$.places[1]");
}

static void
test_circles_of_parents(void **state)
{
	const char *json = SETUP(PLACE("A", "\"B\"") "," PLACE("B", "\"C\"") "," PLACE(
				     "C", "\"X\",\"A\"") "," PLACE("X", "\"X\""),
	    "", "", "");
	struct region_faults faults;
	const struct region *region = NULL;

	assert_int_equal(region_read(*state, slice_of(json), region_text_zones(), &region, &faults),
	    STATUS_MALFORMED);
	assert_null(region);
	assert_int_equal(faults.count, 2);
	assert_string_equal(faults.items[0].path, "$.places[3].parents[0]");
	assert_non_null(strstr(faults.items[0].detail, "X < X"));
	assert_string_equal(faults.items[1].path, "$.places[2].parents[1]");
	assert_non_null(strstr(faults.items[1].detail, "A < B < C < A"));
}

static void
test_a_long_chain_of_parents(void **state)
{
	struct buf json = {0};
	struct region_faults faults;
	const struct region *region;
	int i;

	buf_add_text(&json, "{\"crisiscover\":1,\"functions\":[{\"code\":\"f\",\"name\":\"f\"}],"
			    "\"places\":[");
	for (i = 0; i < 20000; i++)
		buf_printf(&json,
		    "{\"code\":\"P%d\",\"name\":\"x\",\"kind\":\"region\",\"parents\":[\"P%d\"]},",
		    i, i + 1);
	buf_add_text(&json, "{\"code\":\"P20000\",\"name\":\"x\",\"kind\":\"region\"}],"
			    "\"requirements\":[" REQUIREMENT("R", "P20000", "f") "]}");
	region = must_read(*state, json.at, &faults);
	assert_int_equal(region->ndemands, 20001);
	assert_int_equal(region->demands[0].requirement, 0);
	buf_free(&json);
}

static const char *
changes_text(struct arena *arena, const struct region_changes *changes)
{
	const char *text = "";
	size_t i;

	for (i = 0; i < changes->count; i++) {
		const struct region_change *change = &changes->items[i];

		text = arena_printf(arena, "%s%c %s %s%s%s\n", text, change->sign, change->kind,
		    change->code, change->what ? ": " : "", change->what ? change->what : "");
	}
	return text;
}

static const char *
compare_text(struct arena *arena, const char *before, const char *after)
{
	struct region_faults faults;
	struct region_changes changes;
	const struct region *old = before ? must_read(arena, before, &faults) : NULL;

	region_compare(arena, old, must_read(arena, after, &faults), &changes);
	return changes_text(arena, &changes);
}

struct compare_case {
	const char *from, *to, *want;
};

static void
test_compare_names_the_changed_keys(void **state)
{
	static const struct compare_case cases[] = {
	    {"Fenmere County", "Fenmere City", "~ organisation ZFC: name\n"},
	    {"\"nhs_trust\"", "\"icb\"", "~ organisation ZAV: kind\n"},
	    {"Approved mental", "An approved mental", "~ function amhp: name\n"},
	    {"\"kind\": \"council_area\"", "\"kind\": \"region\"", "~ place X06000001: kind\n"},
	    {", \"parents\": [\"X06000001\"]", "", "~ place ZED01: parents\n"},
	    {", \"parents\": [\"X06000001\"]",
		", \"parents\": [\"X06000001\"], \"switchboard\": \"+441632960009\"",
		"~ place ZED01: switchboard\n"},
	    {"\"J Jones\", \"organisation\": \"ZFC\", \"aliases\": [\"JJ\"]",
		"\"Jo Jones\", \"organisation\": \"ZAV\", \"aliases\": [\"JJ\", \"Jo\"]",
		"~ person jo-jones: name, organisation, aliases\n"},
	    {"+441632960123", "+441632960124", "~ person jo-jones: work_phone\n"},
	    {"\"places\": [\"X06000001\", \"ZED01\"], \"phone\": \"+441632960456\"",
		"\"places\": [\"ZED01\", \"X06000001\"]",
		"~ service fenmere-amhp: places, phone\n"},
	    {"+441632960111", "+441632960112", "~ service fenmere-amhp: fallback\n"},
	    {"\"every_minutes\": 5", "\"every_minutes\": 6", "~ rota fenmere-amhp-duty: source\n"},
	    {"\"tentative_counts\": false", "\"aliases\": {\"KL\": \"jo-jones\"}",
		"~ rota fenmere-amhp-duty: reading\n"},
	    {"\"tentative_counts\": false",
		"\"titles\": [{\"title\": \"Zed\", \"reads\": \"noise\"}]",
		"~ rota fenmere-amhp-duty: reading\n"},
	    {", \"every_minutes\": 5", "", ""},
	    {"https://", "https://a.", "~ rota fenmere-amhp-duty: source\n"},
	    {"\"tier\": 1", "\"tier\": 3", "~ rota fenmere-amhp-duty: tier\n"},
	    {"AMHP hub", "hub", "~ rota fenmere-amhp-duty: reading\n"},
	    {"\"team_names\": [\"AMHP hub\"]",
		"\"team_names\": [\"AMHP hub\"], \"date_order\": \"mdy\"",
		"~ rota fenmere-amhp-duty: reading\n"},
	    {"\"team_names\": [\"AMHP hub\"]",
		"\"team_names\": [\"AMHP hub\"], \"zones\": {\"Z\": \"Europe/London\"}",
		"~ rota fenmere-amhp-duty: reading\n"},
	    {"\"hours\": 24}", "\"hours\": 12}", "~ rota fenmere-amhp-duty: reading\n"},
	    {"\"organisation\": \"ZFC\", \"absences\"", "\"organisation\": \"ZAV\", \"absences\"",
		"~ rota leave-fenmere: organisation\n"},
	    {"\"count\": 1, \"team_counts\": false", "\"count\": 3, \"team_counts\": true",
		"~ requirement R01-fenmere: count, team_counts\n"},
	    {"\"tolerance_minutes\": 0", "\"tolerance_minutes\": 15",
		"~ requirement R01-fenmere: tolerance_minutes\n"},
	    {"\"to\": \"17:00\"", "\"to\": \"17:30\"", "~ requirement R02-fenmere: hours\n"},
	    {"\"viewer\"", "\"switchboard\"", "~ account st-oswins-ed: role\n"},
	    {"\"time_zone\": \"Europe/London\"", "\"time_zone\": \"Europe/Paris\"",
		"~ region region: time_zone\n~ rota fenmere-edt: reading\n"
		"~ rota fenmere-roster: reading\n~ rota leave-fenmere: reading\n"},
	    {"{\"id\": \"fenmere-edt\"", "{\"id\": \"fenmere-edt2\"",
		"+ rota fenmere-edt2\n- rota fenmere-edt\n"},
	    {"\n", "\n\n", ""},
	};
	size_t i;

	for (i = 0; i < sizeof cases / sizeof *cases; i++)
		assert_string_equal(
		    compare_text(*state, good_region,
			region_text_with(*state, good_region, cases[i].from, cases[i].to)),
		    cases[i].want);
}

static void
test_compare_with_nothing_and_with_itself(void **state)
{
	assert_string_equal(compare_text(*state, good_region, good_region), "");
	assert_string_equal(compare_text(*state, NULL, good_region),
	    "+ organisation ZFC\n+ organisation ZAV\n+ function amhp\n+ place X06000001\n"
	    "+ place ZED01\n+ person jo-jones\n+ service fenmere-amhp\n+ rota fenmere-amhp-duty\n"
	    "+ rota fenmere-edt\n+ rota fenmere-roster\n+ rota leave-fenmere\n"
	    "+ requirement R01-fenmere\n+ requirement R02-fenmere\n+ account st-oswins-ed\n");
}

/* Indexes differ between the two files though nothing else does; the order of functions is the one
 * that answers show. */
static void
test_compare_by_code_not_by_index(void **state)
{
	const char *before = SETUP(PLACE("A", "") "," PLACE("B", "\"A\""),
	    SERVICE("s", "f", "\"B\""), ROTA("r", "s", "1"), "");
	const char *after = SETUP(PLACE("B", "\"A\"") "," PLACE("A", ""),
	    SERVICE("t", "g", "\"A\"") "," SERVICE("s", "f", "\"B\""), ROTA("r", "s", "1"), "");

	assert_string_equal(compare_text(*state, before, after), "+ service t\n");
	after = region_text_with(*state, before,
	    "{\"code\":\"f\",\"name\":\"f\"},{\"code\":\"g\",\"name\":\"g\"}",
	    "{\"code\":\"g\",\"name\":\"g\"},{\"code\":\"f\",\"name\":\"f\"}");
	assert_string_equal(compare_text(*state, before, after), "~ region functions: order\n");
}

/* ${more} put into R01, and into the function. */
static const char *
with_alerts(struct arena *arena, const char *of_function, const char *of_requirement)
{
	const char *json = region_text_with(arena, good_region, "\"tolerance_minutes\": 0,",
	    arena_printf(arena, "\"tolerance_minutes\": 0, %s", of_requirement));

	return region_text_with(arena, json, "\"name\": \"Approved mental health professional\"",
	    arena_printf(
		arena, "\"name\": \"Approved mental health professional\"%s", of_function));
}

static void
test_who_is_told_of_a_gap_and_when(void **state)
{
	struct arena *arena = *state;
	struct region_faults faults;
	const struct region *region = must_read(arena, good_region, &faults);
	const struct region_requirement *r01 = &region->requirements[0];

	/* Nothing said: 14 days, 72 hours, 24 hours; critical below 24 hours, high below 72. */
	assert_int_equal(r01->nalerts, 3);
	assert_string_equal(r01->alerts[0].to, "owner");
	assert_int_equal(r01->alerts[0].lead_hours, 336);
	assert_string_equal(r01->alerts[1].to, "deputy");
	assert_int_equal(r01->alerts[1].lead_hours, 72);
	assert_string_equal(r01->alerts[2].to, "commissioner");
	assert_int_equal(r01->alerts[2].lead_hours, 24);
	assert_int_equal(r01->severity.critical_hours, 24);
	assert_int_equal(r01->severity.high_hours, 72);
	assert_null(r01->owner);
	assert_int_equal(r01->handover_minutes, 0);

	region = must_read(arena,
	    with_alerts(arena, ", \"severity\": {\"critical_hours\": 12}",
		"\"owner\": \"ZAV\", \"deputy\": \"st-oswins-ed\", \"handover_minutes\": 15, "
		"\"alerts\": [{\"to\": \"commissioner\", \"lead_hours\": 0}, {\"to\": "
		"\"owner\", \"lead_hours\": 48}],"),
	    &faults);
	r01 = &region->requirements[0];
	assert_string_equal(r01->owner, "ZAV");
	assert_string_equal(r01->deputy, "st-oswins-ed");
	assert_int_equal(r01->ncommissioners, 0);
	assert_int_equal(r01->handover_minutes, 15);
	assert_int_equal(r01->nalerts, 2); /* the longest lead first */
	assert_string_equal(r01->alerts[0].to, "owner");
	assert_string_equal(r01->alerts[1].to, "commissioner");
	/* The function's values hold for its requirements, and a value that is not given is the
	 * usual one. */
	assert_int_equal(region->functions[0].severity.critical_hours, 12);
	assert_int_equal(r01->severity.critical_hours, 12);
	assert_int_equal(r01->severity.high_hours, 72);
	assert_false(r01->own_severity);

	region = must_read(arena,
	    with_alerts(arena, ", \"severity\": {\"critical_hours\": 12}",
		"\"severity\": {\"high_hours\": 20}, \"alerts\": [],"),
	    &faults);
	assert_int_equal(region->requirements[0].nalerts, 0);
	assert_int_equal(region->requirements[0].severity.critical_hours, 12);
	assert_int_equal(region->requirements[0].severity.high_hours, 20);
	assert_int_equal(region->requirements[1].severity.high_hours, 72);
}

static void
test_what_is_wrong_with_alerts_is_said(void **state)
{
	static const struct {
		const char *json, *path, *detail;
	} cases[] = {
	    {"\"owner\": \"nobody\",", "$.requirements[0].owner",
		"there is neither an account nor an organisation \"nobody\""},
	    {"\"severity\": {\"critical_hours\": 72},", "$.requirements[0].severity.high_hours",
		"must be more than critical_hours (72)"},
	    {"\"severity\": {\"low_hours\": 72},", "$.requirements[0].severity.low_hours",
		"is not a known key"},
	    {"\"alerts\": [{\"to\": \"mayor\", \"lead_hours\": 1}],",
		"$.requirements[0].alerts[0].to", "must be one of owner, deputy"},
	    {"\"alerts\": [{\"to\": \"owner\"}],", "$.requirements[0].alerts[0].lead_hours",
		"is missing"},
	    {"\"alerts\": [{\"to\": \"owner\", \"lead_hours\": 9}, {\"to\": \"owner\", "
	     "\"lead_hours\": 8}],",
		"$.requirements[0].alerts[1]", "\"owner\" stands in this list already"},
	    {"\"alerts\": [{\"to\": \"owner\", \"lead_hours\": -1}],",
		"$.requirements[0].alerts[0].lead_hours", "must be a whole number"},
	    {"\"handover_minutes\": 721,", "$.requirements[0].handover_minutes",
		"must be a whole number from 0 to 720"},
	};
	struct arena *arena = *state;

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const struct region *region;
		struct region_faults faults;

		assert_int_equal(region_read(arena, slice_of(with_alerts(arena, "", cases[i].json)),
				     region_text_zones(), &region, &faults),
		    STATUS_MALFORMED);
		assert_string_equal(faults.items[0].path, cases[i].path);
		assert_non_null(strstr(faults.items[0].detail, cases[i].detail));
	}
}

static void
test_compare_who_is_told(void **state)
{
	struct arena *arena = *state;
	struct region_faults faults;
	struct region_changes changes;

	region_compare(arena, must_read(arena, good_region, &faults),
	    must_read(arena,
		with_alerts(arena, ", \"severity\": {\"high_hours\": 48}",
		    "\"severity\": {\"high_hours\": 60}, \"owner\": \"ZFC\", \"deputy\": "
		    "\"ZFC\", \"commissioner\": \"ZAV\", \"alerts\": [], "
		    "\"handover_minutes\": 5,"),
		&faults),
	    &changes);
	assert_int_equal(changes.count, 2);
	assert_string_equal(changes.items[0].kind, "function");
	assert_string_equal(changes.items[0].what, "severity");
	assert_string_equal(changes.items[1].code, "R01-fenmere");
	assert_string_equal(changes.items[1].what,
	    "severity, owner, deputy, commissioner, alerts, handover_minutes");
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, region_text_setup, region_text_teardown)
	const struct CMUnitTest tests[] = {
	    TEST(test_the_documented_file_is_read),
	    TEST(test_a_rota_may_have_aliases_titles_and_words),
	    TEST(test_a_child_without_requirements_has_its_parents),
	    TEST(test_demands_come_from_the_nearest_ancestors),
	    TEST(test_times),
	    TEST(test_shift_codes),
	    TEST(test_two_hundred_shift_codes_and_no_more),
	    TEST(test_a_service_serves_only_the_places_it_lists),
	    TEST(test_warnings),
	    TEST(test_who_cannot_be_rung_is_told),
	    TEST(test_where_no_number_is_left_is_told),
	    TEST(test_circles_of_parents),
	    TEST(test_a_long_chain_of_parents),
	    TEST(test_compare_names_the_changed_keys),
	    TEST(test_compare_with_nothing_and_with_itself),
	    TEST(test_compare_by_code_not_by_index),
	    TEST(test_who_is_told_of_a_gap_and_when),
	    TEST(test_what_is_wrong_with_alerts_is_said),
	    TEST(test_compare_who_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
