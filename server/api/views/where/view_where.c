/* SPDX-License-Identifier: MIT */
#include "server/api/ask/ask.h"
#include "server/api/ask/plain_page.h"
#include "server/api/views/parts/hours_words.h"
#include "server/api/views/parts/navigator_words.h"
#include "server/api/views/views.h"
#include "server/map/lookup_teams.h"
#include "server/model/region_contact.h"
#include "server/model/succession.h"

/*
 * GET /where/{place}: where to go tonight, on a card for a person in crisis or their carer. Short words,
 * lines that anybody may ring, and no names. For who has signed in; of a place that has agreed to it
 * (public_card), for everybody. From the snapshot, so also while the database is away.
 */

/* The numbers that everybody in England may ring at any hour. They stand first: they answer even if all
 * else on the card is wrong. */
static void
add_always(struct buf *out)
{
	buf_add_text(out,
	    "<ul>\n<li><strong>If a life is in danger, ring 999.</strong> Or go to A&amp;E, the "
	    "emergency department of a hospital. It is open all night.</li>\n"
	    "<li><strong>To talk to somebody now, ring 111 and choose option 2.</strong> It is for "
	    "people of all ages, and for those who look after them, day and night.</li>\n");
}

/* Nothing, if its line is not one that may be told to everybody. */
static void
add_team(struct buf *out, struct ask *ask, uint32_t place, const struct lookup_team *team)
{
	const struct region *region = ask->region;
	const struct region_service *service =
	    team->service == REGION_NONE ? NULL : &region->services[team->service];
	struct region_ring ring = {0};
	struct buf words = {0};
	const char *hours;

	if (service == NULL || !service->self_referral)
		return;
	ring = region_ring(service->line, &region->places[place]);
	/* A switchboard is for staff. */
	if (ring.phone == NULL || ring.via_switchboard)
		return;
	ring.bleep = NULL;
	region_ring_words(&words, &ring, "");
	hours = hours_words(ask->arena, ask->map->setup, place, team->function, ask->now);
	plain_page_add(out, "<li><strong>", service->name, "</strong>: ring ");
	buf_add_text(out, "<strong>");
	plain_page_ringing(out, words.at);
	buf_add_text(out, "</strong>");
	if (hours != NULL)
		plain_page_add(out, ", ", hours, "");
	buf_add_text(out, ". You do not need to be sent by anybody.</li>\n");
	buf_free(&words);
}

static void
add_teams(struct buf *out, struct ask *ask, uint32_t place)
{
	struct cover_asked asked = {.map = ask->map, .now = ask->now};
	struct lookup_teams teams;

	lookup_teams_make(ask->arena, &asked, place, ask->now, &teams);
	for (size_t i = 0; i < teams.count; i++)
		add_team(out, ask, place, &teams.items[i]);
}

/* A card that is for everybody, unless it is closed: who is in a crisis is not sent to a locked door. */
static void
add_navigator(
    struct buf *out, const struct navigator_told *told, const struct lookup_navigator *one)
{
	const struct region_navigator *card = &told->setup->region->navigators[one->navigator];
	struct buf way = {0};

	if (!card->self_referral || one->is.state == NAVIGATOR_CLOSED ||
	    (card->line != NULL && card->line->via_switchboard))
		return;
	plain_page_add(out, "<li><strong>", card->name, "</strong>, for ");
	plain_page_add(out, "", card->whom, ". ");
	plain_page_add(out, "It is ", navigator_state_words(told, one), ". <strong>");
	buf_add_text(&way, navigator_way_words(told, one->navigator));
	plain_page_ringing(out, way.at);
	buf_add_text(out, "</strong>.</li>\n");
	buf_free(&way);
}

static void
add_navigators(struct buf *out, struct ask *ask, uint32_t place)
{
	struct navigator_told told = {ask->arena, ask->map->setup, &ask->region->places[place]};
	struct lookup_asked wanted = {place, REGION_NONE, ask->now};
	const struct lookup_navigator *items;
	size_t count = lookup_navigators(ask->arena, ask->map, &wanted, &items);

	for (size_t i = 0; i < count; i++)
		add_navigator(out, &told, &items[i]);
}

static void
add_place(struct buf *out, struct ask *ask, uint32_t place)
{
	add_navigators(out, ask, place);
	add_teams(out, ask, place);
}

static void
add_card(struct buf *out, struct ask *ask, uint32_t place)
{
	struct succession succession = succession_find(ask->arena,
	    &(struct succession_asked){ask->region, ask->map->setup->zone, place, ask->now});
	char made[ZONE_TEXT_MAX];

	zone_text(ask->map->setup->zone, ask->now, made);
	buf_add_text(out, "<article class=\"card\">\n<h1>Where to go tonight</h1>\n");
	plain_page_add(out, "<p>For you, or for somebody you look after. From ",
	    ask->region->places[place].name, ".</p>\n");
	add_always(out);
	/* A place that is no more sends nobody to its teams. */
	if (succession.life == PLACE_LIVES)
		add_place(out, ask, place);
	for (uint32_t i = 0; i < succession.instead.count; i++)
		add_place(out, ask, succession.instead.items[i]);
	buf_add_text(out,
	    "</ul>\n<p>If one of them does not answer, ring 111 and choose option 2. You can ring "
	    "again as often as you need.</p>\n");
	plain_page_add(
	    out, "<p>Made ", made, ". If this card is older than a day, ask for a new one.</p>\n");
	buf_add_text(out, "</article>\n");
}

/* Who asks is looked for here and not before: a place may let everybody in. */
static void
answer(struct ask *ask)
{
	struct asker asker = {0};
	struct buf out = {0};
	uint32_t place;
	struct slice code = web_param(ask->exchange, "place");

	place = text_is_code(code) ? table_get(&ask->region->place_by_code,
					 arena_strndup(ask->arena, code.at, code.len))
				   : TABLE_NONE;
	ask_who(ask->api, ask->exchange, ask->reading, &asker);
	if (asker.account == NULL &&
	    (place == TABLE_NONE || !ask->region->places[place].public_card)) {
		problem_unauthorised(ask->exchange);
		ask_end(ask);
		return;
	}
	if (place == TABLE_NONE)
		ask_refuse(ask, 404, "There is no place with this code.");
	if (!ask_fine(ask))
		return;
	plain_page_begin(&out, "Where to go tonight");
	add_card(&out, ask, place);
	plain_page_reply(ask->exchange, &out);
	ask_end(ask);
}

/* A link on any site may lead here, so it is not asked where the request comes from: nothing is changed. */
void
view_where(void *ctx, struct web_exchange *exchange)
{
	struct ask ask;

	if (ask_begin_sent(&ask, ctx, exchange))
		answer(&ask);
}
