/* SPDX-License-Identifier: MIT */
/*
 * The ways to an address: what it gives is seen from the body; with a secret; by CalDAV; through a proxy. The feeds
 * role and the reader as processes, against a web site that is the proxy as well.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "server/base/file.h"
#include "tests/unit/server/feeds/town.h"

/* A rota `duty` with ${source}, in which %u is the site's port. */
static void
apply_source(struct town *town, const char *source)
{
	char filled[2048], rotas[3072], port[8];
	const char *at;

	snprintf(port, sizeof port, "%u", town->site.port);
	filled[0] = '\0';
	for (; (at = strstr(source, "%u")) != NULL; source = at + 2)
		snprintf(filled + strlen(filled), sizeof filled - strlen(filled), "%.*s%s",
		    (int)(at - source), source, port);
	snprintf(filled + strlen(filled), sizeof filled - strlen(filled), "%s", source);
	snprintf(rotas, sizeof rotas,
	    "[{\"id\": \"duty\", \"service\": \"fenmere-amhp\", \"tier\": 1, \"source\": %s}]",
	    filled);
	testbed_apply(town->testbed, rotas);
}

static void
until_state(struct town *town, const char *state)
{
	testbed_until(town->testbed, state, "select state from feed where rota = 'duty'");
}

static void
expect_fault(struct town *town, const char *says)
{
	testbed_expect(
	    town->testbed, "t", "select fault like '%%%s%%' from feed where rota = 'duty'", says);
}

static const char in_force[] =
    "select string_agg(class || ':' || coalesce(person, '-'), "
    "' ' order by starts_at) from shift where rota = 'duty' and known_to = 'infinity'";

static const char three_nights[] = "named:jo-jones named:jo-jones named:jo-jones";

#define DUTY "{\"kind\": \"ical_url\", \"url\": \"http://127.0.0.1:%u/duty.ics\"}"

/* ------------------------------------------------------------------------------ what a body is */

/* The day and the hour of ${at} in London, which the rows of a roster are in. */
static void
in_london(time_t at, char day[16], char hour[16])
{
	struct tm *local;

	setenv("TZ", "Europe/London", 1);
	tzset();
	local = localtime(&at);
	strftime(day, 16, "%Y-%m-%d", local);
	strftime(hour, 16, "%H:%M", local);
	unsetenv("TZ");
	tzset();
}

/* The nights of calendar_of() in CSV. */
static void
roster_of(char *text, int nights)
{
	snprintf(text, TEXT_MAX, "Staff Name,Date,Start,End,Status\r\n");
	for (int i = 1; i <= nights; i++) {
		time_t start = time(NULL) / 86400 * 86400 + i * 86400 + 20 * 3600;
		char day[16], from[16], to[16], unused[16];

		in_london(start, day, from);
		in_london(start + 12 * 3600, unused, to);
		snprintf(text + strlen(text), TEXT_MAX - strlen(text),
		    "\"Jones, J\",%s,%s,%s,Filled\r\n", day, from, to);
	}
}

static void
a_roster_by_address_has_the_guards_of_a_calendar(void **state)
{
	struct town *town = *state;

	roster_of(town->text, 8);
	site_put(&town->site, "/duty.ics", "r1", town->text);
	apply_source(town, DUTY);
	until_state(town, "good");
	testbed_expect(town->testbed, "8|text/csv|text/csv",
	    "select count(*), min(f.format), min(r.format) from shift s, feed f join reading r on r.id = f.reading "
	    "where s.known_to = 'infinity' and s.class = 'named'");
	/* It is asked whether it has changed, as a calendar is. */
	town_refresh(town);
	assert_int_equal(site_page(&town->site, "/duty.ics")->conditional, 1);
	/* Half of it gone; then none of it. */
	roster_of(town->text, 4);
	site_put(&town->site, "/duty.ics", "r2", town->text);
	town_refresh(town);
	testbed_expect(town->testbed, "held|8|text/csv",
	    "select f.state, (select count(*) from shift where known_to = 'infinity'), i.format from feed f join import i "
	    "on i.id = f.held_import where f.rota = 'duty'");
	roster_of(town->text, 0);
	site_put(&town->site, "/duty.ics", "r3", town->text);
	town_refresh(town);
	testbed_expect(town->testbed, "held|8",
	    "select f.state, (select count(*) from shift where known_to = 'infinity') from feed f where f.rota = 'duty'");
	/* A page that wants somebody to sign in is no roster. */
	roster_of(town->text, 8);
	site_put(&town->site, "/duty.ics", "r1", town->text);
	town_refresh(town);
	until_state(town, "good");
	site_page(&town->site, "/duty.ics")->answer = SITE_LOGIN;
	town_refresh(town);
	testbed_expect(town->testbed, "failing|8",
	    "select f.state, (select count(*) from shift where known_to = 'infinity') from feed f where f.rota = 'duty'");
}

