/* SPDX-License-Identifier: MIT */
#include "server/api/ask/limits.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "server/base/fatal.h"

/* How often a password may be tried. A try by a known browser is counted for the browser, one by a
 * stranger for the address and the account. So guesses from elsewhere slow down strangers, and the
 * person whose account it is can still sign in. The counts here are of fixed size: they cost no write,
 * and nobody can fill the memory. */

/* A table of fixed size, as a cache of a processor has it: a count may be in one of the 8 ways of the set
 * that its hash names. */
#define SETS 1024 /* a power of two */
#define WAYS 8
#define FORGOTTEN_SECONDS 86400

/* The things by which a try is counted. */
enum limits_by {
	BY_BROWSER,
	BY_BROWSER_AND_ACCOUNT,
	BY_ACCOUNT_AMONG_KNOWN,
	BY_ADDRESS,
	BY_ACCOUNT_AMONG_STRANGERS,
	LIMITS_BYS
};

static const struct {
	uint32_t free_tries, wait_max;
} rules[LIMITS_BYS] = {
    [BY_BROWSER] = {10, 60},
    [BY_BROWSER_AND_ACCOUNT] = {10, 60},
    [BY_ACCOUNT_AMONG_KNOWN] = {10, 60},
    [BY_ADDRESS] = {50, 900},
    [BY_ACCOUNT_AMONG_STRANGERS] = {10, 900},
};

struct count {
	uint64_t key; /* 0: free */
	int64_t last_at, until;
	uint32_t tries;
	uint32_t by;
};

/* The key of a count is keyed with a number of this process alone, so that nobody can choose
 * accounts that share a set. If a set is full, the count with the fewest tries is dropped. */
struct limits {
	uint8_t secret[crypto_shorthash_KEYBYTES];
	struct count sets[SETS][WAYS];
};

struct limits *
limits_new(void)
{
	struct limits *limits = xcalloc(1, sizeof *limits);

	randombytes_buf(limits->secret, sizeof limits->secret);
	return limits;
}

void
limits_free(struct limits *limits)
{
	free(limits);
}

struct named {
	enum limits_by by;
	struct slice one, two;
};

/* The length of the first part goes before both parts, so that "ab","c" and "a","bc" are two
 * names. */
static void
hash_of(const struct named *named, uint8_t hash[crypto_hash_sha256_BYTES])
{
	uint64_t len = named->one.len;
	uint8_t by = (uint8_t)named->by;
	crypto_hash_sha256_state state;

	crypto_hash_sha256_init(&state);
	crypto_hash_sha256_update(&state, &by, 1);
	crypto_hash_sha256_update(&state, (const uint8_t *)&len, sizeof len);
	crypto_hash_sha256_update(&state, (const uint8_t *)named->one.at, named->one.len);
	crypto_hash_sha256_update(&state, (const uint8_t *)named->two.at, named->two.len);
	crypto_hash_sha256_final(&state, hash);
}

static uint64_t
key_of(const struct limits *limits, const struct named *named)
{
	uint8_t hash[crypto_hash_sha256_BYTES], parts[crypto_shorthash_BYTES];
	uint64_t key;

	hash_of(named, hash);
	/* SHA-256 brings texts of any length to one; the keyed hash makes it unforeseeable. */
	crypto_shorthash(parts, hash, sizeof hash, limits->secret);
	memcpy(&key, parts, sizeof key);
	/* 0 marks a free place. */
	return key == 0 ? 1 : key;
}

/* The count for that name, or a new one. If the set is full, the count with the fewest tries is replaced,
 * so that an attack cannot displace its own count by trying other names. */
static struct count *
count_of(struct limits *limits, const struct named *named, int64_t now)
{
	uint64_t key = key_of(limits, named);
	struct count *set = limits->sets[key % SETS], *least = &set[0];

	for (size_t i = 0; i < WAYS; i++) {
		if (set[i].key == key)
			return &set[i];
		if (set[i].key == 0 || set[i].last_at + FORGOTTEN_SECONDS <= now) {
			set[i] = (struct count){.key = 0};
			least = &set[i];
		} else if (least->key != 0 && set[i].tries < least->tries) {
			least = &set[i];
		}
	}
	*least = (struct count){.key = key, .by = named->by, .last_at = now};
	return least;
}

static int64_t
wait_of(const struct count *count, int64_t now)
{
	return count->until > now ? count->until - now : 0;
}

