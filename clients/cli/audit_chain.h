/* SPDX-License-Identifier: MIT */
#pragma once

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * The audit's chain, computed again row by row from what the server sends of it. Nothing that the
 * server says about the chain is believed: a row's hash is SHA-256 of the hash before it and of the
 * row's own text, and the text must say what the row says.
 */
#define CHAIN_HASH_BYTES 32
#define CHAIN_FAULT_MAX 320

struct chain {
	int64_t seq; /* of the last row that was in order */
	uint8_t hash[CHAIN_HASH_BYTES];
	char fault[CHAIN_FAULT_MAX]; /* "": none so far; else the first, a sentence */
};

/* Begins after the row that ${begins_after} ({"seq","hash"}) is. False: it is not one. */
bool chain_begin(struct chain *chain, const json_t *begins_after);

/* Takes the next row. False: it is not the next, and fault says which is wrong and how. */
bool chain_take(struct chain *chain, const json_t *row);

/* Whether ${head} ({"seq","hash"}), where it is about the row that was taken last, agrees; false:
 * fault says that rows were written again. ${whose}: where the head comes from, for the sentence.
 */
bool chain_agrees(struct chain *chain, const json_t *head, const char *whose);
