/* SPDX-License-Identifier: MIT */
#include "server/web/fetch/redirect.h"

#include <curl/curl.h>
#include <stddef.h>
#include <string.h>
#include <strings.h>

/* libcurl's own parser takes addresses apart, because it is what will be asked to connect: two
 * parsers could see two hosts in one address. */

/* The parts that count; NULL where absent. */
struct parts {
	char *scheme, *host, *port, *user, *password;
};

/* With CURLU_DEFAULT_PORT an address without a port equals one that names the usual port. */
static char *
get(CURLU *url, CURLUPart part, unsigned flags)
{
	char *text = NULL;

	return curl_url_get(url, part, &text, flags) == CURLUE_OK ? text : NULL;
}

static bool
take_apart(const char *text, struct parts *parts)
{
	CURLU *url = curl_url();
	bool good = url != NULL && curl_url_set(url, CURLUPART_URL, text, 0) == CURLUE_OK;

	*parts = (struct parts){0};
	if (good) {
		parts->scheme = get(url, CURLUPART_SCHEME, 0);
		parts->host = get(url, CURLUPART_HOST, 0);
		parts->port = get(url, CURLUPART_PORT, CURLU_DEFAULT_PORT);
		parts->user = get(url, CURLUPART_USER, 0);
		parts->password = get(url, CURLUPART_PASSWORD, 0);
		good = parts->scheme != NULL && parts->host != NULL && parts->port != NULL;
	}
	curl_url_cleanup(url);
	return good;
}

static void
put_away(struct parts *parts)
{
	curl_free(parts->scheme);
	curl_free(parts->host);
	curl_free(parts->port);
	curl_free(parts->user);
	curl_free(parts->password);
}

static bool
is_https(const struct parts *parts)
{
	return strcasecmp(parts->scheme, "https") == 0;
}

static bool
has_credentials(const struct parts *parts)
{
	return parts->user != NULL || parts->password != NULL;
}

static bool
is_http_of_any_kind(const struct parts *parts)
{
	return is_https(parts) || strcasecmp(parts->scheme, "http") == 0;
}

/* A password may not cross the network in the clear. */
bool
redirect_may_start(const char *url)
{
	struct parts parts;
	bool may = take_apart(url, &parts) && is_http_of_any_kind(&parts) &&
		   (is_https(&parts) || !has_credentials(&parts));

	put_away(&parts);
	return may;
}

/* Not from https to http: who listens in could then answer in the publisher's place. A target with
 * a password in it was not given by the rota manager. */
bool
redirect_may_follow(const char *from, const char *to)
{
	struct parts old, new;
	bool may = take_apart(from, &old);

	may = take_apart(to, &new) && may && is_http_of_any_kind(&new) && !has_credentials(&new) &&
	      (is_https(&new) || !is_https(&old));
	put_away(&old);
	put_away(&new);
	return may;
}

bool
redirect_same_origin(const char *from, const char *to)
{
	struct parts old, new;
	bool same = take_apart(from, &old);

	same = take_apart(to, &new) && same && strcasecmp(old.scheme, new.scheme) == 0 &&
	       strcasecmp(old.host, new.host) == 0 && strcmp(old.port, new.port) == 0;
	put_away(&old);
	put_away(&new);
	return same;
}
