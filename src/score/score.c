/* score.c - facts and model in, one explained PD out. */
#include "score/score.h"

#include "base/elementary.h"
#include "feature/neighbourhood.h"
#include "score/calibrate.h"
#include "score/explain.h"
#include "score/stack.h"

#include <string.h>

/* Of whom we speak, as the central tendencies name it. */
struct place {
    const char *country; /* "" if unstated */
    char section;        /* '\0' if unstated */
};

static struct place place_of(const struct company *company)
{
    return (struct place){company->country,
                          activity_section(company->nomenclature, company->activity_code)};
}

static bool is_stated(struct place place)
{
    return place.country[0] != '\0' && place.section != '\0';
}

/* `rate`: of the place.  Unknown unless both are stated: an unstated country must not lend a better
 * sector. */
static struct known sector_log_odds(const struct model *model, struct place place, double rate)
{
    if (!is_stated(place)) {
        return (struct known){0.0, false};
    }
    double country_rate = model_central_tendency(model, place.country, '\0');
    return (struct known){elementary_log(rate / country_rate), true};
}

/* All the models of a company, and what was put into them. */
struct work {
    const struct model *model;
    const struct facts *facts;
    struct place place;
    double rate, worst_rate; /* central tendencies of the place, and the worst it could have */
    double shift;            /* to the rate, where there are accounts */
    struct known inputs[MODEL_INPUTS_MAX];
    struct block_answer answers[MODEL_BLOCKS];
    struct block_parts parts;
    bool has_graph;
};

/* Final log-odds but for the lift by others. */
struct ends {
    double low, point, high, bound;
};

static bool uses(const struct work *w, size_t block, bool is_thin)
{
    bool is_of_accounts = block == BLOCK_FINANCIAL || block == BLOCK_FIRMOGRAPHIC;
    return !(is_thin && is_of_accounts) && stack_uses(w->model, (enum block)block, w->inputs);
}

static void ask_blocks(struct work *w, const struct score *score)
{
    for (uint32_t i = 0; i < w->model->input_count; i++) {
        w->inputs[i] = score->features.values[w->model->inputs[i].feature];
    }
    bool is_thin = score->features.statement == NULL;
    for (size_t i = 0; i < MODEL_BLOCKS; i++) {
        if (uses(w, i, is_thin)) {
            block_ask(&w->answers[i], &w->parts, w->model, (enum block)i, w->inputs,
                      w->place.country);
        }
    }
}

/* What the blocks count with at the bound, in log-odds of the stack, from block `first` on. */
static double bound_terms(const struct work *w, const struct score *score, size_t first)
{
    struct known invoices = score->features.values[FEATURE_P_N];
    double sum = 0.0;
    for (size_t i = first; i < MODEL_BLOCKS; i++) {
        const struct block_answer *answer = &w->answers[i];
        if (answer->is_used) {
            sum += stack_worst_term(w->model, (enum block)i, answer->worst, invoices);
        } else if (w->model->blocks[i].is_there) {
            sum += w->model->blocks[i].missing_term;
        }
    }
    return sum;
}

static double missing_variance(const struct work *w, size_t first)
{
    double variance = w->has_graph ? 0.0 : w->model->missing_block_variance[BLOCK_GRAPH];
    for (size_t i = first; i < MODEL_BLOCKS; i++) {
        variance += w->answers[i].is_used ? 0.0 : w->model->missing_block_variance[i];
    }
    return variance;
}

static double lifted(const struct work *w, double log_odds)
{
    return neighbourhood_lifted(w->facts->neighbourhood, log_odds, w->model->uplift_cap);
}

/* Links that were not sent, or a party without a PD, may be as bad as the caps allow. */
static double lifted_bound(const struct work *w, double bound)
{
    if (w->has_graph && neighbourhood_is_known(w->facts->neighbourhood)) {
        return lifted(w, bound);
    }
    double most = neighbourhood_lifted_most(bound, w->model->uplift_cap);
    double uncertain = bound + stack_missing_rise(w->model, BLOCK_GRAPH);
    return most > uncertain ? most : uncertain;
}

/* Returns the lifted log-odds. */
static double set_pd(struct score *out, const struct work *w, struct ends ends)
{
    double point = lifted(w, ends.point);
    out->pd_ppm = quantised_pd(point);
    out->pd_ppm_before = quantised_pd(ends.point);
    out->pd_ppm_low = quantised_pd(lifted(w, ends.low));
    out->pd_ppm_high = quantised_pd(lifted(w, ends.high));
    uint32_t bound = quantised_pd(lifted_bound(w, ends.bound));
    /* So by construction, but for the last bit of a sum where both are the same. */
    out->pd_ppm_bound = bound > out->pd_ppm_high ? bound : out->pd_ppm_high;
    CHECK(out->pd_ppm_low <= out->pd_ppm);
    CHECK(out->pd_ppm <= out->pd_ppm_high);
    out->points = score_of_pd(out->pd_ppm);
    out->grade = grade_of_pd(out->pd_ppm);
    out->has_graph = w->has_graph;
    return point;
}

