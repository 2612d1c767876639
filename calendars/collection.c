/* SPDX-License-Identifier: MIT */
#include "calendars/collection.h"

#include <expat.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "server/base/fatal.h"

#define FILE_MAX_BYTES ((size_t)10 * 1024 * 1024)
#define DEPTH_MAX 32
#define OBJECTS_MAX 50000
/* Calendars of one collection come from a few programs. The heads beyond are kept apart. */
#define HEADS_MAX 32

/* Names with their namespace, as expat gives them: the prefix is the server's choice. */
#define DAV(name) "DAV:\n" name
#define CALDAV(name) "urn:ietf:params:xml:ns:caldav\n" name

/* Calendars with the same head, and the events of all of them. */
struct group {
	struct buf head, events;
};

struct unwrap {
	XML_Parser parser;
	struct faults *faults;
	struct buf *out;
	struct group groups[HEADS_MAX];
	size_t ngroups, objects;
	unsigned depth;
	bool multistatus; /* it is the root */
	/* Of the response, and of the part of it, in which the parser is. */
	bool in_part, has_data, failed, part_has_data, part_failed;
	struct buf href, status, data;
	struct buf *text; /* which of them the text goes to; NULL: to none */
};

static void
refuse(struct unwrap *unwrap, enum fault fault, const char *more)
{
	if (!unwrap->faults->refused)
		fault_note(unwrap->faults, fault, FAULT_ANYWHERE, more, NULL);
	XML_StopParser(unwrap->parser, XML_FALSE);
}

/* ----------------------------------------------------------------------------------- calendars */

/* The next line that is ${word}, from ${at} on; NULL: there is none. A folded line begins with a blank, so this
 * is no part of one. */
static const char *
line_that_is(const char *at, const char *word)
{
	size_t len = strlen(word);

	for (; at != NULL; at = strchr(at, '\n')) {
		at += *at == '\n';
		if (strncasecmp(at, word, len) == 0 && strchr("\r\n", at[len]) != NULL)
			return at;
	}
	return NULL;
}

static const char *
last_line_that_is(const char *at, const char *word)
{
	const char *last = NULL;

	while ((at = line_that_is(at, word)) != NULL) {
		last = at;
		at += strlen(word);
	}
	return last;
}

static struct group *
group_of(struct unwrap *unwrap, struct slice head)
{
	struct group *group;

	for (size_t i = 0; i < unwrap->ngroups; i++)
		if (unwrap->groups[i].head.len == head.len &&
		    memcmp(unwrap->groups[i].head.at, head.at, head.len) == 0)
			return &unwrap->groups[i];
	if (unwrap->ngroups == HEADS_MAX)
		return NULL;
	group = &unwrap->groups[unwrap->ngroups++];
	buf_add(&group->head, head.at, head.len);
	return group;
}

/* Each object repeats the time zones that it uses, and a rota with a shift in each object would have hundreds of
 * them: events of calendars that say the same before their first event are put into one. A calendar that has more
 * than its end after its events stays as it is; what is wrong with it is found when it is read. */
static void
keep_calendar(struct unwrap *unwrap, const char *text)
{
	const char *first = line_that_is(text, "BEGIN:VEVENT");
	const char *last = last_line_that_is(text, "END:VEVENT"), *tail;
	struct group *group = NULL;

	if (first != NULL && last != NULL && first < last) {
		tail = last + strlen("END:VEVENT");
		tail += strspn(tail, "\r\n");
		if (strncasecmp(tail, "END:VCALENDAR", 13) == 0 &&
		    tail[13 + strspn(tail + 13, " \t\r\n")] == '\0')
			group = group_of(unwrap, (struct slice){text, (size_t)(first - text)});
		if (group != NULL) {
			buf_add(&group->events, first, (size_t)(tail - first));
			return;
		}
	}
	buf_add_text(unwrap->out, text);
	buf_add_text(unwrap->out, "\r\n");
}

static void
write_groups(struct unwrap *unwrap)
{
	for (size_t i = 0; i < unwrap->ngroups; i++) {
		const struct group *group = &unwrap->groups[i];

		buf_add(unwrap->out, group->head.at, group->head.len);
		buf_add(unwrap->out, group->events.at, group->events.len);
		buf_add_text(unwrap->out, "END:VCALENDAR\r\n");
	}
	/* A collection without objects is an empty calendar, and not none. */
	if (unwrap->objects == 0)
		buf_add_text(unwrap->out, "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nEND:VCALENDAR\r\n");
}

/* ----------------------------------------------------------------------------------------- XML */

static const char *
text_of(struct buf *buf)
{
	buf_add(buf, "", 1);
	buf->len--;
	return buf->at;
}

/* "HTTP/1.1 200 OK" */
static bool
is_success(struct buf *status)
{
	const char *text = text_of(status);

	text += strspn(text, " \t\r\n");
	return strncmp(text, "HTTP/", 5) == 0 && (text = strchr(text, ' ')) != NULL &&
	       text[1] == '2';
}

static void
begin_response(struct unwrap *unwrap)
{
	buf_reset(&unwrap->href);
	buf_reset(&unwrap->data);
	unwrap->has_data = unwrap->failed = unwrap->in_part = false;
}

static void
begin_part(struct unwrap *unwrap)
{
	unwrap->in_part = true;
	unwrap->part_has_data = false;
	unwrap->part_failed = true; /* until its status says otherwise */
}

