/* SPDX-License-Identifier: MIT */
#include <curl/curl.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "server/base/fatal.h"
#include "server/post/mail_send.h"
#include "server/post/mime.h"
#include "server/post/post_private.h"

/*
 * E-mail. Each is sent by a child process, because libcurl (7.88) waits within its own call for the reply to a message and for that to QUIT, where a
 * server that stalls would hold up the loop (lib/smtp.c, smtp_done, smtp_disconnect). So the password is never in the memory of the role, either.
 */

/* Exchange Online takes three connections of one sender at once. */
#define MAIL_AT_ONCE 3
/* After which a child that has not told an outcome is ended, beyond its own limit. */
#define MAIL_GRACE_MS 2000

struct mail_child {
	struct post *post;
	LIST_ENTRY(mail_child) entry;
	struct post_sending *sending; /* NULL: its outcome was told, or nobody wants it */
	pid_t pid;
	int from; /* what it tells */
	struct loop_watch *watch;
	struct loop_timer *limit;
	struct mail_end end;
	size_t got; /* bytes of ${end} */
};

static bool
is_server_url(const char *text)
{
	CURLU *url = curl_url();
	char *host = NULL, *path = NULL, *user = NULL;
	bool good =
	    (strncmp(text, "smtp://", 7) == 0 || strncmp(text, "smtps://", 8) == 0) &&
	    url != NULL && curl_url_set(url, CURLUPART_URL, text, 0) == CURLUE_OK &&
	    curl_url_get(url, CURLUPART_HOST, &host, 0) == CURLUE_OK &&
	    curl_url_get(url, CURLUPART_PATH, &path, 0) == CURLUE_OK && strcmp(path, "/") == 0 &&
	    curl_url_get(url, CURLUPART_USER, &user, 0) != CURLUE_OK && strpbrk(text, "?#") == NULL;

	curl_free(host);
	curl_free(path);
	curl_free(user);
	curl_url_cleanup(url);
	return good;
}

/* The server is greeted with the sender's domain: a name that is well-formed, and says nothing of this machine. */
bool
mail_open(struct post *post, char reason[POST_REASON_MAX])
{
	const struct config *config = post->config;

	if (*config->mail_server == '\0')
		return true;
	if (!is_server_url(config->mail_server)) {
		snprintf(reason, POST_REASON_MAX,
		    "mail_server: smtp://host:port or smtps://host:port is wanted, and nothing else in it");
		return false;
	}
	if (!mime_is_address(config->mail_from)) {
		snprintf(reason, POST_REASON_MAX,
		    "mail_from: an e-mail address is wanted, name@host, if there is a mail_server");
		return false;
	}
	INVARIANT(curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK);
	post->mail_url = xasprintf("%s%s%s", config->mail_server,
	    config->mail_server[strlen(config->mail_server) - 1] == '/' ? "" : "/",
	    mime_domain(config->mail_from));
	return true;
}

/* Ends the process, wherever it is in its work, and frees what is known of it. */
static void
end_child(struct mail_child *child)
{
	LIST_REMOVE(child, entry);
	loop_watch_cancel(child->watch);
	loop_timer_cancel(child->limit);
	close(child->from);
	kill(child->pid, SIGKILL);
	while (waitpid(child->pid, NULL, 0) < 0 && errno == EINTR)
		;
	child->post->mail_at_once--;
	free(child);
}

static void start_waiting(struct post *post);

/* Hands on the outcome, once. The child stays in the list until its process ends: it may still be taking leave of the server. */
static void
answer(struct mail_child *child, const struct post_outcome *outcome)
{
	struct post_sending *sending = child->sending;

	if (sending == NULL)
		return;
	child->sending = NULL;
	sending->child = NULL;
	post_finish(sending, outcome);
}

/* A child that told nothing. The callback comes last, because it may free the post and all its children. */
static void
end_without_outcome(struct mail_child *child, const char *why)
{
	struct post_outcome outcome = {.end = POST_LATER, .of_channel = true, .text = why};
	struct post *post = child->post;
	struct post_sending *sending = child->sending;

	if (sending != NULL)
		sending->child = NULL;
	end_child(child);
	start_waiting(post);
	if (sending != NULL)
		post_finish(sending, &outcome);
}

