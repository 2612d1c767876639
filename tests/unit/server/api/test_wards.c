/* SPDX-License-Identifier: MIT */
#include "tests/unit/server/api/testbed.h"

#include <poll.h>

/* Devices of a place, links made by an organisation's administrator, and looking at a place that is
 * not one's own, asked of the living role. */

static const char region[] =
    "{'crisiscover':1,'organisations':[{'code':'ZFC','name':'Fenmere','kind':'local_authority'},"
    " {'code':'ZAV','name':'Alder Vale','kind':'nhs_trust'}],"
    "'functions':[{'code':'amhp','name':'AMHP'}],"
    "'places':[{'code':'ZED01','name':'Oswin','kind':'emergency_department'},"
    " {'code':'ZED02','name':'Northgate','kind':'emergency_department'},"
    " {'code':'ZED03','name':'The old Oswin','kind':'emergency_department','until':'2026-01-01','successors':['ZED01']}],"
    "'people':[{'id':'jo','name':'J Jones','organisation':'ZFC','roles':['amhp'],'work_phone':'+441632960123'}],"
    "'services':[{'id':'amhp','name':'AMHP duty','function':'amhp','organisation':'ZFC',"
    "  'places':['ZED01','ZED02'],'phone':'+441632960456'}],"
    "'rotas':[{'id':'duty','service':'amhp','tier':1,'source':{'kind':'file'}}],"
    "'requirements':[{'id':'R1','place':'ZED01','function':'amhp','count':1,"
    "  'hours':[{'days':['all'],'from':'00:00','to':'24:00'}]}],"
    "'accounts':[{'name':'keeper','kind':'person','role':'place_manager','places':['ZED01']},"
    " {'name':'keeper2','kind':'person','role':'place_manager','places':['ZED02']},"
    " {'name':'nurse','kind':'person','role':'viewer','organisation':'ZFC','places':['ZED02']},"
    " {'name':'wall','kind':'device','role':'viewer','places':['ZED02']},"
    " {'name':'reviewer','kind':'person','role':'auditor','places':['ZED02']},"
    " {'name':'orga','kind':'person','role':'organisation_administrator','organisation':'ZFC'},"
    " {'name':'theirs','kind':'person','role':'viewer','organisation':'ZAV'},"
    " {'name':'above','kind':'person','role':'administrator','organisation':'ZFC'}]}";

static char *keeper, *keeper2, *nurse, *orga;

static const char *
json(const char *text)
{
	static char out[8192];

	assert_true(strlen(text) < sizeof out);
	for (size_t i = 0; i <= strlen(text); i++)
		out[i] = text[i] == '\'' ? '"' : text[i];
	return out;
}

static struct http_reply
ask(const char *token, const char *method, const char *path, const char *body)
{
	return http(&(struct http_ask){.port = testbed_port(),
	    .method = method,
	    .path = path,
	    .token = token,
	    .body = body ? json(body) : NULL});
}

static void
expect(struct http_reply reply, int status)
{
	if (reply.status != status)
		fail_msg("%d (not %d) %s", reply.status, status, reply.body);
	http_free(&reply);
}

static int
begin(void **state)
{
	testbed_set_up(state);
	testbed_passwords();
	expect(ask(testbed_admin(), "PUT", "/v1/region", region), 200);
	testbed_until(
	    &(struct http_ask){
		.port = testbed_port(), .path = "/v1/places", .token = testbed_admin()},
	    "places.1.code", "ZED02");
	testbed_good("duty", "now()");
	testbed_shift("duty", "a", "named", "jo", -2, 5);
	keeper = testbed_token("keeper");
	keeper2 = testbed_token("keeper2");
	nurse = testbed_token("nurse");
	orga = testbed_token("orga");
	testbed_until(
	    &(struct http_ask){
		.port = testbed_port(), .path = "/v1/now?place=ZED01", .token = testbed_admin()},
	    "functions.0.on_call.0.name", "J Jones");
	return 0;
}

static int
end(void **state)
{
	free(keeper);
	free(keeper2);
	free(nurse);
	free(orga);
	return testbed_tear_down(state);
}

/* -------------------------------------------------------------------------------- devices */