static void XMLCALL
on_start(void *ctx, const XML_Char *name, const XML_Char **attributes)
{
	struct unwrap *unwrap = ctx;

	(void)attributes;
	if (unwrap->depth++ == 0)
		unwrap->multistatus = strcmp(name, DAV("multistatus")) == 0;
	if (unwrap->depth > DEPTH_MAX || !unwrap->multistatus) {
		refuse(unwrap, FAULT_COLLECTION, NULL);
		return;
	}
	unwrap->text = NULL;
	if (strcmp(name, DAV("response")) == 0) {
		begin_response(unwrap);
	} else if (strcmp(name, DAV("propstat")) == 0) {
		begin_part(unwrap);
	} else if (strcmp(name, DAV("href")) == 0 && unwrap->href.len == 0) {
		unwrap->text = &unwrap->href;
	} else if (strcmp(name, DAV("status")) == 0) {
		buf_reset(&unwrap->status);
		unwrap->text = &unwrap->status;
	} else if (strcmp(name, CALDAV("calendar-data")) == 0) {
		unwrap->part_has_data = true;
		unwrap->text = &unwrap->data;
	}
}

static void XMLCALL
on_text(void *ctx, const XML_Char *at, int len)
{
	struct unwrap *unwrap = ctx;

	if (unwrap->text != NULL)
		buf_add(unwrap->text, at, (size_t)len);
}

static void
end_status(struct unwrap *unwrap)
{
	bool failed = !is_success(&unwrap->status);

	if (unwrap->in_part)
		unwrap->part_failed = failed;
	else
		unwrap->failed |= failed;
}

/* A property that the object lacks has a part of its own with 404: only that of the calendar counts. */
static void
end_part(struct unwrap *unwrap)
{
	unwrap->in_part = false;
	unwrap->failed |= unwrap->part_has_data && unwrap->part_failed;
	unwrap->has_data |= unwrap->part_has_data && !unwrap->part_failed;
}

/* Some servers name the collection itself among its objects; it has no calendar of its own. An object without a
 * calendar is one that was left out. */
static void
end_response(struct unwrap *unwrap)
{
	struct slice href = slice_trim((struct slice){text_of(&unwrap->href), unwrap->href.len});
	bool itself = href.len > 0 && href.at[href.len - 1] == '/';
	const char *text = text_of(&unwrap->data);

	text += strspn(text, " \t\r\n");
	if (!unwrap->failed && itself && *text == '\0')
		return;
	if (unwrap->failed || !unwrap->has_data || *text == '\0')
		refuse(unwrap, FAULT_COLLECTION_PART, NULL);
	else if (++unwrap->objects > OBJECTS_MAX)
		refuse(unwrap, FAULT_TOO_MANY_EVENTS, "50,000");
	else
		keep_calendar(unwrap, text);
}

static void XMLCALL
on_end(void *ctx, const XML_Char *name)
{
	struct unwrap *unwrap = ctx;

	unwrap->depth--;
	unwrap->text = NULL;
	if (unwrap->faults->refused)
		return;
	if (strcmp(name, DAV("status")) == 0)
		end_status(unwrap);
	else if (strcmp(name, DAV("propstat")) == 0)
		end_part(unwrap);
	else if (strcmp(name, DAV("response")) == 0)
		end_response(unwrap);
}

/* Entities are defined in a document type; an answer of a server has none. */
static void XMLCALL
on_doctype(void *ctx, const XML_Char *name, const XML_Char *system, const XML_Char *public,
    int has_internal)
{
	(void)name;
	(void)system;
	(void)public;
	(void)has_internal;
	refuse(ctx, FAULT_COLLECTION, NULL);
}

/* ------------------------------------------------------------------------------------------ all */

bool
collection_is(struct slice bytes)
{
	while (bytes.len > 0 && strchr("\xef\xbb\xbf \t\r\n", *bytes.at) != NULL &&
	       *bytes.at != '\0') {
		bytes.at++;
		bytes.len--;
	}
	if (bytes.len == 0 || *bytes.at != '<')
		return false;
	return memmem(bytes.at, bytes.len < 1024 ? bytes.len : 1024, "multistatus", 11) != NULL;
}

static void
parse(struct unwrap *unwrap, struct slice bytes)
{
	XML_Parser parser = XML_ParserCreateNS(NULL, '\n');

	INVARIANT(parser != NULL);
	unwrap->parser = parser;
	/* Without a salt expat would ask the kernel for one, which a sealed process may not. The processor time
	 * of the process is limited, whatever the names collide to. */
	XML_SetHashSalt(parser, (unsigned long)(uintptr_t)parser | 1);
	XML_SetUserData(parser, unwrap);
	XML_SetElementHandler(parser, on_start, on_end);
	XML_SetCharacterDataHandler(parser, on_text);
	XML_SetStartDoctypeDeclHandler(parser, on_doctype);
	if (XML_Parse(parser, bytes.at, (int)bytes.len, XML_TRUE) != XML_STATUS_OK)
		refuse(unwrap, FAULT_COLLECTION, NULL);
	XML_ParserFree(parser);
}

bool
collection_unwrap(struct buf *out, struct faults *faults, struct slice bytes)
{
	struct unwrap unwrap = {.faults = faults, .out = out};

	/* The length is an int to expat. */
	if (bytes.len > FILE_MAX_BYTES)
		fault_note(faults, FAULT_TOO_LONG, FAULT_ANYWHERE, "10 MB", NULL);
	else
		parse(&unwrap, bytes);
	if (!faults->refused)
		write_groups(&unwrap);
	for (size_t i = 0; i < unwrap.ngroups; i++) {
		buf_free(&unwrap.groups[i].head);
		buf_free(&unwrap.groups[i].events);
	}
	buf_free(&unwrap.href);
	buf_free(&unwrap.status);
	buf_free(&unwrap.data);
	return !faults->refused;
}
