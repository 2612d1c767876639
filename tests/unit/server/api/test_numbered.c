/* SPDX-License-Identifier: MIT */
#include "tests/unit/server/api/expect.h"

#include "server/api/routes.h"
#include "server/api/views/views.h"
#include "server/map/accounts.h"

/*
 * Every call about something that has a number or an id of its own (an override, an import, a proposal, a link), as
 * every role, about something of the account's own organisation or place, of another's, and of another's at a place of
 * its own. test_objects.c has the same of calls about what has a code.
 */

static const char region[] =
    "{'crisiscover':1,"
    "'organisations':[{'code':'ZFC','name':'Fenmere','kind':'local_authority'},"
    " {'code':'ZAV','name':'Alder Vale','kind':'nhs_trust'}],"
    "'functions':[{'code':'amhp','name':'AMHP'},{'code':'liaison','name':'Liaison'}],"
    "'places':[{'code':'X1','name':'Fenmere','kind':'council_area'},"
    " {'code':'ZED01','name':'Oswin','kind':'emergency_department','parents':['X1']},"
    " {'code':'ZED02','name':'Northgate','kind':'emergency_department'}],"
    "'people':[{'id':'jo','name':'Jo Stone','organisation':'ZFC','roles':['amhp']},"
    " {'id':'ann','name':'Ann Marsh','organisation':'ZFC','roles':['amhp']},"
    " {'id':'lee','name':'Pat Lee','organisation':'ZAV','roles':['liaison']},"
    " {'id':'kim','name':'Kim Vale','organisation':'ZAV','roles':['liaison']}],"
    "'services':[{'id':'amhp','name':'AMHP duty','function':'amhp','organisation':'ZFC','places':['X1','ZED01'],"
    "  'phone':'+441632960456'},"
    " {'id':'oswin','name':'Oswin liaison','function':'liaison','organisation':'ZAV','places':['ZED01']},"
    " {'id':'north','name':'North liaison','function':'liaison','organisation':'ZAV','places':['ZED02']}],"
    "'rotas':[{'id':'duty','service':'amhp','tier':1,'source':{'kind':'file'}},"
    " {'id':'liaison','service':'oswin','tier':1,'source':{'kind':'file'}},"
    " {'id':'north','service':'north','tier':1,'source':{'kind':'file'}}],"
    "'requirements':[{'id':'R1','place':'ZED01','function':'amhp','count':2,'commissioner':'w-commissioner',"
    "  'hours':[{'days':['all'],'from':'00:00','to':'24:00'}]},"
    " {'id':'R2','place':'ZED02','function':'liaison','count':1,"
    "  'hours':[{'days':['all'],'from':'00:00','to':'24:00'}]},"
    " {'id':'R3','place':'ZED01','function':'liaison','count':1,'commissioner':'w-commissioner',"
    "  'hours':[{'days':['all'],'from':'00:00','to':'24:00'}]}],"
    "'accounts':[{'name':'w-viewer','kind':'person','role':'viewer'},"
    " {'name':'w-switchboard','kind':'person','role':'switchboard','places':['ZED01']},"
    " {'name':'w-rota_manager','kind':'person','role':'rota_manager','organisation':'ZFC'},"
    " {'name':'w-commissioner','kind':'person','role':'commissioner','places':['X1']},"
    " {'name':'w-place_manager','kind':'person','role':'place_manager','places':['ZED01']},"
    " {'name':'w-organisation_administrator','kind':'person','role':'organisation_administrator',"
    "  'organisation':'ZFC','places':['X1']},"
    " {'name':'w-auditor','kind':'person','role':'auditor','places':['X1']},"
    " {'name':'w-administrator','kind':'person','role':'administrator'},"
    " {'name':'robot','kind':'program','role':'administrator'},"
    " {'name':'jo-1','kind':'person','role':'rota_manager','organisation':'ZFC','person':'jo'},"
    " {'name':'jo-2','kind':'person','role':'administrator','person':'jo'},"
    " {'name':'own','kind':'person','role':'viewer','organisation':'ZFC'},"
    " {'name':'other','kind':'person','role':'viewer','organisation':'ZAV'}]}";

