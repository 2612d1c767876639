/* SPDX-License-Identifier: MIT */
#include "server/api/views/operations/wrong.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

/* A sentence of the list. */
static void __attribute__((format(printf, 2, 3))) say(struct json_out *out, const char *format, ...)
{
	char sentence[FIGURE_TEXT_MAX + 256];
	va_list args;

	va_start(args, format);
	vsnprintf(sentence, sizeof sentence, format, args);
	va_end(args);
	out_text(out, NULL, sentence);
}

static const char *
or_unknown(const char *reason)
{
	return reason[0] == '\0' ? "the reason is not known yet" : reason;
}

static void
say_process(struct json_out *out, const struct machine_process *process)
{
	const struct figures *figures = &process->figures;

	if (!process->wanted || process->up)
		return;
	if (process->beat_age_ms < 0)
		say(out, "%s-%u does not run.", figures->role, figures->instance);
	else
		say(out, "%s-%u has given no sign of life for %lld s.", figures->role,
		    figures->instance, (long long)process->beat_age_ms / 1000);
}

/* What a process that lives stands on. */
static void
say_ground(struct json_out *out, const struct machine_process *process)
{
	const struct figures *figures = &process->figures;
	const int64_t *values = figures->values;
	const char *reason;

	if (!process->up)
		return;
	for (const struct machine_peer *peer = machine_peers; peer < machine_peers + MACHINE_PEERS;
	     peer++)
		if ((reason = machine_lacks(process, peer)) != NULL)
			say(out, "%s-%u %s: %s.", figures->role, figures->instance, peer->lost,
			    or_unknown(reason));
	if (process->schema_age_ms >= 0 && process->schema_age_ms < WRONG_SCHEMA_SECONDS * 1000)
		say(out,
		    "%s-%u finds another schema in the database than it expects: run crisiscoverd migrate of this version, "
		    "or start the version that the database was migrated by.",
		    figures->role, figures->instance);
	if (llabs(values[FIGURE_CLOCK_AHEAD_MS]) >= WRONG_CLOCK_MS)
		say(out, "%s-%u finds this machine's clock %lld s %s.", figures->role,
		    figures->instance, llabs(values[FIGURE_CLOCK_AHEAD_MS]) / 1000,
		    values[FIGURE_CLOCK_AHEAD_MS] > 0 ? "slow" : "fast");
	if (values[FIGURE_LIBRARIES_REPLACED] > 0)
		say(out,
		    "%s-%u runs %lld libraries that an update has replaced: a security update waits for a restart (SIGHUP to the "
		    "supervisor, or deploy/up).",
		    figures->role, figures->instance, (long long)values[FIGURE_LIBRARIES_REPLACED]);
	if (figures->known[FIGURE_SNAPSHOT_AGE] && values[FIGURE_SNAPSHOT_AGE] > STORE_LIVE_SECONDS)
		say(out, "%s-%u answers from a map that was last known to be right %lld s ago.",
		    figures->role, figures->instance, (long long)values[FIGURE_SNAPSHOT_AGE]);
}

static void
say_last_good(struct json_out *out, const struct machine *machine)
{
	struct machine_last_good file = machine_last_good(machine);

	if (!file.kept)
		say(out, "No api process writes the last-good file.");
	else if (file.waiting >= WRONG_LAST_GOOD_SECONDS || file.reason[0] != '\0')
		say(out, "The last-good file lacks what has changed for %lld s: %s.",
		    (long long)file.waiting, or_unknown(file.reason));
}

static void
say_check(struct json_out *out, const struct machine *machine)
{
	int64_t age = machine_since(machine, FIGURE_CHECK_AT);
	int64_t differed = machine_since(machine, FIGURE_CHECK_DIFFERED_AT);

	if (age >= WRONG_CHECK_SECONDS)
		say(out, "The map was last compared with what it is made from %lld minutes ago.",
		    (long long)age / 60);
	if (differed >= 0 && differed < WRONG_DIFFERED_SECONDS)
		say(out,
		    "The self-check found the map to differ from what it is made from, %lld minutes ago, and put it right.",
		    (long long)differed / 60);
}

