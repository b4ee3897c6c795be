/* cmd.h - the commands: each reads its own arguments (argv[0] is its name) and returns an exit
 * code. */
#ifndef CLI_CMD_H
#define CLI_CMD_H

#include <stdbool.h>

int cmd_assemble(int argc, char **argv); /* of train */
int cmd_audit(int argc, char **argv);
int cmd_batch(int argc, char **argv);
int cmd_economy(int argc, char **argv);
int cmd_explain(int argc, char **argv);
int cmd_graph(int argc, char **argv);
int cmd_key(int argc, char **argv);
int cmd_model(int argc, char **argv);
bool cmd_model_watches(const char *verb); /* does cmd_model_watch() know it? */
int cmd_model_watch(int argc, char **argv);
int cmd_policy(int argc, char **argv);
int cmd_replay(int argc, char **argv);
int cmd_report(int argc, char **argv);
int cmd_score(int argc, char **argv);
int cmd_tenant(int argc, char **argv);
int cmd_train(int argc, char **argv);
int cmd_validate(int argc, char **argv);
int cmd_verify(int argc, char **argv);

#endif
