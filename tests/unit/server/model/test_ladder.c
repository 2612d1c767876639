/* SPDX-License-Identifier: MIT */
#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "server/base/civil.h"
#include "server/model/ladder.h"
#include "tests/unit/server/model/dice.h"
#include "tests/unit/server/model/region_text.h"

/* Whom to ring, in order. The rule is written twice: test_a_second_implementation_agrees compares
 * server/model/ladder.c with the one here, which reads the region file itself, on random cases. */

#define PLACES 4
static const char *const places[PLACES] = {"WARD", "MID", "SIDE", "BOARD"};
static const char *const services[] = {"sa", "sb", "sc", "sd"};
static const char *const service_functions[] = {"a", "b", "b", "a"};
static const char *const service_phones[] = {
    "+441632960101", "+441632960102", NULL, "+441632960101"};
static const char *const people[] = {"p0", "p1", "p2", "p3"};

/* %s: the ladders of each place. p1 is reached through the switchboard. */
#define FILE_TEXT                                                                                   \
	"{'crisiscover':1,'functions':[{'code':'a','name':'A'},{'code':'b','name':'B'}],"           \
	"'organisations':[{'code':'O','name':'O','kind':'other'}],'places':["                       \
	"{'code':'WARD','name':'W','kind':'hospital','switchboard':'+441632960001',"                \
	"'parents':['MID','SIDE'],'ladders':[%s]},"                                                 \
	"{'code':'MID','name':'M','kind':'hospital','parents':['BOARD'],'ladders':[%s]},"           \
	"{'code':'SIDE','name':'S','kind':'hospital','parents':['BOARD'],'ladders':[%s]},"          \
	"{'code':'BOARD','name':'B','kind':'icb','switchboard':'+441632960002','ladders':[%s]}],"   \
	"'people':[{'id':'p0','name':'A Ash','organisation':'O','roles':['a','b']},"                \
	"{'id':'p1','name':'B Bay','organisation':'O','roles':['a'],"                               \
	"'work_phone':{'via_switchboard':true,'bleep':'77'}},"                                      \
	"{'id':'p2','name':'C Cam','organisation':'O','roles':['a'],'work_phone':'+441632960201'}," \
	"{'id':'p3','name':'D Don','organisation':'O','roles':['b']}],"                             \
	"'services':[{'id':'sa','name':'Team A','function':'a','organisation':'O',"                 \
	"'places':['WARD'],'phone':'+441632960101'},"                                               \
	"{'id':'sb','name':'Team B','function':'b','organisation':'O','places':['WARD'],"           \
	"'phone':'+441632960102'},"                                                                 \
	"{'id':'sc','name':'Team C','function':'b','organisation':'O','places':['WARD']},"          \
	"{'id':'sd','name':'Team D','function':'a','organisation':'O','places':['WARD'],"           \
	"'phone':'+441632960101'}],'navigators':["                                                  \
	"{'id':'n0','name':'Cafe','kind':'crisis_cafe','organisation':'O','for':'all',"             \
	"'places':['WARD'],'phone':'+441632960300',"                                                \
	"'hours':[{'days':['all'],'from':'17:00','to':'09:00'}]},"                                  \
	"{'id':'n1','name':'Unsaid','kind':'other','organisation':'O','for':'all',"                 \
	"'places':['WARD'],'address':'1 High Street'},"                                             \
	"{'id':'n2','name':'House','kind':'other','organisation':'O','for':'all',"                  \
	"'places':['WARD'],'address':'2 High Street','from':'2026-12-30','hours':["                 \
	"{'days':['sat','bank_holiday'],'from':'09:00','to':'17:00'}]}]}"

#define NAVIGATORS 3

#define DAY 86400

/* ------------------------------------------------------------------------------------- the world */

#define DUTIES_MAX 6
#define NUMBERS_MAX 3

struct world {
	struct arena *arena;
	struct zonedb *zones;
	const struct region *region;
	json_t *file;
	int64_t holidays[2]; /* Monday 28 December 2026, Friday 1 January 2027 */
	struct holidays set;
	struct ladder_duty duties[DUTIES_MAX];
	struct ladder_number numbers[NUMBERS_MAX];
	struct ladder_report lines[4]; /* by service */
	bool closed[NAVIGATORS];       /* it has said so */
	struct ladder_asked asked;
};

