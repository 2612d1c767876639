/* SPDX-License-Identifier: MIT */
#include "tests/unit/server/api/agreed.h"

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "server/base/clock.h"
#include "server/base/text.h"

/*
 * /v1/swaps and /swap. J Jones is on amhp-duty tomorrow, from 24 to 36 hours from now; S Ahmed is on it
 * two days later, from 72 to 84.
 */

static int
set_up(void **state)
{
	return agreed_set_up(state, "s-ahmed", 72, 84);
}

/* J Jones's shift of tomorrow, but for half an hour at each end, to ${takes}. ${more}: further members, with a
 * comma before each. */
static struct http_reply
offer(const char *token, const char *query, const char *takes, const char *more)
{
	char start[CIVIL_RFC3339_MAX], end[CIVIL_RFC3339_MAX], path[64], body[900];

	snprintf(path, sizeof path, "/v1/swaps%s", query);
	snprintf(body, sizeof body,
	    "{\"rota\": \"amhp-duty\", \"gives\": \"jo-jones\", \"takes\": \"%s\", \"start\": \"%s\", \"end\": \"%s\"%s}",
	    takes, at_hours(24.5, start), at_hours(35.5, end), more);
	return ask_as("POST", token, path, body);
}

static long
offered(const char *token, const char *takes, const char *more)
{
	struct http_reply reply = offer(token, "", takes, more);
	long id = strtol(http_at(&reply, "id"), NULL, 10);

	if (reply.status != 201)
		fail_msg("%d\n%s", reply.status, reply.body);
	http_free(&reply);
	return id;
}

static struct http_reply
answer(const char *token, long id, const char *what, const char *body)
{
	char path[64];

	snprintf(path, sizeof path, "/v1/swaps/%ld/%s", id, what);
	return ask_as("POST", token, path, body);
}

static void
expect_swap(const char *token, long id, const char *where, const char *wanted)
{
	char path[64];

	snprintf(path, sizeof path, "/v1/swaps/%ld", id);
	expect(testbed_as(token, path), 200, where, wanted);
}

/* The calendar says that ${person} is on instead, for the same time as the shift ${key}. */
static void
calendar_says(const char *key, const char *person)
{
	testbed_sql(
	    "begin; with gone as (update shift set known_to = clock_timestamp() where key = '%s' and known_to = 'infinity' "
	    "returning *) insert into shift (rota, key, class, person, title, starts_at, ends_at) select rota, key, 'named', '%s', title, "
	    "starts_at, ends_at from gone; select shifts_changed('{amhp-duty}'); commit",
	    key, person);
}

/* -------------------------------------------------------------------------------- agreed */

/* holds: H01.3 */
static void
a_person_offers_and_the_receiver_accepts(void **state)
{
	long id;

	(void)state;
	/* A dry run says what would be, and nothing is. */
	expect(offer(jo, "?dry_run=1", "s-ahmed", ""), 200, "stopped", "false");
	expect_sql("select count(*) from swap", "0");
	id = offered(jo, "s-ahmed", "");
	expect_sql("select count(*) from override", "0");
	expect_swap(jo, id, "state", "offered");
	expect_swap(sam, id, "shifts.0.takes.id", "s-ahmed");
	expect_swap(manager, id, "shifts.0.gives.name", "J Jones");
	/* Who gives it does not accept for who takes it. */
	expect(answer(jo, id, "accept", "{}"), 403, NULL, NULL);
	expect(answer(sam, id, "accept", "{}"), 200, "state", "accepted");
	expect(answer(sam, id, "accept", "{}"), 409, NULL, NULL);
	expect_swap(jo, id, "state", "accepted");
	expect_swap(jo, id, "history.1.how", "receiver");
	expect_swap(jo, id, "history.1.who", "sam");
	expect_swap(jo, id, "history.2", "(none)");
	expect_sql(
	    "select person || ' ' || instead || ' ' || made_by || ' ' || (expires_at = ends_at) from override",
	    "s-ahmed jo-jones sam true");
	expect(testbed_as(manager, "/v1/swaps"), 200, "swaps.0.state", "accepted");
}

