/* SPDX-License-Identifier: MIT */
#include "server/supervisor/hung.h"

#define SECOND_MS 1000
#define SECOND_NS UINT64_C(1000000000)

static unsigned
limit_of(struct hung_pulse pulse, struct hung_limits limits)
{
	return pulse.allowed_seconds > limits.seconds ? pulse.allowed_seconds : limits.seconds;
}

/* Seconds of the processor. */
static unsigned
most_of_start(struct hung_pulse pulse, struct hung_limits limits)
{
	return pulse.allowed_seconds > limits.idle_seconds ? pulse.allowed_seconds
							   : limits.idle_seconds;
}

/* A start has no counts of its own. A slow one reads and works; one that is stopped, or waits for what does not come,
 * uses no time of the processor; one that spins uses much. That is measured by the processor and not by the clock: on a busy
 * machine a good start may take as long. */
static enum hung
start_second(struct hung_watch *watch, struct hung_pulse pulse, struct hung_limits limits)
{
	watch->idle = pulse.processor == watch->processor ? watch->idle + 1 : 0;
	watch->processor = pulse.processor;
	return watch->silent >= limits.start_seconds || watch->idle >= limits.idle_seconds ||
		       pulse.processor / SECOND_NS >= most_of_start(pulse, limits)
		   ? HUNG_START
		   : HUNG_NOT;
}

enum hung
hung_second(struct hung_watch *watch, struct hung_pulse pulse, struct hung_limits limits)
{
	bool moves = pulse.steps != watch->steps || !pulse.working;

	watch->silent = pulse.turns == watch->turns ? watch->silent + 1 : 0;
	/* Work of a loop that does not turn can make no step: that is counted of the loop. */
	if (moves)
		watch->stuck = 0;
	else if (watch->silent == 0)
		watch->stuck++;
	watch->turns = pulse.turns;
	watch->steps = pulse.steps;
	if (watch->turns == 0)
		return start_second(watch, pulse, limits);
	if (watch->silent >= limit_of(pulse, limits))
		return HUNG_LOOP;
	return watch->stuck >= limits.work_seconds ? HUNG_WORK : HUNG_NOT;
}

const char *
hung_words(enum hung hung)
{
	static const char *const words[] = {
	    [HUNG_NOT] = "It is not hung.",
	    [HUNG_START] = "It has not begun its work.",
	    [HUNG_LOOP] =
		"Its loop does not turn: it is stopped, or one step of its work does not end.",
	    [HUNG_WORK] = "Its loop turns, but its work stands still.",
	};

	return words[hung];
}

bool
hung_is_second(int64_t *last_ms, int64_t now_ms)
{
	if (now_ms - *last_ms < SECOND_MS)
		return false;
	*last_ms = now_ms;
	return true;
}
