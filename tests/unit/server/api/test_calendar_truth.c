/* SPDX-License-Identifier: MIT */
#include "tests/unit/server/api/unit.h"

#include "server/api/views/out/calendar.h"
#include "server/map/lookup.h"
#include "tests/unit/server/api/atlas.h"

/*
 * A calendar says that somebody is on call when, and only when, the lookup of the same map says so: random shifts of
 * every class, by people with and without the role, with an approval that ends and on a rota that ends, with absences,
 * overrides and disputes, from sources that are believed and that are not.
 */

#define SEEDS 40
#define HOURS 72

static const char region[] =
    "{'crisiscover':1,'time_zone':'Europe/London','bank_holidays':'england-and-wales',"
    "'organisations':[{'code':'ZFC','name':'Fenmere County Council','kind':'local_authority'}],"
    "'functions':[{'code':'amhp','name':'Approved mental health professional'}],"
    "'places':[{'code':'ZED01','name':'St Oswin','kind':'emergency_department'}],"
    "'people':["
    "{'id':'jo-jones','name':'J Jones','organisation':'ZFC','roles':['amhp']},"
    "{'id':'s-ahmed','name':'S Ahmed','organisation':'ZFC','roles':[{'function':'amhp','approved_by':'ZFC',"
    "'from':'2025-01-01','until':'2026-11-23'}]},"
    "{'id':'p-lee','name':'P Lee','organisation':'ZFC','roles':[]}],"
    "'services':[{'id':'fenmere-amhp','name':'Fenmere AMHP duty','function':'amhp','organisation':'ZFC','places':['ZED01'],"
    "'phone':'+441632960456'}],"
    "'rotas':[{'id':'amhp-duty','service':'fenmere-amhp','tier':1,'source':{'kind':'ical_url','url':'https://example.org/a.ics'},"
    "'reading':{'team_names':['AMHP hub']}},"
    "{'id':'amhp-second','service':'fenmere-amhp','tier':2,'until':'2026-11-24','source':{'kind':'file'}},"
    "{'id':'leave','organisation':'ZFC','absences':true,'source':{'kind':'file'}}],"
    "'requirements':[{'id':'R01','place':'ZED01','function':'amhp','count':1,%s"
    "'hours':[{'days':['all'],'from':'00:00','to':'24:00'}]}]}";

static const char *const rotas[] = {"amhp-duty", "amhp-second"};
static const char *const people[] = {"jo-jones", "s-ahmed", "p-lee"};

static uint64_t seed;

static unsigned
pick(unsigned below)
{
	seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (unsigned)((seed >> 33) % below);
}

/* A map with a few of everything. Ids are those of rows of their own. */
static void
fill(struct atlas *atlas)
{
	static const enum kept_class classes[] = {KEPT_NAMED, KEPT_NAMED, KEPT_NAMED, KEPT_TEAM,
	    KEPT_NOBODY, KEPT_TENTATIVE, KEPT_UNDECIDED, KEPT_UNREADABLE};
	static const int64_t ages[] = {60, 60, 5 * 3600, 7 * 3600, 20 * 3600, INSTANT_NEVER};
	int64_t id = 1;

	for (unsigned i = 2 + pick(6); i > 0; i--) {
		enum kept_class class = classes[pick(sizeof classes / sizeof *classes)];
		double from = (double)pick(HOURS) - 6, hours = 1 + (double)pick(14);

		atlas_shift(atlas, rotas[pick(2)], id++, class,
		    class == KEPT_NAMED || class == KEPT_TENTATIVE ? people[pick(3)] : NULL,
		    class == KEPT_TEAM ? "AMHP hub" : NULL, from, from + hours);
	}
	for (unsigned i = pick(3); i > 0; i--) {
		double from = (double)pick(HOURS) - 6;

		atlas_shift(atlas, "leave", id++, KEPT_ABSENCE, people[pick(3)], NULL, from,
		    from + 1 + (double)pick(20));
	}
	for (unsigned i = pick(3); i > 0; i--) {
		double from = (double)pick(HOURS) - 6;
		unsigned stand_in = pick(3), instead = (stand_in + 1 + pick(2)) % 3;

		atlas_override(atlas, rotas[pick(2)], id++, people[stand_in],
		    pick(3) == 0 ? NULL : people[instead],
		    pick(4) == 0 ? people[3 - stand_in - instead] : NULL, from,
		    from + 1 + (double)pick(10));
	}
	for (size_t i = 0; i < 2; i++)
		atlas_feed(atlas, rotas[i], ages[pick(sizeof ages / sizeof *ages)]);
	snapshot_gather_absences(atlas->map);
}