/* The wait doubles with each try over the free ones, up to the most. */
static void
add(struct count *count, int64_t now)
{
	uint32_t over, wait = 1;

	if (count->last_at + FORGOTTEN_SECONDS <= now)
		count->tries = 0;
	count->tries++;
	count->last_at = now;
	if (count->tries <= rules[count->by].free_tries)
		return;
	over = count->tries - rules[count->by].free_tries;
	while (--over > 0 && wait < rules[count->by].wait_max)
		wait *= 2;
	count->until = now + (wait < rules[count->by].wait_max ? wait : rules[count->by].wait_max);
}

/* The counts that a try belongs to, and how many there are (ask/limits.h has the table). */
static size_t
name_try(const struct limits_try *attempt, struct named out[2])
{
	if (attempt->browser.len == 0) {
		out[0] = (struct named){BY_ADDRESS, attempt->address, SLICE("")};
		if (attempt->account.len == 0)
			return 1;
		out[1] = (struct named){BY_ACCOUNT_AMONG_STRANGERS, attempt->account, SLICE("")};
		return 2;
	}
	if (attempt->is_of_account) {
		out[0] = (struct named){BY_BROWSER_AND_ACCOUNT, attempt->browser, attempt->account};
		return 1;
	}
	out[0] = (struct named){BY_BROWSER, attempt->browser, SLICE("")};
	out[1] = (struct named){BY_ACCOUNT_AMONG_KNOWN, attempt->account, SLICE("")};
	return 2;
}

/* A try that must wait is not counted: else somebody who keeps trying would wait without end. */
static int64_t
begin(struct limits *limits, const struct named *names, size_t count, int64_t now)
{
	int64_t wait = 0;

	/* The longest of the waits holds. Counted only where none of them does. */
	for (size_t i = 0; i < count; i++) {
		int64_t one = wait_of(count_of(limits, &names[i], now), now);

		wait = one > wait ? one : wait;
	}
	for (size_t i = 0; i < count && wait == 0; i++)
		add(count_of(limits, &names[i], now), now);
	return wait;
}

int64_t
limits_begin(struct limits *limits, const struct limits_try *attempt, int64_t now)
{
	struct named names[2];
	size_t count = name_try(attempt, names);

	return begin(limits, names, count, now);
}

/* An existing count; none is begun for a try that came right. */
static struct count *
find(struct limits *limits, const struct named *named)
{
	uint64_t key = key_of(limits, named);
	struct count *set = limits->sets[key % SETS];

	for (size_t i = 0; i < WAYS; i++)
		if (set[i].key == key)
			return &set[i];
	return NULL;
}

void
limits_good(struct limits *limits, const struct limits_try *attempt)
{
	struct named names[2];
	size_t n = name_try(attempt, names);

	/* An address is often that of a whole hospital. Somebody who can sign in says nothing
	 * about the others there, so only this one try is taken back. */
	for (size_t i = 0; i < n; i++) {
		struct count *count = find(limits, &names[i]);

		if (count == NULL)
			continue;
		if (names[i].by == BY_ADDRESS)
			count->tries -= count->tries > 0;
		else
			*count = (struct count){0};
	}
}

/* For a try that could not be judged, such as when the database is away. */
void
limits_void(struct limits *limits, const struct limits_try *attempt)
{
	struct named names[2];
	size_t n = name_try(attempt, names);

	for (size_t i = 0; i < n; i++) {
		struct count *count = find(limits, &names[i]);

		if (count != NULL)
			count->tries -= count->tries > 0;
	}
}

/* The names are keyed hashes, so that the table in the database does not reveal who tried to sign in, or
 * from where. */
void
limits_share(
    const uint8_t key[KEY_FILE_BYTES], const struct limits_try *attempt, struct limits_shared *out)
{
	struct named names[2];

	*out = (struct limits_shared){.count = name_try(attempt, names)};
	for (size_t i = 0; i < out->count; i++) {
		uint8_t hash[crypto_hash_sha256_BYTES];

		hash_of(&names[i], hash);
		crypto_generichash(
		    out->keys[i], LIMITS_KEY_BYTES, hash, sizeof hash, key, KEY_FILE_BYTES);
		out->free_tries[i] = rules[names[i].by].free_tries;
		out->wait_max[i] = rules[names[i].by].wait_max;
		out->naddresses += names[i].by == BY_ADDRESS;
	}
}

int64_t
limits_begin_address(struct limits *limits, struct slice address, int64_t now)
{
	return limits_begin(limits, &(struct limits_try){.address = address}, now);
}

void
limits_good_address(struct limits *limits, struct slice address)
{
	limits_good(limits, &(struct limits_try){.address = address});
}
