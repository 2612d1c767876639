/* SPDX-License-Identifier: MIT */
#pragma once

#include <libpq-fe.h>

#include "server/base/text.h"

/*
 * An invented England, or a part of it: each of ${services} serves one place with three rotas of
 * eight-hour shifts for 89 days and 48 people; every place requires one person always, two on
 * weekdays, one at night, and the first five in nine a fourth time. 540 services are England: 1,620
 * rotas, 420,000 shifts, 25,920 people, 1,920 requirements.
 */
enum {
	ENGLAND_SERVICES = 540,
	ENGLAND_ROTAS = 3,    /* of a service */
	ENGLAND_SHIFTS = 267, /* of a rota, but for one in forty that nobody has */
	ENGLAND_PEOPLE = 48,  /* of a service */
	ENGLAND_SHIFT_HOURS = 8
};

/* Whether somebody has shift ${n} of a rota. The database's rows and an array of the same agree. */
#define ENGLAND_HELD(service, rota, n) (((service)*7 + (rota)*13 + (n)*31) % 40 != 0)

/* The region file. */
void england_document(struct buf *out, int services);

/* Applies the region and inserts people, rotas and shifts, all sources good. ${conn} is a
 * superuser's to a migrated database. */
void england_fill(PGconn *conn, int services);

/* Runs SQL that must succeed; the first cell as a number, or 0. */
double england_sql(PGconn *conn, const char *sql);
