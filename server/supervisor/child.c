/* SPDX-License-Identifier: MIT */
#include "server/supervisor/child.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "server/base/clock.h"
#include "server/base/fatal.h"
#include "server/base/figures.h"
#include "server/base/log.h"
#include "server/base/user.h"

enum {
	RESTART_MIN_MS = 100,
	RESTART_MAX_MS = 2000,
	LIVED_WELL_MS = 10000,
	ABORT_GRACE_MS = 2000, /* to log the stack; then SIGKILL */
	ARGUMENTS_MAX = 80,
};

void
child_init(struct child *child, const char *role, unsigned instance)
{
	*child = (struct child){.role = role, .instance = instance, .pulse_fd = -1};
	backoff_init(&child->backoff, RESTART_MIN_MS, RESTART_MAX_MS);
}

/* In the child: an empty signal mask, its own user (NULL: it stays who it is), death with the parent, exec. A change of
 * the user cancels the signal at the parent's death, so that comes later. The parent may have died before prctl() asked for
 * it: then none would come, so this process ends itself.
 * /proc/self/exe is the file that runs now, also while a new one is being installed. */
static _Noreturn void
become_role(const struct child *child, const char *const *extra, const struct handed *handed,
    const struct user *user, pid_t parent)
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
	if (user != NULL)
		user_become(user);
	else
		user_drop_rights();
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	if (getppid() != parent)
		_exit(0);
	handed_give(handed);
	execv("/proc/self/exe", (char *const *)(void *)argv);
	fatal("could not execute crisiscoverd again: %s", strerror(errno));
}

/* A page for each process, so that what an earlier one counted is not taken for a sign of life. Without one the
 * role works all the same. */
static void
make_pulse(struct child *child)
{
	child->watch = (struct hung_watch){0};
	child->kill_ms = 0;
	child->pulse = NULL;
	child->pulse_fd = pulse_make(&child->pulse);
	if (child->pulse_fd < 0)
		log_event(LOG_ERROR, "pulse_not_made", LOG_STR("role", child->role),
		    LOG_STR("reason", strerror(errno)));
}

static void
drop_pulse(struct child *child)
{
	pulse_drop(child->pulse, child->pulse_fd);
	child->pulse = NULL;
	child->pulse_fd = -1;
}

static void
not_started(struct child *child, const char *reason)
{
	child->due_ms = clock_mono_ms() + backoff_next_ms(&child->backoff);
	log_event(
	    LOG_ERROR, "role_not_started", LOG_STR("role", child->role), LOG_STR("reason", reason));
}

/* The user of ${child}, as the system's list has it now. False, and logged, if there is none. */
static bool
find_user(struct child *child, const char *users, struct user *user)
{
	char name[64];
	const char *why;

	snprintf(name, sizeof name, "%s-%s", users, child->role);
	why = user_find(name, user);
	if (why != NULL) {
		log_event(
		    LOG_ERROR, "no_user_for_role", LOG_STR("user", name), LOG_STR("reason", why));
		not_started(child, "it has no user of its own (setting role_users)");
	}
	return why == NULL;
}

void
child_start(struct child *child, const struct launch *launch, struct handed *handed)
{
	bool has_user = user_divides(launch->users);
	pid_t parent = getpid(), pid;
	struct user user;

	if (has_user && !find_user(child, launch->users, &user))
		return;
	make_pulse(child);
	handed->pulse = child->pulse_fd;
	handed->waits = child->part == CHILD_COMES;
	child->renew = child->asked = false;
	pid = fork();
	if (pid == 0)
		become_role(child, launch->extra, handed, has_user ? &user : NULL, parent);
	if (pid < 0) { /* out of processes: nobody's fault, later */
		not_started(child, strerror(errno));
		drop_pulse(child);
		return;
	}
	child->pid = pid;
	child->started_ms = clock_mono_ms();
	log_event(LOG_INFO, "role_started", LOG_STR("role", child->role),
	    LOG_INT("instance", (int64_t)child->instance), LOG_INT("pid", pid));
}

void
child_ended(struct child *child, int wstatus)
{
	int64_t now = clock_mono_ms();

	log_event(child->asked ? LOG_INFO : LOG_WARN, "role_ended", LOG_STR("role", child->role),
	    LOG_INT("pid", child->pid),
	    LOG_INT("status", WIFEXITED(wstatus) ? WEXITSTATUS(wstatus) : -1),
	    LOG_INT("signal", WIFSIGNALED(wstatus) ? WTERMSIG(wstatus) : 0));
	figure_add(FIGURE_ROLES_DIED, child->asked ? 0 : 1);
	drop_pulse(child);
	child->pid = 0;
	child->kill_ms = 0;
	/* A process that lived that long did not die of its start; the waiting begins again from
	 * the shortest. */
	if (now - child->started_ms >= LIVED_WELL_MS)
		backoff_reset(&child->backoff);
	/* Whom somebody told to end has no fault that waiting would put right. */
	child->due_ms = child->asked ? now : now + backoff_next_ms(&child->backoff);
}

void
child_end(struct child *child, int number, int64_t grace_ms)
{
	child->asked = true;
	kill(child->pid, number);
	child->kill_ms = clock_mono_ms() + grace_ms;
}

bool
child_answers(const struct child *child)
{
	return strcmp(child->role, "api") == 0;
}

bool
child_ready(const struct child *child)
{
	return child->pulse == NULL ||
	       atomic_load_explicit(&child->pulse->ready, memory_order_relaxed) != 0;
}

/* ---------------------------------------------------------------------------------------------- hung */

static struct hung_pulse
read_pulse(struct pulse_page *page, pid_t pid)
{
	return (struct hung_pulse){
	    .turns = atomic_load_explicit(&page->turns, memory_order_relaxed),
	    .steps = atomic_load_explicit(&page->steps, memory_order_relaxed),
	    .working = atomic_load_explicit(&page->working, memory_order_relaxed) != 0,
	    .allowed_seconds = atomic_load_explicit(&page->allowed_seconds, memory_order_relaxed),
	    .processor = clock_processor_ns(pid),
	};
}

/* SIGABRT for its handler, which logs the stack (base/stack.h). A process that is stopped takes no signal but
 * SIGKILL and SIGCONT: continued, it aborts before it does anything else. */
static void
abort_child(struct child *child, enum hung hung)
{
	log_event(LOG_ERROR, "role_hung", LOG_STR("role", child->role),
	    LOG_INT("instance", (int64_t)child->instance), LOG_INT("pid", child->pid),
	    LOG_INT("seconds", hung == HUNG_WORK ? child->watch.stuck : child->watch.silent),
	    LOG_STR("reason", hung_words(hung)));
	figure_add(FIGURE_ROLES_HUNG, 1);
	kill(child->pid, SIGABRT);
	kill(child->pid, SIGCONT);
	child->kill_ms = clock_mono_ms() + ABORT_GRACE_MS;
}

void
child_second(struct child *child, struct hung_limits limits)
{
	enum hung hung;

	if (child->pid == 0 || child->pulse == NULL || child->kill_ms != 0)
		return;
	hung = hung_second(&child->watch, read_pulse(child->pulse, child->pid), limits);
	if (hung != HUNG_NOT)
		abort_child(child, hung);
}

int64_t
child_kill_due(struct child *child, int64_t now_ms)
{
	if (child->pid == 0 || child->kill_ms == 0)
		return INT64_MAX;
	if (child->kill_ms > now_ms)
		return child->kill_ms - now_ms;
	kill(child->pid, SIGKILL);
	child->kill_ms = 0;
	return INT64_MAX;
}