/* What is on call of the rota at the instant: how many the lookup has, and whether each is named. */
static size_t
looked_up(const struct lookup *lookup, uint32_t rota, const char *name)
{
	size_t count = 0;

	for (size_t i = 0; i < lookup->items[0].on_call.count; i++) {
		const struct lookup_duty *duty = &lookup->items[0].on_call.items[i];

		count += duty->rota == rota && (name == NULL || strcmp(duty->name, name) == 0);
	}
	return count;
}

/* The same in the calendar. */
static size_t
written(const struct calendar *calendar, int64_t at, const char *name)
{
	size_t count = 0;

	for (size_t i = 0; i < calendar->events.count; i++) {
		const struct ical_event *event = &calendar->events.items[i];

		count += event->category != NULL && strcmp(event->category, "ON CALL") == 0 &&
			 event->start <= at && event->end > at &&
			 (name == NULL || strncmp(event->summary, name, strlen(name)) == 0);
	}
	return count;
}

static void
compare(struct atlas *atlas, struct arena *arena, uint32_t rota)
{
	struct cover_asked asked = {.map = atlas->map, .now = ATLAS_NOW};
	static const char *const names[] = {NULL, "J Jones", "S Ahmed", "P Lee", "AMHP hub"};
	struct ask ask = {
	    .map = atlas->map,
	    .whole = atlas->map,
	    .region = atlas->region,
	    .arena = arena,
	    .now = ATLAS_NOW,
	    .known_at = INSTANT_NONE,
	};
	struct calendar calendar = {.ask = &ask, .names = true, .person = REGION_NONE};

	calendar_add_rota(&calendar, rota);
	/* From the present on: what was is asked of the record, and a calendar drops it after a day. */
	for (int64_t at = ATLAS_NOW; at < ATLAS_NOW + HOURS * 3600; at += 1800) {
		struct lookup lookup;

		lookup_make(arena, &asked,
		    &(struct lookup_asked){atlas_place(atlas, "ZED01"), 0, at}, &lookup);
		for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
			size_t on = looked_up(&lookup, rota, names[i]),
			       says = written(&calendar, at, names[i]);

			/* A shift that becomes unbelieved before it ends is not called covered at
			 * all. */
			if (says > on)
				fail_msg(
				    "at %+lld h %s is on call %zu times in the calendar, %zu on the map",
				    (long long)(at - ATLAS_NOW) / 3600,
				    names[i] ? names[i] : "somebody", says, on);
			if (says < on)
				fail_msg(
				    "at %+lld h %s is on call %zu times on the map, %zu in the calendar",
				    (long long)(at - ATLAS_NOW) / 3600,
				    names[i] ? names[i] : "somebody", on, says);
		}
	}
}

static void
run(const char *role)
{
	char text[sizeof region + 64];

	snprintf(text, sizeof text, region, role);
	for (uint64_t i = 1; i <= SEEDS; i++) {
		struct arena *arena = arena_new(0);
		struct atlas atlas;

		seed = i;
		atlas_open_quoted(&atlas, text);
		fill(&atlas);
		for (size_t j = 0; j < 2; j++)
			compare(&atlas, arena, atlas_rota(&atlas, rotas[j]));
		atlas_close(&atlas);
		arena_free(arena);
	}
}

static void
a_calendar_says_on_call_when_the_map_does(void **state)
{
	(void)state;
	run("");
}

static void
where_a_requirement_takes_any_role_too(void **state)
{
	(void)state;
	run("'role':'any',");
}

/* From then on the function must be held again. */
static void
also_where_it_ends(void **state)
{
	(void)state;
	run("'role':'any','until':'2026-11-23',");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_calendar_says_on_call_when_the_map_does),
	    cmocka_unit_test(where_a_requirement_takes_any_role_too),
	    cmocka_unit_test(also_where_it_ends),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
