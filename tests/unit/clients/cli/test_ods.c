/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "clients/cli/ods_plan.h"
#include "clients/cli/ods_read.h"
#include "server/base/civil.h"
#include "server/base/instant.h"

/* Codes, names and days are invented. */
#define ROW(code, name, close)                                                                     \
	"\"" code "\",\"" name                                                                     \
	"\",\"Y54\",\"Q00\",\"1 High Street\",\"\",\"\",\"ALDERBROOK\",\"\","                      \
	"\"ZZ1 1ZZ\",\"20010401\",\"" close                                                        \
	"\",\"\",\"\",\"\",\"\",\"\",\"\",\"\",\"\",\"\",\"0\","                                   \
	"\"\",\"\",\"\",\"\",\"\"\r\n"
#define CODING(code) "{\"url\":\"dateType\",\"valueCoding\":{\"code\":\"" code "\"}}"
#define TYPED(type, period)                                                                           \
	"{\"url\":\"https://fhir.nhs.uk/England/StructureDefinition/Extension-England-TypedPeriod\"," \
	"\"extension\":[" CODING(type) ",{\"url\":\"period\",\"valuePeriod\":{" period "}}]}"
#define R4(code, rest)                                                                                   \
	"{\"resourceType\":\"Organization\",\"identifier\":[{\"system\":\"urn:other\",\"value\":\"7\"}," \
	"{\"system\":\"https://fhir.nhs.uk/Id/ods-organization-code\",\"value\":\"" code                 \
	"\"}]" rest "}"

static struct ods
empty(void **state)
{
	struct ods ods;

	ods_init(&ods, *state);
	return ods;
}

static int
setup(void **state)
{
	*state = arena_new(0);
	return 0;
}

static int
teardown(void **state)
{
	arena_free(*state);
	return 0;
}

/* ------------------------------------------------------------------------------------- reading */

/* "code|name|until", with "closed" where no day is told and "open" where it is not closed. */
static const struct {
	const char *file;
	const char *wanted[3];
} files[] = {
    {ROW("ZAV", "ALDER VALE NHS FT", "") ROW("ZOL", "OLD, NHS TRUST", "20260331"),
	{"ZAV|ALDER VALE NHS FT|open", "ZOL|OLD, NHS TRUST|2026-04-01"}},
    /* One organisation in two published files, and the last day of February. */
    {ROW("ZAV", "A", "20240229") ROW("ZAV", "A", "20240229"), {"ZAV|A|2024-03-01"}},
    {"\xef\xbb\xbf" ROW("ZAV", "A", ""), {"ZAV|A|open"}},
    {R4("ZAV", ",\"name\":\"Alder Vale\",\"active\":true"), {"ZAV|Alder Vale|open"}},
    {R4("ZAV", ",\"name\":\"A\",\"active\":false"), {"ZAV|A|closed"}},
    /* The end of operation is what callers meet, whichever comes first in the file. */
    {R4("ZAV", ",\"name\":\"A\",\"extension\":[" TYPED("Operational",
		   "\"end\":\"2026-03-31\"") "," TYPED("Legal", "\"end\":\"2026-06-30\"") "]"),
	{"ZAV|A|2026-04-01"}},
    {R4("ZAV", ",\"name\":\"A\",\"extension\":[" TYPED("Legal", "\"end\":\"2026-06-30\"") "," TYPED(
		   "Operational", "\"end\":\"2026-03-31\"") "]"),
	{"ZAV|A|2026-04-01"}},
    {R4("ZAV", ",\"name\":\"A\",\"extension\":[" TYPED("Legal", "\"end\":\"2026-06-30\"") "]"),
	{"ZAV|A|2026-07-01"}},
    /* A role of the organisation that has ended is not its end. */
    {R4("ZAV",
	 ",\"name\":\"A\",\"extension\":[{\"url\":\"https://example.org/role\",\"extension\":[" TYPED(
	     "Operational", "\"end\":\"2020-01-01\"") "]}]"),
	{"ZAV|A|open"}},
    {"{\"resourceType\":\"Bundle\",\"entry\":[{\"resource\":{\"resourceType\":\"OperationOutcome\"}},"
     "{\"resource\":{\"resourceType\":\"Organization\",\"id\":\"ZOL\",\"name\":\"OLD\",\"identifier\":"
     "{\"system\":\"https://fhir.nhs.uk/Id/ods-organization-code\",\"value\":\"ZOL\"},\"extension\":["
     "{\"url\":\"https://fhir.nhs.uk/STU3/StructureDefinition/Extension-ODSAPI-ActivePeriod-1\","
     "\"valuePeriod\":{\"extension\":[{\"url\":\"t\",\"valueString\":\"Operational\"}],"
     "\"start\":\"2001-04-01\",\"end\":\"2026-03-31\"}}]}},{\"resource\":" R4(
	 "ZS001", ",\"name\":\"Site\"") "}]}",
	{"ZOL|OLD|2026-04-01", "ZS001|Site|open"}},
};

