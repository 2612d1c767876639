/* SPDX-License-Identifier: MIT */
#include "server/map/sessions.h"

#include <stdlib.h>
#include <string.h>

#include "server/base/fatal.h"
#include "server/base/hash.h"
#include "server/base/instant.h"

/* An open hash table from the id to the index of a session. Nothing is removed from it singly,
 * since that would need marks for deleted slots; make_room() drops what is over and builds the
 * table again. */

#define SLOTS_LEAST 64          /* powers of two */
#define ENDED_KEPT_SECONDS 3600 /* longer than a cookie is believed that is not known yet */

struct sessions {
	int64_t version;
	struct session *items;
	uint32_t *slots; /* index of an item + 1; 0: free */
	size_t count, room, nslots;
};

static const char *const how_names[SESSION_HOWS] = {
    [SESSION_BY_TOKEN] = "token",
    [SESSION_BY_PASSWORD] = "password",
    [SESSION_BY_DEVICE] = "device",
    [SESSION_BY_PROVIDER] = "provider",
};

const char *
session_how_name(enum session_how how)
{
	INVARIANT(how < SESSION_HOWS);
	return how_names[how];
}

bool
session_how_of(const char *name, enum session_how *out)
{
	for (int i = 0; i < SESSION_HOWS; i++)
		if (strcmp(how_names[i], name) == 0) {
			*out = (enum session_how)i;
			return true;
		}
	return false;
}

/* Rules that end a session for certain are judged by ${now}. Only its disuse is judged by what was
 * known when the database was last asked, because another process may have seen it used since. */
bool
session_stands(const struct session *session, int64_t now, int64_t known_at)
{
	int64_t judged_at = known_at < now ? known_at : now;

	return session->ended_at == INSTANT_NEVER && session->ends_at > now &&
	       session->used_at + session->idle_seconds + SESSION_SLACK_SECONDS > judged_at;
}

struct sessions *
sessions_new(void)
{
	struct sessions *sessions = xcalloc(1, sizeof *sessions);

	sessions->version = -1;
	sessions->nslots = SLOTS_LEAST;
	sessions->slots = xcalloc(sessions->nslots, sizeof *sessions->slots);
	return sessions;
}

void
sessions_free(struct sessions *sessions)
{
	if (sessions == NULL)
		return;
	free(sessions->items);
	free(sessions->slots);
	free(sessions);
}

int64_t
sessions_version(const struct sessions *sessions)
{
	return sessions->version;
}

void
sessions_set_version(struct sessions *sessions, int64_t version)
{
	sessions->version = version;
}

/* The slot that has the session of this id, or the one where it would go. */
static uint32_t *
slot_of(const struct sessions *sessions, const char *id)
{
	uint64_t letters;

	/* They are random, so that multiplying spreads them. An id has more than eight characters
	 * (SESSION_ID_LEN). The server chooses the ids, so that nobody can make them collide. */
	memcpy(&letters, id, sizeof letters);
	for (size_t place = hash_spread(letters) >> 32;; place++) {
		uint32_t *slot = &sessions->slots[place % sessions->nslots];

		if (*slot == 0 || memcmp(sessions->items[*slot - 1].id, id, SESSION_ID_LEN) == 0)
			/* The loop ends: at most half of the slots are in use. */
			return slot;
	}
}

static void
index_again(struct sessions *sessions)
{
	size_t wanted = SLOTS_LEAST;

	while (wanted < 4 * (sessions->count + 1))
		wanted *= 2;
	free(sessions->slots);
	sessions->slots = xcalloc(wanted, sizeof *sessions->slots);
	sessions->nslots = wanted;
	for (size_t i = 0; i < sessions->count; i++)
		*slot_of(sessions, sessions->items[i].id) = (uint32_t)i + 1;
}

/* A session that was ended is kept for a while. If it were dropped at once, its cookie would be
 * unknown here instead of refused (ENDED_KEPT_SECONDS). */
static bool
is_of_no_more_use(const struct session *session, int64_t now)
{
	if (session->ended_at != INSTANT_NEVER)
		return session->ended_at + ENDED_KEPT_SECONDS < now;
	return !session_stands(session, now, now);
}

/* Half of the slots are in use: room is made of what is over, or there are to be more of them. */
static void
make_room(struct sessions *sessions, int64_t now)
{
	size_t kept = 0;

	if (2 * (sessions->count + 1) <= sessions->nslots && sessions->count < sessions->room)
		return;
	for (size_t i = 0; i < sessions->count; i++)
		if (!is_of_no_more_use(&sessions->items[i], now))
			sessions->items[kept++] = sessions->items[i];
	sessions->count = kept;
	/* Only if nothing could be dropped. */
	if (kept == sessions->room) {
		sessions->room = sessions->room == 0 ? SLOTS_LEAST : 2 * sessions->room;
		sessions->items =
		    xrealloc(sessions->items, sessions->room * sizeof *sessions->items);
	}
	index_again(sessions);
}

/* The later use stays: this process notes a use at once, and the row that comes from the database
 * may be older. */
void
sessions_put(struct sessions *sessions, const struct session *session, int64_t now)
{
	struct session *known = sessions_find(sessions, session->id);
	int64_t used_at;

	if (known == NULL) {
		make_room(sessions, now);
		sessions->items[sessions->count++] = *session;
		*slot_of(sessions, session->id) = (uint32_t)sessions->count;
		return;
	}
	used_at = known->used_at > session->used_at ? known->used_at : session->used_at;
	*known = *session;
	known->used_at = used_at;
}

/* After this the whole record is read again: version -1 precedes every version. */
void
sessions_clear(struct sessions *sessions)
{
	sessions->count = 0;
	sessions->version = -1;
	index_again(sessions);
}

struct session *
sessions_find(const struct sessions *sessions, const char *id)
{
	uint32_t at = *slot_of(sessions, id);

	return at == 0 ? NULL : &sessions->items[at - 1];
}

size_t
sessions_count(const struct sessions *sessions)
{
	return sessions->count;
}

const struct session *
sessions_at(const struct sessions *sessions, size_t index)
{
	INVARIANT(index < sessions->count);
	return &sessions->items[index];
}
