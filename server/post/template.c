/* SPDX-License-Identifier: MIT */
#include "server/post/template.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { HEADERS_MOST = 15 };

/* The length of the field that begins at ${at}, with "${" and "}"; 0: none begins there. ${name} gets what stands between. */
static size_t
field_at(const char *at, struct slice *name)
{
	size_t len;

	if (at[0] != '$' || at[1] != '{')
		return 0;
	len = strcspn(at + 2, "}");
	*name = (struct slice){at + 2, len};
	return at[2 + len] == '}' ? len + 3 : 0;
}

bool
template_knows(const char *text, const char *const *names)
{
	for (const char *at = strstr(text, "${"); at != NULL; at = strstr(at + 2, "${")) {
		const char *const *known = names;
		struct slice name;

		if (field_at(at, &name) == 0)
			return false;
		while (*known != NULL && !slice_is(name, *known))
			known++;
		if (*known == NULL)
			return false;
	}
	return true;
}

static bool
is_header_value(const char *value)
{
	for (; *value != '\0'; value++)
		if ((unsigned char)*value < 0x20 || *value == 0x7f)
			return false;
	return true;
}

static bool
add_value(struct buf *out, const char *value, enum template_place place)
{
	switch (place) {
	case TEMPLATE_URL:
	case TEMPLATE_FORM:
		buf_add_encoded(out, value);
		return true;
	case TEMPLATE_JSON:
		buf_add_json_string(out, slice_of(value));
		return true;
	case TEMPLATE_HEADER:
		buf_add_text(out, value);
		return is_header_value(value);
	}
	return false;
}

bool
template_fill(struct buf *out, const char *text, const struct template_field *fields,
    enum template_place place)
{
	bool good = true;

	buf_add(out, "", 0);
	while (*text != '\0') {
		const struct template_field *field = fields;
		struct slice name = {0};
		size_t len = field_at(text, &name);

		while (len > 0 && field->name != NULL && !slice_is(name, field->name))
			field++;
		if (len > 0 && field->name != NULL)
			good = add_value(out, field->value, place) && good;
		else
			buf_add(out, text, len > 0 ? len : 1);
		text += len > 0 ? len : 1;
	}
	return good;
}

/* Returns the line at ${*at}, whose end becomes a NUL, and moves ${*at} to the next one. NULL: there is none. */
static char *
next_line(char **at)
{
	char *line = *at;
	size_t len;

	if (line == NULL || *line == '\0')
		return NULL;
	len = strcspn(line, "\n");
	*at = line[len] == '\n' ? line + len + 1 : line + len;
	line[len] = '\0';
	if (len > 0 && line[len - 1] == '\r')
		line[len - 1] = '\0';
	return line;
}

/* "POST https://…". Returns what it has to be and is not; NULL: it is. */
static const char *
read_request_line(char *line, struct template *out)
{
	static const char *const methods[] = {"POST", "PUT", "GET", NULL};
	char *blank = line == NULL ? NULL : strchr(line, ' ');

	if (blank == NULL)
		return "its first line is a method and a URL";
	*blank = '\0';
	out->method = line;
	out->url = blank + 1;
	if (!text_is_one_of(line, methods))
		return "its method is POST, PUT or GET";
	if (strncmp(out->url, "https://", 8) != 0 && strncmp(out->url, "http://", 7) != 0)
		return "its URL begins with https://, or for a gateway within the own network with http://";
	/* The texts of a message must not choose the server that it is sent to. */
	if (strcspn(out->url + 8, "/?#") > strcspn(out->url + 8, "$"))
		return "its URL has a field in the name of the server";
	return NULL;
}

static const char *
read_header(char *line, struct template *out, size_t *count)
{
	size_t name =
	    strspn(line, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-");

	if (name == 0 || line[name] != ':' || !is_header_value(line))
		return "a header is a line \"Name: value\"";
	if (name == strlen("Content-Type") && strncasecmp(line, "Content-Type", name) == 0) {
		out->type = line + name + 1 + strspn(line + name + 1, " ");
		return NULL;
	}
	if (*count == HEADERS_MOST)
		return "it has too many headers";
	out->headers[(*count)++] = line;
	return NULL;
}

static const char *
judge_body(struct template *out)
{
	size_t len = strlen(out->body);

	while (len > 0 && strchr("\r\n", out->body[len - 1]) != NULL)
		out->body[--len] = '\0';
	if (len == 0)
		return strcmp(out->method, "GET") == 0 || strstr(out->url, "${text}") != NULL
			   ? NULL
			   : "it has no body";
	if (out->type == NULL)
		return "a body wants a Content-Type";
	if (strncasecmp(out->type, "application/json", 16) == 0)
		out->body_place = TEMPLATE_JSON;
	else if (strncasecmp(out->type, "application/x-www-form-urlencoded", 33) == 0)
		out->body_place = TEMPLATE_FORM;
	else
		return "its Content-Type is application/json or application/x-www-form-urlencoded: fields are written as these want it";
	return NULL;
}

static const char *
read_all(struct template *out)
{
	char *at = out->text, *line = next_line(&at);
	const char *fault = read_request_line(line, out);
	size_t count = 0;

	while (fault == NULL && (line = next_line(&at)) != NULL && *line != '\0')
		fault = read_header(line, out, &count);
	out->body = at;
	return fault != NULL ? fault : judge_body(out);
}

const char *
template_read(struct slice text, struct template *out)
{
	const char *fault;
	struct buf copy = {0};

	buf_add(&copy, text.at, text.len);
	buf_add_text(&copy, "\n");
	*out = (struct template){.text = copy.at};
	fault = text_utf8_valid(text.at, text.len) ? read_all(out) : "it is no UTF-8";
	if (fault != NULL)
		template_free(out);
	return fault;
}

void
template_free(struct template *template)
{
	free(template->text);
	*template = (struct template){0};
}
