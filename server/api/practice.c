/* SPDX-License-Identifier: MIT */
#include "server/api/practice.h"

#include <jansson.h>
#include <string.h>

static bool
begins(const char *type, const char *with)
{
	return strncmp(type, with, strlen(with)) == 0;
}

static bool
add(struct buf *out, const char *mark, struct slice rest)
{
	buf_add_text(out, mark);
	buf_add(out, rest.at, rest.len);
	return true;
}

/* A region file, which is an answer too, has the member already. The body is parsed to find out,
 * which costs time that only a practice region spends. */
static bool
mark_json(struct slice body, struct buf *out)
{
	json_t *object = json_loadb(body.at, body.len, 0, NULL);
	bool needs = json_is_object(object) && json_object_get(object, "practice") == NULL;
	bool alone = json_object_size(object) == 0;

	json_decref(object);
	if (!needs)
		return false;
	return add(out, alone ? "{\"practice\":true" : "{\"practice\":true,",
	    (struct slice){body.at + 1, body.len - 1});
}

/* By the tag as our build writes it: the pages are our own, and need no parser. */
static bool
mark_page(struct slice body, struct buf *out)
{
	static const char tag[] = "<body>";
	const char *found = memmem(body.at, body.len, tag, sizeof tag - 1);
	size_t before;

	if (found == NULL)
		return false;
	before = (size_t)(found - body.at) + sizeof tag - 1;
	buf_add(out, body.at, before);
	/* role=note: read by screen readers, and no alert at each load. */
	return add(out, "<p class=\"practice\" role=\"note\">" PRACTICE_WORDS "</p>",
	    (struct slice){body.at + before, body.len - before});
}

bool
practice_mark(const char *type, struct slice body, struct buf *out)
{
	if ((begins(type, "application/json") || begins(type, "application/problem+json")) &&
	    *body.at == '{')
		return mark_json(body, out);
	if (begins(type, "text/html"))
		return mark_page(body, out);
	/* Prometheus ignores a line that begins with #. */
	if (begins(type, "text/plain; version="))
		return add(out, "# " PRACTICE_WORDS "\n", body);
	if (begins(type, "text/plain"))
		return add(out, PRACTICE_WORDS "\n", body);
	return false;
}
