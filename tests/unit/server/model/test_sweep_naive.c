/* SPDX-License-Identifier: MIT */
/*
 * The sweep against a second implementation that shares nothing with it: it looks at every minute
 * by itself and asks every shift. Slow, and too simple to be wrong in the same way. The hours of
 * requirements likewise: minute by minute on the wall clock of London. On failure the seed of the
 * case is printed; run `test_sweep_naive SEED` for that one alone. CRISISCOVER_ROUNDS=100 in
 * the environment runs a hundred times as many.
 */
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
#include "server/model/hours.h"
#include "server/model/sweep.h"
#include "tests/support/rounds.h"
#include "tests/unit/server/model/dice.h"

#define SWEEP_CASES 20000
#define HOURS_CASES 300
#define MINUTE 60
#define WINDOW_MAX 80 /* minutes */
#define ROTAS_MAX 4
#define SHIFTS_MAX 9
#define PEOPLE 5
#define ABSENCES_MAX 4
#define HOURS_MAX 4

static uint64_t only_seed;

/* --- A random case. --- */

struct sweep_case {
	struct sweep_input input;
	struct shift shifts[ROTAS_MAX][SHIFTS_MAX];
	struct sweep_rota rotas[ROTAS_MAX];
	struct span_time serves[ROTAS_MAX];
	struct person_time absences[ABSENCES_MAX], spread[ABSENCES_MAX], unapproved[ABSENCES_MAX];
	struct span_time hours[HOURS_MAX];
	bool holders[PEOPLE];
};

static int
by_shift(const void *a, const void *b)
{
	const struct shift *x = a, *y = b;

	if (x->start != y->start)
		return x->start < y->start ? -1 : 1;
	if (x->end != y->end)
		return x->end < y->end ? -1 : 1;
	return x->id < y->id ? -1 : x->id > y->id;
}

static int
by_absence(const void *a, const void *b)
{
	const struct person_time *x = a, *y = b;

	if (x->person != y->person)
		return x->person < y->person ? -1 : 1;
	return x->start < y->start ? -1 : x->start > y->start;
}

/* An instant around the window, on a whole minute. */
static int64_t
dice_instant(struct dice *dice, int64_t window)
{
	return (dice_below(dice, (uint32_t)window + 30) - 15) * MINUTE;
}

static void
dice_shift(struct dice *dice, int64_t window, int64_t id, struct shift *shift)
{
	static const enum shift_class classes[] = {
	    SHIFT_NAMED, SHIFT_NAMED, SHIFT_NAMED, SHIFT_TEAM, SHIFT_NOBODY, SHIFT_UNDECIDED};

	shift->start = dice_instant(dice, window);
	shift->end = shift->start + dice_below(dice, 50) * MINUTE; /* now and then empty */
	shift->id = id;
	shift->class = classes[dice_below(dice, 6)];
	shift->person =
	    shift->class == SHIFT_NAMED ? (uint32_t)dice_below(dice, PEOPLE) : SWEEP_NOBODY;
	shift->team = (uint32_t)dice_below(dice, 2);
	shift->override = shift->class != SHIFT_TEAM && dice_below(dice, 4) == 0;
	shift->disputed = shift->class == SHIFT_UNDECIDED && shift->override;
}

static int64_t
dice_edge(struct dice *dice, int64_t window)
{
	switch (dice_below(dice, 8)) {
	case 0:
		return INT64_MIN;
	case 1:
	case 2:
		return dice_instant(dice, window);
	default:
		return INT64_MAX;
	}
}

/* One rota in three serves only for a time; its shifts lie inside it. */
static void
dice_serves(struct dice *dice, int64_t window, struct sweep_case *c, size_t i)
{
	struct span_time *serves = &c->serves[i];
	size_t j, n = 0;

	if (dice_below(dice, 3) != 0)
		return;
	serves->start = dice_below(dice, 2) == 0 ? INT64_MIN : dice_instant(dice, window);
	serves->end = dice_below(dice, 2) == 0 ? INT64_MAX : dice_instant(dice, window);
	c->rotas[i].serves = serves;
	for (j = 0; j < c->rotas[i].nshifts; j++) {
		struct shift shift = c->shifts[i][j];

		shift.start = shift.start > serves->start ? shift.start : serves->start;
		shift.end = shift.end < serves->end ? shift.end : serves->end;
		if (shift.start < shift.end)
			c->shifts[i][n++] = shift;
	}
	c->rotas[i].nshifts = n;
	if (n > 1)
		qsort(c->shifts[i], n, sizeof(struct shift), by_shift);
}

