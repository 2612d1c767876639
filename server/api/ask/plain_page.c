/* SPDX-License-Identifier: MIT */
#include "server/api/ask/plain_page.h"

#include <string.h>

#include "server/model/phone.h"

/* Pages as small as can be: headings, paragraphs, and one form. */

/* The style and the icon are part of the program. Both files come from CMakeLists.txt. */
__asm__(".pushsection .rodata\n"
	".global plain_page_icon_begin\n"
	".global plain_page_icon_end\n"
	"plain_page_icon_begin:\n"
	".incbin \"" PLAIN_PAGE_ICON_FILE "\"\n"
	"plain_page_icon_end:\n"
	".byte 0\n"
	".global plain_page_style_begin\n"
	".global plain_page_style_end\n"
	"plain_page_style_begin:\n"
	".incbin \"" PLAIN_PAGE_STYLE_FILE "\"\n"
	"plain_page_style_end:\n"
	".byte 0\n"
	".popsection\n");

extern const char plain_page_style_begin[], plain_page_style_end[];
extern const char plain_page_icon_begin[], plain_page_icon_end[];

struct slice
plain_page_style(void)
{
	return (struct slice){
	    plain_page_style_begin, (size_t)(plain_page_style_end - plain_page_style_begin)};
}

struct slice
plain_page_icon(void)
{
	return (struct slice){
	    plain_page_icon_begin, (size_t)(plain_page_icon_end - plain_page_icon_begin)};
}

static bool
begins(struct slice path, const char *with)
{
	return path.len > strlen(with) && memcmp(path.at, with, strlen(with)) == 0;
}

static bool
is_of_swap(struct slice path)
{
	return slice_is(path, "/swap") || begins(path, "/swap/");
}

/* "/now/ZED01.txt" is plain text, and its problems are for programs. */
bool
plain_page_wanted(const struct web_exchange *exchange)
{
	struct slice path = web_path(exchange);
	bool text = path.len > 4 && memcmp(path.at + path.len - 4, ".txt", 4) == 0;

	return (begins(path, "/now/") || begins(path, "/where/") || is_of_swap(path) ||
		   begins(path, "/closed/") || begins(path, "/closed-navigator/")) &&
	       !text;
}

/* ------------------------------------------------------------------------------------- text */

static const char *
entity_of(char c)
{
	switch (c) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return "&quot;";
	case '\'':
		return "&#39;";
	default:
		return NULL;
	}
}

/* What a parser of HTML takes for a fault, or a reader would not see, is replaced. */
void
plain_page_text(struct buf *out, const char *text)
{
	struct slice rest = slice_of(text);

	while (rest.len > 0) {
		struct text_hidden found = text_find_hidden(rest);
		size_t passed = found.at + found.len;

		for (size_t i = 0; i < found.at; i++) {
			const char *entity = entity_of(rest.at[i]);

			if (entity != NULL)
				buf_add_text(out, entity);
			else
				buf_add(out, rest.at + i, 1);
		}
		if (found.len > 0)
			buf_add_text(out, "\xef\xbf\xbd");
		rest = (struct slice){rest.at + passed, rest.len - passed};
	}
}

/* ------------------------------------------------------------------------------- telephones */

void
plain_page_add(struct buf *out, const char *before, const char *text, const char *after)
{
	buf_add_text(out, before);
	plain_page_text(out, text);
	buf_add_text(out, after);
}

void
plain_page_ringing(struct buf *out, const char *text)
{
	const char *from = text;

	for (const char *at = text; *at != '\0'; at++) {
		size_t len = phone_len(at);
		struct buf before = {0};

		if (len == 0)
			continue;
		buf_add(&before, from, (size_t)(at - from));
		plain_page_text(out, before.len > 0 ? before.at : "");
		buf_free(&before);
		buf_printf(out, "<a class=\"number\" href=\"tel:%.*s\">", (int)len, at);
		phone_add(out, at, len);
		buf_add_text(out, "</a>");
		from = at + len;
		at = from - 1;
	}
	plain_page_text(out, from);
}

