/* SPDX-License-Identifier: MIT */
#include "server/post/cards.h"

#include <string.h>

#include "server/base/civil.h"

/* Slack refuses a whole message in which one of its texts is longer. */
enum {
	SLACK_HEADER_MOST = 150,
	SLACK_TEXT_MOST = 3000,
	SLACK_FIELDS_MOST = 10,
	SLACK_FIELD_MOST = 2000
};
/* Teams takes 28 KB in all. */
enum { TEAMS_TEXT_MOST = 12000 };

/* At most ${most} characters, with "..." in the place of what is left out. */
static void
add_cut(struct buf *out, struct slice text, size_t most)
{
	struct buf kept = {0};
	size_t at = 0, count = 0, end = 0;

	while (at < text.len && count < most) {
		size_t len = text_utf8_len(text.at + at, text.len - at);

		at += len == 0 ? 1 : len;
		if (++count + 3 <= most)
			end = at;
	}
	if (at >= text.len) {
		buf_add_json_string(out, text);
		return;
	}
	buf_add(&kept, text.at, end);
	buf_add_text(&kept, "...");
	buf_add_json_string(out, (struct slice){kept.at, kept.len});
	buf_free(&kept);
}

static void
add_member(struct buf *out, const char *name, const char *value)
{
	if (value == NULL)
		return;
	buf_printf(out, "%s\"%s\":", out->at[out->len - 1] == '{' ? "" : ",", name);
	buf_add_json_string(out, slice_of(value));
}

void
card_webhook(struct buf *out, const struct post_message *message)
{
	char made[CIVIL_RFC3339_MAX];

	civil_rfc3339(message->made, made);
	buf_add_text(out, "{");
	add_member(out, "id", message->id);
	add_member(out, "thread", message->thread);
	add_member(out, "made", made);
	add_member(out, "severity", message->severity);
	add_member(out, "subject", message->subject);
	add_member(out, "text", message->text);
	add_member(out, "link", message->link);
	buf_add_text(out, ",\"fields\":{");
	for (size_t i = 0; i < message->field_count; i++)
		add_member(out, message->fields[i].name, message->fields[i].value);
	buf_add_text(out, "}}");
}

/* A block of plain text: a TextBlock would read Markdown in it. */
static void
add_rich(struct buf *out, struct slice text, const char *style)
{
	buf_add_text(
	    out, "{\"type\":\"RichTextBlock\",\"inlines\":[{\"type\":\"TextRun\",\"text\":");
	add_cut(out, text, TEAMS_TEXT_MOST);
	buf_printf(out, "%s}]}", style);
}

static void
add_rich_field(struct buf *out, const struct post_field *field)
{
	buf_add_text(out,
	    ",{\"type\":\"RichTextBlock\",\"spacing\":\"None\",\"inlines\":[{\"type\":\"TextRun\",\"weight\":\"Bolder\",\"text\":");
	buf_add_json_string(out, slice_of(field->name));
	buf_add_text(
	    out, "},{\"type\":\"TextRun\",\"text\":\": \"},{\"type\":\"TextRun\",\"text\":");
	buf_add_json_string(out, slice_of(field->value));
	buf_add_text(out, "}]}");
}

/* A line of text that ends with \n is a block of its own: Teams shows no line ends within one. */
static void
add_rich_lines(struct buf *out, const char *text)
{
	while (*text != '\0') {
		size_t len = strcspn(text, "\n");

		if (len > 0) {
			buf_add_text(out, ",");
			add_rich(out, (struct slice){text, len}, "");
		}
		text += len + (text[len] == '\n');
	}
}

static bool
is_critical(const struct post_message *message)
{
	return strcmp(message->severity, "critical") == 0;
}

