/* SPDX-License-Identifier: MIT */
#include <sys/wait.h>
#include <unistd.h>

#include "tests/unit/server/api/expect.h"

/* A region file over what was changed since, and things that are called otherwise: the statements
 * behind PUT /v1/region against a real database. */

#define REGION(name, more)                                                                         \
	"{\"crisiscover\":1,\"organisations\":[{\"code\":\"O\",\"name\":\"O\",\"kind\":\"other\"}" \
	"],"                                                                                       \
	"\"functions\":[{\"code\":\"f\",\"name\":\"" name "\"}],\"people\":[" more "]}"
#define JO(id, more)                                                                               \
	"{\"id\":\"" id "\",\"name\":\"Jo\",\"organisation\":\"O\",\"roles\":[\"f\"]" more "}"

static struct http_reply
put_region(const char *query, const char *headers, const char *region)
{
	char path[200];

	snprintf(path, sizeof path, "/v1/region?%s", query);
	return http(&(struct http_ask){.port = testbed_port(),
	    .method = "PUT",
	    .path = path,
	    .token = testbed_admin(),
	    .headers = headers,
	    .body = region});
}

/* Puts it in force, and waits until the api has it: a dry run says 503 until then. */
static void
apply(const char *query, const char *region, const char *version)
{
	expect_in(put_region(query, NULL, region), 200, "version", version);
	testbed_until(&(struct http_ask){.port = testbed_port(),
			  .method = "PUT",
			  .path = "/v1/region?dry_run=1",
			  .token = testbed_admin(),
			  .body = region},
	    "version", version);
}

#define ASSERT(what) testbed_sql("do $$ begin assert (%s); end $$", what)

static void
the_tag_is_of_the_version(void **state)
{
	struct http_reply reply;
	char *tag;

	(void)state;
	apply("", REGION("A", ""), "1");
	reply = testbed_get("/v1/region");
	tag = http_header(&reply, "ETag");
	assert_string_equal(tag, "\"region-1\"");
	free(tag);
	http_free(&reply);
	apply("", REGION("B", ""), "2");
	expect_in(put_region("", "If-Match: \"region-1\"\r\n", REGION("C", "")), 412,
	    "errors.0.path", "function:f");
	expect_in(put_region("dry_run=1", "If-Match: \"region-1\"\r\n", REGION("C", "")), 412,
	    "errors.0.detail", "was changed since: name");
	expect_in(put_region("", "If-Match: \"something\"\r\n", REGION("C", "")), 412, "detail",
	    "version 2");
	ASSERT("select count(*) from region) = (select 2");
	expect_in(
	    put_region("", "If-Match: \"region-2\"\r\n", REGION("C", "")), 200, "version", "3");
}

static void
what_was_changed_since_is_refused_kept_or_meant(void **state)
{
	(void)state;
	apply("file=aa", REGION("A", JO("p", "")), "1");
	apply("", REGION("B", JO("p", "")), "2");
	expect_in(put_region("file=aa", NULL, REGION("A", JO("p", ""))), 409, "errors.0.path",
	    "function:f:name");
	expect_in(put_region("file=aa&dry_run=1", NULL, REGION("A", JO("p", ""))), 200,
	    "conflicts.0.fate", "refused");
	expect_in(
	    put_region("file=aa", NULL, REGION("C", "")), 409, "errors.0.path", "function:f:name");
	ASSERT("select count(*) from region) = (select 2");
	/* Kept: the person goes, the name stays, and the file is noted as it was sent. */
	expect_in(
	    put_region("file=aa&keep=1", NULL, REGION("A", "")), 200, "conflicts.0.fate", "kept");
	ASSERT(
	    "select document->'functions'->0->>'name' = 'B' and not document ? 'people' from region_whole where version = 3");
	ASSERT(
	    "select document::jsonb->'functions'->0->>'name' = 'A' and version = 3 from region_file where origin = 'aa'");
	/* Of another origin it is compared with whatever was applied last. */
	expect_in(
	    put_region("file=bb", NULL, REGION("A", "")), 409, "errors.0.path", "function:f:name");
	expect_in(put_region("file=aa&overwrite=function:f:name", NULL, REGION("A", "")), 200,
	    "conflicts.0.fate", "overwritten");
	expect_in(put_region("file=aa", NULL, REGION("A", "")), 200, "conflicts", "[]");
}

/* The number that the next transaction that writes will get. */
static char *
next_transaction(void)
{
	return scratch_psql(testbed_postgres(), "select pg_snapshot_xmax(pg_current_snapshot())");
}

/* A file that is in force already. A key makes no difference: there is nothing that its answer would
 * keep from being done twice. */
