/* SPDX-License-Identifier: MIT */
#include "server/api/views/messages/subscription_wish.h"

#include <stdio.h>
#include <string.h>

#include "server/model/news.h"
#include "server/model/region_contact.h"

#define ADDRESS_MAX_BYTES 1000
#define NAME_MAX_BYTES 128
#define WORD_MAX_BYTES 32
#define LIST_MOST 200
#define DIGEST_MOST 24
#define MINUTES_PER_DAY 1440

void
subscription_clock(int64_t minutes, char out[CLOCK_MAX])
{
	snprintf(out, CLOCK_MAX, "%02d:%02d", (int)(minutes / 60 % 24), (int)(minutes % 60));
}

/* ----------------------------------------------------------------------------------- the address */

static bool
is_plain(const char *text, const char * not )
{
	for (const char *at = text; *at != '\0'; at++)
		if (*at <= ' ' || *at > '~' || strchr(not, *at) != NULL)
			return false;
	return true;
}

/* One mailbox and nothing else: a comma would make two of it, a line break another header. */
static bool
is_mailbox(const char *text)
{
	const char *at = strchr(text, '@'), *dot = strrchr(text, '.');

	return is_plain(text, "\"<>(),;:\\[]") && at != NULL && at > text &&
	       strchr(at + 1, '@') == NULL && dot != NULL && dot > at + 1 && dot[1] != '\0' &&
	       strlen(text) <= 254;
}

/* Nothing is told over a line that others read. */
static bool
is_hook(const char *text)
{
	static const char scheme[] = "https://";
	const char *host = text + strlen(scheme);
	size_t len;

	if (strncmp(text, scheme, strlen(scheme)) != 0 || !is_plain(text, "\"<>\\^`{|}"))
		return false;
	len = strcspn(host, "/?#");
	return len > 0 && memchr(host, '@', len) == NULL;
}

/* In full, as the set-up has numbers. */
static bool
is_mobile(const char *text)
{
	return text[0] == '+' && strlen(text) >= 9 && strlen(text) <= 16 &&
	       strspn(text + 1, "0123456789") == strlen(text) - 1;
}

static const struct {
	const char *name;
	bool (*is)(const char *text);
	const char *want;
} channels[] = {
    {"email", is_mailbox, "is no address of e-mail, such as duty@trust.example"},
    {"webhook", is_hook, "is no address of a webhook: it begins with https:// and has no blanks"},
    {"teams", is_hook, "is no address of a webhook: it begins with https:// and has no blanks"},
    {"slack", is_hook, "is no address of a webhook: it begins with https:// and has no blanks"},
    {"sms", is_mobile, "is no number in full, such as +447700900123"},
};

static void
read_address(struct ask *ask, const json_t *body, json_t *out)
{
	const char *channel = ask_body_text(ask, body, "channel", WORD_MAX_BYTES, ASK_REQUIRED);
	const char *address = ask_body_text(ask, body, "address", ADDRESS_MAX_BYTES, ASK_REQUIRED);

	if (channel == NULL || address == NULL)
		return;
	for (size_t i = 0; i < sizeof channels / sizeof *channels; i++)
		if (strcmp(channels[i].name, channel) == 0) {
			if (!channels[i].is(address))
				ask_fault(ask, "$.address", "%s", channels[i].want);
			json_object_set_new(out, "channel", json_string(channel));
			json_object_set_new(out, "address", json_string(address));
			return;
		}
	ask_fault(ask, "$.channel", "is none of email, webhook, teams, slack and sms");
}

/* ------------------------------------------------------------------------------------- the choice */

typedef bool known_fn(const struct ask *ask, const char *word);

static bool
is_about(const struct ask *ask, const char *word)
{
	(void)ask;
	return news_about_named(word) != NEWS_ABOUT;
}

/* One of which the asker may not know is none. */
static bool
is_place(const struct ask *ask, const char *code)
{
	uint32_t place = table_get(&ask->region->place_by_code, code);

	return place != TABLE_NONE && rights_place(ask->region, ask->account, place);
}

static bool
is_function(const struct ask *ask, const char *code)
{
	return table_get(&ask->region->function_by_code, code) != TABLE_NONE;
}

static void
read_list(struct ask *ask, const json_t *body, const char *key, known_fn *known, json_t *out)
{
	json_t *list = json_object_get(body, key), *item;
	size_t index;

	if (list == NULL || json_is_null(list))
		return;
	if (!json_is_array(list) || json_array_size(list) > LIST_MOST) {
		ask_fault(ask, arena_printf(ask->arena, "$.%s", key),
		    "is no list of at most %d codes", LIST_MOST);
		return;
	}
	json_array_foreach(
	    list, index, item) if (!json_is_string(item) || !known(ask, json_string_value(item)))
	    ask_fault(ask, arena_printf(ask->arena, "$.%s[%zu]", key, index),
		"is none that there is, or that you may ask about");
	json_object_set(out, key, list);
}

