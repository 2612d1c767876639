/* SPDX-License-Identifier: MIT */
#pragma once

#include <jansson.h>
#include <stdbool.h>

/* Lists of an object of a region file, each value once. Internal to region_merge.c and
 * region_unmerge.c. */

bool people_list_has(const json_t *list, const json_t *value);

/* Adds ${value}, unless it is there or NULL. Borrows it. */
void people_list_add(json_t *list, json_t *value);
void people_list_drop(json_t *list, const json_t *value);

/* A new list of what ${object} has under ${key}: a list, or one value by itself. */
json_t *people_list_of(const json_t *object, const char *key);

/* Adds all of such a list. */
void people_list_add_all(json_t *list, const json_t *object, const char *key);

/* Sets it, and takes ${list} over. A member that was never there is not made empty. */
void people_list_set(json_t *object, const char *key, json_t *list);
