/* SPDX-License-Identifier: MIT */
#include "tests/unit/server/api/unit.h"

#include "server/api/ask/rights.h"
#include "server/api/ask/rights_remarks.h"
#include "server/api/ask/rights_second.h"
#include "server/api/ask/rights_setup.h"
#include "tests/unit/server/api/atlas.h"

/* Rights to change and see each object of the set-up, as tables: each change is one edit of the
 * file. */

static const char file[] =
    "{'crisiscover':1,"
    "'organisations':[{'code':'ZFC','name':'Fenmere','kind':'local_authority'},"
    " {'code':'ZAV','name':'Alder Vale','kind':'nhs_trust'}],"
    "'functions':[{'code':'amhp','name':'AMHP'},{'code':'liaison','name':'Liaison'}],"
    "'places':[{'code':'X1','name':'Fenmere','kind':'council_area'},"
    " {'code':'ZED01','name':'Oswin','kind':'emergency_department','parents':['X1']},"
    " {'code':'ZED02','name':'Northgate','kind':'emergency_department','switchboard':'+441632960999'}],"
    "'people':[{'id':'jo','name':'Jo Jones','organisation':'ZFC','roles':[{'function':'amhp',"
    "  'approved_by':'ZAV','from':'2026-01-01','until':'2029-01-01'},{'function':'liaison'},"
    "{'function':'liaison','approved_by':'ZFC','until':'2026-01-01'}]},"
    " {'id':'lee','name':'P Lee','organisation':'ZAV','roles':['liaison']}],"
    "'services':[{'id':'amhp','name':'AMHP duty','function':'amhp','organisation':'ZFC','places':['ZED01'],"
    "  'phone':'+441632960456','fallback':{'text':'Ring','phone':'+441632960112'}},"
    " {'id':'north','name':'North','function':'liaison','organisation':'ZAV','places':['ZED02']}],"
    "'rotas':[{'id':'duty','service':'amhp','tier':1,'source':{'kind':'file'}},"
    " {'id':'north','service':'north','tier':1,'source':{'kind':'file'}}],"
    "'requirements':[{'id':'R1','place':'ZED01','function':'amhp','count':2,"
    "  'hours':[{'days':['all'],'from':'00:00','to':'24:00'}]},"
    " {'id':'R2','place':'ZED02','function':'liaison','count':1,"
    "  'hours':[{'days':['all'],'from':'00:00','to':'24:00'}]}],"
    "'accounts':[{'name':'viewer','kind':'person','role':'viewer'},"
    " {'name':'switchboard','kind':'person','role':'switchboard'},"
    " {'name':'rotas','kind':'person','role':'rota_manager','organisation':'ZFC'},"
    " {'name':'homeless','kind':'person','role':'rota_manager'},"
    " {'name':'board','kind':'person','role':'commissioner','places':['X1']},"
    " {'name':'nowhere','kind':'person','role':'commissioner'},"
    " {'name':'ward','kind':'person','role':'place_manager','places':['ZED01']},"
    " {'name':'ward2','kind':'person','role':'place_manager','places':['ZED02']},"
    " {'name':'wardless','kind':'person','role':'place_manager'},"
    " {'name':'keeper','kind':'person','role':'organisation_administrator','organisation':'ZFC','places':['X1']},"
    " {'name':'auditor','kind':'person','role':'auditor'},"
    " {'name':'local','kind':'person','role':'auditor','places':['ZED01']},"
    " {'name':'chief','kind':'person','role':'administrator'},"
    " {'name':'own','kind':'person','role':'viewer','organisation':'ZFC'},"
    " {'name':'other','kind':'person','role':'viewer','organisation':'ZAV'},"
    " {'name':'wall','kind':'device','role':'viewer','places':['ZED01']},"
    " {'name':'wall2','kind':'device','role':'viewer','places':['ZED02']}]}";

static struct atlas atlas;
static struct arena *arena;

static int
set_up(void **state)
{
	(void)state;
	arena = arena_new(0);
	atlas_open_quoted(&atlas, file);
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	atlas_close(&atlas);
	arena_free(arena);
	return 0;
}

/* The file with ${from} written as ${to}. */
static struct snapshot_region *
edited(const char *from, const char *to)
{
	const char *at = strstr(file, from);
	struct snapshot_region *setup;
	char *text;

	if (at == NULL)
		fail_msg("the file has no %s", from);
	text = arena_printf(arena, "%.*s%s%s", (int)(at - file), file, to, at + strlen(from));
	for (char *c = text; *c != '\0'; c++)
		if (*c == '\'')
			*c = '"';
	if (snapshot_region_read(&atlas.tools, 8, slice_of(text), &setup) != STATUS_OK)
		fail_msg("no region: %s", text);
	return setup;
}

