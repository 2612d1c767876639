/* SPDX-License-Identifier: MIT */
#pragma once

#include "calendars/faults.h"
#include "server/base/text.h"

/* What ${bytes} are if they are the file of another program, by how it begins: a workbook, a PDF; a
 * fault that refuses it as that. FAULT_NONE: none that is known. */
enum fault foreign_file(struct slice bytes);