enum whose { OWN, OTHER, SHARED, WHOSE };
static const char *const whose_names[] = {"own", "other", "shared"};

/* What "{word}" in a statement stands for. */
static const struct {
	const char *word, *of[WHOSE];
} words[] = {
    {"rota", {"duty", "north", "liaison"}},
    {"person", {"jo", "lee", "lee"}},
    {"second", {"ann", "kim", "kim"}},
    {"place", {"ZED01", "ZED02", "ZED01"}},
    {"requirement", {"R1", "R2", "R3"}},
    {"function", {"amhp", "liaison", "liaison"}},
    {"service", {"amhp", "north", "oswin"}},
    {"organisation", {"ZFC", "ZAV", "ZAV"}},
    {"account", {"{asker}", "other", "own"}},
};

#define DAY(n) "now() + interval '1 day' * (100 + {n} * 3 + " #n ")"
#define FROM DAY(0) ", " DAY(1)
#define YEARS 20 /* as long is somebody on each rota */
#define HASH "sha256(convert_to('{n}', 'UTF8'))"
#define ID "lpad('{n}', 12, 'x')"
#define ON_OVERRIDE                                                                                \
	"select override_add('{rota}', '{second}', null, " FROM ", " DAY(1) ", null, false, 'ann')"
#define ON_LEAVE "select leave_request('{person}', " FROM ", 'own')"
#define ON_SWAP                                                                                                                       \
	"select id from swap_offer(jsonb_build_array(jsonb_build_object('rota', '{rota}', 'gives', '{person}', 'takes', '{second}', " \
	"'starts_at', " DAY(0) ", 'ends_at', " DAY(1) ")), " DAY(0) ", null, '{}', null, 'boss')"
#define ON_IMPORT "select import_add('{rota}', 'boss', 'text/csv', 'ask', sha256('x'), 'x'::bytea)"
#define ON_GAP                                                                                                                 \
	"insert into gap (requirement, place, function, starts_at, ends_at, state, cause, present, required, severity, told) " \
	"values ('{requirement}', '{place}', '{function}', " FROM                                                              \
	", 'gap', 'silent', 0, 1, 'high', true) returning id"
#define ON_PROPOSAL                                                                                                                           \
	"select id from proposal_make('requirement', '{requirement}', 'patch', '{\"count\": 1}', (select version from setup_item where kind " \
	"= 'requirement' and key = '{requirement}' and ended is null), null, 'no {n}', '{\"second\": null, \"changes\": []}', 'boss')"
#define ON_REPORT                                                                                  \
	"select id from report_add('{account}', '{place}', '{function}', '{service}', '{rota}', '{person}', 'wrong_person', 7200)"
#define ON_NOTE                                                                                                                      \
	"select id from note_add('{\"on\": \"service\", \"service\": \"{service}\"}', 'no {n}', now() + interval '1 hour', 'boss', " \
	"'administrator', 100)"
#define ON_PROTOCOL                                                                                                                    \
	"select protocol from protocol_put(null, null, '{\"place\": \"{place}\", \"function\": \"{function}\", \"name\": \"no {n}\", " \
	"\"version\": \"1\", \"owner\": \"boss\", \"review\": \"2999-01-01\"}', convert_to('%PDF-{n}', 'UTF8'), 'boss', 100, array['boss'], 100000000)"
#define ON_IDENTITY                                                                                \
	"insert into identity (provider, subject, organisation, name) values ('idp', 'no {n}', '{organisation}', 'Zoe') returning id"
#define ON_LINK                                                                                    \
	"select " ID " from link_add('own', " ID ", " HASH                                         \
	", now() + interval '1 day', 'rota', '{rota}', false, null) where true"
#define ON_GLASS                                                                                   \
	"select id from break_glass_add('own', '{place}', 'patient_from_there', null, 1800)"
