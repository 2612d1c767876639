/* SPDX-License-Identifier: MIT */
#include "tests/unit/server/api/unit.h"

#include "server/api/ask/rights.h"
#include "server/api/ask/rights_links.h"
#include "server/api/ask/rights_months.h"
#include "tests/unit/server/api/atlas.h"

/* Rights as a table: the accounts of the atlas against everything. */

static struct atlas atlas;

static int
set_up(void **state)
{
	(void)state;
	atlas_open(&atlas);
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	atlas_close(&atlas);
	return 0;
}

static void
sight_and_rights_by_role(void **state)
{
	static const struct {
		const char *account;
		enum sight sight;
		bool change, review, administer;
		bool changes; /* anything: a commissioner answers for gaps */
	} rows[] = {
	    {"oswins-ed", SIGHT_NAMES, false, false, false, false},
	    {"switch", SIGHT_MOBILES, false, false, false, false},
	    {"board", SIGHT_COUNTS, false, false, false, true},
	    {"zfc-rotas", SIGHT_NAMES, true, false, false, true},
	    {"reviewer", SIGHT_NAMES, false, true, false, false},
	    {"chief", SIGHT_MOBILES, true, true, true, true},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const struct account *account = atlas_account(&atlas, rows[i].account);

		assert_int_equal(rights_sight(account), rows[i].sight);
		assert_true(rights_has(account, RIGHT_READ));
		assert_int_equal(rights_has(account, RIGHT_CHANGE), rows[i].change);
		assert_int_equal(rights_has(account, RIGHT_REVIEW), rows[i].review);
		assert_int_equal(rights_has(account, RIGHT_ADMINISTER), rows[i].administer);
		assert_int_equal(rights_changes(account), rows[i].changes);
		assert_int_equal(rights_has(account, RIGHT_SET_UP), rows[i].changes);
		assert_int_equal(
		    rights_has(account, RIGHT_SET_UP_READ), rows[i].changes || rows[i].review);
		assert_true(rights_has(account, RIGHT_NONE));
	}
}

static void
without_the_scope_for_numbers_names_are_seen(void **state)
{
	static const char *const names[] = {"switch", "chief"};

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct account account = *atlas_account(&atlas, names[i]);

		account.no_numbers = true;
		assert_int_equal(rights_sight(&account), SIGHT_NAMES);
	}
}

/* A proposal is seen by those who review the rota: all, or those of its places. */
static void
a_rota_is_reviewed_where_it_serves(void **state)
{
	struct account reviewer = *atlas_account(&atlas, "reviewer");
	uint32_t amhp = atlas_rota(&atlas, "amhp-duty");
	const char *place = "ZED01";

	(void)state;
	assert_true(rights_reviews_rota(atlas.region, &reviewer, amhp));
	assert_true(rights_reviews_rota(atlas.region, &reviewer, REGION_NONE));
	assert_false(rights_reviews_rota(atlas.region, atlas_account(&atlas, "zfc-rotas"), amhp));
	reviewer.places = &place;
	reviewer.nplaces = 1;
	for (uint32_t rota = 0; rota < atlas.region->nrotas; rota++)
		assert_int_equal(rights_reviews_rota(atlas.region, &reviewer, rota),
		    rights_rota(atlas.region, &reviewer, rota));
	assert_true(rights_reviews_rota(atlas.region, &reviewer, amhp));
	assert_false(rights_reviews_rota(atlas.region, &reviewer, REGION_NONE));
	place = "ZED02";
	assert_false(rights_reviews_rota(atlas.region, &reviewer, amhp));
}

/* A rota of no organisation: only an administrator's. */
static void
a_rota_of_nobody_is_changed_by_administrators_only(void **state)
{
	struct region region = *atlas.region;
	struct region_rota rota = region.rotas[atlas_rota(&atlas, "leave-fenmere")];

	(void)state;
	region.rotas = &rota;
	rota.organisation = REGION_NONE;
	assert_true(rights_change_rota(&region, atlas_account(&atlas, "chief"), 0));
	assert_false(rights_change_rota(&region, atlas_account(&atlas, "zfc-rotas"), 0));
}