static void
on_told(void *ctx, int what)
{
	struct mail_child *child = ctx;
	struct post_outcome outcome = {0};
	ssize_t len =
	    read(child->from, (char *)&child->end + child->got, sizeof child->end - child->got);

	(void)what;
	if (len < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (len <= 0) {
		end_without_outcome(child, "What sends e-mail ended before it had an answer.");
		return;
	}
	child->got += (size_t)len;
	if (child->got < sizeof child->end)
		return;
	child->end.text[sizeof child->end.text - 1] = '\0';
	outcome.end = child->end.end;
	outcome.of_channel = child->end.of_channel;
	outcome.text = child->end.text;
	answer(child, &outcome);
}

static void
on_limit(void *ctx)
{
	struct mail_child *child = ctx;

	child->limit = NULL;
	end_without_outcome(child, "The mail server did not answer in time.");
}

/* The process that sends one message. Signals do what they do by default, not what the loop of the parent made of them; it is killed when the parent ends. */
static _Noreturn void
be_child(struct post_sending *sending, int out)
{
	static const int signals[] = {SIGTERM, SIGINT, SIGHUP, SIGQUIT, SIGUSR1, SIGUSR2, SIGCHLD};
	struct mail_letter letter = {.config = sending->post->config,
	    .url = sending->post->mail_url,
	    .to = sending->to,
	    .bytes = {sending->bytes.at, sending->bytes.len}};

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (size_t i = 0; i < sizeof signals / sizeof *signals; i++)
		signal(signals[i], SIG_DFL);
	signal(SIGPIPE, SIG_IGN);
	mail_send(&letter, out);
	_exit(0);
}

static void
start_child(struct post_sending *sending)
{
	struct post *post = sending->post;
	struct mail_child *child;
	int ends[2];
	pid_t pid = -1;

	if (pipe2(ends, O_CLOEXEC) == 0) {
		pid = fork();
		if (pid == 0)
			be_child(sending, ends[1]);
		close(ends[1]);
		if (pid < 0)
			close(ends[0]);
	}
	if (pid < 0) {
		post_finish_soon(sending, POST_LATER, true,
		    "This machine has no process or descriptor to spare for sending e-mail.");
		return;
	}
	INVARIANT(fcntl(ends[0], F_SETFL, O_NONBLOCK) == 0);
	child = xcalloc(1, sizeof *child);
	*child = (struct mail_child){.post = post, .sending = sending, .pid = pid, .from = ends[0]};
	child->watch = loop_watch(post->loop, child->from, LOOP_READ, on_told, child);
	child->limit = loop_after(
	    post->loop, post->config->messages_seconds * 1000 + MAIL_GRACE_MS, on_limit, child);
	LIST_INSERT_HEAD(&post->mail_children, child, entry);
	sending->child = child;
	post->mail_at_once++;
}

static void
start_waiting(struct post *post)
{
	struct post_sending *sending;

	while (post->mail_at_once < MAIL_AT_ONCE &&
	       (sending = TAILQ_FIRST(&post->mail_waits)) != NULL) {
		TAILQ_REMOVE(&post->mail_waits, sending, waiting);
		sending->queued = false;
		start_child(sending);
	}
}

void
mail_start(struct post_sending *sending)
{
	TAILQ_INSERT_TAIL(&sending->post->mail_waits, sending, waiting);
	sending->queued = true;
	start_waiting(sending->post);
}

/* Does not start the message that waits next: post_free() gives up all of them here, one after the other. */
void
mail_give_up(struct post_sending *sending)
{
	if (sending->queued)
		TAILQ_REMOVE(&sending->post->mail_waits, sending, waiting);
	sending->queued = false;
	if (sending->child != NULL)
		sending->child->sending = NULL;
	sending->child = NULL;
}

void
mail_close(struct post *post)
{
	struct mail_child *child;

	while ((child = LIST_FIRST(&post->mail_children)) != NULL)
		end_child(child);
	if (post->mail_url != NULL)
		curl_global_cleanup();
	free(post->mail_url);
}