static void
what_the_calendar_says_is_what_becomes_of_it(void **state)
{
	long id = offered(jo, "s-ahmed", "");

	(void)state;
	expect(answer(sam, id, "accept", "{}"), 200, NULL, NULL);
	/* It names the stand-in: nothing is left to say. */
	calendar_says("a", "s-ahmed");
	expect_swap(sam, id, "state", "in_feed");
	/* A third person: two say two things, and nobody is on for certain. */
	calendar_says("a", "k-lee");
	expect_swap(jo, id, "state", "disputed");
	expect_swap(sam, id, "history.3.how", "calendar");
	expect_sql("select class from shift where override is not null and known_to = 'infinity'",
	    "undecided");
	/* It goes back to what it said when they agreed: that counts again. */
	calendar_says("a", "jo-jones");
	expect_swap(jo, id, "state", "accepted");
	expect_sql(
	    "select class || ' ' || person from shift where override is not null and known_to = 'infinity'",
	    "named s-ahmed");
	expect_swap(jo, id, "history.4.step", "accepted");
}

static void
an_offer_ends_in_each_way_once(void **state)
{
	char until[CIVIL_RFC3339_MAX], more[100];
	long refused = offered(jo, "s-ahmed", ""), taken_back = offered(jo, "s-ahmed", ""), late;

	(void)state;
	expect(answer(sam, refused, "refuse", "{\"reason\": \"I am on a course\"}"), 200, "state",
	    "refused");
	expect_swap(jo, refused, "history.1.reason", "I am on a course");
	expect(answer(sam, taken_back, "withdraw", "{}"), 403, NULL, NULL);
	expect(answer(jo, taken_back, "withdraw", "{}"), 200, "state", "withdrawn");
	snprintf(more, sizeof more, ", \"expires\": \"%s\"", at_hours(0.5, until));
	late = offered(jo, "s-ahmed", more);
	testbed_sql(
	    "alter table swap disable trigger keep; update swap set offered_at = now() - interval '2 hours', expires_at = now() - interval '1 second', "
	    "version = swap_version() where id = %ld; alter table swap enable trigger keep",
	    late);
	expect_swap(jo, late, "state", "expired");
	for (long id = refused; id <= late; id++) {
		expect(answer(sam, id, "accept", "{}"), 409, NULL, NULL);
		expect(answer(sam, id, "refuse", "{}"), 409, NULL, NULL);
		expect(answer(jo, id, "withdraw", "{}"), 409, NULL, NULL);
	}
	expect_sql("select count(*) from override", "0");
	expect_sql("select count(*) from swap_event", "5");
}

static void
the_first_that_is_accepted_ends_the_others(void **state)
{
	long first = offered(jo, "s-ahmed", ""), second = offered(jo, "k-lee", "");

	(void)state;
	expect(answer(kim, second, "accept", "{}"), 200, NULL, NULL);
	expect_swap(sam, first, "state", "withdrawn");
	expect_swap(sam, first, "history.1.how", "other");
	expect(answer(sam, first, "accept", "{}"), 409, NULL, NULL);
	expect_sql("select string_agg(person, ' ') from override", "k-lee");
}

static void
a_shift_that_has_moved_is_another_one(void **state)
{
	long id = offered(jo, "s-ahmed", "");

	(void)state;
	testbed_sql(
	    "begin; with gone as (update shift set known_to = clock_timestamp() where key = 'a' returning *) insert into shift (rota, key, class, "
	    "person, title, starts_at, ends_at) select rota, key, class, person, title, starts_at + interval '2 hours', ends_at + interval '2 hours' from "
	    "gone; select shifts_changed('{amhp-duty}'); commit");
	expect_words(
	    answer(sam, id, "accept", "{}"), 409, "is not on rota amhp-duty for all of that time");
	expect_swap(sam, id, "state", "offered");
	expect_sql("select count(*) from override", "0");
}

/* -------------------------------------------------------------------------------- an exchange */

