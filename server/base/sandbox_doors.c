/* SPDX-License-Identifier: MIT */
#include "server/base/sandbox_doors.h"

#include <errno.h>
#include <fcntl.h>
#include <seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#define STACK_MAX_BYTES ((rlim_t)8 << 20)

/* System calls that parsing and expanding a calendar was seen to need, and no others. */
static const int allowed[] = {
    SCMP_SYS(read),
    SCMP_SYS(write),
    SCMP_SYS(brk),
    SCMP_SYS(munmap),
    SCMP_SYS(mremap),
    SCMP_SYS(madvise),
    SCMP_SYS(futex),
    SCMP_SYS(exit),
    SCMP_SYS(exit_group),
    SCMP_SYS(clock_gettime),
    SCMP_SYS(clock_nanosleep),
    SCMP_SYS(getrandom),
    SCMP_SYS(rt_sigreturn),
    SCMP_SYS(rt_sigprocmask),
    SCMP_SYS(restart_syscall),
#if SANDBOX_SANITIZED
    SCMP_SYS(mprotect),
    SCMP_SYS(sigaltstack),
    SCMP_SYS(rt_sigaction),
    SCMP_SYS(sched_yield),
#endif
};

/* System calls that libraries try out of habit and can do without: refused, without ending the
 * process. */
static const int refused[] = {
    SCMP_SYS(openat),
    SCMP_SYS(open),
    SCMP_SYS(newfstatat),
    SCMP_SYS(access),
    SCMP_SYS(readlink),
    SCMP_SYS(getpid),
    SCMP_SYS(gettid),
    SCMP_SYS(sysinfo),
};

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* Handlers of the process that forked us would run on its descriptors and its loop. The sanitizer's
 * own stay. */
static bool
forget_signals(void)
{
	struct sigaction plain = {.sa_handler = SIG_DFL};
	sigset_t none;

	for (int number = 1; number < NSIG; number++) {
		if (SANDBOX_SANITIZED &&
		    (number == SIGSEGV || number == SIGBUS || number == SIGFPE))
			continue;
		/* EINVAL: SIGKILL, SIGSTOP and the two that libc keeps for itself. */
		if (sigaction(number, &plain, NULL) != 0 && errno != EINVAL)
			return false;
	}
	sigemptyset(&none);
	return sigprocmask(SIG_SETMASK, &none, NULL) == 0;
}

static bool
close_descriptors(int *fd)
{
	/* At a known number, so that one call closes all the others. */
	if (*fd != STDIN_FILENO && dup2(*fd, STDIN_FILENO) != STDIN_FILENO)
		return false;
	*fd = STDIN_FILENO;
	/* The sanitizer's last words need stderr. */
	if (SANDBOX_SANITIZED)
		return close_range(1, 1, 0) == 0 && close_range(3, ~0u, 0) == 0;
	/* Files, sockets and the log of the process that forked us: a child that is taken over must
	 * find none of them. */
	return close_range(1, ~0u, 0) == 0;
}

static bool
limit(__rlimit_resource_t what, rlim_t soft, rlim_t hard)
{
	return setrlimit(what, &(struct rlimit){.rlim_cur = soft, .rlim_max = hard}) == 0;
}

static bool
set_limits(const struct sandbox_limits *limits)
{
	/* SIGXCPU at the soft limit, which can be distinguished from other deaths, and SIGKILL a
	 * second later. */
	return limit(RLIMIT_CPU, limits->cpu_seconds, limits->cpu_seconds + 1) &&
	       (SANDBOX_SANITIZED ||
		   limit(RLIMIT_AS, limits->memory_bytes, limits->memory_bytes)) &&
	       limit(RLIMIT_FSIZE, 0, 0) && limit(RLIMIT_NOFILE, 0, 0) &&
	       limit(RLIMIT_NPROC, 0, 0) && limit(RLIMIT_CORE, 0, 0) &&
	       limit(RLIMIT_STACK, STACK_MAX_BYTES, STACK_MAX_BYTES);
}

static bool
give_up_privileges(void)
{
	return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
	       prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0 &&
	       prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) == 0;
}

static bool
add_rules(scmp_filter_ctx filter)
{
	/* Calls by the numbers of another architecture (i386 on x86-64) would pass the list below
	 * by. */
	if (seccomp_attr_set(filter, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS) != 0)
		return false;
	for (size_t i = 0; i < COUNT(allowed); i++)
		if (seccomp_rule_add(filter, SCMP_ACT_ALLOW, allowed[i], 0) != 0)
			return false;
	for (size_t i = 0; i < COUNT(refused); i++)
		if (seccomp_rule_add(filter, SCMP_ACT_ERRNO(EACCES), refused[i], 0) != 0)
			return false;
	/* Memory, but neither code nor files. */
	return seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 2,
		   SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0),
		   SCMP_A3(SCMP_CMP_MASKED_EQ, MAP_ANONYMOUS, MAP_ANONYMOUS)) == 0;
}

static bool
filter_calls(void)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_KILL_PROCESS);
	bool shut;

	if (filter == NULL)
		return false;
	shut = add_rules(filter) && seccomp_load(filter) == 0;
	seccomp_release(filter);
	return shut;
}

/* The filter comes last: the others need calls that it forbids. */
bool
sandbox_shut_doors(int *fd, const struct sandbox_limits *limits)
{
	return forget_signals() && close_descriptors(fd) && set_limits(limits) &&
	       give_up_privileges() && filter_calls();
}
