/* SPDX-License-Identifier: MIT */
#pragma once

#include <stddef.h>

/* The files of starter_packs/, made part of the program by the build. Internal to starter_pack.c. */
struct starter_pack_file {
	const char *code; /* the file's name without ".json" */
	const char *bytes;
	size_t len;
};

extern const struct starter_pack_file starter_pack_files[];
extern const size_t starter_pack_nfiles;
