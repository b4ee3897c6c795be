/* bound_cost.c - the terms of the bound, less those of the point.  What is left of the way is the
 * links', for they come last. */
#include "score/bound_cost.h"

#include "base/elementary.h"
#include "score/calibrate.h"
#include "score/stack.h"

static int32_t cost_of(double log_odds)
{
    int32_t deci = (int32_t)round_half_even(-POINTS_PER_LOG_ODDS * log_odds * 10.0);
    return deci > 0 ? 0 : deci;
}

static double log_odds_of(uint32_t pd_ppm)
{
    uint32_t most = PD_PPM_ONE - 1;
    return logit((double)(pd_ppm < most ? pd_ppm : most) / PD_PPM_ONE);
}

static int32_t place_cost(const struct model *model, const struct company *company)
{
    char section = activity_section(company->nomenclature, company->activity_code);
    double rate = model_central_tendency(model, company->country, section);
    double worst = model_worst_tendency(model, company->country, section);
    return cost_of(logit(worst) - logit(rate));
}

static void set_blocks(struct bound_cost *out, const struct model *model, const struct score *score,
                       const char *country)
{
    struct known inputs[MODEL_INPUTS_MAX];
    for (uint32_t i = 0; i < model->input_count; i++) {
        inputs[i] = score->features.values[model->inputs[i].feature];
    }
    for (unsigned i = score->is_thin ? BLOCK_BANK : BLOCK_FINANCIAL; i < MODEL_BLOCKS; i++) {
        const struct model_block *b = &model->blocks[i];
        const struct score_block *said = &score->blocks[i];
        if (b->is_there) {
            double bound = stack_bound_term(model, (enum block)i, said->is_used, inputs, country,
                                            score->features.values[FEATURE_P_N]);
            double point = said->is_used ? stack_term(b, said->log_odds) : 0.0;
            out->blocks[i] = cost_of(model->slope * (bound - point));
        }
    }
}

struct bound_cost bound_cost_of(const struct model *model, const struct score *score,
                                const struct facts *facts)
{
    struct bound_cost out = {0};
    double sigma =
        score->is_thin ? bound_sigma_thin(model) : bound_sigma(model, score->statement_age_months);
    out.total = cost_of(log_odds_of(score->pd_ppm_bound) - log_odds_of(score->pd_ppm));
    out.uncertainty = cost_of(model->interval_z * sigma);
    out.place = place_cost(model, &facts->company);
    set_blocks(&out, model, score, facts->company.country);
    int32_t rest = out.total - out.uncertainty - out.place;
    for (size_t i = 0; i < MODEL_BLOCKS; i++) {
        rest -= out.blocks[i];
    }
    out.blocks[BLOCK_GRAPH] = rest;
    return out;
}
