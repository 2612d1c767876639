/* SPDX-License-Identifier: MIT */
/*
 * The feeds role and the reader as real processes, against a web site that answers what it is told
 * to: every way in which a source can be good, bad, or look wrong.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tests/unit/server/feeds/town.h"

/* A rota `duty` at /duty.ics and a rota `edt` for files; ${people} more of them, if any. */
static void
apply(struct town *town)
{
	char rotas[1024];

	snprintf(rotas, sizeof rotas,
	    "[{\"id\": \"duty\", \"service\": \"fenmere-amhp\", \"tier\": 1, \"source\": "
	    "{\"kind\": \"ical_url\", \"url\": \"http://127.0.0.1:%u/duty.ics\"}, \"reading\": "
	    "{\"team_names\": [\"AMHP hub\"]}}, {\"id\": \"edt\", \"service\": \"fenmere-amhp\", "
	    "\"tier\": 2, \"source\": {\"kind\": \"file\"}}, {\"id\": \"extra\", \"service\": "
	    "\"fenmere-amhp\", \"tier\": 3, \"source\": {\"kind\": \"typed\"}}]",
	    town->site.port);
	testbed_apply(town->testbed, rotas);
}

/* Three good nights on `duty`. */
static void
have_three_nights(struct town *town, const char *tag)
{
	char *text = town->text;

	calendar_of(text, 3);
	site_put(&town->site, "/duty.ics", tag, text);
	apply(town);
	testbed_until(town->testbed, "good", "select state from feed where rota = 'duty'");
}

static const char in_force[] =
    "select string_agg(class || ':' || coalesce(person, '-'), "
    "' ' order by starts_at) from shift where rota = 'duty' and known_to = 'infinity'";

/* --------------------------------------------------------------------------------- good checks */

static void
brings_a_calendar_into_force(void **state)
{
	struct town *town = *state;

	have_three_nights(town, "v1");
	testbed_expect(
	    town->testbed, "named:jo-jones named:jo-jones named:jo-jones", "%s", in_force);
	testbed_expect(town->testbed, "3|3|t|t|\"v1\"",
	    "select r.events, r.counts->>'named', f.horizon = r.horizon, f.body = r.body, "
	    "f.etag from feed f join reading r on r.id = f.reading where f.rota = 'duty'");
	testbed_expect(town->testbed, "t",
	    "select bool_and(extract(hour from starts_at) = 20 and ends_at - starts_at = "
	    "interval '12 hours') from shift");
	testbed_expect(town->testbed, "duty", "select rota from dirty");
}

static void
asks_whether_it_was_modified(void **state)
{
	struct town *town = *state;
	struct site_page *page;

	have_three_nights(town, "v1");
	page = site_page(&town->site, "/duty.ics");
	testbed_run(town->testbed, "create table was as select * from feed");
	town_refresh(town);
	assert_int_equal(page->hits, 2);
	assert_int_equal(page->conditional, 1);
	testbed_expect(town->testbed, "t|1|3",
	    "select f.last_good_at > w.last_good_at, (select count(*) from reading), (select count(*) from shift) from feed f, "
	    "was w where f.rota = 'duty' and w.rota = 'duty'; drop table was");
	/* Once a day it wants the whole all the same. */
	testbed_run(town->testbed,
	    "update feed set full_at = now() - interval '25 hours' where rota = 'duty'");
	town_refresh(town);
	assert_int_equal(page->hits, 3);
	assert_int_equal(page->conditional, 1);
	testbed_expect(town->testbed, "t|1",
	    "select full_at > now() - interval '1 minute', (select count(*) from reading) from feed where rota = 'duty'");
}

static void
knows_the_same_bytes_and_the_same_meaning(void **state)
{
	struct town *town = *state;

	have_three_nights(town, NULL);
	town_refresh(town);
	testbed_expect(town->testbed, "good|1|1|3",
	    "select state, (select count(*) from reading), (select count(*) from body), "
	    "(select count(*) from shift) from feed where rota = 'duty'");
	/* Other time stamps each time, and not a word of it different. */
	site_page(&town->site, "/duty.ics")->answer = SITE_STAMPED;
	town_refresh(town);
	town_refresh(town);
	testbed_expect(town->testbed, "good|1|1|3|t",
	    "select state, (select count(*) from reading), (select count(*) from body), (select count(*) from shift), "
	    "seen_body <> body from feed where rota = 'duty'");
}