/* The answer to ${account} about the first change of an object ${kind} that the edit makes:
 * "allowed", "second" or "refused", and the key that decides. */
static const char *
heard(const char *account, const char *kind, const char *from, const char *to)
{
	static const char *const verdicts[] = {
	    [SETUP_REFUSED] = "refused", [SETUP_SECOND] = "second", [SETUP_ALLOWED] = "allowed"};
	struct snapshot_region *setup = edited(from, to);
	struct region_changes changes;
	struct setup_answer answer = {0};
	size_t asked = 0;

	region_compare(arena, atlas.region, setup->region, &changes);
	for (size_t i = 0; i < changes.count; i++) {
		if (strcmp(changes.items[i].kind, kind) != 0)
			continue;
		answer = rights_setup_change(&(struct setup_question){atlas.region, setup->region,
						 atlas_account(&atlas, account)},
		    &changes.items[i]);
		asked++;
	}
	assert_int_equal(asked, 1);
	assert_int_equal(answer.verdict == SETUP_ALLOWED, answer.why == NULL);
	snapshot_region_unref(setup);
	return arena_printf(arena, "%s%s%s", verdicts[answer.verdict], answer.key ? " " : "",
	    answer.key ? answer.key : "");
}

#define LAST_ACCOUNT "{'name':'wall2','kind':'device','role':'viewer','places':['ZED02']}"
#define WALL3(kind, role, more)                                                                    \
	LAST_ACCOUNT ",{'name':'wall3','kind':'" kind "','role':'" role "'" more "}"
#define OWN "{'name':'own','kind':'person','role':'viewer','organisation':'ZFC'}"
#define OWN_AS(role, more)                                                                         \
	"{'name':'own','kind':'person','role':'" role "','organisation':'ZFC'" more "}"
#define R1 "{'id':'R1','place':'ZED01','function':'amhp','count':2,"
#define R2_HOURS "'count':1,  'hours':[{'days':['all'],'from':'00:00','to':'24:00'}]}]"
#define R3                                                                                         \
	"'count':1,  'hours':[{'days':['all'],'from':'00:00','to':'24:00'}]},"                     \
	"{'id':'R3','place':'ZED01','function':'amhp','count':1,"                                  \
	"'hours':[{'days':['all'],'from':'00:00','to':'24:00'}]}]"

#define LADDERS_OF "'ladders':[{'function':'liaison','steps':[{'on_call':1}]}]"
#define LADDERS "'name':'Oswin'," LADDERS_OF ","
#define ZED02 ",'switchboard':'+441632960999'}],'people'"
#define FALLBACK "'phone':'+441632960456','fallback':{'text':'Ring','phone':'+441632960112'}"

