/* SPDX-License-Identifier: MIT */
#include "tests/unit/server/api/testbed.h"

/* Protocols, asked of the living role: who may keep and read them, what is taken, where they are shown, how one edition
 * takes the turn of another, and what stays of them. */

static const char region[] =
    "{'crisiscover':1,'organisations':[{'code':'ZFC','name':'Fenmere','kind':'local_authority'}],"
    "'functions':[{'code':'amhp','name':'AMHP'},{'code':'crht','name':'CRHT'}],"
    "'places':[{'code':'ZR','name':'Fenmere','kind':'region'},"
    " {'code':'ZED01','name':'Oswin','kind':'emergency_department','parents':['ZR']},"
    " {'code':'ZED02','name':'Northgate','kind':'emergency_department','parents':['ZR']},"
    " {'code':'ZED03','name':'Far','kind':'emergency_department'}],"
    "'people':[{'id':'jo','name':'J Jones','organisation':'ZFC','roles':['amhp']}],"
    "'services':[{'id':'amhp','name':'AMHP duty','function':'amhp','organisation':'ZFC',"
    "  'places':['ZED01','ZED02','ZED03'],'phone':'+441632960456'}],"
    "'rotas':[{'id':'duty','service':'amhp','tier':1,'source':{'kind':'file'}}],"
    "'requirements':[],"
    "'accounts':[{'name':'ward','kind':'device','role':'viewer','places':['ZED01']},"
    " {'name':'far','kind':'person','role':'commissioner','places':['ZED03']},"
    " {'name':'ops','kind':'person','role':'switchboard','places':['ZED01']},"
    " {'name':'board','kind':'person','role':'commissioner','places':['ZR']},"
    " {'name':'nowhere','kind':'person','role':'commissioner'},"
    " {'name':'reviewer','kind':'person','role':'auditor'},"
    " {'name':'keeper','kind':'person','role':'place_manager','places':['ZED01']},"
    " {'name':'warden','kind':'person','role':'place_manager','organisation':'ZFC','places':['ZED01']},"
    " {'name':'screen','kind':'device','role':'place_manager','places':['ZED01']},"
    " {'name':'rotas','kind':'person','role':'rota_manager','organisation':'ZFC'},"
    " {'name':'people','kind':'person','role':'organisation_administrator','organisation':'ZFC'},"
    " {'name':'chief','kind':'person','role':'administrator'}]}";

enum {
	WARD,
	FAR,
	OPS,
	BOARD,
	NOWHERE,
	REVIEWER,
	KEEPER,
	WARDEN,
	SCREEN,
	ROTAS,
	PEOPLE,
	CHIEF,
	ACCOUNTS
};
static const char *const names[ACCOUNTS] = {"ward", "far", "ops", "board", "nowhere", "reviewer",
    "keeper", "warden", "screen", "rotas", "people", "chief"};
static char *tokens[ACCOUNTS];

/* "%PDF-1.4\n%%EOF\n" and "%PDF-1.7\nnext\n%%EOF\n". */
#define PDF "JVBERi0xLjQKJSVFT0YK"
#define PDF_BYTES "%PDF-1.4\n%%EOF\n"
#define NEXT_PDF "JVBERi0xLjcKbmV4dAolJUVPRgo="
#define NEXT_BYTES "%PDF-1.7\nnext\n%%EOF\n"

/* "%PDF-1.5\nroom\n%%EOF\n" */
#define ROOM_PDF "JVBERi0xLjUKcm9vbQolJUVPRgo="

#define AT(place) "'place':'" place "','function':'amhp',"
#define LINK "'url':'https://intranet.example/amhp?a=1&b=2'"
#define NOW1 "/v1/now?place=ZED01&function=amhp"
#define SHOWN "functions.0.protocols."

static struct http_reply
ask(int who, const char *method, const char *path, const char *body)
{
	static char quoted[8192];

	if (body != NULL) {
		assert_true(strlen(body) < sizeof quoted);
		for (size_t i = 0; i <= strlen(body); i++)
			quoted[i] = body[i] == '\'' ? '"' : body[i];
	}
	return http(&(struct http_ask){.port = testbed_port(),
	    .method = method,
	    .path = path,
	    .token = who < 0 ? testbed_admin() : tokens[who],
	    .body = body ? quoted : NULL});
}