/* holds: H12.3 H13.1 */
static void
places_reach_down_and_not_up_or_aside(void **state)
{
	static const struct {
		const char *account, *place;
		bool may;
	} rows[] = {
	    {"oswins-ed", "ZED01", true},
	    {"oswins-ed", "X06000001", false},
	    {"oswins-ed", "ZED02", false},
	    {"fenmere-all", "X06000001", true},
	    {"fenmere-all", "ZED01", true},
	    {"fenmere-all", "ZED02", false},
	    {"fenmere-all", "X06000002", false},
	    {"switch", "X06000002", true},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		assert_int_equal(rights_place(atlas.region, atlas_account(&atlas, rows[i].account),
				     atlas_place(&atlas, rows[i].place)),
		    rows[i].may);
}

static void
rotas_are_changed_by_their_own_organisation(void **state)
{
	static const struct {
		const char *account, *rota;
		bool may_see, may_change;
	} rows[] = {
	    {"zfc-rotas", "amhp-duty", true, true},
	    {"zfc-rotas", "leave-fenmere", true, true},
	    {"zfc-rotas", "liaison-rota", true, false},
	    {"chief", "liaison-rota", true, true},
	    {"oswins-ed", "amhp-duty", true, false},
	    {"oswins-ed", "leave-fenmere", false, false},
	    {"reviewer", "leave-fenmere", true, false},
	    {"switch", "amhp-duty", true, false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const struct account *account = atlas_account(&atlas, rows[i].account);
		uint32_t rota = atlas_rota(&atlas, rows[i].rota);

		assert_int_equal(rights_rota(atlas.region, account, rota), rows[i].may_see);
		assert_int_equal(
		    rights_change_rota(atlas.region, account, rota), rows[i].may_change);
	}
}

/* With places of its own an account sees the rotas that serve there, and those that it may change. */
static void
an_account_of_one_place_sees_the_rotas_of_it_and_its_own(void **state)
{
	static const struct {
		const char *place, *rota;
		enum account_role role;
		bool may_see;
	} rows[] = {
	    {"ZED01", "amhp-duty", ROLE_VIEWER, true},
	    {"ZED02", "amhp-duty", ROLE_VIEWER, false},
	    {"ZED02", "amhp-duty", ROLE_COMMISSIONER, false},
	    {"ZED02", "amhp-duty", ROLE_ROTA_MANAGER, true},
	    {"ZED02", "liaison-rota", ROLE_ROTA_MANAGER, false},
	    {"ZED02", "leave-fenmere", ROLE_ROTA_MANAGER, true},
	    {"ZED01", "leave-fenmere", ROLE_VIEWER, false},
	    {"ZED02", "liaison-rota", ROLE_ADMINISTRATOR, true},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const struct account account = {.name = "somebody",
		    .kind = "person",
		    .role = rows[i].role,
		    .organisation = "ZFC",
		    .places = &rows[i].place,
		    .nplaces = 1};

		if (rights_rota(atlas.region, &account, atlas_rota(&atlas, rows[i].rota)) !=
		    rows[i].may_see)
			fail_msg("row %zu: %s", i, rows[i].rota);
	}
}

static void
services_are_seen_where_they_serve(void **state)
{
	static const struct {
		const char *account, *rota; /* the service of that rota */
		bool may_see;
	} rows[] = {
	    {"switch", "amhp-duty", true}, /* accounts without places see every service */
	    {"switch", "liaison-rota", true},
	    {"oswins-ed", "amhp-duty", true},
	    {"fenmere-all", "amhp-duty", true},
	};
	struct account nowhere = {.name = "wall", .kind = "device", .role = ROLE_VIEWER};
	const char *place = "ZED02";

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		uint32_t rota = atlas_rota(&atlas, rows[i].rota);

		assert_int_equal(
		    rights_service(atlas.region, atlas_account(&atlas, rows[i].account),
			atlas.region->rotas[rota].service),
		    rows[i].may_see);
	}
	nowhere.places = &place;
	nowhere.nplaces = 1;
	assert_false(rights_service(
	    atlas.region, &nowhere, atlas.region->rotas[atlas_rota(&atlas, "amhp-duty")].service));
}

static uint32_t
person_of(const char *id)
{
	for (uint32_t i = 0; i < atlas.region->npeople; i++)
		if (strcmp(region_person(atlas.region, i)->id, id) == 0)
			return i;
	fail_msg("the atlas has no %s", id);
	return REGION_NONE;
}

/* Only an administrator, and a rota manager of the person's or the rota's own organisation. */
static void
people_and_rotas_are_their_own_organisations(void **state)
{
	static const struct {
		enum account_role role;
		const char *organisation;
		bool fenmere, alder; /* jo-jones and amhp-duty; p-lee and liaison-rota */
	} rows[] = {
	    {ROLE_ADMINISTRATOR, NULL, true, true},
	    {ROLE_ADMINISTRATOR, "ZAV", true, true},
	    {ROLE_ROTA_MANAGER, "ZFC", true, false},
	    {ROLE_ROTA_MANAGER, "ZAV", false, true},
	    {ROLE_ROTA_MANAGER, NULL, false, false},
	    {ROLE_COMMISSIONER, "ZFC", false, false},
	    {ROLE_AUDITOR, "ZFC", false, false},
	    {ROLE_SWITCHBOARD, "ZFC", false, false},
	    {ROLE_VIEWER, "ZFC", false, false},
	};
	uint32_t demand = snapshot_demand(atlas.map, "R01", "ZED01");

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const struct account account = {.name = "somebody",
		    .kind = "person",
		    .role = rows[i].role,
		    .organisation = rows[i].organisation};
		const struct region *region = atlas.region;

		assert_int_equal(
		    rights_speaks_for(region, &account, person_of("jo-jones")), rows[i].fenmere);
		assert_int_equal(
		    rights_speaks_for(region, &account, person_of("p-lee")), rows[i].alder);
		assert_int_equal(
		    rights_change_rota(region, &account, atlas_rota(&atlas, "amhp-duty")),
		    rows[i].fenmere);
		assert_int_equal(
		    rights_change_rota(region, &account, atlas_rota(&atlas, "liaison-rota")),
		    rows[i].alder);
		/* R01 is of amhp: its rotas are Fenmere's. */
		assert_int_equal(rights_answer_for(region, &account, demand), rows[i].fenmere);
	}
}