static size_t
dice_absences(struct dice *dice, int64_t window, struct person_time *absences)
{
	size_t n = (size_t)dice_below(dice, ABSENCES_MAX + 1), i;

	for (i = 0; i < n; i++) {
		absences[i].person = (uint32_t)dice_below(dice, PEOPLE + 1);
		absences[i].start = dice_instant(dice, window);
		absences[i].end = absences[i].start + dice_below(dice, 30) * MINUTE;
	}
	qsort(absences, n, sizeof *absences, by_absence);
	return n;
}

static void
dice_case(struct dice *dice, struct sweep_case *c)
{
	int64_t window = 1 + dice_below(dice, WINDOW_MAX), at = 0, id = 0;
	size_t i, j, n;

	memset(c, 0, sizeof *c);
	c->input.window = (struct span_time){0, window * MINUTE};
	c->input.nrotas = (size_t)dice_below(dice, ROTAS_MAX + 1);
	for (i = 0; i < c->input.nrotas; i++) {
		n = (size_t)dice_below(dice, SHIFTS_MAX + 1);
		for (j = 0; j < n; j++)
			dice_shift(dice, window, ++id, &c->shifts[i][j]);
		if (n > 1)
			qsort(c->shifts[i], n, sizeof(struct shift), by_shift);
		c->rotas[i] = (struct sweep_rota){
		    .shifts = c->shifts[i],
		    .nshifts = n,
		    .horizon = dice_edge(dice, window),
		    .trusted_until = dice_edge(dice, window),
		};
		dice_serves(dice, window, c, i);
	}
	c->input.rotas = c->rotas;
	n = dice_absences(dice, window, c->absences);
	c->input.absences = (struct person_times){c->absences, n};
	n = dice_absences(dice, window, c->spread);
	c->input.spread = (struct person_times){c->spread, n};
	n = dice_absences(dice, window, c->unapproved);
	c->input.unapproved = (struct person_times){c->unapproved, n};
	for (n = 0; n < HOURS_MAX && at < window; n++) {
		c->hours[n].start = (at + dice_below(dice, 20)) * MINUTE;
		at = c->hours[n].start / MINUTE + 1 + dice_below(dice, 50);
		c->hours[n].end = (at < window ? at : window) * MINUTE;
		if (c->hours[n].start >= c->hours[n].end)
			break;
		at++;
	}
	c->input.hours = (struct span_times){c->hours, n};
	c->input.required = 1 + (int32_t)dice_below(dice, 3);
	c->input.team_counts = dice_below(dice, 2) == 0;
	for (i = 0; i < PEOPLE; i++)
		c->holders[i] = dice_below(dice, 4) != 0;
	c->input.holders = dice_below(dice, 2) == 0 ? c->holders : NULL;
}

/* --- One minute, by definition. --- */

struct minute {
	enum cover_state state;
	enum cover_cause cause;
	int32_t present, required;
	int64_t ids[ROTAS_MAX * SHIFTS_MAX];
	uint32_t nids;
};

static bool
is_on(const struct shift *shift, int64_t t)
{
	return shift->start <= t && t < shift->end;
}

static bool
is_among(const struct person_time *absences, size_t count, uint32_t person, int64_t t)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (absences[i].person == person && absences[i].start <= t && t < absences[i].end)
			return true;
	return false;
}

static bool
does_serve(const struct sweep_rota *rota, int64_t t)
{
	return !rota->serves || (rota->serves->start <= t && t < rota->serves->end);
}

static bool
has_class(const struct sweep_rota *rota, enum shift_class class, int64_t t)
{
	size_t i;

	for (i = 0; i < rota->nshifts; i++)
		if (rota->shifts[i].class == class && is_on(&rota->shifts[i], t))
			return true;
	return false;
}

/* Whether somebody is on who does not count, by why. */
struct left_out {
	bool absent, shared, lacking, unapproved;
};