/* A new code for ${place}; ${device}: the name of the device. */
static void
make_code(const char *token, char code[16], char device[64])
{
	struct http_reply reply =
	    ask(token, "POST", "/v1/places/ZED01/devices", "{'label':'Desk of the ward'}");

	if (reply.status != 201)
		fail_msg("%d %s", reply.status, reply.body);
	snprintf(code, 16, "%s", http_at(&reply, "code"));
	snprintf(device, 64, "%s", http_at(&reply, "device"));
	assert_int_equal(strlen(code), 9);
	assert_null(strpbrk(code, "01IO"));
	http_free(&reply);
}

/* The headers of the session that the code opens; free it. NULL: it opens none. */
static char *
type_code(const char *code)
{
	char body[64], *cookie, *headers = NULL;
	struct http_reply reply;

	snprintf(body, sizeof body, "{'device_code':'%s'}", code);
	reply = ask(NULL, "POST", "/v1/session", body);
	while (reply.status == 503) { /* the new account is not read yet; the code stands */
		http_free(&reply);
		poll(NULL, 0, 20);
		reply = ask(NULL, "POST", "/v1/session", body);
	}
	if (reply.status == 200) {
		cookie = http_header(&reply, "set-cookie");
		assert_non_null(strstr(cookie, "Max-Age=34560000"));
		*strchr(cookie, ';') = '\0';
		assert_true(asprintf(&headers, "Cookie: %s\r\nSec-Fetch-Site: same-origin\r\n",
				cookie) > 0);
		free(cookie);
	} else {
		assert_int_equal(reply.status, 401);
	}
	http_free(&reply);
	return headers;
}

static int
status_of(const char *path, const char *headers)
{
	struct http_reply reply =
	    http(&(struct http_ask){.port = testbed_port(), .path = path, .headers = headers});
	int status = reply.status;

	http_free(&reply);
	return status;
}

static void
a_device_is_of_its_place_until_it_is_taken_off(void **state)
{
	char code[16], device[64], path[128], *headers, *again;
	struct http_reply reply;

	(void)state;
	make_code(keeper, code, device);
	for (char *c = code; *c != '\0'; c++) /* as people type it */
		*c = (char)(*c >= 'A' && *c <= 'Z' ? *c + 32 : *c);
	headers = type_code(code);
	assert_non_null(headers);
	assert_null(type_code(code)); /* once */
	reply = http(&(struct http_ask){
	    .port = testbed_port(), .path = "/v1/now?place=ZED01", .headers = headers});
	assert_string_equal(http_at(&reply, "functions.0.on_call.0.name"), "J Jones");
	assert_non_null(strstr(reply.body, "+441632960456")); /* the team's */
	assert_null(strstr(reply.body, "+441632960123"));     /* her own */
	http_free(&reply);
	assert_int_equal(status_of("/v1/now?place=ZED02", headers), 403);
	reply =
	    http(&(struct http_ask){.port = testbed_port(), .path = "/v1/me", .headers = headers});
	assert_string_equal(http_at(&reply, "kind"), "device");
	again = http_header(&reply, "set-cookie"); /* it renews itself */
	assert_non_null(again);
	assert_non_null(strstr(headers, strtok(again, ";")));
	free(again);
	http_free(&reply);

	reply = ask(keeper, "GET", "/v1/places/ZED01/devices", NULL);
	assert_string_equal(http_at(&reply, "devices.0.device"), device);
	assert_string_equal(http_at(&reply, "devices.0.state"), "enrolled");
	assert_string_equal(http_at(&reply, "devices.0.label"), "Desk of the ward");
	assert_string_not_equal(http_at(&reply, "devices.0.used_at"), "null");
	http_free(&reply);
	snprintf(path, sizeof path, "/v1/places/ZED01/devices/%s", device);
	expect(ask(keeper, "DELETE", path, NULL), 204);
	expect(ask(keeper, "DELETE", path, NULL), 404);
	testbed_until_status(
	    &(struct http_ask){.port = testbed_port(), .path = "/v1/me", .headers = headers}, 401);
	reply = ask(keeper, "GET", "/v1/places/ZED01/devices", NULL);
	assert_string_equal(http_at(&reply, "devices.0"), "(none)");
	http_free(&reply);
	free(headers);
}

