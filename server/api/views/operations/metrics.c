/* SPDX-License-Identifier: MIT */
#include "server/api/views/operations/metrics.h"

#include <stdlib.h>

void
metrics_head(struct buf *out, const char *name, const char *type, const char *help)
{
	buf_printf(
	    out, "# HELP crisiscover_%s %s\n# TYPE crisiscover_%s %s\n", name, help, name, type);
}

void
metrics_one(struct buf *out, const char *name, const char *help, int64_t value)
{
	metrics_head(out, name, "gauge", help);
	buf_printf(out, "crisiscover_%s %lld\n", name, (long long)value);
}

void
metrics_seconds(struct buf *out, int64_t ms)
{
	buf_printf(out, " %s%lld.%03lld\n", ms < 0 ? "-" : "", llabs(ms) / 1000, llabs(ms) % 1000);
}