void
card_teams(struct buf *out, const struct post_message *message)
{
	buf_add_text(out,
	    "{\"type\":\"message\",\"attachments\":[{\"contentType\":\"application/vnd.microsoft.card.adaptive\",\"contentUrl\":null,"
	    "\"content\":{\"$schema\":\"http://adaptivecards.io/schemas/adaptive-card.json\",\"type\":\"AdaptiveCard\",\"version\":\"1.4\","
	    "\"body\":[");
	add_rich(out, slice_of(message->subject),
	    is_critical(message)
		? ",\"size\":\"Medium\",\"weight\":\"Bolder\",\"color\":\"Attention\""
		: ",\"size\":\"Medium\",\"weight\":\"Bolder\"");
	add_rich_lines(out, message->text);
	for (size_t i = 0; i < message->field_count; i++)
		add_rich_field(out, &message->fields[i]);
	buf_add_text(out, "]");
	if (message->link != NULL) {
		buf_add_text(
		    out, ",\"actions\":[{\"type\":\"Action.OpenUrl\",\"title\":\"Open\",\"url\":");
		buf_add_json_string(out, slice_of(message->link));
		buf_add_text(out, "}]");
	}
	buf_add_text(out, "}}]}");
}

static void
add_plain(struct buf *out, struct slice text, size_t most)
{
	buf_add_text(out, "{\"type\":\"plain_text\",\"emoji\":false,\"text\":");
	add_cut(out, text, most);
	buf_add_text(out, "}");
}

/* Of "&", "<" and ">" Slack makes links and mentions, in the line that it shows in a notification (docs.slack.dev, "Formatting message text"). */
static void
add_escaped(struct buf *out, const char *text)
{
	struct buf escaped = {0};

	buf_add(&escaped, "", 0);
	for (; *text != '\0'; text++) {
		if (*text == '&')
			buf_add_text(&escaped, "&amp;");
		else if (*text == '<')
			buf_add_text(&escaped, "&lt;");
		else if (*text == '>')
			buf_add_text(&escaped, "&gt;");
		else
			buf_add(&escaped, text, 1);
	}
	add_cut(out, (struct slice){escaped.at == NULL ? "" : escaped.at, escaped.len},
	    SLACK_TEXT_MOST);
	buf_free(&escaped);
}

static void
add_slack_fields(struct buf *out, const struct post_message *message)
{
	buf_add_text(out, ",{\"type\":\"section\",\"fields\":[");
	for (size_t i = 0; i < message->field_count && i < SLACK_FIELDS_MOST; i++) {
		struct buf line = {0};

		buf_printf(&line, "%s: %s", message->fields[i].name, message->fields[i].value);
		buf_add_text(out, i == 0 ? "" : ",");
		add_plain(out, (struct slice){line.at, line.len}, SLACK_FIELD_MOST);
		buf_free(&line);
	}
	buf_add_text(out, "]}");
}

void
card_slack(struct buf *out, const struct post_message *message)
{
	buf_add_text(out, "{\"text\":");
	add_escaped(out, message->subject);
	buf_add_text(out, ",\"blocks\":[{\"type\":\"header\",\"text\":");
	add_plain(out, slice_of(message->subject), SLACK_HEADER_MOST);
	buf_add_text(out, "}");
	if (*message->text != '\0') {
		buf_add_text(out, ",{\"type\":\"section\",\"text\":");
		add_plain(out, slice_of(message->text), SLACK_TEXT_MOST);
		buf_add_text(out, "}");
	}
	if (message->field_count > 0)
		add_slack_fields(out, message);
	if (message->link != NULL) {
		buf_add_text(
		    out, ",{\"type\":\"actions\",\"elements\":[{\"type\":\"button\",\"text\":");
		add_plain(out, SLICE("Open"), SLACK_HEADER_MOST);
		buf_add_text(out, ",\"url\":");
		buf_add_json_string(out, slice_of(message->link));
		buf_printf(out, "%s}]}", is_critical(message) ? ",\"style\":\"danger\"" : "");
	}
	buf_add_text(out, "]}");
}
