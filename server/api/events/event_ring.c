/* SPDX-License-Identifier: MIT */
#include "server/api/events/event_ring.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "server/api/ask/rights_swaps.h"
#include "server/api/events/event_words.h"
#include "server/base/fatal.h"

/* By how much two processes may differ about when a change was found: the time between a
 * statement's view of the database and the clock it reads there, errors of the database's clock as
 * two machines know it, and sources whose transaction was open for a while (keep/follow_steps.c). */
#define POSITION_SLACK_US INT64_C(5000000)

struct event {
	int64_t at_us;
	enum change_kind kind;
	uint32_t rota; /* of feed and decision; else REGION_NONE */
	/* Of a swap: the organisations of its rotas and people, and the people. */
	uint32_t organisations[SWAP_ROTAS_MAX + SWAP_PEOPLE_MAX], people[SWAP_PEOPLE_MAX];
	uint32_t len;
	char *bytes;         /* in the same allocation, after the audience */
	uint64_t audience[]; /* its places and those above them, a bit each: who may see one of
				these gets it */
};

struct event_ring {
	struct event **items; /* by number, modulo ${most} */
	uint32_t most;
	uint64_t first, end;
	const struct region *region;
	size_t words; /* of an audience */
	int64_t epoch;
	int64_t since_us; /* the ring is complete from this instant on */
	int64_t last_us;  /* of the last event, or of the restart */
	struct buf text;  /* scratch */
};

struct event_ring *
event_ring_new(uint32_t most)
{
	struct event_ring *ring = xcalloc(1, sizeof *ring);

	ring->most = most;
	ring->items = xcalloc(most, sizeof(struct event *));
	ring->since_us = INT64_MAX;
	return ring;
}

static void
drop_first(struct event_ring *ring)
{
	struct event **item = &ring->items[ring->first++ % ring->most];

	/* Of its instant there may have been other events, so the ring is complete only after it. */
	ring->since_us = (*item)->at_us + 1;
	free(*item);
	*item = NULL;
}

void
event_ring_free(struct event_ring *ring)
{
	if (ring == NULL)
		return;
	while (ring->first < ring->end)
		drop_first(ring);
	buf_free(&ring->text);
	free(ring->items);
	free(ring);
}

/* One number is skipped, so that a listener that has received everything is before the first, too,
 * and gets a reset. */
void
event_ring_restart(
    struct event_ring *ring, const struct region *region, int64_t epoch, int64_t at_us)
{
	while (ring->first < ring->end)
		drop_first(ring);
	ring->first = ++ring->end;
	ring->region = region;
	ring->words = (region->nplaces + 63) / 64;
	ring->epoch = epoch;
	ring->since_us = ring->last_us = at_us;
}

void
event_ring_move(struct event_ring *ring, const struct region *region)
{
	INVARIANT(ring->words == (region->nplaces + 63) / 64);
	ring->region = region;
}

/* ------------------------------------------------------------------------------- who hears it */

static bool
has_bit(const uint64_t *bits, uint32_t index)
{
	return (bits[index / 64] >> index % 64 & 1) != 0;
}

static void
set_bit(uint64_t *bits, uint32_t index)
{
	bits[index / 64] |= (uint64_t)1 << index % 64;
}

/* Ends, because region files with a circle of parents are refused. Parents count whatever their
 * dates, as they do in rights_place(). */
static void
add_audience(const struct region *region, uint32_t place, uint64_t *audience)
{
	const struct region_list *parents = &region->places[place].parents;

	if (has_bit(audience, place))
		return;
	set_bit(audience, place);
	for (uint32_t i = 0; i < parents->count; i++)
		add_audience(region, parents->items[i], audience);
}

static void
find_audience(const struct region *region, const struct change *change, uint64_t *audience)
{
	uint32_t service;

	/* Not by place: those whom it concerns. */
	if (change->swap != NULL)
		return;
	if (change->place != REGION_NONE) {
		add_audience(region, change->place, audience);
		return;
	}
	/* An absence calendar serves no place. */
	service = region->rotas[change->rota].service;
	if (service == REGION_NONE)
		return;
	for (uint32_t i = 0; i < region->services[service].places.count; i++)
		add_audience(region, region->services[service].places.items[i], audience);
}