static void
expect(struct http_reply reply, int status)
{
	if (reply.status != status)
		fail_msg("%d (not %d) %s", reply.status, status, reply.body);
	http_free(&reply);
}

/* A year from now, and another day, as the region's clock has them. */
static const char *
day(const char *sql)
{
	static char text[4][32];
	static unsigned at;
	char *got = scratch_psql(testbed_postgres(), sql);

	at = (at + 1) % 4;
	snprintf(text[at], sizeof *text, "%.10s", got);
	free(got);
	return text[at];
}

#define NEXT_YEAR day("select (now() at time zone 'Europe/London')::date + 365")
#define OTHER_DAY day("select (now() at time zone 'Europe/London')::date + 700")

static const char *
words(const char *place, const char *document)
{
	static char text[1024];

	snprintf(text, sizeof text,
	    "{'place':'%s','function':'amhp','name':'Asking for an AMHP','version':'3.1','review':'%s',%s}",
	    place, NEXT_YEAR, document);
	return text;
}

static int
added(int who, const char *place, const char *document)
{
	struct http_reply reply = ask(who, "POST", "/v1/protocols", words(place, document));
	int id;

	if (reply.status != 201)
		fail_msg("%d %s", reply.status, reply.body);
	id = atoi(http_at(&reply, "id"));
	http_free(&reply);
	return id;
}

static const char *
path_of(int id, const char *more)
{
	static char text[4][160];
	static unsigned at;

	at = (at + 1) % 4;
	snprintf(text[at], sizeof *text, "/v1/protocols/%d%s", id, more);
	return text[at];
}

static void
is(int who, const char *path, const char *at, const char *wanted)
{
	struct http_reply reply = ask(who, "GET", path, NULL);

	if (reply.status != 200)
		fail_msg("%d %s", reply.status, reply.body);
	if (strcmp(http_at(&reply, at), wanted) != 0)
		fail_msg("%s is %s and not %s in %s", at, http_at(&reply, at), wanted, reply.body);
	http_free(&reply);
}

static void
has(int who, const char *path, const char *text)
{
	struct http_reply reply = ask(who, "GET", path, NULL);

	if (reply.status != 200 || strstr(reply.body, text) == NULL)
		fail_msg("%d, and no %s in %s", reply.status, text, reply.body);
	http_free(&reply);
}

/* One set-up for all: each test begins without protocols in force. */
static int
group_begin(void **state)
{
	testbed_open(state);
	testbed_set_up(state);
	expect(ask(-1, "PUT", TESTBED_REGION, region), 200);
	testbed_until(
	    &(struct http_ask){
		.port = testbed_port(), .path = "/v1/places", .token = testbed_admin()},
	    "places.3.code", "ZED03");
	for (int i = 0; i < ACCOUNTS; i++)
		tokens[i] = testbed_token(names[i]);
	testbed_until_status(
	    &(struct http_ask){.port = testbed_port(), .path = "/v1/me", .token = tokens[CHIEF]},
	    200);
	return 0;
}

static int
group_end(void **state)
{
	for (int i = 0; i < ACCOUNTS; i++)
		free(tokens[i]);
	testbed_tear_down(state);
	return testbed_close(state);
}

/* None is in force any more. */
static int
withdraw_all(void **state)
{
	(void)state;
	testbed_sql(
	    "select protocol_withdraw(protocol, edition, 'the test is over', 'chief') from protocol where ended_at is null");
	testbed_until(
	    &(struct http_ask){
		.port = testbed_port(), .path = "/v1/protocols", .token = testbed_admin()},
	    "protocols.0", "(none)");
	return 0;
}

/* -------------------------------------------------------------------------------------- who may */

