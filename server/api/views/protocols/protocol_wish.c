/* SPDX-License-Identifier: MIT */
#include "server/api/views/protocols/protocol_wish.h"

#include <sodium.h>
#include <string.h>

#include "server/base/civil.h"

#define CODE_MAX_BYTES 64
#define NAME_MAX_BYTES 200 /* these as in the checks of the table protocol */
#define VERSION_MAX_BYTES 40
#define URL_MAX_BYTES 1000
#define OWNER_MAX_BYTES 128
#define REVIEW_AHEAD_DAYS (5 * 366)
#define TRAILER_BYTES 1024 /* within which a reader of PDF looks for its end */

/* ------------------------------------------------------------------------------------- the link */

/* Another scheme could run as a script; a blank or a quote could end the attribute of a page; a name before "@" looks
 * like the host and is none. */
static bool
is_link(const char *url)
{
	static const char *const schemes[] = {"https://", "http://"};
	const char *host = NULL;
	size_t len;

	for (size_t i = 0; i < sizeof schemes / sizeof *schemes; i++)
		if (strncmp(url, schemes[i], strlen(schemes[i])) == 0)
			host = url + strlen(schemes[i]);
	if (host == NULL)
		return false;
	for (const char *at = url; *at != '\0'; at++)
		if (*at <= ' ' || *at > '~' || strchr("\"<>\\^`{|}", *at) != NULL)
			return false;
	len = strcspn(host, "/?#");
	return len > 0 && memchr(host, '@', len) == NULL;
}

static const char *
read_url(struct ask *ask, const json_t *body)
{
	const char *url = ask_body_text(ask, body, "url", URL_MAX_BYTES, ASK_OPTIONAL);

	if (url == NULL || is_link(url))
		return url;
	ask_fault(ask, "$.url",
	    "is no link that a browser opens safely: it begins with https:// or http://, and has no blanks, quotes or "
	    "user name");
	return NULL;
}

/* ------------------------------------------------------------------------------------- the file */

/* By its first and last bytes: what a browser would take for something else is not kept. */
static bool
is_pdf(const uint8_t *bytes, size_t len)
{
	static const char begin[] = "%PDF-", end[] = "%%EOF";
	size_t tail = len < TRAILER_BYTES ? len : TRAILER_BYTES;

	return len > strlen(begin) && memcmp(bytes, begin, strlen(begin)) == 0 &&
	       memmem(bytes + len - tail, tail, end, strlen(end)) != NULL;
}

static struct slice
read_pdf(struct ask *ask, const json_t *body)
{
	const json_t *value = json_object_get(body, "pdf");
	size_t len = json_string_length(value), got = 0;
	uint8_t *bytes;

	if (value == NULL || json_is_null(value))
		return (struct slice){0};
	if (len / 4 * 3 > PROTOCOL_PDF_MAX_BYTES + 3) {
		ask_fault(ask, "$.pdf",
		    "is larger than 2 MB: make the file smaller, or give a link to it");
		return (struct slice){0};
	}
	bytes = arena_alloc(ask->arena, len + 1);
	if (!json_is_string(value) ||
	    sodium_base642bin(bytes, len + 1, json_string_value(value), len, NULL, &got, NULL,
		sodium_base64_VARIANT_ORIGINAL) != 0)
		ask_fault(ask, "$.pdf", "is not base64");
	else if (got > PROTOCOL_PDF_MAX_BYTES)
		ask_fault(ask, "$.pdf",
		    "is larger than 2 MB: make the file smaller, or give a link to it");
	else if (!is_pdf(bytes, got))
		ask_fault(
		    ask, "$.pdf", "is no PDF: it does not begin with %%PDF- and end with %%%%EOF");
	else
		return (struct slice){(const char *)bytes, got};
	return (struct slice){0};
}

/* --------------------------------------------------------------------------------- the members */

static uint32_t
read_place(struct ask *ask, const json_t *body)
{
	const char *code = ask_body_text(ask, body, "place", CODE_MAX_BYTES, ASK_REQUIRED);

	return code == NULL ? REGION_NONE : ask_place_named(ask, slice_of(code));
}

static uint32_t
read_function(struct ask *ask, const json_t *body)
{
	const char *code = ask_body_text(ask, body, "function", CODE_MAX_BYTES, ASK_REQUIRED);
	uint32_t function =
	    code == NULL ? TABLE_NONE : table_get(&ask->region->function_by_code, code);

	if (code != NULL && function == TABLE_NONE)
		ask_fault(ask, "$.function", "there is no function with this code");
	return function == TABLE_NONE ? REGION_NONE : function;
}

/* The account that is told when the review is due. A person's or a program's: nobody reads what a device is told. */
static const char *
read_owner(struct ask *ask, const json_t *body, const struct kept_protocol *before)
{
	const struct region *region = ask->region;
	const char *owner = ask_body_text(ask, body, "owner", OWNER_MAX_BYTES, ASK_OPTIONAL);
	uint32_t index;

	if (owner == NULL)
		return before != NULL ? before->owner : ask->account->name;
	index = table_get(&region->account_by_name, owner);
	if (index == TABLE_NONE || strcmp(region->accounts[index].kind, "device") == 0)
		ask_fault(ask, "$.owner",
		    "is no account of a person or a program: who looks after the protocol is told when its review is due");
	return owner;
}

