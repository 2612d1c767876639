/* SPDX-License-Identifier: MIT */
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/readings.h"

/* A roster, the way of every upload: the first byte chooses the rota's options, the rest is
 * the body. */
int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	if (len > 0) {
		struct reading_options options = readings_options(READING_CSV, bytes[0]);

		readings_try(&options, (struct slice){(const char *)bytes + 1, len - 1});
	}
	return 0;
}
