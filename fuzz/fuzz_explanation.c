/* fuzz_explanation.c - whatever can be decided can be explained, to each audience in each language,
 * and no applicant or regulator meets another company in it. */
#include "fuzz_target.h"

#include "service/assess.h"
#include "wire/explanation_body.h"

#include <string.h>

enum { ARENA_MAX = 64 * 1024 * 1024, OUT_MAX = 16 * 1024 * 1024, NUMBER_LEAST = 9 };

static const struct date today = {2026, 11, 22};

static const struct in_force *in_force_now(void)
{
    static struct in_force in_force;
    static bool is_loaded;
    if (!is_loaded) {
        struct error err;
        CHECK(in_force_load(&in_force, NULL, NULL, 0, &err) == STATUS_OK);
        is_loaded = true;
    }
    return &in_force;
}

static bool holds(struct str text, struct str part)
{
    for (size_t at = 0; at + part.len <= text.len; at++) {
        if (str_starts_with(str_slice(text, at, text.len), part)) {
            return true;
        }
    }
    return false;
}

/* A long number, which no sentence holds by chance. */
static bool is_telling(struct str value)
{
    size_t digits = 0;
    for (size_t i = 0; i < value.len; i++) {
        digits += value.ptr[i] >= '0' && value.ptr[i] <= '9' ? 1 : 0;
    }
    return digits == value.len && digits >= NUMBER_LEAST && !holds(value, STR("000000"));
}

/* What the request itself says elsewhere may be told. */
static void check_unnamed(const struct assessment *a, struct str out)
{
    const struct facts *facts = &a->request.facts;
    for (uint32_t i = 1; i < facts->party_count && i < 8; i++) {
        struct str value = str_from(facts->parties[i].id->value);
        bool is_told_anyway = holds(facts->company.name, value) ||
                              holds(a->request.client_reference, value) ||
                              holds(a->request.consent, value);
        for (uint32_t k = 0; k < facts->company.identifier_count; k++) {
            is_told_anyway |= holds(str_from(facts->company.identifiers[k].value), value);
        }
        for (uint32_t k = 0; k < facts->legal_event_count; k++) {
            is_told_anyway |= holds(facts->legal_events[k].source, value);
        }
        CHECK(!is_telling(value) || is_told_anyway || !holds(out, value));
    }
}

static void explain(const struct assessment *a, enum language language, enum audience audience,
                    struct arena *arena)
{
    struct explanation explanation;
    struct error err;
    struct buf out;
    struct decision_input in = {.facts = &a->request.facts,
                                .asked = &a->request.asked,
                                .policy = a->policy,
                                .model = in_force_now()->model};
    struct explained of = {.decision = &a->decision,
                           .in = &in,
                           .purpose = a->request.purpose,
                           .legal_basis = a->request.legal_basis,
                           .consent = a->request.consent,
                           .reference = a->request.client_reference,
                           .body_sha256 = ""};
    explanation_blocks_read(of.blocks, buf_str(&a->body));
    enum status status = explanation_make(&explanation, &of, language, audience, arena, &err);
    CHECK(status == STATUS_OK);
    CHECK(str_is_utf8(explanation.text) && explanation.text.len > 0);
    buf_init(&out, OUT_MAX);
    explanation_body_write(&out,
                           &(struct explanation_envelope){.id = STR(""),
                                                          .body = buf_str(&a->body),
                                                          .request = &a->request,
                                                          .decision = &a->decision},
                           &explanation);
    CHECK(!buf_failed(&out));
    CHECK(json_read(buf_str(&out), arena, NULL) != NULL);
    if (audience != AUDIENCE_ANALYST) {
        check_unnamed(a, buf_str(&out));
    }
    buf_finish(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena;
    struct error err;
    struct assessment assessment = {0};
    arena_init(&arena, ARENA_MAX);
    const struct json *root = json_read(str_of(data, size), &arena, NULL);
    struct violations *violations = arena_new(&arena, struct violations);
    CHECK(violations != NULL);
    violations_init(violations, &arena);
    if (root != NULL &&
        assess(&assessment, root, today, in_force_now(), &arena, violations, &err) == STATUS_OK) {
        for (unsigned i = 0; i < LANGUAGE_COUNT * AUDIENCE_COUNT; i++) {
            struct arena own;
            arena_init(&own, ARENA_MAX);
            explain(&assessment, (enum language)(i / AUDIENCE_COUNT),
                    (enum audience)(i % AUDIENCE_COUNT), &own);
            arena_finish(&own);
        }
    }
    assessment_finish(&assessment);
    arena_finish(&arena);
    return 0;
}
