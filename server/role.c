/* SPDX-License-Identifier: MIT */
#include "server/role.h"

#include <signal.h>

#include "server/loop/loop.h"

static void
on_stop(void *ctx)
{
	loop_stop(ctx);
}

void
role_signals(struct loop *loop)
{
	signal(SIGPIPE, SIG_IGN);
	loop_on_signal(loop, SIGTERM, on_stop, loop);
	loop_on_signal(loop, SIGINT, on_stop, loop);
	loop_on_signal(loop, SIGHUP, on_stop, loop);
}
