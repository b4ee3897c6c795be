/* stack.c - the sum, and the two ends of what is not certain. */
#include "score/stack.h"

#include "base/elementary.h"

/* Of 5 invoices half is believed: Buehlmann's credibility, n / (n + k). */
static const double invoices_half = 5.0;

bool stack_uses(const struct model *model, enum block block, const struct known *inputs)
{
    return model->blocks[block].is_there &&
           (block == BLOCK_FINANCIAL || block_has_data(model, block, inputs));
}

double stack_term(const struct model_block *block, double log_odds)
{
    return block->weight * (log_odds - block->mean);
}

double stack_log_odds(const struct model *model, const struct block_answer *answers)
{
    double sum = model->stack_intercept;
    for (size_t i = 0; i < MODEL_BLOCKS; i++) {
        if (answers[i].is_used) {
            sum += stack_term(&model->blocks[i], answers[i].log_odds);
        }
    }
    return sum;
}

/* `gaps`: log-odds less the mean of each block, 0 where it is not used. */
static double delta_variance(const struct model *model, const double *gaps)
{
    double row[MODEL_BLOCKS + 1] = {1.0};
    double stack = model->stack_intercept;
    double of_stack = 0.0;
    for (size_t i = 0; i < MODEL_BLOCKS; i++) {
        row[1 + i] = gaps[i];
        stack += model->blocks[i].weight * gaps[i];
    }
    for (size_t i = 0; i <= MODEL_BLOCKS; i++) {
        for (size_t k = 0; k <= MODEL_BLOCKS; k++) {
            of_stack += row[i] * model->stack_covariance[i][k] * row[k];
        }
    }
    const double(*c)[2] = model->calibration_covariance;
    double of_calibration = stack * (stack * c[0][0] + c[0][1] + c[1][0]) + c[1][1];
    double sum = model->slope * model->slope * of_stack + of_calibration;
    return sum > 0.0 ? sum : 0.0;
}

double stack_delta_variance(const struct model *model, const struct block_answer *answers)
{
    double gaps[MODEL_BLOCKS] = {0};
    for (size_t i = 0; i < MODEL_BLOCKS; i++) {
        if (answers[i].is_used) {
            gaps[i] = answers[i].log_odds - model->blocks[i].mean;
        }
    }
    return delta_variance(model, gaps);
}

double stack_worst_term(const struct model *model, enum block block, double worst,
                        struct known invoices)
{
    const struct model_block *b = &model->blocks[block];
    if (block == BLOCK_PAYMENT) {
        double count = invoices.is_known ? invoices.value : 0.0;
        double believed = count / (count + invoices_half);
        worst = b->most - believed * (b->most - worst);
    }
    return stack_term(b, worst);
}

double stack_bound_term(const struct model *model, enum block block, bool is_used,
                        const struct known *inputs, const char *country, struct known invoices)
{
    if (!is_used) {
        return model->blocks[block].missing_term;
    }
    return stack_worst_term(model, block, block_worst(model, block, inputs, country), invoices);
}

double interval_sigma(const struct model *model, double delta, int32_t age_months,
                      double missing_variance)
{
    CHECK(age_months >= 0);
    double aged = model->age_variance_per_month * age_months;
    return elementary_sqrt(delta + model->model_variance + aged + missing_variance);
}

double interval_sigma_thin(const struct model *model, double missing_variance)
{
    return elementary_sqrt(model->thin_variance + missing_variance);
}

double bound_sigma(const struct model *model, int32_t age_months)
{
    return interval_sigma(model, model->delta_variance_most, age_months, model->absent_variance);
}

double bound_sigma_thin(const struct model *model)
{
    return interval_sigma_thin(model, model->absent_variance);
}

double stack_missing_rise(const struct model *model, enum block block)
{
    double certain = model->model_variance;
    double sigma = elementary_sqrt(certain + model->missing_block_variance[block]);
    return model->interval_z * (sigma - elementary_sqrt(certain));
}

/* A convex function is largest at a corner: every block at either end of what it can say, or not
 * used. */
static double delta_variance_most(const struct model *model)
{
    double most = 0.0;
    for (unsigned corner = 0; corner < 1U << MODEL_BLOCKS; corner++) {
        double gaps[MODEL_BLOCKS];
        for (size_t i = 0; i < MODEL_BLOCKS; i++) {
            const struct model_block *b = &model->blocks[i];
            double least = b->least - b->mean < 0.0 ? b->least - b->mean : 0.0;
            double highest = b->most - b->mean > 0.0 ? b->most - b->mean : 0.0;
            gaps[i] = !b->is_there ? 0.0 : (corner >> i & 1) != 0 ? highest : least;
        }
        double variance = delta_variance(model, gaps);
        most = variance > most ? variance : most;
    }
    return most;
}

/* The square root is concave, so what each missing block adds to the bound by itself is never less
 * than what all together add to an interval. */
void stack_prepare(struct model *model)
{
    model->absent_variance = 0.0;
    for (size_t i = 0; i < MODEL_BLOCKS; i++) {
        struct model_block *b = &model->blocks[i];
        if (!b->is_there) {
            model->absent_variance += model->missing_block_variance[i];
            continue;
        }
        double rise = stack_missing_rise(model, (enum block)i) / model->slope;
        double worst = stack_term(b, b->most);
        b->missing_term = worst > rise ? worst : rise;
    }
    model->delta_variance_most = delta_variance_most(model);
}
