/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "server/base/status.h"
#include "server/base/text.h"

/*
 * The figures of a process, for operators. Each process files its own once a second in a small file of the state
 * directory, ROLE-INSTANCE.figures, where an api process reads those of the whole machine: so /metrics and /readyz say
 * the same whichever process answers, and also while the database is away.
 *
 * The file is locked by the process whose figures it has, for as long as it lives, and so says whether it lives. Counters
 * go on where the process before of the same role and number left them: they never go backwards, not after kill -9 and
 * not while one process takes another's place, when the new one files nothing until the one before has ended.
 *
 * Counting is a store to memory; filing is one write to a page that the kernel has in memory, and a failure costs the
 * figures and nothing else. A process that has opened no file counts, and nobody reads it.
 */
enum figure {
	/* of each process */
	FIGURE_STARTS,
	FIGURE_WORK_STEPS,
	FIGURE_WORK_AT, /* of the last step of its work, by clock_boot_ms() */
	FIGURE_DONE_AT, /* of the last piece of it that was done without a failure, or of its beginning */
	FIGURE_LOOP_LAG_MS,
	FIGURE_LIBRARIES_REPLACED, /* since it began, by an update (linked.h) */
	FIGURE_DATABASE_WANTED,    /* connections that it wants to have, and has */
	FIGURE_DATABASE_UP,
	FIGURE_SCHEMA_DIFFERED_AT, /* a statement found another schema than it expects, by clock_boot_ms() */
	FIGURE_REDIS_WANTED,
	FIGURE_REDIS_UP,
	FIGURE_CLOCK_AHEAD_MS, /* the database's clock is ahead of this machine's */
	/* of the supervisor */
	FIGURE_ROLES_HUNG,
	FIGURE_ROLES_DIED,
	/* of the api */
	FIGURE_READY,
	FIGURE_SNAPSHOT_AGE,
	FIGURE_HTTP_REQUESTS,
	FIGURE_HTTP_CONNECTIONS,
	FIGURE_HTTP_OPEN,
	FIGURE_HTTP_REFUSED,
	FIGURE_HTTP_TIMED_OUT,
	FIGURE_RATE_ACCOUNT, /* requests refused, by the rate that they were over */
	FIGURE_RATE_TOKEN,
	FIGURE_RATE_ADDRESS,
	FIGURE_LARGE_OPEN, /* large questions that are not answered yet */
	FIGURE_LARGE_REFUSED,
	FIGURE_SLICES,
	FIGURE_SLICE_LONGEST_US,
	FIGURE_LISTENERS_OPEN,
	FIGURE_LISTENER_MESSAGES,
	FIGURE_SNAPSHOTS,
	FIGURE_REGION_READS,
	FIGURE_REGION_PATCHES,
	FIGURE_READS_NOTED,
	FIGURE_READS_WAITING,
	FIGURE_READS_DROPPED,
	FIGURE_LOGINS_CREDENTIAL, /* rejected: the password, code or link was wrong */
	FIGURE_LOGINS_TOO_MANY,   /* told to wait */
	FIGURE_LOGINS_TOKEN,      /* a token that is none */
	FIGURE_LOGINS_PROVIDER,   /* whom an identity provider sent */
	/* of the api process that is the keeper */
	FIGURE_KEEPER,
	FIGURE_LAST_GOOD_AT, /* when the file was written, by clock_boot_ms() */
	FIGURE_LAST_GOOD_WAITING, /* since when something waits to be written to it, by clock_boot_ms(); 0: nothing */
	FIGURE_AUDIT_HEAD,
	FIGURE_AUDIT_REWRITTEN,
	/* of coverage */
	FIGURE_CHECK_AT, /* of the last part of a self-check, by the database's clock, seconds */
	FIGURE_CHECK_DEMANDS,
	FIGURE_CHECK_DIFFERENCES,
	FIGURE_CHECK_DIFFERED_AT, /* when one was found last, by the database's clock */
	/* of flags and the api, of the canary: when it last came within 5 s, by the database's clock, seconds, and how long it took */
	FIGURE_CANARY_FLAG_AT,
	FIGURE_CANARY_FLAG_MS,
	FIGURE_CANARY_LOOKUP_AT,
	FIGURE_CANARY_LOOKUP_MS,
	/* of notify: messages that wait, for how long the oldest has, those of a week that are undelivered, as the last round found
	 * them; what was written, taken by the other side, and what failed and is tried again or given up */
	FIGURE_MESSAGES_WAITING,
	FIGURE_MESSAGES_OLDEST,
	FIGURE_MESSAGES_UNDELIVERED,
	FIGURE_MESSAGES_WRITTEN,
	FIGURE_MESSAGES_SENT,
	FIGURE_MESSAGES_FAILED,
	FIGURE_NOTIFY_ROUND_AT, /* of the last round in which all went well, by clock_boot_ms() */
	FIGURE_NOTIFY_SILENT, /* of the supervisor: 1 when notify has had no good round for too long */
	/* of the backup, by the clock of the machine that makes it, seconds: of the api and of feeds */
	FIGURE_BACKUP_AT,
	FIGURE_BACKUP_CHECK_AT,
	FIGURE_ARCHIVED_AT, /* by the database's clock */
	/* of feeds, which looks at the disks */
	FIGURE_DISK_STATE_FREE,
	FIGURE_DISK_STATE_SIZE,
	FIGURE_DISK_DATA_FREE,
	FIGURE_DISK_DATA_SIZE,
	FIGURE_DISK_LOG_FREE,
	FIGURE_DISK_LOG_SIZE,
	FIGURE_DISK_REDIS_FREE,
	FIGURE_DISK_REDIS_SIZE,
	FIGURES
};

