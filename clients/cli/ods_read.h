/* SPDX-License-Identifier: MIT */
#pragma once

#include "clients/cli/ods_list.h"
#include "server/base/text.h"

/*
 * Reads the files of organisations and sites that the Organisation Data Service publishes. Pure. Three forms
 * are recognized by their content:
 * - the organisation files (etr, ets, ect, eccg and others): CSV of 27 columns without a heading, of
 *   which the code (1), the name (2) and the close date (12, yyyymmdd) are used;
 * - the file of successors (succ): CSV of 5 columns without a heading: a code, its successor, the
 *   reason, the day (yyyymmdd), an indicator;
 * - FHIR: an Organization, or a Bundle of them, of STU3 or R4. FHIR has no successors.
 *
 * Adds the content of ${bytes} to ${ods}. Returns NULL if all of it was read, otherwise what is wrong and
 * where (memory of the arena); ${ods} must not be used then. A code that occurs twice is an error, unless
 * both rows agree.
 */
const char *ods_read(struct ods *ods, struct slice bytes);

/* ${name} as people write it: the published names are all in capitals. Memory of the arena. */
const char *ods_name(struct arena *arena, const char *name);