static void
only_who_keeps_a_place_keeps_its_protocols(void **state)
{
	static const int statuses[ACCOUNTS] = {[WARD] = 403,
	    [FAR] = 403,
	    [OPS] = 403,
	    [BOARD] = 201,
	    [NOWHERE] = 403,
	    [REVIEWER] = 403,
	    [KEEPER] = 201,
	    [WARDEN] = 201,
	    [SCREEN] = 403,
	    [ROTAS] = 403,
	    [PEOPLE] = 403,
	    [CHIEF] = 201};
	int id = added(BOARD, "ZED01", LINK);

	(void)state;
	for (int i = 0; i < ACCOUNTS; i++) {
		expect(ask(i, "POST", "/v1/protocols", words("ZED01", LINK)), statuses[i]);
		/* A stale edition: who may gets 412, and nothing is changed. */
		expect(ask(i, "PATCH", path_of(id, ""), "{'edition':7}"), statuses[i] == 201 ? 412
									  : i == FAR         ? 404
											     : 403);
		expect(ask(i, "DELETE", path_of(id, "?reason=x&edition=7"), NULL),
		    statuses[i] == 201 ? 412
		    : i == FAR         ? 404
				       : 403);
	}
	/* A place manager keeps no place above its own. */
	expect(ask(KEEPER, "POST", "/v1/protocols", words("ZR", LINK)), 403);
	expect(ask(KEEPER, "POST", "/v1/protocols", words("ZED02", LINK)), 403);
}

static void
who_may_see_a_place_reads_them(void **state)
{
	int region_wide = added(BOARD, "ZR", "'pdf':'" PDF "'"), own = added(KEEPER, "ZED01", LINK);

	(void)state;
	for (int i = 0; i < ACCOUNTS; i++) {
		expect(ask(i, "GET", path_of(region_wide, "/pdf"), NULL), i == FAR ? 404 : 200);
		expect(ask(i, "GET", path_of(own, ""), NULL), i == FAR ? 404 : 200);
		expect(ask(i, "GET", "/v1/protocols?place=ZED01", NULL), i == FAR ? 403 : 200);
	}
	is(FAR, "/v1/protocols", "protocols.0", "(none)");
	is(WARD, "/v1/protocols?limit=1", "protocols.0.place", "ZR");
	/* Who looks after it is told to those who keep it. */
	has(KEEPER, "/v1/protocols?place=ZED01", "\"owner\":\"keeper\"");
	is(WARD, path_of(own, ""), "editions.0.owner", "null");
	is(WARD, path_of(own, ""), "editions.0.by", "null");
	is(BOARD, path_of(own, ""), "editions.0.by", "keeper");
}

/* ------------------------------------------------------------------------------------ what is taken */

static void
refused(const char *document)
{
	expect(ask(CHIEF, "POST", "/v1/protocols", words("ZED01", document)), 400);
}