/* A prose error in text/plain has commas as well; it covers nothing and takes nothing away. */
static void
prose_is_no_roster(void **state)
{
	struct town *town = *state;

	calendar_of(town->text, 3);
	site_put(&town->site, "/duty.ics", "v1", town->text);
	apply_source(town, DUTY);
	until_state(town, "good");
	site_put(&town->site, "/duty.ics", "v2",
	    "Sorry, we are down for maintenance, please come back.\n");
	town_refresh(town);
	testbed_expect(town->testbed, "failing", "select state from feed where rota = 'duty'");
	testbed_expect(town->testbed, three_nights, "%s", in_force);
}

/* The publisher changes from a calendar to a roster, and back. */
static void
a_source_may_change_its_format(void **state)
{
	struct town *town = *state;

	calendar_of(town->text, 3);
	site_put(&town->site, "/duty.ics", "v1", town->text);
	apply_source(town, DUTY);
	until_state(town, "good");
	roster_of(town->text, 3);
	site_put(&town->site, "/duty.ics", "v2", town->text);
	town_refresh(town);
	testbed_expect(
	    town->testbed, "good|text/csv", "select state, format from feed where rota = 'duty'");
	calendar_of(town->text, 3);
	site_put(&town->site, "/duty.ics", "v3", town->text);
	town_refresh(town);
	testbed_expect(town->testbed, "good|text/calendar",
	    "select state, format from feed where rota = 'duty'");
	testbed_expect(town->testbed, three_nights, "%s", in_force);
}

/* -------------------------------------------------------------------------------------- secrets */

static void
want_secret(char wanted[128], const char *header)
{
	snprintf(wanted, 128, "%s", header);
}

#define WITH_SECRET(header, more)                                                                                \
	"{\"kind\": \"ical_url\", \"url\": \"http://127.0.0.1:%u/duty.ics\", \"secret\": {\"kind\": \"basic\", " \
	"\"header\": \"" header "\"" more "}}"
#define OVER_HTTP ", \"over_http\": true"

static void
a_secret_is_sent_and_a_changed_one_is_tried_at_once(void **state)
{
	struct town *town = *state;
	struct site_page *page;

	calendar_of(town->text, 3);
	site_put(&town->site, "/duty.ics", "v1", town->text);
	page = site_page(&town->site, "/duty.ics");
	want_secret(page->wanted, "Basic cm90YTpzZXNhbWU=");
	apply_source(town, DUTY);
	until_state(town, "refused");
	expect_fault(town, "wants a user and a password, or a token (401)");
	apply_source(town, WITH_SECRET("Basic d3Jvbmc6d3Jvbmc=", OVER_HTTP));
	testbed_until(town->testbed, "t",
	    "select fault like '%%does not accept the secret%%' from feed where rota = 'duty'");
	/* A directory locks an account after some tries: not again within ten minutes, though it failed once. */
	testbed_expect(town->testbed, "refused|1|t",
	    "select state, failures, next_at > now() + interval '10 minutes' from feed where rota = 'duty'");
	apply_source(town, WITH_SECRET("Basic cm90YTpzZXNhbWU=", OVER_HTTP));
	until_state(town, "good");
	testbed_expect(town->testbed, three_nights, "%s", in_force);
	/* It is another way to the same calendar: what was known of it is known still. */
	want_secret(page->wanted, "Bearer token");
	apply_source(town, WITH_SECRET("Bearer token", OVER_HTTP));
	testbed_until(town->testbed, "t|good|1",
	    "select last_attempt_at > updated_at - interval '1 second', state, (select count(*) from reading) from feed "
	    "where rota = 'duty' and claim is null and next_at > now()");
}

