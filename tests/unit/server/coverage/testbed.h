/* SPDX-License-Identifier: MIT */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include <cmocka.h>

#include "server/base/status.h"
#include "tests/support/scratch.h"

/*
 * A scratch PostgreSQL with the tables and a small region, for one test program. In SQL, d(2,
 * '09:00') is 09:00 London time on the day after tomorrow; shift_put(rota, key, class, person,
 * start, end) writes a shift as feeds would, superseding the one of that key, and shift_end(rota,
 * key) takes it away; both mark the rota.
 *
 * The region: place P1, function amhp, people ann, bob, cyd; service S1 with rotas r1 (a calendar),
 * r2 and r3 (uploads), leave calendar leave. Requirement Q1 (one person, always); Q2 (two, on
 * weekdays from 9 to 17) where a test asks for it.
 */
int testbed_open(void **state);  /* group set-up: the server */
int testbed_close(void **state); /* group tear-down */
int testbed_clean(void **state); /* set-up of a test: fresh tables, the region applied, feeds good
				  and horizons far away */

struct scratch_postgres *testbed_postgres(void);

/* One value of ${sql}, a format; compared as text. */
void testbed_expect(const char *wanted, const char *sql, ...) __attribute__((format(printf, 2, 3)));
void testbed_sql(const char *sql, ...) __attribute__((format(printf, 1, 2)));
char *testbed_ask(const char *sql, ...) __attribute__((format(printf, 1, 2))); /* free() */
void testbed_until(const char *wanted, const char *sql, ...)
    __attribute__((format(printf, 2, 3))); /* within 60 s */

/* Runs cycles in this process, as the role's login, until nothing is to be done. Returns in how many
 * of them another process was faster. */
unsigned testbed_settle(void);
unsigned testbed_check_all(void); /* and a full self-check */

/* Settles, runs ${sql}, and then makes one run as after a hint: it does not check the sources' ages. */
void testbed_settle_then_hint(const char *sql);

/* One run in this process; its outcome. */
enum status testbed_run_once(void);

/* Starts a run in this process and drops it once it waits for a lock inside ${statement}. */
void testbed_drop_when_blocked(const char *statement);

/* The role as a process of its own. Killed with SIGKILL; asked to end, and its exit status. */
pid_t testbed_role_start(void);
void testbed_role_kill(pid_t *pid);
int testbed_role_stop(pid_t *pid);

/* Another session of the superuser that holds what ${sql} locks until it is let go. */
struct testbed_session;
struct testbed_session *testbed_hold(const char *sql);
void testbed_let_go(struct testbed_session *session);

/* Waits until a session of the role waits for a lock inside ${statement} (a part of its text). */
void testbed_until_blocked(const char *statement);

/* testbed_until_quiet waits until nothing is left to do, testbed_expect_quiet fails if anything is.
 * testbed_expect_sound checks the invariants of the outbox, the gaps and the spans, which hold at
 * any moment. */
void testbed_expect_quiet(void);
void testbed_until_quiet(void);
void testbed_expect_sound(void);

/* Checks that the map is the result of a fresh sweep of the same shifts: sweeps it in a second
 * schema of tables. */
void testbed_expect_true_map(void);

/* The region file, with further requirements ("" or ",{…}") and Q1's count. Applied as the next
 * version. */
void testbed_apply_region(const char *more_requirements, int q1_count, bool with_q2);
