/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "server/base/fatal.h"
#include "server/base/file.h"
#include "server/loop/loop.h"
#include "server/post/post.h"

/* A mail server (tests/support/smtp_server.py) or a receiver of webhooks (hook_server.py) in a folder of its own, what is sent to it, and what came of it. */

#define SENT_PATIENCE_MS 120000

/* The settings of which nothing is sent. */
static const struct config no_channel = {.mail_server = "",
    .mail_from = "",
    .mail_login = "",
    .mail_ca = "",
    .mail_plain = "never",
    .webhook_hosts = "",
    .webhook_allow = "",
    .webhook_secret = "",
    .sms_gateway = "",
    .sms_secret = "",
    .sms_parts = 2,
    .messages_proxy = "",
    .messages_proxy_login = "",
    .messages_no_proxy = "",
    .messages_ca = "",
    .messages_seconds = 30};

struct test_server {
	char folder[64];
	char url[64];
	pid_t pid;
	int in; /* it ends with this */
};

static inline void
test_server_start(struct test_server *server, const char *program, const char *const *more)
{
	const char *argv[12] = {"python3", "-B", program, server->folder};
	int in[2], out[2];
	char port[16] = "";
	bool smtps = false, tls = false;

	for (size_t i = 0; more[i] != NULL; i++) {
		argv[4 + i] = more[i];
		smtps |= strcmp(more[i], "smtps") == 0;
		tls |= strcmp(more[i], "--tls") == 0;
	}
	snprintf(server->folder, sizeof server->folder, "/tmp/cc-post-XXXXXX");
	assert_non_null(mkdtemp(server->folder));
	assert_int_equal(pipe(in), 0);
	assert_int_equal(pipe(out), 0);
	server->pid = fork();
	if (server->pid == 0) {
		dup2(in[0], 0);
		dup2(out[1], 1);
		close(in[1]);
		close(out[0]);
		execv("/usr/bin/python3", (char *const *)(const void *)argv);
		_exit(127);
	}
	close(in[0]);
	close(out[1]);
	server->in = in[1];
	for (size_t len = 0; len < sizeof port - 1; len++) {
		assert_int_equal(read(out[0], &port[len], 1), 1);
		if (port[len] == '\n')
			break;
	}
	close(out[0]);
	snprintf(server->url, sizeof server->url, "%s://%s:%d", smtps ? "smtps" : "smtp",
	    tls ? "localhost" : "127.0.0.1", atoi(port));
}

static inline void
test_server_stop(struct test_server *server)
{
	char command[128];

	close(server->in);
	assert_int_equal(waitpid(server->pid, NULL, 0), server->pid);
	snprintf(command, sizeof command, "rm -r %s", server->folder);
	assert_int_equal(system(command), 0);
}

/* The message or request that it has taken as ${number}, a file that ends with ${ending}; free(). NULL: there is none. */
static inline char *
test_server_took(const struct test_server *server, int number, const char *ending)
{
	char path[128], *bytes;
	size_t len;

	snprintf(path, sizeof path, "%s/%d.%s", server->folder, number, ending);
	return file_read(path, 1 << 20, &bytes, &len) == STATUS_OK ? bytes : NULL;
}

struct came {
	struct loop *loop;
	int count, wanted;
	struct post_outcome outcome; /* the last */
	char text[POST_REASON_MAX];
};

static inline void
on_came(void *ctx, const struct post_outcome *outcome)
{
	struct came *came = ctx;

	came->outcome = *outcome;
	snprintf(came->text, sizeof came->text, "%s", outcome->text);
	came->outcome.text = came->text;
	if (++came->count == came->wanted)
		loop_stop(came->loop);
}

static inline void
on_no_patience(void *ctx)
{
	(void)ctx;
	fatal("no outcome came");
}

/* Runs until ${wanted} outcomes have come. */
static inline void
await(struct came *came, int wanted)
{
	struct loop_timer *limit = loop_after(came->loop, SENT_PATIENCE_MS, on_no_patience, NULL);

	came->wanted = wanted;
	if (came->count < wanted)
		loop_run(came->loop);
	loop_timer_cancel(limit);
}
