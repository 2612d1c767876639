/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/feeds/feeds_env.h"

/* When the archive of the write-ahead log last took a segment, for operators (base/figures.h): asked twice a minute. */
struct archive;
struct archive *archive_new(const struct feeds_env *env);
void archive_free(struct archive *archive);
