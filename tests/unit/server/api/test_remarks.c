/* SPDX-License-Identifier: MIT */
#include "tests/unit/server/api/testbed.h"

#include <poll.h>
#include <time.h>

/* Reports about who was reached, and notes, asked of the living role: who may, where they are shown, how they
 * end, and what stays of them. */

static const char region[] =
    "{'crisiscover':1,'organisations':[{'code':'ZFC','name':'Fenmere','kind':'local_authority'},"
    " {'code':'ZAV','name':'Alder Vale','kind':'nhs_trust'}],"
    "'functions':[{'code':'amhp','name':'AMHP'},{'code':'crht','name':'CRHT'}],"
    "'places':[{'code':'ZED01','name':'Oswin','kind':'emergency_department'},"
    " {'code':'ZED02','name':'Northgate','kind':'emergency_department'},"
    " {'code':'ZED03','name':'Far','kind':'emergency_department'}],"
    "'people':[{'id':'jo','name':'J Jones','organisation':'ZFC','roles':['amhp']},"
    " {'id':'sam','name':'S Ahmed','organisation':'ZFC','roles':['amhp']},"
    " {'id':'pat','name':'Pat Hidden','organisation':'ZAV','roles':['crht'],'protected':true}],"
    "'services':[{'id':'amhp','name':'AMHP duty','function':'amhp','organisation':'ZFC',"
    "  'places':['ZED01','ZED02'],'phone':'+441632960456'},"
    " {'id':'crht','name':'CRHT','function':'crht','organisation':'ZAV','places':['ZED01'],'phone':'+441632960457'}],"
    "'rotas':[{'id':'duty','service':'amhp','tier':1,'source':{'kind':'file'}},"
    " {'id':'second','service':'amhp','tier':2,'source':{'kind':'file'}},"
    " {'id':'crisis','service':'crht','tier':1,'source':{'kind':'file'}}],"
    "'requirements':[{'id':'R1','place':'ZED01','function':'amhp','count':1,"
    "  'hours':[{'days':['all'],'from':'00:00','to':'24:00'}]}],"
    "'accounts':[{'name':'ward','kind':'device','role':'viewer','places':['ZED01']},"
    " {'name':'north','kind':'person','role':'viewer','places':['ZED02']},"
    " {'name':'ops','kind':'person','role':'switchboard','places':['ZED01']},"
    " {'name':'farops','kind':'person','role':'switchboard','places':['ZED03']},"
    " {'name':'board','kind':'person','role':'commissioner','places':['ZED01']},"
    " {'name':'reviewer','kind':'person','role':'auditor'},"
    " {'name':'keeper','kind':'person','role':'place_manager','places':['ZED01']},"
    " {'name':'rotas','kind':'person','role':'rota_manager','organisation':'ZFC'},"
    " {'name':'theirs','kind':'person','role':'rota_manager','organisation':'ZAV'},"
    " {'name':'chief','kind':'person','role':'administrator'}]}";

enum { WARD, NORTH, OPS, FAROPS, BOARD, REVIEWER, KEEPER, ROTAS, THEIRS, CHIEF, ACCOUNTS };
static const char *const names[ACCOUNTS] = {
    "ward", "north", "ops", "farops", "board", "reviewer", "keeper", "rotas", "theirs", "chief"};
static char *tokens[ACCOUNTS];

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

