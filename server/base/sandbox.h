/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "server/base/arena.h"
#include "server/base/status.h"
#include "server/base/text.h"

/*
 * One piece of work on untrusted bytes in a sealed child. The child is forked from a process that
 * has loaded all it needs (the zygote: server/reader, or `crisiscover read`). In the child, before
 * the first byte of input is read, every door is shut: no_new_privs, not dumpable, rlimits (CPU 2
 * s, address space, no file writes, no new descriptors, no processes, no core), all descriptors
 * closed but the one socket, seccomp with kill as the default. If a door will not shut, the child
 * answers SANDBOX_DOOR and reads nothing.
 */

/* AddressSanitizer maps terabytes, prints to stderr and sets an alternative stack; nobody runs it
 * on foreign bytes. It costs severalfold, too. */
#if defined(__SANITIZE_ADDRESS__)
#define SANDBOX_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SANDBOX_SANITIZED 1
#endif
#endif
#ifndef SANDBOX_SANITIZED
#define SANDBOX_SANITIZED 0
#endif

/* The work: from ${request} (borrowed) to ${answer} (appended to). Runs sealed. */
typedef void sandbox_work_fn(void *ctx, struct slice request, struct buf *answer);

struct sandbox_limits {
	size_t request_max_bytes, answer_max_bytes;
	unsigned cpu_seconds; /* of the processor */
	unsigned wall_ms;     /* how long sandbox_run() waits for the child */
	size_t memory_bytes; /* address space; ignored under AddressSanitizer, which needs terabytes
				of it */
	bool secret;         /* the request is locked in memory, kept out of any dump, and wiped */
};

/* All that a child does from then on: seals itself, reads one request from ${fd} (a stream socket:
 * u32 length, bytes), works, writes one answer (u32 status, u32 length, bytes), exits. Never
 * returns. Call right after fork. */
_Noreturn void sandbox_child(
    int fd, const struct sandbox_limits *limits, sandbox_work_fn *work, void *ctx);

/* Header of an answer. */
enum sandbox_verdict { SANDBOX_DONE = 1, SANDBOX_DOOR = 2, SANDBOX_TOO_BIG = 3 };
#define SANDBOX_REQUEST_HEADER 4
#define SANDBOX_ANSWER_HEADER 8

/*
 * The blocking form for commands: forks a sealed child, gives it ${request}, waits at most
 * the limits' wall_ms. On STATUS_OK ${answer} holds the answer (hostile until checked). STATUS_LIMIT: too
 * big, too slow or killed for its appetite; STATUS_REFUSED: a door would not shut;
 * STATUS_MALFORMED: it died or answered nonsense.
 */
MUST_USE enum status sandbox_run(const struct sandbox_limits *limits, sandbox_work_fn *work,
    void *ctx, struct slice request, struct buf *answer);
