/* SPDX-License-Identifier: MIT */
#include "tests/unit/server/api/expect.h"

#include <time.h>

#include "server/api/routes.h"
#include "server/api/views/views.h"
#include "server/map/accounts.h"
#include "server/model/region_field.h"

/* One object of the set-up: GET, PUT, PATCH and DELETE, and who may do what, against a real database. */

static const char region[] =
    "{'crisiscover':1,"
    "'organisations':[{'code':'ZFC','name':'Fenmere','kind':'local_authority'},"
    " {'code':'ZAV','name':'Alder Vale','kind':'nhs_trust'},{'code':'ZNO','name':'Nobody','kind':'other'}],"
    "'functions':[{'code':'amhp','name':'AMHP'},{'code':'liaison','name':'Liaison'}],"
    "'places':[{'code':'X1','name':'Fenmere','kind':'council_area'},"
    " {'code':'ZED01','name':'Oswin','kind':'emergency_department','parents':['X1']},"
    " {'code':'ZED02','name':'Northgate','kind':'emergency_department'}],"
    "'people':[{'id':'jo','name':'Jo Jones','organisation':'ZFC','roles':['amhp'],'work_phone':'+441632960123'},"
    " {'id':'lee','name':'P Lee','organisation':'ZAV','roles':['liaison'],'work_phone':'+441632960124'}],"
    "'services':[{'id':'amhp','name':'AMHP duty','function':'amhp','organisation':'ZFC','places':['X1','ZED01'],"
    "  'phone':'+441632960456'},"
    " {'id':'oswin','name':'Liaison','function':'liaison','organisation':'ZAV','places':['ZED01']},"
    " {'id':'north','name':'North','function':'liaison','organisation':'ZAV','places':['ZED02']}],"
    "'rotas':[{'id':'duty','service':'amhp','tier':1,'source':{'kind':'ical_url','url':'https://example.org/secret.ics'}},"
    " {'id':'liaison','service':'oswin','tier':1,'source':{'kind':'file'}},"
    " {'id':'north','service':'north','tier':1,'source':{'kind':'file'}}],"
    "'requirements':[{'id':'R1','place':'ZED01','function':'amhp','count':2,"
    "  'hours':[{'days':['all'],'from':'00:00','to':'24:00'}]},"
    " {'id':'R2','place':'ZED02','function':'liaison','count':1,"
    "  'hours':[{'days':['all'],'from':'00:00','to':'24:00'}]}],"
    "'accounts':[{'name':'w-viewer','kind':'person','role':'viewer'},"
    " {'name':'w-switchboard','kind':'person','role':'switchboard'},"
    " {'name':'w-rota_manager','kind':'person','role':'rota_manager','organisation':'ZFC'},"
    " {'name':'w-commissioner','kind':'person','role':'commissioner','places':['X1']},"
    " {'name':'w-place_manager','kind':'person','role':'place_manager','places':['ZED01']},"
    " {'name':'w-organisation_administrator','kind':'person','role':'organisation_administrator',"
    "  'organisation':'ZFC','places':['X1']},"
    " {'name':'w-auditor','kind':'person','role':'auditor'},"
    " {'name':'w-administrator','kind':'person','role':'administrator'},"
    " {'name':'own','kind':'person','role':'viewer','organisation':'ZFC'},"
    " {'name':'other','kind':'person','role':'viewer','organisation':'ZAV'},"
    " {'name':'wall','kind':'device','role':'viewer','places':['ZED01']},"
    " {'name':'wall2','kind':'device','role':'viewer','places':['ZED02']}]}";

/* Quotes are written as apostrophes. Lives until the next call but three. */
static const char *
json(const char *text)
{
	static char ring[4][8192];
	static unsigned turn;
	char *out = ring[turn++ % 4];

	assert_true(strlen(text) < sizeof ring[0]);
	for (size_t i = 0; i <= strlen(text); i++)
		out[i] = text[i] == '\'' ? '"' : text[i];
	return out;
}

static struct http_reply
ask(const char *token, const char *method, const char *path, const char *headers, const char *body)
{
	return http(&(struct http_ask){.port = testbed_port(),
	    .method = method,
	    .path = path,
	    .token = token,
	    .headers = headers,
	    .body = body ? json(body) : NULL});
}

/* "If-Match: …" with the tag of an object. Lives until the next call. */
static const char *
tag(const char *path)
{
	static char line[80];
	struct http_reply reply = testbed_get(path);
	char *etag = http_header(&reply, "ETag");

	assert_int_equal(reply.status, 200);
	snprintf(line, sizeof line, "If-Match: %s\r\n", etag);
	free(etag);
	http_free(&reply);
	return line;
}

static void
as_admin(const char *method, const char *path, const char *headers, const char *body, int status)
{
	expect_in(ask(testbed_admin(), method, path, headers, body), status, "nothing", "(none)");
}

/* The api follows what is in force: a dry run answers 503 until it has it. */
static void
caught_up(void)
{
	testbed_until_status(&(struct http_ask){.port = testbed_port(),
				 .method = "PATCH",
				 .path = "/v1/organisations/ZNO?dry_run=1",
				 .token = testbed_admin(),
				 .body = "{}"},
	    200);
}

static int
set_up(void **state)
{
	testbed_set_up(state);
	as_admin("PUT", "/v1/region", NULL, region, 200);
	caught_up();
	return 0;
}

#define ASSERT(what) testbed_sql("do $$ begin assert (%s); end $$", what)

