/* SPDX-License-Identifier: MIT */
#include "server/web/fetch/proxy.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <netinet/in.h>
#include <string.h>
#include <strings.h>

#include "server/base/text.h"
#include "server/web/fetch/address.h"

/* The longest name of the DNS, and an address in brackets. */
enum { HOST_MAX_BYTES = 256 };

bool
proxy_is_address(const char *text)
{
	static const CURLUPart unwanted[] = {
	    CURLUPART_USER, CURLUPART_PASSWORD, CURLUPART_QUERY, CURLUPART_FRAGMENT};
	CURLU *url = curl_url();
	char *part = NULL;
	bool fine = curl_url_set(url, CURLUPART_URL, text, 0) == CURLUE_OK &&
		    strncasecmp(text, "http://", 7) == 0;

	for (size_t i = 0; fine && i < sizeof unwanted / sizeof *unwanted; i++) {
		fine = curl_url_get(url, unwanted[i], &part, 0) != CURLUE_OK;
		curl_free(part);
		part = NULL;
	}
	if (fine && curl_url_get(url, CURLUPART_PATH, &part, 0) == CURLUE_OK)
		fine = strcmp(part, "/") == 0;
	curl_free(part);
	curl_url_cleanup(url);
	return fine;
}

/* The host of ${url} without brackets, a zone and a dot at its end. libcurl's parser has written
 * addresses such as 0x7f.1 in the usual way. */
static bool
host_of(const char *text, char host[HOST_MAX_BYTES])
{
	CURLU *url = curl_url();
	char *part = NULL;
	size_t len;
	bool fine = curl_url_set(url, CURLUPART_URL, text, 0) == CURLUE_OK &&
		    curl_url_get(url, CURLUPART_HOST, &part, 0) == CURLUE_OK &&
		    strlen(part) < HOST_MAX_BYTES;

	if (fine && part[0] == '[') {
		len = strcspn(part + 1, "]%");
		memcpy(host, part + 1, len);
		host[len] = '\0';
	} else if (fine) {
		len = strlen(part);
		memcpy(host, part, len + 1);
		if (len > 0 && host[len - 1] == '.')
			host[len - 1] = '\0';
	}
	curl_free(part);
	curl_url_cleanup(url);
	return fine;
}

union socket_address {
	struct sockaddr any;
	struct sockaddr_in four;
	struct sockaddr_in6 six;
};

static bool
is_address(const char *host, union socket_address *address)
{
	memset(address, 0, sizeof *address);
	if (inet_pton(AF_INET, host, &address->four.sin_addr) == 1)
		address->any.sa_family = AF_INET;
	else if (inet_pton(AF_INET6, host, &address->six.sin6_addr) == 1)
		address->any.sa_family = AF_INET6;
	return address->any.sa_family != AF_UNSPEC;
}

/* Whether ${host} is ${domain} or a name under it. */
static bool
is_under(const char *host, const char *domain)
{
	size_t len = strlen(host), end = strlen(domain);

	if (end == 0 || len < end || strcasecmp(host + len - end, domain) != 0)
		return false;
	return len == end || host[len - end - 1] == '.';
}

/* RFC 6761, 6762, 8375; internal is reserved by ICANN, lan and intranet are in use. */
static bool
is_inside_name(const char *host)
{
	static const char *const domains[] = {
	    "localhost", "local", "internal", "home.arpa", "lan", "intranet"};

	for (size_t i = 0; i < sizeof domains / sizeof *domains; i++)
		if (is_under(host, domains[i]))
			return true;
	return strchr(host, '.') == NULL;
}

static bool
is_excepted(const char *host, const union socket_address *address, const char *item)
{
	struct address_range range;

	if (strcmp(item, "*") == 0)
		return true;
	if (address_range_parse(item, &range))
		return address_in_range(&address->any, &range);
	/* "*.example.org" and ".example.org" are written for the names under it, and mean it too. */
	item += strspn(item, "*.");
	return address->any.sa_family == AF_UNSPEC && is_under(host, item);
}

bool
proxy_may_ask(const char *url, const char *const *except)
{
	union socket_address address;
	char host[HOST_MAX_BYTES];

	if (!host_of(url, host))
		return false;
	if (is_address(host, &address) ? !address_is_public(&address.any) : is_inside_name(host))
		return false;
	for (; except != NULL && *except != NULL; except++)
		if (is_excepted(host, &address, *except))
			return false;
	return true;
}
