/* SPDX-License-Identifier: MIT */
/*
 * The supervisor starts each role as a process of its own and starts it again when it ends. Fork and exec give
 * each role a fresh address space and a line of its own in ps, as if it had been started by `crisiscoverd role
 * NAME`. The supervisor has no database connection and reads no input, so that only a signal can end it.
 *
 * A child that ran for ten seconds is started again at once. One that ended sooner waits, longer each time
 * but at most two seconds, because lookups must be answered. Children end with the supervisor
 * (PR_SET_PDEATHSIG), so that a machine never has two sets of them.
 */
#include "server/supervisor.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "server/base/backoff.h"
#include "server/base/clock.h"
#include "server/base/fatal.h"
#include "server/base/log.h"
#include "server/roles.h"

enum {
	RESTART_MIN_MS = 100,
	RESTART_MAX_MS = 2000,
	LIVED_WELL_MS = 10000,
	END_GRACE_MS = 10000, /* then SIGKILL */
	ARGUMENTS_MAX = 64,
};

struct child {
	const char *role;
	unsigned instance;
	pid_t pid; /* 0: not running */
	int64_t started_ms, due_ms;
	struct backoff backoff;
};

struct supervisor {
	struct child *children;
	unsigned count;
	const char *const *argv;
	bool ending;
	int64_t kill_ms; /* while ending: when patience is over */
};

static void
add_child(struct supervisor *supervisor, const char *role, unsigned instance)
{
	struct child *child = &supervisor->children[supervisor->count++];

	*child = (struct child){.role = role, .instance = instance};
	backoff_init(&child->backoff, RESTART_MIN_MS, RESTART_MAX_MS);
}

/* In the child: an empty signal mask, death with the parent, exec. The parent may have died before
 * prctl() asked for a signal at its death: then none would come, so this process ends itself.
 * /proc/self/exe is the file that runs now, also while a new one is being installed. */
static _Noreturn void
become_role(const struct child *child, const char *const *extra, pid_t parent)
{
	char instance[16];
	const char *argv[ARGUMENTS_MAX] = {
	    "crisiscoverd", "role", child->role, "--instance", instance};
	unsigned n = 5;
	sigset_t none;

	snprintf(instance, sizeof instance, "%u", child->instance);
	for (; *extra != NULL; extra++) {
		INVARIANT(n < ARGUMENTS_MAX - 1);
		argv[n++] = *extra;
	}
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	if (getppid() != parent)
		_exit(0);
	execv("/proc/self/exe", (char *const *)(void *)argv);
	fatal("could not execute crisiscoverd again: %s", strerror(errno));
}

static void
start(struct supervisor *supervisor, struct child *child)
{
	pid_t parent = getpid(), pid = fork();

	if (pid < 0) { /* out of processes: nobody's fault, later */
		child->due_ms = clock_mono_ms() + backoff_next_ms(&child->backoff);
		log_event(LOG_ERROR, "role_not_started", LOG_STR("role", child->role),
		    LOG_INT("errno", errno));
		return;
	}
	if (pid == 0)
		become_role(child, supervisor->argv, parent);
	child->pid = pid;
	child->started_ms = clock_mono_ms();
	log_event(LOG_INFO, "role_started", LOG_STR("role", child->role),
	    LOG_INT("instance", (int64_t)child->instance), LOG_INT("pid", pid));
}

static struct child *
child_of(struct supervisor *supervisor, pid_t pid)
{
	for (unsigned i = 0; i < supervisor->count; i++)
		if (supervisor->children[i].pid == pid)
			return &supervisor->children[i];
	return NULL;
}

static void
note_death(struct supervisor *supervisor, pid_t pid, int wstatus)
{
	struct child *child = child_of(supervisor, pid);
	int64_t now = clock_mono_ms();

	if (child == NULL)
		return;
	child->pid = 0;
	/* A process that lived that long did not die of its start; the waiting begins again from
	 * the shortest. */
	if (now - child->started_ms >= LIVED_WELL_MS)
		backoff_reset(&child->backoff);
	child->due_ms = now + backoff_next_ms(&child->backoff);
	log_event(supervisor->ending ? LOG_INFO : LOG_WARN, "role_ended",
	    LOG_STR("role", child->role), LOG_INT("pid", pid),
	    LOG_INT("status", WIFEXITED(wstatus) ? WEXITSTATUS(wstatus) : -1),
	    LOG_INT("signal", WIFSIGNALED(wstatus) ? WTERMSIG(wstatus) : 0));
}

/* Signals of one kind are merged, so one SIGCHLD may be for several deaths. */
static void
reap(struct supervisor *supervisor)
{
	int wstatus;
	pid_t pid;

	while ((pid = waitpid(-1, &wstatus, WNOHANG)) > 0)
		note_death(supervisor, pid, wstatus);
}

static void
signal_all(struct supervisor *supervisor, int number)
{
	for (unsigned i = 0; i < supervisor->count; i++)
		if (supervisor->children[i].pid != 0)
			kill(supervisor->children[i].pid, number);
}

/* Starts what is due; answers how long there is nothing to do. A role that ended without a fault is
 * started again too: no role has a reason to end by itself. */
static int64_t
start_due(struct supervisor *supervisor)
{
	int64_t now = clock_mono_ms(), wait = INT64_MAX;

	for (unsigned i = 0; i < supervisor->count; i++) {
		struct child *child = &supervisor->children[i];

		if (child->pid != 0)
			continue;
		if (child->due_ms <= now)
			start(supervisor, child);
		else if (child->due_ms - now < wait)
			wait = child->due_ms - now;
	}
	return wait;
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
		wait_ms = start_due(supervisor);
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

/* The signals are blocked before the first child is started, so that no death is missed. */
int
supervise(const struct config *config, const char *const *argv)
{
	struct supervisor supervisor = {.argv = argv};
	sigset_t signals;

	sigemptyset(&signals);
	sigaddset(&signals, SIGCHLD);
	sigaddset(&signals, SIGTERM);
	sigaddset(&signals, SIGINT);
	sigaddset(&signals, SIGHUP);
	sigprocmask(SIG_BLOCK, &signals, NULL);
	signal(SIGPIPE, SIG_IGN);

	log_open("supervisor", LOG_INFO);
	supervisor.children =
	    xcalloc(8 + (size_t)config->api_processes, sizeof *supervisor.children);
	for (unsigned i = 0; roles[i].name != NULL; i++) {
		unsigned copies =
		    strcmp(roles[i].name, "api") == 0 ? (unsigned)config->api_processes : 1;

		for (unsigned copy = 0; copy < copies; copy++)
			add_child(&supervisor, roles[i].name, copy);
	}
	while (turn(&supervisor, &signals))
		;
	free(supervisor.children);
	log_plain(LOG_INFO, "server_ended");
	return 0;
}
