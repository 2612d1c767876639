/* SPDX-License-Identifier: MIT */
#include "tests/unit/server/api/atlas.h"

#include <stdlib.h>
#include <string.h>

#include "server/base/fatal.h"
#include "server/base/file.h"
#include "server/map/rota_builder.h"

const char atlas_region[] =
    "{\"crisiscover\": 1, \"time_zone\": \"Europe/London\", \"bank_holidays\": \"england-and-wales\",\"organisations\": "
    "[ {\"code\": \"ZFC\", \"name\": \"Fenmere County Council\", \"kind\": \"local_authority\"}, {\"code\": \"ZAV\", "
    "\"name\": \"Alder Vale NHS FT\", \"kind\": \"nhs_trust\"}],\"functions\": [ {\"code\": \"amhp\", \"name\": "
    "\"Approved mental health professional\"}, {\"code\": \"liaison\", \"name\": \"Liaison psychiatry\"}],\"places\": "
    "[ {\"code\": \"X06000001\", \"name\": \"Fenmere\", \"kind\": \"council_area\"}, {\"code\": \"ZED01\", \"name\": "
    "\"St Oswin's Hospital, Alderbrook\", \"kind\": \"emergency_department\",  \"parents\": [\"X06000001\"]}, {\"code\": "
    "\"ZED02\", \"name\": \"Northgate Hospital\", \"kind\": \"emergency_department\"}, {\"code\": \"X06000002\", \"name\": "
    "\"Marsh\", \"kind\": \"council_area\"}],\"people\": [ {\"id\": \"jo-jones\", \"name\": \"J Jones\", \"organisation\": "
    "\"ZFC\", \"aliases\": [\"JJ\"], \"roles\": [\"amhp\"],  \"work_phone\": \"+441632960123\"}, {\"id\": \"s-ahmed\", "
    "\"name\": \"S Ahmed\", \"organisation\": \"ZFC\", \"roles\": [\"amhp\"]}, {\"id\": \"p-lee\", \"name\": \"P Lee\", "
    "\"organisation\": \"ZAV\", \"roles\": [\"liaison\"]}],\"services\": [ {\"id\": \"fenmere-amhp\", \"name\": "
    "\"Fenmere AMHP duty\", \"function\": \"amhp\", \"organisation\": \"ZFC\",  \"places\": [\"X06000001\", \"ZED01\"], "
    "\"phone\": \"+441632960456\",  \"fallback\": {\"text\": \"Ring the Emergency Duty Team\", \"phone\": "
    "\"+441632960111\"}}, {\"id\": \"oswin-liaison\", \"name\": \"St Oswin's liaison\", \"function\": \"liaison\", "
    "\"organisation\": \"ZAV\",  \"places\": [\"ZED01\"], \"phone\": \"+441632960789\"}],\"rotas\": [ {\"id\": "
    "\"amhp-duty\", \"service\": \"fenmere-amhp\", \"tier\": 1,  \"source\": {\"kind\": \"ical_url\", \"url\": "
    "\"https://example.org/secret-amhp.ics\", \"every_minutes\": 5},  \"reading\": {\"team_names\": [\"AMHP hub\"]}}, "
    "{\"id\": \"amhp-second\", \"service\": \"fenmere-amhp\", \"tier\": 2, \"source\": {\"kind\": \"file\"},  \"reading\": "
    "{\"tentative_counts\": true}}, {\"id\": \"liaison-rota\", \"service\": \"oswin-liaison\", \"tier\": 1, \"source\": "
    "{\"kind\": \"file\"}}, {\"id\": \"leave-fenmere\", \"organisation\": \"ZFC\", \"absences\": true, \"source\": "
    "{\"kind\": \"file\"}}],\"requirements\": [ {\"id\": \"R01\", \"place\": \"ZED01\", \"function\": \"amhp\", \"count\": "
    "1,  \"hours\": [{\"days\": [\"all\"], \"from\": \"00:00\", \"to\": \"24:00\"}]}, {\"id\": \"R02\", \"place\": "
    "\"ZED01\", \"function\": \"amhp\", \"count\": 2, \"pack\": \"council-amhp\", \"hours\": [{\"days\": [\"mon\", \"tue\", \"wed\", \"thu\", "
    "\"fri\"], \"from\": \"09:00\", \"to\": \"17:00\"}]}],\"accounts\": [ {\"name\": \"oswins-ed\", \"kind\": \"device\", "
    "\"role\": \"viewer\", \"places\": [\"ZED01\"]}, {\"name\": \"fenmere-all\", \"kind\": \"person\", \"role\": "
    "\"viewer\", \"places\": [\"X06000001\"]}, {\"name\": \"switch\", \"kind\": \"person\", \"role\": \"switchboard\"}, "
    "{\"name\": \"board\", \"kind\": \"person\", \"role\": \"commissioner\"}, {\"name\": \"zfc-rotas\", \"kind\": "
    "\"person\", \"role\": \"rota_manager\", \"organisation\": \"ZFC\"}, {\"name\": \"reviewer\", \"kind\": \"person\", "
    "\"role\": \"auditor\"}, {\"name\": \"chief\", \"kind\": \"person\", \"role\": \"administrator\"}]}";

