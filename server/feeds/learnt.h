/* SPDX-License-Identifier: MIT */
#pragma once

#include <jansson.h>

#include "server/feeds/notes.h"

/*
 * Facts about a calendar that are remembered for the next reading: whether it lists events that
 * have begun, and how many shifts it has on each future day. And the notes on shifts that it lists
 * no longer. Pure.
 */

/* Adds `learnt`, `as_last_read` and `ahead`, which the functions of 0002_sources.sql take, to
 * ${document}, and to ${warnings} what its owner should know. */
void learnt_add(
    struct arena *arena, json_t *document, json_t *warnings, const struct notes_about *about);
