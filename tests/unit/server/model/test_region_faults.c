/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "server/model/region.h"
#include "tests/unit/server/model/good_region.h"
#include "tests/unit/server/model/region_text.h"

/* Faults of a region file are named with their place, and nothing of the file is used. */

/* One change to the good file, and the fault it must give. */
struct fault_case {
	const char *from, *to, *path, *detail;
};

static const struct fault_case fault_cases[] = {
    {"\"crisiscover\": 1", "\"crisiscover\": 2", "$.crisiscover", "must be 1"},
    {"\"crisiscover\": 1,", "", "$.crisiscover", "must be 1"},
    {"\"crisiscover\": 1", "\"crisiscover\": \"1\"", "$.crisiscover", "must be 1"},
    {"\"time_zone\"", "\"timezone\"", "$.timezone", "not a known key"},
    {"\"time_zone\": \"Europe/London\"", "\"time_zone\": \"Europe/Lonndon\"", "$.time_zone",
	"no time zone"},
    {"\"england-and-wales\"", "\"scotland\"", "$.bank_holidays", "england-and-wales"},
    {"\"england-and-wales\"", "7", "$.bank_holidays", "must be a text"},
    {"\"code\": \"ZFC\", ", "", "$.organisations[0].code", "is missing"},
    {"\"code\": \"ZAV\"", "\"code\": \"ZFC\"", "$.organisations[1].code", "another organisation"},
    {"\"code\": \"ZFC\"", "\"code\": \"Z FC\"", "$.organisations[0].code", "must be a code"},
    {"\"id\": \"fenmere-amhp-duty\"", "\"id\": \"fenmere-amhp-duty.ics\"", "$.rotas[0].id",
	"must not end in .ics, as the addresses of calendars do"},
    {"\"id\": \"fenmere-amhp-duty\"",
	"\"renamed_from\": \"old.ics\", \"id\": \"fenmere-amhp-duty\"", "$.rotas[0].renamed_from",
	"must not end in .ics"},
    {"\"id\": \"fenmere-amhp\"", "\"id\": \"fenmere.ics\"", "$.services[0].id",
	"must not end in .ics"},
    {"\"id\": \"jo-jones\"", "\"id\": \"jo.ics\"", "$.people[0].id", "must not end in .ics"},
    {"\"kind\": \"nhs_trust\"", "\"kind\": \"trust\"", "$.organisations[1].kind",
	"must be one of local_authority"},
    {"\"Fenmere County Council\"", "\"\"", "$.organisations[0].name", "must not be empty"},
    {"\"Fenmere County Council\"", "\"Fenmere\\nCouncil\"", "$.organisations[0].name", "one line"},
    {"\"functions\": [", "\"functions\": [7, ", "$.functions[0]", "must be an object"},
    {"\"name\": \"Approved mental health professional\"", "\"title\": \"x\"",
	"$.functions[0].title", "not a known key"},
    {"\"kind\": \"council_area\"", "\"kind\": \"council\"", "$.places[0].kind", "must be one of"},
    {"\"parents\": [\"X06000001\"]", "\"parents\": [\"X06000002\"]", "$.places[1].parents[0]",
	"no place \"X06000002\""},
    {"\"parents\": [\"X06000001\"]", "\"parents\": \"X06000001\"", "$.places[1].parents",
	"must be a list"},
    {"\"parents\": [\"X06000001\"]", "\"parents\": [\"ZED01\"]", "$.places[1].parents[0]",
	"circle of parents"},
    {"\"parents\": [\"X06000001\"]", "\"parents\": [\"X06000001\", \"X06000001\"]",
	"$.places[1].parents[1]", "twice"},
    {"\"organisation\": \"ZFC\", \"aliases\"", "\"organisation\": \"ZFX\", \"aliases\"",
	"$.people[0].organisation", "no organisation \"ZFX\""},
    {"\"organisation\": \"ZFC\", \"aliases\"", "\"aliases\"", "$.people[0].organisation",
	"is missing"},
    {"\"aliases\": [\"JJ\"]", "\"aliases\": [5]", "$.people[0].aliases[0]", "must be a text"},
    {"\"aliases\": [\"JJ\"]", "\"aliases\": [\"JJ\", \"JJ\"]", "$.people[0].aliases[1]", "twice"},
    {"\"roles\": [\"amhp\"]", "\"roles\": [\"doctor\"]", "$.people[0].roles[0]",
	"no function \"doctor\""},
    {"\"+441632960123\"", "\"01632 960123\"", "$.people[0].work_phone", "phone number in full"},
    {"\"+441632960123\"", "null", "$.people[0].work_phone", "must be a text"},
    {"\"parents\": [\"X06000001\"]", "\"ladders\": {}", "$.places[1].ladders", "must be a list"},
    {"\"parents\": [\"X06000001\"]",
	"\"ladders\": [{\"function\": \"amp\", \"steps\": [{\"on_call\": 1}]}]",
	"$.places[1].ladders[0].function", "no function \"amp\""},
    {"\"parents\": [\"X06000001\"]", "\"ladders\": [{\"function\": \"amhp\"}]",
	"$.places[1].ladders[0].steps", "is missing"},
    {"\"parents\": [\"X06000001\"]", "\"ladders\": [{\"function\": \"amhp\", \"steps\": []}]",
	"$.places[1].ladders[0].steps", "must have 1 to 12 steps"},
    {"\"parents\": [\"X06000001\"]",
	"\"ladders\": [{\"function\": \"amhp\", \"steps\": [{\"on_call\": 1}]}, {\"function\": \"amhp\", \"steps\": [{\"on_call\": 2}]}]",
	"$.places[1].ladders[1].function", "has a ladder at this place already"},
    {"\"parents\": [\"X06000001\"]",
	"\"ladders\": [{\"function\": \"amhp\", \"steps\": [{\"on_call\": 1}, {\"on_call\": 0}]}]",
	"$.places[1].ladders[0].steps[1].on_call", "1 to 9"},
    {"\"parents\": [\"X06000001\"]",
	"\"ladders\": [{\"function\": \"amhp\", \"steps\": [{\"tier\": 1}]}]",
	"$.places[1].ladders[0].steps[0].tier", "not a known key"},
    {"\"parents\": [\"X06000001\"]",
	"\"ladders\": [{\"function\": \"amhp\", \"steps\": [{\"wait_seconds\": 30}]}]",
	"$.places[1].ladders[0].steps[0]", "must say whom to ring in one way"},
    {"\"parents\": [\"X06000001\"]",
	"\"ladders\": [{\"function\": \"amhp\", \"steps\": [{\"on_call\": 1, \"service\": \"fenmere-amhp\"}]}]",
	"$.places[1].ladders[0].steps[0]", "must say whom to ring in one way"},
    {"\"parents\": [\"X06000001\"]",
	"\"ladders\": [{\"function\": \"amhp\", \"steps\": [{\"service\": \"fenmere\"}]}]",
	"$.places[1].ladders[0].steps[0].service", "no service \"fenmere\""},
    {"\"parents\": [\"X06000001\"]",
	"\"ladders\": [{\"function\": \"amhp\", \"steps\": [{\"navigator\": \"cafe\"}]}]",
	"$.places[1].ladders[0].steps[0].navigator", "no navigator \"cafe\""},
    {"\"parents\": [\"X06000001\"]",
	"\"ladders\": [{\"function\": \"amhp\", \"steps\": [{\"navigator\": \"cafe\"}, {\"on_call\": 1}]}]",
	"$.places[1].ladders[0].steps[0]", "is a navigator, which is the last step or none"},
    {"\"parents\": [\"X06000001\"]",
	"\"ladders\": [{\"function\": \"amhp\", \"steps\": [{\"place\": \"ZED02\"}]}]",
	"$.places[1].ladders[0].steps[0].place", "no place \"ZED02\""},
    {"\"parents\": [\"X06000001\"]",
	"\"ladders\": [{\"function\": \"amhp\", \"steps\": [{\"function\": \"edt\"}]}]",
	"$.places[1].ladders[0].steps[0].function", "no function \"edt\""},
    {"\"parents\": [\"X06000001\"]",
	"\"ladders\": [{\"function\": \"amhp\", \"steps\": [{\"phone\": \"01632 960123\", \"name\": \"Manager\"}]}]",
	"$.places[1].ladders[0].steps[0].phone", "phone number in full"},
    {"\"parents\": [\"X06000001\"]",
	"\"ladders\": [{\"function\": \"amhp\", \"steps\": [{\"phone\": \"+441632960222\"}]}]",
	"$.places[1].ladders[0].steps[0].name", "is missing"},
    {"\"parents\": [\"X06000001\"]",
	"\"ladders\": [{\"function\": \"amhp\", \"steps\": [{\"on_call\": 1, \"name\": \"First\"}]}]",
	"$.places[1].ladders[0].steps[0].name", "goes with \"phone\" alone"},
    {"\"parents\": [\"X06000001\"]",
	"\"ladders\": [{\"function\": \"amhp\", \"steps\": [{\"phone\": \"+441632960123\", \"name\": \"Manager\"}]}]",
	"$.places[1].ladders[0].steps[0].phone",
	"is the number of person jo-jones, and everybody would see it"},
    {"\"parents\": [\"X06000001\"]",
	"\"ladders\": [{\"function\": \"amhp\", \"steps\": [{\"on_call\": 1, \"wait_seconds\": 4}]}]",
	"$.places[1].ladders[0].steps[0].wait_seconds", "5 to 600"},
    {"\"parents\": [\"X06000001\"]",
	"\"ladders\": [{\"function\": \"amhp\", \"steps\": [{\"on_call\": 1, \"hours\": []}]}]",
	"$.places[1].ladders[0].steps[0].hours", "must have at least one line"},
    {"\"parents\": [\"X06000001\"]",
	"\"ladders\": [{\"function\": \"amhp\", \"steps\": [{\"on_call\": 1, \"hours\": [{\"days\": [\"all\"], \"from\": \"9\", \"to\": \"17:00\"}]}]}]",
	"$.places[1].ladders[0].steps[0].hours[0].from", "must be a time of day"},
    {"\"parents\": [\"X06000001\"]", "\"ladders\": [7]", "$.places[1].ladders[0]",
	"must be an object"},
    {"\"parents\": [\"X06000001\"]", "\"ladders\": [{\"function\": \"amhp\", \"steps\": [7]}]",
	"$.places[1].ladders[0].steps[0]", "must be an object"},
    {"\"parents\": [\"X06000001\"]",
	"\"ladders\": [{\"function\": \"amhp\", \"steps\": [{},{},{},{},{},{},{},{},{},{},{},{},{}]}]",
	"$.places[1].ladders[0].steps", "must have 1 to 12 steps"},
    {"\"parents\": [\"X06000001\"]",
	"\"ladders\": [{\"function\": \"amhp\", \"steps\": [{\"on_call\": 1}]}, {\"function\": \"amp\", \"steps\": [{\"on_call\": 2}]}]",
	"$.places[1].ladders[1].function", "no function \"amp\""},
    {"\"kind\": \"council_area\"", "\"kind\": \"council_area\", \"switchboard\": \"01632 960123\"",
	"$.places[0].switchboard", "phone number in full"},
    {"\"function\": \"amhp\", \"organisation\"", "\"function\": \"ahmp\", \"organisation\"",
	"$.services[0].function", "no function \"ahmp\""},
    {"\"function\": \"amhp\", \"organisation\"", "\"organisation\"", "$.services[0].function",
	"is missing"},
    {"\"places\": [\"X06000001\", \"ZED01\"]", "\"places\": [\"X06000001\", \"ZED02\"]",
	"$.services[0].places[1]", "no place \"ZED02\""},
    {"\"+441632960456\"", "\"+0441632960456\"", "$.services[0].phone", "phone number in full"},
    {"\"fallback\": {\"text\"", "\"fallback\": {\"txt\"", "$.services[0].fallback.txt",
	"not a known key"},
    {"\"+441632960111\"", "\"999\"", "$.services[0].fallback.phone", "phone number in full"},
    {"\"service\": \"fenmere-amhp\", \"tier\": 1", "\"service\": \"fenmere-amph\", \"tier\": 1",
	"$.rotas[0].service", "no service \"fenmere-amph\""},
    {"\"service\": \"fenmere-amhp\", \"tier\": 1", "\"tier\": 1", "$.rotas[0]", "must have either"},
    {"\"service\": \"fenmere-amhp\", \"tier\": 1",
	"\"service\": \"fenmere-amhp\", \"absences\": true, \"tier\": 1", "$.rotas[0]",
	"may have neither"},
    {"\"service\": \"fenmere-amhp\", \"tier\": 1",
	"\"service\": \"fenmere-amhp\", \"organisation\": \"ZFC\", \"tier\": 1", "$.rotas[0]",
	"may have neither"},
    {"\"organisation\": \"ZFC\", \"absences\": true", "\"absences\": true", "$.rotas[3]",
	"must have either"},
    {"\"absences\": true", "\"absences\": \"yes\"", "$.rotas[3].absences", "true or false"},
    {"\"absences\": true, \"source\"", "\"absences\": true, \"sorce\"", "$.rotas[3].sorce",
	"not a known key"},
    {"\"tier\": 1", "\"tier\": 0", "$.rotas[0].tier", "from 1 to 9"},
    {"\"tier\": 1", "\"tier\": 1.5", "$.rotas[0].tier", "whole number"},
    {"\"tier\": 1", "\"tier\": 99999999999", "$.rotas[0].tier", "from 1 to 9"},
    {"\"kind\": \"ical_url\"", "\"kind\": \"ics\"", "$.rotas[0].source.kind", "ical_url"},
    {"https://", "webcal:///", "$.rotas[0].source.url", "https://"},
    {"https://", "https:///", "$.rotas[0].source.url", "https://"},
    {"https://", "file://", "$.rotas[0].source.url", "https://"},
    {"https://", "https:// ", "$.rotas[0].source.url", "https://"},
    {"\"every_minutes\": 5", "\"every_minutes\": 0", "$.rotas[0].source.every_minutes",
	"from 1 to 1440"},
    {"\"path\": \"feeds/edt.ics\"", "\"url\": \"http://x/\"", "$.rotas[1].source.url",
	"not a known key"},
    {"\"floating_zone\": \"Europe/London\"", "\"floating_zone\": \"GMT Standard Time\"",
	"$.rotas[0].reading.floating_zone", "no time zone"},
    {"\"start\": \"09:00\"", "\"start\": \"9:00\"", "$.rotas[0].reading.all_day.start",
	"time of day"},
    {"\"start\": \"09:00\"", "\"start\": \"24:00\"", "$.rotas[0].reading.all_day.start", "before"},
    {"\"hours\": 24}", "\"hours\": 0}", "$.rotas[0].reading.all_day.hours", "from 1 to 168"},
    {"\"tentative_counts\": false", "\"tentative_counts\": 0",
	"$.rotas[0].reading.tentative_counts", "true or false"},
    {"\"team_names\": [\"AMHP hub\"]", "\"aliases\": [\"JJ\"]", "$.rotas[0].reading.aliases",
	"must be an object"},
    {"\"team_names\": [\"AMHP hub\"]", "\"aliases\": {\"JJ\": \"jo-smith\"}",
	"$.rotas[0].reading.aliases.JJ", "there is no person"},
    {"\"team_names\": [\"AMHP hub\"]", "\"aliases\": {\"JJ\": 7}", "$.rotas[0].reading.aliases.JJ",
	""},
    {"\"team_names\": [\"AMHP hub\"]", "\"words\": [{\"words\": \"Zed\"}]",
	"$.rotas[0].reading.words[0].means", "missing"},
    {"\"team_names\": [\"AMHP hub\"]", "\"words\": [{\"words\": \"Zed\", \"means\": \"named\"}]",
	"$.rotas[0].reading.words[0].means", "must be one of"},
    {"\"team_names\": [\"AMHP hub\"]", "\"titles\": [{\"title\": \"Zed\"}]",
	"$.rotas[0].reading.titles[0].reads", "missing"},
    {"\"team_names\": [\"AMHP hub\"]",
	"\"titles\": [{\"title\": \"Zed\", \"reads\": \"cancelled\"}]",
	"$.rotas[0].reading.titles[0].reads", "must be one of"},
    {"\"team_names\": [\"AMHP hub\"]", "\"titles\": [{\"title\": \"Zed\", \"reads\": \"named\"}]",
	"$.rotas[0].reading.titles[0].person", "missing"},
    {"\"team_names\": [\"AMHP hub\"]",
	"\"titles\": [{\"title\": \"Zed\", \"reads\": \"noise\", \"person\": \"jo-jones\"}]",
	"$.rotas[0].reading.titles[0].person", "goes with"},
    {"\"team_names\": [\"AMHP hub\"]", "\"titles\": [{\"title\": \"Zed\", \"reads\": \"team\"}]",
	"$.rotas[0].reading.titles[0].team", "must say which"},
    {"\"team_names\": [\"AMHP hub\"]",
	"\"team_names\": [\"AMHP hub\"], \"titles\": [{\"title\": \"Zed\", \"reads\": "
	"\"team\", \"team\": \"Hub\"}]",
	"$.rotas[0].reading.titles[0].team", "none of this rota"},
    {"\"team_names\": [\"AMHP hub\"]", "\"date_order\": \"ymd\"", "$.rotas[0].reading.date_order",
	"must be one of"},
    {"\"team_names\": [\"AMHP hub\"]", "\"sheet\": 1", "$.rotas[0].reading.sheet", "text"},
    {"\"team_names\": [\"AMHP hub\"]", "\"marks\": \"off\"", "$.rotas[0].reading.marks",
	"must be an object"},
    {"\"team_names\": [\"AMHP hub\"]", "\"marks\": {\"fill\": \"red\"}",
	"$.rotas[0].reading.marks.fill", "must be one of"},
    {"\"team_names\": [\"AMHP hub\"]", "\"marks\": {\"colour\": \"off\"}",
	"$.rotas[0].reading.marks.colour", "is not a known key"},
#define NO_TEAMS "\"team_names\": [\"AMHP hub\"]"
#define GRID(members) "\"grid\": {" members "}"
#define GRID_PATH "$.rotas[0].reading.grid"
    {NO_TEAMS, "\"grid\": \"dates_by_roles\"", GRID_PATH, "must be an object"},
    {NO_TEAMS, GRID(""), GRID_PATH ".layout", "is missing"},
    {NO_TEAMS, GRID("\"layout\": \"roles\""), GRID_PATH ".layout", "must be one of"},
    {NO_TEAMS, GRID("\"layout\": \"dates_by_roles\""), GRID_PATH ".column", "which column"},
    {NO_TEAMS, GRID("\"layout\": \"roles_by_dates\""), GRID_PATH ".row", "which row"},
    {NO_TEAMS, GRID("\"layout\": \"weeks_by_roles\", \"row\": \"A\""), GRID_PATH ".row",
	"is not of the layout"},
    {NO_TEAMS, GRID("\"layout\": \"dates_by_roles\", \"column\": 7"), GRID_PATH ".column",
	"must be a"},
    {NO_TEAMS, GRID("\"layout\": \"dates_by_roles\", \"column\": []"), GRID_PATH ".column",
	"must be a heading"},
    {NO_TEAMS, GRID("\"layout\": \"dates_by_roles\", \"column\": \"A\", \"hour\": 1"),
	GRID_PATH ".hour", "is not"},
    {NO_TEAMS,
	GRID("\"layout\": \"dates_by_hours\", \"hours\": {\"from\": \"24:00\", \"to\": \"17:00\"}"),
	GRID_PATH ".hours.from", "must be before"},
    {NO_TEAMS,
	GRID(
	    "\"layout\": \"dates_by_hours\", \"weekend\": {\"from\": \"09:00\", \"to\": \"17:00\"}"),
	GRID_PATH ".weekend", "needs \"hours\""},
    {NO_TEAMS,
	GRID(
	    "\"layout\": \"dates_by_hours\", \"bank_holiday\": {\"from\": \"09:00\", \"to\": \"17:00\"}"),
	GRID_PATH ".bank_holiday", "needs \"hours\""},
    {NO_TEAMS, GRID("\"layout\": \"names_by_dates\""), GRID_PATH, "needs \"shift_codes\""},
    {NO_TEAMS,
	"\"shift_codes\": {\"LD\": {\"from\": \"07:30\", \"to\": \"20:00\"}, \"AL\": \"absence\"}, " GRID(
	    "\"layout\": \"names_by_dates\", \"codes\": [\"AL\"]"),
	GRID_PATH ".codes", "no shift code of this rota that has hours"},
    {NO_TEAMS,
	"\"shift_codes\": {\"LD\": {\"from\": \"07:30\", \"to\": \"20:00\"}}, " GRID(
	    "\"layout\": \"names_by_dates\", \"hours\": {\"from\": \"09:00\", \"to\": \"17:00\"}"),
	GRID_PATH ".hours", "its codes say the hours"},
    {"\"team_names\": [\"AMHP hub\"]", "\"zones\": [\"Z\"]", "$.rotas[0].reading.zones",
	"must be an object"},
    {"\"team_names\": [\"AMHP hub\"]", "\"zones\": {\"Z\": \"Europe/Fenmere\"}",
	"$.rotas[0].reading.zones.Z", "there is no time zone"},
    {"\"team_names\": [\"AMHP hub\"]", "\"zones\": {\"Z\": 1}", "$.rotas[0].reading.zones.Z",
	"text"},
    {"\"team_names\": [\"AMHP hub\"]", "\"zones\": {\" \": \"Europe/London\"}",
	"$.rotas[0].reading.zones", "1 to 200 bytes"},
    {"\"team_names\": [\"AMHP hub\"]",
	"\"zones\": {\"A Z\": \"Europe/London\", \"a z\": \"Europe/London\"}",
	"$.rotas[0].reading.zones", "twice"},
    {"\"team_names\": [\"AMHP hub\"]", "\"team_names\": [\"\"]", "$.rotas[0].reading.team_names[0]",
	"must not be empty"},
    {"\"R02-fenmere\"", "\"R01-fenmere\"", "$.requirements[1].id", "another requirement"},
    {"\"place\": \"X06000001\"", "\"place\": \"X6\"", "$.requirements[0].place", "no place \"X6\""},
    {"\"count\": 1", "\"count\": 0", "$.requirements[0].count", "from 1 to 99"},
    {"\"count\": 1", "\"count\": true", "$.requirements[0].count", "whole number"},
    {"\"tolerance_minutes\": 0", "\"tolerance_minutes\": -1", "$.requirements[0].tolerance_minutes",
	"from 0"},
    {"\"days\": [\"all\"]", "\"days\": [\"weekday\"]", "$.requirements[0].hours[0].days[0]",
	"mon, tue"},
    {"\"days\": [\"all\"]", "\"days\": []", "$.requirements[0].hours[0].days", "at least one day"},
    {"\"days\": [\"all\"]", "\"days\": [\"all\", \"mon\"]", "$.requirements[0].hours[0].days[1]",
	"already"},
    {"\"to\": \"24:00\"", "\"to\": \"24:01\"", "$.requirements[0].hours[0].to", "time of day"},
    {"\"to\": \"24:00\"", "\"to\": \"12:60\"", "$.requirements[0].hours[0].to", "time of day"},
    {"\"from\": \"00:00\"", "\"from\": \"24:00\"", "$.requirements[0].hours[0].from", "before"},
    {"\"from\": \"00:00\", \"to\"", "\"to\"", "$.requirements[0].hours[0].from", "is missing"},
    {"[{\"days\": [\"all\"], \"from\": \"00:00\", \"to\": \"24:00\"}]", "[]",
	"$.requirements[0].hours", "at least one line"},
    {"\"accounts\": [", "\"areas\": [7], \"accounts\": [", "$.areas[0]", "must be an object"},
    {"\"kind\": \"device\"", "\"kind\": \"robot\"", "$.accounts[0].kind", "must be one of"},
    {"\"role\": \"viewer\"", "\"role\": \"root\"", "$.accounts[0].role", "administrator"},
    {"\"places\": [\"ZED01\"]}]", "\"places\": [\"ZED01\"], \"person\": \"jo-jones\"}]",
	"$.accounts[0].person", "only an account of kind"},
    {"\"places\": [\"ZED01\"]}]", "\"places\": [\"ZED01\"], \"person\": \"jo-smith\"}]",
	"$.accounts[0].person", "no person \"jo-smith\""},
    {"\"places\": [\"ZED01\"]}]", "\"places\": [\"ZED09\"]}]", "$.accounts[0].places[0]",
	"no place \"ZED09\""},
    {"\"crisiscover\": 1", "\"crisiscover\": 1, \"crisiscover\": 1", "line ", "uplicate"},
    {"\"crisiscover\": 1,", "\"crisiscover\": 1", "line 3, column 13", "not well-formed"},
    {"\"crisiscover\": 1", "\"crisis cover\": 1", "$[\"crisis cover\"]", "not a known key"},
};

