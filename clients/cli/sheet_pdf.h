/* SPDX-License-Identifier: MIT */
#pragma once

#include <jansson.h>

#include "server/base/text.h"

/*
 * Makes a PDF of the answer of GET /v1/sheet in ${out}: A4, with the letters in it (DejaVu Sans, of
 * fonts-dejavu-core), and "1 of 2" on each page where there are several. NULL if all is well, else
 * what is wrong, with the remedy (static memory).
 */
const char *sheet_pdf(struct buf *out, const json_t *answer);
