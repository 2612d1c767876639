/* SPDX-License-Identifier: MIT */
#include "server/api/views/operations/metrics.h"

#include <string.h>

/* What is said of each process that ought to run. */
enum of_process {
	UP,    /* whether it lives */
	VALUE, /* ${figure}; a gauge of a process that does not live says nothing */
	AGE    /* a member of struct machine_process; -1 says nothing */
};

static const struct {
	const char *name;
	enum of_process what;
	enum figure figure; /* of VALUE */
	size_t age;         /* of AGE: where the member is */
	const char *help;
} process_rows[] = {
    {"role_up", UP, 0, 0, "1 for each process that lives; 0 for one that ought to and does not."},
    {"role_starts_total", VALUE, FIGURE_STARTS, 0,
	"How often a process of this role and number began."},
    {"role_beat_age_seconds", AGE, 0, offsetof(struct machine_process, beat_age_ms),
	"How long ago a process filed its figures; it does each second."},
    {"role_work_age_seconds", AGE, 0, offsetof(struct machine_process, work_age_ms),
	"How long ago the last step of its work was: the api's look, coverage's cycle, a publication, the feeds' look at the set-up."},
    {"role_done_age_seconds", AGE, 0, offsetof(struct machine_process, done_age_ms),
	"How long ago a look, cycle or publication last came to its end without a failure, or the process began."},
    {"loop_lag_milliseconds", VALUE, FIGURE_LOOP_LAG_MS, 0,
	"How late its event loop was recently."},
    {"database_connections_wanted", VALUE, FIGURE_DATABASE_WANTED, 0,
	"Connections to PostgreSQL that a process wants to have."},
    {"database_connections", VALUE, FIGURE_DATABASE_UP, 0, "Those that it has."},
    {"redis_connections_wanted", VALUE, FIGURE_REDIS_WANTED, 0,
	"Connections to Redis that a process wants to have."},
    {"redis_connections", VALUE, FIGURE_REDIS_UP, 0, "Those that it has."},
    {"schema_differed_age_seconds", AGE, 0, offsetof(struct machine_process, schema_age_ms),
	"How long ago a statement found another schema than it expects."},
};

static void
put_process(struct buf *out, size_t row, const struct machine_process *process)
{
	buf_printf(out, "crisiscover_%s{role=\"%s\",instance=\"%u\"}", process_rows[row].name,
	    process->figures.role, process->figures.instance);
}

static void
put_value(struct buf *out, size_t row, const struct machine_process *process)
{
	enum figure figure = process_rows[row].figure;

	if (!process->figures.known[figure] ||
	    (!process->up && figure_kind(figure) != FIGURE_COUNTER))
		return;
	put_process(out, row, process);
	buf_printf(out, " %lld\n", (long long)process->figures.values[figure]);
}

static void
put_age(struct buf *out, size_t row, const struct machine_process *process)
{
	int64_t age_ms;

	memcpy(&age_ms, (const char *)process + process_rows[row].age, sizeof age_ms);
	if (age_ms < 0)
		return;
	put_process(out, row, process);
	metrics_seconds(out, age_ms);
}

static void
put_of_process(struct buf *out, size_t row, const struct machine_process *process)
{
	switch (process_rows[row].what) {
	case UP:
		put_process(out, row, process);
		buf_printf(out, " %d\n", process->up);
		return;
	case VALUE:
		put_value(out, row, process);
		return;
	case AGE:
		put_age(out, row, process);
		return;
	}
}

void
metrics_put_processes(struct buf *out, const struct machine *machine)
{
	for (size_t row = 0; row < sizeof process_rows / sizeof *process_rows; row++) {
		bool counter = process_rows[row].what == VALUE &&
			       figure_kind(process_rows[row].figure) == FIGURE_COUNTER;

		metrics_head(out, process_rows[row].name, counter ? "counter" : "gauge",
		    process_rows[row].help);
		for (size_t i = 0; i < machine->count; i++)
			if (machine->processes[i].wanted)
				put_of_process(out, row, &machine->processes[i]);
	}
}