/* Distinct people and team lines, and the ids of all that count. */
static struct left_out
count_heads(const struct sweep_case *c, int64_t t, struct minute *minute)
{
	struct left_out out = {false};
	bool person[PEOPLE] = {false}, team[ROTAS_MAX][2] = {{false}};
	size_t i, j;

	for (i = 0; i < c->input.nrotas; i++) {
		for (j = 0; j < c->rotas[i].nshifts; j++) {
			const struct shift *shift = &c->rotas[i].shifts[j];

			if (!is_on(shift, t) ||
			    (t >= c->rotas[i].trusted_until && !shift->override))
				continue;
			if (shift->class == SHIFT_NAMED && c->input.holders &&
			    !c->holders[shift->person]) {
				out.lacking = true;
			} else if (shift->class == SHIFT_NAMED &&
				   is_among(c->unapproved, c->input.unapproved.count, shift->person,
				       t)) {
				out.unapproved = true;
			} else if (shift->class == SHIFT_NAMED &&
				   is_among(
				       c->absences, c->input.absences.count, shift->person, t)) {
				out.absent = true;
			} else if (shift->class == SHIFT_NAMED &&
				   is_among(c->spread, c->input.spread.count, shift->person, t)) {
				out.shared = true;
			} else if (shift->class == SHIFT_NAMED) {
				person[shift->person] = true;
				minute->ids[minute->nids++] = shift->id;
			} else if (shift->class == SHIFT_TEAM && c->input.team_counts) {
				team[i][shift->team] = true;
				minute->ids[minute->nids++] = shift->id;
			}
		}
	}
	for (i = 0; i < PEOPLE; i++)
		minute->present += person[i];
	for (i = 0; i < ROTAS_MAX; i++)
		minute->present += team[i][0] + team[i][1];
	return out;
}

/* Whether an override of this class is on at ${t}. */
static bool
override_has_class(const struct sweep_rota *rota, enum shift_class class, int64_t t)
{
	for (size_t i = 0; i < rota->nshifts; i++)
		if (rota->shifts[i].class == class && rota->shifts[i].override &&
		    is_on(&rota->shifts[i], t))
			return true;
	return false;
}

static enum cover_cause
rota_ignorance(const struct sweep_rota *rota, int64_t t)
{
	bool never = rota->horizon == INT64_MIN;

	if (!does_serve(rota, t))
		return CAUSE_NONE;
	if (override_has_class(rota, SHIFT_UNDECIDED, t))
		return CAUSE_OVERRIDE_DISPUTED;
	if (override_has_class(rota, SHIFT_NOBODY, t))
		return has_class(rota, SHIFT_UNDECIDED, t) ? CAUSE_UNDECIDED : CAUSE_NONE;
	if (t >= rota->trusted_until)
		return never ? CAUSE_NEVER_READ : CAUSE_SOURCE_UNKNOWN;
	if (has_class(rota, SHIFT_UNDECIDED, t))
		return CAUSE_UNDECIDED;
	if (t >= rota->horizon && !has_class(rota, SHIFT_NOBODY, t))
		return never ? CAUSE_NEVER_READ : CAUSE_PAST_HORIZON;
	return CAUSE_NONE;
}

static bool
any_ignorance(const struct sweep_case *c, int64_t t, enum cover_cause cause)
{
	size_t i;

	for (i = 0; i < c->input.nrotas; i++)
		if (rota_ignorance(&c->rotas[i], t) == cause)
			return true;
	return false;
}

static bool
any_class(const struct sweep_case *c, int64_t t, enum shift_class class)
{
	size_t i;

	for (i = 0; i < c->input.nrotas; i++)
		if (has_class(&c->rotas[i], class, t))
			return true;
	return false;
}

static void
judge_minute(const struct sweep_case *c, int64_t t, struct minute *minute)
{
	static const enum cover_cause order[] = {CAUSE_OVERRIDE_DISPUTED, CAUSE_SOURCE_UNKNOWN,
	    CAUSE_NEVER_READ, CAUSE_PAST_HORIZON, CAUSE_UNDECIDED};
	bool inside = false, source = false;
	struct left_out out;
	size_t i;

	memset(minute, 0, sizeof *minute);
	out = count_heads(c, t, minute);
	for (i = 0; i < c->input.hours.count; i++)
		inside |= c->hours[i].start <= t && t < c->hours[i].end;
	if (!inside) {
		minute->state = COVER_NOT_COMMISSIONED;
		return;
	}
	minute->required = c->input.required;
	if (minute->present >= minute->required) {
		minute->state = COVER_COVERED;
		return;
	}
	minute->state = COVER_UNKNOWN;
	for (i = 0; i < sizeof order / sizeof *order; i++) {
		minute->cause = order[i];
		if (any_ignorance(c, t, order[i]))
			return;
	}
	minute->state = minute->present > 0 ? COVER_SHORT : COVER_GAP;
	for (i = 0; i < c->input.nrotas; i++)
		source |= does_serve(&c->rotas[i], t);
	if (!source)
		minute->cause = CAUSE_NO_SOURCE;
	else if (out.shared)
		minute->cause = CAUSE_SHARED;
	else if (out.lacking)
		minute->cause = CAUSE_NO_ROLE;
	else if (out.unapproved)
		minute->cause = CAUSE_APPROVAL_ENDED;
	else if (any_class(c, t, SHIFT_NOBODY))
		minute->cause = CAUSE_NOBODY;
	else if (out.absent)
		minute->cause = CAUSE_NOT_FREE;
	else if (minute->present > 0)
		minute->cause = CAUSE_TOO_FEW;
	else if (any_class(c, t, SHIFT_TEAM))
		minute->cause = CAUSE_TEAM_ONLY;
	else
		minute->cause = CAUSE_SILENT;
}

