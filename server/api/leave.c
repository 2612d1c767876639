/* SPDX-License-Identifier: MIT */
#include "server/api/leave.h"

#include <signal.h>
#include <stdlib.h>

#include "server/api/events/listeners.h"
#include "server/base/fatal.h"
#include "server/base/log.h"

#define IDLE_MS 2000     /* of connections that are left to another process */
#define IDLE_LAST_MS 200 /* there is nobody else: what is idle asks nothing */

struct leave {
	struct api *api;
	struct keeper **keeper;
	bool leaving;
};

static void
on_drained(void *ctx)
{
	struct leave *leave = ctx;

	log_event(LOG_INFO, "drained",
	    LOG_INT("cut_off", (int64_t)web_server_stats(leave->api->server).open_connections));
	loop_stop(leave->api->loop);
}

static void
begin(struct leave *leave, bool last)
{
	if (leave->leaving)
		return;
	leave->leaving = true;
	log_event(LOG_INFO, "draining",
	    LOG_INT("connections", (int64_t)web_server_stats(leave->api->server).open_connections));
	listeners_end(leave->api->listeners);
	web_server_drain(leave->api->server, &(struct web_drain){
						 .last = last,
						 .idle_ms = last ? IDLE_LAST_MS : IDLE_MS,
						 .drained = on_drained,
						 .ctx = leave,
					     });
	if (!last) {
		keeper_close(*leave->keeper);
		*leave->keeper = NULL;
	}
}

static void
on_replaced(void *ctx)
{
	begin(ctx, false);
}

static void
on_end(void *ctx)
{
	begin(ctx, true);
}

struct leave *
leave_new(struct api *api, struct keeper **keeper)
{
	struct leave *leave = xcalloc(1, sizeof *leave);

	leave->api = api;
	leave->keeper = keeper;
	signal(SIGPIPE, SIG_IGN);
	loop_on_signal(api->loop, SIGHUP, on_replaced, leave);
	loop_on_signal(api->loop, SIGTERM, on_end, leave);
	loop_on_signal(api->loop, SIGINT, on_end, leave);
	return leave;
}

void
leave_free(struct leave *leave)
{
	free(leave);
}