static struct ladder_report
line_of(const void *ctx, uint32_t service)
{
	return ((const struct world *)ctx)->lines[service];
}

static struct span_time
closed_of(const void *ctx, uint32_t navigator)
{
	const struct world *w = ctx;

	return w->closed[navigator] ? (struct span_time){w->asked.at - 60, w->asked.at + 60}
				    : (struct span_time){0};
}

static void
read_world(struct world *w, const char *const ladders[PLACES])
{
	char text[16384];
	struct region_faults faults;

	assert_in_range(
	    snprintf(text, sizeof text, FILE_TEXT, ladders[0], ladders[1], ladders[2], ladders[3]),
	    1, sizeof text - 1);
	w->region = region_text_read(w->arena, text, &faults);
	for (char *at = text; *at != '\0'; at++)
		if (*at == '\'')
			*at = '"';
	json_decref(w->file);
	w->file = json_loads(text, 0, NULL);
	assert_non_null(w->file);
	w->asked.region = w->region;
}

static int
setup(void **state)
{
	struct world *w = calloc(1, sizeof *w);

	w->arena = arena_new(0);
	assert_int_equal(zonedb_open("/usr/share/zoneinfo", &w->zones), STATUS_OK);
	w->holidays[0] = civil_days(2026, 12, 28);
	w->holidays[1] = civil_days(2027, 1, 1);
	w->set = (struct holidays){"test", w->holidays, 2};
	w->asked = (struct ladder_asked){
	    .zone = zonedb_find(w->zones, "Europe/London"),
	    .holidays = &w->set,
	    .at = civil_days(2027, 1, 6) * DAY + 3 * 3600, /* Wednesday, 03:00 */
	    .duties = w->duties,
	    .numbers = w->numbers,
	    .rings_people = true,
	    .line = line_of,
	    .closed = closed_of,
	    .ctx = w,
	};
	*state = w;
	return 0;
}

static int
teardown(void **state)
{
	struct world *w = *state;

	json_decref(w->file);
	zonedb_free(w->zones);
	arena_free(w->arena);
	free(w);
	return 0;
}

static const char *
ring_text(struct arena *arena, const char *phone, const char *bleep)
{
	return arena_printf(arena, "%s%s%s", phone != NULL ? phone + 9 : "-",
	    bleep != NULL ? "#" : "", bleep != NULL ? bleep : "");
}

/* "p0/sa 101; line sb 102 tried; number 0 001": who, the last digits, and whether it is passed. */
static const char *
said(struct world *w)
{
	static const char *const passed[] = {"", " tried", " same"};
	struct ladder ladder;
	const char *text = "";

	ladder_make(w->arena, &w->asked, &ladder);
	for (size_t i = 0; i < ladder.count; i++) {
		const struct ladder_step *step = &ladder.items[i];
		const struct ladder_duty *duty = &w->duties[step->duty];
		const char *who = "";

		switch (step->kind) {
		case LADDER_ON_CALL:
			who = arena_printf(w->arena, "%s/%s",
			    duty->person == REGION_NONE
				? "team"
				: region_person(w->region, duty->person)->id,
			    w->region->services[duty->service].id);
			break;
		case LADDER_NUMBER:
			who = arena_printf(w->arena, "number %zu", step->number);
			break;
		case LADDER_LINE:
			who = arena_printf(
			    w->arena, "line %s", w->region->services[step->rule->service].id);
			break;
		case LADDER_PLACE:
			who = arena_printf(
			    w->arena, "place %s", w->region->places[step->rule->place].code);
			break;
		case LADDER_OTHER:
			who = step->rule->name;
			break;
		case LADDER_CARD:
			who = arena_printf(
			    w->arena, "card %s", w->region->navigators[step->rule->navigator].id);
			break;
		}
		text = arena_printf(w->arena, "%s%s%s%s %s %d%s", text, i > 0 ? "; " : "",
		    i == ladder.next ? "*" : "", who,
		    ring_text(w->arena, step->ring.phone, step->ring.bleep), step->wait_seconds,
		    passed[step->passed]);
	}
	return arena_printf(w->arena, "%s: %s",
	    ladder.of == REGION_NONE ? "none" : w->region->places[ladder.of].code, text);
}

