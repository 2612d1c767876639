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
 * It listens for the api, with a socket for each of its processes, which all of them have: so what has knocked is
 * served although processes come and go, and those who wait at a process that is hung are accepted by another (decision 32).
 *
 * A process that does not end, but does nothing either, is found by its pulse (hung.h): it is told to abort, so
 * that its stack is in the log, killed two seconds later, and started again as any other.
 */
#include "server/supervisor/supervisor.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "server/base/clock.h"
#include "server/base/fatal.h"
#include "server/base/figures.h"
#include "server/base/linked.h"
#include "server/base/log.h"
#include "server/base/tcp_socket.h"
#include "server/base/text.h"
#include "server/base/user.h"
#include "server/supervisor/children.h"
#include "server/supervisor/handover.h"
#include "server/supervisor/renew.h"
#include "server/supervisor/role_users.h"
#include "server/supervisor/silent.h"
#include "server/supervisor/state_lock.h"
#include "server/supervisor/trial.h"

enum {
	END_GRACE_MS = RENEW_GRACE_MS, /* then SIGKILL */
	SECOND_MS = 1000,
	LIBRARIES_EVERY_MS = 10000,
	SILENT_EVERY_MS = 5000,
	HUNG_START_TIMES = 6,    /* a start may take so many times hung_seconds */
	HUNG_WORK_SECONDS = 110, /* more than a call to the database may take, and some (pg.h) */
};

struct supervisor {
	const struct config *config;
	char *const *argv;
	struct children children;
	struct hung_limits limits;
	int lock;
	int64_t second_ms;
	struct silent silent;
	int64_t silent_ms; /* when that was looked at last */
	bool ending;
	bool others_end; /* the api has ended, and the others were told to */
	int64_t kill_ms; /* while ending: when patience is over */
};

/* Signals of one kind are merged, so one SIGCHLD may be for several deaths. */
static void
reap(struct supervisor *supervisor)
{
	struct child *child;
	int wstatus;
	pid_t pid;

	while ((pid = waitpid(-1, &wstatus, WNOHANG)) > 0) {
		child = children_of_pid(&supervisor->children, pid);
		if (child == NULL)
			continue;
		child->asked |= supervisor->ending;
		child_ended(child, wstatus);
	}
}

