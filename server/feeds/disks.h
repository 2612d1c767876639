/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/config.h"
#include "server/loop/loop.h"

/*
 * How much room is left on the disks of this machine, for operators (base/figures.h): of the server's own files, and of the
 * database, Redis and the logs where the settings name them. Feeds looks, because nobody waits for its answers: a file system
 * that does not answer holds up who asks about it.
 */
struct disks;
struct disks *disks_new(struct loop *loop, const struct config *config);
void disks_free(struct disks *disks);
