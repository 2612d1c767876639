/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <arpa/inet.h>
#include <cmocka.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "clients/cli/command.h"
#include "clients/cli/pages.h"

/* A list that comes in pages, from a server that gives each answer once and then goes away: a page
 * too many cannot be reached. */

#define ASKED_MAX 4096

struct server {
	pid_t pid;
	int asked; /* the first lines of the requests, one after another */
};

static void
serve(int listener, int asked, const char *const *answers)
{
	for (; *answers != NULL; answers++) {
		char request[ASKED_MAX], reply[ASKED_MAX];
		int conn = accept(listener, NULL, NULL), length;
		size_t len = 0;
		ssize_t got = 1;

		while (got > 0 && (len < 4 || memcmp(request + len - 4, "\r\n\r\n", 4) != 0)) {
			got = read(conn, request + len, sizeof request - len);
			len += got > 0 ? (size_t)got : 0;
		}
		/* "<…>" and a line feed before an answer: its header Link. */
		size_t link = (*answers)[0] == '<' ? strcspn(*answers, "\n") : 0;
		const char *body = *answers + link + (link > 0);

		length = snprintf(reply, sizeof reply,
		    "HTTP/1.1 %s\r\nContent-Type: application/json\r\nLink: %.*s\r\nContent-Length: "
		    "%zu\r\nConnection: close\r\n\r\n%s",
		    strchr("{<a", (*answers)[0]) != NULL ? "200 OK" : "500 Broken", (int)link,
		    *answers, strlen(body), body);
		if (write(asked, request, strcspn(request, "\r")) < 0 ||
		    write(asked, "\n", 1) < 0 || write(conn, reply, (size_t)length) < 0)
			_exit(1);
		close(conn);
	}
	_exit(0);
}

/* Serves ${answers}, up to a NULL, at CRISISCOVER_URL. One that is no object comes with status 500. */
static struct server
server_start(const char *const *answers)
{
	struct sockaddr_in address = {
	    .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t size = sizeof address;
	int listener = socket(AF_INET, SOCK_STREAM, 0), ends[2];
	struct server server;
	char url[64];

	assert_int_equal(bind(listener, (struct sockaddr *)&address, size), 0);
	assert_int_equal(listen(listener, 4), 0);
	assert_int_equal(getsockname(listener, (struct sockaddr *)&address, &size), 0);
	assert_int_equal(pipe(ends), 0);
	server.pid = fork();
	if (server.pid == 0) {
		/* A test that fails does not wait for it. */
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		serve(listener, ends[1], answers);
	}
	close(listener);
	close(ends[1]);
	server.asked = ends[0];
	snprintf(url, sizeof url, "http://127.0.0.1:%d", ntohs(address.sin_port));
	setenv("CRISISCOVER_URL", url, 1);
	return server;
}

/* Once it has given every answer: it has been asked ${wanted}. */
static void
server_end(struct server *server, const char *wanted)
{
	char asked[ASKED_MAX] = "";
	size_t len = 0;
	ssize_t got;
	int status;

	while ((got = read(server->asked, asked + len, sizeof asked - 1 - len)) > 0)
		len += (size_t)got;
	close(server->asked);
	assert_int_equal(waitpid(server->pid, &status, 0), server->pid);
	assert_int_equal(status, 0);
	assert_string_equal(asked, wanted);
}

static char seen[256];

static void
see(const void *ctx, const json_t *answer)
{
	size_t len = strlen(seen);

	snprintf(seen + len, sizeof seen - len, "%s%lld ", (const char *)ctx,
	    (long long)json_integer_value(json_object_get(answer, "n")));
}

static void
every_page_is_asked_for(void **state)
{
	static const char *const answers[] = {"{\"n\":1,\"next_cursor\":\"a/b c\"}",
	    "{\"n\":2,\"next_cursor\":\"d\"}", "{\"n\":3,\"next_cursor\":null}", NULL};
	struct server server = server_start(answers);

	(void)state;
	seen[0] = '\0';
	assert_int_equal(pages_ask("/v1/gaps?limit=1", false, see, "page "), EXIT_FINE);
	assert_string_equal(seen, "page 1 page 2 page 3 ");
	server_end(&server, "GET /v1/gaps?limit=1 HTTP/1.1\n"
			    "GET /v1/gaps?limit=1&cursor=a%2Fb%20c HTTP/1.1\n"
			    "GET /v1/gaps?limit=1&cursor=d HTTP/1.1\n");
}

static void
a_page_that_fails_ends_it(void **state)
{
	static const char *const answers[] = {"{\"n\":1,\"next_cursor\":\"a\"}", "no answer", NULL};
	struct server server = server_start(answers);

	(void)state;
	seen[0] = '\0';
	assert_int_equal(pages_ask("/v1/gaps?limit=1", false, see, "page "), EXIT_SERVER_SAID_NO);
	assert_string_equal(seen, "page 1 ");
	server_end(&server, "GET /v1/gaps?limit=1 HTTP/1.1\n"
			    "GET /v1/gaps?limit=1&cursor=a HTTP/1.1\n");
}

/* One file with one heading: the next page is in the header, and a page that fails ends it. */
static void
csv_comes_as_one_file(void **state)
{
	static const char *const answers[] = {
	    "</v1/gaps?limit=1&format=csv&cursor=x>; rel=\"next\"\na,b\r\n1,\"x\r\ny\"\r\n",
	    "a,b\r\n2,z\r\n", NULL};
	struct server server = server_start(answers);
	char path[] = "/tmp/crisiscover-csv-XXXXXX", got[256] = "";
	int out = mkstemp(path), before = dup(STDOUT_FILENO);

	(void)state;
	fflush(stdout);
	dup2(out, STDOUT_FILENO);
	assert_int_equal(pages_ask_as("/v1/gaps?limit=1", PAGES_CSV, see, "page "), EXIT_FINE);
	fflush(stdout);
	dup2(before, STDOUT_FILENO);
	assert_true(pread(out, got, sizeof got - 1, 0) > 0);
	assert_string_equal(got, "a,b\r\n1,\"x\r\ny\"\r\n2,z\r\n");
	close(out);
	close(before);
	unlink(path);
	server_end(&server, "GET /v1/gaps?limit=1&format=csv HTTP/1.1\n"
			    "GET /v1/gaps?limit=1&format=csv&cursor=x HTTP/1.1\n");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_page_is_asked_for),
	    cmocka_unit_test(a_page_that_fails_ends_it),
	    cmocka_unit_test(csv_comes_as_one_file),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
