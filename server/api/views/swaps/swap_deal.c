/* SPDX-License-Identifier: MIT */
#include "server/api/views/swaps/swap_deal.h"

#include <string.h>

#include "server/api/api_sql.h"
#include "server/api/views/parts/members.h"
#include "server/api/views/parts/on_rota.h"
#include "server/api/views/parts/plan_effect.h"

#define REASON_MAX_BYTES 400

void
swap_deal_read(struct ask *ask, const json_t *body, struct swap_deal *deal)
{
	deal->force = member_switch(ask, body, "force");
	deal->reason = member_line(ask, body, "reason", REASON_MAX_BYTES);
	if (deal->force && deal->reason == NULL)
		ask_fault(
		    ask, "$.reason", "is missing: say why a check that fails does not matter");
	/* Who takes the shift counts from the acceptance on. */
	if (deal->puts_on)
		on_rota_reason_check(ask, "$.reason", deal->reason);
}

void
swap_deal_named(const struct ask *ask, const struct swap_deal *deal)
{
	if (ask->account != NULL)
		ask_read(ask, deal->dry ? READ_SWAP_PLAN : READ_SWAPS, NULL, NULL, INSTANT_NONE);
}

/* -------------------------------------------------------------------------------- the checks */

/* What who takes shift ${nth} gives for it. */
static bool
given_for(const struct swap_terms *terms, uint32_t nth, struct roster_given *out)
{
	uint32_t other = 1 - nth;

	if (terms->sides.count < SWAP_SHIFTS_MAX)
		return false;
	*out = (struct roster_given){terms->sides.rotas[other], terms->times[other]};
	return true;
}

void
swap_deal_check(struct ask *ask, struct swap_deal *deal, bool receiver)
{
	const struct swap_sides *sides = &deal->terms.sides;

	deal->checks = (struct duty_checks){0};
	for (uint32_t i = 0; i < sides->count; i++) {
		struct roster_given given;
		struct duty_asked asked = {
		    .rota = sides->rotas[i],
		    .person = sides->takes[i],
		    .time = deal->terms.times[i],
		    .given = given_for(&deal->terms, i, &given) ? &given : NULL,
		    .seen = ask->account == NULL
				? receiver && i == 0
				: rights_knows_times(ask->region, ask->account, sides->takes[i]),
		};

		duty_checks_add(ask, &asked, &deal->checks);
	}
}

/* Who lacks the function would not count on the rota: no reason makes that cover. */
static bool
is_role(const struct duty_check *check)
{
	return strcmp(check->check, "role") == 0;
}

static bool
is_overruled(const struct swap_deal *deal, const struct duty_check *check)
{
	for (size_t i = 0; i < deal->terms.noverruled; i++)
		if (strcmp(deal->terms.overruled[i], check->check) == 0)
			return true;
	return false;
}

/* An offer is answered by who sees these; and who offers to take a shift in return has seen them when it was
 * offered. */
static bool
stops_unseen(const struct swap_deal *deal, const struct duty_check *check)
{
	return deal->id != 0 && check->person == deal->terms.sides.takes[0];
}

static bool
stops(const struct swap_deal *deal, const struct duty_check *check)
{
	if (check->verdict == DUTY_PASSED)
		return false;
	if (is_role(check))
		return true;
	/* What the asker may not see does not stop an offer: who answers it sees it. */
	if (deal->force || (check->verdict == DUTY_UNSEEN && !stops_unseen(deal, check)))
		return false;
	/* An offer overrules what it saw fail, and not what it could not see. */
	return !is_overruled(deal, check) || check->verdict == DUTY_UNSEEN;
}

/* Who may not overrule is told who may. */
static const char *
remedy(const struct swap_deal *deal, const struct duty_check *check)
{
	if (is_role(check))
		return "";
	return deal->may_force
		   ? " If it is meant, send it again with \"force\": true and a reason."
		   : " If it is meant, a manager of the rota accepts it with a reason. So may a manager of the one who takes the shift.";
}

const struct problem_more *
swap_deal_stopped(struct ask *ask, const struct swap_deal *deal)
{
	struct problem_more *more = arena_alloc(ask->arena, sizeof *more);
	VEC(struct problem_fault) faults = {0};

	for (size_t i = 0; i < deal->checks.count; i++) {
		const struct duty_check *check = &deal->checks.items[i];

		if (stops(deal, check))
			*VEC_PUSH(ask->arena, &faults) =
			    (struct problem_fault){is_role(check) ? "$.takes" : "$.force",
				arena_printf(ask->arena, "%s%s", check->text, remedy(deal, check))};
	}
	*more = (struct problem_more){.faults = faults.items, .nfaults = faults.count};
	return faults.count > 0 ? more : NULL;
}

