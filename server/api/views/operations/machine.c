/* SPDX-License-Identifier: MIT */
#include "server/api/views/operations/machine.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "server/api/figures.h"
#include "server/base/fatal.h"

const struct machine_disk machine_disks[MACHINE_DISKS] = {
    {"state", "the server's own files", FIGURE_DISK_STATE_FREE, FIGURE_DISK_STATE_SIZE},
    {"data", "the database", FIGURE_DISK_DATA_FREE, FIGURE_DISK_DATA_SIZE},
    {"log", "the logs", FIGURE_DISK_LOG_FREE, FIGURE_DISK_LOG_SIZE},
    {"redis", "Redis", FIGURE_DISK_REDIS_FREE, FIGURE_DISK_REDIS_SIZE},
};

const struct machine_peer machine_peers[MACHINE_PEERS] = {
    [MACHINE_DATABASE] = {"database", "has lost the database", FIGURE_DATABASE_WANTED,
	FIGURE_DATABASE_UP, FIGURE_TEXT_DATABASE},
    [MACHINE_REDIS] = {"redis", "has no connection to Redis, so flags wait", FIGURE_REDIS_WANTED,
	FIGURE_REDIS_UP, FIGURE_TEXT_REDIS},
};

const char *
machine_lacks(const struct machine_process *process, const struct machine_peer *peer)
{
	const struct figures *figures = &process->figures;

	if (!process->up || figures->values[peer->up] >= figures->values[peer->wanted])
		return NULL;
	return figures->texts[peer->reason];
}

/* Milliseconds since ${figure}, an instant by clock_boot_ms(), of ${process}; -1: not known, or 0. */
static int64_t
age_ms(const struct machine *machine, const struct machine_process *process, enum figure figure)
{
	int64_t at = process->figures.values[figure], age = machine->reading.boot_ms - at;

	if (!process->figures.known[figure] || at == 0)
		return -1;
	return age < 0 ? 0 : age; /* it filed just now */
}

static void
forget_ages(struct machine_process *process)
{
	process->beat_age_ms = process->work_age_ms = -1;
	process->done_age_ms = process->schema_age_ms = -1;
}

static void
judge(struct machine *machine, struct machine_process *process)
{
	int64_t age = machine->reading.boot_ms - process->figures.beat_ms;

	forget_ages(process);
	if (!process->figures.lives)
		return;
	process->beat_age_ms = age < 0 ? 0 : age;
	process->up = process->beat_age_ms < MACHINE_BEAT_SECONDS * 1000;
	process->work_age_ms = age_ms(machine, process, FIGURE_WORK_AT);
	if (!process->up)
		return;
	process->done_age_ms = age_ms(machine, process, FIGURE_DONE_AT);
	process->schema_age_ms = age_ms(machine, process, FIGURE_SCHEMA_DIFFERED_AT);
}

static struct machine_process *
find(struct machine *machine, const char *role, unsigned instance)
{
	for (size_t i = 0; i < machine->count; i++)
		if (strcmp(machine->processes[i].figures.role, role) == 0 &&
		    machine->processes[i].figures.instance == instance)
			return &machine->processes[i];
	return NULL;
}

/* "api-1": it ought to run. One that has never filed is added. */
static void
want(struct machine *machine, const char *name)
{
	struct machine_process *process;
	unsigned instance;
	char role[16];

	if (sscanf(name, "%15[a-z]-%4u", role, &instance) != 2)
		return;
	process = find(machine, role, instance);
	if (process == NULL && machine->count < FIGURES_FILES_MAX) {
		process = &machine->processes[machine->count++];
		snprintf(process->figures.role, sizeof process->figures.role, "%s", role);
		process->figures.instance = instance;
		forget_ages(process);
	}
	if (process != NULL)
		process->wanted = true;
}

/* A supervisor knows what ought to run. Without one, those who have filed ought to. */
static void
find_wanted(struct machine *machine)
{
	struct machine_process *supervisor = find(machine, "supervisor", 0);
	char *names, *rest, *name;

	if (supervisor == NULL || !supervisor->figures.lives) {
		for (size_t i = 0; i < machine->count; i++)
			machine->processes[i].wanted = true;
		return;
	}
	supervisor->wanted = true;
	names = rest = xstrdup(supervisor->figures.texts[FIGURE_TEXT_WANTED]);
	while ((name = strsep(&rest, " ")) != NULL)
		want(machine, name);
	free(names);
}

