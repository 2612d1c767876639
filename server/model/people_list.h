/* SPDX-License-Identifier: MIT */
#pragma once

#include <jansson.h>
#include <stdbool.h>

/* Lists in an object of a region file, used as sets: a value is in a list once. Values are compared by content.
 * Internal to region_merge.c and region_unmerge.c. */

bool people_list_has(const json_t *list, const json_t *value);

/* Adds ${value} unless the list has it, or it is NULL; the list takes a reference of its own. */
void people_list_add(json_t *list, json_t *value);

/* Removes ${value}. */
void people_list_drop(json_t *list, const json_t *value);

/* A new list with the values of the member ${key} of ${object}, which is a list or a single value. */
json_t *people_list_of(const json_t *object, const char *key);

/* Adds the values of that member to ${list}. */
void people_list_add_all(json_t *list, const json_t *object, const char *key);

/* Makes ${list}, which is taken over, the member ${key}. An empty list is not added as a new member. */
void people_list_set(json_t *object, const char *key, json_t *list);
