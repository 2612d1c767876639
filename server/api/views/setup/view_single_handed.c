/* SPDX-License-Identifier: MIT */
#include "server/api/api_sql.h"
#include "server/api/ask/job.h"
#include "server/api/ask/rights_setup.h"
#include "server/api/views/parts/reviewed.h"
#include "server/api/views/views.h"

/* Changes that an administrator put in force without a second person (region_second.h). They are listed for
 * accounts with a place that is affected, and somebody else must review them. */

/* ---------------------------------------------------------------------------------------- whose */

struct touched {
	const struct pg_rows *rows;
	size_t row;
	unsigned column; /* of the places */
};

/* How many of the affected places belong to the account. An account that lists no places has none here, although
 * it may read about all: this decides about a right to act. */
static size_t
count_own(const struct ask *ask, const struct touched *touched)
{
	size_t count = pg_get_array_count(touched->rows, touched->row, touched->column), own = 0;

	for (size_t i = 0; i < count && ask->account->nplaces > 0; i++) {
		struct slice code =
		    pg_get_array_text(touched->rows, touched->row, touched->column, i);
		uint32_t place = table_get(
		    &ask->region->place_by_code, arena_strndup(ask->arena, code.at, code.len));

		own += place != TABLE_NONE && rights_place(ask->region, ask->account, place);
	}
	return own;
}

static bool
keeps_places(const struct account *account)
{
	return account->role == ROLE_COMMISSIONER || account->role == ROLE_PLACE_MANAGER;
}

/* Auditors and administrators see all, or if they list places, what affects one of them; commissioners and place
 * managers see what affects a place that they list. */
static bool
may_see(const struct ask *ask, const struct touched *touched)
{
	if (rights_has(ask->account, RIGHT_REVIEW) && ask->account->nplaces == 0)
		return true;
	return (rights_has(ask->account, RIGHT_REVIEW) || keeps_places(ask->account)) &&
	       count_own(ask, touched) > 0;
}

/* An administrator, or a commissioner or place manager of all affected places. SQL refuses the account that made
 * the change. */
static bool
may_review(const struct ask *ask, const struct touched *touched)
{
	size_t count = pg_get_array_count(touched->rows, touched->row, touched->column);

	return ask->account->role == ROLE_ADMINISTRATOR ||
	       (keeps_places(ask->account) && count > 0 && count_own(ask, touched) == count);
}

/* ----------------------------------------------------------------------------------------- list */

static void
put_one(struct json_out *out, const struct ask *ask, const struct pg_rows *rows, size_t row)
{
	out_object(out, NULL);
	out_int(out, "id", pg_get_int(rows, row, API_SINGLE_HANDED_ID));
	out_int(out, "version", pg_get_int(rows, row, API_SINGLE_HANDED_VERSION));
	out_text(out, "by", pg_get_text(rows, row, API_SINGLE_HANDED_ACCOUNT));
	out_text(
	    out, "reason", ask_shown_text(ask, pg_get_text(rows, row, API_SINGLE_HANDED_REASON)));
	out_raw(out, "shown", pg_get_bytes(rows, row, API_SINGLE_HANDED_SHOWN));
	out_array(out, "places");
	for (size_t i = 0; i < pg_get_array_count(rows, row, API_SINGLE_HANDED_PLACES); i++)
		out_slice(out, NULL, pg_get_array_text(rows, row, API_SINGLE_HANDED_PLACES, i));
	out_array_end(out);
	out_time(out, "at", pg_get_time(rows, row, API_SINGLE_HANDED_AT));
	out_time(out, "reviewed_at",
	    pg_get_time_or(rows, row, API_SINGLE_HANDED_REVIEWED_AT, INSTANT_NEVER));
	out_text(out, "reviewed_by", pg_get_text(rows, row, API_SINGLE_HANDED_REVIEWED_BY));
	out_text(out, "review_note",
	    ask_shown_text(ask, pg_get_text(rows, row, API_SINGLE_HANDED_REVIEW_NOTE)));
	out_object_end(out);
}

static bool
may_see_row(const struct ask *ask, const struct pg_rows *rows, size_t row)
{
	return may_see(ask, &(struct touched){rows, row, API_SINGLE_HANDED_PLACES});
}

void
view_single_handed(struct ask *ask)
{
	static const struct reviewed_list list = {
	    "single_handed", &API_SINGLE_HANDED, API_SINGLE_HANDED_ID, may_see_row, put_one};

	reviewed_list(ask, &list);
}

/* --------------------------------------------------------------------------------------- review */

static bool
may_review_row(const struct ask *ask, const struct pg_rows *rows)
{
	return may_review(ask, &(struct touched){rows, 0, API_SINGLE_HANDED_TOUCHED_PLACES});
}

void
view_single_handed_review(struct ask *ask)
{
	static const struct reviewed_review review = {
	    .what = "change",
	    .none = "There is none with this number that this account may review.",
	    .look = &API_SINGLE_HANDED_TOUCHED,
	    .may_review = may_review_row,
	    .review = &API_SINGLE_HANDED_REVIEW,
	    .refused = API_SINGLE_HANDED_REVIEW_REFUSED,
	};

	reviewed_review(ask, &review);
}
