/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>

#include "server/base/clock.h"
#include "server/base/fatal.h"
#include "server/base/pack.h"
#include "server/base/sandbox.h"

/* The parent of one sealed child, for commands that may block. The child has read an attacker's
 * bytes, so its answer is not trusted until it has been checked. */

struct talk {
	int fd;
	struct buf out, in;
	size_t sent, in_max;
	int64_t ends_ms;
};

enum talk_end { TALK_WHOLE, TALK_SLOW, TALK_TOO_MUCH };

/* False at the end of the child's answer. */
static bool
receive(struct talk *talk)
{
	char piece[16384];
	ssize_t got = recv(talk->fd, piece, sizeof piece, MSG_DONTWAIT);

	if (got < 0)
		return errno == EINTR || errno == EAGAIN;
	buf_add(&talk->in, piece, (size_t)got);
	return got > 0;
}

/* A child that stops reading has its reason; its answer, if any, gives it. */
static void
send_more(struct talk *talk)
{
	ssize_t put = send(talk->fd, talk->out.at + talk->sent, talk->out.len - talk->sent,
	    MSG_DONTWAIT | MSG_NOSIGNAL);

	if (put > 0)
		talk->sent += (size_t)put;
	else if (put < 0 && errno != EINTR && errno != EAGAIN)
		talk->sent = talk->out.len;
}

static enum talk_end
talk_to_child(struct talk *talk)
{
	while (talk->in.len <= talk->in_max) {
		/* Both directions at once: a child that answers before it has read everything would
		 * else block on us, and we on it. */
		struct pollfd poll_fd = {.fd = talk->fd, .events = POLLIN};
		int64_t left = talk->ends_ms - clock_mono_ms();

		if (talk->sent < talk->out.len)
			poll_fd.events |= POLLOUT;
		if (left <= 0)
			return TALK_SLOW;
		/* Interrupted or timed out: the loop checks the clock again. */
		/* poll() takes an int. */
		if (poll(&poll_fd, 1, (int)(left > INT16_MAX ? INT16_MAX : left)) <= 0)
			continue;
		if (poll_fd.revents & POLLOUT)
			send_more(talk);
		if ((poll_fd.revents & (POLLIN | POLLHUP | POLLERR)) && !receive(talk))
			return TALK_WHOLE;
	}
	return TALK_TOO_MUCH;
}

static bool
died_of_a_limit(int end)
{
	/* SIGXCPU: the soft limit of processor time. SIGKILL: the kernel, for memory or at the hard
	 * limit; if we sent it, judge() has returned before. */
	if (WIFSIGNALED(end))
		return WTERMSIG(end) == SIGXCPU || WTERMSIG(end) == SIGKILL;
	return WEXITSTATUS(end) == EX_OSERR;
}

static enum status
judge(const struct talk *talk, enum talk_end how, int end, struct buf *answer)
{
	struct unpack unpack = unpack_from(talk->in.at, talk->in.len);
	uint32_t verdict = unpack_u32(&unpack);
	struct slice body = unpack_bytes(&unpack);

	/* First, because a child that was killed for its slowness has also died of a signal. */
	if (how == TALK_SLOW)
		return STATUS_LIMIT;
	if (how == TALK_TOO_MUCH)
		return STATUS_MALFORMED;
	/* Even if it has sent an answer: the answer of a child that died afterwards cannot be
	 * trusted. */
	if (!WIFEXITED(end) || WEXITSTATUS(end) != 0)
		return died_of_a_limit(end) ? STATUS_LIMIT : STATUS_MALFORMED;
	if (!unpack_done(&unpack))
		return STATUS_MALFORMED;
	switch (verdict) {
	case SANDBOX_DONE:
		buf_add(answer, body.at, body.len);
		return STATUS_OK;
	case SANDBOX_DOOR:
		return STATUS_REFUSED;
	case SANDBOX_TOO_BIG:
		return STATUS_LIMIT;
	default:
		return STATUS_MALFORMED;
	}
}

static enum status
talk_and_reap(struct talk *talk, pid_t pid, struct buf *answer)
{
	enum talk_end how = talk_to_child(talk);
	int end;

	/* Before it is waited for: it may never end by itself. */
	if (how != TALK_WHOLE)
		kill(pid, SIGKILL);
	while (waitpid(pid, &end, 0) < 0)
		INVARIANT(errno == EINTR);
	return judge(talk, how, end, answer);
}

enum status
sandbox_run(const struct sandbox_limits *limits, sandbox_work_fn *work, void *ctx,
    struct slice request, struct buf *answer)
{
	struct talk talk = {.in_max = SANDBOX_ANSWER_HEADER + limits->answer_max_bytes};
	enum status st;
	int pair[2];
	pid_t pid;

	if (request.len > limits->request_max_bytes)
		return STATUS_LIMIT;
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0)
		fatal("could not make a socket pair");
	pid = fork();
	if (pid == 0)
		sandbox_child(pair[1], limits, work, ctx);
	/* The child has its own copy; with ours open its end would never be seen. */
	close(pair[1]);
	if (pid < 0)
		fatal("could not fork");
	pack_bytes(&talk.out, request.at, request.len);
	talk.fd = pair[0];
	talk.ends_ms = clock_mono_ms() + limits->wall_ms;
	st = talk_and_reap(&talk, pid, answer);
	close(pair[0]);
	buf_free(&talk.out);
	buf_free(&talk.in);
	return st;
}
