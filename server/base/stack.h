/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * From here on SIGABRT logs the stack of this process before it ends it: one line of the log, event "stack", whose
 * member "frames" has what backtrace_symbols_fd(3) writes, the innermost first. `addr2line -f -e PROGRAM OFFSET`
 * turns "PROGRAM(+OFFSET)" into a function and a line. ${role} is the one of log_open(). No core is dumped: it
 * would have names and numbers of people.
 *
 * Children are not affected: in them SIGABRT does what it did without this.
 */
void stack_on_abort(const char *role);