static const char *
in_return(double from, double to)
{
	static char more[200];
	char start[CIVIL_RFC3339_MAX], end[CIVIL_RFC3339_MAX];

	snprintf(more, sizeof more,
	    ", \"in_return\": {\"rota\": \"amhp-duty\", \"start\": \"%s\", \"end\": \"%s\"}",
	    at_hours(from, start), at_hours(to, end));
	return more;
}

/* holds: H01.3 */
static void
an_exchange_is_both_shifts_or_none(void **state)
{
	long id;

	(void)state;
	/* S Ahmed is not on for all of that. */
	expect_words(offer(jo, "", "s-ahmed", in_return(72.5, 90)), 409, "s-ahmed is not on rota");
	expect_sql("select count(*) from swap", "0");
	id = offered(jo, "s-ahmed", in_return(72.5, 83.5));
	expect(answer(sam, id, "accept", "{}"), 200, NULL, NULL);
	expect_sql(
	    "select string_agg(person || ' for ' || instead, ', ' order by id) from override",
	    "s-ahmed for jo-jones, jo-jones for s-ahmed");
	calendar_says("a", "s-ahmed");
	expect_swap(jo, id, "state", "accepted");
	calendar_says("b", "jo-jones");
	expect_swap(jo, id, "state", "in_feed");
}

/* The first or the last override that there is. */
static void
withdraw_override(const char *which)
{
	char sql[64], path[64], *id;

	snprintf(sql, sizeof sql, "select %s(id) from override", which);
	id = scratch_psql(testbed_postgres(), sql);
	snprintf(path, sizeof path, "/v1/overrides/%s", id);
	free(id);
	expect(ask_as("DELETE", manager, path, NULL), 204, NULL, NULL);
}

/* holds: H01.3 */
static void
half_of_an_exchange_that_is_taken_back_is_disputed(void **state)
{
	long id = offered(jo, "s-ahmed", in_return(72.5, 83.5));

	(void)state;
	expect(answer(sam, id, "accept", "{}"), 200, NULL, NULL);
	withdraw_override("max");
	expect_swap(jo, id, "state", "disputed");
	expect_swap(jo, id, "history.2.who", "zfc-rotas");
	expect(answer(manager, id, "withdraw", "{\"reason\": \"they changed their minds\"}"), 200,
	    "state", "withdrawn");
	expect_swap(sam, id, "history.3.reason", "they changed their minds");
	expect_swap(sam, id, "history.4", "(none)");
	expect_sql("select count(*) from override where withdrawn_at is null", "0");
}

static void
who_withdraws_the_overrides_withdraws_the_swap(void **state)
{
	long id = offered(manager, "s-ahmed", "");

	(void)state;
	expect(answer(manager, id, "accept", "{}"), 200, NULL, NULL);
	/* What both agreed to is not undone by one of them. */
	expect(answer(jo, id, "withdraw", "{}"), 403, NULL, NULL);
	withdraw_override("min");
	expect_swap(jo, id, "state", "withdrawn");
	expect_swap(jo, id, "history.2.who", "zfc-rotas");
}

/* -------------------------------------------------------------------------------- checks */

/* The verdict of one check of the first shift. */
static void
expect_verdict(struct http_reply reply, const char *check, const char *passed)
{
	for (int i = 0; i < 10; i++) {
		char where[40];

		snprintf(where, sizeof where, "checks.%d.check", i);
		if (strcmp(http_at(&reply, where), check) != 0)
			continue;
		snprintf(where, sizeof where, "checks.%d.passed", i);
		if (strcmp(http_at(&reply, where), passed) != 0)
			fail_msg("%s is not %s: %s", check, passed, reply.body);
		http_free(&reply);
		return;
	}
	fail_msg("no check %s: %s", check, reply.body);
}

static void
until_shift(const char *rota, const char *person)
{
	char path[64];

	snprintf(path, sizeof path, "/v1/shifts?rota=%s", rota);
	testbed_until(
	    &(struct http_ask){.port = testbed_port(), .path = path, .token = testbed_admin()},
	    "shifts.0.person", person);
}

