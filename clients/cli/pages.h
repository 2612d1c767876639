/* SPDX-License-Identifier: MIT */
#pragma once

#include <jansson.h>
#include <stdbool.h>

/* Prints one page of a list. */
typedef void pages_print_fn(const void *ctx, const json_t *answer);

/* How a list is printed. */
enum pages_form {
	PAGES_PRINTED, /* for people */
	PAGES_JSON,    /* each page as it came */
	PAGES_CSV,     /* all pages as one CSV file, with one heading */
};
/* The form that the options --json and --csv ask for. */
enum pages_form pages_form(bool json, bool csv);

/* The same as pages_ask() in any form. */
int pages_ask_as(const char *path, enum pages_form form, pages_print_fn *print, const void *ctx);

/*
 * Gets ${path}, which must have a query, and all further pages (next_cursor), so that no list is shown in
 * part. Each page is given to ${print} with ${ctx}, or if ${json} is printed as it came. Returns an exit code;
 * after a page that fails no other is asked for.
 */
int pages_ask(const char *path, bool json, pages_print_fn *print, const void *ctx);
