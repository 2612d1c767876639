/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "server/base/fatal.h"
#include "server/web/compress.h"
#include "server/web/conn.h"
#include "server/web/server.h"

/* A body that many connections send at once, such as the list of all gaps, is in memory once. The
 * count is not atomic: everything here runs in one thread. */

struct web_bytes {
	unsigned refs;
	char *at;
	size_t len;
	struct web_bytes *gzip; /* the same compressed, once somebody has asked for it */
	bool incompressible;
};

/* The memory was allocated with malloc() and is freed with the last reference. */
struct web_bytes *
web_bytes_take(char *at, size_t len)
{
	struct web_bytes *bytes = xmalloc(sizeof *bytes);

	*bytes = (struct web_bytes){.refs = 1, .at = at, .len = len};
	return bytes;
}

struct web_bytes *
web_bytes_copy(struct slice bytes)
{
	char *copy = xmalloc(bytes.len == 0 ? 1 : bytes.len);

	memcpy(copy, bytes.at, bytes.len);
	return web_bytes_take(copy, bytes.len);
}

struct web_bytes *
web_bytes_ref(struct web_bytes *bytes)
{
	INVARIANT(bytes->refs > 0);
	bytes->refs++;
	return bytes;
}

void
web_bytes_unref(struct web_bytes *bytes)
{
	if (bytes == NULL)
		return;
	INVARIANT(bytes->refs > 0);
	if (--bytes->refs > 0)
		return;
	web_bytes_unref(bytes->gzip);
	free(bytes->at);
	free(bytes);
}

struct slice
web_bytes_slice(const struct web_bytes *bytes)
{
	return (struct slice){bytes->at, bytes->len};
}

/* Compressed once for all who are sent these bytes. Borrowed from ${bytes}; NULL if they do not get
 * smaller. */
struct web_bytes *
bytes_gzip(struct web_bytes *bytes)
{
	struct buf made = {0};

	if (bytes->gzip != NULL || bytes->incompressible)
		return bytes->gzip;
	bytes->incompressible = !compress_gzip(web_bytes_slice(bytes), &made);
	if (bytes->incompressible)
		buf_free(&made);
	else
		bytes->gzip = web_bytes_take(made.at, made.len);
	return bytes->gzip;
}
