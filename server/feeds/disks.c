/* SPDX-License-Identifier: MIT */
#include "server/feeds/disks.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>

#include "server/base/fatal.h"
#include "server/base/figures.h"
#include "server/base/log.h"

#define LOOK_EVERY_MS 5000
#define WATCHED 4

struct disks {
	struct loop_timer *timer;
	struct watched {
		const char *path; /* "": it is not watched */
		enum figure free, size;
		bool complained;
	} watched[WATCHED];
};

/* What cannot be looked at is not known any more: an old figure would look like a new one. */
static void
look_at(struct watched *disk)
{
	struct statvfs now;

	if (disk->path[0] == '\0')
		return;
	if (statvfs(disk->path, &now) != 0) {
		if (!disk->complained)
			log_event(LOG_WARN, "disk_not_watched", LOG_STR("path", disk->path),
			    LOG_STR("reason", strerror(errno)));
		disk->complained = true;
		figure_forget(disk->free);
		figure_forget(disk->size);
		return;
	}
	disk->complained = false;
	figure_set(disk->free, (int64_t)now.f_bavail * (int64_t)now.f_frsize);
	/* Without what is kept for root, so that an empty disk is all free. */
	figure_set(disk->size,
	    (int64_t)(now.f_blocks - now.f_bfree + now.f_bavail) * (int64_t)now.f_frsize);
}

static void
on_look(void *ctx)
{
	struct disks *disks = ctx;

	for (size_t i = 0; i < WATCHED; i++)
		look_at(&disks->watched[i]);
}

struct disks *
disks_new(struct loop *loop, const struct config *config)
{
	struct disks *disks = xcalloc(1, sizeof *disks);

	*disks = (struct disks){
	    .watched = {
		{config->state_directory, FIGURE_DISK_STATE_FREE, FIGURE_DISK_STATE_SIZE, false},
		{config->database_directory, FIGURE_DISK_DATA_FREE, FIGURE_DISK_DATA_SIZE, false},
		{config->log_directory, FIGURE_DISK_LOG_FREE, FIGURE_DISK_LOG_SIZE, false},
		{config->redis_directory, FIGURE_DISK_REDIS_FREE, FIGURE_DISK_REDIS_SIZE, false}}};
	disks->timer = loop_every(loop, LOOK_EVERY_MS, on_look, disks);
	on_look(disks);
	return disks;
}

void
disks_free(struct disks *disks)
{
	loop_timer_cancel(disks->timer);
	free(disks);
}
