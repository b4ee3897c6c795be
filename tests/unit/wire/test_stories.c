/* test_stories.c - companies as a risk officer knows them: what must come out, and every word told
 * of it to three audiences in three languages.
 *
 * Each file of tests/cases/stories is a story, a request, claims, and nine explanations as they
 * were approved.  Claims hold the model to account: they say what a risk officer would expect,
 * never what a model happens to give, and --rewrite leaves them alone.
 *
 *     status scored
 *     recommendation refer decline     one of these
 *     grade C1 E3                      between these two, the better one first
 *     lends yes                        something is lent unsecured; no
 *     states PAY01 +LIQ03              each is among the principal reasons; + one in favour
 *     one_of PAY01 PAY02               at least one is, against
 *     never LIQ03 +PAY01               none is
 *     score below 01_accounts_only     than that of another story; above
 *     bound above 01_accounts_only     of the PD, on which policy decides; below, not_above
 *
 * After a change of the model, the policy or the texts:
 *   test_stories DIR MODEL POLICY --rewrite
 * writes what is now told; read it before you commit it. */
#include "wire/decision_body.h"
#include "wire/explanation_body.h"

#include "../expect.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

enum {
    TEXT_MAX = 16 * 1024 * 1024,
    STORIES_MAX = 64,
    STORIES_MIN = 16,
    NAME_MAX_LEN = 64,
    WORDS_MAX = 12
};

static const char *directory, *model_path, *policy_path;
static bool rewrites;

static struct model *model;
static struct policy *policy;

struct story {
    char name[NAME_MAX_LEN]; /* of the file, without .case */
    char path[512];
    struct buf text;
    struct arena arena;
    struct decision_request *request;
    struct decision decision;
    struct buf body;
};

static struct story stories[STORIES_MAX];
static unsigned story_count;

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

/* ---- reading ---- */

/* What stands between "=== `title`\n" and the next "=== ", or nothing. */
static struct str part_of(struct str text, const char *title, size_t *end)
{
    struct buf head;
    buf_init(&head, 128);
    buf_printf(&head, "=== %s\n", title);
    size_t at = 0;
    while (at < text.len && !str_starts_with(str_slice(text, at, text.len), buf_str(&head))) {
        at++;
    }
    size_t from = at < text.len ? at + head.len : text.len;
    size_t to = from;
    while (to < text.len && !str_starts_with(str_slice(text, to, text.len), STR("=== "))) {
        to++;
    }
    buf_finish(&head);
    if (end != NULL) {
        *end = to;
    }
    return str_slice(text, from, to);
}

static struct decision_input input_of(const struct story *s)
{
    return (struct decision_input){&s->request->facts, &s->request->asked, policy, model};
}

static void story_read(struct story *s, const char *file_name)
{
    struct json_error bad = {0};
    size_t len = strlen(file_name) - strlen(".case");
    assert_true(len < NAME_MAX_LEN);
    memcpy(s->name, file_name, len);
    assert_in_range(snprintf(s->path, sizeof s->path, "%s/%s", directory, file_name), 1,
                    sizeof s->path - 1);
    s->text = read_file(s->path);
    arena_init(&s->arena, TEXT_MAX);
    struct violations *v = arena_new(&s->arena, struct violations);
    s->request = arena_new(&s->arena, struct decision_request);
    assert_non_null(v);
    assert_non_null(s->request);
    violations_init(v, &s->arena);
    const struct json *root =
        json_read(part_of(buf_str(&s->text), "request", NULL), &s->arena, &bad);
    if (root == NULL || decision_request_read(s->request, root, (struct date){2026, 12, 1},
                                              &s->arena, v) != STATUS_OK) {
        fail_msg("%s: line %u %s%.*s", s->path, bad.line, bad.message,
                 v->count > 0 ? (int)v->items[0].detail.len : 0,
                 v->count > 0 ? v->items[0].detail.ptr : "");
    }
    struct decision_input in = input_of(s);
    decision_make(&s->decision, &in);
    buf_init(&s->body, TEXT_MAX);
    decision_body_write(&s->body, s->request, &s->decision, model, policy, "");
}

static int by_name(const void *a, const void *b)
{
    return strcmp(((const struct story *)a)->name, ((const struct story *)b)->name);
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
    /* Digests stand for bytes, not for stories. */
    (void)snprintf(model->sha256, sizeof model->sha256, "(of the bundle)");
    (void)snprintf(policy->sha256, sizeof policy->sha256, "(of the policy)");
    arena_finish(&arena);
    buf_finish(&model_text);
    buf_finish(&policy_text);
    DIR *dir = opendir(directory);
    assert_non_null(dir);
    for (const struct dirent *entry = readdir(dir); entry != NULL; entry = readdir(dir)) {
        if (str_ends_with(str_from(entry->d_name), STR(".case"))) {
            assert_true(story_count < STORIES_MAX);
            story_read(&stories[story_count++], entry->d_name);
        }
    }
    assert_int_equal(closedir(dir), 0);
    qsort(stories, story_count, sizeof stories[0], by_name);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    for (unsigned i = 0; i < story_count; i++) {
        buf_finish(&stories[i].text);
        buf_finish(&stories[i].body);
        arena_finish(&stories[i].arena);
    }
    model_destroy(model);
    policy_destroy(policy);
    return 0;
}

