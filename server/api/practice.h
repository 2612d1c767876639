/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>

#include "server/base/text.h"

/*
 * Marks every answer about a practice region ($.practice of the region file), so that nobody takes it for
 * real cover: "practice": true in every JSON object, a first line in every text, a bar at the top of every
 * page. Pure.
 */
#define PRACTICE_WORDS "PRACTICE REGION: nothing here is real cover."

/* Appends ${body}, of the media type ${type}, with its mark to ${out}. False: it needs no mark or has it
 * already, and ${out} is not used. */
bool practice_mark(const char *type, struct slice body, struct buf *out);