/* --- Comparing. --- */

static int
by_id(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return x < y ? -1 : x > y;
}

static bool
same_minute(const struct cover_span *span, struct minute *minute)
{
	qsort(minute->ids, minute->nids, sizeof *minute->ids, by_id);
	return span->state == minute->state && span->cause == minute->cause &&
	       span->present == minute->present && span->required == minute->required &&
	       span->nshifts == minute->nids &&
	       (minute->nids == 0 ||
		   memcmp(span->shifts, minute->ids, minute->nids * sizeof *minute->ids) == 0);
}

static bool
spans_differ(const struct cover_span *a, const struct cover_span *b)
{
	return a->state != b->state || a->cause != b->cause || a->present != b->present ||
	       a->nshifts != b->nshifts ||
	       (a->nshifts > 0 &&
		   memcmp(a->shifts, b->shifts, a->nshifts * sizeof *a->shifts) != 0);
}

static void
check_tiling(struct cover_spans spans, struct span_time window, uint64_t seed)
{
	int64_t at = window.start;
	size_t i;

	for (i = 0; i < spans.count; i++) {
		if (spans.items[i].start != at || spans.items[i].end <= at)
			fail_msg("seed %llu: the spans do not tile the window",
			    (unsigned long long)seed);
		if (i > 0 && !spans_differ(&spans.items[i - 1], &spans.items[i]))
			fail_msg("seed %llu: two spans are one", (unsigned long long)seed);
		at = spans.items[i].end;
	}
	if (at != window.end)
		fail_msg("seed %llu: the spans end early", (unsigned long long)seed);
}

static void
check_sweep(uint64_t seed)
{
	struct dice dice = dice_of(seed);
	struct arena *arena = arena_new(0);
	struct sweep_case c;
	struct cover_spans spans;
	struct minute minute;
	size_t i = 0;
	int64_t t;

	dice_case(&dice, &c);
	spans = sweep(arena, &c.input);
	check_tiling(spans, c.input.window, seed);
	for (t = c.input.window.start; t < c.input.window.end; t += MINUTE) {
		while (spans.items[i].end <= t)
			i++;
		judge_minute(&c, t, &minute);
		if (!same_minute(&spans.items[i], &minute))
			fail_msg(
			    "seed %llu, minute %lld: %s (%s, %d) where the naive one has %s (%s, %d)",
			    (unsigned long long)seed, (long long)(t / MINUTE),
			    cover_state_name(spans.items[i].state),
			    cover_cause_name(spans.items[i].cause), spans.items[i].present,
			    cover_state_name(minute.state), cover_cause_name(minute.cause),
			    minute.present);
	}
	arena_free(arena);
}

/* holds: H17.1 H01.2 */
static void
test_sweep_equals_the_naive_one(void **state)
{
	uint64_t seed;

	(void)state;
	if (only_seed)
		check_sweep(only_seed);
	for (seed = 1; !only_seed && seed <= rounds(SWEEP_CASES); seed++)
		check_sweep(seed);
}

/* --- Hours. --- */

struct hours_case {
	struct region_requirement requirement;
	struct region_hours lines[3];
	struct span_time window;
};

static void
dice_hours(struct dice *dice, struct hours_case *c)
{
	/* Days whose nights the clock changes in, two Christmases and an ordinary day. */
	static const int dates[][3] = {{2026, 3, 29}, {2026, 10, 25}, {2027, 3, 28}, {2027, 10, 31},
	    {2026, 12, 25}, {2027, 12, 27}, {2026, 6, 10}};
	const int *date = dates[dice_below(dice, 7)];
	int64_t start = (civil_days(date[0], date[1], date[2]) - 2) * 86400;
	uint32_t i;

	memset(c, 0, sizeof *c);
	c->requirement.hours = c->lines;
	c->requirement.nhours = 1 + (uint32_t)dice_below(dice, 3);
	for (i = 0; i < c->requirement.nhours; i++) {
		/* Mostly on quarters of the hour, and often in the hour that is skipped or comes
		 * twice. */
		c->lines[i].days = (uint8_t)(1 + dice_below(dice, 255));
		c->lines[i].from = (int32_t)dice_below(dice, 96) * 900;
		c->lines[i].to = (int32_t)dice_below(dice, 97) * 900;
		if (dice_below(dice, 3) == 0)
			c->lines[i].from = 3600 + (int32_t)dice_below(dice, 60) * 60;
		if (dice_below(dice, 3) == 0)
			c->lines[i].to = 3600 + (int32_t)dice_below(dice, 60) * 60;
	}
	c->window.start = start + dice_below(dice, 86400 / 60) * 60;
	c->window.end = c->window.start + dice_below(dice, 4 * 1440) * 60;
}

