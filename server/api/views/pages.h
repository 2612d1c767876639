/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/web/server.h"

/* The static pages, all of them read into memory at the start: a request names an entry of a table,
 * so there is no path to climb out of. */
struct pages;

/* Everything of known kinds in ${directory}, two folders deep. Beside a file may be what the build
 * compressed ("now.js.br", "now.js.gz"). An empty or missing folder gives no pages. Blocks: for the
 * start. */
struct pages *pages_read(const char *directory);
void pages_free(struct pages *pages);

/* Replies: the page, compressed for those who take that; or 404, with the page 404.html for a
 * browser. Files in assets/ have the hash of their content in their names and are kept without end. */
void pages_reply(const struct pages *pages, struct web_exchange *exchange);
