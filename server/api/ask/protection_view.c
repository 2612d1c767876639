/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "server/api/ask/protection_private.h"
#include "server/base/fatal.h"
#include "server/model/region_people.h"
#include "server/model/region_protected.h"

/* Views: a set-up as members of one organisation see it. A view has other people in the places of some;
 * everything else is shared with the set-up. */

/* Whether a protected person belongs to the organisation of the view, which sees the person. */
static bool
is_own(const struct guarded *guarded, const char *own)
{
	return own != NULL && strcmp(guarded->owner, own) == 0;
}

static void
free_view(struct protection_view *view)
{
	if (view == NULL)
		return;
	/* The set-up lies in the arena of the view, so a reference to it must not outlive the
	 * view. */
	INVARIANT(view->setup->refs == 1 && *view->holds == 0);
	arena_free(view->arena);
}

void
protection_views_free(struct protection *protection)
{
	for (size_t i = 0; i < protection->views.count; i++)
		free_view(protection->views.items[i]);
}

/* The people of the set-up, with those who are withheld from ${own} in their places. */
static const struct region_people_block *const *
withhold(struct arena *arena, const struct protection *protection, const char *own)
{
	const struct region *whole = protection->setup->region;
	size_t count = protection->core->guarded.count;
	struct region_people_put *items = arena_array(arena, count, sizeof *items);
	struct region_people_puts puts = {items, 0};

	for (size_t i = 0; i < count; i++) {
		const struct guarded *guarded = &protection->core->guarded.items[i];

		if (!is_own(guarded, own))
			items[puts.count++] =
			    (struct region_people_put){guarded->person, guarded->seen};
	}
	return region_people_with(arena, arena, whole, &puts);
}

/* Its set-up is a shallow copy with a count of its own: snapshot_region_ref() on the original would keep the
 * original, and not the view. */
static struct protection_view *
make_view(struct protection *protection, const char *own)
{
	static uint64_t made;
	struct arena *arena = arena_new(0);
	const struct region *whole = protection->setup->region;
	struct protection_view *view = arena_alloc(arena, sizeof *view);
	struct region *seen = arena_alloc(arena, sizeof *seen);

	*seen = *whole;
	seen->people = withhold(arena, protection, own);
	*view = (struct protection_view){
	    .protection = protection,
	    .arena = arena,
	    .own = own == NULL ? NULL : arena_strdup(arena, own),
	    .setup = arena_alloc(arena, sizeof *view->setup),
	    .serial = ++made,
	    .holds = arena_alloc(arena, sizeof *view->holds),
	};
	*view->setup = *protection->setup;
	view->setup->refs = 1;
	view->setup->arena = NULL;
	view->setup->region = seen;
	return view;
}

/* Where to put a new view. If there are PROTECTION_VIEWS_MAX, it replaces the least recently used one that
 * nobody holds; if all are held, or there are fewer, it is one more. */
static struct protection_view **
place_for_view(struct protection *protection)
{
	struct protection_view **place = NULL, **other;

	if (protection->views.count >= PROTECTION_VIEWS_MAX)
		VEC_EACH (other, &protection->views)
			if (*(*other)->holds == 0 &&
			    (place == NULL || (*other)->last < (*place)->last))
				place = other;
	return place != NULL ? place : VEC_PUSH(protection->arena, &protection->views);
}

/* Either may be NULL: the view of accounts that see no protected person. */
static bool
same(const char *a, const char *b)
{
	return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

const struct protection_view *
protection_view(struct protection *protection, const char *organisation)
{
	struct protection_view **place, *found;
	size_t own = 0;

	for (size_t i = 0; i < protection->core->guarded.count; i++)
		own += is_own(&protection->core->guarded.items[i], organisation);
	if (own == protection->core->guarded.count)
		return NULL;
	/* All organisations without protected people of their own see the same: one view serves
	 * them. */
	if (own == 0)
		organisation = NULL;
	protection->asked++;
	for (size_t i = 0; i < protection->views.count; i++) {
		found = protection->views.items[i];
		if (same(found->own, organisation)) {
			found->last = protection->asked;
			return found;
		}
	}
	place = place_for_view(protection);
	free_view(*place);
	*place = make_view(protection, organisation);
	(*place)->last = protection->asked;
	return *place;
}

void
protection_view_hold(const struct protection_view *view)
{
	if (view != NULL)
		++*view->holds;
}

void
protection_view_release(const struct protection_view *view)
{
	if (view != NULL)
		--*view->holds;
}

uint64_t
protection_view_serial(const struct protection_view *view)
{
	return view == NULL ? 0 : view->serial;
}

const char *
protection_view_own(const struct protection_view *view)
{
	return view->own;
}

struct snapshot_region *
protection_view_setup(const struct protection_view *view)
{
	return view->setup;
}

uint32_t
protection_view_person(const struct protection_view *view, const char *id)
{
	const struct protection *protection = view->protection;
	uint32_t shown = table_get(&protection->core->by_shown, id), person;

	if (shown != TABLE_NONE)
		return protection->core->guarded.items[shown].person;
	person = table_get(&view->setup->region->person_by_id, id);
	return person != TABLE_NONE &&
		       region_is_withheld(region_person(view->setup->region, person))
		   ? TABLE_NONE
		   : person;
}

const char *
protection_view_text(const struct protection_view *view, const char *text)
{
	return text != NULL &&
		       withheld_words_may_name(view->protection->core->words, view->own, text)
		   ? REGION_WITHHELD_TEXT
		   : text;
}

bool
protection_view_replace(const struct protection_view *view, struct slice bytes, struct buf *out)
{
	return withheld_words_replace(view->protection->core->words, view->own, bytes, out);
}

bool
protection_view_tells(const struct protection_view *view, struct slice text)
{
	struct buf out = {0};
	bool tells = protection_view_replace(view, text, &out);

	buf_free(&out);
	return tells;
}
