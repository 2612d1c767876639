/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "server/base/civil.h"
#include "server/base/instant.h"
#include "server/base/zone.h"
#include "server/model/navigator.h"
#include "tests/unit/server/model/dice.h"
#include "tests/unit/server/model/region_text.h"

/* Where to send somebody instead. The rule is written twice: a_second_implementation_agrees compares navigator.c with
 * the one here, which goes minute by minute, on random hours over both changes of the clocks and over bank holidays. */

#define MINUTE 60
#define DAY 86400

/* %s: the hours of the café. */
#define FILE_TEXT                                                                                         \
	"{'crisiscover':1,'functions':[{'code':'a','name':'A'},{'code':'b','name':'B'}],"                 \
	"'organisations':[{'code':'O','name':'O','kind':'voluntary'}],"                                   \
	"'places':[{'code':'WARD','name':'W','kind':'hospital','parents':['MID']},"                       \
	"{'code':'MID','name':'M','kind':'council_area','parents':['BOARD']},"                            \
	"{'code':'BOARD','name':'B','kind':'icb'},{'code':'FAR','name':'F','kind':'hospital'}],"          \
	"'navigators':[{'id':'helpline','name':'H','kind':'helpline','organisation':'O','for':'all',"     \
	"'phone':{'short_code':'111'},'places':['BOARD'],"                                                \
	"'hours':[{'days':['all'],'from':'00:00','to':'24:00'}]},"                                        \
	"{'id':'cafe','name':'C','kind':'crisis_cafe','organisation':'O','for':'all',"                    \
	"'address':'1 High Street','walk_in':true,'places':['MID','WARD'],'functions':['b']%s},"          \
	"{'id':'old','name':'X','kind':'other','organisation':'O','for':'all','address':'2 High Street'," \
	"'places':['WARD'],'until':'2026-01-01'}]}"

struct world {
	struct arena *arena;
	struct zonedb *zones;
	int64_t days[3];
	struct holidays holidays;
	const struct region *region;
	struct navigator_asked asked;
};

static void
read_world(struct world *w, const char *hours)
{
	char text[4096];
	struct region_faults faults;

	assert_in_range(snprintf(text, sizeof text, FILE_TEXT, hours), 1, sizeof text - 1);
	w->region = region_text_read(w->arena, text, &faults);
}

static int
setup(void **state)
{
	struct world *w = calloc(1, sizeof *w);

	w->arena = arena_new(0);
	assert_int_equal(zonedb_open("/usr/share/zoneinfo", &w->zones), STATUS_OK);
	w->days[0] = civil_days(2027, 3, 26); /* Good Friday */
	w->days[1] = civil_days(2027, 3, 29); /* Easter Monday, the day after the clocks change */
	w->days[2] =
	    civil_days(2027, 11, 1); /* not one in England: the day after they change back */
	w->holidays = (struct holidays){"test", w->days, 3};
	w->asked = (struct navigator_asked){
	    .zone = zonedb_find(w->zones, "Europe/London"), .holidays = &w->holidays};
	*state = w;
	return 0;
}

static int
teardown(void **state)
{
	struct world *w = *state;

	zonedb_free(w->zones);
	arena_free(w->arena);
	free(w);
	return 0;
}

/* "Sun 28 Mar 2027 03:10 BST" of an instant; "-" of none. */
static const char *
told(struct world *w, int64_t at)
{
	char text[ZONE_TEXT_MAX];

	if (at == INSTANT_NONE)
		return "-";
	zone_text(w->asked.zone, at, text);
	return arena_strdup(w->arena, text);
}

/* "open until Mon …", "shut opens …": of the café at a wall clock. */
static const char *
cafe_at(struct world *w, int64_t day, int hour, int minute)
{
	struct navigator_answer answer;

	w->asked.at = zone_instant(w->asked.zone, day * DAY + hour * 3600 + minute * MINUTE, NULL);
	answer = navigator_judge(w->arena, &w->region->navigators[1], &w->asked);
	return arena_printf(w->arena, "%s until %s opens %s", navigator_state_name(answer.state),
	    told(w, answer.until), told(w, answer.opens));
}

#define EVENINGS                                                                                   \
	",'hours':[{'days':['mon','tue','wed','thu','fri'],'from':'18:00','to':'02:00'},"          \
	"{'days':['bank_holiday'],'from':'12:00','to':'16:00'}]"

