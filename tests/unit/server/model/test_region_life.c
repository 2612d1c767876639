/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "server/base/civil.h"
#include "server/base/zone.h"
#include "server/model/demand.h"
#include "server/model/share.h"
#include "tests/unit/server/model/region_text.h"

/* Members that hold from one day until another, and people in several places: reading, warnings,
 * and the night on which a region changes. */

struct fixture {
	struct arena *arena;
	struct zonedb *zones;
	const struct zone *london;
};

static int
setup(void **state)
{
	struct fixture *f = calloc(1, sizeof *f);

	f->arena = arena_new(0);
	assert_int_equal(zonedb_open("/usr/share/zoneinfo", &f->zones), STATUS_OK);
	f->london = zonedb_find(f->zones, "Europe/London");
	*state = f;
	return 0;
}

static int
teardown(void **state)
{
	struct fixture *f = *state;

	zonedb_free(f->zones);
	arena_free(f->arena);
	free(f);
	return 0;
}

static const struct region *
read(struct fixture *f, const char *text, struct region_faults *faults)
{
	return region_text_read(f->arena, text, faults);
}

/* --- The merger: Alder and Birch become Cedar on 1 April 2027. --- */

#define MERGER(places, services, requirements)                                                     \
	"{'crisiscover':1,'organisations':[{'code':'O','name':'O','kind':'icb'}],"                 \
	"'functions':[{'code':'f','name':'F'},{'code':'g','name':'G'}],"                           \
	"'people':[{'id':'ann','name':'Ann','organisation':'O','roles':['f'],'work_phone':'+"      \
	"441632960123'},"                                                                          \
	"{'id':'bob','name':'Bob','organisation':'O','roles':['f'],'work_phone':'+441632960123'}]" \
	","                                                                                        \
	"'places':[{'code':'A','name':'Alder','kind':'icb','until':'2027-04-01',"                  \
	"'successors':['C']},"                                                                     \
	"{'code':'B','name':'Birch','kind':'icb','until':'2027-04-01','successors':['C']},"        \
	"{'code':'C','name':'Cedar','kind':'icb','from':'2027-04-01'}" places "],"                 \
	"'services':[{'id':'old','name':'Old','function':'f','organisation':'O','phone':'+"        \
	"441632960001',"                                                                           \
	"'places':['A','B'" services "]},"                                                         \
	"{'id':'new','name':'New','function':'f','organisation':'O','phone':'+441632960002','"     \
	"places':['C']}],"                                                                         \
	"'rotas':[{'id':'old-rota','service':'old','source':{'kind':'typed'}},"                    \
	"{'id':'new-rota','service':'new','source':{'kind':'typed'}}],"                            \
	"'requirements':[" requirements "]}"
#define ASKS(id, place, function, more)                                                            \
	"{'id':'" id "','place':'" place "','function':'" function "','count':1" more              \
	",'hours':[{'days':['all'],'from':'00:00','to':'24:00'}]}"

static const char merger[] = MERGER(
    "", "", ASKS("RA", "A", "f", "") "," ASKS("RB", "B", "f", "") "," ASKS("RC", "C", "f", ""));

/* "2027-04-01" and "-" for none, of a demand's days. */
static const char *
days_text(struct fixture *f, struct span_times days)
{
	const char *text = "";
	char from[CIVIL_DAY_MAX], until[CIVIL_DAY_MAX];
	size_t i;

	for (i = 0; i < days.count; i++) {
		snprintf(from, sizeof from, "-");
		snprintf(until, sizeof until, "-");
		if (days.items[i].start != INT64_MIN)
			civil_day_text(days.items[i].start, from);
		if (days.items[i].end != INT64_MAX)
			civil_day_text(days.items[i].end, until);
		text = arena_printf(f->arena, "%s%s%s..%s", text, i > 0 ? " " : "", from, until);
	}
	return text;
}

/* Each demand of a place: "RA -..2027-04-01, RC 2027-04-01..-". */
static const char *
demands_text(struct fixture *f, const struct region *region, const char *code)
{
	const struct region_place *place = &region->places[table_get(&region->place_by_code, code)];
	const char *text = "";
	uint32_t i;

	for (i = 0; i < place->demands.count; i++) {
		const struct region_demand *demand = &region->demands[place->demands.items[i]];

		text = arena_printf(f->arena, "%s%s%s %s", text, i > 0 ? ", " : "",
		    region->requirements[demand->requirement].id, days_text(f, demand->days));
	}
	return text;
}

static void
test_a_merger_is_read_without_a_warning(void **state)
{
	struct fixture *f = *state;
	struct region_faults faults;
	const struct region *region = read(f, merger, &faults);

	if (faults.count > 0)
		fail_msg("%s %s", faults.items[0].path, faults.items[0].detail);
	assert_int_equal(region->places[0].successors.items[0], 2);
	assert_string_equal(demands_text(f, region, "A"), "RA -..2027-04-01");
	assert_string_equal(demands_text(f, region, "C"), "RC 2027-04-01..-");
	assert_int_equal(region->demands[0].nsupplies, 1);
	assert_int_equal(region->demands[0].supplies[0].life.end, civil_days(2027, 4, 1));
	assert_int_equal(region->functions[0].rotas.count, 2);
}

