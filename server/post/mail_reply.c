/* SPDX-License-Identifier: MIT */
#include "server/post/mail_reply.h"

#include <stdio.h>
#include <string.h>

static const struct {
	const char *verb;
	enum mail_step step;
} verbs[] = {{"EHLO", MAIL_HELLO}, {"HELO", MAIL_HELLO}, {"STARTTLS", MAIL_TLS},
    {"AUTH", MAIL_LOGIN}, {"MAIL", MAIL_FROM}, {"RCPT", MAIL_TO}, {"DATA", MAIL_DATA}};

/* A line that the client sent. The lines after AUTH have no verb and are secret: they match nothing here. After a refusal libcurl still sends QUIT, whose reply
 * must not replace the refusal. */
void
mail_talk_command(struct mail_talk *talk, struct slice line)
{
	talk->over |= line.len >= 4 && memcmp(line.at, "QUIT", 4) == 0;
	for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++) {
		size_t len = strlen(verbs[i].verb);

		if (line.len >= len && memcmp(line.at, verbs[i].verb, len) == 0 &&
		    talk->step < MAIL_BODY && !talk->over) {
			talk->step = verbs[i].step;
			talk->code = 0;
			talk->reply[0] = '\0';
		}
	}
}

void
mail_talk_reply(struct mail_talk *talk, struct slice line)
{
	int64_t code;

	while (line.len > 0 && (line.at[line.len - 1] == '\n' || line.at[line.len - 1] == '\r'))
		line.len--;
	if (line.len < 3 || !text_int((struct slice){line.at, 3}, 200, 599, &code) || talk->over ||
	    mail_talk_is_taken(talk))
		return;
	snprintf(talk->reply, sizeof talk->reply, "%.*s", (int)line.len, line.at);
	talk->code = (unsigned)code;
	if (talk->step == MAIL_DATA && code == 354) {
		talk->step = MAIL_BODY;
		talk->code = 0;
	}
}

bool
mail_talk_is_taken(const struct mail_talk *talk)
{
	return talk->step == MAIL_BODY && talk->code / 100 == 2;
}

bool
mail_talk_is_decided(const struct mail_talk *talk)
{
	return talk->code >= 400 || mail_talk_is_taken(talk);
}

/* What the server said, as one line without addresses: it often repeats whom the message is for. A word with an "@" in it is left out. */
static void
say_reply(const struct mail_talk *talk, char *out, size_t size)
{
	struct buf line = {0};
	size_t used = 0;

	buf_add_line(&line, slice_of(talk->reply));
	for (const char *at = line.at == NULL ? "" : line.at; *at != '\0';) {
		size_t len = strcspn(at, " ");
		bool is_address = memchr(at, '@', len) != NULL;

		len = len == 0 ? 1 : len;
		used += (size_t)snprintf(out + used, size - used, "%.*s", is_address ? 3 : (int)len,
		    is_address ? "..." : at);
		if (used >= size)
			break;
		at += len;
	}
	buf_free(&line);
}

static void
conclude(struct mail_end *end, enum post_end how, bool of_channel, const char *sentence)
{
	end->end = how;
	end->of_channel = of_channel;
	snprintf(end->text, sizeof end->text, "%s", sentence);
}

static void
conclude_saying(const struct mail_talk *talk, struct mail_end *end, const char *sentence)
{
	char said[256] = "";

	say_reply(talk, said, sizeof said);
	snprintf(end->text, sizeof end->text, "%s It said: %s", sentence, said);
}

/* A reply of 400 or more. After RCPT and later the server speaks of this address or this message; before that it speaks of us, and would refuse every message. */
static void
judge_refusal(const struct mail_talk *talk, struct mail_end *end)
{
	bool lasting = talk->code >= 500, of_message = talk->step == MAIL_TO ||
						       talk->step == MAIL_DATA ||
						       talk->step == MAIL_BODY;

	conclude(end, lasting && of_message ? POST_REFUSED : POST_LATER, !of_message, "");
	if (!lasting)
		conclude_saying(talk, end, "The mail server wants the message later.");
	else if (talk->step == MAIL_TO)
		conclude_saying(talk, end,
		    "The mail server takes no e-mail for this address. Give another address.");
	else if (of_message)
		conclude_saying(talk, end, "The mail server refuses this message.");
	else if (talk->step == MAIL_LOGIN)
		conclude_saying(talk, end,
		    "The mail server does not accept our user and password. The server's administrator puts the right ones into the file of the setting mail_login.");
	else if (talk->step == MAIL_FROM)
		conclude_saying(talk, end,
		    "The mail server does not let us send from the address of the setting mail_from. The server's administrator gives one that it takes, or a user who may.");
	else
		conclude_saying(talk, end,
		    "The mail server does not serve us. The server's administrator looks at the setting mail_server.");
}

/* Once its text was under way, nobody knows whether the message has arrived. */
static void
judge_slow(const struct mail_talk *talk, struct mail_end *end)
{
	if (talk->step == MAIL_BODY)
		conclude(end, POST_LATER, false,
		    "The mail server did not answer in time after the message had begun: it may have arrived, and is sent again.");
	else
		conclude(end, POST_LATER, true, "The mail server did not answer in time.");
}

static void
judge_lost(const struct mail_talk *talk, struct mail_end *end)
{
	if (talk->step == MAIL_BODY)
		conclude(end, POST_LATER, false,
		    "The connection to the mail server broke off within the message: it may have arrived, and is sent again.");
	else
		conclude(end, POST_LATER, true, "The connection to the mail server broke off.");
}

static void
judge_fault(const struct mail_talk *talk, CURLcode result, struct mail_end *end)
{
	switch (result) {
	case CURLE_COULDNT_RESOLVE_HOST:
		conclude(end, POST_LATER, true,
		    "The mail server's name could not be found. The server's administrator looks at the setting mail_server.");
		return;
	case CURLE_COULDNT_CONNECT:
		conclude(end, POST_LATER, true,
		    talk->address_refused
			? "The mail server is not on this machine, and without TLS nothing is sent further (setting mail_plain)."
			: "The mail server could not be reached.");
		return;
	case CURLE_USE_SSL_FAILED:
		conclude(end, POST_LATER, true,
		    "The mail server does not encrypt (STARTTLS), and nothing is sent to it in the clear. The server's administrator names one that does.");
		return;
	case CURLE_SSL_CONNECT_ERROR:
	case CURLE_SSL_ISSUER_ERROR:
	case CURLE_PEER_FAILED_VERIFICATION:
	case CURLE_SSL_CACERT_BADFILE:
	case CURLE_SSL_CIPHER:
		conclude(end, POST_LATER, true,
		    "No safe connection to the mail server could be made: its certificate may have expired, be for another name, or come from an authority that is not trusted here (setting mail_ca).");
		return;
	case CURLE_LOGIN_DENIED:
		conclude(end, POST_LATER, true,
		    "The mail server offers no way to sign in that is spoken here.");
		return;
	case CURLE_OPERATION_TIMEDOUT:
		judge_slow(talk, end);
		return;
	default:
		judge_lost(talk, end);
		return;
	}
}

void
mail_judge(const struct mail_talk *talk, CURLcode result, struct mail_end *end)
{
	*end = (struct mail_end){0};
	if (mail_talk_is_taken(talk)) {
		end->end = POST_SENT;
		say_reply(talk, end->text, sizeof end->text);
	} else if (talk->code >= 400 && result != CURLE_OPERATION_TIMEDOUT) {
		judge_refusal(talk, end);
	} else {
		judge_fault(talk, result, end);
	}
}
