/* SPDX-License-Identifier: MIT */
#include "server/role.h"

#include <signal.h>
#include <stdlib.h>

#include "server/base/clock.h"
#include "server/base/confine.h"
#include "server/base/figures.h"
#include "server/base/linked.h"
#include "server/base/pulse.h"
#include "server/base/user.h"
#include "server/loop/loop.h"

#define FILE_EVERY_MS 1000
#define LIBRARIES_EVERY 10 /* seconds: an update is a matter of minutes */

char *
role_shared(const struct role_env *env, const char *name)
{
	const char *all =
	    env->state_directory != NULL ? env->state_directory : env->config->state_directory;

	return user_folder(env->config->role_users, all, name);
}

void
role_reads_no_more(const struct role_env *env)
{
	char *figures = role_shared(env, "figures");

	confine_files((const char *const[]){env->config->state_directory, figures, NULL}, false);
	free(figures);
}

unsigned
role_socket_mode(const struct config *config)
{
	return user_divides(config->role_users) ? 0660 : 0600;
}

static struct {
	struct loop *loop;
	void (*refresh)(void *ctx);
	void *ctx;
	unsigned seconds;
} filing;

/* The work counts itself for the supervisor already. */
static void
on_second(void *ctx)
{
	int64_t steps = (int64_t)pulse_steps();

	(void)ctx;
	if (steps != figure_own(FIGURE_WORK_STEPS)) {
		figure_set(FIGURE_WORK_STEPS, steps);
		figure_set(FIGURE_WORK_AT, clock_boot_ms());
	}
	figure_set(FIGURE_LOOP_LAG_MS, loop_lag_ms(filing.loop));
	if (filing.seconds++ % LIBRARIES_EVERY == 0)
		figure_set(FIGURE_LIBRARIES_REPLACED, linked_replaced(NULL));
	if (filing.refresh != NULL)
		filing.refresh(filing.ctx);
	figures_file();
}

void
role_figures(struct loop *loop, const struct role_env *env, void (*refresh)(void *ctx), void *ctx)
{
	char *folder = role_shared(env, "figures");

	filing.loop = loop;
	filing.refresh = refresh;
	filing.ctx = ctx;
	figures_open(folder, env->name, env->instance);
	free(folder);
	loop_every(loop, FILE_EVERY_MS, on_second, NULL);
}

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
