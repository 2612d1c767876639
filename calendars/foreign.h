/* SPDX-License-Identifier: MIT */
#pragma once

#include "calendars/faults.h"
#include "server/base/text.h"

/* Recognises the file of another program (a workbook, a PDF, a document) by its first bytes.
 * Returns the fault that refuses the file, or FAULT_NONE if it is no file that is known. */
enum fault foreign_file(struct slice bytes);