#define ON_ALONE "select single_handed_add(1, 'boss', 'no {n}', '{}', array['{place}'])"
#define ON_NEW "select person_new_add('{person}', '{rota}', 'boss')"
#define ON_SUBSCRIPTION                                                                            \
	"select subscription_put(null, '{\"account\": \"{account}\", \"channel\": \"email\", \"address\": \"no{n}@trust.example\"}', 'boss', 1000)"
/* One at a time is open for a requirement at a place. */
#define ON_RISK                                                                                                                  \
	"do $$ begin perform risk_withdraw(id, 'boss', 'no {n}') from risk where ended_at is null; end $$; "                     \
	"select risk from risk_propose('{requirement}', '{place}', 'no {n}', now() + interval '1 day', 'boss', array['first'], " \
	"array['first', 'second'])"
#define ON_TOKEN                                                                                   \
	"select " ID " from token_add('{account}', " ID ", " HASH                                  \
	", now() + interval '1 day', 'boss') where true"
#define ON_SESSION                                                                                 \
	"select " ID " from session_open('{account}', 'token', null, " ID ", " HASH                \
	", 'x', 3600, now() + interval '1 day') where true"

#define OF(role) (1u << ROLE_##role)
#define EVERYBODY ((1u << ACCOUNT_ROLES) - 1)
#define BOSS OF(ADMINISTRATOR)
#define ROTAS (BOSS | OF(ROTA_MANAGER))

/* The calls, and the roles that may make each of what is own, other and shared (server/api/README.md). A call that is
 * missing fails. */