static void
writes_only_what_changed(void **state)
{
	struct town *town = *state;
	char *text = town->text;

	have_three_nights(town, "v1");
	testbed_run(town->testbed, "delete from dirty");
	calendar_begin(text);
	calendar_night(text, "night-1@fenmere", 1, "J Jones", "");
	calendar_night(text, "night-2@fenmere", 2, "S Ahmed", "");
	calendar_night(text, "night-3@fenmere", 3, "J Jones", "");
	calendar_night(text, "night-4@fenmere", 4, "J Jones", "");
	calendar_end(text);
	site_put(&town->site, "/duty.ics", "v2", text);
	town_refresh(town);
	testbed_expect(town->testbed, "named:jo-jones named:s-ahmed named:jo-jones named:jo-jones",
	    "%s", in_force);
	testbed_expect(town->testbed, "5|1|duty",
	    "select (select count(*) from shift), (select count(*) from shift where known_to <> "
	    "'infinity'), (select rota from dirty)");
}

static void
keeps_each_class_as_what_it_is(void **state)
{
	struct town *town = *state;
	char *text = town->text;

	calendar_begin(text);
	calendar_night(text, "1@x", 1, "J Jones", "");
	calendar_night(text, "2@x", 2, "S Ahmed", "STATUS:TENTATIVE\r\n");
	calendar_night(text, "3@x", 3, "AMHP hub", "");
	calendar_night(text, "4@x", 4, "NO COVER", "");
	calendar_night(text, "5@x", 5, "TBC", "");
	calendar_night(text, "6@x", 6, "J Jones", "STATUS:CANCELLED\r\n");
	calendar_night(text, "7@x", 7, "Team meeting", "");
	/* Half understood: it happens then, but by a rule that cannot be. */
	calendar_night(text, "8@x", 8, "J Jones", "RRULE:FREQ=SECONDLY\r\n");
	calendar_end(text);
	site_put(&town->site, "/duty.ics", NULL, text);
	apply(town);
	testbed_until(town->testbed, "good", "select state from feed where rota = 'duty'");
	testbed_expect(town->testbed,
	    "named:jo-jones tentative:s-ahmed team:- nobody:- undecided:-",
	    "select string_agg(class || ':' || coalesce(person, '-'), "
	    "' ' order by starts_at) from shift where class <> 'unreadable'");
	/* Cover is unknown wherever the unreadable one might be. */
	testbed_expect(town->testbed, "t",
	    "select count(*) > 0 and bool_and(key like 'finding/%%') from shift where class = "
	    "'unreadable'");
}

static void
leaves_the_past_of_a_moved_event_alone(void **state)
{
	struct town *town = *state;
	char *text = town->text;

	calendar_begin(text);
	calendar_night(text, "oncall@x", 1, "J Jones", "");
	calendar_end(text);
	site_put(&town->site, "/duty.ics", "v1", text);
	apply(town);
	testbed_until(town->testbed, "good", "select state from feed where rota = 'duty'");
	/* As if that had been last week. */
	testbed_run(town->testbed,
	    "set session_replication_role = replica; update shift set starts_at = starts_at - interval '9 days', "
	    "ends_at = ends_at - interval '9 days'");
	for (int round = 2; round <= 3; round++) {
		char tag[8];

		snprintf(tag, sizeof tag, "v%d", round);
		calendar_begin(text);
		calendar_night(text, "oncall@x", 2, "J Jones", "");
		if (round == 3)
			calendar_night(text, "other@x", 5, "S Ahmed", "");
		calendar_end(text);
		site_put(&town->site, "/duty.ics", tag, text);
		town_refresh(town);
		testbed_expect(town->testbed, round == 2 ? "good|2|2" : "good|3|3",
		    "select state, (select count(*) from shift where known_to = 'infinity'), "
		    "(select count(*) from shift) from feed where rota = 'duty'");
	}
}

