/* SPDX-License-Identifier: MIT */
#include "calendars/title_piece.h"

#include <stdlib.h>

#include "server/base/civil.h"

#define DAY ((int64_t)86400)

/* The first time of day ${minutes} (after midnight) that is not before ${local}. */
static int64_t
next_time(int64_t local, int minutes)
{
	int64_t at = civil_day_of(local) * DAY + (int64_t)minutes * 60;

	return at < local ? at + DAY : at;
}

/* The longest stretch of ${whole} that lies between the times of day ${from} and ${to}. None if these
 * contradict the event: a night "20:00-08:00" is not on an event from 09:00 to 21:00, although they
 * share an hour. */
static struct piece
between(struct piece whole, int from, int to)
{
	int64_t lasts = ((int64_t)to - from) * 60 + (to <= from ? DAY : 0);
	struct piece best = {0};

	/* A stretch over midnight may have begun on the day before the event. */
	for (int64_t day = civil_day_of(whole.start) - 1; day <= civil_day_of(whole.end); day++) {
		int64_t start = day * DAY + (int64_t)from * 60;
		int64_t end = day * DAY + (int64_t)to * 60 + (to <= from ? DAY : 0);

		start = start > whole.start ? start : whole.start;
		end = end < whole.end ? end : whole.end;
		if (end - start > best.end - best.start)
			best = (struct piece){.start = start, .end = end};
	}
	/* As where a part of the day is named (title_when.c): people round the hours of a shift. */
	if ((best.end - best.start) * 4 > lasts * 3 ||
	    (best.start == whole.start && best.end == whole.end))
		return best;
	return (struct piece){0};
}

/* The times of a shift that is given by its code. In an all-day event the shift begins on that day
 * and may run into the next morning. In an event with times it begins within them and is cut at
 * their end. Where two days fit, the shift of which most lies within the event is meant: an event
 * of 25 hours does not mean the shift that begins in its last hour. */
static struct piece
by_code(const struct event *event, struct piece whole, const struct title_part *part)
{
	int64_t lasts = ((int64_t)part->to - part->from) * 60 + (part->to <= part->from ? DAY : 0);
	struct piece found[2] = {{0}, {0}}; /* begins within, is mostly within */
	unsigned count[2] = {0, 0};

	if (event->start.kind == WHEN_DATE) {
		found[0].start = civil_day_of(whole.start) * DAY + (int64_t)part->from * 60;
		found[0].end = found[0].start + lasts;
		return found[0];
	}
	for (int64_t day = civil_day_of(whole.start); day <= civil_day_of(whole.end); day++) {
		int64_t start = day * DAY + (int64_t)part->from * 60;
		int64_t end = start + lasts < whole.end ? start + lasts : whole.end;

		if (start < whole.start || start >= whole.end)
			continue;
		for (int i = 0; i < ((end - start) * 2 > lasts ? 2 : 1); i++) {
			found[i] = (struct piece){.start = start, .end = end};
			count[i]++;
		}
	}
	if (count[1] == 1)
		return found[1];
	return count[0] == 1 ? found[0] : (struct piece){0}; /* two fit: not known which */
}

struct piece
piece_of_part(const struct event *event, struct piece whole, const struct title_part *part)
{
	struct piece piece = whole;

	if (part->span == TITLE_SHIFT || part->span == TITLE_ONLY_SHIFT)
		return by_code(event, whole, part);
	if (part->span == TITLE_BETWEEN)
		return between(whole, part->from, part->to);
	/* "Kim until 21:00": the first 21:00 after the start, and not the start itself. */
	if (part->span == TITLE_UNTIL)
		piece.end = next_time(whole.start + 1, part->to);
	else if (part->span == TITLE_FROM)
		piece.start = next_time(whole.start, part->from);
	/* A title cannot say more than its event: a time after its end is cut. */
	piece.end = piece.end < whole.end ? piece.end : whole.end;
	return piece.start < piece.end ? piece : (struct piece){0};
}

static int
compare_starts(const void *a, const void *b)
{
	const struct piece *left = a;
	const struct piece *right = b;

	return (left->start > right->start) - (left->start < right->start);
}

void
pieces_sort(struct piece *pieces, size_t count)
{
	qsort(pieces, count, sizeof *pieces, compare_starts);
}
