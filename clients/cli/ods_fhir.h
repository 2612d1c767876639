/* SPDX-License-Identifier: MIT */
#pragma once

#include "clients/cli/ods_list.h"
#include "server/base/text.h"

/* The FHIR part of ods_read(). */
const char *ods_read_fhir(struct ods *ods, struct slice text);
