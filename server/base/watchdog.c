/* SPDX-License-Identifier: MIT */
#include "server/base/watchdog.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "server/base/clock.h"
#include "server/base/log.h"
#include "server/base/text.h"

#define USEC_A_MS 1000
/* Work that is under way makes a step within the time limit of a call to the database, and some (supervisor/hung.h). */
#define WORK_STUCK_MS 120000

static struct watchdog {
	int fd; /* 0: nobody listens */
	bool ready, waits, longer, stuck;
	int64_t limit_ms; /* 0: nobody watches */
	int64_t said_ms, moved_ms;
	uint64_t steps;
} watchdog;

/* A datagram that does not go is not tried again: the next one says the same. */
static void
say(const char *text)
{
	ssize_t ignored = send(watchdog.fd, text, strlen(text), MSG_NOSIGNAL | MSG_DONTWAIT);

	(void)ignored;
}

/* "/run/…", or "@…" of the abstract ones. */
static int
connect_to(const char *path)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	size_t len = strlen(path);
	int fd;

	if (len < 2 || len >= sizeof address.sun_path || (path[0] != '/' && path[0] != '@'))
		return 0;
	memcpy(address.sun_path, path, len);
	if (path[0] == '@')
		address.sun_path[0] = '\0';
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return 0;
	if (connect(fd, (const struct sockaddr *)&address,
		(socklen_t)(offsetof(struct sockaddr_un, sun_path) + len)) == 0)
		return fd;
	close(fd);
	return 0;
}

/* In milliseconds, of this process; else 0. */
static int64_t
limit_of_environment(void)
{
	const char *usec = getenv("WATCHDOG_USEC"), *pid = getenv("WATCHDOG_PID");
	int64_t value, of;

	if (usec == NULL || !text_int(slice_of(usec), USEC_A_MS, INT64_MAX, &value))
		return 0;
	if (pid != NULL && (!text_int(slice_of(pid), 1, INT32_MAX, &of) || of != getpid()))
		return 0;
	return value / USEC_A_MS;
}

void
watchdog_open(bool waits)
{
	const char *path = getenv("NOTIFY_SOCKET");

	watchdog = (struct watchdog){.waits = waits, .moved_ms = clock_mono_ms()};
	watchdog.fd = path == NULL ? 0 : connect_to(path);
	watchdog.limit_ms = watchdog.fd > 0 ? limit_of_environment() : 0;
	unsetenv("NOTIFY_SOCKET");
	unsetenv("WATCHDOG_USEC");
	unsetenv("WATCHDOG_PID");
}

void
watchdog_ready(void)
{
	if (watchdog.fd > 0 && !watchdog.ready)
		say("READY=1");
	watchdog.ready = true;
}

static void
set_limit(int64_t ms)
{
	char text[64];

	snprintf(text, sizeof text, "WATCHDOG_USEC=%lld\nWATCHDOG=1", (long long)(ms * USEC_A_MS));
	say(text);
	watchdog.said_ms = clock_mono_ms();
}

/* Whether work that is under way has made no step for too long. Logged once: the process is ended soon. */
static bool
is_stuck(int64_t now_ms, uint64_t steps, bool working)
{
	if (steps != watchdog.steps || !working)
		watchdog.moved_ms = now_ms;
	watchdog.steps = steps;
	if (now_ms - watchdog.moved_ms < WORK_STUCK_MS)
		return false;
	if (!watchdog.stuck)
		log_event(LOG_ERROR, "role_hung", LOG_INT("seconds", WORK_STUCK_MS / 1000),
		    LOG_STR("reason", "Its loop turns, but its work stands still."));
	watchdog.stuck = true;
	return true;
}

void
watchdog_turn(uint64_t steps, bool working)
{
	int64_t now_ms;

	if (watchdog.fd <= 0)
		return;
	if (!watchdog.waits)
		watchdog_ready();
	if (watchdog.limit_ms == 0)
		return;
	now_ms = clock_mono_ms();
	if (is_stuck(now_ms, steps, working))
		return;
	if (watchdog.longer) {
		watchdog.longer = false;
		set_limit(watchdog.limit_ms);
	} else if (now_ms - watchdog.said_ms >= watchdog.limit_ms / 4) {
		say("WATCHDOG=1");
		watchdog.said_ms = now_ms;
	}
}

void
watchdog_long(unsigned seconds)
{
	int64_t ms = (int64_t)seconds * 1000;

	if (watchdog.limit_ms == 0 || ms <= watchdog.limit_ms)
		return;
	watchdog.longer = true;
	set_limit(ms);
}