static void
say_canary(struct json_out *out, const struct machine *machine)
{
	struct machine_canary canary = machine_canary(machine);

	if (canary.flag >= WRONG_CANARY_SECONDS)
		say(out, "No flag of the canary has come out of Redis in time for %lld s.",
		    (long long)canary.flag);
	if (canary.lookup >= WRONG_CANARY_SECONDS)
		say(out,
		    "No change of the canary has reached every api process in time for %lld s.",
		    (long long)canary.lookup);
}

static void
say_backup(struct json_out *out, const struct machine *machine)
{
	int64_t backup = machine_since(machine, FIGURE_BACKUP_AT);
	int64_t archive = machine_since(machine, FIGURE_ARCHIVED_AT);

	if (backup >= WRONG_BACKUP_SECONDS)
		say(out, "The newest backup is %lld hours old.", (long long)backup / 3600);
	if (archive >= WRONG_ARCHIVE_SECONDS)
		say(out,
		    "The archive has taken nothing of the database for %lld minutes: as much would be lost with the machine.",
		    (long long)archive / 60);
}

static void
say_messages(struct json_out *out, const struct machine *machine)
{
	int64_t silent = 0, oldest = 0, undelivered = 0;

	machine_most(machine, FIGURE_NOTIFY_SILENT, &silent);
	machine_most(machine, FIGURE_MESSAGES_OLDEST, &oldest);
	machine_most(machine, FIGURE_MESSAGES_UNDELIVERED, &undelivered);
	if (silent != 0)
		say(out,
		    "Nobody is told anything: notify has had no round in which all went well for too long.");
	if (oldest >= WRONG_MESSAGES_SECONDS)
		say(out, "A message to somebody has waited to be sent for %lld minutes.",
		    (long long)oldest / 60);
	if (undelivered > 0)
		say(out, "%lld messages of the last seven days were not delivered.",
		    (long long)undelivered);
}

static void
say_outbox(struct json_out *out, const struct machine *machine, const struct snapshot_look *look)
{
	int64_t age = machine_outbox_age(machine, look);

	if (age >= WRONG_OUTBOX_SECONDS)
		say(out, "%lld flags wait to be published, the oldest for %lld s.",
		    (long long)look->unpublished, (long long)age);
}

static void
say_feeds(struct json_out *out, const struct snapshot *map, int64_t now)
{
	struct machine_feeds feeds = machine_feeds(map, now);

	if (feeds.not_fresh > 0)
		say(out, "%lld of %lld sources are not fresh.", (long long)feeds.not_fresh,
		    (long long)feeds.all);
	if (feeds.held > 0)
		say(out, "%lld calendars wait for a person to decide about them.",
		    (long long)feeds.held);
}

static void
say_disks(struct json_out *out, const struct machine *machine)
{
	for (size_t i = 0; i < MACHINE_DISKS; i++) {
		int64_t free, size;

		if (machine_room(machine, &machine_disks[i], &free, &size) && size > 0 &&
		    free < size / 100 * WRONG_DISK_PERCENT)
			say(out, "The disk of %s has %lld %% left.", machine_disks[i].words,
			    (long long)(free * 100.0 / (double)size));
	}
}

void
wrong_put(struct json_out *out, const struct api *api, const struct machine *machine)
{
	const struct snapshot_store *store = &api->store;
	int64_t rewritten;

	out_array(out, "wrong");
	for (size_t i = 0; i < machine->count; i++) {
		say_process(out, &machine->processes[i]);
		say_ground(out, &machine->processes[i]);
	}
	say_last_good(out, machine);
	say_check(out, machine);
	say_canary(out, machine);
	say_backup(out, machine);
	say_outbox(out, machine, &store->look);
	say_messages(out, machine);
	if (store->current != NULL)
		say_feeds(out, store->current, machine->now);
	say_disks(out, machine);
	if (machine_most(machine, FIGURE_AUDIT_REWRITTEN, &rewritten) && rewritten != 0)
		say(out, "The audit is no longer what was carried out of the database before.");
	out_array_end(out);
}
