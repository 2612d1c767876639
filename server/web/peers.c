/* SPDX-License-Identifier: MIT */
#include "server/web/peers.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "server/base/fatal.h"
#include "server/base/hash.h"

#define PEERS_BUCKETS 4096

struct peer {
	struct peer *next;
	uint64_t key[2];
	unsigned bucket, connections, strangers;
	size_t body_bytes;
};

struct peers {
	uint64_t seed; /* so that nobody can choose addresses for one bucket */
	struct peer *buckets[PEERS_BUCKETS];
};

struct peers *
peers_new(void)
{
	struct peers *peers = xcalloc(1, sizeof *peers);

	INVARIANT(getrandom(&peers->seed, sizeof peers->seed, 0) == sizeof peers->seed);
	/* It is multiplied with below: an even one would lose bits of each hash. */
	peers->seed |= 1;
	return peers;
}

void
peers_free(struct peers *peers)
{
	for (unsigned i = 0; i < PEERS_BUCKETS; i++)
		INVARIANT(peers->buckets[i] == NULL);
	free(peers);
}

/* The IPv4 address within ${address}, in network order; false if there is none. */
static bool
as_ipv4(const struct sockaddr *address, struct in_addr *out)
{
	const struct sockaddr_in6 *six = (const struct sockaddr_in6 *)(const void *)address;

	if (address->sa_family == AF_INET) {
		*out = ((const struct sockaddr_in *)(const void *)address)->sin_addr;
		return true;
	}
	if (!IN6_IS_ADDR_V4MAPPED(&six->sin6_addr))
		return false;
	memcpy(out, six->sin6_addr.s6_addr + 12, sizeof *out);
	return true;
}

/* An IPv6 address counts by its first 64 bits: a single host has that many addresses to choose
 * from. IPv4 within IPv6 counts as IPv4, or a dual-stack listener would take all IPv4 clients for
 * one. */
static void
key_of(const struct sockaddr *address, uint64_t key[2])
{
	const struct sockaddr_in6 *six = (const struct sockaddr_in6 *)(const void *)address;
	struct in_addr four;

	if (as_ipv4(address, &four)) {
		key[0] = four.s_addr;
		key[1] = AF_INET;
	} else {
		memcpy(&key[0], six->sin6_addr.s6_addr, sizeof key[0]);
		key[1] = AF_INET6;
	}
}

/* Mixed with a secret, so that nobody can fill one bucket with chosen addresses and make each
 * search long. */
static unsigned
bucket_of(const struct peers *peers, const uint64_t key[2])
{
	uint64_t hash = hash_spread(key[0] ^ peers->seed ^ key[1]);

	hash = (hash ^ (hash >> 29)) * peers->seed;
	return (unsigned)(hash >> 40) % PEERS_BUCKETS;
}

/* The entry exists while the address has a connection; with a limit of at least one, a refused
 * address has others and its entry stays theirs. */
struct peer *
peers_enter(struct peers *peers, const struct sockaddr *address, unsigned max)
{
	uint64_t key[2];
	unsigned bucket;
	struct peer *peer;

	key_of(address, key);
	bucket = bucket_of(peers, key);
	for (peer = peers->buckets[bucket]; peer != NULL; peer = peer->next)
		if (peer->key[0] == key[0] && peer->key[1] == key[1])
			break;
	if (peer == NULL) {
		peer = xcalloc(1, sizeof *peer);
		memcpy(peer->key, key, sizeof peer->key);
		peer->bucket = bucket;
		peer->next = peers->buckets[bucket];
		peers->buckets[bucket] = peer;
	}
	if (max != 0 && peer->strangers >= max)
		return NULL;
	peer->connections++;
	peer->strangers++;
	return peer;
}

void
peer_has_known(struct peer *peer)
{
	peer->strangers--;
}

size_t *
peer_body_bytes(struct peer *peer)
{
	return &peer->body_bytes;
}

/* The last connection of an address frees its entry, so that the table cannot grow with addresses
 * that were seen once. */
void
peers_leave(struct peers *peers, struct peer *peer, bool stranger)
{
	struct peer **link = &peers->buckets[peer->bucket];

	if (stranger)
		peer->strangers--;
	if (--peer->connections > 0)
		return;
	while (*link != peer)
		link = &(*link)->next;
	*link = peer->next;
	free(peer);
}

void
peer_text(const struct sockaddr *address, char out[PEER_TEXT_MAX])
{
	const struct sockaddr_in6 *six = (const struct sockaddr_in6 *)(const void *)address;
	struct in_addr four;

	if (as_ipv4(address, &four))
		inet_ntop(AF_INET, &four, out, PEER_TEXT_MAX);
	else
		inet_ntop(AF_INET6, &six->sin6_addr, out, PEER_TEXT_MAX);
}

/* Whether this machine itself connects, which usually is the proxy. */
bool
peer_is_loopback(const struct sockaddr *address)
{
	const struct sockaddr_in6 *six = (const struct sockaddr_in6 *)(const void *)address;
	struct in_addr four;

	if (as_ipv4(address, &four))
		return ntohl(four.s_addr) >> 24 == 127;
	return IN6_IS_ADDR_LOOPBACK(&six->sin6_addr);
}
