/* SPDX-License-Identifier: MIT */
#pragma once

#include <jansson.h>

#include "server/feeds/notes.h"

/*
 * Facts about a calendar that are stored for the next reading: whether it goes on listing events that have begun,
 * and how many shifts it has on each future day. And notes about shifts that it no longer lists. Pure.
 */

/* Adds `learnt`, `as_last_read` and `ahead`, which the functions of 0002_sources.sql take, to ${document}, and
 * warnings for the owner of the calendar to ${warnings}. */
void learnt_add(
    struct arena *arena, json_t *document, json_t *warnings, const struct notes_about *about);
