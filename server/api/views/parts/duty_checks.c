/* SPDX-License-Identifier: MIT */
#include "server/api/views/parts/duty_checks.h"

#include "server/api/views/parts/on_rota.h"
#include "server/model/approval.h"
#include "server/model/stand_in.h"

/* One check while it is made. */
struct checking {
	struct ask *ask;
	const struct duty_asked *asked;
	struct duty_checks *out;
};

static void
add(const struct checking *checking, const char *check, enum duty_verdict verdict, const char *text)
{
	*VEC_PUSH(checking->ask->arena, checking->out) =
	    (struct duty_check){check, checking->asked->person, verdict, text};
}

static void
judge(const struct checking *checking, const char *check, bool failed, const char *text)
{
	add(checking, check, failed ? DUTY_FAILED : DUTY_PASSED, failed ? text : NULL);
}

static const char *
name_of(const struct ask *ask, uint32_t person)
{
	return region_person(ask->region, person)->name;
}

/* The first requirement that the rota supplies and for which the person is not approved in all of the
 * time. REGION_NONE: none. */
static uint32_t
not_approved_for(const struct checking *checking)
{
	const struct ask *ask = checking->ask;
	const struct region *region = ask->region;
	const struct region_list *supplied;

	for (uint32_t i = 0; i < region->ndemands; i++) {
		struct approval_wanted wanted = {region, ask->map->setup->zone,
		    &region->requirements[region->demands[i].requirement]};
		bool supplies = false;

		supplied = &region->demands[i].rotas;
		for (uint32_t j = 0; j < supplied->count && !supplies; j++)
			supplies = supplied->items[j] == checking->asked->rota;
		if (supplies && approval_matters(region, i) &&
		    !approval_covers(
			ask->arena, &wanted, checking->asked->person, checking->asked->time))
			return region->demands[i].requirement;
	}
	return REGION_NONE;
}

static void
check_approval(const struct checking *checking)
{
	const struct ask *ask = checking->ask;
	uint32_t requirement = not_approved_for(checking);

	judge(checking, "approval", requirement != REGION_NONE,
	    requirement == REGION_NONE
		? NULL
		: arena_printf(ask->arena,
		      "%s is not approved for all of that time, so would not count for %s.",
		      name_of(ask, checking->asked->person),
		      ask->region->requirements[requirement].id));
}

/* The same answer whether or not something is against it. */
static void
add_unseen(const struct checking *checking)
{
	static const char *const kinds[] = {"double_booking", "rest", "leave"};
	const struct ask *ask = checking->ask;
	const char *text = arena_printf(ask->arena,
	    "Is not seen here: %s, or a manager of the same organisation, sees it.",
	    name_of(ask, checking->asked->person));

	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		add(checking, kinds[i], DUTY_UNSEEN, text);
}

static void
check_times(const struct checking *checking)
{
	struct ask *ask = checking->ask;
	const struct duty_asked *asked = checking->asked;
	const char *name = name_of(ask, asked->person);
	struct stand_in_person who = {.person = asked->person, .name = name};
	struct stand_in_asked stand_in = {
	    .time = asked->time,
	    .shifts = roster_near(ask->arena, ask->map, asked->person, asked->time, asked->given),
	    .absences = snapshot_absences(ask->map),
	};
	unsigned against = stand_in_against(&stand_in, &who);

	judge(checking, "double_booking", (against & STAND_IN_ON) != 0,
	    arena_printf(ask->arena, "%s is on another shift at some of that time.", name));
	judge(checking, "rest", (against & STAND_IN_UNRESTED) != 0,
	    arena_printf(ask->arena, "%s would not have 11 hours off before and after it.", name));
	judge(checking, "leave", (against & STAND_IN_AWAY) != 0,
	    arena_printf(ask->arena, "%s is away at some of that time.", name));
}

void
duty_checks_add(struct ask *ask, const struct duty_asked *asked, struct duty_checks *out)
{
	struct checking checking = {ask, asked, out};
	const char *objection = on_rota_objection(ask, asked->rota, asked->person);

	judge(&checking, "role", objection != NULL,
	    objection == NULL ? NULL : arena_printf(ask->arena, "%s.", objection));
	/* Without the function there is nothing to be approved for. */
	if (objection == NULL)
		check_approval(&checking);
	if (asked->seen)
		check_times(&checking);
	else
		add_unseen(&checking);
}

void
duty_checks_put(struct json_out *out, const struct ask *ask, const struct duty_checks *checks)
{
	out_array(out, "checks");
	for (size_t i = 0; i < checks->count; i++) {
		const struct duty_check *check = &checks->items[i];

		out_object(out, NULL);
		out_text(out, "check", check->check);
		out_text(out, "person", region_person(ask->region, check->person)->shown_id);
		if (check->verdict == DUTY_UNSEEN)
			out_null(out, "passed");
		else
			out_bool(out, "passed", check->verdict == DUTY_PASSED);
		out_text(out, "text", check->text);
		out_object_end(out);
	}
	out_array_end(out);
}
