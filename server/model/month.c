/* SPDX-License-Identifier: MIT */
#include "server/model/month.h"

#include <stdlib.h>

#include "server/base/vec.h"
#include "server/model/few.h"

/* ---------------------------------------------------------------------------------- hours and gaps */

static bool
is_in(struct span_time time, int64_t at)
{
	return at >= time.start && at < time.end;
}

static void
add_pieces(const struct month_facts *facts, struct month *month)
{
	for (size_t i = 0; i < facts->npieces; i++) {
		const struct month_piece *piece = &facts->pieces[i];
		struct span_time time =
		    span_clip((struct span_time){piece->start, piece->end}, facts->counted);
		int64_t seconds = span_is_empty(time) ? 0 : time.end - time.start;

		month->functions[piece->function].any = true;
		month->functions[piece->function].seconds[piece->state] += seconds;
		month->total.seconds[piece->state] += seconds;
	}
}

static void
add_gap(struct month_row *row, const struct month_gap *gap)
{
	row->any = true;
	if (gap->unknown) {
		row->unknowns++;
		row->unknowns_ahead += gap->ahead;
	} else {
		row->gaps++;
		row->gaps_ahead += gap->ahead;
	}
}

/* ------------------------------------------------------------------------------------------- calls */

static void
add_call(struct month_row *row, enum report_outcome outcome)
{
	row->any = true;
	row->calls.value++;
	row->answered.value += outcome == REPORT_REACHED || outcome == REPORT_DECLINED;
	row->wrong_person.value += outcome == REPORT_WRONG_PERSON;
	row->no_answer.value += outcome == REPORT_NO_ANSWER;
}

static void
add_calls(const struct month_facts *facts, struct month *month)
{
	for (size_t i = 0; i < facts->ncalls; i++) {
		const struct month_call *call = &facts->calls[i];

		if (!is_in(facts->counted, call->at))
			continue;
		month->functions[call->function].any = true;
		add_call(&month->services[call->service], call->outcome);
		add_call(&month->total, call->outcome);
	}
}

/* ---------------------------------------------------------------------------------------- searches */

typedef VEC(uint32_t) durations;

/* The search of one function that is going on. */
struct search {
	bool open;
	int64_t begun, last;
};

struct searches {
	const struct month_facts *facts;
	struct arena *arena;
	struct month *month;
	struct search *going; /* by function */
	durations *found;     /* by function, and one more for all */
};

/* A search that is still going on says nothing yet. */
static void
close_search(struct searches *all, uint32_t function, bool found)
{
	struct search *search = &all->going[function];
	uint32_t lasted = (uint32_t)(search->last - search->begun);

	search->open = false;
	if (!is_in(all->facts->counted, search->begun))
		return;
	if (!found && search->last + MONTH_SEARCH_ENDS_SECONDS > all->facts->now)
		return;
	all->month->functions[function].searches.value++;
	all->month->total.searches.value++;
	if (!found)
		return;
	all->month->functions[function].found.value++;
	all->month->total.found.value++;
	*VEC_PUSH(all->arena, &all->found[function]) = lasted;
	*VEC_PUSH(all->arena, &all->found[all->facts->nfunctions]) = lasted;
}

static void
take_call(struct searches *all, const struct month_call *call)
{
	struct search *search = &all->going[call->function];

	if (search->open && call->at - search->last >= MONTH_SEARCH_ENDS_SECONDS)
		close_search(all, call->function, false);
	if (!search->open)
		*search = (struct search){true, call->at, call->at};
	search->last = call->at;
	if (call->outcome == REPORT_REACHED)
		close_search(all, call->function, true);
}

static int
by_value(const void *left, const void *right)
{
	const uint32_t *a = left, *b = right;

	return (*a > *b) - (*a < *b);
}

/* The least value that ${percent} of the sorted ${values} do not exceed. */
static uint32_t
rank(const durations *values, unsigned percent)
{
	return values->items[(values->count * percent + 99) / 100 - 1];
}

/* A median of fewer searches than may be told of, and the 90th percentile of fewer than twice as many, would be the time of one
 * search, which somebody may know again. */