void
event_ear_free(struct event_ear *ear)
{
	free(ear->changes);
	free(ear->places);
	*ear = (struct event_ear){0};
}

static uint64_t *
rotas_changed_by(const struct region *region, const struct account *account)
{
	uint64_t *bits;

	if (!rights_has(account, RIGHT_CHANGE))
		return NULL;
	bits = xcalloc(region->nrotas / 64 + 1, sizeof *bits);
	for (uint32_t i = 0; i < region->nrotas; i++)
		if (rights_change_rota(region, account, i))
			set_bit(bits, i);
	return bits;
}

/* Whose swaps it hears of: rights_swap_sees() for all of them. */
static void
set_concerns(struct event_ear *ear, const struct region *region, const struct account *account)
{
	uint32_t own = account->organisation == NULL
			   ? TABLE_NONE
			   : table_get(&region->organisation_by_code, account->organisation);

	ear->manages_all = account->role == ROLE_ADMINISTRATOR;
	ear->manages =
	    own != TABLE_NONE && rights_manages(account, account->organisation) ? own : REGION_NONE;
	ear->person = rights_own_person(region, account);
}

/* A place of the account that the region no longer has is left out: no event can be about it. */
void
event_ear_set(struct event_ear *ear, const struct region *region, const struct account *account,
    uint32_t place)
{
	event_ear_free(ear);
	ear->changes = rotas_changed_by(region, account);
	set_concerns(ear, region, account);
	/* An account without places sees all of them; a listener that named one place hears of that alone. */
	ear->one_place = place != REGION_NONE;
	ear->everywhere = !ear->one_place && account->nplaces == 0;
	ear->places = xcalloc(account->nplaces + 1, sizeof *ear->places);
	if (ear->one_place)
		ear->places[ear->nplaces++] = place;
	for (uint32_t i = 0; !ear->one_place && i < account->nplaces; i++) {
		uint32_t own = table_get(&region->place_by_code, account->places[i]);

		if (own != TABLE_NONE)
			ear->places[ear->nplaces++] = own;
	}
}

static bool
hears_of_places(const struct event_ear *ear, const struct event *event)
{
	if (ear->everywhere)
		return true;
	for (uint32_t i = 0; i < ear->nplaces; i++)
		if (has_bit(event->audience, ear->places[i]))
			return true;
	return false;
}

static bool
may_change(const struct event_ear *ear, const struct event *event)
{
	return ear->changes != NULL && has_bit(ear->changes, event->rota);
}

static bool
has_index(const uint32_t *items, size_t count, uint32_t index)
{
	for (size_t i = 0; index != REGION_NONE && i < count; i++)
		if (items[i] == index)
			return true;
	return false;
}

static bool
is_concerned(const struct event_ear *ear, const struct event *event)
{
	return ear->manages_all ||
	       has_index(event->organisations, SWAP_ROTAS_MAX + SWAP_PEOPLE_MAX, ear->manages) ||
	       has_index(event->people, SWAP_PEOPLE_MAX, ear->person);
}

/* By the rights of the calls with which a listener then asks again: events of a source go to those
 * who may see its rota (rights_rota), events of decisions to those who may make them. */
static bool
hears(const struct event_ear *ear, const struct event *event)
{
	bool places = hears_of_places(ear, event);

	switch (event->kind) {
	case CHANGE_COVERAGE:
	case CHANGE_GAP:
	case CHANGE_CONTACT:
	case CHANGE_NOTE:
	case CHANGE_PROTOCOL:
		return places;
	case CHANGE_FEED:
		return places || (!ear->one_place && may_change(ear, event));
	case CHANGE_DECISION:
		return (places || !ear->one_place) && may_change(ear, event);
	case CHANGE_SWAP:
	case CHANGE_LEAVE:
		return !ear->one_place && is_concerned(ear, event);
	case CHANGE_KINDS:
		break;
	}
	return false;
}

