/* SPDX-License-Identifier: MIT */
#include "server/web/answer.h"

#include <http_parser.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

/*
 * On every answer. No inline script or style anywhere, and no string that becomes markup or script
 * but by the two policies of the pages' own code; no answer is ever framed, held by the window of
 * another site that opened it, sniffed for a type, or followed by a request that names it as referrer.
 */
static const char security_headers[] =
    "X-Content-Type-Options: nosniff\r\n"
    "Referrer-Policy: no-referrer\r\n"
    "Cross-Origin-Resource-Policy: same-origin\r\n"
    "Cross-Origin-Opener-Policy: same-origin\r\n"
    "Content-Security-Policy: default-src 'none'; script-src 'self'; style-src 'self'; "
    "img-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; "
    "base-uri 'none'; require-trusted-types-for 'script'; "
    "trusted-types lit-html crisiscover\r\n";

/* The form of RFC 9110 5.6.7. From the remainders the compiler knows that no field can be wider
 * than its place. */
void
answer_date(int64_t utc, char out[ANSWER_DATE_MAX])
{
	static const char *const days[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
	static const char *const months[] = {
	    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
	time_t seconds = (time_t)utc;
	struct tm tm;

	/* Not strftime: the names must not follow a locale. */
	gmtime_r(&seconds, &tm);
	snprintf(out, ANSWER_DATE_MAX, "%s, %02u %s %04u %02u:%02u:%02u GMT", days[tm.tm_wday],
	    (unsigned)tm.tm_mday % 100, months[tm.tm_mon], (unsigned)(tm.tm_year + 1900) % 10000,
	    (unsigned)tm.tm_hour % 100, (unsigned)tm.tm_min % 100, (unsigned)tm.tm_sec % 100);
}

static const char *
reason_of(unsigned status)
{
	return http_status_str((enum http_status)status);
}

/* Without printf: this runs for every answer. */
static void
add_status_line(struct buf *out, unsigned status)
{
	char code[] = "HTTP/1.1 000 ";

	code[9] = (char)('0' + status / 100 % 10);
	code[10] = (char)('0' + status / 10 % 10);
	code[11] = (char)('0' + status % 10);
	buf_add(out, code, sizeof code - 1);
	buf_add_text(out, reason_of(status));
	buf_add(out, "\r\n", 2);
}

static void
add_header(struct buf *out, const char *name_colon, const char *value)
{
	buf_add_text(out, name_colon);
	buf_add_text(out, value);
	buf_add(out, "\r\n", 2);
}

static void
add_length(struct buf *out, size_t length)
{
	char digits[24];
	char *at = digits + sizeof digits - 1;

	*at = '\0';
	do {
		*--at = (char)('0' + length % 10);
		length /= 10;
	} while (length > 0);
	add_header(out, "Content-Length: ", at);
}

/* RFC 9110 8.6: neither of them has a body, and a 304's length would speak of another answer. */
static bool
has_no_length(unsigned status)
{
	return status == 204 || status == 304;
}

/* The order of headers has no meaning to a reader, but it is always the same, so that tests can
 * compare bytes. The policy of caching is "no-store" unless the handler says otherwise: answers
 * have names in them. */
void
answer_head(struct buf *out, const struct web_answer *answer, size_t length, const char *date,
    enum answer_end end)
{
	add_status_line(out, answer->status);
	add_header(out, "Date: ", date);
	if (answer->type != NULL)
		add_header(out, "Content-Type: ", answer->type);
	if (end != ANSWER_UNTIL_CLOSE && !has_no_length(answer->status))
		add_length(out, length);
	/* Both the last answer of a connection and one without an end are followed by its close. */
	if (end != ANSWER_LENGTH)
		buf_add_text(out, "Connection: close\r\n");
	add_header(out,
	    "Cache-Control: ", answer->cache_control == NULL ? "no-store" : answer->cache_control);
	if (answer->etag != NULL)
		add_header(out, "ETag: ", answer->etag);
	if (answer->encoding != NULL && !has_no_length(answer->status))
		add_header(out, "Content-Encoding: ", answer->encoding);
	if (answer->varies)
		buf_add_text(out, "Vary: Accept-Encoding\r\n");
	if (answer->extra != NULL)
		buf_add_text(out, answer->extra);
	if (answer->hsts)
		buf_add_text(out, "Strict-Transport-Security: max-age=63072000\r\n");
	buf_add(out, security_headers, sizeof security_headers - 1);
	buf_add(out, "\r\n", 2);
}

/* A problem of RFC 9457. "about:blank" says that the status is the whole type. */
void
answer_problem(struct buf *out, unsigned status, const char *detail)
{
	buf_add_text(out, "{\"type\":\"about:blank\",\"title\":");
	buf_add_json_string(out, slice_of(reason_of(status)));
	buf_printf(out, ",\"status\":%u,\"detail\":", status);
	buf_add_json_string(out, slice_of(detail));
	buf_add_text(out, "}\n");
}

/* The next member of a list of entity tags without its W/, quotes kept; false at the end or at
 * nonsense. */
static bool
next_etag(struct slice *list, struct slice *etag)
{
	const char *close;

	while (list->len > 0 && (*list->at == ' ' || *list->at == '\t' || *list->at == ',')) {
		list->at++;
		list->len--;
	}
	if (list->len >= 2 && memcmp(list->at, "W/", 2) == 0) {
		list->at += 2;
		list->len -= 2;
	}
	if (list->len < 2 || *list->at != '"')
		return false;
	close = memchr(list->at + 1, '"', list->len - 1);
	if (close == NULL)
		return false;
	*etag = (struct slice){list->at, (size_t)(close - list->at) + 1};
	list->at += etag->len;
	list->len -= etag->len;
	return true;
}

/* If-None-Match compares weakly (RFC 9110 13.1.2): the W/ before either tag does not count. */
bool
answer_etag_matches(struct slice list, const char *etag)
{
	struct slice member;

	if (slice_is(list, "*"))
		return true;
	if (strncmp(etag, "W/", 2) == 0)
		etag += 2;
	while (next_etag(&list, &member))
		if (slice_is(member, etag))
			return true;
	return false;
}

/* HEAD is served wherever GET is (route_find()). */
void
answer_methods(struct buf *out, unsigned methods)
{
	static const struct {
		enum web_method method;
		const char *name;
	} names[] = {{WEB_GET, "GET"}, {WEB_HEAD, "HEAD"}, {WEB_POST, "POST"}, {WEB_PUT, "PUT"},
	    {WEB_DELETE, "DELETE"}, {WEB_PATCH, "PATCH"}};
	const char *comma = "";

	if (methods & WEB_GET)
		methods |= WEB_HEAD;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		if ((methods & names[i].method) == 0)
			continue;
		buf_printf(out, "%s%s", comma, names[i].name);
		comma = ", ";
	}
}
