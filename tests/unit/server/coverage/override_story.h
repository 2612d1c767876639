/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdint.h>

/*
 * A random story of a calendar that changes its mind, with two overrides in it, of which the second rests on the first.
 * After each change the database's answer to where each of them is on, and where it is in dispute, is compared with an
 * implementation that paints hours on a strip. ${seed} decides the story; the test fails with it. Runs in the testbed of
 * testbed.h, in which a person "dee" must be.
 */
void override_story_tell(uint64_t seed);
