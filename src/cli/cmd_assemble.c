/* cmd_assemble.c - aval train assemble: several models to one bundle. */
#include "cli/cmd.h"

#include "base/file.h"
#include "cli/cli.h"
#include "crypto/digest.h"
#include "score/model.h"
#include "train/assemble.h"

#include <getopt.h>

#define USAGE "assemble RECIPE --out BUNDLE"

int cmd_assemble(int argc, char **argv)
{
    static const struct option options[] = {
        {"out", required_argument, NULL, 'o'},
        {NULL,  0,                 NULL, 0  },
    };
    const char *out = NULL;
    int option;
    while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
        if (option != 'o') {
            return cli_usage("train", USAGE);
        }
        out = optarg;
    }
    if (optind + 1 != argc || out == NULL) {
        return cli_usage("train", USAGE);
    }
    struct error err = {{0}, {0}};
    CLEANUP(buf_finish) struct buf bundle;
    CLEANUP(buf_finish) struct buf answer;
    buf_init(&bundle, MODEL_LEN_MAX);
    buf_init(&answer, 4096);
    enum status status = assemble(&bundle, argv[optind], &err);
    if (status == STATUS_OK) {
        status = file_write(out, buf_str(&bundle), 0644, &err);
    }
    if (status != STATUS_OK) {
        return cli_fail("train", status, &err);
    }
    struct digest digest = digest_of(buf_str(&bundle));
    char hex[DIGEST_HEX_LEN + 1];
    digest_hex(hex, &digest);
    buf_printf(&answer, "%s  %s\n", hex, out);
    return cli_print(buf_str(&answer));
}
