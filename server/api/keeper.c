/* SPDX-License-Identifier: MIT */
#include "server/api/keeper.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "server/api/ask/identity_door.h"
#include "server/api/keep/ended_sessions.h"
#include "server/api/keep/follow.h"
#include "server/api/keep/snapshot_file.h"
#include "server/api/record/heads.h"
#include "server/api/views/imports/if_safe.h"
#include "server/api/views/views.h"
#include "server/base/fatal.h"
#include "server/base/figures.h"
#include "server/base/log.h"

#define TRY_EVERY_MS 100

struct keeper {
	struct keeper_options options;
	int lock; /* -1: it cannot be had at all */
	bool keeps;
	struct loop_timer *timer;
	struct snapshot_writer *writer;
	struct if_safe *if_safe;
};

static void
listen_for_identities(struct keeper *keeper)
{
	struct api *api = keeper->options.api;
	const struct config *config = keeper->options.config;

	if (!api->has_providers)
		return;
	api->identities = identity_door_open(api->loop, &(struct identity_door_options){
							    .socket_path = config->identity_socket,
							    .secret_file = config->identity_secret,
							    .handler = view_provider_sign_in,
							    .now = keeper->options.now,
							    .ctx = api,
							});
}

/* The file is written soon: what the keeper before had not written is written then. */
static void
begin(struct keeper *keeper)
{
	struct api *api = keeper->options.api;
	const char *directory = keeper->options.config->state_directory;

	keeper->keeps = true;
	figure_set(FIGURE_KEEPER, 1);
	ended_sessions_trim(keeper->options.ended_sessions);
	follow_note_ended(api->follow, keeper->options.ended_sessions);
	keeper->writer = snapshot_writer_new(api->loop, directory, &api->store);
	if (api->store.seen_database)
		snapshot_writer_changed(keeper->writer);
	api->heads = heads_open(api->loop, api->work, directory);
	keeper->if_safe = if_safe_open(api);
	listen_for_identities(keeper);
	log_plain(LOG_INFO, "keeper");
}

static void
try_to_begin(void *ctx)
{
	struct keeper *keeper = ctx;

	if (flock(keeper->lock, LOCK_EX | LOCK_NB) != 0)
		return;
	loop_timer_cancel(keeper->timer);
	keeper->timer = NULL;
	begin(keeper);
}

struct keeper *
keeper_open(const struct keeper_options *options)
{
	struct keeper *keeper = xcalloc(1, sizeof *keeper);
	char *path = xasprintf("%s/keeper.lock", options->config->state_directory);

	keeper->options = *options;
	keeper->lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (keeper->lock < 0) {
		/* On a full disk, say: lookups are answered, and what is kept is kept by nobody. */
		log_event(LOG_ERROR, "keeper_not_locked", LOG_STR("path", path),
		    LOG_STR("reason", strerror(errno)));
	} else {
		keeper->timer = loop_every(options->api->loop, TRY_EVERY_MS, try_to_begin, keeper);
		try_to_begin(keeper);
	}
	free(path);
	return keeper;
}

void
keeper_changed(struct keeper *keeper)
{
	if (keeper->writer != NULL)
		snapshot_writer_changed(keeper->writer);
}

/* Sessions that end are noted on, until the process ends: two may note one. */
static void
end(struct keeper *keeper)
{
	struct api *api = keeper->options.api;

	identity_door_close(api->identities);
	api->identities = NULL;
	if_safe_close(keeper->if_safe);
	heads_close(api->heads);
	api->heads = NULL;
	snapshot_writer_free(keeper->writer);
	figure_set(FIGURE_KEEPER, 0);
}

void
keeper_close(struct keeper *keeper)
{
	if (keeper == NULL)
		return;
	loop_timer_cancel(keeper->timer);
	if (keeper->keeps)
		end(keeper);
	if (keeper->lock >= 0)
		close(keeper->lock);
	free(keeper);
}
