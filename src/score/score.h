/* score.h - one PD for one company, what it is made of, and how sure we are.
 *
 * The score is a pure function of facts and model.  Points add up: base, themes, calibration,
 * central tendency, bounds and rounding sum to the integer score, always.  The upper bound of the
 * interval is what policy decides on; there, a missing input counts as its worst bin, an unstated
 * country or section as the worst it could be, so leaving something out never pays.  One thing a
 * score cannot see is accounts that were withheld whole: without any, the file is thin, and policy
 * bounds what a thin file can get.
 *
 * Memory: a struct score owns nothing but borrows the model's names. */
#ifndef SCORE_SCORE_H
#define SCORE_SCORE_H

#include "score/model.h"

/* Rises when any result can change.  Stored with every decision. */
enum { SCORE_ENGINE = 1 };

enum { CONTRIBUTIONS_MAX = THEME_COUNT + 8 };

struct contribution {
    /* a theme, "calibration", "central_tendency", "sector_and_age", "bounds", "rounding" */
    const char *name;
    int32_t deci_points; /* tenths of a point */
};

/* One characteristic of the card, or one input of the forest, as it stood for this company. */
struct factor {
    enum feature feature;
    bool is_known;
    int64_t value_micro;    /* the value in millionths, as shown; 0 if unknown */
    int32_t deci_points;    /* against the average company (weight of evidence 0) */
    int32_t shortfall_deci; /* points lost, >= 0: against the card's best bin, or the average */
};

struct score {
    bool is_thin; /* no usable accounts: PD from sector and age alone */
    uint32_t pd_ppm, pd_ppm_low, pd_ppm_high;
    uint32_t statistical_pd_ppm; /* the own PD of the family that gives it, before any uplift */
    int32_t points;
    enum grade grade;
    int32_t base_deci;
    uint32_t contribution_count;
    struct contribution contributions[CONTRIBUTIONS_MAX]; /* by enum theme, then the rest */
    uint32_t factor_count;
    struct factor factors[MODEL_INPUTS_MAX]; /* in the card's or the forest's order */
    uint32_t coverage_ppm;        /* share of the card's inputs that were known; 0 when thin */
    int32_t statement_age_months; /* -1 when thin */
    struct formula_context context;
    struct features features;
};

/* Requires: model->can_decide. */
void score_compute(struct score *out, const struct model *model, const struct facts *facts);

/* PD over `months`, from 12 months, with a constant hazard: 1 - (1 - PD)^(months / 12). */
uint32_t pd_over_months(uint32_t pd_ppm, uint32_t months);
/* The horizons that are told, in months. */
enum { PD_HORIZON_COUNT = 4 };
extern const uint32_t pd_horizons[PD_HORIZON_COUNT];

#endif