static void
a_secret_does_not_cross_the_network_in_the_clear(void **state)
{
	struct town *town = *state;

	calendar_of(town->text, 3);
	site_put(&town->site, "/duty.ics", "v1", town->text);
	apply_source(town, WITH_SECRET("Bearer token", ""));
	until_state(town, "failing");
	expect_fault(town, "begins with http://");
	assert_int_equal(site_page(&town->site, "/duty.ics")->hits, 0);
}

/* localhost is another server than 127.0.0.1, and allowed here. */
static void
a_secret_goes_to_no_other_server(void **state)
{
	struct town *town = *state;
	char to[64];

	snprintf(to, sizeof to, "http://localhost:%u/other.ics", town->site.port);
	site_put(&town->site, "/duty.ics", NULL, to);
	site_page(&town->site, "/duty.ics")->answer = SITE_MOVED;
	calendar_of(town->text, 3);
	site_put(&town->site, "/other.ics", NULL, town->text);
	want_secret(site_page(&town->site, "/other.ics")->wanted, "Bearer token");
	apply_source(town, WITH_SECRET("Bearer token", OVER_HTTP));
	until_state(town, "refused");
	expect_fault(town, "sent to no other server");
	assert_int_equal(site_page(&town->site, "/duty.ics")->secrets, 1);
	assert_int_equal(site_page(&town->site, "/other.ics")->secrets, 0);
}

/* As if somebody who can write the table had put the secret of one address with another. */
static void
a_secret_of_another_address_is_not_sent(void **state)
{
	struct town *town = *state;

	calendar_of(town->text, 3);
	site_put(&town->site, "/duty.ics", NULL, town->text);
	site_put(&town->site, "/other.ics", NULL, town->text);
	apply_source(town, WITH_SECRET("Bearer token", OVER_HTTP));
	until_state(town, "good");
	testbed_run(town->testbed, "create table mine as select way from feed where rota = 'duty'");
	apply_source(town, "{\"kind\": \"ical_url\", \"url\": \"http://127.0.0.1:%u/other.ics\"}");
	testbed_until(town->testbed, "good|t",
	    "select state, last_attempt_at is not null and seen_body is not null from feed where rota = 'duty'");
	testbed_run(town->testbed,
	    "update feed set way = (select way from mine) where rota = 'duty'; drop table mine");
	town_refresh(town);
	expect_fault(town, "given for another address");
	assert_int_equal(site_page(&town->site, "/other.ics")->secrets, 0);
}

/* ---------------------------------------------------------------------------------- collections */

#define COLLECTION "{\"kind\": \"caldav\", \"url\": \"http://127.0.0.1:%u/rota/\"}"
#define RESPONSE_BEGIN                                                                             \
	"<D:response><D:href>/rota/%d.ics</D:href><D:propstat><D:prop><C:calendar-data>"
#define RESPONSE_END                                                                               \
	"</C:calendar-data></D:prop><D:status>HTTP/1.1 200 OK</D:status></D:propstat></D:response>"

/* An answer with nights 1 to ${nights}, an object each, and ${more}. */
static void
collection_of(char *text, int nights, const char *more)
{
	static char object[TEXT_MAX];
	char uid[32];

	snprintf(text, TEXT_MAX,
	    "<?xml version=\"1.0\"?>\n<D:multistatus xmlns:D=\"DAV:\" "
	    "xmlns:C=\"urn:ietf:params:xml:ns:caldav\">");
	for (int i = 1; i <= nights; i++) {
		snprintf(uid, sizeof uid, "night-%d@fenmere", i);
		calendar_begin(object);
		calendar_night(object, uid, i, "J Jones", "");
		calendar_end(object);
		snprintf(text + strlen(text), TEXT_MAX - strlen(text),
		    RESPONSE_BEGIN "%s" RESPONSE_END, i, object);
	}
	snprintf(text + strlen(text), TEXT_MAX - strlen(text), "%s</D:multistatus>\n", more);
}

