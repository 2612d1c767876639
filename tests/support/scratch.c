/* SPDX-License-Identifier: MIT */
#include "tests/support/scratch.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <poll.h>
#include <pwd.h>
#include <signal.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tests/support/scratch_private.h"

#define MEMORY_BYTES ((uint64_t)1 << 30)

void
scratch_fail(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	fputs("scratch: ", stderr);
	vfprintf(stderr, format, args);
	fputc('\n', stderr);
	va_end(args);
	/* exit() and not abort(): exit handlers must run, so that the janitors see that we have
	 * ended. */
	exit(99);
}

char *
scratch_format(const char *format, ...)
{
	va_list args;
	char *text;

	va_start(args, format);
	if (vasprintf(&text, format, args) < 0)
		scratch_fail("out of memory");
	va_end(args);
	return text;
}

static int64_t
now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void
pause_ms(long ms)
{
	nanosleep(&(struct timespec){.tv_nsec = ms * 1000 * 1000}, NULL);
}

char *
scratch_read(const char *path)
{
	FILE *file = fopen(path, "r");
	char *text = NULL;
	size_t capacity = 0;

	if (file == NULL)
		return NULL;
	if (getdelim(&text, &capacity, '\0', file) < 0) {
		free(text);
		text = NULL;
	}
	fclose(file);
	return text;
}

/* PostgreSQL refuses to run as root. */
static const struct passwd *
unprivileged(void)
{
	const struct passwd *user;

	if (geteuid() != 0)
		return NULL;
	user = getpwnam("postgres");
	if (user == NULL)
		user = getpwnam("nobody");
	if (user == NULL)
		scratch_fail("there is neither a user postgres nor a user nobody to step down to");
	return user;
}

static void
remove_tree(const char *path)
{
	/* Repeat until it is gone: a killed server may still be writing. */
	const char *argv[] = {"/bin/rm", "-rf", "--", path, NULL};
	char *const *args;
	const char *const *first = argv;

	memcpy(&args, &first, sizeof args); /* the prototype's lack of const */
	for (int i = 0; i < 1000 && access(path, F_OK) == 0; i++) {
		posix_spawn_file_actions_t actions;
		pid_t pid = 0;

		posix_spawn_file_actions_init(&actions);
		posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
		if (posix_spawn(&pid, argv[0], &actions, NULL, args, environ) != 0)
			pid = 0;
		posix_spawn_file_actions_destroy(&actions);
		while (pid > 0 && waitpid(pid, NULL, 0) < 0 && errno == EINTR)
			;
		if (access(path, F_OK) == 0)
			pause_ms(5);
	}
}

_Noreturn static void
keep_testbed(const char *path, int leash)
{
	char byte;

	/* A session of its own, without the test's pipes: a Ctrl-C must not reach it. */
	setsid();
	signal(SIGTERM, SIG_IGN);
	for (int fd = 0; fd < 1024; fd++) {
		if (fd != leash)
			close(fd);
	}
	if (open("/dev/null", O_RDWR) < 0 || dup(0) < 0 || dup(0) < 0)
		_exit(1);
	while (read(leash, &byte, 1) < 0 && errno == EINTR)
		;
	remove_tree(path);
	_exit(0);
}

/* The folder for the servers' data. In memory if there is room: a cluster is a thousand small
 * files, and a disk with a journal would take half of a test's time. */
static const char *
root_folder(void)
{
	const char *named = getenv("TMPDIR");
	struct statfs shm;

	/* a path of a unix socket has at most 107 bytes */
	if (named != NULL && *named != '\0' && strlen(named) <= 60)
		return named;
	if (access("/dev/shm", W_OK | X_OK) == 0 && statfs("/dev/shm", &shm) == 0 &&
	    shm.f_type == TMPFS_MAGIC && shm.f_bavail >= MEMORY_BYTES / (uint64_t)shm.f_bsize)
		return "/dev/shm";
	return "/tmp";
}

