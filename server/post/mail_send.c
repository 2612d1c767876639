/* SPDX-License-Identifier: MIT */
#include "server/post/mail_send.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "server/base/fatal.h"
#include "server/base/file.h"

enum { LOGIN_MOST = 1024, CA_MOST = 1 << 20 };

struct sending {
	const struct mail_letter *letter;
	CURL *easy;
	struct mail_talk talk;
	size_t given; /* bytes of the letter */
	int out;
	bool told;
};

/* The first outcome counts: what a server does after it has taken the message changes nothing. */
static void
tell(struct sending *sending, const struct mail_end *end)
{
	const char *at = (const char *)end;
	size_t left = sizeof *end;

	while (!sending->told && left > 0) {
		ssize_t put = write(sending->out, at, left);

		if (put <= 0)
			break; /* nobody waits for it any more */
		at += put;
		left -= (size_t)put;
	}
	sending->told = true;
}

static void
tell_result(struct sending *sending, CURLcode result)
{
	struct mail_end end;

	mail_judge(&sending->talk, result, &end);
	tell(sending, &end);
}

static void
tell_fault(struct sending *sending, const char *reason)
{
	struct mail_end end = {.end = POST_LATER, .of_channel = true};

	snprintf(end.text, sizeof end.text, "%s", reason);
	tell(sending, &end);
}

static size_t
on_bytes_wanted(char *at, size_t size, size_t count, void *ctx)
{
	struct sending *sending = ctx;
	struct slice bytes = sending->letter->bytes;
	size_t len = bytes.len - sending->given;

	len = len < size * count ? len : size * count;
	memcpy(at, bytes.at + sending->given, len);
	sending->given += len;
	return len;
}

/* libcurl gives each line that the server says. */
static size_t
on_reply(char *at, size_t size, size_t count, void *ctx)
{
	struct sending *sending = ctx;

	mail_talk_reply(&sending->talk, (struct slice){at, size * count});
	/* Nobody waits for the server's farewell. */
	if (mail_talk_is_taken(&sending->talk))
		tell_result(sending, CURLE_OK);
	return size * count;
}

static int
on_debug(CURL *easy, curl_infotype what, char *at, size_t len, void *ctx)
{
	struct sending *sending = ctx;

	(void)easy;
	if (what == CURLINFO_HEADER_OUT)
		mail_talk_command(&sending->talk, (struct slice){at, len});
	if (sending->talk.over && mail_talk_is_decided(&sending->talk))
		tell_result(sending, CURLE_OK);
	return 0;
}

static bool
is_loopback(const struct sockaddr *address)
{
	if (address->sa_family == AF_INET)
		return ntohl(
			   ((const struct sockaddr_in *)(const void *)address)->sin_addr.s_addr) >>
			   24 ==
		       127;
	return address->sa_family == AF_INET6 &&
	       IN6_IS_ADDR_LOOPBACK(
		   &((const struct sockaddr_in6 *)(const void *)address)->sin6_addr);
}

static bool
is_plain(const struct sending *sending)
{
	return strcmp(sending->letter->config->mail_plain, "loopback") == 0 &&
	       strncmp(sending->letter->url, "smtp:", 5) == 0;
}