/* A hospital under Alder and, from 1 April, under Cedar. */
static void
test_what_is_inherited_follows_the_dates_of_the_parents(void **state)
{
	static const char plain[] = MERGER(",{'code':'H','name':'H','kind':'hospital',"
					   "'parents':['A','C']}",
	    "", ASKS("RA", "A", "f", "") "," ASKS("RB", "B", "f", "") "," ASKS("RC", "C", "f", ""));
	static const char moved[] = MERGER(
	    ",{'code':'H','name':'H','kind':'hospital','from':'2025-01-01','parents':[{'place':'A','until':'2026-07-01'},"
	    "{'place':'B','from':'2026-07-01'},'C']}",
	    "",
	    ASKS("RA", "A", "f", ",'from':'2026-01-01'") "," ASKS("RB", "B", "f", "") "," ASKS(
		"RC", "C", "f", ",'until':'2028-01-01'"));
	/* Of its own for half of May 2026: then its parents' is not. */
	static const char own[] =
	    MERGER(",{'code':'H','name':'H','kind':'hospital','parents':['A','C']}", "",
		ASKS("RA", "A", "f", "") "," ASKS("RC", "C", "f", "") "," ASKS("RH", "H", "f",
		    ",'from':'2026-05-01','until':'2026-05-16'") "," ASKS("RG", "A", "g", ""));
	struct fixture *f = *state;
	struct region_faults faults;

	assert_string_equal(
	    demands_text(f, read(f, plain, &faults), "H"), "RA -..2027-04-01, RC 2027-04-01..-");
	assert_string_equal(demands_text(f, read(f, moved, &faults), "H"),
	    "RA 2026-01-01..2026-07-01, RB 2026-07-01..2027-04-01, RC 2027-04-01..2028-01-01");
	assert_string_equal(demands_text(f, read(f, own, &faults), "H"),
	    "RA -..2026-05-01 2026-05-16..2027-04-01, RC 2027-04-01..-, "
	    "RH 2026-05-01..2026-05-16, RG -..2027-04-01");
}

/* --- The night of the change. --- */

/* The sweep of a demand from 31 March 12:00 to 1 April 12:00 UTC, hours counted from the first:
 * midnight in London is hour 11. */
static const char *
night_text(struct fixture *f, const struct region *region, const char *requirement,
    const struct sweep_rota *rotas, struct share_list elsewhere)
{
	static const struct holidays none;
	int64_t noon = civil_days(2027, 3, 31) * 86400 + 12 * 3600;
	uint32_t demand;
	struct demand_asked asked = {
	    .context = {region, f->london, &none},
	    .window = {noon, noon + 86400},
	    .elsewhere = elsewhere,
	};
	struct cover_spans spans;
	const char *text = "";
	size_t i;

	for (demand = 0; strcmp(region->requirements[region->demands[demand].requirement].id,
			     requirement) != 0;)
		demand++;
	asked.demand = demand;
	asked.rotas = rotas;
	spans = demand_sweep(f->arena, &asked);
	for (i = 0; i < spans.count; i++) {
		const struct cover_span *span = &spans.items[i];

		text = arena_printf(f->arena, "%s%s%lld-%lld %s%s%s", text, i > 0 ? ", " : "",
		    (long long)(span->start - noon) / 3600, (long long)(span->end - noon) / 3600,
		    cover_state_name(span->state), span->cause == CAUSE_NONE ? "" : " ",
		    span->cause == CAUSE_NONE ? "" : cover_cause_name(span->cause));
	}
	return text;
}

/* One shift over the whole night. */
static struct sweep_rota
all_night(struct fixture *f, uint32_t person)
{
	struct shift *shift = arena_alloc(f->arena, sizeof *shift);
	int64_t noon = civil_days(2027, 3, 31) * 86400 + 12 * 3600;

	*shift =
	    (struct shift){.start = noon, .end = noon + 86400, .id = 1 + person, .person = person};
	return (struct sweep_rota){
	    .shifts = shift, .nshifts = 1, .horizon = noon + 86400, .trusted_until = INT64_MAX};
}

static void
test_cover_and_gaps_change_at_local_midnight(void **state)
{
	/* Cedar is served by the old service as well, but only until May, and Alder's rota goes on
	 * to list shifts. */
	struct fixture *f = *state;
	struct region_faults faults;
	const struct region *region = read(f, merger, &faults);
	struct sweep_rota rota = all_night(f, 0),
			  empty = {.horizon = INT64_MAX, .trusted_until = INT64_MAX};

	assert_string_equal(night_text(f, region, "RA", &rota, (struct share_list){0}),
	    "0-11 covered, "
	    "11-24 not_commissioned");
	assert_string_equal(night_text(f, region, "RC", &rota, (struct share_list){0}),
	    "0-11 not_commissioned, 11-24 covered");
	assert_string_equal(night_text(f, region, "RA", &empty, (struct share_list){0}),
	    "0-11 gap silent, 11-24 not_commissioned");
	empty.horizon = INT64_MIN;
	assert_string_equal(night_text(f, region, "RC", &empty, (struct share_list){0}),
	    "0-11 not_commissioned, 11-24 unknown never_read");
}

/* One place, A served until 31 March and B from 1 April: no false cover on either side of midnight,
 * and no doubt from the rota that no longer serves. */