void
scratch_home_open(struct scratch_home *home, const char *kind)
{
	const char *root = root_folder();
	const struct passwd *user = unprivileged();
	int leash[2];

	home->path = scratch_format("%s/crisiscover-%s-XXXXXX", root, kind);
	if (mkdtemp(home->path) == NULL)
		scratch_fail("could not make a folder in %s: %s", root, strerror(errno));
	if (user != NULL && chown(home->path, user->pw_uid, user->pw_gid) != 0)
		scratch_fail("could not give %s away: %s", home->path, strerror(errno));
	if (pipe2(leash, O_CLOEXEC) != 0)
		scratch_fail("could not make a pipe: %s", strerror(errno));
	home->janitor = fork();
	if (home->janitor == 0) {
		close(leash[1]);
		keep_testbed(home->path, leash[0]);
	}
	close(leash[0]);
	home->leash = leash[1];
}

void
scratch_home_close(struct scratch_home *home)
{
	/* Remove it here: a forked child may still hold the pipe for which the janitor waits. */
	remove_tree(home->path);
	close(home->leash);
	scratch_end(&home->janitor, SIGKILL);
	free(home->path);
}

static void
remove_folder(void *path)
{
	remove_tree(path);
	free(path);
}

static char *folders[64];
static unsigned folders_count;
static pid_t folders_owner;

static void
remove_folders(void)
{
	/* Not in a forked child: its exit is not the end of the test. */
	if (getpid() != folders_owner)
		return;
	while (folders_count > 0)
		remove_folder(folders[--folders_count]);
}

char *
scratch_folder(void)
{
	char *path = strdup("/tmp/crisiscover-test-XXXXXX");

	if (path == NULL || mkdtemp(path) == NULL || chmod(path, 0755) != 0)
		scratch_fail("could not make a folder: %s", strerror(errno));
	if (folders_owner == 0) {
		folders_owner = getpid();
		atexit(remove_folders);
	}
	if (folders_count == sizeof folders / sizeof *folders)
		scratch_fail("too many folders");
	folders[folders_count++] = strdup(path);
	return path;
}

/* Runs in the child: changes the user, arranges to die with the parent, and executes ${argv}. */
_Noreturn static void
become(const struct passwd *user, pid_t parent, const char *folder, const char *const *argv)
{
	char *const *args;

	if (user != NULL && (setgid(user->pw_gid) != 0 || setuid(user->pw_uid) != 0))
		_exit(126);
	/* After setuid(), which would clear it. On SIGQUIT PostgreSQL ends its sessions at once. */
	if (parent != 0) {
		prctl(PR_SET_PDEATHSIG, SIGQUIT);
		if (getppid() != parent)
			_exit(126);
	}
	if (folder != NULL && chdir(folder) != 0)
		_exit(126);
	setenv("LC_ALL", "C.UTF-8", 1);
	memcpy(&args, &argv, sizeof args); /* exec's const-less prototype */
	execvp(argv[0], args);
	_exit(127);
}

pid_t
scratch_spawn(const struct scratch_home *home, const char *const *argv)
{
	const struct passwd *user = unprivileged();
	char *log = scratch_format("%s/log", home->path);
	pid_t parent = getpid(), pid = fork();

	if (pid == 0) {
		int out = open(log, O_WRONLY | O_CREAT | O_APPEND, 0644),
		    in = open("/dev/null", O_RDONLY);

		if (out < 0 || in < 0 || dup2(in, 0) < 0 || dup2(out, 1) < 0 || dup2(out, 2) < 0)
			_exit(126);
		if (user != NULL && fchown(out, user->pw_uid, user->pw_gid) != 0)
			_exit(126);
		/* A process group of its own, so that a Ctrl-C does not reach the server; it ends
		 * with the test. */
		setpgid(0, 0);
		become(user, parent, home->path, argv);
	}
	if (pid < 0)
		scratch_fail("could not fork: %s", strerror(errno));
	free(log);
	return pid;
}

