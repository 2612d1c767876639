/* SPDX-License-Identifier: MIT */
#include "server/api/views/coverage/coverage_commissioners.h"

#include <string.h>

#include "server/base/vec.h"
#include "server/model/commissioners.h"

static struct commissioner_figure *
figure_of(struct arena *arena, struct commissioner_figures *figures, const char *who)
{
	struct commissioner_figure *made;

	for (size_t i = 0; i < figures->count; i++)
		if (strcmp(figures->items[i].who, who) == 0)
			return &figures->items[i];
	made = VEC_PUSH(arena, figures);
	*made = (struct commissioner_figure){.who = who};
	return made;
}

void
commissioner_figures_add(struct arena *arena, struct commissioner_figures *figures,
    const struct region_requirement *requirement, const int64_t seconds[COVER_STATES], size_t gaps)
{
	for (uint32_t i = 0; i < requirement->ncommissioners; i++) {
		struct commissioner_figure *figure =
		    figure_of(arena, figures, requirement->commissioners[i].who);

		figure->lines++;
		figure->gaps += (int64_t)gaps;
	}
	for (int state = 0; state < COVER_STATES; state++) {
		int64_t parts[REGION_COMMISSIONERS_MAX];

		commissioners_divide(requirement, seconds[state], parts);
		for (uint32_t i = 0; i < requirement->ncommissioners; i++) {
			struct commissioner_figure *figure =
			    figure_of(arena, figures, requirement->commissioners[i].who);

			figure->whole[state] += seconds[state];
			figure->share[state] += parts[i];
		}
	}
}

void
coverage_hours_put(struct json_out *out, const int64_t seconds[COVER_STATES])
{
	for (int i = 0; i < COVER_STATES; i++)
		out_hours(out, cover_state_name((enum cover_state)i), seconds[i]);
}

void
commissioner_figures_put(struct json_out *out, const struct commissioner_figures *figures)
{
	out_array(out, "totals_by_commissioner");
	for (size_t i = 0; i < figures->count; i++) {
		const struct commissioner_figure *figure = &figures->items[i];

		out_object(out, NULL);
		out_text(out, "commissioner", figure->who);
		out_int(out, "requirements", figure->lines);
		out_int(out, "gaps", figure->gaps);
		out_object(out, "hours");
		coverage_hours_put(out, figure->whole);
		out_object_end(out);
		out_object(out, "share");
		coverage_hours_put(out, figure->share);
		out_object_end(out);
		out_object_end(out);
	}
	out_array_end(out);
}