static const struct call {
	enum web_method method;
	const char *pattern, *make, *body;
	unsigned may[WHOSE];
} calls[] = {
    {WEB_DELETE, "/v1/overrides/{id}", ON_OVERRIDE, NULL, {ROTAS, BOSS, BOSS}},
    {WEB_DELETE, "/v1/absences/{id}", "select absence_add('{person}', " FROM ", 'boss')", NULL,
	{ROTAS, BOSS, BOSS}},
    {WEB_GET, "/v1/swaps/{id}", ON_SWAP, NULL, {ROTAS, BOSS, BOSS}},
    {WEB_POST, "/v1/swaps/{id}/accept", ON_SWAP, "{}", {ROTAS, BOSS, BOSS}},
    {WEB_POST, "/v1/swaps/{id}/refuse", ON_SWAP, "{}", {ROTAS, BOSS, BOSS}},
    {WEB_POST, "/v1/swaps/{id}/withdraw", ON_SWAP, "{}", {ROTAS, BOSS, BOSS}},
    {WEB_GET, "/v1/leave/{id}", ON_LEAVE, NULL, {ROTAS, BOSS, BOSS}},
    {WEB_POST, "/v1/leave/{id}/approve", ON_LEAVE, "{}", {ROTAS, BOSS, BOSS}},
    {WEB_POST, "/v1/leave/{id}/refuse", ON_LEAVE, "{'reason':'r'}", {ROTAS, BOSS, BOSS}},
    {WEB_POST, "/v1/leave/{id}/withdraw", ON_LEAVE, NULL, {ROTAS, BOSS, BOSS}},
    {WEB_GET, "/v1/imports/{id}", ON_IMPORT, NULL, {ROTAS | OF(AUDITOR), BOSS, BOSS | OF(AUDITOR)}},
    {WEB_POST, "/v1/imports/{id}/confirm", ON_IMPORT, "{}", {ROTAS, BOSS, BOSS}},
    {WEB_POST, "/v1/imports/{id}/discard", ON_IMPORT, NULL, {ROTAS, BOSS, BOSS}},
    {WEB_POST, "/v1/imports/{id}/undo", ON_IMPORT, "{}", {ROTAS, BOSS, BOSS}},
    {WEB_POST, "/v1/gaps/{id}/acknowledge", ON_GAP, "{'note':'n'}",
	{ROTAS | OF(COMMISSIONER), BOSS, BOSS | OF(COMMISSIONER)}},
    {WEB_DELETE, "/v1/gaps/{id}/acknowledge", ON_GAP, NULL,
	{ROTAS | OF(COMMISSIONER), BOSS, BOSS | OF(COMMISSIONER)}},
    {WEB_POST, "/v1/proposals/{id}/accept", ON_PROPOSAL, NULL,
	{BOSS | OF(COMMISSIONER), BOSS, BOSS | OF(COMMISSIONER)}},
    {WEB_POST, "/v1/proposals/{id}/refuse", ON_PROPOSAL, "{'reason':'r'}",
	{BOSS | OF(COMMISSIONER), BOSS, BOSS | OF(COMMISSIONER)}},
    {WEB_DELETE, "/v1/contacts/{id}", ON_REPORT, NULL, {EVERYBODY, 0, 0}},
    {WEB_POST, "/v1/contacts/{id}/settle", ON_REPORT, "{}", {ROTAS, BOSS, BOSS}},
    {WEB_DELETE, "/v1/notes/{id}", ON_NOTE, NULL,
	{ROTAS | OF(SWITCHBOARD) | OF(PLACE_MANAGER), BOSS,
	    BOSS | OF(SWITCHBOARD) | OF(PLACE_MANAGER)}},
    {WEB_GET, "/v1/protocols/{id}", ON_PROTOCOL, NULL, {EVERYBODY, ROTAS | OF(VIEWER), EVERYBODY}},
    {WEB_GET, "/v1/protocols/{id}/pdf", ON_PROTOCOL, NULL,
	{EVERYBODY, ROTAS | OF(VIEWER), EVERYBODY}},
    {WEB_PATCH, "/v1/protocols/{id}", ON_PROTOCOL, "{'edition':1}",
	{BOSS | OF(COMMISSIONER) | OF(PLACE_MANAGER), BOSS,
	    BOSS | OF(COMMISSIONER) | OF(PLACE_MANAGER)}},
    {WEB_DELETE, "/v1/protocols/{id}", ON_PROTOCOL, NULL,
	{BOSS | OF(COMMISSIONER) | OF(PLACE_MANAGER), BOSS,
	    BOSS | OF(COMMISSIONER) | OF(PLACE_MANAGER)}},
    {WEB_POST, "/v1/new-people/{id}/review", ON_NEW, "{}", {ROTAS, BOSS, BOSS}},
    {WEB_POST, "/v1/single-handed/{id}/review", ON_ALONE, "{}",
	{BOSS | OF(COMMISSIONER) | OF(PLACE_MANAGER), BOSS,
	    BOSS | OF(COMMISSIONER) | OF(PLACE_MANAGER)}},
    {WEB_POST, "/v1/break-glass/{id}/review", ON_GLASS, "{}",
	{BOSS | OF(PLACE_MANAGER), BOSS, BOSS | OF(PLACE_MANAGER)}},
    {WEB_POST, "/v1/identities/{id}/accept", ON_IDENTITY, "{'account':'own'}",
	{BOSS | OF(ORGANISATION_ADMINISTRATOR), BOSS, BOSS}},
    {WEB_POST, "/v1/identities/{id}/refuse", ON_IDENTITY, NULL,
	{BOSS | OF(ORGANISATION_ADMINISTRATOR), BOSS, BOSS}},
    {WEB_DELETE, "/v1/identities/{id}", ON_IDENTITY, NULL,
	{BOSS | OF(ORGANISATION_ADMINISTRATOR), BOSS, BOSS}},
    {WEB_PUT, "/v1/subscriptions/{id}", ON_SUBSCRIPTION,
	"{'channel':'email','address':'again@trust.example'}",
	{EVERYBODY, BOSS, BOSS | OF(ORGANISATION_ADMINISTRATOR)}},
    {WEB_DELETE, "/v1/subscriptions/{id}", ON_SUBSCRIPTION, NULL,
	{EVERYBODY, BOSS, BOSS | OF(ORGANISATION_ADMINISTRATOR)}},
    {WEB_POST, "/v1/risks/{id}/accept", ON_RISK, "{}", {OF(COMMISSIONER), 0, OF(COMMISSIONER)}},
    {WEB_DELETE, "/v1/risks/{id}?reason=r", ON_RISK, NULL, {OF(COMMISSIONER), 0, OF(COMMISSIONER)}},
    {WEB_DELETE, "/v1/links/{id}", ON_LINK, NULL, {ROTAS, BOSS, BOSS}},
    {WEB_DELETE, "/v1/tokens/{id}", ON_TOKEN, NULL, {BOSS, BOSS, BOSS}},
    {WEB_DELETE, "/v1/me/tokens/{id}", ON_TOKEN, NULL, {EVERYBODY, 0, 0}},
    {WEB_DELETE, "/v1/sessions/{id}", ON_SESSION, NULL, {EVERYBODY, 0, 0}},
    {WEB_GET, "/v1/subjects/{id}", "select '{person}'", NULL,
	{BOSS | OF(ORGANISATION_ADMINISTRATOR), BOSS, BOSS}},
    {WEB_POST, "/v1/subjects/{id}/erasure", "select '{person}'", "{'reason':'r'}",
	{BOSS | OF(ORGANISATION_ADMINISTRATOR), BOSS, BOSS}},
    {WEB_POST, "/v1/subjects/{id}/hold", "select '{person}'", "{'reason':'r'}",
	{BOSS | OF(ORGANISATION_ADMINISTRATOR), BOSS, BOSS}},
    {WEB_POST, "/v1/subjects/{id}/lift", "select '{person}'", "{'reason':'r'}",
	{BOSS | OF(ORGANISATION_ADMINISTRATOR), BOSS, BOSS}},
};
#define NCALLS (sizeof calls / sizeof *calls)

