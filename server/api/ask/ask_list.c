/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "server/api/ask/ask.h"
#include "server/api/ask/csv.h"
#include "server/api/ask/etag.h"
#include "server/api/ask/typed.h"
#include "server/api/practice.h"
#include "server/model/json_breath.h"

/* Replies to reads: JSON, or a list as CSV. */

/* Of the two the one that the header names first. */
static bool
prefers_csv(struct slice accept)
{
	static const char csv[] = "text/csv", json[] = "application/json";
	const char *wanted, *other;

	if (accept.at == NULL)
		return false;
	wanted = memmem(accept.at, accept.len, csv, sizeof csv - 1);
	other = memmem(accept.at, accept.len, json, sizeof json - 1);
	return wanted != NULL && (other == NULL || wanted < other);
}

void
ask_format(struct ask *ask)
{
	struct slice given;

	if (route_param(ask->route, "format") == NULL)
		return;
	if (web_query(ask->exchange, "format", &given))
		ask->csv = strcmp(ask_choice(ask, "format"), "csv") == 0;
	else
		ask->csv = prefers_csv(web_header(ask->exchange, "accept"));
}

/* The parameters of the request, but for the cursor. */
static void
add_query(struct buf *out, struct slice query)
{
	static const char cursor[] = "cursor=";

	while (query.len > 0) {
		const char *end = memchr(query.at, '&', query.len);
		size_t len = end == NULL ? query.len : (size_t)(end - query.at);

		if (len < sizeof cursor - 1 || memcmp(query.at, cursor, sizeof cursor - 1) != 0) {
			buf_add(out, query.at, len);
			buf_add(out, "&", 1);
		}
		query.at += len + (end != NULL);
		query.len -= len + (end != NULL);
	}
}

/* "Link: <…>; rel="next"", where there is another page (RFC 8288): a line of CSV has no place for it. */
static void
add_next(struct buf *out, const struct ask *ask, const json_t *answer)
{
	const char *cursor = json_string_value(json_object_get(answer, "next_cursor"));
	struct slice path = web_path(ask->exchange);

	if (cursor == NULL)
		return;
	buf_add_text(out, "Link: <");
	buf_add(out, path.at, path.len);
	buf_add_text(out, "?");
	add_query(out, web_query_bytes(ask->exchange));
	buf_add_text(out, "cursor=");
	buf_add_encoded(out, cursor);
	buf_add_text(out, ">; rel=\"next\"\r\n");
}

static void
send(struct ask *ask, struct json_out *out, const char *type, const char *extra)
{
	struct web_answer answer;
	char etag[ETAG_MAX];

	/* The ETag is that of the bytes, so an answer that has not changed costs a 304. */
	etag_of(out->buf.at, out->buf.len, etag);
	answer = etag_answer(etag);
	answer.type = type;
	answer.extra = extra;
	answer.shared = ask_take_bytes(out);
	web_pack(ask->exchange, &answer);
	web_reply(ask->exchange, &answer);
}

/* Made of the JSON, in which nobody is named any more who is withheld from the asker. */
static void
reply_csv(struct ask *ask, struct json_out *out)
{
	const struct csv_list *list = csv_list_of(ask->route->pattern);
	json_t *answer = json_load_breathing(out->buf.at, out->buf.len);
	struct json_out csv = {0};
	struct buf extra = {0};

	out_free(out);
	if (list == NULL ||
	    !csv_write(&csv.buf, list, answer, ask->region->practice ? PRACTICE_WORDS : NULL)) {
		problem_reply(ask->exchange, 400,
		    "This answer is no list: leave out format, or the parameter that groups it.");
	} else {
		buf_printf(&extra,
		    "Content-Disposition: attachment; filename=\"%s.csv\"\r\nVary: Accept\r\n",
		    list->rows);
		add_next(&extra, ask, answer);
		send(ask, &csv, "text/csv; charset=utf-8; header=present", extra.at);
	}
	json_free_breathing(answer);
	buf_free(&extra);
	out_free(&csv);
}

void
ask_reply(struct ask *ask, struct json_out *out)
{
	typed_put_warnings(ask, out);
	/* Before the ETag, which must not tell what is replaced. */
	ask_withhold(ask, out);
	if (ask->csv)
		reply_csv(ask, out);
	else
		send(ask, out, "application/json", NULL);
}