static const struct edit {
	const char *account, *kind, *from, *to, *heard;
} edits[] = {
    /* Changes that an administrator may make alone, and those that nobody may make alone. */
    {"chief", "organisation", "'name':'Alder Vale'", "'name':'Alder'", "allowed"},
    {"chief", "requirement", R1, "{'id':'R1','place':'ZED01','function':'amhp','count':1,",
	"second count"},
    {"chief", "requirement", R1, "{'id':'R1','place':'ZED01','function':'amhp','count':3,",
	"allowed"},
    {"chief", "requirement", R2_HOURS, R3, "allowed"},
    /* A requirement that is called otherwise is the same one. */
    {"chief", "requirement", R1,
	"{'id':'R9','renamed_from':'R1','place':'ZED01','function':'amhp','count':2,", "allowed"},
    {"chief", "requirement", R1,
	"{'id':'R9','renamed_from':'R1','place':'ZED01','function':'amhp','count':1,",
	"second count"},
    {"chief", "requirement",
	", {'id':'R2','place':'ZED02','function':'liaison','count':1,"
	"  'hours':[{'days':['all'],'from':'00:00','to':'24:00'}]}",
	"", "second"},
    {"chief", "region", "{'crisiscover':1,", "{'crisiscover':1,'time_zone':'Europe/Paris',",
	"second time_zone"},
    {"chief", "region", "{'crisiscover':1,",
	"{'crisiscover':1,'bank_holidays':{'set':'england-and-wales','add':[{'date':'2030-01-02','name':'N'}]},",
	"second bank_holidays"},
    {"chief", "service", "'organisation':'ZFC','places':['ZED01']",
	"'organisation':'ZFC','places':['ZED01','X1']", "second places"},
    {"chief", "service", "'name':'North','function':'liaison'", "'name':'North','function':'amhp'",
	"second function"},
    {"chief", "service", "'name':'AMHP duty'", "'name':'Duty'", "allowed"},
    {"chief", "rota", "{'id':'north','service':'north'", "{'id':'north','service':'amhp'",
	"second service"},
    {"chief", "rota", "{'id':'duty','service':'amhp','tier':1,'source':{'kind':'file'}},", "",
	"second"},
    {"chief", "rota", "'service':'amhp','tier':1", "'service':'amhp','from':'2030-01-01','tier':1",
	"second from"},
    {"chief", "rota", "'service':'amhp','tier':1", "'service':'amhp','until':'2030-01-01','tier':1",
	"second until"},
    /* Numbers that are rung when nobody else is known; a first one replaces none. */
    {"chief", "place", ZED02, ",'switchboard':'+441632960100'}],'people'", "second switchboard"},
    {"chief", "place", ZED02, "}],'people'", "second switchboard"},
    {"chief", "place", "'name':'Oswin',", "'name':'Oswin','switchboard':'+441632960998',",
	"allowed"},
    {"chief", "service", FALLBACK, "'phone':'+441632960456','fallback':{'text':'t'}",
	"second fallback"},
    {"chief", "service", FALLBACK, "'phone':'+441632960456'", "second fallback"},
    {"chief", "service", "'id':'north',", "'id':'north','fallback':{'text':'t'},", "allowed"},
    {"rotas", "service", FALLBACK,
	"'phone':'+441632960456','fallback':{'text':'Ring','phone':'+441632960113'}",
	"second fallback"},
    {"rotas", "service", FALLBACK,
	"'phone':'+441632960457','fallback':{'text':'Ring','phone':'+441632960112'}", "allowed"},
    {"rotas", "region", "{'crisiscover':1,", "{'crisiscover':1,'time_zone':'Europe/Paris',",
	"refused"},
    /* Roles that keep nothing, or nothing of this kind. */
    {"viewer", "person", "'P Lee'", "'P Leigh'", "refused"},
    {"switchboard", "place", "'Northgate'", "'North Gate'", "refused"},
    {"auditor", "account", OWN, OWN_AS("rota_manager", ""), "refused"},
    {"rotas", "place", "'Northgate'", "'North Gate'", "refused"},
    {"board", "rota", "'service':'amhp','tier':1", "'service':'amhp','tier':2", "refused"},
    /* A rota manager: people, services and rotas of its own organisation. */
    {"rotas", "person", "'Jo Jones'", "'Jo Johns'", "allowed"},
    {"rotas", "person", "'name':'Jo Jones'", "'protected':true,'name':'Jo Jones'", "allowed"},
    {"keeper", "person", "'name':'Jo Jones'", "'protected':true,'name':'Jo Jones'", "allowed"},
    {"keeper", "person", "'Jo Jones'", "'Jo Johns'", "refused name"},
    {"keeper", "person", "'name':'P Lee'", "'protected':true,'name':'P Lee'", "refused"},
    {"board", "person", "'name':'Jo Jones'", "'protected':true,'name':'Jo Jones'", "refused"},
    {"rotas", "person", "'P Lee'", "'P Leigh'", "refused"},
    {"homeless", "person", "'Jo Jones'", "'Jo Johns'", "refused"},
    {"rotas", "person", "'id':'jo','name'", "'id':'jj','renamed_from':'jo','name'", "allowed"},
    {"rotas", "person", "'id':'lee','name'", "'id':'ll','renamed_from':'lee','name'", "refused"},
    {"rotas", "service", "'phone':'+441632960456'", "'phone':'+441632960457'", "allowed"},
    {"rotas", "service", "'name':'AMHP duty'", "'name':'Duty'", "refused name"},
    {"rotas", "service", "'organisation':'ZFC','places':['ZED01']",
	"'organisation':'ZFC','places':['ZED01','X1']", "second places"},
    {"rotas", "service", "'organisation':'ZFC','places':['ZED01'],  'phone':'+441632960456'",
	"'organisation':'ZFC','places':['ZED01','X1']", "second places"},
    {"ward2", "place", ZED02, ",'switchboard':'+441632960100'}],'people'", "second switchboard"},
    {"rotas", "rota", "'service':'amhp','tier':1", "'service':'amhp','tier':2", "allowed"},
    {"rotas", "rota", "'service':'amhp','tier':1", "'service':'amhp','until':'2030-01-01','tier':1",
	"second until"},
    {"rotas", "rota", "{'id':'duty','service':'amhp','tier':1,'source':{'kind':'file'}},", "",
	"second"},
    {"rotas", "rota", "{'id':'north','service':'north'", "{'id':'north','service':'amhp'",
	"refused"},
    {"rotas", "rota", "'service':'amhp','tier':1", "'service':'north','tier':1", "refused"},
    {"rotas", "rota", "'service':'amhp','tier':1",
	"'service':'amhp','reading':{'tentative_counts':true},'tier':1", "allowed"},
    {"rotas", "service", "'services':[",
	"'services':[{'id':'new','name':'N','function':'amhp','organisation':'ZFC','places':['ZED01']},",
	"refused"},
    /* An organisation changes its own approvals. */
    {"rotas", "person", "{'function':'liaison'}", "{'function':'liaison','approved_by':'ZAV'}",
	"second roles"},
    {"rotas", "person", "'until':'2026-01-01'}]}", "'until':'2036-01-01'}]}", "allowed"},
    {"rotas", "person", "'until':'2029-01-01'", "'until':'2028-01-01'", "allowed"},
    {"rotas", "person", "'from':'2026-01-01'", "'from':'2026-02-01'", "allowed"},
    {"rotas", "person", "'until':'2029-01-01'", "'until':'2030-01-01'", "second roles"},
    {"rotas", "person", "'from':'2026-01-01'", "'from':'2025-01-01'", "second roles"},
    {"rotas", "person", "'function':'amhp',  'approved_by'", "'function':'liaison','approved_by'",
	"second roles"},
    {"rotas", "person", "'approved_by':'ZAV'", "'approved_by':'ZFC'", "allowed"},
    {"rotas", "person", "{'id':'lee',",
	"{'id':'new','name':'N','organisation':'ZFC','roles':[{'function':'amhp',"
	"'approved_by':'ZAV'}]},{'id':'lee',",
	"second roles"},
    {"rotas", "person", "{'id':'lee',",
	"{'id':'new','name':'N','organisation':'ZFC','roles':['amhp']},{'id':'lee',", "allowed"},
    {"rotas", "person", "'id':'jo','name':'Jo Jones'",
	"'id':'jj','renamed_from':'jo','name':'Jo Jones'", "allowed"},
    /* A commissioner: requirements at its places. */
    {"board", "requirement", R1, "{'id':'R1','place':'ZED01','function':'amhp','count':3,",
	"allowed"},
    {"board", "requirement", R1, "{'id':'R1','place':'ZED01','function':'amhp','count':1,",
	"second count"},
    {"board", "requirement", R1, "{'id':'R1','place':'ZED02','function':'amhp','count':2,",
	"refused"},
    {"board", "requirement", R2_HOURS, R3, "allowed"},
    {"nowhere", "requirement", R2_HOURS, R3, "refused"},
    /* A place manager: switchboards, and screens on the walls of its places. */
    {"ward", "place", "'name':'Oswin',", "'name':'Oswin','switchboard':'+441632960998',",
	"allowed"},
    {"ward", "place", "'name':'Oswin',", "'name':'Oswin','first':['liaison'],", "allowed"},
    {"ward", "place", ZED02, ",'switchboard':'+441632960998'}],'people'", "refused"},
    {"ward", "place", "'name':'Oswin',", "'name':'Oswin','public_card':true,", "allowed"},
    {"rotas", "place", "'name':'Oswin',", "'name':'Oswin','public_card':true,", "refused"},
    {"rotas", "service", "'id':'amhp',", "'id':'amhp','self_referral':true,", "allowed"},
    {"ward2", "place", "'name':'Oswin',", "'name':'Oswin','first':['liaison'],", "refused"},
    {"board", "place", "'name':'Oswin',", "'name':'Oswin','first':['liaison'],", "refused first"},
    /* Whom to ring, in order, is for who commissions it to say. */
    {"board", "place", "'name':'Oswin',", LADDERS, "allowed"},
    {"board", "place", "'name':'Oswin',", "'name':'Oswin','research':true,", "allowed"},
    {"ward", "place", "'name':'Oswin',", "'name':'Oswin','research':true,", "refused research"},
    {"ward", "place", "'name':'Oswin',", LADDERS, "refused ladders"},
    {"rotas", "place", "'name':'Oswin',", LADDERS, "refused"},
    {"chief", "place", "'name':'Oswin',", LADDERS, "allowed"},
    {"nowhere", "place", "'name':'Oswin',", LADDERS, "refused"},
    {"board", "place", ZED02, ",'switchboard':'+441632960999'," LADDERS_OF "}],'people'",
	"refused"},
    {"rotas", "place", "'name':'Oswin',", "'name':'Oswin','first':['liaison'],", "refused"},
    {"chief", "place", "'name':'Oswin',", "'name':'Oswin','first':['liaison'],", "allowed"},
    {"ward", "place", "'name':'Oswin',", "'name':'Oswins',", "refused name"},
    {"ward", "account", LAST_ACCOUNT, WALL3("device", "viewer", ",'places':['ZED01']"), "allowed"},
    {"ward", "account", LAST_ACCOUNT, WALL3("device", "viewer", ""), "refused"},
    {"ward", "account", LAST_ACCOUNT, WALL3("device", "viewer", ",'places':['ZED01','ZED02']"),
	"refused"},
    {"ward", "account", LAST_ACCOUNT, WALL3("device", "switchboard", ",'places':['ZED01']"),
	"refused"},
    {"ward", "account", LAST_ACCOUNT, WALL3("person", "viewer", ",'places':['ZED01']"), "refused"},
    {"ward", "account", ", " LAST_ACCOUNT, "", "refused"},
    /* An organisation's administrator: nothing that sees or keeps more than itself. */
    {"keeper", "account", OWN, OWN_AS("rota_manager", ""), "allowed"},
    {"keeper", "account", OWN, OWN_AS("auditor", ""), "refused"},
    {"keeper", "account", "{'name':'viewer','kind':'person','role':'viewer'}",
	"{'name':'viewer','kind':'person','role':'rota_manager'}", "refused"},
    {"keeper", "account", OWN, OWN_AS("administrator", ""), "refused"},
    {"keeper", "account", OWN, OWN_AS("commissioner", ""), "refused"},
    {"keeper", "account", OWN, OWN_AS("switchboard", ",'places':['ZED01']"), "allowed"},
    {"keeper", "account", OWN, OWN_AS("place_manager", ",'places':['ZED02']"), "refused"},
    {"keeper", "account", OWN, OWN_AS("organisation_administrator", ""), "allowed"},
    {"keeper", "account", OWN, OWN_AS("organisation_administrator", ",'places':['ZED01']"),
	"allowed"},
    {"keeper", "account", OWN, OWN_AS("organisation_administrator", ",'places':['ZED02']"),
	"refused"},
    /* Whose account it is: it answers for that person. */
    {"keeper", "account", OWN, OWN_AS("viewer", ",'person':'jo'"), "allowed"},
    {"keeper", "account", OWN, OWN_AS("viewer", ",'person':'lee'"), "refused"},
    {"rotas", "account", OWN, OWN_AS("viewer", ",'person':'jo'"), "refused"},
    {"chief", "account", OWN, OWN_AS("viewer", ",'person':'lee'"), "allowed"},
    {"keeper", "account", "'name':'other','kind':'person','role':'viewer','organisation':'ZAV'",
	"'name':'other','kind':'person','role':'viewer','organisation':'ZFC'", "refused"},
};