static void
an_object_lives_by_itself(void **state)
{
	static const char path[] = "/v1/people/sam";
	char first[80];

	(void)state;
	expect_in(testbed_get(path), 404, "detail", "There is no person");
	as_admin("PATCH", path, NULL, "{'name':'S'}", 404);
	as_admin("DELETE", path, NULL, NULL, 404);
	as_admin(
	    "PUT", path, "If-Match: \"object-1\"\r\n", "{'name':'Sam','organisation':'ZFC'}", 412);
	expect_in(ask(testbed_admin(), "PUT", path, "If-None-Match: *\r\n",
		      "{'name':'Sam','organisation':'ZFC','aliases':['S']}"),
	    201, "object.id", "sam");
	as_admin("PUT", path, "If-None-Match: *\r\n", "{'name':'Sam','organisation':'ZFC'}", 412);
	as_admin("PUT", path, NULL, "{'name':'Sam','organisation':'ZFC'}", 428);
	as_admin("PATCH", path, NULL, "{'name':'S'}", 428);
	as_admin("DELETE", path, NULL, NULL, 428);
	snprintf(first, sizeof first, "%s", tag(path));
	/* Of another object: the tag stays. */
	as_admin(
	    "PATCH", "/v1/people/jo", tag("/v1/people/jo"), "{'work_phone':'+441632960777'}", 200);
	assert_string_equal(tag(path), first);
	expect_in(ask(testbed_admin(), "PATCH", path, first,
		      "{'aliases':null,'work_phone':'+441632960888'}"),
	    200, "object.work_phone", "960888");
	expect_in(ask(testbed_admin(), "PATCH", path, first, "{'name':'S'}"), 412, "errors.0.path",
	    "$.work_phone");
	expect_in(
	    ask(testbed_admin(), "PATCH", path, first, "{'name':'S'}"), 412, "detail", "by admin");
	ASSERT(
	    "select count(*) from setup_item where kind = 'person' and key = 'sam') = (select 2");
	ASSERT(
	    "select item = '{\"id\":\"sam\",\"name\":\"Sam\",\"organisation\":\"ZFC\",\"work_phone\":\"+441632960888\"}' "
	    "from setup_item where key = 'sam' and ended is null");
	as_admin("DELETE", path, tag(path), NULL, 200);
	expect_in(testbed_get(path), 404, "detail", "There is no person");
	ASSERT("select retired_at is not null from person where id = 'sam'");
	ASSERT(
	    "select count(*) from audit where object = 'person/sam' and action = 'setup_changed') = (select 3");
}

static void
is_known_as_it_was(void **state)
{
	char path[160];
	struct http_reply reply;

	(void)state;
	reply = testbed_get("/v1/places/ZED01");
	http_free(&reply);
	testbed_sql(
	    "set session_replication_role = replica; update region set applied_at = now() - interval '3 days'");
	as_admin("PATCH", "/v1/places/ZED01", tag("/v1/places/ZED01"),
	    "{'name':'Oswin the Second'}", 200);
	expect_in(testbed_get("/v1/places/ZED01"), 200, "name", "Oswin the Second");
	snprintf(path, sizeof path, "/v1/places/ZED01?known_at=2020-01-01T00:00:00Z");
	expect_in(testbed_get(path), 404, "detail", "There is no");
	{
		time_t before = time(NULL) - 86400;
		char text[32];

		strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", gmtime(&before));
		snprintf(path, sizeof path, "/v1/places/ZED01?known_at=%s", text);
	}
	reply = testbed_get(path);
	assert_int_equal(reply.status, 200);
	assert_string_equal(http_at(&reply, "name"), "Oswin");
	http_free(&reply);
}

static void
faults_have_a_path_of_their_own(void **state)
{
	(void)state;
	expect_in(ask(testbed_admin(), "PATCH", "/v1/people/lee", tag("/v1/people/lee"),
		      "{'organisation':'XX'}"),
	    422, "errors.0.path", "$.organisation");
	expect_in(
	    ask(testbed_admin(), "PATCH", "/v1/people/lee", tag("/v1/people/lee"), "{'shoe':44}"),
	    422, "errors.0.path", "$");
	expect_in(ask(testbed_admin(), "PUT", "/v1/people/new", NULL,
		      "{'id':'other','name':'N','organisation':'ZFC'}"),
	    422, "errors.0.path", "$.id");
	expect_in(
	    ask(testbed_admin(), "PUT", "/v1/people/new", NULL, "[1]"), 400, "errors.0.path", "$");
	/* An object that others refer to is named together with them. */
	expect_in(ask(testbed_admin(), "DELETE", "/v1/organisations/ZAV",
		      tag("/v1/organisations/ZAV"), NULL),
	    409, "errors", "person lee");
	expect_in(ask(testbed_admin(), "DELETE", "/v1/organisations/ZAV",
		      tag("/v1/organisations/ZAV"), NULL),
	    409, "errors", "$.services[1].organisation");
	expect_in(
	    ask(testbed_admin(), "DELETE", "/v1/functions/amhp", tag("/v1/functions/amhp"), NULL),
	    409, "errors", "requirement R1");
	ASSERT("select count(*) from region) = (select 1");
}

static void
another_code_is_a_renaming(void **state)
{
	(void)state;
	expect_in(
	    ask(testbed_admin(), "PATCH", "/v1/people/jo", tag("/v1/people/jo"), "{'id':'joan'}"),
	    200, "object.renamed_from.0", "jo");
	expect_in(testbed_get("/v1/people/joan"), 200, "name", "Jo Jones");
	ASSERT("select was = 'jo' and code = 'joan' from renamed");
	/* A request with its former code is answered. */
	expect_in(testbed_get("/v1/people/jo"), 200, "id", "joan");
}

