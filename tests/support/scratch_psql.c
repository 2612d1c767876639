/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/support/scratch_private.h"

/* ------------------------------------------------------------------- a psql for one statement */

struct call {
	const char *login, *database, *file;
	const char *input; /* the content of a file named "-" */
	bool both;         /* its stderr is part of the output */
};

static int
psql(const struct scratch_postgres *postgres, const struct call *call, char **output)
{
	const char *argv[] = {SCRATCH_BIN "psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1",
	    "-h", postgres->home.path, "-U", call->login, "-d", call->database, "-f", call->file,
	    NULL};

	return scratch_run(argv, call->input, call->both, output);
}

int
scratch_psql_try(
    const struct scratch_postgres *postgres, const char *login, const char *sql, char **output)
{
	return psql(postgres,
	    &(struct call){
		.login = login, .database = "crisiscover", .file = "-", .input = sql, .both = true},
	    output);
}

char *
scratch_psql_in(const struct scratch_postgres *postgres, const char *database, const char *sql)
{
	const struct call call = {
	    .login = "postgres", .database = database, .file = "-", .input = sql};
	char *output;

	if (psql(postgres, &call, &output) != 0)
		scratch_fail("psql failed on: %s", sql);
	return output;
}

/* ------------------------------------------------------------------------ a psql that stays */

#define MARK "-- scratch: done --"

static void
session_begin(struct scratch_session *session, const char *folder)
{
	const char *argv[] = {SCRATCH_BIN "psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1",
	    "-h", folder, "-U", "postgres", "-d", "crisiscover", "-f", "-", NULL};
	int ends[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
		scratch_fail("could not make a pair of sockets: %s", strerror(errno));
	*session = (struct scratch_session){
	    .pid = scratch_spawn_with(argv, ends[1], ends[1], false), getpid(), ends[0]};
	close(ends[1]);
}

static void
session_say(const struct scratch_session *session, const char *text)
{
	/* One that has ended says so when it is read. */
	(void)!send(session->fd, text, strlen(text), MSG_NOSIGNAL);
}

/* Reads to ${session}'s next mark, and returns what is before it; NULL if the session ended. */
static char *
session_answer(const struct scratch_session *session)
{
	static const char mark[] = MARK "\n";
	size_t len = 0, size = 256, end = sizeof mark - 1;
	char *text = malloc(size);

	while (text != NULL && (len < end || memcmp(text + len - end, mark, end) != 0)) {
		ssize_t more = recv(session->fd, text + len, size - len - 1, 0);

		if (more < 0 && errno == EINTR)
			continue;
		if (more <= 0) {
			free(text);
			return NULL;
		}
		len += (size_t)more;
		if (size - len < 2)
			text = realloc(text, size *= 2);
	}
	if (text == NULL)
		scratch_fail("out of memory");
	for (len -= end; len > 0 && text[len - 1] == '\n';)
		len--;
	text[len] = '\0';
	return text;
}

void
scratch_session_end(struct scratch_session *session)
{
	if (session->pid == 0 || session->owner != getpid())
		return;
	/* A forked child may have the socket open as well: there may be no end of file. */
	session_say(session, "\\q\n");
	close(session->fd);
	scratch_exit_code(session->pid);
	*session = (struct scratch_session){0};
}

/* Runs the file ${path} in the session that stays, and leaves the session as a new one is. NULL: an
 * error, which psql has reported. */
static char *
session_run(struct scratch_postgres *postgres, const char *path)
{
	struct scratch_session *session = &postgres->session;
	char *command = scratch_format("\\i %s\nset client_min_messages = error;\nrollback;\n"
				       "discard all;\n\\echo " MARK "\n",
	    path);
	char *answer;

	if (session->pid == 0)
		session_begin(session, postgres->home.path);
	session_say(session, command);
	answer = session_answer(session);
	free(command);
	return answer;
}

static bool
is_of_another_process(const struct scratch_session *session)
{
	return session->pid != 0 && session->owner != getpid();
}

char *
scratch_psql(struct scratch_postgres *postgres, const char *sql)
{
	size_t len = strlen(sql);
	char *path, *output;
	int fd;

	if (is_of_another_process(&postgres->session))
		return scratch_psql_in(postgres, "crisiscover", sql);
	fd = memfd_create("sql", MFD_CLOEXEC);
	if (fd < 0 || write(fd, sql, len) != (ssize_t)len)
		scratch_fail("could not write SQL to memory: %s", strerror(errno));
	path = scratch_format("/proc/%ld/fd/%d", (long)getpid(), fd);
	output = session_run(postgres, path);
	free(path);
	close(fd);
	if (output == NULL)
		scratch_fail("psql failed on: %s", sql);
	return output;
}

void
scratch_psql_file(struct scratch_postgres *postgres, const char *path)
{
	char *output = session_run(postgres, path);

	if (output == NULL)
		scratch_fail("psql failed on %s", path);
	free(output);
}

struct wanted {
	struct scratch_postgres *postgres;
	const char *sql, *wanted;
	char *last;
};

static bool
prints_wanted(void *ctx)
{
	struct wanted *wanted = ctx;

	free(wanted->last);
	wanted->last = scratch_psql(wanted->postgres, wanted->sql);
	return strcmp(wanted->last, wanted->wanted) == 0;
}

void
scratch_psql_until(
    struct scratch_postgres *postgres, const char *sql, const char *wanted, unsigned seconds)
{
	struct wanted fact = {.postgres = postgres, .sql = sql, .wanted = wanted};
	char *what = scratch_format("\"%s\" printed \"%s\"", sql, wanted);

	scratch_await(what, seconds, NULL, 0, prints_wanted, &fact);
	free(what);
	free(fact.last);
}
