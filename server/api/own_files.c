/* SPDX-License-Identifier: MIT */
#include "server/api/own_files.h"

#include <sodium.h>
#include <stdlib.h>

#include "server/address/address_key.h"
#include "server/api/ask/seal.h"
#include "server/base/fatal.h"
#include "server/base/file.h"
#include "server/base/log.h"

#define HOLIDAYS_MAX_BYTES ((size_t)1 << 20)

static void
log_unreadable_region(int64_t version, const char *path)
{
	log_event(
	    LOG_ERROR, "region_unreadable", LOG_INT("version", version), LOG_STR("path", path));
}

/* The keys are files of the machine and not rows of the database: sessions can be checked while the
 * database is away, and a copy of the database opens no session. */
static void
open_key(const struct config *config, const char *name, uint8_t key[KEY_FILE_BYTES])
{
	if (key_file_open(config->state_directory, name, key) != STATUS_OK)
		fatal("could not read or make %s in %s", name, config->state_directory);
}

/* Logged at the start, when somebody looks at the log. It is not fatal: only a new address of a feed needs the
 * key. */
static void
check_address_key(const char *path)
{
	struct address_seal_key key;
	enum status st = address_seal_key_read(path, &key);

	if (st != STATUS_OK)
		log_event(LOG_ERROR, "address_seal_key_unusable", LOG_STR("path", path),
		    LOG_STR("fault", address_key_fault(st)));
	sodium_memzero(&key, sizeof key);
}

void
own_files_read(struct own_files *files, struct api *api, const struct config *config)
{
	size_t len;

	if (zonedb_open(config->zoneinfo_directory, &files->zones) != STATUS_OK)
		fatal("could not read the time zones in %s", config->zoneinfo_directory);
	if (file_read(config->bank_holidays, HOLIDAYS_MAX_BYTES, &files->holidays, &len) !=
	    STATUS_OK)
		fatal("could not read the bank holidays in %s", config->bank_holidays);
	api->tools = (struct snapshot_tools){.zones = files->zones,
	    .holidays_csv = {files->holidays, len},
	    .unreadable = log_unreadable_region};
	open_key(config, SESSION_KEY_FILE, api->session_key);
	open_key(config, SEAL_KEY_FILE, api->seal_key);
	api->address_seal_path =
	    address_key_path(config->address_seal_key, config->state_directory, ADDRESS_SEAL_FILE);
	check_address_key(api->address_seal_path);
}

void
own_files_close(struct own_files *files, struct api *api)
{
	zonedb_free(files->zones);
	free(files->holidays);
	free(api->address_seal_path);
	sodium_memzero(api->session_key, sizeof api->session_key);
	sodium_memzero(api->seal_key, sizeof api->seal_key);
}
