/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/api/ask/ask.h"

/*
 * Answers a list of objects of the region, in the order of the region, a page at a time. The cursor of a
 * page is the code of the last object of the page before. So no object is repeated or skipped if others
 * are added or removed between two pages.
 */
struct list {
	struct ask *ask;
	struct json_out out;
	struct ask_page page;
	uint32_t at, count; /* the next to show, of how many */
	uint32_t shown;
	const char *last; /* code of the last one shown */
};

/* The kind of objects that is listed. */
struct listed {
	const char *name;          /* of the member of the answer: "places" */
	const struct table *codes; /* from a code to an index; a cursor is one of them */
	uint32_t count;
};

/* Begins the page that the request's limit and cursor ask for. Returns false if the request had a
 * fault: then it is answered, and ended. */
bool list_begin(struct list *list, struct ask *ask, struct listed listed);

/* The next index that may be shown, or REGION_NONE when the page is full or the list is at its end. */
uint32_t list_next(struct list *list);

/* To be called after each object that the caller has written, with its code. */
void list_shown(struct list *list, const char *code);

/* Replies and ends the ask. */
void list_end(struct list *list);

/* Whether ${word} (NULL: anything) is part of ${text}, in any case. */
bool list_has(const char *text, const char *word);

/* ${list} as codes, not indexes: those change with each version of the region. */
typedef const char *list_code_fn(const struct region *region, uint32_t index);
void list_put_codes(struct json_out *out, const char *key, const struct region_list *list,
    list_code_fn *code, const struct region *region);

/* "from" and "until": null where there is none. */
void list_put_life(struct json_out *out, struct span_time life);
