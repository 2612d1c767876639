#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

/*
 * A library to preload: the wall clock of the process is CLOCK_AHEAD seconds (negative: behind) off
 * the machine's. The monotonic clocks are as they are, so nothing waits longer or shorter.
 *
 * Not libfaketime: at 0.9.10 it also moves the monotonic deadline that clock_nanosleep is given,
 * redis-server hangs under it, and AddressSanitizer does where it is loaded first. This calls the
 * kernel and no function that anybody intercepts; it may run before the process is initialised.
 */

static long
ahead(void)
{
	static long seconds;
	static int known;

	if (!known) {
		const char *text = getenv("CLOCK_AHEAD");

		seconds = text != NULL ? strtol(text, NULL, 10) : 0;
		known = 1;
	}
	return seconds;
}

int
clock_gettime(clockid_t which, struct timespec *out)
{
	if (syscall(SYS_clock_gettime, which, out) != 0)
		return -1;
	if (which == CLOCK_REALTIME || which == CLOCK_REALTIME_COARSE)
		out->tv_sec += ahead();
	return 0;
}

int
gettimeofday(struct timeval *restrict out, void *restrict zone)
{
	struct timespec now;

	(void)zone;
	if (clock_gettime(CLOCK_REALTIME, &now) != 0)
		return -1;
	out->tv_sec = now.tv_sec;
	out->tv_usec = now.tv_nsec / 1000;
	return 0;
}

time_t
time(time_t *out)
{
	struct timespec now;

	if (clock_gettime(CLOCK_REALTIME, &now) != 0)
		return (time_t)-1;
	if (out != NULL)
		*out = now.tv_sec;
	return now.tv_sec;
}
