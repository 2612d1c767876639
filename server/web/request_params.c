/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "server/base/fatal.h"
#include "server/web/conn.h"

/* The values within a target that the gate has accepted: parameters of the query and of the path. */

/* Decodes one name or value in place. Decoding never makes text longer. */
static struct gate_span
decode_here(char *in, size_t at, size_t end)
{
	return (struct gate_span){
	    (uint16_t)at, (uint16_t)gate_decode(in + at, in + at, end - at, true)};
}

/* The gate has bounded the number of parameters (GATE_QUERY_MAX), so that the array has room. */
void
request_split_query(struct conn *conn)
{
	struct web_exchange *exchange = &conn->exchange;
	size_t at = exchange->head.query.at, end = at + exchange->head.query.len;

	exchange->query_count = 0;
	while (at < end) {
		const char *amp = memchr(conn->in + at, '&', end - at);
		size_t stop = amp == NULL ? end : (size_t)(amp - conn->in);
		const char *equals = memchr(conn->in + at, '=', stop - at);
		size_t name_end = equals == NULL ? stop : (size_t)(equals - conn->in);
		size_t value_at = equals == NULL ? stop : name_end + 1;

		if (stop > at)
			exchange->query[exchange->query_count++] = (struct query_pair){
			    .name = decode_here(conn->in, at, name_end),
			    .value = decode_here(conn->in, value_at, stop),
			};
		at = stop + 1;
	}
}

/* Parameters with escapes get bytes of their own: the path stays as it was sent. */
void
request_decode_params(struct web_exchange *exchange)
{
	size_t used = 0;

	for (unsigned i = 0; i < exchange->found.param_count; i++) {
		struct slice *value = &exchange->found.params[i].value;

		if (memchr(value->at, '%', value->len) == NULL)
			continue;
		if (exchange->decoded == NULL)
			exchange->decoded = xmalloc(exchange->head.path.len);
		value->len = gate_decode(exchange->decoded + used, value->at, value->len, false);
		value->at = exchange->decoded + used;
		used += value->len;
	}
}
