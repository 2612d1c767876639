/* SPDX-License-Identifier: MIT */
#include "tests/benches/england.h"

#include <stdio.h>
#include <stdlib.h>

#include "server/base/fatal.h"

#define ALWAYS "[{\"days\":[\"all\"],\"from\":\"00:00\",\"to\":\"24:00\"}]"
#define WEEKDAYS                                                                                   \
	"[{\"days\":[\"mon\",\"tue\",\"wed\",\"thu\",\"fri\"],\"from\":\"09:00\",\"to\":\"17:"     \
	"00\"}]"
#define NIGHTS "[{\"days\":[\"all\"],\"from\":\"22:00\",\"to\":\"06:00\"}]"
#define WEEKENDS                                                                                   \
	"[{\"days\":[\"sat\",\"sun\",\"bank_holiday\"],\"from\":\"10:00\",\"to\":\"18:00\"}]"

double
england_sql(PGconn *conn, const char *sql)
{
	PGresult *result = PQexec(conn, sql);
	double number = 0;

	if (PQresultStatus(result) != PGRES_TUPLES_OK && PQresultStatus(result) != PGRES_COMMAND_OK)
		fatal("the bench's own SQL failed: %s", PQerrorMessage(conn));
	if (PQntuples(result) > 0)
		number = atof(PQgetvalue(result, 0, 0));
	PQclear(result);
	return number;
}

static void
put_people(struct buf *out, int services)
{
	buf_add_text(out, "\"people\":[");
	for (int service = 0; service < services; service++)
		for (int n = 0; n < ENGLAND_PEOPLE; n++)
			buf_printf(out,
			    "%s{\"id\":\"p%d-%d\",\"name\":\"Person %d of %d\",\"organisation\":\"ZFC\",\"roles\":[\"amhp\"]}",
			    service + n > 0 ? "," : "", service, n, n, service);
	buf_add_text(out, "],");
}

static void
put_places(struct buf *out, int services)
{
	buf_add_text(out, "\"places\":[");
	for (int service = 0; service < services; service++)
		buf_printf(out, "%s{\"code\":\"X%d\",\"name\":\"Place %d\",\"kind\":\"hospital\"}",
		    service > 0 ? "," : "", service, service);
	buf_add_text(out, "],\"services\":[");
	for (int service = 0; service < services; service++)
		buf_printf(out,
		    "%s{\"id\":\"s%d\",\"name\":\"Duty %d\",\"function\":\"amhp\","
		    "\"organisation\":\"ZFC\",\"places\":[\"X%d\"],\"phone\":\"+441632960456\","
		    "\"fallback\":{\"text\":\"Ring\",\"phone\":\"+441632960111\"}}",
		    service > 0 ? "," : "", service, service, service);
	buf_add_text(out, "],\"rotas\":[");
	for (int n = 0; n < services * ENGLAND_ROTAS; n++)
		buf_printf(out,
		    "%s{\"id\":\"r%d-%d\",\"service\":\"s%d\",\"tier\":%d,\"source\":{\"kind\":"
		    "\"ical_url\",\"url\":\"https://address.invalid/%064d\"}}",
		    n > 0 ? "," : "", n / ENGLAND_ROTAS, n % ENGLAND_ROTAS, n / ENGLAND_ROTAS,
		    n % ENGLAND_ROTAS + 1, n);
	buf_add_text(out, "],");
}

static void
put_requirements(struct buf *out, int services)
{
	static const struct {
		int count;
		const char *hours;
	} kinds[] = {{1, ALWAYS}, {2, WEEKDAYS}, {1, NIGHTS}, {3, WEEKENDS}};

	buf_add_text(out, "\"requirements\":[");
	for (int service = 0; service < services; service++)
		for (int kind = 0; kind < (service * 9 < services * 5 ? 4 : 3); kind++)
			buf_printf(out,
			    "%s{\"id\":\"q%d-%d\",\"place\":\"X%d\",\"function\":\"amhp\","
			    "\"count\":%d,\"hours\":%s}",
			    service + kind > 0 ? "," : "", service, kind, service,
			    kinds[kind].count, kinds[kind].hours);
	buf_add_text(out, "],\"accounts\":[]}");
}

void
england_document(struct buf *out, int services)
{
	buf_add_text(out,
	    "{\"crisiscover\":1,\"time_zone\":\"Europe/London\",\"bank_holidays\":\"england-and-wales\",\"organisations\":[{\"code\":\"ZFC\",\"name\":\"Fenmere\",\"kind\":\"local_authority\"}],\"functions\":[{\"code\":\"amhp\",\"name\":\"AMHP\"}],");
	put_people(out, services);
	put_places(out, services);
	put_requirements(out, services);
}

static void
apply_region(PGconn *conn, int services)
{
	struct buf document = {0};
	const char *values[1];
	PGresult *result;

	england_document(&document, services);
	values[0] = document.at;
	/* Nobody fetches here: no box is opened. */
	PQclear(PQexec(conn,
	    "insert into crisiscover.feed_address (mask, box) select 'https://address.invalid/' || lpad(n::text, 64, '0'), "
	    "repeat('b', 99)::bytea from generate_series(0, 99999) n on conflict do nothing"));
	result = PQexecParams(
	    conn, "select crisiscover.region_apply($1, 'bench')", 1, NULL, values, NULL, NULL, 0);
	if (PQresultStatus(result) != PGRES_TUPLES_OK)
		fatal("the region was not taken: %s", PQerrorMessage(conn));
	PQclear(result);
	buf_free(&document);
}

void
england_fill(PGconn *conn, int services)
{
	char sql[1200];

	england_sql(conn, "set search_path = crisiscover");
	apply_region(conn, services);
	/* ENGLAND_HELD, in SQL. */
	snprintf(sql, sizeof sql,
	    "insert into shift (rota, key, class, person, title, starts_at, ends_at) select 'r' || s || '-' || r, "
	    "'e' || n || '@rota.example', 'named', 'p' || s || '-' || (r * 16 + n %% 16), 'On call', d + n * interval '%d hours', "
	    "d + (n + 1) * interval '%d hours' from (select date_trunc('day', now()) - interval '1 day') x (d), generate_series(0, "
	    "%d) s, generate_series(0, %d) r, generate_series(0, %d) n where (s * 7 + r * 13 + n * 31) %% 40 <> 0",
	    ENGLAND_SHIFT_HOURS, ENGLAND_SHIFT_HOURS, services - 1, ENGLAND_ROTAS - 1,
	    ENGLAND_SHIFTS - 1);
	england_sql(conn, sql);
	/* Each rota speaks as far as its last shift. */
	england_sql(conn, "update feed set state = 'good', last_good_at = clock_timestamp(), "
			  "next_at = 'infinity', horizon = (select max(ends_at) from shift)");
	/* The tables that autovacuum would have analysed by then: not those that are still empty,
	 * whose plans would be made for no rows. */
	england_sql(conn, "analyze shift, feed, rota, person, place, requirement, region");
	england_sql(conn, "checkpoint");
}
