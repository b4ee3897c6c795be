/* block.h - the models of one block of data, asked of one company.
 *
 * A block answers in log-odds of default: by its scorecard, by its trees, or by a blend of both,
 * clipped to its bounds.  Parts are told apart input by input, for explanations. */
#ifndef SCORE_BLOCK_H
#define SCORE_BLOCK_H

#include "score/model.h"

struct block_answer {
    bool is_used;        /* the rest is filled if so */
    double card, forest; /* what each alone says; equal where there is one only */
    double base;         /* blended: when nothing is told */
    double unclipped;    /* blended */
    double log_odds;
    double worst; /* the highest that what we do not know leaves open */
};

/* What each input of the model adds, before blending and weighing. */
struct block_parts {
    double card[MODEL_INPUTS_MAX];
    double forest[MODEL_INPUTS_MAX];
};

/* Is at least one input of its models known? */
bool block_has_data(const struct model *model, enum block block, const struct known *inputs);

/* Without parts.  Requires: the model has the block. */
double block_log_odds(const struct model *model, enum block block, const struct known *inputs,
                      const char *country);
/* As the card alone would have it, or the trees alone: blended and clipped. */
double block_blend(const struct model_block *block, double card, double forest);
/* The same with its parts; those of other blocks' inputs are left as they are. */
void block_ask(struct block_answer *out, struct block_parts *parts, const struct model *model,
               enum block block, const struct known *inputs, const char *country);
/* The highest that what we do not know leaves open: `block->most` when nothing is known. */
double block_worst(const struct model *model, enum block block, const struct known *inputs,
                   const char *country);
/* Set what the block's models can say at least and at most. */
void block_range(struct model_block *block);

#endif
