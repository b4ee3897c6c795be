/* fuzz_policy.c - a policy that is taken never lends more for more risk, nor above its own caps.
 *
 * The input is a policy; what follows a NUL are the amounts of one company's accounts. */
#include "fuzz_target.h"

#include "decide/guarantee.h"
#include "decide/limit.h"

enum { ARENA_MAX = 64 * 1024 * 1024, PD_STEP_PPM = 7919 };

static struct statement statement_of(const uint8_t *at, const uint8_t *end, enum currency currency)
{
    struct statement s = {
        .period_end = {2025, 12, 31},
          .months = 12, .currency = currency
    };
    for (size_t i = 0; i < ITEM_COUNT && end - at >= 6; i++, at += 6) {
        int64_t minor = 0;
        for (size_t k = 0; k < 6; k++) {
            minor = minor << 8 | at[k];
        }
        minor %= MONEY_MINOR_MAX;
        bool is_negative = item_may_be_negative((enum item)i) && minor % 2 != 0;
        statement_state(&s, (enum item)i, is_negative ? -minor : minor);
    }
    s.months = (uint8_t)(s.stated % 13 + STATEMENT_MONTHS_MIN);
    statement_derive(&s);
    return s;
}

static void check_caps(const struct limit *limit)
{
    for (unsigned i = 0; i < LIMIT_CONSTRAINT_COUNT; i++) {
        bool is_present = (limit->present & 1U << i) != 0;
        CHECK(!is_present || limit->recommended.minor <= limit->caps[i].minor);
    }
    CHECK(limit->recommended.minor <= limit->requested.minor);
    CHECK(limit->per_order.minor <= limit->recommended.minor);
}

/* Rising risk: capacity and guarantees only shrink. */
static void lend(const struct policy *policy, const struct statement *statement, struct money asked)
{
    struct facts facts = {
        .as_of = {2026, 11, 22}
    };
    struct credit_request request = {.amount = asked, .terms_days = 60};
    struct decision_input in = {.facts = &facts, .asked = &request, .policy = policy};
    static struct score score;
    int64_t capacity = INT64_MAX;
    bool was_found = true;
    score.features.statement = statement;
    for (uint32_t pd = PD_PPM_FLOOR; pd < PD_PPM_ONE; pd += PD_STEP_PPM) {
        struct limit limit;
        score.pd_ppm = score.pd_ppm_bound = pd;
        limit_compute(&limit, &in, &score);
        CHECK(limit.capacity.minor <= capacity);
        capacity = limit.capacity.minor;
        if (capacity > 0) {
            limit_grant(&limit, policy);
            check_caps(&limit);
        }
        struct guarantee_need need = {pd, request.terms_days, asked, false};
        bool is_found = guarantee_find(policy, &need) != NULL;
        CHECK(was_found || !is_found);
        was_found = is_found;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str text = str_of(data, size);
    struct policy *policy = NULL;
    struct error err = {0};
    struct arena arena;
    arena_init(&arena, ARENA_MAX);
    struct violations *v = arena_new(&arena, struct violations);
    CHECK(v != NULL);
    violations_init(v, &arena);
    size_t end = str_find(text, 0, '\0');
    enum status status = policy_read(&policy, str_slice(text, 0, end), v, &err);
    CHECK((status == STATUS_OK) == (policy != NULL));
    CHECK((status == STATUS_INVALID) == (v->total > 0));
    if (status == STATUS_OK) {
        struct statement statement = statement_of(data + end, data + size, policy->currency);
        lend(policy, &statement, (struct money){1000000, policy->currency});
        lend(policy, NULL, policy->appetite);
    } else {
        CHECK(err.message[0] != '\0');
    }
    policy_destroy(policy);
    arena_finish(&arena);
    return 0;
}