static void
put_duty(struct world *w, uint32_t service, uint32_t person, int32_t tier)
{
	w->duties[w->asked.nduties++] = (struct ladder_duty){
	    .function = service == 0 || service == 3 ? 0 : 1,
	    .service = service,
	    .person = person,
	    .rota = REGION_NONE,
	    .tier = tier,
	};
}

static void
put_number(struct world *w, const char *phone)
{
	w->numbers[w->asked.nnumbers++] = (struct ladder_number){.ring = {.phone = phone}};
}

#define LADDER(steps) "{'function':'a','steps':[" steps "]}"
static void
check(void **state, const char *ladder, const char *want)
{
	struct world *w = *state;
	const char *const ladders[PLACES] = {ladder, "", "", ""};

	read_world(w, ladders);
	assert_string_equal(said(w), want);
}

/* --------------------------------------------------------------------------------------- examples */

static void
without_a_ladder_those_on_call_come_by_tier_then_the_numbers(void **state)
{
	struct world *w = *state;

	put_duty(w, 0, 0, 1);
	put_duty(w, 0, 2, 2);
	put_number(w, "+441632960001");
	put_number(w, "+441632960001");
	check(state, "", "none: *p0/sa 0101 20; p2/sa 0101 20; number 0 0001 20; number 1 0001 20");
	/* Where cover is missing, the numbers stand first and alone. */
	w->asked.rings_people = false;
	check(state, "", "none: *number 0 0001 20; number 1 0001 20");
}

static void
who_is_not_on_is_passed_over(void **state)
{
	struct world *w = *state;

#define NO_AMHP                                                                                    \
	LADDER(                                                                                    \
	    "{'on_call':1},{'on_call':2,'wait_seconds':45},{'function':'b'},"                      \
	    "{'name':'Hub manager','phone':'+441632960300'},{'service':'sc'},{'place':'BOARD'}")
	check(state, NO_AMHP, "WARD: *Hub manager 0300 20; place BOARD 0002 20");
	put_duty(w, 1, 3, 1);
	check(state, NO_AMHP, "WARD: *p3/sb 0102 20; Hub manager 0300 20; place BOARD 0002 20");
	put_duty(w, 0, 2, 2);
	check(state, NO_AMHP,
	    "WARD: *p2/sa 0101 45; p3/sb 0102 20; Hub manager 0300 20; place BOARD 0002 20");
}

/* Where the place has no switchboard, who is reached through one has a bleep alone. It is no number that others share. */
static void
a_bleep_by_itself_is_rung(void **state)
{
	struct world *w = *state;
	const char *const ladders[PLACES] = {"", LADDER("{'function':'b'}"), "", ""};

	w->asked.place = 1;
	put_duty(w, 2, 1, 1);
	read_world(w, ladders);
	assert_string_equal(said(w), "MID: *p1/sc -#77 20");
}

/* A person whose shift covers the function is never left out: after the last step of its own people that holds now, else
 * after all steps. */
static void
who_is_on_and_on_no_step_is_rung_too(void **state)
{
	struct world *w = *state;

	put_duty(w, 1, 3, 1);
	put_duty(w, 0, 2, 2);
	put_duty(w, 0, 0, 3);
	check(state, NO_AMHP,
	    "WARD: *p2/sa 0101 45; p0/sa 0101 45; p3/sb 0102 20; Hub manager 0300 20; place BOARD 0002 20");
	check(state, LADDER("{'on_call':1,'wait_seconds':30},{'function':'b'}"),
	    "WARD: *p2/sa 0101 30; p0/sa 0101 30; p3/sb 0102 20");
	check(state, LADDER("{'function':'b'},{'name':'Hub manager','phone':'+441632960300'}"),
	    "WARD: *p3/sb 0102 20; Hub manager 0300 20; p2/sa 0101 20; p0/sa 0101 20");
}

static void
a_ladder_ends_at_the_numbers_that_it_does_not_have(void **state)
{
	struct world *w = *state;

	put_number(w, "+441632960002");
	put_number(w, "+441632960009");
	check(state, LADDER("{'on_call':1}"), "WARD: *number 0 0002 20; number 1 0009 20");
	check(state, LADDER("{'place':'BOARD'}"), "WARD: *place BOARD 0002 20; number 1 0009 20");
}

