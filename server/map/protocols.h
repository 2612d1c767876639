/* SPDX-License-Identifier: MIT */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "server/model/region.h"

/*
 * Protocols: the documents by which a function is asked for at a place, each a link or a PDF. Here is what is told
 * of them beside whom to ring; the files are in the database. A protocol holds at its place and at all places below it. The
 * value is immutable and counted; a change makes a new one, since they are few. Pure.
 */
struct kept_protocol {
	int64_t id, at;
	int64_t review; /* the last day before a review is due */
	uint32_t place, function;
	uint32_t edition;
	uint32_t bytes; /* of the PDF; 0: it is a link */
	const char *name, *version, *owner;
	const char *url;    /* or NULL */
	const char *sha256; /* of the PDF, in hexadecimal; or NULL */
};

struct protocols {
	unsigned refs;
	int64_t version; /* -1: none was read */
	struct arena *arena;
	const struct kept_protocol *items; /* by place, function, name, id */
	size_t count;
};

/* The caller owns one reference of what these return. protocols_of() copies ${items}, which may be in any order. */
struct protocols *protocols_none(void);
struct protocols *protocols_of(int64_t version, const struct kept_protocol *items, size_t count);
struct protocols *protocols_ref(struct protocols *protocols);
void protocols_unref(struct protocols *protocols);

/* The one with this number; NULL. */
const struct kept_protocol *protocols_find(const struct protocols *protocols, int64_t id);

/* Whether its review is due on the local day ${today}. */
bool protocol_overdue(const struct kept_protocol *protocol, int64_t today);

struct kept_protocols {
	const struct kept_protocol *const
	    *items; /* those of the place first, then of those above it, the nearer first */
	size_t count;
};

struct protocols_asked {
	const struct region *region;
	uint32_t place, function; /* REGION_NONE: of every function */
	int64_t day;              /* local: places above are those of that day */
	int64_t until;            /* only those that were added by then */
};

/* Those that hold at a place. In ${arena}. */
struct kept_protocols protocols_at(
    struct arena *arena, const struct protocols *protocols, const struct protocols_asked *asked);
