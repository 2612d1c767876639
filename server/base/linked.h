/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/base/text.h"

/* How many of the libraries that this process runs are no longer the files that it began with: an update has replaced
 * them, and its code runs only once the process has been started again. Their names are appended to ${names}, with
 * commas between them; NULL is allowed. Reads /proc/self/maps: a fraction of a millisecond. */
unsigned linked_replaced(struct buf *names);

/* The same of the text of such a file. Pure. */
unsigned linked_replaced_in(struct slice maps, struct buf *names);

/* Appends a line for each package of the system that the programs are linked with: its name, the version that they were
 * built with, and the version that is installed now, by ${dpkg_status} (/var/lib/dpkg/status); a sentence where the two
 * differ. Blocks. */
void linked_versions(struct buf *out, const char *dpkg_status);