/* ---- claims ---- */

static const struct story *story_named(struct str name)
{
    for (unsigned i = 0; i < story_count; i++) {
        if (str_eq(str_from(stories[i].name), name)) {
            return &stories[i];
        }
    }
    fail_msg("there is no story %.*s", STR_ARGS(name));
    return NULL;
}

static bool is_among(const struct story *s, const struct stated_reason *list, uint32_t count,
                     struct str code)
{
    for (uint32_t i = 0; i < count; i++) {
        if (str_eq(str_from(stated_reason_code(&s->decision, &list[i])), code)) {
            return true;
        }
    }
    return false;
}

/* "PAY01": against; "+LIQ03": in favour. */
static bool is_stated(const struct story *s, struct str code)
{
    const struct decision *d = &s->decision;
    bool is_favourable = str_starts_with(code, STR("+"));
    struct str bare = str_slice(code, is_favourable ? 1 : 0, code.len);
    return is_favourable ? is_among(s, d->favourable, d->favourable_count, bare)
                         : is_among(s, d->adverse, d->adverse_count, bare);
}

static unsigned stated_count(const struct story *s, const struct str *codes, unsigned count)
{
    unsigned stated = 0;
    for (unsigned i = 0; i < count; i++) {
        stated += is_stated(s, codes[i]) ? 1 : 0;
    }
    return stated;
}

static bool is_one_of(const char *word, const struct str *words, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        if (str_eq(str_from(word), words[i])) {
            return true;
        }
    }
    return false;
}

static enum grade grade_named(struct str wire)
{
    enum grade grade = GRADE_P;
    if (!grade_read(&grade, wire)) {
        fail_msg("there is no grade %.*s", STR_ARGS(wire));
    }
    return grade;
}

static bool compares(int64_t mine, int64_t other, struct str how)
{
    if (str_eq(how, STR("below"))) {
        return mine < other;
    }
    if (str_eq(how, STR("above"))) {
        return mine > other;
    }
    assert_true(str_eq(how, STR("not_above")));
    return mine <= other;
}

static bool claim_holds(const struct story *s, struct str kind, const struct str *words,
                        unsigned count)
{
    const struct decision *d = &s->decision;
    assert_true(count > 0);
    if (str_eq(kind, STR("status"))) {
        return is_one_of(decision_status_wire(d->status), words, count);
    }
    if (str_eq(kind, STR("recommendation"))) {
        return is_one_of(recommendation_wire(d->recommendation), words, count);
    }
    if (str_eq(kind, STR("grade"))) {
        assert_int_equal(count, 2);
        return grade_named(words[0]) <= d->grade && d->grade <= grade_named(words[1]);
    }
    if (str_eq(kind, STR("lends"))) {
        return is_one_of(d->limit.recommended.minor > 0 ? "yes" : "no", words, count);
    }
    if (str_eq(kind, STR("states"))) {
        return stated_count(s, words, count) == count;
    }
    if (str_eq(kind, STR("one_of"))) {
        return stated_count(s, words, count) > 0;
    }
    if (str_eq(kind, STR("never"))) {
        return stated_count(s, words, count) == 0;
    }
    assert_int_equal(count, 2);
    const struct decision *other = &story_named(words[1])->decision;
    if (str_eq(kind, STR("score"))) {
        return compares(d->score.points, other->score.points, words[0]);
    }
    if (str_eq(kind, STR("bound"))) {
        return compares(d->score.pd_ppm_bound, other->score.pd_ppm_bound, words[0]);
    }
    fail_msg("%s: \"%.*s\" is no claim", s->path, STR_ARGS(kind));
    return false;
}

static void print_outcome(const struct story *s)
{
    const struct decision *d = &s->decision;
    print_error("  now: %s, %s, grade %s, score %d, PD %u ppm, reasons",
                decision_status_wire(d->status), recommendation_wire(d->recommendation),
                grade_wire(d->grade), (int)d->score.points, d->score.pd_ppm);
    for (uint32_t i = 0; i < d->adverse_count; i++) {
        print_error(" %s", stated_reason_code(d, &d->adverse[i]));
    }
    for (uint32_t i = 0; i < d->favourable_count; i++) {
        print_error(" +%s", stated_reason_code(d, &d->favourable[i]));
    }
    print_error("\n");
}

