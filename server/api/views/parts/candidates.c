/* SPDX-License-Identifier: MIT */
#include "server/api/views/parts/candidates.h"

void
candidate_put(struct json_out *out, const struct region *region, uint32_t person)
{
	out_object(out, NULL);
	out_text(out, "id", region_person(region, person)->shown_id);
	out_text(out, "name", region_person(region, person)->name);
	out_object_end(out);
}

/* For a title that a person has to decide about: the people of the rota's directory whom its words
 * may mean, the likeliest first. */
void
candidates_put(struct json_out *out, const struct region *region,
    const struct rota_directory *directory, const char *words)
{
	struct rota_candidates found;

	rota_candidates(directory, words, &found);
	out_array(out, "candidates");
	for (uint32_t i = 0; i < found.count; i++)
		candidate_put(out, region, found.people[i]);
	out_array_end(out);
}