static struct accounts *
accounts_of(const struct region *region)
{
	struct arena *arena = arena_new(0);
	struct account *items = arena_array(arena, region->naccounts, sizeof *items);

	for (uint32_t i = 0; i < region->naccounts; i++) {
		const struct region_account *from = &region->accounts[i];
		const char **places = arena_array(arena, from->places.count + 1, sizeof *places);

		for (uint32_t j = 0; j < from->places.count; j++)
			places[j] = region->places[from->places.items[j]].code;
		items[i] = (struct account){
		    .name = from->name,
		    .kind = from->kind,
		    .organisation = from->organisation == REGION_NONE
					? NULL
					: region->organisations[from->organisation].code,
		    .places = places,
		    .nplaces = from->places.count,
		};
		INVARIANT(account_role_of(from->role, &items[i].role));
	}
	return accounts_new(arena,
	    &(struct accounts_read){.version = 1, .items = items, .count = region->naccounts});
}

void
atlas_open(struct atlas *atlas)
{
	atlas_open_region(atlas, atlas_region);
}

/* A region of a test that cannot be read is a fault of the test. */
static void
tell_unreadable(int64_t version, const char *path)
{
	fatal(
	    "the region of this test cannot be read (version %lld): %s", (long long)version, path);
}

void
atlas_open_region(struct atlas *atlas, const char *region)
{
	struct snapshot_region *setup;
	size_t len;

	*atlas = (struct atlas){0};
	INVARIANT(zonedb_open("/usr/share/zoneinfo", &atlas->zones) == STATUS_OK);
	INVARIANT(file_read(SOURCE_ROOT "/server/model/bank_holidays.csv", 1 << 20,
		      &atlas->holidays, &len) == STATUS_OK);
	atlas->tools = (struct snapshot_tools){.zones = atlas->zones,
	    .holidays_csv = {atlas->holidays, len},
	    .unreadable = tell_unreadable};
	INVARIANT(snapshot_region_read(&atlas->tools, 7, slice_of(region), &setup) == STATUS_OK);
	atlas->tools.unreadable = NULL;
	atlas->region = setup->region;
	atlas->map = snapshot_new(setup, accounts_of(setup->region));
	atlas->map->mark =
	    (struct map_mark){.epoch = 1, .version = 8123, .flag_epoch = 1, .flag_seq = 8124};
	atlas->map->window =
	    (struct span_time){ATLAS_NOW - 86400, ATLAS_NOW + 401 * (int64_t)86400};
	for (uint32_t i = 0; i < setup->region->nrotas; i++)
		atlas_feed(atlas, setup->region->rotas[i].id, 60);
	snapshot_store_show(&atlas->store, atlas->map);
	atlas->store.checked_at = ATLAS_NOW - 1;
	atlas->store.checked_boot_ms = -1000;
	atlas->store.seen_database = true;
}

void
atlas_open_quoted(struct atlas *atlas, const char *region)
{
	size_t len = strlen(region);
	char *json = xmalloc(len + 1);

	for (size_t i = 0; i <= len; i++)
		json[i] = region[i] == '\'' ? '"' : region[i];
	atlas_open_region(atlas, json);
	free(json);
}

void
atlas_close(struct atlas *atlas)
{
	snapshot_store_drop(&atlas->store);
	zonedb_free(atlas->zones);
	free(atlas->holidays);
}

uint32_t
atlas_place(const struct atlas *atlas, const char *code)
{
	return table_get(&atlas->region->place_by_code, code);
}

uint32_t
atlas_rota(const struct atlas *atlas, const char *id)
{
	return table_get(&atlas->region->rota_by_id, id);
}

const struct account *
atlas_account(const struct atlas *atlas, const char *name)
{
	const struct accounts *accounts = atlas->map->accounts;

	return &accounts->items[table_get(&accounts->by_name, name)];
}