static void
what_speaks_against_it_is_shown_and_stops_it(void **state)
{
	long id = offered(jo, "s-ahmed", "");

	(void)state;
	/* Since it was offered S Ahmed has got a shift nine hours after it. */
	testbed_shift("amhp-second", "c", "named", "s-ahmed", 44.5, 50);
	until_shift("amhp-second", "s-ahmed");
	expect_verdict(offer(manager, "?dry_run=1", "s-ahmed", ""), "rest", "false");
	expect_verdict(offer(manager, "?dry_run=1", "s-ahmed", ""), "double_booking", "true");
	expect_words(answer(sam, id, "accept", "{}"), 409, "11 hours off");
	/* It is not the receiver's to overrule. */
	expect(answer(sam, id, "accept", "{\"force\": true, \"reason\": \"I do not mind\"}"), 403,
	    NULL, NULL);
	expect(
	    answer(manager, id, "accept", "{\"force\": true}"), 400, "errors.0.path", "$.reason");
	expect_words(answer(manager, id, "accept", "{}"), 409, "11 hours off");
	expect(answer(manager, id, "accept",
		   "{\"force\": true, \"reason\": \"nobody else, and he will rest after\"}"),
	    200, "state", "accepted");
	expect_swap(jo, id, "history.1.forced", "true");
	expect_swap(jo, id, "history.1.how", "word");
}

static void
what_an_offer_overrules_the_receiver_need_not(void **state)
{
	long id;

	(void)state;
	testbed_shift("amhp-second", "c", "named", "s-ahmed", 30, 50);
	until_shift("amhp-second", "s-ahmed");
	expect_verdict(offer(manager, "?dry_run=1", "s-ahmed", ""), "double_booking", "false");
	expect_words(offer(manager, "", "s-ahmed", ""), 409, "is on another shift");
	id = offered(manager, "s-ahmed", ", \"force\": true, \"reason\": \"both by telephone\"");
	expect_swap(sam, id, "overruled.0", "double_booking");
	expect(answer(sam, id, "accept", "{}"), 200, "state", "accepted");
	/* Nothing was overruled by who accepted. */
	expect_swap(sam, id, "history.1.forced", "false");
}

static void
the_shift_that_is_given_for_it_is_no_double_booking(void **state)
{
	(void)state;
	/* Ten hours between the two: without the exchange too little rest. */
	testbed_shift("amhp-second", "c", "named", "s-ahmed", 46, 50);
	until_shift("amhp-second", "s-ahmed");
	expect_verdict(offer(manager, "?dry_run=1", "s-ahmed", ""), "rest", "false");
	{
		char start[CIVIL_RFC3339_MAX], end[CIVIL_RFC3339_MAX], more[200];

		snprintf(more, sizeof more,
		    ", \"in_return\": {\"rota\": \"amhp-second\", \"start\": \"%s\", \"end\": \"%s\"}",
		    at_hours(46.01, start), at_hours(49.9, end));
		/* What is left of it, a minute at each end, still is one; the whole is not. */
		expect_verdict(offer(manager, "?dry_run=1", "s-ahmed", more), "rest", "false");
	}
	testbed_sql("update shift set known_to = clock_timestamp() where key = 'c'");
	testbed_sql(
	    "insert into shift (rota, key, class, person, title, starts_at, ends_at) values ('amhp-second', 'd', 'named', 's-ahmed', "
	    "'On call', to_timestamp(%lld), to_timestamp(%lld))",
	    (long long)(now + 46 * 3600), (long long)(now + 50 * 3600));
	testbed_moved("amhp-second");
	{
		char start[CIVIL_RFC3339_MAX], end[CIVIL_RFC3339_MAX], more[200];

		testbed_until(&(struct http_ask){.port = testbed_port(),
				  .path = "/v1/shifts?rota=amhp-second",
				  .token = manager},
		    "shifts.0.start", at_hours(46, start));
		snprintf(more, sizeof more,
		    ", \"in_return\": {\"rota\": \"amhp-second\", \"start\": \"%s\", \"end\": \"%s\"}",
		    at_hours(46, start), at_hours(50, end));
		expect_verdict(offer(manager, "?dry_run=1", "s-ahmed", more), "rest", "true");
	}
}

