/* SPDX-License-Identifier: MIT */
#include "server/pg/pg_status.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "server/base/text.h"

/* The first row whose start matches wins. An SQLSTATE that no row names is a fault of this
 * program. */
static const struct {
	const char *start;
	enum pg_verdict verdict;
} verdicts[] = {
    {"08", PG_VERDICT_RENEW},    /* connection */
    {"0A000", PG_VERDICT_RENEW}, /* a prepared plan whose tables a migration has changed; a new
				    connection prepares again */
    {"25006", PG_VERDICT_RENEW}, /* read-only: this server is a standby now */
    {"25P03", PG_VERDICT_RENEW}, /* idle in transaction for too long */
    {"26000", PG_VERDICT_RENEW}, /* somebody has dropped our prepared statements */
    {"40", PG_VERDICT_AGAIN},    /* serialization, deadlock */
    {"53", PG_VERDICT_AGAIN},    /* out of memory, disk, connections */
    {"54", PG_VERDICT_LIMIT},    /* a row too big for an index, a statement too complex */
    {"55006", PG_VERDICT_AGAIN}, /* in use */
    {"55P03", PG_VERDICT_AGAIN}, /* lock_timeout, NOWAIT */
    {"57014", PG_VERDICT_AGAIN}, /* statement_timeout, cancelled by an operator */
    {"57P", PG_VERDICT_RENEW},   /* shutting down, crashed, starting up */
    {"58", PG_VERDICT_AGAIN},    /* its disk */
    {"XX", PG_VERDICT_AGAIN},    /* its own bug or corruption */
};

static bool
is_expected(const char *sqlstate, const char *expects)
{
	while (expects != NULL && *expects != '\0') {
		size_t len = strcspn(expects, " ");

		if (slice_is((struct slice){expects, len}, sqlstate))
			return true;
		expects += len + strspn(expects + len, " ");
	}
	return false;
}

enum pg_verdict
pg_verdict_of(const char *sqlstate, const char *expects)
{
	if (is_expected(sqlstate, expects))
		return PG_VERDICT_REFUSED;
	for (size_t i = 0; i < sizeof verdicts / sizeof *verdicts; i++) {
		if (strncmp(sqlstate, verdicts[i].start, strlen(verdicts[i].start)) == 0)
			return verdicts[i].verdict;
	}
	return PG_VERDICT_BUG;
}

bool
pg_is_other_schema(const char *sqlstate)
{
	static const char *const states[] = {"3F000", "42703", "42704", "42883", "42P01"};

	for (size_t i = 0; i < sizeof states / sizeof *states; i++)
		if (strcmp(sqlstate, states[i]) == 0)
			return true;
	return false;
}