static const char *
told(struct arena *arena, const struct ods_organisation *organisation)
{
	char day[CIVIL_DAY_MAX] = "";

	if (organisation->until != INSTANT_END)
		civil_day_text(organisation->until, day);
	return arena_printf(arena, "%s|%s|%s", organisation->code, organisation->name,
	    !organisation->closed                ? "open"
	    : organisation->until == INSTANT_END ? "closed"
						 : day);
}

static void
published_files_are_read(void **state)
{
	for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
		struct ods ods = empty(state);
		const char *fault = ods_read(&ods, slice_of(files[i].file));
		size_t n = 0;

		if (fault != NULL)
			fail_msg("file %zu: %s", i, fault);
		for (; files[i].wanted[n] != NULL; n++) {
			assert_in_range(n, 0, ods.organisations.count - 1);
			assert_string_equal(
			    told(*state, &ods.organisations.items[n]), files[i].wanted[n]);
		}
		assert_int_equal(ods.organisations.count, n);
	}
}

static const struct {
	const char *file, *fault;
} refused[] = {
    {"", "empty"},
    {"ZAV,ALDER VALE\n", "line 1: 2 columns"},
    {ROW("Organisation Code", "Name", ""), "line 1: column 1 is not a code"},
    {ROW("ZAV", "A", "") "ZAV,ZOL,R,20260401,1\n", "line 2: it has not as many columns"},
    {ROW("ZAV", "A", "20260230"), "line 1: the close date"},
    {ROW("ZAV", "A", "31/03/26"), "line 1: the close date"},
    {ROW("ZAV", "A", "") ROW("ZBB", "", ""), "line 2: the name"},
    {ROW("ZAV", "A", "") ROW("ZAV", "B", ""), "line 2: ZAV stands twice"},
    {ROW("ZAV", "A", "") ROW("ZAV", "A", "20260331"), "line 2: ZAV stands twice"},
    {"ZAV,\"ZOL\"x,R,20260401,1\n", "line 1: its quotes"},
    {"ZAV,a b,R,20260401,1\n", "line 1: the successor"},
    {"{", "line 1: it is not JSON"},
    {"{\"resourceType\":\"Patient\"}", "neither a FHIR Organization"},
    {"{\"resourceType\":\"Bundle\",\"entry\":[]}", "no organisation"},
    {"{\"resourceType\":\"Organization\",\"name\":\"A\"}", "organisation 1: it has no ODS code"},
    {R4("ZAV", ""), "organisation 1 (ZAV): it has no name"},
    {R4("ZAV", ",\"name\":\"A\",\"extension\":[" TYPED("Legal", "\"end\":\"2026\"") "]"),
	"organisation 1 (ZAV): the end of its period"},
};

static void
what_is_not_published_so_is_refused(void **state)
{
	for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
		struct ods ods = empty(state);
		const char *fault = ods_read(&ods, slice_of(refused[i].file));

		if (fault == NULL || strstr(fault, refused[i].fault) == NULL)
			fail_msg("%s: %s", refused[i].fault, fault != NULL ? fault : "taken");
	}
}

static void
names_are_written_as_people_do(void **state)
{
	static const char *const names[][2] = {
	    {"ALDER VALE PARTNERSHIP NHS FOUNDATION TRUST",
		"Alder Vale Partnership NHS Foundation Trust"},
	    {"THE ROYAL INFIRMARY OF FENMERE", "The Royal Infirmary of Fenmere"},
	    {"ST OSWIN'S HOSPITAL (ALDERBROOK)", "St Oswin's Hospital (Alderbrook)"},
	    {"O'NEILL HOUSE", "O'Neill House"},
	    {"NHS NORTH-EAST FENMERE ICB - 00Z", "NHS North-East Fenmere ICB - 00Z"},
	    {"BUILT-UPON-SEA A&E", "Built-upon-Sea A&E"},
	    {"AND SO ON", "And So on"},
	    {"McAllister House", "McAllister House"},
	};

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		assert_string_equal(ods_name(*state, names[i][0]), names[i][1]);
}

/* ------------------------------------------------------------------------------------ planning */

static const char published[] = ROW("ZAV", "ALDER VALE NHS TRUST", "")
    ROW("ZOL", "OLD TRUST", "20260331") ROW("ZGO", "GONE TRUST", "20260331");
static const char successions[] = "\"ZOL\",\"ZAV\",\"R\",\"20260401\",\"1\"\r\n"
				  "\"ZOL\",\"ZELSEWHERE\",\"R\",\"20260401\",\"1\"\r\n"
				  "\"ZAV\",\"ZOL\",\"R\",\"20260401\",\"1\"\r\n";