static void
without_the_role_nobody_takes_it(void **state)
{
	(void)state;
	expect_verdict(offer(manager, "?dry_run=1", "p-lee", ""), "role", "false");
	expect_words(offer(manager, "", "p-lee", ", \"force\": true, \"reason\": \"please\""), 409,
	    "does not hold the function amhp");
	expect_sql("select count(*) from swap", "0");
}

/* ---------------------------------------------------------------------------- two organisations */

static void
the_other_organisation_sees_what_this_one_may_not(void **state)
{
	struct http_reply reply;
	long id;

	(void)state;
	testbed_sql(
	    "select absence_add('k-lee', now() + interval '20 hours', now() + interval '60 hours', 'zav-rotas')");
	testbed_moved("absence:typed");
	testbed_until(
	    &(struct http_ask){
		.port = testbed_port(), .path = "/v1/absences?person=k-lee", .token = other},
	    "absences.0.person", "k-lee");
	/* Of K Lee's leave these managers learn nothing, in whichever way they ask. */
	expect_verdict(offer(manager, "?dry_run=1", "k-lee", ""), "leave", "null");
	id = offered(manager, "k-lee", "");
	reply = answer(manager, id, "accept", "{}");
	assert_int_equal(reply.status, 409);
	assert_non_null(strstr(reply.body, "Is not seen here"));
	assert_null(strstr(reply.body, "away"));
	http_free(&reply);
	/* K Lee's own managers, and K Lee, see it. */
	expect_words(answer(other, id, "accept", "{}"), 409, "K Lee is away");
	expect_words(answer(kim, id, "accept", "{}"), 409, "K Lee is away");
	expect(answer(other, id, "accept",
		   "{\"force\": true, \"reason\": \"comes back a day early for it\"}"),
	    200, "state", "accepted");
	/* Both sides see it; who has nothing to do with it does not learn that there is one. */
	expect_swap(manager, id, "state", "accepted");
	expect_swap(kim, id, "history.1.who", "zav-rotas");
	expect(answer(sam, id, "refuse", "{}"), 404, NULL, NULL);
	expect(testbed_as(viewer, "/v1/swaps/1"), 404, NULL, NULL);
	expect(testbed_as(viewer, "/v1/swaps"), 200, "swaps", "[]");
	expect(testbed_as(sam, "/v1/swaps"), 200, "swaps", "[]");
	expect(testbed_as(kim, "/v1/swaps"), 200, "swaps.0.shifts.0.takes.id", "k-lee");
	/* The rota is not theirs to undo. */
	expect(answer(other, id, "withdraw", "{}"), 403, NULL, NULL);
}

static void
nobody_offers_what_is_not_theirs(void **state)
{
	(void)state;
	expect(offer(sam, "", "s-ahmed", ""), 403, NULL, NULL);
	expect(offer(viewer, "", "s-ahmed", ""), 403, NULL, NULL);
	expect(offer(other, "", "k-lee", ""), 403, NULL, NULL);
	expect(offer(jo, "", "jo-jones", ""), 400, "errors.0.path", "$.takes");
	expect_words(offer(jo, "", "s-ahmed", ", \"stranger\": 1"), 400, "no member");
	expect(offer(jo, "", "s-ahmed", ", \"force\": true, \"reason\": \"x\""), 403, NULL, NULL);
	/* Without gives it is the asker's own shift; an account that is no person's has none. */
	expect_words(
	    ask_as("POST", manager, "/v1/swaps",
		"{\"rota\": \"amhp-duty\", \"takes\": \"s-ahmed\", \"start\": \"2030-01-01T00:00:00Z\", \"end\": \"2030-01-01T01:00:00Z\"}"),
	    400, "$.gives");
	expect_sql("select count(*) from swap", "0");
}

