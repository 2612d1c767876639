/* SPDX-License-Identifier: MIT */
#pragma once

#include "calendars/faults.h"
#include "server/base/text.h"

/* Recognises the file of another program (a workbook, a PDF, a document) by its first bytes.
 * Returns the fault that refuses the file, or FAULT_NONE if it is no file that is known. What a zip archive
 * is only its parts tell (workbook/workbook.h); here it is FAULT_WORKBOOK. */
enum fault foreign_file(struct slice bytes);

/* What a file is that begins with "<": a web page, or a table that a program wrote as HTML or XML. */
enum fault foreign_markup(struct slice bytes);
