/* SPDX-License-Identifier: MIT */
/*
 * The supervisor starts each role as a process of its own and starts it again when it ends. Fork and exec give
 * each role a fresh address space and a line of its own in ps, as if it had been started by `crisiscoverd role
 * NAME`. The supervisor has no database connection and reads no input, so that only a signal can end it.
 *
 * A child that ran for ten seconds is started again at once. One that ended sooner waits, longer each time
 * but at most two seconds, because lookups must be answered. Children end with the supervisor
 * (PR_SET_PDEATHSIG), so that a machine never has two sets of them.
 *
 * A process that does not end, but does nothing either, is found by its pulse (hung.h): it is told to abort, so
 * that its stack is in the log, killed two seconds later, and started again as any other.
 */
#include "server/supervisor/supervisor.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>

#include "server/base/clock.h"
#include "server/base/fatal.h"
#include "server/base/log.h"
#include "server/roles.h"
#include "server/supervisor/child.h"

enum {
	END_GRACE_MS = 10000, /* then SIGKILL */
	SECOND_MS = 1000,
	HUNG_START_TIMES = 6,    /* a start may take so many times hung_seconds */
	HUNG_WORK_SECONDS = 110, /* more than a call to the database may take, and some (pg.h) */
};

struct supervisor {
	struct child *children;
	unsigned count;
	const char *const *argv;
	struct hung_limits limits;
	int64_t second_ms;
	bool ending;
	int64_t kill_ms; /* while ending: when patience is over */
};

static struct child *
child_of(struct supervisor *supervisor, pid_t pid)
{
	for (unsigned i = 0; i < supervisor->count; i++)
		if (supervisor->children[i].pid == pid)
			return &supervisor->children[i];
	return NULL;
}

/* Signals of one kind are merged, so one SIGCHLD may be for several deaths. */
static void
reap(struct supervisor *supervisor)
{
	struct child *child;
	int wstatus;
	pid_t pid;

	while ((pid = waitpid(-1, &wstatus, WNOHANG)) > 0) {
		child = child_of(supervisor, pid);
		if (child != NULL)
			child_ended(child, wstatus, supervisor->ending);
	}
}

static void
signal_all(struct supervisor *supervisor, int number)
{
	for (unsigned i = 0; i < supervisor->count; i++)
		if (supervisor->children[i].pid != 0)
			kill(supervisor->children[i].pid, number);
}

static int64_t
least(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

/* Starts what is due; answers how long there is nothing to do. A role that ended without a fault is
 * started again too: no role has a reason to end by itself. */
static int64_t
start_due(struct supervisor *supervisor)
{
	int64_t now = clock_mono_ms(), wait = INT64_MAX;

	for (unsigned i = 0; i < supervisor->count; i++) {
		struct child *child = &supervisor->children[i];

		if (child->pid == 0 && child->due_ms <= now)
			child_start(child, supervisor->argv);
		else if (child->pid == 0)
			wait = least(wait, child->due_ms - now);
	}
	return wait;
}

/* Looks after what runs; answers as start_due() does. */
static int64_t
feel_pulses(struct supervisor *supervisor)
{
	int64_t now = clock_mono_ms(), wait = SECOND_MS;
	bool second = hung_is_second(&supervisor->second_ms, now);

	for (unsigned i = 0; i < supervisor->count; i++) {
		if (second)
			child_second(&supervisor->children[i], supervisor->limits);
		wait = least(wait, child_kill_due(&supervisor->children[i], now));
	}
	return least(wait, supervisor->second_ms + SECOND_MS - now);
}

static bool
all_gone(const struct supervisor *supervisor)
{
	for (unsigned i = 0; i < supervisor->count; i++)
		if (supervisor->children[i].pid != 0)
			return false;
	return true;
}

/* Every signal the supervisor lives by is blocked and taken here, one at a time: no handlers, no
 * races. A signal that comes between two turns stays pending, so that none is lost. */
static int
next_signal(const sigset_t *signals, int64_t wait_ms)
{
	struct timespec timeout = {.tv_sec = wait_ms / 1000, .tv_nsec = wait_ms % 1000 * 1000000};

	return wait_ms == INT64_MAX ? sigwaitinfo(signals, NULL)
				    : sigtimedwait(signals, NULL, &timeout);
}

/* A second SIGTERM must not prolong the time until SIGKILL. */
static void
end_all(struct supervisor *supervisor)
{
	if (supervisor->ending)
		return;
	supervisor->ending = true;
	supervisor->kill_ms = clock_mono_ms() + END_GRACE_MS;
	signal_all(supervisor, SIGTERM);
	log_plain(LOG_INFO, "server_ending");
}

/* One turn; false when there is nothing left to supervise. */
static bool
turn(struct supervisor *supervisor, const sigset_t *signals)
{
	int64_t wait_ms;

	if (supervisor->ending) {
		if (all_gone(supervisor))
			return false;
		wait_ms = supervisor->kill_ms - clock_mono_ms();
		if (wait_ms <= 0) {
			signal_all(supervisor, SIGKILL);
			wait_ms = INT64_MAX;
		}
	} else {
		wait_ms = least(feel_pulses(supervisor), start_due(supervisor));
	}
	switch (next_signal(signals, wait_ms)) {
	case SIGTERM:
	case SIGINT:
		end_all(supervisor);
		break;
	case SIGHUP:
		signal_all(supervisor, SIGHUP);
		break;
	default: /* SIGCHLD, or the time is up */
		break;
	}
	reap(supervisor);
	return true;
}

static void
add_children(struct supervisor *supervisor, const struct config *config)
{
	supervisor->children =
	    xcalloc(8 + (size_t)config->api_processes, sizeof *supervisor->children);
	for (unsigned i = 0; roles[i].name != NULL; i++) {
		unsigned copies =
		    strcmp(roles[i].name, "api") == 0 ? (unsigned)config->api_processes : 1;

		for (unsigned copy = 0; copy < copies; copy++)
			child_init(&supervisor->children[supervisor->count++], roles[i].name, copy);
	}
}

/* The signals are blocked before the first child is started, so that no death is missed. */
int
supervise(const struct config *config, const char *const *argv)
{
	struct supervisor supervisor = {
	    .argv = argv,
	    .second_ms = clock_mono_ms(),
	    .limits = {.seconds = (unsigned)config->hung_seconds,
		.start_seconds = HUNG_START_TIMES * (unsigned)config->hung_seconds,
		.work_seconds = HUNG_WORK_SECONDS + (unsigned)config->hung_seconds},
	};
	sigset_t signals;

	sigemptyset(&signals);
	sigaddset(&signals, SIGCHLD);
	sigaddset(&signals, SIGTERM);
	sigaddset(&signals, SIGINT);
	sigaddset(&signals, SIGHUP);
	sigprocmask(SIG_BLOCK, &signals, NULL);
	signal(SIGPIPE, SIG_IGN);

	log_open("supervisor", LOG_INFO);
	add_children(&supervisor, config);
	while (turn(&supervisor, &signals))
		;
	free(supervisor.children);
	log_plain(LOG_INFO, "server_ended");
	return 0;
}
