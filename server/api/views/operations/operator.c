/* SPDX-License-Identifier: MIT */
#include "server/api/views/operations/operator.h"

#include <string.h>

#include "server/api/ask/ask.h"

/* A proxy on this machine sends requests of others, and marks them with a header, if it was told to. So where
 * one is set up nobody is believed to be of this machine. */
static bool
from_this_machine(const struct api *api, struct web_exchange *exchange)
{
	const char *peer = web_peer(exchange);

	if (api->has_providers || api->metrics_token.given ||
	    web_header(exchange, "x-forwarded-for").at != NULL ||
	    web_header(exchange, "forwarded").at != NULL)
		return false;
	return strcmp(peer, "::1") == 0 || strncmp(peer, "127.", 4) == 0 ||
	       strncmp(peer, "::ffff:127.", 11) == 0;
}

bool
operator_asks(const struct api *api, struct web_exchange *exchange)
{
	return from_this_machine(api, exchange) ||
	       secret_file_is(&api->metrics_token, ask_bearer(exchange));
}
