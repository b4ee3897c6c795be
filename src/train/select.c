/* select.c - ties in gain go to the input that comes first. */
#include "train/select.h"

#include "base/elementary.h"

#include <math.h>

/* At the current fit, a row each: the slope and the curvature of its loss. */
struct slopes {
    double *residual;
    double *curvature;
};

double correlation_weighted(const double *a, const double *b, const double *weight, uint32_t count)
{
    double total = 0;
    double sum_a = 0;
    double sum_b = 0;
    for (uint32_t i = 0; i < count; i++) {
        total += weight[i];
        sum_a += weight[i] * a[i];
        sum_b += weight[i] * b[i];
    }
    double aa = 0;
    double bb = 0;
    double ab = 0;
    for (uint32_t i = 0; i < count; i++) {
        double da = a[i] - sum_a / total;
        double db = b[i] - sum_b / total;
        aa += weight[i] * da * da;
        bb += weight[i] * db * db;
        ab += weight[i] * da * db;
    }
    double scale = elementary_sqrt(aa) * elementary_sqrt(bb);
    return scale > 0 ? ab / scale : 0;
}

struct logistic_problem selection_problem(const struct selection *s, double ridge)
{
    for (uint32_t i = 0; i < s->row_count; i++) {
        for (uint32_t k = 0; k < s->selected_count; k++) {
            double woe = s->candidates[s->selected[k]].woe[i];
            s->design[(size_t)i * s->selected_count + k] = woe;
        }
    }
    return (struct logistic_problem){
        .row_count = s->row_count,
        .column_count = s->selected_count,
        .x = s->design,
        .is_bad = s->is_bad,
        .weight = s->weight,
        .ridge = ridge,
    };
}

static void slopes_compute(struct slopes *out, const struct selection *s)
{
    for (uint32_t i = 0; i < s->row_count; i++) {
        double log_odds = s->fit.coefficients[0];
        for (uint32_t k = 0; k < s->selected_count; k++) {
            log_odds += s->fit.coefficients[k + 1] * s->candidates[s->selected[k]].woe[i];
        }
        double pd = logistic(log_odds);
        out->residual[i] = s->weight[i] * (pd - s->is_bad[i]);
        out->curvature[i] = s->weight[i] * pd * (1 - pd);
    }
}

/* What part of the curvature `shared[term]` of a candidate the members explain already. */
static double explained(const struct selection *s, const double *shared)
{
    double sum = 0;
    for (uint32_t j = 0; j <= s->selected_count; j++) {
        for (uint32_t k = 0; k <= s->selected_count; k++) {
            sum += shared[j] * s->fit.covariance[j][k] * shared[k];
        }
    }
    return sum;
}

/* Rao's statistic of adding a candidate: about twice the gain in log likelihood.  Zero when it
 * would join with the wrong sign, or adds nothing of its own. */
static double gain_of(const struct selection *s, const struct candidate *c,
                      const struct slopes *slopes)
{
    double slope = 0;
    double own = 0;
    double shared[LOGISTIC_TERMS_MAX] = {0};
    for (uint32_t i = 0; i < s->row_count; i++) {
        double scaled = slopes->curvature[i] * c->woe[i];
        slope += slopes->residual[i] * c->woe[i];
        own += scaled * c->woe[i];
        shared[0] += scaled;
        for (uint32_t k = 0; k < s->selected_count; k++) {
            shared[k + 1] += scaled * s->candidates[s->selected[k]].woe[i];
        }
    }
    double information = own - explained(s, shared);
    bool is_new = information > 1e-6 * own;
    return is_new && slope > 0 ? slope * slope / information : 0;
}

static bool may_join(const struct selection *s, const struct candidate *c,
                     const struct selection_rules *rules)
{
    if (!c->may_join || c->iv < rules->iv_min) {
        return false;
    }
    for (uint32_t k = 0; k < s->selected_count; k++) {
        const struct candidate *member = &s->candidates[s->selected[k]];
        if (c == member || fabs(correlation_weighted(c->woe, member->woe, s->weight,
                                                     s->row_count)) >= rules->correlation_max) {
            return false;
        }
    }
    return true;
}

/* The candidate with the highest gain above the least that counts, or candidate_count. */
static uint32_t best_candidate(const struct selection *s, const struct selection_rules *rules,
                               const struct slopes *slopes)
{
    uint32_t best = s->candidate_count;
    double highest = rules->gain_min;
    for (uint32_t i = 0; i < s->candidate_count; i++) {
        if (may_join(s, &s->candidates[i], rules)) {
            double gain = gain_of(s, &s->candidates[i], slopes);
            if (gain > highest) {
                highest = gain;
                best = i;
            }
        }
    }
    return best;
}

static enum status members_fit(struct selection *s, double ridge, struct error *err)
{
    struct logistic_problem problem = selection_problem(s, ridge);
    return logistic_compute(&s->fit, &problem, err);
}

/* The member whose coefficient is furthest on the wrong side of zero, or selected_count. */
static uint32_t worst_sign(const struct selection *s)
{
    uint32_t worst = s->selected_count;
    double highest = 0;
    for (uint32_t k = 0; k < s->selected_count; k++) {
        if (s->fit.coefficients[k + 1] >= highest) {
            highest = s->fit.coefficients[k + 1];
            worst = k;
        }
    }
    return worst;
}

static void member_drop(struct selection *s, uint32_t at)
{
    s->selected_count--;
    for (uint32_t k = at; k < s->selected_count; k++) {
        s->selected[k] = s->selected[k + 1];
    }
}

enum status selection_compute(struct selection *s, const struct selection_rules *rules,
                              struct arena *scratch, struct error *err)
{
    CHECK(rules->count_max <= LOGISTIC_COLUMNS_MAX);
    struct slopes slopes = {arena_array(scratch, double, s->row_count),
                            arena_array(scratch, double, s->row_count)};
    if (slopes.residual == NULL || slopes.curvature == NULL) {
        return error_set(err, STATUS_TOO_LARGE, "", "no memory for %u rows", s->row_count);
    }
    s->selected_count = 0;
    TRY(members_fit(s, rules->ridge, err));
    while (s->selected_count < rules->count_max) {
        slopes_compute(&slopes, s);
        uint32_t best = best_candidate(s, rules, &slopes);
        if (best == s->candidate_count) {
            break;
        }
        s->selected[s->selected_count++] = best;
        TRY(members_fit(s, rules->ridge, err));
    }
    for (uint32_t at = worst_sign(s); at < s->selected_count; at = worst_sign(s)) {
        member_drop(s, at);
        TRY(members_fit(s, rules->ridge, err));
    }
    if (s->selected_count == 0) {
        return error_set(err, STATUS_INVALID, "",
                         "no input tells good rows from bad ones (%u rows, %u inputs tried)",
                         s->row_count, s->candidate_count);
    }
    return STATUS_OK;
}