void
atlas_shift(struct atlas *atlas, const char *rota, int64_t id, enum kept_class class,
    const char *person, const char *team, double from_hours, double to_hours)
{
	uint32_t index = atlas_rota(atlas, rota);
	struct rota_builder *builder = rota_builder_new();

	rota_builder_add_block(builder, atlas->map->rotas[index], NULL, 0);
	rota_builder_add(builder,
	    &(struct shift_row){
		.id = id,
		.class = class,
		.person = person ? table_get(&atlas->region->person_by_id, person) : REGION_NONE,
		.team = team,
		.title = "On call",
		.start = ATLAS_NOW + (int64_t)(from_hours * 3600),
		.end = ATLAS_NOW + (int64_t)(to_hours * 3600),
	    });
	snapshot_set_rota(atlas->map, index, rota_builder_take(builder));
	rota_builder_free(builder);
	snapshot_gather_absences(atlas->map);
}

static uint32_t
person_of(const struct atlas *atlas, const char *id)
{
	return id ? table_get(&atlas->region->person_by_id, id) : REGION_NONE;
}

void
atlas_override(struct atlas *atlas, const char *rota, int64_t id, const char *person,
    const char *instead, const char *third, double from_hours, double to_hours)
{
	uint32_t index = atlas_rota(atlas, rota);
	struct rota_builder *builder = rota_builder_new();

	rota_builder_add_block(builder, atlas->map->rotas[index], NULL, 0);
	rota_builder_add(
	    builder, &(struct shift_row){
			 .id = 1000 + id,
			 .person = person_of(atlas, person),
			 .start = ATLAS_NOW + (int64_t)(from_hours * 3600),
			 .end = ATLAS_NOW + (int64_t)(to_hours * 3600),
			 .override =
			     {
				 .id = id,
				 .instead = person_of(atlas, instead),
				 .made_at = ATLAS_NOW - 3600,
				 .made_by = "zfc-rotas",
				 .note = "By phone",
				 .standing = third ? OVERRIDE_ANOTHER_PERSON : OVERRIDE_WAITING,
				 .third = {person_of(atlas, third)},
				 .nthird = third != NULL,
			     },
		     });
	snapshot_set_rota(atlas->map, index, rota_builder_take(builder));
	rota_builder_free(builder);
}

void
atlas_feed(struct atlas *atlas, const char *rota, int64_t age_seconds)
{
	uint32_t index = atlas_rota(atlas, rota);
	bool url = atlas->region->rotas[index].source == REGION_SOURCE_URL;
	struct feed_facts facts;

	memset(&facts, 0, sizeof facts);
	facts.kind = url ? FEED_URL : FEED_FILE;
	facts.standing = age_seconds == INSTANT_NEVER ? FEED_NEVER : FEED_GOOD;
	facts.last_good_at = age_seconds == INSTANT_NEVER ? INSTANT_NEVER : ATLAS_NOW - age_seconds;
	facts.last_change_at = facts.last_attempt_at = facts.last_good_at;
	facts.horizon =
	    age_seconds == INSTANT_NEVER ? INSTANT_NEVER : ATLAS_NOW + 30 * (int64_t)86400;
	facts.next_at = ATLAS_NOW + 240;
	facts.every_seconds = 300;
	snapshot_set_feed(atlas->map, index, kept_feed_new(&facts, NULL, NULL));
}

void
atlas_fault(struct atlas *atlas, const char *rota, enum feed_standing standing, const char *fault)
{
	uint32_t index = atlas_rota(atlas, rota);
	struct feed_facts facts = atlas->map->feeds[index]->facts;

	facts.standing = standing;
	snapshot_set_feed(atlas->map, index,
	    kept_feed_new(&facts, fault, "[{\"kind\": \"stamps\", \"text\": \"x\"}]"));
}

void
atlas_gap(struct atlas *atlas, const char *requirement, const char *place, const char *id,
    double from_hours, double to_hours)
{
	struct gap_row row = {
	    .id = id,
	    .start = ATLAS_NOW + (int64_t)(from_hours * 3600),
	    .end = ATLAS_NOW + (int64_t)(to_hours * 3600),
	    .opened_at = ATLAS_NOW - 600,
	    .changed_at = ATLAS_NOW - 600,
	    .state = "gap",
	    .cause = "silent",
	    .required = 1,
	    .told = true,
	    .lead = true,
	};

	snapshot_set_gaps(
	    atlas->map, snapshot_demand(atlas->map, requirement, place), gap_block_new(&row, 1));
}
