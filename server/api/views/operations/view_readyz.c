/* SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include "server/api/ask/ask.h"
#include "server/api/views/operations/machine.h"
#include "server/api/views/operations/operator.h"
#include "server/api/views/operations/wrong.h"
#include "server/api/views/views.h"

/*
 * For a balancer: the status. It is not ready until every source of the region was tried once and its map was made, and
 * what is wrong besides does not change it: lookups are answered.
 *
 * For an operator, who asks as for /metrics: the machine in detail, and in words what is wrong.
 */

static void
put_seconds(struct json_out *out, const char *key, int64_t seconds)
{
	if (seconds < 0)
		out_null(out, key);
	else
		out_int(out, key, seconds);
}

static void
put_age(struct json_out *out, const char *key, int64_t ms)
{
	put_seconds(out, key, ms < 0 ? -1 : ms / 1000);
}

static const char *
text_or_null(const char *text)
{
	return text[0] == '\0' ? NULL : text;
}

/* Whether all processes that want connections to ${peer} have them, and why not. */
static void
put_connection(struct json_out *out, const struct machine *machine, const struct machine_peer *peer)
{
	const char *reason = NULL;
	int64_t wants = 0, has = 0;

	(void)machine_sum(machine, peer->wanted, &wants);
	(void)machine_sum(machine, peer->up, &has);
	for (size_t i = 0; i < machine->count && reason == NULL; i++)
		reason = machine_lacks(&machine->processes[i], peer);
	out_object(out, peer->name);
	out_bool(out, "connected", wants > 0 && has == wants);
	out_int(out, "connections", has);
	out_int(out, "wanted", wants);
	out_text(out, "reason", reason == NULL ? NULL : text_or_null(reason));
	out_object_end(out);
}

static void
put_processes(struct json_out *out, const struct machine *machine)
{
	out_array(out, "roles");
	for (size_t i = 0; i < machine->count; i++) {
		const struct machine_process *process = &machine->processes[i];

		if (!process->wanted)
			continue;
		out_object(out, NULL);
		out_text(out, "role", process->figures.role);
		out_int(out, "instance", process->figures.instance);
		out_bool(out, "up", process->up);
		if (process->figures.pid == 0)
			out_null(out, "pid");
		else
			out_int(out, "pid", process->figures.pid);
		out_int(out, "starts", process->figures.values[FIGURE_STARTS]);
		put_age(out, "beat_age_seconds", process->beat_age_ms);
		put_age(out, "work_age_seconds", process->work_age_ms);
		put_age(out, "done_age_seconds", process->done_age_ms);
		out_object_end(out);
	}
	out_array_end(out);
}

static void
put_last_good(struct json_out *out, const struct machine *machine)
{
	struct machine_last_good file = machine_last_good(machine);

	out_object(out, "last_good");
	put_seconds(out, "age_seconds", file.age);
	out_int(out, "waiting_seconds", file.waiting);
	out_text(out, "reason", text_or_null(file.reason));
	out_object_end(out);
}

/* The one that is furthest off. */
static void
put_clock(struct json_out *out, const struct machine *machine)
{
	int64_t most = 0, least = 0;

	out_object(out, "clock");
	if (machine_most(machine, FIGURE_CLOCK_AHEAD_MS, &most) &&
	    machine_least(machine, FIGURE_CLOCK_AHEAD_MS, &least))
		out_int(out, "database_ahead_ms", llabs(most) > llabs(least) ? most : least);
	else
		out_null(out, "database_ahead_ms");
	out_object_end(out);
}

static void
put_check(struct json_out *out, const struct machine *machine)
{
	int64_t at, count;

	out_object(out, "self_check");
	out_time(out, "at", machine_newest(machine, FIGURE_CHECK_AT, &at) ? at : INSTANT_NEVER);
	(void)machine_sum(machine, FIGURE_CHECK_DEMANDS, &count);
	out_int(out, "checked", count);
	(void)machine_sum(machine, FIGURE_CHECK_DIFFERENCES, &count);
	out_int(out, "differences", count);
	out_time(out, "differed_at",
	    machine_newest(machine, FIGURE_CHECK_DIFFERED_AT, &at) ? at : INSTANT_NEVER);
	out_object_end(out);
}

static void
put_outbox(struct json_out *out, const struct machine *machine, const struct snapshot_look *look)
{
	out_object(out, "outbox");
	out_int(out, "unpublished", look->unpublished);
	put_seconds(out, "oldest_seconds", machine_outbox_age(machine, look));
	out_object_end(out);
}