static void
a_step_is_taken_in_its_hours(void **state)
{
	struct world *w = *state;

#define IN_HOURS LADDER("{'service':'sb','hours':[{'days':['tue'],'from':'17:00','to':'09:00'}]}")
	check(state, IN_HOURS, "WARD: *line sb 0102 20"); /* of the night that began on Tuesday */
	w->asked.at += DAY;
	check(state, IN_HOURS, "WARD: ");
}

static void
somebody_is_rung_once(void **state)
{
	struct world *w = *state;

	put_duty(w, 0, 0, 1);
	put_duty(w, 1, 0, 1);
	put_duty(w, 0, REGION_NONE, 2);
	put_duty(w, 3, REGION_NONE, 2);
	check(state, LADDER("{'on_call':1},{'function':'b'},{'on_call':2},{'function':'a'}"),
	    "WARD: *p0/sa 0101 20; team/sa 0101 20; team/sd 0101 20");
}

static void
a_report_passes_somebody_for_as_long_as_it_says(void **state)
{
	struct world *w = *state;
	struct ladder_report *told = &w->duties[0].reported;

	put_duty(w, 0, 1, 1);
	put_duty(w, 1, 3, 1);
	*told = (struct ladder_report){true, REPORT_NO_ANSWER, w->asked.at - 899};
#define BOTH LADDER("{'on_call':1},{'function':'b'},{'service':'sd'}")
	/* Its number is not given again under another name. */
	check(state, BOTH, "WARD: p1/sa 0101 20 tried; *p3/sb 0102 20; line sd 0101 20 same");
	told->at--;
	check(state, BOTH, "WARD: *p1/sa 0101 20; p3/sb 0102 20; line sd 0101 20");
	told->outcome = REPORT_WRONG_PERSON;
	check(state, BOTH, "WARD: p1/sa 0101 20 tried; *p3/sb 0102 20; line sd 0101 20");
	told->outcome = REPORT_DECLINED;
	check(state, BOTH, "WARD: p1/sa 0101 20 tried; *p3/sb 0102 20; line sd 0101 20");
	told->outcome = REPORT_REACHED;
	check(state, BOTH, "WARD: *p1/sa 0101 20; p3/sb 0102 20; line sd 0101 20");
	w->lines[3] = (struct ladder_report){true, REPORT_DECLINED, w->asked.at};
	check(state, BOTH, "WARD: *p1/sa 0101 20; p3/sb 0102 20; line sd 0101 20 tried");
}

static void
who_sees_own_numbers_may_ring_the_person(void **state)
{
	struct world *w = *state;

	put_duty(w, 0, 0, 1);
	put_duty(w, 0, 2, 2);
	w->duties[0].reported = (struct ladder_report){true, REPORT_NO_ANSWER, w->asked.at};
	check(state, "", "none: p0/sa 0101 20 tried; p2/sa 0101 20 same");
	w->asked.sees_own = true;
	check(state, "", "none: p0/sa 0101 20 tried; *p2/sa 0101 20");
}

static void
the_nearest_place_above_has_the_ladder(void **state)
{
	struct world *w = *state;
	const char *const ladders[PLACES] = {"{'function':'b','steps':[{'on_call':1}]}", "",
	    LADDER("{'service':'sa'}"), LADDER("{'service':'sb'}")};

	read_world(w, ladders);
	assert_string_equal(said(w), "SIDE: *line sa 0101 20");
}

/* Who comes after a step that is passed is not the one that follows it in the list. */
static void
the_next_is_one_that_is_to_be_rung(void **state)
{
	struct world *w = *state;
	const char *const ladders[PLACES] = {
	    LADDER("{'service':'sa'},{'service':'sb'},{'place':'BOARD'}"), "", "", ""};
	struct ladder ladder;

	read_world(w, ladders);
	w->lines[1] = (struct ladder_report){true, REPORT_DECLINED, w->asked.at};
	ladder_make(w->arena, &w->asked, &ladder);
	assert_int_equal(ladder.count, 3);
	assert_int_equal(ladder.next, 0);
	assert_int_equal(ladder_after(&ladder, 0), 2);
	assert_int_equal(ladder_after(&ladder, 2), 3);
}