static void
test_a_service_counts_only_within_its_footprints_dates(void **state)
{
	static const char text[] =
	    "{'crisiscover':1,'organisations':[{'code':'O','name':'O','kind':'icb'}],'functions':[{'code':'f','name':'F'}],"
	    "'people':[{'id':'ann','name':'Ann','organisation':'O','roles':['f'],'work_phone':'+441632960123'},"
	    "{'id':'bob','name':'Bob','organisation':'O','roles':['f'],'work_phone':'+441632960123'}],"
	    "'places':[{'code':'P','name':'P','kind':'council_area','switchboard':'+441632960003'}],"
	    "'services':[{'id':'a','name':'A','function':'f','organisation':'O','places':[{'place':'P','until':'2027-04-01'}]},"
	    "{'id':'b','name':'B','function':'f','organisation':'O','places':[{'place':'P','from':'2027-04-01'}]}],"
	    "'rotas':[{'id':'ra','service':'a','source':{'kind':'typed'}},{'id':'rb','service':'b','source':{'kind':'typed'}}],"
	    "'requirements':[" ASKS("R", "P", "f", "") "]}";
	struct fixture *f = *state;
	struct region_faults faults;
	const struct region *region = read(f, text, &faults);
	struct sweep_rota rotas[2] = {all_night(f, 0), all_night(f, 1)};
	struct sweep_rota empty = {.horizon = INT64_MAX, .trusted_until = INT64_MAX};

	assert_int_equal(faults.count, 0);
	assert_string_equal(night_text(f, region, "R", rotas, (struct share_list){0}),
	    "0-11 covered, 11-24 covered");
	rotas[1] = empty;
	assert_string_equal(night_text(f, region, "R", rotas, (struct share_list){0}),
	    "0-11 covered, 11-24 gap silent");
	rotas[0] = empty;
	rotas[1] = all_night(f, 1);
	assert_string_equal(night_text(f, region, "R", rotas, (struct share_list){0}),
	    "0-11 gap silent, 11-24 covered");
	/* The old rota says nothing any more, and nobody asks it. */
	rotas[0] = all_night(f, 0);
	rotas[0].horizon -= 13 * 3600;
	rotas[1] = empty;
	assert_string_equal(night_text(f, region, "R", rotas, (struct share_list){0}),
	    "0-11 covered, 11-24 gap silent");
	rotas[0] = empty;
	rotas[1] = all_night(f, 1);
	/* The old rota is never read again, the new one was not read before. */
	rotas[0].horizon = INT64_MIN;
	assert_string_equal(night_text(f, region, "R", rotas, (struct share_list){0}),
	    "0-11 unknown never_read, 11-24 covered");
	rotas[0] = all_night(f, 0);
	rotas[1] = empty;
	rotas[1].horizon = INT64_MIN;
	assert_string_equal(night_text(f, region, "R", rotas, (struct share_list){0}),
	    "0-11 covered, 11-24 unknown never_read");
}

static void
test_a_rota_supplies_only_within_its_dates(void **state)
{
	static const char text[] =
	    "{'crisiscover':1,'organisations':[{'code':'O','name':'O','kind':'icb'}],'functions':[{'code':'f','name':'F'}],"
	    "'people':[{'id':'ann','name':'Ann','organisation':'O','roles':['f'],'work_phone':'+441632960123'}],"
	    "'places':[{'code':'P','name':'P','kind':'council_area','switchboard':'+441632960003'}],"
	    "'services':[{'id':'a','name':'A','function':'f','organisation':'O','places':[{'place':'P','until':'2026-01-01'},"
	    "{'place':'P','from':'2027-01-01'}]}],'rotas':[{'id':'ra','service':'a','until':'2027-04-01','source':{'kind':'typed'}}],'requirements':[" ASKS(
		"R", "P", "f", "") "]}";
	struct fixture *f = *state;
	struct region_faults faults;
	const struct region *region = read(f, text, &faults);
	struct sweep_rota rota = all_night(f, 0);

	assert_int_equal(region->demands[0].nsupplies, 2);
	assert_int_equal(region->demands[0].rotas.count, 1);
	assert_int_equal(region->services[0].places.count, 1);
	assert_string_equal(night_text(f, region, "R", &rota, (struct share_list){0}),
	    "0-11 covered, 11-24 gap no_source");
	assert_int_equal(faults.count, 1);
	assert_string_equal(faults.items[0].path, "$.requirements[0]");
	assert_non_null(strstr(faults.items[0].detail,
	    "no rota supplies function f at place P from 2026-01-01 until 2027-01-01"));
}

/* --- Shared cover. --- */

/* Three councils, one doctor on one rota for all three, and a second rota for a fourth. */
#define DOCTORS(limit)                                                                             \
	"{'crisiscover':1,'organisations':[{'code':'O','name':'O','kind':'nhs_trust'}],"           \
	"'functions':[{'code':'s12','name':'S12'},{'code':'g','name':'G'}],"                       \
	"'people':[{'id':'ann','name':'Ann','organisation':'O','roles':['s12','g']},"              \
	"{'id':'bob','name':'Bob','organisation':'O','roles':['s12','g']}],"                       \
	"'places':[{'code':'W','name':'West','kind':'council_area'},"                              \
	"{'code':'E','name':'East','kind':'council_area'},"                                        \
	"{'code':'N','name':'North','kind':'council_area'},"                                       \
	"{'code':'S','name':'South','kind':'council_area'},"                                       \
	"{'code':'H','name':'Hospital','kind':'hospital'}],"                                       \
	"'services':[{'id':'three','name':'Three','function':'s12','organisation':'O',"            \
	"'places':['W','E',{'place':'N','from':'2027-04-01'},'H']},"                               \
	"{'id':'south','name':'South','function':'s12','organisation':'O','places':['S']},"        \
	"{'id':'other','name':'Other','function':'g','organisation':'O','places':['S','N']}],"     \
	"'rotas':[{'id':'doctors','service':'three','source':{'kind':'typed'}},"                   \
	"{'id':'south','service':'south','source':{'kind':'typed'}},"                              \
	"{'id':'other','service':'other','source':{'kind':'typed'}}],"                             \
	"'requirements':[" ASKS("R", "W", "s12", limit) "]}"

