/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/api/ask/problem.h"

/*
 * Pages of a server that need no script: for browsers without JavaScript and for printing. What is
 * written into them goes through plain_page_text(), which escapes it.
 */

/* Whether the exchange is for such a page, so that a problem is told as one, too. */
bool plain_page_wanted(const struct web_exchange *exchange);

/* ${title}: escaped here. */
void plain_page_begin(struct buf *out, const char *title);
void plain_page_end(struct buf *out);

/* Ends ${out}, a page that was begun, replies with it and frees it. */
void plain_page_reply(struct web_exchange *exchange, struct buf *out);

/* Appends ${text} as text of an element or of a quoted attribute. */
void plain_page_text(struct buf *out, const char *text);

/* ${before} and ${after} are HTML; ${text} is escaped between them. */
void plain_page_add(struct buf *out, const char *before, const char *text, const char *after);

/* The same as text of an element, in which each telephone number is a link that rings it, written as people
 * dial it: "+441632960456" is shown as "01632 960456". */
void plain_page_ringing(struct buf *out, const char *text);

/* Replies with what is wrong. For who is not signed in there is a form to sign in with, which comes
 * back to the same page. */
void plain_page_problem(struct web_exchange *exchange, unsigned status, const char *title,
    const char *detail, const struct problem_more *more);

/* The style of these pages. */
struct slice plain_page_style(void);

/* The icon of all pages (SVG), for browsers that ask for one by themselves. */
struct slice plain_page_icon(void);
