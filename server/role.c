/* SPDX-License-Identifier: MIT */
#include "server/role.h"

#include <signal.h>

#include "server/loop/loop.h"

static void
on_stop(void *ctx)
{
	loop_stop(ctx);
}

/* SIGPIPE is ignored, because a peer that closes is seen by the error of a write. SIGHUP ends the
 * process too: there is nothing to read again, and the supervisor starts it with the new
 * configuration. */
void
role_signals(struct loop *loop)
{
	signal(SIGPIPE, SIG_IGN);
	/* A file at its limit (ulimit -f) is met as a full disk is: the write fails, and the process goes on. */
	signal(SIGXFSZ, SIG_IGN);
	loop_on_signal(loop, SIGTERM, on_stop, loop);
	loop_on_signal(loop, SIGINT, on_stop, loop);
	loop_on_signal(loop, SIGHUP, on_stop, loop);
}
