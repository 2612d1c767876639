/* SPDX-License-Identifier: MIT */
#include "clients/cli/server.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "clients/cli/command.h"
#include "server/base/fatal.h"
#include "server/base/file.h"
#include "server/base/text.h"
#include "server/loop/loop.h"
#include "server/web/client.h"

enum { SETTINGS_MAX = 65536, ANSWER_MAX = 64 << 20, PAUSE_MS = 200 };

/* Keeps a setting that was read from the file. Each has a place of its own, since a command may
 * use several at a time (url, token, redis). */
static const char *
keep_setting(const char *key, const char *value)
{
	static struct {
		char key[32], value[1024];
	} kept[8];

	for (size_t i = 0; i < sizeof kept / sizeof *kept; i++)
		if (kept[i].key[0] == '\0' || strcmp(kept[i].key, key) == 0) {
			snprintf(kept[i].key, sizeof kept[i].key, "%s", key);
			snprintf(kept[i].value, sizeof kept[i].value, "%s", value);
			return kept[i].value;
		}
	/* More settings than places: our own are three, so this one is not kept. */
	return NULL;
}

static const char *
setting_from_file(const char *key)
{
	const char *home = getenv("HOME"), *value = NULL;
	struct buf path = {0};
	char *text, *line, *rest = NULL;
	size_t len, width = strlen(key);

	/* Without a home there is no file, as in a cron job; the environment is used. */
	if (home == NULL)
		return NULL;
	buf_printf(&path, "%s/.config/crisiscover", home);
	if (file_read(path.at, SETTINGS_MAX, &text, &len) != STATUS_OK) {
		buf_free(&path);
		return NULL;
	}
	for (line = strtok_r(text, "\r\n", &rest); line != NULL && value == NULL;
	     line = strtok_r(NULL, "\r\n", &rest))
		/* The first line counts; "=" directly after the key, so that "url" does not match
		 * "url2". */
		if (strncmp(line, key, width) == 0 && line[width] == '=')
			value = keep_setting(key, line + width + 1);
	free(text);
	buf_free(&path);
	return value;
}

const char *
server_setting(const char *variable, const char *key)
{
	const char *value = getenv(variable);

	/* The environment wins, for a single call. A token in the file is in no process list and no
	 * history of a shell. */
	return value != NULL && *value != '\0' ? value : setting_from_file(key);
}

/* An exchange that is in progress. */
struct waiting {
	struct loop *loop;
	struct server_answer *answer;
	enum status st;
	char sentence[256];
	int64_t retry_after; /* seconds; 0: the answer does not say */
};

static void
on_answered(void *ctx, enum status st, const struct web_got *got)
{
	struct waiting *waiting = ctx;
	struct server_answer *answer = waiting->answer;

	waiting->st = st;
	/* The loop runs for this exchange alone. */
	loop_stop(waiting->loop);
	if (st != STATUS_OK) {
		web_got_sentence(got, waiting->sentence, sizeof waiting->sentence);
		return;
	}
	answer->status = got->status;
	waiting->retry_after = 0;
	(void)!text_int(got->retry_after, 1, INT32_MAX, &waiting->retry_after);
	/* Not as a string: a file may have zeros in it. */
	answer->text = xcalloc(1, got->body.len + 1);
	answer->length = got->body.len;
	if (got->body.len > 0)
		memcpy(answer->text, got->body.at, got->body.len);
	answer->link = got->link.len > 0 ? strndup(got->link.at, got->link.len) : NULL;
	/* NULL if it is no JSON; callers then find every member missing. */
	answer->json = json_loadb(got->body.at, got->body.len, JSON_REJECT_DUPLICATES, NULL);
}

static void
print_faults(const char *heading, const json_t *faults)
{
	size_t i;
	json_t *fault;

	json_array_foreach(faults, i, fault)
	{
		const char *path = json_string_value(json_object_get(fault, "path"));
		const char *what = json_string_value(json_object_get(fault, "detail"));

		fprintf(stderr, "%s%s: %s\n", heading, path != NULL ? path : "?",
		    what != NULL ? what : "?");
	}
}

/* RFC 9457: title, detail, then each fault with its place. */
static void
print_problem(const struct server_answer *answer)
{
	const char *title = json_string_value(json_object_get(answer->json, "title"));
	const char *detail = json_string_value(json_object_get(answer->json, "detail"));

	/* Standard error, so that a program that reads the answer is not given a sentence
	 * instead. */
	fprintf(stderr, "crisiscover: the server said no (%u): %s\n", answer->status,
	    detail != NULL  ? detail
	    : title != NULL ? title
			    : "no reason given");
	print_faults("  ", json_object_get(answer->json, "errors"));
}

/* The exit code for the answer, after printing what is wrong. */
static int
judge(const struct waiting *waiting)
{
	static bool told;

	/* On stderr, so that what a program reads from stdout stays as it is; JSON has the member.
	 */
	if (!told && json_is_true(json_object_get(waiting->answer->json, "practice"))) {
		fputs("PRACTICE REGION: nothing here is real cover.\n", stderr);
		told = true;
	}
	if (waiting->st != STATUS_OK) {
		fprintf(stderr, "crisiscover: the server was not reached. %s\n", waiting->sentence);
		return EXIT_NOT_REACHED;
	}
	/* What was typed was taken, and may be better changed. */
	print_faults("crisiscover: ", json_object_get(waiting->answer->json, "text_warnings"));
	if (waiting->answer->status / 100 == 2)
		return EXIT_FINE;
	print_problem(waiting->answer);
	return EXIT_SERVER_SAID_NO;
}