static void
read_word(
    struct ask *ask, const json_t *body, const char *key, const char *const *words, json_t *out)
{
	const char *word = ask_body_text(ask, body, key, WORD_MAX_BYTES, ASK_OPTIONAL);

	if (word == NULL)
		return;
	for (size_t i = 0; words[i] != NULL; i++)
		if (strcmp(words[i], word) == 0) {
			json_object_set_new(out, key, json_string(word));
			return;
		}
	ask_fault(ask, arena_printf(ask->arena, "$.%s", key), "is none of %s, %s and %s", words[0],
	    words[1], words[2]);
}

/* -------------------------------------------------------------------------------------- the hours */

/* Minutes of the day; -1 with a fault. */
static int
clock_of(struct ask *ask, const json_t *value, const char *path)
{
	const char *text = json_string_value(value);
	int hours = 0, minutes = 0, used = 0;

	if (text != NULL && strlen(text) == 5 &&
	    sscanf(text, "%2d:%2d%n", &hours, &minutes, &used) == 2 && used == 5 && hours >= 0 &&
	    hours < 24 && minutes >= 0 && minutes < 60)
		return hours * 60 + minutes;
	ask_fault(ask, path, "is no time of the day such as 08:30");
	return -1;
}

static void
read_digest(struct ask *ask, const json_t *body, json_t *out)
{
	json_t *list = json_object_get(body, "digest"), *item, *minutes;
	size_t index;

	if (list == NULL || json_is_null(list))
		return;
	if (!json_is_array(list) || json_array_size(list) > DIGEST_MOST) {
		ask_fault(
		    ask, "$.digest", "is no list of at most %d times such as 08:30", DIGEST_MOST);
		return;
	}
	minutes = json_array();
	json_array_foreach(list, index, item) json_array_append_new(minutes,
	    json_integer(clock_of(ask, item, arena_printf(ask->arena, "$.digest[%zu]", index))));
	json_object_set_new(out, "digest", minutes);
}

static void
read_quiet(struct ask *ask, const json_t *body, json_t *out)
{
	static const char *const members[] = {"from", "until", NULL};
	json_t *quiet = json_object_get(body, "quiet");
	int from, until;

	if (quiet == NULL || json_is_null(quiet))
		return;
	if (!json_is_object(quiet)) {
		ask_fault(ask, "$.quiet", "is no object with from and until");
		return;
	}
	ask_object_known(ask, &(struct ask_object){"$.quiet", quiet}, members);
	from = clock_of(ask, json_object_get(quiet, "from"), "$.quiet.from");
	until = clock_of(ask, json_object_get(quiet, "until"), "$.quiet.until");
	if (from >= 0 && from == until)
		ask_fault(ask, "$.quiet",
		    "would be the whole day: nothing but critical news would ever come");
	json_object_set_new(out, "quiet_from", json_integer(from));
	json_object_set_new(out, "quiet_until", json_integer(until));
}

static const char *
taken(struct ask *ask, json_t *json)
{
	char *text = json_dumps(json, JSON_COMPACT);
	const char *kept = arena_strdup(ask->arena, text);

	free(text);
	json_decref(json);
	return kept;
}

static const char *
read_account(struct ask *ask, const json_t *body)
{
	const char *account = ask_body_text(ask, body, "account", NAME_MAX_BYTES, ASK_OPTIONAL);

	return account != NULL ? account : ask->account->name;
}

void
subscription_wish_read(struct ask *ask, const char *account, struct subscription_wish *out)
{
	static const char *const members[] = {"account", "channel", "address", "about", "places",
	    "functions", "severity", "alerted_to", "digest", "quiet", NULL};
	static const char *const severities[] = {"normal", "high", "critical", NULL};
	static const char *const alerts[] = {"owner", "deputy", "commissioner", NULL};
	json_t *body = ask_body(ask, account == NULL ? members : members + 1), *is;

	*out = (struct subscription_wish){.account = account};
	if (body == NULL)
		return;
	is = json_object();
	if (account == NULL)
		out->account = read_account(ask, body);
	json_object_set_new(is, "account", json_string(out->account));
	read_address(ask, body, is);
	read_list(ask, body, "about", is_about, is);
	read_list(ask, body, "places", is_place, is);
	read_list(ask, body, "functions", is_function, is);
	read_word(ask, body, "severity", severities, is);
	read_word(ask, body, "alerted_to", alerts, is);
	read_digest(ask, body, is);
	read_quiet(ask, body, is);
	out->is = taken(ask, is);
	json_decref(body);
}
