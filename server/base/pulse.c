/* SPDX-License-Identifier: MIT */
#include "server/base/pulse.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "server/base/fatal.h"
#include "server/base/watchdog.h"

#define PAGE_BYTES 4096

static struct pulse_page nobody_reads;
static struct pulse_page *own = &nobody_reads;

struct pulse_page *
pulse_map(int fd)
{
	void *page = mmap(NULL, PAGE_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

	return page == MAP_FAILED ? NULL : page;
}

/* The seals keep a role from making the file shorter: the supervisor would die of reading beyond its end. */
int
pulse_make(struct pulse_page **page)
{
	int fd = memfd_create("pulse", MFD_CLOEXEC | MFD_ALLOW_SEALING), cause;

	if (fd < 0)
		return -1;
	if (ftruncate(fd, PAGE_BYTES) == 0 &&
	    fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) == 0) {
		*page = pulse_map(fd);
		if (*page != NULL)
			return fd;
	}
	cause = errno;
	close(fd);
	errno = cause;
	return -1;
}

void
pulse_drop(struct pulse_page *page, int fd)
{
	if (page != NULL)
		munmap(page, PAGE_BYTES);
	if (fd >= 0)
		close(fd);
}

/* In a child of this process, which does not have the page. */
static void
forget(void)
{
	own = &nobody_reads;
}

void
pulse_open(int fd)
{
	struct pulse_page *page = pulse_map(fd);

	if (page == NULL || madvise(page, PAGE_BYTES, MADV_DONTFORK) != 0 ||
	    pthread_atfork(NULL, NULL, forget) != 0)
		fatal("could not map the page of the pulse: %s", strerror(errno));
	close(fd);
	own = page;
}

/* The counts have one writer and are compared with themselves alone, so that no order is needed. */
static void
count(_Atomic uint64_t *counter)
{
	atomic_store_explicit(
	    counter, atomic_load_explicit(counter, memory_order_relaxed) + 1, memory_order_relaxed);
}

void
pulse_turn(void)
{
	count(&own->turns);
	atomic_store_explicit(&own->allowed_seconds, 0, memory_order_relaxed);
	watchdog_turn(atomic_load_explicit(&own->steps, memory_order_relaxed),
	    atomic_load_explicit(&own->working, memory_order_relaxed) != 0);
}

void
pulse_long(unsigned seconds)
{
	atomic_store_explicit(&own->allowed_seconds, seconds, memory_order_relaxed);
	watchdog_long(seconds);
}

void
pulse_work(bool under_way)
{
	count(&own->steps);
	atomic_store_explicit(&own->working, under_way, memory_order_relaxed);
}

uint64_t
pulse_steps(void)
{
	return atomic_load_explicit(&own->steps, memory_order_relaxed);
}

void
pulse_ready(void)
{
	atomic_store_explicit(&own->ready, 1, memory_order_relaxed);
	watchdog_ready();
}
