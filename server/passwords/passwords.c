/* SPDX-License-Identifier: MIT */
/*
 * The passwords role computes the argon2id hash of a password, or whether a password matches one. One
 * hash takes tenths of a second and 64 MiB, so it must not run on the loop of a process that answers
 * requests; and however many people sign in at once, two are computed at a time.
 *
 * It is a zygote (server/sealed/zygote.h): each password is read by a sealed child into locked memory;
 * the child works, answers and exits. This process never sees a password. It reads no file and no
 * database, keeps nothing, and only the api asks it (server/sealed/password.h).
 *
 * If it dies, those who are signing in must try once more. Sessions are not affected.
 */
#include "server/passwords/passwords.h"

#include <sodium.h>
#include <stdlib.h>

#include "server/base/fatal.h"
#include "server/base/log.h"
#include "server/loop/loop.h"
#include "server/sealed/password.h"
#include "server/sealed/zygote.h"

static const struct sandbox_limits child_limits = {
    .request_max_bytes = PASSWORD_REQUEST_MAX,
    .answer_max_bytes = PASSWORD_ANSWER_MAX,
    .cpu_seconds = SANDBOX_SANITIZED ? 8 : 4,
    .memory_bytes = (size_t)256 << 20, /* 64 MiB of argon2id; the address space counts libraries */
    .secret = true,
};

int
passwords_main(const struct role_env *env)
{
	struct loop *loop = loop_new();
	struct zygote *zygote;

	role_signals(loop);
	role_figures(loop, env, NULL, NULL);
	if (sodium_init() < 0)
		fatal("could not start libsodium");
	zygote = zygote_open(loop, &(struct zygote_options){
				       .state_directory = env->config->state_directory,
				       .socket = PASSWORD_SOCKET,
				       .socket_mode = role_socket_mode(env->config),
				       .children = PASSWORD_CHILDREN,
				       .child_ms = PASSWORD_CHILD_MS,
				       .limits = child_limits,
				       .work = password_work,
				   });
	log_plain(LOG_INFO, "passwords_listening");
	role_reads_no_more(env);

	loop_run(loop);

	zygote_close(zygote);
	loop_free(loop);
	return EXIT_SUCCESS;
}