/* The number that the answer to a call which makes something has. */
static int
made(struct http_reply reply)
{
	int id;

	if (reply.status != 201)
		fail_msg("%d %s", reply.status, reply.body);
	id = atoi(http_at(&reply, "id"));
	http_free(&reply);
	return id;
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

#define NOW1 "/v1/now?place=ZED01&function=amhp"
#define NOW2 "/v1/now?place=ZED02&function=amhp"
#define FIRST "functions.0.on_call.0."

static int
begin(void **state)
{
	testbed_set_up(state);
	expect(ask(-1, "PUT", TESTBED_REGION, region), 200);
	testbed_until(
	    &(struct http_ask){
		.port = testbed_port(), .path = "/v1/places", .token = testbed_admin()},
	    "places.2.code", "ZED03");
	testbed_good("duty", "now()");
	testbed_good("second", "now()");
	testbed_good("crisis", "now()");
	testbed_shift("duty", "a", "named", "jo", -2, 5);
	testbed_shift("second", "b", "named", "sam", -2, 5);
	testbed_shift("second", "c", "named", "jo", -2, 5);
	testbed_shift("crisis", "d", "named", "pat", -2, 5);
	testbed_shift("duty", "old", "named", "sam", -9, -3);
	for (int i = 0; i < ACCOUNTS; i++)
		tokens[i] = testbed_token(names[i]);
	testbed_until(
	    &(struct http_ask){
		.port = testbed_port(), .path = "/v1/now?place=ZED01", .token = tokens[OPS]},
	    "functions.1.on_call.0.tier", "1");
	testbed_until(
	    &(struct http_ask){.port = testbed_port(), .path = NOW1, .token = tokens[WARD]},
	    "functions.0.on_call.2.name", "S Ahmed");
	return 0;
}

static int
end(void **state)
{
	for (int i = 0; i < ACCOUNTS; i++)
		free(tokens[i]);
	return testbed_tear_down(state);
}

/* The entry of an answer, as text that lives until the next call. */
static const char *
entry(int who, const char *path, const char *at)
{
	static char text[32];
	struct http_reply reply = ask(who, "GET", path, NULL);

	snprintf(text, sizeof text, "%s", http_at(&reply, at));
	http_free(&reply);
	return text;
}

static struct http_reply
report(int who, const char *place, const char *what, const char *outcome)
{
	char body[256];

	snprintf(body, sizeof body, "{'place':'%s',%s,'outcome':'%s'}", place, what, outcome);
	return ask(who, "POST", "/v1/contacts", body);
}

#define JO_ON_DUTY "'rota':'duty','person':'jo'"

/* ------------------------------------------------------------------------------------- reports */

/* holds: H01.5 */
static void
a_report_is_shown_at_every_place_and_changes_no_state(void **state)
{
	char what[64];

	(void)state;
	is(WARD, NOW1, FIRST "reported", "null");
	snprintf(what, sizeof what, "'entry':'%s'", entry(WARD, NOW1, FIRST "entry"));
	made(report(WARD, "ZED01", what, "wrong_person"));
	is(WARD, NOW1, FIRST "reported.outcome", "wrong_person");
	is(WARD, NOW1, FIRST "reported.place", "ZED01");
	is(NORTH, NOW2, FIRST "reported.place_name", "Oswin");
	is(NORTH, NOW2, FIRST "name", "J Jones");
	is(WARD, NOW1, "functions.0.state", "covered");
	is(WARD, NOW1, "functions.0.present", "2");
	/* Who sees no names is told, too. */
	is(BOARD, NOW1, FIRST "reported.outcome", "wrong_person");
	is(BOARD, NOW1, FIRST "name", "null");
	/* The same person on another rota has a report of its own. */
	is(WARD, NOW1, "functions.0.on_call.1.name", "J Jones");
	is(WARD, NOW1, "functions.0.on_call.1.reported", "null");
	/* The latest counts; that somebody was reached ends them, whichever rota it was by. */
	made(report(NORTH, "ZED02", JO_ON_DUTY, "no_answer"));
	is(WARD, NOW1, FIRST "reported.outcome", "no_answer");
	is(WARD, NOW1, FIRST "reported.place", "ZED02");
	made(report(NORTH, "ZED02", "'rota':'second','person':'jo'", "reached"));
	is(WARD, NOW1, FIRST "reported", "null");
	is(-1, NOW1, "functions.0.state", "covered");
}

static void
who_sees_a_place_reports_from_it(void **state)
{
	(void)state;
	expect(report(BOARD, "ZED01", JO_ON_DUTY, "no_answer"), 403);
	expect(report(REVIEWER, "ZED01", JO_ON_DUTY, "no_answer"), 403);
	expect(report(NORTH, "ZED01", JO_ON_DUTY, "no_answer"), 403);
	expect(report(NORTH, "NOWHERE", JO_ON_DUTY, "no_answer"), 404);
	made(report(OPS, "ZED01", JO_ON_DUTY, "no_answer"));
	made(report(KEEPER, "ZED01", JO_ON_DUTY, "wrong_person"));
	made(report(ROTAS, "ZED01", JO_ON_DUTY, "no_answer"));
	/* What is not on, or not there. */
	expect(report(WARD, "ZED01", "'rota':'duty','person':'sam'", "no_answer"), 409);
	expect(report(NORTH, "ZED02", "'rota':'crisis','person':'pat'", "no_answer"), 409);
	expect(report(WARD, "ZED01", "'entry':'999999'", "no_answer"), 409);
	expect(report(WARD, "ZED01", "'service':'none'", "no_answer"), 409);
	expect(report(WARD, "ZED01", "'function':'crht'," JO_ON_DUTY, "no_answer"), 409);
	/* What nobody can mean. */
	expect(report(WARD, "ZED01", "'entry':'x'", "no_answer"), 400);
	expect(report(WARD, "ZED01", "'function':'nope'," JO_ON_DUTY, "no_answer"), 400);
	expect(report(WARD, "ZED01", JO_ON_DUTY, "asleep"), 400);
	expect(report(WARD, "ZED01", "'service':'amhp'," JO_ON_DUTY, "no_answer"), 400);
	expect(report(WARD, "ZED01", "'entry':'1','person':'jo'", "no_answer"), 400);
	expect(ask(WARD, "POST", "/v1/contacts", "{'outcome':'reached'}"), 400);
}

static void
an_entry_that_was_read_again_is_still_that_entry(void **state)
{
	char what[64], *old;

	(void)state;
	snprintf(what, sizeof what, "'entry':'%s'", entry(WARD, NOW1, FIRST "entry"));
	testbed_sql(
	    "select shifts_again(array(select id from shift where key = 'a' and known_to = 'infinity'), '{}')");
	testbed_moved("duty");
	while (strstr(what, entry(WARD, NOW1, FIRST "entry")) != NULL)
		continue;
	made(report(WARD, "ZED01", what, "no_answer"));
	is(WARD, NOW1, FIRST "reported.outcome", "no_answer");
	/* Another person's shift of hours ago is none that anybody rings by. */
	old = scratch_psql(testbed_postgres(), "select max(id) from shift where key = 'old'");
	snprintf(what, sizeof what, "'entry':'%s'", old);
	free(old);
	expect(report(WARD, "ZED01", what, "no_answer"), 409);
}

static void
a_line_is_reported_by_its_service(void **state)
{
	(void)state;
	testbed_sql(
	    "insert into shift (rota, key, class, team, title, starts_at, ends_at) values "
	    "('second', 'hub', 'team', 'Hub', 'Hub', now() - interval '1 hour', now() + interval '4 hours')");
	testbed_moved("second");
	testbed_until(
	    &(struct http_ask){.port = testbed_port(), .path = NOW1, .token = tokens[WARD]},
	    "functions.0.on_call.1.name", "Hub");
	made(report(WARD, "ZED01", "'service':'amhp'", "no_answer"));
	is(WARD, NOW1, "functions.0.on_call.1.reported.outcome", "no_answer");
	is(WARD, NOW1, FIRST "reported", "null");
	made(report(WARD, "ZED01", "'rota':'second'", "reached"));
	is(WARD, NOW1, "functions.0.on_call.1.reported", "null");
	is(ROTAS, "/v1/contacts", "contacts.1.rota", "null");
	is(ROTAS, "/v1/contacts", "contacts.1.service", "amhp");
}

/* The ward knows neither name nor id: the entry is enough, and the answer tells nothing. */
static void
a_protected_person_is_reported_by_the_entry(void **state)
{
	struct http_reply reply;
	char what[64];

	(void)state;
	snprintf(what, sizeof what, "'entry':'%s'",
	    entry(WARD, "/v1/now?place=ZED01&function=crht", FIRST "entry"));
	made(report(WARD, "ZED01", what, "no_answer"));
	is(WARD, "/v1/now?place=ZED01&function=crht", FIRST "reported.outcome", "no_answer");
	expect(report(WARD, "ZED01", "'rota':'crisis','person':'pat'", "no_answer"), 409);
	reply = ask(THEIRS, "GET", "/v1/contacts", NULL);
	assert_string_equal(http_at(&reply, "contacts.0.person.name"), "Pat Hidden");
	http_free(&reply);
	is(ROTAS, "/v1/contacts", "contacts.0", "(none)");
}

static void
the_rotas_manager_sees_to_it(void **state)
{
	char path[64];
	int id, again;

	(void)state;
	id = made(report(WARD, "ZED01", JO_ON_DUTY, "wrong_person"));
	made(report(NORTH, "ZED02", JO_ON_DUTY, "reached"));
	again = made(report(NORTH, "ZED02", "'rota':'second','person':'sam'", "no_answer"));
	expect(ask(WARD, "GET", "/v1/contacts", NULL), 403);
	expect(ask(THEIRS, "GET", "/v1/contacts?rota=duty", NULL), 403);
	is(THEIRS, "/v1/contacts", "contacts.0", "(none)");
	is(ROTAS, "/v1/contacts?open=1", "contacts.0.person.id", "sam");
	is(ROTAS, "/v1/contacts?open=1", "contacts.1.person.name", "J Jones");
	is(ROTAS, "/v1/contacts?open=1", "contacts.1.by", "ward");
	is(ROTAS, "/v1/contacts?open=1", "contacts.2", "(none)");
	is(ROTAS, "/v1/contacts?rota=second", "contacts.1", "(none)");
	is(ROTAS, "/v1/contacts?place=ZED01", "contacts.0.outcome", "wrong_person");
	is(ROTAS, "/v1/contacts?limit=1", "contacts.1", "(none)");
	is(ROTAS, "/v1/feeds", "feeds.0.reported", "1");
	is(ROTAS, "/v1/feeds", "feeds.1.reported", "1");
	is(ROTAS, "/v1/feeds", "feeds.2.reported", "null");
	is(WARD, "/v1/feeds", "feeds.0.reported", "null");
	snprintf(path, sizeof path, "/v1/contacts/%d/settle", id);
	expect(ask(THEIRS, "POST", path, "{}"), 404);
	expect(ask(WARD, "POST", path, "{}"), 403);
	expect(ask(ROTAS, "POST", path, "{'note':'NHS number 943 476 5919'}"), 400);
	expect(ask(ROTAS, "POST", path, "{'note':'number corrected'}"), 204);
	expect(ask(ROTAS, "POST", path, "{}"), 409);
	is(ROTAS, "/v1/contacts?open=1", "contacts.1", "(none)");
	is(ROTAS, "/v1/contacts", "contacts.2.settle_note", "number corrected");
	is(ROTAS, "/v1/feeds", "feeds.0.reported", "0");
	/* Who did not answer and was reached later wants nothing. */
	made(report(NORTH, "ZED02", "'rota':'second','person':'sam'", "reached"));
	is(ROTAS, "/v1/contacts?open=1", "contacts.0", "(none)");
	is(ROTAS, "/v1/feeds", "feeds.1.reported", "0");
	snprintf(path, sizeof path, "/v1/contacts/%d/settle", again + 1000);
	expect(ask(ROTAS, "POST", path, "{}"), 404);
}

static void
ones_own_report_is_taken_back_for_ten_minutes(void **state)
{
	char path[64];
	int first, id;

	(void)state;
	first = made(report(WARD, "ZED01", JO_ON_DUTY, "no_answer"));
	/* Pressed twice. */
	assert_int_equal(made(report(WARD, "ZED01", JO_ON_DUTY, "no_answer")), first);
	id = made(report(OPS, "ZED01", JO_ON_DUTY, "wrong_person"));
	snprintf(path, sizeof path, "/v1/contacts/%d", id);
	expect(ask(WARD, "DELETE", path, NULL), 404);
	expect(ask(OPS, "DELETE", path, NULL), 204);
	expect(ask(OPS, "DELETE", path, NULL), 409);
	is(WARD, NOW1, FIRST "reported.outcome", "no_answer");
	is(ROTAS, "/v1/contacts?open=1", "contacts.1", "(none)");
	id = made(report(OPS, "ZED01", JO_ON_DUTY, "wrong_person"));
	testbed_sql("alter table contact_report disable trigger keep;"
		    "update contact_report set at = at - interval '11 minutes' where id = %d;"
		    "alter table contact_report enable trigger keep",
	    id);
	snprintf(path, sizeof path, "/v1/contacts/%d", id);
	expect(ask(OPS, "DELETE", path, NULL), 409);
	expect(ask(OPS, "DELETE", "/v1/contacts/9999", NULL), 404);
	/* More than anybody can ring. */
	testbed_sql(
	    "select report_add('ward', 'ZED01', 'amhp', 'amhp', 'duty', 'jo', "
	    "(array['no_answer', 'wrong_person'])[1 + n %% 2], 7200) from generate_series(1, 199) n");
	expect(report(WARD, "ZED01", JO_ON_DUTY, "reached"), 409);
	made(report(OPS, "ZED01", JO_ON_DUTY, "reached"));
}

/* --------------------------------------------------------------------------------------- notes */

static struct http_reply
note(int who, const char *on, const char *text)
{
	char body[512];

	snprintf(body, sizeof body, "{'on':{%s},'text':'%s'}", on, text);
	return ask(who, "POST", "/v1/notes", body);
}

static void
notes_are_shown_where_they_belong(void **state)
{
	char on[64];
	struct http_reply reply;

	(void)state;
	made(note(OPS, "'person':'jo'", "phone flat, ring ward 7"));
	made(note(OPS, "'service':'amhp'", "line is down"));
	made(note(OPS, "'place':'ZED01','function':'amhp'", "use the side door"));
	snprintf(on, sizeof on, "'entry':'%s'", entry(WARD, NOW1, "functions.0.on_call.2.entry"));
	made(note(ROTAS, on, "at the station"));
	is(WARD, NOW1, FIRST "notes.0.text", "phone flat, ring ward 7");
	is(WARD, NOW1, FIRST "notes.0.by", "switchboard");
	is(WARD, NOW1, "functions.0.on_call.1.notes.0.text", "phone flat, ring ward 7");
	is(WARD, NOW1, "functions.0.on_call.2.notes.0.text", "at the station");
	is(WARD, NOW1, "functions.0.notes.0.text", "use the side door");
	is(WARD, NOW1, "functions.0.notes.1.service", "amhp");
	is(NORTH, NOW2, "functions.0.notes.0.text", "line is down");
	is(NORTH, NOW2, "functions.0.notes.1", "(none)");
	is(NORTH, NOW2, FIRST "notes.0.on", "person");
	is(BOARD, NOW1, FIRST "notes.0", "(none)");
	is(BOARD, NOW1, "functions.0.notes.0", "(none)");
	is(OPS, "/v1/notes?place=ZED01", "notes.3.text", "use the side door");
	is(OPS, "/v1/notes?place=ZED01", "notes.0.removable", "true");
	is(NORTH, "/v1/notes?place=ZED02", "notes.0.removable", "false");
	is(FAROPS, "/v1/notes?place=ZED03", "notes.0", "(none)");
	expect(ask(BOARD, "GET", "/v1/notes?place=ZED01", NULL), 403);
	expect(ask(NORTH, "GET", "/v1/notes?place=ZED01", NULL), 403);
	reply = ask(WARD, "GET", "/now/ZED01.txt", NULL);
	assert_non_null(strstr(reply.body, "NOTE: phone flat, ring ward 7"));
	assert_non_null(strstr(reply.body, "NOTE: use the side door"));
	http_free(&reply);
	/* A shift that is read again keeps its note; another person who takes it over does not. */
	testbed_sql(
	    "select shifts_again(array(select id from shift where key = 'b' and known_to = 'infinity'),"
	    " '{\"ends_at\": \"t.ends_at + interval ''1 minute''\"}')");
	testbed_moved("second");
	while (strstr(on, entry(WARD, NOW1, "functions.0.on_call.2.entry")) != NULL)
		continue;
	is(WARD, NOW1, "functions.0.on_call.2.notes.0.text", "at the station");
	testbed_sql(
	    "select shifts_again(array(select id from shift where key = 'b' and known_to = 'infinity'),"
	    " '{\"person\": \"''jo''\"}')");
	testbed_moved("second");
	testbed_until(
	    &(struct http_ask){.port = testbed_port(), .path = NOW1, .token = tokens[WARD]},
	    "functions.0.on_call.2.name", "J Jones");
	is(WARD, NOW1, "functions.0.on_call.2.notes.1", "(none)");
}

static void
who_may_write_a_note(void **state)
{
	static const struct {
		int who;
		int person, service, place, shift;
	} rows[] = {
	    {WARD, 403, 403, 403, 403},
	    {NORTH, 403, 403, 403, 403},
	    {OPS, 201, 201, 201, 201},
	    {FAROPS, 403, 403, 403, 403},
	    {BOARD, 403, 403, 403, 403},
	    {REVIEWER, 403, 403, 403, 403},
	    {KEEPER, 201, 201, 201, 201},
	    {ROTAS, 201, 201, 403, 201},
	    {THEIRS, 403, 403, 403, 403},
	    {CHIEF, 201, 201, 201, 201},
	};
	char on[64], path[64];
	int id;

	(void)state;
	snprintf(on, sizeof on, "'shift':%s", entry(WARD, NOW1, FIRST "entry"));
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		expect(note(rows[i].who, "'person':'jo'", "ring me"), rows[i].person);
		expect(note(rows[i].who, "'service':'amhp'", "ring me"), rows[i].service);
		expect(note(rows[i].who, "'place':'ZED01','function':'amhp'", "ring me"),
		    rows[i].place);
		expect(note(rows[i].who, on, "ring me"), rows[i].shift);
	}
	/* Who may write it may take it away; so may who wrote it. */
	id = made(note(OPS, "'place':'ZED01','function':'crht'", "ring me"));
	snprintf(path, sizeof path, "/v1/notes/%d", id);
	expect(ask(WARD, "DELETE", path, NULL), 403);
	expect(ask(BOARD, "DELETE", path, NULL), 404);
	expect(ask(ROTAS, "DELETE", path, NULL), 403);
	expect(ask(KEEPER, "DELETE", path, NULL), 204);
	expect(ask(KEEPER, "DELETE", path, NULL), 404);
	is(WARD, "/v1/now?place=ZED01&function=crht", "functions.0.notes.0", "(none)");
}

