/* SPDX-License-Identifier: MIT */
#include "server/model/news_text.h"

#include <string.h>

#include "server/base/instant.h"
#include "server/base/text.h"
#include "server/model/news.h"

/* ------------------------------------------------------------------------------------ sentences */

static const char *
or_some(const char *name, const char *otherwise)
{
	return name != NULL ? name : otherwise;
}

/* "liaison psychiatry at St Oswin's Hospital" */
static const char *
cover_of(struct arena *arena, const struct news_item *item)
{
	if (item->place == NULL)
		return or_some(item->function, "a function");
	return arena_printf(
	    arena, "%s at %s", or_some(item->function, "all functions"), item->place);
}

/* " from Tue 1 Dec 2026 03:10 GMT until …" */
static const char *
time_of(struct arena *arena, const struct zone *zone, const struct news_item *item)
{
	char from[ZONE_TEXT_MAX], until[ZONE_TEXT_MAX];

	if (item->starts == INSTANT_NEVER || item->ends == INSTANT_NEVER)
		return "";
	zone_text(zone, item->starts, from);
	zone_text(zone, item->ends, until);
	return arena_printf(arena, " from %s until %s", from, until);
}

/* A state that nobody knows is told as not known, and never as covered. */
static const char *
state_words(const char *state)
{
	if (state != NULL && strcmp(state, "gap") == 0)
		return "nobody is on the rota";
	if (state != NULL && strcmp(state, "short") == 0)
		return "too few people are on the rota";
	return "it is not known who is on call";
}

static const char *
gap_sentence(struct arena *arena, const struct news_words *words, const struct news_item *item)
{
	const char *more = "", *unanswered = "";

	if (item->number > 1)
		more = arena_printf(
		    arena, " The same source makes %lld gaps.", (long long)item->number);
	if (strcmp(item->kind, "reminder") == 0)
		unanswered = " Nobody has said yet that they deal with it.";
	return arena_printf(arena, "%s: %s%s.%s%s", cover_of(arena, item), state_words(item->state),
	    time_of(arena, words->zone, item), more, unanswered);
}

static const char *
contact_sentence(struct arena *arena, const struct news_item *item)
{
	const char *what = item->outcome != NULL && strcmp(item->outcome, "wrong_person") == 0
			       ? "a wrong person was reached"
			       : "nobody answered, twice within 30 minutes";

	return arena_printf(arena, "%s: %s. Please check the rota%s%s and its numbers.",
	    cover_of(arena, item), what, item->rota == NULL ? "" : " ", or_some(item->rota, ""));
}

/* What is of a rota, or of a place, with what is to be done about it. */
static const struct {
	const char *kind, *before, *after;
} sentences[] = {
    {"feed_stale", "The calendar of rota ",
	" has not been read for some time. What it says may be out of date."},
    {"feed_held", "A new calendar of rota ",
	" is held. Somebody must look at it before it counts."},
    {"override_disputed", "On rota ",
	" a change made here and its calendar no longer agree. Somebody must decide."},
    {"person_new", "Rota ", " names somebody new. Somebody else must look at who it is."},
    {"break_glass", "At ",
	" somebody opened the place to themselves for a while. Please look at the record."},
    {"single_handed", "At ",
	" a file was put in force without a second person. Please look at the record."},
};

static const char *
counted_sentence(struct arena *arena, const struct news_item *item)
{
	long long number = (long long)item->number;

	if (strcmp(item->kind, "contacts_unverified") == 0)
		return arena_printf(
		    arena, "Numbers to ring: %lld have not been checked for a long time.", number);
	if (strcmp(item->kind, "decision_wanted") == 0)
		return arena_printf(arena,
		    "Rota %s: %lld names wait for somebody to say who is meant.",
		    or_some(item->rota, "?"), number);
	if (strcmp(item->kind, "review_overdue") == 0)
		return arena_printf(arena, "%s: the review of protocol %lld is overdue.",
		    cover_of(arena, item), number);
	return "A message to one of your people could not be delivered. The list of messages says why.";
}