static int64_t
least(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

/* Starts what is due; answers how long there is nothing to do. A role that ended without a fault is
 * started again too: no role has a reason to end by itself. */
static int64_t
start_due(struct children *children, int64_t now)
{
	int64_t wait = INT64_MAX;

	for (unsigned i = 0; i < children->count; i++) {
		struct child *child = &children->all[i];

		if (child->part != CHILD_STAYS || child->pid != 0)
			continue;
		if (child->due_ms <= now)
			children_start(children, child);
		else
			wait = least(wait, child->due_ms - now);
	}
	return wait;
}

/* Sockets at another address than the settings now say are closed: who waits there came too early or too late. */
static void
close_others(struct children *children, const struct config *config)
{
	unsigned *count = &children->listening_count;

	while (*count > 0 && !tcp_is_at(children->listening[*count - 1], config->listen_address,
				 (uint16_t)config->listen_port))
		close(children->listening[--*count]);
}

/* One socket for each process, over which the kernel spreads connections. If the port cannot be had now, it is tried
 * again each second: somebody who has it may go. More than are wanted now are kept: connections may wait there. */
static void
listen_for_api(struct supervisor *supervisor)
{
	const struct config *config = supervisor->config;
	struct children *children = &supervisor->children;
	uint16_t port = (uint16_t)config->listen_port;

	close_others(children, config);
	while (children->listening_count < config->api_processes) {
		int fd = tcp_listen(config->listen_address, port, true);

		if (fd < 0) {
			log_event(LOG_ERROR, "not_listening",
			    LOG_STR("address", config->listen_address), LOG_INT("port", port),
			    LOG_STR("reason", strerror(errno)));
			return;
		}
		children->listening[children->listening_count++] = fd;
	}
}

/* Its own: a process that it starts is another program's code in full, and it stays the one that it began as. */
static void
look_at_libraries(void)
{
	static int64_t looked_ms = -LIBRARIES_EVERY_MS;

	if (clock_mono_ms() - looked_ms < LIBRARIES_EVERY_MS)
		return;
	looked_ms = clock_mono_ms();
	figure_set(FIGURE_LIBRARIES_REPLACED, linked_replaced(NULL));
}

static void
look_for_silence(struct supervisor *supervisor)
{
	const struct config *config = supervisor->config;
	int64_t now = clock_boot_ms();
	char *figures;

	if (supervisor->silent_ms != 0 && now - supervisor->silent_ms < SILENT_EVERY_MS)
		return;
	supervisor->silent_ms = now;
	figures = user_folder(config->role_users, config->state_directory, "figures");
	silent_look(&supervisor->silent, figures, now, config->notify_silent_seconds);
	free(figures);
}

/* An api process compares what ought to run with what does. */
static void
file_figures(const struct children *children)
{
	struct buf wanted = {0};

	for (unsigned i = 0; i < children->count; i++)
		if (children->all[i].part == CHILD_STAYS)
			buf_printf(
			    &wanted, "%s-%u ", children->all[i].role, children->all[i].instance);
	figure_say(FIGURE_TEXT_WANTED, wanted.at == NULL ? "" : wanted.at);
	look_at_libraries();
	figures_file();
	buf_free(&wanted);
}

/* Looks after what runs; answers as start_due() does. */
static int64_t
feel_pulses(struct supervisor *supervisor, int64_t now)
{
	struct children *children = &supervisor->children;
	bool second = hung_is_second(&supervisor->second_ms, now);
	int64_t wait = supervisor->second_ms + SECOND_MS - now;

	if (second && children->listening_count < supervisor->config->api_processes)
		listen_for_api(supervisor);
	if (second) {
		look_for_silence(supervisor);
		file_figures(children);
	}
	for (unsigned i = 0; i < children->count; i++) {
		if (second)
			child_second(&children->all[i], supervisor->limits);
		wait = least(wait, child_kill_due(&children->all[i], now));
	}
	return wait;
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

/* A second SIGTERM must not prolong the time until SIGKILL. The api's processes have the socket still, and serve
 * what knocks until they close it. */
static void
end_all(struct supervisor *supervisor)
{
	if (supervisor->ending)
		return;
	supervisor->ending = true;
	supervisor->kill_ms = clock_mono_ms() + END_GRACE_MS;
	while (supervisor->children.listening_count > 0)
		close(supervisor->children.listening[--supervisor->children.listening_count]);
	children_signal(&supervisor->children, true, SIGTERM);
	log_plain(LOG_INFO, "server_ending");
}

/* Comes back only if nothing is to change. */
static void
execute_again(struct supervisor *supervisor)
{
	if (supervisor->ending ||
	    !trial_run(supervisor->argv[0], supervisor->children.launch.extra))
		return;
	handover_execute(supervisor->argv, supervisor->lock, &supervisor->children);
	log_event(LOG_ERROR, "not_executed", LOG_STR("program", supervisor->argv[0]),
	    LOG_STR("reason", strerror(errno)));
}

/* The api ends first: a request that it has begun may want one of the others, to check a password. */
static int64_t
work_while_ending(struct supervisor *supervisor)
{
	const struct children *children = &supervisor->children;
	int64_t wait_ms = supervisor->kill_ms - clock_mono_ms();

	if (!supervisor->others_end && children_answering(children) == 0) {
		supervisor->others_end = true;
		children_signal(children, false, SIGTERM);
	}
	if (wait_ms > 0)
		return wait_ms;
	/* The last ones are killed together, whatever they still wait for. */
	children_signal(children, true, SIGKILL);
	children_signal(children, false, SIGKILL);
	return INT64_MAX;
}

static int64_t
work(struct supervisor *supervisor)
{
	struct children *children = &supervisor->children;
	int64_t now = clock_mono_ms(), wait;

	children_drop(children);
	wait = feel_pulses(supervisor, now);
	wait = least(wait, renew_go_on(children, now));
	return least(wait, start_due(children, now));
}

/* One turn; false when there is nothing left to supervise. */
static bool
turn(struct supervisor *supervisor, const sigset_t *signals)
{
	int64_t wait_ms;

	if (supervisor->ending && children_running(&supervisor->children) == 0)
		return false;
	wait_ms = supervisor->ending ? work_while_ending(supervisor) : work(supervisor);
	switch (next_signal(signals, wait_ms)) {
	case SIGTERM:
	case SIGINT:
		end_all(supervisor);
		break;
	case SIGHUP:
		execute_again(supervisor);
		break;
	default: /* SIGCHLD, or the time is up */
		break;
	}
	reap(supervisor);
	return true;
}

/* What the supervisor before has left is renewed. Of the processes that were on their way, those that went go on
 * going, and those that came go: they are of what was in force before. */
static void
take_over(struct children *children)
{
	for (unsigned i = 0; i < children->count; i++) {
		struct child *child = &children->all[i];

		if (child->part == CHILD_STAYS)
			continue;
		child->part = CHILD_GOES;
		child_end(child, SIGHUP, RENEW_GRACE_MS);
	}
	renew_all(children);
	log_plain(LOG_INFO, "server_renews");
}

/* False: another serve has the state directory. One that takes over from itself goes on: it answers people. */
static bool
begin(struct supervisor *supervisor)
{
	int before = 0, lock;
	bool takes_over = handover_take(&before, &supervisor->children);
	char *figures;

	lock = state_lock(supervisor->config->state_directory, before);

	if (lock < 0 && !takes_over)
		return false;
	supervisor->lock = lock < 0 ? before : lock;
	listen_for_api(supervisor);
	if (takes_over)
		take_over(&supervisor->children);
	children_want(&supervisor->children, supervisor->config);
	figures = user_folder(
	    supervisor->config->role_users, supervisor->config->state_directory, "figures");
	figures_open(figures, "supervisor", 0);
	free(figures);
	file_figures(&supervisor->children);
	return true;
}

static void
block_signals(sigset_t *signals)
{
	sigemptyset(signals);
	sigaddset(signals, SIGCHLD);
	sigaddset(signals, SIGTERM);
	sigaddset(signals, SIGINT);
	sigaddset(signals, SIGHUP);
	sigprocmask(SIG_BLOCK, signals, NULL);
	signal(SIGPIPE, SIG_IGN);
	/* A file at its limit (ulimit -f) is met as a full disk is: the write fails, and the process goes on. */
	signal(SIGXFSZ, SIG_IGN);
}

/* The signals are blocked before the first child is started, so that no death is missed. */
int
supervise(const struct config *config, char *const *argv, const char *const *extra)
{
	static struct supervisor supervisor;
	unsigned seconds = (unsigned)config->hung_seconds;
	sigset_t signals;

	supervisor =
	    (struct supervisor){.config = config, .argv = argv, .second_ms = clock_mono_ms()};
	supervisor.children.launch = (struct launch){extra, config->role_users};
	supervisor.limits = (struct hung_limits){.seconds = seconds,
	    .start_seconds = HUNG_START_TIMES * seconds,
	    .idle_seconds = seconds + seconds / 2,
	    .work_seconds = HUNG_WORK_SECONDS + seconds};
	block_signals(&signals);
	log_open("supervisor", LOG_INFO);
	if (!role_users_check(config) || !role_users_keep_rights(config))
		return EXIT_FAILURE;
	if (!begin(&supervisor))
		return EXIT_FAILURE;
	reap(&supervisor);
	while (turn(&supervisor, &signals))
		;
	figures_close(true);
	log_plain(LOG_INFO, "server_ended");
	return 0;
}
