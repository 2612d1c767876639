/* SPDX-License-Identifier: MIT */
#include "server/api/ask/identity_door.h"

#include <errno.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "server/api/ask/secret_file.h"
#include "server/base/fatal.h"
#include "server/base/log.h"

struct identity_door {
	struct web_server *server;
	struct web_route routes[2]; /* the server keeps them */
	char *socket_path;
	struct secret_file secret;
};

struct identity_door *
identity_door_open(struct loop *loop, const struct identity_door_options *options)
{
	struct identity_door *door = xcalloc(1, sizeof *door);

	if (options->secret_file[0] == '\0')
		fatal("identity_socket is set, and identity_secret is not");
	secret_file_read("identity_secret", options->secret_file, &door->secret);
	door->socket_path = xstrdup(options->socket_path);
	door->routes[0] = (struct web_route){
	    .methods = WEB_GET, .pattern = IDENTITY_PATH, .handler = options->handler};
	door->server = web_server_open(loop, &(struct web_server_options){
						 .socket_path = door->socket_path,
						 .routes = door->routes,
						 .now = options->now,
						 .ctx = options->ctx,
					     });
	if (door->server == NULL)
		fatal("could not listen at identity_socket %s: %s", options->socket_path,
		    strerror(errno));
	log_event(LOG_INFO, "listening_for_identities", LOG_STR("socket", options->socket_path));
	return door;
}

/* The server is freed at the end of the loop's turn, with no request under way that would read the
 * routes. */
void
identity_door_close(struct identity_door *door)
{
	if (door == NULL)
		return;
	web_server_close(door->server);
	sodium_memzero(&door->secret, sizeof door->secret);
	free(door->socket_path);
	free(door);
}

bool
identity_door_believes(const struct identity_door *door, struct web_exchange *exchange)
{
	return secret_file_is(&door->secret, web_header(exchange, "crisiscover-proxy-secret"));
}
