/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/base/text.h"

/* The setting security_contact: addresses, separated by commas, to which weaknesses are reported. Whether each is one that
 * RFC 9116 takes: mailto:, https:// or tel:, in characters of an address. "" is fine: there is none. */
bool security_contact_fine(const char *contacts);

/* Appends the file of RFC 9116 at ${now}, in seconds. It holds for half a year from that day on. Pure. */
void security_txt_put(struct buf *out, const char *contacts, int64_t now);
