/* SPDX-License-Identifier: MIT */
#include <brotli/encode.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <zlib.h>

#include "server/base/fatal.h"
#include "server/base/file.h"

/*
 * press FILE...: writes FILE.br and FILE.gz beside each file, as small as they get. For the build:
 * the server sends them as they are, and compresses nothing of a page itself.
 */

#define FILE_MAX ((size_t)8 << 20)
#define PATH_LENGTH_MAX 4096
#define WINDOW_GZIP (15 + 16) /* zlib: the largest window, with the header of gzip */

struct pressed {
	unsigned char *at;
	size_t len, capacity;
};

static struct pressed
room_for(size_t len)
{
	/* Neither coding adds more than this to what does not get smaller. */
	size_t capacity = len + len / 100 + 1024;

	return (struct pressed){.at = xmalloc(capacity), .capacity = capacity};
}

static struct pressed
gzip(const unsigned char *at, size_t len)
{
	struct pressed made = room_for(len);
	z_stream stream = {.avail_in = (uInt)len, .avail_out = (uInt)made.capacity};

	/* The cast drops const: deflate() only reads. */
	stream.next_in = (Bytef *)(uintptr_t)at;
	stream.next_out = made.at;
	INVARIANT(deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, WINDOW_GZIP, 9,
		      Z_DEFAULT_STRATEGY) == Z_OK);
	INVARIANT(deflate(&stream, Z_FINISH) == Z_STREAM_END);
	made.len = stream.total_out;
	deflateEnd(&stream);
	return made;
}

static struct pressed
brotli(const unsigned char *at, size_t len)
{
	struct pressed made = room_for(len);

	made.len = made.capacity;
	INVARIANT(BrotliEncoderCompress(BROTLI_MAX_QUALITY, BROTLI_DEFAULT_WINDOW, BROTLI_MODE_TEXT,
	    len, at, &made.len, made.at));
	return made;
}

static bool
put(const char *path, const char *suffix, struct pressed made)
{
	char name[PATH_LENGTH_MAX];
	int len = snprintf(name, sizeof name, "%s%s", path, suffix);
	bool good = len > 0 && (size_t)len < sizeof name &&
		    file_replace(name, made.at, made.len, 0644) == STATUS_OK;

	if (!good)
		fprintf(stderr, "press: cannot write %s%s\n", path, suffix);
	free(made.at);
	return good;
}

static bool
press(const char *path)
{
	char *bytes;
	size_t len;
	bool good;

	if (file_read(path, FILE_MAX, &bytes, &len) != STATUS_OK) {
		fprintf(stderr, "press: cannot read %s\n", path);
		return false;
	}
	good = put(path, ".br", brotli((unsigned char *)bytes, len)) &&
	       put(path, ".gz", gzip((unsigned char *)bytes, len));
	free(bytes);
	return good;
}

int
main(int count, char **arguments)
{
	if (count < 2) {
		fprintf(stderr, "usage: press FILE...\n");
		return 2;
	}
	for (int i = 1; i < count; i++)
		if (!press(arguments[i]))
			return 1;
	return 0;
}
