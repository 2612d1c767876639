/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <sys/socket.h>

/* How many connections of strangers each address has: IPv4 by address, IPv6 by its /64, mapped addresses as the
 * IPv4 they are. */
struct peers;
struct peer;

struct peers *peers_new(void);
void peers_free(struct peers *peers); /* every connection must have left */

/* One more from ${address}, of a stranger; NULL if it has ${max} already (0: no limit). */
struct peer *peers_enter(struct peers *peers, const struct sockaddr *address, unsigned max);
/* One of its connections is no stranger's any more. */
void peer_has_known(struct peer *peer);
/* ${stranger}: whether the connection that leaves still is one. */
void peers_leave(struct peers *peers, struct peer *peer, bool stranger);

/* How many bytes of bodies are in memory for its address (intake.h). */
size_t *peer_body_bytes(struct peer *peer);

/* Numeric text of ${address} in ${out}, without port. */
#define PEER_TEXT_MAX 46
void peer_text(const struct sockaddr *address, char out[PEER_TEXT_MAX]);
bool peer_is_loopback(const struct sockaddr *address);
