/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/address/address_key.h"
#include "server/feeds/reader_call.h"
#include "server/feeds/rulebook.h"
#include "server/loop/loop.h"
#include "server/pg/pg.h"
#include "server/pg/pg_clock.h"
#include "server/web/client.h"

/* The services and settings that every job of this role has. Outlives them all. */
struct feeds_env {
	struct loop *loop;
	struct pg *pg;
	struct web_client *web;
	struct reader_calls *reader;
	const struct zonedb *zones;
	struct slice holidays;     /* the file of bank holidays */
	struct rulebook *rulebook; /* in force; NULL until the first region is read */
	char *address_open_path;   /* file of the keys that open addresses */
	/* file of what the proxy of the setting wants to know; NULL: nothing */
	const char *proxy_login;
	struct pg_clock clock; /* known as soon as there is a rulebook (in_force.c) */
};

/* The present time for all judgements: by the database's clock. Seconds since 1970. */
int64_t feeds_now(const struct feeds_env *env);
