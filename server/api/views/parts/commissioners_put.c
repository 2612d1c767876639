/* SPDX-License-Identifier: MIT */
#include "server/api/views/parts/commissioners_put.h"

#include <stdio.h>

#define SHARE_MAX 32
#define PER_CENT 100

static void
put_share(struct json_out *out, const struct region_commissioner *one)
{
	char text[SHARE_MAX];

	if (one->of == PER_CENT)
		snprintf(text, sizeof text, "%d %%", one->share);
	else if (one->of == 1)
		snprintf(text, sizeof text, "all");
	else
		snprintf(text, sizeof text, "%d/%d", one->share, one->of);
	out_text(out, "share", text);
}

void
commissioners_put(struct json_out *out, const struct region_requirement *requirement)
{
	out_array(out, "commissioners");
	for (uint32_t i = 0; i < requirement->ncommissioners; i++) {
		out_object(out, NULL);
		out_text(out, "commissioner", requirement->commissioners[i].who);
		put_share(out, &requirement->commissioners[i]);
		out_object_end(out);
	}
	out_array_end(out);
}