static void
a_code_is_for_ten_minutes_and_of_who_keeps_the_place(void **state)
{
	char code[16], device[64], path[128];

	(void)state;
	expect(ask(keeper2, "POST", "/v1/places/ZED01/devices", "{'label':'x'}"), 403);
	expect(ask(nurse, "POST", "/v1/places/ZED02/devices", "{'label':'x'}"), 403);
	expect(ask(keeper2, "GET", "/v1/places/ZED01/devices", NULL), 403);
	expect(ask(keeper, "POST", "/v1/places/ZED01/devices", "{}"), 400);
	/* Where nobody is any more. */
	expect(ask(testbed_admin(), "POST", "/v1/places/ZED03/devices", "{'label':'x'}"), 409);
	make_code(testbed_admin(), code, device);
	testbed_sql("update device set code_until = now() - interval '1 second'");
	assert_null(type_code(code));
	assert_null(type_code("AAAA-AAA"));
	assert_null(type_code("AAAA-AAAA"));
	make_code(keeper, code, device); /* and the one that was never typed has gone */
	scratch_psql_until(testbed_postgres(),
	    "select count(*) from account where kind = 'device' and retired_at is not null", "1",
	    5);
	snprintf(path, sizeof path, "/v1/places/ZED02/devices/%s", device);
	expect(ask(keeper2, "DELETE", path, NULL), 404);
}

/* It is nobody's account of the file. */
static void
a_region_file_leaves_devices_alone(void **state)
{
	char code[16], device[64], *headers;

	(void)state;
	make_code(keeper, code, device);
	headers = type_code(code);
	expect(
	    ask(testbed_admin(), "PUT", TESTBED_REGION,
		"{'crisiscover':1,'places':[{'code':'ZED01','name':'Oswin','kind':'emergency_department'}]}"),
	    200);
	testbed_until(
	    &(struct http_ask){
		.port = testbed_port(), .path = "/v1/places", .token = testbed_admin()},
	    "places.1.code", "(none)");
	assert_int_equal(status_of("/v1/me", headers), 200);
	free(headers);
}

static void
codes_are_not_guessed_at_will(void **state)
{
	int waits = 0;

	(void)state;
	for (int i = 0; i < 70; i++) {
		char body[64];
		struct http_reply reply;

		snprintf(body, sizeof body, "{'device_code':'AAAABB%c%c'}", 'A' + i % 8,
		    'A' + i / 8 % 8);
		reply = ask(NULL, "POST", "/v1/session", body);
		waits += reply.status == 429;
		http_free(&reply);
	}
	assert_true(waits > 10);
}

/* ---------------------------------------------------------------------------------- links */

static void
an_organisation_looks_after_its_own_accounts(void **state)
{
	(void)state;
	expect(ask(orga, "POST", "/v1/accounts/nurse/reset", "{}"), 201);
	expect(ask(orga, "POST", "/v1/accounts/theirs/reset", "{}"), 404);
	expect(ask(orga, "POST", "/v1/accounts/above/reset", "{}"), 404);
	expect(ask(orga, "POST", "/v1/accounts/nobody/reset", "{}"), 404);
	expect(ask(keeper, "POST", "/v1/accounts/nurse/reset", "{}"), 404);
	expect(ask(nurse, "POST", "/v1/accounts/nurse/reset", "{}"), 403);
	expect(ask(testbed_admin(), "POST", "/v1/accounts/above/reset", "{}"), 201);
}

/* ---------------------------------------------------------------------------- break-glass */

static void
look(const char *token, int status)
{
	testbed_until_status(
	    &(struct http_ask){
		.port = testbed_port(), .path = "/v1/now?place=ZED01", .token = token},
	    status);
}

