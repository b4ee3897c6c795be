/* policy.c - the vocabularies of a policy. */
#include "decide/policy.h"

#include <stdlib.h>

static const char *const recommendations[RECOMMENDATION_COUNT] = {
    [RECOMMEND_REFER] = "refer",
    [RECOMMEND_ACCEPT] = "accept",
    [RECOMMEND_ACCEPT_WITH_GUARANTEES] = "accept_with_guarantees",
    [RECOMMEND_DECLINE] = "decline",
};

static const struct {
    const char *code;
    const char *theme;
} reasons[REASON_COUNT] = {
#define REASON(name, code, theme) [REASON_##name] = {code, theme},
#include "decide/reasons.def"
#undef REASON
};

static const char *const guarantees[GUARANTEE_TYPE_COUNT] = {
    [GUARANTEE_CASH_DEPOSIT] = "cash_deposit",
    [GUARANTEE_BANK_GUARANTEE] = "bank_guarantee",
    [GUARANTEE_CREDIT_INSURANCE] = "credit_insurance",
    [GUARANTEE_PARENT_GUARANTEE] = "parent_guarantee",
    [GUARANTEE_PERSONAL_GUARANTEE] = "personal_guarantee",
    [GUARANTEE_RETENTION_OF_TITLE] = "retention_of_title",
};

const char *recommendation_wire(enum recommendation recommendation)
{
    CHECK((unsigned)recommendation < RECOMMENDATION_COUNT);
    return recommendations[recommendation];
}

bool recommendation_read(enum recommendation *out, struct str wire)
{
    for (size_t i = 0; i < RECOMMENDATION_COUNT; i++) {
        if (str_eq(wire, str_from(recommendations[i]))) {
            *out = (enum recommendation)i;
            return true;
        }
    }
    return false;
}

const char *reason_code(enum reason reason)
{
    CHECK((unsigned)reason < REASON_COUNT);
    return reasons[reason].code;
}

const char *reason_theme(enum reason reason)
{
    CHECK((unsigned)reason < REASON_COUNT);
    return reasons[reason].theme;
}

const char *guarantee_wire(enum guarantee_type type)
{
    CHECK((unsigned)type < GUARANTEE_TYPE_COUNT);
    return guarantees[type];
}

bool guarantee_read(enum guarantee_type *out, struct str wire)
{
    for (size_t i = 0; i < GUARANTEE_TYPE_COUNT; i++) {
        if (str_eq(wire, str_from(guarantees[i]))) {
            *out = (enum guarantee_type)i;
            return true;
        }
    }
    return false;
}

unsigned grade_letter(enum grade grade)
{
    char letter = grade_wire(grade)[0];
    return letter == 'P' ? GRADE_LETTER_COUNT - 1 : (unsigned)(letter - 'A');
}

uint32_t policy_threshold_ppm(const struct policy *policy, uint32_t lgd_ppm, int32_t terms_days)
{
    enum { YEAR_DAYS = 365 };
    CHECK(terms_days >= 0);
    CHECK(lgd_ppm <= PD_PPM_ONE);
    /* Both sides times the days of one turn, so that k = 365 / days needs no division. */
    int64_t days = (int64_t)terms_days + policy->ageing_days;
    int64_t earned = YEAR_DAYS * (int64_t)policy->margin_ppm;
    int64_t kept = earned - policy->cost_ppm * days;
    CHECK(days > 0);
    if (kept <= 0) {
        return 0;
    }
    int64_t threshold = kept * PD_PPM_ONE / (earned + lgd_ppm * days);
    CHECK(threshold <= PD_PPM_ONE);
    return (uint32_t)threshold;
}

void policy_destroy(struct policy *policy)
{
    if (policy != NULL) {
        arena_finish(&policy->arena);
        free(policy);
    }
}
