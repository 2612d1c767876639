/* SPDX-License-Identifier: MIT */
#pragma once

/* The command `crisiscoverd address-key-change`: makes a new key pair for feed addresses, puts it into
 * the two files, and seals every address that is kept with it. Nothing stops meanwhile, and a run that
 * was cut off is run again. Keys that were in use until then stay in the open file after the new one
 * while a box needs them, and the one before it always, so that a backup of the database from before
 * can still be used. ${conninfo}: of the schema's owner. Its exit status; what is wrong is written to
 * stderr. */
struct address_change {
	const char *conninfo, *seal_path, *open_path;
};
int address_change_run(const struct address_change *change);