/* Where a second person comes whom a calendar may call as the first, it is told there. */
static void
who_may_be_meant_by_one_name_is_told(void **state)
{
	static const char path[] = "/v1/people/joan?dry_run=1";

	(void)state;
	expect_in(
	    ask(testbed_admin(), "PUT", path, NULL, "{'name':'JONES, Joan','organisation':'ZFC'}"),
	    200, "effect.alike.0.other", "jo");
	expect_in(
	    ask(testbed_admin(), "PUT", path, NULL, "{'name':'JONES, Joan','organisation':'ZFC'}"),
	    200, "effect.alike.0.written", "j jones");
	expect_in(
	    ask(testbed_admin(), "PUT", path, NULL, "{'name':'Joan Jones','organisation':'ZAV'}"),
	    200, "effect.alike_total", "0");
	expect_in(
	    ask(testbed_admin(), "PUT", path, NULL, "{'name':'Sam Jones','organisation':'ZFC'}"),
	    200, "effect.alike_total", "0");
	as_admin("PUT", "/v1/people/joan", NULL, "{'name':'Joan Jones','organisation':'ZFC'}", 201);
	caught_up();
	/* It is no effect of what comes after it, and another name of either is. */
	expect_in(ask(testbed_admin(), "PATCH", path, NULL, "{'work_phone':'+441632960888'}"), 200,
	    "effect.alike_total", "0");
	expect_in(ask(testbed_admin(), "PATCH", path, NULL, "{'aliases':['JJ']}"), 200,
	    "effect.alike_total", "0");
	expect_in(ask(testbed_admin(), "PATCH", "/v1/people/lee?dry_run=1", NULL,
		      "{'name':'Jim Jones','organisation':'ZFC'}"),
	    200, "effect.alike_total", "2");
}

/* Overrides, absences and decisions of somebody do not end without a warning. */
static void
what_was_said_holds_an_object(void **state)
{
	(void)state;
	testbed_sql(
	    "select override_add('duty', 'jo', null, now(), now() + interval '1 day', now() + interval '1 day', "
	    "null, false, 'ann')");
	expect_in(ask(testbed_admin(), "DELETE", "/v1/people/jo", tag("/v1/people/jo"), NULL), 409,
	    "errors.0.path", "person:jo");
	expect_in(ask(testbed_admin(), "DELETE", "/v1/people/jo?dry_run=1", NULL, NULL), 200,
	    "conflicts.0.fate", "refused");
	expect_in(ask(testbed_admin(), "DELETE", "/v1/people/jo?overwrite=person:jo",
		      tag("/v1/people/jo"), NULL),
	    200, "applied", "true");
}

/* What the box of the feed of `duty` holds. */
static void
stands_for(const char *address)
{
	char *opened = testbed_address("duty");

	assert_string_equal(opened, address);
	free(opened);
}

static void
an_address_stays_a_secret(void **state)
{
	(void)state;
	expect_in(testbed_get("/v1/rotas/duty"), 200, "source.url", "https://address.invalid/");
	/* The mask means the address it stands for. */
	as_admin("PATCH", "/v1/rotas/duty", tag("/v1/rotas/duty"), "{'tier':2}", 200);
	stands_for("https://example.org/secret.ics");
	expect_in(ask(testbed_admin(), "PATCH", "/v1/rotas/duty", tag("/v1/rotas/duty"),
		      "{'source':{'url':'https://example.org/second-secret.ics'}}"),
	    200, "object.source.url", "https://address.invalid/");
	stands_for("https://example.org/second-secret.ics");
	ASSERT("select count(*) from audit where detail::text like '%%secret%%') = (select 0");
	expect_in(ask(testbed_admin(), "PATCH", "/v1/rotas/duty", tag("/v1/rotas/duty"),
		      "{'source':{'url':'https://address.invalid/0000'}}"),
	    422, "detail", "give the address itself");
	caught_up();
}

static bool
warns_of(const struct http_reply *reply, const char *words)
{
	json_t *warning;
	size_t i;

	json_array_foreach(json_object_get(reply->json, "warnings"), i,
	    warning) if (strstr(json_string_value(json_object_get(warning, "detail")), words) !=
			 NULL) return true;
	return false;
}

/* What is wrong elsewhere is not said again with every change. */
static void
a_change_warns_of_what_it_gives_rise_to(void **state)
{
	static const char spare[] =
	    "{'name':'Spare','function':'amhp','organisation':'ZFC','places':['X1']}";
	struct http_reply person, service;

	(void)state;
	as_admin("PUT", "/v1/services/spare", "If-None-Match: *\r\n", spare, 201);
	caught_up();
	person = ask(testbed_admin(), "PUT", "/v1/people/new?dry_run=1", "If-None-Match: *\r\n",
	    "{'name':'N Ew','organisation':'ZFC'}");
	assert_int_equal(person.status, 200);
	assert_int_equal(json_array_size(json_object_get(person.json, "warnings")), 0);
	service = ask(
	    testbed_admin(), "PUT", "/v1/services/third?dry_run=1", "If-None-Match: *\r\n", spare);
	assert_int_equal(service.status, 200);
	assert_true(warns_of(&service, "service third has no rota"));
	assert_false(warns_of(&service, "service spare"));
	http_free(&person);
	http_free(&service);
}

/* The dry run of one object says what the dry run of the whole file says. */
static void
a_dry_run_is_that_of_the_file(void **state)
{
	struct http_reply whole, one, file = testbed_get("/v1/region");
	json_t *rotas = json_object_get(file.json, "rotas");
	char *text;

	(void)state;
	json_array_remove(rotas, 0);
	text = json_dumps(file.json, 0);
	whole = http(&(struct http_ask){.port = testbed_port(),
	    .method = "PUT",
	    .path = "/v1/region?dry_run=1",
	    .token = testbed_admin(),
	    .body = text});
	one = ask(testbed_admin(), "DELETE", "/v1/rotas/duty?dry_run=1", NULL, NULL);
	assert_int_equal(whole.status, 200);
	assert_int_equal(one.status, 200);
	assert_non_null(json_object_get(one.json, "effect"));
	assert_true(
	    json_equal(json_object_get(one.json, "effect"), json_object_get(whole.json, "effect")));
	assert_true(json_equal(
	    json_object_get(one.json, "changes"), json_object_get(whole.json, "changes")));
	/* The file has the warnings of everything in it, the object those that it gives rise to. */
	assert_true(warns_of(&one, "service amhp has no rota"));
	assert_true(json_array_size(json_object_get(whole.json, "warnings")) >
		    json_array_size(json_object_get(one.json, "warnings")));
	assert_string_equal(http_at(&one, "applied"), "false");
	free(text);
	http_free(&whole);
	http_free(&one);
	http_free(&file);
	ASSERT("select count(*) from region) = (select 1");
}