static const char *
read_review(struct ask *ask, const json_t *body, const struct kept_protocol *before)
{
	int64_t today = civil_day_of(zone_local(ask->map->setup->zone, ask->now)), day;
	const char *text = ask_body_text(
	    ask, body, "review", CIVIL_DAY_MAX, before == NULL ? ASK_REQUIRED : ASK_OPTIONAL);
	char *kept;

	if (text == NULL && before != NULL) {
		kept = arena_alloc(ask->arena, CIVIL_DAY_MAX);
		civil_day_text(before->review, kept);
		return kept;
	}
	if (text == NULL)
		return NULL;
	if (!civil_parse_day(slice_of(text), &day))
		ask_fault(ask, "$.review", "is no day such as 2027-04-01");
	else if (day < today)
		ask_fault(ask, "$.review", "is over already: say by when it is reviewed next");
	else if (day > today + REVIEW_AHEAD_DAYS)
		ask_fault(ask, "$.review", "is more than five years ahead");
	return text;
}

/* The text of the member ${key}; where it is missing, ${before}, that of the edition before (NULL: there is none, so that it is required). */
static const char *
read_text(struct ask *ask, const json_t *body, const char *key, size_t max, const char *before)
{
	const char *text =
	    ask_body_text(ask, body, key, max, before == NULL ? ASK_REQUIRED : ASK_OPTIONAL);

	/* A text of blanks is none. */
	if (text != NULL && slice_trim(slice_of(text)).len == 0) {
		ask_fault(ask, arena_printf(ask->arena, "$.%s", key), "is missing");
		return NULL;
	}
	return text != NULL ? text : before;
}

static const char *
taken(struct json_out *out, struct arena *arena)
{
	const char *text = arena_strndup(arena, out->buf.at, out->buf.len);

	out_free(out);
	return text;
}

static void
read_members(struct ask *ask, const json_t *body, const struct kept_protocol *before,
    struct protocol_wish *wish)
{
	struct json_out out = {0};
	const char *url;

	out_object(&out, NULL);
	if (before == NULL) {
		wish->place = read_place(ask, body);
		wish->function = read_function(ask, body);
		if (wish->place != REGION_NONE)
			out_text(&out, "place", ask->region->places[wish->place].code);
		if (wish->function != REGION_NONE)
			out_text(&out, "function", ask->region->functions[wish->function].code);
	}
	out_text(&out, "name",
	    read_text(ask, body, "name", NAME_MAX_BYTES, before != NULL ? before->name : NULL));
	out_text(&out, "version",
	    read_text(
		ask, body, "version", VERSION_MAX_BYTES, before != NULL ? before->version : NULL));
	out_text(&out, "owner", read_owner(ask, body, before));
	out_text(&out, "review", read_review(ask, body, before));
	url = read_url(ask, body);
	wish->pdf = read_pdf(ask, body);
	out_text(&out, "url", url);
	out_object_end(&out);
	wish->is = taken(&out, ask->arena);
	if (ask->faults.count == 0 &&
	    (url != NULL) + (wish->pdf.at != NULL) + (before != NULL) == 0)
		ask_fault(ask, "$", "has no document: give a url, or a pdf as base64");
	else if (url != NULL && wish->pdf.at != NULL)
		ask_fault(ask, "$.pdf", "goes with no url: a protocol is one document");
}

/* Who replaces a protocol says which edition was seen: another may have come since. */
static void
read_edition(struct ask *ask, const json_t *body, const struct kept_protocol *before,
    struct protocol_wish *wish)
{
	const json_t *edition = json_object_get(body, "edition");

	wish->of = *before;
	if (edition != NULL && !json_is_integer(edition))
		ask_fault(ask, "$.edition", "is no number of an edition");
	else if (edition == NULL)
		ask_fault(ask, "$.edition", "is missing: it is the edition that this one replaces");
	else
		wish->of.edition = (uint32_t)json_integer_value(edition);
}

void
protocol_wish_read(struct ask *ask, const struct kept_protocol *before, struct protocol_wish *out)
{
	static const char *const first[] = {
	    "place", "function", "name", "version", "owner", "review", "url", "pdf", NULL};
	static const char *const next[] = {
	    "edition", "name", "version", "owner", "review", "url", "pdf", NULL};
	json_t *body = ask_body(ask, before == NULL ? first : next);

	*out = (struct protocol_wish){.place = REGION_NONE, .function = REGION_NONE};
	if (body == NULL)
		return;
	read_members(ask, body, before, out);
	if (before != NULL)
		read_edition(ask, body, before, out);
	json_decref(body);
	/* The body has the file in base64, and is not needed any more. */
	ask_json_drop(ask);
}