static void
test_a_limit_of_shared_places_takes_people_out(void **state)
{
	struct fixture *f = *state;
	struct region_faults faults;
	const struct region *none = read(f, DOCTORS(""), &faults);
	const struct region *three = read(f, DOCTORS(",'max_share':3"), &faults);
	const struct region *two = read(f, DOCTORS(",'max_share':2"), &faults);
	const struct region *one = read(f, DOCTORS(",'shared_ok':false"), &faults);
	struct sweep_rota rota = all_night(f, 0);
	int64_t noon = civil_days(2027, 3, 31) * 86400 + 12 * 3600;
	/* South, on another rota, for two hours; a rota of another function; somebody else. */
	const struct share_duty more[] = {{0, 1, noon + 4 * 3600, noon + 6 * 3600},
	    {0, 2, noon, noon + 86400}, {1, 1, noon, noon + 86400}};
	struct share_list elsewhere = {more, 3};

	assert_int_equal(one->requirements[0].max_share, 1);
	/* West and East until midnight, North as well from then on; a hospital is no council. */
	assert_string_equal(night_text(f, none, "R", &rota, elsewhere), "0-24 covered");
	assert_string_equal(
	    night_text(f, three, "R", &rota, (struct share_list){0}), "0-24 covered");
	assert_string_equal(night_text(f, three, "R", &rota, elsewhere), "0-24 covered");
	assert_string_equal(night_text(f, two, "R", &rota, (struct share_list){0}),
	    "0-11 covered, 11-24 gap shared_too_widely");
	assert_string_equal(night_text(f, two, "R", &rota, elsewhere),
	    "0-4 covered, 4-6 gap shared_too_widely, 6-11 covered, 11-24 gap shared_too_widely");
	assert_string_equal(
	    night_text(f, one, "R", &rota, elsewhere), "0-24 gap shared_too_widely");
}

static void
test_shared_places_are_named(void **state)
{
	struct fixture *f = *state;
	struct region_faults faults;
	const struct region *region = read(f, DOCTORS(""), &faults);
	int64_t midnight = civil_days(2027, 3, 31) * 86400 + 23 * 3600;
	struct share_at before = {region, f->london, 0, midnight - 1};
	struct share_at at = {region, f->london, 0, midnight};
	struct share_at at_another = {region, f->london, 4, midnight};
	uint32_t places[5], count;

	count = share_places(&before, 0, places, 0);
	assert_int_equal(count, 1);
	assert_int_equal(places[0], 1);
	count = share_places(&at, 0, places, 0);
	assert_int_equal(count, 2);
	assert_int_equal(share_places(&at, 0, places, count), 2);
	assert_int_equal(share_places(&at, 1, places, count), 3);
	assert_int_equal(share_places(&at_another, 0, places, 0), 0);
}

/* --- Who counts by the role. --- */

#define ROLE(more)                                                                                 \
	"{'crisiscover':1,'organisations':[{'code':'O','name':'O','kind':'icb'}],"                 \
	"'functions':[{'code':'f','name':'F'},{'code':'g','name':'G'}],'people':["                 \
	"{'id':'ann','name':'Ann','organisation':'O','work_phone':'+441632960123',"                \
	"'roles':['g']}],'places':[{'code':'A','name':'A','kind':'icb','switchboard':'+"           \
	"441632960003'}],"                                                                         \
	"'services':[{'id':'s','name':'S','function':'f','organisation':'O','places':['A']}],"     \
	"'rotas':[{'id':'r','service':'s','source':{'kind':'typed'},"                              \
	"'reading':{'aliases':{'AB':'ann'}}}],'requirements':[" ASKS("R", "A", "f", more) "]}"

static void
test_the_role_is_held_or_any_counts(void **state)
{
	static const struct {
		const char *text;
		enum cover_state state;
		size_t warnings;
	} cases[] = {
	    {ROLE(""), COVER_GAP, 2},
	    {ROLE(",'role':'required'"), COVER_GAP, 2},
	    {ROLE(",'role':'any'"), COVER_COVERED, 0},
	};
	struct fixture *f = *state;
	struct holidays holidays = {0};
	struct shift shift = {0, 86400, 1, 0, 0, SHIFT_NAMED, false, false};
	struct sweep_rota rota = {&shift, 1, INT64_MAX, INT64_MAX, NULL};
	struct demand_asked asked = {.window = {0, 86400}, .rotas = &rota};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct region_faults faults;
		const struct region *region = read(f, cases[i].text, &faults);
		struct cover_spans spans;

		asked.context = (struct demand_context){region, f->london, &holidays};
		spans = demand_sweep(f->arena, &asked);
		assert_int_equal(spans.count, 1);
		assert_int_equal(spans.items[0].state, cases[i].state);
		assert_int_equal(faults.count, cases[i].warnings);
	}
}

/* --- What is wrong, and what is probably not meant. --- */

struct word {
	const char *text, *path, *detail;
	bool warning;
};

#define PLACES(list)                                                                               \
	"{'crisiscover':1,'organisations':[{'code':'O','name':'O','kind':'icb'}],"                 \
	"'functions':[{'code':'f','name':'F'}],'places':[" list "]}"
#define FILE_WITH(places, services, requirements)                                                  \
	"{'crisiscover':1,'organisations':[{'code':'O','name':'O','kind':'icb'}],"                 \
	"'functions':[{'code':'f','name':'F'}],'places':[" places "],'services':[" services        \
	"],'rotas':[{'id':'r','service':'s','source':{'kind':'typed'}}],"                          \
	"'requirements':[" requirements "]}"
#define PLACE(code, more) "{'code':'" code "','name':'" code "','kind':'icb'" more "}"
#define SERVES(places)                                                                             \
	"{'id':'s','name':'S','function':'f','organisation':'O','places':[" places "]}"
