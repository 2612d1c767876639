/* SPDX-License-Identifier: MIT */
#include "tests/unit/server/api/expect.h"

struct http_reply
ask_as(const char *method, const char *token, const char *path, const char *body)
{
	return http(&(struct http_ask){
	    .port = testbed_port(), .method = method, .path = path, .token = token, .body = body});
}

void
expect(struct http_reply reply, int status, const char *where, const char *wanted)
{
	if (reply.status != status ||
	    (where != NULL && strcmp(http_at(&reply, where), wanted) != 0))
		fail_msg("%d (not %d), %s is %s, not %s\n%s", reply.status, status,
		    where ? where : "-", where ? http_at(&reply, where) : "-",
		    wanted ? wanted : "-", reply.body);
	http_free(&reply);
}

void
expect_in(struct http_reply reply, int status, const char *where, const char *words)
{
	if (reply.status != status ||
	    (where != NULL && strstr(http_at(&reply, where), words) == NULL))
		fail_msg("%d (not %d), %s is %s, without \"%s\"\n%s", reply.status, status,
		    where ? where : "-", where ? http_at(&reply, where) : "-", words ? words : "-",
		    reply.body);
	http_free(&reply);
}

void
expect_words(struct http_reply reply, int status, const char *words)
{
	if (reply.status != status || strstr(reply.body, words) == NULL)
		fail_msg(
		    "%d (not %d), without \"%s\":\n%s", reply.status, status, words, reply.body);
	http_free(&reply);
}

void
expect_sql(const char *sql, const char *wanted)
{
	char *said = scratch_psql(testbed_postgres(), sql);

	if (strcmp(said, wanted) != 0)
		fail_msg("%s\nis %s, not %s", sql, said, wanted);
	free(said);
}

void
put(const char *path, const char *body)
{
	struct http_reply reply = http(&(struct http_ask){.port = testbed_port(),
	    .method = "PUT",
	    .path = path,
	    .token = testbed_admin(),
	    .headers = "If-None-Match: *\r\n",
	    .body = body});

	if (reply.status != 200 && reply.status != 201)
		fail_msg("%s: %d %s", path, reply.status, reply.body);
	http_free(&reply);
}
