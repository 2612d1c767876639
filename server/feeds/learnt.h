/* SPDX-License-Identifier: MIT */
#pragma once

#include <jansson.h>

#include "server/feeds/notes.h"

/*
 * What is remembered of a calendar beside its body, for the next one: whether it lists what has
 * begun, and how many shifts it has on each day ahead. And what is told of shifts that it lists no
 * longer. Pure.
 */

/* Adds `learnt`, `as_last_read` and `ahead`, which the functions of 0002_sources.sql take, to
 * ${document}, and to ${warnings} what its owner should know. */
void learnt_add(
    struct arena *arena, json_t *document, json_t *warnings, const struct notes_about *about);