/* Nobody's rota supplies it: every rota manager may say that a gap is known. */
static void
a_gap_without_rotas_is_answered_for_by_any_rota_manager(void **state)
{
	uint32_t demand = snapshot_demand(atlas.map, "R01", "ZED01");
	struct region region = *atlas.region;
	struct region_demand asked = region.demands[demand];
	const struct account manager = {
	    .name = "other", .kind = "person", .role = ROLE_ROTA_MANAGER, .organisation = "ZAV"};
	const struct account viewer = {.name = "viewer", .kind = "person", .role = ROLE_VIEWER};

	(void)state;
	asked.rotas.count = 0;
	region.demands = &asked;
	region.ndemands = 1;
	assert_true(rights_answer_for(&region, &manager, 0));
	assert_false(rights_answer_for(&region, &viewer, 0));
	assert_true(rights_answer_at_all(&region, &manager));
	assert_false(rights_answer_at_all(&region, &viewer));
}

/* A requirement names an organisation: its rota managers and commissioners, and nobody else. */
static void
an_organisation_that_is_named_answers_through_two_roles(void **state)
{
	static const enum account_role roles[] = {ROLE_VIEWER, ROLE_SWITCHBOARD, ROLE_ROTA_MANAGER,
	    ROLE_COMMISSIONER, ROLE_AUDITOR, ROLE_ADMINISTRATOR};
	uint32_t demand = snapshot_demand(atlas.map, "R01", "ZED01");
	struct region region = *atlas.region;
	struct region_requirement requirement =
	    region.requirements[region.demands[demand].requirement];

	(void)state;
	region.requirements = &requirement;
	requirement.owner = NULL;
	requirement.ncommissioners = 0;
	requirement.deputy = "ZAV";
	for (size_t i = 0; i < sizeof roles / sizeof *roles; i++) {
		struct account account = {.name = "somebody", .kind = "person", .role = roles[i]};
		bool may = roles[i] == ROLE_ROTA_MANAGER || roles[i] == ROLE_COMMISSIONER;

		assert_false(rights_named(&region, &account, 0));
		account.organisation = "ZFC";
		assert_false(rights_named(&region, &account, 0));
		account.organisation = "ZAV";
		assert_int_equal(rights_named(&region, &account, 0), may);
		account.name = "ZAV"; /* by its own name, whatever its role */
		assert_true(rights_named(&region, &account, 0));
	}
}

