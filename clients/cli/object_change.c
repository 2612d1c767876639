/* SPDX-License-Identifier: MIT */
#include "clients/cli/object_change.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clients/cli/apply_print.h"
#include "clients/cli/command.h"
#include "clients/cli/server.h"
#include "clients/cli/show.h"

#define PATIENCE_MS 5000
#define LIMIT_MS 60000

static void
add_param(struct buf *path, const char *name, const char *value)
{
	if (value == NULL)
		return;
	/* The first parameter follows "?", all others "&". */
	buf_printf(path, "%c%s=", memchr(path->at, '?', path->len) != NULL ? '&' : '?', name);
	buf_add_encoded(path, value);
}

/* The dry run and the change have the same path but for dry_run, so that both mean the same. */
static void
path_of(struct buf *path, const struct object_change *wish, bool dry_run)
{
	buf_printf(path, "/v1/%s/", wish->kind->list);
	buf_add_encoded(path, wish->key);
	add_param(path, "dry_run", dry_run ? "1" : NULL);
	add_param(path, "overwrite", wish->overwrite);
	add_param(path, "reason", wish->reason);
	add_param(path, "until", wish->until);
}

static int
ask(const struct object_change *wish, const char *if_match, struct server_answer *answer)
{
	char *text = wish->body != NULL ? json_dumps(wish->body, JSON_COMPACT) : NULL;
	struct buf path = {0};
	int status;

	/* A call without a version to match is the dry run, so a change can never be sent
	 * unseen. */
	path_of(&path, wish, if_match == NULL);
	status = server_ask(
	    &(struct server_ask){
		.method = wish->method,
		.path = path.at,
		/* RFC 7396 has a media type of its own for a patch; a DELETE has no body. */
		.type = text == NULL                         ? NULL
			: strcmp(wish->method, "PATCH") == 0 ? "application/merge-patch+json"
							     : "application/json",
		.body = text != NULL ? slice_of(text) : (struct slice){0},
		.if_match = *(if_match ? if_match : "") != '\0' ? if_match : NULL,
		.limit_ms = LIMIT_MS,
		.patience_ms = PATIENCE_MS,
	    },
	    answer);
	buf_free(&path);
	free(text);
	return status;
}

/* "add" must not change an object that is there: version 0 in the dry run's answer means that
 * there is none. */
static int
refuse_by_version(const struct object_change *wish, long long version)
{
	if (wish->fresh && version != 0) {
		fprintf(stderr, "crisiscover: there is a %s %s already; set changes it\n",
		    wish->kind->kind, wish->key);
		return EXIT_SERVER_SAID_NO;
	}
	return EXIT_FINE;
}

static void
print_done(const struct object_change *wish, const struct server_answer *done)
{
	long long number = json_integer_value(json_object_get(done->json, "proposal"));

	apply_print(done->json, false);
	if (wish->proposed != NULL)
		*wish->proposed = number != 0;
	if (number != 0)
		printf(
		    "proposed, until %s; nothing is changed before another person accepts it: crisiscover accept %lld\n",
		    show_time(done->json, "expires_at"), number);
}

int
object_change(const struct object_change *wish)
{
	struct server_answer tried, done = {0};
	char tag[40] = "";
	long long version;
	int status = ask(wish, NULL, &tried);

	version = json_integer_value(json_object_get(tried.json, "version"));
	if (status == EXIT_FINE)
		status = refuse_by_version(wish, version);
	/* The dry run found decisions that would end with the object. Without --overwrite nothing
	 * is tried. */
	if (status == EXIT_FINE && apply_refused(tried.json) > 0) {
		apply_print(tried.json, false);
		fprintf(stderr,
		    "crisiscover: nothing was changed; --overwrite %s:%s if it is meant all the same\n",
		    wish->kind->kind, wish->key);
		status = EXIT_SERVER_SAID_NO;
	} else if (status == EXIT_FINE && wish->dry_run) {
		apply_print(tried.json, false);
	} else if (status == EXIT_FINE) {
		/* Version 0: the object is new, and there is no tag to match. */
		if (version != 0)
			snprintf(tag, sizeof tag, "\"object-%lld\"", version);
		status = ask(wish, tag, &done);
		if (status == EXIT_FINE)
			print_done(wish, &done);
	}
	server_answer_free(&tried);
	server_answer_free(&done);
	return status;
}
