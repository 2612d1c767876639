/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>

#include "server/base/text.h"

/*
 * The mark of a practice region ($.practice of the region file) on what the api answers: "practice":
 * true as a member of every JSON object that is answered, a first line of every text, a bar at the
 * top of every page. Pure.
 */
#define PRACTICE_WORDS "PRACTICE REGION: nothing here is real cover."

/* Writes ${body}, of the media type ${type}, with its mark to ${out}. False: it needs none, or has
 * it. */
bool practice_mark(const char *type, struct slice body, struct buf *out);