static void
what_a_note_may_say(void **state)
{
	static const char *const bad[] = {"NHS number 943 476 5919", "9434765919", "dob 12/03/1985",
	    "patient waiting in bay 4", "born 12 March 1985", "   ", "two\\nlines", "bell\\u0007",
	    "turned \\u202e round"};
	char text[256] = "", many[8];

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		expect(note(OPS, "'person':'jo'", bad[i]), 400);
	memset(text, 'x', 201);
	expect(note(OPS, "'person':'jo'", text), 400);
	text[200] = '\0';
	made(note(OPS, "'person':'jo'", text));
	made(note(OPS, "'person':'jo'", "ring Dr Okoro instead on 01632 960111"));
	expect(ask(OPS, "POST", "/v1/notes", "{'text':'x'}"), 400);
	expect(note(OPS, "", "x"), 400);
	expect(note(OPS, "'person':'jo','service':'amhp'", "x"), 400);
	expect(note(OPS, "'place':'ZED01'", "x"), 400);
	expect(note(OPS, "'function':'amhp'", "x"), 400);
	expect(note(OPS, "'person':'nobody'", "x"), 400);
	expect(note(OPS, "'shift':'x'", "x"), 400);
	expect(note(OPS, "'shift':99999", "x"), 409);
	expect(ask(OPS, "POST", "/v1/notes",
		   "{'on':{'person':'jo'},'text':'x','until':'2020-01-01T00:00:00Z'}"),
	    400);
	expect(ask(OPS, "POST", "/v1/notes",
		   "{'on':{'person':'jo'},'text':'x','until':'2099-01-01T00:00:00Z'}"),
	    400);
	for (int i = 0; i < 3; i++) {
		snprintf(many, sizeof many, "n%d", i);
		made(note(OPS, "'person':'jo'", many));
	}
	expect(note(OPS, "'person':'jo'", "one too many"), 409);
	made(note(OPS, "'person':'sam'", "of another"));
}

