/* SPDX-License-Identifier: MIT */
#pragma once

#include "calendars/reading.h"

/* Unpacks, in the sealed child, the request of reading_pack_request(). ${options} and ${bytes}
 * borrow from ${arena} and ${request}. False if a promise of reading.h is broken. */
bool wire_unpack_request(struct slice request, const struct zonedb *zones, struct arena *arena,
    struct reading_options *options, struct slice *bytes);
