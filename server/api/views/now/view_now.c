/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "server/api/ask/etag.h"
#include "server/api/ask/plain_page.h"
#include "server/api/views/now/now_cache.h"
#include "server/api/views/now/now_lookup.h"
#include "server/api/views/now/now_render.h"
#include "server/api/views/parts/historical.h"
#include "server/api/views/views.h"
#include "server/base/clock.h"
#include "server/base/instant.h"

/*
 * GET /v1/now and /now/{place}.txt. Nearly every call asks about the present, and in one second all
 * who ask the same get the same bytes: such a call checks its token, finds its slot and replies,
 * and allocates nothing. The other answers are computed: from the snapshot as far as it reaches,
 * from the record for an earlier time or when somebody asks what was known at another time.
 */

#define DAY_SECONDS 86400
#define CODE_MAX 64

static const char *const now_parameters[] = {"place", "function", "at", "known_at", NULL};

/* --------------------------------------------------------------------------- the quick way */

/* Index of the code in ${value}, without allocating. */
static uint32_t
quick_index(const struct table *table, struct slice value)
{
	char code[CODE_MAX + 1];

	if (value.len > CODE_MAX)
		return TABLE_NONE;
	memcpy(code, value.at, value.len);
	code[value.len] = '\0';
	return table_get(table, code);
}

/* False: the request is unusual in some way. The ordinary view then handles it and explains the
 * fault, so that nothing has to be explained twice. */
static bool
quick_key(struct api *api, struct web_exchange *exchange, struct now_key *key,
    const struct account **account)
{
	const struct snapshot *map = api->store.current;
	const struct region *region;
	struct clock_reading reading = clock_read();
	struct slice place, function, other;
	struct asker asker = {0};

	if (map == NULL || !web_query(exchange, "place", &place) ||
	    web_query(exchange, "at", &other) || web_query(exchange, "known_at", &other) ||
	    web_query_stranger(exchange, now_parameters).at != NULL)
		return false;
	region = map->setup->region;
	key->generation = map->generation;
	key->second = snapshot_store_now(&api->store, reading);
	ask_who(api, exchange, reading, &asker);
	key->place = quick_index(&region->place_by_code, place);
	key->function = REGION_NONE;
	if (web_query(exchange, "function", &function)) {
		key->function = quick_index(&region->function_by_code, function);
		if (key->function == TABLE_NONE)
			return false;
	}
	if (asker.account == NULL || (asker.scopes & (1u << SCOPE_READ)) == 0 ||
	    key->place == TABLE_NONE || !rights_place(region, asker.account, key->place))
		return false;
	key->sight = rights_sight(asker.account);
	key->view = protection_view_serial(ask_view_of(api, asker.account));
	*account = asker.account;
	return true;
}

/* Nothing is allocated here either. An answer from the cache shows a name as a new one does, so it
 * is noted each time. */
static void
note_quick(const struct api *api, const struct now_key *key, const struct account *account)
{
	const struct region *region = api->store.current->setup->region;

	reads_note(api->reads,
	    &(struct read){
		.route = READ_NOW,
		.account = account->name,
		.what = region->places[key->place].code,
		.function =
		    key->function == REGION_NONE ? NULL : region->functions[key->function].code,
		.at = INSTANT_NONE,
		.known_at = INSTANT_NONE,
		.now = key->second,
	    });
}

/* The bytes are shared with the cache and with every connection that still sends them. */
static void
reply_cached(struct web_exchange *exchange, const struct now_cached *cached)
{
	struct web_answer answer = etag_answer(cached->etag);

	answer.shared = web_bytes_ref(cached->bytes);
	web_reply(exchange, &answer);
}

/* ---------------------------------------------------------------------------- the long way */

void
now_frame_of(struct now_frame *frame, struct ask *ask, const struct lookup *lookup)
{
	*frame = (struct now_frame){
	    .map = ask->map,
	    .lookup = lookup,
	    .sight = rights_sight(ask->account),
	    .view = ask->view,
	    .age = map_age_of(ask),
	    .now = ask->now,
	    .arena = ask->arena,
	};
}

void
now_look_up_at(
    struct ask *ask, uint32_t place, uint32_t function, int64_t at, struct lookup *lookup)
{
	struct cover_asked asked = {.map = ask->map, .now = ask->now};

	lookup_make(ask->arena, &asked, &(struct lookup_asked){place, function, at}, lookup);
}

/* About the present. If the two clocks are so far apart that it is not known which instant that is,
 * only what holds at both of them is certain. */
