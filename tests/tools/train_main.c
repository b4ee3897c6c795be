/* train_main.c - `train` and `validate` as a program of their own, for figures without the server.
 */
#include "cli/cmd.h"

#include <stdio.h>
#include <string.h>
#include <sysexits.h>

int main(int argc, char **argv)
{
    if (argc >= 2 && strcmp(argv[1], "train") == 0) {
        return cmd_train(argc - 1, argv + 1);
    }
    if (argc >= 2 && strcmp(argv[1], "validate") == 0) {
        return cmd_validate(argc - 1, argv + 1);
    }
    (void)fprintf(stderr, "usage: %s train|validate ...\n", argv[0]);
    return EX_USAGE;
}