static void
what_changes_nothing_writes_nothing(void **state)
{
	static const char *const headers[] = {NULL, "Idempotency-Key: k\r\n"};
	char *before, *after;

	(void)state;
	apply("file=aa", REGION("A", JO("p", "")), "1");
	before = next_transaction();
	for (size_t i = 0; i < 2; i++)
		expect_in(put_region("file=aa", headers[i], REGION("A", JO("p", ""))), 200,
		    "applied", "false");
	after = next_transaction();
	assert_string_equal(after, before);
	free(before);
	free(after);
	/* What it changes is kept with its answer, under the same key. */
	for (size_t i = 0; i < 2; i++)
		expect_in(put_region("file=aa", headers[1], REGION("B", JO("p", ""))), 200,
		    "applied", "true");
	ASSERT("select count(*) from answer_kept) = (select 1");
	ASSERT("select count(*) from region) = (select 2");
}

static void
a_code_that_was_used_is_not_given(void **state)
{
	(void)state;
	apply("", REGION("A", JO("p", "") "," JO("q", "")), "1");
	apply("", REGION("A", JO("p", "")), "2");
	expect_in(put_region("", NULL, REGION("A", JO("q", ",\"renamed_from\":\"p\""))), 422,
	    "detail", "person \"q\" was used before");
	ASSERT("select count(*) from renamed) = (select 0");
	apply("", REGION("A", JO("r", ",\"renamed_from\":\"p\"")), "3");
	ASSERT(
	    "select count(*) from person where id in ('p', 'r') and (retired_at is null) = (id = "
	    "'r')) = (select 2");
	/* And back: it had that code itself. */
	apply("", REGION("A", JO("p", "")), "4");
	ASSERT("select string_agg(was || '>' || code, ' ' order by id) = 'p>r r>p' from renamed");
	ASSERT("select array_agg(c order by c) = '{p,r}' from codes_ever('person', 'p') c");
	ASSERT(
	    "select code_then('person', 'p', min(at) - interval '1 second') = 'p' and code_then('person', 'p', "
	    "min(at)) = 'r' and code_then('person', 'p', max(at)) = 'p' from renamed");
}

/* Overrides, absences and decisions are shown, and nothing else of them can be changed. */
static void
what_was_said_follows_and_stays(void **state)
{
	char *said;

	(void)state;
	apply("", REGION("A", JO("p", "")), "1");
	testbed_sql("select absence_add('p', now() + interval '1 day', now() + interval '2 days', "
		    "'ann')");
	/* A file that would remove him is refused, and the answer says why. */
	expect_in(put_region("dry_run=1", NULL, REGION("A", "")), 200, "effect.said.0.person", "p");
	expect_in(put_region("dry_run=1", NULL, REGION("A", "")), 200, "conflicts", "[]");
	expect_in(put_region("file=aa", NULL, REGION("A", "")), 409, "errors.0.path", "person:p");
	apply("", REGION("A", JO("r", ",\"renamed_from\":\"p\"")), "2");
	ASSERT("select person = 'r' and id = 1 from absence");
	ASSERT(
	    "select count(*) filter (where known_to = 'infinity' and person = 'r') = 1 and count(*) filter (where known_to <> 'infinity' and person = 'p') = 1 and "
	    "count(*) = 2 from shift where class = 'absence'");
	ASSERT(
	    "select max(known_to) filter (where person = 'p') = max(known_from) filter (where person = 'r') from shift");
	assert_int_not_equal(
	    scratch_psql_try(testbed_postgres(), "postgres",
		"set search_path = crisiscover; update absence set person = 'p'", &said),
	    0);
	assert_non_null(strstr(said, "only ever added to"));
	free(said);
	assert_int_not_equal(
	    scratch_psql_try(testbed_postgres(), "postgres",
		"set search_path = crisiscover; update absence set ends_at = ends_at + "
		"interval '1 day'",
		&said),
	    0);
	free(said);
}

/* Someone who applies, and is let through once an absence is there that he has not seen. */
static pid_t
hold_the_region(void)
{
	pid_t pid = fork();

	if (pid != 0)
		return pid;
	free(scratch_psql(testbed_postgres(),
	    "begin; lock table region in share row exclusive mode; do $$ begin for i in 1 .. "
	    "3000 loop exit when exists (select from absence where made_by = 'late'); perform pg_sleep(0.01); end loop; end $$; commit"));
	_exit(0);
}

static pid_t
take_him_out(void)
{
	struct http_reply reply;
	pid_t pid = fork();

	if (pid != 0)
		return pid;
	reply = put_region("file=aa&overwrite=person:p", NULL, REGION("A", ""));
	if (reply.status == 409 && strcmp(http_at(&reply, "errors.0.path"), "person:p") == 0 &&
	    strstr(http_at(&reply, "errors.0.detail"), "absence 2, which late made") != NULL)
		_exit(0);
	fprintf(stderr, "%d %s\n", reply.status, reply.body);
	_exit(1);
}

