/* SPDX-License-Identifier: MIT */
#include "tests/simulation/sim.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "server/base/fatal.h"

enum { NOTES = 200, NOTE_MAX = 200, REASON_MAX = 400 };

struct sim_event {
	int64_t at;
	uint64_t number; /* of two at one instant the older goes first */
	sim_fire_fn *fire;
	void *ctx;
	size_t slot;
};

static struct {
	uint64_t seed, state, numbers, notes;
	int64_t now_us;
	struct sim_event **heap;
	size_t count, capacity;
	const char *fault;
	bool verbose, failed;
	char reason[REASON_MAX];
	char note[NOTES][NOTE_MAX];
} sim;

/* ------------------------------------------------------------------------------------ chance */

static uint64_t
next_number(void)
{
	uint64_t z = sim.state += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

uint32_t
sim_below(uint32_t limit)
{
	return (uint32_t)((next_number() >> 32) * limit >> 32);
}

int64_t
sim_between(int64_t least, int64_t most)
{
	return least + (int64_t)(next_number() % (uint64_t)(most - least + 1));
}

bool
sim_odds(uint32_t one_in)
{
	return one_in > 0 && sim_below(one_in) == 0;
}

bool
sim_faulty(const char *fault)
{
	return sim.fault != NULL && strcmp(sim.fault, fault) == 0;
}

/* ------------------------------------------------------------------------------------- queue */

static bool
before(const struct sim_event *a, const struct sim_event *b)
{
	return a->at < b->at || (a->at == b->at && a->number < b->number);
}

static void
put(struct sim_event *event, size_t slot)
{
	sim.heap[slot] = event;
	event->slot = slot;
}

static void
rise(struct sim_event *event, size_t slot)
{
	for (; slot > 0 && before(event, sim.heap[(slot - 1) / 2]); slot = (slot - 1) / 2)
		put(sim.heap[(slot - 1) / 2], slot);
	put(event, slot);
}

static void
sink(struct sim_event *event, size_t slot)
{
	for (;;) {
		size_t child = slot * 2 + 1;

		if (child >= sim.count)
			break;
		if (child + 1 < sim.count && before(sim.heap[child + 1], sim.heap[child]))
			child++;
		if (!before(sim.heap[child], event))
			break;
		put(sim.heap[child], slot);
		slot = child;
	}
	put(event, slot);
}

static void
take_out(const struct sim_event *event)
{
	size_t slot = event->slot;
	struct sim_event *last = sim.heap[--sim.count];

	if (last == event)
		return;
	if (slot > 0 && before(last, sim.heap[(slot - 1) / 2]))
		rise(last, slot);
	else
		sink(last, slot);
}

struct sim_event *
sim_after(int64_t us, sim_fire_fn *fire, void *ctx)
{
	struct sim_event *event = xmalloc(sizeof *event);

	*event =
	    (struct sim_event){sim.now_us + (us > 0 ? us : 0), sim.numbers++, fire, ctx, sim.count};
	if (sim.count == sim.capacity) {
		sim.capacity = sim.capacity > 0 ? sim.capacity * 2 : 256;
		sim.heap = xrealloc(sim.heap, sim.capacity * sizeof(struct sim_event *));
	}
	sim.count++;
	rise(event, sim.count - 1);
	return event;
}

void
sim_cancel(struct sim_event *event)
{
	if (event == NULL)
		return;
	take_out(event);
	free(event);
}

void
sim_run_until(int64_t us)
{
	while (sim.count > 0 && sim.heap[0]->at <= us && !sim.failed) {
		struct sim_event event = *sim.heap[0];

		sim_cancel(sim.heap[0]);
		sim.now_us = event.at;
		event.fire(event.ctx);
	}
	if (!sim.failed)
		sim.now_us = us;
}

/* ------------------------------------------------------------------------------------- world */

void
sim_begin(uint64_t seed, const char *fault, bool verbose)
{
	sim.seed = sim.state = seed;
	sim.numbers = sim.notes = 0;
	/* Some instant of 2026 to 2028, so that clock changes and year ends come up. */
	sim.now_us = (INT64_C(1767225600) + sim_between(0, INT64_C(730) * 86400)) * 1000000;
	sim.fault = fault;
	sim.verbose = verbose;
	sim.failed = false;
}

void
sim_end(void)
{
	while (sim.count > 0)
		free(sim.heap[--sim.count]);
	free(sim.heap);
	sim.heap = NULL;
	sim.capacity = 0;
}

uint64_t
sim_seed(void)
{
	return sim.seed;
}

int64_t
sim_now_us(void)
{
	return sim.now_us;
}

/* ------------------------------------------------------------------------------------- words */

__attribute__((format(printf, 1, 0))) static void
note_va(const char *format, va_list args)
{
	char *note = sim.note[sim.notes++ % NOTES];
	int used = snprintf(note, NOTE_MAX, "%" PRId64 ".%06" PRId64 "  ", sim.now_us / 1000000,
	    sim.now_us % 1000000);

	vsnprintf(note + used, NOTE_MAX - (size_t)used, format, args);
	if (sim.verbose)
		printf("%s\n", note);
}

void
sim_note(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	note_va(format, args);
	va_end(args);
}

void
sim_fail(const char *format, ...)
{
	va_list args;

	if (sim.failed)
		return;
	sim.failed = true;
	va_start(args, format);
	vsnprintf(sim.reason, sizeof sim.reason, format, args);
	va_end(args);
	sim_note("FAILED: %s", sim.reason);
}

const char *
sim_failure(void)
{
	return sim.failed ? sim.reason : NULL;
}

void
sim_print_notes(void)
{
	for (uint64_t i = sim.notes > NOTES ? sim.notes - NOTES : 0; i < sim.notes; i++)
		printf("  %s\n", sim.note[i % NOTES]);
}
