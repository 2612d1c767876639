/* SPDX-License-Identifier: MIT */
#include "server/api/routes.h"
#include "server/api/views/views.h"
#include "server/map/accounts.h"
#include "server/model/region_field.h"
#include "tests/unit/server/api/objects.h"

/* Who may do what with an object of the set-up, and with what is about one. */

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
    {"places", "own ladder", "ZED01",
	"{'ladders':[{'function':'amhp','steps':[{'on_call':1},{'place':'ZED01'}]}]}"},
    {"places", "other ladder", "ZED02",
	"{'ladders':[{'function':'amhp','steps':[{'on_call':1}]}]}"},
    {"requirements", "own", "R1", "{'owner':'ZFC'}"},
    {"requirements", "other", "R2", "{'owner':'ZFC'}"},
    {"accounts", "own", "own", "{'places':['ZED01']}"},
    {"accounts", "other", "other", "{'places':['ZED01']}"},
    {"accounts", "own device", "wall", "{'kind':'device'}"},
    {"accounts", "other device", "wall2", "{'places':['ZED02']}"},
    {"areas", "own", "F1", "{'name':'New'}"},
    {"areas", "other", "N1", "{'name':'New'}"},
    {"navigators", "own", "edt", "{'for':'adults'}"},
    {"navigators", "other", "cafe", "{'for':'adults'}"},
};

/* All that is not an administrator's: role, list, whose, which changes. D: a removal. */
static const struct {
	enum account_role role;
	const char *list, *whose, *changes;
} grants[] = {
    {ROLE_ROTA_MANAGER, "people", "own", "PUT PATCH DELETE"},
    {ROLE_ROTA_MANAGER, "services", "own", "PUT PATCH"},
    {ROLE_ROTA_MANAGER, "rotas", "own", "PUT PATCH DELETE"},
    {ROLE_ROTA_MANAGER, "navigators", "own", "PUT PATCH DELETE"},
    {ROLE_COMMISSIONER, "requirements", "own", "PUT PATCH DELETE"},
    {ROLE_COMMISSIONER, "places", "own ladder", "PUT PATCH"},
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

/* Whether it may change some key of that object. */
static bool
changes_some(enum account_role role, const struct object *object)
{
	for (size_t i = 0; i < sizeof objects / sizeof *objects; i++)
		if (strcmp(objects[i].list, object->list) == 0 &&
		    strcmp(objects[i].code, object->code) == 0 &&
		    granted(role, &objects[i], "PATCH"))
			return true;
	return false;
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
	json_t *patch = json_loads(objects_json(object->patch), 0, NULL);
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
	reply = objects_ask(token, method_name(method), path, NULL,
	    method == WEB_DELETE ? NULL
	    : body               ? body
				 : object->patch);
	/* An object that others refer to cannot be deleted, whatever the right of the account. */
	if (reply.status != (may ? 200 : 403) &&
	    !(method == WEB_DELETE && reply.status == 409 && changes_some(role, object)))
		fail_msg("%s: %s %s (%s) gets %d: %s", account_role_name(role), method_name(method),
		    path, object->whose, reply.status, reply.body);
	http_free(&reply);
	free(body);
}

/* How many objects of the table above a route changes. */
static size_t
change_each(const struct route *route, enum account_role role, const char *token)
{
	size_t asked = 0;
	char pattern[80];

	for (size_t i = 0; i < sizeof objects / sizeof *objects; i++) {
		snprintf(pattern, sizeof pattern, "/v1/%s/{id}", objects[i].list);
		if (strcmp(route->pattern, pattern) != 0)
			continue;
		change_as(role, token, &objects[i], route->method);
		asked++;
	}
	return asked;
}

/* Every role x every change of the table of routes x own, other, shared. */
void
nobody_changes_what_the_table_does_not_grant(void **state)
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
			if (routes[i].view == view_object_change &&
			    change_each(&routes[i], (enum account_role)role, token) == 0)
				fail_msg(
				    "%s is missing in the table of objects", routes[i].pattern);
		free(token);
	}
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
	reply = objects_ask(token, methods[route->method], path, NULL, calls[call].body);
	denied = reply.status == 403 || reply.status == calls[call].denied;
	if (denied == may)
		fail_msg("%s: %s %s gets %d: %s", account_role_name(role), methods[route->method],
		    path, reply.status, reply.body);
	http_free(&reply);
}

/* Every role x every other call about something that is somebody's x own, other, shared. */
void
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
void
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
		reply = objects_ask(token, rows[i].method, path, NULL, rows[i].body);
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
void
a_code_of_other_letters_is_refused_with_the_rule(void **state)
{
	static const char other[] = "/v1/people/jo-jon%D0%B5s"; /* a Cyrillic e */

	(void)state;
	expect(
	    objects_ask(testbed_admin(), "PUT", other, NULL, "{'name':'N','organisation':'ZFC'}"),
	    400, "errors.0.detail", REGION_CODE_RULE);
	expect_in(testbed_get(other), 404, "detail", "There is no person");
}

/* Sight of an object, and of numbers. */
void
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