static void
put_ranks(struct month_row *row, durations *values)
{
	if (row->found.hidden || values->count == 0)
		return;
	qsort(values->items, values->count, sizeof *values->items, by_value);
	row->median_seconds = rank(values, 50);
	if (values->count >= 2 * FEW_LEAST)
		row->p90_seconds = rank(values, 90);
}

/* ---------------------------------------------------------------------------------- what is not shown */

/* Whether the calls of a function and a service (MONTH_NONE: of all) were to people, and to fewer of them than may be told
 * of. */
static bool
few_people(
    struct arena *arena, const struct month_facts *facts, uint32_t function, uint32_t service)
{
	uint32_t *seen = arena_array(arena, FEW_PEOPLE, sizeof *seen), people = 0;

	for (size_t i = 0; i < facts->ncalls && people < FEW_PEOPLE; i++) {
		const struct month_call *call = &facts->calls[i];
		uint32_t j = 0;

		if (call->person == MONTH_NONE ||
		    (function != MONTH_NONE && call->function != function) ||
		    (service != MONTH_NONE && call->service != service) ||
		    !is_in(facts->counted, call->at))
			continue;
		while (j < people && seen[j] != call->person)
			j++;
		if (j == people)
			seen[people++] = call->person;
	}
	return few_is(people, FEW_PEOPLE);
}

/* A count of a row and a part of it, as offsets of a struct month_count. */
struct columns {
	size_t whole, part;
};

static struct month_count *
count_at(struct month_row *row, size_t offset)
{
	return (struct month_count *)((char *)row + offset);
}

static struct few_line
line_of(struct month_row *row, const struct columns *columns)
{
	struct month_count *whole = count_at(row, columns->whole),
			   *part = count_at(row, columns->part);

	return (struct few_line){NULL, whole->value, part->value, whole->hidden, part->hidden};
}

static void
take_line(struct month_row *row, const struct columns *columns, const struct few_line *line)
{
	count_at(row, columns->whole)->hidden = line->hides_whole;
	count_at(row, columns->part)->hidden = line->hides_part;
}

static void
hide(struct arena *arena, const struct month_table *table, const struct columns *columns,
    uint32_t least)
{
	struct month_row *rows = table->rows, *total = table->total;
	uint32_t nrows = table->nrows;
	struct few_line *lines = arena_array(arena, nrows + 1, sizeof *lines);

	for (uint32_t i = 0; i < nrows; i++) {
		lines[i] = line_of(&rows[i], columns);
		lines[i].name = table->names != NULL ? table->names[i] : NULL;
	}
	lines[nrows] = line_of(total, columns);
	few_hide(&(struct few_table){lines, nrows, &lines[nrows]}, least);
	for (uint32_t i = 0; i < nrows; i++)
		take_line(&rows[i], columns, &lines[i]);
	take_line(total, columns, &lines[nrows]);
}

static struct month_row *
row_at(const struct month_table *table, uint32_t i)
{
	return i < table->nrows ? &table->rows[i] : table->total;
}

/* Two tables of counts, one after the other: calls, of which a part was answered; and what was not answered, of which a part
 * reached a wrong person. The second can be worked out wherever both counts of the first are shown, so that it is hidden where
 * they are, and then by its own parts. */
void
month_hide_calls(struct arena *arena, const struct month_table *table, uint32_t least)
{
	static const struct columns calls = {offsetof(struct month_row, calls),
					offsetof(struct month_row, answered)},
				    rest = {offsetof(struct month_row, no_answer),
					offsetof(struct month_row, wrong_person)};

	hide(arena, table, &calls, least);
	for (uint32_t i = 0; i <= table->nrows; i++) {
		struct month_row *row = row_at(table, i);

		row->no_answer = (struct month_count){
		    row->calls.value - row->answered.value, row->answered.hidden};
	}
	hide(arena, table, &rest, least);
	for (uint32_t i = 0; i <= table->nrows; i++) {
		struct month_row *row = row_at(table, i);

		row->no_answer.value -= row->wrong_person.value;
		row->no_answer.hidden = row->wrong_person.hidden;
	}
}

