#pragma once

/* Uploads ${file} for ${rota} with ?apply=${mode} ("ask", "if-safe", "now"). ${patience_ms} as in
 * struct server_ask: for a rota that was applied a moment ago. Exit codes as ever; the import's id
 * in
 * ${id}. */
int upload(
    const char *rota, const char *file, const char *mode, unsigned patience_ms, long long *id);