struct machine *
machine_read(struct api *api, const char *directory)
{
	struct machine *machine = xcalloc(1, sizeof *machine);
	struct figures *figures = xcalloc(FIGURES_FILES_MAX, sizeof *figures);

	/* What is shown is filed first: so the next process that is asked shows no less, even if this one is killed now. */
	api_figures(api);
	figures_file();
	machine->count = figures_read(directory, figures, FIGURES_FILES_MAX);
	machine->reading = clock_read();
	machine->now = snapshot_store_now(&api->store, machine->reading);
	for (size_t i = 0; i < machine->count; i++) {
		machine->processes[i].figures = figures[i];
		judge(machine, &machine->processes[i]);
	}
	find_wanted(machine);
	free(figures);
	return machine;
}

/* ------------------------------------------------------------------------------------------- over all */

static bool
counts(const struct machine_process *process, enum figure figure)
{
	return process->figures.known[figure] &&
	       (process->up || figure_kind(figure) == FIGURE_COUNTER);
}

bool
machine_sum(const struct machine *machine, enum figure figure, int64_t *out)
{
	bool known = false;

	*out = 0;
	for (size_t i = 0; i < machine->count; i++)
		if (counts(&machine->processes[i], figure)) {
			known = true;
			*out += machine->processes[i].figures.values[figure];
		}
	return known;
}

/* ${sign}: 1 for the greatest, -1 for the least. */
static bool
extreme(const struct machine *machine, enum figure figure, int sign, int64_t *out)
{
	bool known = false;

	for (size_t i = 0; i < machine->count; i++) {
		int64_t value = machine->processes[i].figures.values[figure];

		if (!counts(&machine->processes[i], figure))
			continue;
		if (!known || (sign > 0 ? value > *out : value < *out))
			*out = value;
		known = true;
	}
	return known;
}

bool
machine_most(const struct machine *machine, enum figure figure, int64_t *out)
{
	return extreme(machine, figure, 1, out);
}

bool
machine_least(const struct machine *machine, enum figure figure, int64_t *out)
{
	return extreme(machine, figure, -1, out);
}

bool
machine_newest(const struct machine *machine, enum figure figure, int64_t *out)
{
	bool known = false;

	for (size_t i = 0; i < machine->count; i++) {
		const struct figures *figures = &machine->processes[i].figures;

		if (!figures->known[figure] || (known && figures->values[figure] <= *out))
			continue;
		*out = figures->values[figure];
		known = true;
	}
	return known;
}

static int64_t
seconds_since(const struct machine *machine, int64_t at)
{
	return machine->now > at ? machine->now - at : 0;
}

int64_t
machine_since(const struct machine *machine, enum figure figure)
{
	int64_t at;

	return machine_newest(machine, figure, &at) ? seconds_since(machine, at) : -1;
}

int64_t
machine_outbox_age(const struct machine *machine, const struct snapshot_look *look)
{
	return look->unpublished == 0 ? -1 : seconds_since(machine, look->oldest_flag);
}

bool
machine_room(
    const struct machine *machine, const struct machine_disk *disk, int64_t *free, int64_t *size)
{
	return machine_most(machine, disk->free, free) && machine_most(machine, disk->size, size);
}

struct machine_canary
machine_canary(const struct machine *machine)
{
	struct machine_canary canary = {machine_since(machine, FIGURE_CANARY_FLAG_AT), -1};
	int64_t at;

	if (machine_least(machine, FIGURE_CANARY_LOOKUP_AT, &at))
		canary.lookup = seconds_since(machine, at);
	return canary;
}

struct machine_last_good
machine_last_good(const struct machine *machine)
{
	struct machine_last_good found = {.age = -1, .reason = ""};

	for (size_t i = 0; i < machine->count; i++) {
		const struct machine_process *process = &machine->processes[i];
		int64_t age, waiting;

		if (!process->up || process->figures.values[FIGURE_KEEPER] != 1)
			continue;
		age = age_ms(machine, process, FIGURE_LAST_GOOD_AT);
		waiting = age_ms(machine, process, FIGURE_LAST_GOOD_WAITING);
		return (struct machine_last_good){.kept = true,
		    .age = age < 0 ? -1 : age / 1000,
		    .waiting = waiting < 0 ? 0 : waiting / 1000,
		    .reason = process->figures.texts[FIGURE_TEXT_LAST_GOOD]};
	}
	return found;
}

struct machine_feeds
machine_feeds(const struct snapshot *map, int64_t now)
{
	struct machine_feeds feeds = {.all = map->setup->region->nrotas};

	for (uint32_t i = 0; i < map->setup->region->nrotas; i++) {
		const struct kept_feed *feed = map->feeds[i];

		feeds.held += feed != NULL && feed->facts.held_import != 0;
		feeds.not_fresh += kept_feed_freshness(feed, now) != FRESHNESS_FRESH;
	}
	return feeds;
}