/* ------------------------------------------------------------------------------------ bad ones */

static void
tells_in_a_sentence_what_is_wrong(void **state)
{
	static const struct {
		enum site_answer answer;
		const char *says;
	} troubles[] = {
	    {SITE_ERROR, "500"},
	    {SITE_LOGIN, "web page"},
	    {SITE_CUT, ""},
	    {SITE_UNFINISHED, "breaks off"},
	    {SITE_HANG_UP, ""},
	};
	struct town *town = *state;
	struct site_page *page;

	have_three_nights(town, "v1");
	testbed_run(town->testbed, "delete from dirty");
	page = site_page(&town->site, "/duty.ics");
	page->tag[0] = '\0';
	for (size_t i = 0; i < sizeof troubles / sizeof *troubles; i++) {
		page->answer = troubles[i].answer;
		town_refresh(town);
		testbed_expect(town->testbed, "failing|t|t|f",
		    "select state, fault like '%%%s%%', length(fault) > 10, "
		    "fault like '%%127.0.0.1%%' or fault like '%%duty.ics%%' from feed where rota = 'duty'",
		    troubles[i].says);
	}
	testbed_expect(town->testbed, "5|named:jo-jones named:jo-jones named:jo-jones|0|1",
	    "select failures, (%s), (select count(*) from dirty), (select count(*) from reading) from feed where rota = 'duty'",
	    in_force);
	/* And then it is well again. */
	page->answer = SITE_CALENDAR;
	town_refresh(town);
	testbed_expect(town->testbed, "good||0",
	    "select state, fault, failures from feed where rota = 'duty'");
}

static void
follows_no_redirect_into_the_testbed(void **state)
{
	struct town *town = *state;

	site_put(&town->site, "/duty.ics", NULL, "http://10.0.0.1/secret.ics");
	site_page(&town->site, "/duty.ics")->answer = SITE_MOVED;
	apply(town);
	testbed_until(town->testbed, "failing", "select state from feed where rota = 'duty'");
	testbed_expect(town->testbed, "f",
	    "select fault like '%%10.0.0.1%%' or fault like '%%secret%%' from feed where rota = "
	    "'duty'");
}

