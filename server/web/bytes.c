/* SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include "server/base/fatal.h"
#include "server/web/server.h"

/* A body that many connections send at once, such as the list of all gaps, is in memory once. The
 * count is not atomic: everything here runs in one thread. */

struct web_bytes {
	unsigned refs;
	char *at;
	size_t len;
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
	free(bytes->at);
	free(bytes);
}

struct slice
web_bytes_slice(const struct web_bytes *bytes)
{
	return (struct slice){bytes->at, bytes->len};
}
