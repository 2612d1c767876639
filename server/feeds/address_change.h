/* SPDX-License-Identifier: MIT */
#pragma once

/* The command `crisiscoverd address-key-change`: makes a new key pair for feed addresses, writes it to the two
 * files, and seals every address in the database with it. The server goes on meanwhile, and a run that was
 * interrupted can be repeated. Former keys stay in the open file after the new one as long as a box needs
 * them; the last one before the new one always stays, so that a backup of the database from before can be
 * used. ${conninfo}: that of the schema's owner. Returns the exit status; errors go to stderr. */
struct address_change {
	const char *conninfo, *seal_path, *open_path;
};
int address_change_run(const struct address_change *change);
