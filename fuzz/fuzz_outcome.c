/* fuzz_outcome.c - a report of outcomes is read whole, or refused with what is wrong. */
#include "fuzz_target.h"

#include "wire/outcome_request.h"

enum { ARENA_MAX = 16 * 1024 * 1024, COUNT_MAX = 500 };

static const struct date today = {2026, 11, 22};

static void check_one(const struct outcome_request *request)
{
    const struct outcome *outcome = &request->outcome;
    bool has_company = outcome->company.scheme != SCHEME_NONE;
    CHECK(outcome->type < OUTCOME_COUNT);
    CHECK(date_is_set(outcome->observed_on));
    CHECK(date_compare(outcome->observed_on, today) <= 0);
    CHECK(outcome->source.len > 0);
    CHECK(!(has_company && request->decision != NULL));
    CHECK(has_company || request->decision != NULL || request->supersedes != NULL);
    CHECK(outcome->type != OUTCOME_DEFAULT || outcome->definition.len > 0);
    CHECK(outcome->type != OUTCOME_RETRACTED || request->supersedes != NULL);
    CHECK(outcome->amount.currency == CURRENCY_NONE || outcome->amount.minor > 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena;
    struct violations violations;
    struct outcome_request *requests;
    uint32_t count;
    arena_init(&arena, ARENA_MAX);
    violations_init(&violations, &arena);
    const struct json *root = json_read(str_of(data, size), &arena, NULL);
    if (root != NULL) {
        enum status status =
            outcome_request_read(&requests, &count, root, COUNT_MAX, today, &arena, &violations);
        CHECK((status == STATUS_OK) == (violations.total == 0) || status == STATUS_TOO_LARGE);
        for (uint32_t i = 0; status == STATUS_OK && i < count; i++) {
            check_one(&requests[i]);
        }
    }
    arena_finish(&arena);
    return 0;
}