/* ---------------------------------------------------------------------------------- the link */

static struct http_reply
press(const char *link, const char *button)
{
	return http(&(struct http_ask){.port = testbed_port(),
	    .method = "POST",
	    .path = link,
	    .type = "application/x-www-form-urlencoded",
	    .body = button});
}

static long
offered_by_link(char link[80])
{
	struct http_reply reply = offer(jo, "", "s-ahmed", ", \"link\": true");
	long id = strtol(http_at(&reply, "id"), NULL, 10);

	if (reply.status != 201)
		fail_msg("%d\n%s", reply.status, reply.body);
	snprintf(link, 80, "%s", http_at(&reply, "link"));
	http_free(&reply);
	return id;
}

static void
a_link_is_answered_once_and_looking_at_it_changes_nothing(void **state)
{
	char link[80], *hash;
	long id = offered_by_link(link);
	struct http_reply reply;

	(void)state;
	hash = scratch_psql(testbed_postgres(), "select length(link) from swap");
	assert_string_equal(hash, "32");
	free(hash);
	for (int i = 0; i < 3; i++)
		expect_words(testbed_as(NULL, link), 200, "J Jones gives it to S Ahmed");
	expect_swap(jo, id, "state", "offered");
	expect(press(link, "answer=perhaps"), 400, NULL, NULL);
	reply = press(link, "answer=accept");
	assert_int_equal(reply.status, 303);
	http_free(&reply);
	expect_words(testbed_as(NULL, "/swap/accepted"), 200, "You are on for this shift now");
	expect_swap(jo, id, "state", "accepted");
	expect_swap(jo, id, "history.1.how", "link");
	expect_swap(jo, id, "history.1.who", "null");
	expect_sql("select made_by from override", "jo");
	expect_sql("select count(link) from swap", "0");
	expect_words(testbed_as(NULL, link), 404, "none any more");
	expect_words(press(link, "answer=refuse"), 404, "none any more");
	expect_words(testbed_as(NULL, "/swap?key=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"), 404,
	    "none any more");
	expect_words(testbed_as(NULL, "/swap?key=1"), 404, "none any more");
	expect_words(testbed_as(NULL, "/swap"), 404, "none any more");
	expect_words(testbed_as(NULL, "/swap/perhaps"), 404, "none any more");

	expect_swap(jo, id, "state", "accepted");
}

static void
a_link_may_be_refused_and_runs_out_with_its_offer(void **state)
{
	char link[80], late[80];
	long id = offered_by_link(link), gone = offered_by_link(late);
	struct http_reply reply = press(link, "answer=refuse");

	(void)state;
	assert_int_equal(reply.status, 303);
	http_free(&reply);
	expect_swap(jo, id, "state", "refused");
	expect(answer(jo, gone, "withdraw", "{}"), 200, NULL, NULL);
	expect_words(testbed_as(NULL, late), 404, "none any more");
	expect_words(press(late, "answer=accept"), 404, "none any more");
	expect_sql("select count(*) from override", "0");
}

static void
a_link_does_not_overrule_a_check(void **state)
{
	char link[80];
	long id = offered_by_link(link);

	(void)state;
	testbed_shift("amhp-second", "c", "named", "s-ahmed", 30, 50);
	until_shift("amhp-second", "s-ahmed");
	expect_words(press(link, "answer=accept"), 409, "is on another shift");
	expect_swap(jo, id, "state", "offered");
}

/* ------------------------------------------------------------------------------------ told */

/* What came on the stream until ${text} did; false: it did not come. */
static bool
hear(int fd, struct buf *got, const char *text)
{
	int64_t until = clock_mono_ms() + 30000;

	while (got->at == NULL || strstr(got->at, text) == NULL) {
		struct pollfd readable = {.fd = fd, .events = POLLIN};
		char piece[4096];
		ssize_t len;

		if (clock_mono_ms() > until)
			return false;
		if (poll(&readable, 1, 100) <= 0)
			continue;
		len = recv(fd, piece, sizeof piece, 0);
		if (len <= 0)
			return false;
		buf_add(got, piece, (size_t)len);
	}
	return true;
}