/* ------------------------------------------------------------------------------------- page */

void
plain_page_begin(struct buf *out, const char *title)
{
	/* The policy of all answers, to send no referrer, has a browser hide where a form comes from, and
	 * then the form is refused. Of this page our own server is told. */
	buf_add_text(out,
	    "<!DOCTYPE html>\n<html lang=\"en-GB\">\n<head>\n<meta charset=\"utf-8\">\n"
	    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
	    "<meta name=\"referrer\" content=\"same-origin\">\n<title>");
	plain_page_text(out, title);
	/* The tag is written as practice.c looks for it. */
	buf_add_text(out,
	    "</title>\n<link rel=\"stylesheet\" href=\"/plain.css\">\n</head>\n<body>\n"
	    "<header><p>Crisis Cover</p></header>\n<main>\n");
}

void
plain_page_end(struct buf *out)
{
	buf_add_text(out, "</main>\n</body>\n</html>\n");
}

/* ---------------------------------------------------------------------------------- problem */

/* Without an address, so that it goes to the page that it stands on. */
static void
add_form(struct buf *out)
{
	buf_add_text(out,
	    "<form method=\"post\">\n"
	    "<label for=\"name\">Name</label>\n"
	    "<input id=\"name\" name=\"name\" type=\"text\" autocomplete=\"username\" "
	    "autocapitalize=\"none\" spellcheck=\"false\" required>\n"
	    "<label for=\"password\">Password</label>\n"
	    "<input id=\"password\" name=\"password\" type=\"password\" "
	    "autocomplete=\"current-password\" required>\n"
	    "<label for=\"code\">Code of the second factor, where you have one</label>\n"
	    "<input id=\"code\" name=\"code\" type=\"text\" inputmode=\"numeric\" "
	    "autocomplete=\"one-time-code\">\n"
	    "<button type=\"submit\">Sign in</button>\n</form>\n");
}

static void
add_problem(struct buf *out, const char *detail, const struct problem_more *more)
{
	buf_add_text(out, "<div class=\"wrong\" role=\"alert\">\n<p>");
	plain_page_text(out, detail);
	buf_add_text(out, "</p>\n");
	for (size_t i = 0; i < more->nfaults; i++) {
		buf_add_text(out, "<p>");
		plain_page_text(out, more->faults[i].path);
		buf_add_text(out, " ");
		plain_page_text(out, more->faults[i].detail);
		buf_add_text(out, "</p>\n");
	}
	buf_add_text(out, "</div>\n");
}

static void
reply(struct web_exchange *exchange, unsigned status, const char *extra, struct buf *out)
{
	plain_page_end(out);
	web_reply(exchange, &(struct web_answer){
				.status = status,
				.type = "text/html; charset=utf-8",
				.extra = extra,
				.body = {out->at, out->len},
			    });
	buf_free(out);
}

void
plain_page_reply(struct web_exchange *exchange, struct buf *out)
{
	reply(exchange, 200, NULL, out);
}

/* Who opens the page for the first time has done nothing wrong. */
static bool
is_first_time(const struct web_exchange *exchange, unsigned status)
{
	return status == 401 && web_method(exchange) != WEB_POST;
}

void
plain_page_problem(struct web_exchange *exchange, unsigned status, const char *title,
    const char *detail, const struct problem_more *more)
{
	bool post = web_method(exchange) == WEB_POST;
	struct buf out = {0};

	plain_page_begin(&out, is_first_time(exchange, status) ? "Sign in" : title);
	buf_add_text(&out, "<h1>");
	plain_page_text(&out, is_first_time(exchange, status) ? "Sign in" : title);
	buf_add_text(&out, "</h1>\n");
	if (is_first_time(exchange, status))
		buf_add_text(&out,
		    "<p>This page says who is on call. It is shown to those who have signed in.</p>\n");
	else
		add_problem(&out, detail, more);
	/* A form that was sent is one to sign in with, but for links, which need no account. */
	if (status == 401 || (post && !is_of_swap(web_path(exchange))))
		add_form(&out);
	reply(exchange, status, more->extra, &out);
}