static void
only_links_and_real_files_are_taken(void **state)
{
	char *large;
	(void)state;

	refused("'owner':'chief'");
	refused("'url':'javascript:alert(1)'");
	refused("'url':'JaVaScRiPt:alert(1)'");
	refused("'url':'data:text/html,x'");
	refused("'url':'file:///etc/passwd'");
	refused("'url':'https://'");
	refused("'url':'https://nhs.uk@evil.example/'");
	refused("'url':'https://a.example/ b'");
	refused("'url':'https://a.example/<b>'");
	refused("'pdf':'no base64!'");
	refused("'pdf':'aGVsbG8='");                 /* hello */
	refused("'pdf':'PGh0bWw+JVBERi0lJUVPRg=='"); /* <html>%PDF-%%EOF */
	refused("'pdf':'JVBERi0xLjQK'");             /* no end */
	refused("'pdf':12");
	refused(LINK ",'pdf':'" PDF "'");
	refused(LINK ",'owner':'ward'");
	refused(LINK ",'owner':'nobody-of-this-name'");
	expect(
	    ask(CHIEF, "POST", "/v1/protocols",
		"{" AT(
		    "ZED01") "'name':'Ask for 943 476 5919','version':'1','review':'2999-01-01'," LINK
			     "}"),
	    400);
	expect(ask(CHIEF, "POST", "/v1/protocols",
		   "{" AT("ZED01") "'name':'x','version':'1','review':'2020-01-01'," LINK "}"),
	    400);
	expect(ask(CHIEF, "POST", "/v1/protocols",
		   "{" AT("ZED01") "'name':'  ','version':'1','review':'2020-01-01'," LINK "}"),
	    400);
	expect(ask(CHIEF, "POST", "/v1/protocols", words("ZED09", LINK)), 404);
	/* Two megabytes and a byte: refused by what it would be, before it is decoded. */
	large = malloc((2u << 20) / 3 * 4 + 4096);
	assert_non_null(large);
	snprintf(large, 300,
	    "{\"place\":\"ZED01\",\"function\":\"amhp\",\"name\":\"x\",\"version\":\"1\",\"review\":\"%s\",\"pdf\":\"",
	    NEXT_YEAR);
	memset(large + strlen(large), 'A', (2u << 20) / 3 * 4 + 1024);
	large[(2u << 20) / 3 * 4 + 1024] = '\0';
	strcat(large, "\"}");
	expect(http(&(struct http_ask){.port = testbed_port(),
		   .method = "POST",
		   .path = "/v1/protocols",
		   .token = tokens[CHIEF],
		   .body = large}),
	    400);
	free(large);
	is(CHIEF, "/v1/protocols", "protocols.0", "(none)");
}

static void
ten_at_one_place_and_no_more(void **state)
{
	(void)state;
	for (int i = 0; i < 10; i++)
		added(CHIEF, "ZED01", LINK);
	expect(ask(CHIEF, "POST", "/v1/protocols", words("ZED01", LINK)), 409);
	added(CHIEF, "ZED02", LINK);
}

/* The testbed keeps 3 MB of one organisation, whichever account of it adds them. */
static void
an_organisation_has_so_many_megabytes(void **state)
{
	struct http_reply reply;

	(void)state;
	testbed_sql(
	    "with f as (insert into protocol_file (sha256, pdf) select sha256(p), p from "
	    "(select convert_to('%%PDF-' || i || repeat('x', 1572850), 'UTF8') from generate_series(1, 2) i) x (p) returning sha256) "
	    "insert into protocol (id, protocol, edition, account, place, function, name, version, owner, review, sha256) overriding system value "
	    "select 900000 + n, 900000 + n, 1, case when n = 1 then 'rotas' else 'people' end, 'ZED01', 'crht', 'x', '1', 'chief', now() + interval '1 year', sha256 "
	    "from (select sha256, row_number() over () n from f) f");
	/* Both of ZFC: the keeper of a place has no part in it. */
	added(KEEPER, "ZED01", "'pdf':'" PDF "'");
	reply = ask(WARDEN, "POST", "/v1/protocols", words("ZED01", "'pdf':'" ROOM_PDF "'"));
	if (reply.status != 409 || strstr(reply.body, "than the 3 MB that are kept") == NULL)
		fail_msg("%d %s", reply.status, reply.body);
	http_free(&reply);
	/* A link has no bytes, and a file that is kept already has none more. */
	added(WARDEN, "ZED01", LINK);
	added(WARDEN, "ZED01", "'pdf':'" PDF "'");
}

/* --------------------------------------------------------------------------------- where it is shown */

