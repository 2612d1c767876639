/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/api/ask/json_out.h"
#include "server/base/arena.h"
#include "server/map/protocols.h"

/* A protocol in an answer, in the same words wherever it is shown. Pure. */

/* Its members that everybody sees who may see its place: without who looks after it. ${today}: the local day. */
void protocol_put(struct json_out *out, const struct region *region,
    const struct kept_protocol *protocol, int64_t today);

/* Where the document is: the link, or the path of the PDF on this server. In ${arena}, or of ${protocol}. */
const char *protocol_href(struct arena *arena, const struct kept_protocol *protocol);
