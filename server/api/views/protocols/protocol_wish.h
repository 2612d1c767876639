/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/api/ask/ask.h"
#include "server/map/protocols.h"

/* What is sent to add or replace a protocol. */
struct protocol_wish {
	uint32_t place, function;
	const char *is;          /* JSON for the database (protocol_put) */
	struct slice pdf;        /* in the arena of the ask; at NULL: none */
	struct kept_protocol of; /* that it takes the turn of; id 0: a new one */
};

/* The file is no larger; the body, in which it is base64, and the request that has it. */
#define PROTOCOL_PDF_MAX_BYTES ((size_t)2 << 20)

/* Reads the body. ${before}: the edition in force, whose members hold where none is given; NULL: a new protocol. Notes
 * faults. */
void protocol_wish_read(
    struct ask *ask, const struct kept_protocol *before, struct protocol_wish *out);