const char *
news_sentence(struct arena *arena, const struct news_words *words, const struct news_item *item)
{
	enum news_about about = news_about_of(item->kind);

	if (about == NEWS_GAP)
		return gap_sentence(arena, words, item);
	if (about == NEWS_CLOSED)
		return arena_printf(arena, "%s: the gap%s is closed.", cover_of(arena, item),
		    time_of(arena, words->zone, item));
	if (about == NEWS_CONTACT)
		return contact_sentence(arena, item);
	for (size_t i = 0; i < sizeof sentences / sizeof *sentences; i++)
		if (strcmp(sentences[i].kind, item->kind) == 0)
			return arena_printf(arena, "%s%s%s", sentences[i].before,
			    or_some(item->rota, or_some(item->place, "?")), sentences[i].after);
	return counted_sentence(arena, item);
}

/* -------------------------------------------------------------------------------------- message */

static bool
is_last_of_group(const struct news_item *items, size_t count, size_t at)
{
	for (size_t i = at + 1; i < count; i++)
		if (strcmp(items[i].of_group, items[at].of_group) == 0)
			return false;
	return true;
}

/* Those that are told: the last of each group, the worst first. Answers how many. */
static size_t
choose(const struct news_item *items, size_t count, const struct news_item **out)
{
	size_t chosen = 0;

	for (int severity = GAP_CRITICAL; severity >= GAP_NORMAL; severity--)
		for (size_t i = 0; i < count; i++)
			if ((int)items[i].severity == severity && is_last_of_group(items, count, i))
				out[chosen++] = &items[i];
	return chosen;
}

/* Where all of it can be looked at: the gap itself if it is about one alone. */
static const char *
link_of(struct arena *arena, const char *url, const struct news_item *const *told, size_t count)
{
	if (url[0] == '\0')
		return "";
	if (count == 1 && told[0]->gap != NULL)
		return arena_printf(arena, "%s/gaps?gap=%s", url, told[0]->gap);
	for (size_t i = 0; i < count; i++)
		if (told[i]->gap != NULL)
			return arena_printf(arena, "%s/gaps", url);
	return arena_printf(arena, "%s/", url);
}

/* Cut where a character ends. */
static const char *
cut(struct arena *arena, const char *text, size_t most)
{
	size_t len = strlen(text);

	if (len <= most)
		return text;
	for (len = most - 3; len > 0 && ((unsigned char)text[len] & 0xc0) == 0x80;)
		len--;
	return arena_printf(arena, "%.*s...", (int)len, text);
}

static const char *
subject_of(struct arena *arena, const struct news_words *words, const struct news_item *const *told,
    size_t count)
{
	static const char *const grades[] = {"", "High: ", "Critical: "};
	const char *more = count == 1 ? "" : arena_printf(arena, " (and %zu more)", count - 1);
	const char *head = arena_printf(arena, "%s%s%s", words->practice ? "PRACTICE: " : "",
	    grades[told[0]->severity], news_sentence(arena, words, told[0]));

	return arena_printf(arena, "%s%s", cut(arena, head, NEWS_SUBJECT_MAX - strlen(more)), more);
}

static const char *
body_of(struct arena *arena, const struct news_words *words, const struct news_item *const *told,
    size_t count)
{
	struct buf out = {0};
	const char *body;

	if (words->practice)
		buf_printf(&out, "PRACTICE: nothing of this is real.\n\n");
	for (size_t i = 0; i < count && i < NEWS_PARAGRAPHS_MAX; i++)
		buf_printf(&out, "%s\n\n", news_sentence(arena, words, told[i]));
	if (count > NEWS_PARAGRAPHS_MAX)
		buf_printf(&out, "And %zu more.\n\n", count - NEWS_PARAGRAPHS_MAX);
	buf_printf(&out,
	    "Crisis Cover sends this because you asked to be told. It does not say who is on call.%s\n",
	    words->url[0] == '\0' ? "" : " To see it, and to say that you deal with it, sign in:");
	body = arena_strdup(arena, out.at);
	buf_free(&out);
	return body;
}

struct news_message
news_message_of(struct arena *arena, const struct news_words *words, const struct news_item *items,
    size_t count)
{
	const struct news_item **told = arena_array(arena, count, sizeof *told);
	size_t ntold = choose(items, count, told);
	struct news_message message = {.severity = told[0]->severity};

	message.link = link_of(arena, words->url, told, ntold);
	message.subject = subject_of(arena, words, told, ntold);
	message.body = body_of(arena, words, told, ntold);
	return message;
}