/* "Then the crisis cafe until 09:00": in its hours alone, and not when it has said that it is closed. */
static void
a_card_is_the_last_step_while_it_is_open(void **state)
{
	struct world *w = *state;
	const char *const ladders[PLACES] = {
	    LADDER("{'on_call':1},{'navigator':'n0'}"), "", "", ""};
	struct ladder ladder;

	put_duty(w, 0, 0, 1);
	put_number(w, "+441632960001");
	read_world(w, ladders);
	assert_string_equal(said(w), "WARD: *p0/sa 0101 20; card n0 0300 20; number 0 0001 20");
	ladder_make(w->arena, &w->asked, &ladder);
	assert_int_equal(ladder.items[1].until, w->asked.at + 6 * 3600);
	w->closed[0] = true;
	assert_string_equal(said(w), "WARD: *p0/sa 0101 20; number 0 0001 20");
	w->closed[0] = false;
	w->asked.at += 6 * 3600;
	assert_string_equal(said(w), "WARD: *p0/sa 0101 20; number 0 0001 20");
	/* Of one whose hours nobody has said it is not known. */
	check(state, LADDER("{'navigator':'n1'}"), "WARD: *p0/sa 0101 20; number 0 0001 20");
}

static void
a_ladder_says_whom_it_rings(void **state)
{
	struct world *w = *state;
	const char *const ladders[PLACES] = {
	    LADDER("{'on_call':1},{'service':'sb'},{'place':'BOARD'}"), "", "", ""};
	const struct region_ladder *ladder;

	read_world(w, ladders);
	ladder = &w->region->places[0].ladders[0];
	assert_true(ladder_rings(w->region, ladder, 0));
	assert_true(ladder_rings(w->region, ladder, 3));
	assert_true(ladder_rings(w->region, ladder, 1));
	assert_false(ladder_rings(w->region, ladder, 2));
}

/* ------------------------------------------------------------------- written a second time, simply */

struct naive_step {
	const char *who, *phone, *bleep;
	int wait;
	bool on_call, of_person, own, tried, silent;
};

struct naive {
	struct world *w;
	struct naive_step steps[64];
	size_t count;
};

static bool
naive_line(const char *days, int from, int to, int64_t at, const struct world *w)
{
	for (int64_t day = at / DAY - 1; day <= at / DAY; day++) {
		bool holiday = day == w->holidays[0] || day == w->holidays[1];
		int64_t weekday = (day + 3) % 7; /* 1 January 1970 was a Thursday; 0: Monday */
		int64_t end = day * DAY + to * 3600 + (to <= from ? DAY : 0);
		bool of_day = strcmp(days, "all") == 0 ||
			      (holiday ? strcmp(days, "bank_holiday") == 0
				       : strcmp(days, "sat") == 0 && weekday == 5);

		if (of_day && at >= day * DAY + from * 3600 && at < end)
			return true;
	}
	return false;
}

static bool
naive_taken(const json_t *step, const struct world *w)
{
	const json_t *hours = json_object_get(step, "hours");
	size_t i;
	json_t *line;

	if (hours == NULL)
		return true;
	json_array_foreach(hours, i, line)
	{
		if (naive_line(json_string_value(json_array_get(json_object_get(line, "days"), 0)),
			atoi(json_string_value(json_object_get(line, "from"))),
			atoi(json_string_value(json_object_get(line, "to"))), w->asked.at, w))
			return true;
	}
	return false;
}

static void
naive_add(struct naive *n, struct naive_step made, struct ladder_report told, bool once)
{
	for (size_t i = 0; once && i < n->count; i++)
		if (made.on_call
			? n->steps[i].on_call && made.of_person &&
			      strncmp(n->steps[i].who, made.who, 3) == 0
			: !n->steps[i].on_call && made.phone != NULL && n->steps[i].phone != NULL &&
			      strcmp(n->steps[i].phone, made.phone) == 0)
			return;
	made.tried =
	    told.told && (told.outcome == REPORT_WRONG_PERSON || told.outcome == REPORT_DECLINED ||
			     (told.outcome == REPORT_NO_ANSWER && n->w->asked.at - told.at < 900));
	made.silent = made.tried && told.outcome == REPORT_NO_ANSWER;
	n->steps[n->count++] = made;
}