/* ---------------------------------------------------------------------------- the record, and a copy */

/* The path of what was known at this second, once the next one has come: what is done afterwards is later. */
static void
now_known(char path[128])
{
	time_t at = time(NULL);
	struct tm utc;
	char then[32];

	while (time(NULL) < at + 2)
		poll(NULL, 0, 20);
	at++;
	gmtime_r(&at, &utc);
	strftime(then, sizeof then, "%Y-%m-%dT%H:%M:%SZ", &utc);
	snprintf(path, 128, NOW1 "&known_at=%s", then);
}

static void
the_past_has_what_was_reported_then(void **state)
{
	char before[128], between[128], path[64];
	int id;

	(void)state;
	now_known(before);
	id = made(note(OPS, "'person':'jo'", "phone flat"));
	made(report(OPS, "ZED01", JO_ON_DUTY, "no_answer"));
	now_known(between);
	snprintf(path, sizeof path, "/v1/contacts/%d",
	    made(report(OPS, "ZED01", JO_ON_DUTY, "wrong_person")));
	expect(ask(OPS, "DELETE", path, NULL), 204);
	made(report(OPS, "ZED01", JO_ON_DUTY, "reached"));
	snprintf(path, sizeof path, "/v1/notes/%d", id);
	expect(ask(OPS, "DELETE", path, NULL), 204);
	is(OPS, NOW1, FIRST "reported", "null");
	is(OPS, NOW1, FIRST "notes.0", "(none)");
	is(OPS, between, FIRST "reported.outcome", "no_answer");
	is(OPS, between, FIRST "notes.0.text", "phone flat");
	is(OPS, before, FIRST "reported", "null");
	is(OPS, before, FIRST "notes.0", "(none)");
	is(OPS, before, FIRST "name", "J Jones");
}