#define NAMES(roles, reading)                                                                      \
	"{'crisiscover':1,'organisations':[{'code':'O','name':'O','kind':'icb'}],"                 \
	"'functions':[{'code':'f','name':'F'},{'code':'g','name':'G'}],'people':["                 \
	"{'id':'ann','name':'Ann','organisation':'O','work_phone':'+441632960123',"                \
	"'roles':" roles "}],"                                                                     \
	"'places':[" PLACE("A", "") "],'services':[" SERVES(                                       \
	    "'A'") "],'rotas':[{'id':'r',"                                                         \
		   "'service':'s','source':{'kind':'typed'}" reading "}],"                         \
		   "'requirements':[" ASKS("R", "A", "f", "") "]}"
#define HOLIDAYS(value) "{'crisiscover':1,'bank_holidays':" value "}"

#define ENDS(more, rest)                                                                           \
	"{'crisiscover':1,'organisations':[{'code':'O','name':'O','kind':'icb'" more "}" rest "]}"

static const struct word words[] = {
    {ENDS(",'until':'2027-04-01','successors':['P']", ""), "$.organisations[0].successors[0]",
	"no organisation \"P\"", false},
    {ENDS(",'successors':['P']", ",{'code':'P','name':'P','kind':'icb'}"),
	"$.organisations[0].successors", "the first day on which organisation O is no more", false},
    {ENDS(",'until':'2027-04-01','successors':['O']", ""), "$.organisations[0].successors[0]",
	"is the organisation itself", false},
    {ENDS(",'until':'2027-04-01','successors':['P']",
	 ",{'code':'P','name':'P','kind':'icb','from':'2027-04-02'}"),
	"$.organisations[0].successors[0]", "organisation P is not there on 2027-04-01", false},
    {ENDS(",'from':'2027-04-01','until':'2027-04-01'", ""), "$.organisations[0].until",
	"must be after", false},
    {"{'crisiscover':1,'organisations':[{'code':'O','name':'O','kind':'icb','until':'2027-04-01'}],"
     "'people':[{'id':'ann','name':'Ann','organisation':'O'}]}",
	"$.organisations[0]", "organisation O ends on 2027-04-01, and 0 services and 1 people",
	true},
    {"{'crisiscover':1,'organisations':[{'code':'O','name':'O','kind':'icb','until':'2027-04-01'}],"
     "'functions':[{'code':'f','name':'F'}],'places':[" PLACE(
	 "A", "") "],'services':[{'id':'s','name':'S','function':'f','organisation':'O',"
		  "'places':['A']}]}",
	"$.organisations[0]", "1 services (the first is s) and 0 people", true},
    {PLACES(PLACE("A", ",'from':'1 April'")), "$.places[0].from", "2027-04-01", false},
    {PLACES(PLACE("A", ",'from':'2027-02-30'")), "$.places[0].from", "a day that exists", false},
    {PLACES(PLACE("A", ",'until':20270401")), "$.places[0].until", "must be a text", false},
    {PLACES(PLACE("A", ",'from':'2027-04-01','until':'2027-04-01'")), "$.places[0].until",
	"must be after", false},
    {PLACES(PLACE("A", ",'until':'2027-04-01','successors':['B']")), "$.places[0].successors[0]",
	"no place \"B\"", false},
    {PLACES(PLACE("A", ",'successors':['B']") "," PLACE("B", "")), "$.places[0].successors",
	"needs an \"until\"", false},
    {PLACES(PLACE("A", ",'until':'2027-04-01','successors':['A']")), "$.places[0].successors[0]",
	"itself", false},
    {PLACES(PLACE("A", ",'until':'2027-04-01','successors':['B']") "," PLACE(
	 "B", ",'from':'2027-04-02'")),
	"$.places[0].successors[0]", "not there on 2027-04-01", false},
    {PLACES(PLACE("A", ",'until':'2027-04-01','successors':['B']") "," PLACE(
	 "B", ",'until':'2027-04-01'")),
	"$.places[0].successors[0]", "not there on 2027-04-01", false},
    {PLACES(PLACE("A", "") "," PLACE("B", ",'parents':[7]")), "$.places[1].parents[0]",
	"a code, or an object", false},
    {PLACES(PLACE("A", "") "," PLACE("B", ",'parents':[{'code':'A'}]")),
	"$.places[1].parents[0].code", "not a known key", false},
    {PLACES(PLACE("A", "") "," PLACE("B", ",'parents':['A',{'place':'A','from':'2027-04-01'}]")),
	"$.places[1].parents[1]", "twice", false},
    {FILE_WITH(
	 PLACE("A", ""), SERVES("{'place':'A','from':'2027-04-01','until':'2027-01-01'}"), ""),
	"$.services[0].places[0].until", "must be after", false},
    {FILE_WITH(PLACE("A", ""), SERVES("'A'"), ASKS("R", "A", "f", ",'max_share':0")),
	"$.requirements[0].max_share", "from 1 to 99", false},
    {FILE_WITH(
	 PLACE("A", ""), SERVES("'A'"), ASKS("R", "A", "f", ",'max_share':2,'shared_ok':false")),
	"$.requirements[0].shared_ok", "one of the two", false},
    {FILE_WITH(PLACE("A", ""), SERVES("'A'"), ASKS("R", "A", "f", ",'shared_ok':1")),
	"$.requirements[0].shared_ok", "true or false", false},
    {FILE_WITH(PLACE("A", ""), SERVES("'A'"), ASKS("R", "A", "f", ",'role':'some'")),
	"$.requirements[0].role", "required or any", false},
    {FILE_WITH(PLACE("A", ""), SERVES("'A'"), ASKS("R", "A", "f", ",'role':true")),
	"$.requirements[0].role", "must be a text", false},
    {HOLIDAYS("{'set':'scotland'}"), "$.bank_holidays.set", "england-and-wales", false},
    {HOLIDAYS("{'add':[]}"), "$.bank_holidays.set", "is missing", false},
    {HOLIDAYS("{'set':'england-and-wales','add':[{'date':'2027-06-31','name':'x'}]}"),
	"$.bank_holidays.add[0].date", "a day that exists", false},
    {HOLIDAYS("{'set':'england-and-wales','add':[{'date':'2027-06-01'}]}"),
	"$.bank_holidays.add[0].name", "is missing", false},
    {HOLIDAYS("{'set':'england-and-wales','add':[{'date':'2027-06-01','name':'x'},"
	      "{'date':'2027-06-01','name':'y'}]}"),
	"$.bank_holidays.add[1].date", "twice", false},
    {HOLIDAYS("{'set':'england-and-wales','remove':['2026-12-26','2026-12-26']}"),
	"$.bank_holidays.remove[1]", "twice", false},
    {HOLIDAYS("{'set':'england-and-wales','add':[{'date':'2027-06-01','name':'x'}],"
	      "'remove':['2027-06-01']}"),
	"$.bank_holidays.remove[0]", "added and removed", false},
    /* Probably not meant. */
    {NAMES("['g']", ""), "$.services[0]",
	"none of the 1 people of organisation O holds function f among the roles, so nobody on a rota of service s counts: "
	"add it to the roles of those who do, or say \"role\": \"any\" in requirement R",
	true},
    {NAMES("['g']", ",'reading':{'aliases':{'AB':'ann'}}"), "$.rotas[0]",
	"\"AB\" names ann, who does not hold function f among the roles", true},
    {NAMES("[]", ",'reading':{'titles':[{'title':'Late','reads':'named','person':'ann'}]}"),
	"$.rotas[0]", "\"Late\" names ann, who does not hold", true},
    {PLACES("{'code':'A','name':'Fen','kind':'icb'},{'code':'B','name':' fen ','kind':'icb'}"),
	"$.places[1].name", "bears the name of place A", true},
    /* Sixteen letters fill what the arena gives to the last byte. */
    {PLACES("{'code':'A','name':'Fenmere District','kind':'icb'},"
	    "{'code':'B','name':'fenmere district','kind':'icb'}"),
	"$.places[1].name", "bears the name of place A", true},
    {PLACES(PLACE("A", ",'until':'2027-04-01'") "," PLACE("B", ",'parents':['A']")),
	"$.places[1].parents[0]", "goes on without a parent", true},
    {FILE_WITH(
	 PLACE("A", ",'until':'2027-04-01'"), SERVES("{'place':'A','until':'2027-06-01'}"), ""),
	"$.services[0].places[0]", "ends on 2027-04-01", true},
    {FILE_WITH(PLACE("A", ",'until':'2027-04-01'"), SERVES("'A'"), ""), "$.services[0].places[0]",
	"ends on 2027-04-01", true},
    /* It serves the successor, but only two months later. */
    {FILE_WITH(PLACE("A", ",'until':'2027-04-01','successors':['B']") "," PLACE("B", ""),
	 SERVES("'A',{'place':'B','from':'2027-06-01'}"), ""),
	"$.services[0].places[0]", "ends on 2027-04-01", true},
    {FILE_WITH(PLACE("A", ",'until':'2027-04-01'"), SERVES("'A'"),
	 ASKS("R", "A", "f", ",'until':'2027-05-01'")),
	"$.requirements[0]", "ends on 2027-04-01, and requirement R with it", true},
    {FILE_WITH(PLACE("A", ",'until':'2027-04-01'"), SERVES("'A'"),
	 ASKS("R", "A", "f", ",'from':'2027-05-01'")),
	"$.requirements[0]", "never in force", true},
    {FILE_WITH(
	 PLACE("A", ""), SERVES("{'place':'A','until':'2027-04-01'}"), ASKS("R", "A", "f", "")),
	"$.requirements[0]",
	"no rota supplies function f at place A from 2027-04-01: requirement R", true},
    {FILE_WITH(PLACE("A", "") "," PLACE("B", "") "," PLACE("C", ",'from':'2027-04-01'"),
	 SERVES("'A','B','C'"), ASKS("R", "A", "f", ",'max_share':2")),
	"$.requirements[0]", "service s serves 3 places of the kind icb at once", true},
};