/* The first minute whose wall clock reads ${local}, found by looking at one after the other; a
 * reading that the clock skips is the one an hour later. */
static int64_t
first_minute(const struct zone *zone, int64_t local)
{
	int64_t t;

	for (t = local - 7200; t < local + 7200; t += MINUTE)
		if (zone_local(zone, t) == local)
			return t;
	return first_minute(zone, local + 3600);
}

static bool
is_holiday(const struct holidays *holidays, int64_t day)
{
	uint32_t i;

	for (i = 0; i < holidays->count; i++)
		if (holidays->days[i] == day)
			return true;
	return false;
}

#define NAIVE_DAYS 10

/* Which minutes of the days from ${day} on are inside the hours: painted one by one. */
static void
paint_hours(const struct hours_case *c, const struct zone *zone, const struct holidays *holidays,
    int64_t day, bool *minutes)
{
	int64_t d, from, until, origin = day * 86400;
	uint32_t i;

	for (d = day; d < day + NAIVE_DAYS - 1; d++) {
		for (i = 0; i < c->requirement.nhours; i++) {
			const struct region_hours *line = &c->lines[i];
			int bit = is_holiday(holidays, d) ? 7 : (int)((d + 3) % 7);

			if (!(line->days & 1 << bit))
				continue;
			from = first_minute(zone, d * 86400 + line->from);
			until = first_minute(
			    zone, (line->to <= line->from ? d + 1 : d) * 86400 + line->to);
			for (; from < until; from += MINUTE)
				if (from >= origin && from < origin + NAIVE_DAYS * 86400)
					minutes[(from - origin) / MINUTE] = true;
		}
	}
}

static void
check_hours(uint64_t seed, const struct zone *zone, const struct holidays *holidays)
{
	static bool minutes[NAIVE_DAYS * 1440];
	struct dice dice = dice_of(seed);
	struct arena *arena = arena_new(0);
	struct hours_case c;
	struct span_times times;
	int64_t day, t;
	size_t i = 0;

	dice_hours(&dice, &c);
	times = hours_expand(arena, &c.requirement, zone, holidays, c.window);
	memset(minutes, 0, sizeof minutes);
	day = c.window.start / 86400 - 3;
	paint_hours(&c, zone, holidays, day, minutes);
	for (t = c.window.start; t < c.window.end; t += MINUTE) {
		bool inside;

		while (i < times.count && times.items[i].end <= t)
			i++;
		inside = i < times.count && times.items[i].start <= t;
		if (inside != minutes[(t - day * 86400) / MINUTE])
			fail_msg("hours seed %llu at %lld: %d", (unsigned long long)seed,
			    (long long)t, inside);
	}
	if (times.count > 0) {
		assert_true(times.items[0].start >= c.window.start);
		assert_true(times.items[times.count - 1].end <= c.window.end);
	}
	arena_free(arena);
}

/* holds: H03.2 */
static void
test_hours_equal_the_naive_ones(void **state)
{
	static const int dates[][3] = {{2026, 12, 25}, {2026, 12, 28}, {2027, 3, 26}, {2027, 3, 29},
	    {2027, 12, 27}, {2027, 12, 28}};
	int64_t days[6];
	struct holidays holidays = {.days = days, .count = 6};
	struct zonedb *zones;
	const struct zone *zone;
	uint64_t seed;
	int i;

	(void)state;
	for (i = 0; i < 6; i++)
		days[i] = civil_days(dates[i][0], dates[i][1], dates[i][2]);
	assert_int_equal(zonedb_open("/usr/share/zoneinfo", &zones), STATUS_OK);
	zone = zonedb_find(zones, "Europe/London");
	if (only_seed)
		check_hours(only_seed, zone, &holidays);
	for (seed = 1; !only_seed && seed <= rounds(HOURS_CASES); seed++)
		check_hours(seed, zone, &holidays);
	zonedb_free(zones);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_sweep_equals_the_naive_one),
	    cmocka_unit_test(test_hours_equal_the_naive_ones),
	};

	if (argc > 1)
		only_seed = strtoull(argv[1], NULL, 10);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
