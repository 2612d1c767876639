/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/api/ask/json_out.h"
#include "server/api/views/operations/machine.h"

/* Writes the member "wrong": a list of sentences, each of which says what is wrong on the machine; an empty list when
 * nothing is. What is judged here has an alarm in deploy/alerts.yml and a heading in docs/runbook.md, too. */
void wrong_put(struct json_out *out, const struct api *api, const struct machine *machine);

/* Below these parts of a disk it is said; over these ages. */
#define WRONG_DISK_PERCENT 10
#define WRONG_OUTBOX_SECONDS 60
#define WRONG_MESSAGES_SECONDS 1800
#define WRONG_LAST_GOOD_SECONDS 60
#define WRONG_CLOCK_MS 2000
#define WRONG_CHECK_SECONDS 7200 /* some of the map is checked each hour */
#define WRONG_DIFFERED_SECONDS 86400
#define WRONG_SCHEMA_SECONDS 60
#define WRONG_BACKUP_SECONDS (26 * 3600) /* it is made each night */
#define WRONG_ARCHIVE_SECONDS 900
#define WRONG_CANARY_SECONDS 180 /* three changes have not come through */
