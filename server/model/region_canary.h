/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/base/arena.h"
#include "server/base/text.h"

/*
 * The canary (docs/decisions/0038-canary.md): one requirement at one place, met by one rota, which are in no set-up and
 * seen by nobody. Each minute its rota changes, so that there is always something that must come through. All of it has
 * this code. text_is_code() refuses it, so no region file, request or channel can have it.
 */
#define CANARY_CODE ".canary"

/* ${document}, a region file, with the objects of the canary after its own; lives in ${arena}. What is no JSON object
 * is handed back as it is, for the reader of the file to say what is wrong. Read it with region_zones.synthetic. */
struct slice region_with_canary(struct arena *arena, struct slice document);
