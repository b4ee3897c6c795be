/* test_golden_decisions.c - the bodies this engine has given before, byte for byte.
 *
 *   test_golden_decisions DIR           compare: every body is what it was
 *   test_golden_decisions DIR --write   write the bodies down; read them before committing
 *
 * DIR holds model.json, policy.json and decisions.jsonl: a request on one line, its body on the
 * next. */
#include "base/file.h"
#include "service/assess.h"
#include "service/decide.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { GOLDEN_LEN_MAX = 16 * 1024 * 1024, GOLDEN_ARENA_MAX = 64 * 1024 * 1024 };

static const char *dir;
static char decisions_path[512];
static struct in_force in_force;

static void load(void)
{
    char model[512], policy[512];
    const char *policies[] = {policy};
    struct error err = {{0}, {0}};
    (void)snprintf(model, sizeof model, "%s/model.json", dir);
    (void)snprintf(policy, sizeof policy, "%s/policy.json", dir);
    (void)snprintf(decisions_path, sizeof decisions_path, "%s/decisions.jsonl", dir);
    if (in_force_load(&in_force, model, policies, 1, &err) != STATUS_OK) {
        fail_msg("%s: %s", err.field, err.message);
    }
}

/* The body of a request that names its own as_of: the day of the run cannot matter. */
static void body_of(struct buf *out, struct str request)
{
    struct arena arena;
    struct json_error json_err;
    struct error err = {{0}, {0}};
    struct assessment assessment = {0};
    const struct json *root;
    const struct date today = {2026, 11, 22};
    arena_init(&arena, GOLDEN_ARENA_MAX);
    struct violations *violations = arena_new(&arena, struct violations);
    violations_init(violations, &arena);
    if (request_parse(&root, request, &arena, &json_err, &err) != STATUS_OK ||
        assess(&assessment, root, today, &in_force, &arena, violations, &err) != STATUS_OK) {
        fail_msg("%.60s...: %s", request.ptr, err.message);
    }
    buf_append(out, buf_str(&assessment.body));
    assessment_finish(&assessment);
    arena_finish(&arena);
}

/* Cut the next line off `rest`. */
static struct str line_of(struct str *rest)
{
    size_t end = str_find(*rest, 0, '\n');
    struct str line = str_slice(*rest, 0, end);
    *rest = str_slice(*rest, end < rest->len ? end + 1 : end, rest->len);
    return line;
}

static void gives_the_bodies_it_has_given_before(void **state)
{
    struct buf text, body;
    struct error err;
    unsigned count = 0;
    (void)state;
    assert_int_equal(file_read(&text, decisions_path, GOLDEN_LEN_MAX, &err), STATUS_OK);
    buf_init(&body, GOLDEN_LEN_MAX);
    for (struct str rest = buf_str(&text); rest.len > 0; count++) {
        struct str request = line_of(&rest);
        struct str want = line_of(&rest);
        buf_clear(&body);
        body_of(&body, request);
        if (!str_eq(buf_str(&body), want)) {
            fail_msg("decision %u differs\nwas %.*s\nis  %.*s", count + 1, STR_ARGS(want),
                     STR_ARGS(buf_str(&body)));
        }
    }
    assert_true(count >= 10);
    buf_finish(&body);
    buf_finish(&text);
}

/* The fingerprint is put together from what was frozen; what it stands for is the canonical request
 * as it came. */
static void fingerprint_check(struct str request)
{
    struct arena arena;
    struct json_error json_err;
    struct error err = {{0}, {0}};
    struct assessment assessment = {0};
    const struct json *root;
    struct buf canonical;
    arena_init(&arena, GOLDEN_ARENA_MAX);
    buf_init(&canonical, GOLDEN_LEN_MAX);
    struct violations *violations = arena_new(&arena, struct violations);
    violations_init(violations, &arena);
    assert_int_equal(request_parse(&root, request, &arena, &json_err, &err), STATUS_OK);
    assert_int_equal(
        assess(&assessment, root, (struct date){2026, 11, 22}, &in_force, &arena, violations, &err),
        STATUS_OK);
    json_write_canonical(&canonical, root);
    struct digest want = digest_of(buf_str(&canonical));
    struct digest got = request_fingerprint(root, &assessment);
    assert_true(digest_eq(&got, &want));
    buf_finish(&canonical);
    assessment_finish(&assessment);
    arena_finish(&arena);
}

static void gives_the_fingerprint_of_the_canonical_request(void **state)
{
    struct buf text, bare;
    struct error err;
    (void)state;
    assert_int_equal(file_read(&text, decisions_path, GOLDEN_LEN_MAX, &err), STATUS_OK);
    buf_init(&bare, GOLDEN_LEN_MAX);
    for (struct str rest = buf_str(&text); rest.len > 0;) {
        struct str request = line_of(&rest);
        (void)line_of(&rest);
        fingerprint_check(request);
        /* And without as_of, which no fingerprint may take over from the clock. */
        size_t at = 0;
        while (at < request.len &&
               !str_starts_with(str_slice(request, at, request.len), STR("\"as_of\":\""))) {
            at++;
        }
        assert_true(at < request.len);
        size_t end = at + sizeof "\"as_of\":\"2026-11-22\"" - 1;
        assert_true(end < request.len && request.ptr[at - 1] == ',');
        buf_clear(&bare);
        buf_append(&bare, str_slice(request, 0, at - 1));
        buf_append(&bare, str_slice(request, end, request.len));
        fingerprint_check(buf_str(&bare));
        buf_clear(&bare);
        buf_append(&bare, str_slice(request, 0, at));
        buf_append(&bare, STR("\"as_of\":null"));
        buf_append(&bare, str_slice(request, end, request.len));
        fingerprint_check(buf_str(&bare));
    }
    buf_finish(&bare);
    buf_finish(&text);
}

static int write_down(void)
{
    struct buf text, out;
    struct error err;
    if (file_read(&text, decisions_path, GOLDEN_LEN_MAX, &err) != STATUS_OK) {
        return 1;
    }
    buf_init(&out, GOLDEN_LEN_MAX);
    for (struct str rest = buf_str(&text); rest.len > 0;) {
        struct str request = line_of(&rest);
        (void)line_of(&rest);
        buf_append(&out, request);
        buf_append_byte(&out, '\n');
        body_of(&out, request);
        buf_append_byte(&out, '\n');
    }
    bool is_written = file_write(decisions_path, buf_str(&out), 0644, &err) == STATUS_OK;
    buf_finish(&out);
    buf_finish(&text);
    return is_written ? 0 : 1;
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gives_the_bodies_it_has_given_before),
        cmocka_unit_test(gives_the_fingerprint_of_the_canonical_request)};
    if (argc < 2) {
        (void)fprintf(stderr, "usage: test_golden_decisions DIR [--write]\n");
        return 2;
    }
    dir = argv[1];
    load();
    int code = argc > 2 && strcmp(argv[2], "--write") == 0
                   ? write_down()
                   : cmocka_run_group_tests(tests, NULL, NULL);
    in_force_finish(&in_force);
    return code;
}
