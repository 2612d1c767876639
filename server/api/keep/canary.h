/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/api/keep/follow_steps.h"

/*
 * The canary as this process sees it: a map of its own with the one place, made from the same rows by the same code as the
 * map that answers are made from, and asked by the same lookup. It is in no snapshot, so no answer can show it.
 */
struct canary;

/* NULL if the region of the canary cannot be read, which is our bug and no reason to answer nobody. */
struct canary *canary_new(const struct snapshot_tools *tools);
void canary_free(struct canary *canary);

/* The rows of API_FEEDS of a round: takes the source of its rota, if that is among them. */
void canary_take_feeds(struct canary *canary, const struct pg_rows *rows);

/* The step of a round: reads its shifts when its map has been swept again. */
follow_start_fn follow_canary_start;
follow_take_fn follow_canary_take;