static void
naive_people(struct naive *n, const char *function, int tier, int wait, bool used[DUTIES_MAX])
{
	for (size_t i = 0; i < n->w->asked.nduties; i++) {
		const struct ladder_duty *duty = &n->w->duties[i];
		const char *phone = service_phones[duty->service], *bleep = NULL;

		if (strcmp(service_functions[duty->service], function) != 0 ||
		    (tier != 0 && tier != duty->tier) || used[i])
			continue;
		used[i] = true;
		if (phone == NULL && duty->person == 1) {
			phone = "+441632960001";
			bleep = "77";
		}
		naive_add(n,
		    (struct naive_step){
			.who = arena_printf(n->w->arena, "%s/%s",
			    duty->person == REGION_NONE ? "team" : people[duty->person],
			    services[duty->service]),
			.phone = phone,
			.bleep = bleep,
			.wait = wait,
			.on_call = true,
			.of_person = duty->person != REGION_NONE,
			.own = n->w->asked.sees_own && (duty->person == 1 || duty->person == 2),
		    },
		    duty->reported, true);
	}
}

static uint32_t
index_of(const char *const *names, const char *name)
{
	uint32_t i = 0;

	while (strcmp(names[i], name) != 0)
		i++;
	return i;
}

static int
naive_wait(const json_t *step)
{
	const json_t *wait = json_object_get(step, "wait_seconds");

	return wait != NULL ? (int)json_integer_value(wait) : 20;
}

static bool
naive_is_own(const json_t *step, const char *function)
{
	const json_t *other = json_object_get(step, "function");

	return json_object_get(step, "service") == NULL && json_object_get(step, "place") == NULL &&
	       json_object_get(step, "phone") == NULL &&
	       json_object_get(step, "navigator") == NULL &&
	       (other == NULL || strcmp(json_string_value(other), function) == 0);
}

static void
naive_card(struct naive *n, const char *id, int wait)
{
	static const char *const phones[] = {"+441632960300", NULL, NULL};
	int index = id[1] - '0';
	int64_t at = n->w->asked.at;
	bool open = index == 0 ? naive_line("all", 17, 9, at, n->w)
			       : index == 2 && at >= civil_days(2026, 12, 30) * DAY &&
				     (naive_line("sat", 9, 17, at, n->w) ||
					 naive_line("bank_holiday", 9, 17, at, n->w));

	if (open && !n->w->closed[index])
		naive_add(n,
		    (struct naive_step){.who = arena_printf(n->w->arena, "card %s", id),
			.phone = phones[index],
			.wait = wait},
		    (struct ladder_report){0}, false);
}

static void
naive_step(struct naive *n, const json_t *step, const char *function, bool used[DUTIES_MAX])
{
	const char *other = json_string_value(json_object_get(step, "function")),
		   *service = json_string_value(json_object_get(step, "service")),
		   *place = json_string_value(json_object_get(step, "place")),
		   *phone = json_string_value(json_object_get(step, "phone")),
		   *card = json_string_value(json_object_get(step, "navigator"));
	struct naive_step made = {.wait = naive_wait(step)};
	struct ladder_report told = {0};

	if (service != NULL) {
		made.who = arena_printf(n->w->arena, "line %s", service);
		made.phone = service_phones[index_of(services, service)];
		told = n->w->lines[index_of(services, service)];
	} else if (place != NULL) {
		made.who = arena_printf(n->w->arena, "place %s", place);
		made.phone = strcmp(place, "WARD") == 0    ? "+441632960001"
			     : strcmp(place, "BOARD") == 0 ? "+441632960002"
							   : NULL;
	} else if (phone != NULL) {
		made.who = json_string_value(json_object_get(step, "name"));
		made.phone = phone;
	} else if (card != NULL) {
		naive_card(n, card, made.wait);
		return;
	} else {
		naive_people(n, other != NULL ? other : function,
		    (int)json_integer_value(json_object_get(step, "on_call")), made.wait, used);
		return;
	}
	if (made.phone != NULL)
		naive_add(n, made, told, true);
}

