/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/base/text.h"
#include "server/post/post.h"

/* An e-mail's bytes: RFC 5322 and MIME. Pure. */

/* Whether ${address} is one that is sent to and from here: ASCII (RFC 5321, no quoted names, no address literals), at most 254 bytes. */
bool mime_is_address(const char *address);

/* The part of ${address} after its "@". */
const char *mime_domain(const char *address);

/*
 * Appends the message to ${out}, lines ending with CRLF, at most 76 bytes each but for addresses and ids. ${from} and the message's address are as
 * mime_is_address wants them. Message-ID is <id@domain of from>.
 *
 * Nothing of the message can add a header or end one: what is not one line of plain text is made one (buf_add_line), and what is not ASCII is encoded
 * (RFC 2047). Auto-Submitted (RFC 3834) keeps out-of-office answers away.
 */
void mime_write(struct buf *out, const struct post_message *message, const char *from);

/* A header "Name: text" with CRLF, folded, encoded by RFC 2047 where it must be. ${text} may be any bytes. */
void mime_header(struct buf *out, const char *name, struct slice text);

/* The body's two encodings; ${text} has lines that end with \n. */
void mime_quoted_printable(struct buf *out, struct slice text);
void mime_base64(struct buf *out, struct slice text);