static void
test_each_word_names_its_path(void **state)
{
	struct fixture *f = *state;
	size_t i, j;

	for (i = 0; i < sizeof words / sizeof *words; i++) {
		const struct word *word = &words[i];
		const struct region *region = NULL;
		struct region_faults faults = {0};
		enum status st = region_text_try(f->arena, word->text, &region, &faults);

		if (st != (word->warning ? STATUS_OK : STATUS_MALFORMED))
			fail_msg("%s: %s", word->path, st == STATUS_OK ? "taken" : "refused");
		for (j = 0; j < faults.count; j++)
			if (strcmp(faults.items[j].path, word->path) == 0 &&
			    strstr(faults.items[j].detail, word->detail) &&
			    faults.items[j].warning == word->warning)
				break;
		if (j == faults.count)
			fail_msg("%s (%s): not found among %zu, the first: %s %s", word->path,
			    word->detail, faults.count, faults.count ? faults.items[0].path : "",
			    faults.count ? faults.items[0].detail : "");
	}
}

/* Names that follow one another are no twins. */
static void
test_a_successor_may_bear_the_name(void **state)
{
	static const char text[] =
	    PLACES("{'code':'A','name':'Fen','kind':'icb','until':'2027-04-01','successors':['B']},"
		   "{'code':'B','name':'Fen','kind':'icb','from':'2027-04-01'}");
	struct fixture *f = *state;
	struct region_faults faults;

	read(f, text, &faults);
	assert_int_equal(faults.count, 0);
}