static const json_t *
naive_ladder(const struct world *w, const char *function, const char **of)
{
	/* By distance: the ward, its two parents, and what is above both. */
	for (size_t i = 0; i < PLACES; i++) {
		const json_t *place = json_array_get(json_object_get(w->file, "places"), i);
		size_t j;
		json_t *one;

		*of = places[i];
		json_array_foreach(json_object_get(place, "ladders"), j, one)
		{
			if (strcmp(json_string_value(json_object_get(one, "function")), function) ==
			    0)
				return one;
		}
	}
	*of = "none";
	return NULL;
}

static bool
naive_same_number(const struct naive *n, size_t index)
{
	const struct naive_step *made = &n->steps[index];

	for (size_t i = 0; i < n->count; i++)
		if (n->steps[i].silent && made->phone != NULL && n->steps[i].phone != NULL &&
		    strcmp(n->steps[i].phone, made->phone) == 0 &&
		    strcmp(n->steps[i].bleep != NULL ? n->steps[i].bleep : "",
			made->bleep != NULL ? made->bleep : "") == 0)
			return !made->own && !made->tried;
	return false;
}

static const char *
naive_said(struct world *w)
{
	const char *of, *function = w->asked.function == 0 ? "a" : "b", *text = "";
	const json_t *ladder = naive_ladder(w, function, &of);
	bool used[DUTIES_MAX] = {false}, found = false;
	struct naive n = {.w = w};
	size_t i;
	json_t *step, *last = NULL;

	if (ladder == NULL && w->asked.rings_people)
		naive_people(&n, function, 0, 20, used);
	json_array_foreach(json_object_get(ladder, "steps"), i, step)
	{
		if (naive_taken(step, w) && naive_is_own(step, function))
			last = step;
	}
	json_array_foreach(json_object_get(ladder, "steps"), i, step)
	{
		if (naive_taken(step, w))
			naive_step(&n, step, function, used);
		if (step == last)
			naive_people(&n, function, 0, naive_wait(step), used);
	}
	if (ladder != NULL)
		naive_people(&n, function, 0, 20, used);
	for (i = 0; i < w->asked.nnumbers; i++)
		naive_add(&n,
		    (struct naive_step){.who = arena_printf(w->arena, "number %zu", i),
			.phone = w->numbers[i].ring.phone,
			.wait = 20},
		    w->numbers[i].reported, ladder != NULL);
	for (i = 0; i < n.count; i++) {
		const struct naive_step *made = &n.steps[i];
		bool same = naive_same_number(&n, i), next = !made->tried && !same && !found;

		found = found || next;
		text = arena_printf(w->arena, "%s%s%s%s %s %d%s", text, i > 0 ? "; " : "",
		    next ? "*" : "", made->who, ring_text(w->arena, made->phone, made->bleep),
		    made->wait,
		    made->tried ? " tried"
		    : same      ? " same"
				: "");
	}
	return arena_printf(w->arena, "%s: %s", of, text);
}

/* ---------------------------------------------------------------------------------- random cases */

static const char *
random_hours(struct dice *dice)
{
	static const char *const hours[] = {"", "", "",
	    ",'hours':[{'days':['all'],'from':'17:00','to':'09:00'}]",
	    ",'hours':[{'days':['sat'],'from':'20:00','to':'08:00'},{'days':['bank_holiday'],'from':'09:00','to':'17:00'}]",
	    ",'hours':[{'days':['all'],'from':'09:00','to':'17:00'}]"};

	return hours[dice_below(dice, 6)];
}

static const char *
random_step(struct arena *arena, struct dice *dice)
{
	static const char *const what[] = {"'on_call':1", "'on_call':2", "'on_call':3",
	    "'function':'a'", "'function':'b'", "'function':'b','on_call':1",
	    "'function':'a','on_call':2", "'service':'sa'", "'service':'sb'", "'service':'sc'",
	    "'service':'sd'", "'place':'WARD'", "'place':'BOARD'", "'place':'MID'",
	    "'phone':'+441632960300','name':'Manager'", "'phone':'+441632960102','name':'Again'"};

	return arena_printf(arena, "{%s%s%s}", what[dice_below(dice, 16)],
	    dice_below(dice, 3) == 0 ? ",'wait_seconds':45" : "", random_hours(dice));
}