static void
test_each_fault_names_its_path(void **state)
{
	size_t i, j;

	for (i = 0; i < sizeof fault_cases / sizeof *fault_cases; i++) {
		const struct fault_case *c = &fault_cases[i];
		const struct region *region = NULL;
		struct region_faults faults;
		const char *json = region_text_with(*state, good_region, c->from, c->to);

		assert_int_equal(
		    region_read(*state, slice_of(json), region_text_zones(), &region, &faults),
		    STATUS_MALFORMED);
		assert_null(region);
		for (j = 0; j < faults.count; j++)
			if (strncmp(faults.items[j].path, c->path, strlen(c->path)) == 0 &&
			    strstr(faults.items[j].detail, c->detail) && !faults.items[j].warning)
				break;
		if (j == faults.count)
			fail_msg("%s: not found among %zu faults, the first: %s %s", c->path,
			    faults.count, faults.items[0].path, faults.items[0].detail);
	}
}

static void
test_no_fault_repeats_an_address(void **state)
{
	const char *json = region_text_with(*state, good_region, "https://", "ftp://s3cret.");
	const struct region *region;
	struct region_faults faults;
	size_t i;

	assert_int_equal(region_read(*state, slice_of(json), region_text_zones(), &region, &faults),
	    STATUS_MALFORMED);
	for (i = 0; i < faults.count; i++)
		assert_null(strstr(faults.items[i].detail, "s3cret"));
}

