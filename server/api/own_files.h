/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/api/context.h"
#include "server/config.h"

/* What an api process reads from the files of its machine before anything else: time zones and bank holidays, with
 * which the snapshot is made (${tools} of the api), and its keys. */
struct own_files {
	struct zonedb *zones;
	char *holidays;
};

/* What cannot be read is fatal, but for the key that seals addresses of feeds: the log has its fault. */
void own_files_read(struct own_files *files, struct api *api, const struct config *config);

/* Once nothing of the api is used any more. Wipes the keys. */
void own_files_close(struct own_files *files, struct api *api);