/* It was shown until long before what the map has in memory, and still waits. */
static void
a_report_of_last_month_is_seen_to(void **state)
{
	char path[64], *number;

	(void)state;
	testbed_sql(
	    "insert into contact_report (version, at, until, account, place, function, service, rota, person, outcome) "
	    "select remark_version(), now() - interval '30 days', now() - interval '29 days', 'ward', 'ZED01', 'amhp', 'amhp', 'duty', "
	    "'jo', 'wrong_person'");
	testbed_until(
	    &(struct http_ask){.port = testbed_port(), .path = "/v1/feeds", .token = tokens[ROTAS]},
	    "feeds.0.reported", "1");
	number = scratch_psql(testbed_postgres(), "select max(id) from contact_report");
	snprintf(path, sizeof path, "/v1/contacts/%s/settle", number);
	free(number);
	expect(ask(ROTAS, "POST", path, "{}"), 204);
	testbed_until(
	    &(struct http_ask){.port = testbed_port(), .path = "/v1/feeds", .token = tokens[ROTAS]},
	    "feeds.0.reported", "0");
}

/* What was reported is kept for some years; an answer about a time before says so. */
static void
what_is_no_longer_kept_is_not_answered_without(void **state)
{
	static const char *const history =
	    "/v1/history?place=ZED01&at=2000-01-02T00:00:00Z&known_at=";
	char path[256], known[32];
	time_t at = time(NULL) - 60;
	struct tm utc;

	(void)state;
	gmtime_r(&at, &utc);
	strftime(known, sizeof known, "%Y-%m-%dT%H:%M:%SZ", &utc);
	testbed_sql(
	    "set session_replication_role = replica; update region set applied_at = '1999-01-01'");
	snprintf(path, sizeof path, "%s%s", history, known);
	is(REVIEWER, path, "remarks_kept_from", "null");
	testbed_sql("select record_begins_at('remark', '2001-01-01Z')");
	is(REVIEWER, path, "remarks_kept_from", "2001-01-01T00:00:00Z");
	snprintf(path, sizeof path, "%s2000-06-01T00:00:00Z", history);
	expect(ask(REVIEWER, "GET", path, NULL), 410);
}

