/* SPDX-License-Identifier: MIT */
#include "server/api/views/messages/subscription_wish.h"

#include <stdio.h>
#include <string.h>

#include "server/model/news.h"
#include "server/post/post.h"
#include "server/post/sms_text.h"

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

/* The address is judged by the function that the sender has (post_address_fault). A number is kept without its blanks, so that it is one address however it
 * was typed. */
static void
read_address(struct ask *ask, const json_t *body, json_t *out)
{
	const char *name = ask_body_text(ask, body, "channel", WORD_MAX_BYTES, ASK_REQUIRED);
	const char *address = ask_body_text(ask, body, "address", ADDRESS_MAX_BYTES, ASK_REQUIRED);
	enum post_channel channel = name == NULL ? POST_CHANNELS : post_channel_of(name);
	const char *fault;
	char number[SMS_NUMBER_MAX];

	if (name == NULL || address == NULL)
		return;
	if (channel == POST_CHANNELS) {
		ask_fault(ask, "$.channel", "is none of email, webhook, teams, slack and sms");
		return;
	}
	fault = post_address_fault(channel, address);
	if (fault != NULL) {
		ask_fault(ask, "$.address", "%s", fault);
		return;
	}
	if (channel == POST_SMS && sms_number(address, number))
		address = number;
	json_object_set_new(out, "channel", json_string(name));
	json_object_set_new(out, "address", json_string(address));
}

/* ------------------------------------------------------------------------------------- the choice */

typedef bool known_fn(const struct ask *ask, const char *word);

static bool
is_about(const struct ask *ask, const char *word)
{
	(void)ask;
	return news_about_named(word) != NEWS_ABOUT;
}

/* A place that the asker may not know of is answered as one that does not exist. */
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
