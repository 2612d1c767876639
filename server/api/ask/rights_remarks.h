/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "server/map/remarks.h"
#include "server/map/snapshot.h"

/* Who may report what came of ringing, and who may write notes (server/api/README.md). Pure. */

/* Whether it rings people at all: every role that sees names, but who only reviews. Which places it may
 * report from is a question of its own (rights_place). */
bool rights_reports(const struct account *account);

/* Whether it sees to reports about people of ${rota}; with REGION_NONE, about the line of ${service}: the
 * rota managers, and an administrator. */
bool rights_keeps_reports(
    const struct region *region, const struct account *account, uint32_t rota, uint32_t service);

/* Whether it reads notes at all: they may name people. */
bool rights_reads_notes(const struct account *account);

/* Whether it may write a note on this, and take any away: an administrator; switchboards and place
 * managers for what has to do with their places; rota managers for their own people, rotas and
 * services. Of ${note} only what it is on counts. */
bool rights_writes_note(
    const struct region *region, const struct account *account, const struct kept_note *note);
