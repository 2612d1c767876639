/* SPDX-License-Identifier: MIT */
#include "server/model/news.h"

#include <string.h>

static const char *const names[NEWS_ABOUT] = {
    [NEWS_GAP] = "gap",
    [NEWS_CLOSED] = "closed",
    [NEWS_FEED] = "feed",
    [NEWS_DISPUTE] = "dispute",
    [NEWS_CONTACT] = "contact",
    [NEWS_UNVERIFIED] = "unverified",
    [NEWS_DECISION] = "decision",
    [NEWS_REVIEW] = "review",
    [NEWS_ACCESS] = "access",
    [NEWS_UNDELIVERED] = "undelivered",
};

static const struct {
	const char *kind;
	enum news_about about;
} kinds[] = {
    {"opened", NEWS_GAP},
    {"changed", NEWS_GAP},
    {"started", NEWS_GAP},
    {"reminder", NEWS_GAP},
    {"closed", NEWS_CLOSED},
    {"feed_stale", NEWS_FEED},
    {"feed_held", NEWS_FEED},
    {"override_disputed", NEWS_DISPUTE},
    {"contact_failed", NEWS_CONTACT},
    {"contacts_unverified", NEWS_UNVERIFIED},
    {"decision_wanted", NEWS_DECISION},
    {"person_new", NEWS_DECISION},
    {"review_overdue", NEWS_REVIEW},
    {"break_glass", NEWS_ACCESS},
    {"single_handed", NEWS_ACCESS},
    {"message_undelivered", NEWS_UNDELIVERED},
};

const char *
news_about_name(enum news_about about)
{
	return names[about];
}

enum news_about
news_about_named(const char *name)
{
	enum news_about about = 0;

	while (about < NEWS_ABOUT && strcmp(names[about], name) != 0)
		about++;
	return about;
}

enum news_about
news_about_of(const char *kind)
{
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (strcmp(kinds[i].kind, kind) == 0)
			return kinds[i].about;
	return NEWS_ABOUT;
}

static bool
has(struct news_codes codes, const char *code)
{
	for (size_t i = 0; i < codes.count; i++)
		if (strcmp(codes.items[i], code) == 0)
			return true;
	return false;
}

/* Whether they have one in common. An empty choice is a choice of all. */
static bool
chooses(struct news_codes choice, struct news_codes among)
{
	for (size_t i = 0; i < choice.count; i++)
		if (has(among, choice.items[i]))
			return true;
	return choice.count == 0;
}

static bool
same(const char *a, const char *b)
{
	return a != NULL && b != NULL && strcmp(a, b) == 0;
}

/* The order in which a gap that nobody acknowledges is told; 0: nobody further was told yet. */
static int
alert_of(const char *alerted_to)
{
	static const char *const alerts[] = {"owner", "deputy", "commissioner"};

	for (int i = 0; i < 3; i++)
		if (same(alerts[i], alerted_to))
			return i + 1;
	return 0;
}

/* Rota managers and administrators of the organisation whose doing it wants. */
static bool
is_theirs(const struct news *news, const struct news_reader *reader)
{
	return same(news->organisation, reader->organisation) &&
	       (same(reader->role, "rota_manager") ||
		   same(reader->role, "organisation_administrator"));
}

/* Who may ask about the place. What is of no place is nobody's by place. */
static bool
sees_place(const struct news *news, const struct news_reader *reader)
{
	return news->above.count > 0 && chooses(reader->own_places, news->above);
}

static bool
is_asked_to_review(const struct news *news, const struct news_reader *reader)
{
	return same(news->account, reader->account) ||
	       (sees_place(news, reader) &&
		   (same(reader->role, "commissioner") || same(reader->role, "place_manager")));
}

static bool
may(enum news_about about, const struct news *news, const struct news_reader *reader)
{
	if (same(reader->role, "administrator"))
		return true;
	switch (about) {
	case NEWS_GAP:
	case NEWS_CLOSED:
	case NEWS_ACCESS:
		return sees_place(news, reader);
	case NEWS_FEED:
		return sees_place(news, reader) || is_theirs(news, reader);
	case NEWS_REVIEW:
		return is_asked_to_review(news, reader);
	case NEWS_DISPUTE:
	case NEWS_CONTACT:
	case NEWS_UNVERIFIED:
	case NEWS_DECISION:
	case NEWS_UNDELIVERED:
		return is_theirs(news, reader);
	case NEWS_ABOUT:
		break;
	}
	return false;
}

bool
news_wanted(const struct news *news, const struct news_reader *reader)
{
	enum news_about about = news_about_of(news->kind);

	if (about == NEWS_ABOUT || news->at < reader->since || news->severity < reader->severity)
		return false;
	if (reader->about.count > 0 && !has(reader->about, news_about_name(about)))
		return false;
	if (about == NEWS_GAP && alert_of(news->alerted_to) < alert_of(reader->alerted_to))
		return false;
	return chooses(reader->functions, news->functions) &&
	       chooses(reader->places, news->above) && may(about, news, reader);
}