static void
a_gap_is_answered_for_by_who_could_fill_it(void **state)
{
	uint32_t demand = snapshot_demand(atlas.map, "R01", "ZED01");

	(void)state;
	assert_true(rights_answer_for(atlas.region, atlas_account(&atlas, "zfc-rotas"), demand));
	assert_true(rights_answer_for(atlas.region, atlas_account(&atlas, "chief"), demand));
	assert_false(rights_answer_for(atlas.region, atlas_account(&atlas, "board"), demand));
	assert_false(rights_answer_for(atlas.region, atlas_account(&atlas, "switch"), demand));
}

/* Those that supply it now, and not one more. */
static void
a_rota_that_does_not_supply_gives_no_right(void **state)
{
	uint32_t demand = snapshot_demand(atlas.map, "R01", "ZED01");
	uint32_t rotas[] = {atlas_rota(&atlas, "liaison-rota"), atlas_rota(&atlas, "amhp-duty")};
	struct region region = *atlas.region;
	struct region_demand asked = region.demands[demand];
	const struct account manager = {
	    .name = "other", .kind = "person", .role = ROLE_ROTA_MANAGER, .organisation = "ZFC"};

	(void)state;
	region.demands = &asked;
	region.ndemands = 1;
	asked.rotas = (struct region_list){rotas, 1};
	assert_false(rights_answer_for(&region, &manager, 0));
	asked.rotas.count = 2;
	assert_true(rights_answer_for(&region, &manager, 0));
}

/* Accounts that a requirement names may act on its gaps: an account by its name, rota managers and
 * commissioners by their organisation too. A screen on a wall is nobody who can take a gap on, even
 * if the file names it, or gives it the role of somebody who could. */
static void
a_device_takes_on_no_gap(void **state)
{
	uint32_t demand = snapshot_demand(atlas.map, "R01", "ZED01");
	struct region region = *atlas.region;
	struct region_requirement requirement =
	    region.requirements[region.demands[demand].requirement];
	struct region_demand asked = region.demands[demand];
	struct account account = {.name = "wall", .role = ROLE_COMMISSIONER, .organisation = "ZAV"};
	static const char *const kinds[] = {"person", "program", "device"};
	static const struct region_commissioner alone = {"ZAV", 1, 1};

	(void)state;
	asked.requirement = 0;
	region.requirements = &requirement;
	region.nrequirements = 1;
	region.demands = &asked;
	region.ndemands = 1;
	for (size_t i = 0; i < 3; i++) {
		bool may = strcmp(kinds[i], "device") != 0;

		account.kind = kinds[i];
		requirement.owner = "wall";
		assert_int_equal(rights_named(&region, &account, 0), may);
		assert_int_equal(rights_answer_at_all(&region, &account), may);
		assert_int_equal(rights_answer_for(&region, &account, 0), may);
		requirement.owner = NULL;
		requirement.commissioners = &alone;
		requirement.ncommissioners = 1;
		assert_int_equal(rights_answer_for(&region, &account, 0), may);
		requirement.ncommissioners = 0;
		assert_false(rights_answer_for(&region, &account, 0));
		account.role = ROLE_ADMINISTRATOR;
		assert_int_equal(rights_answer_for(&region, &account, 0), may);
		assert_int_equal(rights_answer_at_all(&region, &account), may);
		account.role = ROLE_COMMISSIONER;
	}
}