static void
put_collection(struct town *town, const char *tag, int nights, const char *more)
{
	collection_of(town->text, nights, more);
	site_put(&town->site, "/rota/", tag, town->text);
	site_page(&town->site, "/rota/")->answer = SITE_COLLECTION;
}

static void
a_collection_is_asked_for_the_window_when_its_tag_changes(void **state)
{
	struct town *town = *state;
	struct site_page *page;

	put_collection(town, "one", 3, "");
	apply_source(town, COLLECTION);
	until_state(town, "good");
	testbed_expect(town->testbed, three_nights, "%s", in_force);
	page = site_page(&town->site, "/rota/");
	assert_int_equal(page->hits, 2);
	/* The window of the reading, and nothing more. */
	testbed_expect(town->testbed, "t",
	    "select '%s' like '%%start=\"' || to_char(window_from at time zone 'utc', 'YYYYMMDD\"T\"HH24MISS\"Z\"') || "
	    "'\" end=\"' || to_char(window_to at time zone 'utc', 'YYYYMMDD\"T\"HH24MISS\"Z\"') || '\"%%' from reading",
	    page->asked);
	/* The same tag: what is there is not asked for. */
	town_refresh(town);
	assert_int_equal(page->hits, 3);
	testbed_expect(town->testbed, "good|1",
	    "select state, (select count(*) from reading) from feed where rota = 'duty'");
	put_collection(town, "two", 4, "");
	town_refresh(town);
	assert_int_equal(page->hits, 5);
	testbed_expect(
	    town->testbed, "4", "select count(*) from shift where known_to = 'infinity'");
	/* Once a day it wants the whole all the same. */
	testbed_run(town->testbed,
	    "update feed set full_at = now() - interval '25 hours' where rota = 'duty'");
	town_refresh(town);
	assert_int_equal(page->hits, 7);
}

/* Else nothing would ever change: a server that knows no tags answers the same to each question. */
static void
a_collection_without_a_tag_is_always_read(void **state)
{
	struct town *town = *state;

	put_collection(town, "", 3, "");
	apply_source(town, COLLECTION);
	until_state(town, "good");
	put_collection(town, "", 4, "");
	town_refresh(town);
	testbed_expect(
	    town->testbed, "4", "select count(*) from shift where known_to = 'infinity'");
}

static void
what_a_collection_leaves_out_is_no_good_check(void **state)
{
	static const char *const parts[] = {
	    "<D:response><D:href>/rota/</D:href><D:status>HTTP/1.1 507 Insufficient Storage</D:status></D:response>",
	    "<D:response><D:href>/rota/9.ics</D:href><D:propstat><D:prop><C:calendar-data/></D:prop>"
	    "<D:status>HTTP/1.1 403 Forbidden</D:status></D:propstat></D:response>",
	    "<D:response><D:href>/rota/9.ics</D:href><D:propstat><D:prop><D:getetag>x</D:getetag></D:prop>"
	    "<D:status>HTTP/1.1 200 OK</D:status></D:propstat></D:response>",
	};
	struct town *town = *state;

	put_collection(town, "good", 3, "");
	apply_source(town, COLLECTION);
	until_state(town, "good");
	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
		char tag[8];

		snprintf(tag, sizeof tag, "t%zu", i);
		put_collection(town, tag, 4, parts[i]);
		town_refresh(town);
		testbed_expect(
		    town->testbed, "failing", "select state from feed where rota = 'duty'");
		expect_fault(town, "left out a part");
		testbed_expect(town->testbed, three_nights, "%s", in_force);
	}
	/* An empty one is held, as an empty calendar is. */
	put_collection(town, "none", 0, "");
	town_refresh(town);
	testbed_expect(town->testbed, "held", "select state from feed where rota = 'duty'");
	testbed_expect(town->testbed, three_nights, "%s", in_force);
}

static void
a_page_is_no_collection(void **state)
{
	struct town *town = *state;

	calendar_of(town->text, 3);
	site_put(&town->site, "/rota/", NULL, town->text);
	apply_source(town, COLLECTION);
	until_state(town, "failing");
	expect_fault(town, "asked by CalDAV");
}

