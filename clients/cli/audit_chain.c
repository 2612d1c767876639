/* SPDX-License-Identifier: MIT */
#include "clients/cli/audit_chain.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "clients/cli/show.h"

static bool
read_hash(const json_t *object, const char *key, uint8_t out[CHAIN_HASH_BYTES])
{
	const char *text = show_text(object, key);
	size_t len = 0;

	/* The length is checked as well: a hash that is cut short must not compare equal by its
	 * beginning. */
	return sodium_hex2bin(out, CHAIN_HASH_BYTES, text, strlen(text), NULL, &len, NULL) == 0 &&
	       len == CHAIN_HASH_BYTES;
}

/* The hash of the row before the first one that is kept; of a whole audit it is all zeros. */
bool
chain_begin(struct chain *chain, const json_t *begins_after)
{
	chain_free(chain);
	*chain = (struct chain){.seq = json_integer_value(json_object_get(begins_after, "seq")),
	    .unnamed = json_array()};
	return read_hash(begins_after, "hash", chain->hash);
}

/* The text that is hashed is a JSON array: seq, at, added_at, actor, action, object, detail. */
static bool
says_the_same(const json_t *row, const char *text)
{
	static const char *const keys[] = {
	    "seq", "at", "added_at", "actor", "action", "object", "detail"};
	/* The hash is of a text, and people see the fields. If they differ, the fields were changed
	 * and the text left as it was. */
	json_t *hashed = json_loads(text, 0, NULL);
	bool same = json_array_size(hashed) == sizeof keys / sizeof *keys;

	for (size_t i = 0; same && i < sizeof keys / sizeof *keys; i++)
		same = json_equal(json_array_get(hashed, i), json_object_get(row, keys[i]));
	json_decref(hashed);
	return same;
}

static bool
in_its_place(struct chain *chain, int64_t seq)
{
	/* Numbers have no holes, so a hole is rows that were taken out. */
	if (seq == chain->seq + 1)
		return true;
	if (seq > chain->seq + 2)
		snprintf(chain->fault, sizeof chain->fault, "Rows %lld to %lld are missing.",
		    (long long)chain->seq + 1, (long long)seq - 1);
	else if (seq == chain->seq + 2)
		snprintf(chain->fault, sizeof chain->fault, "Row %lld is missing.",
		    (long long)chain->seq + 1);
	else
		snprintf(chain->fault, sizeof chain->fault,
		    "Row %lld is there more than once: one of them was slipped in.",
		    (long long)seq);
	return false;
}

/* The rows that an erasure names: a list of first and last numbers. */
static bool
is_named(const json_t *ranges, int64_t seq)
{
	json_t *range;
	size_t i;

	json_array_foreach(
	    ranges, i, range) if (seq >= json_integer_value(json_array_get(range, 0)) &&
				  seq <= json_integer_value(json_array_get(range, 1))) return true;
	return false;
}

static void
take_erasure(struct chain *chain, const json_t *row)
{
	const json_t *ranges = json_object_get(json_object_get(row, "detail"), "rows");

	for (size_t i = json_array_size(chain->unnamed); i > 0; i--) {
		int64_t seq = json_integer_value(json_array_get(chain->unnamed, i - 1));

		/* None vouches for itself: the last one of all must be as it was written. */
		if (seq <= chain->seq && is_named(ranges, seq))
			json_array_remove(chain->unnamed, i - 1);
	}
}

/* Whether the digest is that of the row. Of one that is withheld or erased nobody can say. */
static bool
is_of_the_row(struct chain *chain, const json_t *row, const uint8_t digest[CHAIN_HASH_BYTES])
{
	const char *text = show_text(row, "row"), *salt = show_text(row, "salt");
	uint8_t grain[CHAIN_HASH_BYTES], worked_out[CHAIN_HASH_BYTES];
	crypto_hash_sha256_state state;
	size_t len = 0;

	if (json_is_true(json_object_get(row, "withheld"))) {
		chain->withheld++;
		return true;
	}
	if (*show_text(row, "erased_at") != '\0') {
		chain->erased++;
		json_array_append_new(chain->unnamed, json_copy(json_object_get(row, "seq")));
		return true;
	}
	if (sodium_hex2bin(grain, sizeof grain, salt, strlen(salt), NULL, &len, NULL) != 0)
		return false;
	crypto_hash_sha256_init(&state);
	crypto_hash_sha256_update(&state, grain, len);
	crypto_hash_sha256_update(&state, (const uint8_t *)text, strlen(text));
	crypto_hash_sha256_final(&state, worked_out);
	return memcmp(worked_out, digest, sizeof worked_out) == 0 && says_the_same(row, text);
}

bool
chain_take(struct chain *chain, const json_t *row)
{
	int64_t seq = json_integer_value(json_object_get(row, "seq"));
	uint8_t prev[CHAIN_HASH_BYTES], hash[CHAIN_HASH_BYTES], worked_out[CHAIN_HASH_BYTES];
	uint8_t digest[CHAIN_HASH_BYTES];
	crypto_hash_sha256_state state;

	if (!in_its_place(chain, seq))
		return false;
	if (!read_hash(row, "prev", prev) || !read_hash(row, "hash", hash) ||
	    !read_hash(row, "digest", digest)) {
		snprintf(
		    chain->fault, sizeof chain->fault, "Row %lld has no hash.", (long long)seq);
		return false;
	}
	/* memcmp serves: hashes are no secrets, and nobody learns from the time that it takes. */
	if (memcmp(prev, chain->hash, sizeof prev) != 0) {
		snprintf(chain->fault, sizeof chain->fault,
		    "Row %lld does not follow row %lld: row %lld is not the one that was written.",
		    (long long)seq, (long long)chain->seq, (long long)chain->seq);
		return false;
	}
	crypto_hash_sha256_init(&state);
	/* By the hash that was computed here and not by the one that the row brings. */
	crypto_hash_sha256_update(&state, chain->hash, sizeof chain->hash);
	crypto_hash_sha256_update(&state, digest, sizeof digest);
	crypto_hash_sha256_final(&state, worked_out);
	if (memcmp(worked_out, hash, sizeof hash) != 0 || !is_of_the_row(chain, row, digest)) {
		snprintf(chain->fault, sizeof chain->fault,
		    "Row %lld is not the one that was written: its hash says otherwise.",
		    (long long)seq);
		return false;
	}
	if (strcmp(show_text(row, "action"), "subject_erased") == 0)
		take_erasure(chain, row);
	chain->seq = seq;
	memcpy(chain->hash, hash, sizeof hash);
	return true;
}

bool
chain_ends(struct chain *chain)
{
	if (json_array_size(chain->unnamed) == 0)
		return true;
	snprintf(chain->fault, sizeof chain->fault,
	    "Row %lld does not say what was written, and no erasure names it.",
	    (long long)json_integer_value(json_array_get(chain->unnamed, 0)));
	return false;
}

void
chain_free(struct chain *chain)
{
	json_decref(chain->unnamed);
	chain->unnamed = NULL;
}

bool
chain_agrees(struct chain *chain, const json_t *head, const char *whose)
{
	uint8_t hash[CHAIN_HASH_BYTES];
	int64_t seq = json_integer_value(json_object_get(head, "seq"));

	/* Heads about other rows are compared when those come. */
	if (seq != chain->seq ||
	    (read_hash(head, "hash", hash) && memcmp(hash, chain->hash, sizeof hash) == 0))
		return true;
	snprintf(chain->fault, sizeof chain->fault,
	    "Row %lld is not the one of %s: it, or rows before it, were written again and hashed again.",
	    (long long)seq, whose);
	return false;
}