/* Also at a place that is none of the account's: an account that commissions cover there sees it. */
static void
a_commissioner_sees_the_cover_of_its_requirements(void **state)
{
	uint32_t demand = snapshot_demand(atlas.map, "R01", "ZED01"), here;
	static const struct region_commissioner alone = {"ZAV", 1, 1};
	const char *elsewhere = "X06000002";
	struct region region = *atlas.region;
	struct region_requirement *requirements =
	    calloc(region.nrequirements, sizeof *requirements);
	struct account account = {.name = "board",
	    .kind = "person",
	    .role = ROLE_COMMISSIONER,
	    .organisation = "ZAV",
	    .places = &elsewhere,
	    .nplaces = 1};

	(void)state;
	memcpy(requirements, region.requirements, region.nrequirements * sizeof *requirements);
	for (uint32_t i = 0; i < region.nrequirements; i++)
		requirements[i].ncommissioners = 0;
	region.requirements = requirements;
	here = region.demands[demand].place;
	assert_false(rights_place(&region, &account, here));
	assert_false(rights_sees_cover(&region, &account, here));
	requirements[region.demands[demand].requirement].commissioners = &alone;
	requirements[region.demands[demand].requirement].ncommissioners = 1;
	assert_true(rights_sees_cover(&region, &account, here));
	account.role = ROLE_VIEWER;
	assert_false(rights_sees_cover(&region, &account, here));
	free(requirements);
}

