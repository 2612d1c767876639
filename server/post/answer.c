/* SPDX-License-Identifier: MIT */
#include "server/post/answer.h"

#include <curl/curl.h>
#include <stdio.h>
#include <string.h>

enum { WAIT_MOST_S = 86400 };

/* RFC 9110, 10.2.3: seconds, or a date. */
static int64_t
wait_of(struct slice value, int64_t now)
{
	char text[64];
	int64_t seconds;

	if (text_int(value, 0, INT32_MAX, &seconds))
		return seconds < WAIT_MOST_S ? seconds : WAIT_MOST_S;
	if (value.len == 0 || value.len >= sizeof text)
		return 0;
	memcpy(text, value.at, value.len);
	text[value.len] = '\0';
	seconds = (int64_t)curl_getdate(text, NULL);
	if (seconds <= now)
		return 0;
	return seconds - now < WAIT_MOST_S ? seconds - now : WAIT_MOST_S;
}

static const char *
fault_sentence(enum web_fault fault)
{
	switch (fault) {
	case WEB_FAULT_URL:
		return "The address cannot be used.";
	case WEB_FAULT_NAME:
		return "The server's name could not be found.";
	case WEB_FAULT_ADDRESS:
		return "The address leads into a private network, which is not allowed here (setting webhook_allow).";
	case WEB_FAULT_CONNECT:
		return "The server could not be reached.";
	case WEB_FAULT_TLS:
		return "No safe connection could be made: the server's certificate may have expired, be for another name, or come from an authority that is not trusted here (setting messages_ca).";
	case WEB_FAULT_SLOW:
		return "The server did not answer in time: the message may have arrived, and is sent again.";
	case WEB_FAULT_CUT:
		return "The connection broke off before the answer: the message may have arrived, and is sent again.";
	case WEB_FAULT_PROXY:
	case WEB_FAULT_PROXY_SIGN_IN:
	case WEB_FAULT_PROXY_WAYS:
	case WEB_FAULT_PROXY_REFUSED:
		return "The proxy did not make the connection. The server's administrator looks at the proxy, and at the settings messages_proxy and messages_proxy_login.";
	default:
		return "The server's answer could not be understood: the message may have arrived, and is sent again.";
	}
}

static bool
is_of_proxy(enum web_fault fault)
{
	return fault == WEB_FAULT_PROXY || fault == WEB_FAULT_PROXY_SIGN_IN ||
	       fault == WEB_FAULT_PROXY_WAYS;
}

/* ${ours}: it is the gateway of the settings, so that every fault is the operator's. An address that an account gave may itself be wrong (it leads into our own
 * network): nothing is sent there again. */
static void
judge_fault(const struct web_got *got, bool ours, struct answer_end *end)
{
	bool of_address = got->fault == WEB_FAULT_URL || got->fault == WEB_FAULT_ADDRESS;

	end->end = of_address && !ours ? POST_REFUSED : POST_LATER;
	end->of_channel = ours || is_of_proxy(got->fault);
	snprintf(end->text, sizeof end->text, "%s", fault_sentence(got->fault));
}

/* The gateway refuses one message with 400, 413 or 422; any other 4xx is about the request that the operator set up, so that no message would leave. */
static enum post_end
end_of(unsigned status, bool ours)
{
	if (status / 100 == 2)
		return POST_SENT;
	if (status >= 500 || status == 408 || status == 425 || status == 429)
		return POST_LATER;
	if (status == 401 || status == 403 || status == 407)
		return POST_LATER;
	if (ours)
		return status == 400 || status == 413 || status == 422 ? POST_REFUSED : POST_LATER;
	return POST_REFUSED;
}

void
answer_judge(
    const struct web_got *got, enum post_channel channel, int64_t now, struct answer_end *end)
{
	bool ours = channel == POST_SMS;

	*end = (struct answer_end){0};
	if (got->fault != WEB_FAULT_NONE) {
		judge_fault(got, ours, end);
		return;
	}
	end->end = end_of(got->status, ours);
	end->of_channel = ours && end->end == POST_LATER;
	end->wait_s = end->end == POST_LATER ? wait_of(got->retry_after, now) : 0;
	web_got_sentence(got, end->text, sizeof end->text);
	if (got->status / 100 == 3)
		strncat(end->text, " It has moved: give its new address.",
		    sizeof end->text - strlen(end->text) - 1);
}
