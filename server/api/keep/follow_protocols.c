/* SPDX-License-Identifier: MIT */
#include "server/api/api_sql.h"
#include "server/api/keep/follow_steps.h"
#include "server/api/keep/snapshot_protocols.h"

/* The step of a round that reads the protocols: all of them, since they are few and change seldom. */

bool
follow_protocols_start(struct follow *follow)
{
	if (!follow->round.whole && !follow->round.need_protocols)
		return false;
	return follow_call(follow, &API_PROTOCOLS, NULL);
}

enum status
follow_protocols_take(struct follow *follow, const struct pg_rows *rows)
{
	snapshot_load_protocols(follow->round.draft, rows, follow->round.protocols_version);
	return STATUS_OK;
}
