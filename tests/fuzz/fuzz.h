/* SPDX-License-Identifier: MIT */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* libFuzzer's entry: one input. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);