static void
a_person_looks_at_anothers_place_for_a_reason(void **state)
{
	struct http_reply reply;
	char path[64];

	(void)state;
	look(nurse, 403);
	expect(ask(nurse, "POST", "/v1/break-glass", "{'place':'ZED01','reason':'because'}"), 400);
	expect(ask(nurse, "POST", "/v1/break-glass", "{'place':'ZED01','reason':'other'}"), 400);
	expect(ask(nurse, "POST", "/v1/break-glass", "{'place':'ZED09','reason':'transfer'}"), 404);
	expect(ask(nurse, "POST", "/v1/break-glass", "{'place':'ZED02','reason':'transfer'}"), 409);
	reply = ask(nurse, "POST", "/v1/break-glass",
	    "{'place':'ZED01','reason':'transfer','note':'bed 4'}");
	assert_int_equal(reply.status, 201);
	snprintf(path, sizeof path, "/v1/break-glass/%s/review", http_at(&reply, "id"));
	http_free(&reply);
	look(nurse, 200);
	expect(
	    ask(nurse, "GET",
		"/v1/coverage?place=ZED01&from=2027-01-01T00:00:00Z&to=2027-01-02T00:00:00Z", NULL),
	    200);
	/* Those who follow the place are called, without a name. */
	scratch_psql_until(testbed_postgres(),
	    "select concat_ws(' ', place, payload::jsonb->>'cause', payload::jsonb->>'number' is not null, "
	    "payload like '%nurse%', payload like '%bed 4%') from flag where kind = 'break_glass'",
	    "ZED01 transfer t f f", 5);
	/* It is shown to who keeps the place, and to no other. */
	reply = ask(keeper, "GET", "/v1/break-glass", NULL);
	assert_string_equal(http_at(&reply, "break_glass.0.account"), "nurse");
	assert_string_equal(http_at(&reply, "break_glass.0.note"), "bed 4");
	http_free(&reply);
	reply = ask(keeper2, "GET", "/v1/break-glass", NULL);
	assert_string_equal(http_at(&reply, "break_glass.0"), "(none)");
	http_free(&reply);
	expect(ask(nurse, "GET", "/v1/break-glass", NULL), 403);
	/* And reviewed by one of those, once. */
	expect(ask(keeper2, "POST", path, "{}"), 404);
	expect(ask(keeper, "POST", path, "{'note':'was right'}"), 204);
	expect(ask(keeper, "POST", path, "{}"), 409);
	reply = ask(keeper, "GET", "/v1/break-glass", NULL);
	assert_string_equal(http_at(&reply, "break_glass.0"), "(none)");
	http_free(&reply);
	reply = ask(keeper, "GET", "/v1/break-glass?state=all", NULL);
	assert_string_equal(http_at(&reply, "break_glass.0.reviewed_by"), "keeper");
	http_free(&reply);
	scratch_psql_until(testbed_postgres(),
	    "select count(*) from audit where action in ('break_glass', 'break_glass_reviewed')",
	    "2", 5);
}

static void
it_ends_by_itself_and_gives_no_other_right(void **state)
{
	(void)state;
	expect(
	    ask(keeper2, "POST", "/v1/break-glass", "{'place':'ZED01','reason':'transfer'}"), 201);
	look(keeper2, 200);
	/* Not the place's devices, nor its switchboard. */
	expect(ask(keeper2, "POST", "/v1/places/ZED01/devices", "{'label':'x'}"), 403);
	expect(ask(keeper2, "PATCH", "/v1/places/ZED01", "{'switchboard':'+441632960999'}"), 403);
	expect(ask(keeper2, "POST", "/v1/break-glass/1/review", "{}"), 404);
	testbed_stop(); /* it is in the last-good file as well */
	testbed_start();
	look(keeper2, 200);
	testbed_sql(
	    "update break_glass set until = now() - interval '1 second'; update account_head set version = version + "
	    "1; notify accounts_changed");
	look(keeper2, 403);
}

static void
a_device_or_program_has_no_reasons(void **state)
{
	char *wall = testbed_token("wall");

	(void)state;
	expect(ask(wall, "POST", "/v1/break-glass", "{'place':'ZED01','reason':'transfer'}"), 403);
	free(wall);
}

#define TESTBED(test) cmocka_unit_test_setup_teardown(test, begin, end)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TESTBED(a_device_is_of_its_place_until_it_is_taken_off),
	    TESTBED(a_code_is_for_ten_minutes_and_of_who_keeps_the_place),
	    TESTBED(a_region_file_leaves_devices_alone),
	    TESTBED(codes_are_not_guessed_at_will),
	    TESTBED(an_organisation_looks_after_its_own_accounts),
	    TESTBED(a_person_looks_at_anothers_place_for_a_reason),
	    TESTBED(it_ends_by_itself_and_gives_no_other_right),
	    TESTBED(a_device_or_program_has_no_reasons),
	};

	return cmocka_run_group_tests_name("wards", tests, testbed_open, testbed_close);
}
