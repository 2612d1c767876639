/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "server/api/ask/protection_private.h"

/* Which objects of a set-up have to do with its protected people. */

struct texts {
	protection_text_fn *fn;
	void *ctx;
};

static void
tell(const struct texts *texts, const char *text)
{
	if (text != NULL)
		texts->fn(texts->ctx, text, false);
}

static void
tell_words(const struct texts *texts, const char *text)
{
	if (text != NULL)
		texts->fn(texts->ctx, text, true);
}

static void
tell_person(const struct texts *texts, const struct region_person *person)
{
	tell(texts, person->name);
	for (const char *const *alias = person->aliases; *alias != NULL; alias++)
		tell(texts, *alias);
	tell(texts, person->work_phone);
}

static void
tell_service(const struct texts *texts, const struct region_service *service)
{
	tell_words(texts, service->name);
	tell(texts, service->phone);
	tell(texts, service->fallback_phone);
}

void
protection_texts(const struct region *region, const struct region_kind *kind, uint32_t index,
    protection_text_fn *fn, void *ctx)
{
	const struct texts texts = {fn, ctx};

	if (kind == &region_kinds[REGION_KIND_ACCOUNT])
		return; /* its name may be the code of a person, who is its owner */
	tell(&texts, region_kind_code(kind, region, index));
	switch (kind - region_kinds) {
	case REGION_KIND_ORGANISATION:
		tell_words(&texts, region->organisations[index].name);
		break;
	case REGION_KIND_FUNCTION:
		tell_words(&texts, region->functions[index].name);
		break;
	case REGION_KIND_PLACE:
		tell_words(&texts, region->places[index].name);
		tell(&texts, region->places[index].switchboard);
		break;
	case REGION_KIND_PERSON:
		tell_person(&texts, region_person(region, index));
		break;
	case REGION_KIND_SERVICE:
		tell_service(&texts, &region->services[index]);
		break;
	default:
		break;
	}
}

/* ---------------------------------------------------------------------------------- apart from them */

static bool
is_guarded(const struct protection_core *core, uint32_t person)
{
	for (size_t i = 0; i < core->guarded.count; i++)
		if (core->guarded.items[i].person == person)
			return true;
	return false;
}

/* Whether the rota says what one of them is called. */
static bool
names_one(const struct protection_core *core, const struct region_rota *rota)
{
	for (uint32_t i = 0; i < rota->naliases; i++)
		if (is_guarded(core, rota->aliases[i].person))
			return true;
	for (uint32_t i = 0; i < rota->ntitles; i++)
		if (is_guarded(core, rota->titles[i].person))
			return true;
	return false;
}

struct meeting {
	const struct withheld_words *words;
	bool met;
};

static void
meet(void *ctx, const char *text, bool single)
{
	struct meeting *meeting = ctx;

	meeting->met |= withheld_words_found_in(meeting->words, slice_of(text), single);
}

bool
protection_is_apart(const struct protection_core *core, const struct region *region,
    const struct region_edited *edited)
{
	struct meeting meeting = {.words = core->words};

	if (core->guarded.count == 0)
		return true;
	switch (edited->kind - region_kinds) {
	case REGION_KIND_PERSON:
		if (is_guarded(core, edited->index))
			return false;
		break;
	case REGION_KIND_ROTA:
		if (names_one(core, &region->rotas[edited->index]))
			return false;
		break;
	case REGION_KIND_FUNCTION:
		return false; /* its name stands in the place of theirs */
	default:
		break;
	}
	protection_texts(region, edited->kind, edited->index, meet, &meeting);
	return !meeting.met;
}