/* ----------------------------------------------------------------------------- who may do what */

/* Whose an object is, to the accounts w-…: of ZFC or at a place in X1; of ZAV elsewhere; of ZAV, at a
 * place in X1. */
static const struct object {
	const char *list, *whose, *code, *patch;
} objects[] = {
    {"organisations", "own", "ZFC", "{'name':'New'}"},
    {"organisations", "other", "ZAV", "{'name':'New'}"},
    {"functions", "shared", "amhp", "{'name':'New'}"},
    {"places", "own", "ZED01", "{'switchboard':'+441632960998'}"},
    {"places", "other", "ZED02", "{'switchboard':'+441632960998'}"},
    {"people", "own", "jo", "{'aliases':['JJ']}"},
    {"people", "other", "lee", "{'aliases':['LL']}"},
    {"services", "own", "amhp", "{'phone':'+441632960997'}"},
    {"services", "other", "north", "{'phone':'+441632960997'}"},
    {"services", "shared", "oswin", "{'phone':'+441632960997'}"},
    {"rotas", "own", "duty", "{'tier':3}"},
    {"rotas", "other", "north", "{'tier':3}"},
    {"rotas", "shared", "liaison", "{'tier':3}"},
    {"requirements", "own", "R1", "{'owner':'ZFC'}"},
    {"requirements", "other", "R2", "{'owner':'ZFC'}"},
    {"accounts", "own", "own", "{'places':['ZED01']}"},
    {"accounts", "other", "other", "{'places':['ZED01']}"},
    {"accounts", "own device", "wall", "{'kind':'device'}"},
    {"accounts", "other device", "wall2", "{'places':['ZED02']}"},
};

/* All that is not an administrator's: role, list, whose, which changes. D: a removal. */
static const struct {
	enum account_role role;
	const char *list, *whose, *changes;
} grants[] = {
    {ROLE_ROTA_MANAGER, "people", "own", "PUT PATCH DELETE"},
    {ROLE_ROTA_MANAGER, "services", "own", "PUT PATCH"},
    {ROLE_ROTA_MANAGER, "rotas", "own", "PUT PATCH DELETE"},
    {ROLE_COMMISSIONER, "requirements", "own", "PUT PATCH DELETE"},
    {ROLE_PLACE_MANAGER, "places", "own", "PUT PATCH"},
    {ROLE_PLACE_MANAGER, "accounts", "own device", "PUT PATCH DELETE"},
    {ROLE_ORGANISATION_ADMINISTRATOR, "accounts", "own", "PUT PATCH DELETE"},
};

static bool
granted(enum account_role role, const struct object *object, const char *method)
{
	for (size_t i = 0; i < sizeof grants / sizeof *grants; i++)
		if (grants[i].role == role && strcmp(grants[i].list, object->list) == 0 &&
		    strcmp(grants[i].whose, object->whose) == 0 &&
		    strstr(grants[i].changes, method) != NULL)
			return true;
	return role == ROLE_ADMINISTRATOR;
}

static const char *
method_name(enum web_method method)
{
	return method == WEB_PUT ? "PUT" : method == WEB_PATCH ? "PATCH" : "DELETE";
}

/* The object with its patch in it. */
static char *
whole(const struct object *object)
{
	char path[80];
	struct http_reply reply;
	json_t *patch = json_loads(json(object->patch), 0, NULL);
	char *text;

	snprintf(path, sizeof path, "/v1/%s/%s", object->list, object->code);
	reply = testbed_get(path);
	assert_int_equal(reply.status, 200);
	json_object_update(reply.json, patch);
	text = json_dumps(reply.json, 0);
	json_decref(patch);
	http_free(&reply);
	return text;
}

static void
change_as(
    enum account_role role, const char *token, const struct object *object, enum web_method method)
{
	char path[80], *body = method == WEB_PUT ? whole(object) : NULL;
	struct http_reply reply;
	bool may = granted(role, object, method_name(method));

	snprintf(path, sizeof path, "/v1/%s/%s?dry_run=1", object->list, object->code);
	reply = ask(token, method_name(method), path, NULL,
	    method == WEB_DELETE ? NULL
	    : body               ? body
				 : object->patch);
	/* An object that others refer to cannot be deleted, whatever the right of the account. */
	if (reply.status != (may ? 200 : 403) &&
	    !(method == WEB_DELETE && reply.status == 409 && granted(role, object, "PATCH")))
		fail_msg("%s: %s %s (%s) gets %d: %s", account_role_name(role), method_name(method),
		    path, object->whose, reply.status, reply.body);
	http_free(&reply);
	free(body);
}

/* Every role x every change of the table of routes x own, other, shared. */
static void
nobody_changes_what_the_table_does_not_grant(void **state)
{
	size_t count, asked = 0;
	const struct route *routes = routes_rows(&count);

	(void)state;
	for (int role = 0; role < ACCOUNT_ROLES; role++) {
		char name[60];
		char *token;

		snprintf(name, sizeof name, "w-%s", account_role_name((enum account_role)role));
		token = testbed_token(name);
		testbed_until_status(
		    &(struct http_ask){.port = testbed_port(), .path = "/v1/me", .token = token},
		    200);
		for (size_t i = 0; i < count; i++)
			for (size_t j = 0; j < sizeof objects / sizeof *objects; j++) {
				char pattern[80];

				snprintf(pattern, sizeof pattern, "/v1/%s/{id}", objects[j].list);
				if (routes[i].view != view_object_change ||
				    strcmp(routes[i].pattern, pattern) != 0)
					continue;
				change_as(
				    (enum account_role)role, token, &objects[j], routes[i].method);
				asked++;
			}
		free(token);
	}
	assert_int_equal(asked, 3 * ACCOUNT_ROLES * (sizeof objects / sizeof *objects));
	ASSERT("select count(*) from region) = (select 1");
}