/* --------------------------------------------------------------------------------------- proxies */

static void
restart_with(struct town *town, const char *proxy, const char *login)
{
	/* It would not leave in order before it has begun. */
	testbed_until(town->testbed, "t",
	    "select count(*) > 0 from pg_stat_activity where application_name = 'crisiscover-feeds'");
	roles_end(&town->roles.feeds);
	town->roles.config.feeds_proxy = proxy;
	town->roles.config.feeds_proxy_login = login;
	roles_start_feeds(&town->roles, town->testbed);
}

/* The site is the proxy: nobody else knows where fenmere.example is. */
static void
a_proxy_is_asked_with_the_whole_address(void **state)
{
	static const char source[] =
	    "{\"kind\": \"ical_url\", \"url\": \"http://fenmere.example/duty.ics\"}";
	struct town *town = *state;
	char proxy[64], login[128];
	struct site_page *page;

	snprintf(proxy, sizeof proxy, "http://127.0.0.1:%u", town->site.port);
	snprintf(login, sizeof login, "%s/proxy.login", town->testbed->folder);
	calendar_of(town->text, 3);
	site_put(&town->site, "http://fenmere.example/duty.ics", NULL, town->text);
	page = site_page(&town->site, "http://fenmere.example/duty.ics");
	restart_with(town, proxy, "");
	apply_source(town, source);
	until_state(town, "good");
	testbed_expect(town->testbed, three_nights, "%s", in_force);
	/* A literal address of an inside network is never given to the proxy, and refused. */
	site_put(&town->site, "http://10.0.0.7/duty.ics", NULL, town->text);
	apply_source(town, "{\"kind\": \"ical_url\", \"url\": \"http://10.0.0.7/duty.ics\"}");
	until_state(town, "failing");
	expect_fault(town, "private network");
	assert_int_equal(site_page(&town->site, "http://10.0.0.7/duty.ics")->hits, 0);
	/* None for this feed: then the name is not known. */
	apply_source(town,
	    "{\"kind\": \"ical_url\", \"url\": \"http://fenmere.example/duty.ics\", \"proxy\": \"none\"}");
	testbed_until(town->testbed, "t",
	    "select fault like '%%name could not be found%%' from feed where rota = 'duty'");
	/* What it wants to know is read from the file at each fetch; one that others can read is refused. */
	assert_int_equal(file_replace(login, "rota:sesame\n", 12, 0444), STATUS_OK);
	restart_with(town, proxy, login);
	apply_source(town, source);
	testbed_until(town->testbed, "t",
	    "select fault like '%%feeds_proxy_login%%' from feed where rota = 'duty'");
	chmod(login, 0400);
	town_refresh(town);
	until_state(town, "good");
	assert_int_equal(page->secrets, 0);
}

static void
a_proxy_that_is_down_is_a_fault_of_its_own(void **state)
{
	struct town *town = *state;

	restart_with(town, "http://127.0.0.1:1", "");
	apply_source(
	    town, "{\"kind\": \"ical_url\", \"url\": \"http://fenmere.example/duty.ics\"}");
	until_state(town, "failing");
	expect_fault(town, "The proxy through which");
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, town_begin, town_end)
	const struct CMUnitTest tests[] = {
	    TEST(a_roster_by_address_has_the_guards_of_a_calendar),
	    TEST(prose_is_no_roster),
	    TEST(a_source_may_change_its_format),
	    TEST(a_secret_is_sent_and_a_changed_one_is_tried_at_once),
	    TEST(a_secret_does_not_cross_the_network_in_the_clear),
	    TEST(a_secret_goes_to_no_other_server),
	    TEST(a_secret_of_another_address_is_not_sent),
	    TEST(a_collection_is_asked_for_the_window_when_its_tag_changes),
	    TEST(a_collection_without_a_tag_is_always_read),
	    TEST(what_a_collection_leaves_out_is_no_good_check),
	    TEST(a_page_is_no_collection),
	    TEST(a_proxy_is_asked_with_the_whole_address),
	    TEST(a_proxy_that_is_down_is_a_fault_of_its_own),
	};

	return cmocka_run_group_tests_name("ways to an address", tests, town_setup, town_teardown);
}