static void
it_is_told_to_those_whom_it_concerns(void **state)
{
	long id = offered(jo, "s-ahmed", "");
	struct buf concerned = {0}, stranger = {0};
	char wanted[80];
	int one, another;

	(void)state;
	one = http_begin(
	    &(struct http_ask){.port = testbed_port(), .path = "/v1/events", .token = sam});
	another = http_begin(
	    &(struct http_ask){.port = testbed_port(), .path = "/v1/events", .token = kim});
	assert_true(hear(one, &concerned, "event: heartbeat"));
	assert_true(hear(another, &stranger, "event: heartbeat"));
	expect(answer(sam, id, "refuse", "{}"), 200, NULL, NULL);
	snprintf(
	    wanted, sizeof wanted, "event: swap\ndata: {\"swap\":%ld,\"state\":\"refused\"}", id);
	if (!hear(one, &concerned, wanted))
		fail_msg("not told: %s", concerned.at);
	/* Whom it does not concern hears what comes after it, and not this. */
	testbed_good("amhp-duty", "now() - interval '7 hours'");
	assert_true(hear(another, &stranger, "event: feed"));
	assert_null(strstr(stranger.at, "event: swap"));
	close(one);
	close(another);
	buf_free(&concerned);
	buf_free(&stranger);
}

/* Who takes a shift counts as soon as it is accepted. */
/* holds: H04.2 */
static void
what_is_uncertain_is_not_offered_and_not_accepted(void **state)
{
	long id;

	(void)state;
	expect(offer(jo, "", "s-ahmed", ", \"reason\": \"TBC with agency\""), 400, "errors.0.path",
	    "$.reason");
	expect(offer(jo, "?dry_run=1", "s-ahmed", ", \"reason\": \"provisional\""), 400,
	    "errors.0.path", "$.reason");
	id = offered(jo, "s-ahmed", ", \"reason\": \"off sick\"");
	expect(answer(sam, id, "accept?dry_run=1", "{\"reason\": \"if needed\"}"), 400,
	    "errors.0.path", "$.reason");
	expect(answer(sam, id, "accept", "{\"reason\": \"if needed\"}"), 400, "errors.0.path",
	    "$.reason");
	expect_sql("select count(*) from override", "0");
	/* Why it is refused takes nobody on. */
	expect(
	    answer(sam, id, "refuse", "{\"reason\": \"only if needed\"}"), 200, "state", "refused");
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, agreed_tear_down)
	const struct CMUnitTest tests[] = {
	    TEST(what_is_uncertain_is_not_offered_and_not_accepted),
	    TEST(a_person_offers_and_the_receiver_accepts),
	    TEST(what_the_calendar_says_is_what_becomes_of_it),
	    TEST(an_offer_ends_in_each_way_once),
	    TEST(the_first_that_is_accepted_ends_the_others),
	    TEST(a_shift_that_has_moved_is_another_one),
	    TEST(an_exchange_is_both_shifts_or_none),
	    TEST(half_of_an_exchange_that_is_taken_back_is_disputed),
	    TEST(who_withdraws_the_overrides_withdraws_the_swap),
	    TEST(what_speaks_against_it_is_shown_and_stops_it),
	    TEST(what_an_offer_overrules_the_receiver_need_not),
	    TEST(the_shift_that_is_given_for_it_is_no_double_booking),
	    TEST(without_the_role_nobody_takes_it),
	    TEST(the_other_organisation_sees_what_this_one_may_not),
	    TEST(nobody_offers_what_is_not_theirs),
	    TEST(a_link_is_answered_once_and_looking_at_it_changes_nothing),
	    TEST(a_link_may_be_refused_and_runs_out_with_its_offer),
	    TEST(a_link_does_not_overrule_a_check),
	    TEST(it_is_told_to_those_whom_it_concerns),
	};

	return cmocka_run_group_tests_name("swaps", tests, testbed_open, testbed_close);
}