static void
put_feeds(struct json_out *out, const struct snapshot *map, int64_t now)
{
	struct machine_feeds feeds = machine_feeds(map, now);

	out_object(out, "sources");
	out_int(out, "all", feeds.all);
	out_int(out, "not_fresh", feeds.not_fresh);
	out_int(out, "held", feeds.held);
	out_object_end(out);
}

static void
put_logins(struct json_out *out, const struct machine *machine)
{
	static const struct {
		const char *key;
		enum figure figure;
	} kinds[] = {{"credential", FIGURE_LOGINS_CREDENTIAL}, {"too_many", FIGURE_LOGINS_TOO_MANY},
	    {"token", FIGURE_LOGINS_TOKEN}, {"provider", FIGURE_LOGINS_PROVIDER}};
	int64_t count;

	out_object(out, "rejected_logins");
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		(void)machine_sum(machine, kinds[i].figure, &count);
		out_int(out, kinds[i].key, count);
	}
	out_object_end(out);
}

static void
put_disks(struct json_out *out, const struct machine *machine)
{
	out_array(out, "disks");
	for (size_t i = 0; i < MACHINE_DISKS; i++) {
		int64_t free, size;

		if (!machine_room(machine, &machine_disks[i], &free, &size))
			continue;
		out_object(out, NULL);
		out_text(out, "disk", machine_disks[i].name);
		out_int(out, "free_bytes", free);
		out_int(out, "size_bytes", size);
		out_object_end(out);
	}
	out_array_end(out);
}

static void
put_canary(struct json_out *out, const struct machine *machine)
{
	struct machine_canary canary = machine_canary(machine);

	out_object(out, "canary");
	put_seconds(out, "flag_age_seconds", canary.flag);
	put_seconds(out, "lookup_age_seconds", canary.lookup);
	out_object_end(out);
}

static void
put_backup(struct json_out *out, const struct machine *machine)
{
	out_object(out, "backup");
	put_seconds(out, "age_seconds", machine_since(machine, FIGURE_BACKUP_AT));
	put_seconds(out, "check_age_seconds", machine_since(machine, FIGURE_BACKUP_CHECK_AT));
	put_seconds(out, "archive_age_seconds", machine_since(machine, FIGURE_ARCHIVED_AT));
	out_object_end(out);
}

/* Members of an object that is open. ${ctx}: the api. */
static void
put_machine(struct json_out *out, void *ctx)
{
	struct api *api = ctx;
	struct machine *machine = machine_read(api, api->state_directory);
	const struct snapshot_store *store = &api->store;

	wrong_put(out, api, machine);
	for (size_t i = 0; i < MACHINE_PEERS; i++)
		put_connection(out, machine, &machine_peers[i]);
	put_processes(out, machine);
	put_last_good(out, machine);
	put_clock(out, machine);
	put_check(out, machine);
	put_outbox(out, machine, &store->look);
	if (store->current != NULL)
		put_feeds(out, store->current, machine->now);
	put_logins(out, machine);
	put_canary(out, machine);
	put_backup(out, machine);
	put_disks(out, machine);
	free(machine);
}

static void
put_ready(struct json_out *out, struct api *api, struct clock_reading reading)
{
	const struct snapshot_store *store = &api->store;

	out_bool(out, "ready", true);
	out_int(out, "region", store->current->setup->region->version);
	out_text(out, "confidence", confidence_name(snapshot_store_confidence(store, reading)));
	out_time(out, "as_of", snapshot_store_as_of(store, reading));
	out_int(out, "clock_off_seconds", snapshot_store_clock_off(store, reading));
}

/* A balancer sends no token. Who sends one wants the detail, and is told if it is not enough. */
void
view_readyz(void *ctx, struct web_exchange *exchange)
{
	struct api *api = ctx;
	struct clock_reading reading = clock_read();
	const char *why = snapshot_store_unready(&api->store, reading);
	bool detail = operator_asks(api, exchange);
	struct json_out out = {0};
	struct ask ask;

	if (!detail && ask_bearer(exchange).len > 0) {
		if (!ask_begin(&ask, ctx, exchange, RIGHT_REVIEW))
			return;
		ask_end(&ask);
		detail = true;
	}
	if (why != NULL) {
		problem_reply_with(exchange, 503, why,
		    &(struct problem_more){.extra = "Retry-After: 1\r\n",
			.members = detail ? put_machine : NULL,
			.ctx = api});
		return;
	}
	out_object(&out, NULL);
	put_ready(&out, api, reading);
	if (detail)
		put_machine(&out, api);
	out_object_end(&out);
	web_reply(exchange,
	    &(struct web_answer){
		.status = 200, .type = "application/json", .body = {out.buf.at, out.buf.len}});
	out_free(&out);
}