#define KEY_BYTES 16

/* A new idempotency key for each change, so that it is made once however often it has to be
 * asked for. NULL: the request changes nothing. */
static const char *
new_key(const struct server_ask *ask, char out[KEY_BYTES * 2 + 1])
{
	uint8_t bytes[KEY_BYTES];

	if (ask->method == NULL || strcmp(ask->method, "GET") == 0)
		return NULL;
	randombytes_buf(bytes, sizeof bytes);
	text_hex(bytes, sizeof bytes, out);
	return out;
}

static void
ask_once(const struct server_ask *ask, const char *url, const char *key, struct waiting *waiting)
{
	/* The address comes from the person at the keyboard, not from a feed: it may be of a
	 * private network. */
	struct web_client_options options = {.allow_any = true};
	struct buf address = {0}, authorization = {0};
	const char *token = server_setting("CRISISCOVER_TOKEN", "token"), *reason;
	struct web_client *client;

	buf_printf(&address, "%s%s", url, ask->path);
	if (token != NULL)
		buf_printf(&authorization, "Bearer %s", token);
	/* A loop for one exchange: commands ask rarely, and need nothing else meanwhile. */
	waiting->loop = loop_new();
	client = web_client_open(waiting->loop, &options, &reason);
	web_fetch(client,
	    &(struct web_get){.method = ask->method,
		.url = address.at,
		.authorization = authorization.at,
		.if_match = ask->if_match,
		.idempotency_key = key,
		.content_type = ask->type,
		.body = ask->body,
		.max_bytes = ANSWER_MAX,
		.limit_ms = ask->limit_ms},
	    on_answered, waiting);
	loop_run(waiting->loop);
	web_client_close(client);
	loop_free(waiting->loop);
	buf_free(&address);
	buf_free(&authorization);
}

/* Whether the same request may have another answer in a moment. */
static bool
may_change_soon(const struct waiting *waiting)
{
	return waiting->st == STATUS_OK &&
	       /* 404 too: a rota that was applied a moment ago may not be in the api's map yet. */
	       (waiting->answer->status == 404 || waiting->answer->status == 503);
}

/* Whether a change may have been made without a confirmation: no answer came, or the server does
 * not know. */
static bool
may_not_be_known(const struct waiting *waiting)
{
	return waiting->st != STATUS_OK || waiting->answer->status == 503;
}

static void
ask_again(const struct server_ask *ask, const char *url, const char *key, struct waiting *waiting)
{
	server_answer_free(waiting->answer);
	memset(waiting->answer, 0, sizeof *waiting->answer);
	nanosleep(&(struct timespec){.tv_nsec = PAUSE_MS * 1000000L}, NULL);
	ask_once(ask, url, key, waiting);
}

/* Who asks too much is told for how long to wait (429). A script goes on by itself; a longer wait than this is for a
 * person to decide. */
#define WAIT_MOST_SECONDS 60
#define WAITS_MOST 5

static void
wait_our_turn(
    const struct server_ask *ask, const char *url, const char *key, struct waiting *waiting)
{
	for (int i = 0;
	     i < WAITS_MOST && waiting->st == STATUS_OK && waiting->answer->status == 429 &&
	     waiting->retry_after > 0 && waiting->retry_after <= WAIT_MOST_SECONDS;
	     i++) {
		fprintf(stderr,
		    "crisiscover: the server is asked too much. Waiting for %lld s, as it says, then asking again.\n",
		    (long long)waiting->retry_after);
		nanosleep(&(struct timespec){.tv_sec = waiting->retry_after}, NULL);
		ask_again(ask, url, key, waiting);
	}
}

int
server_ask(const struct server_ask *ask, struct server_answer *answer)
{
	const char *url = server_setting("CRISISCOVER_URL", "url");
	struct waiting waiting = {.answer = answer, .st = STATUS_AGAIN};
	char text[KEY_BYTES * 2 + 1];
	const char *key = new_key(ask, text);
	unsigned waited_ms;

	memset(answer, 0, sizeof *answer);
	if (url == NULL) {
		fputs(
		    "crisiscover: which server? Set CRISISCOVER_URL, or url= in ~/.config/crisiscover\n",
		    stderr);
		return EXIT_USAGE;
	}
	ask_once(ask, url, key, &waiting);
	wait_our_turn(ask, url, key, &waiting);
	/* A change whose answer was lost is asked for once more under the same key. If it was made,
	 * the server gives the kept answer and does not make it again. */
	if (key != NULL && may_not_be_known(&waiting))
		ask_again(ask, url, key, &waiting);
	/* Each attempt has the same key, so a change is still made once. */
	for (waited_ms = 0; may_change_soon(&waiting) && waited_ms < ask->patience_ms;
	     waited_ms += PAUSE_MS) {
		ask_again(ask, url, key, &waiting);
	}
	return judge(&waiting);
}

void
server_answer_free(struct server_answer *answer)
{
	json_decref(answer->json);
	free(answer->text);
	free(answer->link);
}
