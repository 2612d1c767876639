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
	/* How long ago it filed; the last step of its work was; a piece of it was done without a failure, or it began; a statement
	 * found another schema than it expects. -1: not known, or it does not live; the last two only of one that is up. */
	int64_t beat_age_ms, work_age_ms, done_age_ms, schema_age_ms;
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

/* Seconds since that instant; -1: nobody has filed one. */
int64_t machine_since(const struct machine *machine, enum figure figure);

/* The last-good file, by the api process that writes it. */
struct machine_last_good {
	bool kept;   /* some process does; the rest is nothing where none does */
	int64_t age; /* seconds since it was written; -1: not known */
	/* for how many seconds something has waited to be written; 0: nothing does */
	int64_t waiting;
	/* why it could not be written; "": none is known. Borrowed until ${machine} is freed. */
	const char *reason;
};
struct machine_last_good machine_last_good(const struct machine *machine);

/* Seconds that the oldest flag of ${look} has waited to be published; -1: none does. */
int64_t machine_outbox_age(const struct machine *machine, const struct snapshot_look *look);

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

/* How many bytes ${disk} has, and how many of them are free for a program that is not root. False: nobody watches it. */
bool machine_room(
    const struct machine *machine, const struct machine_disk *disk, int64_t *free, int64_t *size);

/* How many of the region's sources are held for a person, and how many are not fresh. */
struct machine_feeds {
	int64_t all, held, not_fresh;
};
struct machine_feeds machine_feeds(const struct snapshot *map, int64_t now);