void
now_look_up(struct ask *ask, uint32_t place, uint32_t function, struct lookup *lookup)
{
	const struct snapshot_store *store = &ask->api->store;
	struct lookup other;

	now_look_up_at(ask, place, function, ask->now, lookup);
	if (snapshot_store_confidence(store, ask->reading) != CONFIDENCE_CLOCK_DOUBTFUL)
		return;
	now_look_up_at(ask, place, function, snapshot_store_other_now(store, ask->reading), &other);
	lookup_doubt(ask->arena, lookup, &other);
}

static void
note(const struct now_frame *frame, const struct ask *ask, enum read_route route, int64_t at)
{
	const struct region *region = ask->region;
	const struct lookup *lookup = frame->lookup;

	if (now_personal(frame))
		ask_read(ask, route, region->places[lookup->place].code,
		    lookup->function == REGION_NONE ? NULL
						    : region->functions[lookup->function].code,
		    at);
}

/* Fragile cover for a lookup: judged a day ahead, since a handover is between the present shift and
 * the next. */
static void
frame_fragile(
    struct now_frame *frame, struct ask *ask, uint32_t function, struct fragile_cover_list *fragile)
{
	const struct lookup *lookup = frame->lookup;
	struct cover_asked asked = {.map = ask->map, .now = ask->now};

	*fragile = fragile_cover_place(ask->arena, &asked, lookup->place, function,
	    (struct span_time){lookup->at, lookup->at + DAY_SECONDS});
	frame->fragile = fragile;
}

/* This moment: made once, kept for all who ask in this second. */
static void
reply_now(struct ask *ask, uint32_t place, uint32_t function)
{
	struct now_key key = {
	    .generation = ask->map->generation,
	    .second = ask->now,
	    .place = place,
	    .function = function,
	    .sight = rights_sight(ask->account),
	    .view = protection_view_serial(ask->view),
	};
	struct lookup lookup;
	struct now_frame frame;
	struct fragile_cover_list fragile;
	struct json_out out = {0};
	char etag[ETAG_MAX];

	now_look_up(ask, place, function, &lookup);
	now_frame_of(&frame, ask, &lookup);
	frame_fragile(&frame, ask, function, &fragile);
	now_render_json(&out, &frame);
	ask_withhold(ask, &out);
	etag_of(out.buf.at, out.buf.len, etag);
	now_cache_put(ask->api->cache, &key, web_bytes_take(out.buf.at, out.buf.len), etag,
	    now_personal(&frame));
	/* From the cache and not from ${out}: its bytes belong to the cache now. */
	reply_cached(ask->exchange, now_cache_get(ask->api->cache, &key));
	note(&frame, ask, READ_NOW, INSTANT_NONE);
}

/* A future instant, or one that the snapshot still has. Not kept in the cache: few ask the same. */
static void
reply_at(struct ask *ask, uint32_t place, uint32_t function, int64_t at)
{
	struct lookup lookup;
	struct now_frame frame;
	struct fragile_cover_list fragile;
	struct json_out out = {0};

	now_look_up_at(ask, place, function, at, &lookup);
	now_frame_of(&frame, ask, &lookup);
	frame_fragile(&frame, ask, function, &fragile);
	now_render_json(&out, &frame);
	ask_reply(ask, &out);
	note(&frame, ask, READ_NOW, at);
}

/* No fragile cover: it is judged from rotas of the whole region, and only those of the place were
 * read from the record. */
static void
reply_historical(struct job *job, const struct historical_asked *asked)
{
	struct ask *ask = &job->ask;
	struct lookup lookup;
	struct now_frame frame;
	struct json_out out = {0};

	historical_look_up(ask, asked, &lookup);
	now_frame_of(&frame, ask, &lookup);
	now_render_json(&out, &frame);
	ask_reply(ask, &out);
	note(&frame, ask, READ_NOW, asked->at);
	job_end(job);
}

/* The only right to check is the one to the place, which quick_key() does. */
bool
view_now_quick(struct api *api, struct web_exchange *exchange)
{
	const struct account *account;
	const struct now_cached *cached;
	struct now_key key;

	if (!quick_key(api, exchange, &key, &account))
		return false;
	cached = now_cache_get(api->cache, &key);
	if (cached == NULL)
		return false;
	if (cached->personal)
		note_quick(api, &key, account);
	reply_cached(exchange, cached);
	return true;
}

