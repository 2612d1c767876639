#pragma once

/* Uploads ${file} for ${rota} with ?apply=${mode} ("ask", "if-safe", "now"). Exit codes as ever;
 * the import's id in ${id}. */
int upload(const char *rota, const char *file, const char *mode, long long *id);