static void
each_edit_is_judged_as_the_table_says(void **state)
{
	size_t wrong = 0;

	(void)state;
	for (size_t i = 0; i < sizeof edits / sizeof *edits; i++) {
		const struct edit *edit = &edits[i];
		const char *is = heard(edit->account, edit->kind, edit->from, edit->to);

		if (strcmp(is, edit->heard) != 0) {
			print_error("%s, %s: %s\n  is %s, and not %s\n", edit->account, edit->kind,
			    edit->to, is, edit->heard);
			wrong++;
		}
	}
	assert_int_equal(wrong, 0);
}

/* An object that is in neither set-up is nobody's, and a change of it nobody's to make. */
static void
what_is_in_no_set_up_is_nobodys(void **state)
{
	static const struct region_change changes[] = {
	    {'~', "person", "nobody", "name", NULL},
	    {'-', "person", "nobody", NULL, NULL},
	    {'+', "person", "nobody", NULL, NULL},
	    {'~', "person", "nobody", "name", "nor-before"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof changes / sizeof *changes; i++)
		assert_int_equal(
		    rights_setup_change(&(struct setup_question){atlas.region, atlas.region,
					    atlas_account(&atlas, "rotas")},
			&changes[i])
			.verdict,
		    SETUP_REFUSED);
}

/* A change by hand, between any two set-ups: as strange as no two files make it. */
static struct setup_answer
answered(const char *account, const struct region *after, struct region_change change)
{
	return rights_setup_change(
	    &(struct setup_question){atlas.region, after, atlas_account(&atlas, account)}, &change);
}

static void
what_no_two_files_make_is_judged_too(void **state)
{
	static const struct region empty;
	struct region nobody = *atlas.region;
	struct setup_answer answer;

	(void)state;
	nobody.npeople = 0;
	/* A requirement that is in neither is not lowered. */
	answer = answered(
	    "chief", atlas.region, (struct region_change){'~', "requirement", "R7", "count", NULL});
	assert_int_equal(answer.verdict, SETUP_ALLOWED);
	answer = answered(
	    "chief", &empty, (struct region_change){'~', "requirement", "R1", "count", NULL});
	assert_int_equal(answer.verdict, SETUP_ALLOWED);
	/* What is new touches no map that there is, and replaces no number. */
	answer = answered(
	    "chief", atlas.region, (struct region_change){'+', "service", "amhp", NULL, NULL});
	assert_int_equal(answer.verdict, SETUP_ALLOWED);
	answer = answered(
	    "chief", atlas.region, (struct region_change){'-', "service", "amhp", NULL, NULL});
	assert_int_equal(answer.verdict, SETUP_SECOND);
	answer = answered(
	    "chief", atlas.region, (struct region_change){'-', "place", "ZED02", NULL, NULL});
	assert_int_equal(answer.verdict, SETUP_SECOND);
	assert_string_equal(answer.key, "switchboard");
	/* A person who is gone has no approvals. */
	answer =
	    answered("rotas", &nobody, (struct region_change){'~', "person", "jo", "roles", NULL});
	assert_int_equal(answer.verdict, SETUP_ALLOWED);
	answer =
	    answered("rotas", &nobody, (struct region_change){'-', "person", "jo", NULL, NULL});
	assert_int_equal(answer.verdict, SETUP_ALLOWED);
	/* A key that this version does not know is refused as a whole. */
	answer = answered(
	    "rotas", atlas.region, (struct region_change){'~', "service", "amhp", "shoe", NULL});
	assert_int_equal(answer.verdict, SETUP_REFUSED);
	assert_null(answer.key);
	/* And where there is nobody at all, nobody is found. */
	assert_true(rights_setup_sees(
	    &empty, atlas_account(&atlas, "auditor"), region_kind_of("person"), "jo"));
}

/* Also by another change than that of a requirement; which, region_less() finds. */
static void
less_is_asked_for_by_two(void **state)
{
	struct setup_answer answer = rights_second_less();

	(void)state;
	assert_int_equal(answer.verdict, SETUP_SECOND);
	assert_non_null(strstr(answer.why, "requirement"));
	assert_null(answer.key);
}

static void
what_an_account_may_touch(void **state)
{
	static const struct {
		const char *account, *kind, *key; /* NULL: a new one */
		bool may;
	} rows[] = {
	    {"chief", "organisation", "ZAV", true},
	    {"chief", "function", NULL, true},
	    {"viewer", "person", "jo", false},
	    {"rotas", "person", "jo", true},
	    {"rotas", "person", "lee", false},
	    {"rotas", "person", "nobody", false},
	    {"rotas", "person", NULL, true},
	    {"rotas", "service", NULL, false},
	    {"rotas", "place", NULL, false},
	    {"ward", "account", "wall", true},
	    {"ward", "account", "wall2", false},
	    {"ward", "place", "ZED01", true},
	    {"ward", "place", "X1", false},
	    {"keeper", "account", "own", true},
	    {"keeper", "account", "other", false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (rights_setup_touches(atlas.region, atlas_account(&atlas, rows[i].account),
			region_kind_of(rows[i].kind), rows[i].key) != rows[i].may)
			fail_msg("%s: %s %s", rows[i].account, rows[i].kind, rows[i].key);
	assert_true(
	    rights_setup_keeps_account(atlas.region, atlas_account(&atlas, "keeper"), "own"));
	assert_false(
	    rights_setup_keeps_account(atlas.region, atlas_account(&atlas, "keeper"), "other"));
	assert_false(rights_setup_keeps_account(atlas.region, atlas_account(&atlas, "own"), "own"));
}

/* Of an organisation: its administrator's alone, and not its rota manager's. */
static void
who_keeps_the_accounts_of_an_organisation(void **state)
{
	static const struct {
		const char *account, *organisation;
		bool keeps;
	} rows[] = {
	    {"chief", "ZAV", true},
	    {"keeper", "ZFC", true},
	    {"keeper", "ZAV", false},
	    {"rotas", "ZFC", false},
	    {"own", "ZFC", false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (rights_keeps_accounts(atlas_account(&atlas, rows[i].account),
			rows[i].organisation) != rows[i].keeps)
			fail_msg("%s: %s", rows[i].account, rows[i].organisation);
}

/* A note or a report that is on one thing. */
static struct kept_note
note_on(enum note_on on, const char *key)
{
	struct kept_note note = {.on = (uint8_t)on,
	    .person = REGION_NONE,
	    .rota = REGION_NONE,
	    .service = REGION_NONE,
	    .place = REGION_NONE};
	static const char *const kinds[] = {"person", "rota", "service", "place"};
	uint32_t *const at[] = {&note.person, &note.rota, &note.service, &note.place};

	*at[on] = region_kind_find(region_kind_of(kinds[on]), atlas.region, key);
	assert_int_not_equal(*at[on], REGION_NONE);
	return note;
}

static void
who_writes_which_notes(void **state)
{
	static const struct {
		const char *account;
		enum note_on on;
		const char *key;
		bool writes;
	} rows[] = {
	    {"chief", NOTE_ON_PERSON, "lee", true},
	    {"chief", NOTE_ON_FUNCTION, "ZED02", true},
	    {"rotas", NOTE_ON_PERSON, "jo", true},
	    {"rotas", NOTE_ON_PERSON, "lee", false},
	    {"rotas", NOTE_ON_SHIFT, "duty", true},
	    {"rotas", NOTE_ON_SHIFT, "north", false},
	    {"rotas", NOTE_ON_SERVICE, "amhp", true},
	    {"rotas", NOTE_ON_SERVICE, "north", false},
	    {"rotas", NOTE_ON_FUNCTION, "ZED01", false},
	    {"switchboard", NOTE_ON_PERSON, "lee", true},
	    {"switchboard", NOTE_ON_SHIFT, "north", true},
	    {"switchboard", NOTE_ON_SERVICE, "north", true},
	    {"switchboard", NOTE_ON_FUNCTION, "ZED02", true},
	    {"ward", NOTE_ON_PERSON, "jo", true},
	    {"ward", NOTE_ON_PERSON, "lee", false},
	    {"ward", NOTE_ON_SHIFT, "duty", true},
	    {"ward", NOTE_ON_SHIFT, "north", false},
	    {"ward", NOTE_ON_SERVICE, "amhp", true},
	    {"ward", NOTE_ON_SERVICE, "north", false},
	    {"ward", NOTE_ON_FUNCTION, "ZED01", true},
	    {"ward", NOTE_ON_FUNCTION, "ZED02", false},
	    {"wardless", NOTE_ON_FUNCTION, "ZED01", false},
	    {"viewer", NOTE_ON_FUNCTION, "ZED01", false},
	    {"board", NOTE_ON_FUNCTION, "ZED01", false},
	    {"local", NOTE_ON_FUNCTION, "ZED01", false},
	    {"keeper", NOTE_ON_PERSON, "jo", false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct kept_note note = note_on(rows[i].on, rows[i].key);

		if (rights_writes_note(atlas.region, atlas_account(&atlas, rows[i].account),
			&note) != rows[i].writes)
			fail_msg("%s: %s", rows[i].account, rows[i].key);
	}
}

static void
who_reports_and_who_sees_to_it(void **state)
{
	static const struct {
		const char *account;
		bool reports, reads, keeps_duty, keeps_amhp, keeps_north;
	} rows[] = {
	    {"chief", true, true, true, true, true},
	    {"rotas", true, true, true, true, false},
	    {"switchboard", true, true, false, false, false},
	    {"viewer", true, true, false, false, false},
	    {"auditor", false, true, false, false, false},
	    {"board", false, false, false, false, false},
	};
	uint32_t duty = note_on(NOTE_ON_SHIFT, "duty").rota;
	uint32_t amhp = note_on(NOTE_ON_SERVICE, "amhp").service;
	uint32_t north = note_on(NOTE_ON_SERVICE, "north").service;

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const struct account *account = atlas_account(&atlas, rows[i].account);

		if (rights_reports(account) != rows[i].reports ||
		    rights_reads_notes(account) != rows[i].reads ||
		    rights_keeps_reports(atlas.region, account, duty, north) !=
			rows[i].keeps_duty ||
		    rights_keeps_reports(atlas.region, account, REGION_NONE, amhp) !=
			rows[i].keeps_amhp ||
		    rights_keeps_reports(atlas.region, account, REGION_NONE, north) !=
			rows[i].keeps_north)
			fail_msg("%s", rows[i].account);
	}
}

static void
what_an_account_sees(void **state)
{
	static const struct {
		const char *account, *kind, *key;
		bool sees;
	} rows[] = {
	    {"viewer", "organisation", "ZAV", true},
	    {"viewer", "function", "amhp", true},
	    {"viewer", "person", "lee", true},
	    {"board", "person", "jo", false}, /* counts, and no names */
	    {"nowhere", "person", "jo", false},
	    {"wall", "person", "jo", true}, /* of the organisation that serves there */
	    {"wall", "person", "lee", false},
	    {"keeper", "person", "jo", true},
	    {"viewer", "place", "ZED02", true},
	    {"wall", "place", "ZED02", false},
	    {"wall", "service", "amhp", true},
	    {"wall", "service", "north", false},
	    {"wall2", "service", "amhp", false},
	    {"board", "rota", "duty", false},
	    {"viewer", "rota", "duty", true},
	    {"wall", "rota", "duty", true},
	    {"wall", "rota", "north", false},
	    {"wall", "requirement", "R1", true},
	    {"wall", "requirement", "R2", false},
	    {"viewer", "account", "own", false},
	    {"auditor", "account", "own", true},
	    {"keeper", "account", "own", true},
	    {"keeper", "account", "other", false},
	    {"ward", "account", "wall", true},
	    {"ward", "account", "wall2", false},
	    {"ward", "account", "own", false},
	    /* An object that is no longer there is seen by those who see the whole. */
	    {"auditor", "person", "nobody", true},
	    {"local", "person", "nobody", false},
	    {"viewer", "person", "nobody", false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (rights_setup_sees(atlas.region, atlas_account(&atlas, rows[i].account),
			region_kind_of(rows[i].kind), rows[i].key) != rows[i].sees)
			fail_msg("%s: %s %s", rows[i].account, rows[i].kind, rows[i].key);
}

/* Its own services an account sees also where they serve no place of its own, and its own people. */
static void
its_own_organisations_are_seen_anywhere(void **state)
{
	const char *place = "ZED02";
	const struct account manager = {.name = "away",
	    .kind = "person",
	    .role = ROLE_ROTA_MANAGER,
	    .organisation = "ZFC",
	    .places = &place,
	    .nplaces = 1};

	(void)state;
	assert_true(rights_setup_sees(atlas.region, &manager, region_kind_of("service"), "amhp"));
	assert_true(rights_setup_sees(atlas.region, &manager, region_kind_of("person"), "jo"));
	assert_true(rights_setup_sees(atlas.region, &manager, region_kind_of("person"), "lee"));
}

static void
who_may_ring_whom(void **state)
{
	static const struct {
		const char *account, *person;
		bool rings;
	} rows[] = {
	    {"switchboard", "lee", true},
	    {"switchboard", "nobody", true},
	    {"chief", "jo", true},
	    {"viewer", "jo", false},
	    {"rotas", "jo", true},
	    {"rotas", "lee", false},
	    {"rotas", "nobody", false},
	    {"board", "jo", false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		assert_int_equal(rights_setup_rings(atlas.region,
				     atlas_account(&atlas, rows[i].account), rows[i].person),
		    rows[i].rings);
	/* Without the scope for numbers nobody rings anybody. */
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct account account = *atlas_account(&atlas, rows[i].account);

		account.no_numbers = true;
		assert_false(rights_setup_rings(atlas.region, &account, rows[i].person));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(each_edit_is_judged_as_the_table_says),
	    cmocka_unit_test(what_is_in_no_set_up_is_nobodys),
	    cmocka_unit_test(what_no_two_files_make_is_judged_too),
	    cmocka_unit_test(less_is_asked_for_by_two),
	    cmocka_unit_test(what_an_account_may_touch),
	    cmocka_unit_test(who_keeps_the_accounts_of_an_organisation),
	    cmocka_unit_test(who_writes_which_notes),
	    cmocka_unit_test(who_reports_and_who_sees_to_it),
	    cmocka_unit_test(what_an_account_sees),
	    cmocka_unit_test(its_own_organisations_are_seen_anywhere),
	    cmocka_unit_test(who_may_ring_whom),
	};

	return cmocka_run_group_tests_name("rights of the set-up", tests, set_up, tear_down);
}