static const char *
random_ladder(struct arena *arena, struct dice *dice, const char *function)
{
	const char *text = random_step(arena, dice);

	for (int64_t more = dice_below(dice, 6); more > 0; more--)
		text = arena_printf(arena, "%s,%s", text, random_step(arena, dice));
	if (dice_below(dice, 2) == 0)
		text = arena_printf(arena, "%s,{'navigator':'n%d'%s}", text,
		    (int)dice_below(dice, NAVIGATORS), random_hours(dice));
	return arena_printf(arena, "{'function':'%s','steps':[%s]}", function, text);
}

static struct ladder_report
random_report(struct dice *dice, int64_t at)
{
	if (dice_below(dice, 2) == 0)
		return (struct ladder_report){0};
	return (struct ladder_report){true, (enum report_outcome)dice_below(dice, REPORT_OUTCOMES),
	    at - 890 - dice_below(dice, 20)};
}

static void
random_duties(struct world *w, struct dice *dice)
{
	w->asked.nduties = 0;
	for (int32_t tier = 1; tier <= 3; tier++)
		for (int64_t n = dice_below(dice, 3); n > 0; n--) {
			uint32_t person = (uint32_t)dice_below(dice, 5);

			put_duty(w, (uint32_t)dice_below(dice, 4),
			    person == 4 ? REGION_NONE : person, tier);
			w->duties[w->asked.nduties - 1].reported = random_report(dice, w->asked.at);
		}
	for (size_t i = 0; i < 4; i++)
		w->lines[i] = random_report(dice, w->asked.at);
}

static void
random_numbers(struct world *w, struct dice *dice)
{
	static const char *const phones[] = {
	    "+441632960001", "+441632960002", "+441632960101", "+441632960300", NULL};

	w->asked.nnumbers = 0;
	for (int64_t n = dice_below(dice, NUMBERS_MAX + 1); n > 0; n--) {
		put_number(w, phones[dice_below(dice, 5)]);
		w->numbers[w->asked.nnumbers - 1].reported = random_report(dice, w->asked.at);
	}
}

static void
a_second_implementation_agrees(void **state)
{
	struct world *w = *state;

	for (uint64_t seed = 1; seed <= 1000; seed++) {
		struct dice dice = dice_of(seed);
		const char *ladders[PLACES];
		const char *got, *want;

		arena_free(w->arena);
		w->arena = arena_new(0);
		for (size_t i = 0; i < PLACES; i++)
			ladders[i] = dice_below(&dice, 3) > 0
					 ? ""
					 : random_ladder(w->arena, &dice,
					       dice_below(&dice, 3) > 0 ? "a" : "b");
		read_world(w, ladders);
		/* From Sunday 27 December 2026 on, ten days in London's winter. */
		w->asked.at = civil_days(2026, 12, 27) * DAY + dice_below(&dice, 10 * 24) * 3600;
		w->asked.function = (uint32_t)dice_below(&dice, 2);
		w->asked.rings_people = dice_below(&dice, 2) == 0;
		w->asked.sees_own = dice_below(&dice, 2) == 0;
		random_duties(w, &dice);
		random_numbers(w, &dice);
		for (size_t i = 0; i < NAVIGATORS; i++)
			w->closed[i] = dice_below(&dice, 4) == 0;
		got = said(w);
		want = naive_said(w);
		if (strcmp(got, want) != 0)
			fail_msg("seed %llu:\n%s\n%s", (unsigned long long)seed, got, want);
	}
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
	    TEST(without_a_ladder_those_on_call_come_by_tier_then_the_numbers),
	    TEST(who_is_not_on_is_passed_over),
	    TEST(a_bleep_by_itself_is_rung),
	    TEST(who_is_on_and_on_no_step_is_rung_too),
	    TEST(a_ladder_ends_at_the_numbers_that_it_does_not_have),
	    TEST(a_step_is_taken_in_its_hours),
	    TEST(somebody_is_rung_once),
	    TEST(a_report_passes_somebody_for_as_long_as_it_says),
	    TEST(who_sees_own_numbers_may_ring_the_person),
	    TEST(the_nearest_place_above_has_the_ladder),
	    TEST(the_next_is_one_that_is_to_be_rung),
	    TEST(a_card_is_the_last_step_while_it_is_open),
	    TEST(a_ladder_says_whom_it_rings),
	    TEST(a_second_implementation_agrees),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
