/* SPDX-License-Identifier: MIT */
#pragma once

#include "calendars/reading.h"

/* Unpacks, in the sealed child, a request made by reading_pack_request(). ${options} and ${bytes}
 * borrow from ${arena} and ${request}. False if the message is malformed or its content contradicts what
 * reading.h promises. */
bool wire_unpack_request(struct slice request, const struct zonedb *zones, struct arena *arena,
    struct reading_options *options, struct slice *bytes);