static void
hours_are_of_the_wall_clock_and_know_bank_holidays(void **state)
{
	struct world *w = *state;
	int64_t thursday = civil_days(2027, 3, 25), saturday = thursday + 2;

	read_world(w, EVENINGS);
	assert_string_equal(
	    cafe_at(w, thursday, 17, 59), "shut until - opens Thu 25 Mar 2027 18:00 GMT");
	assert_string_equal(
	    cafe_at(w, thursday, 18, 0), "open until Fri 26 Mar 2027 02:00 GMT opens -");
	/* Thursday's evening ends on the bank holiday; the Friday evening is not. */
	assert_string_equal(
	    cafe_at(w, thursday + 1, 1, 59), "open until Fri 26 Mar 2027 02:00 GMT opens -");
	assert_string_equal(
	    cafe_at(w, thursday + 1, 2, 0), "shut until - opens Fri 26 Mar 2027 12:00 GMT");
	assert_string_equal(
	    cafe_at(w, thursday + 1, 18, 0), "shut until - opens Mon 29 Mar 2027 12:00 BST");
	/* Over the night in which an hour is left out. */
	assert_string_equal(
	    cafe_at(w, saturday, 23, 0), "shut until - opens Mon 29 Mar 2027 12:00 BST");
	assert_string_equal(
	    cafe_at(w, saturday + 2, 12, 0), "open until Mon 29 Mar 2027 16:00 BST opens -");
}

static void
what_nobody_knows_is_never_open(void **state)
{
	struct world *w = *state;
	int64_t day = civil_days(2027, 3, 25);

	read_world(w, "");
	assert_string_equal(cafe_at(w, day, 12, 0), "unknown until - opens -");
	w->asked.closed = (struct span_time){w->asked.at, w->asked.at + 3600};
	assert_string_equal(cafe_at(w, day, 12, 0), "closed until - opens -");
}

static void
closed_for_tonight_it_opens_with_its_next_hours(void **state)
{
	struct world *w = *state;
	int64_t thursday = civil_days(2027, 3, 25);

	read_world(w, EVENINGS);
	w->asked.closed =
	    (struct span_time){zone_instant(w->asked.zone, thursday * DAY + 17 * 3600, NULL),
		zone_instant(w->asked.zone, (thursday + 1) * DAY + 3600, NULL)};
	assert_string_equal(
	    cafe_at(w, thursday, 16, 59), "shut until - opens Thu 25 Mar 2027 18:00 GMT");
	assert_string_equal(
	    cafe_at(w, thursday, 17, 0), "closed until - opens Fri 26 Mar 2027 01:00 GMT");
	assert_string_equal(
	    cafe_at(w, thursday, 18, 0), "closed until - opens Fri 26 Mar 2027 01:00 GMT");
	assert_string_equal(
	    cafe_at(w, thursday + 1, 1, 0), "open until Fri 26 Mar 2027 02:00 GMT opens -");
}

static void
which_are_here(void **state)
{
	struct world *w = *state;
	struct region_list here;

	read_world(w, "");
	/* Of WARD first its own and that of the place above once; one that is over is not there. */
	here = navigators_at(w->arena, w->region, 0, civil_days(2027, 1, 1));
	assert_int_equal(here.count, 2);
	assert_int_equal(here.items[0], 1);
	assert_int_equal(here.items[1], 0);
	assert_int_equal(navigators_at(w->arena, w->region, 0, civil_days(2025, 12, 31)).count, 3);
	assert_int_equal(navigators_at(w->arena, w->region, 0, civil_days(2026, 1, 1)).count, 2);
	assert_int_equal(navigators_at(w->arena, w->region, 2, civil_days(2027, 1, 1)).count, 1);
	assert_int_equal(navigators_at(w->arena, w->region, 3, civil_days(2027, 1, 1)).count, 0);
	assert_true(navigator_serves(&w->region->navigators[1], 1));
	assert_false(navigator_serves(&w->region->navigators[1], 0));
	assert_true(navigator_serves(&w->region->navigators[0], 0));
	assert_true(navigator_serves(&w->region->navigators[1], REGION_NONE));
}

static void
always_open_has_no_end(void **state)
{
	struct world *w = *state;
	struct navigator_answer answer;

	read_world(w, "");
	w->asked.at = zone_instant(w->asked.zone, civil_days(2027, 3, 27) * DAY + 3600, NULL);
	answer = navigator_judge(w->arena, &w->region->navigators[0], &w->asked);
	assert_int_equal(answer.state, NAVIGATOR_OPEN);
	assert_true(answer.until == INSTANT_NONE && answer.opens == INSTANT_NONE);
}

/* ------------------------------------------------------------------- the second implementation */

