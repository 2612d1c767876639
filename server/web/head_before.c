/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "server/base/fatal.h"
#include "server/web/conn.h"

/*
 * A page that looks every 20 seconds and a program that asks for each call send the same head each
 * time. Gate and second reader are functions of its bytes alone, so that the same bytes need them
 * once. Nothing else is remembered: who asks, and whether the token still holds, is asked each time.
 */

#define BEFORE_MAX_BYTES 1024

/* The first end of a head in the bytes at hand is where it was before. Not by gate_find_end(), which
 * may have looked at a part of them already: what it would find is the same. */
bool
head_before_comes_again(struct conn *conn)
{
	const struct head_before *before = &conn->before;

	if (before->bytes == NULL || conn->in_len < before->len ||
	    memcmp(conn->in, before->bytes, before->len) != 0)
		return false;
	conn->head_len = before->len;
	conn->exchange.head.method = before->method;
	conn->exchange.head.field_count = before->field_count;
	return true;
}

/* At once, as the query is decoded in place. A head with a body is none: the second reader goes on
 * from its state after the head. */
void
head_before_keep(struct conn *conn)
{
	struct head_before *before = &conn->before;
	const struct gate_head *head = &conn->exchange.head;

	free(before->bytes);
	before->bytes = NULL;
	if (conn->head_len > BEFORE_MAX_BYTES || head->chunked || head->has_length)
		return;
	before->bytes = xmalloc(conn->head_len);
	memcpy(before->bytes, conn->in, conn->head_len);
	before->len = conn->head_len;
	before->method = head->method;
	before->field_count = head->field_count;
}
