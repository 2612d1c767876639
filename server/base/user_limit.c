/* SPDX-License-Identifier: MIT */
#include "server/base/user_limit.h"

#include <endian.h>
#include <errno.h>
#include <linux/filter.h>
#include <linux/sched.h>
#include <linux/seccomp.h>
#include <seccomp.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/*
 * Written as the kernel takes it: libseccomp has no rule "one of these numbers, and else no". Numbers of users and groups
 * are 32 bits, and the kernel looks at no more of an argument.
 */

#define CODE_MAX 256
#define X32 0x40000000u /* of x86-64: the same calls under other numbers */

struct filter {
	struct sock_filter code[CODE_MAX];
	unsigned short count;
};

#define DATA(member) (uint32_t) offsetof(struct seccomp_data, member)
#define LOW(n) (DATA(args[n]) + (__BYTE_ORDER == __BIG_ENDIAN ? 4 : 0))

static void
add(struct filter *filter, struct sock_filter instruction)
{
	filter->code[filter->count++] = instruction;
}

static void
load(struct filter *filter, uint32_t offset)
{
	add(filter, (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offset));
}

static void
end(struct filter *filter, uint32_t action)
{
	add(filter, (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, action));
}

/* Goes on by ${yes} or ${no} instructions after the next one. */
static void
jump(struct filter *filter, uint16_t test, uint32_t value, unsigned yes, unsigned no)
{
	add(filter, (struct sock_filter)BPF_JUMP(BPF_JMP | test, value, (uint8_t)yes, (uint8_t)no));
}

#define REFUSED(number) (SECCOMP_RET_ERRNO | (number))

static void
refuse(struct filter *filter, uint32_t call, uint32_t number)
{
	jump(filter, BPF_JEQ | BPF_K, call, 0, 1);
	end(filter, REFUSED(number));
}

/* ${call} has flags as its first argument. In a user namespace of its own a process could be any user of this one. */
static void
refuse_namespace(struct filter *filter, uint32_t call)
{
	jump(filter, BPF_JEQ | BPF_K, call, 0, 4);
	load(filter, LOW(0));
	jump(filter, BPF_JSET | BPF_K, CLONE_NEWUSER, 0, 1);
	end(filter, REFUSED(EPERM));
	end(filter, SECCOMP_RET_ALLOW);
}

/* ${call} sets the three ids: to one of ${ids}, all three alike. */
static void
allow_ids(struct filter *filter, uint32_t call, const uint32_t *ids, unsigned count)
{
	unsigned after_first = count + 8;

	jump(filter, BPF_JEQ | BPF_K, call, 0, after_first + 2);
	load(filter, LOW(0));
	add(filter, (struct sock_filter)BPF_STMT(BPF_MISC | BPF_TAX, 0));
	for (unsigned n = 1; n <= 2; n++) {
		load(filter, LOW(n));
		jump(filter, BPF_JEQ | BPF_X, 0, 1, 0);
		end(filter, REFUSED(EPERM));
	}
	for (unsigned i = 0; i < count; i++)
		jump(filter, BPF_JEQ | BPF_K, ids[i], count - i, 0);
	end(filter, REFUSED(EPERM));
	end(filter, SECCOMP_RET_ALLOW);
}

static void
refuse_others(struct filter *filter)
{
	static const int calls[] = {SYS_setuid, SYS_setgid, SYS_setreuid, SYS_setregid,
	    SYS_setfsuid, SYS_setfsgid, SYS_setns};

	for (size_t i = 0; i < sizeof calls / sizeof *calls; i++)
		refuse(filter, (uint32_t)calls[i], EPERM);
	/* Its flags are in memory, where a filter does not see them. libc takes clone() where there is no clone3(). */
	refuse(filter, SYS_clone3, ENOSYS);
}

static void
write_filter(struct filter *filter, const struct user *users, unsigned count)
{
	uint32_t uids[USER_LIMIT_MAX], gids[USER_LIMIT_MAX];

	for (unsigned i = 0; i < count; i++) {
		uids[i] = users[i].uid;
		gids[i] = users[i].gid;
	}
	load(filter, DATA(arch));
	jump(filter, BPF_JEQ | BPF_K, seccomp_arch_native(), 1, 0);
	end(filter, REFUSED(ENOSYS));
	load(filter, DATA(nr));
#ifdef __x86_64__
	jump(filter, BPF_JGE | BPF_K, X32, 0, 1);
	end(filter, REFUSED(ENOSYS));
#endif
	refuse_others(filter);
	refuse_namespace(filter, SYS_unshare);
	refuse_namespace(filter, SYS_clone);
	allow_ids(filter, SYS_setresuid, uids, count);
	allow_ids(filter, SYS_setresgid, gids, count);
	end(filter, SECCOMP_RET_ALLOW);
}

/* Tried by a child, as what it becomes is irrevocable. */
static bool
may_become(uid_t uid, gid_t gid)
{
	int wstatus;
	pid_t pid = fork();

	if (pid == 0)
		_exit(setresgid(gid, gid, gid) == 0 && setresuid(uid, uid, uid) == 0 ? 0 : 1);
	return pid > 0 && waitpid(pid, &wstatus, 0) == pid && WIFEXITED(wstatus) &&
	       WEXITSTATUS(wstatus) == 0;
}

bool
user_may_become(const struct user *user)
{
	return may_become(user->uid, user->gid);
}

const char *
user_limit(const struct user *users, unsigned count)
{
	struct filter filter = {.count = 0};
	struct sock_fprog program = {.filter = filter.code};

	if (count > USER_LIMIT_MAX)
		return "there are too many users";
	/* From before it executed itself again. */
	if (!may_become(0, 0))
		return NULL;
	write_filter(&filter, users, count);
	program.len = filter.count;
	if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0) != 0 || may_become(0, 0))
		return "the kernel does not limit whom it may become (seccomp)";
	return NULL;
}
