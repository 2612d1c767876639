/* SPDX-License-Identifier: MIT */
#include "tests/simulation/calendars.h"

#include <string.h>

#include "tests/simulation/db.h"
#include "tests/simulation/sim.h"

enum { EVENTS = 14, PEOPLE = 3 };

struct calendar {
	struct db_event events[EVENTS];
	size_t count;
	int64_t horizon;
	int keys;
};

static struct calendar calendars[DB_ROTAS];
static size_t most;

static int64_t
now_seconds(void)
{
	return db_now_us() / 1000000;
}

/* Hours, so that edges meet. */
static struct db_event
any_event(int rota, int key)
{
	static const enum db_class classes[] = {
	    DB_NAMED, DB_NAMED, DB_NAMED, DB_NAMED, DB_TEAM, DB_NOBODY, DB_UNDECIDED};
	int64_t hour = now_seconds() / 3600 + sim_between(-30, 200);
	struct db_event event = {.key = key, .person = -1};

	event.class = rota == DB_LEAVE ? DB_ABSENCE : classes[sim_below(7)];
	if (event.class == DB_NAMED || event.class == DB_ABSENCE)
		event.person = (int)sim_below(PEOPLE);
	event.start = hour * 3600;
	event.end = (hour + sim_between(1, sim_odds(4) ? 400 : 24)) * 3600;
	return event;
}

static int64_t
any_horizon(void)
{
	if (sim_odds(2))
		return PG_INFINITY;
	return (now_seconds() / 3600 + sim_between(1, 400)) * 3600;
}

void
calendars_begin(bool large)
{
	memset(calendars, 0, sizeof calendars);
	most = large ? 3 : EVENTS; /* many demands: few spans each */
	for (int rota = 0; rota < DB_ROTAS; rota++)
		calendars[rota].horizon = any_horizon();
}

static void
fetch(int rota)
{
	struct calendar *calendar = &calendars[rota];

	db_import(rota, calendar->events, calendar->count, calendar->horizon);
}

static void
on_fetch(void *ctx)
{
	const struct calendar *calendar = ctx;

	/* The calendar or the database is unreachable: the change is not read now. */
	if (sim_odds(5) || db_primary_node() < 0)
		return;
	fetch((int)(calendar - calendars));
}

void
calendars_change(void)
{
	int rota = (int)sim_below(DB_ROTAS);
	struct calendar *calendar = &calendars[rota];

	for (uint32_t changes = 1 + sim_below(3); changes > 0; changes--) {
		if (calendar->count < most && (calendar->count == 0 || !sim_odds(3)))
			calendar->events[calendar->count++] = any_event(rota, calendar->keys++);
		else if (sim_odds(3)) {
			uint32_t gone = sim_below((uint32_t)calendar->count);

			calendar->events[gone] = calendar->events[--calendar->count];
		} else {
			struct db_event *event =
			    &calendar->events[sim_below((uint32_t)calendar->count)];

			*event = any_event(rota, event->key);
		}
	}
	if (sim_odds(6))
		calendar->horizon = any_horizon();
	sim_after(sim_between(0, 500000), on_fetch, calendar);
}

void
calendars_fetch_all(void)
{
	for (int rota = 0; rota < DB_ROTAS; rota++)
		fetch(rota);
}

static bool
published(const struct calendar *calendar, const struct db_shift *shift)
{
	for (size_t i = 0; i < calendar->count; i++) {
		const struct db_event *event = &calendar->events[i];

		if (event->key == shift->key && event->person == shift->person &&
		    event->class == shift->class && event->start == shift->start &&
		    event->end == shift->end)
			return true;
	}
	return false;
}

void
calendars_check(void)
{
	const struct db *db = db_primary();
	size_t held[DB_ROTAS] = {0};

	for (size_t i = 0; i < db->shifts.count; i++) {
		const struct db_shift *shift = &db->shifts.items[i];

		if (shift->to_us != PG_INFINITY)
			continue;
		held[shift->rota]++;
		if (!published(&calendars[shift->rota], shift))
			sim_fail("a shift of %s that nobody publishes", db_rota_name(shift->rota));
	}
	for (int rota = 0; rota < DB_ROTAS; rota++)
		if (held[rota] != calendars[rota].count)
			sim_fail("%s holds %zu shifts, %zu are published", db_rota_name(rota),
			    held[rota], calendars[rota].count);
}