static void
expect_fine(pid_t pid)
{
	int status;

	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}

#define WAITING(granted)                                                                           \
	"select count(*) from pg_locks where relation = 'region'::regclass and mode = "            \
	"'ShareRowExclusiveLock' and granted = " granted

/* Also where the absence that he has seen is meant to go: another one came while he waited. */
static void
what_is_said_meanwhile_is_not_lost(void **state)
{
	pid_t holder, applier;
	char *answer;

	(void)state;
	apply("", REGION("A", JO("p", "")), "1");
	testbed_sql("select absence_add('p', now() + interval '1 day', now() + interval '2 days', "
		    "'ann')");
	holder = hold_the_region();
	scratch_psql_until(testbed_postgres(), WAITING("true"), "1", 20);
	applier = take_him_out();
	scratch_psql_until(testbed_postgres(), WAITING("false"), "1", 20);
	testbed_sql("select absence_add('p', now() + interval '3 days', now() + interval '4 days', "
		    "'late')");
	expect_fine(holder);
	expect_fine(applier);
	ASSERT("select count(*) from region) = (select 1");
	expect_in(
	    put_region("file=aa&overwrite=person:p", NULL, REGION("A", "")), 200, "version", "2");
	/* And nothing is said of him any more. */
	ASSERT("select count(*) from absence) = (select 2");
	assert_int_not_equal(
	    scratch_psql_try(testbed_postgres(), "postgres",
		"set search_path = crisiscover; select absence_add('p', now(), now() + interval '1 day', 'ann')",
		&answer),
	    0);
	assert_non_null(strstr(answer, "p is no longer in the region"));
	free(answer);
}

/* One version of a slot is one version, whatever its rota and its person were called when. */
static void
a_renaming_corrects_nothing(void **state)
{
	(void)state;
	testbed_sql(
	    "insert into rota (id) values ('x'); insert into person (id) values ('p'), ('q');insert into feed (rota, "
	    "kind) values ('x', 'typed');select setup_keep('{\"crisiscover\":1}', 'ann');"
	    "insert into shift (rota, key, class, person, starts_at, ends_at, known_from) values ('x', 'k', "
	    "'named', 'p', '2020-01-01', '2020-01-02', '2020-01-01')");
	testbed_sql(
	    "select region_rename('rota', 'x', 'y', 'ann'), region_rename('person', 'p', 'r', "
	    "'ann')");
	ASSERT("select count(*) from shift) = (select 3");
	ASSERT("select count(*) = 1 and min(rota) = 'x' and min(person) = 'p' and min(known_to) = "
	       "'infinity' from slots_since('{x}', '2020-01-01 12:00Z', '2020-06-01')");
	/* Somebody else since is a correction. */
	testbed_sql(
	    "update shift set known_to = clock_timestamp() where known_to = 'infinity';insert into shift (rota, key, class, "
	    "person, starts_at, ends_at) values ('y', 'k', 'named', 'q', '2020-01-01', '2020-01-02')");
	ASSERT(
	    "select string_agg(person, ' ' order by known_from) = 'p q' from slots_since('{x}', '2020-01-01 12:00Z', '2020-06-01')");
}

/* What the api checks of two files that are sent at once it has checked against nothing: the database
 * holds the later one against the first. */
static void
no_region_becomes_one_of_practice(void **state)
{
	char *said;

	(void)state;
	testbed_apply();
	assert_int_not_equal(
	    scratch_psql_try(testbed_postgres(), "postgres",
		"set search_path = crisiscover; select setup_write((select head || "
		"'{\"practice\": true}' from region order by version desc limit 1), '{}', 'chief')",
		&said),
	    0);
	assert_non_null(strstr(said, "no other region becomes one"));
	free(said);
}

#define TESTBED(test) cmocka_unit_test_setup_teardown(test, testbed_set_up, testbed_tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TESTBED(the_tag_is_of_the_version),
	    TESTBED(what_was_changed_since_is_refused_kept_or_meant),
	    TESTBED(what_changes_nothing_writes_nothing),
	    TESTBED(a_code_that_was_used_is_not_given),
	    TESTBED(what_was_said_follows_and_stays),
	    TESTBED(what_is_said_meanwhile_is_not_lost),
	    TESTBED(a_renaming_corrects_nothing),
	    TESTBED(no_region_becomes_one_of_practice),
	};

	return cmocka_run_group_tests(tests, testbed_open, testbed_close);
}
