/* SPDX-License-Identifier: MIT */
#include "server/base/sandbox.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "server/base/fatal.h"
#include "server/base/pack.h"
#include "server/base/sandbox_doors.h"

/* The child: seals itself, reads one request, works, answers. sandbox_run.c is its parent's
 * side. */

/* Blocks without a time limit of its own: RLIMIT_CPU ends a child that computes for too long,
 * and its parent kills one that waits for too long. */
static bool
read_exactly(int fd, char *bytes, size_t len)
{
	while (len > 0) {
		ssize_t got = read(fd, bytes, len);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return false;
		bytes += got;
		len -= (size_t)got;
	}
	return true;
}

static bool
write_exactly(int fd, const char *bytes, size_t len)
{
	while (len > 0) {
		ssize_t put = write(fd, bytes, len);

		if (put < 0 && errno == EINTR)
			continue;
		if (put <= 0)
			return false;
		bytes += put;
		len -= (size_t)put;
	}
	return true;
}

static _Noreturn void
answer_and_end(int fd, enum sandbox_verdict verdict, struct slice body)
{
	struct buf header = {0};
	bool out;

	pack_u32(&header, verdict);
	pack_u32(&header, (uint32_t)body.len);
	out = write_exactly(fd, header.at, header.len) && write_exactly(fd, body.at, body.len);
	/* _exit(): handlers and buffers of the process that forked us are not ours to run. */
	_exit(out ? EXIT_SUCCESS : EXIT_FAILURE);
}

/* Memory that is neither swapped nor written to a core dump; NULL if the machine gives none. */
static char *
locked(size_t len)
{
	void *room = mmap(
	    NULL, len, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_LOCKED, -1, 0);

	if (room == MAP_FAILED)
		return NULL;
	if (mlock(room, len) != 0 || madvise(room, len, MADV_DONTDUMP) != 0)
		return NULL;
	return room;
}

void
sandbox_child(int fd, const struct sandbox_limits *limits, sandbox_work_fn *work, void *ctx)
{
	char header[SANDBOX_REQUEST_HEADER];
	struct unpack unpack;
	struct buf answer = {0};
	uint32_t len;
	char *request = NULL;

	/* Before the first byte of input is read. Memory is locked first, as the seal forbids that.
	 * The answer can still be written: the socket is open, and the seal allows writing. */
	if (limits->secret)
		request = locked(limits->request_max_bytes);
	if ((limits->secret && request == NULL) || !sandbox_shut_doors(&fd, limits))
		answer_and_end(fd, SANDBOX_DOOR, SLICE(""));
	/* The parent has closed its end, so there is nobody to answer. */
	if (!read_exactly(fd, header, sizeof header))
		_exit(EXIT_FAILURE);
	unpack = unpack_from(header, sizeof header);
	len = unpack_u32(&unpack);
	if (len > limits->request_max_bytes)
		answer_and_end(fd, SANDBOX_TOO_BIG, SLICE(""));
	/* After the check against the limit, and under RLIMIT_AS. */
	if (!limits->secret)
		request = xmalloc(len);
	if (!read_exactly(fd, request, len))
		_exit(EXIT_FAILURE);
	work(ctx, (struct slice){request, len}, &answer);
	if (limits->secret)
		explicit_bzero(request, len);
	/* The parent would not read past its limit; from the verdict it knows why there is no
	 * answer. */
	if (answer.len > limits->answer_max_bytes)
		answer_and_end(fd, SANDBOX_TOO_BIG, SLICE(""));
	answer_and_end(fd, SANDBOX_DONE, (struct slice){answer.at, answer.len});
}
