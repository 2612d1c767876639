/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "server/web/peers.h"

/*
 * How many bytes of bodies may be in memory at once: for the whole server, and for each address. A
 * body's bytes are reserved before the first of them is taken in, and given back once its request
 * is forgotten. Counted, since a request whose handler is late outlives the server.
 */
struct intake;

struct intake *intake_new(size_t max, size_t max_of_address);
void intake_unref(struct intake *intake);

/* The memory that one connection has reserved. {0}: nothing. */
struct intake_share {
	struct intake *intake;
	size_t bytes;
	size_t of_peer; /* of them, still counted with its address */
};

enum intake_answer { INTAKE_TAKEN, INTAKE_FULL, INTAKE_ADDRESS_FULL };

/* ${bytes} more for ${share}. If they would be too many nothing is reserved. ${limited}: whether
 * the address has a budget of its own. */
enum intake_answer intake_reserve(struct intake *intake, struct intake_share *share,
    struct peer *peer, bool limited, size_t bytes);

/* The connection has left its address; what it holds stays counted for the server. */
void intake_leave_peer(struct intake_share *share, struct peer *peer);

/* Everything back. ${peer}: NULL if it was left. */
void intake_release(struct intake_share *share, struct peer *peer);
