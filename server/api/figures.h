/* SPDX-License-Identifier: MIT */
#pragma once

/* Sets the figures of this api process (base/figures.h) that are kept elsewhere while it works: by the web server, the
 * snapshot, the audit. ${ctx} is its struct api. Called before they are filed or shown. */
void api_figures(void *ctx);