/* How many claims of a story do not hold. */
static unsigned check_claims(const struct story *s)
{
    unsigned failures = 0, claims = 0;
    struct str rest = part_of(buf_str(&s->text), "claims", NULL);
    while (rest.len > 0) {
        size_t end = str_find(rest, 0, '\n');
        struct str line = str_slice(rest, 0, end), words[WORDS_MAX], left = line;
        unsigned count = 0;
        while (left.len > 0) {
            size_t to = str_find(left, 0, ' ');
            assert_true(count < WORDS_MAX);
            words[count++] = str_slice(left, 0, to);
            left = str_slice(left, to < left.len ? to + 1 : to, left.len);
        }
        rest = str_slice(rest, end < rest.len ? end + 1 : end, rest.len);
        if (count > 0 && !claim_holds(s, words[0], words + 1, count - 1)) {
            print_error("%s: \"%.*s\" does not hold\n", s->path, STR_ARGS(line));
            failures++;
        }
        claims += count > 0 ? 1 : 0;
    }
    assert_true(claims >= 3);
    if (failures > 0) {
        print_outcome(s);
    }
    return failures;
}

static void every_claim_holds(void **state)
{
    unsigned failures = 0;
    (void)state;
    assert_true(story_count >= STORIES_MIN);
    for (unsigned i = 0; i < story_count; i++) {
        failures += check_claims(&stories[i]);
    }
    assert_int_equal(failures, 0);
}

/* ---- what is told ---- */

static void tell(struct buf *out, struct story *s, enum language language, enum audience audience)
{
    struct explanation explanation;
    struct error err = {{0}, {0}};
    struct decision_input in = input_of(s);
    struct explained of = {.decision = &s->decision,
                           .in = &in,
                           .purpose = s->request->purpose,
                           .legal_basis = s->request->legal_basis,
                           .consent = s->request->consent,
                           .reference = s->request->client_reference,
                           .body_sha256 = "(of the decision)"};
    explanation_blocks_read(of.blocks, buf_str(&s->body));
    assert_int_equal(explanation_make(&explanation, &of, language, audience, &s->arena, &err),
                     STATUS_OK);
    buf_printf(out, "=== %s %s\n", language_wire(language), audience_wire(audience));
    buf_append(out, explanation.text);
}

static void rewrite(const char *path, struct str text)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(text.ptr, 1, text.len, file), text.len);
    assert_int_equal(fclose(file), 0);
}

static void every_word_is_as_approved(void **state)
{
    (void)state;
    for (unsigned i = 0; i < story_count; i++) {
        struct story *s = &stories[i];
        struct buf is;
        size_t end;
        buf_init(&is, TEXT_MAX);
        (void)part_of(buf_str(&s->text), "claims", &end);
        buf_append(&is, str_slice(buf_str(&s->text), 0, end));
        for (unsigned language = 0; language < LANGUAGE_COUNT; language++) {
            for (unsigned audience = 0; audience < AUDIENCE_COUNT; audience++) {
                tell(&is, s, (enum language)language, (enum audience)audience);
            }
        }
        assert_false(buf_failed(&is));
        if (rewrites) {
            rewrite(s->path, buf_str(&is));
        } else if (!str_eq(buf_str(&s->text), buf_str(&is))) {
            fail_msg("%s says otherwise; now:\n%.*s", s->path, STR_ARGS(buf_str(&is)));
        }
        buf_finish(&is);
    }
}

static void expect_unnamed(const struct story *s, const char *told, const struct company_id *id)
{
    const struct company *company = &s->request->facts.company;
    bool is_own = strcmp(id->value, company->identifiers[0].value) == 0;
    if (!is_own && strstr(told, id->value) != NULL) {
        fail_msg("%s: the applicant is told of %s", s->path, id->value);
    }
}

/* No party of the links but the applicant is named to the applicant, in whatever language. */
static void applicants_never_meet_another_company(void **state)
{
    unsigned linked = 0;
    (void)state;
    for (unsigned i = 0; i < story_count; i++) {
        struct story *s = &stories[i];
        const struct facts *facts = &s->request->facts;
        linked += facts->link_count > 0 ? 1 : 0;
        for (unsigned language = 0; language < LANGUAGE_COUNT; language++) {
            struct buf told;
            buf_init(&told, TEXT_MAX);
            tell(&told, s, (enum language)language, AUDIENCE_APPLICANT);
            buf_append_byte(&told, '\0');
            for (uint32_t k = 1; k < facts->party_count; k++) {
                expect_unnamed(s, told.ptr, facts->parties[k].id);
            }
            buf_finish(&told);
        }
    }
    assert_true(linked >= 4);
}

int main(int argc, char **argv)
{
    if (argc < 4) {
        (void)fprintf(stderr, "usage: test_stories DIR MODEL POLICY [--rewrite]\n");
        return 2;
    }
    directory = argv[1];
    model_path = argv[2];
    policy_path = argv[3];
    rewrites = argc > 4 && strcmp(argv[4], "--rewrite") == 0;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_word_is_as_approved),
        cmocka_unit_test(every_claim_holds),
        cmocka_unit_test(applicants_never_meet_another_company),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