static void
refuses_what_the_reader_refuses(void **state)
{
	struct town *town = *state;

	have_three_nights(town, "v1");
	/* It looks like a calendar from outside. */
	site_put(&town->site, "/duty.ics", "v2",
	    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:1\r\nEND:VCALENDAR\r\n");
	town_refresh(town);
	testbed_expect(town->testbed, "failing|t|3",
	    "select state, length(fault) > 10, (select count(*) from shift where known_to = "
	    "'infinity') from feed where rota = 'duty'");
	testbed_expect(town->testbed, "0", "select count(*) from reading_attempt");
}

/* ---------------------------------------------------------------------------------------- held */

/* holds: H05.2 */
static void
holds_an_empty_calendar_until_somebody_has_looked(void **state)
{
	struct town *town = *state;
	char *text = town->text;

	have_three_nights(town, "v1");
	calendar_of(text, 0);
	site_put(&town->site, "/duty.ics", "v2", text);
	town_refresh(town);
	testbed_expect(town->testbed, "held|t|named:jo-jones named:jo-jones named:jo-jones",
	    "select state, fault like '%%empty%%', (%s) from feed where rota = 'duty'", in_force);
	testbed_expect(town->testbed, "feed_held", "select kind from flag");
	testbed_expect(town->testbed, "preview|f|3|3",
	    "select i.state, safe, diff->'counts'->>'removed', "
	    "cardinality(superseded) from import i join feed f on f.held_import = i.id");
	/* The server says "not modified" of nothing that was not accepted. */
	town_refresh(town);
	town_refresh(town);
	testbed_expect(town->testbed, "held|1|1",
	    "select state, (select count(*) from flag), (select count(*) from import) from feed where rota = 'duty'");
	/* Somebody has looked. */
	testbed_run(town->testbed, "select import_apply(1, 'ann', 'The team is disbanded')");
	testbed_expect(town->testbed, "good|0",
	    "select state, (select count(*) from shift where known_to = 'infinity') from feed where rota = 'duty'");
	town_refresh(town);
	testbed_expect(town->testbed, "good|2",
	    "select state, (select count(*) from reading) from feed where rota = 'duty'");
}

static void
releases_it_when_the_good_one_is_back(void **state)
{
	struct town *town = *state;
	char *text = town->text;

	have_three_nights(town, "v1");
	calendar_of(text, 0);
	site_put(&town->site, "/duty.ics", "v2", text);
	town_refresh(town);
	testbed_expect(town->testbed, "held", "select state from feed where rota = 'duty'");
	calendar_of(text, 3);
	site_put(&town->site, "/duty.ics", "v1", text);
	town_refresh(town);
	testbed_expect(town->testbed, "good|discarded|1",
	    "select state, (select state from import), (select count(*) from reading r where r.id = feed.reading) from feed where rota = 'duty'");
}

/* ---------------------------------------------------------------------------------- the reader */

/* A reader that dies of everything: it hangs up, and counts. */
static int
start_dying_reader(struct town *town, volatile unsigned *count)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int listener, fd;
	pid_t pid;

	snprintf(address.sun_path, sizeof address.sun_path, "%.90s/reader.sock",
	    town->roles.state_directory);
	listener = socket(AF_UNIX, SOCK_STREAM, 0);
	assert_int_equal(bind(listener, (struct sockaddr *)&address, sizeof address), 0);
	assert_int_equal(listen(listener, 16), 0);
	pid = fork();
	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		while ((fd = accept(listener, NULL, NULL)) >= 0) {
			(*count)++;
			close(fd);
		}
		_exit(1);
	}
	close(listener);
	return pid;
}

