#include "server/flags/flags_sql.h"

/* $1 epoch, $2 seq: the newest id in Redis. Answers: do we lead, the epoch, after which epoch and
 * seq to publish. */
const struct pg_stmt FLAGS_LEAD = {
    .name = "FLAGS_LEAD",
    .sql = "select leads, epoch, after_epoch, after_seq from crisiscover.flags_lead($1, $2)",
};

/* Lets somebody else lead. */
const struct pg_stmt FLAGS_RESIGN = {
    .name = "FLAGS_RESIGN",
    .sql = "select pg_advisory_unlock_all()",
};

/* $1 epoch, $2 seq, $3 limit: the flags after that id, in order: epoch, seq, place, function,
 * payload, was published before. */
const struct pg_stmt FLAGS_NEXT = {
    .name = "FLAGS_NEXT",
    .sql = "select epoch, seq, place, function, payload, published_at is not null from "
	   "crisiscover.flag "
	   "where (epoch, seq) > ($1::integer, $2::bigint) order by epoch, seq limit $3",
};

/* $1 epoch, $2 seq: everything up to this id is in Redis. */
const struct pg_stmt FLAGS_MARK = {
    .name = "FLAGS_MARK",
    .sql = "select crisiscover.flags_mark($1, $2)",
};