const char *
swap_deal_stops(const struct ask *ask, const struct swap_deal *deal)
{
	for (size_t i = 0; i < deal->checks.count; i++)
		if (stops(deal, &deal->checks.items[i]))
			return arena_printf(ask->arena, "%s%s", deal->checks.items[i].text,
			    remedy(deal, &deal->checks.items[i]));
	return NULL;
}

size_t
swap_deal_failed(const struct ask *ask, const struct swap_deal *deal, const char ***names)
{
	const char **found = arena_array(ask->arena, deal->checks.count + 1, sizeof *found);
	size_t count = 0;

	for (size_t i = 0; i < deal->checks.count; i++) {
		const struct duty_check *check = &deal->checks.items[i];
		/* Two people may fail one check; the record has it once. */
		bool again = false;

		for (size_t j = 0; j < count; j++)
			again |= strcmp(found[j], check->check) == 0;
		if (!again && check->verdict == DUTY_FAILED && !is_role(check))
			found[count++] = check->check;
	}
	*names = found;
	return count;
}

bool
swap_deal_refused(struct job *job, const struct swap_deal *deal)
{
	const struct problem_more *more = swap_deal_stopped(&job->ask, deal);

	if (more == NULL)
		return false;
	/* The sentences have names. */
	swap_deal_named(&job->ask, deal);
	problem_reply_with(job->ask.exchange, 409,
	    "Something is against this swap. Look at errors for what it is.", more);
	job_end(job);
	return true;
}

/* -------------------------------------------------------------------------------- the preview */

/* From the first shift to the last, as far as memory reaches. */
static struct span_time
time_of(const struct ask *ask, const struct swap_terms *terms)
{
	struct span_time all = terms->times[0];

	for (uint32_t i = 1; i < terms->sides.count; i++) {
		if (terms->times[i].start < all.start)
			all.start = terms->times[i].start;
		if (terms->times[i].end > all.end)
			all.end = terms->times[i].end;
	}
	all = span_clip(all, ask->map->window);
	if (all.end < all.start)
		all.end = all.start;
	return all;
}

static size_t
rotas_of(const struct swap_terms *terms, uint32_t out[SWAP_SHIFTS_MAX])
{
	size_t count = 0;

	for (uint32_t i = 0; i < terms->sides.count; i++)
		if (i == 0 || terms->sides.rotas[i] != out[0])
			out[count++] = terms->sides.rotas[i];
	return count;
}

/* The effect on cover would reveal that somebody whom the asker does not speak for is on leave. */
static void
hide_leave(const struct ask *ask, const struct swap_terms *terms, struct snapshot *after)
{
	for (uint32_t i = 0; i < terms->sides.count; i++)
		if (!rights_knows_times(ask->region, ask->account, terms->sides.takes[i]))
			snapshot_hide_absences(after, terms->sides.takes[i]);
}

static void
on_tried(struct job *job, enum status st, const struct pg_rows *rows)
{
	const struct swap_deal *deal = job->data;
	const struct swap_terms *terms = &deal->terms;
	struct ask *ask = &job->ask;
	uint32_t rotas[SWAP_SHIFTS_MAX];
	struct plan plan = {.time = time_of(ask, terms), .rotas = rotas};
	struct json_out out = {0};

	swap_deal_named(ask, deal);
	if (st == STATUS_REFUSED) {
		job_refuse(job, 409, rows);
		return;
	}
	/* The rows are those after the acceptance, which was taken back. */
	plan.nrotas = rotas_of(terms, rotas);
	plan.organisation = ask->region->rotas[rotas[0]].organisation;
	plan.after = plan_with_rotas(ask->map, &(struct plan_rows){rows, rotas, plan.nrotas});
	hide_leave(ask, terms, plan.after);
	out_object(&out, NULL);
	out_bool(&out, "dry_run", true);
	swap_put_shifts(&out, ask, terms);
	duty_checks_put(&out, ask, &deal->checks);
	out_bool(&out, "stopped", swap_deal_stopped(ask, deal) != NULL);
	plan_put(&out, ask, &plan);
	out_object_end(&out);
	snapshot_unref(plan.after);
	ask_reply_with(ask, 200, &out, NULL);
	job_end(job);
}

void
swap_deal_try(struct job *job)
{
	const struct swap_deal *deal = job->data;
	const struct ask *ask = &job->ask;
	struct pg_args args = {0};

	/* An offer that there is not yet is tried by its terms. */
	if (deal->id == 0) {
		pg_null(&args);
		pg_text(&args, swap_terms_json(ask, &deal->terms));
	} else {
		pg_int8(&args, deal->id);
		pg_null(&args);
	}
	pg_text(&args, ask->account->name);
	pg_time(&args, ask->map->window.start);
	pg_time(&args, ask->map->window.end);
	job_call(job, &API_SWAP_TRY, &args, on_tried);
}
