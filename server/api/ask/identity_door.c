/* SPDX-License-Identifier: MIT */
#include "server/api/ask/identity_door.h"

#include <errno.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "server/base/fatal.h"
#include "server/base/file.h"
#include "server/base/log.h"

#define SECRET_MIN_BYTES 32
#define SECRET_MAX_BYTES 1024

struct identity_door {
	struct web_server *server;
	struct web_route routes[2]; /* the server keeps them */
	char *socket_path;
	uint8_t secret[crypto_hash_sha256_BYTES]; /* its hash: compared in constant time, whatever
						     its length */
};

static void
hash(struct slice text, uint8_t out[crypto_hash_sha256_BYTES])
{
	crypto_hash_sha256(out, (const uint8_t *)text.at, text.len);
}

/* A secret that others on the machine can read would let them sign in as anybody. */
static void
check_mode(const char *path)
{
	struct stat found;

	if (stat(path, &found) != 0)
		fatal("could not read identity_secret %s: %s", path, strerror(errno));
	if ((found.st_mode & 077) != 0)
		fatal("identity_secret %s can be read by others: chmod 600 it", path);
}

static void
read_secret(const char *path, uint8_t out[crypto_hash_sha256_BYTES])
{
	struct slice text;
	char *bytes;
	size_t len;

	if (path[0] == '\0')
		fatal("identity_socket is set, and identity_secret is not");
	check_mode(path);
	if (file_read(path, SECRET_MAX_BYTES, &bytes, &len) != STATUS_OK)
		fatal("could not read identity_secret %s", path);
	text = slice_trim((struct slice){bytes, strcspn(bytes, "\r\n")});
	if (text.len < SECRET_MIN_BYTES)
		fatal("identity_secret %s is shorter than %d characters", path, SECRET_MIN_BYTES);
	hash(text, out);
	sodium_memzero(bytes, len);
	free(bytes);
}

struct identity_door *
identity_door_open(struct loop *loop, const struct identity_door_options *options)
{
	struct identity_door *door = xcalloc(1, sizeof *door);

	read_secret(options->secret_file, door->secret);
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
	sodium_memzero(door->secret, sizeof door->secret);
	free(door->socket_path);
	free(door);
}

bool
identity_door_believes(const struct identity_door *door, struct web_exchange *exchange)
{
	struct slice said = web_header(exchange, "crisiscover-proxy-secret");
	uint8_t secret[crypto_hash_sha256_BYTES];

	if (said.at == NULL)
		return false;
	hash(said, secret);
	return sodium_memcmp(secret, door->secret, sizeof secret) == 0;
}