/* Whether a line of hours of the day ${day} holds at the instant. */
static bool
line_holds(const struct world *w, const struct region_hours *line, int64_t day, int64_t at)
{
	bool holiday = day == w->days[0] || day == w->days[1] || day == w->days[2];
	/* 1 January 1970 was a Thursday. */
	unsigned bit = holiday ? REGION_BANK_HOLIDAY : (unsigned)((day + REGION_THU) % 7);
	int64_t to = line->to <= line->from ? line->to + DAY : line->to;

	return (line->days >> bit & 1) &&
	       zone_instant(w->asked.zone, day * DAY + line->from, NULL) <= at &&
	       at < zone_instant(w->asked.zone, day * DAY + to, NULL);
}

static bool
is_open(const struct world *w, const struct region_navigator *navigator, int64_t at)
{
	for (int64_t day = at / DAY - 3; day <= at / DAY + 2; day++)
		for (uint32_t i = 0; i < navigator->nhours; i++)
			if (line_holds(w, &navigator->hours[i], day, at))
				return true;
	return false;
}

/* The first minute from ${at} on at which it is open, or is not; INSTANT_NONE: not within the week. */
static int64_t
first(const struct world *w, const struct region_navigator *navigator, int64_t at, bool open)
{
	for (int64_t t = at; t < at + 7 * DAY; t += MINUTE)
		if (is_open(w, navigator, t) == open)
			return t;
	return INSTANT_NONE;
}

static void
agree(struct world *w, const struct region_navigator *navigator)
{
	struct navigator_answer is = navigator_judge(w->arena, navigator, &w->asked);
	bool closed = w->asked.closed.start <= w->asked.at && w->asked.at < w->asked.closed.end;
	int64_t opens = first(w, navigator, closed ? w->asked.closed.end : w->asked.at, true);

	if (closed) {
		assert_int_equal(is.state, NAVIGATOR_CLOSED);
	} else if (is_open(w, navigator, w->asked.at)) {
		assert_int_equal(is.state, NAVIGATOR_OPEN);
		assert_true(is.until == first(w, navigator, w->asked.at, false));
		return;
	} else
		assert_int_equal(is.state, NAVIGATOR_SHUT);
	if (opens != INSTANT_NONE)
		assert_true(is.opens == opens);
}

static const char *
drawn_hours(struct world *w, struct dice *dice)
{
	static const char *const days[] = {"'all'", "'sat','sun'", "'bank_holiday'", "'mon','tue'",
	    "'sun','bank_holiday'", "'wed','thu','fri'"};
	const char *text = ",'hours':[";
	int lines = 1 + (int)dice_below(dice, 3);

	for (int i = 0; i < lines; i++)
		text =
		    arena_printf(w->arena, "%s%s{'days':[%s],'from':'%02u:%02u','to':'%02u:%02u'}",
			text, i == 0 ? "" : ",", days[dice_below(dice, 6)],
			(unsigned)dice_below(dice, 24), (unsigned)dice_below(dice, 4) * 15,
			(unsigned)dice_below(dice, 24), (unsigned)dice_below(dice, 4) * 15);
	return arena_printf(w->arena, "%s]", text);
}

static void
a_second_implementation_agrees(void **state)
{
	struct world *w = *state;
	struct dice dice = dice_of(20270328);

	for (int round = 0; round < 60; round++) {
		/* About both nights, a minute at a time. */
		int64_t from = civil_days(2027, dice_below(&dice, 2) ? 3 : 10,
				   25 + (int)dice_below(&dice, 7)) *
			       DAY;

		read_world(w, drawn_hours(w, &dice));
		w->asked.at = from + (int64_t)dice_below(&dice, 3 * 1440) * MINUTE;
		w->asked.closed = (struct span_time){0};
		if (dice_below(&dice, 3) == 0)
			w->asked.closed = (struct span_time){w->asked.at - 3600,
			    w->asked.at + (int64_t)dice_below(&dice, 600) * MINUTE};
		agree(w, &w->region->navigators[1]);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(
		hours_are_of_the_wall_clock_and_know_bank_holidays, setup, teardown),
	    cmocka_unit_test_setup_teardown(what_nobody_knows_is_never_open, setup, teardown),
	    cmocka_unit_test_setup_teardown(
		closed_for_tonight_it_opens_with_its_next_hours, setup, teardown),
	    cmocka_unit_test_setup_teardown(which_are_here, setup, teardown),
	    cmocka_unit_test_setup_teardown(always_open_has_no_end, setup, teardown),
	    cmocka_unit_test_setup_teardown(a_second_implementation_agrees, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
