#include "server/api/map/map_clock.h"

#include <stdlib.h>

/* When within the look the database read its clock nobody knows: the middle is wrong by half the
 * look at most. */
void
map_clock_look(struct map_clock *clock, int64_t database_us, int64_t asked, int64_t answered)
{
	*clock = (struct map_clock){
	    .known = true,
	    .database_us = database_us,
	    .boot_ms = asked + (answered - asked) / 2,
	};
}

int64_t
map_clock_now_us(const struct map_clock *clock, struct clock_reading reading)
{
	if (!clock->known)
		return reading.wall_us;
	return clock->database_us + (reading.boot_ms - clock->boot_ms) * 1000;
}

int64_t
map_clock_off(const struct map_clock *clock, struct clock_reading reading)
{
	int64_t us = map_clock_now_us(clock, reading) - reading.wall_us;
	int64_t off = (us + (us < 0 ? -500000 : 500000)) / 1000000;

	return llabs(off) < MAP_CLOCK_TOLD_SECONDS ? 0 : off;
}

bool
map_clock_doubtful(int64_t off)
{
	return llabs(off) >= MAP_CLOCK_DOUBTFUL_SECONDS;
}