/* What test_objects.c and test_every_route.c have, and what is nobody's. */
static const char *const elsewhere[] = {"/v1/rotas/", "/v1/feeds/", "/v1/accounts/", "/v1/people/",
    "/v1/places/", "/v1/organisations/", "/v1/functions/", "/v1/services/", "/v1/requirements/",
    "/v1/areas/", "/v1/navigators/", "/v1/providers/", "/v1/packs/"};

static const char *
quoted(const char *text)
{
	static char out[8192];

	assert_true(strlen(text) < sizeof out);
	for (size_t i = 0; i <= strlen(text); i++)
		out[i] = text[i] == '\'' ? '"' : text[i];
	return out;
}

static char *tokens[ACCOUNT_ROLES];

static const char *
name_of(int role)
{
	static char name[60];

	snprintf(name, sizeof name, "w-%s", account_role_name((enum account_role)role));
	return name;
}

static int
set_up(void **state)
{
	testbed_set_up(state);
	expect(ask_as("PUT", testbed_admin(), "/v1/region", quoted(region)), 200, NULL, NULL);
	testbed_sql(
	    "select provider_put('idp', '{\"issuer\": \"https://id.example\", \"organisations\": [\"ZFC\", \"ZAV\"]}', null, false, 'boss');"
	    "insert into demand (requirement, place) values ('R1', 'ZED01'), ('R2', 'ZED02'), ('R3', 'ZED01');"
	    "insert into body (sha256, bytes) values (sha256('x'), 'x')");
	for (int whose = 0; whose < WHOSE; whose++) {
		testbed_good(words[0].of[whose], "now()");
		testbed_shift(
		    words[0].of[whose], "a", "named", words[1].of[whose], 1, YEARS * 365 * 24);
		testbed_moved(words[0].of[whose]);
	}
	for (int role = 0; role < ACCOUNT_ROLES; role++)
		tokens[role] = testbed_token(name_of(role));
	return 0;
}

static int
tear_down(void **state)
{
	for (int role = 0; role < ACCOUNT_ROLES; role++)
		free(tokens[role]);
	return testbed_tear_down(state);
}

