/* SPDX-License-Identifier: MIT */
/* How a rota is read from a grid: what a region file may say, and what it may not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/server/model/region_text.h"

static const char file[] =
    "{'crisiscover':1,'bank_holidays':'england-and-wales',"
    "'organisations':[{'code':'ZFC','name':'Fenmere','kind':'local_authority'}],"
    "'functions':[{'code':'amhp','name':'AMHP'}],"
    "'places':[{'code':'X1','name':'Fenmere','kind':'council_area'}],'people':[],"
    "'services':[{'id':'s','name':'S','function':'amhp','organisation':'ZFC','places':['X1']}],"
    "'rotas':[{'id':'rota',ROTA,'source':{'kind':'file'},'reading':{READING}}],"
    "'requirements':[],'accounts':[]}";

#define SHIFTS "'service':'s'"
#define LEAVE "'organisation':'ZFC','absences':true"
#define CODES                                                                                      \
	"'shift_codes':{'AL':'absence','LD':{'from':'07:30','to':'20:00','names':['Long day']}},"

/* The rota, or NULL and the faults. */
static const struct region_rota *
rota_of(struct arena *arena, const char *rota, const char *reading, struct region_faults *faults)
{
	const struct region *region;
	const char *text = region_text_with(
	    arena, region_text_with(arena, file, "ROTA", rota), "READING", reading);

	return region_text_try(arena, text, &region, faults) == STATUS_OK ? &region->rotas[0]
									  : NULL;
}

static void
good_grids_are_read(void **state)
{
	static const struct {
		const char *rota, *reading, *layout, *own; /* the first of its own; NULL: all are */
		bool hours, weekend, holiday;
	} rows[] = {
	    {SHIFTS, "'grid':{'layout':'dates_by_roles','column':'AMHP'}", "dates_by_roles", "AMHP",
		false, false, false},
	    {SHIFTS, "'grid':{'layout':'roles_by_dates','row':['AMHP','EDT']}", "roles_by_dates",
		"AMHP", false, false, false},
	    {SHIFTS,
		"'grid':{'layout':'weeks_by_roles','column':'A','hours':{'from':'09:00','to':'24:00'}}",
		"weeks_by_roles", "A", true, false, false},
	    {SHIFTS,
		"'grid':{'layout':'dates_by_hours','hours':{'from':'09:00','to':'17:00'},'weekend':{'from':'00:00','to':'08:00'}}",
		"dates_by_hours", NULL, true, true, false},
	    {SHIFTS,
		"'grid':{'layout':'dates_by_hours','hours':{'from':'09:00','to':'17:00'},'bank_holiday':{'from':'00:00','to':'08:00'}}",
		"dates_by_hours", NULL, true, false, true},
	    {SHIFTS, CODES "'grid':{'layout':'names_by_dates'}", "names_by_dates", NULL, false,
		false, false},
	    {SHIFTS, CODES "'grid':{'layout':'names_by_dates','codes':['ld']}", "names_by_dates",
		"ld", false, false, false},
	    {SHIFTS, CODES "'grid':{'layout':'names_by_dates','codes':'long DAY'}",
		"names_by_dates", "long DAY", false, false, false},
	    /* Leave has a row for each person, and needs no codes. */
	    {LEAVE, "'grid':{'layout':'names_by_dates'}", "names_by_dates", NULL, false, false,
		false},
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct region_faults faults;
		const struct region_rota *rota =
		    rota_of(*state, rows[i].rota, rows[i].reading, &faults);

		if (rota == NULL)
			fail_msg("%s: %s %s", rows[i].reading, faults.items[0].path,
			    faults.items[0].detail);
		assert_string_equal(rota->grid.layout, rows[i].layout);
		assert_int_equal(rota->grid.hours, rows[i].hours);
		assert_int_equal(rota->grid.weekend, rows[i].weekend);
		assert_int_equal(rota->grid.bank_holiday, rows[i].holiday);
		if (rows[i].own == NULL)
			assert_null(rota->grid.own);
		else
			assert_string_equal(rota->grid.own[0], rows[i].own);
	}
}

static void
what_is_wrong_is_named(void **state)
{
	static const struct {
		const char *rota, *reading, *path, *detail;
	} rows[] = {
	    {SHIFTS, "'grid':{'layout':'dates_by_hours','hours':'09:00'}", ".hours",
		"must be an object"},
	    {SHIFTS,
		"'grid':{'layout':'dates_by_hours','hours':{'from':'09:00','to':'17:00','at':1}}",
		".hours.at", "not a known key"},
	    {SHIFTS,
		CODES "'grid':{'layout':'names_by_dates','weekend':{'from':'09:00','to':'17:00'}}",
		".weekend", "its codes say the hours"},
	    {SHIFTS,
		CODES
		"'grid':{'layout':'names_by_dates','bank_holiday':{'from':'09:00','to':'17:00'}}",
		".bank_holiday", "its codes say the hours"},
	    {SHIFTS, CODES "'grid':{'layout':'names_by_dates','codes':['LD','Night']}", ".codes",
		"\"Night\" is no shift code of this rota that has hours"},
	    {SHIFTS, CODES "'grid':{'layout':'names_by_dates','codes':['al']}", ".codes",
		"\"al\" is no shift code of this rota that has hours"},
	    {LEAVE, "'grid':{'layout':'dates_by_roles','column':'A'}", "",
		"of a calendar of absences has the layout \"names_by_dates\""},
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct region_faults faults;
		const char *path = "$.rotas[0].reading.grid";

		assert_null(rota_of(*state, rows[i].rota, rows[i].reading, &faults));
		assert_int_equal(faults.count, 1);
		if (strncmp(faults.items[0].path, path, strlen(path)) != 0 ||
		    strcmp(faults.items[0].path + strlen(path), rows[i].path) != 0 ||
		    strstr(faults.items[0].detail, rows[i].detail) == NULL)
			fail_msg("%s: %s %s", rows[i].reading, faults.items[0].path,
			    faults.items[0].detail);
	}
}

/* What colours, comments and hidden cells mean. */
static void
marks_have_three_meanings(void **state)
{
	static const struct {
		const char *reading;
		enum region_mark fill, comment, hidden;
	} rows[] = {
	    {"", REGION_MARK_UNDECIDED, REGION_MARK_UNDECIDED, REGION_MARK_UNDECIDED},
	    {"'marks':{}", REGION_MARK_UNDECIDED, REGION_MARK_UNDECIDED, REGION_MARK_UNDECIDED},
	    {"'marks':{'fill':'nothing','comment':'off','hidden':'undecided'}", REGION_MARK_NOTHING,
		REGION_MARK_OFF, REGION_MARK_UNDECIDED},
	    {"'marks':{'hidden':'off'}", REGION_MARK_UNDECIDED, REGION_MARK_UNDECIDED,
		REGION_MARK_OFF},
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct region_faults faults;
		const struct region_rota *rota = rota_of(*state, SHIFTS, rows[i].reading, &faults);

		assert_non_null(rota);
		assert_int_equal(rota->marks.fill, rows[i].fill);
		assert_int_equal(rota->marks.comment, rows[i].comment);
		assert_int_equal(rota->marks.hidden, rows[i].hidden);
	}
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, region_text_setup, region_text_teardown)
	const struct CMUnitTest tests[] = {
	    TEST(good_grids_are_read),
	    TEST(what_is_wrong_is_named),
	    TEST(marks_have_three_meanings),
	};

	return cmocka_run_group_tests_name("grids in a region file", tests, NULL, NULL);
}