/* An organisation that goes on, or has nobody under it when it ends, is no reason to warn. */
static void
test_an_organisation_may_end_in_silence(void **state)
{
	struct fixture *f = *state;
	struct region_faults faults;
	const struct region *region;

	read(f,
	    "{'crisiscover':1,'organisations':[{'code':'O','name':'O','kind':'icb'}],"
	    "'people':[{'id':'ann','name':'Ann','organisation':'O'}]}",
	    &faults);
	assert_int_equal(faults.count, 0);
	region = read(f,
	    ENDS(",'until':'2027-04-01','successors':['P']",
		",{'code':'P','name':'P','kind':'icb','from':'2027-04-01'}"),
	    &faults);
	assert_int_equal(faults.count, 0);
	assert_int_equal(region->organisations[0].successors.items[0], 1);
	assert_int_equal(region->organisations[1].life.start, region->organisations[0].life.end);
}

/* Nor does a place lose a parent that is there as long as itself. */
static void
test_a_parent_may_end_with_the_place(void **state)
{
	struct fixture *f = *state;
	struct region_faults faults;

	read(f,
	    PLACES(PLACE("A",
		",'until':'2027-04-01'") ",{'code':'B','name':'B','kind':'icb','until':'2027-04-01','parents':['A']}"),
	    &faults);
	assert_int_equal(faults.count, 0);
}

/* --- Differences. --- */

static void
test_every_new_key_is_compared(void **state)
{
	static const struct {
		const char *from, *to, *line;
	} cases[] = {
	    {"'code':'C','name':'Cedar','kind':'icb','from':'2027-04-01'",
		"'code':'C','name':'Cedar','kind':'icb','from':'2027-03-01'", "~ place C: from"},
	    {"'code':'A','name':'Alder','kind':'icb','until':'2027-04-01','successors':['C']",
		"'code':'A','name':'Alder','kind':'icb','until':'2027-04-02','successors':['C']",
		"~ place A: until"},
	    {"'code':'A','name':'Alder','kind':'icb','until':'2027-04-01','successors':['C']",
		"'code':'A','name':'Alder','kind':'icb','until':'2027-04-01'",
		"~ place A: successors"},
	    {"'places':['C']", "'places':[{'place':'C','from':'2027-04-01'}]",
		"~ service new: places"},
	    {"'places':['C']", "'places':[{'place':'C'}]", NULL},
	    {"'id':'new-rota'", "'id':'new-rota','from':'2027-04-01'", "~ rota new-rota: from"},
	    {"'id':'new-rota'", "'id':'new-rota','until':'2028-04-01'", "~ rota new-rota: until"},
	    {"'id':'RC'", "'id':'RC','max_share':2", "~ requirement RC: max_share"},
	    {"'id':'RC'", "'id':'RC','shared_ok':false", "~ requirement RC: max_share"},
	    {"'id':'RC'", "'id':'RC','shared_ok':true", NULL},
	    {"'id':'RC'", "'id':'RC','role':'any'", "~ requirement RC: role"},
	    {"'id':'RC'", "'id':'RC','role':'required'", NULL},
	    {"'id':'RC'", "'id':'RC','from':'2027-04-01'", "~ requirement RC: from"},
	    {"'id':'RC'", "'id':'RC','until':'2029-04-01'", "~ requirement RC: until"},
	    {"'crisiscover':1", "'crisiscover':1,'bank_holidays':{'set':'england-and-wales'}",
		NULL},
	    {"'crisiscover':1",
		"'crisiscover':1,'bank_holidays':{'set':'england-and-wales',"
		"'add':[{'date':'2027-06-01','name':'x'}]}",
		"~ region region: bank_holidays"},
	    {"'crisiscover':1",
		"'crisiscover':1,'bank_holidays':{'set':'england-and-wales','remove':['2026-12-28']"
		"}",
		"~ region region: bank_holidays"},
	};
	struct fixture *f = *state;
	struct region_faults faults;
	const struct region *before = read(f, merger, &faults);
	size_t i;

	for (i = 0; i < sizeof cases / sizeof *cases; i++) {
		const char *at = strstr(merger, cases[i].from);
		const struct region *after;
		struct region_changes changes;

		assert_non_null(at);
		after = read(f,
		    arena_printf(f->arena, "%.*s%s%s", (int)(at - merger), merger, cases[i].to,
			at + strlen(cases[i].from)),
		    &faults);
		region_compare(f->arena, before, after, &changes);
		if (changes.count != (cases[i].line != NULL))
			fail_msg("%s: %zu changes", cases[i].to, changes.count);
		if (changes.count == 1)
			assert_string_equal(arena_printf(f->arena, "%c %s %s: %s",
						changes.items[0].sign, changes.items[0].kind,
						changes.items[0].code, changes.items[0].what),
			    cases[i].line);
	}
}

/* ${text} with ${to} for the first ${from} in it, and how many of its warnings say ${said}. */
static size_t
warned(struct fixture *f, const char *text, const char *from, const char *to, const char *said)
{
	const char *at = strstr(text, from);
	struct region_faults faults;
	size_t count = 0;

	if (at == NULL)
		fail_msg("the file has no %s", from);
	read(f, arena_printf(f->arena, "%.*s%s%s", (int)(at - text), text, to, at + strlen(from)),
	    &faults);
	for (size_t i = 0; i < faults.count; i++)
		count += strstr(faults.items[i].detail, said) != NULL;
	return count;
}

/* A requirement that follows a place must ask for the same function, and be served for it, on the
 * day it ends. */