/* holds: F18 */
static void
sets_aside_what_kills_the_reader(void **state)
{
	struct town *town = *state;
	volatile unsigned *count =
	    mmap(NULL, sizeof *count, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	char *text = town->text;
	int pid;

	roles_end(&town->roles.reader);
	pid = start_dying_reader(town, count);
	calendar_of(text, 3);
	site_put(&town->site, "/duty.ics", NULL, text);
	apply(town);
	testbed_until(
	    town->testbed, "failing|1", "select state, failures from feed where rota = 'duty'");
	for (int i = 0; i < 4; i++)
		town_refresh(town);
	assert_int_equal(*count, 3);
	testbed_expect(town->testbed, "failing|t",
	    "select state, fault like '%%set aside%%' from feed where rota = 'duty'");
	/* Another body gets its own chance; with a reader that is well it is fine. */
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	roles_start_reader(&town->roles);
	calendar_of(text, 2);
	site_put(&town->site, "/duty.ics", NULL, text);
	town_refresh(town);
	testbed_expect(town->testbed, "good|2",
	    "select state, (select count(*) from shift) from feed where rota = 'duty'");
	munmap((void *)(uintptr_t)count, sizeof *count);
}

/* holds: F1 */
static void
waits_for_a_reader_that_is_away(void **state)
{
	struct town *town = *state;
	char *text = town->text;

	roles_end(&town->roles.reader);
	calendar_of(text, 3);
	site_put(&town->site, "/duty.ics", NULL, text);
	apply(town);
	testbed_until(town->testbed, "1", "select count(*) from reading_attempt");
	roles_start_reader(&town->roles);
	testbed_until(town->testbed, "good|0",
	    "select state, (select count(*) from reading_attempt) from feed where rota = 'duty'");
}

/* --------------------------------------------------------------------------------------- files */

static void
send_file(
    struct town *town, const char *rota, const char *format, const char *mode, const char *text)
{
	testbed_run(town->testbed,
	    "insert into body (sha256, bytes) values (sha256($t$%s$t$::bytea), $t$%s$t$::bytea) on conflict do nothing; "
	    "insert into import (rota, by_account, format, mode, body) values ('%s', 'manager', '%s', '%s', "
	    "sha256($t$%s$t$::bytea)); notify import_changed",
	    text, text, rota, format, mode, text);
}

static void
previews_a_file_and_applies_it_when_confirmed(void **state)
{
	struct town *town = *state;
	char *text = town->text;

	apply(town);
	calendar_begin(text);
	calendar_night(text, "1@x", 1, "J Jones", "");
	calendar_night(text, "2@x", 2, "K Newcomer", "");
	calendar_end(text);
	send_file(town, "edt", "text/calendar", "ask", text);
	testbed_until(town->testbed, "preview", "select state from import");
	testbed_expect(town->testbed, "t|2|added|jo-jones|named|0",
	    "select safe, diff->'counts'->>'added', c->>'kind', c->'after'->>'person', "
	    "c->'after'->>'class', (select count(*) from shift) from import, "
	    "jsonb_path_query(diff, '$.changes[0]') c");
	testbed_expect(town->testbed, "[\"K Newcomer\"]", "select diff->'new_people' from import");
	testbed_run(town->testbed, "select import_apply(1, 'ann', null)");
	testbed_expect(town->testbed, "2|good",
	    "select (select count(*) from shift where known_to = 'infinity'), state from feed where rota = 'edt'");
	/* The next one is compared with it. */
	calendar_begin(text);
	calendar_night(text, "1@x", 1, "S Ahmed", "");
	calendar_night(text, "2@x", 2, "K Newcomer", "");
	calendar_end(text);
	send_file(town, "edt", "text/calendar", "if_safe", text);
	testbed_until(town->testbed, "preview t",
	    "select state || ' ' || case when safe then 't' end from import where id = 2");
	testbed_run(town->testbed, "select import_decide(2, false, 'ann', null, import_read_us(i), "
				   "'{}') from import i where id = 2");
	testbed_expect(town->testbed, "1|s-ahmed",
	    "select diff->'counts'->>'person_changed', (select person from shift where known_to = "
	    "'infinity' and person is not null) from import where id = 2");
}

static void
holds_back_a_file_that_is_not_safe(void **state)
{
	struct town *town = *state;
	char *text = town->text;

	apply(town);
	calendar_of(text, 8);
	send_file(town, "edt", "text/calendar", "now", text);
	testbed_until(town->testbed, "applied", "select state from import where id = 1");
	calendar_of(text, 2);
	send_file(town, "edt", "text/calendar", "if_safe", text);
	testbed_until(town->testbed, "preview", "select state from import where id = 2");
	testbed_expect(town->testbed, "f|t|8",
	    "select safe, why like '%%more than a quarter%%', (select count(*) from shift where known_to = 'infinity') from import where id = 2");
}

static void
refuses_files_that_are_none(void **state)
{
	struct town *town = *state;

	apply(town);
	send_file(town, "edt", "text/calendar", "ask", "%PDF-1.7 rota");
	send_file(town, "extra", "text/calendar", "ask", "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n");
	send_file(town, "edt", "text/calendar", "ask",
	    "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nEND:VCALENDAR\r\n");
	testbed_until(town->testbed, "3", "select count(*) from import where state = 'refused'");
	testbed_expect(town->testbed, "t|t|t",
	    "select (select why like '%%PDF%%' from import where id = 1), "
	    "(select why like '%%typed in%%' from import where id = 2), "
	    "(select jsonb_array_length(r.findings) > 0 from import i join reading r on r.id = i.reading where i.id = 3)");
}

static void
reads_a_roster(void **state)
{
	struct town *town = *state;
	time_t tomorrow = time(NULL) + 86400;
	char text[512], date[16];

	apply(town);
	strftime(date, sizeof date, "%Y-%m-%d", gmtime(&tomorrow)); /* the same in any order */
	snprintf(text, sizeof text,
	    "Staff Name,Date,Start,End,Status\r\n\"Jones, J\",%s,20:00,08:00,Filled\r\n,%s,08:00,"
	    "20:00,Unfilled\r\n",
	    date, date);
	send_file(town, "edt", "text/csv", "now", text);
	testbed_until(town->testbed, "applied", "select state from import");
	testbed_expect(town->testbed, "nobody named|text/csv",
	    "select string_agg(class, ' ' order by starts_at), (select format from feed where rota = 'edt') from shift");
}

/* Two hundred days of half-hours, larger than any rota, through every door; and then once more. */
static void
reads_ten_thousand_events(void **state)
{
	static const char sent[] =
	    "with text as (select 'BEGIN:VCALENDAR' || e'\\r\\n"
	    "VERSION:2.0\\r\\n"
	    "PRODID:%d\\r\\n"
	    "' || string_agg(format(e'BEGIN:VEVENT\\r\\n"
	    "UID:%%s@x\\r\\n"
	    "DTSTAMP:20260101T000000Z\\r\\n"
	    "DTSTART:%%s\\r\\n"
	    "DTEND:%%s\\r\\n"
	    "SUMMARY:J Jones\\r\\n"
	    "END:VEVENT\\r\\n"
	    "', n, to_char(t, 'YYYYMMDD\"T\"HH24MISS\"Z\"'), to_char(t + interval '30 minutes', 'YYYYMMDD\"T\"HH24MISS\"Z\"')), "
	    "'' order by n) || e'END:VCALENDAR\\r\\n"
	    "' as body from (select n, date_trunc('day', now()) + n * interval '30 minutes' as t from generate_series(1, "
	    "10000) n) x), kept as (insert into body (sha256, bytes) select sha256(convert_to(body, 'utf8')), convert_to(body, "
	    "'utf8') from text returning sha256) insert into import (rota, by_account, format, mode, body) select 'edt', 'm', "
	    "'text/calendar', 'now', sha256 from kept; notify import_changed";
	struct town *town = *state;

	apply(town);
	for (int round = 1; round <= 2; round++) {
		testbed_run(town->testbed, sent, round);
		testbed_until(
		    town->testbed, "applied", "select state from import where id = %d", round);
		testbed_expect(town->testbed, "10000|10000",
		    "select count(*), count(*) filter (where class = 'named') from shift");
	}
}

/* -------------------------------------------------------------------------------- reading again */

static void
reads_a_file_again_when_the_set_up_changes(void **state)
{
	struct town *town = *state;
	char *text = town->text;

	apply(town);
	calendar_begin(text);
	calendar_night(text, "1@x", 1, "Night hub", "");
	calendar_end(text);
	send_file(town, "edt", "text/calendar", "now", text);
	testbed_until(
	    town->testbed, "undecided", "select class from shift where known_to = 'infinity'");
	testbed_apply(town->testbed,
	    "[{\"id\": \"edt\", \"service\": \"fenmere-amhp\", \"tier\": 2, \"source\": {\"kind\": "
	    "\"file\"}, \"reading\": {\"team_names\": [\"Night hub\"]}}]");
	testbed_until(town->testbed, "team", "select class from shift where known_to = 'infinity'");
	testbed_expect(town->testbed, "2|1|t|infinity",
	    "select (select count(*) from reading), (select count(*) from body), claim is null, "
	    "next_at from feed where rota = 'edt'");
}

/* A decision has the stored calendar read again; before that is done, somebody confirms another
 * one. The old one must not come back over it. */
static void
a_stored_body_read_again_gives_way_to_one_confirmed_meanwhile(void **state)
{
	struct town *town = *state;
	char *text = town->text;

	apply(town);
	calendar_begin(text);
	calendar_night(text, "1@x", 1, "J Jones", "");
	calendar_night(text, "2@x", 2, "Zed", "");
	calendar_end(text);
	send_file(town, "edt", "text/calendar", "now", text);
	testbed_until(town->testbed, "applied", "select state from import where id = 1");
	calendar_begin(text);
	calendar_night(text, "3@x", 3, "S Ahmed", "");
	calendar_end(text);
	send_file(town, "edt", "text/calendar", "ask", text);
	testbed_until(town->testbed, "preview", "select state from import where id = 2");
	kill(town->roles.reader, SIGSTOP);
	testbed_run(town->testbed,
	    "update feed set refresh_asked_at = now(), read_with = 'x' where rota = 'edt'; notify refresh_asked");
	testbed_until(town->testbed, "t|1",
	    "select claim is not null, (select count(*) from reading_attempt) from feed where rota = 'edt'");
	testbed_run(town->testbed, "select import_apply(2, 'ann', 'It is the newer one.')");
	kill(town->roles.reader, SIGCONT);
	testbed_until(town->testbed, "t|0",
	    "select claim is null, (select count(*) from reading_attempt) from feed where rota = "
	    "'edt'");
	testbed_expect(town->testbed, "s-ahmed|t",
	    "select (select string_agg(person, ' ') from shift where known_to = 'infinity' and rota = 'edt'), "
	    "f.body = i.body from feed f, import i where f.rota = 'edt' and i.id = 2");
}

/* ------------------------------------------------------------------------- several, and no
 * database */

static void
shares_the_work(void **state)
{
	struct town *town = *state;
	struct roles second = town->roles;
	char rotas[2048] = "[", *text = town->text, path[32];

	second.feeds = 0;
	roles_start_feeds(&second, town->testbed);
	calendar_of(text, 2);
	for (int i = 0; i < SITE_PAGES; i++) {
		snprintf(path, sizeof path, "/r%d.ics", i);
		site_put(&town->site, path, NULL, text);
		snprintf(rotas + strlen(rotas), sizeof rotas - strlen(rotas),
		    "%s{\"id\": \"r%d\", \"service\": \"fenmere-amhp\", \"tier\": 1, \"source\": "
		    "{\"kind\": \"ical_url\", \"url\": \"http://127.0.0.1:%u%s\"}}",
		    i == 0 ? "" : ", ", i, town->site.port, path);
	}
	strcat(rotas, "]");
	testbed_apply(town->testbed, rotas);
	testbed_until(town->testbed, "8", "select count(*) from feed where state = 'good'");
	for (int i = 0; i < SITE_PAGES; i++)
		assert_int_equal(town->site.pages[i].hits, 1);
	testbed_expect(town->testbed, "16", "select count(*) from shift");
	roles_end(&second.feeds);
}

static void
goes_on_when_the_database_is_back(void **state)
{
	struct town *town = *state;
	char *text = town->text;

	have_three_nights(town, "v1");
	scratch_postgres_restart(town->testbed->pg);
	calendar_of(text, 4);
	site_put(&town->site, "/duty.ics", "v2", text);
	town_refresh(town);
	testbed_expect(town->testbed, "good|4",
	    "select state, (select count(*) from shift) from feed where rota = 'duty'");
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, town_begin, town_end)
	const struct CMUnitTest tests[] = {
	    TEST(brings_a_calendar_into_force),
	    TEST(asks_whether_it_was_modified),
	    TEST(knows_the_same_bytes_and_the_same_meaning),
	    TEST(writes_only_what_changed),
	    TEST(keeps_each_class_as_what_it_is),
	    TEST(leaves_the_past_of_a_moved_event_alone),
	    TEST(tells_in_a_sentence_what_is_wrong),
	    TEST(follows_no_redirect_into_the_testbed),
	    TEST(refuses_what_the_reader_refuses),
	    TEST(holds_an_empty_calendar_until_somebody_has_looked),
	    TEST(releases_it_when_the_good_one_is_back),
	    TEST(sets_aside_what_kills_the_reader),
	    TEST(waits_for_a_reader_that_is_away),
	    TEST(previews_a_file_and_applies_it_when_confirmed),
	    TEST(holds_back_a_file_that_is_not_safe),
	    TEST(refuses_files_that_are_none),
	    TEST(reads_a_roster),
	    TEST(reads_ten_thousand_events),
	    TEST(reads_a_file_again_when_the_set_up_changes),
	    TEST(a_stored_body_read_again_gives_way_to_one_confirmed_meanwhile),
	    TEST(shares_the_work),
	    TEST(goes_on_when_the_database_is_back),
	};

	return cmocka_run_group_tests(tests, town_setup, town_teardown);
}