static void
test_all_faults_are_listed_up_to_a_hundred(void **state)
{
	struct buf json = {0};
	const struct region *region;
	struct region_faults faults;
	int i;

	buf_add_text(&json, "{\"crisiscover\":1,\"functions\":[0");
	for (i = 1; i < 150; i++)
		buf_add_text(&json, ",0");
	buf_add_text(&json, "]}");
	assert_int_equal(
	    region_read(*state, slice_of(json.at), region_text_zones(), &region, &faults),
	    STATUS_MALFORMED);
	assert_int_equal(faults.count, 100);
	assert_string_equal(faults.items[99].path, "$.functions[99]");
	buf_free(&json);
}

static void
test_bytes_that_are_no_region(void **state)
{
	static const char *const bad[] = {"", "[]", "null", "7", "\"x\"", "{", "{}",
	    "{\"a\":\"\\u0000\"}", "{\"crisiscover\":1}x", "\xff\xfe",
	    "{\"crisiscover\":1,\"places\":{}}", "{\"crisiscover\":1,\"places\":[[[]]]}",
	    "{\"crisiscover\":1,\"rotas\":[{}]}"};
	size_t i;

	for (i = 0; i < sizeof bad / sizeof *bad; i++) {
		const struct region *region = NULL;
		struct region_faults faults = {0};

		assert_int_equal(
		    region_read(*state, slice_of(bad[i]), region_text_zones(), &region, &faults),
		    STATUS_MALFORMED);
		assert_true(faults.count >= 1);
		assert_null(region);
	}
}

/* Whatever one byte is lost from the file, reading ends with a verdict. */
static void
test_every_truncation_has_a_verdict(void **state)
{
	size_t len;

	(void)state;
	for (len = 0; len < strlen(good_region) - 2; len++) {
		struct arena *arena = arena_new(0);
		const struct region *region;
		struct region_faults faults;

		assert_int_equal(region_read(arena, (struct slice){good_region, len},
				     region_text_zones(), &region, &faults),
		    STATUS_MALFORMED);
		arena_free(arena);
	}
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, region_text_setup, region_text_teardown)
	const struct CMUnitTest tests[] = {
	    TEST(test_each_fault_names_its_path),
	    TEST(test_no_fault_repeats_an_address),
	    TEST(test_all_faults_are_listed_up_to_a_hundred),
	    TEST(test_bytes_that_are_no_region),
	    TEST(test_every_truncation_has_a_verdict),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
