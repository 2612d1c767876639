/* SPDX-License-Identifier: MIT */
#include <arpa/inet.h>
#include <string.h>

#include "server/base/fatal.h"
#include "server/pg/pg_private.h"

/*
 * While it connects, libpq reads files, asks resolvers and trusts the environment; on a loop it
 * must do none of that. So the conninfo is parsed here, refused if it names something that would
 * block, and completed where libpq's default is not what we need.
 */

/* Set whatever the conninfo says. connect_timeout has no effect on asynchronous connecting, so our
 * own timer limits that. */
static const struct {
	const char *keyword, *value;
} fixed[] = {
    {"client_encoding", "UTF8"},
    {"passfile", "/dev/null/none"}, /* libpq would complain about /dev/null itself on stderr */
    {"gssencmode", "disable"},
    {"keepalives", "1"},
    {"keepalives_idle", "5"},
    {"keepalives_interval", "2"},
    {"keepalives_count", "3"},
    {"tcp_user_timeout", "5000"},
};

/* Settings of the session, after those of the conninfo. With the check interval a statement whose
 * client has hung up ends within a second. */
#define SESSION "-c statement_timeout=5000 -c client_connection_check_interval=1000 -c TimeZone=UTC"
#define IDLE_LIMIT_MS 10000U

static const char *
value_of(const PQconninfoOption *options, const char *keyword)
{
	for (const PQconninfoOption *option = options; option->keyword != NULL; option++) {
		if (strcmp(option->keyword, keyword) == 0)
			return option->val;
	}
	return NULL;
}

enum where { WHERE_SOCKET, WHERE_LOOPBACK, WHERE_ELSEWHERE, WHERE_NAME };

static enum where
where_is(const char *host)
{
	struct in_addr four;
	struct in6_addr six;

	if (host[0] == '/' || host[0] == '@')
		return WHERE_SOCKET;
	if (inet_pton(AF_INET, host, &four) == 1)
		return (ntohl(four.s_addr) >> 24) == 127 ? WHERE_LOOPBACK : WHERE_ELSEWHERE;
	if (inet_pton(AF_INET6, host, &six) == 1)
		return IN6_IS_ADDR_LOOPBACK(&six) ? WHERE_LOOPBACK : WHERE_ELSEWHERE;
	return WHERE_NAME;
}

/* The most distant of a comma-separated list. */
static enum where
furthest(const char *hosts)
{
	enum where worst = WHERE_SOCKET;

	while (hosts != NULL) {
		size_t len = strcspn(hosts, ",");
		char host[256];
		enum where where = WHERE_NAME;

		if (len > 0 && len < sizeof host) {
			memcpy(host, hosts, len);
			host[len] = '\0';
			where = where_is(host);
		}
		if (where > worst)
			worst = where;
		hosts = hosts[len] == ',' ? hosts + len + 1 : NULL;
	}
	return worst;
}

static enum where
check_address(const PQconninfoOption *options)
{
	const char *host = value_of(options, "host"), *hostaddr = value_of(options, "hostaddr");
	enum where where;

	if (value_of(options, "service") != NULL)
		fatal("the database's conninfo must not name a service: give host or hostaddr");
	if (host == NULL && hostaddr == NULL)
		fatal(
		    "the database's conninfo lacks an address: give hostaddr=<number> or host=/<socket folder>");
	where = furthest(hostaddr != NULL ? hostaddr : host);
	if (where == WHERE_NAME)
		fatal(
		    "the database's conninfo has a name where an address is needed, since resolving it would block: "
		    "give hostaddr=<number> (host=<name> beside it for TLS) or host=/<socket folder>");
	return where;
}

static void
keep(struct pg *pg, unsigned *count, const char *keyword, const char *value)
{
	for (unsigned i = 0; i < *count; i++) {
		if (strcmp(pg->keywords[i], keyword) == 0) {
			pg->values[i] = arena_strdup(pg->arena, value);
			return;
		}
	}
	pg->keywords[*count] = arena_strdup(pg->arena, keyword);
	pg->values[(*count)++] = arena_strdup(pg->arena, value);
}

void
pg_options_keep(struct pg *pg, const struct pg_options *options)
{
	char *fault = NULL;
	PQconninfoOption *parsed = PQconninfoParse(options->conninfo, &fault);
	const char *given;
	enum where where;
	unsigned count = 0, room = 32;

	if (parsed == NULL)
		fatal(
		    "the database's conninfo could not be read; it is key=value pairs as libpq has them");
	where = check_address(parsed);
	for (const PQconninfoOption *option = parsed; option->keyword != NULL; option++)
		room += option->val != NULL;
	pg->keywords = arena_array(pg->arena, room, sizeof *pg->keywords);
	pg->values = arena_array(pg->arena, room, sizeof *pg->values);
	for (const PQconninfoOption *option = parsed; option->keyword != NULL; option++) {
		if (option->val != NULL)
			keep(pg, &count, option->keyword, option->val);
	}
	for (size_t i = 0; i < sizeof fixed / sizeof *fixed; i++)
		keep(pg, &count, fixed[i].keyword, fixed[i].value);
	/* libpq's default is prefer, with which anybody on the way to the server can switch TLS
	 * off. */
	if (value_of(parsed, "sslmode") == NULL)
		keep(pg, &count, "sslmode", where == WHERE_ELSEWHERE ? "verify-full" : "disable");
	if (options->application_name != NULL)
		keep(pg, &count, "application_name", options->application_name);
	if (options->primary_only)
		keep(pg, &count, "target_session_attrs", "primary");
	given = value_of(parsed, "options");
	keep(pg, &count, "options",
	    arena_printf(pg->arena, "%s " SESSION " -c idle_in_transaction_session_timeout=%u",
		given != NULL ? given : "",
		options->idle_limit_ms != 0 ? options->idle_limit_ms : IDLE_LIMIT_MS));
	PQconninfoFree(parsed);
}
