/* SPDX-License-Identifier: MIT */
#pragma once

#include <stddef.h>

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

/* What the object ${index} is called, by code or by name. */
typedef const char *list_code_fn(const struct region *region, uint32_t index);

/* A list of the set-up in force that is asked for by "q", a part of a code or a name. All functions have the index of an object. */
struct set_up_list {
	const char *name;     /* of the member of the answer: "places" */
	size_t codes, count;  /* where struct region has its table and its number (SET_UP_OF) */
	list_code_fn *code;   /* by which it is known */
	list_code_fn *called; /* its name; NULL: such objects have a code alone */
	/* Whether the asker may know of it; NULL: everybody may who may ask. */
	bool (*may_see)(const struct ask *ask, uint32_t index);
	/* NULL, both: it is not asked for by "place" and "function". */
	bool (*is_at)(const struct region *region, uint32_t index, uint32_t place);
	uint32_t (*function_of)(const struct region *region, uint32_t index);
	void (*put)(struct json_out *out, const struct ask *ask, uint32_t index);
	bool has_names; /* of people: that it was read is noted (READ_PEOPLE), if one was shown */
};
#define SET_UP_OF(table, number)                                                                   \
	.codes = offsetof(struct region, table), .count = offsetof(struct region, number)

/* Answers the ask with the objects of ${what} that it asks for and may see: the others are passed over as if they did not
 * exist. */
void list_set_up(struct ask *ask, const struct set_up_list *what);

/* ${list} as codes, not indexes: those change with each version of the region. */
void list_put_codes(struct json_out *out, const char *key, const struct region_list *list,
    list_code_fn *code, const struct region *region);

/* "from" and "until": null where there is none. */
void list_put_life(struct json_out *out, struct span_time life);