static void
hide_calls(struct arena *arena, const struct month_facts *facts, struct month *month)
{
	for (uint32_t i = 0; i < facts->nservices; i++)
		month->services[i].calls.hidden = few_people(arena, facts, MONTH_NONE, i);
	month->total.calls.hidden = few_people(arena, facts, MONTH_NONE, MONTH_NONE);
	month_hide_calls(arena,
	    &(struct month_table){
		month->services, facts->nservices, &month->total, facts->services},
	    FEW_LEAST);
}

/* Searches are made of calls: nothing is told of them that would tell of calls that are not shown. */
static void
hide_searches(struct arena *arena, const struct month_facts *facts, struct month *month)
{
	static const struct columns columns = {
	    offsetof(struct month_row, searches), offsetof(struct month_row, found)};

	for (size_t i = 0; i < facts->ncalls; i++) {
		const struct month_row *service = &month->services[facts->calls[i].service];
		struct month_row *function = &month->functions[facts->calls[i].function];

		if (!is_in(facts->counted, facts->calls[i].at))
			continue;
		function->searches.hidden |= service->calls.hidden;
		function->found.hidden |= service->answered.hidden;
	}
	for (uint32_t i = 0; i < facts->nfunctions; i++)
		month->functions[i].searches.hidden |= few_people(arena, facts, i, MONTH_NONE);
	month->total.searches.hidden = month->total.calls.hidden;
	month->total.found.hidden = month->total.answered.hidden;
	hide(arena,
	    &(struct month_table){
		month->functions, facts->nfunctions, &month->total, facts->functions},
	    &columns, FEW_LEAST);
}

/* ------------------------------------------------------------------------------------------- month */

static struct month_row *
rows_of(struct arena *arena, uint32_t count)
{
	struct month_row *rows = arena_array(arena, count, sizeof *rows);

	for (uint32_t i = 0; i < count; i++)
		rows[i] = (struct month_row){.function = MONTH_NONE,
		    .service = MONTH_NONE,
		    .median_seconds = MONTH_NONE,
		    .p90_seconds = MONTH_NONE};
	return rows;
}

static void
add_searches(struct searches *all)
{
	for (size_t i = 0; i < all->facts->ncalls; i++)
		take_call(all, &all->facts->calls[i]);
	for (uint32_t i = 0; i < all->facts->nfunctions; i++)
		if (all->going[i].open)
			close_search(all, i, false);
}

struct month
month_of(struct arena *arena, const struct month_facts *facts)
{
	struct month month = {rows_of(arena, facts->nfunctions), rows_of(arena, facts->nservices),
	    *rows_of(arena, 1)};
	struct searches all = {facts, arena, &month,
	    arena_array(arena, facts->nfunctions, sizeof *all.going),
	    arena_array(arena, facts->nfunctions + 1, sizeof *all.found)};

	for (uint32_t i = 0; i < facts->nfunctions; i++)
		month.functions[i].function = i;
	for (uint32_t i = 0; i < facts->nservices; i++) {
		month.services[i].function = facts->function_of[i];
		month.services[i].service = i;
	}
	add_pieces(facts, &month);
	for (size_t i = 0; i < facts->ngaps; i++) {
		add_gap(&month.functions[facts->gaps[i].function], &facts->gaps[i]);
		add_gap(&month.total, &facts->gaps[i]);
	}
	add_calls(facts, &month);
	add_searches(&all);
	hide_calls(arena, facts, &month);
	hide_searches(arena, facts, &month);
	for (uint32_t i = 0; i < facts->nfunctions; i++)
		put_ranks(&month.functions[i], &all.found[i]);
	put_ranks(&month.total, &all.found[facts->nfunctions]);
	month.total.any = true;
	return month;
}

int
month_percent(struct month_count part, struct month_count whole)
{
	if (part.hidden || whole.hidden || whole.value == 0)
		return -1;
	return (int)(((uint64_t)part.value * 200 + whole.value) / (2 * (uint64_t)whole.value));
}