/* holds: H09.1 */
static void
they_are_shown_without_the_database(void **state)
{
	(void)state;
	made(report(WARD, "ZED01", JO_ON_DUTY, "no_answer"));
	made(note(OPS, "'person':'jo'", "phone flat"));
	testbed_stop();
	scratch_postgres_halt(testbed_postgres());
	testbed_start();
	is(WARD, NOW1, FIRST "reported.outcome", "no_answer");
	is(WARD, NOW1, FIRST "notes.0.text", "phone flat");
	is(WARD, "/v1/notes?place=ZED01", "notes.0.text", "phone flat");
	is(WARD, NOW1, "map.confidence", "last_good");
	expect(report(WARD, "ZED01", JO_ON_DUTY, "reached"), 503);
	is(WARD, NOW1, FIRST "reported.outcome", "no_answer");
	scratch_postgres_resume(testbed_postgres());
}

/* Another epoch: what was shown may never have been, in the database that is there now. */
static void
a_restored_database_has_its_own(void **state)
{
	(void)state;
	made(report(WARD, "ZED01", JO_ON_DUTY, "no_answer"));
	made(note(OPS, "'person':'jo'", "phone flat"));
	is(WARD, NOW1, FIRST "reported.outcome", "no_answer");
	testbed_sql(
	    "alter table contact_report disable trigger keep; alter table note disable trigger keep;"
	    "delete from contact_report; delete from note; update remark_head set version = 1;"
	    "update map_head set epoch = epoch + 1, version = version + 1; notify coverage_changed");
	testbed_until(
	    &(struct http_ask){.port = testbed_port(), .path = NOW1, .token = tokens[WARD]},
	    FIRST "reported", "null");
	is(WARD, NOW1, FIRST "notes.0", "(none)");
	made(report(WARD, "ZED01", JO_ON_DUTY, "wrong_person"));
	is(WARD, NOW1, FIRST "reported.outcome", "wrong_person");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(
		a_report_is_shown_at_every_place_and_changes_no_state, begin, end),
	    cmocka_unit_test_setup_teardown(who_sees_a_place_reports_from_it, begin, end),
	    cmocka_unit_test_setup_teardown(
		an_entry_that_was_read_again_is_still_that_entry, begin, end),
	    cmocka_unit_test_setup_teardown(a_line_is_reported_by_its_service, begin, end),
	    cmocka_unit_test_setup_teardown(
		a_protected_person_is_reported_by_the_entry, begin, end),
	    cmocka_unit_test_setup_teardown(the_rotas_manager_sees_to_it, begin, end),
	    cmocka_unit_test_setup_teardown(
		ones_own_report_is_taken_back_for_ten_minutes, begin, end),
	    cmocka_unit_test_setup_teardown(notes_are_shown_where_they_belong, begin, end),
	    cmocka_unit_test_setup_teardown(who_may_write_a_note, begin, end),
	    cmocka_unit_test_setup_teardown(what_a_note_may_say, begin, end),
	    cmocka_unit_test_setup_teardown(the_past_has_what_was_reported_then, begin, end),
	    cmocka_unit_test_setup_teardown(a_report_of_last_month_is_seen_to, begin, end),
	    cmocka_unit_test_setup_teardown(
		what_is_no_longer_kept_is_not_answered_without, begin, end),
	    cmocka_unit_test_setup_teardown(they_are_shown_without_the_database, begin, end),
	    cmocka_unit_test_setup_teardown(a_restored_database_has_its_own, begin, end),
	};

	return cmocka_run_group_tests(tests, testbed_open, testbed_close);
}
