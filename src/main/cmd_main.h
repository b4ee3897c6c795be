/* cmd_main.h - the commands that need the whole program wired. */
#ifndef MAIN_CMD_MAIN_H
#define MAIN_CMD_MAIN_H

int cmd_demo(int argc, char **argv);
int cmd_doctor(int argc, char **argv);
int cmd_routes(int argc, char **argv);
int cmd_serve(int argc, char **argv);

#endif
