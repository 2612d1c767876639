/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "server/api/api_sql.h"
#include "server/api/ask/job.h"
#include "server/api/ask/rights_protocols.h"
#include "server/api/views/protocols/protocol_wish.h"
#include "server/api/views/views.h"
#include "server/base/civil.h"

/* POST /v1/protocols, PATCH and DELETE /v1/protocols/{id}: a document is added; its next edition takes its turn; it is
 * withdrawn. What was in force before stays in the record. */

#define PROTOCOLS_MOST 10 /* of one function at one place: a screen has room for few */
#define REASON_MAX_BYTES 200

static const char none[] = "There is no protocol with this number.";
static const char others[] = "You may not change the protocols of this place. Ask who manages it.";
static const char stale[] =
    "It was changed or withdrawn since you looked: look again before you change it.";

/* ------------------------------------------------------------------------------ add and replace */

static void
on_kept(struct job *job, enum status st, const struct pg_rows *rows)
{
	bool first = *(const bool *)job->data;
	struct json_out out = {0};
	int64_t id;

	if (st == STATUS_REFUSED) {
		job_refuse(job, 409, rows);
		return;
	}
	if (pg_get_bool(rows, 0, API_PROTOCOL_PUT_STALE)) {
		problem_reply(job->ask.exchange, 412, stale);
		job_end(job);
		return;
	}
	id = pg_get_int(rows, 0, API_PROTOCOL_PUT_PROTOCOL);
	out_object(&out, NULL);
	out_int(&out, "id", id);
	out_int(&out, "edition", pg_get_int(rows, 0, API_PROTOCOL_PUT_EDITION));
	out_object_end(&out);
	ask_reply_with(&job->ask, first ? 201 : 200, &out,
	    arena_printf(job->ask.arena, "Location: /v1/protocols/%lld\r\n", (long long)id));
	job_end(job);
}

/* The accounts of the organisation of ${ask->account}; without one it stands for itself. */
static void
put_accounts(struct pg_args *args, const struct ask *ask)
{
	const struct region *region = ask->region;
	uint32_t own = ask->account->organisation == NULL
			   ? TABLE_NONE
			   : table_get(&region->organisation_by_code, ask->account->organisation);
	VEC(const char *) names = {0};

	*VEC_PUSH(ask->arena, &names) = ask->account->name;
	for (uint32_t i = 0; own != TABLE_NONE && i < region->naccounts; i++)
		if (region->accounts[i].organisation == own)
			*VEC_PUSH(ask->arena, &names) = region->accounts[i].name;
	pg_text_array(args, names.items, names.count);
}

static void
write_protocol(struct ask *ask, const struct protocol_wish *wish)
{
	struct pg_args args = {0};
	struct job *job;

	if (wish->of.id == 0) {
		pg_null(&args);
		pg_null(&args);
	} else {
		pg_int8(&args, wish->of.id);
		pg_int4(&args, (int32_t)wish->of.edition);
	}
	pg_text(&args, wish->is);
	pg_bytea(&args, wish->pdf.at, wish->pdf.len);
	pg_text(&args, ask->account->name);
	pg_int4(&args, PROTOCOLS_MOST);
	put_accounts(&args, ask);
	pg_int8(&args, ask->api->protocol_bytes);
	job = job_new(ask, sizeof(bool));
	*(bool *)job->data = wish->of.id == 0;
	job_write(job, &API_PROTOCOL_PUT, &args, on_kept);
}

void
view_protocol_add(struct ask *ask)
{
	struct protocol_wish wish;

	protocol_wish_read(ask, NULL, &wish);
	if (wish.place != REGION_NONE &&
	    !rights_keeps_protocols(ask->region, ask->account, wish.place))
		ask_refuse(ask, 403, "%s", others);
	if (ask_fine(ask))
		write_protocol(ask, &wish);
}

/* The protocol of the path, if the account may change it: else a refusal was noted. */
static const struct kept_protocol *
find(struct ask *ask)
{
	int64_t id = ask_id_named(ask, web_param(ask->exchange, "id"), "protocol");
	const struct kept_protocol *found = protocols_find(ask->map->protocols, id);
	int64_t today = civil_day_of(zone_local(ask->map->setup->zone, ask->now));

	if (found == NULL ||
	    !rights_reads_protocols(ask->region, ask->account, found->place, today))
		ask_refuse(ask, 404, none);
	else if (!rights_keeps_protocols(ask->region, ask->account, found->place))
		ask_refuse(ask, 403, "%s", others);
	return ask->refused == 0 ? found : NULL;
}

void
view_protocol_replace(struct ask *ask)
{
	const struct kept_protocol *found = find(ask);
	struct protocol_wish wish = {0};

	if (found != NULL)
		protocol_wish_read(ask, found, &wish);
	if (ask_fine(ask))
		write_protocol(ask, &wish);
}

/* ------------------------------------------------------------------------------------- withdraw */

static void
on_withdrawn(struct job *job, enum status st, const struct pg_rows *rows)
{
	(void)st;
	if (pg_get_bool(rows, 0, API_PROTOCOL_WITHDRAW_DONE))
		ask_reply_nothing(&job->ask, NULL);
	else
		problem_reply(job->ask.exchange, 412, stale);
	job_end(job);
}

void
view_protocol_withdraw(struct ask *ask)
{
	const struct kept_protocol *found = find(ask);
	const char *reason = ask_text(ask, "reason");
	int64_t edition = ask_number(ask, "edition");
	struct pg_args args = {0};

	/* Only who may withdraw it is told what is missing. */
	if (found != NULL && (reason == NULL || strlen(reason) > REASON_MAX_BYTES ||
				 slice_trim(slice_of(reason)).len == 0))
		ask_fault(
		    ask, "query.reason", "is not text of 1 to %d bytes: say why", REASON_MAX_BYTES);
	if (!ask_fine(ask))
		return;
	pg_int8(&args, found->id);
	pg_int4(&args, (int32_t)(edition != 0 ? edition : found->edition));
	pg_text(&args, reason);
	pg_text(&args, ask->account->name);
	job_write(job_new(ask, 0), &API_PROTOCOL_WITHDRAW, &args, on_withdrawn);
}
