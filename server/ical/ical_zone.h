/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdint.h>

#include "server/base/text.h"
#include "server/base/zone.h"

/* Adds the VTIMEZONE of ${zone} (RFC 5545 3.6.5): the offset at ${from} and each change until ${until}. */
void ical_zone(struct buf *out, const struct zone *zone, int64_t from, int64_t until);

/* Adds ${name}, "DTSTART" or "DTEND", at the instant ${utc}: in the zone's wall clock, or, with ${in_utc}, in
 * UTC. */
void ical_time(
    struct buf *out, const char *name, const struct zone *zone, int64_t utc, bool in_utc);

/* "20261122T031000": of ${seconds}, local or UTC. */
#define ICAL_TIME_MAX 24
void ical_time_text(int64_t seconds, char out[ICAL_TIME_MAX]);

/* Whether the wall clock at ${utc} can mean no other instant. In the hour that comes twice the first is meant (RFC
 * 5545 3.3.5), and not every program knows. */
bool ical_time_is_plain(const struct zone *zone, int64_t utc);
