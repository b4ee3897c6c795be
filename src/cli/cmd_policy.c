/* cmd_policy.c - aval policy validate FILE: everything that is wrong with a policy, before it
 * decides. */
#include "cli/cmd.h"

#include "base/file.h"
#include "cli/cli.h"
#include "crypto/digest.h"
#include "decide/policy.h"

#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#define USAGE "validate FILE"

enum { POLICY_ARENA_MAX = 4 * 1024 * 1024 };

static int report(const char *file, struct str text, struct arena *arena)
{
    struct policy *policy = NULL;
    struct error err = {{0}, {0}};
    struct violations *violations = arena_new(arena, struct violations);
    CHECK(violations != NULL);
    violations_init(violations, arena);
    enum status status = policy_read(&policy, text, violations, &err);
    if (status == STATUS_OK) {
        struct digest digest = digest_of(text);
        char hex[DIGEST_HEX_LEN + 1];
        digest_hex(hex, &digest);
        (void)printf("%s: valid: %.*s version %.*s, sha256 %s\n", file, STR_ARGS(policy->id),
                     STR_ARGS(policy->version), hex);
        policy_destroy(policy);
        return EX_OK;
    }
    for (uint32_t i = 0; i < violations->count; i++) {
        const struct violation *v = &violations->items[i];
        (void)fprintf(stderr, "%s: %.*s: %.*s%s%.*s\n", file, STR_ARGS(v->pointer),
                      STR_ARGS(v->detail), v->expected.len > 0 ? " Expected: " : "",
                      STR_ARGS(v->expected));
    }
    return violations->count > 0 ? EX_DATAERR : cli_fail("policy", status, &err);
}

int cmd_policy(int argc, char **argv)
{
    struct buf text;
    struct arena arena;
    struct error err = {{0}, {0}};
    if (argc != 3 || strcmp(argv[1], "validate") != 0) {
        return cli_usage("policy", USAGE);
    }
    enum status status = file_read(&text, argv[2], POLICY_LEN_MAX, &err);
    if (status != STATUS_OK) {
        return cli_fail("policy", status, &err);
    }
    arena_init(&arena, POLICY_ARENA_MAX);
    int code = report(argv[2], buf_str(&text), &arena);
    arena_finish(&arena);
    buf_finish(&text);
    return code;
}
