/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdint.h>

/*
 * Values that are used where there is no instant (or local day). Those at the lower end lie before
 * every instant and the one at the upper end after it, which comparisons may use.
 */
#define INSTANT_NONE INT64_MIN      /* there is none: not given, not known, does not apply */
#define INSTANT_NEVER INT64_MIN     /* of what has not happened: never read, never confirmed */
#define INSTANT_BEGINNING INT64_MIN /* the open beginning of a time: it has always held */
#define INSTANT_END INT64_MAX       /* the open end of a time: it has none */
