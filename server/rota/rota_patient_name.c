/* SPDX-License-Identifier: MIT */
#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "calendars/titles/plain.h"
#include "server/base/arena.h"
#include "server/base/text.h"
#include "server/rota/rota_patient.h"

/* A word of its own before what looks like a name. Nothing here knows who is a patient, so it is a guess; the
 * words that follow "patient" in names of organisations, wards, posts and protocols are none's name. */

#define WORD_MAX_BYTES 40
#define SHORT_BYTES 2

/* Letters of any script, and what joins the parts of one name. */
static const char ends[] = " \t,.;:/\\()[]{}<>|\"!?&+=*#";

static const char *const before[] = {
    "patient", "patient's", "patients", "pt", "pt's", "client", "detainee", "inmate", NULL};
/* Between the word and the name. */
static const char *const between[] = {"mr", "mrs", "ms", "miss", "master", "mx", "dr", "name",
    "named", "called", "is", "re", "about", "mother", "father", "mum", "dad", "parent", "parents",
    "wife", "husband", "partner", "son", "daughter", "brother", "sister", "carer", "relative",
    NULL};
/* A name follows them after a comma, too: "the patient, Mr Reed". Those who come are "Dr". */
static const char *const titles[] = {"mr", "mrs", "ms", "miss", "master", "mx", NULL};
static const char *const things[] = {"a&e", "access", "admission", "admissions", "advice",
    "advocacy", "affairs", "assessment", "bed", "beds", "care", "centre", "centred", "charter",
    "choice", "clinic", "complaints", "contact", "council", "discharge", "engagement", "enquiries",
    "experience", "flow", "forum", "group", "health", "helpline", "home", "hospital", "hotel",
    "house", "hub", "information", "involvement", "journey", "liaison", "line", "list", "lodge",
    "lounge", "management", "manager", "nurse", "officer", "outcome", "outcomes", "partnership",
    "participation", "pathway", "placement", "placements", "plan", "policy", "portal", "programme",
    "project", "protocol", "scheme", "survey", "network", "framework", "initiative", "records",
    "referral", "referrals", "relations", "reception", "safeguarding", "safety", "service",
    "services", "site", "street", "suite", "support", "team", "transfer", "transfers", "transport",
    "travel", "trust", "unit", "voice", "ward", "wards", "welfare", "zone", NULL};

/* They end a name where everything is in capitals. */
static const char *const small_words[] = {"and", "at", "for", "from", "has", "in", "is", "no", "on",
    "or", "to", "under", "was", "waiting", "with", NULL};

static bool
is_among(struct slice word, const char *const *words)
{
	for (; *words != NULL; words++)
		if (slice_is_nocase(word, *words))
			return true;
	return false;
}

/* A text, word by word. */
struct words {
	const char *rest;
	struct slice word; /* the last one that was read; its length is 0 at the end */
	bool joined;       /* no mark that ends a clause comes before it */
	bool listed;       /* a comma alone comes before it */
};

/* The full stop of "J. Smith", "Mr. Smith" ends no sentence. */
static bool
joins(char mark, size_t len)
{
	return strchr(" :-", mark) != NULL || (mark == '.' && len <= SHORT_BYTES);
}

static bool
next(struct words *words)
{
	const char *from = words->rest, *at = from + strspn(from, ends);

	while (*at == '-')
		at += 1 + strspn(at + 1, ends);
	words->joined = words->listed = true;
	for (; from < at; from++) {
		words->joined = words->joined && joins(*from, words->word.len);
		words->listed = words->listed && strchr(" ,", *from) != NULL;
	}
	words->word = (struct slice){at, strcspn(at, ends)};
	words->rest = at + words->word.len;
	return words->word.len > 0;
}

static bool
is_capital(struct slice word)
{
	/* The lead byte of letters outside ASCII: whether they are capitals is not asked. */
	return word.len > 0 &&
	       (isupper((unsigned char)word.at[0]) || (unsigned char)word.at[0] >= 0xc3);
}

/* "Smith", "O'Brien", "SMITH"; not "ED", "MHA", "S136", and not "J". */
static bool
is_name(struct slice word)
{
	size_t small = 0, capitals = 0;

	if (!is_capital(word) || word.len > WORD_MAX_BYTES || is_among(word, things))
		return false;
	for (size_t i = 0; i < word.len; i++) {
		if (isdigit((unsigned char)word.at[i]))
			return false;
		small += islower((unsigned char)word.at[i]) || (unsigned char)word.at[i] >= 0x80;
		capitals += isupper((unsigned char)word.at[i]) != 0;
	}
	return small > 0 || capitals > 3;
}

/* Whether a name comes next: capitals up to the next small word, and no thing among them, as in "Smith Ward". */
static bool
begins_name(struct words words)
{
	bool name = false;

	while (next(&words) && is_among(words.word, between) &&
	       (words.joined || (words.listed && is_among(words.word, titles))))
		;
	for (; words.joined && is_capital(words.word) && !is_among(words.word, small_words);
	     next(&words)) {
		if (is_among(words.word, things))
			return false;
		name = name || is_name(words.word);
	}
	return name;
}

bool
rota_names_patient(const char *text)
{
	struct arena *arena = arena_new(0);
	struct words words = {.rest = plain_text(arena, text)};
	bool found = false;

	while (!found && next(&words)) {
		bool user = slice_is_nocase(words.word, "service") &&
			    strncasecmp(words.rest, " user ", 6) == 0;

		if (user)
			next(&words);
		found = (user || is_among(words.word, before)) && begins_name(words);
	}
	arena_free(arena);
	return found;
}