/* ${text} with ${word} replaced by ${by} everywhere. Free with free(). */
static char *
replaced(char *text, const char *word, const char *by)
{
	char key[40], *out = strdup(""), *at, *rest = text;

	snprintf(key, sizeof key, "{%s}", word);
	while ((at = strstr(rest, key)) != NULL) {
		char *longer;

		assert_true(asprintf(&longer, "%s%.*s%s", out, (int)(at - rest), rest, by) >= 0);
		free(out);
		out = longer;
		rest = at + strlen(key);
	}
	at = out;
	assert_true(asprintf(&out, "%s%s", at, rest) >= 0);
	free(at);
	free(text);
	return out;
}

/* One for each role and whose it is, in that order; a line each. */
static char *
make_all(const struct call *call)
{
	static int number = 100;
	char *all = strdup("set search_path = crisiscover; "), *ids;

	for (int i = 0; i < ACCOUNT_ROLES * WHOSE; i++) {
		char n[20], *one = strdup(call->make), *longer;

		for (size_t w = 0; w < sizeof words / sizeof *words; w++)
			one = replaced(one, words[w].word, words[w].of[i % WHOSE]);
		one = replaced(one, "asker", name_of(i / WHOSE));
		snprintf(n, sizeof n, "%d", number++);
		one = replaced(one, "n", n);
		assert_true(asprintf(&longer, "%s%s; ", all, one) >= 0);
		free(one);
		free(all);
		all = longer;
	}
	ids = scratch_psql(testbed_postgres(), all);
	free(all);
	return ids;
}

static const char *
method_of(enum web_method method)
{
	return method == WEB_GET     ? "GET"
	       : method == WEB_POST  ? "POST"
	       : method == WEB_PUT   ? "PUT"
	       : method == WEB_PATCH ? "PATCH"
				     : "DELETE";
}

/* Says what is wrong. */
static bool
is_as_granted(
    const struct call *call, int role, enum whose whose, const char *id, const char *token)
{
	const char *at = strstr(call->pattern, "{id}");
	bool may = (call->may[whose] & (1u << role)) != 0, refused, good;
	struct http_reply reply;
	char path[200];

	snprintf(path, sizeof path, "%.*s%s%s", (int)(at - call->pattern), call->pattern, id,
	    at + strlen("{id}"));
	reply = ask_as(
	    method_of(call->method), token, path, call->body != NULL ? quoted(call->body) : NULL);
	/* Nobody is erased whom the account does not look after: the same words as for nobody at all. */
	refused =
	    reply.status == 403 || reply.status == 404 ||
	    (reply.status == 409 && strstr(reply.body, "whose people you look after") != NULL);
	good = refused != may && reply.status < 500 && reply.status != 401;
	if (!good)
		print_error("%s: %s %s of %s gets %d, and may: %d: %s\n", name_of(role),
		    method_of(call->method), call->pattern, whose_names[whose], reply.status, may,
		    reply.body);
	http_free(&reply);
	return good;
}

/* The process knows what was made: it was made before this, which is shown. */
static void
caught_up(void)
{
	static const char path[] = "/v1/people/last";

	expect(ask_as("PUT", testbed_admin(), path,
		   "{\"name\": \"The Last\", \"organisation\": \"ZAV\"}"),
	    201, NULL, NULL);
	testbed_until_status(
	    &(struct http_ask){.port = testbed_port(), .path = path, .token = testbed_admin()},
	    200);
}

static bool
is_elsewhere(const struct route *route)
{
	for (size_t i = 0; i < sizeof elsewhere / sizeof *elsewhere; i++)
		if (strncmp(route->pattern, elsewhere[i], strlen(elsewhere[i])) == 0)
			return true;
	return route->view == NULL || strncmp(route->pattern, "/v1/", 4) != 0 ||
	       strchr(route->pattern, '{') == NULL;
}

static bool
is_listed(const struct route *route)
{
	for (size_t i = 0; i < NCALLS; i++)
		if (calls[i].method == route->method &&
		    strlen(route->pattern) == strcspn(calls[i].pattern, "?") &&
		    strncmp(calls[i].pattern, route->pattern, strlen(route->pattern)) == 0)
			return true;
	return false;
}