/* -------------------------------------------------------------------------------- the events */

/* The organisation of each rota and person of a swap, where the region still has them. */
static void
set_swap(struct event *event, const struct region *region, const struct kept_swap *swap)
{
	for (size_t i = 0; i < SWAP_ROTAS_MAX; i++)
		event->organisations[i] = swap->rotas[i] == REGION_NONE
					      ? REGION_NONE
					      : region->rotas[swap->rotas[i]].organisation;
	for (size_t i = 0; i < SWAP_PEOPLE_MAX; i++) {
		event->people[i] = swap->people[i];
		event->organisations[SWAP_ROTAS_MAX + i] =
		    swap->people[i] == REGION_NONE
			? REGION_NONE
			: region_person(region, swap->people[i])->organisation;
	}
}

static struct event *
event_new(struct event_ring *ring, const struct change *change, int64_t version)
{
	size_t audience = ring->words * sizeof(uint64_t);
	struct event *event;

	buf_reset(&ring->text);
	event_words(&ring->text, ring->region, change, version);
	event = xcalloc(1, sizeof *event + audience + ring->text.len);
	event->at_us = ring->last_us;
	event->kind = change->kind;
	event->rota = change->rota;
	event->len = (uint32_t)ring->text.len;
	event->bytes = (char *)event + sizeof *event + audience;
	memcpy(event->bytes, ring->text.at, ring->text.len);
	find_audience(ring->region, change, event->audience);
	if (change->swap != NULL)
		set_swap(event, ring->region, change->swap);
	return event;
}

/* The instants in the ring never go back, even if the clock does: event_ring_resume() searches from
 * the end and relies on their order. */
void
event_ring_add(
    struct event_ring *ring, const struct changes *changes, int64_t version, int64_t at_us)
{
	if (at_us > ring->last_us)
		ring->last_us = at_us;
	for (size_t i = 0; i < changes->count; i++) {
		struct event *event = event_new(ring, &changes->items[i], version);

		if (ring->end - ring->first == ring->most)
			drop_first(ring);
		ring->items[ring->end++ % ring->most] = event;
	}
}

uint64_t
event_ring_end(const struct event_ring *ring)
{
	return ring->end;
}

void
event_ring_position(const struct event_ring *ring, int64_t shown_us, char out[EVENT_POSITION_MAX])
{
	snprintf(out, EVENT_POSITION_MAX, "%lld-%lld", (long long)ring->epoch, (long long)shown_us);
}

static bool
read_position(struct slice text, int64_t *epoch, int64_t *shown_us)
{
	const char *dash = text.len == 0 ? NULL : memchr(text.at, '-', text.len);
	size_t before = dash == NULL ? 0 : (size_t)(dash - text.at);

	return dash != NULL && text_int((struct slice){text.at, before}, 1, INT64_MAX, epoch) &&
	       text_int((struct slice){dash + 1, text.len - before - 1}, 0, INT64_MAX, shown_us);
}

bool
event_ring_resume(
    const struct event_ring *ring, struct slice position, int64_t now_us, uint64_t *from)
{
	int64_t epoch, shown_us;

	if (!read_position(position, &epoch, &shown_us) || epoch != ring->epoch ||
	    shown_us > now_us + POSITION_SLACK_US || shown_us - POSITION_SLACK_US < ring->since_us)
		return false;
	*from = ring->end;
	while (*from > ring->first &&
	       ring->items[(*from - 1) % ring->most]->at_us >= shown_us - POSITION_SLACK_US)
		--*from;
	return true;
}

uint64_t
event_ring_hear(const struct event_ring *ring, const struct event_ear *ear, uint64_t from,
    struct buf *out, uint32_t *looked)
{
	if (from < ring->first) {
		buf_add_text(out, EVENT_RESET);
		return ring->end;
	}
	for (; from < ring->end; from++) {
		const struct event *event = ring->items[from % ring->most];

		/* Looking costs time for events of others, too: the caller divides its work by it. */
		if (hears(ear, event))
			buf_add(out, event->bytes, event->len);
		++*looked;
	}
	return ring->end;
}
