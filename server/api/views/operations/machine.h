/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/api/context.h"
#include "server/base/figures.h"

/*
 * What an operator is shown of the whole machine: the figures that its processes have filed (base/figures.h), and beside
 * them what the database says, which is the same to each api process.
 */
struct machine_process {
	struct figures figures; /* {0} with role and instance for one that has filed nothing */
	bool wanted; /* it ought to run: the supervisor says so; without one, it has filed */
	bool up;     /* it lives, and filed within MACHINE_BEAT_SECONDS */
	int64_t beat_age_ms, work_age_ms; /* -1: not known */
};
#define MACHINE_BEAT_SECONDS 5

struct machine {
	struct clock_reading reading;
	int64_t now; /* by the database's clock, seconds */
	size_t count;
	struct machine_process processes[FIGURES_FILES_MAX];
};

/* Of the machine as it is now; free with free(). Reads a few small files. */
struct machine *machine_read(struct api *api, const char *directory);

/* Of the processes that are up and know it: the sum, the greatest, the least. False: none knows it. Counters are summed over
 * those that are not up, too. */
bool machine_sum(const struct machine *machine, enum figure figure, int64_t *out);
bool machine_most(const struct machine *machine, enum figure figure, int64_t *out);
bool machine_least(const struct machine *machine, enum figure figure, int64_t *out);

/* What the newest of ${figure}, an instant by the database's clock, says; also of a process that has ended. */
bool machine_newest(const struct machine *machine, enum figure figure, int64_t *out);

/* The process that writes the last-good file; NULL: none does. */
const struct machine_process *machine_keeper(const struct machine *machine);

/* Milliseconds since ${figure}, an instant by clock_boot_ms(), of ${process}; -1: not known, or 0. */
int64_t machine_age_ms(
    const struct machine *machine, const struct machine_process *process, enum figure figure);

/* What processes want to be connected to. */
struct machine_peer {
	const char *name; /* "database" */
	const char *lost; /* "has lost the database" */
	enum figure wanted, up;
	enum figure_text reason;
};
enum { MACHINE_DATABASE, MACHINE_REDIS, MACHINE_PEERS };
extern const struct machine_peer machine_peers[MACHINE_PEERS];

/* Why ${process} lacks a connection to ${peer}; "": it has not been said yet. NULL: it has all that it wants, or does not live. */
const char *machine_lacks(const struct machine_process *process, const struct machine_peer *peer);

/* Seconds since the canary last came through in time: out of Redis as a flag, and as a lookup of each api process. -1: not
 * known, since it never has. */
struct machine_canary {
	int64_t flag, lookup;
};
struct machine_canary machine_canary(const struct machine *machine);

/* Disks that are watched. */
struct machine_disk {
	const char *name;  /* "state", "data", "log", "redis" */
	const char *words; /* "the server's own files" */
	enum figure free, size;
};
#define MACHINE_DISKS 4
extern const struct machine_disk machine_disks[MACHINE_DISKS];

/* How many of the region's sources are held for a person, and how many are not fresh. */
struct machine_feeds {
	int64_t all, held, not_fresh;
};
struct machine_feeds machine_feeds(const struct snapshot *map, int64_t now);