int
scratch_exit_code(pid_t pid)
{
	int status;

	while (waitpid(pid, &status, 0) < 0) {
		if (errno != EINTR)
			scratch_fail("could not wait: %s", strerror(errno));
	}
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

_Noreturn static void
fail_with_log(const struct scratch_home *home, const char *why, const char *what)
{
	char *path = scratch_format("%s/log", home != NULL ? home->path : ""),
	     *log = scratch_read(path);

	scratch_fail("%s %s\n%s", why, what, log != NULL ? log : "");
}

void
scratch_run_in(const struct scratch_home *home, const char *const *argv)
{
	int code = scratch_exit_code(scratch_spawn(home, argv));

	if (code != 0)
		fail_with_log(home, "could not run", argv[0]);
}

void
scratch_copy(const struct scratch_home *home, const char *from, const char *to)
{
	const char *argv[] = {"cp", "-a", "--reflink=auto", "--", from, to, NULL};

	scratch_run_in(home, argv);
}

/* An unlinked file for input or output, so that no second process must feed a pipe. */
static int
unnamed_file(const char *content)
{
	FILE *file = tmpfile();
	int fd;

	if (file == NULL)
		scratch_fail("could not make a temporary file: %s", strerror(errno));
	if (content != NULL)
		fputs(content, file);
	fflush(file);
	rewind(file);
	fd = dup(fileno(file));
	fclose(file);
	return fd;
}

static char *
all_of(int fd)
{
	off_t len = lseek(fd, 0, SEEK_END);
	char *text = calloc(1, (size_t)len + 1);

	if (text == NULL || pread(fd, text, (size_t)len, 0) != len)
		scratch_fail("could not read back what a command printed");
	while (len > 0 && text[len - 1] == '\n')
		text[--len] = '\0';
	return text;
}

/* Uses posix_spawn: to fork a sanitized program costs more time than psql needs. */
pid_t
scratch_spawn_with(const char *const *argv, int in, int out, bool both)
{
	posix_spawn_file_actions_t actions;
	char *const *args;
	pid_t pid;
	int fault;

	memcpy(&args, &argv, sizeof args); /* the prototype's lack of const */
	setenv("LC_ALL", "C.UTF-8", 1);
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, in, STDIN_FILENO);
	posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO);
	if (both)
		posix_spawn_file_actions_adddup2(&actions, out, STDERR_FILENO);
	fault = posix_spawnp(&pid, argv[0], &actions, NULL, args, environ);
	posix_spawn_file_actions_destroy(&actions);
	if (fault != 0)
		scratch_fail("could not run %s: %s", argv[0], strerror(fault));
	return pid;
}

int
scratch_run(const char *const *argv, const char *input, bool both, char **output)
{
	int in = unnamed_file(input), out = unnamed_file(NULL);
	int code = scratch_exit_code(scratch_spawn_with(argv, in, out, both));

	if (output != NULL)
		*output = all_of(out);
	close(in);
	close(out);
	return code;
}

void
scratch_await(const char *what, unsigned seconds, const struct scratch_home *home, pid_t pid,
    scratch_fact_fn *fact, void *ctx)
{
	int64_t deadline =
	    now_ms() + (int64_t)seconds * 4000; /* four times as long, for a busy machine */
	long pause = 5;

	while (!fact(ctx)) {
		if (pid != 0 && waitpid(pid, NULL, WNOHANG) == pid)
			fail_with_log(home, "the server died while the test waited until", what);
		if (now_ms() > deadline)
			fail_with_log(home, "waited in vain until", what);
		pause_ms(pause);
		/* The question itself may cost as much as the wait if psql asks it, so ask less and
		 * less often. */
		pause = pause < 40 ? 2 * pause : pause;
	}
}

struct gone {
	pid_t pid;
};

static bool
is_gone(void *ctx)
{
	struct gone *gone = ctx;

	return waitpid(gone->pid, NULL, WNOHANG) == gone->pid ||
	       (kill(gone->pid, 0) != 0 && errno == ESRCH);
}

void
scratch_end(pid_t *pid, int signal)
{
	struct gone gone = {.pid = *pid};

	if (*pid <= 0)
		return;
	kill(*pid, signal);
	scratch_await("a server it ended was gone", 30, NULL, 0, is_gone, &gone);
	*pid = 0;
}