static const struct {
	const char *object, *patch; /* patch "": nothing changes */
	bool overwrite;
	const char *notes[3]; /* parts of them */
} plans[] = {
    /* A name that only its capitals tell apart is the same name. */
    {"{'code':'ZAV','name':'Alder Vale NHS Trust','until':null,'successors':[]}", "", false,
	{"no published end"}},
    {"{'code':'ZAV','name':'ZAV','until':null,'successors':[]}", "{'name':'Alder Vale NHS Trust'}",
	false, {"no published end"}},
    {"{'code':'ZAV','name':'Our trust','until':null,'successors':[]}", "", false,
	{"its name stays \"Our trust\"", "no published end"}},
    {"{'code':'ZAV','name':'Our trust','until':null,'successors':[]}",
	"{'name':'Alder Vale NHS Trust'}", true, {"no published end"}},
    {"{'code':'ZOL','name':'Old Trust','until':null,'successors':[]}",
	"{'until':'2026-04-01','successors':['ZAV']}", false, {"followed by ZELSEWHERE"}},
    /* Once it is set, nothing is changed again. */
    {"{'code':'ZOL','name':'Old Trust','until':'2026-04-01','successors':['ZAV']}", "", false,
	{"followed by ZELSEWHERE"}},
    {"{'code':'ZOL','name':'Old Trust','until':'2026-10-01','successors':['ZGO']}", "", false,
	{"its end stays 2026-10-01", "followed by ZELSEWHERE", "its successors stay"}},
    {"{'code':'ZOL','name':'Old Trust','until':'2026-10-01','successors':['ZGO']}",
	"{'until':'2026-04-01','successors':['ZAV']}", true, {"followed by ZELSEWHERE"}},
    {"{'code':'ZGO','name':'Gone Trust','until':null,'successors':[]}", "{'until':'2026-04-01'}",
	false, {NULL}},
    {"{'code':'ZNO','name':'Nobody','until':null,'successors':[]}", "", false, {NULL}},
};

static json_t *
quoted(const char *text)
{
	char buffer[400];
	json_t *json;

	snprintf(buffer, sizeof buffer, "%s", text);
	for (char *at = buffer; *at != '\0'; at++)
		if (*at == '\'')
			*at = '"';
	json = json_loads(buffer, 0, NULL);
	assert_non_null(json);
	return json;
}

static void
assert_plan(const struct ods *ods, const struct table *codes, size_t i)
{
	json_t *object = quoted(plans[i].object);
	struct ods_plan plan;
	char *text;
	size_t n;

	ods_plan(&(struct ods_wish){ods, object, codes, plans[i].overwrite}, &plan);
	text = plan.patch != NULL ? json_dumps(plan.patch, JSON_COMPACT) : NULL;
	if (*plans[i].patch == '\0') {
		if (text != NULL)
			fail_msg("plan %zu: %s", i, text);
	} else {
		json_t *wanted = quoted(plans[i].patch);

		if (!json_equal(plan.patch, wanted))
			fail_msg("plan %zu: %s", i, text != NULL ? text : "nothing");
		json_decref(wanted);
	}
	for (n = 0; n < 3 && plans[i].notes[n] != NULL; n++)
		if (plan.notes[n] == NULL || strstr(plan.notes[n], plans[i].notes[n]) == NULL)
			fail_msg("plan %zu: note %zu: %s", i, n,
			    plan.notes[n] != NULL ? plan.notes[n] : "none");
	assert_null(plan.notes[n]);
	json_decref(plan.patch);
	json_decref(object);
	free(text);
}

static void
a_plan_fills_and_does_not_overwrite(void **state)
{
	static const char *const region[] = {"ZAV", "ZOL", "ZGO", "ZNO"};
	struct ods ods = empty(state);
	struct table codes;

	assert_null(ods_read(&ods, slice_of(published)));
	assert_null(ods_read(&ods, slice_of(successions)));
	table_init(&codes, *state, 4);
	for (uint32_t i = 0; i < 4; i++)
		table_put(&codes, *state, region[i], i);
	for (size_t i = 0; i < sizeof plans / sizeof *plans; i++)
		assert_plan(&ods, &codes, i);
}

/* Closed without a day: no end is made up. */
static void
an_end_without_a_day_is_only_told(void **state)
{
	struct ods ods = empty(state);
	struct table codes;
	struct ods_plan plan;
	json_t *object = quoted("{'code':'ZAV','name':'A','until':null,'successors':[]}");

	table_init(&codes, *state, 1);
	assert_null(ods_read(&ods, slice_of(R4("ZAV", ",\"name\":\"A\",\"active\":false"))));
	ods_plan(&(struct ods_wish){&ods, object, &codes, true}, &plan);
	assert_null(plan.patch);
	assert_non_null(strstr(plan.notes[0], "without the day"));
	json_decref(object);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(published_files_are_read),
	    cmocka_unit_test(what_is_not_published_so_is_refused),
	    cmocka_unit_test(names_are_written_as_people_do),
	    cmocka_unit_test(a_plan_fills_and_does_not_overwrite),
	    cmocka_unit_test(an_end_without_a_day_is_only_told),
	};

	return cmocka_run_group_tests_name("ods", tests, setup, teardown);
}