static void
it_stands_beside_whom_to_ring(void **state)
{
	int above = added(BOARD, "ZR", LINK), own = added(KEEPER, "ZED01", "'pdf':'" PDF "'");
	char text[64];

	(void)state;
	/* Its own first, then that of the place above. */
	snprintf(text, sizeof text, "%d", own);
	is(WARD, NOW1, SHOWN "0.id", text);
	is(WARD, NOW1, SHOWN "0.pdf", path_of(own, "/pdf"));
	is(WARD, NOW1, SHOWN "0.url", "null");
	is(WARD, NOW1, SHOWN "0.bytes", "15");
	is(WARD, NOW1, SHOWN "0.overdue", "false");
	is(WARD, NOW1, SHOWN "0.review", NEXT_YEAR);
	snprintf(text, sizeof text, "%d", above);
	is(WARD, NOW1, SHOWN "1.id", text);
	is(WARD, NOW1, SHOWN "1.place_name", "Fenmere");
	is(WARD, NOW1, SHOWN "1.url", "https://intranet.example/amhp?a=1&b=2");
	/* Commissioners see states and no names: a protocol names nobody. */
	is(BOARD, NOW1, SHOWN "1.id", text);
	is(FAR, "/v1/now?place=ZED03&function=amhp", SHOWN "0", "(none)");
	has(WARD, "/now/ZED01.txt", "  Protocol: Asking for an AMHP, version 3.1 (review by ");
	has(WARD, "/now/ZED01.txt", "    https://intranet.example/amhp?a=1&b=2\n");
	has(WARD, "/now/ZED01", "href=\"https://intranet.example/amhp?a=1&amp;b=2\"");
	has(WARD, "/now/ZED01", path_of(own, "/pdf\">"));
}

static void
a_file_is_given_as_it_was_sent(void **state)
{
	int id = added(KEEPER, "ZED01", "'pdf':'" PDF "'");
	struct http_reply reply = ask(WARD, "GET", path_of(id, "/pdf"), NULL);
	char *type = http_header(&reply, "Content-Type"),
	     *disposition = http_header(&reply, "Content-Disposition"),
	     *policy = http_header(&reply, "Content-Security-Policy"),
	     *sniff = http_header(&reply, "X-Content-Type-Options");

	(void)state;
	assert_int_equal(reply.status, 200);
	assert_string_equal(reply.body, PDF_BYTES);
	assert_string_equal(type, "application/pdf");
	assert_non_null(strstr(disposition, "attachment"));
	assert_non_null(strstr(policy, "sandbox"));
	assert_string_equal(sniff, "nosniff");
	free(type);
	free(disposition);
	free(policy);
	free(sniff);
	http_free(&reply);
	expect(ask(WARD, "GET", path_of(added(KEEPER, "ZED01", LINK), "/pdf"), NULL), 404);
	expect(ask(WARD, "GET", "/v1/protocols/999/pdf", NULL), 404);
}

/* ------------------------------------------------------------------------------------ its editions */

static void
an_edition_takes_the_turn_of_another(void **state)
{
	int id = added(KEEPER, "ZED01", "'pdf':'" PDF "'");
	struct http_reply reply;
	char body[200];

	(void)state;
	snprintf(body, sizeof body, "{'edition':1,'version':'3.2','pdf':'%s'}", NEXT_PDF);
	expect(ask(KEEPER, "PATCH", path_of(id, ""), body), 200);
	/* Somebody who saw the first does not undo the second. */
	expect(ask(BOARD, "PATCH", path_of(id, ""), "{'edition':1,'version':'3.3'}"), 412);
	expect(ask(BOARD, "DELETE", path_of(id, "?edition=1&reason=x"), NULL), 412);
	is(WARD, NOW1, SHOWN "0.version", "3.2");
	is(WARD, NOW1, SHOWN "1", "(none)");
	has(WARD, path_of(id, "/pdf"), NEXT_BYTES);
	has(WARD, path_of(id, "/pdf?edition=1"), PDF_BYTES);
	/* A review that changes nothing keeps the document. */
	snprintf(body, sizeof body, "{'edition':2,'review':'%s'}", OTHER_DAY);
	expect(ask(KEEPER, "PATCH", path_of(id, ""), body), 200);
	has(WARD, path_of(id, "/pdf"), NEXT_BYTES);
	is(WARD, NOW1, SHOWN "0.review", OTHER_DAY);
	reply = ask(KEEPER, "GET", path_of(id, ""), NULL);
	assert_string_equal(http_at(&reply, "editions.0.edition"), "3");
	assert_string_equal(http_at(&reply, "editions.0.ended_at"), "null");
	assert_string_equal(http_at(&reply, "editions.2.version"), "3.1");
	assert_string_equal(http_at(&reply, "editions.2.ended_by"), "keeper");
	http_free(&reply);
	expect(ask(KEEPER, "DELETE", path_of(id, ""), NULL), 400);
	expect(ask(KEEPER, "DELETE", path_of(id, "?edition=3&reason=another%20way"), NULL), 204);
	is(WARD, NOW1, SHOWN "0", "(none)");
	is(BOARD, path_of(id, ""), "editions.0.why", "another way");
	has(BOARD, path_of(id, "/pdf?edition=2"), NEXT_BYTES);
	expect(ask(KEEPER, "PATCH", path_of(id, ""), "{'edition':3}"), 404);
}

