/* stack.h - blocks added up, and how uncertain their weights leave the sum.
 *
 * stack = intercept + sum over used blocks of weight * (log-odds - mean), in the order of enum
 * block.  docs/MODEL.md tells what interval and bound are made of. */
#ifndef SCORE_STACK_H
#define SCORE_STACK_H

#include "score/block.h"

/* Is the block there, and does it count?  The financial one always does, others with data. */
bool stack_uses(const struct model *model, enum block block, const struct known *inputs);
/* What one block adds, in log-odds. */
double stack_term(const struct model_block *block, double log_odds);
/* Requires: answers of MODEL_BLOCKS. */
double stack_log_odds(const struct model *model, const struct block_answer *answers);

/* Variance of the calibrated log-odds from that of the stack's weights and of the calibration. */
double stack_delta_variance(const struct model *model, const struct block_answer *answers);

/* What the block counts with at the bound, given the `worst` that what we do not know of it leaves
 * open: a thin list of payments is drawn towards the worst that its models can say. */
double stack_worst_term(const struct model *model, enum block block, double worst,
                        struct known invoices);
/* The same of inputs; the worst that its models can say if the block was not used. */
double stack_bound_term(const struct model *model, enum block block, bool is_used,
                        const struct known *inputs, const char *country, struct known invoices);

/* Standard deviations of the log-odds, with accounts `age_months` old (at least 0) or without: of
 * the interval, and of the bound, which no company moves but by the age of its accounts. */
double interval_sigma(const struct model *model, double delta_variance, int32_t age_months,
                      double missing_variance);
double interval_sigma_thin(const struct model *model, double missing_variance);
double bound_sigma(const struct model *model, int32_t age_months);
double bound_sigma_thin(const struct model *model);

/* Set the constants that follow from the rest of the model. */
void stack_prepare(struct model *model);
/* What a missing block adds to the bound at least, in log-odds of the PD: as much as its variance
 * adds to an interval. */
double stack_missing_rise(const struct model *model, enum block block);

#endif
