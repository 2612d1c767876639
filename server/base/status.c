/* SPDX-License-Identifier: MIT */
#include "server/base/status.h"

const char *
status_name(enum status st)
{
	/* Without a default, so that the compiler names this place when a status is added. */
	switch (st) {
	case STATUS_OK:
		return "ok";
	case STATUS_AGAIN:
		return "again";
	case STATUS_REFUSED:
		return "refused";
	case STATUS_MALFORMED:
		return "malformed";
	case STATUS_LIMIT:
		return "limit";
	case STATUS_GONE:
		return "gone";
	}
	return "unknown";
}