/* Words, at most FIGURE_TEXT_MAX bytes with the NUL; "": nothing to say. They hold no secret and no name of a person:
 * reasons of PostgreSQL, of Redis and of the system. */
enum figure_text {
	FIGURE_TEXT_DATABASE, /* why a connection to the database could not be made or was lost */
	FIGURE_TEXT_REDIS,
	FIGURE_TEXT_LAST_GOOD, /* why the last-good file could not be written */
	FIGURE_TEXT_WANTED, /* of the supervisor: the processes that ought to run, "reader-0 feeds-0 …" */
	FIGURE_TEXTS
};
#define FIGURE_TEXT_MAX 512

enum figure_kind {
	FIGURE_COUNTER, /* goes on after the process has ended */
	FIGURE_KEPT, /* a gauge that stays true when the process has ended, until the next one sets it */
	FIGURE_GAUGE, /* true of the process that lives */
};
const char *figure_name(enum figure figure); /* as in the file */
enum figure_kind figure_kind(enum figure figure);

/* ------------------------------------------------------------------------------- those of this process */

/* Of a counter: how many since this process began. */
void figure_set(enum figure figure, int64_t value);
void figure_add(enum figure figure, int64_t by);
void figure_forget(enum figure figure); /* it is not known any more */
bool figure_known(enum figure figure);
int64_t figure_own(enum figure figure); /* of this process alone; 0 if it was never set */
/* A cycle, a look or a publication has come to its end, and nothing in it failed; or the process begins. */
void figure_done(void);
void figure_say(enum figure_text text, const char *words);

/* From now on the figures of this process are filed in ${directory}, as those of ${role} and ${instance}. ${role} is
 * borrowed. Where the file cannot be made, that is logged and tried again. */
void figures_open(const char *directory, const char *role, unsigned instance);

/* Files them now. Nothing happens before figures_open(). */
void figures_file(void);

/* Files them for the last time and lets the next process have the file. ${remove}: nobody is to miss this process. */
void figures_close(bool remove);

/* ------------------------------------------------------------------------------- those of the machine */

struct figures {
	char role[16];
	unsigned instance;
	bool lives;  /* the process has its file locked */
	int64_t pid; /* of the last process that filed */
	/* when it filed last, by clock_boot_ms(); of one that does not live it says nothing */
	int64_t beat_ms;
	int64_t values[FIGURES];
	bool known[FIGURES];
	char texts[FIGURE_TEXTS][FIGURE_TEXT_MAX];
};
#define FIGURES_FILES_MAX 96

/* Reads what every process has filed in ${directory}; those of this process as they are now. Writes at most ${most}
 * to ${out}, ordered by role and instance, and answers how many. A file that is damaged is left out. */
size_t figures_read(const char *directory, struct figures *out, size_t most);

/* The text of the file, and back. Pure. False: it is damaged or cut. */
void figures_write_text(struct buf *out, const struct figures *figures);
bool figures_read_text(struct slice text, struct figures *out);
