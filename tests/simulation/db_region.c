/* SPDX-License-Identifier: MIT */
/* The acts of the api and feeds: regions, imports, acknowledgements. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "server/base/fatal.h"
#include "server/model/merge.h"
#include "tests/simulation/db.h"
#include "tests/simulation/host.h"
#include "tests/simulation/sim.h"

enum { DOCUMENTS = 3, CHILDREN = 110 };

static char *documents[DOCUMENTS];

static const char head[] =
    "{\"crisiscover\":1,\"time_zone\":\"Europe/London\",\"bank_holidays\":\"england-and-wales\",\"organisations\":[{\"code\":\"ZFC\",\"name\":\"Fenmere "
    "County Council\",\"kind\":\"local_authority\"}],\"functions\":[{\"code\":\"amhp\",\"name\":\"Approved mental health "
    "professional\"}],\"people\":[{\"id\":\"ann\",\"name\":\"Ann A\",\"organisation\":\"ZFC\",\"roles\":[\"amhp\"]},"
    "{\"id\":\"bob\",\"name\":\"Bob B\",\"organisation\":\"ZFC\",\"roles\":[\"amhp\"]},"
    "{\"id\":\"cyd\",\"name\":\"Cyd C\",\"organisation\":\"ZFC\",\"roles\":[\"amhp\"]}],"
    "\"rotas\":[{\"id\":\"r1\",\"service\":\"S1\",\"tier\":1,\"source\":{\"kind\":\"ical_url\",\"url\":\"https://rotas.example/r1.ics\"}},{\"id\":\"r2\",\"service\":\"S1\",\"tier\":2,\"source\":{\"kind\":\"file\",\"path\":\"r2.csv\"}},{\"id\":\"r3\",\"service\":\"S2\",\"tier\":1,\"source\":{\"kind\":\"file\",\"path\":\"r3.csv\"}},{\"id\":\"leave\",\"organisation\":\"ZFC\",\"absences\":true,\"source\":{\"kind\":\"file\",\"path\":\"leave.ics\"}}],\"accounts\":[],";

#define REQUIREMENT(id, place, more)                                                               \
	"{\"id\":\"" id "\",\"place\":\"" place "\",\"function\":\"amhp\"," more                   \
	",\"hours\":[{\"days\":[\"all\"],\"from\":\"00:00\",\"to\":\"24:00\"}]}"

/* Documents in turn: one adds or removes a demand, one requires more people, one has a tolerance
 * of ten hours. */
static const char *const requirements[DOCUMENTS] = {
    REQUIREMENT("Q1", "P1", "\"count\":1") "," REQUIREMENT("Q2", "P1",
	"\"count\":2") "," REQUIREMENT("Q3", "P2", "\"count\":1,\"tolerance_minutes\":600"),
    REQUIREMENT("Q1", "P1", "\"count\":2") "," REQUIREMENT(
	"Q3", "P2", "\"count\":1,\"tolerance_minutes\":600"),
    REQUIREMENT("Q1", "P1", "\"count\":1") "," REQUIREMENT(
	"Q2", "P1", "\"count\":2") "," REQUIREMENT("Q4", "P2", "\"count\":2"),
};

static void
put_places(FILE *out, int children)
{
	fputs("\"places\":[{\"code\":\"P1\",\"name\":\"Fenmere\",\"kind\":\"council_area\"},"
	      "{\"code\":\"P2\",\"name\":\"Alder\",\"kind\":\"council_area\"}",
	    out);
	for (int i = 0; i < children; i++)
		fprintf(out,
		    ",{\"code\":\"C%03d\",\"name\":\"Ward %d\",\"kind\":\"hospital\",\"parents\":[\"P1\"]}",
		    i, i);
	fputs("],\"services\":[{\"id\":\"S1\",\"name\":\"Duty\",\"function\":\"amhp\","
	      "\"organisation\":\"ZFC\",\"places\":[\"P1\"",
	    out);
	for (int i = 0; i < children; i++)
		fprintf(out, ",\"C%03d\"", i);
	fputs(
	    "],\"phone\":\"+441632960456\",\"fallback\":{\"text\":\"Ring the team\",\"phone\":\"+441632960111\"}},"
	    "{\"id\":\"S2\",\"name\":\"Duty 2\",\"function\":\"amhp\",\"organisation\":\"ZFC\",\"places\":[\"P2\"],"
	    "\"phone\":\"+441632960457\",\"fallback\":{\"text\":\"Ring the team\",\"phone\":\"+441632960111\"}}],",
	    out);
}

