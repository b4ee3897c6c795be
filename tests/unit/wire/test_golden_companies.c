/* test_golden_companies.c - companies from excellent to insolvent, and every word said of them.
 *
 * Each file of tests/cases/companies is a claim, a request, what is expected, and the paragraphs as
 * a credit manager approved them.  After a change of the model, the policy or the words:
 *   test_golden_companies DIR MODEL POLICY --rewrite
 * writes what is now said; read it before you commit it. */
#include "wire/decision_body.h"

#include "../expect.h"

#include <dirent.h>
#include <stdio.h>

enum { TEXT_MAX = 16 * 1024 * 1024, PATH_LEN = 512, CASES_MIN = 10 };

static const char *directory, *model_path, *policy_path;
static bool rewrites;

static struct model *model;
static struct policy *policy;

static struct buf read_file(const char *path)
{
    struct buf text;
    buf_init(&text, TEXT_MAX);
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        fail_msg("%s cannot be read", path);
    }
    for (int c = fgetc(file); c != EOF; c = fgetc(file)) {
        buf_append_byte(&text, (char)c);
    }
    assert_int_equal(fclose(file), 0);
    return text;
}

static int set_up(void **state)
{
    struct error err = {{0}, {0}};
    struct arena arena;
    struct buf model_text = read_file(model_path), policy_text = read_file(policy_path);
    (void)state;
    arena_init(&arena, TEXT_MAX);
    struct violations *v = arena_new(&arena, struct violations);
    assert_non_null(v);
    violations_init(v, &arena);
    assert_int_equal(model_read(&model, buf_str(&model_text), &err), STATUS_OK);
    assert_int_equal(policy_read(&policy, buf_str(&policy_text), v, &err), STATUS_OK);
    arena_finish(&arena);
    buf_finish(&model_text);
    buf_finish(&policy_text);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    model_destroy(model);
    policy_destroy(policy);
    return 0;
}

static void write_amount(struct buf *out, const char *name, struct money amount)
{
    buf_printf(out, "%s ", name);
    money_write(out, amount);
    buf_printf(out, " %s\n", currency_code(amount.currency));
}

static void write_reasons(struct buf *out, const struct decision *d,
                          const struct stated_reason *list, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        bool is_positive = !list[i].is_rule && list[i].deci_points > 0;
        buf_printf(out, " %s%s", is_positive ? "+" : "", stated_reason_code(d, &list[i]));
    }
}

static void write_outcome(struct buf *out, const struct decision *d)
{
    buf_printf(out, "=== expect\nstatus %s\nrecommendation %s\n", decision_status_wire(d->status),
               recommendation_wire(d->recommendation));
    if (d->status == DECISION_SCORED || d->status == DECISION_THIN) {
        buf_printf(out, "grade %s\nscore %d\n", grade_wire(d->grade), (int)d->score.points);
        write_amount(out, "limit", d->limit.recommended);
    }
    for (uint32_t i = 0; i < d->guarantee_count; i++) {
        buf_printf(out, "guarantee %s", guarantee_wire(d->guarantees[i].type));
        write_amount(out, "", d->guarantees[i].amount);
    }
    buf_append_text(out, "reasons");
    write_reasons(out, d, d->adverse, d->adverse_count);
    write_reasons(out, d, d->favourable, d->favourable_count);
    buf_append_byte(out, '\n');
}

static void write_paragraph(struct buf *out, const struct decision *d,
                            const struct decision_input *in, enum language language,
                            enum audience audience)
{
    struct buf text;
    buf_init(&text, TEXT_MAX);
    words_justification(&text, d, in, language, audience);
    buf_printf(out, "=== %s %s\n", language_wire(language), audience_wire(audience));
    buf_append(out, buf_str(&text));
    buf_append_byte(out, '\n');
    buf_finish(&text);
}

/* The case as it should stand: the claim and the request as they are, then what is decided and
 * said. */
static void tell_case(struct buf *out, struct str text, const char *path)
{
    struct arena arena;
    struct json_error bad = {0};
    struct decision d;
    size_t at = 0, end;
    arena_init(&arena, TEXT_MAX);
    struct str start = STR("=== request\n");
    while (at < text.len && !str_starts_with(str_slice(text, at, text.len), start)) {
        at++;
    }
    for (end = at;
         end < text.len && !str_starts_with(str_slice(text, end, text.len), STR("=== expect"));
         end++) {
    }
    struct violations *v = arena_new(&arena, struct violations);
    struct decision_request *request = arena_new(&arena, struct decision_request);
    assert_non_null(v);
    assert_non_null(request);
    violations_init(v, &arena);
    struct str body = at + start.len <= end ? str_slice(text, at + start.len, end) : STR("");
    const struct json *root = json_read(body, &arena, &bad);
    if (root == NULL ||
        decision_request_read(request, root, (struct date){2026, 11, 22}, &arena, v) != STATUS_OK) {
        fail_msg("%s: %s%.*s", path, bad.message, v->count > 0 ? (int)v->items[0].detail.len : 0,
                 v->count > 0 ? v->items[0].detail.ptr : "");
    }
    struct decision_input in = {&request->facts, &request->asked, policy, model};
    decision_make(&d, &in);
    buf_append(out, str_slice(text, 0, end));
    write_outcome(out, &d);
    for (unsigned i = 0; i < LANGUAGE_COUNT; i++) {
        write_paragraph(out, &d, &in, (enum language)i, AUDIENCE_ANALYST);
    }
    write_paragraph(out, &d, &in, request->language, AUDIENCE_APPLICANT);
    arena_finish(&arena);
}

static void rewrite(const char *path, struct str text)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(text.ptr, 1, text.len, file), text.len);
    assert_int_equal(fclose(file), 0);
}

static void check_case(const char *path)
{
    struct buf was = read_file(path), is;
    buf_init(&is, TEXT_MAX);
    tell_case(&is, buf_str(&was), path);
    assert_false(buf_failed(&is));
    if (rewrites) {
        rewrite(path, buf_str(&is));
    } else if (!str_eq(buf_str(&was), buf_str(&is))) {
        print_error("%s says otherwise; now:\n%.*s\n", path, STR_ARGS(buf_str(&is)));
        fail();
    }
    buf_finish(&was);
    buf_finish(&is);
}

static void companies_are_told_as_approved(void **state)
{
    unsigned count = 0;
    DIR *dir = opendir(directory);
    (void)state;
    assert_non_null(dir);
    for (const struct dirent *entry = readdir(dir); entry != NULL; entry = readdir(dir)) {
        if (str_ends_with(str_from(entry->d_name), STR(".case"))) {
            char path[PATH_LEN];
            assert_in_range(snprintf(path, sizeof path, "%s/%s", directory, entry->d_name), 1,
                            PATH_LEN - 1);
            check_case(path);
            count++;
        }
    }
    assert_int_equal(closedir(dir), 0);
    assert_true(count >= CASES_MIN);
}

int main(int argc, char **argv)
{
    if (argc < 4) {
        (void)fprintf(stderr, "usage: test_golden_companies DIR MODEL POLICY [--rewrite]\n");
        return 2;
    }
    directory = argv[1];
    model_path = argv[2];
    policy_path = argv[3];
    rewrites = argc > 4 && strcmp(argv[4], "--rewrite") == 0;
    const struct CMUnitTest tests[] = {cmocka_unit_test(companies_are_told_as_approved)};
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