/* Whose a thing is that other calls are about: what stands for the first {…} of a path. */
static const struct {
	const char *list, *own, *other, *shared;
} things[] = {
    {"rotas", "duty", "north", "liaison"}, {"feeds", "duty", "north", "liaison"},
    {"accounts", "own", "other", NULL}, {"people", "jo", "lee", NULL},
    {"places", "ZED01", "ZED02", "X1"}, /* shared: the area in which an account's place lies */
};

/* Every call that changes something about one of these, other than the object itself. What is not in this
 * table has no test of whose it is, so that a route that is missing fails. */
#define OF(role) (1u << (role))
static const struct {
	enum web_method method;
	const char *pattern, *body;
	unsigned own; /* roles that may, of what is their own; an administrator may everything */
	int denied;   /* 404 where it is not to be seen whether there is one */
} calls[] = {
    {WEB_POST, "/v1/feeds/{rota}/refresh", NULL, OF(ROLE_ROTA_MANAGER), 403},
    {WEB_POST, "/v1/rotas/{id}/imports", "{}", OF(ROLE_ROTA_MANAGER), 403},
    {WEB_POST, "/v1/rotas/{id}/decisions", "{}", OF(ROLE_ROTA_MANAGER), 403},
    {WEB_DELETE, "/v1/rotas/{id}/decisions/{decision}", NULL, OF(ROLE_ROTA_MANAGER), 403},
    {WEB_POST, "/v1/rotas/{id}/shifts",
	"{'person':'jo','from':'2031-01-01T00:00:00Z','until':'2031-01-01T08:00:00Z'}",
	OF(ROLE_ROTA_MANAGER), 403},
    {WEB_PATCH, "/v1/rotas/{id}/shifts/{shift}", "{'note':'n'}", OF(ROLE_ROTA_MANAGER), 403},
    {WEB_DELETE, "/v1/rotas/{id}/shifts/{shift}", NULL, OF(ROLE_ROTA_MANAGER), 403},
    {WEB_POST, "/v1/rotas/{id}/people", "{}", OF(ROLE_ROTA_MANAGER), 403},
    {WEB_PUT, "/v1/rotas/{id}/rotation", "{}", OF(ROLE_ROTA_MANAGER), 403},
    {WEB_DELETE, "/v1/rotas/{id}/rotation", NULL, OF(ROLE_ROTA_MANAGER), 403},
    {WEB_POST, "/v1/accounts/{name}/tokens", "{}", 0, 403},
    {WEB_DELETE, "/v1/accounts/{name}/tokens", NULL, 0, 403},
    {WEB_POST, "/v1/accounts/{name}/invite", "{}", OF(ROLE_ORGANISATION_ADMINISTRATOR), 404},
    {WEB_POST, "/v1/accounts/{name}/reset", "{}", OF(ROLE_ORGANISATION_ADMINISTRATOR), 404},
    {WEB_POST, "/v1/people/{id}/merge", "{'person':'ann','reason':'r'}",
	OF(ROLE_ROTA_MANAGER) | OF(ROLE_ORGANISATION_ADMINISTRATOR), 403},
    {WEB_POST, "/v1/people/{id}/split", "{'merge':1,'reason':'r'}",
	OF(ROLE_ROTA_MANAGER) | OF(ROLE_ORGANISATION_ADMINISTRATOR), 403},
    {WEB_POST, "/v1/places/{code}/devices", "{'label':'Bay'}", OF(ROLE_PLACE_MANAGER), 403},
    {WEB_DELETE, "/v1/places/{code}/devices/{device}", NULL, OF(ROLE_PLACE_MANAGER), 403},
};

static size_t
call_of(const struct route *route)
{
	for (size_t i = 0; i < sizeof calls / sizeof *calls; i++)
		if (calls[i].method == route->method &&
		    strcmp(calls[i].pattern, route->pattern) == 0)
			return i;
	fail_msg("%s is missing in the table of calls", route->pattern);
	return 0;
}

static void
ask_about(const struct route *route, enum account_role role, const char *token, const char *thing,
    bool own)
{
	static const char *const methods[] = {
	    [WEB_POST] = "POST", [WEB_PUT] = "PUT", [WEB_PATCH] = "PATCH", [WEB_DELETE] = "DELETE"};
	const char *first = strchr(route->pattern, '{'), *rest = strchr(first, '}') + 1;
	const char *second = strchr(rest, '{');
	size_t call = call_of(route);
	bool may = role == ROLE_ADMINISTRATOR || (own && (calls[call].own & OF(role)) != 0), denied;
	struct http_reply reply;
	char path[200];

	snprintf(path, sizeof path, "%.*s%s%.*s%s", (int)(first - route->pattern), route->pattern,
	    thing, (int)(second != NULL ? (size_t)(second - rest) : strlen(rest)), rest,
	    second != NULL ? "1" : "");
	reply = ask(token, methods[route->method], path, NULL, calls[call].body);
	denied = reply.status == 403 || reply.status == calls[call].denied;
	if (denied == may)
		fail_msg("%s: %s %s gets %d: %s", account_role_name(role), methods[route->method],
		    path, reply.status, reply.body);
	http_free(&reply);
}

/* Every role x every other call about something that is somebody's x own, other, shared. */
static void
nobody_does_what_the_table_does_not_grant(void **state)
{
	size_t count;
	const struct route *routes = routes_rows(&count);

	(void)state;
	for (int role = 0; role < ACCOUNT_ROLES; role++) {
		char name[60];
		char *token;

		snprintf(name, sizeof name, "w-%s", account_role_name((enum account_role)role));
		token = testbed_token(name);
		testbed_until_status(
		    &(struct http_ask){.port = testbed_port(), .path = "/v1/me", .token = token},
		    200);
		for (size_t i = 0; i < count; i++)
			for (size_t j = 0; j < sizeof things / sizeof *things; j++) {
				char begin[40];

				snprintf(begin, sizeof begin, "/v1/%s/{", things[j].list);
				if (routes[i].method == WEB_GET ||
				    routes[i].view == view_object_change ||
				    strncmp(routes[i].pattern, begin, strlen(begin)) != 0)
					continue;
				ask_about(&routes[i], (enum account_role)role, token, things[j].own,
				    true);
				ask_about(&routes[i], (enum account_role)role, token,
				    things[j].other, false);
				if (things[j].shared != NULL)
					ask_about(&routes[i], (enum account_role)role, token,
					    things[j].shared, false);
			}
		free(token);
	}
}