/* ${large}: one rota's demands fill more than one commit of the cycle. */
void
region_begin(bool large)
{
	for (int i = 0; i < DOCUMENTS; i++) {
		size_t len;
		FILE *out = open_memstream(&documents[i], &len);

		fputs(head, out);
		put_places(out, large ? CHILDREN : 0);
		fprintf(out, "\"requirements\":[%s]}", requirements[i]);
		fclose(out);
	}
}

void
region_finish(void)
{
	for (int i = 0; i < DOCUMENTS; i++)
		free(documents[i]);
}

const char *
region_document(int64_t version)
{
	return documents[(version - 1) % DOCUMENTS];
}

void
db_apply_region(void)
{
	struct db *db = db_primary();

	db->region = db_next_region();
	sim_note("region %lld is applied", (long long)db->region);
	fake_pg_notify(db_primary_node(), "region_applied");
}

/* shifts_changed */
static void
mark(struct db *db, int rota)
{
	if (db->dirty[rota].n == 0)
		db->dirty[rota].since_us = db_now_us();
	/* The fault: a mark that is made again begins with 1. */
	db->dirty[rota].n = sim_faulty("marks-from-one") ? db->dirty[rota].n + 1 : db_next_number();
	fake_pg_notify(db_primary_node(), "shifts_changed");
}

static const char *class_name(enum db_class class)
{
	static const char *const names[] = {"named", "team", "nobody", "undecided", "absence"};

	return names[class];
}

static struct merge_row
row_of(struct arena *arena, const struct db_event *event)
{
	return (struct merge_row){.key = arena_printf(arena, "k%d", event->key),
	    .start = event->start,
	    .end = event->end,
	    .class = class_name(event->class),
	    .person = db_person_name(event->person),
	    .team = event->class == DB_TEAM ? "Hub" : NULL};
}

static int
key_of(const struct merge_row *row)
{
	return atoi(row->key + 1);
}

static void
apply(
    struct db *db, int rota, const struct merge *merge, const struct db_event *events, size_t count)
{
	for (size_t i = 0; i < merge->nsuperseded; i++)
		for (size_t j = 0; j < db->shifts.count; j++)
			if (db->shifts.items[j].id == merge->superseded[i])
				db->shifts.items[j].to_us = db_now_us();
	for (size_t i = 0; i < merge->nadded; i++) {
		struct db_shift *shift = DB_PUSH(&db->shifts);

		*shift = (struct db_shift){.id = db_next_number(),
		    .rota = rota,
		    .from_us = db_now_us(),
		    .to_us = PG_INFINITY};
		for (size_t j = 0; j < count; j++)
			if (events[j].key == key_of(merge->added[i])) {
				shift->key = events[j].key;
				shift->person = events[j].person;
				shift->class = events[j].class;
				shift->start = events[j].start;
				shift->end = events[j].end;
			}
	}
}

void
db_import(int rota, const struct db_event *events, size_t count, int64_t horizon)
{
	struct db *db = db_primary();
	struct arena *arena = arena_new(0);
	struct merge_row *current = arena_array(arena, db->shifts.count, sizeof *current),
			 *reading = arena_array(arena, count, sizeof *reading);
	struct merge merge;
	size_t held = 0;
	bool was_moved = db->source[rota].horizon != horizon;

	for (size_t i = 0; i < db->shifts.count; i++) {
		const struct db_shift *shift = &db->shifts.items[i];

		if (shift->rota != rota || shift->to_us != PG_INFINITY)
			continue;
		current[held] = row_of(arena, &(struct db_event){shift->key, shift->person,
						  shift->class, shift->start, shift->end});
		current[held++].id = shift->id;
	}
	for (size_t i = 0; i < count; i++)
		reading[i] = row_of(arena, &events[i]);
	merge_make(arena, (struct merge_rows){current, held}, (struct merge_rows){reading, count},
	    INT64_MIN, &merge);
	apply(db, rota, &merge, events, count);
	db->source[rota].horizon = horizon;
	db->source[rota].last_good_us = db_now_us();
	if (merge.nadded + merge.nsuperseded > 0) {
		sim_note("%s: %zu shifts come, %zu go", db_rota_name(rota), merge.nadded,
		    merge.nsuperseded);
		mark(db, rota);
	} else if (was_moved) {
		sim_note("%s: only its horizon moves", db_rota_name(rota));
	}
	arena_free(arena);
}
