/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "server/base/fatal.h"
#include "server/base/log.h"
#include "server/feeds/fetch_private.h"
#include "server/model/guard.h"

/*
 * A collection of CalDAV (RFC 4791) is asked twice: what tag it has, which changes with everything in it, and if
 * the tag is another one, for all objects of the window that readings are made for.
 *
 * The answers are XML of a stranger. The second is parsed by the sealed reader. The first is not parsed: all that
 * counts is whether its bytes are those of the last time, and whether it holds a tag at all.
 */

#define TAG_QUESTION                                                                               \
	"<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"                                             \
	"<propfind xmlns=\"DAV:\" xmlns:S=\"http://calendarserver.org/ns/\">"                      \
	"<prop><S:getctag/><sync-token/></prop></propfind>\n"

#define OBJECTS_QUESTION                                                                           \
	"<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"                                             \
	"<C:calendar-query xmlns=\"DAV:\" xmlns:C=\"urn:ietf:params:xml:ns:caldav\">"              \
	"<prop><getetag/><C:calendar-data/></prop>"                                                \
	"<C:filter><C:comp-filter name=\"VCALENDAR\"><C:comp-filter name=\"VEVENT\">"              \
	"<C:time-range start=\"%s\" end=\"%s\"/>"                                                  \
	"</C:comp-filter></C:comp-filter></C:filter></C:calendar-query>\n"

enum { STAMP_MAX = sizeof "20261130T000000Z", TAG_ANSWER_MAX = 65536 };

/* An element of this name that is not empty. Its end tag is followed by another tag, and so is the
 * start tag of one that is empty. Attributes in it make it count as empty: then the objects are
 * fetched, which is right in any case. */
static bool
has_text_in(struct slice body, const char *name_end)
{
	const char *at = body.at, *end = body.at + body.len;
	size_t len = strlen(name_end);

	while ((at = memmem(at, (size_t)(end - at), name_end, len)) != NULL) {
		at += len;
		while (at < end && strchr(" \t\r\n", *at) != NULL && *at != '\0')
			at++;
		if (at < end && *at != '<')
			return true;
	}
	return false;
}

/* A hash of the whole answer, in the place of an ETag. NULL: the collection has no tag, so nothing
 * tells whether it has changed. */
static const char *
tag_of(struct arena *arena, struct slice body)
{
	unsigned char hash[BODY_HASH_BYTES];
	char digits[2 * BODY_HASH_BYTES + 1];

	if (!has_text_in(body, "getctag>") && !has_text_in(body, "sync-token>"))
		return NULL;
	body_hash(body, hash);
	text_hex(hash, sizeof hash, digits);
	return arena_printf(arena, "collection-%s", digits);
}

static void
stamp(int64_t instant, char out[STAMP_MAX])
{
	time_t at = (time_t)instant;
	struct tm utc;

	if (gmtime_r(&at, &utc) == NULL || strftime(out, STAMP_MAX, "%Y%m%dT%H%M%SZ", &utc) == 0)
		fatal("the window %lld is no time", (long long)instant);
}

static void
ask_objects(struct fetch_job *job)
{
	char from[STAMP_MAX], until[STAMP_MAX];
	struct web_get get = {.method = "REPORT",
	    .depth = "1",
	    .accept = "application/xml, text/xml;q=0.9",
	    .content_type = "application/xml; charset=utf-8"};

	stamp(job->ask.options.from, from);
	stamp(job->ask.options.until, until);
	get.body = slice_of(arena_printf(job->arena, OBJECTS_QUESTION, from, until));
	fetch_send(job, &get, fetch_got);
}

/* A server that answers this question badly may still answer the other one. */
static void
on_tag(void *ctx, enum status st, const struct web_got *got)
{
	struct fetch_job *job = ctx;
	bool fine = st == STATUS_OK && got->status == 207;

	INVARIANT(job->state == FETCH_FETCH);
	job->fetch = NULL;
	/* Who does not accept the secret is not given it a second time. */
	if (st != STATUS_OK || got->status == 401 || got->status == 403) {
		fetch_judge_fault(job, st, got);
		return;
	}
	job->tag = fine ? tag_of(job->arena, got->body) : NULL;
	if (job->asked_if_changed && job->tag != NULL && job->feed.etag != NULL &&
	    strcmp(job->tag, job->feed.etag) == 0)
		fetch_unchanged(job, false);
	else
		ask_objects(job);
}

void
fetch_collection_ask(struct fetch_job *job)
{
	struct web_get get = {.method = "PROPFIND",
	    .depth = "0",
	    .accept = "application/xml, text/xml;q=0.9",
	    .content_type = "application/xml; charset=utf-8",
	    .body = SLICE(TAG_QUESTION),
	    .max_bytes = TAG_ANSWER_MAX};

	fetch_send(job, &get, on_tag);
}