/* The things that an account may not give away, take over or reach around. */
static void
fields_are_refused_by_their_path(void **state)
{
	static const struct {
		const char *account, *method, *path, *body;
		int status;
		const char *fault;
	} rows[] = {
	    {"w-rota_manager", "PATCH", "services/amhp", "{'name':'N'}", 403, "$.name"},
	    {"w-rota_manager", "PATCH", "services/amhp", "{'phone':null,'organisation':'ZAV'}", 403,
		"$"},
	    {"w-rota_manager", "PATCH", "services/amhp", "{'places':['ZED01']}", 200, "places"},
	    {"w-rota_manager", "PATCH", "people/jo", "{'organisation':'ZAV'}", 403, "$"},
	    {"w-rota_manager", "PUT", "people/new", "{'name':'N','organisation':'ZAV'}", 403, "$"},
	    {"w-rota_manager", "PUT", "people/new", "{'name':'N','organisation':'ZFC'}", 200, NULL},
	    {"w-rota_manager", "PATCH", "people/jo",
		"{'roles':[{'function':'amhp','approved_by':'ZFC','until':'2030-01-01'}]}", 200,
		NULL},
	    {"w-rota_manager", "PATCH", "people/jo",
		"{'roles':[{'function':'amhp','approved_by':'ZAV'}]}", 200, "roles"},
	    {"w-rota_manager", "PUT", "people/new",
		"{'name':'N','organisation':'ZFC','roles':[{'function':'amhp','approved_by':'ZAV'}]}",
		200, "roles"},
	    {"w-rota_manager", "PUT", "rotas/new",
		"{'service':'oswin','tier':1,'source':{'kind':'file'}}", 403, "$"},
	    {"w-rota_manager", "PUT", "rotas/new",
		"{'service':'amhp','tier':2,'source':{'kind':'typed'}}", 200, NULL},
	    {"w-rota_manager", "PATCH", "rotas/duty", "{'service':'oswin'}", 403, "$"},
	    {"w-rota_manager", "PUT", "services/new",
		"{'name':'N','function':'amhp','organisation':'ZFC','places':['ZED01']}", 403,
		NULL},
	    {"w-commissioner", "PATCH", "requirements/R1", "{'count':3}", 200, NULL},
	    {"w-commissioner", "PATCH", "requirements/R1", "{'count':1}", 200, "count"},
	    {"w-commissioner", "PATCH", "requirements/R1", "{'until':'2030-01-01'}", 200, "until"},
	    {"w-commissioner", "PATCH", "requirements/R1", "{'place':'ZED02'}", 403, "$"},
	    {"w-commissioner", "PATCH", "requirements/R1",
		"{'hours':[{'days':['all'],'from':'00:00','to':'23:00'}]}", 200, "hours"},
	    {"w-place_manager", "PATCH", "places/ZED01", "{'name':'N'}", 403, "$.name"},
	    {"w-place_manager", "PATCH", "places/X1", "{'switchboard':'+441632960998'}", 403, NULL},
	    {"w-place_manager", "PUT", "accounts/wall3",
		"{'kind':'device','role':'viewer','places':['ZED01']}", 200, NULL},
	    {"w-place_manager", "PUT", "accounts/wall3", "{'kind':'device','role':'viewer'}", 403,
		"$"},
	    {"w-place_manager", "PUT", "accounts/wall3",
		"{'kind':'device','role':'switchboard','places':['ZED01']}", 403, "$"},
	    {"w-place_manager", "PUT", "accounts/wall3",
		"{'kind':'person','role':'viewer','places':['ZED01']}", 403, "$"},
	    {"w-place_manager", "PATCH", "accounts/wall", "{'places':['ZED01','ZED02']}", 403, "$"},
	    {"w-organisation_administrator", "PATCH", "accounts/own", "{'role':'rota_manager'}",
		200, NULL},
	    {"w-organisation_administrator", "PATCH", "accounts/own", "{'role':'administrator'}",
		403, "$"},
	    {"w-organisation_administrator", "PATCH", "accounts/own", "{'role':'auditor'}", 403,
		"$"},
	    {"w-organisation_administrator", "PATCH", "accounts/own", "{'role':'commissioner'}",
		403, "$"},
	    {"w-organisation_administrator", "PATCH", "accounts/own",
		"{'role':'commissioner','places':['ZED01']}", 200, NULL},
	    {"w-organisation_administrator", "PATCH", "accounts/own",
		"{'role':'commissioner','places':['ZED02']}", 403, "$"},
	    {"w-organisation_administrator", "PATCH", "accounts/own", "{'organisation':'ZAV'}", 403,
		"$"},
	    {"w-organisation_administrator", "PATCH", "accounts/w-organisation_administrator",
		"{'places':['X1','ZED02']}", 403, "$"},
	    {"w-organisation_administrator", "PATCH", "accounts/w-administrator",
		"{'role':'viewer'}", 403, NULL},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		char path[100];
		char *token = testbed_token(rows[i].account);
		struct http_reply reply;
		const char *at;

		testbed_until_status(
		    &(struct http_ask){.port = testbed_port(), .path = "/v1/me", .token = token},
		    200);
		snprintf(path, sizeof path, "/v1/%s?dry_run=1", rows[i].path);
		reply = ask(token, rows[i].method, path, NULL, rows[i].body);
		at = http_at(&reply, rows[i].status == 200 ? "second.what" : "errors.0.path");
		if (reply.status != rows[i].status ||
		    (rows[i].fault != NULL && strcmp(at, rows[i].fault) != 0))
			fail_msg("row %zu, %s %s: %d %s", i, rows[i].account, rows[i].path,
			    reply.status, reply.body);
		http_free(&reply);
		free(token);
	}
}

