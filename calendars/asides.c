/* SPDX-License-Identifier: MIT */
#include "calendars/asides.h"

#include <string.h>

#include "calendars/roster/roster_cell.h"
#include "calendars/roster/roster_heading.h"
#include "calendars/roster/roster_says.h"
#include "calendars/titles/place.h"
#include "calendars/titles/place_said.h"
#include "calendars/titles/uncertain.h"

static bool
is_against(enum word word)
{
	return word_takes_off(word) || word == WORD_DOUBT;
}

/* "Swap agreed: T Lee does this one". */
static bool
is_against_or_instead(enum word word)
{
	return is_against(word) || word == WORD_SWAPPING || word == WORD_BY || word == WORD_NOT;
}

/* A comment is about this shift alone, so that any word of it has its force. */
const char *
aside_comment_against(struct titles *titles, const char *text)
{
	const char *phrase = roster_first_phrase(titles, text, is_against_or_instead);

	return phrase != NULL ? phrase : uncertain_phrase(titles, text);
}

/* "Training" alone is a category of events that are no shifts. */
static bool
is_category_against(struct titles *titles, const char *text)
{
	return roster_any_word(titles, text, is_against) ||
	       roster_only_word(titles, text) == WORD_NOISE;
}

/* Whether ${text} answers the heading ${name} so that the shift is taken away: "Cancelled: yes",
 * "Confirmed: no". */
static bool
is_answer_against(struct titles *titles, const char *name, const char *text)
{
	struct roster_heading heading = roster_heading_make(titles, name, false);

	if (heading.affirms)
		return roster_cell_is_no(text);
	return (heading.extra == ROSTER_FLAG || heading.extra == ROSTER_PART) &&
	       (roster_cell_is_yes(text) || roster_has_force(titles, text));
}

/* "X-ACME-SHIFT_VACANT" is the heading "ACME SHIFT VACANT", or "SHIFT VACANT" of a program Acme. */
static bool
is_flag_against(struct titles *titles, const struct scan_aside *flag)
{
	char *name = arena_strndup(titles->arena, flag->name + 2, strlen(flag->name + 2));
	const char *last = strrchr(name, '-');

	if (last != NULL && is_answer_against(titles, last + 1, flag->text))
		return true;
	for (char *c = name; *c != '\0'; c++) {
		if (*c == '-')
			*c = ' ';
	}
	return is_answer_against(titles, name, flag->text);
}

static bool
says_against(struct titles *titles, const struct scan_aside *aside)
{
	switch (aside->kind) {
	case ASIDE_CATEGORY:
		return is_category_against(titles, aside->text);
	case ASIDE_PLACE:
		/* The second catches what is not at the beginning: "Alder Clinic - cancelled". */
		return place_is_elsewhere(titles, aside->text) ||
		       roster_any_word(titles, aside->text, word_takes_off);
	case ASIDE_COMMENT:
		return aside_comment_against(titles, aside->text) != NULL;
	case ASIDE_NOTE:
		return note_takes_off(titles, aside->text);
	case ASIDE_STATUS:
		return roster_has_force(titles, aside->text);
	case ASIDE_FLAG:
		return is_flag_against(titles, aside);
	case ASIDE_UNREAD:
		break;
	}
	return true;
}

/* A copy of ${titles} with an arena and a cache of its own; the caller frees the arena. Thousands of
 * events have a description each, and what reading them allocates would pass the memory limit of a
 * reading. */
static struct titles
aside_titles(const struct titles *titles)
{
	struct titles own = *titles;

	own.arena = arena_new(0);
	memset(&own.read, 0, sizeof own.read);
	table_init(&own.index, own.arena, 8);
	return own;
}

const char *
aside_against(const struct titles *titles, const struct scan_part *part)
{
	const struct scan_aside *aside;
	const char *against = NULL;
	struct titles own;

	if (part->asides.count == 0)
		return NULL;
	own = aside_titles(titles);
	VEC_EACH (aside, &part->asides) {
		if (against == NULL && says_against(&own, aside))
			against = aside->name;
	}
	arena_free(own.arena);
	return against;
}

static bool
is_draft(enum word word)
{
	return word == WORD_DOUBT || word == WORD_CANCELLED;
}

static bool
is_leave(enum word word)
{
	return word == WORD_ABSENCE || word == WORD_SICK;
}

/* "Duty and leave" has both, and its titles tell which is which. */
static bool
has_duty_too(struct titles *titles, const char *calendar)
{
	static const char *const of_calendars[] = {"rota", "shifts", NULL};
	const struct token *token;
	struct tokens tokens;

	tokens_make(&tokens, titles->arena, calendar);
	VEC_EACH (token, &tokens.items) {
		if (word_says_duty(token->text) || text_is_one_of(token->text, of_calendars))
			return true;
	}
	return false;
}

static bool
is_calendar_against(struct titles *titles, const char *calendar, const char *note)
{
	if (note != NULL && note_takes_off(titles, note))
		return true;
	if (calendar == NULL)
		return false;
	return roster_any_word(titles, calendar, is_draft) ||
	       (roster_any_word(titles, calendar, is_leave) && !has_duty_too(titles, calendar));
}

bool
aside_calendar_is_against(const struct titles *titles, const char *calendar, const char *note)
{
	struct titles own;
	bool against;

	if (calendar == NULL && note == NULL)
		return false;
	own = aside_titles(titles);
	against = is_calendar_against(&own, calendar, note);
	arena_free(own.arena);
	return against;
}
