/* SPDX-License-Identifier: MIT */
#include "server/api/views/parts/manual.h"

#include "server/api/api_sql.h"
#include "server/api/views/parts/numbered.h"
#include "server/base/instant.h"

/* Each listed statement begins with the id. */
enum { LISTED_ID = API_OVERRIDES_ID };
_Static_assert((int)LISTED_ID == (int)API_ABSENCES_ID, "one column for both lists");

/* By default from now on. The cursor is the id of the last row. */
struct manual_wanted
manual_wanted_read(struct ask *ask, int64_t ahead)
{
	struct manual_wanted wanted = {
	    .from = ask_time(ask, "from", ask->now),
	    .to = ask_time(ask, "to", ask->now + ahead),
	};
	struct numbered_page page = numbered_page(ask, 0);

	if (wanted.from >= wanted.to)
		ask_fault(ask, "query.to", "is not after from");
	wanted.after = page.cursor;
	wanted.limit = page.limit;
	return wanted;
}

/* A list that is being asked for. */
struct listing {
	struct manual_list list;
	uint32_t limit;
};

/* Showing names is noted in the audit; an empty list shows none. */
static void
on_rows(struct job *job, enum status st, const struct pg_rows *rows)
{
	const struct listing *listing = job->data;
	const struct numbered_list list = {
	    .name = listing->list.name,
	    .id = LISTED_ID,
	    .put = listing->list.put,
	};
	uint32_t shown = numbered_reply(job, &list, listing->limit, rows);

	(void)st;
	if (shown > 0 && rights_sight(job->ask.account) != SIGHT_COUNTS)
		ask_read(&job->ask, listing->list.route, listing->list.what, NULL, INSTANT_NONE);
	job_end(job);
}

void
manual_list_ask(struct ask *ask, const struct pg_stmt *stmt, struct pg_args *args,
    const struct manual_wanted *wanted, const struct manual_list *list)
{
	struct job *job;

	pg_time(args, wanted->from);
	pg_time(args, wanted->to);
	pg_int8(args, wanted->after);
	/* One more than is shown, to know whether there is a next page. */
	pg_int8(args, (int64_t)wanted->limit + 1);
	job = job_new(ask, sizeof(struct listing));
	*(struct listing *)job->data = (struct listing){*list, wanted->limit};
	job_call(job, stmt, args, on_rows);
}

/* Reads the row first, since the right to withdraw it depends on whose it is. */
void
manual_find(struct ask *ask, const char *kind, const struct pg_stmt *stmt, job_take_fn *found)
{
	struct pg_args args = {0};
	struct job *job;
	int64_t id;

	id = ask_id_named(ask, web_param(ask->exchange, "id"), kind);
	if (!ask_fine(ask))
		return;
	pg_int8(&args, id);
	job = job_new(ask, sizeof id);
	*(int64_t *)job->data = id;
	job_call(job, stmt, &args, found);
}

void
manual_withdrawn(struct job *job, enum status st, const struct pg_rows *rows)
{
	if (st == STATUS_REFUSED) {
		job_refuse(job, 409, rows);
		return;
	}
	ask_reply_nothing(&job->ask, NULL);
	job_end(job);
}

void
manual_withdraw(struct job *job, const struct pg_stmt *stmt)
{
	struct pg_args args = {0};

	pg_int8(&args, *(int64_t *)job->data);
	pg_text(&args, job->ask.account->name);
	job_write(job, stmt, &args, manual_withdrawn);
}

/* An id that the region does not have is of a person who has left it; nothing but the id is
 * known. */
void
manual_put_person(struct json_out *out, const struct ask *ask, const char *key, const char *id)
{
	uint32_t person = id ? table_get(&ask->region->person_by_id, id) : REGION_NONE;

	if (id == NULL || rights_sight(ask->account) == SIGHT_COUNTS) {
		out_null(out, key);
		return;
	}
	out_object(out, key);
	out_text(out, "id", ask_shown_id(ask, id));
	out_text(
	    out, "name", person == REGION_NONE ? NULL : region_person(ask->region, person)->name);
	out_object_end(out);
}
