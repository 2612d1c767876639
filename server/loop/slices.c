/* SPDX-License-Identifier: MIT */
#include "server/loop/slices.h"

#include <stdbool.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/queue.h>
#include <ucontext.h>
#include <unistd.h>

#include "server/base/breath.h"
#include "server/base/clock.h"
#include "server/base/fatal.h"

/* A second stack in the place of views that are cut into steps by hand: what an answer is made of stays one function
 * that can be read from above to below, and whether it stood still makes no difference to its bytes. */

#define SLICE_US 500
#define PAUSE_MS 3
#define STACK_BYTES ((size_t)8 << 20) /* as that of a process; what is not used is no memory */

/* The address sanitizer must know on which stack the program is. */
#if defined(__SANITIZE_ADDRESS__)
#define SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SANITIZED 1
#endif
#endif
#ifdef SANITIZED
#include <sanitizer/common_interface_defs.h>
#define LEAVE(fake, bottom, size) __sanitizer_start_switch_fiber(fake, bottom, size)
#define ARRIVE(fake, bottom, size) __sanitizer_finish_switch_fiber(fake, bottom, size)
#else
#define LEAVE(fake, bottom, size) (void)(fake)
#define ARRIVE(fake, bottom, size) (void)(fake)
#endif

struct piece {
	TAILQ_ENTRY(piece) entry;
	uint64_t owner;
	slices_work_fn *work;
	void *ctx;
};

struct slices {
	struct loop *loop;
	struct slices_options options;
	TAILQ_HEAD(, piece) waiting;
	struct piece *running; /* NULL: none is under way */
	uint64_t last_owner, served;
	unsigned count;
	bool due;       /* on_turn will come */
	bool finishing; /* nothing stands still any more */
	int64_t began_us, spent_us;
	struct slices_stats stats;
	struct loop_timer *timer;
	char *stack;
	ucontext_t loop_side, work_side;
	void *loop_fake, *work_fake; /* of the sanitizer */
	const void *loop_bottom;
	size_t loop_size;
};

/* There is one thread, and one piece that has the processor: breath() has nowhere to take this from. */
static struct slices *current;
static int64_t slice_us = SLICE_US;

void
slices_set_length(int64_t us)
{
	slice_us = us;
}

static void
stand_still(struct slices *slices)
{
	breath_taker = NULL;
	LEAVE(&slices->work_fake, slices->loop_bottom, slices->loop_size);
	INVARIANT(swapcontext(&slices->work_side, &slices->loop_side) == 0);
	ARRIVE(slices->work_fake, &slices->loop_bottom, &slices->loop_size);
}

static void
take_breath(void)
{
	struct slices *slices = current;

	if (slices->finishing || clock_mono_us() - slices->began_us < slice_us)
		return;
	stand_still(slices);
}

/* The second stack never returns: after each piece it waits for the next. */
static void
work_side(void)
{
	ARRIVE(NULL, &current->loop_bottom, &current->loop_size);
	for (;;) {
		struct slices *slices = current;
		struct piece *piece = slices->running;

		piece->work(piece->ctx);
		free(piece);
		slices->running = NULL;
		stand_still(slices);
	}
}

/* The pages beside the stack are not to be used: one that overflows ends the process instead of spoiling memory. */
static char *
new_stack(void)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	char *stack = mmap(NULL, STACK_BYTES, PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK | MAP_NORESERVE, -1, 0);

	if (stack == MAP_FAILED || mprotect(stack, page, PROT_NONE) != 0)
		fatal("could not make a stack for long work");
	return stack;
}

struct slices *
slices_new(struct loop *loop, const struct slices_options *options)
{
	struct slices *slices = xcalloc(1, sizeof *slices);

	slices->loop = loop;
	slices->options = *options;
	TAILQ_INIT(&slices->waiting);
	slices->stack = new_stack();
	INVARIANT(getcontext(&slices->work_side) == 0);
	slices->work_side.uc_stack.ss_sp = slices->stack;
	slices->work_side.uc_stack.ss_size = STACK_BYTES;
	makecontext(&slices->work_side, work_side, 0);
	return slices;
}

void
slices_free(struct slices *slices)
{
	if (slices == NULL)
		return;
	INVARIANT(slices->running == NULL && TAILQ_EMPTY(&slices->waiting));
	munmap(slices->stack, STACK_BYTES);
	free(slices);
}

static struct piece *
next_of(const struct slices *slices)
{
	struct piece *piece;

	TAILQ_FOREACH(piece, &slices->waiting, entry)
	if (piece->owner != slices->last_owner)
		return piece;
	return TAILQ_FIRST(&slices->waiting);
}

/* The processor goes to the work, until its slice is over or it has ended. False: nothing is to be done. */
static bool
run_slice(struct slices *slices)
{
	int64_t took;

	if (slices->running == NULL) {
		slices->running = next_of(slices);
		if (slices->running == NULL)
			return false;
		TAILQ_REMOVE(&slices->waiting, slices->running, entry);
		slices->last_owner = slices->running->owner;
	}
	current = slices;
	slices->began_us = clock_mono_us();
	breath_taker = take_breath;
	LEAVE(&slices->loop_fake, slices->stack, STACK_BYTES);
	INVARIANT(swapcontext(&slices->loop_side, &slices->work_side) == 0);
	ARRIVE(slices->loop_fake, NULL, NULL);
	breath_taker = NULL;
	took = clock_mono_us() - slices->began_us;
	slices->spent_us += took;
	slices->stats.slices++;
	if (took > slices->stats.longest_us)
		slices->stats.longest_us = took;
	if (slices->running == NULL)
		slices->count--;
	return true;
}

/* Short pieces share a slice. After it others have six times as long, if there are any; else only those who have come
 * meanwhile. */
static void
on_turn(void *ctx)
{
	struct slices *slices = ctx;
	uint64_t served;

	slices->timer = NULL;
	slices->due = false;
	slices->spent_us = 0;
	while (slices->spent_us <= slice_us && run_slice(slices))
		;
	if (slices->count == 0)
		return;
	served = slices->options.served == NULL ? 0 : slices->options.served(slices->options.ctx);
	slices->due = true;
	slices->timer =
	    loop_after(slices->loop, served != slices->served ? PAUSE_MS : 0, on_turn, slices);
	slices->served = served;
}

void
slices_add(struct slices *slices, uint64_t owner, slices_work_fn *work, void *ctx)
{
	struct piece *piece = xmalloc(sizeof *piece);

	*piece = (struct piece){.owner = owner, .work = work, .ctx = ctx};
	TAILQ_INSERT_TAIL(&slices->waiting, piece, entry);
	slices->count++;
	if (slices->due)
		return;
	slices->due = true;
	loop_soon(slices->loop, on_turn, slices);
}

void
slices_finish(struct slices *slices)
{
	slices->finishing = true;
	loop_timer_cancel(slices->timer);
	slices->timer = NULL;
	slices->due = true;
	while (run_slice(slices))
		;
}

struct slices_stats
slices_stats(const struct slices *slices)
{
	struct slices_stats stats = slices->stats;

	stats.waiting = slices->count;
	return stats;
}