/* Who looks after the place, and who looks after rotas of an organisation that serves it. */
static void
who_reads_the_months_of_a_place(void **state)
{
	const struct region *region = atlas.region;
	const struct region_demand *demand =
	    &region->demands[snapshot_demand(atlas.map, "R01", "ZED01")];
	const struct region_service *service = &region->services[demand->services.items[0]];
	const char *serves = region->organisations[service->organisation].code;
	const char *elsewhere = "X06000002";
	const struct {
		enum account_role role;
		const char *organisation;
		bool may;
	} cases[] = {
	    {ROLE_COMMISSIONER, NULL, true},
	    {ROLE_PLACE_MANAGER, NULL, true},
	    {ROLE_AUDITOR, NULL, true},
	    {ROLE_ADMINISTRATOR, NULL, true},
	    {ROLE_VIEWER, serves, false},
	    {ROLE_ROTA_MANAGER, serves, true},
	    {ROLE_ORGANISATION_ADMINISTRATOR, serves, true},
	    {ROLE_ROTA_MANAGER, "none of these", false},
	    {ROLE_ROTA_MANAGER, NULL, false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct account account = {.name = "a",
		    .kind = "person",
		    .role = cases[i].role,
		    .organisation = cases[i].organisation};

		assert_int_equal(
		    rights_reads_months(region, &account, demand->place), cases[i].may);
		account.places = &elsewhere;
		account.nplaces = 1;
		assert_false(rights_reads_months(region, &account, demand->place));
		account.nplaces = 0;
		account.kind = "device";
		assert_false(rights_reads_months(region, &account, demand->place));
	}
}

/* Places of others that it may look at for a while, beside its own. */
static void
a_place_is_looked_at_until_its_time_is_over(void **state)
{
	static const struct account_glass glass[] = {{"ZED02", 1000}, {"X06000002", 2000}};
	const char *place = "ZED01";
	struct account account = {.name = "a",
	    .kind = "person",
	    .role = ROLE_VIEWER,
	    .places = &place,
	    .nplaces = 1,
	    .glass = glass,
	    .nglass = 2};
	struct arena *arena = arena_new(0);
	const struct account *more = rights_with_glass(arena, &account, 999);

	(void)state;
	assert_int_equal(more->nplaces, 3);
	assert_true(rights_place(atlas.region, more, atlas_place(&atlas, "ZED01")));
	assert_true(rights_place(atlas.region, more, atlas_place(&atlas, "ZED02")));
	assert_false(rights_place(atlas.region, more, atlas_place(&atlas, "X06000001")));
	more = rights_with_glass(arena, &account, 1000);
	assert_int_equal(more->nplaces, 2);
	assert_false(rights_place(atlas.region, more, atlas_place(&atlas, "ZED02")));
	assert_true(rights_place(atlas.region, more, atlas_place(&atlas, "X06000002")));
	assert_int_equal(account.nplaces, 1);
	/* Without any, and where every place is its own already. */
	account.nglass = 0;
	assert_ptr_equal(rights_with_glass(arena, &account, 0), &account);
	account.nglass = 2;
	account.nplaces = 0;
	assert_ptr_equal(rights_with_glass(arena, &account, 0), &account);
	arena_free(arena);
}

/* What each account may give out: one thing of either organisation. */
static void
links_are_made_by_who_answers_for_the_thing(void **state)
{
	static const struct {
		const char *account;
		bool rota, service, person, gaps; /* of Fenmere, and the gaps at ZED01 */
	} rows[] = {
	    {"oswins-ed", false, false, false, false},
	    {"fenmere-all", false, false, false, false},
	    {"switch", false, false, false, false},
	    {"board", false, false, false, true},
	    {"zfc-rotas", true, true, true, true},
	    {"reviewer", false, false, false, false},
	    {"chief", true, true, true, true},
	};
	static const struct {
		enum link_kind kind;
		const char *own, *other;
	} things[] = {{LINK_ROTA, "amhp-duty", "liaison-rota"},
	    {LINK_SERVICE, "fenmere-amhp", "oswin-liaison"}, {LINK_PERSON, "jo-jones", "p-lee"},
	    {LINK_GAPS, "ZED01", "ZED02"}};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct account account = *atlas_account(&atlas, rows[i].account);
		const bool may[] = {rows[i].rota, rows[i].service, rows[i].person, rows[i].gaps};
		bool chief = account.role == ROLE_ADMINISTRATOR;

		for (size_t j = 0; j < 4; j++) {
			uint32_t own =
			    rights_link_thing(atlas.region, things[j].kind, things[j].own);
			uint32_t other =
			    rights_link_thing(atlas.region, things[j].kind, things[j].other);
			struct token_link link = {things[j].kind, things[j].own, false};

			assert_string_equal(
			    rights_link_code(atlas.region, things[j].kind, own), things[j].own);
			if (rights_link(atlas.region, &account, things[j].kind, own) != may[j])
				fail_msg("%s: %s", rows[i].account, things[j].own);
			if (things[j].kind != LINK_GAPS)
				assert_int_equal(
				    rights_link(atlas.region, &account, things[j].kind, other),
				    chief);
			/* A thing that has gone is the administrator's to clear away. */
			assert_int_equal(
			    rights_link(atlas.region, &account, things[j].kind, REGION_NONE),
			    chief);
			/* And a link opens its own thing alone. */
			assert_int_equal(
			    rights_link_opens(atlas.region, &account, &link, own), may[j]);
			assert_false(rights_link_opens(atlas.region, &account, &link, other));
			assert_false(rights_link_opens(atlas.region, &account, &link, REGION_NONE));
		}
		/* Not from a screen on a wall, whatever its role. */
		account.kind = "device";
		assert_false(rights_link(atlas.region, &account, LINK_ROTA, 0));
	}
	assert_int_equal(rights_link_thing(atlas.region, LINK_ROTA, "none"), REGION_NONE);
	assert_int_equal(rights_link_thing(atlas.region, LINK_NONE, "amhp-duty"), REGION_NONE);
}

