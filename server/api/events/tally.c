/* SPDX-License-Identifier: MIT */
#include "server/api/events/tally.h"

#include <stdlib.h>
#include <string.h>

#include "server/base/fatal.h"
#include "server/base/hash.h"

#define TALLY_BUCKETS 1024

struct tally {
	struct tally *next;
	unsigned bucket, count;
	char key[];
};

/* The table neither grows nor has a secret seed. Nobody outside can fill one bucket: administrators
 * name the accounts, and there are at most as many addresses as listeners. */
struct tallies {
	struct tally *buckets[TALLY_BUCKETS];
};

struct tallies *
tallies_new(void)
{
	return xcalloc(1, sizeof(struct tallies));
}

void
tallies_free(struct tallies *tallies)
{
	for (unsigned i = 0; tallies != NULL && i < TALLY_BUCKETS; i++)
		INVARIANT(tallies->buckets[i] == NULL);
	free(tallies);
}

static struct tally *
tally_new(struct tallies *tallies, const char *key, unsigned bucket)
{
	size_t size = strlen(key) + 1;
	struct tally *tally = xcalloc(1, sizeof *tally + size);

	memcpy(tally->key, key, size);
	tally->bucket = bucket;
	tally->next = tallies->buckets[bucket];
	tallies->buckets[bucket] = tally;
	return tally;
}

struct tally *
tallies_enter(struct tallies *tallies, const char *key, unsigned most)
{
	unsigned bucket = (unsigned)(hash_spread(hash_text(HASH_START, key)) >> 40) % TALLY_BUCKETS;
	struct tally *tally = tallies->buckets[bucket];

	while (tally != NULL && strcmp(tally->key, key) != 0)
		tally = tally->next;
	if (tally == NULL)
		tally = tally_new(tallies, key, bucket);
	/* One that was just made has a count of 0, and takes its first whatever the limit: with no count it
	 * would stay in the table without end. */
	if (tally->count >= most && tally->count > 0)
		return NULL;
	tally->count++;
	return tally;
}

void
tallies_leave(struct tallies *tallies, struct tally *tally)
{
	struct tally **link;

	if (tally == NULL || --tally->count > 0)
		return;
	link = &tallies->buckets[tally->bucket];
	while (*link != tally)
		link = &(*link)->next;
	*link = tally->next;
	free(tally);
}
