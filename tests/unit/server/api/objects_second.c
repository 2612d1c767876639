/* SPDX-License-Identifier: MIT */
#include <time.h>

#include "tests/unit/server/api/objects.h"

/* Changes of an object that want a second person. */

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

	objects_wait_until_ready(); /* what is proposed is shown with its effect */
	snprintf(path, sizeof path, "/v1/requirements/R1?reason=winter&until=%s", day_in(40));
	expect_in(
	    objects_ask(token, "PATCH", path, objects_tag("/v1/requirements/R1"), "{'count':1}"),
	    202, "state", "open");
}

void
what_lowers_wants_another_person(void **state)
{
	char *board = token_of("w-commissioner"), *manager = token_of("w-rota_manager"),
	     *chief = token_of("w-administrator");
	char path[80];

	(void)state;
	expect_in(objects_ask(board, "PATCH", "/v1/requirements/R1",
		      objects_tag("/v1/requirements/R1"), "{'count':1}"),
	    422, "errors.0.path", "query.reason");
	expect_in(objects_ask(board, "PATCH", "/v1/requirements/R1?reason=x",
		      objects_tag("/v1/requirements/R1"), "{'count':1}"),
	    422, "errors.0.path", "query.until");
	expect_in(objects_ask(
		      board, "PATCH", "/v1/requirements/R1?until=2020-01-01", NULL, "{'count':1}"),
	    400, "errors.0.path", "query.until");
	propose_lowering(board);
	ASSERT("select count(*) from region) = (select 1");
	expect_in(testbed_as(board, "/v1/proposals"), 200, "proposals.0.body.count", "1");
	expect_in(
	    testbed_as(board, "/v1/proposals"), 200, "proposals.0.shown.second.what", "count");
	expect_in(testbed_as(manager, "/v1/proposals"), 200, "proposals", "[]");
	expect_in(objects_ask(board, "POST", "/v1/proposals/1/accept", NULL, NULL), 403, "detail",
	    "your own");
	expect_in(objects_ask(board, "POST", "/v1/proposals/1/refuse", NULL, "{'reason':'x'}"), 403,
	    "detail", "your own");
	expect_in(objects_ask(manager, "POST", "/v1/proposals/1/accept", NULL, NULL), 403, "detail",
	    "may not decide");
	expect_in(objects_ask(chief, "POST", "/v1/proposals/1/accept", NULL, NULL), 200,
	    "object.count", "1");
	expect_in(objects_ask(chief, "POST", "/v1/proposals/1/accept", NULL, NULL), 409, "detail",
	    "accepted");
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
void
a_proposal_is_judged_when_it_is_accepted(void **state)
{
	char *board = token_of("w-commissioner"), *chief = token_of("w-administrator");

	(void)state;
	propose_lowering(testbed_admin());
	ASSERT("select count(*) from region) = (select 1");
	expect_in(objects_ask(chief, "PATCH", "/v1/requirements/R1",
		      objects_tag("/v1/requirements/R1"), "{'owner':'ZAV'}"),
	    200, "applied", "true");
	expect_in(objects_ask(board, "POST", "/v1/proposals/1/accept", NULL, NULL), 412,
	    "errors.0.path", "$.owner");
	expect_in(testbed_as(board, "/v1/proposals"), 200, "proposals.0.state", "open");
	expect_in(objects_ask(board, "POST", "/v1/proposals/1/refuse", NULL, "{}"), 400,
	    "errors.0.path", "$.reason");
	expect_in(objects_ask(board, "POST", "/v1/proposals/1/refuse", NULL, "{'reason':'no'}"),
	    204, "nothing", "(none)");
	expect_in(testbed_as(board, "/v1/proposals"), 200, "proposals", "[]");
	expect_in(testbed_as(board, "/v1/proposals?state=all"), 200, "proposals.0.why", "no");
	/* After 7 days nobody accepts it. */
	propose_lowering(testbed_admin());
	testbed_sql(
	    "set session_replication_role = replica; update proposal set expires_at = now() where id = 2");
	expect_in(objects_ask(board, "POST", "/v1/proposals/2/accept", NULL, NULL), 409, "detail",
	    "expired");
	expect_in(objects_ask(board, "POST", "/v1/proposals/9/accept", NULL, NULL), 404, "detail",
	    "no proposal");
	/* An end is proposed as well. */
	objects_wait_until_ready();
	expect_in(objects_ask(chief, "DELETE", "/v1/requirements/R1?reason=x",
		      objects_tag("/v1/requirements/R1"), NULL),
	    202, "proposal", "3");
	expect_in(objects_ask(board, "POST", "/v1/proposals/3/accept", NULL, NULL), 200, "applied",
	    "true");
	expect_in(testbed_get("/v1/requirements/R1"), 404, "detail", "There is no");
	ASSERT("select count(*) from region) = (select 3");
	free(board);
	free(chief);
}

void
what_touches_others_maps_wants_another_person(void **state)
{
	char *manager = token_of("w-rota_manager"), *chief = token_of("w-administrator");

	(void)state;
	expect_in(objects_ask(manager, "PATCH", "/v1/services/amhp?reason=moved",
		      objects_tag("/v1/services/amhp"), "{'places':['ZED01']}"),
	    202, "proposal", "1");
	expect_in(objects_ask(chief, "POST", "/v1/proposals/1/accept", NULL, NULL), 200,
	    "object.places", "ZED01");
	objects_wait_until_ready();
	/* A person who is new, and whom another organisation is said to have approved. */
	expect_in(
	    objects_ask(manager, "PUT", "/v1/people/new?reason=shared", NULL,
		"{'name':'N','organisation':'ZFC','roles':[{'function':'amhp','approved_by':'ZAV'}]}"),
	    202, "proposal", "2");
	expect_in(testbed_get("/v1/people/new"), 404, "detail", "There is no");
	expect_in(objects_ask(chief, "POST", "/v1/proposals/2/accept", NULL, NULL), 201,
	    "object.name", "N");
	objects_wait_until_ready();
	/* An address of a proposal is a secret, too, and is the one that is accepted. */
	expect_in(
	    objects_ask(manager, "PATCH", "/v1/rotas/duty?reason=ends",
		objects_tag("/v1/rotas/duty"),
		"{'until':'2090-01-01','source':{'url':'https://example.org/third-secret.ics'}}"),
	    202, "proposal", "3");
	expect_in(testbed_as(manager, "/v1/proposals"), 200, "proposals.0.body.source.url",
	    "https://address.invalid/");
	expect_in(objects_ask(chief, "POST", "/v1/proposals/3/accept", NULL, NULL), 200,
	    "object.source.url", "https://address.invalid/");
	objects_expect_address("https://example.org/third-secret.ics");
	ASSERT("select count(*) from audit where detail::text like '%%secret%%') = (select 0");
	free(manager);
	free(chief);
}
