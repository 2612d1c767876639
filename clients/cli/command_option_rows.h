/* SPDX-License-Identifier: MIT */
#pragma once

/* Rows of options that many commands have, with the same sentence everywhere. Only for command_options*.c. */
#define JSON_ROW                                                                                   \
	{                                                                                          \
		"--json", "print the server's answer as JSON, for programs"                        \
	}
#define CSV_ROW                                                                                    \
	{                                                                                          \
		"--csv", "print the list as CSV, for spreadsheets"                                 \
	}
