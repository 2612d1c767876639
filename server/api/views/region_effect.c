#include "server/api/views/region_effect.h"

void
region_effect_put(struct json_out *out, const struct ask *ask, const struct region_put *put)
{
	(void)ask;
	out_object(out, "effect");
	region_said_put(out, &put->saids, &put->changes);
	out_object_end(out);
}