/* What the name resolved to, and not the name, says whether it is this machine. */
static curl_socket_t
on_open_socket(void *ctx, curlsocktype purpose, struct curl_sockaddr *address)
{
	struct sending *sending = ctx;

	(void)purpose;
	if (is_plain(sending) && !is_loopback(&address->addr)) {
		sending->talk.address_refused = true;
		return CURL_SOCKET_BAD;
	}
	return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

/* Gives libcurl the "user:password" of the file's first line. Returns what is wrong, a sentence; NULL: nothing. */
static const char *
set_login(struct sending *sending)
{
	const char *path = sending->letter->config->mail_login;
	char *bytes, *colon;
	size_t len;

	if (*path == '\0')
		return NULL;
	if (file_read_secret(path, 077, LOGIN_MOST, &bytes, &len) != STATUS_OK)
		return "The user and password for the mail server cannot be read. The server's administrator looks at the file of the setting mail_login: it is for the notify role's user alone (chmod 400).";
	bytes[strcspn(bytes, "\r\n")] = '\0';
	colon = strchr(bytes, ':');
	if (colon != NULL) {
		*colon = '\0';
		curl_easy_setopt(sending->easy, CURLOPT_USERNAME, bytes);
		curl_easy_setopt(sending->easy, CURLOPT_PASSWORD, colon + 1);
	}
	sodium_memzero(bytes, len);
	free(bytes);
	return colon != NULL
		   ? NULL
		   : "The file of the setting mail_login has no user:password in its first line.";
}

/* Authorities of the operator, in addition to those of the system, whose folder libcurl searches as well. Returns as above. */
static const char *
set_authorities(struct sending *sending)
{
	const char *path = sending->letter->config->mail_ca;
	struct curl_blob blob = {.flags = CURL_BLOB_COPY};
	char *bytes;
	size_t len;

	if (*path == '\0')
		return NULL;
	if (file_read(path, CA_MOST, &bytes, &len) != STATUS_OK)
		return "The certificates of the setting mail_ca cannot be read.";
	blob.data = bytes;
	blob.len = len;
	curl_easy_setopt(sending->easy, CURLOPT_CAINFO_BLOB, &blob);
	free(bytes);
	return NULL;
}

static void
set_rules(struct sending *sending)
{
	CURL *easy = sending->easy;
	const struct config *config = sending->letter->config;

	curl_easy_setopt(easy, CURLOPT_URL, sending->letter->url);
	curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
	curl_easy_setopt(easy, CURLOPT_PROXY, "");
	curl_easy_setopt(easy, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
	curl_easy_setopt(easy, CURLOPT_USE_SSL,
	    is_plain(sending) ? (long)CURLUSESSL_NONE : (long)CURLUSESSL_ALL);
	curl_easy_setopt(easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);
	curl_easy_setopt(easy, CURLOPT_TIMEOUT, (long)config->messages_seconds);
	curl_easy_setopt(easy, CURLOPT_SERVER_RESPONSE_TIMEOUT, (long)config->messages_seconds);
	curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, on_open_socket);
	curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, sending);
}

/* The conversation, by which the outcome is judged. Both functions are set, because libcurl prints to stderr what has no function. */
static void
set_listeners(struct sending *sending)
{
	CURL *easy = sending->easy;

	curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_reply);
	curl_easy_setopt(easy, CURLOPT_HEADERDATA, sending);
	curl_easy_setopt(easy, CURLOPT_DEBUGFUNCTION, on_debug);
	curl_easy_setopt(easy, CURLOPT_DEBUGDATA, sending);
	curl_easy_setopt(easy, CURLOPT_VERBOSE, 1L);
}

static struct curl_slist *
set_letter(struct sending *sending)
{
	const struct mail_letter *letter = sending->letter;
	struct curl_slist *to = curl_slist_append(NULL, letter->to);

	INVARIANT(to != NULL);
	curl_easy_setopt(sending->easy, CURLOPT_MAIL_FROM, letter->config->mail_from);
	curl_easy_setopt(sending->easy, CURLOPT_MAIL_RCPT, to);
	curl_easy_setopt(sending->easy, CURLOPT_UPLOAD, 1L);
	curl_easy_setopt(sending->easy, CURLOPT_INFILESIZE_LARGE, (curl_off_t)letter->bytes.len);
	curl_easy_setopt(sending->easy, CURLOPT_READFUNCTION, on_bytes_wanted);
	curl_easy_setopt(sending->easy, CURLOPT_READDATA, sending);
	return to;
}

void
mail_send(const struct mail_letter *letter, int out)
{
	struct sending sending = {.letter = letter, .out = out, .easy = curl_easy_init()};
	struct curl_slist *to;
	const char *fault;

	INVARIANT(sending.easy != NULL);
	set_rules(&sending);
	set_listeners(&sending);
	to = set_letter(&sending);
	fault = set_authorities(&sending);
	if (fault == NULL)
		fault = set_login(&sending);
	if (fault != NULL)
		tell_fault(&sending, fault);
	else
		tell_result(&sending, curl_easy_perform(sending.easy));
	curl_easy_cleanup(sending.easy);
	curl_slist_free_all(to);
}
