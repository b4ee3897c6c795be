/* guarantee.c - walking the ladder. */
#include "decide/guarantee.h"

#include "decide/limit.h"

/* Does it hold without the means of the company and its owners? */
static const bool is_paid_by_others[GUARANTEE_TYPE_COUNT] = {
    [GUARANTEE_CASH_DEPOSIT] = true,        [GUARANTEE_BANK_GUARANTEE] = true,
    [GUARANTEE_CREDIT_INSURANCE] = true,    [GUARANTEE_PARENT_GUARANTEE] = false,
    [GUARANTEE_PERSONAL_GUARANTEE] = false, [GUARANTEE_RETENTION_OF_TITLE] = false,
};

static bool is_enough(const struct policy_guarantee *step, const struct policy *policy,
                      const struct guarantee_need *need)
{
    struct money ceiling = limit_secured_ceiling(policy, need->pd_ppm_bound, step->lgd_ppm);
    return need->pd_ppm_bound <= step->pd_ppm_max &&
           need->pd_ppm_bound <= policy_threshold_ppm(policy, step->lgd_ppm, need->terms_days) &&
           money_compare(need->amount, ceiling) <= 0 &&
           (is_paid_by_others[step->type] || !need->must_be_paid_by_others);
}

const struct policy_guarantee *guarantee_find(const struct policy *policy,
                                              const struct guarantee_need *need)
{
    for (uint32_t i = 0; i < policy->guarantee_count; i++) {
        if (is_enough(&policy->guarantees[i], policy, need)) {
            return &policy->guarantees[i];
        }
    }
    return NULL;
}

const struct policy_guarantee *guarantee_find_deposit(const struct policy *policy)
{
    for (uint32_t i = 0; i < policy->guarantee_count; i++) {
        if (policy->guarantees[i].type == GUARANTEE_CASH_DEPOSIT) {
            return &policy->guarantees[i];
        }
    }
    return NULL;
}