void
view_now(struct ask *ask)
{
	struct historical_asked historical;
	uint32_t place = REGION_NONE, function = REGION_NONE;
	int64_t at, known_at;

	at = historical_at(ask, INSTANT_NONE);
	known_at = historical_known_at(ask, INSTANT_NONE);
	historical = (struct historical_asked){
	    .at = at == INSTANT_NONE ? known_at : at,
	    .known_at = known_at == INSTANT_NONE ? ask->now : known_at,
	    .remarks = true,
	    .or_first = ask_yes(ask, "or_first"),
	};
	historical.window =
	    (struct span_time){historical.at, historical.at + HISTORICAL_AHEAD_SECONDS};
	/* Without known_at the present region has the place; with it only the region of that time
	 * can say. */
	if (known_at == INSTANT_NONE) {
		place = ask_place(ask);
		function = ask_function(ask);
	}
	if (known_at != INSTANT_NONE || place != REGION_NONE) {
		historical.place_code = ask_code(ask, "place");
		historical.function_code = ask_code(ask, "function");
	}
	if (!ask_fine(ask))
		return;
	if (at == INSTANT_NONE && known_at == INSTANT_NONE) {
		reply_now(ask, place, function);
	} else if (known_at == INSTANT_NONE && at >= ask->map->window.start) {
		/* The snapshot is preferred to the record: it needs no database. */
		reply_at(ask, place, function, at);
	} else {
		historical_make(job_new(ask, 0), &historical, reply_historical);
		return;
	}
	ask_end(ask);
}

/* Of the place in the path, this moment. False: answered, and ended. */
static bool
frame_text(struct ask *ask, struct lookup *lookup, struct now_frame *frame)
{
	uint32_t place = ask_place_named(ask, web_param(ask->exchange, "place"));

	if (!ask_fine(ask))
		return false;
	/* Not from the cache: its slots hold JSON. */
	/* Plain text and pages are printed and pinned up. */
	ask_as_outsider(ask);
	now_look_up(ask, place, REGION_NONE, lookup);
	now_frame_of(frame, ask, lookup);
	frame->fixer = ask->account;
	return true;
}

static void
reply_text(struct ask *ask, const struct now_frame *frame, enum read_route route,
    const struct web_answer *answer)
{
	web_reply(ask->exchange, answer);
	note(frame, ask, route, INSTANT_NONE);
	ask_end(ask);
}

void
view_now_text(struct ask *ask)
{
	struct lookup lookup;
	struct now_frame frame;
	struct buf out = {0};

	if (!frame_text(ask, &lookup, &frame))
		return;
	now_render_text(&out, &frame);
	reply_text(ask, &frame, READ_NOW_TEXT,
	    &(struct web_answer){
		.status = 200, .type = "text/plain; charset=utf-8", .body = {out.at, out.len}});
	buf_free(&out);
}

/* -------------------------------------------------------------------------------- the page */

/* A screen of a ward asks again by itself while it is current. Once it is not, it says so and stays:
 * who looks at it then has to do something. */
static bool
refreshes(const struct now_frame *frame, bool stay)
{
	return frame->age.confidence == CONFIDENCE_LIVE && !stay;
}

static void
add_foot(struct buf *out, const struct ask *ask, uint32_t place, bool refreshing)
{
	buf_add_text(
	    out, refreshing ? "<p>This page asks again every minute. <a href=\"?stay=1\">Stop that"
			      "</a>.</p>\n"
			    : "<p>This page does not ask again by itself. <a href=\"?stay=0\">Ask "
			      "now</a>.</p>\n");
	/* A device of a ward is signed in for everybody there. */
	if (ask->session.id[0] != '\0' && ask->session.how != SESSION_BY_DEVICE)
		buf_printf(out,
		    "<form method=\"post\" action=\"/now/%s/sign-out\">\n"
		    "<button type=\"submit\">Sign out</button>\n</form>\n",
		    ask->region->places[place].code);
}

void
view_now_page(struct ask *ask)
{
	bool stay = ask_yes(ask, "stay"), refreshing;
	struct lookup lookup;
	struct now_frame frame;
	struct buf out = {0};

	if (!frame_text(ask, &lookup, &frame))
		return;
	refreshing = refreshes(&frame, stay);
	plain_page_begin(
	    &out, arena_printf(ask->arena, "On call: %s", ask->region->places[lookup.place].name));
	now_render_html(&out, &frame);
	add_foot(&out, ask, lookup.place, refreshing);
	plain_page_end(&out);
	/* A header and no element of the page: what checks pages for accessibility takes the element
	 * for a page that nobody can stop. */
	reply_text(ask, &frame, READ_NOW_PAGE,
	    &(struct web_answer){.status = 200,
		.type = "text/html; charset=utf-8",
		.extra = refreshing ? "Refresh: 60\r\n" : NULL,
		.body = {out.at, out.len}});
	buf_free(&out);
}