static void
test_a_successor_follows_only_in_the_function_and_at_the_time(void **state)
{
	static const struct {
		const char *from, *to, *said;
	} rows[] = {
	    {"'id':'RC','place':'C','function':'f'", "'id':'RC','place':'C','function':'g'",
		"and requirement RA with it"},
	    {"'id':'RC','place':'C','function':'f'",
		"'id':'RC','place':'C','from':'2028-01-01','function':'f'",
		"and requirement RA with it"},
	    {"'id':'RA','place':'A'", "'id':'RA','until':'2028-01-01','place':'A'",
		"and requirement RA with it"},
	    {"'name':'New','function':'f'", "'name':'New','function':'g'",
		"place A ends on 2027-04-01, and service old with it"},
	    {"'places':['C']", "'places':[{'place':'C','from':'2028-01-01'}]",
		"place A ends on 2027-04-01, and service old with it"},
	};
	struct fixture *f = *state;

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		assert_int_equal(warned(f, merger, "'RC'", "'RC'", rows[i].said), 0);
		if (warned(f, merger, rows[i].from, rows[i].to, rows[i].said) != 1)
			fail_msg("%s", rows[i].to);
	}
}

/* A title that names nobody puts nobody on who does not count. */
static void
test_only_a_name_can_lack_the_function(void **state)
{
	static const char text[] =
	    NAMES("['g']", ",'reading':{'titles':[{'title':'T','reads':'noise'}]}");
	struct fixture *f = *state;

	assert_int_equal(warned(f, text, "'T'", "'T'", "such a shift counts for nothing"), 0);
	assert_int_equal(warned(f, text, "'reads':'noise'", "'reads':'named','person':'ann'",
			     "such a shift counts for nothing"),
	    1);
	/* Where any member of the organisation counts, so does that one. */
	assert_int_equal(
	    warned(f,
		NAMES("['g']", ",'reading':{'titles':[{'title':'T','reads':'named',"
			       "'person':'ann'}]}"),
		"'count':1", "'count':1,'role':'any'", "such a shift counts for nothing"),
	    0);
}

static void
test_a_rota_that_is_never_there_supplies_nothing(void **state)
{
	static const char text[] = FILE_WITH(PLACE("A", ",'until':'2027-04-01'") "," PLACE("B", ""),
	    SERVES("'B',{'place':'A','from':'2028-01-01'}"), ASKS("R", "A", "f", ""));
	struct fixture *f = *state;
	struct region_faults faults;
	const struct region *region = read(f, text, &faults);

	assert_int_equal(region->ndemands, 1);
	assert_int_equal(region->demands[0].rotas.count, 0);
	assert_int_equal(region->demands[0].nsupplies, 0);
}

/* A requirement of its own that is never in force keeps nothing out. */
static void
test_what_is_never_in_force_takes_no_place_of_what_is_inherited(void **state)
{
	static const char text[] = FILE_WITH(
	    PLACE("A", ",'until':'2027-04-01','parents':['P']") "," PLACE("P", ""), SERVES("'A'"),
	    ASKS("RP", "P", "f", "") "," ASKS("RA", "A", "f", ",'from':'2028-01-01'"));
	struct fixture *f = *state;
	struct region_faults faults;

	assert_string_equal(demands_text(f, read(f, text, &faults), "A"), "RP -..2027-04-01, RA ");
}

/* Without a limit nobody is spread too widely; a rota of no service serves no place. */
static void
test_who_is_shared_without_a_limit(void **state)
{
	struct fixture *f = *state;
	struct region_faults faults;
	const struct region *none = read(f, DOCTORS(""), &faults);
	struct region one = *read(f, DOCTORS(",'max_share':1"), &faults);
	struct region_rota rotas[3];
	const struct share_duty duties[] = {{1, 0, 0, 86400}, {0, 1, 0, 86400}, {0, 0, 0, 86400}};
	struct share_list list = {duties, 3};
	struct person_times times;

	assert_int_equal(share_spread(f->arena, none, f->london, 0, list).count, 0);
	times = share_spread(f->arena, &one, f->london, 0, list);
	assert_int_equal(times.count, 2);
	assert_int_equal(times.items[0].person, 0);
	assert_int_equal(times.items[1].person, 1);
	memcpy(rotas, one.rotas, sizeof rotas);
	rotas[0].service = REGION_NONE;
	one.rotas = rotas;
	assert_int_equal(share_spread(f->arena, &one, f->london, 0, list).count, 0);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
	    TEST(test_a_successor_follows_only_in_the_function_and_at_the_time),
	    TEST(test_only_a_name_can_lack_the_function),
	    TEST(test_a_rota_that_is_never_there_supplies_nothing),
	    TEST(test_what_is_never_in_force_takes_no_place_of_what_is_inherited),
	    TEST(test_who_is_shared_without_a_limit),
	    TEST(test_a_merger_is_read_without_a_warning),
	    TEST(test_what_is_inherited_follows_the_dates_of_the_parents),
	    TEST(test_cover_and_gaps_change_at_local_midnight),
	    TEST(test_a_service_counts_only_within_its_footprints_dates),
	    TEST(test_a_rota_supplies_only_within_its_dates),
	    TEST(test_a_limit_of_shared_places_takes_people_out),
	    TEST(test_shared_places_are_named),
	    TEST(test_the_role_is_held_or_any_counts),
	    TEST(test_each_word_names_its_path),
	    TEST(test_a_successor_may_bear_the_name),
	    TEST(test_an_organisation_may_end_in_silence),
	    TEST(test_a_parent_may_end_with_the_place),
	    TEST(test_every_new_key_is_compared),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