/* holds: H13.1 A10 */
static void
nobody_reaches_what_the_table_does_not_grant(void **state)
{
	size_t count;
	const struct route *routes = routes_rows(&count);
	char *ids[NCALLS];
	bool good = true;

	(void)state;
	for (size_t i = 0; i < count; i++)
		if (!is_elsewhere(&routes[i]) && !is_listed(&routes[i]))
			fail_msg("%s %s is missing in the table of calls",
			    method_of(routes[i].method), routes[i].pattern);
	for (size_t i = 0; i < NCALLS; i++)
		ids[i] = make_all(&calls[i]);
	caught_up();
	for (size_t i = 0; i < NCALLS; i++) {
		char *rest = ids[i];

		for (int n = 0; n < ACCOUNT_ROLES * WHOSE; n++) {
			char *id = strsep(&rest, "\n");

			assert_non_null(id);
			good &= is_as_granted(
			    &calls[i], n / WHOSE, (enum whose)(n % WHOSE), id, tokens[n / WHOSE]);
		}
		free(ids[i]);
	}
	assert_true(good);
}

/* holds: H13.1 */
static void
no_program_is_the_second_person(void **state)
{
	size_t count, asked = 0;
	const struct route *routes = routes_rows(&count);
	char *robot = testbed_token("robot"), *some;
	struct http_reply made =
	    ask_as("POST", testbed_admin(), "/v1/accounts/w-administrator/tokens",
		"{\"scopes\": [\"read\", \"accounts\", \"write:setup\", \"write:cover\"]}");

	(void)state;
	assert_int_equal(made.status, 201);
	some = strdup(http_at(&made, "token"));
	http_free(&made);
	testbed_until_status(
	    &(struct http_ask){.port = testbed_port(), .path = "/v1/me", .token = some}, 200);
	for (size_t i = 0; i < count; i++) {
		const struct route *route = &routes[i];
		const char *at = strstr(route->pattern, "{id}");
		char path[120];

		if (!route->second)
			continue;
		asked++;
		assert_non_null(at);
		snprintf(path, sizeof path, "%.*sjo%s", (int)(at - route->pattern), route->pattern,
		    at + strlen("{id}"));
		expect_words(ask_as("POST", robot, path, "{}"), 403, "a program does not");
		expect_words(ask_as("POST", some, path, "{}"), 403, "a program does not");
	}
	assert_int_equal(asked, 5);
	/* It may ask for an erasure, and does not do what another has asked for. */
	expect_words(ask_as("POST", robot, "/v1/subjects/jo/erasure", "{\"request\": 1}"), 403,
	    "a program does not");
	/* It may propose. */
	expect(ask_as("PATCH", robot, "/v1/requirements/R1?dry_run=1", "{\"count\": 1}"), 200,
	    "second.what", "count");
	free(robot);
	free(some);
}

/* Two accounts of one person are one, wherever another one is asked for. */
static void
two_accounts_of_one_person_are_one(void **state)
{
	(void)state;
	testbed_sql(
	    "select person_new_add('ann', 'duty', 'jo-1');"
	    "do $$ begin assert person_new_review(1, null, 'jo-2') = 'own'; assert person_new_review(1, null, 'w-administrator') is null; end $$;"
	    "insert into erasure_request (person, reason, made_by) values ('ann', 'r', 'jo-1');"
	    "do $$ begin perform subject_erase_ask('ann', null, 1, null, true, 'jo-2'); raise 'was done'; "
	    "exception when sqlstate 'P0001' then assert sqlerrm like '%%is your own%%', sqlerrm; end $$");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(
		nobody_reaches_what_the_table_does_not_grant, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(no_program_is_the_second_person, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(two_accounts_of_one_person_are_one, set_up, tear_down),
	};

	return cmocka_run_group_tests_name("numbered", tests, testbed_open, testbed_close);
}
