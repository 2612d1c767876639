/* SPDX-License-Identifier: MIT */
#include "server/api/api_sql.h"
#include "server/api/keep/follow_steps.h"
#include "server/api/keep/snapshot_closings.h"

/* The step of a round that reads which navigators are closed: all of them, since they are few and change seldom. */

bool
follow_closings_start(struct follow *follow)
{
	if (!follow->round.whole && !follow->round.need_closings)
		return false;
	return follow_call(follow, &API_CLOSINGS, NULL);
}

enum status
follow_closings_take(struct follow *follow, const struct pg_rows *rows)
{
	snapshot_load_closings(follow->round.draft, rows, follow->round.closings_version);
	return STATUS_OK;
}