/* A letter of another alphabet may look like a Latin one: who makes a code of it is told. */
static void
a_code_of_other_letters_is_refused_with_the_rule(void **state)
{
	static const char other[] = "/v1/people/jo-jon%D0%B5s"; /* a Cyrillic e */

	(void)state;
	expect(ask(testbed_admin(), "PUT", other, NULL, "{'name':'N','organisation':'ZFC'}"), 400,
	    "errors.0.detail", REGION_CODE_RULE);
	expect_in(testbed_get(other), 404, "detail", "There is no person");
}

/* Sight of an object, and of numbers. */
static void
an_object_is_seen_by_whom_it_concerns(void **state)
{
	static const struct {
		const char *account, *path;
		int status;
		bool phone;
	} rows[] = {
	    {"w-viewer", "people/jo", 403, false},
	    {"w-switchboard", "people/jo", 403, false},
	    {"w-rota_manager", "people/jo", 200, true},
	    {"w-rota_manager", "people/lee", 200, false},
	    {"w-commissioner", "people/jo", 404, false},
	    {"w-commissioner", "rotas/duty", 404, false},
	    {"w-commissioner", "requirements/R1", 200, false},
	    {"w-commissioner", "requirements/R2", 404, false},
	    {"w-auditor", "people/jo", 200, false},
	    {"w-administrator", "people/jo", 200, true},
	    {"w-place_manager", "places/ZED02", 404, false},
	    {"w-place_manager", "accounts/wall", 200, false},
	    {"w-place_manager", "accounts/wall2", 404, false},
	    {"w-place_manager", "accounts/own", 404, false},
	    {"w-organisation_administrator", "accounts/own", 200, false},
	    {"w-organisation_administrator", "accounts/other", 404, false},
	    {"w-rota_manager", "accounts/own", 404, false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		char path[100];
		char *token = testbed_token(rows[i].account);
		struct http_reply reply;

		testbed_until_status(
		    &(struct http_ask){.port = testbed_port(), .path = "/v1/me", .token = token},
		    200);
		snprintf(path, sizeof path, "/v1/%s", rows[i].path);
		reply = testbed_as(token, path);
		if (reply.status != rows[i].status ||
		    rows[i].phone != (strstr(reply.body, "+4416329601") != NULL))
			fail_msg("row %zu, %s %s: %d %s", i, rows[i].account, rows[i].path,
			    reply.status, reply.body);
		http_free(&reply);
		free(token);
	}
}

/* ---------------------------------------------------------------------------- a second person */

/* A day in so many days, yyyy-mm-dd. Lives until the next call. */
static const char *
day_in(int days)
{
	static char text[16];
	time_t at = time(NULL) + (time_t)days * 86400;

	strftime(text, sizeof text, "%Y-%m-%d", gmtime(&at));
	return text;
}

static char *
token_of(const char *account)
{
	char *token = testbed_token(account);

	testbed_until_status(
	    &(struct http_ask){.port = testbed_port(), .path = "/v1/me", .token = token}, 200);
	return token;
}

/* Proposes that R1 be met by one person for 40 days. */
static void
propose_lowering(const char *token)
{
	char path[120];

	caught_up(); /* what is proposed is shown with its effect */
	snprintf(path, sizeof path, "/v1/requirements/R1?reason=winter&until=%s", day_in(40));
	expect_in(ask(token, "PATCH", path, tag("/v1/requirements/R1"), "{'count':1}"), 202,
	    "state", "open");
}

static void
what_lowers_wants_another_person(void **state)
{
	char *board = token_of("w-commissioner"), *manager = token_of("w-rota_manager"),
	     *chief = token_of("w-administrator");
	char path[80];

	(void)state;
	expect_in(
	    ask(board, "PATCH", "/v1/requirements/R1", tag("/v1/requirements/R1"), "{'count':1}"),
	    422, "errors.0.path", "query.reason");
	expect_in(ask(board, "PATCH", "/v1/requirements/R1?reason=x", tag("/v1/requirements/R1"),
		      "{'count':1}"),
	    422, "errors.0.path", "query.until");
	expect_in(ask(board, "PATCH", "/v1/requirements/R1?until=2020-01-01", NULL, "{'count':1}"),
	    400, "errors.0.path", "query.until");
	propose_lowering(board);
	ASSERT("select count(*) from region) = (select 1");
	expect_in(testbed_as(board, "/v1/proposals"), 200, "proposals.0.body.count", "1");
	expect_in(
	    testbed_as(board, "/v1/proposals"), 200, "proposals.0.shown.second.what", "count");
	expect_in(testbed_as(manager, "/v1/proposals"), 200, "proposals", "[]");
	expect_in(
	    ask(board, "POST", "/v1/proposals/1/accept", NULL, NULL), 403, "detail", "your own");
	expect_in(ask(board, "POST", "/v1/proposals/1/refuse", NULL, "{'reason':'x'}"), 403,
	    "detail", "your own");
	expect_in(ask(manager, "POST", "/v1/proposals/1/accept", NULL, NULL), 403, "detail",
	    "may not decide");
	expect_in(
	    ask(chief, "POST", "/v1/proposals/1/accept", NULL, NULL), 200, "object.count", "1");
	expect_in(
	    ask(chief, "POST", "/v1/proposals/1/accept", NULL, NULL), 409, "detail", "accepted");
	/* Afterwards what was before holds again. */
	expect_in(testbed_get("/v1/requirements/R1"), 200, "until", day_in(40));
	snprintf(path, sizeof path, "/v1/requirements/R1.%s", day_in(40));
	expect_in(testbed_get(path), 200, "from", day_in(40));
	expect_in(testbed_get(path), 200, "count", "2");
	ASSERT("select count(*) from region) = (select 2");
	ASSERT(
	    "select string_agg(action, ' ' order by id) from audit where object = 'requirement/R1' "
	    "and action <> 'region_applied') = (select 'setup_changed setup_proposed proposal_accepted setup_changed'");
	free(board);
	free(manager);
	free(chief);
}

/* Nobody lowers alone: not an administrator, and not by an acceptance of what is another by now. */
static void
a_proposal_is_judged_when_it_is_accepted(void **state)
{
	char *board = token_of("w-commissioner"), *chief = token_of("w-administrator");

	(void)state;
	propose_lowering(testbed_admin());
	ASSERT("select count(*) from region) = (select 1");
	expect_in(ask(chief, "PATCH", "/v1/requirements/R1", tag("/v1/requirements/R1"),
		      "{'owner':'ZAV'}"),
	    200, "applied", "true");
	expect_in(ask(board, "POST", "/v1/proposals/1/accept", NULL, NULL), 412, "errors.0.path",
	    "$.owner");
	expect_in(testbed_as(board, "/v1/proposals"), 200, "proposals.0.state", "open");
	expect_in(ask(board, "POST", "/v1/proposals/1/refuse", NULL, "{}"), 400, "errors.0.path",
	    "$.reason");
	expect_in(ask(board, "POST", "/v1/proposals/1/refuse", NULL, "{'reason':'no'}"), 204,
	    "nothing", "(none)");
	expect_in(testbed_as(board, "/v1/proposals"), 200, "proposals", "[]");
	expect_in(testbed_as(board, "/v1/proposals?state=all"), 200, "proposals.0.why", "no");
	/* After 7 days nobody accepts it. */
	propose_lowering(testbed_admin());
	testbed_sql(
	    "set session_replication_role = replica; update proposal set expires_at = now() where id = 2");
	expect_in(
	    ask(board, "POST", "/v1/proposals/2/accept", NULL, NULL), 409, "detail", "expired");
	expect_in(
	    ask(board, "POST", "/v1/proposals/9/accept", NULL, NULL), 404, "detail", "no proposal");
	/* An end is proposed as well. */
	caught_up();
	expect_in(
	    ask(chief, "DELETE", "/v1/requirements/R1?reason=x", tag("/v1/requirements/R1"), NULL),
	    202, "proposal", "3");
	expect_in(ask(board, "POST", "/v1/proposals/3/accept", NULL, NULL), 200, "applied", "true");
	expect_in(testbed_get("/v1/requirements/R1"), 404, "detail", "There is no");
	ASSERT("select count(*) from region) = (select 3");
	free(board);
	free(chief);
}

static void
what_touches_others_maps_wants_another_person(void **state)
{
	char *manager = token_of("w-rota_manager"), *chief = token_of("w-administrator");

	(void)state;
	expect_in(ask(manager, "PATCH", "/v1/services/amhp?reason=moved", tag("/v1/services/amhp"),
		      "{'places':['ZED01']}"),
	    202, "proposal", "1");
	expect_in(ask(chief, "POST", "/v1/proposals/1/accept", NULL, NULL), 200, "object.places",
	    "ZED01");
	caught_up();
	/* A person who is new, and whom another organisation is said to have approved. */
	expect_in(
	    ask(manager, "PUT", "/v1/people/new?reason=shared", NULL,
		"{'name':'N','organisation':'ZFC','roles':[{'function':'amhp','approved_by':'ZAV'}]}"),
	    202, "proposal", "2");
	expect_in(testbed_get("/v1/people/new"), 404, "detail", "There is no");
	expect_in(
	    ask(chief, "POST", "/v1/proposals/2/accept", NULL, NULL), 201, "object.name", "N");
	caught_up();
	/* An address of a proposal is a secret, too, and is the one that is accepted. */
	expect_in(
	    ask(manager, "PATCH", "/v1/rotas/duty?reason=ends", tag("/v1/rotas/duty"),
		"{'until':'2090-01-01','source':{'url':'https://example.org/third-secret.ics'}}"),
	    202, "proposal", "3");
	expect_in(testbed_as(manager, "/v1/proposals"), 200, "proposals.0.body.source.url",
	    "https://address.invalid/");
	expect_in(ask(chief, "POST", "/v1/proposals/3/accept", NULL, NULL), 200,
	    "object.source.url", "https://address.invalid/");
	stands_for("https://example.org/third-secret.ics");
	ASSERT("select count(*) from audit where detail::text like '%%secret%%') = (select 0");
	free(manager);
	free(chief);
}

#define TESTBED(test) cmocka_unit_test_setup_teardown(test, set_up, testbed_tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TESTBED(an_object_lives_by_itself),
	    TESTBED(is_known_as_it_was),
	    TESTBED(faults_have_a_path_of_their_own),
	    TESTBED(another_code_is_a_renaming),
	    TESTBED(who_may_be_meant_by_one_name_is_told),
	    TESTBED(what_was_said_holds_an_object),
	    TESTBED(an_address_stays_a_secret),
	    TESTBED(a_dry_run_is_that_of_the_file),
	    TESTBED(a_change_warns_of_what_it_gives_rise_to),
	    TESTBED(nobody_changes_what_the_table_does_not_grant),
	    TESTBED(nobody_does_what_the_table_does_not_grant),
	    TESTBED(a_code_of_other_letters_is_refused_with_the_rule),
	    TESTBED(fields_are_refused_by_their_path),
	    TESTBED(an_object_is_seen_by_whom_it_concerns),
	    TESTBED(what_lowers_wants_another_person),
	    TESTBED(a_proposal_is_judged_when_it_is_accepted),
	    TESTBED(what_touches_others_maps_wants_another_person),
	};

	return cmocka_run_group_tests(tests, testbed_open, testbed_close);
}