static bool has_family(const struct work *w, enum family family)
{
    bool has = false;
    for (size_t i = 0; i < MODEL_BLOCKS; i++) {
        const struct model_block *b = &w->model->blocks[i];
        bool is_there =
            family == FAMILY_MACHINE_LEARNED ? b->trees != NULL : b->characteristic_count > 0;
        has = has || (w->answers[i].is_used && is_there);
    }
    return has;
}

/* The PD before the lift, had one family had its way in every block that has both; 0 where no block
 * has it. */
static uint32_t pd_of_family(const struct work *w, enum family family)
{
    struct block_answer answers[MODEL_BLOCKS];
    if (!has_family(w, family)) {
        return 0;
    }
    for (size_t i = 0; i < MODEL_BLOCKS; i++) {
        const struct block_answer *a = &w->answers[i];
        double said = family == FAMILY_MACHINE_LEARNED ? a->forest : a->card;
        answers[i] = *a;
        if (a->is_used) {
            answers[i].log_odds = block_blend(&w->model->blocks[i], said, said);
        }
    }
    return quantised_pd(calibrated_log_odds(w->model, stack_log_odds(w->model, answers), w->shift));
}

static void score_by_stack(struct score *out, struct work *w)
{
    const struct model *m = w->model;
    int age_months = date_months_between(out->features.statement->period_end, w->facts->as_of);
    double delta = stack_delta_variance(m, w->answers);
    double half_width = m->interval_z * interval_sigma(m, delta, age_months,
                                                       missing_variance(w, BLOCK_FIRMOGRAPHIC));
    w->shift = central_tendency_shift(m, w->rate);
    double worst_shift =
        w->worst_rate == w->rate ? w->shift : central_tendency_shift(m, w->worst_rate);
    double point = calibrated_log_odds(m, stack_log_odds(m, w->answers), w->shift);
    double worst = m->stack_intercept + bound_terms(w, out, BLOCK_FINANCIAL);
    double bound =
        calibrated_log_odds(m, worst, worst_shift) + m->interval_z * bound_sigma(m, age_months);

    double final =
        set_pd(out, w, (struct ends){point - half_width, point, point + half_width, bound});
    out->statement_age_months = age_months;
    out->context = formulas_of(&out->features);
    out->statistical_pd_ppm = pd_of_family(w, FAMILY_STATISTICAL);
    out->machine_learned_pd_ppm = pd_of_family(w, FAMILY_MACHINE_LEARNED);
    explain_stack(out, m,
                  &(struct explanation){w->answers, &w->parts, w->shift, point, final,
                                        w->facts->neighbourhood});
}

static double log_odds_of_rate(double rate, double multiplier)
{
    static const double most = (double)(PD_PPM_ONE - 1) / PD_PPM_ONE;
    double pd = rate * multiplier;
    return logit(pd < most ? pd : most);
}

/* Without accounts: what is usual in the sector at this age, what bank, payments and law say
 * besides, and a wide interval. */
static void score_thin(struct score *out, struct work *w)
{
    const struct model *m = w->model;
    double multiplier = model_age_multiplier(m, out->features.values[FEATURE_AGE_YEARS]);
    double half_width = m->interval_z * interval_sigma_thin(m, missing_variance(w, BLOCK_BANK));
    double usual = log_odds_of_rate(w->rate, multiplier);
    double said = stack_log_odds(m, w->answers) - m->stack_intercept;
    double point = usual + m->slope * said;
    double bound = log_odds_of_rate(w->worst_rate, multiplier) +
                   m->slope * bound_terms(w, out, BLOCK_BANK) + m->interval_z * bound_sigma_thin(m);

    double final =
        set_pd(out, w, (struct ends){point - half_width, point, point + half_width, bound});
    out->is_thin = true;
    out->statement_age_months = -1;
    out->statistical_pd_ppm = out->pd_ppm_before;
    explain_thin(
        out, m,
        &(struct explanation){w->answers, &w->parts, 0.0, point, final, w->facts->neighbourhood},
        usual);
}

const char *family_wire(enum family family)
{
    static const char *const wires[FAMILY_COUNT] = {
        [FAMILY_STATISTICAL] = "statistical",
        [FAMILY_MACHINE_LEARNED] = "machine_learned",
        [FAMILY_GRAPH] = "graph",
    };
    CHECK((unsigned)family < FAMILY_COUNT);
    return wires[family];
}

void score_compute(struct score *out, const struct model *model, const struct facts *facts)
{
    CHECK(model->can_score);
    *out = (struct score){0};
    struct work w;
    w.model = model;
    w.facts = facts;
    w.place = place_of(&facts->company);
    w.has_graph = (facts->blocks_sent & 1U << BLOCK_GRAPH) != 0;
    memset(w.answers, 0, sizeof w.answers);
    w.rate = model_central_tendency(model, w.place.country, w.place.section);
    w.worst_rate =
        is_stated(w.place) ? w.rate : model_worst_tendency(model, w.place.country, w.place.section);
    features_extract(&out->features, facts,
                     (struct tendency){
                         sector_log_odds(model, w.place, w.rate), {w.rate, true}
    });
    ask_blocks(&w, out);
    if (out->features.statement == NULL) {
        score_thin(out, &w);
    } else {
        score_by_stack(out, &w);
    }
}
