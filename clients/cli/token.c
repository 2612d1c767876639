/* crisiscover token: a new token for an account of the region. It is printed once and kept nowhere
 * but hashed. */
#include <stdio.h>

#include "clients/cli/command.h"
#include "clients/cli/options.h"
#include "clients/cli/server.h"
#include "clients/cli/show.h"

int
command_token(int argc, char **argv)
{
	const char *account = NULL, *fault;
	const struct option_row rows[] = {{NULL, NULL, NULL}};
	struct server_answer answer;
	struct buf path = {0};
	int status;

	fault = options_read(argc, argv, rows, &account, 1);
	if (fault != NULL || account == NULL)
		return command_refuse("token", fault != NULL ? fault : "for which account?");
	buf_add_text(&path, "/v1/accounts/");
	server_encode(&path, account);
	buf_add_text(&path, "/tokens");
	status = server_ask(
	    &(struct server_ask){
		.method = "POST", .path = path.at, .type = "application/json", .body = SLICE("{}")},
	    &answer);
	if (status == EXIT_FINE)
		printf("%s\n", show_text(answer.json, "token"));
	server_answer_free(&answer);
	buf_free(&path);
	return status;
}
