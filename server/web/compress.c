/* SPDX-License-Identifier: MIT */
#include "server/web/compress.h"

#include <string.h>
#include <strings.h>
#include <zlib.h>

#include "server/base/breath.h"
#include "server/base/fatal.h"

#define LEAST_BYTES 1000
/* At the fast level about 60 MB a second: some 70 ms at worst, in slices where the answer is made in slices. */
#define MOST_BYTES ((size_t)4 << 20)
#define PIECE_BYTES ((size_t)16 << 10) /* some 300 microseconds */
/* Up to here the better level costs less than a millisecond or two. */
#define SMALL_BYTES ((size_t)128 << 10)
#define LEVEL_SMALL 5
#define LEVEL_LARGE 1
#define WINDOW_GZIP (15 + 16) /* zlib: the largest window, with the header of gzip */
#define MEMORY_LEVEL 8        /* zlib's default */

static struct slice
cut(struct slice *rest, char at)
{
	const char *found = memchr(rest->at, at, rest->len);
	size_t len = found == NULL ? rest->len : (size_t)(found - rest->at);
	struct slice part = {rest->at, len};

	rest->at += found == NULL ? len : len + 1;
	rest->len -= found == NULL ? len : len + 1;
	return slice_trim(part);
}

/* "q=0", "q=0.0": the coding is forbidden. */
static bool
is_forbidden(struct slice parameters)
{
	while (parameters.len > 0) {
		struct slice one = cut(&parameters, ';');

		if (one.len < 3 || strncasecmp(one.at, "q=", 2) != 0)
			continue;
		for (size_t i = 2; i < one.len; i++)
			if (one.at[i] != '0' && one.at[i] != '.')
				return false;
		return true;
	}
	return false;
}

bool
compress_accepts(struct slice accepted, const char *name)
{
	while (accepted.at != NULL && accepted.len > 0) {
		struct slice member = cut(&accepted, ',');
		struct slice coding = cut(&member, ';');

		if (slice_is_nocase(coding, name))
			return !is_forbidden(member);
	}
	return false;
}

bool
compress_pays(const char *type, size_t len)
{
	if (type == NULL || len <= LEAST_BYTES || len > MOST_BYTES)
		return false;
	return strncmp(type, "text/", strlen("text/")) == 0 || strstr(type, "json") != NULL ||
	       strncmp(type, "image/svg", strlen("image/svg")) == 0;
}

static Bytef *
bytes_of(const char *at)
{
	/* next_in is not const, although deflate() only reads it. */
	union {
		const char *in;
		Bytef *out;
	} bytes = {.in = at};

	return bytes.out;
}

bool
compress_gzip(struct slice body, struct buf *out)
{
	z_stream stream = {.next_in = bytes_of(body.at)};
	int level = body.len <= SMALL_BYTES ? LEVEL_SMALL : LEVEL_LARGE;
	size_t begin = out->len;
	int ended = Z_OK;

	INVARIANT(deflateInit2(&stream, level, Z_DEFLATED, WINDOW_GZIP, MEMORY_LEVEL,
		      Z_DEFAULT_STRATEGY) == Z_OK);
	buf_add(out, body.at, body.len); /* room for what is just not worth it */
	stream.next_out = (Bytef *)out->at + begin;
	stream.avail_out = (uInt)body.len;
	for (size_t left = body.len; left > 0 && ended == Z_OK;) {
		size_t piece = left < PIECE_BYTES ? left : PIECE_BYTES;

		stream.avail_in = (uInt)piece;
		left -= piece;
		ended = deflate(&stream, left > 0 ? Z_NO_FLUSH : Z_FINISH);
		left += stream.avail_in;
		breath();
	}
	out->len = begin + stream.total_out;
	deflateEnd(&stream);
	return ended == Z_STREAM_END;
}