static void
nothing_is_deleted(void **state)
{
	static const char *const changes[] = {"delete from protocol", "truncate protocol",
	    "update protocol set name = 'x'", "update protocol set review = review + 1",
	    "update protocol set ended_at = null", "delete from protocol_file",
	    "update protocol_file set at = now()"};
	int id = added(KEEPER, "ZED01", "'pdf':'" PDF "'");
	char *said;

	(void)state;
	expect(ask(KEEPER, "PATCH", path_of(id, ""), "{'edition':1,'name':'Other'}"), 200);
	for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
		char sql[300];

		snprintf(sql, sizeof sql,
		    "do $$ begin %s; raise exception 'it was done'; exception when sqlstate 'P0002' then null; end $$; select 'kept'",
		    changes[i]);
		said = scratch_psql(testbed_postgres(), sql);
		assert_non_null(strstr(said, "kept"));
		free(said);
	}
	/* Who, and from what to what. */
	said = scratch_psql(testbed_postgres(),
	    "select actor || ' ' || (detail->'from'->>'name') || ' > ' || (detail->'to'->>'name') from audit where action = 'protocol_replaced'");
	assert_non_null(strstr(said, "keeper Asking for an AMHP > Other"));
	free(said);
}

/* -------------------------------------------------------------------------------------- reviews due */

static void
reviews_that_are_due_are_listed(void **state)
{
	int late = added(KEEPER, "ZED01", LINK), fine = added(BOARD, "ZR", LINK);
	char text[32];

	(void)state;
	(void)fine;
	testbed_sql(
	    "alter table protocol disable trigger keep;"
	    "update protocol set review = (now() at time zone 'Europe/London')::date - 1 where id = %d;"
	    "alter table protocol enable trigger keep;"
	    "update protocol_head set version = version + 1; notify protocols_changed",
	    late);
	testbed_until(
	    &(struct http_ask){.port = testbed_port(), .path = NOW1, .token = tokens[WARD]},
	    SHOWN "0.overdue", "true");
	snprintf(text, sizeof text, "%d", late);
	is(BOARD, "/v1/protocols?overdue=1", "protocols.0.id", text);
	is(BOARD, "/v1/protocols?overdue=1", "protocols.1", "(none)");
	is(KEEPER, "/v1/protocols?overdue=1&mine=1", "protocols.0.id", text);
	is(CHIEF, "/v1/protocols?overdue=1&mine=1", "protocols.0", "(none)");
	has(BOARD, "/v1/protocols?overdue=1&format=csv", ",keeper,");
	has(WARD, "/now/ZED01.txt", "ITS REVIEW WAS DUE ON");
	/* The last day of a review is not over. */
	is(BOARD, "/v1/protocols?place=ZR", "protocols.0.overdue", "false");
}

#define TEST(test) cmocka_unit_test_teardown(test, withdraw_all)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(only_who_keeps_a_place_keeps_its_protocols),
	    TEST(who_may_see_a_place_reads_them),
	    TEST(only_links_and_real_files_are_taken),
	    TEST(ten_at_one_place_and_no_more),
	    TEST(an_organisation_has_so_many_megabytes),
	    TEST(it_stands_beside_whom_to_ring),
	    TEST(a_file_is_given_as_it_was_sent),
	    TEST(an_edition_takes_the_turn_of_another),
	    TEST(nothing_is_deleted),
	    TEST(reviews_that_are_due_are_listed),
	};

	return cmocka_run_group_tests(tests, group_begin, group_end);
}
