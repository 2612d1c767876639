/* SPDX-License-Identifier: MIT */
#include "server/web/intake.h"

#include <stdlib.h>

#include "server/base/fatal.h"

/* Bounds the memory of bodies that are being received, in all and for one address. Reference-
 * counted: connections that are freed at the end of a turn return their share after the server
 * is gone. */

struct intake {
	unsigned refs;
	size_t max, max_of_address, used;
};

struct intake *
intake_new(size_t max, size_t max_of_address)
{
	struct intake *intake = xcalloc(1, sizeof *intake);

	intake->refs = 1;
	intake->max = max;
	intake->max_of_address = max_of_address;
	return intake;
}

void
intake_unref(struct intake *intake)
{
	if (--intake->refs == 0)
		free(intake);
}

/* A difference is compared rather than a sum, which could overflow with a length that a stranger
 * announces. The limit of the whole comes first, since its refusal (503) is nobody's fault. */
enum intake_answer
intake_reserve(struct intake *intake, struct intake_share *share, struct peer *peer, bool limited,
    size_t bytes)
{
	size_t *of_peer = peer_body_bytes(peer);

	if (bytes > intake->max - intake->used)
		return INTAKE_FULL;
	if (limited &&
	    (*of_peer > intake->max_of_address || bytes > intake->max_of_address - *of_peer))
		return INTAKE_ADDRESS_FULL;
	if (share->intake == NULL) {
		share->intake = intake;
		intake->refs++;
	}
	intake->used += bytes;
	*of_peer += bytes;
	share->bytes += bytes;
	share->of_peer += bytes;
	return INTAKE_TAKEN;
}

/* For a connection that closes while a handler still reads the body: the peer is left at once, the
 * memory is given back later. */
void
intake_leave_peer(struct intake_share *share, struct peer *peer)
{
	*peer_body_bytes(peer) -= share->of_peer;
	share->of_peer = 0;
}

void
intake_release(struct intake_share *share, struct peer *peer)
{
	if (share->intake == NULL)
		return;
	if (peer != NULL)
		intake_leave_peer(share, peer);
	INVARIANT(share->of_peer == 0 && share->bytes <= share->intake->used);
	share->intake->used -= share->bytes;
	intake_unref(share->intake);
	*share = (struct intake_share){0};
}
