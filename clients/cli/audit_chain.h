/* SPDX-License-Identifier: MIT */
#pragma once

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Computes the hash chain of the audit again, row by row. Nothing that the server says about the chain is
 * trusted: the hash of a row is the SHA-256 of the hash before it and of the row's digest, which is that of a
 * salt and of the text of the row, and that text must have the same content as the row that is shown.
 *
 * Of two kinds of rows the digest alone is there: those that are withheld from this account, and those of which
 * something was erased. An erased row must be in the list of an erasure that comes after it: otherwise somebody
 * took its salt away to make it say something else. Pure.
 */
#define CHAIN_HASH_BYTES 32
#define CHAIN_FAULT_MAX 320

struct chain {
	int64_t seq; /* of the last row that was in order */
	uint8_t hash[CHAIN_HASH_BYTES];
	char fault[CHAIN_FAULT_MAX]; /* "": none so far; else the first, a sentence */
	size_t withheld, erased;     /* rows of which the digest alone was there */
	json_t *unnamed;             /* the numbers of erased rows that no erasure has named yet */
};

/* Begins after the row ${begins_after} ({"seq","hash"}). False: it is malformed. */
bool chain_begin(struct chain *chain, const json_t *begins_after);

/* Adds the next row. False: it does not follow, and ${chain->fault} says which row is wrong and how. */
bool chain_take(struct chain *chain, const json_t *row);

/* Whether every erased row was named by an erasure. To be asked at the end. False: ${chain->fault} names the first
 * that was not. */
bool chain_ends(struct chain *chain);

/* Frees what it holds. */
void chain_free(struct chain *chain);

/* Compares the chain with ${head} ({"seq","hash"}), if that is about the row that was added last; a head about
 * another row agrees. False: ${chain->fault} says that rows were rewritten. ${whose}: where the head comes
 * from, for the sentence. */
bool chain_agrees(struct chain *chain, const json_t *head, const char *whose);