/* The gaps of a place are given out by who answers for gaps and may look at the place. */
static void
links_to_gaps_are_of_places_that_are_seen(void **state)
{
	static const struct {
		const char *place; /* the one that the account lists */
		bool may;          /* give out those at ZED01 */
	} rows[] = {{"ZED01", true}, {"X06000001", true}, {"ZED02", false}, {"X06000002", false}};
	uint32_t asked = rights_link_thing(atlas.region, LINK_GAPS, "ZED01");

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct account account = *atlas_account(&atlas, "board");
		const char *places[] = {rows[i].place};

		account.places = places;
		account.nplaces = 1;
		assert_int_equal(
		    rights_link(atlas.region, &account, LINK_GAPS, asked), rows[i].may);
	}
}

/* A service of no organisation is the administrator's, and so is what is no thing of a link. */
static void
links_of_what_nobody_answers_for(void **state)
{
	static const struct {
		const char *account;
		enum link_kind kind;
		bool own, nobodys; /* of Fenmere; of no organisation */
	} rows[] = {
	    {"zfc-rotas", LINK_SERVICE, true, false},
	    {"zfc-rotas", LINK_CLOSING, true, false},
	    {"zfc-rotas", LINK_NONE, false, false},
	    {"zfc-rotas", LINK_KINDS, false, false},
	    {"reviewer", LINK_CLOSING, false, false},
	    {"chief", LINK_SERVICE, true, true},
	    {"chief", LINK_CLOSING, true, true},
	    {"chief", LINK_NONE, false, false},
	};
	uint32_t own = rights_link_thing(atlas.region, LINK_CLOSING, "fenmere-amhp");
	struct region region = *atlas.region;
	struct region_service service = region.services[own];

	(void)state;
	assert_int_equal(own, 0);
	service.organisation = REGION_NONE;
	region.services = &service;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const struct account *account = atlas_account(&atlas, rows[i].account);

		assert_int_equal(
		    rights_link(atlas.region, account, rows[i].kind, own), rows[i].own);
		assert_int_equal(rights_link(&region, account, rows[i].kind, own), rows[i].nobodys);
	}
	assert_string_equal(rights_link_code(atlas.region, LINK_CLOSING, own), "fenmere-amhp");
	assert_null(rights_link_code(atlas.region, LINK_NONE, own));
	assert_null(rights_link_code(atlas.region, LINK_KINDS, own));
	assert_int_equal(rights_link_thing(atlas.region, LINK_ROTA, NULL), REGION_NONE);
	assert_int_equal(rights_link_thing(atlas.region, LINK_KINDS, "amhp-duty"), REGION_NONE);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(sight_and_rights_by_role),
	    cmocka_unit_test(without_the_scope_for_numbers_names_are_seen),
	    cmocka_unit_test(a_rota_is_reviewed_where_it_serves),
	    cmocka_unit_test(a_rota_of_nobody_is_changed_by_administrators_only),
	    cmocka_unit_test(a_place_is_looked_at_until_its_time_is_over),
	    cmocka_unit_test(places_reach_down_and_not_up_or_aside),
	    cmocka_unit_test(rotas_are_changed_by_their_own_organisation),
	    cmocka_unit_test(an_account_of_one_place_sees_the_rotas_of_it_and_its_own),
	    cmocka_unit_test(services_are_seen_where_they_serve),
	    cmocka_unit_test(people_and_rotas_are_their_own_organisations),
	    cmocka_unit_test(a_gap_without_rotas_is_answered_for_by_any_rota_manager),
	    cmocka_unit_test(an_organisation_that_is_named_answers_through_two_roles),
	    cmocka_unit_test(a_gap_is_answered_for_by_who_could_fill_it),
	    cmocka_unit_test(a_rota_that_does_not_supply_gives_no_right),
	    cmocka_unit_test(a_device_takes_on_no_gap),
	    cmocka_unit_test(a_commissioner_sees_the_cover_of_its_requirements),
	    cmocka_unit_test(who_reads_the_months_of_a_place),
	    cmocka_unit_test(links_are_made_by_who_answers_for_the_thing),
	    cmocka_unit_test(links_to_gaps_are_of_places_that_are_seen),
	    cmocka_unit_test(links_of_what_nobody_answers_for),
	};

	return cmocka_run_group_tests_name("rights", tests, set_up, tear_down);
}
